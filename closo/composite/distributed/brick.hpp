/// How a voxel image is cut into bricks, one a rank.
///
/// Ranks lie in a grid of parts, x fastest; along an axis of n voxels in p parts, part i begins at voxel ⌊i n/p⌋, so
/// that bricks differ by at most one voxel an axis.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

namespace closo::composite::distributed {

/// A box of the image; its voxels are counted x fastest, as in the whole.
struct Brick {
  std::array<std::size_t, 3> from{}, size{};

  std::size_t voxels() const noexcept { return size[0] * size[1] * size[2]; }
  std::size_t index(const std::array<std::size_t, 3>& at) const noexcept {
    return at[0] + size[0] * (at[1] + size[1] * at[2]);
  }
  bool operator==(const Brick&) const = default;
};

/// Parts along x, y, z whose product is `ranks`, with the least area between bricks; of equals the one that cuts x,
/// then y, least (long rows read and compute faster). Throws: ParameterError when no such grid has at least one voxel
/// a part.
std::array<std::size_t, 3> choose_parts(std::array<std::size_t, 3> size, std::size_t ranks);

/// Throws: ParameterError when the product of `parts` is not `ranks` or an axis has more parts than voxels.
void check_parts(std::array<std::size_t, 3> size, std::array<std::size_t, 3> parts, std::size_t ranks);

/// The brick of a rank below the product of `parts`.
Brick brick_of(std::array<std::size_t, 3> size, std::array<std::size_t, 3> parts, std::size_t rank);

/// Ranks across the faces: low x, high x, low y, high y, low z, high z; none at the ends of the image.
std::array<std::optional<std::size_t>, 6> neighbours_of(std::array<std::size_t, 3> parts, std::size_t rank);

}  // namespace closo::composite::distributed
