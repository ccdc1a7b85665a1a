/// One layer of values from the bricks across the six faces.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "closo/composite/distributed/brick.hpp"
#include "closo/composite/distributed/world.hpp"

namespace closo::composite::distributed::detail {

/// Low x, high x, low y, … : the neighbour's layer, of the two other axes the lower one fastest; empty at the end of
/// the image.
template <class T>
using Faces = std::array<std::vector<T>, 6>;

/// Indices inside a brick of the layer at one face, in the order of Faces.
inline std::vector<std::size_t> layer(const Brick& brick, std::size_t face) {
  const std::size_t axis = face / 2, u = axis == 0 ? 1 : 0, v = axis == 2 ? 1 : 2;
  std::vector<std::size_t> indices;
  indices.reserve(brick.size[u] * brick.size[v]);
  std::array<std::size_t, 3> at{};
  at[axis] = face % 2 == 0 ? 0 : brick.size[axis] - 1;
  for (at[v] = 0; at[v] < brick.size[v]; ++at[v]) {
    for (at[u] = 0; at[u] < brick.size[u]; ++at[u]) indices.push_back(brick.index(at));
  }
  return indices;
}

/// Collective. `value(index)` gives the value at an index of the brick.
template <class T, class Value>
Faces<T> exchange(const World& world, const Brick& brick, const std::array<std::optional<std::size_t>, 6>& neighbours,
                  const Value& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  Faces<T> faces;
  for (std::size_t face = 0; face < 6; ++face) {
    const std::size_t opposite = face ^ 1U;
    std::vector<T> out;
    if (neighbours[face]) {
      for (const std::size_t index : layer(brick, face)) out.push_back(value(index));
    }
    // The layer that goes out at one face comes in at the opposite face of the neighbour: same cross section.
    if (neighbours[opposite]) {
      const std::size_t axis = face / 2;
      faces[opposite].resize(brick.size[(axis + 1) % 3] * brick.size[(axis + 2) % 3]);
    }
    world.shift(std::as_bytes(std::span<const T>(out)), neighbours[face],
                std::as_writable_bytes(std::span<T>(faces[opposite])), neighbours[opposite]);
  }
  return faces;
}

/// The value beside (x, y, z) across a face, from the brick or from the faces; nullptr at the end of the image.
template <class T>
const T* beside(const Brick& brick, std::span<const T> values, const Faces<T>& faces,
                const std::array<std::size_t, 3>& at, std::size_t face) {
  const std::size_t axis = face / 2;
  std::array<std::size_t, 3> next = at;
  if (face % 2 == 0 ? at[axis] > 0 : at[axis] + 1 < brick.size[axis]) {
    next[axis] += face % 2 == 0 ? static_cast<std::size_t>(-1) : std::size_t{1};
    return &values[brick.index(next)];
  }
  if (faces[face].empty()) return nullptr;
  const std::size_t u = axis == 0 ? 1 : 0, v = axis == 2 ? 1 : 2;
  return &faces[face][at[u] + brick.size[u] * at[v]];
}

}  // namespace closo::composite::distributed::detail
