#include "closo/tasks/system_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "closo/base/file.hpp"
#include "closo/cell/loading.hpp"
#include "closo/tasks/detail/system_file_cell.hpp"
#include "closo/tasks/detail/toml_section.hpp"
#include "closo/tasks/detail/toml_text.hpp"

namespace closo::tasks {
namespace {

using base::Quantity;
using detail::parse_toml;
using detail::PlacedText;
using detail::Range;
using detail::TomlSection;

constexpr std::size_t max_system_bytes = 4U << 20U;
constexpr std::size_t max_extends = 8;

/// Keys of `base` that `own` lacks move into `own`; tables are merged, but for a number with its mark and source, which
/// is one thing.
void inherit(toml::table& own, toml::table&& base) {
  for (auto&& entry : std::move(base)) {
    const toml::key& key = entry.first;
    toml::node& node = entry.second;
    toml::node* mine = own.get(key.str());
    if (mine == nullptr) {
      std::move(node).visit([&](auto&& value) { own.insert(key, std::forward<decltype(value)>(value)); });
    } else if (mine->is_table() && node.is_table() && !mine->as_table()->contains("value")) {
      inherit(*mine->as_table(), std::move(*node.as_table()));
    }
  }
}

/// The file with everything it extends merged in; `chain` holds the files on the way here.
toml::table parse_with_bases(std::string_view text, const std::filesystem::path& file,
                             std::vector<std::filesystem::path>& chain) {
  toml::table own = parse_toml(text, file.string());
  toml::table* system = own["system"].as_table();
  toml::node* extends = system == nullptr ? nullptr : system->get("extends");
  if (extends == nullptr) return own;
  const base::Place place{file.string(), extends->source().begin.line, extends->source().begin.column};
  const auto* name = extends->as_string();
  if (name == nullptr || name->get().empty())
    throw base::InputError(place, "'extends' is not a file name", "a text such as \"base.toml\"");
  const std::filesystem::path base_file = file.parent_path() / name->get();
  std::error_code ignored;
  const std::filesystem::path identity = std::filesystem::weakly_canonical(base_file, ignored);
  for (std::size_t i = 0; i < chain.size(); ++i) {
    if (std::filesystem::weakly_canonical(chain[i], ignored) != identity) continue;
    std::string circle;
    for (std::size_t k = i; k < chain.size(); ++k) circle += chain[k].string() + " → ";
    throw base::InputError(place, "circular 'extends': " + circle + base_file.string(),
                           "a base file that does not lead back here");
  }
  if (chain.size() > max_extends)
    throw base::InputError(place, "more than 8 files extend each other", "a shorter chain");
  chain.push_back(base_file);
  std::string base_text;
  try {
    base_text = base::read_text_file(base_file, max_system_bytes);
  } catch (const base::InputError& error) {
    throw base::InputError(place, "the base file '" + base_file.string() + "' cannot be used: " + error.problem(),
                           error.expected());
  }
  toml::table base = parse_with_bases(base_text, base_file, chain);
  if (toml::table* base_system = base["system"].as_table()) base_system->erase("extends");
  inherit(own, std::move(base));
  return own;
}

double absolute_temperature(const PlacedText& given) {
  const Quantity temperature = detail::checked_quantity(given, "K", "a temperature", Range::positive);
  return temperature.value;
}

std::optional<StatedLimit> read_limit(TomlSection& electrolyte, std::string_view key) {
  std::optional<TomlSection> section = electrolyte.section(key);
  if (!section) return std::nullopt;
  StatedLimit limit;
  limit.potential = section->required_quantity("V", "V", "a potential against the metal of the mobile ion", Range::any);
  limit.method = section->text("method").value_or("");
  section->finish();
  return limit;
}

/// A list of { T = …, sigma = … }.
std::vector<StatedConductivity> read_conductivities(TomlSection& section, std::string_view key) {
  std::vector<StatedConductivity> list;
  for (TomlSection& point : section.sections(key)) {
    StatedConductivity stated;
    stated.place = point.place();
    stated.temperature = point.required_quantity("T", "K", "a temperature", Range::positive).value;
    stated.sigma = point.required_quantity("sigma", "S/cm", "a conductivity", Range::positive);
    point.finish();
    for (const StatedConductivity& other : list) {
      if (other.temperature == stated.temperature) {
        throw base::InputError(stated.place,
                               "a second conductivity at the temperature of line " + std::to_string(other.place.line),
                               "one conductivity for each temperature");
      }
    }
    list.push_back(stated);
  }
  return list;
}

ElectrolyteEntry read_electrolyte(TomlSection section, bool measured) {
  ElectrolyteEntry entry;
  entry.material = section.text("material").value_or("");
  entry.phase = section.text("phase").value_or("");
  entry.source = section.text("source").value_or("");
  entry.conductivity = read_conductivities(section, "conductivity");
  entry.activation_energy = section.quantity("activation_energy", "eV", "an activation energy", Range::positive);
  if (const std::optional<std::string> form = section.text("activation_energy_form")) {
    if (*form != "sigma_t" && *form != "sigma") {
      throw base::InputError(section.place("activation_energy_form"), "unknown form '" + *form + "'",
                             "\"sigma_t\" (ln sigma T) or \"sigma\" (ln sigma)");
    }
    entry.activation_energy_form = *form;
  }
  if (std::optional<TomlSection> numbers = section.section("transference")) {
    for (const std::string& key : numbers->keys()) {
      const std::optional<Quantity> value = numbers->quantity(key, "1", "a transference number", Range::fraction);
      if (key == "ionic") {
        entry.ionic_transference = value;
      } else if (key == "Li" || key == "Na" || key == "Mg" || key == "cation") {
        entry.cation_transference = value;
      } else {
        throw base::InputError(numbers->place(key), "unknown transference number '" + key + "'",
                               "ionic, cation, Li, Na or Mg");
      }
    }
  }
  entry.oxidation_limit = read_limit(section, "oxidation_limit");
  entry.reduction_limit = read_limit(section, "reduction_limit");
  entry.density = section.quantity("density", "g/cm3", "a density", Range::positive);
  if (entry.material.empty() && entry.conductivity.empty() && !measured) {
    throw base::InputError(
        section.place(), "[electrolyte] names no material and states no conductivity",
        "material = \"a library name\", or conductivity = [ { T = \"30 degC\", sigma = \"0.3 mS/cm\" } ]");
  }
  section.finish();
  return entry;
}

CompositeEntry read_composite(TomlSection section) {
  CompositeEntry entry;
  entry.filler = section.required_text("filler", "the name of the filler, such as \"ZrO2\"");
  const std::vector<PlacedText> fraction = section.texts("fraction");
  if (fraction.size() != 1)
    throw base::InputError(section.place("fraction"), "[composite] needs one 'fraction'",
                           "\"25 vol%\" or \"62.5 wt%\"");
  entry.fraction = detail::checked_quantity(fraction.front(), "1", "a filler fraction", Range::fraction);
  if (entry.fraction.unit.basis() != base::FractionBasis::volume &&
      entry.fraction.unit.basis() != base::FractionBasis::mass) {
    throw base::InputError(fraction.front().place,
                           "'" + fraction.front().text + "' does not say of what it is a fraction", "vol% or wt%");
  }
  entry.surface_area = section.quantity("surface_area", "m2/g", "a specific surface area", Range::not_negative);
  entry.pore_volume = section.quantity("pore_volume", "cm3/g", "a pore volume", Range::not_negative);
  entry.interphase_thickness =
      section.quantity("interphase_thickness", "nm", "an interphase thickness", Range::not_negative);
  entry.wetted_fraction = section.quantity("wetted_fraction", "%", "a share of the surface", Range::fraction);
  entry.host_conductivity = read_conductivities(section, "host_conductivity");
  entry.host_activation_energy =
      section.quantity("host_activation_energy", "eV", "an activation energy", Range::positive);
  entry.interphase_conductivity = read_conductivities(section, "interphase_conductivity");
  entry.interphase_activation_energy =
      section.quantity("interphase_activation_energy", "eV", "an activation energy", Range::positive);
  entry.source = section.text("source").value_or("");
  if (std::optional<TomlSection> densities = section.section("densities")) {
    for (const std::string& name : densities->keys()) {
      entry.densities[name] = densities->required_quantity(name, "g/cm3", "a density", Range::positive);
    }
  }
  section.finish();
  return entry;
}

PreparationEntry read_preparation(TomlSection section) {
  PreparationEntry entry;
  entry.method = section.text("method").value_or("");
  entry.milling_time = section.quantity("milling_time", "h", "a milling time", Range::not_negative);
  entry.pressure = section.quantity("pressure", "MPa", "a pressure", Range::not_negative);
  entry.temperature = section.quantity("temperature", "K", "a temperature", Range::positive);
  entry.note = section.text("note").value_or("");
  entry.source = section.text("source").value_or("");
  section.finish();
  return entry;
}

/// Area [m²] of a disc from its diameter.
Quantity disc_area(const Quantity& diameter) {
  Quantity area;
  area.unit = base::Unit::parse("cm2");
  area.value = std::numbers::pi / 4.0 * diameter.value * diameter.value;
  if (diameter.uncertainty) area.uncertainty = 2.0 * area.value * *diameter.uncertainty / diameter.value;
  return area;
}

SeparatorEntry read_separator(TomlSection section) {
  SeparatorEntry entry;
  entry.thickness = section.quantity("thickness", "mm", "a thickness", Range::positive);
  entry.diameter = section.quantity("diameter", "mm", "a diameter", Range::positive);
  entry.area = section.quantity("area", "cm2", "an area", Range::positive);
  entry.mass = section.quantity("mass", "mg", "a mass", Range::positive);
  if (entry.area && entry.diameter) {
    throw base::InputError(section.place("area"), "[separator] has both 'area' and 'diameter'", "one of them");
  }
  if (entry.diameter) entry.area = disc_area(*entry.diameter);
  section.finish();
  return entry;
}

AnodeEntry read_anode(TomlSection section) {
  AnodeEntry entry;
  entry.material = section.required_text("material", "the anode material, such as \"Li\"");
  entry.thickness = section.quantity("thickness", "mm", "a thickness", Range::positive);
  entry.mass = section.quantity("mass", "mg", "a mass", Range::positive);
  entry.density = section.quantity("density", "g/cm3", "a density", Range::positive);
  section.finish();
  return entry;
}

CathodeEntry read_cathode(TomlSection section) {
  CathodeEntry entry;
  entry.active = section.required_text("active", "the active material, such as \"TiS2\"");
  entry.mass = section.quantity("mass", "mg", "the mass of the cathode composite", Range::positive);
  entry.specific_capacity =
      section.quantity("specific_capacity", "mAh/g", "a specific capacity of the active material", Range::positive);
  entry.average_voltage = section.quantity("average_voltage", "V", "an average voltage", Range::positive);
  entry.coating = section.text("coating").value_or("");
  entry.source = section.text("source").value_or("");
  if (std::optional<TomlSection> composition = section.section("composition")) {
    double sum = 0.0;
    for (const std::string& name : composition->keys()) {
      const Quantity share = composition->required_quantity(name, "wt%", "a mass fraction", Range::fraction);
      entry.composition[name] = share;
      sum += share.value;
    }
    if (!entry.composition.empty() && std::abs(sum - 1.0) > 0.005) {
      throw base::InputError(composition->place(),
                             "the cathode composition sums to " + std::to_string(100.0 * sum) + " wt%", "100 wt%");
    }
    if (!entry.composition.empty() && entry.composition.count(entry.active) == 0) {
      throw base::InputError(composition->place(), "the cathode composition does not contain '" + entry.active + "'",
                             "a share for the active material");
    }
  }
  section.finish();
  return entry;
}

OperationEntry read_operation(TomlSection section) {
  OperationEntry entry;
  for (const PlacedText& text : section.texts("temperatures")) entry.temperatures.push_back(absolute_temperature(text));
  for (const PlacedText& text : section.texts("rates")) {
    try {
      entry.rates.push_back({text.text, cell::parse_c_rate_per_hour(text.text)});
    } catch (const base::InputError& error) {
      throw base::InputError(text.place, error.problem(), error.expected());
    }
  }
  const std::vector<PlacedText> voltage = section.texts("voltage");
  if (!voltage.empty()) {
    if (voltage.size() != 2)
      throw base::InputError(voltage.front().place, "'voltage' has " + std::to_string(voltage.size()) + " values",
                             "[lowest, highest]");
    entry.voltage_low = detail::checked_quantity(voltage[0], "V", "a cell voltage", Range::any);
    entry.voltage_high = detail::checked_quantity(voltage[1], "V", "a cell voltage", Range::any);
    if (entry.voltage_low->value >= entry.voltage_high->value) {
      throw base::InputError(voltage[1].place, "the upper voltage is not above the lower one", "[lowest, highest]");
    }
  }
  section.finish();
  return entry;
}

ImpedanceMeasurementEntry read_impedance(TomlSection section, const std::filesystem::path& system_file) {
  ImpedanceMeasurementEntry entry;
  for (const PlacedText& text : section.texts("files")) {
    const std::filesystem::path path = text.text;
    const std::filesystem::path found = path.is_absolute() ? path : system_file.parent_path() / path;
    std::error_code ignored;
    if (text.text.empty() || !std::filesystem::exists(found, ignored)) {
      throw base::InputError(text.place, "there is no file or folder '" + found.string() + "'",
                             "impedance files, or a folder of them");
    }
    entry.files.push_back(found.string());
  }
  if (entry.files.empty())
    throw base::InputError(section.place(), "[measurement.impedance] has no 'files'", "a folder, or a list of files");
  entry.thickness = section.required_quantity("thickness", "mm", "the thickness of the pellet", Range::positive);
  entry.area = section.quantity("area", "cm2", "an area", Range::positive);
  if (const auto diameter = section.quantity("diameter", "mm", "a diameter", Range::positive)) {
    if (entry.area)
      throw base::InputError(section.place("area"), "[measurement.impedance] has both 'area' and 'diameter'",
                             "one of them");
    entry.area = disc_area(*diameter);
  }
  if (!entry.area)
    throw base::InputError(section.place(), "[measurement.impedance] has neither 'diameter' nor 'area'",
                           "the diameter of the electrodes");
  entry.circuit = section.text("circuit").value_or("");
  entry.source = section.text("source").value_or("");
  section.finish();
  return entry;
}

CriteriaEntry read_criteria(TomlSection section) {
  CriteriaEntry entry;
  if (std::optional<TomlSection> target = section.section("conductivity")) {
    if (const std::vector<PlacedText> at = target->texts("at"); !at.empty())
      entry.conductivity_temperature = absolute_temperature(at.front());
    entry.conductivity_at_least = target->quantity("at_least", "S/cm", "a conductivity", Range::positive);
    target->finish();
  }
  if (std::optional<TomlSection> target = section.section("transference")) {
    entry.ionic_transference_at_least =
        target->quantity("ionic_at_least", "1", "a transference number", Range::fraction);
    entry.cation_transference_at_least =
        target->quantity("cation_at_least", "1", "a transference number", Range::fraction);
    target->finish();
  }
  if (std::optional<TomlSection> target = section.section("separator_resistance")) {
    entry.separator_resistance_at_most =
        target->quantity("at_most", "Ohm cm2", "an area-specific resistance", Range::positive);
    target->finish();
  }
  if (std::optional<TomlSection> target = section.section("retention")) {
    entry.retention_at_least = target->quantity("at_least", "%", "a capacity retention", Range::fraction);
    entry.retention_cycles = target->quantity("cycles", "1", "a number of cycles", Range::positive);
    target->finish();
  }
  section.finish();
  return entry;
}

}  // namespace

System parse_system(std::string_view text, const std::filesystem::path& file) {
  std::vector<std::filesystem::path> chain = {file};
  const toml::table table = parse_with_bases(text, file, chain);
  TomlSection top(table, "", file.string());

  System system;
  system.file = file.string();
  for (std::size_t i = 1; i < chain.size(); ++i) system.extended.push_back(chain[i].string());
  std::optional<TomlSection> identity = top.section("system");
  if (!identity)
    throw base::InputError({file.string(), 1}, "there is no [system] section", "[system] with a name and a mobile_ion");
  system.name = identity->required_text("name", "a name for this system");
  system.mobile_ion = identity->required_text("mobile_ion", "\"Li\", \"Na\" or \"Mg\"");
  if (system.mobile_ion != "Li" && system.mobile_ion != "Na" && system.mobile_ion != "Mg") {
    throw base::InputError(identity->place("mobile_ion"), "unknown mobile ion '" + system.mobile_ion + "'",
                           "\"Li\", \"Na\" or \"Mg\"");
  }
  system.description = identity->text("description").value_or("");
  identity->text("extends");
  identity->finish();

  std::optional<TomlSection> electrolyte = top.section("electrolyte");
  if (!electrolyte)
    throw base::InputError({file.string(), 1}, "there is no [electrolyte] section",
                           "[electrolyte] with a material or own data");
  system.electrolyte = read_electrolyte(*electrolyte, top.has("measurement"));
  if (auto section = top.section("composite")) system.composite = read_composite(*section);
  if (auto section = top.section("preparation")) system.preparation = read_preparation(*section);
  if (auto section = top.section("separator")) system.separator = read_separator(*section);
  if (auto section = top.section("anode")) system.anode = read_anode(*section);
  if (auto section = top.section("cathode")) system.cathode = read_cathode(*section);
  if (auto section = top.section("operation")) system.operation = read_operation(*section);
  if (auto section = top.section("criteria")) system.criteria = read_criteria(*section);
  if (auto section = top.section("measurement")) {
    if (auto impedance = section->section("impedance")) system.impedance = read_impedance(*impedance, file);
    section->finish();
  }
  if (auto section = top.section("cell")) system.cell = detail::read_cell(*section);
  top.finish();
  return system;
}

System read_system(const std::filesystem::path& file) {
  return parse_system(base::read_text_file(file, max_system_bytes), file);
}

}  // namespace closo::tasks
