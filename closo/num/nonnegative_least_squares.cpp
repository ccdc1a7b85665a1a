#include "closo/num/nonnegative_least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "closo/base/error.hpp"
#include "closo/num/positive_definite.hpp"

namespace closo::num {
namespace {

constexpr std::size_t patience = 4;  // block exchanges without progress before single ones take over

struct Problem {
  std::span<const double> gram;
  std::span<const double> right;
  std::size_t n;

  double at(std::size_t i, std::size_t j) const { return i >= j ? gram[i + j * n] : gram[j + i * n]; }
};

/// x on the positive set, zero elsewhere; gradient G x − c everywhere.
struct Step {
  std::vector<std::size_t> set;
  std::vector<double> matrix;
  std::vector<double> solution;
  std::vector<double> x;
  std::vector<double> gradient;

  void solve(const Problem& problem, const std::vector<char>& positive) {
    const std::size_t n = problem.n;
    set.clear();
    for (std::size_t i = 0; i < n; ++i) {
      if (positive[i]) set.push_back(i);
    }
    const std::size_t m = set.size();
    matrix.resize(m * m);
    solution.resize(m);
    for (std::size_t b = 0; b < m; ++b) {
      const double* column = problem.gram.data() + set[b] * n;
      for (std::size_t a = b; a < m; ++a) matrix[a + b * m] = column[set[a]];
      solution[b] = problem.right[set[b]];
    }
    if (m > 0) {
      if (!cholesky(matrix, m)) {
        throw base::NumericsError("non-negative least squares: the normal matrix is not positive definite");
      }
      cholesky_solve(matrix, solution);
    }
    x.assign(n, 0.0);
    gradient.resize(n);
    for (std::size_t i = 0; i < n; ++i) gradient[i] = -problem.right[i];
    for (std::size_t b = 0; b < m; ++b) {
      const std::size_t j = set[b];
      const double value = solution[b];
      x[j] = value;
      for (std::size_t i = 0; i < j; ++i) gradient[i] += problem.gram[j + i * n] * value;
      const double* column = problem.gram.data() + j * n;
      for (std::size_t i = j; i < n; ++i) gradient[i] += column[i] * value;
    }
  }
};

void check(const Problem& problem, std::span<const char> start) {
  const std::size_t n = problem.n;
  if (problem.gram.size() != n * n || (!start.empty() && start.size() != n)) {
    throw base::ParameterError("gram, right, start",
                               std::to_string(problem.gram.size()) + ", " + std::to_string(n) + ", " +
                                   std::to_string(start.size()) + " values",
                               "n * n, n and n (or no) values");
  }
  for (std::size_t j = 0; j < n; ++j) {
    bool finite = std::isfinite(problem.right[j]);
    for (std::size_t i = j; i < n; ++i) finite = finite && std::isfinite(problem.gram[i + j * n]);
    if (!finite) throw base::ParameterError("gram, right", "a number that is not finite", "finite numbers");
  }
}

}  // namespace

NonnegativeSolution nonnegative_least_squares(std::span<const double> gram, std::span<const double> right,
                                              std::span<const char> start) {
  const Problem problem{gram, right, right.size()};
  check(problem, start);
  const std::size_t n = problem.n;
  NonnegativeSolution out;
  out.positive.assign(n, 0);
  if (!start.empty()) out.positive.assign(start.begin(), start.end());
  // The gradient is exact to rounding of the terms it sums; smaller violations mean nothing.
  std::vector<double> tolerance(n);
  double largest_diagonal_solution = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double diagonal = problem.at(i, i);
    if (!(diagonal > 0.0)) {
      throw base::NumericsError("non-negative least squares: the normal matrix is not positive definite");
    }
    largest_diagonal_solution = std::max(largest_diagonal_solution, std::abs(right[i]) / std::sqrt(diagonal));
  }
  for (std::size_t i = 0; i < n; ++i) tolerance[i] = 1e-11 * largest_diagonal_solution * std::sqrt(problem.at(i, i));

  Step step;
  std::vector<std::size_t> wrong;
  std::size_t fewest = n + 1;
  std::size_t left = patience;
  const std::size_t limit = 50 * n + 100;
  for (out.iterations = 1; out.iterations <= limit; ++out.iterations) {
    step.solve(problem, out.positive);
    wrong.clear();
    for (std::size_t i = 0; i < n; ++i) {
      if (out.positive[i] ? step.x[i] < 0.0 : step.gradient[i] < -tolerance[i]) wrong.push_back(i);
    }
    if (wrong.empty()) {
      out.converged = true;
      break;
    }
    if (wrong.size() < fewest) {
      fewest = wrong.size();
      left = patience;
    } else if (left > 0) {
      --left;
    } else {
      wrong.assign(1, wrong.back());
    }
    for (const std::size_t i : wrong) out.positive[i] = !out.positive[i];
  }
  out.x = step.x;
  for (double& value : out.x) value = std::max(value, 0.0);
  return out;
}

}  // namespace closo::num
