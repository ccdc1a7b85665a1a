/// A run summed over its cycles: capacities, efficiencies, retention, and what the fade is made of.
///
/// Definitions: a step counts by the sign of the charge it passed, holds included; Coulombic efficiency = discharge
/// capacity over the charge capacity that came before it, of the same cycle or, where cycles begin with the discharge,
/// of the last one; retention = discharge capacity over that of a reference cycle. Source: definitions of the field,
/// e.g. J. Xiao et al., Nat. Energy 5 (2020) 561, DOI 10.1038/s41560-020-0648-z.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "closo/cell/simulation.hpp"

namespace closo::cell {

struct CycleRow {
  std::uint32_t cycle = 1;
  double start_time = 0.0, duration = 0.0;                        ///< s
  double discharge_capacity = 0.0, charge_capacity = 0.0;         ///< C/m², holds included
  double discharge_energy = 0.0, charge_energy = 0.0;             ///< J/m², above 0
  double side_charge = 0.0;                                       ///< C/m², of electrolyte oxidation
  std::optional<double> coulombic_efficiency, energy_efficiency;  ///< empty without a charge before
  std::optional<double> discharge_voltage, charge_voltage;        ///< V, energy / capacity
  double largest_current = 0.0;                                   ///< A/m², of the discharge
  double temperature = 0.0;                                       ///< K, at the end
  double contact_fraction = 1.0, isolated_fraction = 0.0;         ///< at the end
  double cathode_interphase = 0.0;                                ///< m, at the end
  double anode_resistance = 0.0;                                  ///< Ω m², at the end
  double metal_contact = 1.0;                                     ///< at the end
  bool is_discharged_first = false;                               ///< the cycle begins with the discharge
  LossBudget discharge_losses, charge_losses;                     ///< J/m²
  bool is_complete = true;                                        ///< false: the run stopped within it
};

/// One row per cycle of the protocol that has at least one step in the result, in their order. A cycle without its last
/// visit, or with one that was stopped, is not complete.
std::vector<CycleRow> cycle_rows(const Protocol& protocol, std::span<const StepSummary> steps);

/// Discharge capacity of a cycle over that of a reference cycle; empty when one of them is missing or did not
/// discharge.
std::optional<double> retention(std::span<const CycleRow> rows, std::uint32_t cycle, std::uint32_t reference);

/// Slope of the retention [1/cycle] between two cycles (inclusive) by least squares over the cycles whose largest
/// discharge current is within 1 % of that of the first, complete ones only; retention against the first; empty with
/// fewer than two.
std::optional<double> fade_per_cycle(std::span<const CycleRow> rows, std::uint32_t first, std::uint32_t last);

}  // namespace closo::cell
