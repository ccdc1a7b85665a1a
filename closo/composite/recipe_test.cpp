#include "closo/composite/recipe.hpp"

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::composite {
namespace {

/// Hehn et al., ACS Appl. Mater. Interfaces 17 (2025) 33824, DOI 10.1021/acsami.5c01939, Table 1.
Recipe hehn(double oxide_fraction) {
  Recipe recipe;
  recipe.oxide_fraction = oxide_fraction;
  recipe.pore_volume = 0.246e-3;
  return recipe;
}

TEST(recipe, pore_fillings_of_table_1) {
  EXPECT_NEAR(composition(hehn(0.25)).pore_filling, 2.07, 0.005);
  EXPECT_NEAR(composition(hehn(0.50)).pore_filling, 0.69, 0.005);
  EXPECT_NEAR(composition(hehn(0.75)).pore_filling, 0.23, 0.005);
}

TEST(recipe, shares_sum_to_one_and_voids_come_only_with_too_little_conductor) {
  for (const double oxide : {0.0, 0.1, 0.25, 0.4, 0.5, 0.75, 0.95, 1.0}) {
    const Composition shares = composition(hehn(oxide));
    EXPECT_NEAR(shares.oxide + shares.conductor + shares.void_space, 1.0, 1e-12) << oxide;
    EXPECT_EQ(shares.void_space > 1e-9, oxide > 1.0 / (1.0 + 0.246 * 5.89)) << oxide;
    EXPECT_LE(shares.interphase, shares.conductor);
    if (oxide > 0.0 && oxide < 1.0) {
      EXPECT_NEAR(shares.conductor / shares.oxide, (1.0 - oxide) / oxide, 1e-9 / oxide);
    }
  }
  // At 75 vol% the powder's own porosity is what there is, and a nanometre of interphase takes all of the conductor.
  const Composition full = composition(hehn(0.75));
  EXPECT_NEAR(full.oxide, 1.0 / (1.0 + 0.246 * 5.89), 1e-12);
  EXPECT_DOUBLE_EQ(full.interphase, std::min(full.conductor, full.area_per_volume * 1e-9));
}

TEST(recipe, area_of_the_powder_is_kept) {
  // 95 m²/g at 5.89 g/cm³ are 560 m² per cm³ of oxide.
  const Composition shares = composition(hehn(0.25));
  EXPECT_NEAR(shares.area_per_volume / shares.oxide, 559.6e6, 0.1e6);
  EXPECT_NEAR(shares.particle_radius, 5.36e-9, 0.01e-9);
}

TEST(recipe, realisations_meet_the_composition) {
  Grid grid;
  grid.size = {80, 80, 80};
  grid.voxel = 0.5e-9;
  for (const double oxide : {0.25, 0.5, 0.75}) {
    const Realisation made = realise(hehn(oxide), grid);
    EXPECT_NEAR(made.reached.oxide, made.asked.oxide, 2e-6) << oxide;
    EXPECT_NEAR(made.reached.void_space, made.asked.void_space, 4e-6) << oxide;
    EXPECT_NEAR(made.reached.area_per_volume / made.asked.area_per_volume, 1.0, 0.15) << oxide;
    // Area times thickness is the flat layer: on convex particles the shell is larger (by 1 + t/R + t²/(3R²), 1.23
    // here), where particles meet the layers overlap and it is smaller.
    EXPECT_LT(made.reached.interphase, 1.3 * made.asked.interphase) << oxide;
    EXPECT_GT(made.reached.interphase, 0.4 * made.asked.interphase) << oxide;
    EXPECT_EQ(made.image.phases.size(), 4u);
  }
}

TEST(recipe, coarse_voxels_leave_the_layer_to_the_solver) {
  Grid grid;
  grid.size = {32, 32, 32};
  grid.voxel = 1.5e-9;
  const Realisation made = realise(hehn(0.25), grid);
  EXPECT_EQ(fractions(made.image)[2], 0.0);
  EXPECT_GT(made.reached.interphase, 0.5 * made.asked.interphase);
  ASSERT_FALSE(made.notes.empty());
  EXPECT_NE(made.notes.front().find("does not resolve the interphase"), std::string::npos);
}

TEST(recipe, impossible_values_are_refused) {
  Recipe recipe;
  recipe.oxide_fraction = 1.2;
  EXPECT_THROW(composition(recipe), base::ParameterError);
  recipe = {};
  recipe.wetted_fraction = -0.1;
  EXPECT_THROW(composition(recipe), base::ParameterError);
  recipe = {};
  recipe.surface_area = 0.0;
  EXPECT_THROW(composition(recipe), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite
