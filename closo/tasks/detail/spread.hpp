/// A few places spread evenly over many.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace closo::tasks::detail {

/// Up to `most` places of [0, count), ascending, the first and the last included.
inline std::vector<std::size_t> spread_over(std::size_t count, std::size_t most) {
  std::vector<std::size_t> places;
  const std::size_t chosen = std::min(count, most);
  for (std::size_t i = 0; i < chosen; ++i) places.push_back(chosen == 1 ? 0 : i * (count - 1) / (chosen - 1));
  return places;
}

}  // namespace closo::tasks::detail
