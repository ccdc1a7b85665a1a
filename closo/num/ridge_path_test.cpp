#include "closo/num/ridge_path.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/num/positive_definite.hpp"

namespace closo::num {
namespace {

constexpr std::size_t rows = 40;
constexpr std::size_t n = 25;

struct Problem {
  std::vector<double> columns, free, b, penalty;
};

/// Smooth overlapping columns, a constant and a slope without penalty, second differences as penalty.
Problem smooth_problem() {
  Problem out;
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < rows; ++i) {
      const double d = static_cast<double>(i) / rows - static_cast<double>(j) / n;
      out.columns.push_back(std::exp(-30.0 * d * d));
    }
  }
  for (std::size_t i = 0; i < rows; ++i) out.free.push_back(1.0);
  for (std::size_t i = 0; i < rows; ++i) out.free.push_back(static_cast<double>(i) / rows);
  for (std::size_t i = 0; i < rows; ++i)
    out.b.push_back(1.0 + std::sin(0.3 * static_cast<double>(i)) + 0.1 * std::sin(41.0 * static_cast<double>(i * i)));
  out.penalty.assign(n * n, 0.0);
  for (std::size_t k = 0; k < n; ++k) {
    const auto add = [&](std::size_t i, std::size_t j, double v) { out.penalty[i + j * n] += v; };
    add(k, k, 4.0);
    if (k > 0) add(k - 1, k - 1, 1.0);
    if (k + 1 < n) add(k + 1, k + 1, 1.0);
    if (k > 0) add(k, k - 1, -2.0);
    if (k + 1 < n) add(k + 1, k, -2.0);
    if (k > 0 && k + 1 < n) add(k + 1, k - 1, 1.0);
  }
  return out;
}

/// The same numbers by solving the normal equations for this λ, the trace column by column.
RidgePoint direct(const Problem& problem, double lambda) {
  const std::size_t f = problem.free.size() / rows, m = f + n;
  std::vector<double> all = problem.free;
  all.insert(all.end(), problem.columns.begin(), problem.columns.end());
  std::vector<double> matrix(m * m);
  gram(all, rows, matrix);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) matrix[f + i + (f + j) * m] += lambda * problem.penalty[i + j * n];
  }
  EXPECT_TRUE(cholesky(matrix, m));
  std::vector<double> x(m);
  transposed_product(all, problem.b, x);
  cholesky_solve(matrix, x);
  RidgePoint out;
  for (std::size_t i = 0; i < rows; ++i) {
    double value = problem.b[i];
    std::vector<double> row(m);
    for (std::size_t k = 0; k < m; ++k) {
      value -= all[i + k * rows] * x[k];
      row[k] = all[i + k * rows];
    }
    out.residual_square += value * value;
    cholesky_forward(matrix, m, row);
    for (const double part : row) out.effective_parameters += part * part;
  }
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < n; ++i) {
      const double p = i >= j ? problem.penalty[i + j * n] : problem.penalty[j + i * n];
      out.penalty += x[f + i] * p * x[f + j];
    }
  }
  return out;
}

TEST(RidgePath, AgreesWithTheNormalEquations) {
  Problem problem = smooth_problem();
  for (const bool with_free : {true, false}) {
    if (!with_free) problem.free.clear();
    const RidgePath path(problem.columns, problem.free, problem.b, problem.penalty);
    EXPECT_EQ(path.rows(), rows);
    EXPECT_GT(path.balance(), 0.0);
    for (const double lambda : {1e-4, 1e-2, 1.0, 1e3}) {
      const RidgePoint fast = path.at(lambda), slow = direct(problem, lambda);
      EXPECT_NEAR(fast.residual_square, slow.residual_square, 1e-8 * slow.residual_square) << lambda;
      EXPECT_NEAR(fast.penalty, slow.penalty, 1e-6 * slow.penalty) << lambda;
      EXPECT_NEAR(fast.effective_parameters, slow.effective_parameters, 1e-6) << lambda;
      const double freedom = static_cast<double>(rows) - slow.effective_parameters;
      EXPECT_NEAR(path.cross_validation(lambda), rows * slow.residual_square / (freedom * freedom),
                  1e-6 * path.cross_validation(lambda));
    }
  }
}

TEST(RidgePath, MorePenaltyMeansMoreResidualAndFewerParameters) {
  const Problem problem = smooth_problem();
  const RidgePath path(problem.columns, problem.free, problem.b, problem.penalty);
  RidgePoint before = path.at(1e-6);
  for (double lambda = 1e-5; lambda < 1e6; lambda *= 10.0) {
    const RidgePoint point = path.at(lambda);
    EXPECT_GE(point.residual_square, before.residual_square * (1.0 - 1e-9));
    EXPECT_LE(point.penalty, before.penalty * (1.0 + 1e-9));
    EXPECT_LT(point.effective_parameters, before.effective_parameters);
    before = point;
  }
  EXPECT_NEAR(path.at(1e12).effective_parameters, 2.0, 1e-3);
}

TEST(RidgePath, DependentFreeColumnsCountOnce) {
  Problem problem = smooth_problem();
  const RidgePath once(problem.columns, problem.free, problem.b, problem.penalty);
  for (std::size_t i = 0; i < rows; ++i) problem.free.push_back(problem.free[i] - 3.0 * problem.free[rows + i]);
  const RidgePath twice(problem.columns, problem.free, problem.b, problem.penalty);
  EXPECT_NEAR(once.at(0.1).effective_parameters, twice.at(0.1).effective_parameters, 1e-6);
}

TEST(RidgePath, OneUnknown) {
  const std::vector<double> column = {1.0, 2.0}, b = {3.0, 5.0}, penalty = {4.0};
  const RidgePath path(column, {}, b, penalty);
  const double lambda = 0.25, x = 13.0 / 6.0;
  EXPECT_NEAR(path.at(lambda).penalty, 4.0 * x * x, 1e-12);
  EXPECT_NEAR(path.at(lambda).effective_parameters, 5.0 / 6.0, 1e-12);
}

TEST(RidgePath, RefusesWhatItCannotUse) {
  Problem problem = smooth_problem();
  const std::vector<double> none;
  EXPECT_THROW(RidgePath(problem.columns, problem.free, none, problem.penalty), base::ParameterError);
  EXPECT_THROW(RidgePath(none, problem.free, problem.b, none), base::ParameterError);
  EXPECT_THROW(RidgePath(problem.columns, problem.free, problem.b, problem.columns), base::ParameterError);
  const RidgePath path(problem.columns, problem.free, problem.b, problem.penalty);
  EXPECT_THROW((void)path.at(0.0), base::ParameterError);
  EXPECT_THROW((void)path.cross_validation(-1.0), base::ParameterError);
  problem.penalty[0] = -1.0;
  EXPECT_THROW(RidgePath(problem.columns, problem.free, problem.b, problem.penalty), base::NumericsError);
}

}  // namespace
}  // namespace closo::num
