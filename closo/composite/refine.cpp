#include <algorithm>
#include <cmath>
#include <string>

#include "closo/base/error.hpp"
#include "closo/composite/conductivity.hpp"

namespace closo::composite {

Refined refine(const VoxelImage& image, std::span<const double> conductivities, const SolveOptions& options,
               std::size_t levels) {
  if (levels < 2) throw base::ParameterError("levels", std::to_string(levels), "at least 2");
  Refined result;
  VoxelImage current = image;
  for (std::size_t level = 0; level < levels; ++level) {
    if (level > 0) current = subdivide(current);
    result.levels.push_back(effective_conductivity(current, conductivities, options).conductivity);
  }
  const double fine = result.levels.back(), step = fine - result.levels[levels - 2];
  result.conductivity = fine + step;
  if (levels > 2) {
    // With three levels the rate shows: the steps fall by their ratio, here kept between first and second order.
    const double before = result.levels[levels - 2] - result.levels[levels - 3];
    const double ratio = step != 0.0 ? std::clamp(before / step, 1.5, 4.0) : 4.0;
    result.conductivity = fine + step / (ratio - 1.0);
  }
  result.uncertainty = 0.5 * std::abs(result.conductivity - fine);
  return result;
}

}  // namespace closo::composite
