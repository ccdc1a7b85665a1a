#include "closo/cell/open_circuit.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/detail/parameter_check.hpp"

namespace closo::cell {
namespace {

constexpr double narrowest = 1e-14;    // the nearest to 0 and 1 that is evaluated
constexpr double spike_width = 0.002;  // of ranges that touch 0 or 1
constexpr double rise_allowed = 1e-3;  // V
constexpr double volts_per_kelvin = base::gas_constant / base::faraday_constant;

constexpr double highest_power = 8.0;  // of a polynomial's terms that are evaluated together

double whole_power(double x, int n) noexcept {
  double result = 1.0;
  for (; n > 0; n >>= 1, x *= x) {
    if ((n & 1) != 0) result *= x;
  }
  return result;
}

void check_stoichiometries(std::span<const double> z, std::size_t values) {
  if (z.size() < 2 || z.size() != values) {
    throw base::ParameterError("table",
                               std::to_string(z.size()) + " stoichiometries and " + std::to_string(values) + " values",
                               "two or more of each, as many of one as of the other");
  }
  for (std::size_t k = 0; k < z.size(); ++k) {
    detail::require_between(z[k], 0.0, 1.0, "stoichiometry " + std::to_string(k + 1));
    if (k > 0 && !(z[k] > z[k - 1])) {
      throw base::ParameterError("stoichiometry " + std::to_string(k + 1), base::format_number(z[k]),
                                 "above the one before, " + base::format_number(z[k - 1]));
    }
  }
}

/// Index k with grid[k] <= z < grid[k+1], held inside.
std::size_t interval(const std::vector<double>& grid, double z) noexcept {
  const auto above = std::upper_bound(grid.begin() + 1, grid.end() - 1, z);
  return static_cast<std::size_t>(above - grid.begin()) - 1;
}

double simpson(double width, double a, double m, double b) noexcept { return width / 6.0 * (a + 4.0 * m + b); }

template <class F>
double adaptive(const F& f, double a, double b, double fa, double fm, double fb, double whole, double tolerance,
                int depth) {
  const double m = 0.5 * (a + b);
  const double fl = f(0.5 * (a + m));
  const double fr = f(0.5 * (m + b));
  const double left = simpson(m - a, fa, fl, fm);
  const double right = simpson(b - m, fm, fr, fb);
  const double difference = left + right - whole;
  if (depth <= 0 || std::abs(difference) < 15.0 * tolerance) return left + right + difference / 15.0;
  return adaptive(f, a, m, fa, fl, fm, left, 0.5 * tolerance, depth - 1) +
         adaptive(f, m, b, fm, fr, fb, right, 0.5 * tolerance, depth - 1);
}

}  // namespace

OpenCircuit OpenCircuit::from_table(std::span<const double> stoichiometry, std::span<const double> potential) {
  check_stoichiometries(stoichiometry, potential.size());
  OpenCircuit curve;
  curve.z_.assign(stoichiometry.begin(), stoichiometry.end());
  curve.u_.assign(potential.begin(), potential.end());
  double lowest = curve.u_.front();
  for (std::size_t k = 0; k < curve.u_.size(); ++k) {
    detail::require_finite(curve.u_[k], "potential " + std::to_string(k + 1));
    if (curve.u_[k] > lowest + rise_allowed) {
      throw base::ParameterError("potential " + std::to_string(k + 1), base::format_number(curve.u_[k], 6) + " V",
                                 "not above the lowest before it, " + base::format_number(lowest, 6) + " V");
    }
    lowest = std::min(lowest, curve.u_[k]);
    curve.u_[k] = lowest;
  }
  const std::size_t n = curve.z_.size();
  std::vector<double> secant(n - 1);
  for (std::size_t k = 0; k + 1 < n; ++k) secant[k] = (curve.u_[k + 1] - curve.u_[k]) / (curve.z_[k + 1] - curve.z_[k]);
  curve.slope_.resize(n);
  curve.slope_.front() = secant.front();
  curve.slope_.back() = secant.back();
  for (std::size_t k = 1; k + 1 < n; ++k)
    curve.slope_[k] = secant[k - 1] * secant[k] > 0.0 ? 0.5 * (secant[k - 1] + secant[k]) : 0.0;
  // Fritsch and Carlson: into the circle of radius 3, where the cubic is monotone.
  for (std::size_t k = 0; k + 1 < n; ++k) {
    if (secant[k] == 0.0) {
      curve.slope_[k] = curve.slope_[k + 1] = 0.0;
      continue;
    }
    const double length = std::hypot(curve.slope_[k] / secant[k], curve.slope_[k + 1] / secant[k]);
    if (length > 3.0) {
      curve.slope_[k] *= 3.0 / length;
      curve.slope_[k + 1] *= 3.0 / length;
    }
  }
  curve.low_ = curve.z_.front();
  curve.high_ = curve.z_.back();
  curve.place_spikes();
  return curve;
}

OpenCircuit OpenCircuit::from_formula(std::vector<OpenCircuitTerm> terms, double low, double high) {
  if (terms.empty()) throw base::ParameterError("formula", "no term", "one term or more");
  detail::require_between(low, 0.0, 1.0, "low end");
  detail::require_between(high, low, 1.0, "high end");
  if (!(high > low)) throw base::ParameterError("high end", base::format_number(high), "above the low end");
  for (const OpenCircuitTerm& term : terms) {
    using Kind = OpenCircuitTerm::Kind;
    for (const double value : {term.a, term.b, term.c}) detail::require_finite(value, "coefficient");
    if ((term.kind == Kind::power || term.kind == Kind::redlich_kister) &&
        !(term.b >= 0.0 && term.b <= 60.0 && term.b == std::floor(term.b))) {
      throw base::ParameterError("power", base::format_number(term.b), "a whole number from 0 to 60");
    }
  }
  OpenCircuit curve;
  curve.terms_ = std::move(terms);
  curve.gather_terms();
  curve.low_ = low;
  curve.high_ = high;
  curve.place_spikes();
  constexpr int samples = 2000;
  double lowest = 0.0;
  for (int k = 0; k <= samples; ++k) {
    const double z = std::clamp(low + (high - low) * k / samples, 1e-6, 1.0 - 1e-6);
    const double u = curve.formula(z, 298.15).u;
    detail::require_finite(u, "potential at " + base::format_number(z));
    if (k > 0 && u > lowest + rise_allowed) {
      throw base::ParameterError("formula", "rises to " + base::format_number(u, 6) + " V at " + base::format_number(z),
                                 "not above the lowest before it, " + base::format_number(lowest, 6) + " V");
    }
    lowest = k == 0 ? u : std::min(lowest, u);
  }
  return curve;
}

OpenCircuit OpenCircuit::with_entropy(std::span<const double> stoichiometry, std::span<const double> derivative,
                                      double reference_temperature) const {
  check_stoichiometries(stoichiometry, derivative.size());
  for (const double value : derivative) detail::require_finite(value, "dU/dT");
  detail::require_positive(reference_temperature, "reference temperature");
  OpenCircuit curve = *this;
  curve.entropy_z_.assign(stoichiometry.begin(), stoichiometry.end());
  curve.entropy_.assign(derivative.begin(), derivative.end());
  curve.entropy_reference_ = reference_temperature;
  return curve;
}

void OpenCircuit::place_spikes() noexcept {
  const bool is_ideal = std::any_of(terms_.begin(), terms_.end(), [](const OpenCircuitTerm& term) {
    return term.kind == OpenCircuitTerm::Kind::ideal && term.a > 0.0;
  });
  left_spike_ = low_ >= spike_width ? low_ : (is_ideal ? 0.0 : spike_width);
  right_spike_ = high_ <= 1.0 - spike_width ? high_ : (is_ideal ? 1.0 : 1.0 - spike_width);
}

OpenCircuit::Value OpenCircuit::table(double z) const noexcept {
  const std::size_t k = interval(z_, z);
  const double width = z_[k + 1] - z_[k];
  const double t = (z - z_[k]) / width;
  const double rise = u_[k + 1] - u_[k];
  const double c2 = 3.0 * rise - width * (2.0 * slope_[k] + slope_[k + 1]);
  const double c3 = width * (slope_[k] + slope_[k + 1]) - 2.0 * rise;
  return {u_[k] + t * (width * slope_[k] + t * (c2 + t * c3)), slope_[k] + t * (2.0 * c2 + 3.0 * t * c3) / width, 0.0};
}

void OpenCircuit::gather_terms() {
  using Kind = OpenCircuitTerm::Kind;
  for (const OpenCircuitTerm& term : terms_) {
    if (term.kind == Kind::ideal) {
      ideal_ += term.a;
    } else if (term.kind == Kind::power && term.b <= highest_power) {
      std::vector<double>& polynomial = term.is_thermal ? thermal_polynomial_ : polynomial_;
      const auto n = static_cast<std::size_t>(term.b);
      if (polynomial.size() <= n) polynomial.resize(n + 1, 0.0);
      polynomial[n] += term.a;
    } else {
      others_.push_back(term);
    }
  }
}

OpenCircuit::Value OpenCircuit::formula(double z, double temperature) const noexcept {
  using Kind = OpenCircuitTerm::Kind;
  const auto horner = [z](const std::vector<double>& polynomial) {
    Value value;
    for (std::size_t n = polynomial.size(); n-- > 0;) {
      value.slope = value.slope * z + value.u;
      value.u = value.u * z + polynomial[n];
    }
    return value;
  };
  const double thermal_voltage = volts_per_kelvin * temperature;
  Value plain = horner(polynomial_);
  Value thermal = horner(thermal_polynomial_);  // in units of RT/F
  if (ideal_ != 0.0) {
    const double inverse = 1.0 / (z * (1.0 - z));
    const double left = 1.0 - z;
    thermal.u += ideal_ * std::log(left * left * inverse);
    thermal.slope -= ideal_ * inverse;
  }
  for (const OpenCircuitTerm& term : others_) {
    Value& sum = term.is_thermal ? thermal : plain;
    switch (term.kind) {
      case Kind::power: {
        const int n = static_cast<int>(term.b);
        const double below = term.a * whole_power(z, n - 1);
        sum.u += below * z;
        sum.slope += n * below;
        break;
      }
      case Kind::exponential: {
        const double value = term.a * std::exp(term.b * z + term.c);
        sum.u += value;
        sum.slope += term.b * value;
        break;
      }
      case Kind::tanh: {
        const double value = std::tanh(term.b * z + term.c);
        sum.u += term.a * value;
        sum.slope += term.a * term.b * (1.0 - value * value);
        break;
      }
      case Kind::ideal:
        break;
      case Kind::redlich_kister: {
        const int n = static_cast<int>(term.b);
        const double y = 1.0 - 2.0 * z;
        const double scale = -term.a / base::faraday_constant;
        const double mixed = n > 0 ? 2.0 * n * z * (1.0 - z) * whole_power(y, n - 1) : 0.0;
        const double curved = n > 1 ? 4.0 * n * (n - 1) * z * (1.0 - z) * whole_power(y, n - 2) : 0.0;
        plain.u += scale * (whole_power(y, n + 1) - mixed);
        plain.slope += scale * (-(4.0 * n + 2.0) * whole_power(y, n) + curved);
        break;
      }
    }
  }
  return {plain.u + thermal_voltage * thermal.u, plain.slope + thermal_voltage * thermal.slope,
          volts_per_kelvin * thermal.u};
}

void OpenCircuit::add_entropy(double z, double temperature, Value& value) const noexcept {
  if (entropy_.empty()) return;
  double at = entropy_.front();
  double slope = 0.0;
  if (z >= entropy_z_.back()) {
    at = entropy_.back();
  } else if (z > entropy_z_.front()) {
    const std::size_t k = interval(entropy_z_, z);
    slope = (entropy_[k + 1] - entropy_[k]) / (entropy_z_[k + 1] - entropy_z_[k]);
    at = entropy_[k] + slope * (z - entropy_z_[k]);
  }
  value.u += (temperature - entropy_reference_) * at;
  value.slope += (temperature - entropy_reference_) * slope;
  value.thermal += at;
}

OpenCircuit::Value OpenCircuit::inside(double z, double temperature) const noexcept {
  Value value;
  const double held = std::clamp(z, low_, high_);
  if (!z_.empty()) {
    value = table(held);
  } else if (!terms_.empty()) {
    value = formula(std::clamp(held, narrowest, 1.0 - narrowest), temperature);
  }
  if (z != held) value.u += std::min(value.slope, 0.0) * (z - held);
  add_entropy(z, temperature, value);
  return value;
}

OpenCircuitPoint OpenCircuit::at(double stoichiometry, double temperature) const noexcept {
  const double z = std::clamp(stoichiometry, narrowest, 1.0 - narrowest);
  Value value = inside(z, temperature);
  if (z < left_spike_) {
    const double spike = -volts_per_kelvin * (std::log(z / left_spike_) - (z - left_spike_) / left_spike_);
    value.u += temperature * spike;
    value.thermal += spike;
    value.slope -= volts_per_kelvin * temperature * (1.0 / z - 1.0 / left_spike_);
  }
  if (z > right_spike_) {
    const double left = 1.0 - z;
    const double width = 1.0 - right_spike_;
    const double spike = volts_per_kelvin * (std::log(left / width) + (z - right_spike_) / width);
    value.u += temperature * spike;
    value.thermal += spike;
    value.slope -= volts_per_kelvin * temperature * (1.0 / left - 1.0 / width);
  }
  return {value.u, value.slope, value.thermal};
}

double OpenCircuit::stoichiometry_at(double potential, double temperature) const noexcept {
  double low = 0.0;
  double high = 1.0;
  for (int k = 0; k < 60; ++k) {
    const double middle = 0.5 * (low + high);
    (this->potential(middle, temperature) > potential ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double OpenCircuit::integral(double from, double to, double temperature) const {
  if (from > to) return -integral(to, from, temperature);
  const auto f = [&](double z) { return potential(z, temperature); };
  // The curve is smooth between these places.
  std::vector<double> breaks{from};
  const auto add = [&](double z) {
    if (z > from && z < to) breaks.push_back(z);
  };
  for (const double z : z_) add(z);
  for (const double z : entropy_z_) add(z);
  for (const double z : {low_, high_, left_spike_, right_spike_}) add(z);
  breaks.push_back(to);
  std::sort(breaks.begin(), breaks.end());
  double sum = 0.0;
  for (std::size_t k = 0; k + 1 < breaks.size(); ++k) {
    const double a = breaks[k];
    const double b = breaks[k + 1];
    if (!(b > a)) continue;
    const double fa = f(a);
    const double fm = f(0.5 * (a + b));
    const double fb = f(b);
    sum += adaptive(f, a, b, fa, fm, fb, simpson(b - a, fa, fm, fb), 1e-11 * (b - a) / (to - from), 40);
  }
  return sum;
}

}  // namespace closo::cell
