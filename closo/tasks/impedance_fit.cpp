#include "closo/tasks/impedance_fit.hpp"

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/impedance/conductivity.hpp"
#include "closo/impedance/ladder.hpp"
#include "closo/tasks/impedance_figures.hpp"

namespace closo::tasks {
namespace {

report::Value computed(double number, std::string unit, double uncertainty, std::string note = {}) {
  report::Value value;
  value.value = number;
  if (std::isfinite(uncertainty) && uncertainty > 0.0) value.uncertainty = uncertainty;
  value.unit = std::move(unit);
  value.kind = "computed";
  value.source = "fit of the circuit";
  value.note = std::move(note);
  return value;
}

std::string identifiability_note(impedance::Identifiability identifiability) {
  switch (identifiability) {
    case impedance::Identifiability::fixed:
      return "fixed";
    case impedance::Identifiability::identified:
      return {};
    case impedance::Identifiability::weak:
      return "weakly determined";
    case impedance::Identifiability::at_bound:
      return "at its bound";
    case impedance::Identifiability::not_identified:
      return "the data do not determine it";
  }
  throw base::InternalError("identifiability out of range");
}

std::string status_text(impedance::FitStatus status) {
  switch (status) {
    case impedance::FitStatus::converged:
      return "converged";
    case impedance::FitStatus::max_iterations:
      return "not converged";
    case impedance::FitStatus::not_identifiable:
      return "converged; not every parameter is determined by the data";
  }
  throw base::InternalError("fit status out of range");
}

std::string display_unit(const std::string& unit) {
  return unit.find("^n") != std::string::npos ? unit : base::display(base::Unit::parse(unit));
}

report::Value conductivity_value(const impedance::DerivedQuantity& resistance, const PelletGeometry& geometry) {
  const impedance::PelletConductivity sigma = impedance::pellet_conductivity(
      {resistance.value, std::isfinite(resistance.uncertainty) ? std::optional(resistance.uncertainty) : std::nullopt},
      {geometry.thickness, geometry.area});
  report::Value value = computed(sigma.value / 100.0, "S/cm", sigma.total_uncertainty().value_or(0.0) / 100.0);
  value.source = "thickness / (resistance × area)";
  if (!sigma.geometry_relative) value.note = "uncertainty of the geometry not given";
  return value;
}

}  // namespace

impedance::FitOptions fit_options(const Arguments& arguments, const Context& context) {
  impedance::FitOptions options;
  const std::string_view weights = arguments.text("weights");
  if (weights == "calculated-modulus") options.weighting = impedance::Weighting::calculated_modulus;
  if (weights == "proportional") options.weighting = impedance::Weighting::proportional;
  if (weights == "unit") options.weighting = impedance::Weighting::unit;
  if (weights == "given") options.weighting = impedance::Weighting::given;
  if (arguments.text("loss") == "huber") options.loss = impedance::RobustLoss::huber;
  if (arguments.text("loss") == "cauchy") options.loss = impedance::RobustLoss::cauchy;
  options.seed = context.seed;
  return options;
}

report::Table parameter_table(std::string id, const impedance::FitResult& fit) {
  report::Table table{
      std::move(id),
      "Parameters",
      {{"parameter", "parameter"}, {"value", "value"}, {"low", "68 % from"}, {"high", "to"}, {"remark", "remark"}},
      {},
      {}};
  for (const impedance::FittedParameter& parameter : fit.parameters) {
    const std::string unit = display_unit(parameter.unit);
    report::Value low = computed(parameter.lower, unit, 0.0), high = computed(parameter.upper, unit, 0.0);
    if (!std::isfinite(parameter.upper)) high.value.reset();
    std::string remark = identifiability_note(parameter.identifiability);
    if (parameter.profiled)
      remark += (remark.empty() ? "" : "; ") + std::string("interval from the profile likelihood");
    table.rows.push_back({parameter.name, computed(parameter.value, unit, parameter.uncertainty), low, high, remark});
  }
  return table;
}

report::KeyValues fit_summary(std::string id, const impedance::Circuit& circuit, const impedance::FitResult& fit,
                              const impedance::DerivedQuantities& derived,
                              const std::optional<PelletGeometry>& geometry) {
  report::KeyValues values{std::move(id), {}};
  values.items.emplace_back("circuit", impedance::to_text(circuit));
  // A fit that goes on from a known optimum has one start and no vote on it.
  const std::string starts = fit.starts > 1
                                 ? std::to_string(fit.agreeing) + " of " + std::to_string(fit.starts) + " starts agree"
                                 : std::string("from a known optimum");
  values.items.emplace_back("fit", status_text(fit.status) + "; " + starts);
  report::Value chi_square = computed(fit.chi_square, "", 0.0);
  chi_square.significant = 6;
  values.items.emplace_back("χ² (" + std::to_string(fit.degrees_of_freedom) + " degrees of freedom)", chi_square);
  values.items.emplace_back("rms misfit", computed(100.0 * fit.relative_misfit(), "%", 0.0));
  if (derived.total_resistance) {
    values.items.emplace_back("R total",
                              computed(derived.total_resistance->value, "Ω", derived.total_resistance->uncertainty));
    if (geometry) values.items.emplace_back("σ total", conductivity_value(*derived.total_resistance, *geometry));
  }
  for (std::size_t i = 0; i < derived.arcs.size(); ++i) {
    const impedance::ArcQuantities& arc = derived.arcs[i];
    const std::string name = "arc " + std::to_string(i + 1) + " " + arc.elements;
    values.items.emplace_back(name + ": R", computed(arc.resistance.value, "Ω", arc.resistance.uncertainty));
    values.items.emplace_back(name + ": f", computed(arc.frequency.value, "Hz", arc.frequency.uncertainty));
    if (arc.capacitance) {
      values.items.emplace_back(
          name + ": C", computed(arc.capacitance->value, "F", arc.capacitance->uncertainty, std::string(arc.hint)));
    }
    if (geometry) values.items.emplace_back(name + ": σ", conductivity_value(arc.resistance, *geometry));
  }
  return values;
}

report::Report impedance_fit(const ImpedanceFitRequest& request, const Context& context) {
  ImpedanceInputs inputs = read_impedance_inputs(request.files, request.input, context);
  std::optional<impedance::Circuit> given;
  if (!request.circuit.empty()) given = impedance::parse_circuit(request.circuit);
  report::Report report;
  report.task = "impedance fit";
  std::vector<std::exception_ptr> refusals;
  for (std::size_t i = 0; i < inputs.spectra.size(); ++i) {
    const ImpedanceInput& input = inputs.spectra[i];
    if (context.progress && !context.progress(static_cast<double>(i) / static_cast<double>(inputs.spectra.size()),
                                              "fitting " + input.label))
      throw base::Cancelled();
    const std::string number = std::to_string(report.sections.size() + 1);
    report::Section section{"fit_" + number, input.label, {}, false};
    impedance::Circuit circuit;
    impedance::FitResult fit;
    refusals.push_back(refusal([&] {
      if (given) {
        circuit = *given;
        fit = impedance::fit(circuit, input.spectrum, request.options);
      } else {
        const impedance::LadderResult chosen = impedance::choose_circuit(input.spectrum, request.options);
        circuit = chosen.best().circuit;
        fit = chosen.best().fit;
        section.blocks.emplace_back(report::Paragraph{chosen.reason});
      }
    }));
    if (refusals.back()) continue;
    const impedance::DerivedQuantities derived = impedance::derive(circuit, fit);
    section.blocks.emplace_back(fit_summary("summary_" + number, circuit, fit, derived, request.geometry));
    section.blocks.emplace_back(parameter_table("parameters_" + number, fit));
    const ImpedanceCurve curve{input.label, fit.frequency, fit.measured, fit.model};
    section.blocks.emplace_back(nyquist_figure("nyquist_" + number, "Nyquist plot", {curve}));
    section.blocks.emplace_back(bode_modulus_figure("bode_modulus_" + number, {curve}));
    section.blocks.emplace_back(bode_phase_figure("bode_phase_" + number, {curve}));
    std::vector<impedance::Complex> residual;
    for (std::size_t k = 0; k < fit.measured.size(); ++k)
      residual.push_back((fit.measured[k] - fit.model[k]) / std::abs(fit.measured[k]));
    section.blocks.emplace_back(residual_figure("residual_" + number, "Residuals of the fit", fit.frequency, residual));
    for (const std::string& remark : fit.remarks) report.warnings.push_back(input.label + ": " + remark);
    report.sections.push_back(std::move(section));
  }
  drop_refused(inputs, refusals);
  report.title = inputs.spectra.size() == 1 ? "Impedance of " + inputs.spectra.front().label
                                            : "Impedance of " + std::to_string(inputs.spectra.size()) + " spectra";
  add_input_remarks(report, inputs);
  return report;
}

namespace {

constexpr auto options = joined_options(
    std::to_array<Option>({{"files", OptionType::file, "", "", "", "Impedance files or folders", true, true, true}}),
    fit_option_table, pellet_option_table, impedance_input_option_table);

report::Report run(const Arguments& arguments, const Context& context) {
  return impedance_fit(
      {arguments.texts("files"), impedance_input_options(arguments), std::string(arguments.text("circuit")),
       fit_options(arguments, context), pellet_geometry(arguments)},
      context);
}

}  // namespace

constinit const Task impedance_fit_task{
    "impedance fit", "Fit a circuit to impedance spectra without a guess: resistances, capacitances, conductivity",
    options, run, "impedance_fit"};

}  // namespace closo::tasks
