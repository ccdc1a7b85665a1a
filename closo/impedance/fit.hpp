/// Complex non-linear least squares of a circuit to one spectrum, without a guess, with honest uncertainties.
///
/// Z' and Z'' are fitted together. Positive parameters move by their logarithm, exponents between bounds. Without start
/// values the fit is repeated from random points scaled to the data until the chance that the best optimum is the best
/// of all those starts reach exceeds `agreement`. Identical arcs in series (p(R,CPE), Zarc …) come out ordered by
/// characteristic frequency, highest first, so that bulk and grain boundary never swap. Scale invariance is a contract:
/// Z times c gives resistances times c. Sources: J. R. Macdonald, Impedance Spectroscopy, Wiley (1987), sec. 3.2.2
/// (weights); K. Levenberg (1944) and D. W. Marquardt, J. SIAM 11 (1963) 431, DOI 10.1137/0111030; profile likelihood
/// after D. M. Bates & D. G. Watts, Nonlinear Regression (1988), ch. 6.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "closo/impedance/circuit.hpp"
#include "closo/impedance/spectrum.hpp"

namespace closo::impedance {

enum class Weighting : unsigned char {
  modulus,             ///< errors of Z' and Z'' proportional to the measured |Z|
  calculated_modulus,  ///< to the fitted |Z| (no bias from noisy weights)
  proportional,        ///< error of Z' proportional to |Z'|, of Z'' to |Z''|, each at least 1 % of |Z|
  unit,                ///< equal errors in ohms
  given,               ///< the spectrum's standard uncertainties
};

/// Loss of large residuals, in units of the fit's own robust noise scale (median absolute residual).
enum class RobustLoss : unsigned char { none, huber, cauchy };

enum class FitStatus : unsigned char {
  converged,
  max_iterations,    ///< the best start had not settled
  not_identifiable,  ///< converged, but the data do not fix every parameter
};

enum class Identifiability : unsigned char {
  fixed,  ///< by the circuit
  identified,
  weak,            ///< relative uncertainty above 30 %, or an exponent known to worse than 0.15
  at_bound,        ///< the optimum lies on a bound; no uncertainty
  not_identified,  ///< the data allow any value on at least one side
};

struct FitOptions {
  Weighting weighting = Weighting::modulus;
  RobustLoss loss = RobustLoss::none;
  double agreement = 0.999;  ///< chance at which no further start is made
  std::size_t fewest_starts = 24;
  std::size_t most_starts = 96;
  int max_iterations = 500;  ///< of the final minimisation
  std::uint64_t seed = 1;
  double confidence = 0.682689492;  ///< of the intervals
  bool profile_intervals = true;    ///< for weak parameters and those near a bound
  /// With given uncertainties: scale the covariance by chi²/dof. Without, the noise is always estimated from the
  /// residuals.
  bool scale_by_residuals = false;
};

struct FittedParameter {
  std::string name;
  std::string unit;
  ParameterScale scale = ParameterScale::logarithmic;
  double value = 0.0;        ///< SI
  double uncertainty = 0.0;  ///< standard, first order; infinite when not identified, 0 when fixed or at a bound
  double lower =
      0.0;  ///< interval at the confidence of the options; an open side is 0 or infinite (exponents: the bound)
  double upper = 0.0;
  bool profiled = false;  ///< interval from the profile likelihood
  Identifiability identifiability = Identifiability::identified;
};

struct FitResult {
  FitStatus status = FitStatus::converged;
  std::vector<FittedParameter> parameters;  ///< in the order of Circuit::parameters
  /// Row-major covariance of the fit's own coordinates: ln p for logarithmic parameters, p for bounded ones. Rows of
  /// fixed and bound parameters are zero, of unidentified ones infinite on the diagonal.
  std::vector<double> scaled_covariance;
  double chi_square = 0.0;  ///< weighted sum of squared residuals of Z' and Z'' (modulus: sum |dZ|²/|Z|²)
  std::size_t degrees_of_freedom = 0;
  double variance_scale = 1.0;  ///< factor applied to the covariance: chi²/dof, or 1
  double aicc = 0.0;
  int iterations = 0;  ///< of the final minimisation
  std::size_t starts = 0;
  std::size_t agreeing = 0;       ///< starts that ended within 0.1 % of the smallest chi²
  double chance = 0.0;            ///< 1 - (1 - share)^starts
  std::vector<double> frequency;  ///< Hz, of the points used, ascending
  std::vector<Complex> measured;  ///< Ohm
  std::vector<Complex> model;     ///< Ohm
  std::vector<std::string> remarks;

  std::vector<double> values() const;
  /// SI covariance of two parameters, first order; correlation of the fit's coordinates (0 where one has no
  /// uncertainty).
  double covariance(std::size_t i, std::size_t j) const;
  double correlation(std::size_t i, std::size_t j) const;
  /// Root mean square of |dZ|/|Z|.
  double relative_misfit() const;
};

/// Fit without a guess; start values in the circuit's notes are tried first.
/// Throws: InputError as prepare(); ParameterError when there are not more numbers than free parameters, when weights
/// need uncertainties that are missing, or on options out of range.
FitResult fit(const Circuit& circuit, const Spectrum& spectrum, const FitOptions& options = {});

/// Fit from one start. `start`: SI, in the order of Circuit::parameters (fixed ones keep their value).
/// Throws: as fit; ParameterError on values outside their range.
FitResult fit_from(const Circuit& circuit, const Spectrum& spectrum, std::span<const double> start,
                   const FitOptions& options = {});

/// Standard uncertainties from repeated spectra at the same frequencies: the relative scatter of Z' and Z'' about the
/// mean, pooled over `window` neighbours on each side, as uncertainties of the mean. Returns the mean spectrum with
/// them. Throws: ParameterError for fewer than two spectra or different frequencies; InputError as prepare().
Spectrum average_replicates(std::span<const Spectrum> replicates, std::size_t window = 5);

}  // namespace closo::impedance
