#include "closo/composite/detail/potential.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "closo/composite/detail/voxel_network.hpp"

namespace closo::composite::detail {
namespace {

struct Problem {
  std::string name;
  VoxelImage image;
  std::vector<double> conductivities;
};

template <class Label>
VoxelImage painted(std::array<std::size_t, 3> size, const Label& label) {
  VoxelImage image;
  image.size = size;
  image.phases = {Phase::bulk, Phase::interphase, Phase::insulator};
  for (std::size_t z = 0; z < size[2]; ++z) {
    for (std::size_t y = 0; y < size[1]; ++y) {
      for (std::size_t x = 0; x < size[0]; ++x) image.labels.push_back(static_cast<std::uint8_t>(label(x, y, z)));
    }
  }
  return image;
}

/// Every voxel drawn for itself: clusters of all sizes, the hardest of all images.
VoxelImage scattered(std::array<std::size_t, 3> size, double bulk, double interphase, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> draw;
  return painted(size, [&](std::size_t, std::size_t, std::size_t) {
    const double value = draw(engine);
    return value < bulk ? 0 : value < bulk + interphase ? 1 : 2;
  });
}

std::vector<Problem> problems() {
  std::vector<Problem> result;
  for (const double insulator : {1e-3, 1e-6}) {
    const std::string contrast = insulator < 1e-4 ? ", insulator 1e-6" : ", insulator 1e-3";
    result.push_back({"half conductor" + contrast, scattered({20, 22, 24}, 0.5, 0.0, 5), {1.0, 1.0, insulator}});
    result.push_back({"three phases" + contrast, scattered({17, 20, 18}, 0.4, 0.3, 6), {1.0, 1e3, insulator}});
    result.push_back({"near the threshold" + contrast, scattered({24, 24, 24}, 0.35, 0.0, 7), {1.0, 1.0, insulator}});
    result.push_back({"few sites" + contrast, scattered({20, 20, 21}, 0.05, 0.0, 8), {1.0, 1.0, insulator}});
    const VoxelImage walls = painted({24, 24, 24}, [](std::size_t x, std::size_t y, std::size_t z) {
      return (x + 2 * y + z) / 2 % 9 < 2 ? 2 : (x / 3 + y / 2 + z) % 3 == 0 ? 1 : 0;
    });
    result.push_back({"tilted walls" + contrast, walls, {1.0, 1e3, insulator}});
    const VoxelImage islands = painted({24, 24, 24}, [](std::size_t x, std::size_t y, std::size_t z) {
      return x % 8 < 5 && y % 8 < 5 && z % 8 < 5 ? 1 : x % 8 < 7 && y % 8 < 7 && z % 8 < 7 ? 2 : 0;
    });
    result.push_back({"islands in shells" + contrast, islands, {1.0, 1e3, insulator}});
  }
  return result;
}

struct Solved {
  VoxelNetwork voxels;
  PotentialResult result;
  std::vector<double> layer_flux;
};

Solved solve(const Problem& problem, std::size_t axis, Boundary boundary, double tolerance, std::size_t threads) {
  SolveOptions options;
  options.axis = axis;
  options.boundary = boundary;
  options.threads = threads;
  Solved solved;
  solved.voxels = make_network(problem.image, problem.conductivities, options);
  const Network& network = solved.voxels.network;
  PotentialOptions solve;
  solve.axis = solved.voxels.axis;
  solve.tolerance = tolerance;
  solve.max_iterations = 3000;
  solve.threads = threads;
  PotentialSolver solver(network, solve);
  solved.result = solver.solve();
  // The currents afresh, link by link.
  const SplitGrid& grid = network.grid();
  const std::size_t along = solve.axis, u = (along + 1) % 3, v = (along + 2) % 3;
  std::array<Index, 3> at{};
  for (at[along] = 0; at[along] < grid.size[along] + (grid.wraps[along] ? 0 : 1); ++at[along]) {
    double flux = 0.0;
    for (at[v] = 0; at[v] < grid.size[v]; ++at[v]) {
      for (at[u] = 0; at[u] < grid.size[u]; ++at[u]) {
        std::array<Index, 3> before = at;
        before[along] -= 1;
        flux +=
            network.link(along, at[0], at[1], at[2]) * (solver.potential().at(grid, before[0], before[1], before[2]) -
                                                        solver.potential().at(grid, at[0], at[1], at[2]));
      }
    }
    solved.layer_flux.push_back(flux);
  }
  return solved;
}

TEST(potential, a_converged_result_is_as_good_as_its_tolerance) {
  for (const Problem& problem : problems()) {
    for (const Boundary boundary : {Boundary::electrodes, Boundary::periodic}) {
      const Solved fast = solve(problem, 2, boundary, 1e-6, 2), good = solve(problem, 2, boundary, 1e-9, 1);
      const std::string what = problem.name + (boundary == Boundary::periodic ? ", periodic" : "");
      ASSERT_TRUE(fast.result.is_converged && good.result.is_converged) << what;
      EXPECT_NEAR(fast.result.energy / good.result.energy, 1.0, 1e-6) << what;
      EXPECT_NEAR(fast.result.flux / good.result.flux, 1.0, 2e-6) << what;
    }
  }
}

TEST(potential, the_same_current_flows_through_all_layers_on_every_axis) {
  const Problem problem{"three phases", scattered({14, 18, 16}, 0.5, 0.2, 3), {1.0, 100.0, 1e-4}};
  for (const Boundary boundary : {Boundary::electrodes, Boundary::periodic}) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (const std::size_t threads : {1, 3}) {
        const Solved solved = solve(problem, axis, boundary, 1e-6, threads);
        EXPECT_TRUE(solved.result.is_converged);
        EXPECT_LE(solved.result.flux_imbalance, 1e-6);
        EXPECT_EQ(solved.layer_flux.size(), problem.image.size[axis] + (boundary == Boundary::periodic ? 0 : 1));
        for (const double flux : solved.layer_flux) EXPECT_NEAR(flux / solved.result.energy, 1.0, 2e-6);
      }
    }
  }
}

TEST(potential, going_on_lowers_the_energy_and_counts_on) {
  const Problem problem{"three phases", scattered({20, 20, 20}, 0.5, 0.2, 3), {1.0, 100.0, 1e-4}};
  SolveOptions options;
  options.axis = 2;
  const VoxelNetwork voxels = make_network(problem.image, problem.conductivities, options);
  PotentialOptions solve;
  solve.axis = voxels.axis;
  solve.tolerance = 1e-3;
  PotentialSolver solver(voxels.network, solve);
  const PotentialResult first = solver.solve(), second = solver.go_on(1e-8);
  EXPECT_TRUE(first.is_converged && second.is_converged);
  EXPECT_LT(second.energy, first.energy);
  EXPECT_GT(second.iterations, first.iterations);
  EXPECT_LE(second.relative_residual, 1e-8);
}

}  // namespace
}  // namespace closo::composite::detail
