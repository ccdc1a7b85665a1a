// Layers grown on surfaces, and pores that are only partly filled.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/detail/grid_check.hpp"
#include "closo/composite/detail/smooth_field.hpp"
#include "closo/composite/distance.hpp"
#include "closo/composite/microstructure.hpp"

namespace closo::composite {
namespace {

/// Contiguous marks: std::vector<bool> gives no span.
class Marks {
 public:
  explicit Marks(std::size_t count) : marks_(std::make_unique<bool[]>(count)), count_(count) {}
  bool& operator[](std::size_t i) { return marks_[i]; }
  std::span<const bool> span() const { return {marks_.get(), count_}; }

 private:
  std::unique_ptr<bool[]> marks_;
  std::size_t count_;
};

std::size_t label_of(VoxelImage& image, Phase phase) {
  const auto found = std::ranges::find(image.phases, phase);
  if (found != image.phases.end()) return static_cast<std::size_t>(found - image.phases.begin());
  if (image.phases.size() == 256) throw base::ParameterError("phases", "256", "a free label");
  image.phases.push_back(phase);
  return image.phases.size() - 1;
}

/// Keeps the `share` of the voxels with the highest field.
void keep_patches(std::vector<std::size_t>& voxels, double share, const std::vector<float>& field) {
  const auto kept = static_cast<std::size_t>(std::llround(share * static_cast<double>(voxels.size())));
  if (kept >= voxels.size()) return;
  std::ranges::nth_element(
      voxels, voxels.begin() + static_cast<std::ptrdiff_t>(kept),
      [&](std::size_t a, std::size_t b) { return field[a] > field[b] || (field[a] == field[b] && a < b); });
  voxels.resize(kept);
}

/// Voxels of the pore space that lie in pores of at least this radius: within it of a place that far from the wall.
std::vector<bool> in_wide_pores(const VoxelImage& image, const std::vector<float>& to_wall,
                                const std::vector<std::size_t>& pore, double radius) {
  VoxelImage centres;
  centres.size = image.size;
  centres.spacing = image.spacing;
  centres.is_periodic = image.is_periodic;
  centres.phases = {Phase::bulk, Phase::void_space};
  centres.labels.assign(image.voxels(), 0);
  for (const std::size_t voxel : pore) {
    if (to_wall[voxel] >= radius) centres.labels[voxel] = 1;
  }
  constexpr std::array<bool, 2> centre{false, true};
  const std::vector<float> to_centre = distance_to(centres, centre);
  std::vector<bool> wide(pore.size());
  for (std::size_t i = 0; i < pore.size(); ++i) wide[i] = to_centre[pore[i]] < radius;
  return wide;
}

}  // namespace

VoxelImage grow_layer(VoxelImage image, std::size_t from, const std::vector<bool>& member, const LayerGrowth& growth,
                      std::uint64_t seed) {
  check(image);
  detail::check_range("wetted_fraction", growth.wetted_fraction, 0.0, 1.0);
  detail::check_range("thickness", growth.thickness, 0.0, 1.0);
  detail::check_positive("patch", growth.patch);
  if (from >= image.phases.size() || member.size() != image.phases.size())
    throw base::ParameterError("labels", std::to_string(image.phases.size()), "`from` and one mark per label");
  Marks marks(image.phases.size());
  for (std::size_t i = 0; i < member.size(); ++i) marks[i] = member[i];
  const std::vector<float> distance = distance_to(image, marks.span());
  const double half = 0.5 * std::min({image.spacing[0], image.spacing[1], image.spacing[2]});
  std::vector<std::size_t> layer;
  for (std::size_t i = 0; i < image.labels.size(); ++i) {
    if (image.labels[i] == from && static_cast<double>(distance[i]) - half <= growth.thickness) layer.push_back(i);
  }
  if (growth.wetted_fraction < 1.0) {
    keep_patches(layer, growth.wetted_fraction,
                 detail::smooth_field(image.size, growth.patch / image.spacing[0], seed));
  }
  const auto label = static_cast<std::uint8_t>(label_of(image, growth.phase));
  for (const std::size_t voxel : layer) image.labels[voxel] = label;
  image.origin += "; " + std::string(to_string(growth.phase)) + " layer of " +
                  base::format_number(1e9 * growth.thickness, 4) + " nm on " +
                  base::format_number(100.0 * growth.wetted_fraction, 3) + " % of the surface";
  return image;
}

VoxelImage drain(VoxelImage image, double filling, bool wetting) {
  check(image);
  detail::check_range("filling", filling, 0.0, 1.0);
  if (filling >= 1.0) return image;
  Marks wall(image.phases.size());
  for (std::size_t i = 0; i < image.phases.size(); ++i) wall[i] = image.phases[i] == Phase::insulator;
  std::vector<std::size_t> pore;
  for (std::size_t i = 0; i < image.labels.size(); ++i) {
    if (image.phases[image.labels[i]] != Phase::insulator) pore.push_back(i);
  }
  const std::vector<float> to_wall = distance_to(image, wall.span());
  const auto label = static_cast<std::uint8_t>(label_of(image, Phase::void_space));
  const auto to_empty = static_cast<std::size_t>(std::llround((1.0 - filling) * static_cast<double>(pore.size())));
  double widest = 0.0;
  for (const std::size_t voxel : pore) {
    if (std::isfinite(to_wall[voxel])) widest = std::max(widest, static_cast<double>(to_wall[voxel]));
  }
  // The radius beyond which pores are empty (wetting) or full (non-wetting), by bisection.
  double low = 0.0, high = 1.001 * widest;
  const std::size_t wide_wanted = wetting ? to_empty : pore.size() - to_empty;
  std::vector<bool> inner(pore.size(), false), outer(pore.size(), true);
  for (int round = 0; round < 12 && high - low > 0.02 * image.spacing[0]; ++round) {
    const double radius = 0.5 * (low + high);
    const std::vector<bool> wide = in_wide_pores(image, to_wall, pore, radius);
    const auto count = static_cast<std::size_t>(std::ranges::count(wide, true));
    if (count > wide_wanted) {
      low = radius;
      outer = wide;
    } else {
      high = radius;
      inner = wide;
    }
  }
  // Between the two last radii the voxels farthest from the wall count as the widest.
  std::vector<std::size_t> order(pore.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto rank = [&](std::size_t i) { return inner[i] ? 2 : outer[i] ? 1 : 0; };
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    if (rank(a) != rank(b)) return rank(a) > rank(b);
    if (to_wall[pore[a]] != to_wall[pore[b]]) return to_wall[pore[a]] > to_wall[pore[b]];
    return a < b;
  });
  if (!wetting) std::ranges::reverse(order);
  for (std::size_t i = 0; i < to_empty; ++i) image.labels[pore[order[i]]] = label;
  image.origin += "; pores filled to " + base::format_number(100.0 * filling, 4) + " %, " +
                  (wetting ? "wide" : "narrow") + " ones empty first";
  return image;
}

}  // namespace closo::composite
