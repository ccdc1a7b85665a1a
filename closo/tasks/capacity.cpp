#include "closo/tasks/capacity.hpp"

#include <array>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/formula.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/cell/loading.hpp"
#include "closo/library/library.hpp"
#include "closo/tasks/detail/measured_value.hpp"
#include "closo/tasks/detail/part_text.hpp"

namespace closo::tasks {
namespace {

using base::Measured;
using base::ParameterError;
using base::propagate_over;
using detail::value_in;

constexpr std::string_view computed = "computed";
constexpr std::array<std::string_view, 5> default_rates{"C/20", "C/10", "C/5", "C/2", "C"};

constexpr std::array<Option, 14> options{{
    {"formula", OptionType::text, "", "", "", "active material: a formula or a name of the library's electrodes", true,
     true},
    {"electrons", OptionType::quantity, "1", "", "above 0",
     "electrons per formula unit; else from the library's electrodes"},
    {"specific-capacity", OptionType::quantity, "mAh/g", "", "above 0",
     "of the active material, instead of the theoretical one"},
    {"mass", OptionType::quantity, "mg", "", "above 0", "mass of the electrode composite"},
    {"active-fraction", OptionType::quantity, "wt%", "100 wt%", "above 0, at most 100 wt%",
     "active material in the composite"},
    {"diameter", OptionType::quantity, "mm", "", "above 0", "diameter of the electrode disc"},
    {"area", OptionType::quantity, "cm2", "", "above 0", "area of the electrode, instead of the diameter"},
    {"rate", OptionType::text, "", "", "", "C-rate such as C/10, 0.5C or 2 C; without one C/20, C/10, C/5, C/2 and C",
     false, false, true},
    {"conductivity", OptionType::quantity, "S/cm", "", "above 0", "ionic conductivity of the separator"},
    {"thickness", OptionType::quantity, "mm", "", "above 0", "thickness of the separator"},
    {"voltage", OptionType::quantity, "V", "", "above 0",
     "average discharge voltage; else from the library's electrodes"},
    {"layer", OptionType::text, "", "", "",
     "a layer of the stack: name, then two of thickness, density and areal mass (mg/cm2), as known", false, false,
     true},
    {"collector", OptionType::text, "", "", "", "a current collector of the stack, written as a layer", false, false,
     true},
    {"anode", OptionType::text, "", "", "",
     "metal anode: formula and density, then its thickness if there is one ('Li, 0.534 g/cm3, 30 um')"},
}};

cell::StackLayer layer_of(std::string_view option, const std::string& text, bool is_current_collector) {
  detail::PartText part(option, text);
  const std::optional<Measured> thickness = part.take("um");
  const std::optional<Measured> density = part.take("g/cm3");
  const std::optional<Measured> areal_mass = part.take("mg/cm2");
  part.finish("a thickness (um), a density (g/cm3) or an areal mass (mg/cm2)");
  if (density && areal_mass && thickness) {
    throw ParameterError(std::string(option), "'" + text + "'", "two of thickness, density and areal mass, not three");
  }
  if (density && thickness) return cell::dense_layer(part.name(), *thickness, *density, is_current_collector);
  cell::StackLayer layer{part.name(), areal_mass, thickness, is_current_collector};
  if (density && areal_mass) {
    if (!(density->value > 0.0)) throw ParameterError(std::string(option), "'" + text + "'", "a density above 0");
    layer.thickness = propagate_over([](double m, double rho) { return m / rho; }, *areal_mass, *density);
  }
  return layer;
}

CapacityRequest::Anode anode_of(const std::string& text) {
  detail::PartText part("anode", text);
  CapacityRequest::Anode anode;
  anode.formula = part.name();
  const std::optional<Measured> density = part.take("g/cm3");
  if (!density) throw ParameterError("anode", "'" + text + "'", "a density behind the formula ('Li, 0.534 g/cm3')");
  anode.density = *density;
  anode.thickness = part.take("um");
  if (const std::optional<Measured> electrons = part.take("1")) anode.electrons = electrons->value;
  part.finish("a density (g/cm3), a thickness (um) and electrons per formula unit (a number)");
  return anode;
}

CapacityRequest request_of(const Arguments& arguments) {
  const auto given = [&](std::string_view name, std::string_view unit) -> std::optional<Measured> {
    const std::optional<base::Quantity> quantity = arguments.quantity(name, unit);
    if (!quantity) return std::nullopt;
    return detail::measured(*quantity, name, arguments.text(name));
  };
  CapacityRequest request;
  request.active = arguments.text("formula");
  if (const auto electrons = given("electrons", "1")) request.electrons = electrons->value;
  request.specific_capacity = given("specific-capacity", "mAh/g");
  request.mass = given("mass", "mg");
  request.active_fraction = given("active-fraction", "wt%").value_or(Measured{1.0, std::nullopt});
  request.diameter = given("diameter", "mm");
  request.area = given("area", "cm2");
  request.rates = arguments.texts("rate");
  request.conductivity = given("conductivity", "S/cm");
  request.thickness = given("thickness", "mm");
  request.voltage = given("voltage", "V");
  for (const std::string& text : arguments.texts("layer")) request.layers.push_back(layer_of("layer", text, false));
  for (const std::string& text : arguments.texts("collector"))
    request.layers.push_back(layer_of("collector", text, true));
  if (arguments.has("anode")) request.anode = anode_of(std::string(arguments.text("anode")));
  return request;
}

base::Formula formula_of(std::string_view option, const std::string& text) {
  try {
    return base::Formula::parse(text);
  } catch (const base::InputError& error) {
    throw ParameterError(
        std::string(option), "'" + text + "'",
        error.expected() + " (column " + std::to_string(error.place().column) + ": " + error.problem() + ")");
  }
}

/// The active material with what the library adds to it.
struct Active {
  base::Formula formula;
  double electrons = 0.0;
  std::string electrons_source;
  std::optional<Measured> voltage;
  std::string voltage_source;
  const library::Electrode* electrode = nullptr;
};

const library::Electrode* electrode_of(const library::Library& library, const std::string& name) {
  if (const library::Electrode* found = library.find_electrode(name); found != nullptr) return found;
  std::optional<base::Formula> formula;
  try {
    formula = base::Formula::parse(name);
  } catch (const base::InputError&) {
    return nullptr;  // a name that neither the library nor the formula parser knows is reported by the caller
  }
  for (const library::Electrode& electrode : library.electrodes()) {
    if (!electrode.formula.empty() && base::Formula::parse(electrode.formula) == *formula) return &electrode;
  }
  return nullptr;
}

Active active_of(const CapacityRequest& request, const library::Library& library) {
  Active active;
  active.electrode = electrode_of(library, request.active);
  if (active.electrode != nullptr && active.electrode->formula.empty()) {
    throw ParameterError("formula", "'" + request.active + "'",
                         "a formula: the library does not state the composition of this electrode");
  }
  active.formula = formula_of("formula", active.electrode != nullptr ? active.electrode->formula : request.active);
  const std::string row = active.electrode == nullptr ? ""
                                                      : "library " + active.electrode->id + ", " +
                                                            active.electrode->source + ", " + active.electrode->locator;
  if (request.electrons) {
    active.electrons = *request.electrons;
    active.electrons_source = "option electrons";
  } else if (active.electrode != nullptr && active.electrode->electrons_per_formula) {
    active.electrons = *active.electrode->electrons_per_formula;
    active.electrons_source = row;
  } else {
    std::vector<std::string> names;
    for (const library::Electrode& electrode : library.electrodes()) names.push_back(electrode.material);
    const std::string near = base::did_you_mean(request.active, names);
    throw ParameterError("electrons", "missing",
                         "the electrons per formula unit; the library knows no electrode '" + request.active + "'" +
                             (near.empty() ? "" : ", " + near));
  }
  if (request.voltage) {
    active.voltage = request.voltage;
    active.voltage_source = "option voltage";
  } else if (active.electrode != nullptr && active.electrode->average_voltage &&
             *active.electrode->average_voltage > 0.0) {
    active.voltage = Measured{*active.electrode->average_voltage, std::nullopt};
    active.voltage_source = row + ", against " + active.electrode->voltage_reference;
  }
  return active;
}

report::Section material_section(const CapacityRequest& request, const Active& active, const Measured& theoretical) {
  report::KeyValues items{"material", {}};
  items.items.emplace_back("formula", active.formula.text());
  report::Value molar_mass =
      value_in(Measured{active.formula.molar_mass(), std::nullopt}, "g/mol", computed, "standard atomic weights 2021");
  molar_mass.significant = 6;
  items.items.emplace_back("molar mass", molar_mass);
  items.items.emplace_back("electrons per formula unit",
                           value_in(Measured{active.electrons, std::nullopt}, "1", "", active.electrons_source));
  items.items.emplace_back("theoretical capacity", value_in(theoretical, "mAh/g", computed, "n F / (3.6 M)"));
  if (request.specific_capacity) {
    items.items.emplace_back("capacity used below",
                             value_in(*request.specific_capacity, "mAh/g", "", "option specific-capacity"));
  }
  if (active.voltage) {
    const std::string kind = request.voltage ? "" : active.electrode->kind;
    items.items.emplace_back("average voltage", value_in(*active.voltage, "V", kind, active.voltage_source));
    const Measured energy = propagate_over([](double q, double v) { return q * v; }, theoretical, *active.voltage);
    items.items.emplace_back("theoretical energy, active material alone",
                             value_in(energy, "Wh/kg", computed, "capacity × voltage"));
  }
  return {"material", "Active material", {items}, false};
}

report::Section electrode_section(const cell::ElectrodeLoading& loading, const cell::ElectrodeCapacity& electrode,
                                  bool has_area) {
  report::KeyValues items{"electrode", {}};
  items.items.emplace_back("composite mass", value_in(loading.composite_mass, "mg", "", "option mass"));
  items.items.emplace_back("active fraction",
                           value_in(loading.active_mass_fraction, "wt%", "", "option active-fraction"));
  items.items.emplace_back("active mass", value_in(electrode.active_mass, "mg", computed, "m w"));
  items.items.emplace_back("capacity", value_in(electrode.capacity, "mAh", computed, "m w Q"));
  if (has_area) {
    items.items.emplace_back("area", value_in(loading.area, "cm2", computed, "option diameter or area"));
    items.items.emplace_back("active mass per area",
                             value_in(electrode.areal_active_mass, "mg/cm2", computed, "m w / A"));
    items.items.emplace_back("areal capacity", value_in(electrode.areal_capacity, "mAh/cm2", computed, "m w Q / A"));
  }
  return {"electrode", "Electrode", {items}, false};
}

report::Table rate_table(const CapacityRequest& request, const Measured& specific_capacity,
                         const std::optional<cell::ElectrodeCapacity>& electrode, bool has_area,
                         const std::optional<Measured>& resistance) {
  report::Table table{"rates", "C-rates", {{"rate", "rate"}, {"current_mA_per_g", "I/m active (mA/g)"}}, {}, {}};
  if (electrode) table.columns.push_back({"current_uA", "I (µA)"});
  if (electrode && has_area) table.columns.push_back({"current_density_uA_per_cm2", "i (µA/cm²)"});
  const bool has_drop = electrode && has_area && resistance;
  if (has_drop) table.columns.push_back({"ohmic_drop_mV", "separator drop (mV)"});
  std::vector<std::string> rates = request.rates;
  if (rates.empty()) rates.assign(default_rates.begin(), default_rates.end());
  for (const std::string& text : rates) {
    double rate = 0.0;
    try {
      rate = cell::parse_c_rate_per_hour(text);
    } catch (const base::InputError& error) {
      throw ParameterError(
          "rate", "'" + text + "'",
          error.expected() + " (column " + std::to_string(error.place().column) + ": " + error.problem() + ")");
    }
    const auto per_time = [&](const Measured& capacity) { return cell::current_density(capacity, rate); };
    std::vector<report::Cell> row{text, value_in(per_time(specific_capacity), "mA/g", computed, "Q × rate")};
    if (electrode) row.emplace_back(value_in(per_time(electrode->capacity), "uA", computed, "capacity × rate"));
    if (electrode && has_area) {
      const Measured current = per_time(electrode->areal_capacity);
      row.emplace_back(value_in(current, "uA/cm2", computed, "areal capacity × rate"));
      if (has_drop) row.emplace_back(value_in(cell::ohmic_drop(current, *resistance), "mV", computed, "i L/σ"));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

report::Section stack_section(const std::vector<cell::StackLayer>& layers, const cell::StackEnergy& stack) {
  report::Table table{
      "layers",
      "Layers",
      {{"layer", "layer"}, {"thickness_um", "thickness (µm)"}, {"areal_mass_mg_per_cm2", "mass (mg/cm²)"}},
      {},
      {}};
  for (const cell::StackLayer& layer : layers) {
    table.rows.push_back({layer.name + (layer.is_current_collector ? " (collector)" : ""),
                          value_in(layer.thickness, "um", "", "option layer or collector", ""),
                          value_in(layer.areal_mass, "mg/cm2", "", "option layer or collector", "")});
  }
  report::KeyValues items{"energy", {}};
  constexpr std::string_view why = "a layer's data are missing";
  items.items.emplace_back("energy per area",
                           value_in(stack.areal_energy, "mWh/cm2", computed, "areal capacity × voltage"));
  const auto add = [&](const std::string& which, const cell::StackSum& sum) {
    items.items.emplace_back("mass per area, " + which,
                             value_in(sum.areal_mass, "mg/cm2", computed, "sum of layers", why));
    items.items.emplace_back("energy per mass, " + which,
                             value_in(sum.energy_per_mass, "Wh/kg", computed, "energy / mass", why));
    items.items.emplace_back("energy per volume, " + which,
                             value_in(sum.energy_per_volume, "Wh/L", computed, "energy / thickness", why));
  };
  add("with collectors", stack.with_collectors);
  add("without collectors", stack.without_collectors);
  return {"stack", "Stack", {table, items}, false};
}

report::Section anode_section(const CapacityRequest::Anode& anode, const Measured& areal_capacity,
                              report::Report& report) {
  const base::Formula formula = formula_of("anode", anode.formula);
  report::KeyValues items{"anode", {}};
  items.items.emplace_back(anode.formula + " that the cathode's capacity needs",
                           value_in(cell::metal_thickness(areal_capacity, formula, anode.electrons, anode.density),
                                    "um", computed, "Q M / (n F ρ)"));
  if (anode.thickness) {
    const Measured there = cell::metal_areal_capacity(*anode.thickness, formula, anode.electrons, anode.density);
    const Measured ratio = cell::capacity_ratio(there, areal_capacity);
    items.items.emplace_back("areal capacity of the anode", value_in(there, "mAh/cm2", computed, "n F ρ d / M"));
    items.items.emplace_back("N/P", value_in(ratio, "1", computed, "anode / cathode"));
    if (ratio.value < 1.0) report.warnings.push_back("the anode holds less than the cathode (N/P below 1)");
  }
  return {"anode", "Anode", {items}, false};
}

report::Section method_section() {
  return {"method",
          "Method",
          {report::Paragraph{"Q = n F / (3.6 M) mAh/g; a rate of C/n passes the capacity in n hours; the separator's "
                             "drop is i L/σ (uniform "
                             "current, no interfaces). Standard atomic weights 2021: DOI 10.1515/pac-2019-0603."},
           report::Paragraph{
               "Stack: masses and thicknesses of the layers add up, energy = areal capacity × average voltage; nothing "
               "is assumed "
               "for data that are missing. Uncertainties to first order (JCGM 100:2008, eq. 10), inputs independent."}},
          true};
}

void check(const CapacityRequest& request) {
  const auto require = [](bool holds, const char* name, const char* value, const char* allowed) {
    if (!holds) throw ParameterError(name, value, allowed);
  };
  require(!(request.diameter && request.area), "area", "beside a diameter", "an area or a diameter, not both");
  require(request.conductivity.has_value() == request.thickness.has_value(),
          request.thickness ? "thickness" : "conductivity",
          request.thickness ? "without conductivity" : "without thickness",
          "conductivity and thickness of the separator together");
  require(request.mass || !(request.diameter || request.area), "mass", "missing",
          "the mass of the electrode with its diameter or area");
  const bool has_areal_capacity = request.mass && (request.diameter || request.area);
  require(request.layers.empty() || has_areal_capacity, "layer", "without areal capacity",
          "mass and diameter or area of the electrode");
  require(!request.anode || has_areal_capacity, "anode", "without areal capacity",
          "mass and diameter or area of the electrode");
}

report::Report run_capacity(const Arguments& arguments, const Context& context) {
  return capacity(request_of(arguments), context);
}

}  // namespace

report::Report capacity(const CapacityRequest& request, const Context& context) {
  check(request);
  const library::Library library = library::Library::load(context.data);
  const Active active = active_of(request, library);
  const Measured theoretical{cell::theoretical_capacity(active.formula, active.electrons), std::nullopt};
  const Measured specific_capacity = request.specific_capacity.value_or(theoretical);

  report::Report report;
  report.task = "capacity";
  report.title = request.active;
  report.sections.push_back(material_section(request, active, theoretical));
  if (active.electrode != nullptr && !request.electrons) {
    report.provenance.emplace_back("library", active.electrode->id);
    for (const std::string& flag : active.electrode->flags) {
      if (flag == "ambiguous")
        report.doubts.push_back("library " + active.electrode->id + ": " + active.electrode->note);
    }
  }

  const bool has_area = request.diameter || request.area;
  std::optional<cell::ElectrodeCapacity> electrode;
  if (request.mass) {
    const Measured area = request.area       ? *request.area
                          : request.diameter ? cell::disc_area(*request.diameter)
                                             : Measured{1.0, std::nullopt};
    const cell::ElectrodeLoading loading{*request.mass, request.active_fraction, specific_capacity, area};
    electrode = cell::electrode_capacity(loading);
    report.sections.push_back(electrode_section(loading, *electrode, has_area));
  }
  std::optional<Measured> resistance;
  std::vector<report::Block> operation;
  if (request.thickness) {
    resistance = cell::area_specific_resistance(*request.thickness, *request.conductivity);
    operation.emplace_back(
        report::KeyValues{"separator", {{"separator resistance", value_in(*resistance, "Ohm cm2", computed, "L/σ")}}});
  }
  operation.insert(operation.begin(), rate_table(request, specific_capacity, electrode, has_area, resistance));
  report.sections.push_back({"operation", "Operation", std::move(operation), false});
  if (request.anode) report.sections.push_back(anode_section(*request.anode, electrode->areal_capacity, report));
  if (!request.layers.empty()) {
    if (!active.voltage)
      throw ParameterError("voltage", "missing", "the average discharge voltage for the energy of the stack");
    const cell::StackEnergy stack = cell::stack_energy(request.layers, electrode->areal_capacity, *active.voltage);
    report.sections.push_back(stack_section(request.layers, stack));
    for (const std::string& missing : stack.missing) report.warnings.push_back("not known: " + missing);
  }
  report.sections.push_back(method_section());
  return report;
}

constinit const Task capacity_task{
    .name = "capacity",
    .summary = "Theoretical and areal capacity, C-rates, separator drop and energy density of a stack",
    .options = options,
    .run = run_capacity,
    .stem = "capacity",
};

}  // namespace closo::tasks
