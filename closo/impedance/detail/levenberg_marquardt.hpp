/// Levenberg–Marquardt with simple bounds, for any problem with `size`, `cost` and `normal_equations`.
///
/// Damping follows the largest diagonal seen so far (column scaling after J. J. Moré, Lect. Notes Math. 630 (1978) 105,
/// DOI 10.1007/BFb0067700); its size follows the gain ratio (H. B. Nielsen, IMM-REP-1999-05, DTU). A parameter at a
/// bound whose descent direction leaves the box rests for the step; steps are projected into the box.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "closo/impedance/detail/dense.hpp"

namespace closo::impedance::detail {

struct MinimiserSettings {
  int max_iterations = 200;
  double tolerance = 1e-12;   ///< relative reduction of the cost, promised and gained, at which the iteration ends
  double largest_step = 3.0;  ///< of one parameter in one iteration
  double good_enough = 0.0;   ///< stop as soon as the cost is below
};

struct MinimiserOutcome {
  double cost = std::numeric_limits<double>::infinity();
  int iterations = 0;
  int evaluations = 0;
  bool converged = false;
};

/// Memory of the iteration; reused from call to call.
struct MinimiserMemory {
  std::vector<double> matrix, damped, gradient, step, trial, scale, previous;
  std::vector<std::size_t> moving;

  void resize(std::size_t n) {
    matrix.resize(n * n);
    damped.resize(n * n);
    gradient.resize(n);
    step.resize(n);
    trial.resize(n);
    scale.resize(n);
    previous.resize(n);
    moving.reserve(n);
  }
};

/// Aitken's factor 1/(1 - r) for a step that is r times the one before: where the neglected curvature of the residuals
/// makes the steps shrink slowly or swing to and fro along one line, it goes to the end of the line. 1 for steps not in
/// line.
inline double stretch_factor(const double* step, const double* previous, const double* scale, const std::size_t* moving,
                             std::size_t count) {
  double across = 0.0;
  double old = 0.0;
  double now = 0.0;
  for (std::size_t a = 0; a < count; ++a) {
    const std::size_t i = moving[a];
    across += scale[i] * step[a] * previous[i];
    old += scale[i] * previous[i] * previous[i];
    now += scale[i] * step[a] * step[a];
  }
  if (!(across * across > 0.8 * old * now) || !(now > 0.0) || now > old) return 1.0;
  const double ratio = across / old;
  return std::fabs(ratio) < 0.1 ? 1.0 : std::clamp(1.0 / (1.0 - ratio), 0.5, 4.0);
}

/// Problem: size(), lower()[i], upper()[i]; cost(const double*) evaluates there (NaN is a refusal);
/// normal_equations(matrix, gradient) belongs to the latest cost(). After the call the problem's latest cost() need not
/// be the minimum.
template <class Problem>
MinimiserOutcome minimise(Problem& problem, double* x, MinimiserMemory& memory, const MinimiserSettings& settings) {
  const std::size_t n = problem.size();
  memory.resize(n);
  const double* lower = problem.lower();
  const double* upper = problem.upper();
  double* const matrix = memory.matrix.data();
  double* const damped = memory.damped.data();
  double* const gradient = memory.gradient.data();
  double* const step = memory.step.data();
  double* const trial = memory.trial.data();
  double* const scale = memory.scale.data();
  double* const previous = memory.previous.data();
  MinimiserOutcome out;
  for (std::size_t i = 0; i < n; ++i) x[i] = std::clamp(x[i], lower[i], upper[i]);
  out.cost = problem.cost(x);
  out.evaluations = 1;
  if (!std::isfinite(out.cost)) return out;
  if (n == 0) {
    out.converged = true;
    return out;
  }
  std::fill(scale, scale + n, 0.0);
  std::fill(previous, previous + n, 0.0);
  double damping = 1e-3;
  double growth = 4.0;
  bool settled = false;
  for (out.iterations = 1; out.iterations <= settings.max_iterations; ++out.iterations) {
    problem.normal_equations(matrix, gradient);
    memory.moving.clear();
    for (std::size_t i = 0; i < n; ++i) {
      scale[i] = std::max(scale[i], matrix[i * n + i]);
      const bool rests = (x[i] <= lower[i] && gradient[i] > 0.0) || (x[i] >= upper[i] && gradient[i] < 0.0);
      if (!rests) memory.moving.push_back(i);
    }
    const std::size_t m = memory.moving.size();
    const std::size_t* moving = memory.moving.data();
    bool accepted = false;
    bool stretch = true;
    for (int attempt = 0; attempt < 40 && m > 0; ++attempt) {
      for (std::size_t a = 0; a < m; ++a) {
        const std::size_t i = moving[a];
        for (std::size_t b = 0; b <= a; ++b) damped[a * m + b] = matrix[i * n + moving[b]];
        damped[a * m + a] += damping * std::max(scale[i], 1e-300);
        step[a] = -gradient[i];
      }
      if (!factorize(damped, m)) {
        damping *= growth;
        growth *= 2.0;
        continue;
      }
      solve_factorized(damped, m, step);
      const double factor = stretch ? stretch_factor(step, previous, scale, moving, m) : 1.0;
      stretch = factor != 1.0;
      std::copy(x, x + n, trial);
      // The model's reduction for the step as projected: -(g·h + h·A·h/2) for a cost of |r|².
      double linear = 0.0;
      double largest = 0.0;
      for (std::size_t a = 0; a < m; ++a) {
        const std::size_t i = moving[a];
        const double wanted = std::clamp(factor * step[a], -settings.largest_step, settings.largest_step);
        trial[i] = std::clamp(x[i] + wanted, lower[i], upper[i]);
        step[a] = trial[i] - x[i];
        linear += gradient[i] * step[a];
        largest = std::max(largest, std::fabs(step[a]) / std::max(1.0, std::fabs(x[i])));
      }
      double curved = 0.0;
      for (std::size_t a = 0; a < m; ++a) {
        const std::size_t i = moving[a];
        double row = 0.5 * matrix[i * n + i] * step[a];
        for (std::size_t b = 0; b < a; ++b) row += matrix[i * n + moving[b]] * step[b];
        curved += step[a] * row;
      }
      const double predicted = -2.0 * linear - 2.0 * curved;
      if (largest < 1e-15 || std::fabs(predicted) <= 1e-3 * settings.tolerance * out.cost) {
        out.converged = true;
        break;
      }
      if (predicted <= 0.0) {
        // The projection or the limit of the step turned it uphill.
        if (!stretch) {
          damping *= growth;
          growth *= 2.0;
        }
        stretch = false;
        continue;
      }
      const double cost = problem.cost(trial);
      ++out.evaluations;
      if (cost < out.cost) {
        const double reduction = out.cost - cost;
        const double gain = reduction / predicted;
        settled = predicted <= settings.tolerance * out.cost && reduction <= settings.tolerance * out.cost;
        for (std::size_t i = 0; i < n; ++i) previous[i] = (trial[i] - x[i]) / factor;
        std::copy(trial, trial + n, x);
        out.cost = cost;
        damping = std::max(damping * (gain > 0.5 ? 0.1 : gain > 0.25 ? 0.5 : 2.0), 1e-9);
        growth = 4.0;
        accepted = true;
        break;
      }
      if (stretch) {
        stretch = false;
        continue;
      }
      damping *= growth;
      growth *= 2.0;
    }
    if (out.converged || !accepted || settled || out.cost <= settings.good_enough) {
      // Nothing left to gain: no step at any damping reduces the cost beyond rounding.
      out.converged = true;
      break;
    }
  }
  out.iterations = std::min(out.iterations, settings.max_iterations);
  return out;
}

}  // namespace closo::impedance::detail
