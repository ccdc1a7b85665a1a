/// The report of a cell design: the answer, the stack, laboratory cell against practical stack, doubts, figures.
#pragma once

#include "closo/report/report.hpp"
#include "closo/tasks/cell_design.hpp"

namespace closo::tasks::detail {

/// The answer in a sentence, without a full stop.
std::string design_sentence(const CellDesignRequest& request, const CellDesign& design);

/// Table and tornado plot of the doubtful quantities, and a doubt of the report where they matter.
void add_design_doubts(const CellDesignRequest& request, const CellDesign& design, report::Report& report);

/// Runs what the figures need (curves, Ragone) on top of the design. Throws: Cancelled.
void add_design_sections(const CellDesignRequest& request, const CellDesign& design, const Context& context,
                         report::Report& report);

}  // namespace closo::tasks::detail
