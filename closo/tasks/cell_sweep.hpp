/// One cell at many settings: grids, random samples, sensitivities; tables, curves, maps.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "closo/cell/sensitivity.hpp"
#include "closo/cell/sweep.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/cell_access.hpp"
#include "closo/tasks/detail/cell_settings.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct CellSweepRequest {
  CellCase cell;
  std::vector<detail::Variation> variations;
  std::vector<std::string> rates;  ///< as protocols write them; at least one
  std::size_t sample = 0;          ///< cells of a Latin hypercube; 0: the grid
  bool has_sensitivity = false;
  std::vector<const cell::OutcomeQuantity*> outcomes;  ///< for figures and sensitivities; empty: chosen
  cell::StackChoice stack;
  std::string resume;  ///< state file; empty: none
  std::string table;   ///< CSV of all cells; empty: none
};

/// The cells of a sweep: outcomes[r][i] of rate r and setting i.
struct CellSweep {
  cell::SweepPlan plan;
  std::vector<std::vector<cell::CellOutcome>> outcomes;
  std::vector<cell::SweepRange> ranges;  ///< of a sample
  std::size_t resumed = 0;               ///< cells that the state file knew
};

/// Throws: ParameterError for nothing to vary, a list of values with a sample, no rate; Cancelled; InputError for a
/// state file that is none.
CellSweep run_cell_sweep(const CellSweepRequest& request, const Context& context);

/// Throws: as run_cell_sweep.
report::Report cell_sweep(const CellSweepRequest& request, const Context& context);

extern const Task cell_sweep_task;

}  // namespace closo::tasks
