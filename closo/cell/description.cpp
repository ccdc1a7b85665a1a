#include "closo/cell/description.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/base/unit.hpp"

namespace closo::cell {
namespace {

constexpr double sum_tolerance = 1e-6;         // of mass fractions
constexpr double contact_conductivity = 1e-6;  // S/m of the anode's interphase: only thickness / conductivity counts
constexpr double hour = 3600.0;

constexpr std::array marks =
    std::to_array<std::string_view>({"measured", "computed", "literature", "fitted", "setting", "estimated", "guess"});

std::string text_of(double value, const DescribedQuantity& quantity) {
  const base::Unit unit = base::Unit::parse(quantity.unit);
  return base::format_number(unit.from_si(value), 6) + (quantity.unit == "1" ? "" : " " + std::string(quantity.unit));
}

void check_range(double value, const DescribedQuantity& quantity, const char* what) {
  const double number = base::Unit::parse(quantity.unit).from_si(value);
  const double slack = 1e-12 * std::max(std::abs(quantity.low), std::abs(quantity.high));  // of the unit's rounding
  const bool is_low_enough = number <= quantity.high + slack;
  const bool is_high_enough = quantity.is_low_possible ? number >= quantity.low - slack : number > quantity.low;
  if (std::isfinite(value) && is_low_enough && is_high_enough) return;
  throw base::ParameterError(std::string(quantity.name) + what, text_of(value, quantity),
                             std::string(quantity.is_low_possible ? "from " : "above ") +
                                 base::format_number(quantity.low) + " to " + base::format_number(quantity.high) +
                                 (quantity.unit == "1" ? "" : " " + std::string(quantity.unit)) + " (" +
                                 std::string(quantity.meaning) + ")");
}

/// Energies of the schema are per mole or per particle; the model counts per mole.
double per_mole(const CellDescription& description, std::string_view quantity, double otherwise = 0.0) {
  const DescribedValue* found = description.find(quantity);
  if (found == nullptr) return otherwise;
  return described_quantity(quantity).unit == "eV" ? found->value * base::avogadro_constant : found->value;
}

bool has_section(const CellDescription& description, std::string_view prefix) {
  const std::vector<std::string_view> names = description.names();
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return name.starts_with(prefix); });
}

/// Mass fractions of active material, electrolyte and additive; what is not given is the rest.
struct MassFractions {
  double active = 0.0, electrolyte = 0.0, additive = 0.0;
};

MassFractions mass_fractions(const CellDescription& description) {
  MassFractions share;
  share.active = description.value("cathode.active_mass_fraction");
  const DescribedValue* electrolyte = description.find("cathode.electrolyte_mass_fraction");
  const DescribedValue* additive = description.find("cathode.additive_mass_fraction");
  if (additive != nullptr) share.additive = additive->value;
  if (electrolyte != nullptr) {
    share.electrolyte = electrolyte->value;
    if (additive == nullptr) share.additive = 1.0 - share.active - share.electrolyte;
  } else {
    share.electrolyte = 1.0 - share.active - share.additive;
  }
  if (std::abs(share.additive) < sum_tolerance) share.additive = 0.0;
  const double sum = share.active + share.electrolyte + share.additive;
  if (std::abs(sum - 1.0) > sum_tolerance || share.additive < 0.0) {
    const double shown = share.additive < 0.0 ? share.active + share.electrolyte : sum;
    throw base::ParameterError("mass fractions of the cathode", base::format_number(100.0 * shown, 6) + " wt% in all",
                               "active material, electrolyte and additive that add up to 100 wt%");
  }
  if (!(share.electrolyte > 0.0)) {
    throw base::ParameterError("cathode.electrolyte_mass_fraction",
                               base::format_number(100.0 * share.electrolyte, 4) + " wt%",
                               "electrolyte in the composite: the model's particles exchange ions with it");
  }
  return share;
}

Activated activated(const CellDescription& description, std::string_view value, std::string_view energy) {
  return {description.value(value), per_mole(description, energy)};
}

/// Log-normal in volume: five Gauss-Hermite nodes in ln R around the median, of the weight exp(-x²) (M. Abramowitz, I.
/// A. Stegun, Handbook of Mathematical Functions (1964), table 25.10).
std::vector<SizeClass> size_classes(double median, double spread) {
  if (spread == 0.0) return {{median, 1.0}};
  constexpr std::array node = {-2.0201828704560856, -0.9585724646138185, 0.0, 0.9585724646138185, 2.0201828704560856};
  constexpr std::array weight = {0.019953242059045913, 0.39361932315224116, 0.9453087204829419, 0.39361932315224116,
                                 0.019953242059045913};
  double sum = 0.0;
  for (const double each : weight) sum += each;
  std::vector<SizeClass> classes;
  for (std::size_t i = 0; i < node.size(); ++i)
    classes.push_back({median * std::exp(std::numbers::sqrt2 * spread * node[i]), weight[i] / sum});
  return classes;
}

ActiveMaterial material_of(const CellDescription& description) {
  if (description.open_circuit == OpenCircuit{}) {
    throw base::ParameterError("open-circuit curve", "not given",
                               "the curve of an electrode material (open_circuit in [cell.cathode])");
  }
  ActiveMaterial material;
  material.open_circuit = description.open_circuit;
  material.maximum_concentration = description.value("cathode.specific_capacity") *
                                   description.value("cathode.active_density") / base::faraday_constant;
  material.shape = description.shape;
  material.sizes =
      size_classes(description.value("cathode.particle_radius"), description.value_or("cathode.size_spread", 0.0));
  material.diffusivity = activated(description, "cathode.diffusion_coefficient", "cathode.diffusion_activation_energy");
  material.has_thermodynamic_factor = description.has_thermodynamic_factor;
  material.kinetics.exchange_current_density =
      activated(description, "cathode.exchange_current_density", "cathode.exchange_current_activation_energy");
  return material;
}

InterfaceFilm film_of(const CellDescription& description) {
  InterfaceFilm film;
  film.thickness = description.value_or("cathode.film_thickness", 0.0);
  if (film.thickness > 0.0)
    film.conductivity = activated(description, "cathode.film_conductivity", "cathode.film_activation_energy");
  film.resistance = description.value_or("cathode.film_resistance", 0.0);
  return film;
}

ContactModel contact_of(const CellDescription& description, double maximum_concentration) {
  ContactModel model;
  model.partial_molar_volume = description.value("contact.volume_change") / maximum_concentration;
  model.reference_stoichiometry =
      description.value_or("contact.reference_stoichiometry", description.value("cathode.initial_stoichiometry"));
  model.residual_pressure = description.value_or("contact.residual_pressure", 0.0);
  model.stack_pressure = description.value_or("stack_pressure", 0.0);
  model.transmission = description.value_or("contact.transmission", model.transmission);
  model.stiffness = description.value_or("contact.stiffness", 0.0);
  model.contact_pressure = description.value_or("contact.pressure_scale", model.contact_pressure);
  model.contact_exponent = description.value_or("contact.exponent", model.contact_exponent);
  model.creep_rate = {description.value_or("contact.creep_rate", 0.0),
                      per_mole(description, "contact.creep_activation_energy")};
  model.damage_per_strain = description.value_or("contact.damage_per_strain", 0.0);
  model.damage_pressure = description.value_or("contact.damage_pressure", model.damage_pressure);
  model.damage_exponent = description.value_or("contact.damage_exponent", model.damage_exponent);
  model.minimum_pressure = description.value_or("contact.minimum_pressure", model.minimum_pressure);
  model.isolated_share = description.value_or("contact.isolated_share", 0.0);
  if (!(model.residual_pressure + model.transmission * model.stack_pressure > 0.0)) {
    throw base::ParameterError("contact.residual_pressure", "not given",
                               "a pressure that holds the contacts, or a stack_pressure that reaches them");
  }
  return model;
}

GrowthModel growth_of(const CellDescription& description) {
  GrowthModel model;
  model.initial_thickness = description.value_or("growth.initial_thickness", 0.0);
  model.parabolic_rate = {description.value_or("growth.parabolic_rate", 0.0),
                          per_mole(description, "growth.activation_energy")};
  model.conductivity = activated(description, "growth.conductivity", "growth.conductivity_activation_energy");
  if (!has_section(description, "oxidation.")) return model;
  OxidationModel oxidation;
  oxidation.exchange_current_density =
      activated(description, "oxidation.exchange_current_density", "oxidation.activation_energy");
  oxidation.onset_potential = description.value("oxidation.onset_potential");
  oxidation.transfer_coefficient =
      description.value_or("oxidation.transfer_coefficient", oxidation.transfer_coefficient);
  oxidation.decay_length = description.value_or("oxidation.decay_length", oxidation.decay_length);
  oxidation.molar_volume = description.value_or("oxidation.molar_volume", 0.0);
  oxidation.electrons = description.value_or("oxidation.electrons", oxidation.electrons);
  model.oxidation = oxidation;
  return model;
}

MetalContactModel metal_contact_of(const CellDescription& description) {
  MetalContactModel model;
  model.stack_pressure = description.value("stack_pressure");
  model.reference_pressure = description.value_or("metal.reference_pressure", model.reference_pressure);
  model.pressure_exponent = description.value_or("metal.pressure_exponent", model.pressure_exponent);
  model.critical_current_density =
      activated(description, "metal.critical_current_density", "metal.critical_current_activation_energy");
  model.void_charge = description.value_or("metal.void_charge", model.void_charge);
  model.creep_rate = activated(description, "metal.creep_rate", "metal.creep_activation_energy");
  model.contacts_per_area = description.value_or("metal.contacts_per_area", model.contacts_per_area);
  model.initial_fraction = description.value_or("metal.initial_fraction", model.initial_fraction);
  return model;
}

MetalAnode anode_of(const CellDescription& description) {
  MetalAnode anode;
  anode.equilibrium_potential = description.value_or("anode.potential", 0.0);
  if (description.has("anode.exchange_current_density")) {
    anode.exchange_current_density =
        activated(description, "anode.exchange_current_density", "anode.exchange_current_activation_energy");
  }
  const double conductance_energy = per_mole(description, "anode.resistance_activation_energy");
  anode.resistance = {description.value_or("anode.resistance", 0.0), conductance_energy};
  if (const double growth = description.value_or("anode.resistance_first_hour", 0.0); growth > 0.0) {
    GrowthModel model;
    model.conductivity = {contact_conductivity, conductance_energy};
    model.parabolic_rate = {parabolic_rate(growth / std::sqrt(hour), contact_conductivity),
                            per_mole(description, "anode.growth_activation_energy")};
    anode.growth = model;
  }
  if (has_section(description, "metal.")) anode.contact = metal_contact_of(description);
  return anode;
}

Activated ionic_conductivity(const CellDescription& description, const Activated& electrolyte, double fraction) {
  if (const DescribedValue* given = description.find("cathode.ionic_conductivity"))
    return {given->value, electrolyte.energy};
  if (const DescribedValue* tortuosity = description.find("cathode.ionic_tortuosity"))
    return {electrolyte.value * fraction / tortuosity->value, electrolyte.energy};
  return bruggeman(electrolyte, fraction, description.value_or("cathode.bruggeman_exponent", 1.5));
}

Activated electronic_conductivity(const CellDescription& description, double fraction) {
  const double energy = per_mole(description, "cathode.electronic_activation_energy");
  if (const DescribedValue* given = description.find("cathode.electronic_conductivity")) return {given->value, energy};
  return bruggeman({description.value("cathode.active_electronic_conductivity"), energy}, fraction);
}

}  // namespace

std::string_view to_string(Mark mark) noexcept { return marks[static_cast<std::size_t>(mark)]; }

Mark parse_mark(std::string_view text) {
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (marks[i] == text) return static_cast<Mark>(i);
  }
  const std::vector<std::string> names(marks.begin(), marks.end());
  const std::string near = base::did_you_mean(text, names);
  throw base::InputError({}, "unknown mark '" + std::string(text) + "'" + (near.empty() ? "" : "; " + near),
                         "measured, computed, literature, fitted, setting, estimated or guess");
}

const DescribedValue* CellDescription::find(std::string_view quantity) const noexcept {
  const auto found = values_.find(quantity);
  return found == values_.end() ? nullptr : &found->second;
}

double CellDescription::value(std::string_view quantity) const {
  if (const DescribedValue* found = find(quantity)) return found->value;
  const DescribedQuantity& row = described_quantity(quantity);
  throw base::ParameterError(std::string(quantity), "not given",
                             "a number" + (row.unit == "1" ? std::string() : " in " + std::string(row.unit)) + " (" +
                                 std::string(row.meaning) + ")");
}

double CellDescription::value_or(std::string_view quantity, double otherwise) const noexcept {
  const DescribedValue* found = find(quantity);
  return found == nullptr ? otherwise : found->value;
}

void CellDescription::set(std::string_view quantity, DescribedValue value) {
  const DescribedQuantity& row = described_quantity(quantity);
  check_range(value.value, row, "");
  if (value.low) check_range(*value.low, row, " (low)");
  if (value.high) check_range(*value.high, row, " (high)");
  if (value.low && value.high && *value.low > *value.high) {
    throw base::ParameterError(std::string(quantity), text_of(*value.low, row) + " to " + text_of(*value.high, row),
                               "a lower end that is not above the upper one");
  }
  values_.insert_or_assign(std::string(quantity), std::move(value));
}

void CellDescription::set_value(std::string_view quantity, double value) {
  const DescribedValue* found = find(quantity);
  DescribedValue changed = found == nullptr ? DescribedValue{} : *found;
  changed.value = value;
  set(quantity, std::move(changed));
}

void CellDescription::remove(std::string_view quantity) {
  const auto found = values_.find(quantity);
  if (found != values_.end()) values_.erase(found);
}

std::vector<std::string_view> CellDescription::names() const {
  std::vector<std::string_view> result;
  for (const DescribedQuantity& row : described_quantities()) {
    if (has(row.name)) result.push_back(row.name);
  }
  return result;
}

std::vector<std::string_view> CellDescription::doubtful() const {
  std::vector<std::string_view> result;
  for (const std::string_view quantity : names()) {
    const Mark mark = find(quantity)->mark;
    if (mark == Mark::estimated || mark == Mark::guess) result.push_back(quantity);
  }
  return result;
}

CathodeGeometry cathode_geometry(const CellDescription& description) {
  const MassFractions share = mass_fractions(description);
  CathodeGeometry geometry;
  geometry.composite_mass = description.value("cathode.loading");
  geometry.active_mass = geometry.composite_mass * share.active;
  geometry.void_fraction = description.value("cathode.porosity");
  const double active = share.active / description.value("cathode.active_density");
  const double electrolyte = share.electrolyte / description.value("cathode.electrolyte_density");
  const double additive = share.additive > 0.0 ? share.additive / description.value("cathode.additive_density") : 0.0;
  const double solid = active + electrolyte + additive;  // m³/kg
  geometry.thickness = geometry.composite_mass * solid / (1.0 - geometry.void_fraction);
  geometry.active_fraction = active / solid * (1.0 - geometry.void_fraction);
  geometry.electrolyte_fraction = electrolyte / solid * (1.0 - geometry.void_fraction);
  geometry.additive_fraction = additive / solid * (1.0 - geometry.void_fraction);
  return geometry;
}

CellParameters build(const CellDescription& description) {
  CellParameters cell;
  cell.temperature = description.value("temperature");
  cell.reference_temperature = description.value_or("reference_temperature", cell.temperature);
  if (description.has("area")) cell.area = description.value("area");

  cell.separator.thickness = description.value("separator.thickness");
  cell.separator.conductivity = activated(description, "separator.conductivity", "separator.activation_energy");

  const CathodeGeometry geometry = cathode_geometry(description);
  cell.areal_active_mass = geometry.active_mass;
  if (description.has("nominal_capacity")) {
    cell.nominal_capacity = description.value("nominal_capacity");
  } else if (description.has("cathode.rated_capacity")) {
    cell.nominal_capacity = geometry.active_mass * description.value("cathode.rated_capacity");
  }
  Cathode& cathode = cell.cathode;
  cathode.thickness = geometry.thickness;
  cathode.active_fraction = geometry.active_fraction;
  cathode.electrolyte_fraction = geometry.electrolyte_fraction;
  cathode.ionic_conductivity =
      ionic_conductivity(description, cell.separator.conductivity, geometry.electrolyte_fraction);
  cathode.electronic_conductivity = electronic_conductivity(description, geometry.active_fraction);
  cathode.contacted_fraction = description.value_or("cathode.contacted_fraction", 1.0);
  cathode.material = material_of(description);
  cathode.initial_stoichiometry = description.value("cathode.initial_stoichiometry");
  cathode.film = film_of(description);
  if (has_section(description, "contact."))
    cathode.contact = contact_of(description, cathode.material.maximum_concentration);
  if (has_section(description, "growth.") || has_section(description, "oxidation."))
    cathode.growth = growth_of(description);
  cell.anode = anode_of(description);
  if (has_section(description, "heat.")) {
    cell.heat = HeatModel{description.value("heat.areal_heat_capacity"),
                          description.value_or("heat.transfer_coefficient", 0.0)};
  }
  check(cell);
  return cell;
}

ImpedanceOptions impedance_options(const CellDescription& description) {
  ImpedanceOptions options;
  options.cathode_double_layer = description.value_or("cathode.double_layer", options.cathode_double_layer);
  options.anode_double_layer = description.value_or("anode.double_layer", options.anode_double_layer);
  options.anode_film_capacitance = description.value_or("anode.film_capacitance", options.anode_film_capacitance);
  options.separator_capacitance = description.value_or("separator.capacitance", options.separator_capacitance);
  return options;
}

}  // namespace closo::cell
