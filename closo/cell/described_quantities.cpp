// The schema of a cell's description: names, units, ranges, meanings.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/cell/description.hpp"

namespace closo::cell {
namespace {

constexpr bool zero = true;     // the low end itself is possible
constexpr bool decades = true;  // stepped in its logarithm
constexpr bool open = false;    // the value is above the low end
constexpr bool even = false;    // stepped evenly

constexpr auto schema = std::to_array<DescribedQuantity>({
    {"temperature", "K", 0, 2000, open, even, "of the cell at the start, and of its surroundings"},
    {"reference_temperature", "K", 0, 2000, open, even, "at which the values with an activation energy hold"},
    {"area", "cm2", 0, 1e6, open, decades, "of the electrodes' faces"},
    {"nominal_capacity", "mAh/cm2", 0, 1e3, open, decades,
     "what 1C discharges in an hour; else active mass × rated capacity"},
    {"stack_pressure", "MPa", 0, 1e4, zero, decades, "on the cell while it works"},

    {"separator.thickness", "um", 0, 1e5, open, decades, "of the electrolyte between the electrodes"},
    {"separator.conductivity", "S/cm", 0, 100, open, decades, "ionic, at the reference temperature"},
    {"separator.activation_energy", "eV", -5, 5, zero, even, "of ln(σT); also of the electrolyte in the cathode"},
    {"separator.density", "g/cm3", 0, 30, open, even, "of the separator as pressed, for the energy density"},
    {"separator.capacitance", "nF/cm2", 0, 1e9, zero, decades, "geometric, for impedance"},

    {"cathode.loading", "mg/cm2", 0, 1e5, open, decades, "mass of the composite over area"},
    {"cathode.active_mass_fraction", "wt%", 0, 100, open, even, "of active material in the composite"},
    {"cathode.electrolyte_mass_fraction", "wt%", 0, 100, open, even, "of electrolyte in the composite; else the rest"},
    {"cathode.additive_mass_fraction", "wt%", 0, 100, zero, even,
     "of everything else, carbon and binder; else the rest"},
    {"cathode.active_density", "g/cm3", 0, 30, open, even, "of the active material's crystal"},
    {"cathode.electrolyte_density", "g/cm3", 0, 30, open, even, "of the electrolyte in the composite"},
    {"cathode.additive_density", "g/cm3", 0, 30, open, even, "of the additive"},
    {"cathode.porosity", "%", 0, 95, zero, even, "voids in the pressed composite"},
    {"cathode.specific_capacity", "mAh/g", 0, 1e5, open, even, "of active material between stoichiometry 0 and 1"},
    {"cathode.rated_capacity", "mAh/g", 0, 1e5, open, even,
     "what 1C discharges in an hour, of active material; else the specific capacity"},
    {"cathode.initial_stoichiometry", "1", 0, 1, open, even, "of the active material as built"},
    {"cathode.particle_radius", "um", 0, 1e4, open, decades, "of the active particles, by volume"},
    {"cathode.size_spread", "1", 0, 2, zero, even, "standard deviation of ln(radius), by volume"},
    {"cathode.diffusion_coefficient", "m2/s", 0, 1, open, decades, "of the ions in the active material"},
    {"cathode.diffusion_activation_energy", "kJ/mol", -500, 500, zero, even, "of the diffusion coefficient"},
    {"cathode.exchange_current_density", "A/m2", 0, 1e9, open, decades,
     "of the insertion at stoichiometry 0.5, per contacted area"},
    {"cathode.exchange_current_activation_energy", "kJ/mol", -500, 500, zero, even, "of the exchange current density"},
    {"cathode.ionic_conductivity", "S/cm", 0, 100, open, decades, "effective, of the composite"},
    {"cathode.ionic_tortuosity", "1", 1, 1e6, zero, decades, "factor τ of the ions' paths: κ ε/τ"},
    {"cathode.bruggeman_exponent", "1", 1, 20, zero, even, "α of κ ε^α where no tortuosity is given"},
    {"cathode.electronic_conductivity", "S/cm", 0, 1e6, open, decades, "effective, of the composite"},
    {"cathode.electronic_activation_energy", "kJ/mol", -500, 500, zero, even, "of the electronic conductivity"},
    {"cathode.active_electronic_conductivity", "S/cm", 0, 1e6, open, decades, "of the active material itself"},
    {"cathode.contacted_fraction", "%", 0, 100, open, even, "of the particles' surface that touches electrolyte"},
    {"cathode.film_thickness", "nm", 0, 1e5, zero, decades, "of a coating between particles and electrolyte"},
    {"cathode.film_conductivity", "S/cm", 0, 100, open, decades, "of the coating"},
    {"cathode.film_activation_energy", "kJ/mol", -500, 500, zero, even, "of the coating's conductivity"},
    {"cathode.film_resistance", "Ohm cm2", 0, 1e9, zero, decades, "on the particles, per contacted area"},
    {"cathode.double_layer", "uF/cm2", 0, 1e6, open, decades, "per contacted area, for impedance"},

    {"contact.volume_change", "%", -90, 1000, zero, even, "of the active material on full insertion"},
    {"contact.reference_stoichiometry", "1", 0, 1, zero, even, "at which the composite was pressed"},
    {"contact.residual_pressure", "MPa", 0, 1e4, zero, decades, "left in the contacts from pressing"},
    {"contact.transmission", "1", 0, 1, zero, even, "share of the stack pressure that reaches the contacts"},
    {"contact.stiffness", "GPa", 0, 1e3, zero, decades, "pressure per strain of the particles in the composite"},
    {"contact.pressure_scale", "MPa", 0, 1e4, open, decades, "at which 63 % of the surface touches"},
    {"contact.exponent", "1", 0, 5, open, even, "of the pressure over that scale"},
    {"contact.creep_rate", "1/h", 0, 1e6, zero, decades, "at which strain relaxes"},
    {"contact.creep_activation_energy", "kJ/mol", -500, 500, zero, even, "of the creep rate"},
    {"contact.damage_per_strain", "1", 0, 1e4, zero, decades, "share of the contact lost per strain travelled"},
    {"contact.damage_pressure", "MPa", 0, 1e4, open, decades, "at which the damage per strain holds"},
    {"contact.damage_exponent", "1", 0, 10, zero, even, "how pressure holds damage off"},
    {"contact.minimum_pressure", "MPa", 0, 1e4, open, decades, "below which damage grows no faster"},
    {"contact.isolated_share", "%", 0, 100, zero, even, "of the damage that cuts particles off"},

    {"growth.initial_thickness", "nm", 0, 1e5, zero, decades, "of the interphase on the active particles"},
    {"growth.parabolic_rate", "nm2/h", 0, 1e12, zero, decades, "k of thickness² = k t"},
    {"growth.activation_energy", "kJ/mol", -500, 500, zero, even, "of the parabolic rate"},
    {"growth.conductivity", "S/cm", 0, 100, open, decades, "of the interphase"},
    {"growth.conductivity_activation_energy", "kJ/mol", -500, 500, zero, even, "of the interphase's conductivity"},
    {"oxidation.exchange_current_density", "A/m2", 0, 1e6, open, decades, "of electrolyte oxidation at the onset"},
    {"oxidation.activation_energy", "kJ/mol", -500, 500, zero, even, "of that exchange current density"},
    {"oxidation.onset_potential", "V", -10, 10, zero, even, "against the metal of the ion"},
    {"oxidation.transfer_coefficient", "1", 0, 1, open, even, "of the oxidation"},
    {"oxidation.decay_length", "nm", 0, 1e5, open, decades, "thickness over which the interphase stops it"},
    {"oxidation.molar_volume", "cm3/mol", 0, 1e5, zero, decades, "of interphase per mole oxidised"},
    {"oxidation.electrons", "1", 0, 100, open, even, "per that mole"},

    {"anode.potential", "V", -10, 10, zero, even, "against the metal of the ion"},
    {"anode.exchange_current_density", "mA/cm2", 0, 1e6, open, decades, "of stripping and plating"},
    {"anode.exchange_current_activation_energy", "kJ/mol", -500, 500, zero, even, "of that exchange current density"},
    {"anode.resistance", "Ohm cm2", 0, 1e9, zero, decades, "of the metal's interface at the start"},
    {"anode.resistance_activation_energy", "kJ/mol", -500, 500, zero, even, "of the conductance behind it"},
    {"anode.resistance_first_hour", "Ohm cm2", 0, 1e9, zero, decades,
     "growth in the first hour; then with the square root of time"},
    {"anode.growth_activation_energy", "kJ/mol", -500, 500, zero, even, "of the parabolic rate behind it"},
    {"anode.loading", "mg/cm2", 0, 1e5, open, decades, "mass of the anode over area, for the energy density"},
    {"anode.thickness", "um", 0, 1e5, open, decades, "of the anode, for the energy density"},
    {"anode.double_layer", "uF/cm2", 0, 1e6, open, decades, "for impedance"},
    {"anode.film_capacitance", "uF/cm2", 0, 1e6, zero, decades, "in parallel to the resistance, for impedance"},

    {"metal.reference_pressure", "MPa", 0, 1e4, open, decades, "at which the values of this section hold"},
    {"metal.pressure_exponent", "1", 0, 20, zero, even, "of power-law creep"},
    {"metal.critical_current_density", "mA/cm2", 0, 1e6, open, decades, "above which stripping opens voids"},
    {"metal.critical_current_activation_energy", "kJ/mol", -500, 500, zero, even, "of the critical current density"},
    {"metal.void_charge", "mAh/cm2", 0, 1e6, open, decades,
     "stripped above that current that removes 63 % of the contact"},
    {"metal.creep_rate", "1/h", 0, 1e6, open, decades, "at which voids close"},
    {"metal.creep_activation_energy", "kJ/mol", -500, 500, zero, even, "of the creep rate"},
    {"metal.contacts_per_area", "1/mm2", 0, 1e12, open, decades, "spots that still touch"},
    {"metal.initial_fraction", "%", 0, 100, open, even, "of the metal's face in contact at the start"},

    {"heat.areal_heat_capacity", "J/(m2 K)", 0, 1e9, open, decades, "of everything that warms up, over area"},
    {"heat.transfer_coefficient", "W/(m2 K)", 0, 1e9, zero, decades, "to the surroundings"},
});

}  // namespace

std::span<const DescribedQuantity> described_quantities() noexcept { return schema; }

const DescribedQuantity& described_quantity(std::string_view name) {
  const auto* found =
      std::find_if(schema.begin(), schema.end(), [&](const DescribedQuantity& row) { return row.name == name; });
  if (found != schema.end()) return *found;
  std::vector<std::string> names;
  for (const DescribedQuantity& row : schema) names.emplace_back(row.name);
  const std::string near = base::did_you_mean(name, names);
  throw base::InputError(
      {}, "no quantity of a cell is named '" + std::string(name) + "'" + (near.empty() ? "" : "; " + near),
      "a name such as cathode.particle_radius, see docs/system_file.md");
}

}  // namespace closo::cell
