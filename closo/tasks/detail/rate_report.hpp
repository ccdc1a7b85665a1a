/// The report of a cell's rate capability: table, what limits, figures.
#pragma once

#include "closo/report/report.hpp"
#include "closo/tasks/cell_rate.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks::detail {

report::Report rate_report(const CellRateRequest& request, const CellRate& rate, const Context& context);

}  // namespace closo::tasks::detail
