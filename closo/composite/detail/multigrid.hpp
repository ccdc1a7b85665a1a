/// Geometric multigrid for conductance networks: the preconditioner of the conjugate gradients.
///
/// Cell pairs are joined along every axis that couples strongly; a coarse link is the sum of its tubes of three fine
/// links in series (half, whole, half), where the two inner ones count at least as much as the middle one:
/// unfloored tubes cut coarse cells apart. Piecewise constant transfer, two red–black Gauss–Seidel sweeps before and
/// after (in one pass over memory), a W-cycle on the coarse grids, dense factors on the coarsest; small islands behind
/// an insulator are kept whole (small_islands.hpp). The cycle is a symmetric operator. Source: W. Hackbusch, Multi-Grid
/// Methods and Applications (Springer, 1985), chapters 3 and 10; the coarse links are ours, measured against others.
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "closo/composite/detail/network.hpp"
#include "closo/composite/detail/small_islands.hpp"
#include "closo/composite/detail/split_grid.hpp"
#include "closo/composite/detail/thread_team.hpp"

namespace closo::composite::detail {

/// Called for every plane z of the worker's share.
using PlaneHook = std::function<void(Index z)>;

class Multigrid {
 public:
  /// `network` must outlive the object. Builds the coarse grids on `workers` threads.
  Multigrid(const Network& network, std::size_t workers);

  /// One cycle for r = A z from z = 0, by all workers of a team together. `before` prepares a plane of r; `after` sees
  /// a plane of z when it is final.
  void cycle(Worker& worker, Scratch& scratch, const PlaneHook& before, const PlaneHook& after);

  Field<float>& z() noexcept { return levels_.front().z; }
  Field<float>& r() noexcept { return levels_.front().r; }
  std::size_t levels() const noexcept { return levels_.size(); }
  std::size_t bytes() const noexcept;

 private:
  struct Level {
    const Network* network = nullptr;
    Field<float> z, r;
    std::array<bool, 3> is_halved{};  ///< towards the next level
    bool is_for_one = false;          ///< too small for a team
    MovedCells moved;
  };
  void coarsen(std::size_t workers);
  void factorise();
  void find_floating(const std::vector<double>& ground);
  void solve_coarsest();
  void cycle_level(std::size_t level, Worker& worker, Scratch& scratch, const PlaneHook& before,
                   const PlaneHook& after);

  /// z from r on one of the coarse grids.
  void solve_level(std::size_t level, Worker& worker, Scratch& scratch);

  void relax_plane(Level& level, std::size_t colour, Index z, Scratch& scratch, bool from_zero) const;
  void restrict_plane(Level& level, Level& coarse, std::size_t colour, Index z, Scratch& scratch) const;
  void relax_and_restrict_plane(Level& level, Level& coarse, std::size_t colour, Index z, Scratch& scratch) const;
  void prolong_plane(Level& level, const Level& coarse, Index z, Scratch& scratch) const;

  std::vector<Network> coarse_;
  std::vector<Level> levels_;
  IslandShifts shifts_;                             ///< on the finest grid
  std::vector<double> factor_;                      ///< of the coarsest grid: L D Lᵀ, row by row
  std::vector<std::vector<std::size_t>> floating_;  ///< its pieces without an electrode
};

/// The planes a worker owns; shares begin at even planes so that no coarse plane has two owners.
std::array<Index, 2> share(Index planes, const Worker& worker);

/// Runs the stages over the worker's planes in one pass, each stage one plane behind the one before, so that a plane is
/// still in the cache; stage s may read the neighbouring planes of what stage s − 1 wrote. `field` is the one whose
/// ghost planes are refreshed between stages when the grid is periodic.
template <class T, class... Stage>
void sweep(Worker& worker, const SplitGrid& grid, Field<T>& field, const Stage&... stages) {
  constexpr Index last = static_cast<Index>(sizeof...(Stage));
  const std::array<Index, 2> planes = share(grid.size[2], worker);
  const Index from = planes[0], to = planes[1];
  const bool is_wrapped = grid.wraps[2];
  // Next to another worker's share, or to the other end of a periodic box, stage s waits with its s outer planes.
  const Index low = from == 0 && !is_wrapped ? 0 : 1, high = to == grid.size[2] && !is_wrapped ? 0 : 1;
  const auto inner_from = [&](Index s) { return from + s * low < to ? from + s * low : to; };
  const auto inner_to = [&](Index s) { return to - s * high > inner_from(s) ? to - s * high : inner_from(s); };
  for (Index i = from; i < to + last; ++i) {
    Index s = 0;
    ((i - s >= inner_from(s) && i - s < inner_to(s) ? stages(i - s) : void(), ++s), ...);
  }
  Index s = 0;
  const auto edges = [&](const auto& stage) {
    if (s > 0) {
      worker.wait();
      if (is_wrapped) {
        if (worker.is_first()) wrap_ends(grid, field);
        worker.wait();
      }
      for (Index i = from; i < inner_from(s); ++i) stage(i);
      for (Index i = inner_to(s); i < to; ++i) stage(i);
    }
    ++s;
  };
  (edges(stages), ...);
}

}  // namespace closo::composite::detail
