#include "closo/composite/detail/multigrid.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace closo::composite::detail {
namespace {

/// Random links over three decades; with grounds (links to ghosts) at both ends of x unless periodic.
Network random_network(std::array<Index, 3> size, bool is_periodic, unsigned seed) {
  const SplitGrid grid(size, {is_periodic, is_periodic, is_periodic});
  Network network(grid);
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> decade(-3.0, 0.0);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const Index low = axis == 0 || is_periodic ? 0 : 1;
    std::array<Index, 3> from{}, to = size, at{};
    from[axis] = low;
    if (axis == 0 && !is_periodic) to[axis] += 1;
    for (at[2] = from[2]; at[2] < to[2]; ++at[2]) {
      for (at[1] = from[1]; at[1] < to[1]; ++at[1]) {
        for (at[0] = from[0]; at[0] < to[0]; ++at[0]) {
          const auto value = static_cast<float>(std::pow(10.0, decade(engine)));
          network.set_link(axis, at[0], at[1], at[2], value);
          if (!is_periodic || at[axis] != 0) continue;
          std::array<Index, 3> last = at;
          last[axis] = size[axis];
          network.set_link(axis, last[0], last[1], last[2], value);
        }
      }
    }
  }
  return network;
}

class Cycle {
 public:
  Cycle(const Network& network, std::size_t threads)
      : grid_(network.grid()), threads_(threads), multigrid_(network, threads) {}
  Multigrid& multigrid() { return multigrid_; }
  std::vector<double> operator()(const std::vector<double>& r) {
    std::size_t i = 0;
    each([&](Index x, Index y, Index z) { multigrid_.r().at(grid_, x, y, z) = static_cast<float>(r[i++]); });
    run_team(threads_, [&](Worker& worker) {
      Scratch scratch(grid_.size[0]);
      multigrid_.cycle(worker, scratch, {}, {});
    });
    std::vector<double> result;
    each([&](Index x, Index y, Index z) { result.push_back(static_cast<double>(multigrid_.z().at(grid_, x, y, z))); });
    return result;
  }

 private:
  template <class Act>
  void each(const Act& act) {
    for (Index z = 0; z < grid_.size[2]; ++z) {
      for (Index y = 0; y < grid_.size[1]; ++y) {
        for (Index x = 0; x < grid_.size[0]; ++x) act(x, y, z);
      }
    }
  }
  const SplitGrid& grid_;
  std::size_t threads_;
  Multigrid multigrid_;
};

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

std::vector<double> random_vector(std::size_t n, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> draw;
  std::vector<double> result(n);
  double mean = 0.0;
  for (double& value : result) {
    value = draw(engine);
    mean += value / static_cast<double>(n);
  }
  // Periodic networks take only sources that add to zero.
  for (double& value : result) value -= mean;
  return result;
}

TEST(multigrid, cycle_is_symmetric_positive_and_the_same_on_every_number_of_threads) {
  for (const std::array<Index, 3> size :
       {std::array<Index, 3>{16, 16, 16}, {13, 10, 11}, {40, 3, 7}, {9, 1, 12}, {3, 2, 2}}) {
    for (const bool is_periodic : {false, true}) {
      const Network network = random_network(size, is_periodic, 2);
      Cycle one(network, 1), three(network, 3);
      const auto n = static_cast<std::size_t>(network.grid().cells());
      const std::vector<double> a = random_vector(n, 1), b = random_vector(n, 2);
      const std::vector<double> ma = one(a), mb = one(b);
      EXPECT_GT(dot(a, ma), 0.0);
      EXPECT_GT(dot(b, mb), 0.0);
      const double scale = std::sqrt(dot(a, ma) * dot(b, mb));
      EXPECT_NEAR(dot(a, mb) / scale, dot(b, ma) / scale, 1e-4) << size[0] << is_periodic;
      const std::vector<double> other = three(a);
      double difference = 0.0;
      for (std::size_t i = 0; i < n; ++i) difference = std::max(difference, std::abs(other[i] - ma[i]));
      EXPECT_LT(difference, 1e-4 * std::sqrt(dot(ma, ma)));
    }
  }
}

TEST(multigrid, cycle_stays_symmetric_positive_on_islands_behind_an_insulator) {
  // The sum of a hundred float residuals decides on the potential of an island that has 1e-9 of their links outwards.
  const std::array<Index, 3> size{48, 48, 48};
  const SplitGrid grid(size, {});
  Network network(grid);
  const auto is_island = [](Index x, Index y, Index z) { return x % 12 < 9 && y % 12 < 9 && z % 12 < 9; };
  for (std::size_t axis = 0; axis < 3; ++axis) {
    std::array<Index, 3> at{};
    for (at[2] = axis == 2; at[2] < 48; ++at[2]) {
      for (at[1] = axis == 1; at[1] < 48; ++at[1]) {
        for (at[0] = 0; at[0] < 48 + (axis == 0); ++at[0]) {
          std::array<Index, 3> low = at;
          low[axis] -= 1;
          const bool joins =
              at[axis] > 0 && at[axis] < 48 && is_island(at[0], at[1], at[2]) && is_island(low[0], low[1], low[2]);
          network.set_link(axis, at[0], at[1], at[2], joins ? 1.0f : 1e-9f);
        }
      }
    }
  }
  Cycle cycle(network, 2);
  const std::vector<double> a = random_vector(48 * 48 * 48, 5), ma = cycle(a);
  // A smooth potential and what it draws.
  std::vector<double> b = ma;
  const std::vector<double> mma = cycle(b);
  EXPECT_GT(dot(a, ma), 0.0);
  EXPECT_GT(dot(b, mma), 0.0);
  EXPECT_NEAR(dot(a, mma) / dot(b, ma), 1.0, 1e-4);
}

TEST(multigrid, cycle_is_symmetric_positive_on_scattered_conductors) {
  for (const bool is_periodic : {false, true}) {
    const std::array<Index, 3> size{24, 22, 26};
    const SplitGrid grid(size, {is_periodic, is_periodic, is_periodic});
    std::mt19937_64 engine(4);
    std::vector<int> conducts(24 * 22 * 26);
    for (int& value : conducts) value = engine() % 6 == 0 ? 1 : 0;
    const auto is_conductor = [&](std::array<Index, 3> at) {
      for (std::size_t axis = 0; axis < 3; ++axis) at[axis] = (at[axis] + size[axis]) % size[axis];
      return conducts[static_cast<std::size_t>(at[0] + 24 * (at[1] + 22 * at[2]))] == 1;
    };
    Network network(grid);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      std::array<Index, 3> at{};
      for (at[2] = 0; at[2] < size[2] + (axis == 2); ++at[2]) {
        for (at[1] = 0; at[1] < size[1] + (axis == 1); ++at[1]) {
          for (at[0] = 0; at[0] < size[0] + (axis == 0); ++at[0]) {
            const bool is_end = at[axis] == 0 || at[axis] == size[axis];
            if (is_end && !is_periodic && axis != 0) continue;
            std::array<Index, 3> low = at;
            low[axis] -= 1;
            const bool joins = is_conductor(at) && is_conductor(low) && (is_periodic || !is_end);
            network.set_link(axis, at[0], at[1], at[2], joins ? 1.0f : 1e-5f);
          }
        }
      }
    }
    Cycle one(network, 1), three(network, 3);
    const std::vector<double> a = random_vector(conducts.size(), 1), b = random_vector(conducts.size(), 2);
    const std::vector<double> ma = one(a), mb = one(b), other = three(a);
    EXPECT_GT(dot(a, ma), 0.0);
    EXPECT_GT(dot(b, mb), 0.0);
    const double scale = std::sqrt(dot(a, ma) * dot(b, mb));
    EXPECT_NEAR(dot(a, mb) / scale, dot(b, ma) / scale, 1e-4) << is_periodic;
    double difference = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) difference = std::max(difference, std::abs(other[i] - ma[i]));
    EXPECT_LT(difference, 1e-4 * std::sqrt(dot(ma, ma)));
  }
}

TEST(multigrid, a_network_of_one_level_is_solved_exactly) {
  const Network network = random_network({4, 4, 4}, false, 9);
  Cycle solve(network, 1);
  EXPECT_EQ(solve.multigrid().levels(), 1u);
  const std::vector<double> r = random_vector(64, 3), z = solve(r);
  const SplitGrid& grid = network.grid();
  std::size_t i = 0;
  for (Index zz = 0; zz < 4; ++zz) {
    for (Index y = 0; y < 4; ++y) {
      for (Index x = 0; x < 4; ++x, ++i) {
        double outflow = 0.0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
          for (const Index side : {0, 1}) {
            std::array<Index, 3> upper{x, y, zz}, next{x, y, zz};
            upper[axis] += side;
            next[axis] += 2 * side - 1;
            const bool is_outside = next[axis] < 0 || next[axis] >= grid.size[axis];
            const double other = is_outside ? 0.0 : z[static_cast<std::size_t>(next[0] + 4 * (next[1] + 4 * next[2]))];
            outflow += network.link(axis, upper[0], upper[1], upper[2]) * (z[i] - other);
          }
        }
        EXPECT_NEAR(outflow, r[i], 1e-4);
      }
    }
  }
}

}  // namespace
}  // namespace closo::composite::detail
