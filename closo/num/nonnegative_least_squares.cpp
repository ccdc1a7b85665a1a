#include "closo/num/nonnegative_least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "closo/base/error.hpp"
#include "closo/num/positive_definite.hpp"

namespace closo::num {
namespace {

constexpr std::size_t patience = 5;  // block exchanges without progress before the active set takes over
constexpr double tolerance = 1e-11;  // of the gradient, in units of the largest right side after scaling

void check(std::span<const double> gram, std::span<const double> right, std::span<const char> start) {
  const std::size_t n = right.size();
  if (gram.size() != n * n || (!start.empty() && start.size() != n)) {
    throw base::ParameterError(
        "gram, right, start",
        std::to_string(gram.size()) + ", " + std::to_string(n) + ", " + std::to_string(start.size()) + " values",
        "n * n, n and n (or no) values");
  }
  for (std::size_t j = 0; j < n; ++j) {
    bool finite = std::isfinite(right[j]);
    for (std::size_t i = j; i < n; ++i) finite = finite && std::isfinite(gram[i + j * n]);
    if (!finite) throw base::ParameterError("gram, right", "a number that is not finite", "finite numbers");
  }
}

/// The problem with a unit diagonal.
class Solver {
 public:
  Solver(std::span<const double> gram, std::span<const double> right)
      : n_(right.size()), gram_(gram.begin(), gram.end()), right_(right.begin(), right.end()), length_(n_) {
    for (std::size_t i = 0; i < n_; ++i) {
      if (!(gram[i + i * n_] > 0.0)) throw not_definite();
      length_[i] = std::sqrt(gram[i + i * n_]);
    }
    for (std::size_t j = 0; j < n_; ++j) {
      right_[j] /= length_[j];
      for (std::size_t i = j; i < n_; ++i) gram_[i + j * n_] /= length_[i] * length_[j];
      least_gradient_ = std::max(least_gradient_, tolerance * std::abs(right_[j]));
    }
    x_.assign(n_, 0.0);
    gradient_.resize(n_);
  }

  NonnegativeSolution run(std::span<const char> start) {
    positive_.assign(n_, 0);
    if (!start.empty()) positive_.assign(start.begin(), start.end());
    const bool done = exchange_blocks() || descend();
    NonnegativeSolution out;
    out.converged = done;
    out.iterations = iterations_;
    for (std::size_t i = 0; i < n_; ++i) out.x.push_back(std::max(x_[i], 0.0) / length_[i]);
    out.positive = positive_;
    return out;
  }

 private:
  static base::NumericsError not_definite() {
    return base::NumericsError("non-negative least squares: the normal matrix is not positive definite");
  }

  /// solution_ on the positive set.
  void solve() {
    ++iterations_;
    set_.clear();
    for (std::size_t i = 0; i < n_; ++i) {
      if (positive_[i]) set_.push_back(i);
    }
    const std::size_t m = set_.size();
    factor_.resize(m * m);
    solution_.resize(m);
    for (std::size_t b = 0; b < m; ++b) {
      const double* column = gram_.data() + set_[b] * n_;
      for (std::size_t a = b; a < m; ++a) factor_[a + b * m] = column[set_[a]];
      solution_[b] = right_[set_[b]];
    }
    if (m == 0) return;
    if (!cholesky(factor_, m)) throw not_definite();
    cholesky_solve(factor_, solution_);
  }

  /// G x − c.
  void find_gradient() {
    for (std::size_t i = 0; i < n_; ++i) gradient_[i] = -right_[i];
    for (std::size_t j = 0; j < n_; ++j) {
      const double* column = gram_.data() + j * n_;
      double sum = column[j] * x_[j];
      for (std::size_t i = j + 1; i < n_; ++i) {
        gradient_[i] += column[i] * x_[j];
        sum += column[i] * x_[i];
      }
      gradient_[j] += sum;
    }
  }

  void take_solution() {
    std::fill(x_.begin(), x_.end(), 0.0);
    for (std::size_t a = 0; a < set_.size(); ++a) x_[set_[a]] = solution_[a];
  }

  /// True when the optimality conditions hold; otherwise x is the truncation of the iterate with the fewest violations.
  bool exchange_blocks() {
    std::vector<char> best_set = positive_;
    std::size_t fewest = n_ + 1;
    std::size_t left = patience;
    for (;;) {
      solve();
      take_solution();
      find_gradient();
      wrong_.clear();
      for (std::size_t i = 0; i < n_; ++i) {
        if (positive_[i] ? x_[i] < 0.0 : gradient_[i] < -least_gradient_) wrong_.push_back(i);
      }
      if (wrong_.empty()) return true;
      if (wrong_.size() < fewest) {
        fewest = wrong_.size();
        left = patience;
        best_set = positive_;
      } else if (left-- == 0) {
        break;
      }
      for (const std::size_t i : wrong_) positive_[i] = !positive_[i];
    }
    positive_ = best_set;
    solve();
    take_solution();
    for (std::size_t i = 0; i < n_; ++i) {
      x_[i] = std::max(x_[i], 0.0);
      positive_[i] = x_[i] > 0.0;
    }
    return false;
  }

  /// Goes from x to the optimum on a subset of the positive set along feasible points.
  void settle() {
    for (;;) {
      solve();
      double part = 1.0;
      for (std::size_t a = 0; a < set_.size(); ++a) {
        const double now = x_[set_[a]];
        if (solution_[a] <= 0.0) part = std::min(part, now > 0.0 ? now / (now - solution_[a]) : 0.0);
      }
      if (part == 1.0) {
        take_solution();
        return;
      }
      for (std::size_t a = 0; a < set_.size(); ++a) {
        const std::size_t i = set_[a];
        const bool binds = solution_[a] <= 0.0 && (x_[i] <= 0.0 || x_[i] / (x_[i] - solution_[a]) <= part);
        x_[i] += part * (solution_[a] - x_[i]);
        if (!binds && x_[i] > 0.0) continue;
        x_[i] = 0.0;
        positive_[i] = 0;
      }
    }
  }

  bool descend() {
    std::vector<char> refused(n_, 0);  // came in and went out at once: rounding, not progress
    const std::size_t limit = iterations_ + 10 * n_ + 50;
    settle();
    while (iterations_ < limit) {
      find_gradient();
      std::size_t next = n_;
      for (std::size_t i = 0; i < n_; ++i) {
        if (positive_[i] || refused[i] || gradient_[i] >= -least_gradient_) continue;
        if (next == n_ || gradient_[i] < gradient_[next]) next = i;
      }
      if (next == n_) return true;
      positive_[next] = 1;
      settle();
      if (positive_[next]) {
        std::fill(refused.begin(), refused.end(), char{0});
      } else {
        refused[next] = 1;
      }
    }
    return false;
  }

  std::size_t n_;
  std::vector<double> gram_;
  std::vector<double> right_;
  std::vector<double> length_;
  double least_gradient_ = 0.0;
  std::vector<char> positive_;
  std::vector<double> x_;
  std::vector<double> gradient_;
  std::vector<std::size_t> set_;
  std::vector<std::size_t> wrong_;
  std::vector<double> factor_;
  std::vector<double> solution_;
  std::size_t iterations_ = 0;
};

}  // namespace

NonnegativeSolution nonnegative_least_squares(std::span<const double> gram, std::span<const double> right,
                                              std::span<const char> start) {
  check(gram, right, start);
  return Solver(gram, right).run(start);
}

}  // namespace closo::num
