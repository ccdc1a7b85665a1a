// A smooth Gaussian random field and the two-phase image cut out of it.
#include <algorithm>
#include <cmath>

#include "closo/base/number.hpp"
#include "closo/composite/detail/grid_check.hpp"
#include "closo/composite/detail/random_numbers.hpp"
#include "closo/composite/detail/smooth_field.hpp"
#include "closo/composite/microstructure.hpp"

namespace closo::composite {
namespace detail {
namespace {

/// Gaussian weights out to five standard deviations; white noise smoothed with them has covariance exp(−r²/(4 s²)).
std::vector<float> kernel(double deviation) {
  const auto reach = static_cast<std::size_t>(std::ceil(5.0 * deviation));
  std::vector<float> weights(2 * reach + 1);
  double square_sum = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double x = (static_cast<double>(i) - static_cast<double>(reach)) / std::max(deviation, 1e-12);
    weights[i] = static_cast<float>(std::exp(-0.5 * x * x));
    square_sum += static_cast<double>(weights[i]) * weights[i];
  }
  for (float& weight : weights) weight = static_cast<float>(weight / std::sqrt(square_sum));
  return weights;
}

/// Smooths along one axis, continuing periodically.
void smooth(std::vector<float>& field, const std::array<std::size_t, 3>& size, std::size_t axis,
            const std::vector<float>& weights) {
  const std::array<std::size_t, 3> step{1, size[0], size[0] * size[1]};
  const std::size_t u = (axis + 1) % 3, v = (axis + 2) % 3, n = size[axis], reach = weights.size() / 2;
  std::vector<float> line(n + 2 * reach), result(n);
  for (std::size_t j = 0; j < size[v]; ++j) {
    for (std::size_t i = 0; i < size[u]; ++i) {
      float* first = &field[i * step[u] + j * step[v]];
      for (std::size_t k = 0; k < line.size(); ++k) line[k] = first[(k + n * (reach / n + 1) - reach) % n * step[axis]];
      std::ranges::fill(result, 0.0f);
      for (std::size_t w = 0; w < weights.size(); ++w) {
        const float weight = weights[w];
        const float* from = &line[w];
        for (std::size_t k = 0; k < n; ++k) result[k] += weight * from[k];
      }
      for (std::size_t k = 0; k < n; ++k) first[k * step[axis]] = result[k];
    }
  }
}

}  // namespace

std::vector<float> smooth_field(const std::array<std::size_t, 3>& size, double correlation_voxels, std::uint64_t seed) {
  RandomNumbers random(seed);
  std::vector<float> field(size[0] * size[1] * size[2]);
  for (float& value : field) value = static_cast<float>(random.normal());
  const double deviation = correlation_voxels / std::sqrt(2.0);
  if (deviation < 0.1) return field;
  const std::vector<float> weights = kernel(deviation);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (size[axis] > 1) smooth(field, size, axis, weights);
  }
  return field;
}

}  // namespace detail

VoxelImage random_field(const Grid& grid, const RandomField& model) {
  detail::check_range("fraction", model.fraction, 0.0, 1.0);
  detail::check_positive("correlation_length", model.correlation_length);
  VoxelImage image = detail::empty_image(grid, {Phase::bulk, Phase::insulator});
  image.origin = "Gaussian random field, " + base::format_number(100.0 * model.fraction, 4) +
                 " vol% insulator, correlation length " + base::format_number(1e9 * model.correlation_length, 4) +
                 " nm, voxel " + base::format_number(1e9 * grid.voxel, 4) + " nm, seed " + std::to_string(grid.seed);
  const std::vector<float> field = detail::smooth_field(grid.size, model.correlation_length / grid.voxel, grid.seed);
  const auto wanted = static_cast<std::size_t>(std::llround(model.fraction * static_cast<double>(image.voxels())));
  if (wanted == 0) return image;
  std::vector<std::size_t> order(field.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto higher = [&](std::size_t a, std::size_t b) {
    return field[a] > field[b] || (field[a] == field[b] && a < b);
  };
  std::ranges::nth_element(order, order.begin() + static_cast<std::ptrdiff_t>(wanted - 1), higher);
  for (std::size_t i = 0; i < wanted; ++i) image.labels[order[i]] = 1;
  return image;
}

}  // namespace closo::composite
