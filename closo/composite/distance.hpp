/// Exact Euclidean distance from voxel centres to the nearest voxel of a set, and layers grown from it.
///
/// Source: P. Felzenszwalb, D. Huttenlocher, Theory Comput. 8 (2012) 415, DOI 10.4086/toc.2012.v008a019.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "closo/composite/voxel_image.hpp"

namespace closo::composite {

/// Distance [m] of every voxel centre to the nearest centre of a voxel whose label is marked; 0 on the set, infinity
/// when the set is empty. Follows the image's periodicity.
std::vector<float> distance_to(const VoxelImage& image, std::span<const bool> member);

}  // namespace closo::composite
