/// Conductors that reach both electrodes, found across ranks.
///
/// Every rank labels the regions of its brick; each region carries two marks (reaches the low, the high electrode),
/// which neighbours exchange through their common faces until no mark changes anywhere: at most one exchange for every
/// crossing between bricks on the longest way, and no rank ever holds more than its own regions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "closo/composite/distributed/brick.hpp"
#include "closo/composite/distributed/world.hpp"

namespace closo::composite::distributed::detail {

struct Regions {
  bool has_path = false;          ///< somewhere in the image
  std::size_t removed_cells = 0;  ///< of all ranks
  std::size_t rounds = 0;
};

/// Collective. Gives every conducting voxel of `labels` (the brick's) without contact to both electrodes the label
/// `insulator`. `conducts`: one mark per label; labels beyond are not allowed. Throws: ParameterError
/// for a brick of 2³² voxels or more.
Regions remove_unconnected(const World& world, const std::array<std::size_t, 3>& size, const Brick& brick,
                           const std::array<std::optional<std::size_t>, 6>& neighbours, std::size_t axis,
                           std::span<const bool> conducts, std::uint8_t insulator, std::vector<std::uint8_t>& labels);

}  // namespace closo::composite::distributed::detail
