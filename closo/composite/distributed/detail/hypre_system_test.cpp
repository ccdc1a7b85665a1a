#include "closo/composite/distributed/detail/hypre_system.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "closo/composite/distributed/ranks_test.hpp"

namespace closo::composite::distributed::detail {
namespace {

TEST(HypreSystem, SolvesARodBetweenTwoEnds) {
  // −φ(z−1) + 2 φ(z) − φ(z+1) = 0 with φ = 1 below and 0 above; a column of zero links stands beside it.
  const World& world = test_world();
  const std::size_t n = 5 * world.ranks();
  const Brick brick = brick_of({2, 1, n}, {1, 1, world.ranks()}, world.rank());
  HypreSystem system(world, brick);
  for (std::size_t z = 0; z < brick.size[2]; ++z) {
    const bool is_first = brick.from[2] + z == 0;
    const std::vector<double> diagonal{2.0, 1.0}, none{0.0, 0.0}, low_z{is_first ? 0.0 : -1.0, 0.0},
        right{is_first ? 1.0 : 0.0, 0.0};
    system.set_rows(z, {diagonal, none, none, low_z, right});
    system.set_start(z, none);
  }
  system.assemble();
  EXPECT_GT(system.solve(1e-12, 200), 0U);
  for (std::size_t z = 0; z < brick.size[2]; ++z) {
    std::vector<double> values(2, 9.0);
    system.get_solution(z, values);
    const double depth = static_cast<double>(brick.from[2] + z + 1) / static_cast<double>(n + 1);
    EXPECT_NEAR(values[0], 1.0 - depth, 1e-9);
    EXPECT_NEAR(values[1], 0.0, 1e-12);
  }
  EXPECT_LE(system.solve(1e-6, 200), 1U) << "it goes on from the solution";
}

TEST(HypreSystem, StopsAfterTheIterationsAllowed) {
  const World& world = test_world();
  const Brick brick = brick_of({8, 8, 8 * world.ranks()}, {1, 1, world.ranks()}, world.rank());
  HypreSystem system(world, brick);
  const std::size_t plane = 64;
  for (std::size_t z = 0; z < brick.size[2]; ++z) {
    std::vector<double> diagonal(plane, 6.1), low_x(plane, -1.0), low_y(plane, -1.0), right(plane), start(plane, 0.0);
    const std::vector<double> low_z(plane, brick.from[2] + z == 0 ? 0.0 : -1.0);
    for (std::size_t i = 0; i < plane; ++i) {
      if (i % 8 == 0) low_x[i] = 0.0;
      if (i < 8) low_y[i] = 0.0;
      right[i] = std::sin(1.0 + static_cast<double>(i * i) + static_cast<double>(brick.from[2] + z));
    }
    system.set_rows(z, {diagonal, low_x, low_y, low_z, right});
    system.set_start(z, start);
  }
  system.assemble();
  EXPECT_EQ(system.solve(1e-14, 1), 1U);
  EXPECT_GT(HypreSystem::most_unknowns(), 2e9);
}

}  // namespace
}  // namespace closo::composite::distributed::detail
