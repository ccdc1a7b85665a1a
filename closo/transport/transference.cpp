#include "closo/transport/transference.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::transport {
namespace {

void check_finite(const Measured& m, const char* name, const char* unit) {
  if (!std::isfinite(m.value) || (m.uncertainty && !(*m.uncertainty >= 0.0 && std::isfinite(*m.uncertainty)))) {
    throw base::ParameterError(name, base::format_number(m.value) + " " + unit,
                               "a finite value with an uncertainty that is not negative");
  }
}

void check_positive(const Measured& m, const char* name, const char* unit) {
  check_finite(m, name, unit);
  if (!(m.value > 0.0)) {
    throw base::ParameterError(name, base::format_number(m.value) + " " + unit, "a positive value");
  }
}

void check_not_negative(const Measured& m, const char* name, const char* unit) {
  check_finite(m, name, unit);
  if (m.value < 0.0) {
    throw base::ParameterError(name, base::format_number(m.value) + " " + unit, "a value that is not negative");
  }
}

double square(double x) { return x * x; }

double uncertainty_of(const Measured& m) { return m.uncertainty.value_or(0.0); }

void warn_of_range(Transference& result, double initial, double steady) {
  if (result.number < 0.0 || result.number > 1.0) result.warnings.push_back(TransferenceWarning::outside_unit_interval);
  if (steady > initial) result.warnings.push_back(TransferenceWarning::current_grows);
}

// Iss/I0 and its uncertainty; t_ion = 1 - ratio shares the uncertainty.
Transference ratio(const Measured& initial, const Measured& steady) {
  check_positive(initial, "initial current", "A");
  check_finite(steady, "steady current", "A");
  Transference result;
  result.number = steady.value / initial.value;
  if (initial.uncertainty && steady.uncertainty) {
    result.uncertainty = std::hypot(*steady.uncertainty, result.number * *initial.uncertainty) / initial.value;
  }
  return result;
}

}  // namespace

std::string_view describe(TransferenceWarning warning) noexcept {
  switch (warning) {
    case TransferenceWarning::voltage_not_small:
      return "the applied voltage is not small against kT/e; the linear theory may not hold";
    case TransferenceWarning::initial_current_off:
      return "the initial current does not agree with voltage/(bulk + interface resistance)";
    case TransferenceWarning::outside_unit_interval:
      return "the transference number lies outside 0 to 1";
    case TransferenceWarning::current_grows:
      return "the steady current is larger than the initial current";
  }
  return "";
}

Transference ionic_transference(Measured initial_current, Measured steady_current) {
  Transference result = ratio(initial_current, steady_current);
  result.number = (initial_current.value - steady_current.value) / initial_current.value;
  warn_of_range(result, initial_current.value, steady_current.value);
  return result;
}

Transference cation_transference(Measured initial_current, Measured steady_current) {
  Transference result = ratio(initial_current, steady_current);
  warn_of_range(result, initial_current.value, steady_current.value);
  return result;
}

Transference bruce_vincent(const BruceVincent& m) {
  check_positive(m.voltage, "voltage", "V");
  check_positive(m.initial_current, "initial current", "A");
  check_positive(m.steady_current, "steady current", "A");
  check_not_negative(m.initial_resistance, "interface resistance before", "Ohm");
  check_not_negative(m.steady_resistance, "interface resistance after", "Ohm");
  check_positive({m.temperature, {}}, "temperature", "K");
  if (m.bulk_resistance) check_not_negative(*m.bulk_resistance, "bulk resistance", "Ohm");

  Transference result;
  const double voltage = m.voltage.value;
  const double i0 = m.initial_current.value;
  const double iss = m.steady_current.value;
  // kT/e in volt is k T in eV.
  if (voltage > 0.4 * base::boltzmann_constant_eV * m.temperature) {
    result.warnings.push_back(TransferenceWarning::voltage_not_small);
  }
  if (m.bulk_resistance) {
    const double total = m.bulk_resistance->value + m.initial_resistance.value;
    const double ohmic = total > 0.0 ? voltage / total : i0;
    const double spread = std::hypot(uncertainty_of(m.initial_current), ohmic * uncertainty_of(m.voltage) / voltage);
    if (std::abs(i0 - ohmic) > std::max(0.1 * ohmic, 3.0 * spread)) {
      result.warnings.push_back(TransferenceWarning::initial_current_off);
    }
  }
  const double left_initial = voltage - i0 * m.initial_resistance.value;
  const double left_steady = voltage - iss * m.steady_resistance.value;
  if (!(left_initial > 0.0 && left_steady > 0.0)) {
    result.status = TransferenceStatus::interface_takes_all_voltage;
    return result;
  }
  result.number = iss * left_initial / (i0 * left_steady);
  if (m.voltage.uncertainty || m.initial_current.uncertainty || m.steady_current.uncertainty ||
      m.initial_resistance.uncertainty || m.steady_resistance.uncertainty) {
    // Derivatives of ln t+.
    const double variance = square(uncertainty_of(m.steady_current) * voltage / (iss * left_steady)) +
                            square(uncertainty_of(m.initial_current) * voltage / (i0 * left_initial)) +
                            square(uncertainty_of(m.voltage) * (1.0 / left_initial - 1.0 / left_steady)) +
                            square(uncertainty_of(m.initial_resistance) * i0 / left_initial) +
                            square(uncertainty_of(m.steady_resistance) * iss / left_steady);
    result.uncertainty = result.number * std::sqrt(variance);
  }
  warn_of_range(result, i0, iss);
  return result;
}

}  // namespace closo::transport
