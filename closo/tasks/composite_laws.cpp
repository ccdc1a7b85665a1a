#include "closo/tasks/composite_laws.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/tasks/detail/measured_value.hpp"
#include "closo/tasks/detail/part_text.hpp"
#include "closo/tasks/impedance_input.hpp"

namespace closo::tasks {
namespace {

using base::Measured;
using base::ParameterError;
using composite::Law;
using composite::LawId;
using composite::LawInput;
using composite::Phase;
using detail::value_in;

constexpr std::size_t drawn_points = 101;

constexpr auto options = joined_options(
    phase_option_table,
    std::to_array<Option>({
        {"at", OptionType::quantity, "K", "25 degC", "above 0 K", "temperature"},
        {"fraction", OptionType::quantity, "vol%", "", "0 to 100 vol%",
         "filler in the solids; several for several columns; without it 10, 25, 50 and 75 vol%", false, false, true},
        {"law", OptionType::text, "", "", "", "only this law; several for several", false, false, true},
        {"particle-size", OptionType::quantity, "nm", "", "above 0", "diameter of the filler particles"},
        {"interphase", OptionType::quantity, "nm", "", "0 or more", "thickness of the layer on the particles"},
        {"grain-size", OptionType::quantity, "nm", "", "above 0", "brick layer: side of the grains"},
        {"boundary", OptionType::quantity, "nm", "", "0 or more", "brick layer: thickness of the boundaries"},
        {"debye-length", OptionType::quantity, "nm", "", "above 0", "space charge: Debye length"},
        {"excess", OptionType::quantity, "S/cm", "", "", "space charge: mean excess conductivity of the layer"},
        {"layer-share", OptionType::quantity, "1", "0.5", "0 to 1", "space charge: share of layers along the field"},
        {"threshold", OptionType::quantity, "1", "", "between 0 and 1",
         "percolation law: share of the better conductor"},
        {"exponent", OptionType::quantity, "1", "", "", "percolation law (about 2) or mixing rule (-1 to 1)"},
    }));

double per_centimetre(double conductivity) { return 0.01 * conductivity; }

std::string missing_inputs(const Law& law, const LawInput& input) {
  // is_applicable tells only that something is missing; each input is tried alone.
  std::string list;
  for (const std::string_view need : law.needs) {
    const Law single{law.id,
                     law.name,
                     law.title,
                     law.validity,
                     law.source,
                     std::span<const std::string_view>(&need, 1),
                     law.takes_interphase_share};
    if (composite::is_applicable(single, input)) continue;
    std::string words(need);
    std::ranges::replace(words, '_', ' ');
    list += (list.empty() ? "" : ", ") + words;
  }
  return "needs " + list;
}

/// In S/cm, which the table's title says.
report::Value law_value(const Law& law, double conductivity) {
  report::Value value = value_in(Measured{conductivity, {}}, "S/cm", "computed", law.source);
  value.unit.clear();
  return value;
}

/// Laws that count more interphase than the shares of the bounds have.
bool is_above_bounds(const LawInput& input, double conductivity) {
  const Law& highest = composite::law(LawId::wiener_upper);
  return composite::is_applicable(highest, input) && conductivity > 0.0 &&
         conductivity > (1.0 + 1e-9) * composite::evaluate(highest.id, input);
}

void append(std::string& list, std::string_view begin, std::string_view text) {
  list += list.empty() ? begin : std::string_view("; ");
  list += text;
}

/// The sentences of a caption; empty ones are left out.
std::string caption_of(const std::string& above, const std::string& missing) {
  return above + (above.empty() ? "" : ": it counts more interphase than these shares have.") +
         (above.empty() || missing.empty() ? "" : " ") + missing + (missing.empty() ? "" : ".");
}

/// σ [S/m], or why there is none.
std::pair<std::optional<double>, std::string> evaluated(const Law& law, const LawInput& input) {
  if (!composite::is_applicable(law, input)) return {std::nullopt, missing_inputs(law, input)};
  try {
    return {composite::evaluate(law.id, input), {}};
  } catch (const ParameterError& error) {
    return {std::nullopt, "only for " + error.name() + " " + error.allowed()};
  }
}

bool is_bound(LawId id) {
  return id == LawId::wiener_lower || id == LawId::wiener_upper || id == LawId::hashin_shtrikman_lower ||
         id == LawId::hashin_shtrikman_upper;
}

LawInput parameters_of(const CompositeLawsRequest& request) {
  LawInput input = request.parameters;
  input.bulk = phase_conductivity(request.phases, Phase::bulk, request.temperature);
  if (!input.bulk) throw ParameterError("phase", "missing for the bulk", "as --phase bulk=\"1e-6 S/cm\"");
  input.filler = phase_conductivity(request.phases, Phase::insulator, request.temperature);
  input.interphase = phase_conductivity(request.phases, Phase::interphase, request.temperature);
  input.boundary = phase_conductivity(request.phases, Phase::grain_boundary, request.temperature);
  return input;
}

report::Figure law_figure(const std::vector<const Law*>& chosen, const LawInput& parameters) {
  report::Figure figure;
  figure.id = "laws";
  figure.title = "Conductivity over the filler fraction";
  figure.caption = "Band: Hashin–Shtrikman bounds; thin grey: Wiener bounds, both of the phases with their shares.";
  figure.x = {"filler in the solids (vol%)", report::Scale::linear, 0.0, 100.0};
  figure.y = {"σ (S/cm)", report::Scale::log10};
  double lowest = 1e300, highest = 0.0;
  const auto sampled = [&](const Law& law) {
    std::vector<std::pair<double, double>> points;
    for (std::size_t i = 0; i < drawn_points; ++i) {
      const double fraction = static_cast<double>(i) / static_cast<double>(drawn_points - 1);
      const auto [value, why] = evaluated(law, law_input_at(parameters, fraction));
      if (value && *value > 0.0) points.emplace_back(100.0 * fraction, per_centimetre(*value));
    }
    return points;
  };
  std::vector<report::Layer> lines;
  for (const Law* law : chosen) {
    if (is_bound(law->id)) continue;
    report::Layer line;
    line.mark = report::Mark::line;
    line.series = std::string(law->title);
    for (const auto& [x, y] : sampled(*law)) {
      line.x.push_back(x);
      line.y.push_back(y);
      line.hover.push_back(std::string(law->title) + ": " + base::format_number(y, 3) + " S/cm at " +
                           base::format_number(x, 3) + " vol%");
      lowest = std::min(lowest, y);
      highest = std::max(highest, y);
    }
    if (line.x.size() > 1) lines.push_back(std::move(line));
  }
  report::Layer band;
  band.mark = report::Mark::band;
  band.series = "Hashin–Shtrikman bounds";
  for (const auto& [x, top] : sampled(composite::law(LawId::hashin_shtrikman_upper))) {
    const auto [value, why] =
        evaluated(composite::law(LawId::hashin_shtrikman_lower), law_input_at(parameters, x / 100.0));
    band.x.push_back(x);
    band.y_low.push_back(value ? per_centimetre(*value) : 0.0);
    band.y_high.push_back(top);
    highest = std::max(highest, top);
  }
  if (band.x.size() > 1) figure.layers.push_back(std::move(band));
  for (const LawId bound : {LawId::wiener_lower, LawId::wiener_upper}) {
    report::Layer line;
    line.mark = report::Mark::line;
    line.background = true;
    for (const auto& [x, y] : sampled(composite::law(bound))) {
      line.x.push_back(x);
      line.y.push_back(y);
      line.hover.push_back(std::string(composite::law(bound).title) + ": " + base::format_number(y, 3) + " S/cm");
    }
    if (line.x.size() > 1) lines.push_back(std::move(line));
  }
  // A decade below the laws' own smallest values near the end, at most eight decades of axis.
  const double bottom = std::max(std::min(lowest, highest) * 0.1, highest * 1e-8);
  for (report::Layer& each : figure.layers) {
    for (double& low : each.y_low) low = std::max(low, bottom);
    for (double& high : each.y_high) high = std::max(high, bottom);
  }
  for (report::Layer& line : lines) {
    for (double& y : line.y) y = std::max(y, bottom);
    figure.layers.push_back(std::move(line));
  }
  figure.y.low = bottom;
  figure.y.high = highest * 3.0;
  return figure;
}

report::Report run(const Arguments& arguments, const Context& context) {
  const auto given = [&](std::string_view name, std::string_view unit) -> std::optional<double> {
    const std::optional<base::Quantity> quantity = arguments.quantity(name, unit);
    if (!quantity) return std::nullopt;
    return detail::measured(*quantity, name, arguments.text(name)).value;
  };
  CompositeLawsRequest request;
  request.temperature = temperatures_of(arguments).front();
  request.phases = phase_laws(arguments, {request.temperature}, context);
  if (arguments.has("fraction")) {
    request.fractions.clear();
    for (const base::Quantity& quantity : arguments.quantities("fraction", "vol%"))
      request.fractions.push_back(quantity.value);
  }
  request.laws = arguments.texts("law");
  if (const auto size = given("particle-size", "nm")) request.parameters.particle_radius = 0.5 * *size;
  request.parameters.interphase_thickness = given("interphase", "nm");
  request.parameters.grain_size = given("grain-size", "nm");
  request.parameters.boundary_thickness = given("boundary", "nm");
  request.parameters.debye_length = given("debye-length", "nm");
  request.parameters.excess_conductivity = given("excess", "S/cm");
  request.parameters.percolation_share = given("layer-share", "1");
  request.parameters.threshold = given("threshold", "1");
  request.parameters.exponent = given("exponent", "1");
  return composite_laws(request, context);
}

}  // namespace

LawInput law_input_at(LawInput parameters, double filler_fraction) {
  parameters.filler_fraction = filler_fraction;
  if (parameters.interphase && parameters.particle_radius && parameters.interphase_thickness) {
    const double grown = std::pow(1.0 + *parameters.interphase_thickness / *parameters.particle_radius, 3.0);
    parameters.interphase_fraction = std::min(1.0 - filler_fraction, filler_fraction * (grown - 1.0));
  }
  return parameters;
}

report::Table law_table(const LawInput& input, std::string id, std::string title) {
  report::Table table{std::move(id),
                      std::move(title),
                      {{"law", "law"}, {"sigma_S_per_cm", "σ (S/cm)"}, {"validity", "valid for"}},
                      {},
                      {}};
  std::string above;
  for (const Law& law : composite::laws()) {
    if (is_bound(law.id)) continue;
    const std::optional<double> value = evaluated(law, input).first;
    if (!value) continue;
    if (is_above_bounds(input, *value)) append(above, "Above the upper bound: ", law.title);
    table.rows.push_back({std::string(law.title), value_in(Measured{*value, {}}, "S/cm", "computed", law.source),
                          std::string(law.validity)});
  }
  table.caption = caption_of(above, "Laws that need further inputs are left to closo composite laws");
  return table;
}

report::Report composite_laws(const CompositeLawsRequest& request, const Context&) {
  if (request.fractions.empty()) throw ParameterError("fraction", "missing", "at least one filler fraction");
  for (const double fraction : request.fractions) {
    if (!(fraction >= 0.0 && fraction <= 1.0))
      throw ParameterError("fraction", base::format_number(100.0 * fraction) + " vol%", "0 to 100 vol%");
  }
  std::vector<const Law*> chosen;
  if (request.laws.empty()) {
    for (const Law& law : composite::laws()) chosen.push_back(&law);
  }
  for (const std::string& name : request.laws) chosen.push_back(&composite::find_law(name));
  const LawInput parameters = parameters_of(request);

  report::Report report;
  report.task = "composite laws";
  report.title = "Laws of composite conductivity";
  report.subtitle = celsius_text(request.temperature);

  report::KeyValues inputs{"inputs", {}};
  const auto show = [&](const char* name, const std::optional<double>& value, const char* unit, const char* source) {
    if (value) inputs.items.emplace_back(name, value_in(Measured{*value, {}}, unit, "", source));
  };
  show("bulk", parameters.bulk, "S/cm", "option phase");
  show("filler", parameters.filler, "S/cm", "option phase, 0 by its role");
  show("interphase", parameters.interphase, "S/cm", "option phase");
  show("grain boundary", parameters.boundary, "S/cm", "option phase");
  show("particle radius", parameters.particle_radius, "nm", "option particle-size");
  show("interphase thickness", parameters.interphase_thickness, "nm", "option interphase");

  report::Table table{"laws", "Effective conductivity (S/cm)", {{"law", "law"}}, {}, {}};
  for (const double fraction : request.fractions) {
    const std::string percent = base::format_number(100.0 * fraction, 4);
    table.columns.push_back({"sigma_" + percent + "_vol_percent_S_per_cm", percent + " vol%"});
  }
  report::Table sources{
      "law_sources", "", {{"law", "law"}, {"name", "name"}, {"validity", "valid for"}, {"source", "source"}}, {}, {}};
  std::string missing, above;
  for (const Law* law : chosen) {
    sources.rows.push_back(
        {std::string(law->title), std::string(law->name), std::string(law->validity), std::string(law->source)});
    std::vector<report::Cell> row{std::string(law->title)};
    bool has_value = false, exceeds = false;
    std::string reason;
    for (const double fraction : request.fractions) {
      const LawInput input = law_input_at(parameters, fraction);
      const auto [value, why] = evaluated(*law, input);
      has_value = has_value || value;
      if (!value) reason = why;
      exceeds = exceeds || (value && is_above_bounds(input, *value));
      row.push_back(value ? report::Cell(law_value(*law, *value)) : report::Cell("–"));
    }
    if (has_value) table.rows.push_back(std::move(row));
    if (!reason.empty()) append(missing, "Without a value: ", std::string(law->title) + " (" + reason + ")");
    if (exceeds) append(above, "Above the upper bound: ", law->title);
  }
  if (table.rows.empty()) throw ParameterError("law", request.laws.empty() ? "none" : request.laws.front(), missing);
  table.caption = caption_of(above, missing);

  report.sections.push_back({"laws", "Laws", {inputs, table}, false});
  report::Figure figure = law_figure(chosen, parameters);
  if (!figure.layers.empty()) report.sections.back().blocks.emplace_back(std::move(figure));

  report::Table curves{"law_curves", "Curves (S/cm)", {{"fraction_vol_percent", "filler (vol%)"}}, {}, {}};
  std::vector<const Law*> drawn;
  for (const Law* law : chosen) {
    if (!evaluated(*law, law_input_at(parameters, request.fractions.front())).first) continue;
    drawn.push_back(law);
    curves.columns.push_back({std::string(law->name) + "_S_per_cm", std::string(law->title)});
  }
  for (std::size_t i = 0; i <= 20; ++i) {
    const double fraction = static_cast<double>(i) / 20.0;
    std::vector<report::Cell> row{value_in(Measured{fraction, {}}, "vol%", "", "")};
    for (const Law* law : drawn) {
      const std::optional<double> value = evaluated(*law, law_input_at(parameters, fraction)).first;
      row.push_back(value ? report::Cell(law_value(*law, *value)) : report::Cell("–"));
    }
    curves.rows.push_back(std::move(row));
  }
  report.sections.push_back({"law_sources", "Validity and sources", {sources}, request.laws.empty()});
  report.sections.push_back({"law_curves", "Curves", {curves}, true});
  return report;
}

constinit const Task composite_laws_task{"composite laws",
                                         "Effective-medium laws over the filler fraction, with validity and sources",
                                         options, run, "composite_laws"};

}  // namespace closo::tasks
