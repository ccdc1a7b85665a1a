// The cell as built: active mass, capacity, currents, energy density; the separator's resistance and ohmic loss.
#include <cmath>

#include "closo/base/formula.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/loading.hpp"
#include "closo/cell/stack.hpp"
#include "closo/tasks/detail/evaluation.hpp"

namespace closo::tasks::detail {
namespace {

constexpr double mAh_per_g = 3600.0;     // C/kg
constexpr double mAh_per_cm2 = 36000.0;  // C/m²
constexpr double mAh = 3.6;              // C
constexpr double ohm_cm2 = 1e-4;         // Ω m²
constexpr double uA_per_cm2 = 1e-2;      // A/m²

base::Measured measured(const base::Quantity& quantity) { return {quantity.value, quantity.uncertainty}; }

report::Value shown(const base::Measured& number, double unit_in_si, std::string unit, std::string kind,
                    std::string source, int significant = 3) {
  report::Value value;
  value.value = number.value / unit_in_si;
  if (number.uncertainty) value.uncertainty = *number.uncertainty / unit_in_si;
  value.unit = std::move(unit);
  value.kind = std::move(kind);
  value.source = std::move(source);
  value.significant = significant;
  return value;
}

report::Value missing(std::string unit, std::string why) {
  report::Value value;
  value.unit = std::move(unit);
  value.note = std::move(why);
  return value;
}

/// Specific capacity of the active material with where it comes from.
struct SpecificCapacity {
  base::Measured value;  ///< C/kg
  std::string kind, source;
};

std::optional<SpecificCapacity> specific_capacity(const Evaluation& evaluation) {
  const CathodeEntry& cathode = *evaluation.system.cathode;
  if (cathode.specific_capacity) {
    return SpecificCapacity{measured(*cathode.specific_capacity), "setting",
                            cathode.source.empty() ? "system file" : cathode.source};
  }
  const library::Electrode* electrode = evaluation.library.find_electrode(cathode.active);
  if (electrode == nullptr || electrode->formula.empty() || !electrode->electrons_per_formula) {
    const library::ElectrodeMaterial* material =
        evaluation.electrodes == nullptr ? nullptr : evaluation.electrodes->find(cathode.active);
    const library::ElectrodeNumber* number = material == nullptr ? nullptr : material->find("specific_capacity");
    if (number == nullptr) return std::nullopt;
    return SpecificCapacity{{number->value, {}},
                            std::string(to_string(number->kind)),
                            "electrode data, " + material->id + ": " + evaluation.electrodes->citation(number->source)};
  }
  const double theory =
      cell::theoretical_capacity(base::Formula::parse(electrode->formula), *electrode->electrons_per_formula);
  return SpecificCapacity{{theory, {}},
                          "computed",
                          "theory, " + base::format_number(*electrode->electrons_per_formula) + " " +
                              electrode->mobile_ion + " per " + electrode->formula};
}

/// Layers of the stack with what the system file gives of each.
std::vector<cell::StackLayer> stack_layers(const System& system, const base::Measured& area) {
  const auto areal = [&](const base::Quantity& mass) {
    return base::propagate_over([](double m, double a) { return m / a; }, measured(mass), area);
  };
  std::vector<cell::StackLayer> layers;
  if (system.anode) {
    const AnodeEntry& anode = *system.anode;
    cell::StackLayer layer{system.anode->material + " anode", {}, {}, false};
    if (anode.mass) {
      layer.areal_mass = areal(*anode.mass);
    } else if (anode.thickness && anode.density) {
      layer = cell::dense_layer(layer.name, measured(*anode.thickness), measured(*anode.density));
    }
    if (anode.thickness) layer.thickness = measured(*anode.thickness);
    layers.push_back(layer);
  }
  cell::StackLayer separator{"separator", {}, {}, false};
  if (system.separator.mass) {
    separator.areal_mass = areal(*system.separator.mass);
  } else if (system.separator.thickness && system.electrolyte.density) {
    separator =
        cell::dense_layer(separator.name, measured(*system.separator.thickness), measured(*system.electrolyte.density));
  }
  if (system.separator.thickness) separator.thickness = measured(*system.separator.thickness);
  layers.push_back(separator);
  layers.push_back({"cathode composite", areal(*system.cathode->mass), {}, false});
  return layers;
}

void add_energy(const Evaluation& evaluation, const base::Measured& areal_capacity, report::KeyValues& values) {
  const System& system = evaluation.system;
  std::optional<base::Measured> voltage;
  std::string source = "system file";
  if (system.cathode->average_voltage) {
    voltage = measured(*system.cathode->average_voltage);
  } else if (const library::Electrode* electrode = evaluation.library.find_electrode(system.cathode->active);
             electrode != nullptr && electrode->average_voltage && system.anode &&
             system.anode->material == electrode->mobile_ion) {
    voltage = base::Measured{*electrode->average_voltage, {}};
    source = "library, " + electrode->id + " against " + electrode->mobile_ion;
  }
  if (!voltage) {
    values.items.emplace_back("energy density of the stack",
                              missing("Wh/kg", "the average voltage of this pair is not known"));
    return;
  }
  values.items.emplace_back("average voltage",
                            shown(*voltage, 1.0, "V", source == "system file" ? "setting" : "measured", source));
  const std::vector<cell::StackLayer> layers = stack_layers(system, measured(*system.separator.area));
  const cell::StackEnergy energy = cell::stack_energy(layers, areal_capacity, *voltage);
  if (energy.without_collectors.areal_mass && energy.without_collectors.energy_per_mass) {
    values.items.emplace_back("mass of anode, separator and cathode", shown(*energy.without_collectors.areal_mass, 1e-2,
                                                                            "mg/cm²", "computed", "sum of the layers"));
    report::Value density = shown(*energy.without_collectors.energy_per_mass, 3600.0, "Wh/kg", "computed",
                                  "areal energy / mass of the layers, no housing, no collectors");
    density.note = "laboratory pellet; the separator dominates";
    values.items.emplace_back("energy density of the stack", density);
  } else {
    std::string list;
    for (const std::string& name : energy.missing) {
      if (name.find("mass") != std::string::npos) list += (list.empty() ? "" : ", ") + name;
    }
    values.items.emplace_back("energy density of the stack", missing("Wh/kg", "not given: " + list));
  }
}

}  // namespace

void add_cell(Evaluation& evaluation) {
  const System& system = evaluation.system;
  if (!system.cathode) return;
  report::Section section{"cell", "Capacity, loading and energy density", {}, false};
  report::KeyValues values{"loading", {}};
  const std::optional<SpecificCapacity> capacity = specific_capacity(evaluation);
  values.items.emplace_back("specific capacity of " + system.cathode->active,
                            capacity ? shown(capacity->value, mAh_per_g, "mAh/g", capacity->kind, capacity->source, 4)
                                     : missing("mAh/g", "neither stated nor in the library's electrodes"));
  const auto share = system.cathode->composition.find(system.cathode->active);
  if (!capacity || !system.cathode->mass || share == system.cathode->composition.end() || !system.separator.area) {
    std::string lacking;
    const auto lacks = [&](bool present, const char* name) {
      if (!present) lacking += (lacking.empty() ? "" : ", ") + std::string(name);
    };
    lacks(system.cathode->mass.has_value(), "cathode mass");
    lacks(share != system.cathode->composition.end(), "cathode composition");
    lacks(system.separator.area.has_value(), "electrode area or diameter");
    values.items.emplace_back("areal capacity", missing("mAh/cm²", "needs " + lacking));
    section.blocks.emplace_back(values);
    evaluation.report.sections.push_back(std::move(section));
    return;
  }
  const cell::ElectrodeCapacity electrode = cell::electrode_capacity(
      {measured(*system.cathode->mass), measured(share->second), capacity->value, measured(*system.separator.area)});
  evaluation.areal_capacity = electrode.areal_capacity.value;
  const std::string from = "composite mass × share × specific capacity";
  values.items.emplace_back(
      "area", shown(measured(*system.separator.area), 1e-4, "cm²", "computed", "diameter or area of the separator", 4));
  values.items.emplace_back("active mass",
                            shown(electrode.active_mass, 1e-6, "mg", "computed", "composite mass × share"));
  values.items.emplace_back("capacity", shown(electrode.capacity, mAh, "mAh", "computed", from));
  values.items.emplace_back("areal capacity",
                            shown(electrode.areal_capacity, mAh_per_cm2, "mAh/cm²", "computed", from));
  add_energy(evaluation, electrode.areal_capacity, values);
  section.blocks.emplace_back(values);

  if (!system.operation.rates.empty()) {
    report::Table table{"rates",
                        "Currents",
                        {{"rate", "rate"},
                         {"current_density_uA_per_cm2", "current density (µA/cm²)"},
                         {"specific_current_mA_per_g", "specific current (mA/g)"}},
                        {},
                        {}};
    for (const Rate& rate : system.operation.rates) {
      const base::Measured current = cell::current_density(electrode.areal_capacity, rate.per_hour);
      base::Measured specific{capacity->value.value * rate.per_hour / 3600.0, {}};
      table.rows.push_back({rate.text, shown(current, uA_per_cm2, "µA/cm²", "computed", "areal capacity × rate"),
                            shown(specific, 1.0, "mA/g", "computed", "specific capacity × rate")});
    }
    section.blocks.emplace_back(table);
  }
  evaluation.report.sections.push_back(std::move(section));
}

void add_separator(Evaluation& evaluation) {
  const System& system = evaluation.system;
  report::Section section{"separator", "Separator resistance and ohmic loss", {}, false};
  const library::Criterion* criterion = find_criterion(evaluation.library, "separator area-specific resistance");
  double target = criterion != nullptr && criterion->value ? criterion->unit.to_si(*criterion->value) : 0.0;
  std::string target_source = criterion != nullptr ? criterion->note : "";
  if (system.criteria.separator_resistance_at_most) {
    target = system.criteria.separator_resistance_at_most->value;
    target_source = "system file";
  }
  report::Verdict verdict;
  verdict.criterion = "separator";
  verdict.target = target > 0.0 ? "≤ " + base::format_number(target / ohm_cm2) + " Ω cm²" : "";

  if (!system.separator.thickness || !conductivity_at(evaluation, evaluation.working_temperature)) {
    verdict.finding = "unknown";
    verdict.reason =
        !system.separator.thickness ? "the thickness of the separator is not given" : "the conductivity is not known";
    if (target > 0.0) evaluation.report.verdicts.push_back(verdict);
    return;
  }

  report::Table table{
      "separator",
      "Separator",
      {{"temperature_degC", "T (°C)"}, {"sigma_mS_per_cm", "σ (mS/cm)"}, {"resistance_ohm_cm2", "L/σ (Ω cm²)"}},
      {},
      "Ohmic drop is current density × L/σ; interfaces and electrodes come on top."};
  for (const Rate& rate : system.operation.rates) {
    if (evaluation.areal_capacity)
      table.columns.push_back({"drop_mV_at_" + rate.text, "drop at " + rate.text + " (mV)"});
  }
  base::Measured at_work;
  double largest_drop = 0.0;
  std::string fastest;
  for (const double temperature : evaluation.temperatures) {
    const std::optional<Conductivity> conductivity = conductivity_at(evaluation, temperature);
    if (!conductivity) continue;
    const base::Measured& sigma = conductivity->sigma;
    const base::Measured resistance = cell::area_specific_resistance(measured(*system.separator.thickness), sigma);
    std::vector<report::Cell> row = {
        stated_value({temperature, {}, base::Qualifier::equal, base::Unit::parse("K")}, "degC", "setting", ""),
        shown(sigma, 0.1, "mS/cm", conductivity->kind, conductivity->source),
        shown(resistance, ohm_cm2, "Ω cm²", "computed", "thickness / conductivity")};
    for (const Rate& rate : system.operation.rates) {
      if (!evaluation.areal_capacity) break;
      const base::Measured current = cell::current_density({*evaluation.areal_capacity, {}}, rate.per_hour);
      const base::Measured drop = cell::ohmic_drop(current, resistance);
      row.emplace_back(shown(drop, 1e-3, "mV", "computed", "current density × area-specific resistance"));
      if (temperature == evaluation.working_temperature && drop.value > largest_drop) {
        largest_drop = drop.value;
        fastest = rate.text;
      }
    }
    table.rows.push_back(std::move(row));
    if (temperature == evaluation.working_temperature) {
      at_work = resistance;
      verdict.source = conductivity->source;
    }
  }
  section.blocks.emplace_back(table);
  evaluation.report.sections.push_back(std::move(section));

  const report::Value shown_resistance = shown(
      at_work, ohm_cm2, "Ω cm²", "computed", "thickness / conductivity at " + celsius(evaluation.working_temperature));
  verdict.finding = report::to_text(shown_resistance);
  if (largest_drop > 0.0) verdict.finding += " · " + base::format_number(1e3 * largest_drop, 2) + " mV at " + fastest;
  verdict.values.push_back(shown_resistance);
  if (target > 0.0) {
    const Decision decision = decide(at_work.value, at_work.uncertainty, target, true);
    verdict.outcome = decision.outcome;
    verdict.probability = decision.probability;
    verdict.reason = reason_of(decision, "the separator's resistance at " + celsius(evaluation.working_temperature)) +
                     "; target: " + target_source;
    evaluation.report.verdicts.push_back(verdict);
  }
}

}  // namespace closo::tasks::detail
