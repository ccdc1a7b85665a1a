#include "closo/composite/components.hpp"

#include <algorithm>
#include <array>

#include "closo/base/error.hpp"

namespace closo::composite {
namespace {

/// Union–find over provisional region numbers; roots carry the smallest number of their tree.
class Regions {
 public:
  std::uint32_t add() {
    parent_.push_back(static_cast<std::uint32_t>(parent_.size()));
    return parent_.back();
  }
  std::uint32_t root(std::uint32_t region) {
    while (parent_[region] != region) {
      parent_[region] = parent_[parent_[region]];
      region = parent_[region];
    }
    return region;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  }
  std::size_t size() const noexcept { return parent_.size(); }

 private:
  std::vector<std::uint32_t> parent_;
};

void check_member(const VoxelImage& image, std::span<const bool> member) {
  if (member.size() != image.phases.size())
    throw base::ParameterError("member", std::to_string(member.size()) + " marks",
                               "one per label, " + std::to_string(image.phases.size()));
}

}  // namespace

Components label_components(const VoxelImage& image, std::span<const bool> member, bool periodic) {
  check_member(image, member);
  const std::array<std::size_t, 3>& size = image.size;
  const std::array<std::size_t, 3> step{1, size[0], size[0] * size[1]};
  constexpr std::uint32_t none = 0;
  Components result;
  result.component.assign(image.voxels(), none);
  Regions regions;
  regions.add();
  std::size_t here = 0;
  for (std::size_t z = 0; z < size[2]; ++z) {
    for (std::size_t y = 0; y < size[1]; ++y) {
      for (std::size_t x = 0; x < size[0]; ++x, ++here) {
        if (!member[image.labels[here]]) continue;
        std::uint32_t& own = result.component[here];
        const std::array<std::size_t, 3> at{x, y, z};
        for (std::size_t axis = 0; axis < 3; ++axis) {
          if (at[axis] == 0) continue;
          const std::uint32_t before = result.component[here - step[axis]];
          if (before == none) continue;
          if (own == none) {
            own = before;
          } else if (own != before) {
            regions.join(own, before);
          }
        }
        if (own == none) own = regions.add();
      }
    }
  }
  for (std::size_t axis = 0; periodic && axis < 3; ++axis) {
    const std::size_t u = (axis + 1) % 3, v = (axis + 2) % 3;
    for (std::size_t j = 0; j < size[v]; ++j) {
      for (std::size_t i = 0; i < size[u]; ++i) {
        const std::size_t low = i * step[u] + j * step[v];
        const std::uint32_t a = result.component[low];
        const std::uint32_t b = result.component[low + step[axis] * (size[axis] - 1)];
        if (a != none && b != none) regions.join(a, b);
      }
    }
  }
  std::vector<std::uint32_t> final_number(regions.size(), none);
  std::uint32_t count = 0;
  for (std::uint32_t region = 1; region < regions.size(); ++region) {
    const std::uint32_t root = regions.root(region);
    if (root == region) final_number[region] = ++count;
  }
  for (std::uint32_t region = 1; region < regions.size(); ++region)
    final_number[region] = final_number[regions.root(region)];
  result.sizes.assign(count, 0);
  for (std::uint32_t& component : result.component) {
    if (component == none) continue;
    component = final_number[component];
    ++result.sizes[component - 1];
  }
  return result;
}

Percolation percolation(const VoxelImage& image, std::span<const bool> member, std::size_t axis) {
  if (axis > 2) throw base::ParameterError("axis", std::to_string(axis), "0, 1 or 2");
  const Components found = label_components(image, member);
  std::vector<bool> low(found.sizes.size(), false), high(found.sizes.size(), false);
  const std::array<std::size_t, 3> step{1, image.size[0], image.size[0] * image.size[1]};
  const std::size_t u = (axis + 1) % 3, v = (axis + 2) % 3;
  for (std::size_t j = 0; j < image.size[v]; ++j) {
    for (std::size_t i = 0; i < image.size[u]; ++i) {
      const std::size_t first = i * step[u] + j * step[v];
      if (const std::uint32_t a = found.component[first]; a != 0) low[a - 1] = true;
      if (const std::uint32_t b = found.component[first + step[axis] * (image.size[axis] - 1)]; b != 0)
        high[b - 1] = true;
    }
  }
  Percolation result;
  result.components = found.sizes.size();
  double total = 0.0, spanning = 0.0, isolated = 0.0;
  for (std::size_t i = 0; i < found.sizes.size(); ++i) {
    const auto voxels = static_cast<double>(found.sizes[i]);
    total += voxels;
    if (low[i] && high[i]) spanning += voxels;
    if (!low[i] && !high[i]) isolated += voxels;
    result.largest = std::max(result.largest, found.sizes[i]);
  }
  result.spans = spanning > 0.0;
  result.fraction = total / static_cast<double>(image.voxels());
  if (total > 0.0) {
    result.spanning_fraction = spanning / total;
    result.isolated_fraction = isolated / total;
  }
  return result;
}

}  // namespace closo::composite
