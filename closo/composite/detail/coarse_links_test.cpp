#include "closo/composite/detail/coarse_links.hpp"

#include <gtest/gtest.h>

#include <random>

namespace closo::composite::detail {
namespace {

/// Random codes, the first of which conducts nothing; electrodes (the second) at the ends of `axis` unless periodic.
Network coded_network(std::array<Index, 3> size, std::size_t axis, bool is_periodic, std::size_t kinds) {
  const SplitGrid grid(size, {is_periodic, is_periodic, is_periodic});
  const std::vector<std::uint8_t> codes = pair_codes(kinds);
  std::mt19937_64 engine(6);
  Field<std::uint8_t> field(grid);
  std::array<Index, 3> at{};
  for (at[2] = -1; at[2] <= size[2]; ++at[2]) {
    for (at[1] = -1; at[1] <= size[1]; ++at[1]) {
      for (at[0] = -1; at[0] <= size[0]; ++at[0]) {
        bool is_inside = true;
        for (std::size_t i = 0; i < 3; ++i) is_inside = is_inside && at[i] >= 0 && at[i] < size[i];
        std::uint8_t& code = field.at(grid, at[0], at[1], at[2]);
        code = is_inside ? codes[engine() % kinds == 1 ? 2 : engine() % kinds] : codes[0];
        if (is_inside && code == codes[1]) code = codes[2];
        if (!is_inside && !is_periodic && (at[axis] == -1 || at[axis] == size[axis])) code = codes[1];
      }
    }
  }
  for (Index z = 0; z < size[2]; ++z) wrap_plane(grid, field, z);
  wrap_ends(grid, field);
  std::array<std::vector<double>, 3> table;
  for (std::size_t k = 0; k < 3; ++k) {
    table[k].assign(256, 0.0);
    for (std::size_t i = 1; i < kinds; ++i) {
      for (std::size_t j = std::max<std::size_t>(i, 2); j < kinds; ++j)
        table[k][static_cast<std::size_t>(codes[i]) + codes[j]] = static_cast<double>((i + j) * (k + 2)) / 10.0;
    }
  }
  return Network(grid, std::move(field), codes, table);
}

Network stored_copy(const Network& network) {
  const SplitGrid& grid = network.grid();
  Network copy(grid);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (Index z = 0; z < grid.size[2] + (axis == 2); ++z) {
      for (Index y = 0; y < grid.size[1] + (axis == 1); ++y) {
        for (Index x = 0; x < grid.size[0] + (axis == 0); ++x)
          copy.set_link(axis, x, y, z, static_cast<float>(network.link(axis, x, y, z)));
      }
    }
  }
  return copy;
}

Network coarse_of(const Network& fine, std::array<bool, 3> is_halved) {
  std::array<Index, 3> size = fine.grid().size;
  for (std::size_t i = 0; i < 3; ++i) {
    if (is_halved[i]) size[i] = (size[i] + 1) / 2;
  }
  Network coarse(SplitGrid(size, fine.grid().wraps));
  coarse_links(fine, is_halved, coarse, 0, size[2]);
  return coarse;
}

TEST(coarse_links, by_table_and_by_formula_are_the_same) {
  for (const std::array<Index, 3> size : {std::array<Index, 3>{8, 6, 10}, {7, 5, 9}, {12, 3, 4}, {2, 2, 2}}) {
    for (const bool is_periodic : {false, true}) {
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const Network fine = coded_network(size, axis, is_periodic, 5);
        const Network by_table = coarse_of(fine, {true, true, true});
        const Network by_formula = coarse_of(stored_copy(fine), {true, true, true});
        const SplitGrid& grid = by_table.grid();
        for (std::size_t k = 0; k < 3; ++k) {
          for (Index z = 0; z < grid.size[2] + (k == 2); ++z) {
            for (Index y = 0; y < grid.size[1] + (k == 1); ++y) {
              for (Index x = 0; x < grid.size[0] + (k == 0); ++x)
                EXPECT_NEAR(by_table.link(k, x, y, z), by_formula.link(k, x, y, z), 1e-5)
                    << size[0] << is_periodic << axis << ' ' << k << ' ' << x << ' ' << y << ' ' << z;
            }
          }
        }
      }
    }
  }
}

TEST(coarse_links, a_uniform_medium_stays_uniform) {
  // Four times the area over twice the length: links double when all axes are halved. At an electrode the floor of the
  // inner links shows: four tubes of a half link (2) and half of an inner one, taken for 2.
  const Network fine = coded_network({8, 8, 8}, 0, false, 3);
  const SplitGrid& grid = fine.grid();
  Network uniform(grid);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (Index z = axis == 2 ? 1 : 0; z < 8; ++z) {
      for (Index y = axis == 1 ? 1 : 0; y < 8; ++y) {
        for (Index x = 0; x < 8 + (axis == 0); ++x)
          uniform.set_link(axis, x, y, z, axis == 0 && (x == 0 || x == 8) ? 2.0f : 1.0f);
      }
    }
  }
  const Network coarse = coarse_of(uniform, {true, true, true});
  EXPECT_NEAR(coarse.link(0, 2, 1, 1), 2.0, 1e-6);
  EXPECT_NEAR(coarse.link(1, 2, 1, 1), 2.0, 1e-6);
  EXPECT_NEAR(coarse.link(2, 2, 1, 1), 2.0, 1e-6);
  EXPECT_EQ(coarse.link(1, 2, 0, 1), 0.0);
  EXPECT_NEAR(coarse.link(0, 0, 1, 1), 4.0 / (1.0 / 2.0 + 0.5 / 2.0), 1e-6);
  EXPECT_NEAR(coarse.link(0, 4, 1, 1), 4.0 / (1.0 / 2.0 + 0.5 / 2.0), 1e-6);
}

}  // namespace
}  // namespace closo::composite::detail
