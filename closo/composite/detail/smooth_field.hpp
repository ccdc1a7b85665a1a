/// Smooth Gaussian random numbers on a periodic grid: covariance exp(−r²/(2 ℓ²)).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace closo::composite::detail {

/// Standard normal values, x fastest; ℓ in voxels (below about 0.15 the values are independent).
std::vector<float> smooth_field(const std::array<std::size_t, 3>& size, double correlation_voxels, std::uint64_t seed);

}  // namespace closo::composite::detail
