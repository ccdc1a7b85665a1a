// What a design's answer hangs on: its estimated and guessed quantities.
#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "closo/base/number.hpp"
#include "closo/base/quantity.hpp"
#include "closo/base/unit.hpp"
#include "closo/tasks/detail/cell_design_report.hpp"
#include "closo/tasks/detail/cell_settings.hpp"
#include "closo/tasks/detail/cell_sweep_figures.hpp"

namespace closo::tasks::detail {
namespace {

std::string range_end(std::string_view quantity, double value) {
  return report::to_text(quantity_value(quantity, value, 3));
}

/// "10–600 µm".
std::string short_range(const cell::SweepRange& range) {
  const std::string unit = base::display(base::Unit::parse(shown_unit(range.quantity)));
  return base::format_number(shown_value(range.quantity, range.low), 3) + "–" +
         base::format_number(shown_value(range.quantity, range.high), 3) + (unit.empty() ? "" : " " + unit);
}

}  // namespace

void add_design_doubts(const CellDesignRequest& request, const CellDesign& design, report::Report& report) {
  if (design.doubts.empty()) return;
  const bool has_answer = design.answer.has_value();
  const cell::OutcomeQuantity& first = *request.targets.front().quantity;
  const std::string name = has_answer ? plain_name(request.free.front().quantity) : std::string(first.name);
  const auto shown = [&](double value) {
    return has_answer ? shown_value(request.free.front().quantity, value)
                      : base::Unit::parse(first.unit).from_si(value);
  };
  const auto cell_of = [&](const std::optional<double>& value,
                           const std::optional<cell::SweepRange>& range) -> report::Cell {
    if (!value) return std::string(range ? (has_answer ? "not met" : "no outcome") : "");
    report::Value made = has_answer
                             ? quantity_value(request.free.front().quantity, *value, 3)
                             : report::Value{.unit = base::display(base::Unit::parse(first.unit)), .significant = 3};
    made.value = shown(*value);
    made.kind = "computed";
    return made;
  };
  std::vector<DesignDoubt> doubts = design.doubts;
  const double centre = has_answer ? *design.answer : first.value(design.outcome).value_or(0.0);
  const auto weight = [&](const DesignDoubt& doubt) {
    double most = doubt.elasticity ? 0.1 * std::abs(*doubt.elasticity) : 0.0;
    if (!doubt.range || centre == 0.0) return most;
    for (const std::optional<double>& end : {doubt.answer_at_low, doubt.answer_at_high})
      most = std::max(most, end ? std::abs(*end / centre - 1.0) : 1e3);
    return most;
  };
  std::ranges::stable_sort(doubts, std::greater<>{}, weight);
  report::Section section{"doubts", "What the answer hangs on", {}, false};
  report::Table table{"doubts",
                      "Estimated and guessed quantities",
                      {{"quantity", "quantity"},
                       {"mark", "mark"},
                       {"value", "value"},
                       {"elasticity", "% for 1 %"},
                       {"range", "possible"},
                       {"at_low", "answer at low"},
                       {"at_high", "at high"}},
                      {},
                      "Answer: the " + name + ", now " + report::to_text(cell_of(centre, {})) +
                          ". Every row changes one quantity alone."};
  std::vector<TornadoRow> rows;
  std::string strongest;
  std::size_t named = 0;
  std::string idle;
  for (const DesignDoubt& doubt : doubts) {
    if (weight(doubt) < 1e-4) {
      idle += (idle.empty() ? "" : ", ") + plain_name(doubt.quantity);
      continue;
    }
    const cell::DescribedValue* described = design.description.find(doubt.quantity);
    report::Value value = quantity_value(doubt.quantity, described->value, 3);
    value.kind = cell::to_string(described->mark);
    report::Value elasticity{.value = doubt.elasticity, .kind = "computed", .significant = 2};
    if (!doubt.elasticity) elasticity.note = "at the edge of what is possible";
    table.rows.push_back({plain_name(doubt.quantity), std::string(cell::to_string(described->mark)), value, elasticity,
                          doubt.range ? short_range(*doubt.range) : std::string(),
                          cell_of(doubt.answer_at_low, doubt.range), cell_of(doubt.answer_at_high, doubt.range)});
    if (weight(doubt) > 0.05 && named < 4) {
      strongest += (named++ == 0 ? "" : ", ") + plain_name(doubt.quantity);
    }
    if (!doubt.range) continue;
    const auto end = [&](const std::optional<double>& at) { return at ? std::optional(shown(*at)) : std::nullopt; };
    rows.push_back({plain_name(doubt.quantity), range_end(doubt.quantity, doubt.range->low),
                    range_end(doubt.quantity, doubt.range->high), end(doubt.answer_at_low), end(doubt.answer_at_high)});
  }
  section.blocks.emplace_back(report::Paragraph{
      strongest.empty() ? "None of the estimated or guessed quantities moves the " + name + " by 5 % within its range."
                        : "The " + name + " hangs on what is only estimated or guessed: " + strongest + "."});
  if (!strongest.empty()) report.doubts.push_back("the answer hangs on estimates or guesses: " + strongest);
  if (!idle.empty()) table.caption += " Without effect on it: " + idle + ".";
  section.blocks.emplace_back(std::move(table));
  const std::string axis = has_answer ? quantity_title(request.free.front().quantity) : outcome_title(first);
  if (std::ranges::any_of(rows, [](const TornadoRow& row) { return row.low || row.high; }))
    section.blocks.emplace_back(tornado_figure("doubts", "The " + name + " over the ranges of what is doubtful", axis,
                                               shown(centre), rows, 14,
                                               "One quantity at a time; vertical line: as described."));
  report.sections.push_back(std::move(section));
}

}  // namespace closo::tasks::detail
