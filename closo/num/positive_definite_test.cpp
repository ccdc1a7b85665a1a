#include "closo/num/positive_definite.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::num {
namespace {

/// Numbers without pattern, the same everywhere.
std::vector<double> numbers(std::size_t count, double seed) {
  std::vector<double> out;
  auto state = static_cast<std::uint64_t>(1000.0 * seed) + 7U;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    out.push_back(static_cast<double>(state >> 11U) * 0x1p-53 - 0.5);
  }
  return out;
}

TEST(PositiveDefinite, GramIsTheSumOfProducts) {
  for (const std::size_t n : {1UL, 2UL, 7UL, 40UL}) {
    const std::size_t rows = 50;
    const std::vector<double> a = numbers(rows * n, 0.3), b = numbers(rows, 0.7);
    std::vector<double> matrix(n * n, 99.0), right(n);
    gram(a, rows, matrix);
    transposed_product(a, b, right);
    for (std::size_t j = 0; j < n; ++j) {
      double product = 0.0;
      for (std::size_t r = 0; r < rows; ++r) product += a[r + j * rows] * b[r];
      EXPECT_NEAR(right[j], product, 1e-12);
      for (std::size_t i = 0; i < n; ++i) {
        double sum = 0.0;
        for (std::size_t r = 0; r < rows; ++r) sum += a[r + i * rows] * a[r + j * rows];
        if (i >= j) {
          EXPECT_NEAR(matrix[i + j * n], sum, 1e-12);
        }
      }
    }
  }
}

TEST(PositiveDefinite, SolvesWhatItFactors) {
  for (const std::size_t n : {1UL, 3UL, 33UL, 80UL}) {
    const std::size_t rows = 2 * n + 5;
    std::vector<double> matrix(n * n);
    gram(numbers(rows * n, 0.1), rows, matrix);
    const std::vector<double> truth = numbers(n, 2.0);
    std::vector<double> b(n, 0.0);
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = 0; i < n; ++i) b[i] += (i >= j ? matrix[i + j * n] : matrix[j + i * n]) * truth[j];
    }
    std::vector<double> half = b;
    ASSERT_TRUE(cholesky(matrix, n));
    cholesky_solve(matrix, b);
    for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(b[i], truth[i], 1e-9);
    // |L⁻¹ b|² = bᵀ G⁻¹ b.
    double square = 0.0, product = 0.0;
    for (std::size_t i = 0; i < n; ++i) product += half[i] * truth[i];
    cholesky_forward(matrix, n, half);
    for (const double value : half) square += value * value;
    EXPECT_NEAR(square, product, 1e-9 * std::abs(product));
  }
}

TEST(PositiveDefinite, SaysWhenItIsNot) {
  std::vector<double> matrix = {1.0, 2.0, 0.0, 1.0};
  EXPECT_FALSE(cholesky(matrix, 2));
  matrix = {0.0, 0.0, 0.0, 1.0};
  EXPECT_FALSE(cholesky(matrix, 2));
}

TEST(PositiveDefinite, RefusesSizesThatDoNotMatch) {
  std::vector<double> six(6), four(4), three(3), two(2);
  EXPECT_THROW(gram(six, 0, four), base::ParameterError);
  EXPECT_THROW(gram(six, 4, four), base::ParameterError);
  EXPECT_THROW(gram(six, 3, three), base::ParameterError);
  EXPECT_THROW(transposed_product(six, four, two), base::ParameterError);
  EXPECT_THROW((void)cholesky(three, 2), base::ParameterError);
  EXPECT_THROW(cholesky_solve(four, three), base::ParameterError);
  EXPECT_THROW(cholesky_forward(four, 3, six), base::ParameterError);
  EXPECT_THROW(cholesky_forward(four, 2, three), base::ParameterError);
}

}  // namespace
}  // namespace closo::num
