#include <algorithm>
#include <cmath>
#include <numbers>

#include "closo/base/number.hpp"
#include "closo/impedance/detail/drt_matrices.hpp"

namespace closo::impedance {
namespace detail {
namespace {

constexpr double sidelobe =
    0.1;  // of the height of the peak beside it; overshoot of a cut spectrum (Gibbs) stays below 9 %

/// ln τ of the maximum, by a parabola through the logarithms of the three values around it.
double top_of(const DrtResult& result, std::size_t k) {
  const double middle = std::log(result.tau[k]);
  if (k == 0 || k + 1 == result.gamma.size()) return middle;
  const double left = result.gamma[k - 1], centre = result.gamma[k], right = result.gamma[k + 1];
  const double step = 0.5 * std::log(result.tau[k + 1] / result.tau[k - 1]);
  if (left > 0.0 && right > 0.0) {
    const double a = std::log(left), b = std::log(centre), c = std::log(right);
    const double bend = a - 2.0 * b + c;
    return bend < 0.0 ? middle + std::clamp(0.5 * (a - c) / bend, -0.5, 0.5) * step : middle;
  }
  // A process narrower than the grid: the mean of its few values.
  return middle + (right - left) / (left + centre + right) * step;
}

void join(const std::vector<double>& gamma, std::size_t p, std::vector<DrtSegment>& segments) {
  DrtSegment& left = segments[p];
  const DrtSegment& right = segments[p + 1];
  left.last = right.last;
  if (gamma[right.top] > gamma[left.top]) left.top = right.top;
  segments.erase(segments.begin() + static_cast<std::ptrdiff_t>(p) + 1);
}

}  // namespace

std::vector<DrtSegment> drt_segments(const std::vector<double>& gamma, double prominence, std::size_t reach) {
  const std::size_t n = gamma.size();
  std::vector<DrtSegment> out;
  std::size_t first = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const bool rises = k == 0 || gamma[k] > gamma[k - 1];
    std::size_t flat = k;
    while (flat + 1 < n && gamma[flat + 1] == gamma[k]) ++flat;
    const bool falls = flat + 1 == n || gamma[flat + 1] < gamma[k];
    if (!(rises && falls && gamma[k] > 0.0)) continue;
    std::size_t last = flat + 1;
    while (last < n && gamma[last] < gamma[last - 1]) ++last;
    // At the minimum itself (shared by both neighbours) the later peak begins.
    if (last < n) --last;
    last = std::max(last, flat + 1);
    out.push_back({first, (k + flat) / 2, last});
    first = last;
  }
  if (!out.empty()) out.back().last = n;
  for (bool merged = true; merged && out.size() > 1;) {
    merged = false;
    std::size_t weakest = 0;
    double least = prominence;
    for (std::size_t p = 0; p + 1 < out.size(); ++p) {
      const double valley = *std::min_element(gamma.begin() + static_cast<std::ptrdiff_t>(out[p].top),
                                              gamma.begin() + static_cast<std::ptrdiff_t>(out[p + 1].top) + 1);
      const double depth = std::min(gamma[out[p].top], gamma[out[p + 1].top]) - valley;
      if (depth < least) {
        least = depth;
        weakest = p;
        merged = true;
      }
    }
    if (!merged) break;
    join(gamma, weakest, out);
  }
  for (std::size_t p = 0; p + 1 < out.size();) {
    const double a = gamma[out[p].top], b = gamma[out[p + 1].top];
    if (std::min(a, b) < sidelobe * std::max(a, b) && out[p + 1].top - out[p].top <= reach) {
      join(gamma, p, out);
      p = 0;
    } else {
      ++p;
    }
  }
  return out;
}

std::vector<DrtSegment> drt_segments(const DrtResult& result, double smallest_peak) {
  const double highest = *std::max_element(result.gamma.begin(), result.gamma.end());
  const double step = std::log(result.tau.back() / result.tau.front()) / static_cast<double>(result.tau.size() - 1);
  const auto reach = static_cast<std::size_t>(1.5 * std::numbers::ln10 / step + 1e-9);
  return drt_segments(result.gamma, smallest_peak * highest, reach);
}

void find_drt_peaks(const DrtOptions& options, double lowest_frequency, double highest_frequency, DrtResult& result) {
  constexpr double two_pi = 2.0 * std::numbers::pi;
  const std::vector<double>& gamma = result.gamma;
  const double step = std::log(result.tau.back() / result.tau.front()) / static_cast<double>(result.tau.size() - 1);
  double whole = 0.0;
  for (const double value : gamma) whole += value * step;
  if (!(whole > 0.0)) {
    result.total_resistance = result.series_resistance;
    return;
  }
  const bool blocking = !result.tail.empty();
  for (const DrtSegment& segment : drt_segments(result, options.smallest_peak)) {
    DrtPeak peak;
    for (std::size_t k = segment.first; k < segment.last; ++k) peak.resistance += gamma[k] * step;
    peak.tau = std::exp(top_of(result, segment.top));
    peak.frequency = 1.0 / (two_pi * peak.tau);
    const bool too_slow = peak.frequency < lowest_frequency * (1.0 - 1e-9);
    const bool too_fast = peak.frequency > highest_frequency * (1.0 + 1e-9);
    peak.inside_window = !too_slow && !too_fast;
    peak.counted = !too_slow && !(blocking && peak.frequency < 10.0 * lowest_frequency);
    (peak.counted ? result.polarisation_resistance : result.slow_resistance) += peak.resistance;
    if (too_fast) result.fast_resistance += peak.resistance;
    peak.share = peak.resistance / whole;
    if (peak.share < options.smallest_peak) continue;
    peak.capacitance = peak.tau / peak.resistance;
    peak.hint = capacitance_hint(peak.capacitance);
    result.peaks.push_back(std::move(peak));
  }
  result.total_resistance = result.series_resistance + result.polarisation_resistance;
}

}  // namespace detail

std::string capacitance_hint(double capacitance) {
  // Irvine, Sinclair, West (1990), table 1, for a pellet whose area over thickness is about 1 cm.
  if (!(capacitance > 0.0)) return "no capacitance";
  if (capacitance < 2e-13) return "below 0.2 pF: smaller than a bulk capacitance, rather the limit of the instrument";
  if (capacitance < 1e-11) return "bulk (0.2 to 10 pF)";
  if (capacitance < 1e-10) return "bulk of high permittivity, second phase or thin grain boundary (10 to 100 pF)";
  if (capacitance < 3e-8) return "grain boundary (0.1 to 30 nF)";
  if (capacitance < 3e-7) return "surface layer or thick interphase (30 to 300 nF)";
  if (capacitance < 1e-4) return "electrode interface or double layer (0.3 to 100 µF)";
  return "electrochemical reaction or storage (above 100 µF)";
}

}  // namespace closo::impedance
