#include "closo/cell/contact.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "closo/cell/detail/parameter_check.hpp"

namespace closo::cell {

double particle_strain(const ContactModel& model, double mean_stoichiometry, double maximum_concentration) noexcept {
  return model.partial_molar_volume * maximum_concentration * (mean_stoichiometry - model.reference_stoichiometry) /
         3.0;
}

double contact_pressure(const ContactModel& model, const ContactState& state) noexcept {
  return model.residual_pressure + model.transmission * model.stack_pressure +
         model.stiffness * (state.strain - state.relaxed_strain);
}

double contact_fraction(const ContactModel& model, const ContactState& state) noexcept {
  const double pressure = std::max(contact_pressure(model, state), 0.0);
  const double touching = -std::expm1(-std::pow(pressure / model.contact_pressure, model.contact_exponent));
  return touching * (1.0 - state.damage);
}

ContactState advance(const ContactModel& model, const ContactState& state, double strain, double time,
                     double temperature, double reference_temperature) noexcept {
  ContactState next = state;
  const double change = strain - state.strain;
  const double rate = at_temperature(model.creep_rate, temperature, reference_temperature);
  const double x = rate * time;
  // ε_relaxed follows a ramp: the exact solution of dy/dt = rate (ε(t) - y).
  const double followed = -std::expm1(-x);
  const double ramp = x > 1e-4 ? 1.0 - followed / x : x / 2.0 - x * x / 6.0;
  next.relaxed_strain = state.relaxed_strain + (state.strain - state.relaxed_strain) * followed + change * ramp;
  next.strain = strain;
  if (model.damage_per_strain > 0.0 && change != 0.0) {
    const double middle = (contact_pressure(model, state) + contact_pressure(model, next)) / 2.0;
    const double severity =
        std::pow(model.damage_pressure / std::max(middle, model.minimum_pressure), model.damage_exponent);
    const double kept = std::exp(-model.damage_per_strain * std::abs(change) * severity);
    next.damage = 1.0 - (1.0 - state.damage) * kept;
    next.isolated = std::min(state.isolated + model.isolated_share * (next.damage - state.damage), 1.0);
  }
  return next;
}

void check(const ContactModel& model, const char* name) {
  const std::string prefix = std::string(name) + ".";
  detail::require_finite(model.partial_molar_volume, prefix + "partial_molar_volume");
  detail::require_between(model.reference_stoichiometry, 0.0, 1.0, prefix + "reference_stoichiometry");
  detail::require_not_negative(model.residual_pressure, prefix + "residual_pressure");
  detail::require_not_negative(model.stack_pressure, prefix + "stack_pressure");
  detail::require_between(model.transmission, 0.0, 1.0, prefix + "transmission");
  detail::require_not_negative(model.stiffness, prefix + "stiffness");
  detail::require_positive(model.contact_pressure, prefix + "contact_pressure");
  detail::require_positive(model.contact_exponent, prefix + "contact_exponent");
  detail::require_not_negative(model.creep_rate.value, prefix + "creep_rate");
  detail::require_finite(model.creep_rate.energy, prefix + "creep_rate energy");
  detail::require_not_negative(model.damage_per_strain, prefix + "damage_per_strain");
  detail::require_positive(model.damage_pressure, prefix + "damage_pressure");
  detail::require_not_negative(model.damage_exponent, prefix + "damage_exponent");
  detail::require_positive(model.minimum_pressure, prefix + "minimum_pressure");
  detail::require_between(model.isolated_share, 0.0, 1.0, prefix + "isolated_share");
}

}  // namespace closo::cell
