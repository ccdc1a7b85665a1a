/// Straight lines through points: closed form, no heap allocation, with covariance.
///
/// The line is kept in its centred form y = value_at_centre + slope (x - centre), in which the two parameters are
/// uncorrelated; that keeps the digits when x hardly varies (1/T) and makes the variance of a prediction a sum of two
/// terms. Source: standard weighted least squares; errors in both coordinates after D. York et al., Am. J. Phys. 72
/// (2004) 367, DOI 10.1119/1.1632486, eqs. 13-15.
#pragma once

#include <cstddef>
#include <span>

namespace closo::num {

enum class FitStatus : unsigned char {
  ok,
  too_few_points,  ///< fewer points than parameters
  rank_deficient,  ///< the points do not fix every parameter (all x equal)
  not_converged,   ///< iteration for errors in both coordinates
};

struct LineFit {
  FitStatus status = FitStatus::too_few_points;
  std::size_t points = 0;
  double centre = 0.0;  ///< weighted mean of x
  double value_at_centre = 0.0;
  double slope = 0.0;
  double chi_square = 0.0;  ///< weighted sum of squared residuals; without uncertainties the plain sum
  double r_squared = 0.0;
  bool weighted = false;          ///< uncertainties were given
  bool covariance_known = false;  ///< false: no uncertainties given and no degree of freedom left to estimate one
  double variance_at_centre = 0.0;
  double slope_variance = 0.0;

  std::size_t degrees_of_freedom() const noexcept { return points > 2 ? points - 2 : 0; }
  double intercept() const noexcept { return value_at_centre - slope * centre; }
  double intercept_variance() const noexcept { return variance_at_centre + centre * centre * slope_variance; }
  double intercept_slope_covariance() const noexcept { return -centre * slope_variance; }
  double predict(double x) const noexcept { return value_at_centre + slope * (x - centre); }
  /// Variance of the line (not of a new point) at x.
  double prediction_variance(double x) const noexcept {
    return variance_at_centre + (x - centre) * (x - centre) * slope_variance;
  }
};

/// Least-squares line. `sigma`: standard uncertainties of y, same length, or empty: equal unknown uncertainties, whose
/// variance is then estimated from the residuals. Throws: ParameterError on unequal lengths, non-finite numbers or a
/// sigma that is not positive.
LineFit fit_line(std::span<const double> x, std::span<const double> y, std::span<const double> sigma = {});

/// Line with uncertainties of both coordinates; `sigma_x` may hold zeros. `correlation` of the two errors of each
/// point, or empty: independent. The covariance comes from the stated uncertainties. Throws: as fit_line, and when a
/// sigma_x is negative or a correlation outside [-1, 1].
LineFit fit_line_both_errors(std::span<const double> x, std::span<const double> y, std::span<const double> sigma_x,
                             std::span<const double> sigma_y, std::span<const double> correlation = {});

}  // namespace closo::num
