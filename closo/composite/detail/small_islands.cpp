#include "closo/composite/detail/small_islands.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <tuple>

namespace closo::composite::detail {
namespace {

/// Links up to this share of the strongest one are weak: below it the iterations grow.
constexpr double weak_share = 1e-3;
constexpr std::size_t most_cells = 64;
/// The coarse link through a cut island stands for all that leads out of it, also to coarse cells farther away.
constexpr double stiffness = 2.0;
/// Of a full step to balance: the cycle, which moves most islands well enough, must not be overshot.
constexpr double shift_share = 0.3;

using Cell = std::array<Index, 3>;

/// Above 0 for a corner: the links upwards are weak beside those downwards, as in the last cell of an island.
float corner_mark(float x_low, float x_high, float y_low, float y_high, float z_low, float z_high) {
  return static_cast<float>(weak_share) * std::max(std::max(x_low, y_low), z_low) -
         std::max(std::max(x_high, y_high), z_high);
}

/// Whether there is a corner in the row.
bool mark_corners(const RowLinks& links, float* __restrict mark) {
  const std::array<const float*, 6>& c = links.conductance;
  float most = 0.0f;
  for (Index i = 0; i < links.count; ++i) {
    mark[i] = corner_mark(c[0][i], c[1][i], c[2][i], c[3][i], c[4][i], c[5][i]);
    most = std::max(most, mark[i]);
  }
  return most > 0.0f;
}

double link_of(const Network& network, Cell at, std::size_t k) {
  if (k % 2 == 1) at[k / 2] += 1;
  return network.link(k / 2, at[0], at[1], at[2]);
}

/// The cell at the other end of link k; none behind the last one of an axis that is not periodic.
std::optional<Cell> neighbour(const SplitGrid& grid, Cell at, std::size_t k) {
  const std::size_t axis = k / 2;
  const Index n = grid.size[axis];
  at[axis] += k % 2 == 0 ? -1 : 1;
  if (at[axis] >= 0 && at[axis] < n) return at;
  if (!grid.wraps[axis] || n == 1) return std::nullopt;
  at[axis] = (at[axis] + n) % n;
  return at;
}

struct Island {
  std::vector<Cell> cells;
  double strong = 0.0;   ///< links above this are strong
  double outflow = 0.0;  ///< sum of the weak ones
};

/// Searches islands; remembers what belongs to larger pieces.
class IslandSearch {
 public:
  explicit IslandSearch(const Network& network)
      : network_(network), large_at_(static_cast<std::size_t>(network.grid().cells()), 0) {}

  /// The island around `corner`; none if it is large, touches an electrode, has one cell or a later corner.
  bool find(const Cell& corner, Island& island) {
    const SplitGrid& grid = network_.grid();
    std::array<double, 6> link = links(corner);
    if (!is_corner(link)) return false;
    island.strong = weak_share * *std::ranges::max_element(link);
    island.outflow = 0.0;
    island.cells.assign(1, corner);
    const std::uint8_t level = level_of(island.strong);
    // What is large at some strength is large at every lower one.
    if (level <= large_at_[number(corner)]) return false;
    bool is_last = true;
    for (std::size_t i = 0; i < island.cells.size(); ++i) {
      const Cell at = island.cells[i];
      link = links(at);
      if (number(at) > number(corner) && is_corner(link)) is_last = false;
      for (std::size_t k = 0; k < 6; ++k) {
        if (link[k] <= island.strong) {
          island.outflow += link[k];
          continue;
        }
        const std::optional<Cell> next = neighbour(grid, at, k);
        if (next && std::ranges::find(island.cells, *next) != island.cells.end()) continue;
        if (!next || island.cells.size() == most_cells || level <= large_at_[number(*next)]) {
          for (const Cell& cell : island.cells) large_at_[number(cell)] = std::max(level, large_at_[number(cell)]);
          return false;
        }
        island.cells.push_back(*next);
      }
    }
    return is_last && island.cells.size() > 1 && island.outflow > 0.0;
  }

 private:
  std::size_t number(const Cell& at) const {
    const SplitGrid& grid = network_.grid();
    return static_cast<std::size_t>(at[0] + grid.size[0] * (at[1] + grid.size[1] * at[2]));
  }
  std::array<double, 6> links(const Cell& at) const {
    std::array<double, 6> result{};
    for (std::size_t k = 0; k < 6; ++k) result[k] = link_of(network_, at, k);
    return result;
  }
  static bool is_corner(const std::array<double, 6>& link) {
    const auto value = [&](std::size_t k) { return static_cast<float>(link[k]); };
    return corner_mark(value(0), value(1), value(2), value(3), value(4), value(5)) > 0.0f;
  }
  /// Rises with the strength; the range of float fits.
  static std::uint8_t level_of(double strong) {
    return static_cast<std::uint8_t>(std::clamp(std::ilogb(strong) + 200, 1, 255));
  }

  const Network& network_;
  std::vector<std::uint8_t> large_at_;
};

}  // namespace

void SmallIslands::append(const SmallIslands& other) {
  const auto add = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  add(cells, other.cells);
  add(sizes, other.sizes);
  add(outflows, other.outflows);
  add(moved, other.moved);
  add(links, other.links);
}

SmallIslands find_small_islands(const Network& fine, const std::array<bool, 3>& is_halved, Index from, Index to,
                                Scratch& scratch) {
  SmallIslands result;
  const SplitGrid& grid = fine.grid();
  const auto holder_of = [&](const Cell& at) {
    Cell holder = at;
    for (std::size_t axis = 0; axis < 3; ++axis) holder[axis] = is_halved[axis] ? at[axis] / 2 : at[axis];
    return holder;
  };
  Island island;
  IslandSearch search(fine);
  std::vector<Cell> holders;
  const auto add = [&] {
    result.cells.insert(result.cells.end(), island.cells.begin(), island.cells.end());
    result.sizes.push_back(island.cells.size());
    result.outflows.push_back(island.outflow);
    holders.clear();
    for (const Cell& cell : island.cells) holders.push_back(holder_of(cell));
    // The coarse cell with the most members.
    const auto members = [&](const Cell& holder) { return std::ranges::count(holders, holder); };
    const Cell owner = *std::ranges::max_element(holders, {}, members);
    if (members(owner) == static_cast<std::ptrdiff_t>(holders.size())) return;
    for (std::size_t i = 0; i < holders.size(); ++i) {
      const Cell& cell = island.cells[i];
      if (holders[i] != owner) result.moved.push_back({cell, holders[i], owner});
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::optional<Cell> lower = neighbour(grid, cell, 2 * axis);
        if (lower && holder_of(*lower) != holders[i] && link_of(fine, cell, 2 * axis) > island.strong)
          result.links.push_back({axis, cell, holders[i], stiffness * island.outflow});
      }
    }
  };
  for (Index z = from; z < to; ++z) {
    for (Index y = 0; y < grid.size[1]; ++y) {
      for (std::size_t colour = 0; colour < 2; ++colour) {
        const RowLinks links = fine.row(colour, y, z, scratch);
        if (!mark_corners(links, scratch.line.data())) continue;
        for (Index i = 0; i < links.count; ++i) {
          if (scratch.line[static_cast<std::size_t>(i)] > 0.0f &&
              search.find({2 * i + SplitGrid::shift(colour, y, z), y, z}, island))
            add();
        }
      }
    }
  }
  return result;
}

MovedCells::MovedCells(const SplitGrid& fine, const SplitGrid& coarse, std::span<const MovedCell> cells)
    : first_(2 * static_cast<std::size_t>(fine.size[2]) + 1, 0) {
  const auto place = [](const SplitGrid& grid, const std::array<Index, 3>& at) {
    return Place{SplitGrid::colour(at[0], at[1], at[2]), grid.slot(at[0], at[1], at[2])};
  };
  for (const MovedCell& moved : cells) {
    Cell cell;
    cell.own = place(fine, moved.at);
    cell.holder = place(coarse, moved.holder);
    cell.owner = place(coarse, moved.owner);
    cell.y = moved.at[1];
    cell.number = moved.at[0] / 2;
    cell.line = 2 * static_cast<std::size_t>(moved.at[2]) + cell.own.colour;
    ++first_[cell.line + 1];
    cells_.push_back(cell);
  }
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
  std::ranges::sort(cells_, {}, [](const Cell& cell) { return std::tuple(cell.line, cell.y, cell.number); });
}

void MovedCells::hold(std::size_t colour, Index y, Index z, float* line) {
  if (cells_.empty()) return;
  const std::size_t number = 2 * static_cast<std::size_t>(z) + colour;
  const auto begin = cells_.begin() + static_cast<std::ptrdiff_t>(first_[number]);
  const auto end = cells_.begin() + static_cast<std::ptrdiff_t>(first_[number + 1]);
  for (auto cell = std::ranges::lower_bound(begin, end, y, {}, &Cell::y); cell != end && cell->y == y; ++cell) {
    cell->held = line[cell->number];
    line[cell->number] = 0.0f;
  }
}

void MovedCells::deliver(Field<float>& coarse) const {
  for (const Cell& cell : cells_) coarse.colour[cell.owner.colour][cell.owner.slot] += cell.held;
}

void MovedCells::correct_plane(Index z, Field<float>& fine, const Field<float>& coarse) const {
  if (cells_.empty()) return;
  const std::size_t number = 2 * static_cast<std::size_t>(z);
  for (std::size_t i = first_[number]; i < first_[number + 2]; ++i) {
    const Cell& cell = cells_[i];
    fine.colour[cell.own.colour][cell.own.slot] +=
        coarse.colour[cell.owner.colour][cell.owner.slot] - coarse.colour[cell.holder.colour][cell.holder.slot];
  }
}

IslandShifts::IslandShifts(const SplitGrid& grid, const SmallIslands& islands)
    : first_of_plane_(static_cast<std::size_t>(grid.size[2]) + 1, 0),
      outflow_(islands.outflows.begin(), islands.outflows.end()),
      shift_(islands.sizes.size(), 0.0f) {
  const std::vector<std::array<Index, 3>>& cells = islands.cells;
  first_of_island_.push_back(0);
  for (const std::size_t size : islands.sizes) {
    const auto island = static_cast<std::uint32_t>(first_of_island_.size() - 1);
    for (std::size_t i = 0; i < size; ++i) {
      const std::array<Index, 3>& at = cells[by_island_.size()];
      by_island_.push_back(
          {grid.slot(at[0], at[1], at[2]), island, static_cast<std::uint8_t>(SplitGrid::colour(at[0], at[1], at[2]))});
      ++first_of_plane_[static_cast<std::size_t>(at[2]) + 1];
    }
    first_of_island_.push_back(by_island_.size());
  }
  std::partial_sum(first_of_plane_.begin(), first_of_plane_.end(), first_of_plane_.begin());
  by_plane_.resize(by_island_.size());
  std::vector<std::size_t> next(first_of_plane_);
  for (std::size_t i = 0; i < cells.size(); ++i)
    by_plane_[next[static_cast<std::size_t>(cells[i][2])]++] = by_island_[i];
}

void IslandShifts::measure(const Worker& worker, const Field<float>& residual) {
  for (std::size_t island = worker.index(); island < shift_.size(); island += worker.count()) {
    double sum = 0.0;
    for (std::size_t i = first_of_island_[island]; i < first_of_island_[island + 1]; ++i)
      sum += static_cast<double>(residual.colour[by_island_[i].colour][by_island_[i].slot]);
    shift_[island] = static_cast<float>(shift_share * sum / static_cast<double>(outflow_[island]));
  }
}

void IslandShifts::add_plane(Index z, Field<float>& field) const {
  const auto plane = static_cast<std::size_t>(z);
  for (std::size_t i = first_of_plane_[plane]; i < first_of_plane_[plane + 1]; ++i)
    field.colour[by_plane_[i].colour][by_plane_[i].slot] += shift_[by_plane_[i].island];
}

std::size_t IslandShifts::bytes() const noexcept {
  return 2 * by_island_.size() * sizeof(Cell) + shift_.size() * (2 * sizeof(float) + sizeof(std::size_t)) +
         first_of_plane_.size() * sizeof(std::size_t);
}

}  // namespace closo::composite::detail
