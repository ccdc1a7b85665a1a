/// Modulus of the impedance reconstructed from its phase (Z-HIT): shows drift, which changes the modulus more than the
/// phase.
///
/// ln|Z(ω)| ≈ const + (2/π) ∫ φ d ln ω − (π/6) dφ/d ln ω, with φ smoothed by local quadratics; the constant comes from
/// a window of frequencies where the two curves run in parallel. Validity: two-pole systems without feedback from
/// beyond the window; the truncated series itself errs by up to 2 % around a sharp semicircle. Source: W. Ehm, H. Göhr,
/// R. Kaus, B. Röseler, C. A. Schiller, ACH Models Chem. 137 (2000) 145; W. Ehm, R. Kaus, C. A. Schiller, W. Strunz, in
/// New Trends in Electrochemical Impedance Spectroscopy, ECS (2001).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "closo/impedance/spectrum.hpp"

namespace closo::impedance {

struct ZHitOptions {
  std::size_t smoothing_points = 5;  ///< points of each local quadratic; 3 leaves the phase as it is
  std::optional<std::pair<double, double>>
      window;                       ///< Hz, lowest and highest; empty: where the curves are most parallel
  double largest_deviation = 0.03;  ///< of the modulus over half a decade or more, called a drift
};

enum class ZHitStatus {
  consistent,
  drift_suspected,
  too_few_points,  ///< fewer than 6 different frequencies
};

struct ZHitResult {
  ZHitStatus status = ZHitStatus::too_few_points;
  std::string criterion;                       ///< the rule behind the status with its numbers
  std::vector<double> frequency;               ///< Hz, ascending; repeated frequencies are averaged
  std::vector<double> modulus;                 ///< Ohm, measured
  std::vector<double> reconstructed;           ///< Ohm
  std::vector<double> residual;                ///< ln(measured / reconstructed), close to the relative deviation
  std::pair<double, double> window{0.0, 0.0};  ///< Hz, used for the constant
  double largest = 0.0;                        ///< largest smooth |residual|
  double largest_at = 0.0;                     ///< Hz
};

std::string to_string(ZHitStatus status);

/// Throws: ParameterError on an even or too small number of smoothing points, a limit that is not positive, or a window
/// that holds fewer than three points.
ZHitResult z_hit(const PreparedSpectrum& spectrum, const ZHitOptions& options = {});

/// As above on the unmasked points. Throws: also what `prepare` throws.
ZHitResult z_hit(const Spectrum& spectrum, const ZHitOptions& options = {});

}  // namespace closo::impedance
