/// Linear least squares with full covariance: y ≈ X p, by column-pivoted Householder QR of the scaled, weighted design
/// matrix.
///
/// A design whose columns do not fix every parameter is an outcome, not a failure: the status says so, the rank is
/// given and the parameters are those of least norm (complete orthogonal decomposition) without a covariance. Source:
/// Å. Björck, Numerical Methods for Least Squares Problems, SIAM (1996), sec. 2.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "closo/num/line_fit.hpp"

namespace closo::num {

struct LinearFit {
  FitStatus status = FitStatus::too_few_points;
  std::size_t rank = 0;
  std::vector<double> parameters;
  std::vector<double> covariance;  ///< row-major, columns × columns; empty when not known
  double chi_square = 0.0;         ///< weighted sum of squared residuals; without uncertainties the plain sum
  std::size_t degrees_of_freedom = 0;
  bool weighted = false;

  bool covariance_known() const noexcept { return !covariance.empty(); }
};

/// @param design  row-major, y.size() rows × `columns`
/// @param sigma   standard uncertainties of y, or empty: equal unknown uncertainties estimated from the residuals
/// Throws: ParameterError on sizes that do not match, non-finite numbers or a sigma that is not positive.
LinearFit fit_linear(std::span<const double> design, std::size_t columns, std::span<const double> y,
                     std::span<const double> sigma = {});

/// Variance of gᵀ p to first order: gᵀ C g. `covariance` is row-major, gradient.size() squared.
/// Throws: ParameterError on sizes that do not match.
double propagate_variance(std::span<const double> gradient, std::span<const double> covariance);

}  // namespace closo::num
