#include "closo/cell/kinetics.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/constants.hpp"

namespace closo::cell {

double exchange_current_density(double at_half, double stoichiometry) noexcept {
  const double z = std::clamp(stoichiometry, 1e-9, 1.0 - 1e-9);
  return at_half * 2.0 * std::sqrt(z * (1.0 - z));
}

double charge_transfer_overpotential(double current_density, double exchange_current_density,
                                     double temperature) noexcept {
  const double thermal_voltage = base::gas_constant * temperature / base::faraday_constant;
  return 2.0 * thermal_voltage * std::asinh(current_density / (2.0 * exchange_current_density));
}

}  // namespace closo::cell
