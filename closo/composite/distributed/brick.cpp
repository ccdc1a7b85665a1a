#include "closo/composite/distributed/brick.hpp"

#include <string>

#include "closo/base/error.hpp"

namespace closo::composite::distributed {
namespace {

std::string text_of(const std::array<std::size_t, 3>& value) {
  return std::to_string(value[0]) + "x" + std::to_string(value[1]) + "x" + std::to_string(value[2]);
}

}  // namespace

std::array<std::size_t, 3> choose_parts(std::array<std::size_t, 3> size, std::size_t ranks) {
  std::array<std::size_t, 3> best{};
  double least = -1.0;
  for (std::size_t x = 1; x <= ranks && x <= size[0]; ++x) {
    if (ranks % x != 0) continue;
    const std::size_t rest = ranks / x;
    for (std::size_t y = 1; y <= rest && y <= size[1]; ++y) {
      if (rest % y != 0 || rest / y > size[2]) continue;
      const std::array<std::size_t, 3> parts{x, y, rest / y};
      double area = 0.0;
      for (std::size_t axis = 0; axis < 3; ++axis)
        area += static_cast<double>(parts[axis] - 1) * static_cast<double>(size[(axis + 1) % 3]) *
                static_cast<double>(size[(axis + 2) % 3]);
      if (least < 0.0 || area < least) {
        least = area;
        best = parts;
      }
    }
  }
  if (least < 0.0)
    throw base::ParameterError("ranks", std::to_string(ranks),
                               "a number whose factors leave every rank a voxel of " + text_of(size));
  return best;
}

void check_parts(std::array<std::size_t, 3> size, std::array<std::size_t, 3> parts, std::size_t ranks) {
  bool fits = parts[0] * parts[1] * parts[2] == ranks;
  for (std::size_t axis = 0; axis < 3; ++axis) fits = fits && parts[axis] >= 1 && parts[axis] <= size[axis];
  if (!fits)
    throw base::ParameterError(
        "parts", text_of(parts),
        "a product of " + std::to_string(ranks) + ", the ranks, and at most one part a voxel of " + text_of(size));
}

Brick brick_of(std::array<std::size_t, 3> size, std::array<std::size_t, 3> parts, std::size_t rank) {
  const std::array<std::size_t, 3> place{rank % parts[0], rank / parts[0] % parts[1], rank / (parts[0] * parts[1])};
  Brick brick;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    brick.from[axis] = place[axis] * size[axis] / parts[axis];
    brick.size[axis] = (place[axis] + 1) * size[axis] / parts[axis] - brick.from[axis];
  }
  return brick;
}

std::array<std::optional<std::size_t>, 6> neighbours_of(std::array<std::size_t, 3> parts, std::size_t rank) {
  std::array<std::optional<std::size_t>, 6> found;
  std::size_t step = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::size_t place = rank / step % parts[axis];
    if (place > 0) found[2 * axis] = rank - step;
    if (place + 1 < parts[axis]) found[2 * axis + 1] = rank + step;
    step *= parts[axis];
  }
  return found;
}

}  // namespace closo::composite::distributed
