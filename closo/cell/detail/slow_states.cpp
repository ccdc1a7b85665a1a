#include "closo/cell/detail/slow_states.hpp"

#include <algorithm>

#include "closo/base/constants.hpp"

namespace closo::cell::detail {
namespace {

constexpr double smallest_contact = 1e-6;  // of the particles: below, no current can be driven through them
constexpr double least_thermodynamic = 0.01;

}  // namespace

SlowStates start_states(const CellParameters& parameters, std::size_t cells) {
  const Cathode& cathode = parameters.cathode;
  const MetalAnode& anode = parameters.anode;
  SlowStates states;
  states.cathode_thickness.assign(cells, cathode.growth ? cathode.growth->initial_thickness : 0.0);
  states.anode_thickness = anode.growth ? anode.growth->initial_thickness : 0.0;
  states.metal_contact = anode.contact ? anode.contact->initial_fraction : 1.0;
  if (cathode.contact) {
    ContactState start;
    start.strain =
        particle_strain(*cathode.contact, cathode.initial_stoichiometry, cathode.material.maximum_concentration);
    states.contact.assign(cells, start);
  }
  return states;
}

ElectrodeCoefficients coefficients(const CellParameters& parameters, const SlowStates& states, double temperature,
                                   std::size_t cells) {
  const Cathode& cathode = parameters.cathode;
  const MetalAnode& anode = parameters.anode;
  const double reference = parameters.reference_temperature;
  const double metal = states.metal_contact;
  const auto activated = [&](const Activated& quantity) { return at_temperature(quantity, temperature, reference); };
  ElectrodeCoefficients at;
  at.temperature = temperature;
  at.ionic = ionic_at_temperature(cathode.ionic_conductivity, temperature, reference);
  at.electronic = activated(cathode.electronic_conductivity);
  const double electrolyte = ionic_at_temperature(parameters.separator.conductivity, temperature, reference);
  at.separator_resistance = parameters.separator.thickness / electrolyte;
  at.exchange_current_at_half = activated(cathode.material.kinetics.exchange_current_density);
  at.anode_exchange_current = anode.exchange_current_density ? activated(*anode.exchange_current_density) * metal : 0.0;
  at.anode_resistance =
      at_temperature({anode.resistance.value, -anode.resistance.energy}, temperature, reference) / metal;
  if (anode.growth) at.anode_resistance += states.anode_thickness / (activated(anode.growth->conductivity) * metal);
  if (anode.contact)
    at.anode_resistance += constriction_resistance(metal, electrolyte, anode.contact->contacts_per_area);
  double film = cathode.film.resistance;
  if (cathode.film.thickness > 0.0) film += cathode.film.thickness / activated(cathode.film.conductivity);
  at.film_resistance.assign(cells, film);
  at.touching.assign(cells, cathode.contacted_fraction);
  at.connected.assign(cells, 1.0);
  at.oxidation_thickness = states.cathode_thickness;  // a coating keeps the electrolyte off as grown interphase does
  for (double& thickness : at.oxidation_thickness) thickness += cathode.film.thickness;
  if (cathode.growth) {
    const double conductivity = activated(cathode.growth->conductivity);
    for (std::size_t i = 0; i < cells; ++i) at.film_resistance[i] += states.cathode_thickness[i] / conductivity;
    if (cathode.growth->oxidation)
      at.oxidation_at_onset = activated(cathode.growth->oxidation->exchange_current_density);
  }
  for (std::size_t i = 0; i < states.contact.size(); ++i) {
    const double touching = cathode.contacted_fraction * contact_fraction(*cathode.contact, states.contact[i]);
    at.touching[i] = std::max(touching, smallest_contact);
    at.connected[i] = std::max(1.0 - states.contact[i].isolated, smallest_contact);
  }
  return at;
}

double diffusivity(const ActiveMaterial& material, double at_temperature, double stoichiometry, double temperature) {
  if (!material.has_thermodynamic_factor) return at_temperature;
  const double per_volt = base::faraday_constant / (base::gas_constant * temperature);
  const double slope = material.open_circuit.at(stoichiometry, temperature).stoichiometry_derivative;
  return at_temperature * std::max(-per_volt * stoichiometry * (1.0 - stoichiometry) * slope, least_thermodynamic);
}

void advance(SlowStates& states, const CellParameters& parameters, const ElectrodeCoefficients& at,
             const ElectrodeState& solved, std::span<const double> means, double step) {
  const Cathode& cathode = parameters.cathode;
  const MetalAnode& anode = parameters.anode;
  const double reference = parameters.reference_temperature;
  const double temperature = at.temperature;
  const std::size_t cells = solved.u.size();
  for (std::size_t i = 0; i < states.contact.size(); ++i) {
    double mean = 0.0;
    for (std::size_t k = 0; k < cathode.material.sizes.size(); ++k)
      mean += cathode.material.sizes[k].volume_share * means[k * cells + i];
    const double strain = particle_strain(*cathode.contact, mean, cathode.material.maximum_concentration);
    states.contact[i] = cell::advance(*cathode.contact, states.contact[i], strain, step, temperature, reference);
  }
  if (cathode.growth) {
    const GrowthModel& growth = *cathode.growth;
    const double rate = at_temperature(growth.parabolic_rate, temperature, reference);
    for (std::size_t i = 0; i < cells; ++i) {
      double& thickness = states.cathode_thickness[i];
      const double oxidation = growth.oxidation
                                   ? oxidation_current_density(*growth.oxidation, at.oxidation_at_onset, solved.u[i],
                                                               thickness + cathode.film.thickness, temperature)
                                   : 0.0;
      thickness = grown_thickness(growth, thickness, step, rate, oxidation);
    }
  }
  if (anode.growth) {
    states.anode_thickness = grown_thickness(*anode.growth, states.anode_thickness, step,
                                             at_temperature(anode.growth->parabolic_rate, temperature, reference), 0.0);
  }
  if (anode.contact) {
    states.metal_contact =
        cell::advance(*anode.contact, states.metal_contact, solved.current, step, temperature, reference);
  }
}

}  // namespace closo::cell::detail
