#include "closo/composite/distributed/detail/regions.hpp"

#include <limits>
#include <string>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/composite/components.hpp"
#include "closo/composite/distributed/detail/exchange.hpp"

namespace closo::composite::distributed::detail {
namespace {

constexpr std::uint8_t low_mark = 1, high_mark = 2, both_marks = low_mark | high_mark;

Components label_brick(const Brick& brick, std::span<const bool> conducts, std::vector<std::uint8_t>& labels) {
  if (brick.voxels() > std::numeric_limits<std::uint32_t>::max())
    throw base::ParameterError("ranks", std::to_string(brick.voxels()) + " voxels on one rank",
                               "more ranks, each with fewer than 4294967296 voxels");
  VoxelImage image;
  image.size = brick.size;
  image.phases.assign(conducts.size(), Phase::bulk);
  image.labels = std::move(labels);
  Components found = label_components(image, conducts);
  labels = std::move(image.labels);
  return found;
}

}  // namespace

Regions remove_unconnected(const World& world, const std::array<std::size_t, 3>& size, const Brick& brick,
                           const std::array<std::optional<std::size_t>, 6>& neighbours, std::size_t axis,
                           std::span<const bool> conducts, std::uint8_t insulator, std::vector<std::uint8_t>& labels) {
  Components found;
  world.together([&] { found = label_brick(brick, conducts, labels); });
  std::vector<std::uint8_t> marks(found.sizes.size(), 0);
  const auto mark_layer = [&](std::size_t face, std::uint8_t mark) {
    for (const std::size_t index : layer(brick, face)) {
      if (const std::uint32_t region = found.component[index]; region != 0) marks[region - 1] |= mark;
    }
  };
  if (brick.from[axis] == 0) mark_layer(2 * axis, low_mark);
  if (brick.from[axis] + brick.size[axis] == size[axis]) mark_layer(2 * axis + 1, high_mark);

  Regions result;
  for (bool changed = true; changed; ++result.rounds) {
    const Faces<std::uint8_t> faces = exchange<std::uint8_t>(world, brick, neighbours, [&](std::size_t index) {
      const std::uint32_t region = found.component[index];
      return region != 0 ? marks[region - 1] : std::uint8_t{0};
    });
    changed = false;
    for (std::size_t face = 0; face < 6; ++face) {
      if (faces[face].empty()) continue;
      const std::vector<std::size_t> own = layer(brick, face);
      for (std::size_t i = 0; i < own.size(); ++i) {
        const std::uint32_t region = found.component[own[i]];
        if (region == 0 || (faces[face][i] & ~marks[region - 1]) == 0) continue;
        marks[region - 1] |= faces[face][i];
        changed = true;
      }
    }
    changed = world.any(changed);
  }

  bool has_path = false;
  double removed = 0.0;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (marks[i] == both_marks) {
      has_path = true;
    } else {
      removed += static_cast<double>(found.sizes[i]);
    }
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (const std::uint32_t region = found.component[i]; region != 0 && marks[region - 1] != both_marks)
      labels[i] = insulator;
  }
  result.has_path = world.any(has_path);
  result.removed_cells = static_cast<std::size_t>(world.sum(removed));
  return result;
}

}  // namespace closo::composite::distributed::detail
