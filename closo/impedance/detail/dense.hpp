/// Small dense kernels for the fits: dot products, normal equations and Cholesky without allocation.
///
/// Matrices are row-major; symmetric ones keep their lower triangle.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstring>

namespace closo::impedance::detail {

/// Two numbers that the processor multiplies at once; a vector type of GCC and Clang.
using Pair = double __attribute__((vector_size(16)));

inline Pair load(const double* from) {
  Pair out;
  std::memcpy(&out, from, sizeof(out));
  return out;
}

/// a · b over n values, n a multiple of 4.
inline double dot(const double* a, const double* b, std::size_t n) {
  Pair even{};
  Pair odd{};
  for (std::size_t i = 0; i < n; i += 4) {
    even += load(a + i) * load(b + i);
    odd += load(a + i + 2) * load(b + i + 2);
  }
  even += odd;
  return even[0] + even[1];
}

/// Four dot products with a common first factor; n a multiple of 4.
inline void dot_four(const double* a, const double* const* b, std::size_t n, double* out) {
  const double* b0 = b[0];
  const double* b1 = b[1];
  const double* b2 = b[2];
  const double* b3 = b[3];
  Pair s0{}, s1{}, s2{}, s3{};
  for (std::size_t i = 0; i < n; i += 2) {
    const Pair x = load(a + i);
    s0 += x * load(b0 + i);
    s1 += x * load(b1 + i);
    s2 += x * load(b2 + i);
    s3 += x * load(b3 + i);
  }
  out[0] = s0[0] + s0[1];
  out[1] = s1[0] + s1[1];
  out[2] = s2[0] + s2[1];
  out[3] = s3[0] + s3[1];
}

/// Lower triangle of JᵀJ and Jᵀr for `count` columns of length n, a multiple of 4.
inline void normal_equations(const double* jacobian, const double* residual, std::size_t n, std::size_t count,
                             double* matrix, double* gradient) {
  for (std::size_t a = 0; a < count; ++a) {
    const double* column = jacobian + a * n;
    double* row = matrix + a * count;
    std::size_t b = 0;
    for (; b + 4 <= a + 1; b += 4) {
      const double* others[4];
      for (std::size_t k = 0; k < 4; ++k) others[k] = jacobian + (b + k) * n;
      dot_four(column, others, n, row + b);
    }
    // What is left of the row, with the gradient, as one more group of four.
    const std::size_t left = a + 1 - b;
    const double* others[4] = {residual, residual, residual, residual};
    for (std::size_t k = 0; k < left; ++k) others[k] = jacobian + (b + k) * n;
    double sums[4];
    if (left == 0) {
      gradient[a] = dot(column, residual, n);
      continue;
    }
    dot_four(column, others, n, sums);
    for (std::size_t k = 0; k < left; ++k) row[b + k] = sums[k];
    gradient[a] = sums[3];
  }
}

/// Replaces the lower triangle of a positive definite matrix by its Cholesky factor, whose diagonal holds the inverses
/// of the pivots; false when a pivot is not above `smallest`.
inline bool factorize(double* matrix, std::size_t n, double smallest = 0.0) {
  for (std::size_t j = 0; j < n; ++j) {
    double* row_j = matrix + j * n;
    double pivot = row_j[j];
    for (std::size_t k = 0; k < j; ++k) pivot -= row_j[k] * row_j[k];
    if (!(pivot > smallest)) return false;
    const double inverse = 1.0 / std::sqrt(pivot);
    row_j[j] = inverse;
    for (std::size_t i = j + 1; i < n; ++i) {
      double* row_i = matrix + i * n;
      double sum = row_i[j];
      for (std::size_t k = 0; k < j; ++k) sum -= row_i[k] * row_j[k];
      row_i[j] = sum * inverse;
    }
  }
  return true;
}

/// Solves L Lᵀ x = b in place with the factor of `factorize`.
inline void solve_factorized(const double* factor, std::size_t n, double* x) {
  for (std::size_t i = 0; i < n; ++i) {
    double sum = x[i];
    for (std::size_t k = 0; k < i; ++k) sum -= factor[i * n + k] * x[k];
    x[i] = sum * factor[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    double sum = x[i];
    for (std::size_t k = i + 1; k < n; ++k) sum -= factor[k * n + i] * x[k];
    x[i] = sum * factor[i * n + i];
  }
}

}  // namespace closo::impedance::detail
