#include "closo/tasks/detail/cell_sweep_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "closo/base/number.hpp"
#include "closo/tasks/cell_figures.hpp"
#include "closo/tasks/detail/cell_settings.hpp"
#include "closo/tasks/detail/cell_sweep_figures.hpp"
#include "closo/tasks/detail/spread.hpp"

namespace closo::tasks::detail {
namespace {

constexpr std::size_t most_shown_rows = 30;  // in the terminal
constexpr std::size_t most_columns = 12;     // of a loss figure
constexpr std::size_t most_maps = 3;
constexpr std::size_t most_curves = 8;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

const cell::OutcomeQuantity& outcome(std::string_view name) { return cell::outcome_quantity(name); }

bool is_whole(const cell::CellOutcome& run) { return run.status == cell::OutcomeStatus::complete; }

/// In the unit of the table; NaN for runs that did not complete.
double shown_or_nan(const cell::OutcomeQuantity& quantity, const cell::CellOutcome& run) {
  return is_whole(run) ? shown_outcome(quantity, run).value_or(nothing) : nothing;
}

std::string setting_words(const cell::SweepPlan& plan, std::size_t i, bool with_names = true) {
  std::string words;
  for (std::size_t q = 0; q < plan.quantities.size(); ++q) {
    words += (words.empty() ? "" : ", ") + (with_names ? plain_name(plan.quantities[q]) + " " : std::string()) +
             report::to_text(quantity_value(plan.quantities[q], plan.settings[i][q], 3));
  }
  return words;
}

/// "separator loss" → "separator".
std::string short_name(const cell::OutcomeQuantity& loss) {
  std::string name(loss.name);
  if (name.ends_with(" loss")) name.resize(name.size() - 5);
  return name;
}

std::string loss_words(const cell::CellOutcome& run) {
  const cell::OutcomeQuantity* largest = cell::largest_loss(run);
  if (largest == nullptr) return {};
  return short_name(*largest) + " " + base::format_number(*shown_outcome(*largest, run), 3) + " mV";
}

/// Distinct values of one quantity of a plan, ascending.
std::vector<double> values_of(const cell::SweepPlan& plan, std::size_t quantity) {
  std::vector<double> values;
  for (const std::vector<double>& setting : plan.settings) values.push_back(setting[quantity]);
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

/// Even in the logarithm rather than evenly spaced?
bool is_logarithmic(const std::string& quantity, const std::vector<double>& values) {
  if (values.size() < 3 || !(values.front() > 0.0)) return false;
  return cell::described_quantity(quantity).is_logarithmic && values.back() / values.front() > 5.0;
}

report::Table shown_rows(const report::Table& all) {
  report::Table some = all;
  some.id = "cells_shown";
  some.title = "Some cells";
  some.rows.clear();
  for (const std::size_t i : spread_over(all.rows.size(), most_shown_rows)) some.rows.push_back(all.rows[i]);
  if (some.rows.size() < all.rows.size()) {
    some.caption = std::to_string(some.rows.size()) + " of " + std::to_string(all.rows.size()) +
                   " cells, evenly spread over the table of all";
  } else {
    some.title = "Cells";
  }
  return some;
}

report::KeyValues facts_of(const CellSweepRequest& request, const CellSweep& sweep) {
  report::KeyValues facts{"sweep", {}};
  const cell::CellDescription& description = request.cell.description;
  facts.items.emplace_back("temperature", quantity_value("temperature", description.value("temperature")));
  facts.items.emplace_back("cut-off", report::Value{.value = request.cell.lower_cutoff, .unit = "V"});
  std::map<cell::OutcomeStatus, std::size_t> counts;
  std::size_t all = 0;
  for (const auto& runs : sweep.outcomes) {
    all += runs.size();
    for (const cell::CellOutcome& run : runs) ++counts[run.status];
  }
  std::string words = std::to_string(all);
  for (const auto& [status, count] : counts) {
    if (count != all || status != cell::OutcomeStatus::complete)
      words += ", " + std::to_string(count) + " " + std::string(cell::to_string(status));
  }
  facts.items.emplace_back("cells", words);
  if (sweep.resumed > 0) facts.items.emplace_back("known from before", std::to_string(sweep.resumed));
  return facts;
}

/// Sentence and place of the best cell of each outcome.
report::Table best_table(const CellSweepRequest& request, const CellSweep& sweep, const Outcomes& outcomes) {
  const bool has_names = sweep.plan.quantities.size() > 1;
  report::Table table{"extremes",
                      has_names ? "Best and worst" : "Best and worst by " + plain_name(sweep.plan.quantities.front()),
                      {{"outcome", "outcome"},
                       {"rate", "rate"},
                       {"best", "best"},
                       {"best_at", "at"},
                       {"worst", "worst"},
                       {"worst_at", "at"}},
                      {},
                      {}};
  for (const cell::OutcomeQuantity* quantity : outcomes) {
    for (std::size_t r = 0; r < sweep.outcomes.size(); ++r) {
      std::optional<std::size_t> best, worst;
      const auto& runs = sweep.outcomes[r];
      const auto better = [&](std::size_t a, std::size_t b) {
        const double x = shown_or_nan(*quantity, runs[a]), y = shown_or_nan(*quantity, runs[b]);
        return quantity->is_more_better ? x > y : x < y;
      };
      for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!std::isfinite(shown_or_nan(*quantity, runs[i]))) continue;
        if (!best || better(i, *best)) best = i;
        if (!worst || better(*worst, i)) worst = i;
      }
      if (!best) continue;
      table.rows.push_back({std::string(quantity->name), request.rates[r], outcome_value(*quantity, runs[*best]),
                            setting_words(sweep.plan, *best, has_names), outcome_value(*quantity, runs[*worst]),
                            setting_words(sweep.plan, *worst, has_names)});
    }
  }
  return table;
}

/// Quantiles of the outcomes over a sample.
report::Table spread_table(const CellSweepRequest& request, const CellSweep& sweep, const Outcomes& outcomes) {
  constexpr std::array shares{0.05, 0.25, 0.5, 0.75, 0.95};
  report::Table table{"spread",
                      "Share of the cells below a value",
                      {{"outcome", "outcome"},
                       {"rate", "rate"},
                       {"below_5_percent", "5 %"},
                       {"below_25_percent", "25 %"},
                       {"median", "half"},
                       {"below_75_percent", "75 %"},
                       {"below_95_percent", "95 %"}},
                      {},
                      "Of the cells that complete."};
  Outcomes shown = outcomes;
  for (const std::string_view name : {"mean voltage", "total loss"}) {
    if (std::ranges::find(shown, &outcome(name)) == shown.end()) shown.push_back(&outcome(name));
  }
  for (const cell::OutcomeQuantity* quantity : shown) {
    for (std::size_t r = 0; r < sweep.outcomes.size(); ++r) {
      std::vector<std::pair<double, std::size_t>> values;
      for (std::size_t i = 0; i < sweep.outcomes[r].size(); ++i) {
        const double value = shown_or_nan(*quantity, sweep.outcomes[r][i]);
        if (std::isfinite(value)) values.emplace_back(value, i);
      }
      if (values.empty()) continue;
      std::ranges::sort(values);
      std::vector<report::Cell> row{std::string(quantity->name), request.rates[r]};
      for (const double share : shares) {
        const auto place = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
        row.emplace_back(outcome_value(*quantity, sweep.outcomes[r][values[place].second]));
      }
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

/// Curves over the first quantity, one per rate or per value of the second, the others as in the first cell.
void add_curves(const CellSweepRequest& request, const CellSweep& sweep, const Outcomes& outcomes,
                report::Section& section) {
  const cell::SweepPlan& plan = sweep.plan;
  const std::vector<double> x = values_of(plan, 0);
  if (x.size() < 2) return;
  const bool has_second = plan.quantities.size() > 1;
  const std::vector<double> second = has_second ? values_of(plan, 1) : std::vector<double>{0.0};
  for (const cell::OutcomeQuantity* quantity : outcomes) {
    std::vector<SweepCurve> curves;
    for (std::size_t r = 0; r < request.rates.size(); ++r) {
      for (const std::size_t s : spread_over(second.size(), has_second ? 5 : 1)) {
        SweepCurve curve;
        curve.name = has_second ? plain_name(plan.quantities[1]) + " " +
                                      report::to_text(quantity_value(plan.quantities[1], second[s], 3))
                                : request.rates[r];
        if (has_second && request.rates.size() > 1) curve.name += ", " + request.rates[r];
        for (const double place : x) {
          for (std::size_t i = 0; i < plan.settings.size(); ++i) {
            const std::vector<double>& setting = plan.settings[i];
            const bool is_rest_first =
                std::equal(setting.begin() + std::min<std::ptrdiff_t>(2, std::ssize(setting)), setting.end(),
                           plan.settings.front().begin() + std::min<std::ptrdiff_t>(2, std::ssize(setting)));
            if (setting[0] != place || (has_second && setting[1] != second[s]) || !is_rest_first) continue;
            const cell::CellOutcome& run = sweep.outcomes[r][i];
            curve.x.push_back(place);
            curve.y.push_back(shown_or_nan(*quantity, run));
            curve.remarks.push_back(is_whole(run) ? "largest loss: " + loss_words(run) : run.reason);
            break;
          }
        }
        if (curves.size() < most_curves) curves.push_back(std::move(curve));
      }
    }
    std::string id(quantity->name);
    std::ranges::replace(id, ' ', '_');
    section.blocks.emplace_back(
        sweep_curves("curve_" + id, plan.quantities[0], is_logarithmic(plan.quantities[0], x), *quantity, curves));
  }
}

void add_losses(const CellSweepRequest& request, const CellSweep& sweep, report::Section& section) {
  const cell::SweepPlan& plan = sweep.plan;
  if (plan.quantities.size() != 1 || plan.settings.size() < 2) return;
  std::vector<LossColumn> columns;
  for (const std::size_t i : spread_over(plan.settings.size(), most_columns)) {
    const cell::CellOutcome& run = sweep.outcomes[0][i];
    if (run.charge > 0.0)
      columns.push_back(
          {report::to_text(quantity_value(plan.quantities[0], plan.settings[i][0], 2)), run.charge, run.losses});
  }
  if (columns.empty()) return;
  section.blocks.emplace_back(
      loss_bars_figure("losses", "Where the voltage goes at " + request.rates[0], columns,
                       "Mean over the discharge; " + plain_name(plan.quantities[0]) + " below the columns."));
}

void add_maps(const CellSweepRequest& request, const CellSweep& sweep, const Outcomes& outcomes,
              report::Section& section) {
  const cell::SweepPlan& plan = sweep.plan;
  SweepMap map;
  map.x_quantity = plan.quantities[0];
  map.y_quantity = plan.quantities[1];
  map.x = values_of(plan, 0);
  map.y = values_of(plan, 1);
  if (map.x.size() < 2 || map.y.size() < 2) return;
  map.is_x_logarithmic = is_logarithmic(map.x_quantity, map.x);
  map.is_y_logarithmic = is_logarithmic(map.y_quantity, map.y);
  std::string others;
  for (std::size_t q = 2; q < plan.quantities.size(); ++q) {
    others += (others.empty() ? "At " : ", ") + plain_name(plan.quantities[q]) + " " +
              report::to_text(quantity_value(plan.quantities[q], plan.settings.front()[q], 3));
  }
  for (std::size_t r = 0; r < std::min(request.rates.size(), most_maps); ++r) {
    for (const cell::OutcomeQuantity* quantity : outcomes) {
      map.value.assign(map.x.size() * map.y.size(), nothing);
      for (std::size_t i = 0; i < plan.settings.size(); ++i) {
        const std::vector<double>& setting = plan.settings[i];
        if (!std::equal(setting.begin() + 2, setting.end(), plan.settings.front().begin() + 2)) continue;
        const auto x = std::ranges::lower_bound(map.x, setting[0]) - map.x.begin();
        const auto y = std::ranges::lower_bound(map.y, setting[1]) - map.y.begin();
        map.value[static_cast<std::size_t>(x) * map.y.size() + static_cast<std::size_t>(y)] =
            shown_or_nan(*quantity, sweep.outcomes[r][i]);
      }
      std::string id(quantity->name);
      std::ranges::replace(id, ' ', '_');
      section.blocks.emplace_back(sweep_map("map_" + id + "_" + std::to_string(r + 1),
                                            std::string(quantity->name) + " at " + request.rates[r], map, *quantity, {},
                                            {}, others));
    }
  }
}

void add_ragone(const CellSweepRequest& request, const CellSweep& sweep, report::Section& section) {
  if (request.rates.size() < 2) return;
  std::vector<RagoneSeries> series;
  for (const std::size_t i : spread_over(sweep.plan.settings.size(), 6)) {
    RagoneSeries each;
    each.name = setting_words(sweep.plan, i);
    for (std::size_t r = 0; r < request.rates.size(); ++r) {
      const cell::CellOutcome& run = sweep.outcomes[r][i];
      const std::optional<double> energy = outcome("specific energy").value(run),
                                  power = outcome("specific power").value(run);
      if (!energy || !power || !is_whole(run)) continue;
      each.energy.push_back(*energy);
      each.power.push_back(*power);
      each.label.push_back(request.rates[r]);
    }
    if (!each.energy.empty()) series.push_back(std::move(each));
  }
  if (!series.empty())
    section.blocks.emplace_back(ragone_figure("ragone", "Energy against power", "anode, separator, cathode", series));
}

/// The outcome over the quantity that matters most, coloured by the next one.
report::Figure scatter(const cell::SweepPlan& plan, const cell::OutcomeQuantity& quantity,
                       const std::vector<std::vector<double>>& settings, const std::vector<double>& values,
                       std::size_t first, std::size_t second) {
  const std::string &x = plan.quantities[first], &colour = plan.quantities[second];
  report::Figure figure;
  std::string id(quantity.name);
  std::ranges::replace(id, ' ', '_');
  figure.id = "sample_" + id;
  figure.title = std::string(quantity.name) + " of the sample";
  const bool is_log = is_logarithmic(x, values_of(plan, first)),
             is_colour_log = is_logarithmic(colour, values_of(plan, second));
  figure.x = {quantity_title(x), is_log ? report::Scale::log10 : report::Scale::linear, {}, {}, false};
  figure.y.title = outcome_title(quantity);
  report::Layer points;
  points.mark = report::Mark::points;
  points.hollow = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double shade = shown_value(colour, settings[i][second]);
    points.x.push_back(shown_value(x, settings[i][first]));
    points.y.push_back(values[i]);
    points.value.push_back(is_colour_log ? std::log10(shade) : shade);
    points.hover.push_back(plain_name(x) + ": " + report::to_text(quantity_value(x, settings[i][first], 3)) + "\n" +
                           plain_name(colour) + ": " + report::to_text(quantity_value(colour, settings[i][second], 3)) +
                           "\n" + std::string(quantity.name) + ": " + base::format_number(values[i], 4));
  }
  const auto [low, high] = std::ranges::minmax(points.value);
  figure.colours = report::ColourScale{(is_colour_log ? "log₁₀ of the " : "") + quantity_title(colour), low,
                                       high > low ? high : low + 1.0, false};
  figure.layers.push_back(std::move(points));
  return figure;
}

void add_shares(const CellSweepRequest& request, const CellSweep& sweep, const Outcomes& outcomes,
                report::Report& report) {
  report::Section section{"shares", "What the outcome's spread comes from", {}, false};
  for (const cell::OutcomeQuantity* quantity : outcomes) {
    std::vector<std::vector<double>> settings;
    std::vector<double> values;
    for (std::size_t i = 0; i < sweep.plan.settings.size(); ++i) {
      const double value = shown_or_nan(*quantity, sweep.outcomes[0][i]);
      if (!std::isfinite(value)) continue;
      settings.push_back(sweep.plan.settings[i]);
      values.push_back(value);
    }
    const std::vector<cell::FirstOrderIndex> indices = cell::first_order_indices(settings, values);
    if (indices.empty()) {
      section.blocks.emplace_back(
          report::Paragraph{"Shares of the variance of the " + std::string(quantity->name) +
                            " need at least 40 cells that complete and an outcome that varies; there are " +
                            std::to_string(values.size()) + "."});
      continue;
    }
    std::string id(quantity->name);
    std::ranges::replace(id, ' ', '_');
    report::Table table{"shares_" + id,
                        "Shares of the variance of the " + std::string(quantity->name) + " at " + request.rates[0],
                        {{"quantity", "quantity"}, {"share_percent", "share (%)"}, {"direction", "rank correlation"}},
                        {},
                        {}};
    std::vector<std::size_t> order(indices.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater<>{}, [&](std::size_t q) { return indices[q].value; });
    std::vector<NamedShare> bars;
    double sum = 0.0;
    std::string idle;
    const double known_trend = 3.0 / std::sqrt(static_cast<double>(values.size()));
    for (const std::size_t q : order) {
      const cell::FirstOrderIndex& index = indices[q];
      const std::string& name = sweep.plan.quantities[q];
      if (index.value < 2.0 * index.uncertainty && std::abs(index.trend) < known_trend) {
        idle += (idle.empty() ? "" : ", ") + name;
        continue;
      }
      sum += std::max(index.value, 0.0);
      table.rows.push_back({name,
                            report::Value{.value = 100.0 * index.value,
                                          .uncertainty = 100.0 * index.uncertainty,
                                          .unit = "%",
                                          .kind = "computed",
                                          .source = "classes of equal count",
                                          .significant = 3},
                            report::Value{.value = index.trend, .kind = "computed", .significant = 2}});
      bars.push_back({plain_name(name), std::max(index.value, 0.0), index.uncertainty, index.trend});
    }
    table.caption = "From " + std::to_string(values.size()) +
                    " cells. Interactions and noise, what no quantity alone " +
                    "explains: " + base::format_number(100.0 * std::max(0.0, 1.0 - sum), 2) + " %." +
                    (idle.empty() ? "" : " Not told from no effect: " + idle + ".");
    section.blocks.emplace_back(std::move(table));
    if (bars.empty()) continue;
    if (settings.front().size() > 1)
      section.blocks.emplace_back(scatter(sweep.plan, *quantity, settings, values, order[0], order[1]));
    section.blocks.emplace_back(bars_figure("shares_of_" + id, "What the " + std::string(quantity->name) + " hangs on",
                                            "share of the variance", bars));
  }
  report.sections.push_back(std::move(section));
}

}  // namespace

std::vector<const cell::OutcomeQuantity*> default_outcomes(const cell::CellDescription& description,
                                                           const cell::StackChoice& stack) {
  Outcomes outcomes{&outcome("specific capacity")};
  if (cell::stack_size(cell::stack_of_cell(description, stack)).areal_mass)
    outcomes.push_back(&outcome("specific energy"));
  return outcomes;
}

report::Table sweep_table(const CellSweepRequest& request, const CellSweep& sweep, const Outcomes& chosen) {
  report::Table table{"cells", "Cells", {}, {}, {}};
  Outcomes shown = chosen;
  if (request.rates.size() > 1) table.columns.push_back({"rate", "rate"});
  for (const std::string& quantity : sweep.plan.quantities) {
    std::string key = quantity + (shown_unit(quantity) == "1" ? "" : "_" + shown_unit(quantity));
    for (char& each : key) {
      if (each == '.' || each == ' ' || each == '/' || each == '(' || each == ')' || each == '%') each = '_';
    }
    table.columns.push_back({key, quantity_title(quantity)});
  }
  for (const cell::OutcomeQuantity& quantity : cell::outcome_quantities()) {
    const bool is_known = std::ranges::any_of(sweep.outcomes, [&](const std::vector<cell::CellOutcome>& runs) {
      return std::ranges::any_of(runs, [&](const cell::CellOutcome& run) { return quantity.value(run).has_value(); });
    });
    if (chosen.empty() && is_known && !quantity.is_loss) shown.push_back(&quantity);
  }
  for (const cell::OutcomeQuantity* quantity : shown)
    table.columns.push_back({std::string(quantity->key), outcome_title(*quantity)});
  table.columns.push_back({"largest_loss", "largest loss"});
  table.columns.push_back({"largest_loss_mV", "that loss (mV)"});
  const bool is_all_complete = std::ranges::all_of(
      sweep.outcomes, [](const std::vector<cell::CellOutcome>& runs) { return std::ranges::all_of(runs, is_whole); });
  const bool has_status = chosen.empty() || !is_all_complete;
  if (has_status) table.columns.push_back({"status", "status"});
  for (std::size_t r = 0; r < sweep.outcomes.size(); ++r) {
    for (std::size_t i = 0; i < sweep.plan.settings.size(); ++i) {
      const cell::CellOutcome& run = sweep.outcomes[r][i];
      std::vector<report::Cell> row;
      if (request.rates.size() > 1) row.emplace_back(request.rates[r]);
      for (std::size_t q = 0; q < sweep.plan.quantities.size(); ++q) {
        report::Value value = quantity_value(sweep.plan.quantities[q], sweep.plan.settings[i][q]);
        value.kind = "setting";
        row.emplace_back(std::move(value));
      }
      for (const cell::OutcomeQuantity* quantity : shown) row.emplace_back(outcome_value(*quantity, run));
      const cell::OutcomeQuantity* largest = cell::largest_loss(run);
      row.emplace_back(largest == nullptr ? std::string() : short_name(*largest));
      row.emplace_back(largest == nullptr ? report::Value{.unit = "mV"} : outcome_value(*largest, run, 3));
      if (has_status)
        row.emplace_back(std::string(cell::to_string(run.status)) + (run.reason.empty() ? "" : ": " + run.reason));
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

void add_sweep_sections(const CellSweepRequest& request, const CellSweep& sweep, const Outcomes& outcomes,
                        report::Report& report) {
  for (std::string& note : variation_notes(request.cell.description, sweep.plan.quantities))
    report.warnings.push_back(std::move(note));
  const bool is_any_whole = std::ranges::any_of(
      sweep.outcomes, [](const std::vector<cell::CellOutcome>& runs) { return std::ranges::any_of(runs, is_whole); });
  if (!is_any_whole) report.warnings.push_back("no cell came to its cut-off: " + sweep.outcomes[0][0].reason);
  report::Section section{"cells", request.sample > 0 ? "A sample of cells" : "Cells", {}, false};
  section.blocks.emplace_back(facts_of(request, sweep));
  const bool is_grid = request.sample == 0;
  if (is_grid) {
    section.blocks.emplace_back(best_table(request, sweep, outcomes));
    add_curves(request, sweep, outcomes, section);
    add_losses(request, sweep, section);
    if (sweep.plan.quantities.size() > 1) add_maps(request, sweep, outcomes, section);
    add_ragone(request, sweep, section);
    Outcomes brief = outcomes;
    for (const std::string_view name : {"mean voltage", "total loss"}) {
      if (std::ranges::find(brief, &outcome(name)) == brief.end()) brief.push_back(&outcome(name));
    }
    section.blocks.emplace_back(shown_rows(sweep_table(request, sweep, brief)));
  } else {
    section.blocks.emplace_back(spread_table(request, sweep, outcomes));
  }
  report.sections.push_back(std::move(section));
  if (!is_grid) add_shares(request, sweep, outcomes, report);
  report.sections.push_back({"all_cells", "All cells", {sweep_table(request, sweep)}, true});
}

}  // namespace closo::tasks::detail
