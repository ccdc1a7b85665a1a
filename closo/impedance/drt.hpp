/// Distribution of relaxation times of a spectrum: Tikhonov regularisation with non-negativity on Z' and Z'' together.
///
/// Z(ω) = R_∞ + jωL + ∫ γ(ln τ)/(1 + jωτ) d ln τ + blocking tail. γ is expanded in hat functions or Gaussians on a
/// uniform grid of ln τ; residuals are relative to |Z|; the penalty is λ times the integral of the squared derivative
/// of γ. λ comes from a deterministic scan of the generalised cross-validation score (Wahba 1985) or of the L-curve's
/// curvature (Hansen 1992), both on the linear problem, then lowered while γ >= 0, R_∞ >= 0, L >= 0 (active set) leave
/// larger residuals than the linear solution. Of the scores within one standard error of the smallest the smoothest
/// solution is taken. The tail, used where the low-frequency end is blocking, is a non-negative sum of constant-phase
/// terms (jω)^-n, 0.4 <= n <= 1 (n = 1: a series capacitance); γ then ends at the slow end of the window. Every
/// quantity scales with the data: Z × c gives γ × c. Validity: processes closer than about half a decade in τ merge;
/// below the noise the shape follows the penalty. Source: T. H. Wan, M. Saccoccio, C. Chen, F. Ciucci, Electrochim.
/// Acta 184 (2015) 483, DOI 10.1016/j.electacta.2015.09.097; A. Maradesa et al., J. Electrochem. Soc. 170 (2023)
/// 030502, DOI 10.1149/1945-7111/acbca4 (choice of λ).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "closo/impedance/spectrum.hpp"

namespace closo::impedance {

enum class DrtBasis { piecewise_linear, gaussian };
enum class DrtLambda { cross_validation, l_curve, fixed };
/// Bands belong to the λ of the plain cross-validation score, where they also hold most of what smoothing takes away.
enum class DrtBand {
  none,
  bayesian,   ///< posterior of the linear problem with the penalty as prior, cut at zero
  bootstrap,  ///< resampled residuals, each solved with γ >= 0; also gives the uncertainties of the peaks' areas
};

struct DrtOptions {
  DrtBasis basis = DrtBasis::piecewise_linear;
  int points_per_decade = 12;  ///< of the grid of τ
  double extension = 1.0;      ///< decades of τ beyond each end of the measured window
  int derivative = 2;          ///< of γ in the penalty: 1 or 2
  DrtLambda choice = DrtLambda::cross_validation;
  double lambda = 1e-3;            ///< for DrtLambda::fixed; dimensionless
  std::optional<bool> inductance;  ///< series L; empty: chosen
  std::optional<bool> blocking;    ///< blocking tail; empty: chosen
  DrtBand band = DrtBand::none;
  double coverage = 0.68;       ///< of the band
  std::size_t resamples = 200;  ///< for DrtBand::bootstrap
  std::uint64_t seed = 1;       ///< for DrtBand::bootstrap
  double smallest_peak = 0.01;  ///< area and prominence of a reported peak, as a fraction of the whole
};

/// The matrices that depend on the frequencies only; one serves every spectrum measured at the same frequencies.
class DrtGrid {
 public:
  /// @param frequency  Hz, ascending
  /// Throws: ParameterError on fewer than 6 frequencies, an unsorted or non-positive one, or options outside their
  /// range.
  explicit DrtGrid(std::span<const double> frequency, const DrtOptions& options = {});

  struct Matrices;  ///< defined in the sources
  const Matrices& matrices() const noexcept { return *matrices_; }
  std::span<const double> frequency() const noexcept;  ///< Hz
  std::span<const double> tau() const noexcept;        ///< s, ascending, uniform in ln τ

 private:
  std::shared_ptr<const Matrices> matrices_;
};

struct DrtPeak {
  double tau = 0.0;          ///< s, at the maximum
  double frequency = 0.0;    ///< Hz, 1/(2π τ)
  double resistance = 0.0;   ///< Ohm, area between the neighbouring minima, sidelobes below 10 % of its height included
  double capacitance = 0.0;  ///< F, τ/R
  double share = 0.0;        ///< of the sum of all areas
  bool inside_window = true;  ///< 1/τ lies between the lowest and the highest angular frequency
  bool counted = true;        ///< in the polarisation resistance; not so what DrtResult::slow_resistance describes
  std::optional<double> resistance_uncertainty;  ///< Ohm, standard deviation over the resamples (bootstrap only)
  std::string hint;                              ///< the process that such a capacitance suggests, with the thresholds
};

struct DrtTail {
  double exponent = 0.0;   ///< n
  double magnitude = 0.0;  ///< Ohm s^-n, coefficient of (jω)^-n; for n = 1 it is 1/C
};

struct DrtResult {
  std::vector<double> tau;               ///< s, ascending
  std::vector<double> gamma;             ///< Ohm per unit of ln τ, at each τ
  std::vector<double> lower;             ///< Ohm, band; empty without one
  std::vector<double> upper;             ///< Ohm
  double series_resistance = 0.0;        ///< R_∞ [Ohm]
  double inductance = 0.0;               ///< H
  std::vector<DrtTail> tail;             ///< empty when not blocking
  double polarisation_resistance = 0.0;  ///< Ohm, ∫ γ d ln τ without the slow processes of the next line
  double slow_resistance = 0.0;   ///< Ohm, of what peaks at longer times than measured or, beside a blocking tail, in
                                  ///< the slowest decade, where it only mends the shape of the tail
  double fast_resistance = 0.0;   ///< Ohm, the part of the polarisation that peaks at shorter times than measured; the
                                  ///< data hardly tell it from R_∞
  double total_resistance = 0.0;  ///< R_∞ + polarisation [Ohm]; without tail and slow processes
  std::vector<DrtPeak> peaks;     ///< ascending in τ
  double lambda = 0.0;            ///< used
  double effective_parameters = 0.0;  ///< trace of the influence matrix of the linear problem
  double residual_rms = 0.0;          ///< of one component, as a fraction of |Z|
  bool lambda_at_bound = false;       ///< the score falls down to the smallest λ of the scan: data without noise
  std::size_t iterations = 0;         ///< of the active set
  bool converged = true;              ///< the active set ended with its optimality conditions met
  std::vector<double> frequency;      ///< Hz, ascending
  std::vector<Complex> fit;           ///< Ohm
  std::vector<Complex> residual;      ///< (Z - Z_fit)/|Z|
  std::vector<std::string> remarks;   ///< full sentences
};

/// Throws: ParameterError on options outside their range or fewer than 6 points.
DrtResult distribution_of_relaxation_times(const PreparedSpectrum& spectrum, const DrtOptions& options = {});

/// As above on the unmasked points. Throws: also what `prepare` throws.
DrtResult distribution_of_relaxation_times(const Spectrum& spectrum, const DrtOptions& options = {});

/// As above with the matrices made before. Throws: also ParameterError when the frequencies are not those of the grid.
DrtResult distribution_of_relaxation_times(const PreparedSpectrum& spectrum, const DrtGrid& grid,
                                           const DrtOptions& options = {});

/// What a capacitance [F] suggests for a ceramic pellet: a phrase with its thresholds.
/// Source: J. T. S. Irvine, D. C. Sinclair, A. R. West, Adv. Mater. 2 (1990) 132, DOI 10.1002/adma.19900020304,
/// table 1.
std::string capacitance_hint(double capacitance);

}  // namespace closo::impedance
