#include "closo/composite/detail/voxel_network.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/components.hpp"

namespace closo::composite::detail {
namespace {

/// Which periodic components close a loop that winds around the axis: nodes are the components of the open box, edges
/// their contacts across its faces, each with the number of turns it adds.
std::vector<bool> winding_components(const VoxelImage& image, const Components& found, std::size_t axis) {
  struct Contact {
    std::uint32_t to = 0;
    int turns = 0;
  };
  std::vector<std::vector<Contact>> contacts(found.sizes.size());
  const std::array<std::size_t, 3> step{1, image.size[0], image.size[0] * image.size[1]};
  for (std::size_t across = 0; across < 3; ++across) {
    const std::size_t u = (across + 1) % 3, v = (across + 2) % 3;
    for (std::size_t j = 0; j < image.size[v]; ++j) {
      for (std::size_t i = 0; i < image.size[u]; ++i) {
        const std::size_t low = i * step[u] + j * step[v];
        const std::uint32_t a = found.component[low];
        const std::uint32_t b = found.component[low + step[across] * (image.size[across] - 1)];
        if (a == 0 || b == 0) continue;
        const int turns = across == axis ? 1 : 0;
        const auto is_same = [&](const Contact& c) { return c.to == a && c.turns == turns; };
        if (std::ranges::any_of(contacts[b - 1], is_same)) continue;
        contacts[b - 1].push_back({a, turns});
        contacts[a - 1].push_back({b, -turns});
      }
    }
  }
  std::vector<bool> winds(found.sizes.size(), false);
  std::vector<int> turn(found.sizes.size(), 0);
  std::vector<bool> is_seen(found.sizes.size(), false);
  for (std::uint32_t start = 0; start < found.sizes.size(); ++start) {
    if (is_seen[start]) continue;
    std::vector<std::uint32_t> group{start};
    is_seen[start] = true;
    bool closes = false;
    for (std::size_t at = 0; at < group.size(); ++at) {
      const std::uint32_t here = group[at];
      for (const Contact& contact : contacts[here]) {
        const std::uint32_t next = contact.to - 1;
        if (!is_seen[next]) {
          is_seen[next] = true;
          turn[next] = turn[here] + contact.turns;
          group.push_back(next);
        } else if (turn[next] != turn[here] + contact.turns) {
          closes = true;
        }
      }
    }
    for (const std::uint32_t member : group) winds[member] = closes;
  }
  return winds;
}

std::vector<bool> spanning_components(const VoxelImage& image, const Components& found, std::size_t axis) {
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
  for (std::size_t i = 0; i < low.size(); ++i) low[i] = low[i] && high[i];
  return low;
}

/// How the voxels lie in the grid.
struct Layout {
  SplitGrid grid;
  std::size_t axis = 0;
  std::array<Index, 3> step{};      ///< in the image's labels
  std::array<double, 3> spacing{};  ///< m
  std::array<double, 3> factor{};   ///< area over distance, the largest 1
  std::span<const std::uint8_t> stays;

  std::size_t voxel(const std::array<Index, 3>& at) const {
    return static_cast<std::size_t>(at[0] * step[0] + at[1] * step[1] + at[2] * step[2]);
  }
  bool is_alive(std::size_t voxel) const { return stays.empty() || stays[voxel] != 0; }
};

/// Half a cell in series with half a cell.
double series(double a, double b) { return a > 0.0 && b > 0.0 ? 2.0 * a * (b / (a + b)) : 0.0; }

Network looked_up(const VoxelImage& image, const Layout& layout, std::span<const double> relative,
                  const std::set<double>& different) {
  const SplitGrid& grid = layout.grid;
  const std::vector<std::uint8_t> codes = pair_codes(different.size() + 2);
  const std::uint8_t dead = codes[0], electrode = codes[1];
  std::vector<double> value_of{0.0, 0.0};
  value_of.insert(value_of.end(), different.begin(), different.end());
  std::array<std::uint8_t, 256> code{};
  code.fill(dead);
  for (std::size_t i = 0; i < relative.size(); ++i) {
    for (std::size_t k = 2; k < codes.size(); ++k) {
      if (relative[i] == value_of[k]) code[i] = codes[k];
    }
  }
  std::array<std::vector<double>, 3> conductance;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    conductance[axis].assign(256, 0.0);
    for (std::size_t a = 0; a < codes.size(); ++a) {
      for (std::size_t b = a; b < codes.size(); ++b) {
        const std::size_t sum = static_cast<std::size_t>(codes[a]) + codes[b];
        if (a == 1 && b > 1) conductance[axis][sum] = 2.0 * value_of[b] * layout.factor[axis];
        if (a > 1) conductance[axis][sum] = series(value_of[a], value_of[b]) * layout.factor[axis];
      }
    }
  }
  Field<std::uint8_t> field(grid);
  for (Buffer<std::uint8_t>& colour : field.colour) std::fill_n(colour.data(), colour.size(), dead);
  for (Index z = 0; z < grid.size[2]; ++z) {
    for (Index y = 0; y < grid.size[1]; ++y) {
      const std::size_t from = layout.voxel({0, y, z});
      std::uint8_t* rows[2] = {field.colour[SplitGrid::colour(0, y, z)].data() + grid.first(y, z),
                               field.colour[SplitGrid::colour(1, y, z)].data() + grid.first(y, z)};
      for (Index x = 0; x < grid.size[0]; ++x) {
        const std::size_t voxel = from + static_cast<std::size_t>(x);
        rows[x & 1][x >> 1] = layout.is_alive(voxel) ? code[image.labels[voxel]] : dead;
      }
    }
    wrap_plane(grid, field, z);
  }
  wrap_ends(grid, field);
  if (!grid.wraps[layout.axis]) {
    const std::size_t axis = layout.axis, u = (axis + 1) % 3, v = (axis + 2) % 3;
    std::array<Index, 3> at{};
    for (at[v] = 0; at[v] < grid.size[v]; ++at[v]) {
      for (at[u] = 0; at[u] < grid.size[u]; ++at[u]) {
        for (const Index end : {Index{-1}, grid.size[axis]}) {
          at[axis] = end;
          field.at(grid, at[0], at[1], at[2]) = electrode;
        }
      }
    }
  }
  return Network(grid, std::move(field), codes, std::move(conductance));
}

constexpr double most_replaced = 0.9;  // of a cell, by layers that conduct less than it

/// Conductivities of cells and what surface layers add to them.
class LayeredCells {
 public:
  LayeredCells(const VoxelImage& image, const Layout& layout, std::span<const double> relative,
               std::span<const SurfaceLayer> layers, double unit)
      : image_(image), layout_(layout), relative_(relative), layers_(layers), unit_(unit) {}

  /// Voxel behind a place, periodic axes continued; none outside of the box.
  std::optional<std::size_t> voxel(std::array<Index, 3> at) const {
    const SplitGrid& grid = layout_.grid;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (at[axis] >= 0 && at[axis] < grid.size[axis]) continue;
      if (!grid.wraps[axis]) return std::nullopt;
      at[axis] = (at[axis] + grid.size[axis]) % grid.size[axis];
    }
    return layout_.voxel(at);
  }
  double conductivity(std::size_t voxel) const {
    return layout_.is_alive(voxel) ? relative_[image_.labels[voxel]] : 0.0;
  }
  /// Added to the conductivity of the cell along `along` by the layers on its faces parallel to it: a layer's sheet
  /// conductance is shared by its two cells in proportion to their conductivities; the first label gives its place.
  double along_layers(const std::array<Index, 3>& at, std::size_t along) const {
    if (layers_.empty()) return 0.0;
    const std::size_t own = *voxel(at);
    const double own_conductivity = conductivity(own);
    double sum = 0.0;
    for (std::size_t normal = 0; normal < 3; ++normal) {
      if (normal == along) continue;
      for (const Index side : {-1, 1}) {
        std::array<Index, 3> next = at;
        next[normal] += side;
        const std::optional<std::size_t> other = voxel(next);
        if (!other || own_conductivity == 0.0) continue;
        const SurfaceLayer* layer = layer_between(own, *other);
        if (layer == nullptr) continue;
        const double share = own_conductivity / (own_conductivity + conductivity(*other));
        const double replaced = image_.labels[own] == layer->between[0] ? own_conductivity : 0.0;
        sum += (share * layer->conductivity / unit_ - replaced) * layer->thickness / layout_.spacing[normal] *
               facing(side < 0 ? next : at, normal, image_.labels[*other]);
      }
    }
    return std::max(sum, -most_replaced * own_conductivity);
  }
  /// How squarely the surface lies in the face above the cell `below`: the normal's component along `axis`, from the
  /// voxels around. A staircase of faces has more area than the surface it stands for, by just this factor.
  double facing(const std::array<Index, 3>& below, std::size_t axis, std::uint8_t label) const {
    double count = 0.0, marked = 0.0;
    std::array<double, 3> offset{}, square{}, with_mark{};
    std::array<Index, 3> d{};
    for (d[2] = -2; d[2] <= 2; ++d[2]) {
      for (d[1] = -2; d[1] <= 2; ++d[1]) {
        for (d[0] = -2; d[0] <= 2; ++d[0]) {
          // Four cells along the axis, two on each side of the face; five across.
          if (d[axis] == -2) continue;
          const std::optional<std::size_t> here = voxel({below[0] + d[0], below[1] + d[1], below[2] + d[2]});
          if (!here) continue;
          const double mark = image_.labels[*here] == label ? 1.0 : 0.0;
          count += 1.0;
          marked += mark;
          for (std::size_t i = 0; i < 3; ++i) {
            const double distance = static_cast<double>(d[i]) * layout_.spacing[i];
            offset[i] += distance;
            square[i] += distance * distance;
            with_mark[i] += mark * distance;
          }
        }
      }
    }
    double length = 0.0;
    std::array<double, 3> gradient{};
    for (std::size_t i = 0; i < 3; ++i) {
      const double spread = square[i] - offset[i] * offset[i] / count;
      if (spread > 0.0) gradient[i] = (with_mark[i] - marked * offset[i] / count) / spread;
      length += gradient[i] * gradient[i];
    }
    return length > 0.0 ? std::abs(gradient[axis]) / std::sqrt(length) : 1.0;
  }
  const SurfaceLayer* layer_between(std::size_t a, std::size_t b) const {
    const std::size_t first = image_.labels[a], second = image_.labels[b];
    for (const SurfaceLayer& layer : layers_) {
      if ((first == layer.between[0] && second == layer.between[1]) ||
          (first == layer.between[1] && second == layer.between[0]))
        return &layer;
    }
    return nullptr;
  }
  /// Half a cell, a layer that takes its thickness from the first label's half, half a cell.
  double across(std::size_t a, std::size_t b, double spacing) const {
    const double sa = conductivity(a), sb = conductivity(b);
    const SurfaceLayer* layer = layer_between(a, b);
    if (layer == nullptr || sa == 0.0 || sb == 0.0) return series(sa, sb);
    const double host = image_.labels[a] == layer->between[0] ? sa : sb;
    const double share = layer->thickness / spacing, taken = std::min(share, 0.5);
    const double resistance = 0.5 / sa + 0.5 / sb - taken / host + share * unit_ / layer->conductivity;
    return 1.0 / resistance;
  }

 private:
  const VoxelImage& image_;
  const Layout& layout_;
  std::span<const double> relative_;
  std::span<const SurfaceLayer> layers_;
  double unit_;  ///< S/m: the largest conductivity
};

Network stored(const VoxelImage& image, const Layout& layout, std::span<const double> relative,
               std::span<const SurfaceLayer> layers, double unit) {
  const SplitGrid& grid = layout.grid;
  const LayeredCells cells(image, layout, relative, layers, unit);
  Network network(grid);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::array<Index, 3> end{grid.size[0] + (axis == 0 ? 1 : 0), grid.size[1] + (axis == 1 ? 1 : 0),
                                   grid.size[2] + (axis == 2 ? 1 : 0)};
    std::array<Index, 3> at{};
    for (at[2] = 0; at[2] < end[2]; ++at[2]) {
      for (at[1] = 0; at[1] < end[1]; ++at[1]) {
        for (at[0] = 0; at[0] < end[0]; ++at[0]) {
          std::array<Index, 3> before = at;
          before[axis] -= 1;
          const std::optional<std::size_t> low = cells.voxel(before), high = cells.voxel(at);
          double value = 0.0;
          if (low && high) {
            const double across = cells.across(*low, *high, layout.spacing[axis]);
            value = across;
            // Along the surface the sheets of the two cells are averaged, so that they stay connected at corners.
            if (across > 0.0) value += 0.5 * (cells.along_layers(before, axis) + cells.along_layers(at, axis));
          } else if (axis == layout.axis) {
            const std::array<Index, 3>& inner = low ? before : at;
            const double own = cells.conductivity(low ? *low : *high);
            if (own > 0.0) value = 2.0 * (own + cells.along_layers(inner, axis));
          }
          network.set_link(axis, at[0], at[1], at[2], static_cast<float>(value * layout.factor[axis]));
        }
      }
    }
  }
  return network;
}

}  // namespace

void check_options(const VoxelImage& image, std::span<const double> conductivities, const SolveOptions& options) {
  check(image);
  if (conductivities.size() != image.phases.size())
    throw base::ParameterError("conductivities", std::to_string(conductivities.size()),
                               "one per label, " + std::to_string(image.phases.size()));
  for (const double value : conductivities) {
    if (!(value >= 0.0) || !std::isfinite(value))
      throw base::ParameterError("conductivities", base::format_number(value) + " S/m", "finite, not below 0");
  }
  if (options.axis > 2) throw base::ParameterError("axis", std::to_string(options.axis), "0, 1 or 2");
  if (!(options.tolerance > 0.0) || !(options.tolerance < 1.0))
    throw base::ParameterError("tolerance", base::format_number(options.tolerance), "between 0 and 1");
  for (const SurfaceLayer& layer : options.surface_layers) {
    for (const std::size_t label : layer.between) {
      if (label >= image.phases.size())
        throw base::ParameterError("surface_layers", "label " + std::to_string(label),
                                   "below " + std::to_string(image.phases.size()));
    }
    if (!(layer.thickness > 0.0) || !std::isfinite(layer.thickness))
      throw base::ParameterError("surface_layers", base::format_number(layer.thickness) + " m", "a thickness above 0");
    if (!(layer.conductivity > 0.0) || !std::isfinite(layer.conductivity))
      throw base::ParameterError("surface_layers", base::format_number(layer.conductivity) + " S/m",
                                 "a conductivity above 0");
    if (conductivities[layer.between[0]] == 0.0 && conductivities[layer.between[1]] == 0.0)
      throw base::ParameterError("surface_layers", "a layer between two labels of conductivity 0",
                                 "at least one conducting side");
  }
  if (options.threads < 1) throw base::ParameterError("threads", "0", "at least 1");
}

Conductors find_conductors(const VoxelImage& image, std::span<const bool> conducts, std::size_t axis,
                           Boundary boundary) {
  Conductors result;
  if (std::ranges::all_of(conducts, [](bool value) { return value; })) {
    result.has_path = true;
    return result;
  }
  const Components found = label_components(image, conducts);
  const std::vector<bool> carries =
      boundary == Boundary::periodic ? winding_components(image, found, axis) : spanning_components(image, found, axis);
  result.stays.resize(image.voxels());
  for (std::size_t i = 0; i < carries.size(); ++i) {
    if (carries[i]) result.has_path = true;
    if (!carries[i]) result.removed += found.sizes[i];
  }
  for (std::size_t i = 0; i < result.stays.size(); ++i) {
    const std::uint32_t component = found.component[i];
    result.stays[i] = component != 0 && carries[component - 1] ? 1 : 0;
  }
  return result;
}

VoxelNetwork make_network(const VoxelImage& image, std::span<const double> conductivities,
                          const SolveOptions& options) {
  VoxelNetwork result;
  // The threads share the work by planes of the last axis.
  if (image.size[2] < image.size[1] && image.size[2] < 2 * options.threads) result.order = {0, 2, 1};
  for (std::size_t i = 0; i < 3; ++i) {
    if (result.order[i] == options.axis) result.axis = i;
  }
  std::array<bool, 256> is_used{};
  for (const std::uint8_t label : image.labels) is_used[label] = true;
  bool conducts[256];
  for (std::size_t i = 0; i < conductivities.size(); ++i) conducts[i] = conductivities[i] > 0.0 || !is_used[i];
  const bool is_periodic = options.boundary == Boundary::periodic;
  Conductors conductors =
      find_conductors(image, std::span<const bool>(conducts, conductivities.size()), options.axis, options.boundary);
  result.has_path = conductors.has_path;
  result.removed_cells = conductors.removed;
  if (!result.has_path) return result;

  double largest = 0.0;
  for (std::size_t i = 0; i < conductivities.size(); ++i) {
    if (is_used[i]) largest = std::max(largest, conductivities[i]);
  }
  std::vector<double> relative(conductivities.begin(), conductivities.end());
  for (double& value : relative) value /= largest;
  result.relative = relative;

  Layout layout;
  const std::array<Index, 3> image_step{1, static_cast<Index>(image.size[0]),
                                        static_cast<Index>(image.size[0] * image.size[1])};
  std::array<Index, 3> size{};
  std::array<bool, 3> wraps{};
  for (std::size_t i = 0; i < 3; ++i) {
    size[i] = static_cast<Index>(image.size[result.order[i]]);
    layout.step[i] = image_step[result.order[i]];
    layout.spacing[i] = image.spacing[result.order[i]];
    // Without a gradient a periodic axis of one cell carries nothing.
    wraps[i] = is_periodic && (size[i] > 1 || i == result.axis);
  }
  layout.grid = SplitGrid(size, wraps);
  layout.axis = result.axis;
  result.stays = std::move(conductors.stays);
  result.step = layout.step;
  layout.stays = result.stays;
  const double volume = layout.spacing[0] * layout.spacing[1] * layout.spacing[2];
  const double shortest = *std::ranges::min_element(layout.spacing);
  for (std::size_t i = 0; i < 3; ++i) layout.factor[i] = std::pow(shortest / layout.spacing[i], 2);
  result.factor = layout.factor;
  const double length = layout.spacing[result.axis] * static_cast<double>(size[result.axis]);
  double area = 1.0;
  for (std::size_t i = 0; i < 3; ++i) {
    if (i != result.axis) area *= layout.spacing[i] * static_cast<double>(size[i]);
  }
  result.to_conductivity = largest * volume / (shortest * shortest) * length / area;

  std::set<double> different;
  for (std::size_t i = 0; i < relative.size(); ++i) {
    if (is_used[i] && relative[i] > 0.0) different.insert(relative[i]);
  }
  if (options.surface_layers.empty() && different.size() + 2 <= max_pair_codes) {
    result.network = looked_up(image, layout, relative, different);
  } else {
    result.network = stored(image, layout, relative, options.surface_layers, largest);
  }
  return result;
}

}  // namespace closo::composite::detail
