#include "closo/cell/growth.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "closo/base/constants.hpp"
#include "closo/cell/detail/parameter_check.hpp"

namespace closo::cell {

double grown_thickness(const GrowthModel& model, double thickness, double time, double parabolic_rate,
                       double oxidation_current_density) noexcept {
  double grown = std::sqrt(thickness * thickness + parabolic_rate * time);
  if (model.oxidation) {
    const OxidationModel& oxidation = *model.oxidation;
    const double speed =
        oxidation.molar_volume * oxidation_current_density / (oxidation.electrons * base::faraday_constant);
    grown += oxidation.decay_length * std::log1p(speed * time / oxidation.decay_length);
  }
  return grown;
}

double oxidation_current_density(const OxidationModel& model, double at_onset, double potential, double thickness,
                                 double temperature) noexcept {
  const double per_volt = base::faraday_constant / (base::gas_constant * temperature);
  const double exponent = model.transfer_coefficient * per_volt * (potential - model.onset_potential);
  return at_onset * std::exp(std::min(exponent, 200.0) - thickness / model.decay_length);
}

double parabolic_rate(double resistance_slope, double conductivity) {
  detail::require_positive(resistance_slope, "resistance slope");
  detail::require_positive(conductivity, "conductivity");
  return (resistance_slope * conductivity) * (resistance_slope * conductivity);
}

void check(const GrowthModel& model, const char* name) {
  const std::string prefix = std::string(name) + ".";
  detail::require_not_negative(model.initial_thickness, prefix + "initial_thickness");
  detail::require_not_negative(model.parabolic_rate.value, prefix + "parabolic_rate");
  detail::require_finite(model.parabolic_rate.energy, prefix + "parabolic_rate energy");
  detail::require_positive(model.conductivity.value, prefix + "conductivity");
  detail::require_finite(model.conductivity.energy, prefix + "conductivity energy");
  if (!model.oxidation) return;
  const OxidationModel& oxidation = *model.oxidation;
  detail::require_not_negative(oxidation.exchange_current_density.value, prefix + "oxidation.exchange_current_density");
  detail::require_finite(oxidation.exchange_current_density.energy,
                         prefix + "oxidation.exchange_current_density energy");
  detail::require_finite(oxidation.onset_potential, prefix + "oxidation.onset_potential");
  detail::require_between(oxidation.transfer_coefficient, 0.0, 1.0, prefix + "oxidation.transfer_coefficient");
  detail::require_positive(oxidation.decay_length, prefix + "oxidation.decay_length");
  detail::require_not_negative(oxidation.molar_volume, prefix + "oxidation.molar_volume");
  detail::require_positive(oxidation.electrons, prefix + "oxidation.electrons");
}

}  // namespace closo::cell
