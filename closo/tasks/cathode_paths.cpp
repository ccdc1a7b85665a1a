#include "closo/tasks/cathode_paths.hpp"

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::tasks {

CathodePaths cathode_paths(const ConductivityTable& runs, double particles, double electrolyte) {
  if (!(particles >= 0.0 && particles < 1.0))
    throw base::ParameterError("particles", base::format_number(particles), "a volume fraction from 0 to below 1");
  if (!(electrolyte > 0.0 && electrolyte <= 1.0 && particles + electrolyte <= 1.0 + 1e-9)) {
    throw base::ParameterError(
        "electrolyte", base::format_number(electrolyte),
        "a volume fraction above 0 that leaves " + base::format_number(particles) + " for the particles");
  }
  TableQuery query;
  query.fraction = particles / (particles + electrolyte);
  query.filling = electrolyte / (1.0 - particles);
  query.thickness_per_radius = runs.axis(2).front();
  const TableAnswer answer = runs.at(query);
  CathodePaths paths;
  paths.relative = answer.relative;
  paths.tortuosity = electrolyte / answer.relative;
  paths.bruggeman = std::pow(electrolyte, 1.5);
  // Below the first fraction the table knows no voids.
  paths.is_outside = answer.is_outside || (query.fraction < runs.axis(0).front() && query.filling < 1.0);
  return paths;
}

ConductivityTable shipped_cathode_paths(const Context& context) {
  return read_conductivity_table((context.data / "composite" / "cathode_paths.csv").string());
}

}  // namespace closo::tasks
