/// Links of a coarse network from those of the next finer one.
///
/// A coarse link is the sum of its tubes of three fine links in series: half of the link inside the lower coarse cell,
/// the link between the two, half of the one inside the upper. On a looked-up network a tube depends on four
/// neighbouring codes only and is looked up, too.
#pragma once

#include <array>

#include "closo/composite/detail/network.hpp"

namespace closo::composite::detail {

/// Sets the links that belong to the coarse planes [from, to); pairs of cells are joined along the halved axes.
void coarse_links(const Network& fine, const std::array<bool, 3>& is_halved, Network& coarse, Index from, Index to);

}  // namespace closo::composite::detail
