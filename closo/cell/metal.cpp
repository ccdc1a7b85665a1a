#include "closo/cell/metal.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "closo/cell/detail/parameter_check.hpp"
#include "closo/cell/kinetics.hpp"

namespace closo::cell {

double metal_overpotential(double current_density, double exchange_current_density, double contact_fraction,
                           double temperature) noexcept {
  return charge_transfer_overpotential(current_density, exchange_current_density * contact_fraction, temperature);
}

double constriction_resistance(double contact_fraction, double conductivity, double contacts_per_area) noexcept {
  const double theta = std::clamp(contact_fraction, smallest_metal_contact, 1.0);
  return std::pow(1.0 - std::sqrt(theta), 1.5) /
         (4.0 * conductivity * std::sqrt(theta * contacts_per_area / std::numbers::pi));
}

double critical_current_density(const MetalContactModel& model, double temperature,
                                double reference_temperature) noexcept {
  return at_temperature(model.critical_current_density, temperature, reference_temperature) *
         std::pow(model.stack_pressure / model.reference_pressure, model.pressure_exponent);
}

double advance(const MetalContactModel& model, double contact_fraction, double current_density, double time,
               double temperature, double reference_temperature) noexcept {
  const double closing = at_temperature(model.creep_rate, temperature, reference_temperature) *
                         std::pow(model.stack_pressure / model.reference_pressure, model.pressure_exponent);
  const double excess =
      std::max(0.0, current_density - critical_current_density(model, temperature, reference_temperature));
  const double opening = (excess - std::max(0.0, -current_density)) / model.void_charge;
  // dθ/dt = closing - (closing + opening) θ, linear with constant coefficients.
  const double rate = closing + opening;
  const double x = std::max(rate * time, -500.0);  // plating fills every void long before
  const double next = std::abs(x) < 1e-10 ? contact_fraction + (closing - rate * contact_fraction) * time
                                          : contact_fraction * std::exp(-x) - closing / rate * std::expm1(-x);
  return std::clamp(next, smallest_metal_contact, 1.0);
}

double symmetric_cell_voltage(double current_density, double thickness, double conductivity, double resistance,
                              double exchange_current_density, double contact_fraction, double temperature) noexcept {
  return current_density * (thickness / conductivity + 2.0 * resistance) +
         2.0 * metal_overpotential(current_density, exchange_current_density, contact_fraction, temperature);
}

void check(const MetalContactModel& model, const char* name) {
  const std::string prefix = std::string(name) + ".";
  detail::require_not_negative(model.stack_pressure, prefix + "stack_pressure");
  detail::require_positive(model.reference_pressure, prefix + "reference_pressure");
  detail::require_not_negative(model.pressure_exponent, prefix + "pressure_exponent");
  detail::require_not_negative(model.critical_current_density.value, prefix + "critical_current_density");
  detail::require_finite(model.critical_current_density.energy, prefix + "critical_current_density energy");
  detail::require_positive(model.void_charge, prefix + "void_charge");
  detail::require_not_negative(model.creep_rate.value, prefix + "creep_rate");
  detail::require_finite(model.creep_rate.energy, prefix + "creep_rate energy");
  detail::require_positive(model.contacts_per_area, prefix + "contacts_per_area");
  detail::require_between(model.initial_fraction, smallest_metal_contact, 1.0, prefix + "initial_fraction");
}

}  // namespace closo::cell
