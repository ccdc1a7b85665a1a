#include "closo/composite/distributed/brick.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "closo/base/error.hpp"

namespace closo::composite::distributed {
namespace {

using Size = std::array<std::size_t, 3>;

TEST(Brick, EveryVoxelBelongsToOneRank) {
  for (const Size size : {Size{5, 7, 9}, Size{1, 1, 12}, Size{8, 8, 8}}) {
    for (const Size parts : {Size{1, 1, 1}, Size{1, 1, 4}, Size{1, 1, 12}, Size{3, 2, 2}, Size{5, 7, 9}}) {
      if (parts[0] > size[0] || parts[1] > size[1] || parts[2] > size[2]) continue;
      std::vector<int> owners(size[0] * size[1] * size[2], 0);
      for (std::size_t rank = 0; rank < parts[0] * parts[1] * parts[2]; ++rank) {
        const Brick brick = brick_of(size, parts, rank);
        EXPECT_GE(brick.voxels(), 1U);
        for (std::size_t z = 0; z < brick.size[2]; ++z) {
          for (std::size_t y = 0; y < brick.size[1]; ++y) {
            for (std::size_t x = 0; x < brick.size[0]; ++x)
              ++owners.at(brick.from[0] + x + size[0] * (brick.from[1] + y + size[1] * (brick.from[2] + z)));
          }
        }
      }
      EXPECT_EQ(owners, std::vector<int>(owners.size(), 1));
    }
  }
}

TEST(Brick, NeighboursTouchAndKnowEachOther) {
  const Size size{7, 8, 9}, parts{2, 3, 4};
  for (std::size_t rank = 0; rank < 24; ++rank) {
    const Brick own = brick_of(size, parts, rank);
    const auto neighbours = neighbours_of(parts, rank);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      EXPECT_EQ(neighbours[2 * axis].has_value(), own.from[axis] > 0);
      EXPECT_EQ(neighbours[2 * axis + 1].has_value(), own.from[axis] + own.size[axis] < size[axis]);
      if (!neighbours[2 * axis + 1]) continue;
      const std::size_t next = *neighbours[2 * axis + 1];
      EXPECT_EQ(neighbours_of(parts, next)[2 * axis], rank);
      Brick expected = brick_of(size, parts, next);
      EXPECT_EQ(expected.from[axis], own.from[axis] + own.size[axis]);
      expected.from[axis] = own.from[axis];
      expected.size[axis] = own.size[axis];
      EXPECT_EQ(expected, own);
    }
  }
}

TEST(Brick, PartsHaveTheLeastAreaBetweenThem) {
  EXPECT_EQ(choose_parts({64, 64, 64}, 1), (Size{1, 1, 1}));
  EXPECT_EQ(choose_parts({64, 64, 64}, 2), (Size{1, 1, 2}));
  EXPECT_EQ(choose_parts({64, 64, 64}, 4), (Size{1, 2, 2}));
  EXPECT_EQ(choose_parts({64, 64, 64}, 8), (Size{2, 2, 2}));
  EXPECT_EQ(choose_parts({64, 64, 64}, 3), (Size{1, 1, 3}));
  EXPECT_EQ(choose_parts({1000, 10, 10}, 4), (Size{4, 1, 1}));
  EXPECT_EQ(choose_parts({4096, 4096, 4096}, 512), (Size{8, 8, 8}));
}

TEST(Brick, RefusesPartsWithoutVoxels) {
  EXPECT_THROW(choose_parts({4, 4, 4}, 7), base::ParameterError);
  EXPECT_THROW(choose_parts({4, 4, 4}, 0), base::ParameterError);
  EXPECT_NO_THROW(check_parts({4, 4, 4}, {1, 2, 2}, 4));
  EXPECT_THROW(check_parts({4, 4, 4}, {1, 2, 2}, 3), base::ParameterError);
  EXPECT_THROW(check_parts({4, 4, 4}, {1, 1, 5}, 5), base::ParameterError);
  EXPECT_THROW(check_parts({4, 4, 4}, {0, 1, 1}, 0), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite::distributed
