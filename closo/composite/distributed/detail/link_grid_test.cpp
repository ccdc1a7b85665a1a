#include "closo/composite/distributed/detail/link_grid.hpp"

#include <gtest/gtest.h>

#include "closo/composite/distributed/ranks_test.hpp"

namespace closo::composite::distributed::detail {
namespace {

TEST(LinkGrid, ScaleTurnsAUniformBlockIntoItsConductivity) {
  // n layers in series between half cells: conductance of every column 1/n of a link.
  const std::array<std::size_t, 3> size{3, 4, 5};
  const std::array<double, 3> spacing{1.0, 2.0, 0.5};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const LinkScale scale = make_scale(size, spacing, axis, std::array<double, 2>{4.0, 1.0}, 4.0);
    const double columns = 60.0 / static_cast<double>(size[axis]);
    const double conductance = columns * scale.factor[axis] / static_cast<double>(size[axis]);
    EXPECT_NEAR(conductance * scale.to_conductivity, 4.0, 1e-12);
    EXPECT_EQ(scale.relative, (std::vector<double>{1.0, 0.25}));
    EXPECT_EQ(scale.factor[2], 1.0);
    EXPECT_EQ(scale.factor[1], 0.0625);
  }
}

TEST(LinkGrid, LinksAreHarmonicAndEqualFromBothSides) {
  const World& world = test_world();
  // Label of a voxel: parity of its global z; one rank a layer pair.
  const std::array<std::size_t, 3> size{2, 2, 2 * world.ranks()}, parts{1, 1, world.ranks()};
  const Brick brick = brick_of(size, parts, world.rank());
  std::vector<std::uint8_t> labels;
  for (std::size_t i = 0; i < brick.voxels(); ++i) labels.push_back(static_cast<std::uint8_t>(i / 4));
  const LinkScale scale = make_scale(size, {1.0, 1.0, 1.0}, 2, std::array<double, 2>{1.0, 3.0}, 3.0);
  const LinkGrid grid(world, brick, neighbours_of(parts, world.rank()), scale, labels);
  const double third = 1.0 / 3.0, across = 2.0 * third / (1.0 + third);
  const Links low = grid.at({0, 0, 0}), high = grid.at({1, 1, 1});
  EXPECT_EQ(low.low_electrode, world.rank() == 0);
  EXPECT_EQ(high.high_electrode, world.rank() + 1 == world.ranks());
  EXPECT_FALSE(low.high_electrode || high.low_electrode);
  EXPECT_NEAR(low.conductance[5], across, 1e-15);
  EXPECT_EQ(high.conductance[4], low.conductance[5]);
  EXPECT_NEAR(low.conductance[4], low.low_electrode ? 2.0 * third : across, 1e-15);
  EXPECT_NEAR(high.conductance[5], high.high_electrode ? 2.0 : across, 1e-15);
  EXPECT_EQ(low.conductance[0], 0.0);
  EXPECT_NEAR(low.conductance[1], third, 1e-15);
  EXPECT_EQ(high.conductance[3], 0.0);
  EXPECT_NEAR(high.conductance[2], 1.0, 1e-15);
}

TEST(LinkGrid, InsulatorsHaveNoLinks) {
  const World& world = test_world();
  const std::array<std::size_t, 3> size{1, 1, 2 * world.ranks()}, parts{1, 1, world.ranks()};
  const Brick brick = brick_of(size, parts, world.rank());
  const std::vector<std::uint8_t> labels{0, 1};
  const LinkScale scale = make_scale(size, {1.0, 1.0, 1.0}, 2, std::array<double, 2>{0.0, 3.0}, 3.0);
  const LinkGrid grid(world, brick, neighbours_of(parts, world.rank()), scale, labels);
  for (const double c : grid.at({0, 0, 0}).conductance) EXPECT_EQ(c, 0.0);
}

}  // namespace
}  // namespace closo::composite::distributed::detail
