#include "closo/cell/stack.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::cell {
namespace {

using base::propagate_over;

void require_positive(double value, const std::string& name) {
  if (!(value > 0.0) || !std::isfinite(value))
    throw base::ParameterError(name, base::format_number(value), "a number above 0");
}
void require_positive(const Measured& value, const std::string& name) { require_positive(value.value, name); }

void require_not_negative(const std::optional<Measured>& value, const std::string& name) {
  if (value && !(value->value >= 0.0 && std::isfinite(value->value))) {
    throw base::ParameterError(name, base::format_number(value->value), "a number of 0 or above");
  }
}

/// Energy per sum of parts, with the uncertainties of capacity, voltage and every part; empty when a part is missing.
struct Totals {
  std::optional<Measured> sum;
  std::optional<Measured> energy_per_sum;
};

Totals totals(const std::vector<std::optional<Measured>>& parts, const Measured& capacity, const Measured& voltage) {
  std::vector<Measured> inputs{capacity, voltage};
  for (const std::optional<Measured>& part : parts) {
    if (!part) return {};
    inputs.push_back(*part);
  }
  const auto sum = [](std::span<const double> x) { return std::accumulate(x.begin(), x.end(), 0.0); };
  Totals result;
  result.sum = base::propagate(std::span<const Measured>(inputs).subspan(2), sum);
  if (result.sum->value > 0.0) {
    result.energy_per_sum =
        base::propagate(inputs, [&](std::span<const double> x) { return x[0] * x[1] / sum(x.subspan(2)); });
  }
  return result;
}

StackSum sum_layers(std::span<const StackLayer> layers, bool with_collectors, const Measured& capacity,
                    const Measured& voltage) {
  std::vector<std::optional<Measured>> masses;
  std::vector<std::optional<Measured>> thicknesses;
  for (const StackLayer& layer : layers) {
    if (layer.is_current_collector && !with_collectors) continue;
    masses.push_back(layer.areal_mass);
    thicknesses.push_back(layer.thickness);
  }
  const Totals mass = totals(masses, capacity, voltage);
  const Totals thickness = totals(thicknesses, capacity, voltage);
  return {mass.sum, thickness.sum, mass.energy_per_sum, thickness.energy_per_sum};
}

}  // namespace

StackLayer dense_layer(std::string name, const Measured& thickness, const Measured& density,
                       bool is_current_collector) {
  require_positive(thickness, "thickness of " + name);
  require_positive(density, "density of " + name);
  const Measured areal_mass = propagate_over([](double t, double rho) { return t * rho; }, thickness, density);
  return {std::move(name), areal_mass, thickness, is_current_collector};
}

StackEnergy stack_energy(std::span<const StackLayer> layers, const Measured& areal_capacity,
                         const Measured& average_voltage) {
  require_positive(areal_capacity, "areal capacity");
  require_positive(average_voltage, "average voltage");
  if (std::all_of(layers.begin(), layers.end(), [](const StackLayer& layer) { return layer.is_current_collector; })) {
    throw base::ParameterError("layers", std::to_string(layers.size()) + " current collectors only",
                               "at least one layer beside the current collectors");
  }
  StackEnergy result;
  for (const StackLayer& layer : layers) {
    require_not_negative(layer.areal_mass, "areal mass of " + layer.name);
    require_not_negative(layer.thickness, "thickness of " + layer.name);
    if (!layer.areal_mass) result.missing.push_back("areal mass of " + layer.name);
    if (!layer.thickness) result.missing.push_back("thickness of " + layer.name);
  }
  if (!result.missing.empty()) result.status = StackStatus::incomplete;
  result.areal_energy = propagate_over([](double q, double v) { return q * v; }, areal_capacity, average_voltage);
  result.with_collectors = sum_layers(layers, true, areal_capacity, average_voltage);
  result.without_collectors = sum_layers(layers, false, areal_capacity, average_voltage);
  return result;
}

Measured metal_thickness(const Measured& areal_capacity, const base::Formula& metal, double electrons,
                         const Measured& density) {
  require_positive(areal_capacity, "areal capacity");
  require_positive(electrons, "electrons");
  require_positive(density, "density of the metal");
  const double molar_mass = metal.molar_mass();
  return propagate_over(
      [&](double q, double rho) { return q * molar_mass / (electrons * base::faraday_constant * rho); }, areal_capacity,
      density);
}

Measured metal_areal_capacity(const Measured& thickness, const base::Formula& metal, double electrons,
                              const Measured& density) {
  require_positive(thickness, "thickness of the metal");
  require_positive(electrons, "electrons");
  require_positive(density, "density of the metal");
  const double molar_mass = metal.molar_mass();
  require_positive(molar_mass, "molar mass of the metal");
  return propagate_over([&](double t, double rho) { return t * electrons * base::faraday_constant * rho / molar_mass; },
                        thickness, density);
}

Measured capacity_ratio(const Measured& anode_areal_capacity, const Measured& cathode_areal_capacity) {
  require_positive(anode_areal_capacity, "areal capacity of the anode");
  require_positive(cathode_areal_capacity, "areal capacity of the cathode");
  return propagate_over([](double n, double p) { return n / p; }, anode_areal_capacity, cathode_areal_capacity);
}

}  // namespace closo::cell
