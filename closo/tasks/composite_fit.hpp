/// From measured conductivities of composites to their interphase: conductivity, activation energy, thickness, wetted
/// share, and which of these the data pin down.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/composite/interphase_fit.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/composite_access.hpp"
#include "closo/tasks/composite_interphase.hpp"
#include "closo/tasks/composite_points.hpp"
#include "closo/tasks/composite_structure.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct CompositeFitRequest {
  std::vector<MeasuredComposite> measured;
  std::string file;  ///< of the points, for the report
  StructureRequest powder;
  std::vector<PhaseLaw> phases;  ///< bulk at least
  InterphaseLaw law = InterphaseLaw::voxel_table;
  std::string table;  ///< CSV; empty: the shipped one
  /// What is given is held, the rest is fitted; aggregates are only fitted where asked.
  std::optional<double> conductivity, energy_eV, thickness, wetted_fraction;  ///< S/m at the mean temperature, eV, m, 1
  double cluster_size = 0.0;                                                  ///< m, diameter
  bool fits_clusters = false;
};

/// Throws: ParameterError for missing phases or nothing to fit; InputError for the table.
report::Report composite_fit(const CompositeFitRequest& request, const Context& context);

extern const Task composite_fit_task;

}  // namespace closo::tasks
