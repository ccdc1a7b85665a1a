#include "closo/composite/detail/coarse_links.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace closo::composite::detail {
namespace {

/// Inner links of a tube count at least as much as the middle one. Without a floor coarse cells fall apart. With this
/// one no coarse link is softer than half of the Galerkin one (its middle links in parallel), so that a correction
/// overshoots at most twice and two of them, as in a W-cycle, stay positive definite by induction over the levels; at
/// 3/4 they were not on shells one voxel thick and at 512³.
constexpr double least_share = 1.0;

/// Codes up to this number are looked up four at a time.
constexpr std::size_t most_codes = 8;

/// Half of the link inside the lower coarse cell, the link between the two, half of the one inside the upper, where the
/// inner ones count as at least `floor`; a missing inner link (a coarse cell of one fine cell, or an electrode) is
/// negative.
double tube(double inner_low, double between, double inner_high, double floor) {
  if (!(between > 0.0)) return 0.0;
  double resistance = 1.0 / between;
  if (inner_low >= 0.0) resistance += 0.5 / std::max(inner_low, floor);
  if (inner_high >= 0.0) resistance += 0.5 / std::max(inner_high, floor);
  return 1.0 / resistance;
}

double tube(double inner_low, double between, double inner_high) {
  return tube(inner_low, between, inner_high, least_share * between);
}

/// Conductance of the tube through four cells in a row, by their codes.
class TubeTable {
 public:
  explicit TubeTable(const Network& fine) {
    const std::vector<std::uint8_t>& codes = fine.code_list();
    const std::size_t n = codes.size();
    if (n == 0 || n > most_codes) return;
    for (std::size_t i = 0; i < n; ++i) {
      std::size_t stride = 1;
      for (std::size_t place = 4; place-- > 0; stride *= n)
        offset_[place][codes[i]] = static_cast<std::uint16_t>(i * stride);
    }
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (std::size_t a = 0; a < n; ++a) {
        for (std::size_t b = 0; b < n; ++b) {
          for (std::size_t c = 0; c < n; ++c) {
            for (std::size_t d = 0; d < n; ++d)
              table_[axis].push_back(
                  static_cast<float>(tube(fine.pair(axis, codes[a], codes[b]), fine.pair(axis, codes[b], codes[c]),
                                          fine.pair(axis, codes[c], codes[d]))));
          }
        }
      }
    }
  }

  bool is_empty() const { return table_[0].empty(); }
  /// Adds the tubes a[i] … d[i] to sum[i].
  void add(std::size_t axis, const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* c, const std::uint8_t* d,
           Index count, float* sum) const {
    const float* table = table_[axis].data();
    for (Index i = 0; i < count; ++i) {
      const int at = offset_[0][a[i]] + offset_[1][b[i]] + offset_[2][c[i]] + offset_[3][d[i]];
      sum[i] += table[at];
    }
  }

 private:
  std::array<std::array<std::uint16_t, 256>, 4> offset_{};
  std::array<std::vector<float>, 3> table_;
};

/// Whether the coarse link before `position` joins two whole coarse cells inside of the box.
bool is_inner(Index position, Index cells, Index fine_cells) {
  return position > 0 && position < cells && 2 * position + 1 < fine_cells;
}

/// The inner links of one coarse row when all axes are halved; `sum` has room for the row.
void inner_links(const Network& fine, const TubeTable& tubes, Network& coarse, std::size_t axis, Index coarse_y,
                 Index coarse_z, std::vector<float>& sum) {
  const SplitGrid& grid = fine.grid();
  const SplitGrid& target = coarse.grid();
  const std::array<Buffer<std::uint8_t>, 2>& codes = fine.codes().colour;
  std::ranges::fill(sum, 0.0f);
  for (Index z = 2 * coarse_z; z < std::min(2 * coarse_z + 2, grid.size[2]); ++z) {
    for (Index y = 2 * coarse_y; y < std::min(2 * coarse_y + 2, grid.size[1]); ++y) {
      // Along y or z the tubes of a row of cells start from the lower of its two middle cells.
      if ((axis == 1 && y != 2 * coarse_y) || (axis == 2 && z != 2 * coarse_z)) continue;
      const Index start = grid.first(y, z);
      if (axis == 0) {
        const auto even = SplitGrid::colour(0, y, z);
        const std::uint8_t *of_even = codes[even].data() + start, *of_odd = codes[1 - even].data() + start;
        const Index count = std::min(target.size[0] - 1, grid.size[0] / 2 - 1);
        tubes.add(0, of_even, of_odd, of_even + 1, of_odd + 1, count, sum.data() + 1);
        continue;
      }
      const Index step = axis == 1 ? grid.pitch : grid.plane;
      for (std::size_t colour = 0; colour < 2; ++colour) {
        const std::uint8_t *own = codes[colour].data() + start, *other = codes[1 - colour].data() + start;
        tubes.add(axis, own - 2 * step, other - step, own, other + step, grid.count(SplitGrid::shift(colour, y, z)),
                  sum.data());
      }
    }
  }
  for (Index x = 0; x < target.size[0]; ++x) {
    if (axis != 0 || is_inner(x, target.size[0], grid.size[0]))
      coarse.set_link(axis, x, coarse_y, coarse_z, sum[static_cast<std::size_t>(x)]);
  }
}

/// The tubes between a coarse cell and the one before it along the axis; `at` ≤ size. In a tube through one of
/// `inner` the inner links count at least as much as leads out of the island.
double tubes_before(const Network& fine, const std::array<bool, 3>& is_halved, const SplitGrid& target,
                    std::size_t axis, const std::array<Index, 3>& at, std::span<const InnerLink> inner) {
  const SplitGrid& grid = fine.grid();
  const std::size_t u = (axis + 1) % 3, v = (axis + 2) % 3;
  const Index cells = target.size[axis], fine_cells = grid.size[axis], position = at[axis];
  const auto fine_link = [&](std::array<Index, 3> place, Index along) {
    place[axis] = along;
    return fine.link(axis, place[0], place[1], place[2]);
  };
  const bool is_low_end = position == 0, is_high_end = position == cells;
  const bool is_wrapped = target.wraps[axis];
  const Index step = is_halved[axis] ? 2 : 1;
  const Index face = is_high_end ? fine_cells : step * position;
  // Inner links of the two coarse cells, by the upper of their fine cells; −1: none.
  Index low = -1, high = -1;
  if (is_halved[axis]) {
    if (!is_low_end && !is_high_end) low = face - 1;
    if (is_high_end || (is_low_end && is_wrapped)) low = fine_cells % 2 == 0 ? fine_cells - 1 : -1;
    if (!is_high_end && face + 1 < fine_cells) high = face + 1;
    if (is_high_end && is_wrapped && fine_cells > 1) high = 1;
  }
  double sum = 0.0;
  std::array<Index, 3> child{};
  const Index u_step = is_halved[u] ? 2 : 1, v_step = is_halved[v] ? 2 : 1;
  for (child[v] = v_step * at[v]; child[v] < std::min(v_step * (at[v] + 1), grid.size[v]); ++child[v]) {
    for (child[u] = u_step * at[u]; child[u] < std::min(u_step * (at[u] + 1), grid.size[u]); ++child[u]) {
      const double between = fine_link(child, face);
      double floor = least_share * between;
      for (const InnerLink& link : inner) {
        if (link.upper[u] == child[u] && link.upper[v] == child[v]) floor = std::min(floor, link.outflow);
      }
      sum += tube(low < 0 ? -1.0 : fine_link(child, low), between, high < 0 ? -1.0 : fine_link(child, high), floor);
    }
  }
  return sum;
}

}  // namespace

void coarse_links(const Network& fine, const std::array<bool, 3>& is_halved, Network& coarse, Index from, Index to) {
  const SplitGrid& grid = fine.grid();
  const SplitGrid& target = coarse.grid();
  const TubeTable tubes(fine);
  const bool is_fast = !tubes.is_empty() && is_halved[0] && is_halved[1] && is_halved[2];
  std::vector<float> row(static_cast<std::size_t>(target.size[0]) + 1);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const Index cells = target.size[axis], fine_cells = grid.size[axis];
    // A periodic axis of one cell has no link that could carry a difference.
    if (target.wraps[axis] && cells == 1) continue;
    std::array<Index, 3> at{};
    const Index end = axis == 2 && to == target.size[2] ? to + 1 : to;
    for (at[2] = from; at[2] < end; ++at[2]) {
      for (at[1] = 0; at[1] < target.size[1] + (axis == 1 ? 1 : 0); ++at[1]) {
        const bool is_inner_row = axis == 0 || is_inner(at[axis], cells, fine_cells);
        if (is_fast && is_inner_row) inner_links(fine, tubes, coarse, axis, at[1], at[2], row);
        if (is_fast && is_inner_row && axis != 0) continue;
        for (at[0] = 0; at[0] < target.size[0] + (axis == 0 ? 1 : 0); ++at[0]) {
          const Index position = at[axis];
          if (is_fast && axis == 0 && is_inner(position, cells, fine_cells)) continue;
          coarse.set_link(axis, at[0], at[1], at[2],
                          static_cast<float>(tubes_before(fine, is_halved, target, axis, at, {})));
        }
      }
    }
  }
}

void loosen_links(const Network& fine, const std::array<bool, 3>& is_halved, Network& coarse,
                  std::vector<InnerLink> links) {
  const SplitGrid& target = coarse.grid();
  const auto place = [](const InnerLink& link) { return std::pair(link.axis, link.holder); };
  std::ranges::sort(links, {}, place);
  for (auto from = links.begin(); from != links.end();) {
    const auto to = std::find_if(from, links.end(), [&](const InnerLink& link) { return place(link) != place(*from); });
    const std::size_t axis = from->axis;
    std::array<Index, 3> at = from->holder;
    const std::span<const InnerLink> inner(from, to);
    const auto value = static_cast<float>(tubes_before(fine, is_halved, target, axis, at, inner));
    coarse.set_link(axis, at[0], at[1], at[2], value);
    if (at[axis] == 0) {
      at[axis] = target.size[axis];
      coarse.set_link(axis, at[0], at[1], at[2], value);
    }
    from = to;
  }
}

}  // namespace closo::composite::detail
