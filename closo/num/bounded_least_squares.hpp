/// Nonlinear least squares with simple bounds: minimise Σ r_i(p)² over low ≤ p ≤ high, with covariance.
///
/// Levenberg–Marquardt on the QR factors of the scaled Jacobian (never on normal equations); scaling by the largest
/// column norms seen so far; damping by the gain ratio. A parameter at a bound whose descent direction leaves the box
/// rests for the step; one that a step would carry out of the box is put on its bound and the step of the others is
/// solved again. Derivatives are the caller's or numeric: forward differences, central ones near the end, always inside
/// the bounds. The iteration finds a local minimum; residuals should be smooth apart from isolated kinks. Sources:
/// J. J. Moré, Lect. Notes Math. 630 (1978) 105, DOI 10.1007/BFb0067700; H. B. Nielsen, IMM-REP-1999-05, DTU (damping);
/// D. M. Bates, D. G. Watts, Technometrics 23 (1981) 179, DOI 10.1080/00401706.1981.10486284 (relative offset).
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "closo/base/progress.hpp"

namespace closo::num {

/// Fills the residuals at the parameters; false (or a residual that is not finite) where the model is not defined.
using ResidualFunction = std::function<bool(std::span<const double> parameters, std::span<double> residuals)>;
/// Fills ∂r_i/∂p_j, row-major, residuals × parameters.
using JacobianFunction = std::function<void(std::span<const double> parameters, std::span<double> jacobian)>;

struct BoundedParameter {
  double start = 0.0;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  /// Size of a sensible change, for numeric derivatives where the parameter itself is near 0; 0: |start|, else a
  /// hundredth of the range, else 1.
  double typical = 0.0;
};

struct BoundedOptions {
  std::size_t max_iterations = 500;
  /// Relative reduction of the sum of squares, promised and gained, at which the iteration ends.
  double tolerance = 1e-14;
  /// Of the residuals, relative to their size: 1e-15 for closed formulas, for simulations the tolerance of the solver
  /// times model over residual. Numeric derivatives use steps of its square root (forward) or cube root (central).
  double relative_noise = 1e-15;
  /// The residuals are divided by known standard uncertainties. False: one unknown uncertainty for all, estimated from
  /// the residuals, scales the covariance.
  bool is_weighted = true;
  JacobianFunction jacobian{};  ///< empty: numeric
  base::Progress progress{};
};

enum class BoundedStatus : unsigned char {
  converged,  ///< relative offset at most 1e-3 (or the cube root of the noise), or no residual left
  stalled,    ///< no step lowers the sum of squares, yet the gradient has not vanished
  out_of_iterations,
  undefined_start,  ///< the model is not defined at the start
};
std::string_view to_string(BoundedStatus status);

struct BoundedFit {
  BoundedStatus status = BoundedStatus::undefined_start;
  std::vector<double> parameters;  ///< the best found, whatever the status
  std::vector<double> residuals;
  std::vector<double> jacobian;  ///< row-major, residuals × parameters, at the parameters
  /// Row-major; rows and columns of parameters at a bound are 0 (held there). Empty when not known: rank deficient, or
  /// unweighted without degrees of freedom.
  std::vector<double> covariance;
  std::vector<bool> at_bound;  ///< on a bound that the sum of squares would have it leave
  double chi_square = std::numeric_limits<double>::infinity();  ///< Σ r²
  std::size_t degrees_of_freedom = 0;                           ///< residuals less free parameters, at least 0
  std::size_t rank = 0;                                         ///< of the Jacobian of the free parameters
  /// Length of the residual's part along the free columns over the part across them, each per degree of freedom: below
  /// 1e-3 the parameters are within a thousandth of their uncertainties from the minimum.
  double relative_offset = std::numeric_limits<double>::infinity();
  std::size_t iterations = 0;
  std::size_t evaluations = 0;  ///< of the residual function, numeric derivatives included

  bool covariance_known() const noexcept { return !covariance.empty(); }
};

/// @param residual_count  number of residuals; may be below the number of parameters (the fit is then rank deficient)
/// Throws: ParameterError for no parameter or residual, bounds out of order, a start that is not finite or outside of
/// its bounds, options outside their range; Cancelled by the progress callback.
BoundedFit fit_bounded(const ResidualFunction& residuals, std::size_t residual_count,
                       std::span<const BoundedParameter> parameters, const BoundedOptions& options = {});

}  // namespace closo::num
