/// Rate capability: what a cell delivers at each rate and temperature, what it loses, and what ends the discharge.
///
/// Model: one discharge per rate to the lower cut-off, each from the charged cell: either every one from the same
/// start, or one cell through all rates with a slow recharge after each, as in a laboratory (its slow states then go
/// on). A cell built discharged is charged slowly first. What ends a discharge is read from its last moment: at or
/// above 97 % of what the open-circuit curve holds between start and cut-off the material is used up; else the largest
/// of three overpotentials decides: diffusion within the particles; ions, electrons and uneven use of the composite;
/// all others. Source: losses as in loss_budget.hpp; the regimes are those of M. Doyle, J. Newman, J. Appl.
/// Electrochem. 27 (1997) 846, DOI 10.1023/A:1018481030499.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/progress.hpp"
#include "closo/cell/loss_budget.hpp"
#include "closo/cell/parameters.hpp"
#include "closo/cell/simulation.hpp"

namespace closo::cell {

enum class RateStart : unsigned char {
  same,       ///< every discharge from the same charged cell
  recharged,  ///< one cell, slowly recharged after each discharge
};

struct RateCapabilityOptions {
  std::vector<double> per_hour;             ///< rates [1/h], in the order of their execution
  double lower_cutoff = 0.0;                ///< V
  std::optional<double> upper_cutoff = {};  ///< V; needed wherever the cell is charged
  RateStart start = RateStart::same;
  double recharge_per_hour = 0.05;  ///< 1/h
  std::size_t threads = 1;
  SimulationOptions mesh = {};
};

enum class RateLimit : unsigned char {
  capacity,   ///< the active material is used up
  diffusion,  ///< within the particles
  composite,  ///< ions or electrons through the composite cathode, and its uneven use
  voltage,    ///< separator, metal, films and kinetics take the voltage to the cut-off
  stopped,    ///< the run did not come to the cut-off
};
/// "material used up", "diffusion in the particles", "transport through the cathode", "voltage drop", "stopped".
std::string_view to_string(RateLimit limit) noexcept;

/// One discharge.
struct RatePoint {
  double per_hour = 0.0;     ///< 1/h
  double temperature = 0.0;  ///< K, at the start
  RunStatus status = RunStatus::stopped;
  std::string reason;                       ///< of a stopped run
  double current = 0.0;                     ///< A/m²
  double duration = 0.0;                    ///< s
  double capacity = 0.0;                    ///< C/m²
  double energy = 0.0;                      ///< J/m²
  double reachable = 0.0;                   ///< C/m² without any current, from this start to the cut-off
  double utilisation = 0.0;                 ///< capacity / theoretical capacity of the cathode
  std::optional<double> mean_voltage;       ///< V, energy / capacity
  std::optional<double> mean_power;         ///< W/m², energy / duration
  LossBudget losses;                        ///< J/m²
  LossBudget last_losses;                   ///< W/m², at the end
  std::optional<std::size_t> largest_loss;  ///< over the discharge, index into loss_names()
  RateLimit limit = RateLimit::stopped;
  std::vector<double> charge, voltage;  ///< the curve, C/m² and V
};

/// Whether a cell as built is nearer to the charged end of its cut-offs [V] than to the discharged one.
bool is_built_charged(const CellParameters& parameters, double lower_cutoff, double upper_cutoff) noexcept;

/// All cells (one for each temperature, say) in their order, within each the rates in theirs. Throws: ParameterError
/// for no cell, no rate, rates not above 0, cut-offs that the open-circuit curve cannot reach or in the wrong order, a
/// missing upper cut-off where it is needed, and as Simulation; Cancelled.
std::vector<RatePoint> rate_capability(std::span<const CellParameters> cells, const RateCapabilityOptions& options,
                                       const base::Progress& progress = {});

}  // namespace closo::cell
