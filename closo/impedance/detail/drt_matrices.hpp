/// What a DrtGrid holds, shared by the sources of the distribution of relaxation times.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "closo/impedance/drt.hpp"

namespace closo::impedance {

struct DrtGrid::Matrices {
  std::vector<double> frequency;  ///< Hz
  std::vector<double> tau;        ///< s
  double step = 0.0;              ///< of ln τ
  double omega_ref = 1.0;         ///< rad/s, geometric middle of the window
  DrtBasis basis = DrtBasis::piecewise_linear;
  std::vector<double> kernel;   ///< each coefficient: its share of Z' at every frequency, then of Z''
  std::vector<double> values;   ///< γ at each τ from the coefficients, column-major; empty where they are the same
  std::vector<double> penalty;  ///< ∫ (derivative of γ)² d ln τ as a quadratic form, column-major
  std::vector<double> tail_exponent;
  std::vector<double> tail;  ///< each exponent: Re, then Im of (jω/ω_ref)^-n

  std::size_t points() const noexcept { return frequency.size(); }
  std::size_t size() const noexcept { return tau.size(); }
};

namespace detail {

/// γ at each τ [unit of the coefficients]; missing coefficients at the slow end are zero.
std::vector<double> drt_values(const DrtGrid::Matrices& matrices, std::span<const double> coefficients);

/// Fills peaks, polarisation, slow and total resistance from gamma, tau and tail.
void find_drt_peaks(const DrtOptions& options, double lowest_frequency, double highest_frequency, DrtResult& result);

/// First and one past the last place of the peak around `top`, bounded by the minima next to it that separate peaks.
struct DrtSegment {
  std::size_t first = 0;
  std::size_t top = 0;
  std::size_t last = 0;
};

/// The curve cut at its minima. Neighbouring maxima with less than `prominence` between them count as one, and so does
/// a maximum below a tenth of one beside it, `reach` places or less away: regularisation makes such sidelobes.
std::vector<DrtSegment> drt_segments(const std::vector<double>& gamma, double prominence, std::size_t reach);

/// As above with the prominence as a fraction of the highest value and a reach of 1.5 decades.
std::vector<DrtSegment> drt_segments(const DrtResult& result, double smallest_peak);

}  // namespace detail
}  // namespace closo::impedance
