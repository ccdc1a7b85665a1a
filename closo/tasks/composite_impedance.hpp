/// Task `composite impedance`: the impedance spectrum of a voxel image or model microstructure between blocking-free
/// electrodes, from the complex conductivity κ = σ + iωε of its phases, as a file that `closo impedance fit` reads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/tasks/composite_access.hpp"
#include "closo/tasks/composite_structure.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct CompositeImpedanceRequest {
  StructureRequest structure;
  std::vector<PhaseLaw> phases;
  std::vector<PhasePermittivity> permittivities;
  double temperature = 298.15;  ///< K
  std::size_t axis = 2;
  std::optional<double> lowest, highest;  ///< Hz; empty: two decades around the relaxations of the phases
  int points_per_decade = 5;
  double thickness = 1e-3, area = 1e-4;  ///< m, m², of the pellet
  double tolerance = 1e-6;
  std::string to;  ///< CSV file to write; empty: none
};

/// Z = L/(κ A). Throws: as make_structure, label_conductivities, composite::complex_conductivity; ParameterError for a
/// frequency range or geometry that is not above 0; InputError when the file cannot be written.
report::Report composite_impedance(const CompositeImpedanceRequest& request, const Context& context);

extern const Task composite_impedance_task;

}  // namespace closo::tasks
