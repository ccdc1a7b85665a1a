// Against the solver of one process, on every way to cut the image that the number of ranks allows.
#include "closo/composite/distributed/conductivity.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "closo/base/error.hpp"
#include "closo/composite/distributed/brick.hpp"
#include "closo/composite/distributed/ranks_test.hpp"
#include "closo/composite/microstructure.hpp"

namespace closo::composite::distributed {
namespace {

using Size = std::array<std::size_t, 3>;

std::vector<Size> all_parts(Size size) {
  const std::size_t ranks = test_world().ranks();
  std::vector<Size> found;
  for (std::size_t x = 1; x <= ranks && x <= size[0]; ++x) {
    for (std::size_t y = 1; y <= ranks && y <= size[1]; ++y) {
      for (std::size_t z = 1; z <= ranks && z <= size[2]; ++z) {
        if (x * y * z == ranks) found.push_back({x, y, z});
      }
    }
  }
  return found;
}

BrickImage cut(const VoxelImage& image, Size parts) {
  const Brick brick = brick_of(image.size, parts, test_world().rank());
  return {image.size, image.spacing, parts, crop(image, brick.from, brick.size).labels};
}

/// Labels from a linear congruential sequence: the same on every rank and every machine.
VoxelImage random_image(Size size, const std::vector<double>& shares, std::uint64_t seed) {
  VoxelImage image;
  image.size = size;
  image.spacing = {1.0, 1.0, 1.0};
  image.phases.assign(shares.size(), Phase::bulk);
  for (std::size_t i = 0; i < image.voxels(); ++i) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    double left = static_cast<double>(seed >> 11U) / 9007199254740992.0;
    std::uint8_t label = 0;
    while (label + 1U < shares.size() && left >= shares[label]) left -= shares[label++];
    image.labels.push_back(label);
  }
  return image;
}

void expect_same(const VoxelImage& image, const std::vector<double>& conductivities, std::size_t axis) {
  SolveOptions serial_options;
  serial_options.axis = axis;
  serial_options.tolerance = 1e-8;
  const ConductivityResult serial = composite::effective_conductivity(image, conductivities, serial_options);
  Options options;
  options.axis = axis;
  options.tolerance = 1e-8;
  for (const Size parts : all_parts(image.size)) {
    SCOPED_TRACE(testing::Message() << "parts " << parts[0] << " " << parts[1] << " " << parts[2] << " axis " << axis);
    const Result found = effective_conductivity(test_world(), cut(image, parts), conductivities, options);
    EXPECT_EQ(found.status, serial.status);
    EXPECT_EQ(found.removed_cells, serial.removed_cells);
    EXPECT_NEAR(found.conductivity, serial.conductivity, 1e-7 * serial.conductivity);
    EXPECT_NEAR(found.flux_conductivity, serial.conductivity, 1e-7 * serial.conductivity);
    if (serial.status == SolveStatus::converged) {
      EXPECT_LE(found.relative_residual, 1e-8);
      EXPECT_LE(found.flux_imbalance, 1e-8);
      EXPECT_GT(found.iterations, 0U);
    }
    EXPECT_GT(found.largest_rank_bytes, 0.0);
    EXPECT_GE(found.total_bytes, found.largest_rank_bytes);
  }
}

TEST(DistributedConductivity, AgreesWithOneProcessAtHighContrast) {
  const VoxelImage image = random_image({12, 10, 11}, {0.6, 0.2, 0.2}, 1);
  for (std::size_t axis = 0; axis < 3; ++axis) expect_same(image, {1.0, 1e3, 1e-6}, axis);
}

TEST(DistributedConductivity, AgreesWhereConductorsHangInDeadEndsAndIslands) {
  const VoxelImage image = random_image({12, 13, 11}, {0.55, 0.45}, 2);
  for (std::size_t axis = 0; axis < 3; ++axis) expect_same(image, {0.0, 2.0}, axis);
}

TEST(DistributedConductivity, AgreesForSmoothFieldsAndUnequalEdges) {
  VoxelImage image = random_field({{16, 16, 16}, 1e-9, true, 3}, {0.5, 2e-9});
  image.spacing = {1e-9, 2e-9, 0.5e-9};
  std::vector<double> conductivities(image.phases.size(), 0.1);
  conductivities[0] = 1.0;
  for (std::size_t axis = 0; axis < 3; ++axis) expect_same(image, conductivities, axis);
}

TEST(DistributedConductivity, AgreesForAWindingPathThroughAllBricks) {
  // One channel that runs to and fro through the whole box: the marks must travel along it.
  VoxelImage image;
  image.size = {9, 8, 9};
  image.phases.assign(2, Phase::bulk);
  image.labels.assign(image.voxels(), 0);
  for (std::size_t z = 0; z < 9; ++z) {
    for (std::size_t x = 0; x < 9; x += 2) {
      if (z % 2 == 0) {
        for (std::size_t y = 0; y < 8; ++y) image.labels[image.index(x, y, z)] = 1;
        if (x + 2 < 9) image.labels[image.index(x + 1, x % 4 == 0 ? 7 : 0, z)] = 1;
      }
    }
    if (z % 2 == 1) image.labels[image.index(z % 4 == 1 ? 8 : 0, z % 4 == 1 ? 7 : 0, z)] = 1;
  }
  expect_same(image, {0.0, 1.0}, 2);
  expect_same(image, {1e-6, 1.0}, 2);
}

TEST(DistributedConductivity, LayersAreExact) {
  VoxelImage image;
  image.size = {5, 6, 8};
  image.phases.assign(2, Phase::bulk);
  for (std::size_t i = 0; i < image.voxels(); ++i) image.labels.push_back(i / 30 % 4 == 0 ? 1 : 0);
  const std::vector<double> conductivities{3.0, 100.0};
  Options options;
  options.tolerance = 1e-12;
  for (const Size parts : all_parts(image.size)) {
    options.axis = 2;
    EXPECT_NEAR(effective_conductivity(test_world(), cut(image, parts), conductivities, options).conductivity,
                1.0 / (0.75 / 3.0 + 0.25 / 100.0), 1e-10);
    options.axis = 0;
    EXPECT_NEAR(effective_conductivity(test_world(), cut(image, parts), conductivities, options).conductivity,
                0.75 * 3.0 + 0.25 * 100.0, 1e-9);
  }
}

TEST(DistributedConductivity, NoPathIsAnOutcome) {
  VoxelImage image = random_image({8, 8, 8}, {0.2, 0.8}, 4);
  for (std::size_t y = 0; y < 8; ++y) {
    for (std::size_t x = 0; x < 8; ++x) image.labels[image.index(x, y, 5)] = 0;
  }
  expect_same(image, {0.0, 1.0}, 2);
  expect_same(image, {0.0, 0.0}, 0);
}

TEST(DistributedConductivity, FewIterationsLeaveTheBestEstimate) {
  const VoxelImage image = random_image({12, 10, 11}, {0.6, 0.2, 0.2}, 1);
  Options options;
  options.max_iterations = 2;
  const Result found = effective_conductivity(test_world(), cut(image, choose_parts(image.size, test_world().ranks())),
                                              std::vector<double>{1.0, 1e3, 1e-6}, options);
  EXPECT_EQ(found.status, SolveStatus::not_converged);
  EXPECT_EQ(found.iterations, 2U);
  EXPECT_GT(found.conductivity, 0.0);
  EXPECT_GT(found.relative_residual, options.tolerance);
}

TEST(DistributedConductivity, BadInputIsRefusedOnAllRanks) {
  const VoxelImage image = random_image({8, 8, 8}, {0.5, 0.5}, 5);
  const BrickImage good = cut(image, choose_parts(image.size, test_world().ranks()));
  const std::vector<double> two{1.0, 2.0};
  const auto solve = [&](const BrickImage& brick, const std::vector<double>& conductivities, const Options& options) {
    effective_conductivity(test_world(), brick, conductivities, options);
  };
  EXPECT_NO_THROW(solve(good, two, {}));
  for (const std::vector<double>& bad : std::vector<std::vector<double>>{
           {}, {1.0, -1.0}, {1.0, std::numeric_limits<double>::infinity()}, std::vector<double>(257, 1.0)})
    EXPECT_THROW(solve(good, bad, {}), base::ParameterError);
  EXPECT_THROW(solve(good, {1.0}, {}), base::InputError);
  EXPECT_THROW(solve(good, two, {3, 1e-6, 10}), base::ParameterError);
  EXPECT_THROW(solve(good, two, {0, 0.0, 10}), base::ParameterError);
  EXPECT_THROW(solve(good, two, {0, 1.0, 10}), base::ParameterError);
  BrickImage bad = good;
  bad.spacing[1] = 0.0;
  EXPECT_THROW(solve(bad, two, {}), base::ParameterError);
  bad = good;
  bad.parts[0] += 1;
  EXPECT_THROW(solve(bad, two, {}), base::ParameterError);
  // Wrong on the last rank only.
  const bool is_last = test_world().rank() + 1 == test_world().ranks();
  bad = good;
  if (is_last) bad.labels.pop_back();
  EXPECT_THROW(solve(bad, two, {}), base::ParameterError);
  bad = good;
  if (is_last) bad.labels.back() = 9;
  try {
    solve(bad, two, {});
    FAIL() << "nothing thrown";
  } catch (const base::InputError& error) {
    EXPECT_NE(error.problem().find("label 9 at voxel (7, 7, 7)"), std::string::npos) << error.what();
  }
}

TEST(DistributedConductivity, SaysWhatIsTooLargeBeforeItStarts) {
  const std::size_t ranks = test_world().ranks();
  EXPECT_NO_THROW(check_size(test_world(), {16, 16, 16}, {1, 1, ranks}));
  EXPECT_THROW(check_size(test_world(), {1000000, 1000000, 1000000}, {1, 1, ranks}), base::ParameterError);
  EXPECT_THROW(check_size(test_world(), {16, 16, 16}, {1, 1, ranks + 1}), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite::distributed
