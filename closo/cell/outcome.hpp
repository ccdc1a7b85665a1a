/// What one discharge of a described cell gives: capacity, voltage, energy, power, losses, energy of the stack.
///
/// Definitions: capacity = charge of the protocol's last discharge step; utilisation = that over the capacity between
/// stoichiometry 0 and 1; mean voltage = energy / charge; power = energy / duration; a loss in volts = its energy /
/// charge; per mass and volume of the stack as in stack_of_cell.hpp. A run that stops early keeps what it reached.
/// Source: definitions of the field, e.g. J. Xiao et al., Nat. Energy 5 (2020) 561, DOI 10.1038/s41560-020-0648-z.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "closo/cell/description.hpp"
#include "closo/cell/simulation.hpp"
#include "closo/cell/stack_of_cell.hpp"

namespace closo::cell {

enum class OutcomeStatus : unsigned char {
  complete,
  stopped,     ///< the run could not go on: see `reason`; what it reached is kept
  impossible,  ///< no such cell: see `reason`
};
/// "complete", "stopped", "impossible".
std::string_view to_string(OutcomeStatus status) noexcept;

struct CellOutcome {
  OutcomeStatus status = OutcomeStatus::impossible;
  std::string reason = {};
  StepEnd end = StepEnd::stopped;     ///< of the last discharge
  double charge = 0.0;                ///< C/m²
  double energy = 0.0;                ///< J/m²
  double duration = 0.0;              ///< s
  LossBudget losses = {};             ///< J/m²
  double theoretical_capacity = 0.0;  ///< C/m²
  double active_mass = 0.0;           ///< kg/m²
  StackSize stack = {};
};

/// One row of the table of outcomes: what sweeps tabulate and designs aim at.
struct OutcomeQuantity {
  std::string_view name;  ///< "specific energy"
  std::string_view key;   ///< "specific_energy_Wh_per_kg"
  std::string_view unit;  ///< "Wh/kg"
  bool is_more_better = true;
  bool is_loss = false;  ///< one part of the loss budget
  std::string_view meaning;
  std::optional<double> (*value)(const CellOutcome&);  ///< SI; empty where the outcome or its data lack
};
std::span<const OutcomeQuantity> outcome_quantities() noexcept;
/// Throws: InputError with near names.
const OutcomeQuantity& outcome_quantity(std::string_view name);

/// The largest part of the loss budget ("separator loss"); nullptr without a discharge.
const OutcomeQuantity* largest_loss(const CellOutcome& outcome) noexcept;

/// A discharge at a rate as protocols write it ("C/3", "1 mA/cm2") to the lower cut-off [V]; a cell that is built
/// discharged is charged first at C/20 to the upper one. Throws: InputError for the rate.
Protocol discharge_protocol(const CellDescription& description, std::string_view rate, double lower_cutoff,
                            double upper_cutoff);

/// Builds and runs. What cannot be built or started is an outcome, not an exception.
CellOutcome evaluate(const CellDescription& description, const Protocol& protocol, const SimulationOptions& options,
                     const StackChoice& stack);

}  // namespace closo::cell
