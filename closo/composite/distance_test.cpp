#include "closo/composite/distance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "closo/base/error.hpp"

namespace closo::composite {
namespace {

constexpr std::array<bool, 2> member{false, true};

double brute_force(const VoxelImage& image, std::size_t from) {
  double best = std::numeric_limits<double>::infinity();
  const std::array<std::size_t, 3> step{1, image.size[0], image.size[0] * image.size[1]};
  for (std::size_t to = 0; to < image.voxels(); ++to) {
    if (image.labels[to] == 0) continue;
    double square = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double n = static_cast<double>(image.size[axis]);
      double d = std::abs(static_cast<double>(from / step[axis] % image.size[axis]) -
                          static_cast<double>(to / step[axis] % image.size[axis]));
      if (image.is_periodic) d = std::min(d, n - d);
      square += d * d * image.spacing[axis] * image.spacing[axis];
    }
    best = std::min(best, std::sqrt(square));
  }
  return best;
}

TEST(distance, is_exact_on_random_images_with_any_spacing) {
  std::mt19937 engine(7);
  for (const bool periodic : {false, true}) {
    for (int round = 0; round < 6; ++round) {
      VoxelImage image;
      image.size = {9, 7, 5};
      image.spacing = {1e-9, 2.5e-9, 0.7e-9};
      image.is_periodic = periodic;
      image.phases = {Phase::bulk, Phase::insulator};
      for (std::size_t i = 0; i < image.voxels(); ++i) image.labels.push_back(engine() % 40 == 0 ? 1 : 0);
      image.labels[17] = 1;
      const std::vector<float> found = distance_to(image, member);
      for (std::size_t i = 0; i < image.voxels(); ++i)
        ASSERT_NEAR(found[i], brute_force(image, i), 1e-15) << i << periodic;
    }
  }
}

TEST(distance, is_infinite_without_a_set) {
  VoxelImage image;
  image.size = {3, 3, 3};
  image.phases = {Phase::bulk, Phase::insulator};
  image.labels.assign(27, 0);
  for (const float value : distance_to(image, member)) EXPECT_TRUE(std::isinf(value));
  EXPECT_THROW(distance_to(image, std::span<const bool>(member).first(1)), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite
