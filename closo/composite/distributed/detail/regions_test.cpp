#include "closo/composite/distributed/detail/regions.hpp"

#include <gtest/gtest.h>

#include "closo/composite/distributed/ranks_test.hpp"

namespace closo::composite::distributed::detail {
namespace {

// One rank a plane pair along z; label 1 conducts.
constexpr std::array<bool, 2> conducts{false, true};

struct Case {
  std::array<std::size_t, 3> size{4, 3, 0}, parts{1, 1, 0};
  Brick brick;
  std::vector<std::uint8_t> labels;

  Case() {
    size[2] = 2 * test_world().ranks();
    parts[2] = test_world().ranks();
    brick = brick_of(size, parts, test_world().rank());
    labels.assign(brick.voxels(), 0);
  }
  Regions remove(std::size_t axis) {
    return remove_unconnected(test_world(), size, brick, neighbours_of(parts, test_world().rank()), axis, conducts, 0,
                              labels);
  }
  void set(std::array<std::size_t, 3> at) {
    if (at[2] < brick.from[2] || at[2] >= brick.from[2] + brick.size[2]) return;
    at[2] -= brick.from[2];
    labels[brick.index(at)] = 1;
  }
};

TEST(Regions, AColumnThroughAllRanksStays) {
  Case column;
  for (std::size_t z = 0; z < column.size[2]; ++z) column.set({1, 1, z});
  column.set({3, 0, 0});
  const std::vector<std::uint8_t> before = column.labels;
  const Regions found = column.remove(2);
  EXPECT_TRUE(found.has_path);
  EXPECT_EQ(found.removed_cells, 1U);
  EXPECT_LE(found.rounds, test_world().ranks() + 1);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool is_island = column.brick.from[2] == 0 && i == 3;
    EXPECT_EQ(column.labels[i], is_island ? 0 : before[i]);
  }
}

TEST(Regions, ABrokenColumnGoes) {
  Case column;
  for (std::size_t z = 0; z + 1 < column.size[2]; ++z) column.set({1, 1, z});
  column.set({2, 1, column.size[2] - 1});
  const Regions found = column.remove(2);
  EXPECT_FALSE(found.has_path);
  EXPECT_EQ(found.removed_cells, column.size[2]);
  EXPECT_EQ(column.labels, std::vector<std::uint8_t>(column.brick.voxels(), 0));
}

TEST(Regions, ARowOnOneRankIsAPathForAll) {
  Case row;
  for (std::size_t x = 0; x < 4; ++x) row.set({x, 2, row.size[2] - 1});
  EXPECT_TRUE(row.remove(0).has_path);
  Case again;
  for (std::size_t x = 0; x < 4; ++x) again.set({x, 2, again.size[2] - 1});
  EXPECT_FALSE(again.remove(1).has_path);
}

}  // namespace
}  // namespace closo::composite::distributed::detail
