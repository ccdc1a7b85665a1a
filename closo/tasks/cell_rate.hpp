/// Task `cell rate`: capacity, energy, power and losses of a cell over discharge rates and temperatures.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/cell/capability.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/cell_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct CellRateRequest {
  std::vector<CellCase> cells;  ///< one for each temperature, with its conductivities and open-circuit curve
  std::vector<Rate> rates;
  cell::RateStart start = cell::RateStart::same;
  std::optional<Rate> recharge;  ///< empty: the slowest of the rates
};

struct CellRate {
  std::vector<cell::CellParameters> parameters;      ///< one per cell
  std::vector<std::vector<cell::RatePoint>> points;  ///< by cell, then by rate
};

/// "C/20, C/10, 0.5C": rates in the order of the text. Throws: ParameterError naming `option`.
std::vector<Rate> parse_rates(std::string_view option, std::string_view text);

/// Throws: ParameterError for no cell, no rate, cut-offs that are missing or cannot be reached; Cancelled.
CellRate rate_cells(const CellRateRequest& request, const Context& context);

/// Throws: as rate_cells.
report::Report cell_rate(const CellRateRequest& request, const Context& context);

extern const Task cell_rate_task;

}  // namespace closo::tasks
