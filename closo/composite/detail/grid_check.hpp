/// What every generator asks of its grid and fractions, and the empty image it starts from.
#pragma once

#include <string>
#include <vector>

#include "closo/composite/microstructure.hpp"

namespace closo::composite::detail {

/// Throws: ParameterError for a size of 0, more than 2e9 voxels, or a voxel that is not above 0.
VoxelImage empty_image(const Grid& grid, std::vector<Phase> phases);
/// Throws: ParameterError unless low ≤ value ≤ high.
void check_range(const char* name, double value, double low, double high);
/// Throws: ParameterError unless above 0 and finite.
void check_positive(const char* name, double value);

}  // namespace closo::composite::detail
