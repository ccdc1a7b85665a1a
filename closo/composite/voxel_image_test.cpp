#include "closo/composite/voxel_image.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "closo/base/error.hpp"

namespace closo::composite {
namespace {

/// 4 × 3 × 2 voxels whose labels count up modulo 3.
VoxelImage counting() {
  VoxelImage image;
  image.size = {4, 3, 2};
  image.spacing = {1e-9, 2e-9, 3e-9};
  image.phases = {Phase::bulk, Phase::insulator, Phase::bulk};
  for (std::size_t i = 0; i < image.voxels(); ++i) image.labels.push_back(static_cast<std::uint8_t>(i % 3));
  return image;
}

VoxelImage ball(std::size_t n, double radius) {
  VoxelImage image;
  image.size = {n, n, n};
  image.phases = {Phase::bulk, Phase::insulator};
  const double c = 0.5 * static_cast<double>(n);
  for (std::size_t z = 0; z < n; ++z) {
    for (std::size_t y = 0; y < n; ++y) {
      for (std::size_t x = 0; x < n; ++x) {
        const double dx = static_cast<double>(x) + 0.5 - c, dy = static_cast<double>(y) + 0.5 - c,
                     dz = static_cast<double>(z) + 0.5 - c;
        image.labels.push_back(dx * dx + dy * dy + dz * dz < radius * radius ? 1 : 0);
      }
    }
  }
  return image;
}

TEST(voxel_image, phase_names_read_back) {
  for (int i = 0; i < 8; ++i) {
    const auto phase = static_cast<Phase>(i);
    EXPECT_EQ(parse_phase(to_string(phase)), phase);
  }
  EXPECT_EQ(parse_phase("grain-boundary"), Phase::grain_boundary);
  try {
    parse_phase("insulater");
    FAIL();
  } catch (const base::ParameterError& error) {
    EXPECT_NE(std::string(error.what()).find("insulator"), std::string::npos);
  }
}

TEST(voxel_image, check_names_what_is_wrong) {
  EXPECT_NO_THROW(check(counting()));
  VoxelImage image = counting();
  image.labels.pop_back();
  EXPECT_THROW(check(image), base::ParameterError);
  image = counting();
  image.spacing[1] = 0.0;
  EXPECT_THROW(check(image), base::ParameterError);
  image = counting();
  image.size[2] = 0;
  EXPECT_THROW(check(image), base::ParameterError);
  image = counting();
  image.labels[image.index(2, 1, 1)] = 7;
  try {
    check(image);
    FAIL();
  } catch (const base::ParameterError& error) {
    EXPECT_NE(std::string(error.what()).find("label 7 at voxel (2, 1, 1)"), std::string::npos);
  }
}

TEST(voxel_image, fractions_sum_to_one_by_label_and_by_phase) {
  const VoxelImage image = counting();
  const std::vector<double> shares = fractions(image);
  EXPECT_DOUBLE_EQ(std::accumulate(shares.begin(), shares.end(), 0.0), 1.0);
  EXPECT_DOUBLE_EQ(shares[1], 8.0 / 24.0);
  EXPECT_DOUBLE_EQ(phase_fractions(image)[static_cast<std::size_t>(Phase::bulk)], 16.0 / 24.0);
}

TEST(voxel_image, subdivision_keeps_fractions_and_size) {
  const VoxelImage image = counting(), fine = subdivide(image);
  EXPECT_EQ(fractions(fine), fractions(image));
  EXPECT_DOUBLE_EQ(fine.spacing[2] * static_cast<double>(fine.size[2]),
                   image.spacing[2] * static_cast<double>(image.size[2]));
  EXPECT_EQ(fine.labels[fine.index(5, 3, 2)], image.labels[image.index(2, 1, 1)]);
}

TEST(voxel_image, transposing_twice_gives_the_image_back) {
  const VoxelImage image = counting();
  const VoxelImage turned = transpose(image, {2, 0, 1});
  EXPECT_EQ(turned.size, (std::array<std::size_t, 3>{2, 4, 3}));
  EXPECT_EQ(turned.labels[turned.index(1, 3, 2)], image.labels[image.index(3, 2, 1)]);
  EXPECT_EQ(transpose(turned, {1, 2, 0}).labels, image.labels);
  EXPECT_THROW(transpose(image, {0, 0, 1}), base::ParameterError);
}

TEST(voxel_image, crop_takes_the_box) {
  const VoxelImage image = counting();
  const VoxelImage part = crop(image, {1, 1, 1}, {2, 2, 1});
  EXPECT_EQ(part.labels[part.index(1, 1, 0)], image.labels[image.index(2, 2, 1)]);
  EXPECT_THROW(crop(image, {3, 0, 0}, {2, 1, 1}), base::ParameterError);
  EXPECT_THROW(crop(image, {0, 0, 0}, {0, 1, 1}), base::ParameterError);
}

TEST(voxel_image, area_of_a_ball_approaches_that_of_a_sphere) {
  // The factor 2/3 is exact for surfaces whose orientations are evenly spread.
  for (const double radius : {10.0, 20.0}) {
    const auto n = static_cast<std::size_t>(2.0 * radius + 6.0);
    const VoxelImage image = ball(n, radius);
    const double volume = 1e-27 * static_cast<double>(image.voxels());
    const double area = interface_area_per_volume(image, Phase::bulk, Phase::insulator) * volume;
    const double exact = 4.0 * 3.14159265358979 * radius * radius * 1e-18;
    EXPECT_NEAR(area / exact, 1.0, 0.03) << radius;
  }
}

TEST(voxel_image, periodic_faces_count_once) {
  VoxelImage image;
  image.size = {4, 1, 1};
  image.phases = {Phase::bulk, Phase::insulator};
  image.labels = {1, 0, 0, 0};
  const double open = interface_area_per_volume(image, Phase::bulk, Phase::insulator);
  image.is_periodic = true;
  EXPECT_DOUBLE_EQ(interface_area_per_volume(image, Phase::insulator, Phase::bulk), 2.0 * open);
}

}  // namespace
}  // namespace closo::composite
