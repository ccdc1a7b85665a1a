#include "closo/cell/parameters.hpp"

#include <cmath>
#include <string>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/detail/parameter_check.hpp"

namespace closo::cell {
namespace {

void check_activated(const Activated& quantity, const std::string& name) {
  detail::require_positive(quantity.value, name);
  detail::require_finite(quantity.energy, name + " energy");
}

void check_material(const Cathode& cathode) {
  const ActiveMaterial& material = cathode.material;
  detail::require_positive(material.maximum_concentration, "cathode.material.maximum_concentration");
  check_activated(material.diffusivity, "cathode.material.diffusivity");
  check_activated(material.kinetics.exchange_current_density, "cathode.material.exchange_current_density");
  if (material.sizes.empty())
    throw base::ParameterError("cathode.material.sizes", "no size class", "one particle size or more");
  double sum = 0.0;
  for (std::size_t k = 0; k < material.sizes.size(); ++k) {
    const std::string name = "cathode.material.sizes[" + std::to_string(k) + "]";
    detail::require_positive(material.sizes[k].radius, name + ".radius");
    detail::require_positive(material.sizes[k].volume_share, name + ".volume_share");
    sum += material.sizes[k].volume_share;
  }
  if (std::abs(sum - 1.0) > 1e-9) {
    throw base::ParameterError("cathode.material.sizes", "volume shares that add up to " + base::format_number(sum, 10),
                               "shares that add up to 1");
  }
  const double start = cathode.initial_stoichiometry;
  if (!(start > 0.0 && start < 1.0)) {
    throw base::ParameterError("cathode.initial_stoichiometry", base::format_number(start),
                               "a number above 0 and below 1");
  }
  const OpenCircuit& curve = material.open_circuit;
  if (!(start >= curve.low() && start <= curve.high())) {
    throw base::ParameterError("cathode.initial_stoichiometry", base::format_number(start),
                               "within the range of the open-circuit curve, " + base::format_number(curve.low()) +
                                   " to " + base::format_number(curve.high()));
  }
}

}  // namespace

Activated bruggeman(const Activated& bulk, double fraction, double exponent) {
  check_activated(bulk, "bulk conductivity");
  detail::require_positive(fraction, "fraction");
  detail::require_between(fraction, 0.0, 1.0, "fraction");
  detail::require_finite(exponent, "exponent");
  return {bulk.value * std::pow(fraction, exponent), bulk.energy};
}

double theoretical_capacity(const Cathode& cathode) noexcept {
  return base::faraday_constant * cathode.material.maximum_concentration * cathode.active_fraction * cathode.thickness;
}

double rated_capacity(const CellParameters& parameters) noexcept {
  return parameters.nominal_capacity ? *parameters.nominal_capacity : theoretical_capacity(parameters.cathode);
}

void check(const CellParameters& parameters) {
  const Cathode& cathode = parameters.cathode;
  detail::require_positive(parameters.temperature, "temperature");
  detail::require_positive(parameters.reference_temperature, "reference_temperature");
  detail::require_positive(parameters.separator.thickness, "separator.thickness");
  check_activated(parameters.separator.conductivity, "separator.conductivity");
  detail::require_positive(cathode.thickness, "cathode.thickness");
  detail::require_positive(cathode.active_fraction, "cathode.active_fraction");
  detail::require_positive(cathode.electrolyte_fraction, "cathode.electrolyte_fraction");
  if (cathode.active_fraction + cathode.electrolyte_fraction > 1.0 + 1e-12) {
    throw base::ParameterError("cathode.active_fraction + cathode.electrolyte_fraction",
                               base::format_number(cathode.active_fraction + cathode.electrolyte_fraction),
                               "at most 1");
  }
  check_activated(cathode.ionic_conductivity, "cathode.ionic_conductivity");
  check_activated(cathode.electronic_conductivity, "cathode.electronic_conductivity");
  detail::require_between(cathode.contacted_fraction, 1e-6, 1.0, "cathode.contacted_fraction");
  check_material(cathode);
  detail::require_not_negative(cathode.film.thickness, "cathode.film.thickness");
  if (cathode.film.thickness > 0.0) check_activated(cathode.film.conductivity, "cathode.film.conductivity");
  detail::require_not_negative(cathode.film.resistance, "cathode.film.resistance");
  if (cathode.contact) check(*cathode.contact, "cathode.contact");
  if (cathode.growth) check(*cathode.growth, "cathode.growth");
  const MetalAnode& anode = parameters.anode;
  detail::require_finite(anode.equilibrium_potential, "anode.equilibrium_potential");
  if (anode.exchange_current_density)
    check_activated(*anode.exchange_current_density, "anode.exchange_current_density");
  detail::require_not_negative(anode.resistance.value, "anode.resistance");
  detail::require_finite(anode.resistance.energy, "anode.resistance energy");
  if (anode.contact) check(*anode.contact, "anode.contact");
  if (anode.growth) {
    check(*anode.growth, "anode.growth");
    if (anode.growth->oxidation)
      throw base::ParameterError("anode.growth.oxidation", "given",
                                 "left out: the metal does not oxidise the electrolyte");
  }
  if (parameters.heat) check(*parameters.heat, "heat");
  if (parameters.nominal_capacity) detail::require_positive(*parameters.nominal_capacity, "nominal_capacity");
  if (parameters.areal_active_mass) detail::require_positive(*parameters.areal_active_mass, "areal_active_mass");
  if (parameters.area) detail::require_positive(*parameters.area, "area");
}

}  // namespace closo::cell
