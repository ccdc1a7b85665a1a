/// Kramers-Kronig test of a spectrum by a linear fit of a measurement model that always obeys the relations (lin-KK).
///
/// Model: M Voigt elements R_k/(1 + jωτ_k) with fixed, log-spaced τ_k, a series resistance, and where they help a
/// series inductance jωL and a series capacitance 1/(jωC); in the admittance form the same terms describe Y = 1/Z
/// (elements R-C in parallel with R, C and L). Fit: linear least squares of the residuals relative to |Z|. What no such
/// model fits was not linear, causal and stable in time. Validity: the test sees a drift only where it breaks the
/// relations between Z' and Z''; slow changes outside the measured window or a constant factor remain unseen, and small
/// errors of the two or three points at either end are followed by the model. Source: B. A. Boukamp, J. Electrochem.
/// Soc. 142 (1995) 1885, DOI 10.1149/1.2044210; M. Schönleber, D. Klotz, E. Ivers-Tiffée, Electrochim. Acta 131 (2014)
/// 20, DOI 10.1016/j.electacta.2014.01.034 (μ, eq. 21); V. Yrjänä, J. Bobacka, Electrochim. Acta 504 (2024) 144951,
/// DOI 10.1016/j.electacta.2024.144951 (extension of the range of τ, admittance form).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "closo/impedance/spectrum.hpp"

namespace closo::impedance {

enum class KramersKronigForm { automatic, impedance, admittance };
enum class KramersKronigPart {
  both,
  real,
  imaginary
};  ///< the part that is fitted; residuals are always given for both

/// How the number M of elements is found.
enum class ElementChoice {
  automatic,  ///< smallest corrected Akaike criterion over a scan of M and of the extension of the range of τ
  mu,         ///< smallest M with μ <= mu_limit (Schönleber 2014)
  fixed,      ///< `elements`
};

struct KramersKronigOptions {
  KramersKronigForm form = KramersKronigForm::automatic;
  KramersKronigPart part = KramersKronigPart::both;
  ElementChoice choice = ElementChoice::automatic;
  std::size_t elements = 0;         ///< M for ElementChoice::fixed
  double mu_limit = 0.85;           ///< for ElementChoice::mu
  std::optional<double> extension;  ///< decades of τ beyond each end of the window; empty: chosen (0 with mu, fixed)
  std::optional<bool> series_inductance;   ///< empty: chosen
  std::optional<bool> series_capacitance;  ///< empty: chosen
  double outlier_multiple = 6.0;   ///< a bad point stands out of the other residuals by this many robust deviations
  double smallest_outlier = 0.01;  ///< … and by at least this fraction of |Z|
  double smallest_systematic =
      0.0015;  ///< rms of the smooth part of the residuals, as a fraction of |Z|, called a drift
  double largest_residual =
      0.05;  ///< rms residual as a fraction of |Z|; above it the relations are violated or the noise hides them
};

enum class KramersKronigVerdict {
  pass,
  bad_points,       ///< single points do not fit; without them the spectrum passes
  drift_suspected,  ///< the residuals have a smooth part well above the noise: drift, non-linearity or an artefact
  violated,         ///< large smooth residuals: the data are no linear, causal, stable response
  too_noisy,        ///< large random residuals: no statement
  too_few_points,   ///< fewer than 6 points: no statement
};

struct FlaggedPoint {
  std::size_t index = 0;   ///< into the original Spectrum
  double frequency = 0.0;  ///< Hz
  double deviation = 0.0;  ///< distance from the fit without this point, as a fraction of |Z|
  std::string reason;      ///< a full clause
};

struct KramersKronigResult {
  KramersKronigVerdict verdict = KramersKronigVerdict::too_few_points;
  std::string criterion;  ///< the rule behind the verdict with its numbers, full sentences
  KramersKronigForm form = KramersKronigForm::impedance;
  std::size_t elements = 0;                   ///< M
  double extension = 0.0;                     ///< decades
  double mu = 1.0;                            ///< 1 - Σ|negative R_k| / Σ|positive R_k|; admittance form: of the C_k
  double pseudo_chi_square = 0.0;             ///< Σ |Z - Z_fit|²/|Z|² over the points not flagged
  double noise = 0.0;                         ///< estimated standard deviation of one component, as a fraction of |Z|
  double systematic = 0.0;                    ///< rms of the smooth part of the complex residual, as a fraction of |Z|
  double correlation = 0.0;                   ///< of neighbouring residuals, -1 … 1; about 0 for noise
  double series_resistance = 0.0;             ///< Ohm; admittance form: S, parallel conductance
  std::optional<double> inductance;           ///< jωL of Z [H]; admittance form: jωC of Y [F]
  std::optional<double> inverse_capacitance;  ///< 1/(jωC) of Z [1/F]; admittance form: 1/(jωL) of Y [1/H]
  std::vector<double> tau;                    ///< s
  std::vector<double> strength;               ///< R_k [Ohm]; admittance form C_k/τ_k [S]
  std::vector<double> frequency;              ///< Hz, ascending, all points used
  std::vector<Complex> fit;                   ///< Ohm
  std::vector<Complex> residual;              ///< (Z - Z_fit)/|Z|, flagged points included
  std::vector<std::size_t> index;             ///< of each point in the original Spectrum
  std::vector<FlaggedPoint> flagged;

  bool passed() const noexcept { return verdict == KramersKronigVerdict::pass; }
};

/// A short phrase such as "drift suspected".
std::string to_string(KramersKronigVerdict verdict);

/// Throws: ParameterError on options outside their range (limits not positive, M of 0 or more than the data can fix).
KramersKronigResult test_kramers_kronig(const PreparedSpectrum& spectrum, const KramersKronigOptions& options = {});

/// As above on the unmasked points. Throws: also what `prepare` throws.
KramersKronigResult test_kramers_kronig(const Spectrum& spectrum, const KramersKronigOptions& options = {});

}  // namespace closo::impedance
