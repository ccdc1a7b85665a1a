#include "closo/cell/heat.hpp"

#include <cmath>
#include <string>

#include "closo/cell/detail/parameter_check.hpp"

namespace closo::cell {

double heat_release(double current_density, double open_circuit, double voltage, double temperature,
                    double temperature_derivative) noexcept {
  return current_density * (open_circuit - voltage) - current_density * temperature * temperature_derivative;
}

double advance(const HeatModel& model, double temperature, double surroundings, double release, double time) noexcept {
  const double adiabatic = release * time / model.areal_heat_capacity;
  const double exponent = model.transfer_coefficient * time / model.areal_heat_capacity;
  if (exponent < 1e-12) return temperature + adiabatic;
  const double lost = -std::expm1(-exponent);
  return temperature + (surroundings - temperature) * lost + adiabatic * lost / exponent;
}

void check(const HeatModel& model, const char* name) {
  const std::string prefix = std::string(name) + ".";
  detail::require_positive(model.areal_heat_capacity, prefix + "areal_heat_capacity");
  detail::require_not_negative(model.transfer_coefficient, prefix + "transfer_coefficient");
}

}  // namespace closo::cell
