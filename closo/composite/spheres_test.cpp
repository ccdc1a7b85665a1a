#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "closo/base/error.hpp"
#include "closo/composite/components.hpp"
#include "closo/composite/microstructure.hpp"

namespace closo::composite {
namespace {

Grid grid(std::size_t n, std::uint64_t seed = 1) {
  Grid result;
  result.size = {n, n, n};
  result.seed = seed;
  return result;
}

TEST(spheres, meet_the_fraction_to_the_voxel) {
  for (const bool overlapping : {true, false}) {
    for (const double cluster : {0.0, 12e-9}) {
      Spheres model;
      model.fraction = 0.2;
      model.radius = 4e-9;
      model.overlapping = overlapping;
      model.cluster_radius = cluster;
      model.log_standard_deviation = 0.2;
      const VoxelImage image = spheres(grid(48), model);
      EXPECT_NO_THROW(check(image));
      EXPECT_NEAR(fractions(image)[1], 0.2, 0.5 / (48.0 * 48.0 * 48.0)) << overlapping << cluster;
    }
  }
}

TEST(spheres, one_seed_one_image) {
  Spheres model;
  EXPECT_EQ(spheres(grid(32, 5), model).labels, spheres(grid(32, 5), model).labels);
  EXPECT_NE(spheres(grid(32, 5), model).labels, spheres(grid(32, 6), model).labels);
}

TEST(spheres, overlapping_ones_have_the_two_point_function_of_a_boolean_model) {
  // P(both points in the matrix) = exp(−n V_union(r)); Torquato 2002, eq. 5.27. The fraction of the conductor is its
  // value at r = 0. Standard error over eight images of 64³ with radius 5: about 0.004.
  constexpr double radius = 5.0;
  Spheres model;
  model.fraction = 0.4;
  model.radius = radius * 1e-9;
  const double volume = 4.0 / 3.0 * std::numbers::pi * radius * radius * radius;
  const double density = -std::log(1.0 - model.fraction) / volume;
  for (const std::size_t distance : {2u, 5u, 9u}) {
    double sum = 0.0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      const VoxelImage image = spheres(grid(64, seed), model);
      std::size_t both = 0;
      for (std::size_t z = 0; z < 64; ++z) {
        for (std::size_t y = 0; y < 64; ++y) {
          for (std::size_t x = 0; x < 64; ++x)
            both +=
                image.labels[image.index(x, y, z)] == 0 && image.labels[image.index((x + distance) % 64, y, z)] == 0;
        }
      }
      sum += static_cast<double>(both) / static_cast<double>(image.voxels());
    }
    const double r = static_cast<double>(distance);
    const double overlap =
        r < 2.0 * radius ? volume * (1.0 - 0.75 * r / radius + r * r * r / (16.0 * radius * radius * radius)) : 0.0;
    EXPECT_NEAR(sum / 8.0, std::exp(-density * (2.0 * volume - overlap)), 0.012) << distance;
  }
}

TEST(spheres, non_overlapping_ones_do_not_overlap) {
  // Separate spheres: the area per volume is 3 f/R, above that of overlapping ones.
  Spheres model;
  model.fraction = 0.3;
  model.radius = 6e-9;
  model.overlapping = false;
  const VoxelImage image = spheres(grid(72), model);
  EXPECT_NEAR(interface_area_per_volume(image, Phase::bulk, Phase::insulator) * model.radius / (3.0 * 0.3), 1.0, 0.06);
}

TEST(spheres, more_than_random_addition_can_hold_says_what_was_reached) {
  Spheres model;
  model.fraction = 0.6;
  model.radius = 5e-9;
  model.overlapping = false;
  try {
    spheres(grid(40), model);
    FAIL();
  } catch (const base::NumericsError& error) {
    EXPECT_NE(std::string(error.what()).find("of 60 vol%"), std::string::npos) << error.what();
  }
}

TEST(spheres, clusters_leave_more_of_the_conductor_untouched) {
  Spheres model;
  model.fraction = 0.15;
  model.radius = 3e-9;
  const double apart = interface_area_per_volume(spheres(grid(64), model), Phase::bulk, Phase::insulator);
  model.cluster_radius = 15e-9;
  const double clustered = interface_area_per_volume(spheres(grid(64), model), Phase::bulk, Phase::insulator);
  EXPECT_LT(clustered, 0.9 * apart);
}

/// Mean fraction of the spheres at which boxes of 16 radii begin to span.
double spanning_fraction(std::size_t radius, std::uint64_t boxes) {
  constexpr std::array<bool, 2> oxide{false, true};
  double sum = 0.0;
  for (std::uint64_t seed = 1; seed <= boxes; ++seed) {
    double low = 0.15, high = 0.45;
    while (high - low > 4e-3) {
      Spheres model;
      model.fraction = 0.5 * (low + high);
      model.radius = 1e-9 * static_cast<double>(radius);
      (percolation(spheres(grid(16 * radius, seed), model), oxide, 0).spans ? high : low) = model.fraction;
    }
    sum += 0.5 * (low + high);
  }
  return sum / static_cast<double>(boxes);
}

TEST(spheres, percolation_threshold_of_overlapping_spheres) {
  // 0.28957 (C. D. Lorenz, R. M. Ziff, J. Chem. Phys. 114 (2001) 3659). Voxels join spheres across gaps below one
  // voxel, which lowers the threshold in proportion to voxel/radius: two resolutions of the same spheres (the seed
  // fixes their places in units of the box) give the limit. Standard error of ten boxes about 0.01, and the finite box.
  const double coarse = spanning_fraction(3, 10), fine = spanning_fraction(6, 10);
  EXPECT_LT(coarse, fine);
  EXPECT_NEAR(2.0 * fine - coarse, 0.28957, 0.03);
}

TEST(spheres, impossible_values_are_refused) {
  Spheres model;
  model.fraction = -0.1;
  EXPECT_THROW(spheres(grid(8), model), base::ParameterError);
  model = {};
  model.radius = 0.0;
  EXPECT_THROW(spheres(grid(8), model), base::ParameterError);
  model = {};
  model.cluster_radius = 1e-9;
  EXPECT_THROW(spheres(grid(8), model), base::ParameterError);
  Grid empty = grid(8);
  empty.size[1] = 0;
  EXPECT_THROW(spheres(empty, {}), base::ParameterError);
  empty = grid(8);
  empty.voxel = 0.0;
  EXPECT_THROW(spheres(empty, {}), base::ParameterError);
  empty = grid(8);
  empty.size = {100000, 100000, 100000};
  EXPECT_THROW(spheres(empty, {}), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite
