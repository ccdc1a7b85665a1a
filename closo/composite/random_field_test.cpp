#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/composite/detail/smooth_field.hpp"
#include "closo/composite/microstructure.hpp"

namespace closo::composite {
namespace {

TEST(random_field, has_unit_variance_and_the_covariance_asked_for) {
  // Mean over six fields of 64³; the standard error at ℓ = 4 is about 0.02.
  constexpr double length = 4.0;
  for (const std::size_t distance : {0u, 3u, 6u, 12u}) {
    double sum = 0.0;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      const std::vector<float> field = detail::smooth_field({64, 64, 64}, length, seed);
      double product = 0.0;
      for (std::size_t i = 0; i < field.size(); ++i) {
        const std::size_t x = i % 64, rest = i - x;
        product += static_cast<double>(field[i]) * field[rest + (x + distance) % 64];
      }
      sum += product / static_cast<double>(field.size());
    }
    const double r = static_cast<double>(distance) / length;
    EXPECT_NEAR(sum / 6.0, std::exp(-0.5 * r * r), 0.05) << distance;
  }
}

TEST(random_field, meets_the_fraction_and_continues_across_the_faces) {
  Grid grid;
  grid.size = {40, 40, 40};
  RandomField model;
  model.fraction = 0.25;
  model.correlation_length = 4e-9;
  const VoxelImage image = random_field(grid, model);
  EXPECT_DOUBLE_EQ(fractions(image)[1], 0.25);
  EXPECT_EQ(image.labels, random_field(grid, model).labels);
  // Neighbours across a face agree as often as neighbours inside.
  std::size_t across = 0, inside = 0;
  for (std::size_t z = 0; z < 40; ++z) {
    for (std::size_t y = 0; y < 40; ++y) {
      across += image.labels[image.index(0, y, z)] == image.labels[image.index(39, y, z)];
      inside += image.labels[image.index(20, y, z)] == image.labels[image.index(19, y, z)];
    }
  }
  EXPECT_GT(static_cast<double>(across), 0.9 * static_cast<double>(inside));
  model.fraction = 0.0;
  EXPECT_EQ(fractions(random_field(grid, model))[1], 0.0);
}

TEST(random_field, impossible_values_are_refused) {
  RandomField model;
  model.correlation_length = 0.0;
  EXPECT_THROW(random_field({}, model), base::ParameterError);
  model = {};
  model.fraction = 1.5;
  EXPECT_THROW(random_field({}, model), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite
