#include "closo/num/line_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::num {
namespace {

void check(std::span<const double> x, std::span<const double> y, std::span<const double> sigma) {
  if (x.size() != y.size() || (!sigma.empty() && sigma.size() != x.size())) {
    throw base::ParameterError(
        "x, y, sigma",
        std::to_string(x.size()) + ", " + std::to_string(y.size()) + ", " + std::to_string(sigma.size()) + " values",
        "the same number of values in each");
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i]) || !std::isfinite(y[i])) {
      throw base::ParameterError("x, y", "point " + std::to_string(i + 1) + " is not finite", "finite numbers");
    }
    if (!sigma.empty() && !(sigma[i] > 0.0 && std::isfinite(sigma[i]))) {
      throw base::ParameterError("sigma", base::format_number(sigma[i], 6) + " at point " + std::to_string(i + 1),
                                 "a positive finite uncertainty");
    }
  }
}

// Sums of one pass over the points about given centres.
struct Moments {
  double weight = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0, yy = 0.0;
};

}  // namespace

LineFit fit_line(std::span<const double> x, std::span<const double> y, std::span<const double> sigma) {
  check(x, y, sigma);
  LineFit fit;
  fit.points = x.size();
  fit.weighted = !sigma.empty();
  if (x.size() < 2) return fit;
  const auto weight = [sigma](std::size_t i) { return sigma.empty() ? 1.0 : 1.0 / (sigma[i] * sigma[i]); };

  Moments sum;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double w = weight(i);
    sum.weight += w;
    sum.x += w * (x[i] - x[0]);
    sum.y += w * (y[i] - y[0]);
  }
  fit.centre = x[0] + sum.x / sum.weight;
  const double mean_y = y[0] + sum.y / sum.weight;
  // The second pass about the means, with the rounding of the means taken out (Chan, Golub & LeVeque 1983).
  double scale = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double w = weight(i);
    const double dx = x[i] - fit.centre;
    const double dy = y[i] - mean_y;
    sum.xx += w * dx * dx;
    sum.xy += w * dx * dy;
    sum.yy += w * dy * dy;
    scale = std::max(scale, std::abs(x[i]));
  }
  fit.value_at_centre = mean_y;
  const double spread = std::sqrt(sum.xx / sum.weight);
  if (!(spread > 8.0 * std::numeric_limits<double>::epsilon() * scale)) {
    fit.status = FitStatus::rank_deficient;
    return fit;
  }
  fit.slope = sum.xy / sum.xx;
  double residual_sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double residual = y[i] - fit.predict(x[i]);
    residual_sum += weight(i) * residual * residual;
  }
  fit.chi_square = residual_sum;
  fit.r_squared = sum.yy > 0.0 ? 1.0 - residual_sum / sum.yy : 1.0;
  fit.status = FitStatus::ok;
  double variance = 1.0;
  if (fit.weighted) {
    fit.covariance_known = true;
  } else if (fit.degrees_of_freedom() > 0) {
    fit.covariance_known = true;
    variance = residual_sum / static_cast<double>(fit.degrees_of_freedom());
  }
  if (fit.covariance_known) {
    fit.variance_at_centre = variance / sum.weight;
    fit.slope_variance = variance / sum.xx;
  }
  return fit;
}

LineFit fit_line_both_errors(std::span<const double> x, std::span<const double> y, std::span<const double> sigma_x,
                             std::span<const double> sigma_y, std::span<const double> correlation) {
  check(x, y, sigma_y);
  if (sigma_y.size() != x.size() || sigma_x.size() != x.size() ||
      (!correlation.empty() && correlation.size() != x.size())) {
    throw base::ParameterError("sigma_x, sigma_y",
                               std::to_string(sigma_x.size()) + ", " + std::to_string(sigma_y.size()) + " values",
                               std::to_string(x.size()) + " values in each, and as many correlations or none");
  }
  for (const double s : sigma_x) {
    if (!(s >= 0.0 && std::isfinite(s))) {
      throw base::ParameterError("sigma_x", base::format_number(s, 6), "a finite uncertainty that is not negative");
    }
  }
  for (const double r : correlation) {
    if (!(r >= -1.0 && r <= 1.0)) {
      throw base::ParameterError("correlation", base::format_number(r, 6), "a number from -1 to 1");
    }
  }
  const auto covariance = [&](std::size_t i) {
    return correlation.empty() ? 0.0 : correlation[i] * sigma_x[i] * sigma_y[i];
  };
  LineFit fit = fit_line(x, y, sigma_y);
  if (fit.status != FitStatus::ok) return fit;

  double slope = fit.slope;
  bool converged = false;
  for (int iteration = 0; iteration < 200 && !converged; ++iteration) {
    const auto weight = [&](std::size_t i) {
      return 1.0 / (sigma_y[i] * sigma_y[i] + slope * slope * sigma_x[i] * sigma_x[i] - 2.0 * slope * covariance(i));
    };
    double total = 0.0, mean_x = 0.0, mean_y = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      total += weight(i);
      mean_x += weight(i) * x[i];
      mean_y += weight(i) * y[i];
    }
    mean_x /= total;
    mean_y /= total;
    // York 2004, eqs. 13b and 13c: beta is the adjusted deviation of x.
    const auto adjusted = [&](std::size_t i, double u, double v) {
      return weight(i) *
             (u * sigma_y[i] * sigma_y[i] + slope * v * sigma_x[i] * sigma_x[i] - (slope * u + v) * covariance(i));
    };
    double numerator = 0.0, denominator = 0.0, beta_mean = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double w = weight(i);
      const double u = x[i] - mean_x;
      const double v = y[i] - mean_y;
      const double beta = adjusted(i, u, v);
      numerator += w * beta * v;
      denominator += w * beta * u;
      beta_mean += w * beta;
    }
    beta_mean /= total;
    double spread = 0.0, chi_square = 0.0;
    const double next = numerator / denominator;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double w = weight(i);
      const double u = x[i] - mean_x;
      const double v = y[i] - mean_y;
      const double beta = adjusted(i, u, v) - beta_mean;
      spread += w * beta * beta;
      chi_square += w * (v - next * u) * (v - next * u);
    }
    converged = std::abs(next - slope) <= 1e-14 * std::abs(next);
    slope = next;
    if (!std::isfinite(slope)) break;
    fit.slope = slope;
    fit.centre = mean_x + beta_mean;
    fit.value_at_centre = mean_y + slope * beta_mean;
    fit.chi_square = chi_square;
    fit.variance_at_centre = 1.0 / total;
    fit.slope_variance = 1.0 / spread;
  }
  fit.covariance_known = true;
  fit.status = converged ? FitStatus::ok : FitStatus::not_converged;
  return fit;
}

}  // namespace closo::num
