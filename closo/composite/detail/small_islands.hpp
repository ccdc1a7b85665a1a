/// Islands of a few cells that strong links join to each other and weak ones to everything else.
///
/// Relaxation moves such an island as a whole only as fast as its weak links allow, and the geometric coarse grid
/// spoils it twice: an island that it cuts ties whole coarse cells together, on every coarser grid again, and one that
/// shares a coarse cell with another cannot move alone. Hence all cells of an island go to the same coarse cell, and on
/// the finest grid every island gets a shift of its own (additive, hence symmetric). With a tenth of the voxels
/// scattered in an insulator 1e6 times worse this takes the iterations from 390 to 20. Islands above 64 cells are left
/// to the coarser grids, where they are small. Source of the idea: P. Vaněk, J. Mandel, M. Brezina, Computing 56 (1996)
/// 179, DOI 10.1007/BF02238511 (aggregation by strength), applied where the geometric coarsening needs it.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "closo/composite/detail/coarse_links.hpp"
#include "closo/composite/detail/network.hpp"
#include "closo/composite/detail/thread_team.hpp"

namespace closo::composite::detail {

/// A cell of an island that follows another coarse cell than the one that holds it.
struct MovedCell {
  std::array<Index, 3> at{}, holder{}, owner{};  ///< holder and owner on the coarse grid
};

struct SmallIslands {
  std::vector<std::array<Index, 3>> cells;  ///< one island after the other
  std::vector<std::size_t> sizes;           ///< two cells or more
  std::vector<double> outflows;             ///< sums of the links that lead out
  std::vector<MovedCell> moved;
  std::vector<InnerLink> links;  ///< inside of islands, between different coarse cells

  void append(const SmallIslands& other);
};

/// The islands whose last corner lies in the planes [from, to).
SmallIslands find_small_islands(const Network& fine, const std::array<bool, 3>& is_halved, Index from, Index to,
                                Scratch& scratch);

/// The moved cells of one grid in the transfer to the next.
class MovedCells {
 public:
  MovedCells() = default;
  MovedCells(const SplitGrid& fine, const SplitGrid& coarse, std::span<const MovedCell> cells);

  bool is_empty() const noexcept { return cells_.empty(); }
  /// Takes what belongs to owners out of a line of residuals on its way to the holders.
  void hold(std::size_t colour, Index y, Index z, float* line);
  /// Gives the owners what was held.
  void deliver(Field<float>& coarse) const;
  /// Replaces the holders' correction, already added to a plane, by the owners'.
  void correct_plane(Index z, Field<float>& fine, const Field<float>& coarse) const;
  std::size_t bytes() const noexcept { return cells_.size() * sizeof(Cell) + first_.size() * sizeof(std::size_t); }

 private:
  struct Place {
    std::size_t colour = 0;
    Index slot = 0;
  };
  struct Cell {
    Place own, holder, owner;
    Index y = 0, number = 0;  ///< in the row
    std::size_t line = 0;     ///< twice the plane and the colour
    float held = 0.0f;
  };
  std::vector<Cell> cells_;  ///< by line and row
  std::vector<std::size_t> first_;
};

/// A step towards balance for every island by itself.
class IslandShifts {
 public:
  IslandShifts() = default;
  IslandShifts(const SplitGrid& grid, const SmallIslands& islands);

  bool is_empty() const noexcept { return shift_.empty(); }
  /// The worker's part of the shifts: a share of the island's residual over its outflow.
  void measure(const Worker& worker, const Field<float>& residual);
  void add_plane(Index z, Field<float>& field) const;
  std::size_t bytes() const noexcept;

 private:
  struct Cell {
    Index slot = 0;
    std::uint32_t island = 0;
    std::uint8_t colour = 0;
  };
  std::vector<Cell> by_island_, by_plane_;
  std::vector<std::size_t> first_of_island_, first_of_plane_;
  std::vector<float> outflow_, shift_;
};

}  // namespace closo::composite::detail
