#include "closo/tasks/library_plot.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "closo/base/error.hpp"
#include "closo/tasks/arrhenius_figure.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

using library::Fact;
using library::Library;
using Facts = std::vector<const Fact*>;

constexpr std::array options = with_query_options(std::to_array<Option>({
    {"by", OptionType::choice, "", "family", "", "what a colour stands for", false, false, false,
     "family material ion"},
}));

constexpr std::string_view restatement = "restatement";
constexpr double margin = 10.0;     // K beside the outermost points
constexpr double S_per_cm = 100.0;  // S/m

bool is_ionic_conductivity(const Fact& fact) {
  return fact.quantity == "ionic conductivity" || fact.quantity == "total ionic conductivity";
}

/// What of the matching conductivities can and should be drawn, and how many cannot.
struct Choice {
  Facts drawn;
  std::size_t without_temperature = 0, repeated = 0, no_samples = 0;
};

Choice choose(const Facts& facts, const library::Query& query) {
  Choice choice;
  for (const Fact* fact : facts) {
    if (!is_ionic_conductivity(*fact) || !fact->value_si || !(*fact->value_si > 0.0)) continue;
    if (!query.kind && (fact->kind == library::Kind::summary || fact->kind == library::Kind::target)) {
      ++choice.no_samples;
    } else if (query.flag != restatement && fact->has_flag(restatement)) {
      ++choice.repeated;
    } else if (!fact->temperature) {
      ++choice.without_temperature;
    } else {
      choice.drawn.push_back(fact);
    }
  }
  return choice;
}

std::string series_of(const Library& library, const Fact& fact, const std::string& by) {
  const library::Material* material = library.find_material(fact.material);
  if (by == "material" || material == nullptr) return fact.material;
  if (by == "ion") return material->mobile_ions.empty() ? "no mobile ion" : material->mobile_ions.front();
  return material->family;
}

std::string hover_of(const Library& library, const Fact& fact) {
  std::string text =
      fact.material + ": " + report::to_text(fact_value(library, fact)) + " at " + temperature_text(fact);
  if (!fact.phase.empty()) text += ", " + fact.phase;
  if (fact.is_doubtful()) text += " (" + doubt_flags_text(fact) + ")";
  return text + " — " + library.citation(fact) + " " + fact.id;
}

/// Joins the points of one sample, so that its slope is seen.
void add_sample_lines(report::Figure& figure, const Library& library, const Facts& facts, const std::string& by) {
  std::map<std::string, Facts> samples;
  for (const Fact* fact : facts) {
    samples[fact->material + '\n' + fact->subject + '\n' + fact->source + '\n' + fact->phase + '\n' + fact->preparation]
        .push_back(fact);
  }
  for (auto& [key, sample] : samples) {
    std::ranges::sort(sample, {}, [](const Fact* fact) { return *fact->temperature; });
    if (*sample.front()->temperature == *sample.back()->temperature) continue;
    report::Layer line;
    line.mark = report::Mark::line;
    line.series = series_of(library, *sample.front(), by);
    for (const Fact* fact : sample) {
      line.x.push_back(1000.0 / *fact->temperature);
      line.y.push_back(*fact->value_si / S_per_cm);
      line.hover.push_back(fact->material);
    }
    figure.layers.push_back(std::move(line));
  }
}

report::Figure figure_of(const Library& library, const Facts& facts, const std::string& by) {
  const auto [coldest, hottest] =
      std::ranges::minmax_element(facts, {}, [](const Fact* fact) { return *fact->temperature; });
  report::Figure figure = arrhenius_figure("conductivity", "Ionic conductivity", *(*coldest)->temperature - margin,
                                           *(*hottest)->temperature + margin);
  std::map<std::string, std::vector<MeasuredPoint>> series;
  for (const Fact* fact : facts) {
    series[series_of(library, *fact, by)].push_back(
        {*fact->temperature, *fact->value_si, fact->uncertainty_si.value_or(0.0), hover_of(library, *fact)});
  }
  add_sample_lines(figure, library, facts, by);
  for (const auto& [name, points] : series) add_points(figure, points, name);
  figure.caption =
      "A colour is a " + std::string(by == "ion" ? "mobile ion" : by) +
      "; lines join the points of one sample. Bounds and orders of magnitude are drawn at the number stated.";
  return figure;
}

report::Report run_library_plot(const Arguments& arguments, const Context& context) {
  return library_plot({query_of(arguments), std::string(arguments.text("by"))}, context);
}

}  // namespace

report::Report library_plot(const LibraryPlotRequest& request, const Context& context) {
  if (request.by != "family" && request.by != "material" && request.by != "ion") {
    throw base::ParameterError("by", "'" + request.by + "'", "family, material or ion");
  }
  const Library library = load_library(context);
  const Choice choice = choose(library.select(request.query), request.query);
  if (choice.drawn.empty()) {
    throw base::InputError({}, "no ionic conductivity with a temperature matches",
                           "conditions that leave at least one point");
  }
  report::Report report;
  report.title = "Library: ionic conductivity";
  report.subtitle = std::to_string(choice.drawn.size()) + (choice.drawn.size() == 1 ? " point" : " points");
  const auto left_out = [&report](std::size_t count, const char* what) {
    if (count > 0)
      report.warnings.push_back(std::to_string(count) + (count == 1 ? " row is" : " rows are") + " left out: " + what);
  };
  left_out(choice.without_temperature, "no temperature is stated");
  left_out(choice.repeated, "the same number stands in another row");
  left_out(choice.no_samples, "statements about a class of materials, or targets");
  report.sections.push_back({"conductivity", "Conductivity", {figure_of(library, choice.drawn, request.by)}, false});
  // In the terminal `library find` shows these rows; on the page they stand folded below the figure.
  report.sections.push_back({"points", "Points", {fact_table(library, choice.drawn, "points", true)}, true});
  add_sources(report, library, choice.drawn);
  return report;
}

constinit const Task library_plot_task{
    .name = "library plot",
    .summary = "Arrhenius figure of the conductivities that match",
    .options = options,
    .run = run_library_plot,
    .stem = "library_plot",
    .default_output = "out",
};

}  // namespace closo::tasks
