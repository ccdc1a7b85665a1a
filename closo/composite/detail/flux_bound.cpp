#include "closo/composite/detail/flux_bound.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace closo::composite::detail {
namespace {

constexpr std::uint8_t unreached = 255, no_parent = 6;

class FluxField {
 public:
  FluxField(const VoxelImage& image, const VoxelNetwork& voxels, const Field<double>& potential)
      : image_(image),
        voxels_(voxels),
        potential_(potential),
        grid_(voxels.network.grid()),
        parent_(static_cast<std::size_t>(grid_.cells()), unreached),
        surplus_(parent_.size(), 0.0) {
    grow_tree();
    drain();
  }

  double conductance(bool is_corrected) const {
    const std::size_t axis = voxels_.axis;
    double dissipation = 0.0, current = 0.0;
    each_cell([&](const std::array<Index, 3>& at) {
      const double own = voxels_.conductivity(image_, at[0], at[1], at[2]);
      if (!(own > 0.0)) return;
      for (std::size_t k = 0; k < 3; ++k) {
        const double low = is_corrected ? through(at, 2 * k) : inflow(at, 2 * k);
        const double high = -(is_corrected ? through(at, 2 * k + 1) : inflow(at, 2 * k + 1));
        dissipation += (low * low + low * high + high * high) / (3.0 * own * voxels_.factor[k]);
        // Every layer carries the same current now; the mean over cells keeps rounding small.
        if (k == axis) current += 0.5 * (low + high);
      }
    });
    current /= static_cast<double>(grid_.size[axis]);
    return dissipation > 0.0 ? current * current / dissipation : 0.0;
  }

 private:
  template <class Act>
  void each_cell(const Act& act) const {
    std::array<Index, 3> at{};
    for (at[2] = 0; at[2] < grid_.size[2]; ++at[2]) {
      for (at[1] = 0; at[1] < grid_.size[1]; ++at[1]) {
        for (at[0] = 0; at[0] < grid_.size[0]; ++at[0]) act(at);
      }
    }
  }
  std::size_t number(const std::array<Index, 3>& at) const {
    return static_cast<std::size_t>(at[0] + grid_.size[0] * (at[1] + grid_.size[1] * at[2]));
  }
  std::array<Index, 3> place(std::size_t number) const {
    const auto n = static_cast<Index>(number);
    return {n % grid_.size[0], n / grid_.size[0] % grid_.size[1], n / grid_.size[0] / grid_.size[1]};
  }
  /// Links 0 … 5 of a cell: −x, +x, −y, …
  double link(std::array<Index, 3> at, std::size_t side) const {
    if (side % 2 == 1) ++at[side / 2];
    return voxels_.network.link(side / 2, at[0], at[1], at[2]);
  }
  /// The cell across; false beyond an electrode or wall.
  bool step(std::array<Index, 3>& at, std::size_t side) const {
    const std::size_t axis = side / 2;
    at[axis] += side % 2 == 0 ? -1 : 1;
    const Index n = grid_.size[axis];
    if (at[axis] >= 0 && at[axis] < n) return true;
    if (!grid_.wraps[axis]) return false;
    at[axis] = (at[axis] + n) % n;
    return true;
  }
  /// Finite-volume current into the cell.
  double inflow(const std::array<Index, 3>& at, std::size_t side) const {
    const double c = link(at, side);
    if (!(c > 0.0)) return 0.0;
    std::array<Index, 3> next = at;
    next[side / 2] += side % 2 == 0 ? -1 : 1;
    return c * (potential_.at(grid_, next[0], next[1], next[2]) - potential_.at(grid_, at[0], at[1], at[2]));
  }
  /// The same after the surpluses have been drained along the tree.
  double through(const std::array<Index, 3>& at, std::size_t side) const {
    double value = inflow(at, side);
    const std::size_t own = number(at);
    if (parent_[own] == side) value -= surplus_[own];
    std::array<Index, 3> next = at;
    if (step(next, side) && parent_[number(next)] == (side ^ 1)) value += surplus_[number(next)];
    return value;
  }

  /// Cells in the order in which a front through the best conductors first reaches them from an electrode.
  void grow_tree() {
    std::map<double, std::vector<std::uint32_t>, std::greater<>> front;
    const auto reach = [&](const std::array<Index, 3>& at, std::size_t side) {
      parent_[number(at)] = static_cast<std::uint8_t>(side);
      front[voxels_.conductivity(image_, at[0], at[1], at[2])].push_back(static_cast<std::uint32_t>(number(at)));
    };
    const std::size_t axis = voxels_.axis;
    if (!grid_.wraps[axis]) {
      each_cell([&](const std::array<Index, 3>& at) {
        const bool is_low = at[axis] == 0, is_high = at[axis] + 1 == grid_.size[axis];
        const std::size_t side = 2 * axis + (is_low ? 0 : 1);
        if ((is_low || is_high) && link(at, side) > 0.0) reach(at, side);
      });
    }
    const auto spread = [&] {
      while (!front.empty()) {
        std::vector<std::uint32_t>& best = front.begin()->second;
        if (best.empty()) {
          front.erase(front.begin());
          continue;
        }
        const std::uint32_t here = best.back();
        best.pop_back();
        order_.push_back(here);
        const std::array<Index, 3> at = place(here);
        for (std::size_t side = 0; side < 6; ++side) {
          std::array<Index, 3> next = at;
          if (!(link(at, side) > 0.0) || !step(next, side) || parent_[number(next)] != unreached) continue;
          reach(next, side ^ 1);
        }
      }
    };
    spread();
    // Periodic boxes have no electrode: any cell of a region is its root, and the surpluses of a region add to zero.
    if (grid_.wraps[axis]) {
      each_cell([&](const std::array<Index, 3>& at) {
        if (parent_[number(at)] != unreached || !(voxels_.conductivity(image_, at[0], at[1], at[2]) > 0.0)) return;
        reach(at, no_parent);
        spread();
      });
    }
  }

  void drain() {
    for (const std::uint32_t cell : order_) {
      const std::array<Index, 3> at = place(cell);
      for (std::size_t side = 0; side < 6; ++side) surplus_[cell] += inflow(at, side);
    }
    for (auto cell = order_.rbegin(); cell != order_.rend(); ++cell) {
      if (parent_[*cell] == no_parent) continue;
      std::array<Index, 3> up = place(*cell);
      if (step(up, parent_[*cell])) surplus_[number(up)] += surplus_[*cell];
    }
    order_ = {};
  }

  const VoxelImage& image_;
  const VoxelNetwork& voxels_;
  const Field<double>& potential_;
  const SplitGrid& grid_;
  std::vector<std::uint8_t> parent_;  ///< side towards the electrode
  std::vector<double> surplus_;       ///< what flows out through that side in addition
  std::vector<std::uint32_t> order_;
};

}  // namespace

FluxBound lower_conductance(const VoxelImage& image, const VoxelNetwork& voxels, const Field<double>& potential) {
  const FluxField field(image, voxels, potential);
  return {field.conductance(true), field.conductance(false)};
}

}  // namespace closo::composite::detail
