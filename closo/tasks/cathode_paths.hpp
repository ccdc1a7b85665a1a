/// How well the electrolyte of a composite cathode conducts between the particles: effective over bulk conductivity,
/// interpolated from voxel runs.
///
/// Model: active material and additive as random overlapping spheres that do not conduct ions, electrolyte in the space
/// between, voids where the space is widest; means of four images, 20 voxels per particle diameter, carried to
/// infinitely fine voxels by images of 40 (data/composite/cathode_paths.csv). Linear in ln(effective/bulk) over the
/// solid fraction of the particles and the filling of their space. Source: the solver of closo/composite.
#pragma once

#include "closo/tasks/composite_table.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct CathodePaths {
  double relative = 1.0;    ///< effective / bulk conductivity
  double tortuosity = 1.0;  ///< factor τ = electrolyte fraction / relative
  double bruggeman = 1.0;   ///< electrolyte fraction^1.5, for comparison
  bool is_outside = false;  ///< of the runs: the value at their nearest edge
};

/// Volume fractions of the whole; what particles and electrolyte leave are voids. Throws: ParameterError for fractions
/// outside 0 to 1 or a sum above 1.
CathodePaths cathode_paths(const ConductivityTable& runs, double particles, double electrolyte);

/// The shipped runs. Throws: InputError when they cannot be read.
ConductivityTable shipped_cathode_paths(const Context& context);

}  // namespace closo::tasks
