/// Small dense kernels for the fits: dot products, normal equations and Cholesky without allocation.
///
/// Matrices are row-major; symmetric ones keep their lower triangle.
#pragma once

#include <cmath>
#include <cstddef>

namespace closo::impedance::detail {

/// a · b over n values, n a multiple of 8; eight partial sums keep the additions independent.
inline double dot(const double* __restrict a, const double* __restrict b, std::size_t n) {
  double sum[8] = {};
  for (std::size_t i = 0; i < n; i += 8) {
    for (std::size_t k = 0; k < 8; ++k) sum[k] += a[i + k] * b[i + k];
  }
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

/// Two dot products with a common first factor.
inline void dot_pair(const double* __restrict a, const double* __restrict b, const double* __restrict c, std::size_t n,
                     double& ab, double& ac) {
  double first[4] = {};
  double second[4] = {};
  for (std::size_t i = 0; i < n; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) {
      first[k] += a[i + k] * b[i + k];
      second[k] += a[i + k] * c[i + k];
    }
  }
  ab = (first[0] + first[1]) + (first[2] + first[3]);
  ac = (second[0] + second[1]) + (second[2] + second[3]);
}

/// Lower triangle of JᵀJ and Jᵀr for `count` columns of length n.
inline void normal_equations(const double* jacobian, const double* residual, std::size_t n, std::size_t count,
                             double* matrix, double* gradient) {
  for (std::size_t a = 0; a < count; ++a) {
    const double* column = jacobian + a * n;
    std::size_t b = 0;
    for (; b + 1 <= a; b += 2) {
      dot_pair(column, jacobian + b * n, jacobian + (b + 1) * n, n, matrix[a * count + b], matrix[a * count + b + 1]);
    }
    if (b == a) {
      dot_pair(column, column, residual, n, matrix[a * count + a], gradient[a]);
    } else {
      gradient[a] = dot(column, residual, n);
    }
  }
}

/// Replaces the lower triangle of a positive definite matrix by its Cholesky factor, whose diagonal holds the inverses of
/// the pivots; false when a pivot is not above `smallest`.
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
