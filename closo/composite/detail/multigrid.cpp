#include "closo/composite/detail/multigrid.hpp"

#include <algorithm>
#include <cmath>

#include "closo/composite/detail/coarse_links.hpp"

namespace closo::composite::detail {
namespace {

constexpr Index coarsest_cells = 64;
/// Below this a barrier costs more than a second thread gains.
constexpr Index team_cells = 20000;

Index halved(Index cells) { return (cells + 1) / 2; }

/// Geometric mean of the conducting links along every axis: how strongly the axes couple. A few strong ones, which an
/// arithmetic mean would hear alone, say nothing of the whole.
std::array<double, 3> mean_coupling(const Network& network) {
  const SplitGrid& grid = network.grid();
  std::array<double, 3> mean{};
  // A sample is enough: the choice of axes is no matter of accuracy.
  const Index stride = std::max<Index>(1, static_cast<Index>(std::cbrt(static_cast<double>(grid.cells()) / 30000.0)));
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (grid.size[axis] < 2) continue;
    Index count = 0;
    std::array<Index, 3> from{0, 0, 0};
    from[axis] = 1;
    for (Index z = from[2]; z < grid.size[2]; z += stride) {
      for (Index y = from[1]; y < grid.size[1]; y += stride) {
        for (Index x = from[0]; x < grid.size[0]; x += stride) {
          const double c = network.link(axis, x, y, z);
          if (!(c > 0.0)) continue;
          mean[axis] += std::log(c);
          ++count;
        }
      }
    }
    mean[axis] = count > 0 ? std::exp(mean[axis] / static_cast<double>(count)) : 0.0;
  }
  return mean;
}

}  // namespace

std::array<Index, 2> share(Index planes, const Worker& worker) {
  const Index pairs = (planes + 1) / 2, count = static_cast<Index>(worker.count());
  const auto bound = [&](Index i) { return std::min(2 * (pairs * i / count), planes); };
  const auto index = static_cast<Index>(worker.index());
  return {bound(index), bound(index + 1)};
}

Multigrid::Multigrid(const Network& network, std::size_t workers) {
  // Networks are pointed to by the levels, so their vector must not grow later.
  coarse_.reserve(64);
  levels_.reserve(64);
  Level finest;
  finest.network = &network;
  levels_.push_back(std::move(finest));
  coarsen(workers);
  for (Level& level : levels_) {
    const SplitGrid& grid = level.network->grid();
    level.z = Field<float>(grid);
    level.r = Field<float>(grid);
    level.is_for_one = grid.cells() < team_cells;
  }
  factorise();
}

void Multigrid::coarsen(std::size_t workers) {
  while (levels_.back().network->grid().cells() > coarsest_cells && levels_.size() < 60) {
    Level& fine = levels_.back();
    const SplitGrid& grid = fine.network->grid();
    const std::array<double, 3> coupling = mean_coupling(*fine.network);
    const double strongest = std::max({coupling[0], coupling[1], coupling[2]});
    std::array<Index, 3> size = grid.size;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      fine.is_halved[axis] = grid.size[axis] > 1 && coupling[axis] >= 0.3 * strongest;
      if (fine.is_halved[axis]) size[axis] = halved(size[axis]);
    }
    coarse_.emplace_back(SplitGrid(size, grid.wraps));
    Network& coarse = coarse_.back();
    const Network& source = *fine.network;
    const std::array<bool, 3> is_halved = fine.is_halved;
    const std::size_t team = coarse.grid().cells() < team_cells ? 1 : workers;
    std::vector<SmallIslands> found(team);
    const auto build = [&](Worker& worker) {
      const std::array<Index, 2> coarse_planes = share(size[2], worker), planes = share(source.grid().size[2], worker);
      coarse_links(source, is_halved, coarse, coarse_planes[0], coarse_planes[1]);
      Scratch scratch(source.grid().size[0] / 2 + 2);
      found[worker.index()] = find_small_islands(source, is_halved, planes[0], planes[1], scratch);
    };
    run_team(team, build);
    for (std::size_t i = 1; i < team; ++i) found.front().append(found[i]);
    const SmallIslands& islands = found.front();
    if (!islands.moved.empty()) {
      loosen_links(source, is_halved, coarse, islands.links);
      fine.moved = MovedCells(source.grid(), coarse.grid(), islands.moved);
    }
    if (coarse_.size() == 1 && !islands.sizes.empty()) shifts_ = IslandShifts(source.grid(), islands);
    Level next;
    next.network = &coarse;
    levels_.push_back(std::move(next));
  }
}

void Multigrid::factorise() {
  const Network& network = *levels_.back().network;
  const SplitGrid& grid = network.grid();
  const auto n = static_cast<std::size_t>(grid.cells());
  factor_.assign(n * n, 0.0);
  std::vector<double> ground(n, 0.0);
  const auto number = [&](std::array<Index, 3> at) {
    for (std::size_t axis = 0; axis < 3; ++axis) at[axis] = (at[axis] + grid.size[axis]) % grid.size[axis];
    return static_cast<std::size_t>(at[0] + grid.size[0] * (at[1] + grid.size[1] * at[2]));
  };
  std::array<Index, 3> at{};
  for (at[2] = 0; at[2] < grid.size[2]; ++at[2]) {
    for (at[1] = 0; at[1] < grid.size[1]; ++at[1]) {
      for (at[0] = 0; at[0] < grid.size[0]; ++at[0]) {
        const std::size_t i = number(at);
        for (std::size_t axis = 0; axis < 3; ++axis) {
          for (const Index side : {-1, 1}) {
            std::array<Index, 3> next = at, upper = at;
            next[axis] += side;
            if (side > 0) upper = next;
            const double c = network.link(axis, upper[0], upper[1], upper[2]);
            const bool is_outside = next[axis] < 0 || next[axis] >= grid.size[axis];
            if (is_outside && grid.wraps[axis] && grid.size[axis] == 1) continue;
            if (is_outside && !grid.wraps[axis]) {
              ground[i] += c;
            } else {
              factor_[i * n + number(next)] += c;
            }
          }
        }
      }
    }
  }
  find_floating(ground);
  // Elimination by star–mesh transformations: only sums of positive conductances, so that a piece without electrode
  // leaves an exact zero behind (held at potential zero) and weak contacts between strong pieces keep their digits.
  for (std::size_t j = 0; j < n; ++j) {
    double pivot = ground[j];
    for (std::size_t i = j + 1; i < n; ++i) pivot += factor_[i * n + j];
    factor_[j * n + j] = pivot;
    if (!(pivot > 0.0)) continue;
    for (std::size_t i = j + 1; i < n; ++i) {
      const double share = factor_[i * n + j] / pivot;
      ground[i] += share * ground[j];
      for (std::size_t k = j + 1; share > 0.0 && k < n; ++k) {
        if (k != i) factor_[i * n + k] += share * factor_[j * n + k];
      }
    }
    for (std::size_t i = j + 1; i < n; ++i) factor_[i * n + j] = -factor_[i * n + j] / pivot;
  }
}

/// Pieces of the coarsest grid, by the links in `factor_`.
void Multigrid::find_floating(const std::vector<double>& ground) {
  const std::size_t n = ground.size();
  std::vector<bool> is_seen(n, false);
  for (std::size_t start = 0; start < n; ++start) {
    if (is_seen[start]) continue;
    is_seen[start] = true;
    std::vector<std::size_t> piece{start};
    bool is_grounded = false;
    for (std::size_t i = 0; i < piece.size(); ++i) {
      is_grounded = is_grounded || ground[piece[i]] > 0.0;
      for (std::size_t k = 0; k < n; ++k) {
        if (is_seen[k] || !(factor_[piece[i] * n + k] > 0.0)) continue;
        is_seen[k] = true;
        piece.push_back(k);
      }
    }
    if (!is_grounded) floating_.push_back(std::move(piece));
  }
}

void Multigrid::solve_coarsest() {
  Level& level = levels_.back();
  const SplitGrid& grid = level.network->grid();
  const auto n = static_cast<std::size_t>(grid.cells());
  std::array<double, coarsest_cells> value{};
  const auto each_cell = [&](auto&& act) {
    std::size_t i = 0;
    for (Index z = 0; z < grid.size[2]; ++z) {
      for (Index y = 0; y < grid.size[1]; ++y) {
        for (Index x = 0; x < grid.size[0]; ++x) act(i++, x, y, z);
      }
    }
  };
  each_cell(
      [&](std::size_t i, Index x, Index y, Index z) { value[i] = static_cast<double>(level.r.at(grid, x, y, z)); });
  // A piece without an electrode takes only what adds to zero; what rounding leaves would have to flow through its
  // poorest links.
  const auto remove_means = [&] {
    for (const std::vector<std::size_t>& piece : floating_) {
      double mean = 0.0;
      for (const std::size_t i : piece) mean += value[i] / static_cast<double>(piece.size());
      for (const std::size_t i : piece) value[i] -= mean;
    }
  };
  remove_means();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) value[i] -= factor_[i * n + k] * value[k];
  }
  for (std::size_t i = 0; i < n; ++i) value[i] = factor_[i * n + i] > 0.0 ? value[i] / factor_[i * n + i] : 0.0;
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) value[i] -= factor_[k * n + i] * value[k];
  }
  remove_means();
  each_cell(
      [&](std::size_t i, Index x, Index y, Index z) { level.z.at(grid, x, y, z) = static_cast<float>(value[i]); });
}

void Multigrid::relax_plane(Level& level, std::size_t colour, Index z, Scratch& scratch, bool from_zero) const {
  const SplitGrid& grid = level.network->grid();
  const RowKernels& kernels = row_kernels();
  for (Index y = 0; y < grid.size[1]; ++y) {
    const RowLinks links = level.network->coded_row(colour, y, z, scratch);
    RowOperation op;
    op.links = &links;
    op.values = level.z.colour[1 - colour].data();
    op.rhs = level.r.colour[colour].data() + links.start;
    op.out = level.z.colour[colour].data() + links.start;
    (from_zero ? kernels.relax_from_zero : kernels.relax)(op);
  }
  wrap_plane(grid, level.z, z);
}

namespace {

/// Adds a line of one colour to the right-hand side of the coarse cells that hold it.
void add_line(const SplitGrid& grid, const SplitGrid& target, const std::array<bool, 3>& is_halved,
              Field<float>& coarse, std::size_t colour, Index y, Index z, const float* line) {
  const Index coarse_y = is_halved[1] ? y / 2 : y, coarse_z = is_halved[2] ? z / 2 : z;
  const Index start = target.first(coarse_y, coarse_z), shift = SplitGrid::shift(colour, y, z);
  const Index count = grid.count(shift);
  const auto even = static_cast<std::size_t>((coarse_y + coarse_z) & 1);
  float* of_even = coarse.colour[even].data() + start;
  float* of_odd = coarse.colour[1 - even].data() + start;
  if (is_halved[0]) {
    for (Index i = 0; i < count / 2; ++i) {
      of_even[i] += line[2 * i];
      of_odd[i] += line[2 * i + 1];
    }
    if (count % 2 == 1) of_even[count / 2] += line[count - 1];
  } else {
    float* to = shift == 0 ? of_even : of_odd;
    for (Index i = 0; i < count; ++i) to[i] += line[i];
  }
}

}  // namespace

/// Adds the residual of one colour in the plane to the coarse right-hand side.
void Multigrid::restrict_plane(Level& level, Level& coarse, std::size_t colour, Index z, Scratch& scratch) const {
  const SplitGrid& grid = level.network->grid();
  for (Index y = 0; y < grid.size[1]; ++y) {
    const RowLinks links = level.network->coded_row(colour, y, z, scratch);
    RowOperation op;
    op.links = &links;
    op.values = level.z.colour[1 - colour].data();
    op.rhs = level.r.colour[colour].data() + links.start;
    op.own = level.z.colour[colour].data() + links.start;
    op.out = scratch.line.data();
    row_kernels().residual(op);
    level.moved.hold(colour, y, z, scratch.line.data());
    add_line(grid, coarse.network->grid(), level.is_halved, coarse.r, colour, y, z, scratch.line.data());
  }
}

/// The last step before the coarse grid. What rounding leaves of this colour's residual is restricted as well: a part
/// that hardly anything links to the rest (an island behind an insulator) answers its sum with a shift of the whole
/// part, and left out it made the cycle indefinite in float.
void Multigrid::relax_and_restrict_plane(Level& level, Level& coarse, std::size_t colour, Index z,
                                         Scratch& scratch) const {
  const SplitGrid& grid = level.network->grid();
  for (Index y = 0; y < grid.size[1]; ++y) {
    const RowLinks links = level.network->coded_row(colour, y, z, scratch);
    RowOperation op;
    op.links = &links;
    op.values = level.z.colour[1 - colour].data();
    op.rhs = level.r.colour[colour].data() + links.start;
    op.out = level.z.colour[colour].data() + links.start;
    op.rest = scratch.line.data();
    row_kernels().relax_with_rest(op);
    level.moved.hold(colour, y, z, scratch.line.data());
    add_line(grid, coarse.network->grid(), level.is_halved, coarse.r, colour, y, z, scratch.line.data());
  }
  wrap_plane(grid, level.z, z);
}

void Multigrid::prolong_plane(Level& level, const Level& coarse, Index z, Scratch& scratch) const {
  const SplitGrid& grid = level.network->grid();
  const SplitGrid& source = coarse.network->grid();
  const Index coarse_z = level.is_halved[2] ? z / 2 : z;
  for (Index y = 0; y < grid.size[1]; ++y) {
    const Index coarse_y = level.is_halved[1] ? y / 2 : y;
    const Index start = source.first(coarse_y, coarse_z);
    const auto even = static_cast<std::size_t>((coarse_y + coarse_z) & 1);
    const float* of_even = coarse.z.colour[even].data() + start;
    const float* of_odd = coarse.z.colour[1 - even].data() + start;
    if (level.is_halved[0]) {
      float* line = scratch.line.data();
      if (y % 2 == 0 || !level.is_halved[1]) {
        for (Index i = 0; i < halved(source.size[0]); ++i) {
          line[2 * i] = of_even[i];
          line[2 * i + 1] = of_odd[i];
        }
      }
      for (std::size_t colour = 0; colour < 2; ++colour) {
        const Index count = grid.count(SplitGrid::shift(colour, y, z));
        float* to = level.z.colour[colour].data() + grid.first(y, z);
        for (Index i = 0; i < count; ++i) to[i] += line[i];
      }
    } else {
      for (std::size_t colour = 0; colour < 2; ++colour) {
        const Index shift = SplitGrid::shift(colour, y, z);
        float* to = level.z.colour[colour].data() + grid.first(y, z);
        const float* from = shift == 0 ? of_even : of_odd;
        for (Index i = 0; i < grid.count(shift); ++i) to[i] += from[i];
      }
    }
  }
  level.moved.correct_plane(z, level.z, coarse.z);
  wrap_plane(grid, level.z, z);
}

void Multigrid::cycle(Worker& worker, Scratch& scratch, const PlaneHook& before, const PlaneHook& after) {
  cycle_level(0, worker, scratch, before, after);
}

void Multigrid::cycle_level(std::size_t at, Worker& worker, Scratch& scratch, const PlaneHook& before,
                            const PlaneHook& after) {
  Level& level = levels_[at];
  const SplitGrid& grid = level.network->grid();
  if (at + 1 == levels_.size()) {
    const std::array<Index, 2> planes = share(grid.size[2], worker);
    for (Index z = planes[0]; before && z < planes[1]; ++z) before(z);
    worker.wait();
    if (worker.is_first()) solve_coarsest();
    worker.wait();
    for (Index z = planes[0]; after && z < planes[1]; ++z) after(z);
    return;
  }
  Level& coarse = levels_[at + 1];
  const SplitGrid& coarse_grid = coarse.network->grid();
  const auto clear_coarse = [&](Index z) {
    if (level.is_halved[2] && z % 2 == 1) return;
    const Index plane = level.is_halved[2] ? z / 2 : z;
    for (Buffer<float>& colour : coarse.r.colour)
      std::fill_n(colour.data() + coarse_grid.row(0, plane), coarse_grid.pitch * coarse_grid.size[1], 0.0f);
  };
  const bool is_odd_ring = (grid.wraps[0] && grid.size[0] % 2 == 1) || (grid.wraps[1] && grid.size[1] % 2 == 1) ||
                           (grid.wraps[2] && grid.size[2] % 2 == 1);
  const auto start = [&](Index z) {
    if (before) before(z);
    clear_coarse(z);
    // Around an odd ring cells of one colour meet, and colour 1 is read before it is written.
    if (is_odd_ring) {
      for (Index y = 0; y < grid.size[1]; ++y)
        std::fill_n(level.z.colour[1].data() + grid.first(y, z), grid.count(SplitGrid::shift(1, y, z)), 0.0f);
    }
    relax_plane(level, 0, z, scratch, true);
  };
  const auto relax_0 = [&](Index z) { relax_plane(level, 0, z, scratch, false); };
  const auto relax_1 = [&](Index z) { relax_plane(level, 1, z, scratch, false); };
  // Around an odd ring the residual of colour 1 is not final until the whole colour is relaxed.
  const auto relax_1_and_down = [&](Index z) {
    if (is_odd_ring) return relax_plane(level, 1, z, scratch, false);
    relax_and_restrict_plane(level, coarse, 1, z, scratch);
  };
  const auto down = [&](Index z) {
    restrict_plane(level, coarse, 0, z, scratch);
    if (is_odd_ring) restrict_plane(level, coarse, 1, z, scratch);
  };
  const auto up = [&](Index z) { prolong_plane(level, coarse, z, scratch); };
  const auto up_and_clear = [&](Index z) {
    prolong_plane(level, coarse, z, scratch);
    clear_coarse(z);
  };
  const auto last = [&](Index z) {
    relax_plane(level, 0, z, scratch, false);
    if (after) after(z);
  };
  // The neighbours of an island must not see its shift.
  const auto shift = [&](Index z) {
    shifts_.add_plane(z, level.z);
    if (after) after(z);
  };
  const auto solve_coarse = [&] {
    worker.wait();
    // Owners may lie in any share.
    if (!level.moved.is_empty()) {
      if (worker.is_first()) level.moved.deliver(coarse.r);
      worker.wait();
    }
    solve_level(at + 1, worker, scratch);
    worker.wait();
  };
  sweep(worker, grid, level.z, start, relax_1, relax_0, relax_1_and_down, down);
  const bool has_shifts = at == 0 && !shifts_.is_empty();
  if (has_shifts) {
    worker.wait();
    shifts_.measure(worker, level.r);
  }
  solve_coarse();
  if (at > 0 && at + 2 < levels_.size()) {
    sweep(worker, grid, level.z, up_and_clear, relax_1, relax_0, relax_1, relax_0, relax_1_and_down, down);
    solve_coarse();
  }
  if (has_shifts) {
    sweep(worker, grid, level.z, up, relax_1, relax_0, relax_1, relax_0, shift);
  } else {
    sweep(worker, grid, level.z, up, relax_1, relax_0, relax_1, last);
  }
}

void Multigrid::solve_level(std::size_t at, Worker& worker, Scratch& scratch) {
  if (levels_[at].is_for_one && worker.count() > 1 && at + 1 < levels_.size()) {
    if (worker.is_first()) {
      Worker alone = Worker::alone();
      cycle_level(at, alone, scratch, {}, {});
    }
    return;
  }
  cycle_level(at, worker, scratch, {}, {});
}

std::size_t Multigrid::bytes() const noexcept {
  std::size_t total = factor_.size() * sizeof(double) + shifts_.bytes();
  for (const Level& level : levels_) total += 4 * level.network->grid().slots * sizeof(float) + level.moved.bytes();
  for (const Network& network : coarse_) total += network.bytes();
  return total;
}

}  // namespace closo::composite::detail
