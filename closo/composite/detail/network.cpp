#include "closo/composite/detail/network.hpp"

#include <algorithm>
#include <utility>

namespace closo::composite::detail {

std::vector<std::uint8_t> pair_codes(std::size_t count) {
  std::vector<std::uint8_t> codes;
  std::array<bool, 512> is_taken{};
  for (std::size_t candidate = 0; codes.size() < count && candidate < 256; ++candidate) {
    const auto is_free = [&](std::uint8_t code) { return !is_taken[candidate + code]; };
    if (is_taken[2 * candidate] || !std::ranges::all_of(codes, is_free)) continue;
    codes.push_back(static_cast<std::uint8_t>(candidate));
    for (const std::uint8_t code : codes) is_taken[candidate + code] = true;
  }
  return codes;
}

Scratch::Scratch(Index longest_row) {
  // Vector loads of the look-up may reach past the end of a row.
  const auto length = static_cast<std::size_t>(longest_row) + 32;
  for (std::vector<float>& row : link) row.resize(length);
  line.resize(length);
  for (std::vector<double>& row : exact_link) row.resize(length);
}

Network::Network(const SplitGrid& grid) : grid_(grid) {
  for (Buffer<float>& links : stored_) links = Buffer<float>(grid.slots);
}

Network::Network(const SplitGrid& grid, Field<std::uint8_t> codes, std::array<std::vector<double>, 3> conductance,
                 std::size_t entries)
    : grid_(grid), codes_(std::move(codes)), exact_table_(std::move(conductance)), entries_(entries) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (const double value : exact_table_[axis]) table_[axis].push_back(static_cast<float>(value));
  }
}

RowLinks Network::row(std::size_t colour, Index y, Index z, Scratch& scratch) const {
  const Index e = SplitGrid::shift(colour, y, z);
  RowLinks links;
  links.start = grid_.first(y, z);
  links.count = grid_.count(e);
  const Index s = links.start;
  links.neighbour = {s - 1 + e, s + e, s - grid_.pitch, s + grid_.pitch, s - grid_.plane, s + grid_.plane};
  if (is_looked_up()) {
    RowLookup look_up;
    look_up.own = codes_.colour[colour].data() + s;
    look_up.count = links.count;
    look_up.entries = entries_;
    for (std::size_t axis = 0; axis < 3; ++axis) look_up.table[axis] = table_[axis].data();
    for (std::size_t i = 0; i < 6; ++i) {
      look_up.neighbour[i] = codes_.colour[1 - colour].data() + links.neighbour[i];
      look_up.out[i] = scratch.link[i].data();
      links.conductance[i] = look_up.out[i];
    }
    row_kernels().look_up(look_up);
  } else {
    // A link of colour 1 is the opposite link of the neighbour, which has colour 0.
    for (std::size_t i = 0; i < 6; ++i)
      links.conductance[i] = colour == 0 ? stored_[i].data() + s : stored_[i ^ 1].data() + links.neighbour[i];
  }
  return links;
}

std::array<const double*, 6> Network::exact_row(const RowLinks& links, std::size_t colour, Scratch& scratch) const {
  std::array<const double*, 6> result{};
  for (std::size_t i = 0; i < 6; ++i) {
    double* out = scratch.exact_link[i].data();
    result[i] = out;
    if (is_looked_up()) {
      const std::uint8_t* own = codes_.colour[colour].data() + links.start;
      const std::uint8_t* other = codes_.colour[1 - colour].data() + links.neighbour[i];
      const double* table = exact_table_[i / 2].data();
      for (Index k = 0; k < links.count; ++k) out[k] = table[own[k] + other[k]];
    } else {
      for (Index k = 0; k < links.count; ++k) out[k] = static_cast<double>(links.conductance[i][k]);
    }
  }
  return result;
}

double Network::link(std::size_t axis, Index x, Index y, Index z) const {
  const Index lx = x - (axis == 0 ? 1 : 0), ly = y - (axis == 1 ? 1 : 0), lz = z - (axis == 2 ? 1 : 0);
  if (is_looked_up())
    return exact_table_[axis][static_cast<std::size_t>(codes_.at(grid_, x, y, z)) + codes_.at(grid_, lx, ly, lz)];
  if (SplitGrid::colour(x, y, z) == 0) return static_cast<double>(stored_[2 * axis][grid_.slot(x, y, z)]);
  return static_cast<double>(stored_[2 * axis + 1][grid_.slot(lx, ly, lz)]);
}

void Network::set_link(std::size_t axis, Index x, Index y, Index z, float conductance) {
  const Index lx = x - (axis == 0 ? 1 : 0), ly = y - (axis == 1 ? 1 : 0), lz = z - (axis == 2 ? 1 : 0);
  if (SplitGrid::colour(x, y, z) == 0) {
    stored_[2 * axis][grid_.slot(x, y, z)] = conductance;
  } else {
    stored_[2 * axis + 1][grid_.slot(lx, ly, lz)] = conductance;
  }
}

std::size_t Network::bytes() const noexcept {
  return is_looked_up() ? 2 * grid_.slots : 6 * grid_.slots * sizeof(float);
}

}  // namespace closo::composite::detail
