#include "closo/composite/detail/network.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace closo::composite::detail {
namespace {

TEST(network, sums_of_two_codes_name_the_pair) {
  const std::vector<std::uint8_t> codes = pair_codes(max_pair_codes);
  ASSERT_EQ(codes.size(), max_pair_codes);
  std::set<int> sums;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    for (std::size_t j = i; j < codes.size(); ++j) {
      EXPECT_TRUE(sums.insert(codes[i] + codes[j]).second) << i << ' ' << j;
      EXPECT_LT(codes[i] + codes[j], 256);
    }
  }
  EXPECT_EQ(pair_codes(3), (std::vector<std::uint8_t>{0, 1, 3}));
}

/// Links by codes, and the same ones stored.
struct Pair {
  Network looked_up, stored;
};

Pair random_networks(std::array<Index, 3> size, unsigned seed) {
  const SplitGrid grid(size, {false, false, false});
  const std::vector<std::uint8_t> codes = pair_codes(4);
  std::mt19937_64 engine(seed);
  Field<std::uint8_t> field(grid);
  for (Index z = 0; z < size[2]; ++z) {
    for (Index y = 0; y < size[1]; ++y) {
      for (Index x = 0; x < size[0]; ++x) field.at(grid, x, y, z) = codes[engine() % 4];
    }
  }
  std::array<std::vector<double>, 3> table;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    table[axis].assign(256, 0.0);
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = i; j < 4; ++j)
        table[axis][static_cast<std::size_t>(codes[i]) + codes[j]] =
            i == 0 ? 0.0 : 0.1 * static_cast<double>(axis + 1) + static_cast<double>(i * j) / 7.0;
    }
  }
  Pair pair{Network(grid, std::move(field), codes, table), Network(grid)};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (Index z = 0; z < size[2] + (axis == 2); ++z) {
      for (Index y = 0; y < size[1] + (axis == 1); ++y) {
        for (Index x = 0; x < size[0] + (axis == 0); ++x)
          pair.stored.set_link(axis, x, y, z, static_cast<float>(pair.looked_up.link(axis, x, y, z)));
      }
    }
  }
  return pair;
}

TEST(network, stored_and_looked_up_rows_agree_and_point_at_the_neighbours) {
  for (const std::array<Index, 3> size : {std::array<Index, 3>{41, 4, 3}, {8, 5, 2}, {1, 2, 3}}) {
    const Pair pair = random_networks(size, 5);
    const SplitGrid& grid = pair.stored.grid();
    Scratch first(size[0]), second(size[0]);
    Index cells = 0;
    for (Index z = 0; z < size[2]; ++z) {
      for (Index y = 0; y < size[1]; ++y) {
        for (std::size_t colour = 0; colour < 2; ++colour) {
          const RowLinks a = pair.looked_up.row(colour, y, z, first), b = pair.stored.row(colour, y, z, second);
          ASSERT_EQ(a.count, b.count);
          const std::array<const float*, 6> rest = pair.looked_up.row_remainder(a, first);
          for (Index i = 0; i < a.count; ++i, ++cells) {
            const Index x = 2 * i + SplitGrid::shift(colour, y, z);
            EXPECT_EQ(SplitGrid::colour(x, y, z), colour);
            EXPECT_EQ(grid.slot(x, y, z), a.start + i);
            for (std::size_t k = 0; k < 6; ++k) {
              EXPECT_EQ(a.conductance[k][i], b.conductance[k][i]);
              std::array<Index, 3> at{x, y, z};
              at[k / 2] += k % 2 == 0 ? -1 : 1;
              EXPECT_EQ(grid.slot(at[0], at[1], at[2]), a.neighbour[k] + i);
              if (k % 2 == 0) {
                EXPECT_NEAR(static_cast<double>(a.conductance[k][i]) + static_cast<double>(rest[k][i]),
                            pair.looked_up.link(k / 2, x, y, z), 1e-14);
              }
            }
          }
        }
      }
    }
    EXPECT_EQ(cells, grid.cells());
    EXPECT_LT(pair.looked_up.bytes(), pair.stored.bytes());
  }
}

}  // namespace
}  // namespace closo::composite::detail
