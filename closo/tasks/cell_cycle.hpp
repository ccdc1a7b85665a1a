/// Cells over many cycles: capacities, efficiencies, retention, and what the fade is made of; long runs survive being
/// stopped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "closo/cell/cycles.hpp"
#include "closo/cell/fade.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/cell_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct CellCycleRequest {
  CellCase cell;
  cell::Protocol protocol;
  std::vector<std::uint32_t> curves;  ///< cycles whose curves are kept; empty: about six over the run
  std::string checkpoint;             ///< file for the state of the run; empty: none
  double checkpoint_interval = 10.0;  ///< s of computing between two states
  std::string measured;               ///< CSV file of measured cycles; empty: none
};

struct CycleStudy {
  std::vector<std::uint32_t> curves;  ///< as kept, ascending
  cell::SimulationResult result;      ///< without rows
  cell::Rows rows;                    ///< of `curves`
  std::vector<cell::CycleRow> cycles;
  std::uint32_t resumed_at = 0;  ///< cycle under way in the checkpoint; 0: started anew
  double active_mass = 0.0;      ///< kg/m²
  std::uint32_t reference = 0;   ///< of the retention: first complete cycle that discharged; 0: none
  /// Complete cycles between which the fade is told: the first and the last at the discharge current that most of them
  /// have, the very first discharge of a cell built charged left out (it starts where no charge ends); 0: none.
  std::uint32_t fade_from = 0, fade_to = 0;
  std::optional<double> fade_per_cycle;
  std::optional<cell::FadeSplit> fade;
};

/// What `cycle` builds without a protocol in words.
struct CyclingPlan {
  long cycles = 10;
  std::string discharge = "C/10", charge = "C/10";  ///< currents as in a protocol
  std::string hold;                                 ///< current at which a hold at the upper cut-off ends; empty: none
  std::string rest;                                 ///< time after each half cycle; empty: none
  double lower = 0.0, upper = 0.0;                  ///< V
  bool begins_with_charge = false;
};
/// Throws: ParameterError naming the option whose text is no current or time, or a number of cycles that is not 1 to
/// 25000.
std::string cycling_protocol(const CyclingPlan& plan);

/// Throws: InputError for a checkpoint that is damaged or of another run; ParameterError for curves beyond the
/// protocol's cycles and what the simulator refuses; Cancelled, with the state in the checkpoint file.
CycleStudy run_cycles(const CellCycleRequest& request, const Context& context);

report::Report cell_cycle(const CellCycleRequest& request, const Context& context);

extern const Task cell_cycle_task;

}  // namespace closo::tasks
