#include "closo/num/information_criteria.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::num {
namespace {

void check(double sum, std::size_t points, bool zero_allowed) {
  const bool allowed = zero_allowed ? sum >= 0.0 : sum > 0.0;
  if (!allowed || !std::isfinite(sum)) {
    throw base::ParameterError("sum of squared residuals", base::format_number(sum, 6),
                               zero_allowed ? "a finite number that is not negative" : "a positive finite number");
  }
  if (points == 0) throw base::ParameterError("points", "0", "at least one point");
}

}  // namespace

double bic_known_noise(double chi_square, std::size_t points, std::size_t parameters) {
  check(chi_square, points, true);
  return chi_square + static_cast<double>(parameters) * std::log(static_cast<double>(points));
}

double bic_unknown_noise(double residual_sum, std::size_t points, std::size_t parameters) {
  check(residual_sum, points, false);
  if (points <= parameters + 2) return std::numeric_limits<double>::infinity();
  const auto n = static_cast<double>(points);
  const auto p = static_cast<double>(parameters);
  return n * std::log(residual_sum / n) + n * p * std::log(n) / (n - p - 2.0);
}

double aicc_unknown_noise(double residual_sum, std::size_t points, std::size_t parameters) {
  check(residual_sum, points, false);
  if (points <= parameters + 2) return std::numeric_limits<double>::infinity();
  const auto n = static_cast<double>(points);
  const double k = static_cast<double>(parameters) + 1.0;  // the noise variance is a parameter
  return n * std::log(residual_sum / n) + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0);
}

}  // namespace closo::num
