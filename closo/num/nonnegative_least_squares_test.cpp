#include "closo/num/nonnegative_least_squares.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/num/positive_definite.hpp"

namespace closo::num {
namespace {

struct Problem {
  std::size_t n = 0;
  std::vector<double> gram;
  std::vector<double> right;

  double at(std::size_t i, std::size_t j) const { return i >= j ? gram[i + j * n] : gram[j + i * n]; }
  double objective(const std::vector<double>& x) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      sum -= x[i] * right[i];
      for (std::size_t j = 0; j < n; ++j) sum += 0.5 * x[i] * at(i, j) * x[j];
    }
    return sum;
  }
};

double uniform(std::uint64_t& state) {
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return static_cast<double>(state >> 11U) * 0x1p-53 - 0.5;
}

/// `mixing` close to 1 makes the columns nearly dependent.
Problem random_problem(std::size_t n, double mixing, std::uint64_t seed) {
  const std::size_t rows = n + 6;
  std::vector<double> columns(rows * n), b(rows);
  std::vector<double> common(rows);
  for (double& value : common) value = uniform(seed);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < rows; ++i) columns[i + j * rows] = mixing * common[i] + (1.0 - mixing) * uniform(seed);
  }
  for (double& value : b) value = uniform(seed);
  Problem out;
  out.n = n;
  out.gram.resize(n * n);
  out.right.resize(n);
  gram(columns, rows, out.gram);
  transposed_product(columns, b, out.right);
  return out;
}

void expect_optimal(const Problem& problem, const NonnegativeSolution& solution) {
  ASSERT_TRUE(solution.converged);
  for (std::size_t i = 0; i < problem.n; ++i) {
    double gradient = -problem.right[i];
    for (std::size_t j = 0; j < problem.n; ++j) gradient += problem.at(i, j) * solution.x[j];
    const double small = 1e-8 * std::sqrt(problem.at(i, i));
    EXPECT_GE(solution.x[i], 0.0);
    if (solution.positive[i]) {
      EXPECT_NEAR(gradient, 0.0, small);
    } else {
      EXPECT_EQ(solution.x[i], 0.0);
      EXPECT_GE(gradient, -small);
    }
  }
}

TEST(NonnegativeLeastSquares, MeetsTheOptimalityConditions) {
  for (const std::size_t n : {1UL, 2UL, 5UL, 20UL, 60UL}) {
    for (const double mixing : {0.0, 0.5, 0.95, 0.999}) {
      for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Problem problem = random_problem(n, mixing, seed);
        expect_optimal(problem, nonnegative_least_squares(problem.gram, problem.right));
      }
    }
  }
}

TEST(NonnegativeLeastSquares, TheStartDoesNotChangeTheAnswer) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Problem problem = random_problem(30, 0.9, seed);
    const auto zero = nonnegative_least_squares(problem.gram, problem.right);
    const auto all = nonnegative_least_squares(problem.gram, problem.right, std::vector<char>(30, 1));
    const auto again = nonnegative_least_squares(problem.gram, problem.right, zero.positive);
    for (std::size_t i = 0; i < 30; ++i) {
      EXPECT_NEAR(zero.x[i], all.x[i], 1e-7);
      EXPECT_NEAR(zero.x[i], again.x[i], 1e-12);
    }
    EXPECT_EQ(again.iterations, 1U);
  }
}

TEST(NonnegativeLeastSquares, EveryChoiceOfSignsIsNoBetter) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Problem problem = random_problem(6, 0.7, seed);
    const auto solution = nonnegative_least_squares(problem.gram, problem.right);
    const double best = problem.objective(solution.x);
    for (unsigned set = 0; set < 64; ++set) {
      std::vector<std::size_t> in;
      for (std::size_t i = 0; i < 6; ++i) {
        if (set & (1U << i)) in.push_back(i);
      }
      std::vector<double> matrix(in.size() * in.size()), b(in.size()), x(6, 0.0);
      for (std::size_t c = 0; c < in.size(); ++c) {
        b[c] = problem.right[in[c]];
        for (std::size_t r = c; r < in.size(); ++r) matrix[r + c * in.size()] = problem.at(in[r], in[c]);
      }
      if (!in.empty()) {
        ASSERT_TRUE(cholesky(matrix, in.size()));
        cholesky_solve(matrix, b);
      }
      bool feasible = true;
      for (std::size_t c = 0; c < in.size(); ++c) {
        x[in[c]] = b[c];
        feasible = feasible && b[c] >= 0.0;
      }
      if (feasible) {
        EXPECT_GE(problem.objective(x), best - 1e-12);
      }
    }
  }
}

TEST(NonnegativeLeastSquares, DoesNotDependOnTheScaleOfUnknowns) {
  const Problem problem = random_problem(12, 0.8, 4);
  const auto reference = nonnegative_least_squares(problem.gram, problem.right);
  Problem scaled = problem;
  const auto unit = [](std::size_t i) { return std::pow(10.0, static_cast<double>(i) - 6.0); };
  for (std::size_t j = 0; j < 12; ++j) {
    scaled.right[j] *= unit(j);
    for (std::size_t i = j; i < 12; ++i) scaled.gram[i + j * 12] *= unit(i) * unit(j);
  }
  const auto solution = nonnegative_least_squares(scaled.gram, scaled.right);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_NEAR(solution.x[i] * unit(i), reference.x[i], 1e-9);
}

TEST(NonnegativeLeastSquares, RefusesWhatItCannotSolve) {
  const std::vector<double> one = {1.0, 0.0, 0.0, 1.0}, two = {1.0, 1.0}, three = {1.0, 1.0, 1.0};
  EXPECT_THROW((void)nonnegative_least_squares(one, three), base::ParameterError);
  EXPECT_THROW((void)nonnegative_least_squares(one, two, std::vector<char>(3, 1)), base::ParameterError);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW((void)nonnegative_least_squares(std::vector<double>{1.0, nan, 0.0, 1.0}, two), base::ParameterError);
  EXPECT_THROW((void)nonnegative_least_squares(one, std::vector<double>{nan, 1.0}), base::ParameterError);
  EXPECT_THROW((void)nonnegative_least_squares(std::vector<double>{0.0, 0.0, 0.0, 1.0}, two), base::NumericsError);
  EXPECT_THROW((void)nonnegative_least_squares(std::vector<double>{1.0, 2.0, 0.0, 1.0}, two, std::vector<char>(2, 1)),
               base::NumericsError);
}

}  // namespace
}  // namespace closo::num
