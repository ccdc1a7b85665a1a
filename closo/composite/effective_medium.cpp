#include "closo/composite/effective_medium.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::composite {
namespace {

void check_conductivity(double value) {
  if (!(value >= 0.0) || !std::isfinite(value))
    throw base::ParameterError("conductivity", base::format_number(value, 6) + " S/m", "at least 0 S/m");
}

void check_conductivity(Complex value) {
  if (!std::isfinite(value.real()) || !std::isfinite(value.imag()) || value.real() < 0.0)
    throw base::ParameterError("conductivity",
                               base::format_number(value.real(), 6) + " + i " + base::format_number(value.imag(), 6),
                               "a finite complex number with a real part of at least 0 S/m");
}

void check_fraction(double value) {
  if (!(value >= 0.0 && value <= 1.0))
    throw base::ParameterError("fraction", base::format_number(value, 6), "a number from 0 to 1");
}

template <class Number>
void check_phases(std::span<const Number> conductivities, std::span<const double> fractions) {
  if (conductivities.empty() || conductivities.size() != fractions.size()) {
    throw base::ParameterError(
        "fractions", std::to_string(fractions.size()) + " for " + std::to_string(conductivities.size()) + " phases",
        "one fraction for each of at least one conductivity");
  }
  double sum = 0.0;
  for (std::size_t i = 0; i < fractions.size(); ++i) {
    check_conductivity(conductivities[i]);
    check_fraction(fractions[i]);
    sum += fractions[i];
  }
  if (std::fabs(sum - 1.0) > 1e-9)
    throw base::ParameterError("fractions", "a sum of " + base::format_number(sum, 12), "a sum of 1");
}

void check_length(const char* name, double value, bool may_be_zero) {
  if (!(value >= 0.0) || !std::isfinite(value) || (value == 0.0 && !may_be_zero)) {
    throw base::ParameterError(name, base::format_number(value, 6) + " m",
                               may_be_zero ? "a length of at least 0 m" : "a length above 0 m");
  }
}

/// Root of a function that falls from positive at `low` to negative at `high`, to the last bit, by bisection of the
/// logarithm: laws of high contrast have their root anywhere over many decades.
template <class Function>
double falling_root(const Function& f, double low, double high) {
  if (low == 0.0) low = std::numeric_limits<double>::min();
  for (int step = 0; step < 200; ++step) {
    const double middle = high / low > 1.0 + 1e-8 ? std::sqrt(low) * std::sqrt(high) : low + 0.5 * (high - low);
    if (middle <= low || middle >= high) break;
    (f(middle) > 0.0 ? low : high) = middle;
  }
  return low + 0.5 * (high - low);
}

/// What Hashin–Shtrikman, Maxwell–Garnett and Bruggeman have in common: Σ f s/(s + y) / Σ f/(s + y), without the
/// cancellation of 1/Σ f/(s + y) − y.
template <class Number>
Number weighted_mean(std::span<const Number> s, std::span<const double> fractions, Number y) {
  Number above{}, below{};
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (fractions[i] == 0.0) continue;
    if (s[i] + y == Number{}) return Number{};
    above += fractions[i] * s[i] / (s[i] + y);
    below += fractions[i] / (s[i] + y);
  }
  return above / below;
}

/// Share of conducting phases at which grains of dimension d conduct through is 1/d.
template <class Number>
bool conducts_through(std::span<const Number> s, std::span<const double> fractions, double dimension) {
  double conducting = 0.0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] != Number{}) conducting += fractions[i];
  }
  return conducting * dimension > 1.0;
}

void check_dimension(double dimension) {
  if (!(dimension >= 1.0) || !std::isfinite(dimension))
    throw base::ParameterError("dimension", base::format_number(dimension, 6), "at least 1");
}

/// ln of the mean over its argument and its slope along ln s, for Newton's method.
struct LogStep {
  Complex value, slope;
};

LogStep log_step(std::span<const Complex> s, std::span<const double> fractions, double depolarised, Complex at) {
  Complex above{}, below{}, above_slope{}, below_slope{};
  for (std::size_t i = 0; i < s.size(); ++i) {
    const Complex over = 1.0 / (s[i] + depolarised * at);
    above += fractions[i] * s[i] * over;
    below += fractions[i] * over;
    above_slope -= fractions[i] * s[i] * over * over * depolarised * at;
    below_slope -= fractions[i] * over * over * depolarised * at;
  }
  return {std::log(above / below / at), above_slope / above - below_slope / below - 1.0};
}

/// Newton's method in ln s; empty when it leaves the sector or does not settle.
std::optional<Complex> settle(std::span<const Complex> s, std::span<const double> fractions, double depolarised,
                              Complex at) {
  for (int step = 0; step < 60; ++step) {
    const LogStep here = log_step(s, fractions, depolarised, at);
    Complex move = -here.value / here.slope;
    if (!std::isfinite(move.real()) || !std::isfinite(move.imag())) return std::nullopt;
    const double length = std::abs(move);
    if (length > 2.0) move *= 2.0 / length;
    at *= std::exp(move);
    // The phases are turned so that their sector lies around the positive axis.
    if (at.real() <= 0.0) return std::nullopt;
    if (length < 1e-14) return at;
  }
  return std::nullopt;
}

}  // namespace

std::pair<double, double> wiener_bounds(std::span<const double> conductivities, std::span<const double> fractions) {
  check_phases(conductivities, fractions);
  double along = 0.0, resistance = 0.0;
  for (std::size_t i = 0; i < fractions.size(); ++i) {
    if (fractions[i] == 0.0) continue;
    along += fractions[i] * conductivities[i];
    resistance += fractions[i] / conductivities[i];
  }
  return {1.0 / resistance, along};
}

Complex layers_across(std::span<const Complex> conductivities, std::span<const double> fractions) {
  check_phases(conductivities, fractions);
  Complex resistance{};
  for (std::size_t i = 0; i < fractions.size(); ++i) {
    if (fractions[i] == 0.0) continue;
    if (conductivities[i] == Complex{}) return {};
    resistance += fractions[i] / conductivities[i];
  }
  return 1.0 / resistance;
}

Complex layers_along(std::span<const Complex> conductivities, std::span<const double> fractions) {
  check_phases(conductivities, fractions);
  Complex sum{};
  for (std::size_t i = 0; i < fractions.size(); ++i) sum += fractions[i] * conductivities[i];
  return sum;
}

std::pair<double, double> hashin_shtrikman_bounds(std::span<const double> conductivities,
                                                  std::span<const double> fractions) {
  check_phases(conductivities, fractions);
  double low = std::numeric_limits<double>::infinity(), high = 0.0;
  for (std::size_t i = 0; i < fractions.size(); ++i) {
    if (fractions[i] == 0.0) continue;
    low = std::min(low, conductivities[i]);
    high = std::max(high, conductivities[i]);
  }
  return {weighted_mean(conductivities, fractions, 2.0 * low), weighted_mean(conductivities, fractions, 2.0 * high)};
}

Complex maxwell_garnett(Complex matrix, Complex inclusion, double inclusion_fraction) {
  check_conductivity(matrix);
  check_conductivity(inclusion);
  check_fraction(inclusion_fraction);
  if (inclusion_fraction == 1.0) return inclusion;
  const double f = inclusion_fraction;
  const Complex below = inclusion * (1.0 - f) + matrix * (2.0 + f);
  if (below == Complex{}) return {};
  return matrix * ((inclusion * (1.0 + 2.0 * f) + matrix * (2.0 - 2.0 * f)) / below);
}

double bruggeman(std::span<const double> conductivities, std::span<const double> fractions, double dimension) {
  check_phases(conductivities, fractions);
  check_dimension(dimension);
  const auto [low, high] = wiener_bounds(conductivities, fractions);
  if (dimension == 1.0 || low == high) return low;
  if (low == 0.0 && !conducts_through(conductivities, fractions, dimension)) return 0.0;
  // Σ f (s_i − s)/(s_i + (d−1) s) falls with s.
  const auto imbalance = [&](double s) {
    double sum = 0.0;
    for (std::size_t i = 0; i < fractions.size(); ++i)
      sum += fractions[i] * (conductivities[i] - s) / (conductivities[i] + (dimension - 1.0) * s);
    return sum;
  };
  return falling_root(imbalance, low, high);
}

Complex bruggeman(std::span<const Complex> conductivities, std::span<const double> fractions, double dimension) {
  check_phases(conductivities, fractions);
  check_dimension(dimension);
  if (dimension == 1.0) return layers_across(conductivities, fractions);
  double from = std::numbers::pi, to = -std::numbers::pi;
  std::vector<Complex> turned;
  std::vector<double> shares, sizes;
  for (std::size_t i = 0; i < fractions.size(); ++i) {
    if (fractions[i] == 0.0) continue;
    turned.push_back(conductivities[i]);
    shares.push_back(fractions[i]);
    sizes.push_back(std::abs(conductivities[i]));
    if (conductivities[i] == Complex{}) continue;
    from = std::min(from, std::arg(conductivities[i]));
    to = std::max(to, std::arg(conductivities[i]));
  }
  if (!conducts_through<Complex>(turned, shares, dimension)) return {};
  if (to - from > std::numbers::pi - 1e-9)
    throw base::ParameterError("conductivity", "phases that span half a turn", "arguments less than half a turn apart");
  const Complex turn = std::polar(1.0, 0.5 * (from + to));
  for (Complex& s : turned) s /= turn;
  // s ↦ weighted_mean(s) maps the half plane into itself, so its fixed point there is the only one (Earle–Hamilton) and
  // iteration leads to it, slowly; Newton's method is quick once it is near.
  const double depolarised = dimension - 1.0;
  double total = 0.0;
  for (const double share : shares) total += share;
  for (double& share : shares) share /= total;
  Complex s = bruggeman(std::span<const double>(sizes), std::span<const double>(shares), dimension);
  if (s == Complex{}) s = *std::ranges::max_element(sizes);
  for (int round = 0; round < 60; ++round) {
    if (const auto root = settle(turned, shares, depolarised, s)) return *root * turn;
    for (int step = 0; step < (1 << std::min(round, 12)); ++step)
      s = weighted_mean(std::span<const Complex>(turned), std::span<const double>(shares), depolarised * s);
  }
  throw base::NumericsError("the Bruggeman medium of these phases was not found");
}

double differential_medium(double matrix, double inclusion, double inclusion_fraction) {
  check_conductivity(matrix);
  check_conductivity(inclusion);
  check_fraction(inclusion_fraction);
  if (matrix == inclusion || inclusion_fraction == 0.0) return matrix;
  if (inclusion_fraction == 1.0) return inclusion;
  if (matrix == 0.0) return 0.0;
  const double left = 1.0 - inclusion_fraction;
  if (inclusion == 0.0) return matrix * left * std::sqrt(left);
  const auto excess = [&](double s) {
    const double share = (s - inclusion) / (matrix - inclusion) * std::cbrt(matrix / s);
    return inclusion > matrix ? share - left : left - share;
  };
  return falling_root(excess, std::min(matrix, inclusion), std::max(matrix, inclusion));
}

double touching_fraction(double radius, double thickness) {
  check_length("radius", radius, false);
  check_length("thickness", thickness, true);
  const double ratio = radius / (radius + thickness);
  return ratio * ratio * ratio;
}

Complex coated_sphere(Complex core, Complex shell, double core_radius, double shell_thickness) {
  check_length("core_radius", core_radius, true);
  check_length("shell_thickness", shell_thickness, core_radius > 0.0);
  // The formula is Maxwell–Garnett's with the core's share of the sphere.
  return maxwell_garnett(shell, core, core_radius > 0.0 ? touching_fraction(core_radius, shell_thickness) : 0.0);
}

double coated_filler_conductivity(const CoatedFiller& filler, double filler_fraction) {
  check_conductivity(filler.bulk);
  check_conductivity(filler.interphase);
  check_conductivity(filler.filler);
  check_fraction(filler_fraction);
  const double touching = touching_fraction(filler.radius, filler.thickness);
  if (filler_fraction >= touching) return maxwell_garnett(filler.interphase, filler.filler, filler_fraction).real();
  const double sphere = maxwell_garnett(filler.interphase, filler.filler, touching).real();
  const double share = filler_fraction / touching;
  if (!filler.bruggeman_mixing) return maxwell_garnett(filler.bulk, sphere, share).real();
  return bruggeman(std::array{filler.bulk, sphere}, std::array{1.0 - share, share});
}

Complex brick_layer(Complex grain, Complex boundary, double grain_size, double boundary_thickness) {
  check_conductivity(grain);
  check_conductivity(boundary);
  check_length("grain_size", grain_size, false);
  check_length("boundary_thickness", boundary_thickness, true);
  const double inside = grain_size / (grain_size + boundary_thickness);
  const Complex column = layers_across(std::array{grain, boundary}, std::array{inside, 1.0 - inside});
  const double area = inside * inside;
  return area * column + (1.0 - area) * boundary;
}

double resistor_network_effective_medium(const ResistorNetwork& network, double insulator_fraction) {
  check_fraction(insulator_fraction);
  const auto fourth = [](double p) { return p * p * p * p; };
  const double bulk = fourth(1.0 - insulator_fraction), insulator = fourth(insulator_fraction);
  // The single-bond effective medium of a lattice with six neighbours has Bruggeman's form in three dimensions.
  return bruggeman(std::array{network.bulk, network.insulator, network.interface},
                   std::array{bulk, insulator, 1.0 - bulk - insulator});
}

double mixing_rule(std::span<const double> conductivities, std::span<const double> fractions, double exponent) {
  check_phases(conductivities, fractions);
  if (!(exponent >= -1.0 && exponent <= 1.0))
    throw base::ParameterError("exponent", base::format_number(exponent, 6), "a number from -1 to 1");
  // About the geometric mean of the conducting phases, so that small exponents keep their digits.
  double conducting = 0.0, log_mean = 0.0;
  for (std::size_t i = 0; i < fractions.size(); ++i) {
    if (fractions[i] == 0.0) continue;
    if (conductivities[i] == 0.0 && exponent <= 0.0) return 0.0;
    if (conductivities[i] == 0.0) continue;
    conducting += fractions[i];
    log_mean += fractions[i] * std::log(conductivities[i]);
  }
  if (conducting == 0.0) return 0.0;
  log_mean /= conducting;
  double sum = 0.0, total = 0.0;
  for (std::size_t i = 0; i < fractions.size(); ++i) {
    total += fractions[i];
    if (fractions[i] == 0.0) continue;
    sum += fractions[i] *
           (conductivities[i] == 0.0 ? -1.0 : std::expm1(exponent * (std::log(conductivities[i]) - log_mean)));
  }
  return std::exp(log_mean + (exponent == 0.0 ? 0.0 : std::log1p(sum / total) / exponent));
}

double general_effective_medium(double low, double high, double high_fraction, double threshold, double exponent) {
  check_conductivity(low);
  check_conductivity(high);
  check_fraction(high_fraction);
  if (!(threshold > 0.0 && threshold < 1.0))
    throw base::ParameterError("threshold", base::format_number(threshold, 6), "a number between 0 and 1");
  if (!(exponent > 0.0) || !std::isfinite(exponent))
    throw base::ParameterError("exponent", base::format_number(exponent, 6), "a number above 0");
  // In s^(1/t) the equation is Bruggeman's with 1/threshold dimensions.
  const double mean = bruggeman(std::array{std::pow(low, 1.0 / exponent), std::pow(high, 1.0 / exponent)},
                                std::array{1.0 - high_fraction, high_fraction}, 1.0 / threshold);
  return std::pow(mean, exponent);
}

}  // namespace closo::composite
