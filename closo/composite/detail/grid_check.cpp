#include "closo/composite/detail/grid_check.hpp"

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::composite::detail {

VoxelImage empty_image(const Grid& grid, std::vector<Phase> phases) {
  constexpr double most_voxels = 2e9;
  double voxels = 1.0;
  for (const std::size_t n : grid.size) {
    if (n == 0) throw base::ParameterError("size", "0", "at least one voxel along every axis");
    voxels *= static_cast<double>(n);
  }
  if (voxels > most_voxels)
    throw base::ParameterError("size", base::format_number(voxels, 3) + " voxels", "at most 2e9 voxels");
  check_positive("voxel", grid.voxel);
  VoxelImage image;
  image.size = grid.size;
  image.spacing = {grid.voxel, grid.voxel, grid.voxel};
  image.phases = std::move(phases);
  image.is_periodic = grid.periodic;
  image.labels.assign(image.voxels(), 0);
  return image;
}

void check_range(const char* name, double value, double low, double high) {
  if (value >= low && value <= high) return;
  throw base::ParameterError(name, base::format_number(value),
                             base::format_number(low) + " to " + base::format_number(high));
}

void check_positive(const char* name, double value) {
  if (value > 0.0 && std::isfinite(value)) return;
  throw base::ParameterError(name, base::format_number(value), "a number above 0");
}

}  // namespace closo::composite::detail
