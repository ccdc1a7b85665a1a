/// The report of a simulated cell: status, steps, losses, curves, comparison with a measured curve.
#pragma once

#include "closo/report/report.hpp"
#include "closo/tasks/cell_simulate.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks::detail {

/// Throws: InputError for the measured file; ParameterError when no step of the run is in its direction.
report::Report cell_run_report(const CellSimulateRequest& request, const CellRun& run, const Context& context);

}  // namespace closo::tasks::detail
