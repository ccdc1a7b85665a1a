/// From the Jacobian of a calibration to covariance, correlation and the directions that the data leave loose.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "closo/cell/calibration.hpp"

namespace closo::cell::detail {

struct Statistics {
  std::vector<double> covariance;  ///< row-major, (JᵀJ/s² + 12)⁻¹: the bounds as a prior, 12 that of an even spread
  std::vector<double> correlation;               ///< of that covariance
  std::vector<CalibrationDirection> directions;  ///< eigenvectors of JᵀJ/s², the loosest first
};

/// @param jacobian  row-major, residuals × n, in widths of the bounds
/// @param scatter_square  s², at least 1
/// Throws: InternalError for sizes that do not match.
Statistics statistics_of(std::span<const double> jacobian, std::size_t n, double scatter_square);

/// By how much χ² would fall at the minimum of the linearised model, the parameters marked as held staying where they
/// are. Throws: InternalError for sizes that do not match.
double promised_fall(std::span<const double> jacobian, std::span<const double> residuals,
                     const std::vector<bool>& held);

/// xᵀ C x. Throws: InternalError for sizes that do not match.
double quadratic_form(std::span<const double> matrix, std::span<const double> x);

}  // namespace closo::cell::detail
