#include "closo/tasks/detail/calibration_report.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "closo/base/number.hpp"
#include "closo/base/unit.hpp"
#include "closo/num/distributions.hpp"
#include "closo/tasks/detail/calibration_figures.hpp"
#include "closo/tasks/detail/measured_value.hpp"

namespace closo::tasks::detail {
namespace {

using base::Measured;
using base::Unit;
using cell::CalibratedParameter;
using cell::Calibration;
using cell::Experiment;
using cell::Observation;

constexpr double clear_miss = 2.0;  // standard uncertainties
constexpr double unlikely = 0.01;   // probability of a χ² as large
constexpr double traded_correlation = 0.95;
constexpr double same_minimum = 0.5;  // of χ²

std::string number(double value, int digits = 3) { return base::format_number(value, digits); }

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string unit_text(std::string_view name) {
  const std::string_view unit = cell::described_quantity(name).unit;
  return unit == "1" ? std::string() : base::display(Unit::parse(unit));
}

double shown(const std::string& name, double value) {
  return Unit::parse(cell::described_quantity(name).unit).from_si(value);
}

report::Table parameter_table(const Calibration& calibration) {
  report::Table table{"fitted_parameters",
                      "Fitted parameters",
                      {{"parameter", "parameter"},
                       {"value", "value"},
                       {"low", "95 % from"},
                       {"high", "to"},
                       {"unit", "unit"},
                       {"searched", "searched"},
                       {"before", "before"},
                       {"judgement", "the observations say"}},
                      {},
                      "Intervals within the values searched; where the observations scatter more than they say, they "
                      "are wider by that."};
  for (const CalibratedParameter& each : calibration.parameters) {
    const std::string& name = each.given.name;
    const std::string unit(cell::described_quantity(name).unit);
    report::Value value = value_in(Measured{each.value, each.uncertainty}, unit, "computed", "fit");
    value.unit.clear();
    value.significant = 3;
    const auto end = [&](const std::optional<double>& bound) {
      return bound ? number(shown(name, *bound)) : std::string("open");
    };
    table.rows.push_back({name, value, end(each.low), end(each.high), unit_text(name),
                          number(shown(name, each.given.low)) + " to " + number(shown(name, each.given.high)),
                          number(shown(name, each.given.start)), judgement(each)});
  }
  return table;
}

report::Value shown_value(double value, const std::optional<double>& uncertainty, const Observation& observation,
                          const char* kind, const std::string& source) {
  report::Value result = value_in(Measured{value, uncertainty}, shown_unit(observation), kind, source);
  result.significant = 4;
  return result;
}

report::Cell measured_cell(const Observation& observation) {
  const std::string& source = observation.source;
  if (is_curve(observation.quantity)) {
    if (observation.curve.voltage.size() > 1)
      return counted(observation.curve.voltage.size(), "point") + " ± " +
             (observation.uncertainty ? number(1e3 * *observation.uncertainty) + " mV" : std::string("?"));
    return value_in(Measured{observation.curve.voltage.front(), observation.uncertainty}, "V", "measured", source);
  }
  const bool has_low = std::isfinite(observation.low), has_high = std::isfinite(observation.high);
  report::Value value = shown_value(has_low ? observation.low : observation.high, observation.uncertainty, observation,
                                    "measured", source);
  if (observation.is_approximate) value.qualifier = "~";
  if (!has_low) value.qualifier = "<=";
  if (!has_high) value.qualifier = ">=";
  if (has_low && has_high && observation.low < observation.high)
    value.value_hi = Unit::parse(shown_unit(observation)).from_si(observation.high);
  return value;
}

report::Cell model_cell(const Observation& observation, const cell::Prediction& prediction,
                        const std::optional<double>& uncertainty) {
  if (!prediction.is_known) return std::string("not reached");
  if (!is_curve(observation.quantity))
    return shown_value(*prediction.value, uncertainty, observation, "computed", "fitted model");
  if (prediction.voltages.size() == 1)
    return value_in(Measured{prediction.voltages.front(), {}}, "V", "computed", "fitted model");
  double squares = 0.0;
  std::size_t reached = 0;
  for (std::size_t i = 0; i < prediction.voltages.size(); ++i) {
    if (observation.curve.capacity[i] > prediction.end) continue;
    const double off = prediction.voltages[i] - observation.curve.voltage[i];
    squares += off * off;
    ++reached;
  }
  const double end = Unit::parse(shown_unit(observation)).from_si(prediction.end);
  if (reached == 0) return "ends at " + number(end) + " " + std::string(shown_unit(observation));
  return "off by " + number(1e3 * std::sqrt(squares / static_cast<double>(reached)), 2) + " mV rms, ends at " +
         number(end) + " " + std::string(shown_unit(observation));
}

std::string deviation_text(const std::optional<double>& off, const Observation& observation) {
  if (!off) return "–";
  if (*off == 0.0 && observation.low < observation.high) return "as stated";
  return (std::abs(*off) < 5e-4 ? "0" : number(*off, 2)) + " u";
}

/// Rows of what was fitted, or of what was held out.
report::Table observation_table(const CellFitRequest& request, const Calibration& calibration, bool fitted) {
  report::Table table{fitted ? "fitted" : "predicted",
                      fitted ? (calibration.parameters.empty() ? "Measured and model" : "Measured and fitted")
                             : "Measured, held out, and predicted",
                      {{"observation", "observation"},
                       {"measured", "measured"},
                       {"model", fitted ? "model" : "predicted"},
                       {"deviation", "deviation"},
                       {"source", "source"}},
                      {},
                      fitted ? "Deviation: (model − measured)/u; of curves the root mean square, capacities that the "
                               "model does not reach included."
                             : "Nothing here entered the fit. Uncertainties of the predictions follow from those of "
                               "the parameters; the deviation is counted in both uncertainties."};
  std::set<std::string> sources;  // a column of its own only where they differ
  for (std::size_t i = 0; i < calibration.runs.size(); ++i) {
    const Experiment& experiment = request.experiments.experiments[i];
    for (std::size_t k = 0; k < experiment.observations.size(); ++k) {
      const Observation& observation = experiment.observations[k];
      if (observation.is_fitted != fitted) continue;
      const cell::Prediction& prediction = calibration.runs[i].predictions[k];
      const std::optional<double>& own = calibration.runs[i].uncertainties[k];
      table.rows.push_back(
          {observation_text(experiment, observation), measured_cell(observation),
           model_cell(observation, prediction, fitted ? std::nullopt : own),
           deviation_text(deviation(observation, prediction, fitted ? std::nullopt : own), observation),
           observation.source});
      sources.insert(observation.source);
    }
  }
  if (sources.size() < 2) {
    table.columns.pop_back();
    for (std::vector<report::Cell>& row : table.rows) row.pop_back();
  }
  return table;
}

std::string summary(const Calibration& calibration, std::size_t held_out) {
  std::string text;
  if (calibration.status == cell::CalibrationStatus::nothing_fitted) {
    text = "Nothing was fitted: the cell as described against " + counted(calibration.observed, "observed number");
    if (calibration.observed > 0 && std::isfinite(calibration.chi_square))
      text += ", χ² = " + number(calibration.chi_square);
    return text + ".";
  }
  text =
      counted(calibration.parameters.size(), "parameter") + " fitted to " +
      counted(calibration.observed, "observed number") + "; χ² falls from " +
      (std::isfinite(calibration.start_chi_square) ? number(calibration.start_chi_square) : std::string("infinity")) +
      " to " + number(calibration.chi_square < 1e-6 ? 0.0 : calibration.chi_square) + " with " +
      counted(calibration.degrees_of_freedom, "degree") + " of freedom. ";
  if (calibration.status == cell::CalibrationStatus::not_converged)
    text += "The fit has not converged: these are its best values. ";
  std::string pinned, open;
  for (const CalibratedParameter& each : calibration.parameters) {
    std::string& list = each.is_identified ? pinned : open;
    list += (list.empty() ? "" : ", ") + each.given.name;
  }
  text += pinned.empty() ? "The observations pin down none of them alone" : "The observations pin down: " + pinned;
  text += open.empty() ? "." : "; not pinned down: " + open + ".";
  for (const cell::CalibrationDirection& direction : calibration.directions) {
    if (!direction.is_loose) continue;
    text += " Loose: " + in_words(direction, calibration.parameters) + ".";
  }
  if (held_out > 0) text += " " + counted(held_out, "observation") + " held out: see what is predicted.";
  return text;
}

std::vector<std::string> doubts(const CellFitRequest& request, const Calibration& calibration) {
  std::vector<std::string> result;
  if (calibration.status == cell::CalibrationStatus::not_converged)
    result.push_back("the fit has not converged; more starts or narrower bounds may help");
  for (const CalibratedParameter& each : calibration.parameters) {
    if (!each.is_at_low && !each.is_at_high) continue;
    const double bound = each.is_at_low ? each.given.low : each.given.high;
    result.push_back(each.given.name + " rests on its " + (each.is_at_low ? "low" : "high") + " bound, " +
                     number(shown(each.given.name, bound)) + " " + unit_text(each.given.name) +
                     ": either the bound or the model is wrong");
  }
  if (calibration.degrees_of_freedom > 0 && !calibration.parameters.empty()) {
    const double chance =
        num::chi_square_upper_tail(calibration.chi_square, static_cast<double>(calibration.degrees_of_freedom));
    if (chance < unlikely)
      result.push_back("the model does not meet the observations within their uncertainties: χ² = " +
                       number(calibration.chi_square) + " with " + counted(calibration.degrees_of_freedom, "degree") +
                       " of freedom");
  }
  if (!calibration.parameters.empty() && calibration.degrees_of_freedom == 0)
    result.push_back("there are no more observations than parameters: that they are met says nothing for the model");
  for (std::size_t i = 0; i < calibration.runs.size(); ++i) {
    const Experiment& experiment = request.experiments.experiments[i];
    for (std::size_t k = 0; k < experiment.observations.size(); ++k) {
      const Observation& observation = experiment.observations[k];
      const std::string text = observation_text(experiment, observation);
      if (!calibration.runs[i].predictions[k].is_known) {
        result.push_back(
            text + ": the run does not reach it" +
            (calibration.runs[i].result.reason.empty() ? "" : " (" + calibration.runs[i].result.reason + ")"));
        continue;
      }
      if (observation.is_fitted || calibration.parameters.empty()) continue;
      const auto off = deviation(observation, calibration.runs[i].predictions[k], calibration.runs[i].uncertainties[k]);
      if (off && std::abs(*off) > clear_miss) result.push_back(text + ": predicted " + number(*off, 2) + " u off");
    }
  }
  return result;
}

report::Table correlation_table(const Calibration& calibration) {
  report::Table table{"correlation", "Correlation", {{"parameter", "parameter"}}, {}, {}};
  table.caption = "Of the parameters as varied; the bounds count as a weak prior. Beyond ±" +
                  number(traded_correlation) + " two parameters only matter together.";
  const std::size_t n = calibration.parameters.size();
  for (std::size_t b = 0; b < n; ++b)
    table.columns.push_back({"with_" + std::to_string(b + 1), calibration.parameters[b].given.name});
  for (std::size_t a = 0; a < n; ++a) {
    std::vector<report::Cell> row{calibration.parameters[a].given.name};
    for (std::size_t b = 0; b < n; ++b) {
      report::Value value;
      value.value = std::round(1e3 * calibration.correlation[a * n + b]) / 1e3;
      value.significant = 3;
      row.emplace_back(value);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

report::Table direction_table(const Calibration& calibration) {
  report::Table table{
      "directions", "Directions", {{"uncertainty", "uncertainty (widths)"}, {"judgement", "judgement"}}, {}, {}};
  table.caption =
      "Eigenvectors of JᵀJ in widths of the bounds, the loosest first; a standard uncertainty above a fifth "
      "of the width is loose (an even spread over the bounds has 0.29).";
  for (std::size_t j = 0; j < calibration.parameters.size(); ++j)
    table.columns.push_back({"component_" + std::to_string(j + 1), calibration.parameters[j].given.name});
  for (const cell::CalibrationDirection& direction : calibration.directions) {
    const bool is_finite = std::isfinite(direction.uncertainty) && direction.uncertainty < 1e3;
    std::vector<report::Cell> row{is_finite ? number(direction.uncertainty) : std::string("> 1000"),
                                  direction.is_loose ? std::string("loose") : std::string("pinned down")};
    for (const double component : direction.components) {
      report::Value value;
      value.value = std::round(1e3 * component) / 1e3;
      value.significant = 3;
      row.emplace_back(value);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

report::Table search_table(const Calibration& calibration) {
  report::Table table{"searches", "Searches", {{"chi_square", "χ²"}, {"status", "status"}}, {}, {}};
  for (std::size_t j = 0; j < calibration.parameters.size(); ++j) {
    const std::string& name = calibration.parameters[j].given.name;
    const std::string unit = unit_text(name);
    table.columns.push_back({"value_" + std::to_string(j + 1), name + (unit.empty() ? "" : " (" + unit + ")")});
  }
  for (const cell::CalibrationSearch& search : calibration.searches) {
    report::Value chi;
    chi.value = search.chi_square;
    chi.significant = 4;
    std::vector<report::Cell> row{chi, search.converged ? std::string("converged") : std::string("not converged")};
    for (std::size_t j = 0; j < search.values.size(); ++j)
      row.emplace_back(number(shown(calibration.parameters[j].given.name, search.values[j])));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

std::string judgement(const CalibratedParameter& parameter) {
  if (parameter.is_identified) return "pinned down";
  if (parameter.is_at_low || parameter.is_at_high)
    return std::string("on its ") + (parameter.is_at_low ? "low" : "high") + " bound";
  if (!parameter.low && !parameter.high) return "open on both sides";
  if (!parameter.low) return "only an upper limit";
  if (!parameter.high) return "only a lower limit";
  std::string others;
  for (const std::string& name : parameter.leans_on) others += (others.empty() ? "" : " and ") + name;
  return "closed only by the bounds of " + others;
}

report::Report calibration_report(const CellFitRequest& request, const Calibration& calibration) {
  std::size_t held_out = 0, all = 0;
  for (const Experiment& experiment : request.experiments.experiments) {
    for (const Observation& observation : experiment.observations) {
      held_out += observation.is_fitted ? 0 : 1;
      ++all;
    }
  }
  report::Report report;
  report::Section section{"fit", calibration.parameters.empty() ? "Comparison" : "Calibration", {}, false};
  section.blocks.emplace_back(report::Paragraph{summary(calibration, held_out)});
  report::KeyValues facts{"facts", {}};
  facts.items.emplace_back("experiments", counted(request.experiments.experiments.size(), "experiment") + ", " +
                                              counted(all, "observation") + ", " + std::to_string(held_out) +
                                              " held out");
  if (!calibration.searches.empty()) {
    const auto same = std::ranges::count_if(calibration.searches, [&](const cell::CalibrationSearch& search) {
      return search.chi_square < calibration.chi_square + same_minimum * calibration.scatter * calibration.scatter;
    });
    facts.items.emplace_back("searches", std::to_string(same) + " of " + std::to_string(calibration.searches.size()) +
                                             " starts end at this minimum");
    if (calibration.scatter > 1.0)
      facts.items.emplace_back("scatter", number(calibration.scatter) + " times what the uncertainties say");
  }
  section.blocks.emplace_back(std::move(facts));
  if (!calibration.parameters.empty()) section.blocks.emplace_back(parameter_table(calibration));
  if (held_out < all) section.blocks.emplace_back(observation_table(request, calibration, true));
  if (held_out > 0) section.blocks.emplace_back(observation_table(request, calibration, false));
  for (report::Figure& figure : calibration_figures(request, calibration))
    section.blocks.emplace_back(std::move(figure));
  report.sections.push_back(std::move(section));
  if (!calibration.parameters.empty()) {
    report::Section details{"identifiability", "What the observations can tell", {}, true};
    details.blocks.emplace_back(direction_table(calibration));
    if (calibration.parameters.size() > 1) details.blocks.emplace_back(correlation_table(calibration));
    details.blocks.emplace_back(search_table(calibration));
    report.sections.push_back(std::move(details));
  }
  report.doubts = doubts(request, calibration);
  return report;
}

}  // namespace closo::tasks::detail
