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
  for (std::vector<float>& row : remainder) row.resize(length);
  for (std::vector<double>& row : sums) row.resize(length);
}

Network::Network(const SplitGrid& grid) : grid_(grid) {
  for (Buffer<float>& links : stored_) links = Buffer<float>(grid.slots);
}

Network::Network(const SplitGrid& grid, Field<std::uint8_t> codes, std::vector<std::uint8_t> list,
                 std::array<std::vector<double>, 3> conductance)
    : grid_(grid), codes_(std::move(codes)), exact_table_(std::move(conductance)), code_list_(std::move(list)) {
  entries_ = 2 * static_cast<std::size_t>(std::ranges::max(code_list_)) + 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (const double value : exact_table_[axis]) {
      table_[axis].push_back(static_cast<float>(value));
      remainder_table_[axis].push_back(static_cast<float>(value - static_cast<double>(table_[axis].back())));
    }
  }
}

RowLinks Network::coded_row(std::size_t colour, Index y, Index z, Scratch& scratch) const {
  const Index e = SplitGrid::shift(colour, y, z);
  RowLinks links;
  links.start = grid_.first(y, z);
  links.count = grid_.count(e);
  const Index s = links.start;
  links.neighbour = {s - 1 + e, s + e, s - grid_.pitch, s + grid_.pitch, s - grid_.plane, s + grid_.plane};
  if (is_looked_up()) {
    links.own_code = codes_.colour[colour].data() + s;
    links.codes = codes_.colour[1 - colour].data();
    links.entries = entries_;
    for (std::size_t axis = 0; axis < 3; ++axis) links.table[axis] = table_[axis].data();
    for (std::size_t i = 0; i < 6; ++i) links.room[i] = scratch.link[i].data();
  } else {
    // A link of colour 1 is the opposite link of the neighbour, which has colour 0.
    for (std::size_t i = 0; i < 6; ++i)
      links.conductance[i] = colour == 0 ? stored_[i].data() + s : stored_[i ^ 1].data() + links.neighbour[i];
  }
  return links;
}

RowLinks Network::row(std::size_t colour, Index y, Index z, Scratch& scratch) const {
  RowLinks links = coded_row(colour, y, z, scratch);
  if (is_looked_up()) {
    row_kernels().look_up(links);
    for (std::size_t i = 0; i < 6; ++i) links.conductance[i] = links.room[i];
  }
  return links;
}

std::array<const float*, 6> Network::row_remainder(const RowLinks& links, Scratch& scratch) const {
  RowLinks remainder = links;
  for (std::size_t i = 0; i < 6; ++i) remainder.room[i] = scratch.remainder[i].data();
  for (std::size_t axis = 0; axis < 3; ++axis) remainder.table[axis] = remainder_table_[axis].data();
  if (is_looked_up()) row_kernels().look_up(remainder);
  std::array<const float*, 6> result{};
  for (std::size_t i = 0; i < 6; ++i) result[i] = remainder.room[i];
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
