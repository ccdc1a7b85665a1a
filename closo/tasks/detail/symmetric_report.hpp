/// The report of a symmetric cell: staircase, critical current densities, blocking cell.
#pragma once

#include "closo/report/report.hpp"
#include "closo/tasks/cell_symmetric.hpp"

namespace closo::tasks::detail {

report::Report symmetric_report(const CellSymmetricRequest& request, const SymmetricStudy& study);

}  // namespace closo::tasks::detail
