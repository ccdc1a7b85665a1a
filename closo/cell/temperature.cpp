#include "closo/cell/temperature.hpp"

#include <cmath>

#include "closo/base/constants.hpp"

namespace closo::cell {

double at_temperature(const Activated& quantity, double temperature, double reference_temperature) noexcept {
  if (quantity.energy == 0.0 || temperature == reference_temperature) return quantity.value;
  return quantity.value *
         std::exp(-quantity.energy / base::gas_constant * (1.0 / temperature - 1.0 / reference_temperature));
}

double ionic_at_temperature(const Activated& conductivity, double temperature, double reference_temperature) noexcept {
  if (temperature == reference_temperature) return conductivity.value;
  if (conductivity.energy == 0.0) return conductivity.value;
  return at_temperature(conductivity, temperature, reference_temperature) * reference_temperature / temperature;
}

}  // namespace closo::cell
