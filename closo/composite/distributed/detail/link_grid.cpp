#include "closo/composite/distributed/detail/link_grid.hpp"

#include <algorithm>
#include <utility>

namespace closo::composite::distributed::detail {

LinkScale make_scale(const std::array<std::size_t, 3>& size, const std::array<double, 3>& spacing, std::size_t axis,
                     std::span<const double> conductivities, double largest) {
  LinkScale scale;
  scale.axis = axis;
  const double shortest = *std::ranges::min_element(spacing);
  double area = 1.0;
  for (std::size_t i = 0; i < 3; ++i) {
    scale.factor[i] = shortest / spacing[i] * (shortest / spacing[i]);
    if (i != axis) area *= spacing[i] * static_cast<double>(size[i]);
  }
  for (const double value : conductivities) scale.relative.push_back(value / largest);
  const double volume = spacing[0] * spacing[1] * spacing[2];
  const double length = spacing[axis] * static_cast<double>(size[axis]);
  scale.to_conductivity = largest * volume / (shortest * shortest) * length / area;
  return scale;
}

LinkGrid::LinkGrid(const World& world, const Brick& brick, const std::array<std::optional<std::size_t>, 6>& neighbours,
                   LinkScale scale, std::span<const std::uint8_t> labels)
    : brick_(brick), scale_(std::move(scale)), labels_(labels) {
  faces_ = exchange<std::uint8_t>(world, brick, neighbours, [&](std::size_t index) { return labels[index]; });
  for (const double a : scale_.relative) {
    for (const double b : scale_.relative) series_.push_back(a > 0.0 && b > 0.0 ? 2.0 * a * (b / (a + b)) : 0.0);
  }
}

Links LinkGrid::at(const std::array<std::size_t, 3>& voxel) const {
  Links links;
  const std::size_t count = scale_.relative.size();
  const std::size_t own = labels_[brick_.index(voxel)];
  for (std::size_t face = 0; face < 6; ++face) {
    const std::size_t axis = face / 2;
    if (const std::uint8_t* other = beside(brick_, labels_, faces_, voxel, face)) {
      links.conductance[face] = series_[own * count + *other] * scale_.factor[axis];
    } else if (axis == scale_.axis) {
      links.conductance[face] = 2.0 * scale_.relative[own] * scale_.factor[axis];
      (face % 2 == 0 ? links.low_electrode : links.high_electrode) = true;
    }
  }
  return links;
}

}  // namespace closo::composite::distributed::detail
