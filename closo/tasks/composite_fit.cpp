#include "closo/tasks/composite_fit.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/tasks/composite_figures.hpp"
#include "closo/tasks/detail/part_text.hpp"
#include "closo/tasks/detail/scan_report.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using composite::CompositePoint;
using composite::FitParameter;
using composite::Phase;

constexpr double S_per_cm = 100.0;
constexpr double met_exactly = 1e-6;

/// A parameter of the fit and where it goes.
struct Free {
  FitParameter parameter;
  double InterphaseGuess::*member = nullptr;
  double scale = 1.0;  ///< SI = scale × parameter
  const char* unit = "";
};

/// The fit as it is set up: what is held, what is free.
struct Setup {
  InterphaseGuess held;
  std::vector<Free> free;
  std::vector<CompositePoint> points;

  InterphaseGuess guess(std::span<const double> values) const {
    InterphaseGuess result = held;
    for (std::size_t j = 0; j < free.size(); ++j) result.*free[j].member = free[j].scale * values[j];
    return result;
  }
};

double bulk_at(const std::vector<PhaseLaw>& phases, double temperature) {
  const std::optional<double> bulk = phase_conductivity(phases, Phase::bulk, temperature);
  if (!bulk || !(*bulk > 0.0))
    throw ParameterError("phase", "no conductivity of the bulk above 0",
                         "--phase bulk=\"1e-6 S/cm @ 60 degC, 0.52 eV\" (or a library name)");
  return *bulk;
}

/// Harmonic mean: where ln σ and Ea of an Arrhenius line are least correlated.
double mean_temperature(const std::vector<CompositePoint>& points) {
  double inverse = 0.0;
  for (const CompositePoint& point : points) inverse += 1.0 / point.temperature;
  return static_cast<double>(points.size()) / inverse;
}

bool spans_temperatures(const std::vector<CompositePoint>& points) {
  const auto [low, high] = std::ranges::minmax_element(points, {}, &CompositePoint::temperature);
  return high->temperature - low->temperature > 2.0;
}

Setup setup_of(const CompositeFitRequest& request, const InterphaseModel& model,
               const std::vector<CompositePoint>& points) {
  Setup setup;
  setup.points = points;
  const double bulk = bulk_at(request.phases, model.reference_temperature());
  double highest = 0.0;
  for (const CompositePoint& point : points) highest = std::max(highest, point.conductivity);
  const double low_sigma = 0.1 * bulk, high_sigma = std::max(1e2 * highest, 10.0 * bulk);
  const auto add = [&](const char* name, double start, double low, double high, bool logarithmic,
                       double InterphaseGuess::*member, double scale, const char* unit) {
    setup.free.push_back({{name, std::clamp(start, low, high), low, high, logarithmic}, member, scale, unit});
  };
  setup.held.conductivity = request.conductivity.value_or(0.0);
  if (!request.conductivity) {
    add("conductivity", std::clamp(5.0 * highest, low_sigma, high_sigma), low_sigma, high_sigma, true,
        &InterphaseGuess::conductivity, 1.0, "S/cm");
  }
  setup.held.energy_eV = request.energy_eV.value_or(0.0);
  if (!request.energy_eV) {
    if (spans_temperatures(points)) {
      add("energy", 0.4, 0.02, 1.5, false, &InterphaseGuess::energy_eV, 1.0, "eV");
    } else {
      setup.held.energy_eV = 0.4;  // one temperature: without effect
    }
  }
  const double radius = model.radius();
  double thinnest = 0.05 * radius, thickest = radius, least_wetted = 0.05;
  if (model.table()) {
    thinnest = model.table()->axis(2).front() * radius;
    thickest = model.table()->axis(2).back() * radius;
    least_wetted = model.table()->axis(3).front();
  }
  setup.held.thickness = request.thickness.value_or(std::clamp(1e-9, thinnest, thickest));
  if (!request.thickness && thickest > thinnest)
    add("thickness", 1.0, 1e9 * thinnest, 1e9 * thickest, true, &InterphaseGuess::thickness, 1e-9, "nm");
  setup.held.wetted_fraction = request.wetted_fraction.value_or(1.0);
  if (!request.wetted_fraction && least_wetted < 1.0 && request.law == InterphaseLaw::voxel_table)
    add("wetted", 100.0 * std::max(0.75, least_wetted), 100.0 * least_wetted, 100.0, false,
        &InterphaseGuess::wetted_fraction, 0.01, "%");
  setup.held.cluster_radius = 0.5 * request.cluster_size;
  if (request.fits_clusters) {
    if (!model.table() || model.table()->axis(4).size() < 2)
      throw ParameterError("fit-clusters", "a model without aggregates",
                           "a table of composite scan with several values of --cluster-size");
    const std::vector<double>& axis = model.table()->axis(4);
    add("aggregates", 2e9 * radius * 0.5 * (axis.front() + axis.back()), 2e9 * radius * axis.front(),
        2e9 * radius * axis.back(), false, &InterphaseGuess::cluster_radius, 0.5e-9, "nm");
  }
  if (setup.free.empty()) throw ParameterError("interphase", "everything is held", "at least one unknown to fit");
  return setup;
}

composite::InterphaseFit fit(const Setup& setup, const InterphaseModel& model, const std::vector<PhaseLaw>& phases) {
  const composite::CompositeModel evaluate = [&](std::span<const double> values, const CompositePoint& point) {
    return model
        .conductivity(setup.guess(values), point.filler_fraction, point.temperature, bulk_at(phases, point.temperature))
        .conductivity;
  };
  std::vector<FitParameter> parameters;
  for (const Free& each : setup.free) parameters.push_back(each.parameter);
  return composite::fit_interphase(evaluate, setup.points, parameters);
}

std::string bound_text(const std::optional<double>& bound, double scale) {
  return bound ? base::format_number(*bound / scale, 3) : std::string("open");
}

/// Numbers as shown: conductivities in S/cm, the rest in the unit of the parameter.
double shown_scale(const Free& each) { return each.parameter.name == "conductivity" ? S_per_cm : 1.0; }

std::string judgement(const composite::FittedParameter& fitted) {
  if (fitted.is_identified) return "pinned down";
  if (!fitted.low && !fitted.high) return "open on both sides";
  if (!fitted.low) return "only an upper limit";
  if (!fitted.high) return "only a lower limit";
  std::string others;
  for (const std::string& name : fitted.leans_on) others += (others.empty() ? "" : " and ") + name;
  return "closed only by the bounds of " + others;
}

report::Table parameter_table(const Setup& setup, const composite::InterphaseFit& fitted, double reference) {
  report::Table table{"parameters",
                      "Interphase",
                      {{"parameter", "parameter"},
                       {"value", "value"},
                       {"low", "95 % from"},
                       {"high", "to"},
                       {"unit", "unit"},
                       {"searched", "searched"},
                       {"judgement", "the data say"}},
                      {},
                      "Intervals by profile likelihood, within the values searched. Conductivity at " +
                          celsius_text(reference) + "; energy of ln σT."};
  for (std::size_t j = 0; j < setup.free.size(); ++j) {
    const Free& each = setup.free[j];
    const composite::FittedParameter& result = fitted.parameters[j];
    const double scale = shown_scale(each);
    report::Value value;
    value.value = result.value / scale;
    value.kind = "computed";
    value.source = "fit";
    value.significant = 3;
    table.rows.push_back({each.parameter.name, value, bound_text(result.low, scale), bound_text(result.high, scale),
                          each.unit,
                          base::format_number(each.parameter.low / scale, 3) + " to " +
                              base::format_number(each.parameter.high / scale, 3),
                          judgement(result)});
  }
  return table;
}

report::Table points_table(const CompositeFitRequest& request, const InterphaseModel& model,
                           const InterphaseGuess& guess) {
  report::Table table{"points",
                      "Measured and fitted",
                      {{"fraction_vol_percent", "filler (vol%)"},
                       {"temperature_C", "T (°C)"},
                       {"measured_S_per_cm", "measured (S/cm)"},
                       {"fitted_S_per_cm", "model (S/cm)"},
                       {"deviation", "deviation"},
                       {"note", "note"}},
                      {},
                      "Deviation: ln(model/measured) in standard uncertainties; upper limits are tested, not fitted."};
  for (const MeasuredComposite& each : request.measured) {
    const CompositePoint& point = each.point;
    const InterphaseModel::Answer answer =
        model.conductivity(guess, point.filler_fraction, point.temperature, bulk_at(request.phases, point.temperature));
    report::Value fraction, temperature;
    fraction.value = 100.0 * point.filler_fraction;
    temperature.value = point.temperature - base::zero_celsius;
    report::Value measured = detail::sigma_value(
        point.conductivity, each.is_upper_limit ? 0.0 : point.conductivity * point.relative_uncertainty, "measured",
        request.file);
    if (each.is_upper_limit) measured.qualifier = "<";
    const double deviation = std::log(answer.conductivity / point.conductivity) / point.relative_uncertainty;
    std::string text = (std::abs(deviation) < met_exactly ? "0" : base::format_number(deviation, 2)) + " σ";
    if (each.is_upper_limit) text = answer.conductivity <= point.conductivity ? "below the limit" : "above the limit";
    table.rows.push_back(
        {fraction, temperature, measured, detail::sigma_value(answer.conductivity, 0.0, "computed", "fitted model"),
         text,
         each.note +
             (answer.is_outside ? (each.note.empty() ? "" : "; ") + std::string("outside the table") : std::string())});
  }
  return table;
}

/// Thickness and conductivity trade: what each thickness would imply.
std::optional<report::Table> thickness_table(const Setup& setup, const InterphaseModel& model,
                                             const std::vector<PhaseLaw>& phases) {
  const auto thickness =
      std::ranges::find_if(setup.free, [](const Free& each) { return each.member == &InterphaseGuess::thickness; });
  const bool fits_sigma = setup.free.front().member == &InterphaseGuess::conductivity;
  if (thickness == setup.free.end() || !fits_sigma) return std::nullopt;
  report::Table table{
      "thickness",
      "What a thickness would imply",
      {{"thickness_nm", "thickness (nm)"},
       {"conductivity_S_per_cm", "σ interphase (S/cm)"},
       {"sheet_nS", "σ × thickness (nS)"},
       {"chi_square", "χ²"}},
      {},
      "Every row is a fit with the thickness held and the surface wetted as held, else wholly; equal χ² mean that "
      "the data cannot tell."};
  for (const double held : {0.5e-9, 1e-9, 1.5e-9, 2e-9, 3e-9}) {
    if (1e9 * held < thickness->parameter.low || 1e9 * held > thickness->parameter.high) continue;
    Setup with = setup;
    with.held.thickness = held;
    std::erase_if(with.free, [](const Free& each) {
      return each.member == &InterphaseGuess::thickness || each.member == &InterphaseGuess::wetted_fraction;
    });
    const composite::InterphaseFit fitted = fit(with, model, phases);
    report::Value nm, sheet, chi;
    nm.value = 1e9 * held;
    sheet.value = 1e9 * fitted.parameters.front().value * held;
    chi.value = fitted.chi_square < met_exactly ? 0.0 : fitted.chi_square;
    for (report::Value* value : {&sheet, &chi}) value->significant = 3;
    table.rows.push_back(
        {nm, detail::sigma_value(fitted.parameters.front().value, 0.0, "computed", "fit with this thickness"), sheet,
         chi});
  }
  return table.rows.empty() ? std::nullopt : std::optional(table);
}

std::string summary(const Setup& setup, const composite::InterphaseFit& fitted, double bulk) {
  std::string pinned, open;
  for (const composite::FittedParameter& each : fitted.parameters) {
    std::string& list = each.is_identified ? pinned : open;
    list += (list.empty() ? "" : ", ") + each.name;
  }
  std::string text =
      std::to_string(setup.points.size()) + " conductivities, " + std::to_string(setup.free.size()) +
      " unknowns, χ² = " + base::format_number(fitted.chi_square < met_exactly ? 0.0 : fitted.chi_square, 3) + ". ";
  if (setup.points.size() < setup.free.size())
    text +=
        "With fewer conductivities than unknowns the values are one of many sets that meet them; --interphase and "
        "--wetted hold what is known otherwise. ";
  text += pinned.empty() ? "The data pin down none of them alone" : "The data pin down: " + pinned;
  text += open.empty() ? "." : "; not pinned down: " + open + ".";
  for (const auto& [a, b] : fitted.traded) text += " " + a + " and " + b + " only matter together.";
  if (!fitted.converged) text += " The fit has not converged: these are its best values.";
  const InterphaseGuess guess = [&] {
    std::vector<double> values;
    for (const composite::FittedParameter& each : fitted.parameters) values.push_back(each.value);
    return setup.guess(values);
  }();
  text += " At the best values the interphase conducts " + base::format_number(guess.conductivity / bulk, 3) +
          " times as well as the bulk.";
  return text;
}

struct Curve {
  FractionCurve line;
  double best_fraction = 0.0;
  std::pair<double, double> flat;  ///< fractions within 20 % of the top
};

Curve curve_of(const InterphaseModel& model, const InterphaseGuess& guess, double temperature, double bulk) {
  Curve curve;
  curve.line.name = "model, " + celsius_text(temperature);
  double top = 0.0;
  for (int percent = 0; percent <= 90; ++percent) {
    const double fraction = 0.01 * percent;
    curve.line.fraction.push_back(fraction);
    curve.line.conductivity.push_back(model.conductivity(guess, fraction, temperature, bulk).conductivity);
    if (curve.line.conductivity.back() > top) {
      top = curve.line.conductivity.back();
      curve.best_fraction = fraction;
    }
  }
  curve.flat = {curve.best_fraction, curve.best_fraction};
  for (std::size_t i = 0; i < curve.line.fraction.size(); ++i) {
    if (curve.line.conductivity[i] < 0.8 * top) continue;
    curve.flat.first = std::min(curve.flat.first, curve.line.fraction[i]);
    curve.flat.second = std::max(curve.flat.second, curve.line.fraction[i]);
  }
  return curve;
}

}  // namespace

report::Report composite_fit(const CompositeFitRequest& request, const Context& context) {
  std::vector<CompositePoint> points;
  for (const MeasuredComposite& each : request.measured) {
    if (!each.is_upper_limit && each.point.filler_fraction > 0.0) points.push_back(each.point);
  }
  if (points.empty())
    throw ParameterError("points", "no measured conductivity of a composite",
                         "at least one row with filler that is not an upper limit");
  std::optional<ConductivityTable> table;
  if (request.law == InterphaseLaw::voxel_table)
    table = request.table.empty() ? shipped_conductivity_table(context) : read_conductivity_table(request.table);
  const InterphaseModel model(request.powder, request.law, std::move(table), mean_temperature(points));
  const double reference = model.reference_temperature();
  const Setup setup = setup_of(request, model, points);
  const composite::InterphaseFit fitted = fit(setup, model, request.phases);
  std::vector<double> values;
  for (const composite::FittedParameter& each : fitted.parameters) values.push_back(each.value);
  const InterphaseGuess guess = setup.guess(values);
  const double bulk = bulk_at(request.phases, reference);

  report::Report report;
  report.task = "composite fit";
  report.title = "Interphase of " + request.file;
  report.subtitle = std::to_string(points.size()) + " points";
  report::Section section{"fit", "Interphase", {}, false};
  section.blocks.emplace_back(report::Paragraph{summary(setup, fitted, bulk)});
  report::KeyValues facts{"model", {}};
  facts.items.emplace_back("model", request.law == InterphaseLaw::voxel_table
                                        ? "interpolated voxel runs, " +
                                              (request.table.empty() ? std::string("the shipped table") : request.table)
                                    : request.law == InterphaseLaw::coated_filler
                                        ? std::string("coated filler, Maxwell–Garnett mixing")
                                        : std::string("coated filler, symmetric mixing"));
  facts.items.emplace_back("particles", report::length_text(2.0 * model.radius(), 3) + " in diameter");
  facts.items.emplace_back("bulk at " + celsius_text(reference),
                           detail::sigma_value(bulk, 0.0, "setting", "option phase"));
  if (request.thickness) facts.items.emplace_back("thickness", report::length_text(*request.thickness, 3) + ", held");
  if (request.wetted_fraction)
    facts.items.emplace_back("wetted", base::format_number(100.0 * *request.wetted_fraction, 3) + " %, held");
  section.blocks.emplace_back(facts);
  section.blocks.emplace_back(parameter_table(setup, fitted, reference));
  if (std::optional<report::Table> trade = thickness_table(setup, model, request.phases))
    section.blocks.emplace_back(std::move(*trade));
  section.blocks.emplace_back(points_table(request, model, guess));

  FractionFigure content;
  content.id = "sigma_over_fraction";
  content.title = "Model and measured conductivities";
  std::vector<double> temperatures;
  for (const CompositePoint& point : points) temperatures.push_back(point.temperature);
  std::ranges::sort(temperatures);
  temperatures.erase(std::unique(temperatures.begin(), temperatures.end()), temperatures.end());
  if (temperatures.size() > 2) temperatures = {temperatures.front(), temperatures.back()};
  for (const double temperature : temperatures) {
    const Curve curve = curve_of(model, guess, temperature, bulk_at(request.phases, temperature));
    content.curves.push_back(curve.line);
    if (temperature == temperatures.back()) {
      section.blocks.emplace_back(
          report::Paragraph{"With these values the conductivity at " + celsius_text(temperature) + " is highest at " +
                            base::format_number(100.0 * curve.best_fraction, 3) +
                            " vol% and within 20 % of that from " + base::format_number(100.0 * curve.flat.first, 3) +
                            " to " + base::format_number(100.0 * curve.flat.second, 3) + " vol%."});
    }
  }
  content.measured = request.measured;
  section.blocks.emplace_back(fraction_figure(content));

  TemperatureSeries bulk_line{"bulk", {}, {}, {}, true, false}, layer{"interphase", {}, {}, {}, true, false},
      mixture{"composite, model", {}, {}, {}, false, false};
  const double fraction = points.front().filler_fraction;
  for (double temperature = temperatures.front() - 10.0; temperature <= temperatures.back() + 10.0;
       temperature += 5.0) {
    for (TemperatureSeries* series : {&bulk_line, &layer, &mixture}) series->temperature.push_back(temperature);
    const double at = bulk_at(request.phases, temperature);
    bulk_line.conductivity.push_back(at);
    layer.conductivity.push_back(model.interphase(guess, temperature));
    mixture.conductivity.push_back(model.conductivity(guess, fraction, temperature, at).conductivity);
  }
  std::vector<MeasuredComposite> same;
  for (const MeasuredComposite& each : request.measured) {
    if (std::abs(each.point.filler_fraction - fraction) < 0.005) same.push_back(each);
  }
  section.blocks.emplace_back(composite_temperature_figure("sigma_over_temperature", "σ(T) of phases and composite",
                                                           {bulk_line, layer, mixture}, same));
  report.sections.push_back(std::move(section));
  for (const CompositePoint& point : points) {
    if (!model.conductivity(guess, point.filler_fraction, point.temperature, bulk_at(request.phases, point.temperature))
             .is_outside)
      continue;
    report.warnings.push_back("the best values lie outside the table of voxel runs at " +
                              base::format_number(100.0 * point.filler_fraction, 3) +
                              " vol%: its nearest edge (contrast: its last slope) is used");
    break;
  }
  report.provenance.emplace_back("points", request.file);
  return report;
}

namespace {

constexpr auto options = [] {
  constexpr auto own = std::to_array<Option>({
      {"points", OptionType::file, "", "", "", "CSV with fraction (vol%), T (degC), sigma (S/cm), uncertainty (%)",
       true, true},
      {"model", OptionType::choice, "", "table", "", "how a composite conducts", false, false, false,
       "table coated symmetric"},
      {"table", OptionType::file, "", "", "", "table of composite scan --to; without it the shipped one"},
      {"surface-area", OptionType::quantity, "m2/g", "", "above 0", "of the insulator powder (BET)"},
      {"density", OptionType::quantity, "g/cm3", "", "above 0", "of the insulator"},
      {"pore-volume", OptionType::quantity, "cm3/g", "", "above 0", "pores of the insulator powder"},
      {"particle-size", OptionType::quantity, "nm", "", "above 0",
       "diameter of the particles; else 6/(surface area × density)"},
      {"interphase-conductivity", OptionType::quantity, "S/cm", "", "above 0",
       "held; at the mean temperature of the points"},
      {"energy", OptionType::quantity, "eV", "", "above 0", "held: activation energy of the interphase (ln σT)"},
      {"interphase", OptionType::quantity, "nm", "", "above 0", "held: thickness of the layer"},
      {"wetted", OptionType::quantity, "%", "", "0 to 100 %", "held: share of the surface with that layer"},
      {"cluster-size", OptionType::quantity, "nm", "", "0 or more", "held: diameter of aggregates"},
      {"fit-clusters", OptionType::flag, "", "", "", "the size of aggregates is an unknown too"},
  });
  std::array<Option, own.size() + phase_option_table.size()> all{};
  std::ranges::copy(own, all.begin());
  std::ranges::copy(phase_option_table, all.begin() + own.size());
  return all;
}();

report::Report run(const Arguments& arguments, const Context& context) {
  CompositeFitRequest request;
  request.file = std::string(arguments.text("points"));
  request.measured = read_composite_points(request.file);
  const auto positive = [&](std::string_view name, std::string_view unit) -> std::optional<double> {
    const std::optional<base::Quantity> quantity = arguments.quantity(name, unit);
    if (!quantity) return std::nullopt;
    const double value = detail::measured(*quantity, name, arguments.text(name)).value;
    if (!(value > 0.0)) throw ParameterError(std::string(name), std::string(arguments.text(name)), "a value above 0");
    return value;
  };
  request.powder.surface_area = positive("surface-area", "m2/g");
  request.powder.density = positive("density", "g/cm3");
  request.powder.pore_volume = positive("pore-volume", "cm3/g");
  request.powder.particle_size = positive("particle-size", "nm");
  request.conductivity = positive("interphase-conductivity", "S/cm");
  if (const std::optional<double> energy = positive("energy", "eV"))
    request.energy_eV = *energy / base::elementary_charge;
  request.thickness = positive("interphase", "nm");
  request.wetted_fraction = positive("wetted", "%");
  if (request.wetted_fraction && *request.wetted_fraction > 1.0)
    throw ParameterError("wetted", std::string(arguments.text("wetted")), "0 to 100 %");
  request.cluster_size = positive("cluster-size", "nm").value_or(0.0);
  request.fits_clusters = arguments.flag("fit-clusters");
  request.law = arguments.text("model") == "coated"      ? InterphaseLaw::coated_filler
                : arguments.text("model") == "symmetric" ? InterphaseLaw::coated_filler_symmetric
                                                         : InterphaseLaw::voxel_table;
  request.table = std::string(arguments.text("table"));
  if (!request.table.empty() && request.law != InterphaseLaw::voxel_table)
    throw ParameterError("table", request.table, "no table with a closed law; --model table");
  std::vector<double> temperatures;
  for (const MeasuredComposite& each : request.measured) temperatures.push_back(each.point.temperature);
  request.phases = phase_laws(arguments, temperatures, context);
  return composite_fit(request, context);
}

}  // namespace

constinit const Task composite_fit_task{
    "composite fit", "Infer the interphase from measured conductivities of composites, and what the data pin down",
    options, run, "composite_fit"};

}  // namespace closo::tasks
