#include "closo/tasks/impedance_drt.hpp"

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/tasks/impedance_figures.hpp"

namespace closo::tasks {
namespace {

report::Value computed(double number, const char* unit, std::optional<double> uncertainty = {}) {
  report::Value value;
  value.value = number;
  value.uncertainty = uncertainty;
  value.unit = unit;
  value.kind = "computed";
  value.source = "distribution of relaxation times";
  value.significant = 3;
  return value;
}

}  // namespace

report::Report impedance_drt(const ImpedanceDrtRequest& request, const Context& context) {
  ImpedanceInputs inputs = read_impedance_inputs(request.files, request.input, context);
  std::vector<impedance::DrtResult> results;
  std::vector<std::exception_ptr> refusals;
  for (const ImpedanceInput& input : inputs.spectra) {
    refusals.push_back(refusal(
        [&] { results.push_back(impedance::distribution_of_relaxation_times(input.spectrum, request.options)); }));
  }
  drop_refused(inputs, refusals);
  report::Report report;
  report.task = "impedance drt";
  report.title = inputs.spectra.size() == 1
                     ? "Relaxation times of " + inputs.spectra.front().label
                     : "Relaxation times of " + std::to_string(inputs.spectra.size()) + " spectra";
  report::Table peaks{"peaks",
                      "Peaks",
                      {{"spectrum", "spectrum"},
                       {"tau_s", "τ (s)"},
                       {"frequency_Hz", "f (Hz)"},
                       {"resistance_ohm", "R (Ω)"},
                       {"capacitance_F", "C (F)"},
                       {"share_percent", "share (%)"},
                       {"hint", "suggests"}},
                      {},
                      {}};
  report::Table summary{"summary",
                        "Spectra",
                        {{"spectrum", "spectrum"},
                         {"r_infinity_ohm", "R∞ (Ω)"},
                         {"polarisation_ohm", "R polarisation (Ω)"},
                         {"total_ohm", "R total (Ω)"},
                         {"lambda", "λ"},
                         {"misfit_percent", "misfit (%)"},
                         {"tail", "blocking tail"}},
                        {},
                        {}};
  std::vector<std::pair<std::string, const impedance::DrtResult*>> named;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const impedance::DrtResult& result = results[i];
    const std::string& label = inputs.spectra[i].label;
    named.emplace_back(label, &result);
    for (const impedance::DrtPeak& peak : result.peaks) {
      peaks.rows.push_back({label, computed(peak.tau, "s"), computed(peak.frequency, "Hz"),
                            computed(peak.resistance, "Ω", peak.resistance_uncertainty),
                            computed(peak.capacitance, "F"), computed(100.0 * peak.share, "%"),
                            peak.hint + (peak.inside_window ? "" : " (outside of the measured window)") +
                                (peak.counted ? "" : " (not counted in the total)")});
    }
    summary.rows.push_back({label, computed(result.series_resistance, "Ω"),
                            computed(result.polarisation_resistance, "Ω"), computed(result.total_resistance, "Ω"),
                            computed(result.lambda, ""), computed(100.0 * result.residual_rms, "%"),
                            result.tail.empty() ? "no" : "yes"});
    for (const std::string& remark : result.remarks) report.warnings.push_back(label + ": " + remark);
    if (!result.converged)
      report.warnings.push_back(label + ": the non-negative solution did not settle; do not trust its peaks");
    if (result.lambda_at_bound) report.warnings.push_back(label + ": the search for λ ended at the edge of its range");
  }
  report.sections.push_back({"distribution", "Distribution", {drt_figure("drt", named), peaks, summary}, false});
  for (std::size_t i = 0; i < results.size(); ++i) {
    report.sections.push_back(
        {"fit_" + std::to_string(i + 1),
         "Residuals of " + inputs.spectra[i].label,
         {residual_figure("residual_" + std::to_string(i + 1), "Residuals: " + inputs.spectra[i].label,
                          results[i].frequency, results[i].residual)},
         true});
  }
  add_input_remarks(report, inputs);
  return report;
}

namespace {

constexpr auto options = joined_options(
    std::to_array<Option>({
        {"files", OptionType::file, "", "", "", "Impedance files or folders", true, true, true},
        {"lambda", OptionType::quantity, "1", "", "above 0", "regularisation parameter instead of an automatic choice"},
        {"choice", OptionType::choice, "", "cross-validation", "", "how the regularisation parameter is chosen", false,
         false, false, "cross-validation l-curve"},
        {"band", OptionType::choice, "", "none", "", "uncertainty of the distribution", false, false, false,
         "none bayesian bootstrap"},
        {"points-per-decade", OptionType::integer, "", "8", "2 to 50", "of the grid of relaxation times"},
    }),
    impedance_input_option_table);

report::Report run(const Arguments& arguments, const Context& context) {
  ImpedanceDrtRequest request{arguments.texts("files"), impedance_input_options(arguments), {}};
  request.options.seed = context.seed;
  if (const auto lambda = arguments.quantity("lambda", "1")) {
    if (!(lambda->value > 0.0))
      throw base::ParameterError("lambda", base::format_number(lambda->value), "a number above 0");
    request.options.choice = impedance::DrtLambda::fixed;
    request.options.lambda = lambda->value;
  } else if (arguments.text("choice") == "l-curve") {
    request.options.choice = impedance::DrtLambda::l_curve;
  }
  if (arguments.text("band") == "bayesian") request.options.band = impedance::DrtBand::bayesian;
  if (arguments.text("band") == "bootstrap") request.options.band = impedance::DrtBand::bootstrap;
  if (const auto points = arguments.integer("points-per-decade"))
    request.options.points_per_decade = static_cast<int>(*points);
  return impedance_drt(request, context);
}

}  // namespace

constinit const Task impedance_drt_task{
    "impedance drt", "Distribution of relaxation times: processes, their resistances and capacitances", options, run,
    "impedance_drt"};

}  // namespace closo::tasks
