#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/composite/microstructure.hpp"

namespace closo::composite {
namespace {

TEST(layer_growth, volume_of_a_shell_around_one_sphere) {
  for (const std::size_t n : {40u, 80u}) {
    VoxelImage image = cubic_spheres(n, 0.1);
    const double radius = std::cbrt(3.0 * 0.1 / (4.0 * 3.14159265358979));  // in cells
    LayerGrowth growth;
    growth.thickness = 0.1 * static_cast<double>(n) * image.spacing[0];
    image = grow_layer(std::move(image), 0, {false, true}, growth, 1);
    const double outer = radius + 0.1;
    const double shell = 0.1 * (outer * outer * outer / (radius * radius * radius) - 1.0);
    // Half a voxel of uncertainty in the place of a voxelised surface.
    EXPECT_NEAR(fractions(image)[2] / shell, 1.0, 6.0 / static_cast<double>(n)) << n;
    EXPECT_EQ(image.phases[2], Phase::interphase);
  }
}

TEST(layer_growth, a_wetted_share_scales_the_layer) {
  Grid grid;
  grid.size = {64, 64, 64};
  Spheres model;
  LayerGrowth growth;
  growth.thickness = 2e-9;
  const double whole = fractions(grow_layer(spheres(grid, model), 0, {false, true}, growth, 1))[2];
  growth.wetted_fraction = 0.4;
  EXPECT_NEAR(fractions(grow_layer(spheres(grid, model), 0, {false, true}, growth, 1))[2], 0.4 * whole, 1e-5);
  growth.wetted_fraction = 1.4;
  EXPECT_THROW(grow_layer(spheres(grid, model), 0, {false, true}, growth, 1), base::ParameterError);
  growth.wetted_fraction = 1.0;
  EXPECT_THROW(grow_layer(spheres(grid, model), 7, {false, true}, growth, 1), base::ParameterError);
}

TEST(layer_growth, draining_is_monotone_and_keeps_narrow_pores_when_wetting) {
  Grid grid;
  grid.size = {48, 48, 48};
  Spheres model;
  model.fraction = 0.4;
  const VoxelImage full = spheres(grid, model);
  VoxelImage before = drain(full, 0.8);
  EXPECT_NEAR(fractions(before)[2], 0.2 * 0.6, 1e-5);
  for (const double filling : {0.5, 0.2}) {
    const VoxelImage after = drain(full, filling);
    EXPECT_NEAR(fractions(after)[2], (1.0 - filling) * 0.6, 1e-5);
    std::size_t refilled = 0;
    for (std::size_t i = 0; i < after.labels.size(); ++i) refilled += before.labels[i] == 2 && after.labels[i] != 2;
    // Between two radii voxels are taken by their distance from the wall, so a few may swap.
    EXPECT_LT(static_cast<double>(refilled), 0.01 * static_cast<double>(after.voxels())) << filling;
    before = after;
  }
  const double wet = interface_area_per_volume(drain(full, 0.3, true), Phase::bulk, Phase::insulator);
  const double dry = interface_area_per_volume(drain(full, 0.3, false), Phase::bulk, Phase::insulator);
  EXPECT_GT(wet, dry);
  EXPECT_EQ(drain(full, 1.0).labels, full.labels);
  EXPECT_THROW(drain(full, -0.1), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite
