// The report of a temperature series: summary table, Arrhenius, Nyquist, DRT and residual figures.
#include <algorithm>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/impedance/series.hpp"
#include "closo/tasks/arrhenius_figure.hpp"
#include "closo/tasks/detail/spread.hpp"
#include "closo/tasks/impedance_figures.hpp"
#include "closo/tasks/impedance_fit.hpp"
#include "closo/tasks/impedance_series.hpp"

namespace closo::tasks {
namespace {

constexpr double S_per_cm = 100.0;  // S/m
constexpr double kJ_per_mol_per_eV = 96.48533212331002;

report::Value computed(double number, const char* unit, std::optional<double> uncertainty, const char* source) {
  report::Value value;
  value.value = number;
  if (uncertainty && std::isfinite(*uncertainty) && *uncertainty > 0.0) value.uncertainty = uncertainty;
  value.unit = unit;
  value.kind = "computed";
  value.source = source;
  return value;
}

report::Value celsius_value(double temperature) {
  report::Value value;
  value.value = temperature - 273.15;
  value.unit = "°C";
  return value;
}

std::string celsius(double temperature) { return base::format_number(temperature - 273.15, 4) + " °C"; }

report::Table summary_table(const SeriesAnalysis& analysis) {
  report::Table table{"series",
                      "Series",
                      {{"temperature_degC", "T (°C)"}, {"spectrum", "spectrum"}, {"kramers_kronig", "Kramers-Kronig"}},
                      {},
                      {}};
  for (const SeriesConductivity& part : analysis.conductivities) {
    table.columns.push_back({"sigma_" + std::string(part.name == "grain boundary" ? "gb" : part.name) + "_S_per_cm",
                             "σ " + part.name + " (S/cm)"});
  }
  table.columns.insert(table.columns.end(),
                       {{"r_total_ohm", "R total (Ω)"}, {"chi_square", "χ²"}, {"starts", "starts agree"}});
  for (std::size_t place = 0; place < analysis.spectra.size(); ++place) {
    const SeriesSpectrum& spectrum = analysis.spectra[place];
    std::vector<report::Cell> row = {celsius_value(spectrum.temperature), spectrum.input.label,
                                     impedance::to_string(spectrum.validation.verdict)};
    for (const SeriesConductivity& part : analysis.conductivities) {
      report::Cell cell = std::string();
      for (std::size_t i = 0; i < part.temperature.size(); ++i) {
        if (part.spectrum[i] != place) continue;
        cell = computed(
            part.sigma[i].value / S_per_cm, "S/cm",
            part.sigma[i].fit_uncertainty ? std::optional(*part.sigma[i].fit_uncertainty / S_per_cm) : std::nullopt,
            "thickness / (resistance × area)");
      }
      row.push_back(cell);
    }
    const auto& total = spectrum.derived.total_resistance;
    row.push_back(total ? report::Cell(computed(total->value, "Ω", total->uncertainty, "fit of the circuit"))
                        : report::Cell(std::string()));
    report::Value chi_square = computed(spectrum.fit.chi_square, "", {}, "fit of the circuit");
    chi_square.significant = 7;
    row.push_back(chi_square);
    row.push_back(spectrum.fit.starts > 1
                      ? std::to_string(spectrum.fit.agreeing) + " of " + std::to_string(spectrum.fit.starts)
                      : std::string("known optimum"));
    table.rows.push_back(std::move(row));
  }
  table.caption =
      "Uncertainties of the conductivities are those of the fits; the geometry's uncertainty is common to all of them.";
  return table;
}

report::Table energy_table(const SeriesAnalysis& analysis) {
  report::Table table{"arrhenius",
                      "Arrhenius laws",
                      {{"part", "part"},
                       {"energy_eV", "Ea (eV)"},
                       {"energy_kJ_per_mol", "Ea (kJ/mol)"},
                       {"log10_prefactor", "log10 A"},
                       {"points", "points"},
                       {"r_squared", "R²"},
                       {"sigma_25_S_per_cm", "σ at 25 °C (S/cm)"},
                       {"remark", "remark"}},
                      {},
                      {}};
  for (const SeriesConductivity& part : analysis.conductivities) {
    if (!part.arrhenius) continue;
    const transport::ArrheniusLaw& law = part.arrhenius->law;
    const std::optional<double> spread =
        law.uncertainty_known ? std::optional(std::sqrt(law.energy_variance)) : std::nullopt;
    const transport::ConductivityPrediction room = transport::predict(law, 298.15);
    constexpr double farthest = 50.0;  // K; beyond, a small error bar on the extrapolation would deceive
    report::Value sigma = computed(
        room.conductivity / S_per_cm, "S/cm",
        room.log_uncertainty ? std::optional(room.conductivity * *room.log_uncertainty / S_per_cm) : std::nullopt,
        "Arrhenius law");
    if (room.extrapolated()) sigma.note = "extrapolated over " + base::format_number(room.outside, 3) + " K";
    if (room.outside > farthest) {
      sigma.value.reset();
      sigma.uncertainty.reset();
      sigma.note = "too far from the data (" + base::format_number(room.outside, 3) + " K)";
    }
    report::Value points, r_squared = computed(part.arrhenius->r_squared, "", {}, "Arrhenius fit");
    points.value = static_cast<double>(part.arrhenius->points);
    r_squared.significant = 6;
    table.rows.push_back(
        {part.name, computed(law.activation_energy_eV, "eV", spread, "Arrhenius fit"),
         computed(law.activation_energy_eV * kJ_per_mol_per_eV, "kJ/mol",
                  spread ? std::optional(*spread * kJ_per_mol_per_eV) : std::nullopt, "Arrhenius fit"),
         computed(law.log_prefactor() / std::log(10.0), "", std::sqrt(law.log_prefactor_variance()) / std::log(10.0),
                  "Arrhenius fit; A in S K/m or S/m"),
         points, r_squared, sigma,
         part.arrhenius->weighted ? "weighted by the fits, widened by the scatter" : "unweighted, from the scatter"});
  }
  table.caption = analysis.conductivities.empty() ? std::string() : "The geometry's uncertainty does not enter Ea.";
  return table;
}

report::Figure arrhenius_plot(const SeriesAnalysis& analysis) {
  const double low = analysis.spectra.front().temperature, high = analysis.spectra.back().temperature;
  report::Figure figure = arrhenius_figure("arrhenius", "Conductivity against temperature", low - 10.0, high + 10.0);
  for (const SeriesConductivity& part : analysis.conductivities) {
    std::vector<MeasuredPoint> points;
    for (std::size_t i = 0; i < part.sigma.size(); ++i) {
      points.push_back({part.temperature[i], part.sigma[i].value, part.sigma[i].fit_uncertainty.value_or(0.0),
                        part.name + ": " + base::format_number(part.sigma[i].value / S_per_cm, 4) + " S/cm at " +
                            celsius(part.temperature[i])});
    }
    if (part.transitions) {
      add_law(figure, part.transitions->law(), part.name, low - 10.0, high + 10.0);
    } else if (part.arrhenius) {
      add_law(figure, transport::ConductivityLaw{{part.arrhenius->law}, {}}, part.name, low - 10.0, high + 10.0);
    }
    add_points(figure, points, part.name);
  }
  return figure;
}

/// What `closo library import` reads back as the user's own rows.
report::Table import_table(const SeriesAnalysis& analysis, const std::string& material) {
  report::Table table{"own_conductivity",
                      "For closo library import",
                      {{"material", "material"},
                       {"quantity", "quantity"},
                       {"value", "value"},
                       {"unit", "unit"},
                       {"uncertainty", "uncertainty"},
                       {"temperature", "temperature"},
                       {"method", "method"},
                       {"note", "note"}},
                      {},
                      {}};
  const SeriesConductivity& total = analysis.conductivities.front();
  for (std::size_t i = 0; i < total.sigma.size(); ++i) {
    // Without the geometry's uncertainty the fit's alone would be far too small for a number that stands by itself.
    const std::optional<double> uncertainty =
        total.sigma[i].geometry_relative ? total.sigma[i].total_uncertainty() : std::nullopt;
    table.rows.push_back({material, "ionic conductivity", base::format_exact(total.sigma[i].value / S_per_cm), "S/cm",
                          uncertainty ? base::format_exact(*uncertainty / S_per_cm) : std::string(),
                          base::format_exact(total.temperature[i]) + " K", "EIS",
                          "closo impedance series, " + impedance::to_text(analysis.circuit)});
  }
  return table;
}

void add_validation_verdict(const SeriesAnalysis& analysis, report::Report& report) {
  std::size_t passed = 0;
  for (const SeriesSpectrum& spectrum : analysis.spectra) {
    passed += spectrum.validation.passed() ? 1U : 0U;
    if (!spectrum.validation.passed())
      report.warnings.push_back(spectrum.input.label + ": " + impedance::to_string(spectrum.validation.verdict) + "; " +
                                spectrum.validation.criterion);
    for (const std::string& remark : spectrum.fit.remarks)
      report.warnings.push_back(spectrum.input.label + ": " + remark);
  }
  report::KeyValues values{"analysis", {}};
  values.items.emplace_back("circuit", impedance::to_text(analysis.circuit));
  values.items.emplace_back(
      "Kramers-Kronig", std::to_string(passed) + " of " + std::to_string(analysis.spectra.size()) + " spectra pass");
  report::Section& results = report.sections.front();
  results.blocks.insert(results.blocks.begin(), {values, report::Paragraph{"Circuit: " + analysis.circuit_reason}});
}

void add_transitions(const SeriesAnalysis& analysis, report::Section& section) {
  for (const SeriesConductivity& part : analysis.conductivities) {
    if (!part.transitions) continue;
    std::string text = "The " + part.name + " conductivity is better described by " +
                       std::to_string(part.transitions->segments.size()) + " segments:";
    for (const transport::Transition& transition : part.transitions->transitions) {
      text += " a " + std::string(transition.continuous ? "kink" : "jump") + " at " + celsius(transition.temperature) +
              " (between " + celsius(transition.low) + " and " + celsius(transition.high) + ")";
    }
    section.blocks.emplace_back(report::Paragraph{text + "."});
  }
}

/// All spectra at once, with the coupled parameters the user named.
void add_global_fit(const ImpedanceSeriesRequest& request, const SeriesAnalysis& analysis, report::Report& report) {
  if (request.shared.empty() && request.activated.empty()) return;
  std::vector<impedance::CoupledParameter> coupled;
  for (const std::string& name : request.shared) coupled.push_back({name, impedance::Coupling::shared});
  for (const std::string& name : request.activated) coupled.push_back({name, impedance::Coupling::activated});
  std::vector<impedance::Spectrum> spectra;
  for (const SeriesSpectrum& spectrum : analysis.spectra) spectra.push_back(spectrum.input.spectrum);
  const impedance::GlobalFit fit = impedance::fit_globally(analysis.circuit, spectra, coupled, request.options);

  report::KeyValues values{"global_fit", {}};
  report::Value chi_square = computed(fit.chi_square, "", {}, "global fit");
  chi_square.significant = 7;
  values.items.emplace_back("χ² of all spectra", chi_square);
  values.items.emplace_back("free parameters", std::to_string(fit.free_parameters));
  for (const impedance::CoupledValue& value : fit.coupled) {
    const bool activated = value.coupling == impedance::Coupling::activated;
    const std::string where = activated ? " at " + celsius(fit.mean_temperature) : ", shared";
    values.items.emplace_back(value.name + where, computed(value.value, "", value.uncertainty, "global fit, SI"));
    if (activated) {
      values.items.emplace_back(value.name + ": Ea", computed(value.activation_energy_eV.value, "eV",
                                                              value.activation_energy_eV.uncertainty, "global fit"));
    }
  }
  report::Table table{"global_parameters", "Parameters of the global fit", {{"temperature_degC", "T (°C)"}}, {}, {}};
  for (const impedance::Parameter& parameter : analysis.circuit.parameters) {
    table.columns.push_back({parameter.name, parameter.name + " (" + parameter.unit + ")"});
  }
  for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
    std::vector<report::Cell> row = {celsius_value(analysis.spectra[i].temperature)};
    for (const impedance::FittedParameter& parameter : fit.parameters[i]) {
      row.emplace_back(computed(parameter.value, "", parameter.uncertainty, "global fit, SI"));
    }
    table.rows.push_back(std::move(row));
  }
  for (const std::string& remark : fit.remarks) report.warnings.push_back("global fit: " + remark);
  report.sections.push_back({"global", "Global fit of all temperatures", {values, table}, false});
}

}  // namespace

report::Report impedance_series(const ImpedanceSeriesRequest& request, const Context& context) {
  const SeriesAnalysis analysis = analyse_impedance_series(request, context);
  report::Report report;
  report.task = "impedance series";
  report.title = "Impedance series of " + std::to_string(analysis.spectra.size()) + " spectra";
  report.subtitle =
      celsius(analysis.spectra.front().temperature) + " to " + celsius(analysis.spectra.back().temperature);
  report::Section results{"results", "Conductivity and activation energy", {}, false};
  results.blocks.emplace_back(energy_table(analysis));
  results.blocks.emplace_back(summary_table(analysis));
  add_transitions(analysis, results);
  results.blocks.emplace_back(arrhenius_plot(analysis));
  report.sections.push_back(std::move(results));
  add_global_fit(request, analysis, report);
  add_validation_verdict(analysis, report);

  // More curves than this cannot be told apart in one figure; the tables hold every spectrum.
  constexpr std::size_t most_curves = 12;
  const std::vector<std::size_t> shown = detail::spread_over(analysis.spectra.size(), most_curves);
  const std::string which =
      shown.size() < analysis.spectra.size()
          ? std::to_string(shown.size()) + " of " + std::to_string(analysis.spectra.size()) + " spectra"
          : std::string();
  std::vector<ImpedanceCurve> curves;
  std::vector<std::pair<std::string, const impedance::DrtResult*>> distributions;
  for (const std::size_t i : shown) {
    const SeriesSpectrum& spectrum = analysis.spectra[i];
    curves.push_back(
        {celsius(spectrum.temperature), spectrum.fit.frequency, spectrum.fit.measured, spectrum.fit.model});
    if (spectrum.drt) distributions.emplace_back(celsius(spectrum.temperature), &*spectrum.drt);
  }
  report::Section figures{"figures", "Spectra", {}, false};
  std::vector<report::Figure> drawn = {nyquist_figure("nyquist", "Nyquist plots", curves),
                                       bode_modulus_figure("bode_modulus", curves),
                                       bode_phase_figure("bode_phase", curves)};
  if (!distributions.empty()) drawn.push_back(drt_figure("drt", distributions));
  for (report::Figure& figure : drawn) {
    figure.caption = which;
    figures.blocks.emplace_back(std::move(figure));
  }
  report.sections.push_back(std::move(figures));

  report::Section details{"details", "Each spectrum", {}, true};
  for (std::size_t i = 0; i < analysis.spectra.size(); ++i) {
    const SeriesSpectrum& spectrum = analysis.spectra[i];
    const std::string number = std::to_string(i + 1);
    details.blocks.emplace_back(report::Paragraph{spectrum.input.label + ", " + celsius(spectrum.temperature)});
    details.blocks.emplace_back(
        fit_summary("summary_" + number, analysis.circuit, spectrum.fit, spectrum.derived, request.geometry));
    details.blocks.emplace_back(parameter_table("parameters_" + number, spectrum.fit));
    if (std::find(shown.begin(), shown.end(), i) == shown.end()) continue;
    details.blocks.emplace_back(residual_figure("kk_" + number, "Kramers-Kronig residuals: " + spectrum.input.label,
                                                spectrum.validation.frequency, spectrum.validation.residual));
  }
  report.sections.push_back(std::move(details));
  if (!request.material.empty()) {
    report.sections.push_back({"import", "For the local library", {import_table(analysis, request.material)}, true});
  }
  ImpedanceInputs inputs = analysis.inputs;
  for (const SeriesSpectrum& spectrum : analysis.spectra) inputs.spectra.push_back(spectrum.input);
  add_input_remarks(report, inputs);
  return report;
}

namespace {

constexpr auto options = joined_options(
    std::to_array<Option>({
        {"files", OptionType::file, "", "", "", "Folder or files of the series", true, true, true},
        {"temperatures", OptionType::file, "", "", "",
         "CSV with columns file and T (degC), where the files do not say"},
        {"pattern", OptionType::text, "", "", "", "file name with {T} where the temperature in degrees Celsius stands"},
        {"form", OptionType::choice, "", "sigma_t", "", "what is linear in 1/T: ln(sigma T) or ln sigma", false, false,
         false, "sigma_t sigma"},
        {"weighted", OptionType::flag, "", "", "",
         "weight the Arrhenius fits by the uncertainties of the impedance fits"},
        {"share", OptionType::text, "", "", "",
         "parameter with one value at every temperature, such as CPE1.n: adds a global fit", false, false, true},
        {"activated", OptionType::text, "", "", "",
         "parameter that follows an Arrhenius law, such as R1: adds a global fit", false, false, true},
        {"resume", OptionType::path, "", "", "", "state file: a stopped run goes on from it"},
        {"no-drt", OptionType::flag, "", "", "", "leave out the distributions of relaxation times"},
        {"material", OptionType::text, "", "", "",
         "library name of the sample: adds a table that 'closo library import' reads"},
    }),
    pellet_option_table, fit_option_table, impedance_input_option_table);

report::Report run(const Arguments& arguments, const Context& context) {
  const std::optional<PelletGeometry> geometry = pellet_geometry(arguments);
  if (!geometry)
    throw base::ParameterError("thickness", "missing",
                               "the pellet's thickness and diameter, as --thickness 0.4mm --diameter 10mm");
  ImpedanceSeriesRequest request;
  request.files = arguments.texts("files");
  request.input = impedance_input_options(arguments);
  request.circuit = std::string(arguments.text("circuit"));
  request.options = fit_options(arguments, context);
  request.geometry = *geometry;
  request.temperatures = std::string(arguments.text("temperatures"));
  request.pattern = std::string(arguments.text("pattern"));
  request.with_drt = !arguments.flag("no-drt");
  request.form =
      arguments.text("form") == "sigma" ? transport::ArrheniusForm::sigma : transport::ArrheniusForm::sigma_t;
  request.weighted = arguments.flag("weighted");
  request.resume = std::string(arguments.text("resume"));
  request.shared = arguments.texts("share");
  request.activated = arguments.texts("activated");
  request.material = std::string(arguments.text("material"));
  return impedance_series(request, context);
}

}  // namespace

constinit const Task impedance_series_task{
    "impedance series",
    "From a folder of spectra at several temperatures to conductivity and activation energy",
    options,
    run,
    "impedance_series",
    "out"};

}  // namespace closo::tasks
