/// The report of a sweep of cells: table, curves, maps, shares of the variance, sensitivities.
#pragma once

#include <vector>

#include "closo/report/report.hpp"
#include "closo/tasks/cell_sweep.hpp"

namespace closo::tasks::detail {

/// Specific energy where the stack's masses are known, and specific capacity.
std::vector<const cell::OutcomeQuantity*> default_outcomes(const cell::CellDescription& description,
                                                           const cell::StackChoice& stack);

using Outcomes = std::vector<const cell::OutcomeQuantity*>;

/// One row per cell with the chosen outcomes; without any, all that are known but the parts of the loss.
report::Table sweep_table(const CellSweepRequest& request, const CellSweep& sweep, const Outcomes& chosen = {});

void add_sweep_sections(const CellSweepRequest& request, const CellSweep& sweep, const Outcomes& outcomes,
                        report::Report& report);

/// Elasticities of the first rate and a tornado plot over the ranges that are known. Throws: Cancelled.
void add_sensitivity_section(const CellSweepRequest& request, const Outcomes& outcomes, const Context& context,
                             report::Report& report);

void add_sweep_method(const CellSweepRequest& request, report::Report& report);

}  // namespace closo::tasks::detail
