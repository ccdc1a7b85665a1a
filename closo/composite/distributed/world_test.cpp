#include "closo/composite/distributed/world.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/composite/distributed/ranks_test.hpp"

namespace closo::composite::distributed {
namespace {

// Set once by main() below, which also ends it: MPI can be started only once a process.
const World* the_world = nullptr;

TEST(World, RanksAreCounted) {
  const World& world = test_world();
  EXPECT_LT(world.rank(), world.ranks());
  EXPECT_GE(world.ranks_on_host(), 1U);
  EXPECT_LE(world.ranks_on_host(), world.ranks());
  const double n = static_cast<double>(world.ranks());
  EXPECT_EQ(world.sum(static_cast<double>(world.rank())), 0.5 * n * (n - 1.0));
  EXPECT_EQ(world.largest(-static_cast<double>(world.rank())), 0.0);
  std::array<double, 2> values{1.0, static_cast<double>(world.rank() + 1)};
  world.sum(values);
  EXPECT_EQ(values[0], n);
  EXPECT_EQ(values[1], 0.5 * n * (n + 1.0));
  EXPECT_TRUE(world.any(world.rank() + 1 == world.ranks()));
  EXPECT_FALSE(world.any(false));
}

TEST(World, ShiftMovesBytesToTheNextRank) {
  const World& world = test_world();
  std::optional<std::size_t> next, previous;
  if (world.rank() + 1 < world.ranks()) next = world.rank() + 1;
  if (world.rank() > 0) previous = world.rank() - 1;
  const std::vector<std::uint32_t> out(1000, static_cast<std::uint32_t>(world.rank()));
  std::vector<std::uint32_t> in(previous ? 1000 : 0, 99);
  world.shift(std::as_bytes(std::span(out)), next, std::as_writable_bytes(std::span(in)), previous);
  if (previous) {
    EXPECT_EQ(in, std::vector<std::uint32_t>(1000, static_cast<std::uint32_t>(*previous)));
  }
}

TEST(World, ErrorsOfOneRankReachAll) {
  const World& world = test_world();
  const bool is_last = world.rank() + 1 == world.ranks();
  EXPECT_NO_THROW(world.together([] {}));
  try {
    world.together([&] {
      if (is_last) throw base::InputError({"a.raw", 3, 4}, "too short", "more");
    });
    FAIL() << "nothing thrown";
  } catch (const base::InputError& error) {
    EXPECT_EQ(error.place(), (base::Place{"a.raw", 3, 4}));
    EXPECT_EQ(error.problem(), "too short");
    EXPECT_EQ(error.expected(), "more");
  }
  try {
    world.together([&] {
      if (is_last) throw base::ParameterError("axis", "", "0, 1 or 2");
    });
    FAIL() << "nothing thrown";
  } catch (const base::ParameterError& error) {
    EXPECT_EQ(error.name(), "axis");
    EXPECT_EQ(error.value(), "");
    EXPECT_EQ(error.allowed(), "0, 1 or 2");
  }
  EXPECT_THROW(world.together([&] {
    if (is_last) throw base::NumericsError("singular");
  }),
               base::NumericsError);
  EXPECT_THROW(world.together([&] {
    if (is_last) throw std::bad_alloc();
  }),
               base::NumericsError);
  EXPECT_THROW(world.together([&] {
    if (is_last) throw std::logic_error("odd");
  }),
               base::InternalError);
}

TEST(World, TheLowestRankThatFailsIsHeard) {
  const World& world = test_world();
  try {
    world.together([&] { throw base::NumericsError("rank " + std::to_string(world.rank())); });
    FAIL() << "nothing thrown";
  } catch (const base::NumericsError& error) {
    EXPECT_STREQ(error.what(), "rank 0");
  }
}

}  // namespace

const World& test_world() { return *the_world; }

}  // namespace closo::composite::distributed

int main(int argc, char** argv) {
  const closo::composite::distributed::World world(argc, argv);
  closo::composite::distributed::the_world = &world;
  testing::InitGoogleTest(&argc, argv);
  const int failed = RUN_ALL_TESTS();
  return world.any(failed != 0) ? 1 : 0;
}
