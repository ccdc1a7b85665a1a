#include "closo/tasks/arrhenius.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/num/distributions.hpp"
#include "closo/tasks/arrhenius_figure.hpp"
#include "closo/transport/decades.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using transport::ln_10;
using transport::PiecewiseFit;

constexpr double S_per_cm = 100.0;                // S/m
constexpr double kJ_per_mol = 96.48533212331001;  // of one eV: e N_A / 1000

constexpr std::array<Option, 17> options{{
    {"data", OptionType::file, "", "", "",
     "CSV with temperature and conductivity (or resistance); columns are found by their units", true, true, false},
    {"form", OptionType::choice, "", "sigma_t", "", "what is linear in 1/T: ln(sigma T) or ln sigma", false, false,
     false, "sigma_t sigma"},
    {"segments", OptionType::choice, "", "auto", "", "number of straight segments", false, false, false, "auto 1 2 3"},
    {"joint", OptionType::choice, "", "automatic", "", "what sigma does at a transition", false, false, false,
     "automatic continuous jump"},
    {"transitions", OptionType::quantity, "K", "", "above 0 K", "a known transition temperature, instead of a search",
     false, false, true},
    {"at", OptionType::quantity, "K", "", "above 0 K", "temperature at which the conductivity is wanted", false, false,
     true},
    {"confidence", OptionType::quantity, "1", "0.95", "above 0, below 1", "of the intervals and the band"},
    {"uncertainty", OptionType::quantity, "%", "", "above 0",
     "relative standard uncertainty of every conductivity, if no column gives it"},
    {"temperature-uncertainty", OptionType::quantity, "K", "", "0 or more",
     "standard uncertainty of every temperature, if no column gives it; written in K"},
    {"scale-uncertainties", OptionType::flag, "", "", "", "widen stated uncertainties where the points scatter more"},
    {"thickness", OptionType::quantity, "mm", "", "above 0", "of the pellet, for a resistance column"},
    {"diameter", OptionType::quantity, "mm", "", "above 0", "of the pellet, for a resistance column"},
    {"area", OptionType::quantity, "cm2", "", "above 0", "of the pellet, instead of the diameter"},
    {"branch-column", OptionType::text, "", "", "",
     "column with heating and cooling; found by itself when named branch or direction"},
    {"temperature-column", OptionType::text, "", "", "", "name of the temperature column, where there are several"},
    {"value-column", OptionType::text, "", "", "",
     "name of the conductivity or resistance column, where there are several"},
    {"min-points", OptionType::integer, "", "3", "at least 2", "per segment of the search"},
}};

std::optional<double> positive(const Arguments& arguments, std::string_view name, std::string_view unit) {
  const auto quantity = arguments.quantity(name, unit);
  if (!quantity) return std::nullopt;
  if (!(quantity->value > 0.0))
    throw ParameterError(std::string(name), "'" + std::string(arguments.text(name)) + "'", "a value above 0");
  return quantity->value;
}

std::vector<double> temperatures(const Arguments& arguments, std::string_view name) {
  std::vector<double> result;
  for (const base::Quantity& quantity : arguments.quantities(name, "K")) {
    if (!(quantity.value > 0.0)) {
      throw ParameterError(std::string(name), base::format_number(quantity.value, 6) + " K", "a temperature above 0 K");
    }
    result.push_back(quantity.value);
  }
  return result;
}

ArrheniusRequest request_of(const Arguments& arguments) {
  ArrheniusRequest request;
  request.data = std::string(arguments.text("data"));
  request.columns.thickness = positive(arguments, "thickness", "mm");
  request.columns.area = positive(arguments, "area", "cm2");
  if (const auto diameter = positive(arguments, "diameter", "mm")) {
    if (request.columns.area) throw ParameterError("area", "beside a diameter", "an area or a diameter, not both");
    request.columns.area = std::numbers::pi / 4.0 * *diameter * *diameter;
  }
  request.columns.relative_uncertainty = positive(arguments, "uncertainty", "%");
  if (arguments.has("temperature-uncertainty")) {
    // A difference of temperatures: an offset unit would add 273 K to it.
    const base::Quantity quantity = base::parse_quantity(arguments.text("temperature-uncertainty"));
    if (quantity.unit.has_offset() || !(quantity.value >= 0.0)) {
      throw ParameterError("temperature-uncertainty",
                           "'" + std::string(arguments.text("temperature-uncertainty")) + "'",
                           "a difference of temperatures in K, 0 or more");
    }
    request.columns.temperature_uncertainty = quantity.value;
  }
  request.columns.branch_column = arguments.text("branch-column");
  request.columns.temperature_column = arguments.text("temperature-column");
  request.columns.value_column = arguments.text("value-column");
  request.model.form =
      arguments.text("form") == "sigma" ? transport::ArrheniusForm::sigma : transport::ArrheniusForm::sigma_t;
  const std::string_view joint = arguments.text("joint");
  request.model.joint = joint == "continuous" ? transport::JointKind::continuous
                        : joint == "jump"     ? transport::JointKind::jump
                                              : transport::JointKind::automatic;
  const std::string_view segments = arguments.text("segments");
  if (segments != "auto") request.model.segments = static_cast<std::size_t>(segments.front() - '0');
  request.model.scale_by_residuals = arguments.flag("scale-uncertainties");
  const long least = arguments.integer("min-points").value_or(3);
  if (least < 2) throw ParameterError("min-points", std::to_string(least), "at least 2");
  request.model.min_points = static_cast<std::size_t>(least);
  request.transitions = temperatures(arguments, "transitions");
  request.at = temperatures(arguments, "at");
  request.confidence = arguments.quantity("confidence", "1")->value;
  if (!(request.confidence > 0.0 && request.confidence < 1.0)) {
    throw ParameterError("confidence", std::string(arguments.text("confidence")),
                         "a number between 0 and 1, such as 0.95 or 95 %");
  }
  if (!request.transitions.empty() && segments != "auto") {
    throw ParameterError("segments", std::string(segments), "no number of segments beside given transitions");
  }
  return request;
}

report::Value value(double number, std::optional<double> uncertainty, std::string unit, int significant = 4) {
  report::Value result;
  result.value = number;
  result.uncertainty = uncertainty;
  result.unit = std::move(unit);
  result.kind = "computed";
  result.source = "fit of this file";
  result.significant = significant;
  return result;
}

report::Value plain(double number, std::string unit, int significant = 4) {
  report::Value result;
  result.value = number;
  result.unit = std::move(unit);
  result.significant = significant;
  return result;
}

std::string celsius(double kelvin) { return base::format_number(kelvin - base::zero_celsius, 4) + " °C"; }

std::optional<double> root(bool known, double variance) {
  return known ? std::optional<double>(std::sqrt(variance)) : std::nullopt;
}

struct Fitted {
  std::string name;  ///< of the branch; empty when there is one only
  const ConductivityBranch* branch = nullptr;
  PiecewiseFit fit;
};

std::string in_branch(const Fitted& fitted) { return fitted.name.empty() ? std::string() : " (" + fitted.name + ")"; }

// One branch needs no column that names it.
report::Table without_single_branch(report::Table table, const std::vector<Fitted>& all) {
  if (all.size() > 1) return table;
  const auto column = std::ranges::find(table.columns, "branch", &report::TableColumn::key);
  const auto at = column - table.columns.begin();
  table.columns.erase(column);
  for (auto& row : table.rows) row.erase(row.begin() + at);
  return table;
}

report::Table segment_table(const std::vector<Fitted>& all, transport::ArrheniusForm form) {
  const bool with_t = form == transport::ArrheniusForm::sigma_t;
  report::Table table{"segments", "", {}, {}, {}};
  table.columns = {{"branch", "branch"},
                   {"low_degC", "from (°C)"},
                   {"high_degC", "to (°C)"},
                   {"points", "points"},
                   {"Ea_eV", "Ea (eV)"},
                   {"Ea_kJ_per_mol", "Ea (kJ/mol)"},
                   {"log10_prefactor", with_t ? "log10 A (S K/cm)" : "log10 A (S/cm)"}};
  for (const Fitted& fitted : all) {
    for (const transport::Segment& segment : fitted.fit.segments) {
      const transport::ArrheniusLaw& law = segment.law;
      const auto energy = root(law.uncertainty_known, law.energy_variance);
      const auto prefactor = root(law.uncertainty_known, law.log_prefactor_variance());
      table.rows.push_back({fitted.name.empty() ? "all" : fitted.name,
                            plain(law.low_temperature - base::zero_celsius, "°C"),
                            plain(law.high_temperature - base::zero_celsius, "°C"), std::to_string(segment.count),
                            value(law.activation_energy_eV, energy, "eV"),
                            value(law.activation_energy_eV * kJ_per_mol,
                                  energy ? std::optional(*energy * kJ_per_mol) : std::nullopt, "kJ/mol"),
                            value((law.log_prefactor() - std::log(S_per_cm)) / ln_10,
                                  prefactor ? std::optional(*prefactor / ln_10) : std::nullopt, "")});
    }
  }
  return without_single_branch(std::move(table), all);
}

void add_quality(report::KeyValues& items, const Fitted& fitted) {
  const PiecewiseFit& fit = fitted.fit;
  const std::string suffix = in_branch(fitted);
  items.items.emplace_back("R²" + suffix, plain(fit.r_squared, "", 6));
  if (fit.weighted) {
    report::Value chi = plain(fit.chi_square, "");
    chi.note = std::to_string(fit.degrees_of_freedom) + " degrees of freedom";
    items.items.emplace_back("χ²" + suffix, chi);
    if (fit.degrees_of_freedom > 0) {
      items.items.emplace_back(
          "probability of a larger χ²" + suffix,
          plain(num::chi_square_upper_tail(fit.chi_square, static_cast<double>(fit.degrees_of_freedom)), "", 2));
    }
  } else if (fit.degrees_of_freedom > 0) {
    const double scatter = std::sqrt(fit.chi_square / static_cast<double>(fit.degrees_of_freedom));
    items.items.emplace_back("scatter of the points" + suffix, plain(scatter * 100.0, "%", 2));
  }
}

report::Section law_section(const std::vector<Fitted>& all, transport::ArrheniusForm form) {
  report::KeyValues items{"fit", {}};
  for (const Fitted& fitted : all) {
    if (fitted.fit.segments.size() == 1) {
      const transport::ArrheniusLaw& law = fitted.fit.segments[0].law;
      const auto energy = root(law.uncertainty_known, law.energy_variance);
      items.items.emplace_back("activation energy" + in_branch(fitted), value(law.activation_energy_eV, energy, "eV"));
    } else {
      items.items.emplace_back("segments" + in_branch(fitted), std::to_string(fitted.fit.segments.size()));
    }
    add_quality(items, fitted);
  }
  return {"law", "Arrhenius law", {items, segment_table(all, form)}, false};
}

std::optional<report::Section> transition_section(const std::vector<Fitted>& all) {
  report::Table table{"transitions", "", {}, {}, {}};
  table.columns = {{"branch", "branch"},
                   {"transition_degC", "T (°C)"},
                   {"low_degC", "from (°C)"},
                   {"high_degC", "to (°C)"},
                   {"kind", "kind"},
                   {"jump_decades", "jump (decades)"},
                   {"Ea_below_eV", "Ea below (eV)"},
                   {"Ea_above_eV", "Ea above (eV)"}};
  for (const Fitted& fitted : all) {
    for (std::size_t i = 0; i < fitted.fit.transitions.size(); ++i) {
      const transport::Transition& transition = fitted.fit.transitions[i];
      const transport::ArrheniusLaw& below = fitted.fit.segments[i].law;
      const transport::ArrheniusLaw& above = fitted.fit.segments[i + 1].law;
      report::Value at = value(transition.temperature - base::zero_celsius, transition.uncertainty, "°C");
      if (transition.given) at.kind = "setting";
      report::Value jump = value(transition.jump_decades, transition.jump_uncertainty, "");
      const std::string kind =
          std::string(transition.given ? "given, " : "found, ") + (transition.continuous ? "kink" : "jump");
      table.rows.push_back(
          {fitted.name.empty() ? "all" : fitted.name, at, plain(transition.low - base::zero_celsius, "°C"),
           plain(transition.high - base::zero_celsius, "°C"), kind,
           transition.continuous ? report::Cell("0") : report::Cell(jump),
           value(below.activation_energy_eV, root(below.uncertainty_known, below.energy_variance), "eV"),
           value(above.activation_energy_eV, root(above.uncertainty_known, above.energy_variance), "eV")});
    }
  }
  if (table.rows.empty()) return std::nullopt;
  table.caption =
      "A jump lies between the two bracketing points; its standard uncertainty is half of the bracket over √3.";
  report::Section section{"transitions", "Phase transitions", {without_single_branch(std::move(table), all)}, false};
  if (all.size() == 2) {
    report::KeyValues items{"hysteresis", {}};
    for (const transport::Hysteresis& each : transport::hysteresis(all[0].fit, all[1].fit)) {
      report::Value width = value(each.width, std::nullopt, "K");
      width.note = "from " + base::format_number(each.width_low, 4) + " to " + base::format_number(each.width_high, 4) +
                   " K by the brackets";
      items.items.emplace_back("hysteresis near " + celsius(0.5 * (each.heating + each.cooling)), width);
    }
    if (!items.items.empty()) section.blocks.emplace_back(std::move(items));
  }
  return section;
}

std::optional<report::Section> prediction_section(const std::vector<Fitted>& all, const ArrheniusRequest& request,
                                                  std::vector<std::string>& warnings) {
  if (request.at.empty()) return std::nullopt;
  const std::string percent = base::format_number(request.confidence * 100.0, 4) + " %";
  report::Table table{"predictions", "", {}, {}, {}};
  table.columns = {{"temperature_degC", "T (°C)"},      {"branch", "branch"},    {"sigma_S_per_cm", "σ (S/cm)"},
                   {"low_S_per_cm", percent + " from"}, {"high_S_per_cm", "to"}, {"range", "range of the data"}};
  for (const double temperature : request.at) {
    for (const Fitted& fitted : all) {
      const transport::ConductivityLaw law = fitted.fit.law();
      const transport::ConductivityPrediction p = transport::predict(law, temperature, request.confidence);
      const std::string range =
          p.extrapolated() ? "extrapolated over " + base::format_number(p.outside, 3) + " K" : "inside";
      if (p.extrapolated()) warnings.push_back("σ at " + celsius(temperature) + in_branch(fitted) + " is " + range);
      const auto limit = [&](const std::optional<double>& bound) -> report::Cell {
        return bound ? report::Cell(value(*bound / S_per_cm, std::nullopt, "S/cm", 3)) : report::Cell("not known");
      };
      const double sigma = p.conductivity / S_per_cm;
      table.rows.push_back(
          {plain(temperature - base::zero_celsius, "°C"), fitted.name.empty() ? "all" : fitted.name,
           value(sigma, p.log_uncertainty ? std::optional(*p.log_uncertainty * sigma) : std::nullopt, "S/cm"),
           limit(p.low), limit(p.high), range});
    }
    if (all.size() == 2) {
      const double ratio =
          std::log10(all[0].fit.law().conductivity(temperature) / all[1].fit.law().conductivity(temperature));
      if (std::abs(ratio) > 0.1) {
        warnings.push_back(all[0].name + " and " + all[1].name + " differ by " +
                           base::format_number(std::abs(ratio), 2) + " decades at " + celsius(temperature));
      }
    }
  }
  table.caption = "Interval of the law by Student's t where the scatter of the points gives its uncertainty.";
  return report::Section{
      "predictions", "Conductivity at wanted temperatures", {without_single_branch(std::move(table), all)}, false};
}

report::Table point_table(const std::vector<Fitted>& all) {
  report::Table table{"points", "", {}, {}, {}};
  table.columns = {{"line", "line"},
                   {"branch", "branch"},
                   {"temperature_degC", "T (°C)"},
                   {"inverse_per_kK", "1000/T (1/K)"},
                   {"sigma_S_per_cm", "σ (S/cm)"},
                   {"fit_S_per_cm", "fit (S/cm)"},
                   {"residual_decades", "residual (decades)"}};
  for (const Fitted& fitted : all) {
    for (std::size_t i = 0; i < fitted.branch->points.size(); ++i) {
      const transport::ConductivityPoint& point = fitted.branch->points[i];
      // Of the segment that the point was fitted in: a point at a transition belongs to what it was counted to.
      const transport::Segment* own = &fitted.fit.segments.front();
      for (const transport::Segment& segment : fitted.fit.segments) {
        if (point.temperature >= fitted.fit.points[segment.first].temperature) own = &segment;
      }
      const double model = own->law.conductivity(point.temperature);
      report::Value sigma = plain(point.conductivity / S_per_cm, "S/cm");
      if (point.uncertainty > 0.0) sigma.uncertainty = point.uncertainty / S_per_cm;
      sigma.kind = "measured";
      table.rows.push_back({std::to_string(fitted.branch->lines[i]), fitted.name.empty() ? "all" : fitted.name,
                            plain(point.temperature - base::zero_celsius, "°C"),
                            plain(1000.0 / point.temperature, "1/K"), sigma,
                            value(model / S_per_cm, std::nullopt, "S/cm"),
                            value(std::log10(point.conductivity / model), std::nullopt, "", 2)});
    }
  }
  return without_single_branch(std::move(table), all);
}

report::Figure figure_of(const std::vector<Fitted>& all, const ArrheniusRequest& request) {
  double low = 1e9, high = 0.0;
  for (const Fitted& fitted : all) {
    low = std::min(low, fitted.fit.points.front().temperature);
    high = std::max(high, fitted.fit.points.back().temperature);
  }
  for (const double temperature : request.at) {
    low = std::min(low, temperature);
    high = std::max(high, temperature);
  }
  const double margin = std::max(1.0, 0.04 * (high - low));
  report::Figure figure = arrhenius_figure("arrhenius", "Arrhenius plot", low - margin, high + margin);
  for (const Fitted& fitted : all) {
    const std::string series = fitted.name.empty() ? "" : fitted.name + " ";
    add_law(figure, fitted.fit.law(), series + "fit", low, high);
  }
  for (const Fitted& fitted : all) {
    std::vector<MeasuredPoint> points;
    for (std::size_t i = 0; i < fitted.branch->points.size(); ++i) {
      const transport::ConductivityPoint& point = fitted.branch->points[i];
      points.push_back({point.temperature, point.conductivity, point.uncertainty,
                        base::format_number(point.conductivity / S_per_cm, 3) + " S/cm at " +
                            celsius(point.temperature) + ", line " + std::to_string(fitted.branch->lines[i])});
    }
    add_points(figure, points, fitted.name.empty() ? "measured" : fitted.name);
  }
  figure.caption = "Band: 95 % of the law; dashed: outside the points.";
  return figure;
}

report::Section search_section(const std::vector<Fitted>& all) {
  report::Table table{
      "search", "", {}, {}, "Schwarz criterion, lower is better; one more segment must lower it by 10."};
  table.columns = {{"branch", "branch"},
                   {"segments", "segments"},
                   {"jumps", "jumps"},
                   {"parameters", "parameters"},
                   {"chi_square", "χ² or Σ residual²"},
                   {"criterion", "criterion"}};
  for (const Fitted& fitted : all) {
    for (const transport::PiecewiseCandidate& c : fitted.fit.candidates) {
      table.rows.push_back(
          {fitted.name.empty() ? "all" : fitted.name, std::to_string(c.segments), std::to_string(c.jumps),
           std::to_string(c.parameters), plain(c.chi_square, ""),
           std::isfinite(c.criterion) ? report::Cell(plain(c.criterion, "")) : report::Cell("too few points")});
    }
  }
  return {"search", "Search for transitions", {without_single_branch(std::move(table), all)}, true};
}

report::Section method_section(const ArrheniusRequest& request, const ConductivityData& data) {
  const bool with_t = request.model.form == transport::ArrheniusForm::sigma_t;
  const std::string form = with_t ? "ln(σT) = ln A − Ea/kT" : "ln σ = ln A − Ea/kT";
  const std::string weights = !data.uncertainty_name.empty() || request.columns.relative_uncertainty
                                  ? "weighted with the stated uncertainties"
                                  : "unweighted; uncertainties from the scatter of the points";
  return {
      "method",
      "Method",
      {report::Paragraph{
           form + ", least squares, " + weights + ". Columns: '" + data.temperature_name + "' and '" + data.value_name +
           "'. The σT form follows from Nernst-Einstein; its energy is larger than that of the σ form by kT."},
       report::Paragraph{"Transitions: every division of the points is fitted; joints after Hudson 1966 (DOI "
                         "10.1080/01621459.1966.10482198), "
                         "number of segments by the Schwarz criterion (small-sample form of McQuarrie 1999 without "
                         "stated uncertainties)."}},
      true};
}

void add_warnings(const std::vector<Fitted>& all, std::vector<std::string>& warnings) {
  for (const Fitted& fitted : all) {
    const PiecewiseFit& fit = fitted.fit;
    const bool unknown =
        std::ranges::any_of(fit.segments, [](const transport::Segment& s) { return !s.law.uncertainty_known; });
    if (unknown) {
      warnings.push_back("two points without uncertainties give no uncertainty of the activation energy" +
                         in_branch(fitted));
    }
    if (fit.weighted && fit.degrees_of_freedom > 0 &&
        num::chi_square_upper_tail(fit.chi_square, static_cast<double>(fit.degrees_of_freedom)) < 0.001) {
      warnings.push_back("the points scatter more than their uncertainties say" + in_branch(fitted) +
                         "; --scale-uncertainties widens them");
    }
    for (const transport::Segment& segment : fit.segments) {
      if (segment.law.activation_energy_eV <= 0.0) {
        warnings.push_back("the conductivity does not rise with temperature" + in_branch(fitted));
      }
    }
  }
}

report::Report run_arrhenius(const Arguments& arguments, const Context& context) {
  return arrhenius(request_of(arguments), context);
}

}  // namespace

report::Report arrhenius(const ArrheniusRequest& request, const Context&) {
  const std::string file = request.data.string();
  const ConductivityData data = read_conductivities(base::read_text_file(request.data), file, request.columns);
  std::vector<Fitted> all;
  for (const ConductivityBranch& branch : data.branches) {
    Fitted fitted{branch.name, &branch,
                  request.transitions.empty()
                      ? transport::find_transitions(branch.points, request.model)
                      : transport::fit_with_transitions(branch.points, request.transitions, request.model)};
    if (fitted.fit.status != num::FitStatus::ok) {
      const std::string where = branch.name.empty() ? "" : "branch " + branch.name + ": ";
      const bool few = fitted.fit.status == num::FitStatus::too_few_points;
      throw base::InputError({file, branch.lines.front(), 0},
                             where + (few ? std::to_string(branch.points.size()) + " points for the wanted segments"
                                          : "all points stand at one temperature"),
                             "points at more temperatures");
    }
    all.push_back(std::move(fitted));
  }

  report::Report report;
  report.task = "arrhenius";
  report.title = "Arrhenius fit of " + request.data.filename().string();
  report.warnings = data.warnings;
  report.sections.push_back(law_section(all, request.model.form));
  if (auto section = transition_section(all)) report.sections.push_back(std::move(*section));
  if (auto section = prediction_section(all, request, report.warnings)) report.sections.push_back(std::move(*section));
  add_warnings(all, report.warnings);
  report.sections.push_back({"points", "Points", {figure_of(all, request), point_table(all)}, false});
  if (request.transitions.empty() && !request.model.segments) report.sections.push_back(search_section(all));
  report.sections.push_back(method_section(request, data));
  report.provenance.emplace_back("input", file);
  return report;
}

constinit const Task arrhenius_task{
    .name = "arrhenius",
    .summary = "Activation energy, phase transitions and conductivity at wanted temperatures from measured points",
    .options = options,
    .run = run_arrhenius,
    .stem = "arrhenius",
};

}  // namespace closo::tasks
