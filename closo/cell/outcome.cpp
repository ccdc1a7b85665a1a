#include "closo/cell/outcome.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"

namespace closo::cell {
namespace {

using Maybe = std::optional<double>;
using Reading = const CellOutcome&;

Maybe per(double value, const Maybe& size) { return size && *size > 0.0 ? Maybe(value / *size) : std::nullopt; }
Maybe power(Reading o) { return per(o.energy, o.duration); }
Maybe power_per(Reading o, const Maybe& size) {
  const Maybe all = power(o);
  return all ? per(*all, size) : std::nullopt;
}

template <double LossBudget::*Part>
Maybe loss(Reading o) {
  return per(o.losses.*Part, o.charge);
}

constexpr bool better = true, worse = false, part = true, whole = false;

constexpr auto table = std::to_array<OutcomeQuantity>({
    {"specific capacity", "specific_capacity_mAh_per_g", "mAh/g", better, whole, "of the active material",
     [](Reading o) { return per(o.charge, o.active_mass); }},
    {"areal capacity", "areal_capacity_mAh_per_cm2", "mAh/cm2", better, whole, "discharged, over area",
     [](Reading o) { return Maybe(o.charge); }},
    {"utilisation", "utilisation_percent", "%", better, whole, "of the capacity between stoichiometry 0 and 1",
     [](Reading o) { return per(o.charge, o.theoretical_capacity); }},
    {"mean voltage", "mean_voltage_V", "V", better, whole, "energy / charge",
     [](Reading o) { return per(o.energy, o.charge); }},
    {"areal energy", "areal_energy_mWh_per_cm2", "mWh/cm2", better, whole, "discharged, over area",
     [](Reading o) { return Maybe(o.energy); }},
    {"specific energy", "specific_energy_Wh_per_kg", "Wh/kg", better, whole, "of anode, separator and cathode",
     [](Reading o) { return per(o.energy, o.stack.areal_mass); }},
    {"energy density", "energy_density_Wh_per_L", "Wh/L", better, whole, "of anode, separator and cathode",
     [](Reading o) { return per(o.energy, o.stack.thickness); }},
    {"specific energy with collectors", "specific_energy_with_collectors_Wh_per_kg", "Wh/kg", better, whole,
     "of the stack with its current collectors",
     [](Reading o) { return per(o.energy, o.stack.areal_mass_with_collectors); }},
    {"energy density with collectors", "energy_density_with_collectors_Wh_per_L", "Wh/L", better, whole,
     "of the stack with its current collectors",
     [](Reading o) { return per(o.energy, o.stack.thickness_with_collectors); }},
    {"areal power", "areal_power_mW_per_cm2", "mW/cm2", better, whole, "energy / duration", power},
    {"specific power", "specific_power_W_per_kg", "W/kg", better, whole, "of anode, separator and cathode",
     [](Reading o) { return power_per(o, o.stack.areal_mass); }},
    {"power density", "power_density_W_per_L", "W/L", better, whole, "of anode, separator and cathode",
     [](Reading o) { return power_per(o, o.stack.thickness); }},
    {"duration", "duration_h", "h", better, whole, "of the discharge", [](Reading o) { return Maybe(o.duration); }},
    {"total loss", "total_loss_mV", "mV", worse, whole, "against the open-circuit voltage",
     [](Reading o) { return per(o.losses.total(), o.charge); }},
    {"ohmic loss", "ohmic_loss_mV", "mV", worse, whole, "of ions and electrons in separator and cathode",
     [](Reading o) {
       return per(o.losses.separator + o.losses.cathode_ionic + o.losses.cathode_electronic, o.charge);
     }},
    {"separator loss", "separator_loss_mV", "mV", worse, part, "of ions in the separator",
     loss<&LossBudget::separator>},
    {"anode kinetics loss", "anode_kinetics_loss_mV", "mV", worse, part, "of stripping",
     loss<&LossBudget::anode_kinetics>},
    {"anode interface loss", "anode_interface_loss_mV", "mV", worse, part, "of interphase and constriction",
     loss<&LossBudget::anode_interface>},
    {"cathode ionic loss", "cathode_ionic_loss_mV", "mV", worse, part, "of ions in the composite",
     loss<&LossBudget::cathode_ionic>},
    {"cathode electronic loss", "cathode_electronic_loss_mV", "mV", worse, part, "of electrons in the composite",
     loss<&LossBudget::cathode_electronic>},
    {"film loss", "film_loss_mV", "mV", worse, part, "of coating and interphase on the particles",
     loss<&LossBudget::film>},
    {"charge transfer loss", "charge_transfer_loss_mV", "mV", worse, part, "of the cathode's kinetics",
     loss<&LossBudget::charge_transfer>},
    {"diffusion loss", "diffusion_loss_mV", "mV", worse, part, "within the particles", loss<&LossBudget::diffusion>},
    {"uneven use loss", "uneven_use_loss_mV", "mV", worse, part, "of uneven stoichiometry through the electrode",
     loss<&LossBudget::utilisation>},
    {"side reaction loss", "side_reaction_loss_mV", "mV", worse, part, "of electrolyte oxidation",
     loss<&LossBudget::side_reaction>},
});

}  // namespace

std::string_view to_string(OutcomeStatus status) noexcept {
  switch (status) {
    case OutcomeStatus::complete:
      return "complete";
    case OutcomeStatus::stopped:
      return "stopped";
    case OutcomeStatus::impossible:
      break;
  }
  return "impossible";
}

std::span<const OutcomeQuantity> outcome_quantities() noexcept { return table; }

const OutcomeQuantity& outcome_quantity(std::string_view name) {
  if (const auto found = std::ranges::find(table, name, &OutcomeQuantity::name); found != table.end()) return *found;
  std::vector<std::string> names;
  std::string list;
  for (const OutcomeQuantity& row : table) {
    names.emplace_back(row.name);
    if (!row.is_loss) list += (list.empty() ? "" : ", ") + std::string(row.name);
  }
  const std::string near = base::did_you_mean(name, names);
  throw base::InputError({}, "no outcome is named '" + std::string(name) + "'" + (near.empty() ? "" : "; " + near),
                         "one of " + list + ", or a part of the loss");
}

const OutcomeQuantity* largest_loss(const CellOutcome& outcome) noexcept {
  const OutcomeQuantity* largest = nullptr;
  double most = 0.0;
  for (const OutcomeQuantity& row : table) {
    if (!row.is_loss) continue;
    const Maybe value = row.value(outcome);
    if (!value || !(*value > most)) continue;
    most = *value;
    largest = &row;
  }
  return largest;
}

Protocol discharge_protocol(const CellDescription& description, std::string_view rate, double lower_cutoff,
                            double upper_cutoff) {
  std::string text = "Discharge at " + std::string(rate) + " until " + base::format_exact(lower_cutoff) + " V";
  const double temperature = description.value_or("temperature", 298.15);
  const double anode = description.value_or("anode.potential", 0.0);
  const OpenCircuit& curve = description.open_circuit;
  const double middle = 0.5 * (curve.stoichiometry_at(lower_cutoff + anode, temperature) +
                               curve.stoichiometry_at(upper_cutoff + anode, temperature));
  if (description.value_or("cathode.initial_stoichiometry", 0.0) > middle)
    text = "Charge at C/20 until " + base::format_exact(upper_cutoff) + " V\n" + text;
  return parse_protocol(text);
}

CellOutcome evaluate(const CellDescription& description, const Protocol& protocol, const SimulationOptions& options,
                     const StackChoice& stack) {
  CellOutcome outcome;
  try {
    const CellStack layers = stack_of_cell(description, stack);
    const CellParameters parameters = build(description);
    outcome.theoretical_capacity = theoretical_capacity(parameters.cathode);
    outcome.active_mass = cathode_geometry(description).active_mass;
    outcome.stack = stack_size(layers);
    SimulationOptions sums = options;
    sums.keeps_rows = false;
    const SimulationResult run = simulate(parameters, protocol, sums);
    outcome.status = run.status == RunStatus::complete ? OutcomeStatus::complete : OutcomeStatus::stopped;
    outcome.reason = run.reason;
    for (const StepSummary& step : run.steps) {
      if (protocol.steps[step.step].kind != ProtocolStep::Kind::discharge) continue;
      outcome.end = step.end;
      outcome.charge = step.charge;
      outcome.energy = step.energy;
      outcome.duration = step.duration;
      outcome.losses = step.losses;
    }
  } catch (const base::ParameterError& error) {
    outcome.reason = error.what();
  } catch (const base::NumericsError& error) {
    outcome.status = OutcomeStatus::stopped;
    outcome.reason = error.what();
  }
  return outcome;
}

}  // namespace closo::cell
