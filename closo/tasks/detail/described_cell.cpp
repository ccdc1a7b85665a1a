#include "closo/tasks/detail/described_cell.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/electrode_material.hpp"
#include "closo/cell/loading.hpp"
#include "closo/composite/mixture.hpp"
#include "closo/tasks/cathode_paths.hpp"
#include "closo/tasks/detail/cell_defaults.hpp"

namespace closo::tasks::detail {
namespace {

using cell::CellDescription;
using cell::DescribedValue;
using cell::Mark;
using library::ElectrodeMaterial;
using library::ElectrodeNumber;

constexpr double same_capacity = 0.05;       // relative: a stated capacity that is the theory's, rounded
constexpr double least_left = 1e-9;          // of the stoichiometry: full and empty
constexpr double widest_electrolyte = 0.95;  // volume fraction: above, the exponent is not defined well
constexpr double widest_beyond = 2.0;        // V that a cut-off may lie beyond the curve's ends

Mark mark_of(library::DataKind kind) {
  switch (kind) {
    case library::DataKind::measured:
      return Mark::measured;
    case library::DataKind::computed:
      return Mark::computed;
    case library::DataKind::literature:
      return Mark::literature;
    case library::DataKind::estimated:
      return Mark::estimated;
    case library::DataKind::guess:
      break;
  }
  return Mark::guess;
}

DescribedValue stated(const base::Quantity& quantity, const std::string& source) {
  return {quantity.value, quantity.uncertainty, {}, {}, Mark::setting, source.empty() ? "system file" : source};
}

DescribedValue computed(const base::Measured& number, std::string source) {
  return {number.value, number.uncertainty, {}, {}, Mark::computed, std::move(source)};
}

base::Measured measured(const base::Quantity& quantity) { return {quantity.value, quantity.uncertainty}; }

/// The case while it is being put together: what stands first stays.
class Assembly {
 public:
  Assembly(const System& system, const Evaluation& evaluation, const library::ElectrodeData& electrodes,
           const Context& context)
      : system_(system), evaluation_(evaluation), electrodes_(electrodes), context_(context) {}

  CellCase make(std::optional<double> temperature, std::span<const std::string> settings);

 private:
  void take_entry();
  void choose_temperatures(std::optional<double> temperature);
  void find_material();
  void take_curve();
  void take_geometry();
  void take_densities();
  void take_capacity();
  void take_conductivity();
  void take_electrode_numbers();
  void take_anode();
  void take_paths();
  void take_cutoffs();

  CellDescription& cell() { return case_.description; }
  void note(std::string text) { case_.notes.push_back(std::move(text)); }
  void fill(std::string_view quantity, DescribedValue value) {
    if (!cell().has(quantity)) cell().set(quantity, std::move(value));
  }
  base::InputError lacks(const std::string& key, const char* what) const {
    return {{system_.file}, "a cell cannot be simulated without " + key, what};
  }
  void fill_number(std::string_view quantity, const ElectrodeMaterial& material, std::string_view name,
                   std::string_view energy = {});
  bool is_electrolyte(const std::string& name) const;
  std::optional<double> mixed_density() const;
  std::optional<Conductivity> electrolyte_conductivity(double temperature) const;
  double conductivity_energy(const Conductivity& at_reference) const;

  const System& system_;
  const Evaluation& evaluation_;
  const library::ElectrodeData& electrodes_;
  const Context& context_;
  const ElectrodeMaterial* material_ = nullptr;
  double temperature_ = 0.0, reference_ = 0.0;  // K
  CellCase case_ = {};
};

CellCase Assembly::make(std::optional<double> temperature, std::span<const std::string> settings) {
  case_.system = system_;
  cell().name = system_.name;
  cell().ion = system_.mobile_ion;
  cell().electrolyte = system_.electrolyte.material.empty() ? "electrolyte" : system_.electrolyte.material;
  if (system_.composite) cell().electrolyte += " + " + system_.composite->filler;
  take_entry();
  for (const std::string& setting : settings) apply_setting(cell(), setting);
  choose_temperatures(temperature);
  find_material();
  take_curve();
  take_geometry();
  take_densities();
  take_capacity();
  take_conductivity();
  take_electrode_numbers();
  take_anode();
  for (std::string& each : add_last_resorts(cell(), material_->id)) note(std::move(each));
  take_paths();
  take_cutoffs();
  return std::move(case_);
}

/// A number of the electrode data, brought to the reference temperature by its activation energy.
void Assembly::fill_number(std::string_view quantity, const ElectrodeMaterial& material, std::string_view name,
                           std::string_view energy) {
  const ElectrodeNumber* number = material.find(name);
  if (number == nullptr || cell().has(quantity)) return;
  DescribedValue value{
      number->value, {}, number->low, number->high, mark_of(number->kind), electrodes_.citation(number->source)};
  if (!number->note.empty()) value.source += " (" + number->note + ")";
  const double energy_per_mole = energy.empty() ? 0.0 : cell().value_or(energy, 0.0);
  if (number->temperature && energy_per_mole != 0.0 && std::abs(*number->temperature - reference_) > same_temperature) {
    const double factor = cell::at_temperature({1.0, energy_per_mole}, reference_, *number->temperature);
    value.value *= factor;
    if (value.low) *value.low *= factor;
    if (value.high) *value.high *= factor;
    value.source +=
        ", from " + celsius(*number->temperature) + " with " + base::format_number(energy_per_mole / 1e3) + " kJ/mol";
  }
  fill(quantity, std::move(value));
}

void Assembly::take_entry() {
  for (const auto& [quantity, given] : system_.cell.values) {
    cell().set(quantity, {given.value.value, given.value.uncertainty, given.low, given.high,
                          cell::parse_mark(given.mark), given.source.empty() ? "system file" : given.source});
  }
  if (system_.cell.particle_shape == "slab") cell().shape = cell::ParticleShape::slab;
  if (system_.cell.particle_shape == "cylinder") cell().shape = cell::ParticleShape::cylinder;
  cell().has_thermodynamic_factor = system_.cell.has_thermodynamic_factor.value_or(false);
  case_.protocol = system_.cell.protocol;
  if (!system_.cell.mesh.empty()) {
    try {
      case_.mesh = parse_mesh(system_.cell.mesh);
    } catch (const base::InputError& error) {
      throw base::InputError(system_.cell.mesh_place, error.problem(), error.expected());
    }
  }
}

void Assembly::choose_temperatures(std::optional<double> temperature) {
  case_.rates = system_.operation.rates;
  case_.temperatures = system_.operation.temperatures;
  std::sort(case_.temperatures.begin(), case_.temperatures.end());
  // Numbers of [cell] hold at one temperature, whichever the cell is run at.
  const auto own = system_.cell.values.find("temperature");
  const double usual = own != system_.cell.values.end() ? own->second.value.value
                       : !case_.temperatures.empty()    ? case_.temperatures.back()
                                                        : temperature.value_or(298.15);
  temperature_ = temperature.value_or(cell().value_or("temperature", usual));
  if (!(temperature_ > 0.0))
    throw base::ParameterError("at", base::format_number(temperature_) + " K", "a temperature above 0 K");
  if (case_.temperatures.empty()) case_.temperatures = {temperature_};
  if (!cell().has("temperature") && system_.operation.temperatures.empty() && !temperature)
    note("no temperature is given ([operation] temperatures): " + celsius(temperature_));
  reference_ = cell().value_or("reference_temperature", usual);
  fill("reference_temperature", {reference_, {}, {}, {}, Mark::setting, "temperature of the cell"});
  cell().set("temperature", {temperature_, {}, {}, {}, Mark::setting, temperature ? "option" : "system file"});
}

void Assembly::find_material() {
  if (!system_.cathode) throw lacks("[cathode]", "a cathode with active material, mass and composition");
  cell().active = system_.cathode->active;
  material_ = electrodes_.find(system_.cathode->active);
  if (material_ == nullptr) {
    try {
      electrodes_.material(system_.cathode->active);
    } catch (const base::InputError& error) {
      throw error.at({system_.file});
    }
  }
  if (material_->role == ElectrodeMaterial::Role::metal)
    throw base::ParameterError("[cathode] active", material_->id, "an insertion or conversion material");
  if (material_->ion != system_.mobile_ion)
    throw base::ParameterError("[cathode] active", material_->id + ", which exchanges " + material_->ion,
                               "a material that exchanges the mobile ion, " + system_.mobile_ion);
}

void Assembly::take_curve() {
  const library::ElectrodeCurve* curve = nullptr;
  try {
    curve = &material_->curve(system_.cell.open_circuit);
  } catch (const base::InputError& error) {
    throw base::InputError(system_.cell.open_circuit_place, error.problem(), error.expected());
  }
  cell().curve = curve->id;
  cell().open_circuit = cell::open_circuit(*curve);
  cell().open_circuit_mark = mark_of(curve->kind);
  cell().open_circuit_source = electrodes_.citation(curve->source);
  if (!curve->note.empty()) cell().open_circuit_source += " (" + curve->note + ")";
  if ((curve->temperature_low && temperature_ < *curve->temperature_low - same_temperature) ||
      (curve->temperature_high && temperature_ > *curve->temperature_high + same_temperature))
    note("the open-circuit curve " + curve->id + " is used at " + celsius(temperature_) + ", outside of its range");
  if (material_->id == "NMC811") {
    note(
        "the curve of NMC811 counts stoichiometry on the concentration fitted to its own electrode; closo takes it for "
        "that of the crystal, so that mass × 275.5 mAh/g holds: 0.91 to 0.27 is 177 mAh/g, as cells deliver");
  }
}

bool Assembly::is_electrolyte(const std::string& name) const {
  if (name == "electrolyte" || name == system_.electrolyte.material) return true;
  const library::Material* found = evaluation_.library.find_material(name);
  return found != nullptr && (found == evaluation_.electrolyte || found == evaluation_.host);
}

void Assembly::take_geometry() {
  const SeparatorEntry& separator = system_.separator;
  const CathodeEntry& cathode = *system_.cathode;
  if (separator.thickness) fill("separator.thickness", stated(*separator.thickness, ""));
  if (separator.area) {
    const Mark mark = separator.diameter ? Mark::computed : Mark::setting;
    fill("area", {separator.area->value,
                  separator.area->uncertainty,
                  {},
                  {},
                  mark,
                  separator.diameter ? "diameter of the separator" : "system file"});
  }
  const auto per_area = [&](const base::Quantity& mass) {
    const DescribedValue* area = cell().find("area");
    return base::propagate_over([](double m, double a) { return m / a; }, measured(mass),
                                base::Measured{area->value, area->uncertainty});
  };
  if (cathode.mass && cell().has("area"))
    fill("cathode.loading", computed(per_area(*cathode.mass), "mass of the composite / area"));
  if (separator.mass && separator.thickness && cell().has("area")) {
    const base::Measured density = base::propagate_over([](double m, double l) { return m / l; },
                                                        per_area(*separator.mass), measured(*separator.thickness));
    fill("separator.density", computed(density, "mass of the separator / (area × thickness), voids counted"));
  }
  const AnodeEntry anode = system_.anode.value_or(AnodeEntry{});
  if (anode.thickness) fill("anode.thickness", stated(*anode.thickness, ""));
  if (anode.mass && cell().has("area")) fill("anode.loading", computed(per_area(*anode.mass), "mass / area"));
  if (anode.thickness && anode.density) {
    const base::Measured loading = base::propagate_over([](double l, double d) { return l * d; },
                                                        measured(*anode.thickness), measured(*anode.density));
    fill("anode.loading", computed(loading, "thickness × density"));
  }
  if (!cathode.composition.empty()) {
    double active = 0.0, additive = 0.0;
    for (const auto& [name, share] : cathode.composition) {
      if (name == cathode.active) {
        active += share.value;
      } else if (!is_electrolyte(name)) {
        additive += share.value;
      }
    }
    const std::string source = cathode.source.empty() ? "system file" : cathode.source;
    // The electrolyte is the rest, so that one share can be changed alone.
    fill("cathode.active_mass_fraction", {active, {}, {}, {}, Mark::setting, source});
    if (!cell().has("cathode.electrolyte_mass_fraction"))
      fill("cathode.additive_mass_fraction", {additive, {}, {}, {}, Mark::setting, source});
  }
  if (!cathode.coating.empty() && !cell().has("cathode.film_thickness") && !cell().has("cathode.film_resistance"))
    note("the coating " + cathode.coating +
         " is left out: its thickness and conductivity are not given ([cell.cathode] film_thickness, "
         "film_conductivity)");
  const auto require = [&](std::string_view quantity, const char* key, const char* what) {
    if (!cell().has(quantity)) throw lacks(key, what);
  };
  require("separator.thickness", "[separator] thickness", "the thickness of the electrolyte between the electrodes");
  if (!cell().has("cathode.loading")) {
    require("area", "[separator] diameter", "the diameter or area of the electrodes");
    require("cathode.loading", "[cathode] mass", "the mass of the cathode composite");
  }
  require("cathode.active_mass_fraction", "[cathode] composition", "the mass fractions of the cathode composite");
}

/// Ideal mixture of host and filler, where both densities are known [kg/m³].
std::optional<double> Assembly::mixed_density() const {
  if (!system_.composite) return std::nullopt;
  const CompositeEntry& entry = *system_.composite;
  const std::string host = system_.electrolyte.material.empty() ? "electrolyte" : system_.electrolyte.material;
  const auto density_of = [&](const std::string& name) -> std::optional<base::Measured> {
    const auto found = entry.densities.find(name);
    if (found == entry.densities.end()) return std::nullopt;
    return base::Measured{found->second.value, {}};
  };
  const composite::Mixture mixture = composite::mix(
      std::array{
          composite::Component{host, {}, density_of(host), {}},
          composite::Component{entry.filler, base::Measured{entry.fraction.value, {}}, density_of(entry.filler), {}}},
      entry.fraction.unit.basis());
  if (!mixture.density) return std::nullopt;
  return mixture.density->value;
}

void Assembly::take_densities() {
  if (system_.electrolyte.density) {
    fill("cathode.electrolyte_density", stated(*system_.electrolyte.density, system_.electrolyte.source));
  } else if (const std::optional<double> density = mixed_density()) {
    fill("cathode.electrolyte_density", computed({*density, {}}, "densities and fractions of [composite]"));
  } else if (const DescribedValue* pressed = cell().find("separator.density")) {
    DescribedValue value = *pressed;
    value.mark = Mark::estimated;
    value.source = "of the separator as pressed; its voids make it too small";
    fill("cathode.electrolyte_density", std::move(value));
  }
  if (const DescribedValue* density = cell().find("cathode.electrolyte_density")) {
    DescribedValue value = *density;
    value.mark = Mark::estimated;
    value.source = "of the electrolyte without voids";
    fill("separator.density", std::move(value));
  }
}

/// Capacity between stoichiometry 0 and 1, and what 1C means.
void Assembly::take_capacity() {
  const std::optional<base::Quantity>& own = system_.cathode->specific_capacity;
  if (!own) return;
  const ElectrodeNumber* theory = material_->find("specific_capacity");
  if (theory == nullptr || std::abs(own->value / theory->value - 1.0) <= same_capacity)
    fill("cathode.specific_capacity", stated(*own, system_.cathode->source));
  fill_number("cathode.specific_capacity", *material_, "specific_capacity");
  const double whole = cell().value("cathode.specific_capacity");
  if (whole == own->value || cell().has("nominal_capacity")) return;
  fill("cathode.rated_capacity", stated(*own, system_.cathode->source));
  note("the stated " + with_unit(own->value, "cathode.specific_capacity") +
       " is what 1C means; between stoichiometry 0 and 1 the model counts " +
       with_unit(whole, "cathode.specific_capacity"));
}

std::optional<Conductivity> Assembly::electrolyte_conductivity(double temperature) const {
  if (std::optional<Conductivity> known = conductivity_at(evaluation_, temperature)) return known;
  return composite_conductivity_at(evaluation_, temperature, context_);
}

/// J/mol of ln σT around the reference; between reference and working temperature where these differ.
double Assembly::conductivity_energy(const Conductivity& at_reference) const {
  const auto slope = [&](double other, double sigma) {
    return base::gas_constant * std::log(sigma * other / (at_reference.sigma.value * reference_)) /
           (1.0 / reference_ - 1.0 / other);
  };
  if (std::abs(temperature_ - reference_) > 1e-9) {
    if (const std::optional<Conductivity> there = electrolyte_conductivity(temperature_))
      return slope(temperature_, there->sigma.value);
  }
  if (evaluation_.law && evaluation_.law->covers(reference_)) {
    const transport::ArrheniusLaw& law = evaluation_.law->at(reference_);
    const double near = 1.0001 * reference_;
    return base::gas_constant *
           (law.log_conductivity(near) - law.log_conductivity(reference_) + std::log(near / reference_)) /
           (1.0 / reference_ - 1.0 / near);
  }
  if (const std::optional<Conductivity> above = electrolyte_conductivity(reference_ + 5.0))
    return slope(reference_ + 5.0, above->sigma.value);
  return 0.0;
}

void Assembly::take_conductivity() {
  const bool is_given = cell().has("separator.conductivity");
  const std::optional<Conductivity> found = electrolyte_conductivity(reference_);
  if (!found && !is_given) {
    throw base::InputError(
        {system_.file}, "the electrolyte's conductivity at " + celsius(reference_) + " is not known",
        "conductivity = [ { T = \"60 degC\", sigma = \"1 mS/cm\" } ], or a material that the library knows");
  }
  if (!found) return;
  if (!is_given) {
    DescribedValue value{found->sigma.value, found->sigma.uncertainty, {}, {}, Mark::computed, found->source};
    if (found->kind == "measured") value.mark = Mark::measured;
    if (found->extrapolated) {
      value.mark = Mark::estimated;
      value.source += ", extrapolated";
    }
    fill("separator.conductivity", std::move(value));
  }
  const double energy = conductivity_energy(*found) / base::avogadro_constant;
  if (energy != 0.0) {
    fill("separator.activation_energy",
         {energy,
          {},
          {},
          {},
          Mark::computed,
          "slope of ln σT" + (std::abs(temperature_ - reference_) > 1e-9
                                  ? " between " + celsius(reference_) + " and " + celsius(temperature_)
                              : evaluation_.law ? ", " + evaluation_.law_source
                                                : std::string())});
  }
}

void Assembly::take_electrode_numbers() {
  fill_number("cathode.active_density", *material_, "density");
  fill_number("cathode.specific_capacity", *material_, "specific_capacity");
  fill_number("cathode.initial_stoichiometry", *material_, "initial_stoichiometry");
  fill_number("cathode.diffusion_activation_energy", *material_, "diffusion_activation_energy");
  fill_number("cathode.exchange_current_activation_energy", *material_, "exchange_current_activation_energy");
  fill_number("cathode.diffusion_coefficient", *material_, "diffusion_coefficient",
              "cathode.diffusion_activation_energy");
  fill_number("cathode.exchange_current_density", *material_, "exchange_current_density",
              "cathode.exchange_current_activation_energy");
  fill_number("cathode.active_electronic_conductivity", *material_, "electronic_conductivity");
  const std::vector<std::string_view> given = cell().names();
  if (std::any_of(given.begin(), given.end(), [](std::string_view name) { return name.starts_with("contact."); }))
    fill_number("contact.volume_change", *material_, "volume_change");
}

void Assembly::take_anode() {
  if (!system_.anode && !cell().has("anode.potential"))
    throw lacks("[anode]", "a metal anode: material = \"Li\", \"Na\" or \"In-Li\"");
  if (!system_.anode) return;
  cell().anode = system_.anode->material;
  const ElectrodeMaterial* anode = electrodes_.find(system_.anode->material);
  const bool is_metal = anode != nullptr && anode->role == ElectrodeMaterial::Role::metal;
  if (!cell().has("anode.potential")) {
    if (!is_metal)
      throw base::ParameterError("[anode] material", system_.anode->material,
                                 "a metal (Li, Na, In-Li), or [cell.anode] potential: the model has no porous anode");
    if (anode->ion != system_.mobile_ion)
      throw base::ParameterError("[anode] material", system_.anode->material,
                                 "a metal of the mobile ion, " + system_.mobile_ion);
    fill("anode.potential", {cell::metal_potential(*anode),
                             {},
                             {},
                             {},
                             mark_of(anode->curve().kind),
                             electrodes_.citation(anode->curve().source)});
  }
  if (const ElectrodeNumber* density = is_metal ? anode->find("density") : nullptr;
      density != nullptr && cell().has("anode.thickness")) {
    fill("anode.loading", computed({cell().value("anode.thickness") * density->value, {}}, "thickness × density"));
  }
}

/// Bruggeman's law with the exponent that voxel runs give at this composition, so that it follows when the composition
/// is varied.
void Assembly::take_paths() {
  for (const char* own : {"cathode.ionic_conductivity", "cathode.ionic_tortuosity", "cathode.bruggeman_exponent"}) {
    if (cell().has(own)) return;
  }
  const cell::CathodeGeometry geometry = cell::cathode_geometry(cell());
  const CathodePaths paths =
      cathode_paths(shipped_cathode_paths(context_), geometry.active_fraction + geometry.additive_fraction,
                    geometry.electrolyte_fraction);
  if (paths.is_outside || !(geometry.electrolyte_fraction < widest_electrolyte)) {
    note(
        "ions in the cathode: Bruggeman's law, electrolyte's conductivity × fraction^1.5 (no voxel runs of this "
        "composition)");
    return;
  }
  const double exponent = std::max(1.0, std::log(paths.relative) / std::log(geometry.electrolyte_fraction));
  fill("cathode.bruggeman_exponent",
       computed({exponent, {}}, "voxel runs of random spheres, data/composite/cathode_paths.csv"));
  note("ions in the cathode: voxel runs of random spheres give a tortuosity factor of " +
       base::format_number(paths.tortuosity, 3) + ", Bruggeman's law " +
       base::format_number(geometry.electrolyte_fraction / paths.bruggeman, 3));
}

void Assembly::take_cutoffs() {
  const double anode = cell().value_or("anode.potential", 0.0);
  const auto choose = [&](const std::optional<base::Quantity>& own, const char* name, const char* what) {
    if (own) return own->value;
    const ElectrodeNumber* number = material_->find(name);
    if (number == nullptr) throw lacks("[operation] voltage", "the cell's voltages, [lowest, highest]");
    note(std::string(what) + " cut-off " + base::format_number(number->value - anode) +
         " V: " + electrodes_.citation(number->source));
    return number->value - anode;
  };
  case_.lower_cutoff = choose(system_.operation.voltage_low, "lower_cutoff", "lower");
  case_.upper_cutoff = choose(system_.operation.voltage_high, "upper_cutoff", "upper");
  const cell::OpenCircuit& curve = cell().open_circuit;
  const double highest = curve.potential(least_left, temperature_) - anode;
  const double lowest = curve.potential(1.0 - least_left, temperature_) - anode;
  if (!(case_.lower_cutoff < case_.upper_cutoff) || !(case_.lower_cutoff < highest) || !(case_.upper_cutoff > lowest) ||
      case_.lower_cutoff < lowest - widest_beyond || case_.upper_cutoff > highest + widest_beyond) {
    throw base::InputError(
        {system_.file},
        "the cut-offs " + base::format_number(case_.lower_cutoff) + " and " + base::format_number(case_.upper_cutoff) +
            " V do not go with the open-circuit curve of " + material_->id + " against " + cell().anode,
        "[operation] voltage within " + base::format_number(lowest, 3) + " to " + base::format_number(highest, 3) +
            " V");
  }
  // Past its ends the curve is a logarithm, which does not reach far; a real electrode is empty or full there too.
  const auto hold = [&](double& cutoff, double end, const char* what) {
    note("the cut-off " + base::format_number(cutoff) + " V lies beyond the open-circuit curve; the run ends at " +
         base::format_number(end, 3) + " V, where the material is " + what);
    cutoff = end;
  };
  if (case_.lower_cutoff < lowest) hold(case_.lower_cutoff, lowest, "full");
  if (case_.upper_cutoff > highest) hold(case_.upper_cutoff, highest, "empty");
}

}  // namespace

CellCase described_cell(const System& system, const Evaluation& evaluation, const library::ElectrodeData& electrodes,
                        std::optional<double> temperature, std::span<const std::string> settings,
                        const Context& context) {
  return Assembly(system, evaluation, electrodes, context).make(temperature, settings);
}

cell::SimulationOptions parse_mesh(std::string_view text) {
  const auto refuse = [&] {
    throw base::InputError({}, "'" + std::string(text) + "' is no mesh",
                           "cells through the cathode x shells of a particle, such as 40x40, each from 2 to 2000");
  };
  cell::SimulationOptions mesh;
  const char* const end = text.data() + text.size();
  const auto cells = std::from_chars(text.data(), end, mesh.cathode_cells);
  if (cells.ec != std::errc() || cells.ptr == end || *cells.ptr != 'x') refuse();
  const auto shells = std::from_chars(cells.ptr + 1, end, mesh.particle_shells);
  if (shells.ec != std::errc() || shells.ptr != end) refuse();
  if (mesh.cathode_cells < 2 || mesh.cathode_cells > 2000 || mesh.particle_shells < 2 || mesh.particle_shells > 2000)
    refuse();
  return mesh;
}

}  // namespace closo::tasks::detail
