/// Task `composite conductivity`: effective conductivity, tortuosity and paths of a voxel image or model
/// microstructure, at one or several temperatures, with the discretisation error and the laws beside it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/composite/conductivity.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/composite_access.hpp"
#include "closo/tasks/composite_structure.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

/// How the error of the voxel grid is stated.
enum class GridError : unsigned char { none, bounds, refine, both };

struct CompositeConductivityRequest {
  StructureRequest structure;
  std::vector<PhaseLaw> phases;
  std::vector<double> temperatures{298.15};  ///< K
  std::vector<std::size_t> axes{0, 1, 2};
  bool tensor = false;  ///< all axes on the periodic cell, with the off-diagonal elements
  composite::Boundary boundary = composite::Boundary::electrodes;
  GridError grid_error = GridError::bounds;
  double tolerance = 1e-6;
  std::size_t max_iterations = 500;
  std::optional<composite::Phase> tortuosity;  ///< of this phase, it alone conducting
  bool pictures = true;
};

/// Throws: as make_structure, label_conductivities, composite::effective_conductivity.
report::Report composite_conductivity(const CompositeConductivityRequest& request, const Context& context);

extern const Task composite_conductivity_task;

}  // namespace closo::tasks
