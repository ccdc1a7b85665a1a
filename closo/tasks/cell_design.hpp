/// What a cell must be to meet targets: the limit of one quantity, the best of two, energy of the stack, doubts.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "closo/cell/design.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/cell_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct CellDesignRequest {
  CellCase cell;
  std::vector<cell::DesignTarget> targets;                ///< at least one
  std::string rate;                                       ///< as protocols write it
  std::vector<cell::SweepRange> free;                     ///< none, one or two
  cell::StackChoice stack;                                ///< of the targets
  std::vector<std::pair<std::string, double>> practical;  ///< quantities [SI] of the practical stack beside the design
  double practical_ratio = 1.5;                           ///< N/P of the practical stack where `stack` gives none
};

enum class DesignStatus : unsigned char {
  met,      ///< as described, or everywhere in the range
  limited,  ///< in a part of the range
  not_met,  ///< nowhere in the range
};
std::string_view to_string(DesignStatus status) noexcept;

/// How the answer changes with one doubtful quantity.
struct DesignDoubt {
  std::string quantity;
  std::optional<double> elasticity;                     ///< d ln(answer) / d ln(quantity)
  std::optional<cell::SweepRange> range;                ///< where the description gives low and high
  std::optional<double> answer_at_low, answer_at_high;  ///< SI; empty: not met there
};

struct CellDesign {
  DesignStatus status = DesignStatus::not_met;
  std::optional<cell::DesignLimit> limit;  ///< of one free quantity
  std::vector<double> chosen;              ///< values of the free quantities of the design, SI
  std::optional<double> answer;            ///< SI: the end of the range of the one free quantity that the targets set
  cell::CellDescription description;       ///< of the design
  cell::CellOutcome outcome;
  double margin = 0.0;  ///< of the design, relative; below 0: not met
  cell::SweepPlan map;  ///< of two free quantities, with the outcomes
  std::vector<cell::CellOutcome> map_outcomes;
  std::vector<DesignDoubt> doubts;
};

/// Throws: ParameterError for no target, more than two free quantities, a target whose data are missing (masses of the
/// stack); Cancelled.
CellDesign find_cell_design(const CellDesignRequest& request, const Context& context);

/// Throws: as find_cell_design.
report::Report cell_design(const CellDesignRequest& request, const Context& context);

extern const Task cell_design_task;

}  // namespace closo::tasks
