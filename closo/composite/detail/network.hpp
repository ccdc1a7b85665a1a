/// A grid of cells joined by conductances to their six neighbours: looked up by label on the finest grid, stored on the
/// coarser ones.
///
/// Looked up: every cell has a one-byte code such that the sum of two codes names the pair (a Sidon set), hence no
/// conductance is stored. Stored: the six links of the cells of colour 0, which are all the links there are.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "closo/composite/detail/row_kernels.hpp"
#include "closo/composite/detail/split_grid.hpp"

namespace closo::composite::detail {

/// Codes whose pairwise sums are all different and below 256: up to twelve of them (Mian–Chowla sequence).
std::vector<std::uint8_t> pair_codes(std::size_t count);
constexpr std::size_t max_pair_codes = 12;

/// Line buffers of one worker.
struct Scratch {
  explicit Scratch(Index longest_row);
  std::array<std::vector<float>, 6> link;
  std::vector<float> line;
  std::array<std::vector<float>, 6> remainder;
  std::array<std::vector<double>, 5> sums;
};

class Network {
 public:
  Network() = default;
  /// Stored links, all zero.
  explicit Network(const SplitGrid& grid);
  /// Looked-up links between cells of the codes `list`; `conductance` per axis and sum of codes, 256 entries each.
  Network(const SplitGrid& grid, Field<std::uint8_t> codes, std::vector<std::uint8_t> list,
          std::array<std::vector<double>, 3> conductance);

  const SplitGrid& grid() const noexcept { return grid_; }
  bool is_looked_up() const noexcept { return !codes_.colour[0].empty(); }
  const Field<std::uint8_t>& codes() const noexcept { return codes_; }
  /// Every code that occurs; empty for stored links.
  const std::vector<std::uint8_t>& code_list() const noexcept { return code_list_; }
  /// Conductance between two codes.
  double pair(std::size_t axis, std::uint8_t a, std::uint8_t b) const {
    return exact_table_[axis][static_cast<std::size_t>(a) + b];
  }
  /// Links of the cells of one colour in a row for the loops, not yet looked up.
  RowLinks coded_row(std::size_t colour, Index y, Index z, Scratch& scratch) const;
  /// The same with their conductances; these may lie in `scratch` until its next use.
  RowLinks row(std::size_t colour, Index y, Index z, Scratch& scratch) const;
  /// What float leaves out of the conductances of a row; in `scratch`.
  std::array<const float*, 6> row_remainder(const RowLinks& links, Scratch& scratch) const;
  /// Conductance between the cell (x, y, z) and the one before it along the axis; 0 ≤ coordinate ≤ size.
  double link(std::size_t axis, Index x, Index y, Index z) const;
  /// Stored links only.
  void set_link(std::size_t axis, Index x, Index y, Index z, float conductance);
  std::size_t bytes() const noexcept;

 private:
  SplitGrid grid_;
  Field<std::uint8_t> codes_;
  std::array<std::vector<double>, 3> exact_table_;
  std::array<std::vector<float>, 3> table_, remainder_table_;
  std::vector<std::uint8_t> code_list_;
  std::size_t entries_ = 0;  ///< of the tables that occur
  std::array<Buffer<float>, 6> stored_;
};

}  // namespace closo::composite::detail
