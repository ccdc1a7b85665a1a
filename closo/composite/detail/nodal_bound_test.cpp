#include "closo/composite/detail/nodal_bound.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/composite/conductivity.hpp"

namespace closo::composite::detail {
namespace {

VoxelImage random_image(std::array<std::size_t, 3> size, unsigned seed) {
  VoxelImage image;
  image.size = size;
  image.spacing = {1e-9, 1.3e-9, 0.8e-9};
  image.phases.assign(3, Phase::bulk);
  std::mt19937_64 engine(seed);
  for (std::size_t i = 0; i < image.voxels(); ++i) image.labels.push_back(static_cast<std::uint8_t>(engine() % 3));
  return image;
}

/// Smallest energy of all trilinear potentials between electrodes, as a conductivity: element matrices by Gauss points,
/// dense elimination.
double dense_answer(const VoxelImage& image, const std::vector<double>& values, std::size_t axis) {
  const std::array<std::size_t, 3> n{image.size[0] + 1, image.size[1] + 1, image.size[2] + 1};
  const std::size_t count = n[0] * n[1] * n[2];
  std::vector<double> matrix(count * count, 0.0);
  const double point = 0.5 / std::sqrt(3.0);
  const std::array<double, 3>& h = image.spacing;
  for (std::size_t voxel = 0; voxel < image.voxels(); ++voxel) {
    const std::array<std::size_t, 3> at{voxel % image.size[0], voxel / image.size[0] % image.size[1],
                                        voxel / image.size[0] / image.size[1]};
    std::array<std::size_t, 8> corner{};
    for (std::size_t i = 0; i < 8; ++i)
      corner[i] = at[0] + (i & 1) + n[0] * (at[1] + (i >> 1 & 1) + n[1] * (at[2] + (i >> 2)));
    for (std::size_t g = 0; g < 8; ++g) {
      std::array<std::array<double, 3>, 8> gradient{};
      for (std::size_t i = 0; i < 8; ++i) {
        std::array<double, 3> shape{}, slope{};
        for (std::size_t k = 0; k < 3; ++k) {
          const double t = 0.5 + ((g >> k & 1) == 1 ? point : -point);
          shape[k] = (i >> k & 1) == 1 ? t : 1.0 - t;
          slope[k] = ((i >> k & 1) == 1 ? 1.0 : -1.0) / h[k];
        }
        gradient[i] = {slope[0] * shape[1] * shape[2], shape[0] * slope[1] * shape[2], shape[0] * shape[1] * slope[2]};
      }
      const double weight = values[image.labels[voxel]] * h[0] * h[1] * h[2] / 8.0;
      for (std::size_t i = 0; i < 8; ++i) {
        for (std::size_t j = 0; j < 8; ++j) {
          for (std::size_t k = 0; k < 3; ++k)
            matrix[corner[i] * count + corner[j]] += weight * gradient[i][k] * gradient[j][k];
        }
      }
    }
  }
  // Elimination of the free corners leaves the matrix of the electrodes' corners; a drop of 1 gives the energy.
  const auto layer = [&](std::size_t i) {
    return std::array<std::size_t, 3>{i % n[0], i / n[0] % n[1], i / n[0] / n[1]}[axis];
  };
  for (std::size_t k = 0; k < count; ++k) {
    if (layer(k) == 0 || layer(k) + 1 == n[axis]) continue;
    const double pivot = matrix[k * count + k];
    for (std::size_t i = 0; i < count; ++i) {
      const double share = matrix[i * count + k] / pivot;
      if (i == k || share == 0.0) continue;
      for (std::size_t j = 0; j < count; ++j) matrix[i * count + j] -= share * matrix[k * count + j];
    }
  }
  double energy = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      if (layer(i) == 0 && layer(j) == 0) energy += matrix[i * count + j];
    }
  }
  double volume = 1.0;
  for (std::size_t k = 0; k < 3; ++k) volume *= h[k] * static_cast<double>(image.size[k]);
  const double length = h[axis] * static_cast<double>(image.size[axis]);
  return energy * length * length / volume;
}

TEST(nodal_bound, is_the_answer_of_trilinear_elements) {
  for (const std::array<std::size_t, 3> size : {std::array<std::size_t, 3>{4, 3, 5}, {3, 4, 2}, {5, 2, 1}}) {
    const VoxelImage image = random_image(size, 3);
    for (const std::vector<double>& values : {std::vector<double>{1.0, 1e3, 1e-6}, {1.0, 2.0, 3.0}}) {
      for (std::size_t axis = 0; axis < 3; ++axis) {
        for (const std::size_t threads : {1, 2}) {
          SolveOptions options;
          options.axis = axis;
          options.threads = threads;
          options.with_bounds = true;
          const ConductivityResult result = effective_conductivity(image, values, options);
          const double expected = dense_answer(image, values, axis);
          EXPECT_NEAR(result.bounds->upper / expected, 1.0, 1e-5) << size[0] << ' ' << axis;
          EXPECT_GE(result.bounds->upper, expected * (1.0 - 1e-9));
        }
      }
    }
  }
}

TEST(nodal_bound, hands_on_what_the_progress_callback_wants) {
  const VoxelImage image = random_image({6, 6, 6}, 1);
  const std::vector<double> values{1.0, 5.0, 0.1};
  for (const std::size_t threads : {1, 3}) {
    SolveOptions options;
    options.threads = threads;
    options.with_bounds = true;
    options.progress = [](double, std::string_view what) { return what != "upper bound"; };
    EXPECT_THROW(effective_conductivity(image, values, options), base::Cancelled);
    options.progress = [](double, std::string_view what) -> bool {
      if (what == "upper bound") throw base::NumericsError("from outside");
      return true;
    };
    EXPECT_THROW(effective_conductivity(image, values, options), base::NumericsError);
  }
}

}  // namespace
}  // namespace closo::composite::detail
