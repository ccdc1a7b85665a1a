#include "closo/composite/detail/small_islands.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace closo::composite::detail {
namespace {

using Cell = std::array<Index, 3>;

/// Links of 1 between the listed cells of one group, 1e-6 everywhere else, electrodes included.
Network with_groups(std::array<Index, 3> size, bool is_periodic, const std::vector<std::vector<Cell>>& groups) {
  const SplitGrid grid(size, {is_periodic, is_periodic, is_periodic});
  Network network(grid);
  const auto group_of = [&](Cell at) {
    for (std::size_t axis = 0; axis < 3; ++axis) at[axis] = (at[axis] + size[axis]) % size[axis];
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (std::ranges::find(groups[i], at) != groups[i].end()) return static_cast<int>(i);
    }
    return -1;
  };
  for (std::size_t axis = 0; axis < 3; ++axis) {
    Cell at{};
    for (at[2] = 0; at[2] < size[2] + (axis == 2); ++at[2]) {
      for (at[1] = 0; at[1] < size[1] + (axis == 1); ++at[1]) {
        for (at[0] = 0; at[0] < size[0] + (axis == 0); ++at[0]) {
          const bool is_end = at[axis] == 0 || at[axis] == size[axis];
          if (is_end && !is_periodic && axis != 2) continue;
          Cell low = at;
          low[axis] -= 1;
          const int group = group_of(at);
          const bool joins = group >= 0 && group == group_of(low) && (is_periodic || !is_end);
          network.set_link(axis, at[0], at[1], at[2], joins ? 1.0f : 1e-6f);
        }
      }
    }
  }
  return network;
}

SmallIslands islands_of(const Network& network, std::array<bool, 3> is_halved = {true, true, true}) {
  Scratch scratch(network.grid().size[0]);
  return find_small_islands(network, is_halved, 0, network.grid().size[2], scratch);
}

std::vector<Cell> block(Cell from, Cell to) {
  std::vector<Cell> cells;
  for (Index z = from[2]; z < to[2]; ++z) {
    for (Index y = from[1]; y < to[1]; ++y) {
      for (Index x = from[0]; x < to[0]; ++x) cells.push_back({x, y, z});
    }
  }
  return cells;
}

TEST(small_islands, a_cut_island_goes_to_the_coarse_cell_with_most_of_it) {
  // Three cells along x, two of them in the coarse cell 1; beside it a pair that no coarse cell cuts.
  const Network network = with_groups({8, 8, 8}, false, {{{2, 3, 4}, {3, 3, 4}, {4, 3, 4}}, {{2, 6, 2}, {3, 6, 2}}});
  const SmallIslands found = islands_of(network);
  ASSERT_EQ(found.sizes, (std::vector<std::size_t>{2, 3}));
  EXPECT_NEAR(found.outflows[0], 10e-6, 1e-12);
  EXPECT_NEAR(found.outflows[1], 14e-6, 1e-12);
  ASSERT_EQ(found.moved.size(), 1u);
  EXPECT_EQ(found.moved[0].at, (Cell{4, 3, 4}));
  EXPECT_EQ(found.moved[0].holder, (Cell{2, 1, 2}));
  EXPECT_EQ(found.moved[0].owner, (Cell{1, 1, 2}));
  ASSERT_EQ(found.links.size(), 1u);
  EXPECT_EQ(found.links[0].axis, 0u);
  EXPECT_EQ(found.links[0].upper, (Cell{4, 3, 4}));
  // Where x is not halved all three are apart.
  EXPECT_EQ(islands_of(network, {false, true, true}).moved.size(), 3u);
}

TEST(small_islands, large_ones_and_contacts_to_electrodes_are_left_alone) {
  EXPECT_EQ(islands_of(with_groups({10, 10, 10}, false, {block({1, 1, 1}, {5, 5, 5})})).sizes,
            std::vector<std::size_t>{64});
  EXPECT_TRUE(islands_of(with_groups({10, 10, 10}, false, {block({1, 1, 1}, {5, 6, 5})})).sizes.empty());
  Network contact = with_groups({8, 8, 8}, false, {{{3, 3, 0}, {4, 3, 0}}});
  EXPECT_EQ(islands_of(contact).sizes.size(), 1u);
  contact.set_link(2, 3, 3, 0, 2.0f);
  EXPECT_TRUE(islands_of(contact).sizes.empty());
}

TEST(small_islands, is_the_same_from_any_shares_of_planes) {
  const Network network = with_groups(
      {8, 8, 12}, false, {block({1, 1, 3}, {3, 3, 6}), block({5, 5, 4}, {7, 6, 7}), {{6, 2, 9}, {6, 2, 10}}});
  const SmallIslands whole = islands_of(network);
  ASSERT_EQ(whole.sizes.size(), 3u);
  Scratch scratch(8);
  for (const Index cut : {2, 5, 6, 10}) {
    SmallIslands parts = find_small_islands(network, {true, true, true}, 0, cut, scratch);
    parts.append(find_small_islands(network, {true, true, true}, cut, 12, scratch));
    EXPECT_EQ(parts.cells, whole.cells);
    EXPECT_EQ(parts.sizes, whole.sizes);
    EXPECT_EQ(parts.outflows, whole.outflows);
    EXPECT_EQ(parts.moved.size(), whole.moved.size());
    EXPECT_EQ(parts.links.size(), whole.links.size());
  }
}

TEST(small_islands, finds_islands_across_the_faces_of_a_periodic_box_once) {
  const Network network = with_groups({8, 6, 10}, true, {{{7, 5, 9}, {0, 5, 9}, {7, 0, 9}, {7, 5, 0}}});
  const SmallIslands found = islands_of(network);
  ASSERT_EQ(found.sizes, std::vector<std::size_t>{4});
  EXPECT_NEAR(found.outflows[0], 18e-6, 1e-12);
  EXPECT_EQ(found.moved.size(), 3u);
  EXPECT_EQ(found.links.size(), 3u);
}

TEST(small_islands, transfer_and_shift_move_what_they_should) {
  const Network network = with_groups({8, 8, 8}, false, {{{2, 3, 4}, {3, 3, 4}, {4, 3, 4}}});
  const SmallIslands found = islands_of(network);
  const SplitGrid& fine = network.grid();
  const SplitGrid coarse({4, 4, 4}, {});
  MovedCells moved(fine, coarse, found.moved);
  EXPECT_FALSE(moved.is_empty());
  // The cell (4, 3, 4) is number 2 of the odd ones' row.
  std::vector<float> line{1.0f, 2.0f, 3.0f, 4.0f};
  moved.hold(SplitGrid::colour(4, 3, 4), 3, 4, line.data());
  EXPECT_EQ(line, (std::vector<float>{1.0f, 2.0f, 0.0f, 4.0f}));
  moved.hold(SplitGrid::colour(4, 3, 4), 2, 4, line.data());
  EXPECT_EQ(line[3], 4.0f);
  Field<float> coarse_field(coarse), fine_field(fine);
  coarse_field.at(coarse, 2, 1, 2) = 0.5f;
  moved.deliver(coarse_field);
  EXPECT_EQ(coarse_field.at(coarse, 1, 1, 2), 3.0f);
  EXPECT_EQ(coarse_field.at(coarse, 2, 1, 2), 0.5f);
  for (Index z = 0; z < 8; ++z) moved.correct_plane(z, fine_field, coarse_field);
  EXPECT_EQ(fine_field.at(fine, 4, 3, 4), 2.5f);
  EXPECT_EQ(fine_field.at(fine, 3, 3, 4), 0.0f);

  IslandShifts shifts(fine, found);
  EXPECT_FALSE(shifts.is_empty());
  EXPECT_GT(shifts.bytes(), 0u);
  Field<float> residual(fine), z_field(fine);
  residual.at(fine, 2, 3, 4) = 1e-6f;
  residual.at(fine, 4, 3, 4) = 6e-6f;
  residual.at(fine, 5, 3, 4) = 9.0f;
  shifts.measure(Worker::alone(), residual);
  for (Index z = 0; z < 8; ++z) shifts.add_plane(z, z_field);
  for (const Index x : {2, 3, 4}) EXPECT_NEAR(z_field.at(fine, x, 3, 4), 0.3f * 0.5f, 1e-6f);
  EXPECT_EQ(z_field.at(fine, 5, 3, 4), 0.0f);
  EXPECT_EQ(z_field.at(fine, 2, 3, 3), 0.0f);
}

}  // namespace
}  // namespace closo::composite::detail
