/// Task `cell simulate`: a cell of a system file through a protocol: curves, sums per step, where the voltage goes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "closo/cell/protocol.hpp"
#include "closo/cell/simulation.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/cell_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct CellSimulateRequest {
  CellCase cell;
  cell::Protocol protocol;
  std::string measured;                      ///< CSV laid over a step; empty: none
  std::optional<std::size_t> measured_step;  ///< place in the protocol from 1; else the first in its direction
  std::string table;                         ///< CSV of all rows; empty: none
  bool shows_profile = false;
};

/// A run with the composition through the cathode where a step ended.
struct CellRun {
  cell::CellParameters parameters;
  cell::SimulationResult result;
  std::vector<double> positions;              ///< m, from the separator
  std::vector<std::vector<double>> profiles;  ///< one per ended step, only when asked for
};

/// The protocol of a case when none is given: a discharge at its slowest rate (C/20 without rates) to the lower
/// cut-off; a cell that is built discharged is charged at that rate first. Throws: ParameterError without cut-offs.
std::string default_protocol(const CellCase& cell);

/// --protocol, else --protocol-file, else [cell] protocol, else the default. Throws: InputError with the place in the
/// text; ParameterError for both options.
cell::Protocol protocol_of(const Arguments& arguments, const CellCase& cell);

/// Throws: ParameterError for what the cell, mesh or protocol cannot be; Cancelled.
CellRun run_cell(const CellSimulateRequest& request, const Context& context);

/// All rows as CSV with units in the header; `--measured` reads it back.
std::string rows_csv(const CellRun& run, const cell::Protocol& protocol, double active_mass);

/// Throws: as run_cell; InputError for the measured file.
report::Report cell_simulate(const CellSimulateRequest& request, const Context& context);

extern const Task cell_simulate_task;

}  // namespace closo::tasks
