/// The report of a cell over many cycles: table, fade, figures.
#pragma once

#include "closo/report/report.hpp"
#include "closo/tasks/cell_cycle.hpp"
#include "closo/tasks/detail/cycle_points.hpp"

namespace closo::tasks::detail {

/// `measured` and `published` may be empty.
report::Report cycle_report(const CellCycleRequest& request, const CycleStudy& study, const CyclePoints& measured,
                            const CyclePoints& published);

/// About `most` of the rows, first and last among them: indices, ascending.
std::vector<std::size_t> thinned(std::size_t rows, std::size_t most);

}  // namespace closo::tasks::detail
