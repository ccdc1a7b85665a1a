#include <gtest/gtest.h>

#include <numbers>

#include "closo/base/error.hpp"
#include "closo/composite/microstructure.hpp"

namespace closo::composite {
namespace {

TEST(regular_structures, layers_have_their_shares_on_every_axis) {
  Grid grid;
  grid.size = {20, 10, 40};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const VoxelImage image = layers(grid, {0.3, 0.5, 0.2}, axis, {Phase::bulk, Phase::insulator, Phase::carbon});
    const std::vector<double> shares = fractions(image);
    EXPECT_DOUBLE_EQ(shares[0], 0.3);
    EXPECT_DOUBLE_EQ(shares[1], 0.5);
    EXPECT_DOUBLE_EQ(shares[2], 0.2);
  }
  EXPECT_THROW(layers(grid, {0.5}, 0, {Phase::bulk}), base::ParameterError);
  EXPECT_THROW(layers(grid, {0.5, 0.5}, 3, {Phase::bulk, Phase::carbon}), base::ParameterError);
  EXPECT_THROW(layers(grid, {0.5, 0.5}, 0, {Phase::bulk}), base::ParameterError);
}

TEST(regular_structures, channels_have_the_porosity_of_a_hexagonal_lattice) {
  Grid grid;
  grid.size = {160, 160, 2};
  grid.voxel = 0.25e-9;
  Channels model;
  const double ratio = model.pore_diameter / (model.pore_diameter + model.wall_thickness);
  const double porosity = std::numbers::pi / (2.0 * std::numbers::sqrt3) * ratio * ratio;
  EXPECT_NEAR(fractions(channels(grid, model))[0], porosity, 0.01);
  model.wall_thickness = 0.0;
  EXPECT_THROW(channels(grid, model), base::ParameterError);
}

TEST(regular_structures, cubic_arrays_approach_their_fraction) {
  for (const int lattice : {0, 1, 2}) {
    EXPECT_NEAR(fractions(cubic_spheres(64, 0.3, lattice))[1], 0.3, 2e-3) << lattice;
    EXPECT_NEAR(fractions(cubic_spheres(128, 0.3, lattice))[1], 0.3, 6e-4) << lattice;
  }
  EXPECT_THROW(cubic_spheres(16, 0.6, 0), base::ParameterError);
  EXPECT_THROW(cubic_spheres(16, 0.3, 3), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite
