#include "closo/impedance/simulate.hpp"

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/impedance/detail/program.hpp"
#include "closo/impedance/detail/random.hpp"

namespace closo::impedance {

std::vector<Complex> simulate(const Circuit& circuit, std::span<const double> parameters,
                              std::span<const double> frequency) {
  check_parameters(circuit, parameters);
  for (const double f : frequency) {
    if (!(f > 0.0) || !std::isfinite(f)) {
      throw base::ParameterError("frequency", base::format_number(f, 6) + " Hz", "positive finite frequencies");
    }
  }
  std::vector<Complex> out;
  if (frequency.empty()) return out;
  std::vector<double> logs;
  for (const double value : parameters) logs.push_back(value > 0.0 ? std::log(value) : 0.0);
  const detail::Program program(circuit);
  const detail::Grid grid(frequency);
  detail::Evaluation evaluation(program, grid);
  evaluation.forward(parameters.data(), logs.data());
  for (std::size_t i = 0; i < frequency.size(); ++i) out.emplace_back(evaluation.real()[i], evaluation.imaginary()[i]);
  return out;
}

std::vector<double> logarithmic_frequencies(double lowest, double highest, int points_per_decade) {
  if (!(lowest > 0.0 && lowest < highest && std::isfinite(highest))) {
    throw base::ParameterError("frequency range",
                               base::format_number(lowest, 6) + " to " + base::format_number(highest, 6) + " Hz",
                               "0 < lowest < highest");
  }
  if (points_per_decade < 1 || points_per_decade > 1000) {
    throw base::ParameterError("points per decade", std::to_string(points_per_decade), "1 to 1000");
  }
  const double decades = std::log10(highest / lowest);
  const auto steps = static_cast<std::size_t>(std::max(1.0, std::round(decades * points_per_decade)));
  std::vector<double> out;
  for (std::size_t i = 0; i <= steps; ++i) {
    out.push_back(lowest * std::pow(10.0, decades * static_cast<double>(i) / static_cast<double>(steps)));
  }
  out.back() = highest;
  return out;
}

Spectrum simulate_measurement(const Circuit& circuit, std::span<const double> parameters,
                              std::span<const double> frequency, const NoiseModel& noise, std::uint64_t seed) {
  if (!(noise.proportional >= 0.0 && noise.absolute >= 0.0)) {
    throw base::ParameterError(
        "noise", base::format_number(noise.proportional, 6) + ", " + base::format_number(noise.absolute, 6) + " Ohm",
        "standard deviations of zero or more");
  }
  Spectrum out;
  out.source = "simulation of " + to_text(circuit);
  out.frequency.assign(frequency.begin(), frequency.end());
  out.impedance = simulate(circuit, parameters, frequency);
  detail::Random random(seed);
  for (Complex& z : out.impedance) {
    const double deviation = std::hypot(noise.proportional * std::abs(z), noise.absolute);
    if (!(deviation > 0.0)) continue;
    const double re = random.normal();
    const double im = random.normal();
    z += deviation * Complex(re, im);
    out.uncertainty.emplace_back(deviation, deviation);
  }
  return out;
}

}  // namespace closo::impedance
