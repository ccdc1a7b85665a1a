#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "closo/base/error.hpp"
#include "closo/composite/microstructure.hpp"

namespace closo::composite {
namespace {

TEST(polycrystal, boundaries_take_the_area_of_voronoi_cells_times_their_thickness) {
  // Boundary area per volume of Poisson–Voronoi cells: 2.910 per cube root of the mean cell volume (J. L. Meijering,
  // Philips Res. Rep. 8 (1953) 270).
  Grid grid;
  grid.size = {64, 64, 64};
  grid.voxel = 1e-9;
  Polycrystal model;
  model.grain_size = 16e-9;
  model.boundary_thickness = 1e-9;
  double sum = 0.0;
  for (grid.seed = 1; grid.seed <= 4; ++grid.seed) sum += fractions(polycrystal(grid, model))[1];
  EXPECT_NEAR(sum / 4.0, 2.910 * 1.0 / 16.0, 0.012);
}

TEST(polycrystal, has_as_many_grains_as_fit_and_neighbours_differ_at_boundaries) {
  Grid grid;
  grid.size = {48, 48, 48};
  Polycrystal model;
  model.grain_size = 12e-9;
  model.boundary_thickness = 1.5e-9;
  const std::vector<std::uint32_t> grains = grain_numbers(grid, model);
  EXPECT_EQ(std::set<std::uint32_t>(grains.begin(), grains.end()).size(), 64u);
  const VoxelImage image = polycrystal(grid, model);
  for (std::size_t i = 0; i + 1 < grains.size(); ++i) {
    if (i % 48 == 47 || grains[i] == grains[i + 1]) continue;
    ASSERT_TRUE(image.labels[i] == 1 || image.labels[i + 1] == 1) << i;  // a boundary of 1.5 voxels is closed
  }
}

TEST(polycrystal, impossible_values_are_refused) {
  Polycrystal model;
  model.grain_size = 0.0;
  EXPECT_THROW(polycrystal({}, model), base::ParameterError);
  model = {};
  model.boundary_thickness = 2.0 * model.grain_size;
  EXPECT_THROW(polycrystal({}, model), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite
