#include "closo/impedance/z_hit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::impedance {
namespace {

constexpr std::size_t fewest_points = 6;
constexpr double pi = std::numbers::pi;

/// Value and slope at x = 0 of the parabola through (x, y) by least squares.
std::array<double, 2> local_parabola(const double* x, const double* y, std::size_t n, double origin) {
  const double width = std::max(std::abs(x[0] - origin), std::abs(x[n - 1] - origin));
  double s[5] = {}, t[3] = {};
  for (std::size_t i = 0; i < n; ++i) {
    const double u = (x[i] - origin) / width;
    double power = 1.0;
    for (int k = 0; k < 5; ++k) {
      s[k] += power;
      if (k < 3) t[k] += power * y[i];
      power *= u;
    }
  }
  const double d0 = s[2] * s[4] - s[3] * s[3];
  const double d1 = s[1] * s[4] - s[2] * s[3];
  const double d2 = s[1] * s[3] - s[2] * s[2];
  const double determinant = s[0] * d0 - s[1] * d1 + s[2] * d2;
  const double value = (t[0] * d0 - t[1] * d1 + t[2] * d2) / determinant;
  const double slope =
      (-t[0] * d1 + t[1] * (s[0] * s[4] - s[2] * s[2]) - t[2] * (s[0] * s[3] - s[1] * s[2])) / determinant;
  return {value, slope / width};
}

struct Curve {
  std::vector<double> x;      ///< ln f
  std::vector<double> log_z;  ///< ln |Z|
  std::vector<double> phase;  ///< rad, continuous
};

Curve curve_of(const PreparedSpectrum& spectrum) {
  Curve out;
  for (std::size_t i = 0; i < spectrum.size();) {
    Complex mean{};
    std::size_t same = i;
    while (same < spectrum.size() && spectrum.frequency[same] == spectrum.frequency[i])
      mean += spectrum.impedance[same++];
    mean /= static_cast<double>(same - i);
    double phase = std::arg(mean);
    if (!out.phase.empty()) phase += 2.0 * pi * std::round((out.phase.back() - phase) / (2.0 * pi));
    out.x.push_back(std::log(spectrum.frequency[i]));
    out.log_z.push_back(std::log(std::abs(mean)));
    out.phase.push_back(phase);
    i = same;
  }
  return out;
}

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// First and one past the last point of the window of at least a decade and five points where `difference` is flattest.
std::array<std::size_t, 2> flattest(const std::vector<double>& x, const std::vector<double>& difference) {
  const std::size_t n = x.size();
  const std::size_t margin = n >= 12 ? 2 : 0;  // slopes at the ends are one-sided
  std::array<std::size_t, 2> best{margin, n - margin};
  const double decade = std::numbers::ln10 * (1.0 - 1e-9);
  double least = -1.0;
  for (std::size_t first = margin; first + margin < n; ++first) {
    std::size_t last = first;
    while (last + margin < n && (last - first < 5 || x[last - 1] - x[first] < decade)) ++last;
    if (last - first < 5 || (x[last - 1] - x[first] < decade && first != margin)) break;
    const std::vector<double> part(difference.begin() + static_cast<std::ptrdiff_t>(first),
                                   difference.begin() + static_cast<std::ptrdiff_t>(last));
    const double middle = median_of(part);
    double spread = 0.0;
    for (const double value : part) spread += std::abs(value - middle);
    spread /= static_cast<double>(part.size());
    if (least < 0.0 || spread < least) {
      least = spread;
      best = {first, last};
    }
  }
  return best;
}

std::array<std::size_t, 2> given_window(const std::vector<double>& frequency, const std::pair<double, double>& window) {
  const auto first = std::lower_bound(frequency.begin(), frequency.end(), window.first * (1.0 - 1e-9));
  const auto last = std::upper_bound(frequency.begin(), frequency.end(), window.second * (1.0 + 1e-9));
  if (!(window.first > 0.0 && window.first < window.second) || last - first < 3) {
    throw base::ParameterError(
        "window", base::format_number(window.first, 6) + " to " + base::format_number(window.second, 6) + " Hz",
        "a range of frequencies with at least three points");
  }
  return {static_cast<std::size_t>(first - frequency.begin()), static_cast<std::size_t>(last - frequency.begin())};
}

/// Largest mean of the residual over half a decade: noise and single points average out.
void find_largest(const std::vector<double>& x, ZHitResult& out) {
  for (std::size_t first = 0; first < x.size(); ++first) {
    std::size_t last = first;
    double sum = 0.0;
    while (last < x.size() && (x[last] - x[first] <= 0.5 * std::log(10.0) * (1.0 + 1e-9) || last - first < 3)) {
      sum += out.residual[last++];
    }
    if (last - first < 3) break;
    const double mean = std::abs(sum / static_cast<double>(last - first));
    if (mean > out.largest) {
      out.largest = mean;
      out.largest_at = std::exp(0.5 * (x[first] + x[last - 1]));
    }
    if (last == x.size()) break;
  }
}

}  // namespace

std::string to_string(ZHitStatus status) {
  switch (status) {
    case ZHitStatus::consistent:
      return "consistent";
    case ZHitStatus::drift_suspected:
      return "drift suspected";
    case ZHitStatus::too_few_points:
      return "too few points";
  }
  throw base::InternalError("unknown Z-HIT status");
}

ZHitResult z_hit(const PreparedSpectrum& spectrum, const ZHitOptions& options) {
  const std::size_t m = options.smoothing_points;
  if (m < 3 || m % 2 == 0) throw base::ParameterError("smoothing_points", std::to_string(m), "an odd number from 3 on");
  if (!(options.largest_deviation > 0.0) || !std::isfinite(options.largest_deviation)) {
    throw base::ParameterError("largest_deviation", base::format_number(options.largest_deviation, 6),
                               "a positive number");
  }
  const Curve curve = curve_of(spectrum);
  const std::size_t n = curve.x.size();
  ZHitResult out;
  for (std::size_t i = 0; i < n; ++i) {
    out.frequency.push_back(std::exp(curve.x[i]));
    out.modulus.push_back(std::exp(curve.log_z[i]));
  }
  if (n < std::max(fewest_points, m)) {
    out.criterion = "Z-HIT needs " + std::to_string(std::max(fewest_points, m)) +
                    " different frequencies; the spectrum has " + std::to_string(n) + ".";
    return out;
  }
  std::vector<double> log_reconstructed(n), difference(n);
  double integral = 0.0, phase_before = 0.0, slope_before = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t first = std::min(i > m / 2 ? i - m / 2 : 0, n - m);
    const auto [phase, slope] = local_parabola(curve.x.data() + first, curve.phase.data() + first, m, curve.x[i]);
    if (i > 0) {
      const double h = curve.x[i] - curve.x[i - 1];
      integral += 0.5 * h * (phase_before + phase) + h * h / 12.0 * (slope_before - slope);
    }
    phase_before = phase;
    slope_before = slope;
    log_reconstructed[i] = 2.0 / pi * integral - pi / 6.0 * slope;
    difference[i] = curve.log_z[i] - log_reconstructed[i];
  }
  const auto [first, last] =
      options.window ? given_window(out.frequency, *options.window) : flattest(curve.x, difference);
  const double constant = median_of({difference.begin() + static_cast<std::ptrdiff_t>(first),
                                     difference.begin() + static_cast<std::ptrdiff_t>(last)});
  out.window = {out.frequency[first], out.frequency[last - 1]};
  for (std::size_t i = 0; i < n; ++i) {
    out.reconstructed.push_back(std::exp(log_reconstructed[i] + constant));
    out.residual.push_back(difference[i] - constant);
  }
  find_largest(curve.x, out);
  const bool drift = out.largest > options.largest_deviation;
  out.status = drift ? ZHitStatus::drift_suspected : ZHitStatus::consistent;
  out.criterion = "The modulus departs from the one reconstructed from the phase by up to " +
                  base::format_number(100.0 * out.largest, 3) + " % (mean over half a decade, at " +
                  base::format_number(out.largest_at, 3) + " Hz), " + (drift ? "above" : "within") + " the limit of " +
                  base::format_number(100.0 * options.largest_deviation, 3) + " %.";
  return out;
}

ZHitResult z_hit(const Spectrum& spectrum, const ZHitOptions& options) { return z_hit(prepare(spectrum), options); }

}  // namespace closo::impedance
