#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/composite/conductivity.hpp"

namespace closo::composite {
namespace {

VoxelImage small_image() {
  VoxelImage image;
  image.size = {8, 8, 8};
  image.phases = {Phase::bulk, Phase::insulator};
  for (std::size_t i = 0; i < image.voxels(); ++i)
    image.labels.push_back(static_cast<std::uint8_t>((i * 2654435761u >> 7) % 3 == 0 ? 1 : 0));
  return image;
}

TEST(refine, layers_have_no_discretisation_error) {
  VoxelImage image = small_image();
  for (std::size_t i = 0; i < image.voxels(); ++i) image.labels[i] = static_cast<std::uint8_t>(i % 8 / 4);
  const Refined result = refine(image, std::vector<double>{1.0, 10.0}, {}, 3);
  ASSERT_EQ(result.levels.size(), 3u);
  EXPECT_NEAR(result.conductivity, 20.0 / 11.0, 1e-9);
  EXPECT_NEAR(result.uncertainty, 0.0, 1e-9);
}

TEST(refine, the_estimate_from_two_levels_comes_closer_than_the_second) {
  const VoxelImage image = small_image();
  const std::vector<double> values{1.0, 20.0};
  const Refined fine = refine(image, values, {}, 4);
  const Refined coarse = refine(image, values, {}, 2);
  EXPECT_LT(std::abs(coarse.conductivity - fine.conductivity), std::abs(coarse.levels[1] - fine.conductivity));
  EXPECT_LT(fine.uncertainty, coarse.uncertainty);
  EXPECT_GT(coarse.uncertainty, 0.0);
}

TEST(refine, needs_two_levels) {
  EXPECT_THROW(refine(small_image(), std::vector<double>{1.0, 2.0}, {}, 1), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite
