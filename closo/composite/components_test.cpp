#include "closo/composite/components.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "closo/base/error.hpp"

namespace closo::composite {
namespace {

VoxelImage random_sites(std::array<std::size_t, 3> size, double fraction, unsigned seed) {
  VoxelImage image;
  image.size = size;
  image.phases = {Phase::insulator, Phase::bulk};
  std::mt19937_64 engine(seed);
  const auto threshold = static_cast<std::uint64_t>(fraction * 18446744073709551615.0);
  for (std::size_t i = 0; i < image.voxels(); ++i) image.labels.push_back(engine() < threshold ? 1 : 0);
  return image;
}

constexpr std::array<bool, 2> conductor{false, true};

/// Component numbers by flood fill, for comparison.
std::vector<std::uint32_t> flood_fill(const VoxelImage& image, bool periodic) {
  std::vector<std::uint32_t> found(image.voxels(), 0);
  std::uint32_t count = 0;
  const std::array<std::size_t, 3> step{1, image.size[0], image.size[0] * image.size[1]};
  for (std::size_t start = 0; start < image.voxels(); ++start) {
    if (image.labels[start] == 0 || found[start] != 0) continue;
    found[start] = ++count;
    std::vector<std::size_t> stack{start};
    while (!stack.empty()) {
      const std::size_t here = stack.back();
      stack.pop_back();
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::size_t at = here / step[axis] % image.size[axis];
        for (const int side : {-1, 1}) {
          std::size_t next = here;
          if (side < 0) {
            if (at == 0 && !periodic) continue;
            next = at == 0 ? here + step[axis] * (image.size[axis] - 1) : here - step[axis];
          } else {
            if (at + 1 == image.size[axis] && !periodic) continue;
            next = at + 1 == image.size[axis] ? here - step[axis] * at : here + step[axis];
          }
          if (image.labels[next] == 0 || found[next] != 0) continue;
          found[next] = count;
          stack.push_back(next);
        }
      }
    }
  }
  return found;
}

TEST(components, agree_with_flood_fill) {
  for (const bool periodic : {false, true}) {
    for (unsigned seed = 1; seed < 6; ++seed) {
      const VoxelImage image = random_sites({13, 9, 7}, 0.1 + 0.07 * seed, seed);
      const Components found = label_components(image, conductor, periodic);
      EXPECT_EQ(found.component, flood_fill(image, periodic)) << seed << periodic;
      std::size_t voxels = 0;
      for (const std::size_t size : found.sizes) voxels += size;
      EXPECT_EQ(voxels, static_cast<std::size_t>(std::count(image.labels.begin(), image.labels.end(), 1)));
    }
  }
}

TEST(components, shares_of_a_bar_a_dead_end_and_an_island) {
  VoxelImage image;
  image.size = {5, 5, 1};
  image.phases = {Phase::insulator, Phase::bulk};
  image.labels = {1, 1, 1, 1, 1,   // spans x
                  0, 0, 0, 0, 0,   //
                  1, 1, 0, 0, 0,   // from one face only
                  0, 0, 0, 0, 0,   //
                  0, 0, 1, 0, 0};  // island
  const Percolation along = percolation(image, conductor, 0);
  EXPECT_TRUE(along.spans);
  EXPECT_EQ(along.components, 3u);
  EXPECT_EQ(along.largest, 5u);
  EXPECT_DOUBLE_EQ(along.fraction, 8.0 / 25.0);
  EXPECT_DOUBLE_EQ(along.spanning_fraction, 5.0 / 8.0);
  EXPECT_DOUBLE_EQ(along.isolated_fraction, 1.0 / 8.0);
  EXPECT_FALSE(percolation(image, conductor, 1).spans);
  EXPECT_THROW(percolation(image, conductor, 3), base::ParameterError);
  EXPECT_THROW(percolation(image, std::span<const bool>(conductor).first(1), 0), base::ParameterError);
}

TEST(components, site_percolation_threshold_of_the_simple_cubic_lattice) {
  // 0.3116077 (J. Wang et al., Phys. Rev. E 87 (2013) 052107). The estimate is the mean spanning threshold of finite
  // cubes, whose shift falls as L^(-1/0.876); the standard error of 24 cubes of 40³ is about 0.0015.
  double sum = 0.0;
  constexpr int cubes = 24;
  for (unsigned seed = 1; seed <= cubes; ++seed) {
    double low = 0.2, high = 0.45;
    while (high - low > 1e-4) {
      const double middle = 0.5 * (low + high);
      (percolation(random_sites({40, 40, 40}, middle, seed), conductor, 0).spans ? high : low) = middle;
    }
    sum += low;
  }
  EXPECT_NEAR(sum / cubes, 0.3116077, 0.006);
}

}  // namespace
}  // namespace closo::composite
