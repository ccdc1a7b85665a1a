// Which quantities of a cell matter: elasticities and a tornado plot.
#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "closo/base/number.hpp"
#include "closo/cell/sensitivity.hpp"
#include "closo/tasks/detail/cell_settings.hpp"
#include "closo/tasks/detail/cell_sweep_figures.hpp"
#include "closo/tasks/detail/cell_sweep_report.hpp"

namespace closo::tasks::detail {
namespace {

constexpr double least_shown = 0.005;  // elasticities in the figure
constexpr double known_zero = 2.0;     // standard deviations below which an elasticity is not told from 0

cell::SweepOptions options_of(const CellSweepRequest& request, const Context& context, const char* what) {
  cell::SweepOptions options;
  options.protocol = cell::discharge_protocol(request.cell.description, request.rates.front(),
                                              request.cell.lower_cutoff, request.cell.upper_cutoff);
  options.simulation = request.cell.mesh;
  options.stack = request.stack;
  options.threads = context.threads;
  if (context.progress) {
    options.progress = [&context, what](double share, std::string_view text) {
      return context.progress(share, std::string(what) + ": " + std::string(text));
    };
  }
  return options;
}

/// Ranges given on the command line, else those of the description.
std::vector<cell::SweepRange> ranges_of(const CellSweepRequest& request) {
  std::vector<cell::SweepRange> ranges = cell::described_ranges(request.cell.description);
  for (const Variation& variation : request.variations) {
    if (!variation.range) continue;
    std::erase_if(ranges, [&](const cell::SweepRange& range) { return range.quantity == variation.quantity; });
    ranges.push_back(*variation.range);
  }
  return ranges;
}

report::Value elasticity_value(const cell::Elasticity& elasticity, const std::string& reason) {
  report::Value value;
  value.value = elasticity.value;
  if (elasticity.value && elasticity.uncertainty > 0.0) value.uncertainty = elasticity.uncertainty;
  value.kind = "computed";
  value.source = "differences of the simulated outcome";
  value.significant = 3;
  if (!elasticity.value) value.note = reason;
  return value;
}

report::Table elasticity_table(const cell::LocalSensitivities& all, const Outcomes& outcomes, const std::string& rate) {
  report::Table table{"elasticities",
                      "Change of the outcome in % for 1 % of the quantity, at " + rate,
                      {{"quantity", "quantity"}, {"value", "value"}, {"mark", "mark"}},
                      {},
                      {}};
  for (const cell::OutcomeQuantity* outcome : outcomes) {
    std::string key(outcome->name);
    std::ranges::replace(key, ' ', '_');
    table.columns.push_back({key, std::string(outcome->name)});
  }
  std::vector<const cell::LocalSensitivity*> order;
  for (const cell::LocalSensitivity& row : all.rows) order.push_back(&row);
  const auto weight = [](const cell::LocalSensitivity* row) {
    double most = -1.0;
    for (const cell::Elasticity& each : row->elasticities) {
      if (each.value) most = std::max(most, std::abs(*each.value));
    }
    return most;
  };
  std::ranges::stable_sort(order, std::greater<>{}, weight);
  std::string idle;
  for (const cell::LocalSensitivity* row : order) {
    const bool is_idle = std::ranges::all_of(
        row->elasticities, [](const cell::Elasticity& each) { return each.value && *each.value == 0.0; });
    if (is_idle) {
      idle += (idle.empty() ? "" : ", ") + row->quantity;
      continue;
    }
    report::Value value = quantity_value(row->quantity, row->value);
    value.kind = cell::to_string(row->mark);
    std::vector<report::Cell> cells{row->quantity, std::move(value), std::string(cell::to_string(row->mark))};
    for (const cell::Elasticity& each : row->elasticities) cells.emplace_back(elasticity_value(each, row->reason));
    table.rows.push_back(std::move(cells));
  }
  for (std::size_t o = 0; o < outcomes.size(); ++o) {
    table.caption += (o == 0 ? "Scatter of the simulator: " : ", ") + std::string(outcomes[o]->name) + " " +
                     base::format_number(100.0 * all.scatter[o], 2) + " %";
  }
  table.caption += ".";
  if (!idle.empty()) table.caption += " Without any effect: " + idle + ".";
  return table;
}

std::string verdict_text(const cell::LocalSensitivities& all, std::size_t o, const std::string& name) {
  std::vector<const cell::LocalSensitivity*> strong;
  for (const cell::LocalSensitivity& row : all.rows) {
    const cell::Elasticity& each = row.elasticities[o];
    if (each.value && std::abs(*each.value) > std::max(known_zero * each.uncertainty, 0.01)) strong.push_back(&row);
  }
  std::ranges::stable_sort(strong, std::greater<>{},
                           [&](const cell::LocalSensitivity* row) { return std::abs(*row->elasticities[o].value); });
  if (strong.empty()) return "No quantity changes the " + name + " by more than 0.01 % for 1 %.";
  std::string text = "The " + name + " hangs most on ";
  for (std::size_t i = 0; i < std::min<std::size_t>(strong.size(), 4); ++i) {
    text += (i == 0 ? "" : ", ") + strong[i]->quantity + " (" +
            base::format_number(*strong[i]->elasticities[o].value, 2) + " %)";
  }
  return text + " for 1 % of each.";
}

}  // namespace

void add_sensitivity_section(const CellSweepRequest& request, const Outcomes& outcomes, const Context& context,
                             report::Report& report) {
  const cell::CellDescription& description = request.cell.description;
  std::vector<std::string> quantities, names;
  for (const std::string_view name : description.names()) quantities.emplace_back(name);
  for (const cell::OutcomeQuantity* outcome : outcomes) names.emplace_back(outcome->name);
  const cell::LocalSensitivities all =
      cell::local_sensitivities(description, quantities, names, options_of(request, context, "sensitivities"));
  report::Section section{"sensitivity", "Which quantities matter at " + request.rates.front(), {}, false};
  if (all.centre.status != cell::OutcomeStatus::complete) {
    report.warnings.push_back("the described cell itself does not complete its discharge (" + all.centre.reason +
                              "): there are no sensitivities");
    return;
  }
  for (std::size_t o = 0; o < outcomes.size(); ++o)
    section.blocks.emplace_back(report::Paragraph{verdict_text(all, o, std::string(outcomes[o]->name))});
  section.blocks.emplace_back(elasticity_table(all, outcomes, request.rates.front()));

  const std::vector<cell::SweepRange> ranges = ranges_of(request);
  const std::vector<cell::Swing> ends = cell::swings(description, ranges, options_of(request, context, "ranges"));
  for (std::size_t o = 0; o < outcomes.size(); ++o) {
    const cell::OutcomeQuantity& outcome = *outcomes[o];
    std::string id(outcome.name);
    std::ranges::replace(id, ' ', '_');
    std::vector<NamedShare> bars;
    for (const cell::LocalSensitivity& row : all.rows) {
      const cell::Elasticity& each = row.elasticities[o];
      if (each.value && std::abs(*each.value) > least_shown)
        bars.push_back({plain_name(row.quantity), *each.value, each.uncertainty, *each.value});
    }
    if (!bars.empty()) {
      section.blocks.emplace_back(bars_figure("elasticity_" + id, "Elasticities of the " + std::string(outcome.name),
                                              "change in % for 1 % of the quantity", bars));
    }
    const std::optional<double> centre = shown_outcome(outcome, all.centre);
    if (!centre || ends.empty()) continue;
    std::vector<TornadoRow> rows;
    for (const cell::Swing& swing : ends) {
      const auto text = [&](double value) { return report::to_text(quantity_value(swing.range.quantity, value, 3)); };
      const auto shown = [&](const cell::CellOutcome& run) {
        return run.status == cell::OutcomeStatus::complete ? shown_outcome(outcome, run) : std::nullopt;
      };
      TornadoRow row{plain_name(swing.range.quantity), text(swing.range.low), text(swing.range.high), shown(swing.low),
                     shown(swing.high)};
      if (row.low || row.high) rows.push_back(std::move(row));
    }
    if (rows.empty()) continue;
    section.blocks.emplace_back(tornado_figure(
        "tornado_" + id, "The " + std::string(outcome.name) + " over each quantity's range", outcome_title(outcome),
        *centre, rows, 14, "One quantity at a time, all others as described (vertical line)."));
  }
  if (ranges.empty())
    section.blocks.emplace_back(
        report::Paragraph{"No quantity has a range (low and high in the system file, or --vary NAME=LOW to HIGH), so "
                          "there is no tornado plot."});
  report.sections.push_back(std::move(section));
}

void add_sweep_method(const CellSweepRequest& request, report::Report& report) {
  report::Section section{"method", "Method", {}, true};
  section.blocks.emplace_back(report::Paragraph{
      "Every cell is one discharge of the single-ion porous-electrode model to the lower cut-off; a cell that is built "
      "discharged is charged first at C/20. Capacity per active mass; energy per mass and volume of anode, separator "
      "and "
      "cathode without housing. A run that stops early keeps what it reached and is left out of figures. A rate in C "
      "counts on each cell's own capacity."});
  if (request.sample > 0)
    section.blocks.emplace_back(report::Paragraph{
        "Sample: Latin hypercube (M. D. McKay et al., Technometrics 21 (1979) 239), even in the logarithm for "
        "quantities "
        "that span decades. Shares of the variance: first-order indices Var(E[y|x])/Var(y) from classes of equal count "
        "(E. Plischke et al., Eur. J. Oper. Res. 226 (2013) 536); they hold for these ranges, which count as equally "
        "likely throughout and independent of each other."});
  if (request.has_sensitivity)
    section.blocks.emplace_back(report::Paragraph{
        "Elasticity d ln(outcome)/d ln(quantity) from differences at 5 % and 2.5 %, extrapolated; uncertainty from the "
        "extrapolation and from the simulator's own scatter (fourth differences). Temperatures count in kelvin."});
  report.sections.push_back(std::move(section));
}

}  // namespace closo::tasks::detail
