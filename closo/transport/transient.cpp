#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/num/least_squares.hpp"
#include "closo/num/line_fit.hpp"
#include "closo/transport/transference.hpp"

namespace closo::transport {
namespace {

using Values = std::span<const double>;

void check(Values time, Values current, const TransientOptions& options) {
  if (time.size() != current.size() || time.size() < 8) {
    throw base::ParameterError(
        "transient", std::to_string(time.size()) + " times and " + std::to_string(current.size()) + " currents",
        "at least 8 points of each");
  }
  for (std::size_t i = 0; i < time.size(); ++i) {
    if (!std::isfinite(time[i]) || !std::isfinite(current[i])) {
      throw base::ParameterError("transient", "point " + std::to_string(i + 1) + " is not finite", "finite numbers");
    }
    if (time[i] < 0.0 || (i > 0 && time[i] <= time[i - 1])) {
      throw base::ParameterError("time", "point " + std::to_string(i + 1) + " does not follow the one before",
                                 "times from the voltage step on, in ascending order");
    }
  }
  if (!(options.window > 0.0 && options.window <= 0.5)) {
    throw base::ParameterError("window", std::to_string(options.window), "a share above 0 and up to 0.5");
  }
  if (!(options.drift_limit > 0.0)) {
    throw base::ParameterError("drift_limit", std::to_string(options.drift_limit), "a positive share");
  }
  if (options.time_constant && !(*options.time_constant >= 0.0 && std::isfinite(*options.time_constant))) {
    throw base::ParameterError("time_constant", std::to_string(*options.time_constant) + " s",
                               "a time that is not negative");
  }
}

struct Polynomial {
  std::vector<double> coefficients;  // in t - origin
  double origin = 0.0;
  double scatter = 0.0;  // standard deviation of the residuals
  std::vector<double> covariance;

  double at(double t) const {
    double sum = 0.0;
    for (std::size_t j = coefficients.size(); j-- > 0;) sum = sum * (t - origin) + coefficients[j];
    return sum;
  }
  double variance(double t) const {
    std::vector<double> gradient(coefficients.size(), 1.0);
    for (std::size_t j = 1; j < gradient.size(); ++j) gradient[j] = gradient[j - 1] * (t - origin);
    return covariance.empty() ? 0.0 : num::propagate_variance(gradient, covariance);
  }
};

Polynomial fit_polynomial(Values time, Values current, std::size_t degree) {
  Polynomial result;
  result.origin = time.front();
  std::vector<double> design;
  for (const double t : time) {
    double power = 1.0;
    for (std::size_t j = 0; j <= degree; ++j, power *= t - result.origin) design.push_back(power);
  }
  const num::LinearFit fit = num::fit_linear(design, degree + 1, current);
  result.coefficients = fit.parameters;
  result.covariance = fit.covariance;
  if (fit.degrees_of_freedom > 0) {
    result.scatter = std::sqrt(fit.chi_square / static_cast<double>(fit.degrees_of_freedom));
  }
  return result;
}

// Points at the start that stand above what follows: the charging of the double layer.
std::size_t find_spike(Values time, Values current) {
  const std::size_t most = time.size() / 20;
  const std::size_t window = std::clamp<std::size_t>(time.size() / 20, 6, 40);
  std::size_t dropped = 0;
  for (std::size_t i = 0; i < most && i + 1 + window <= time.size(); ++i) {
    const Polynomial after = fit_polynomial(time.subspan(i + 1, window), current.subspan(i + 1, window), 2);
    const double sign = current[i + 1] >= 0.0 ? 1.0 : -1.0;
    const double excess = sign * (current[i] - after.at(time[i]));
    const double spread = std::sqrt(after.scatter * after.scatter + after.variance(time[i]));
    // Smooth noise-free records leave residuals of curvature: a thousandth of the current is no spike.
    if (excess > std::max(5.0 * spread, 1e-3 * std::abs(after.at(time[i])))) dropped = i + 1;
  }
  // The foot of the spike below the threshold: half as many points again.
  return dropped + dropped / 2;
}

Measured initial_value(Values time, Values current) {
  const double start = current.front();
  const double end = current.back();
  // The early part: at most a tenth of the decay, so that a parabola follows it.
  std::size_t count = 1;
  while (count < time.size() && std::abs(current[count] - start) <= 0.1 * std::abs(start - end)) ++count;
  count = std::clamp<std::size_t>(count, 4, time.size());
  const std::size_t degree = count >= 8 ? 2 : 1;
  const Polynomial early = fit_polynomial(time.first(count), current.first(count), degree);
  return {early.at(0.0), std::sqrt(early.variance(0.0))};
}

struct Relaxation {
  Measured limit;
  double time = 0.0;
};

// I = limit + amplitude exp(-t/tau) by variable projection: a golden-section search in ln tau.
std::optional<Relaxation> fit_relaxation(Values time, Values current) {
  const double span = time.back() - time.front();
  const auto solve = [&](double tau) {
    std::vector<double> design;
    for (const double t : time) {
      design.push_back(1.0);
      design.push_back(std::exp(-(t - time.front()) / tau));
    }
    return num::fit_linear(design, 2, current);
  };
  const auto cost = [&](double log_tau) { return solve(std::exp(log_tau)).chi_square; };
  const double low = std::log(0.02 * span);
  const double high = std::log(20.0 * span);
  const int steps = 60;
  double best = low;
  double best_cost = cost(low);
  for (int i = 1; i <= steps; ++i) {
    const double candidate = low + (high - low) * i / steps;
    const double value = cost(candidate);
    if (value < best_cost) {
      best = candidate;
      best_cost = value;
    }
  }
  const double golden = 0.6180339887498949;
  double a = best - (high - low) / steps;
  double b = best + (high - low) / steps;
  double c = b - golden * (b - a), d = a + golden * (b - a);
  double cost_c = cost(c), cost_d = cost(d);
  for (int i = 0; i < 60; ++i) {
    if (cost_c < cost_d) {
      b = d;
      d = c;
      cost_d = cost_c;
      c = b - golden * (b - a);
      cost_c = cost(c);
    } else {
      a = c;
      c = d;
      cost_c = cost_d;
      d = a + golden * (b - a);
      cost_d = cost(d);
    }
  }
  const double tau = std::exp(0.5 * (a + b));
  if (tau > 6.0 * span) return std::nullopt;  // span is half of the record
  const num::LinearFit linear = solve(tau);
  if (linear.status != num::FitStatus::ok) return std::nullopt;
  // The covariance with tau free: linearised at the solution.
  std::vector<double> design, residual;
  for (std::size_t i = 0; i < time.size(); ++i) {
    const double elapsed = time[i] - time.front();
    const double decay = std::exp(-elapsed / tau);
    design.insert(design.end(), {1.0, decay, linear.parameters[1] * decay * elapsed / tau});
    residual.push_back(current[i] - linear.parameters[0] - linear.parameters[1] * decay);
  }
  const num::LinearFit full = num::fit_linear(design, 3, residual);
  if (full.status != num::FitStatus::ok || !full.covariance_known()) return std::nullopt;
  return Relaxation{{linear.parameters[0], std::sqrt(full.covariance[0])}, tau};
}

}  // namespace

std::string_view to_string(SteadyState state) noexcept {
  switch (state) {
    case SteadyState::reached:
      return "reached";
    case SteadyState::noise_limited:
      return "no drift within the noise";
    case SteadyState::not_reached:
      return "not reached";
  }
  return "";
}

Transient analyse_transient(Values time, Values current, const TransientOptions& options) {
  check(time, current, options);
  Transient result;
  if (options.time_constant) {
    while (result.dropped < time.size() && time[result.dropped] < 5.0 * *options.time_constant) ++result.dropped;
    if (time.size() - result.dropped < 8) {
      throw base::ParameterError("time_constant", std::to_string(*options.time_constant) + " s",
                                 "a value that leaves at least 8 points after 5 RC");
    }
  } else {
    result.dropped = find_spike(time, current);
  }
  const Values t = time.subspan(result.dropped);
  const Values i = current.subspan(result.dropped);
  result.initial_current = initial_value(t, i);

  const double record = t.back() - t.front();
  std::size_t first = t.size();
  while (first > 0 && (t.size() - first < 5 || t[first - 1] >= t.back() - options.window * record)) --first;
  const num::LineFit line = num::fit_line(t.subspan(first), i.subspan(first));
  const double window = t.back() - t[first];
  const double mean = line.value_at_centre;
  result.window_start = t[first];
  const double size = std::max(std::abs(mean), 1e-300);
  result.drift = line.slope * window / size;
  result.drift_uncertainty = std::sqrt(line.slope_variance) * window / size;
  if (std::abs(result.drift) < options.drift_limit) {
    result.steady_state = SteadyState::reached;
  } else if (std::abs(result.drift) <= 3.0 * result.drift_uncertainty) {
    result.steady_state = SteadyState::noise_limited;
  }
  // The drift over half of the window is part of what is not known of the mean.
  const double drift_part = 0.5 * std::abs(line.slope) * window / std::sqrt(3.0);
  result.steady_current = {mean, std::hypot(std::sqrt(line.variance_at_centre), drift_part)};
  if (result.steady_state == SteadyState::not_reached) {
    std::size_t half = 0;
    while (half + 8 < t.size() && t[half] < t.front() + 0.5 * record) ++half;
    if (const auto relaxation = fit_relaxation(t.subspan(half), i.subspan(half))) {
      result.extrapolated_current = relaxation->limit;
      result.relaxation_time = relaxation->time;
    }
  }
  return result;
}

}  // namespace closo::transport
