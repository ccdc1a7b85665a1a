/// Links of a coarse network from those of the next finer one.
///
/// A coarse link is the sum of its tubes of three fine links in series: half of the link inside the lower coarse cell,
/// the link between the two, half of the one inside the upper. On a looked-up network a tube depends on four
/// neighbouring codes only and is looked up, too.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "closo/composite/detail/network.hpp"

namespace closo::composite::detail {

/// Sets the links that belong to the coarse planes [from, to); pairs of cells are joined along the halved axes.
void coarse_links(const Network& fine, const std::array<bool, 3>& is_halved, Network& coarse, Index from, Index to);

/// A link inside of a small island, between two coarse cells.
struct InnerLink {
  std::size_t axis = 0;
  std::array<Index, 3> upper{};   ///< the upper one of its two cells
  std::array<Index, 3> holder{};  ///< the coarse cell of that one
  double outflow = 0.0;           ///< what its tube counts for instead: the links out of the island
};

/// Afterwards, where the islands go to one coarse cell: these links no longer tie the others to it, only what leads out
/// of the island does.
void loosen_links(const Network& fine, const std::array<bool, 3>& is_halved, Network& coarse,
                  std::vector<InnerLink> links);

}  // namespace closo::composite::detail
