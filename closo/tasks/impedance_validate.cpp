#include "closo/tasks/impedance_validate.hpp"

#include "closo/base/number.hpp"
#include "closo/impedance/z_hit.hpp"
#include "closo/tasks/impedance_figures.hpp"

namespace closo::tasks {
namespace {

report::Value percent(double fraction, const char* source) {
  report::Value value;
  value.value = 100.0 * fraction;
  value.unit = "%";
  value.kind = "computed";
  value.source = source;
  value.significant = 2;
  return value;
}

report::Outcome outcome_of(impedance::KramersKronigVerdict verdict) {
  switch (verdict) {
    case impedance::KramersKronigVerdict::pass:
      return report::Outcome::pass;
    case impedance::KramersKronigVerdict::too_few_points:
    case impedance::KramersKronigVerdict::too_noisy:
      return report::Outcome::unknown;
    default:
      return report::Outcome::fail;
  }
}

}  // namespace

report::Report impedance_validate(const ImpedanceValidateRequest& request, const Context& context) {
  ImpedanceInputs inputs = read_impedance_inputs(request.files, request.input, context);
  std::vector<impedance::KramersKronigResult> tests;
  std::vector<std::exception_ptr> refusals;
  for (const ImpedanceInput& input : inputs.spectra) {
    refusals.push_back(
        refusal([&] { tests.push_back(impedance::test_kramers_kronig(input.spectrum, request.options)); }));
  }
  drop_refused(inputs, refusals);
  report::Report report;
  report.task = "impedance validate";
  report.title = inputs.spectra.size() == 1
                     ? "Kramers-Kronig test of " + inputs.spectra.front().label
                     : "Kramers-Kronig test of " + std::to_string(inputs.spectra.size()) + " spectra";
  report::Table table{"kramers_kronig",
                      "Kramers-Kronig test",
                      {{"spectrum", "spectrum"},
                       {"verdict", "verdict"},
                       {"noise_percent", "noise (%)"},
                       {"systematic_percent", "smooth part (%)"},
                       {"elements", "M"},
                       {"mu", "μ"},
                       {"z_hit", "Z-HIT"},
                       {"z_hit_percent", "largest (%)"}},
                      {},
                      {}};
  report::Table flagged{"flagged",
                        "Points that stand out",
                        {{"spectrum", "spectrum"},
                         {"frequency_Hz", "f (Hz)"},
                         {"deviation_percent", "deviation (%)"},
                         {"reason", "reason"}},
                        {},
                        {}};
  std::vector<report::Block> figures;
  for (std::size_t i = 0; i < inputs.spectra.size(); ++i) {
    const ImpedanceInput& input = inputs.spectra[i];
    const impedance::KramersKronigResult& test = tests[i];
    const impedance::ZHitResult hit = impedance::z_hit(input.spectrum);
    report.verdicts.push_back(
        {inputs.spectra.size() == 1 ? "Kramers-Kronig" : input.label,
         impedance::to_string(test.verdict) + ", noise " + report::to_text(percent(test.noise, "")),
         {percent(test.noise, "noise of one component, relative to |Z|")},
         "linear, causal, stable",
         outcome_of(test.verdict),
         test.criterion,
         {},
         {}});
    report::Value elements, mu;
    elements.value = static_cast<double>(test.elements);
    mu.value = test.mu;
    mu.significant = 2;
    table.rows.push_back({input.label, impedance::to_string(test.verdict), percent(test.noise, "lin-KK"),
                          percent(test.systematic, "lin-KK"), elements, mu, impedance::to_string(hit.status),
                          percent(hit.largest, "modulus against the phase's")});
    for (const impedance::FlaggedPoint& point : test.flagged) {
      report::Value frequency;
      frequency.value = point.frequency;
      frequency.unit = "Hz";
      flagged.rows.push_back(
          {input.label, frequency, percent(point.deviation, "lin-KK without this point"), point.reason});
    }
    figures.emplace_back(residual_figure("residual_" + std::to_string(i + 1),
                                         "Kramers-Kronig residuals: " + input.label, test.frequency, test.residual));
  }
  report.sections.push_back({"results", "Validation", {table}, false});
  if (!flagged.rows.empty()) report.sections.back().blocks.emplace_back(flagged);
  report.sections.push_back({"residuals", "Residuals", std::move(figures), false});
  add_input_remarks(report, inputs);
  return report;
}

namespace {

constexpr auto options =
    joined_options(std::to_array<Option>({
                       {"files", OptionType::file, "", "", "", "Impedance files or folders", true, true, true},
                       {"elements", OptionType::integer, "", "", "at least 1",
                        "number of Voigt elements instead of an automatic choice"},
                       {"mu", OptionType::flag, "", "", "",
                        "choose the number of elements by the mu criterion of Schoenleber et al. 2014"},
                   }),
                   impedance_input_option_table);

report::Report run(const Arguments& arguments, const Context& context) {
  ImpedanceValidateRequest request{arguments.texts("files"), impedance_input_options(arguments), {}};
  if (const auto elements = arguments.integer("elements")) {
    request.options.choice = impedance::ElementChoice::fixed;
    request.options.elements = static_cast<std::size_t>(std::max(0L, *elements));
  } else if (arguments.flag("mu")) {
    request.options.choice = impedance::ElementChoice::mu;
  }
  return impedance_validate(request, context);
}

}  // namespace

constinit const Task impedance_validate_task{"impedance validate",
                                             "Test spectra for linearity, causality and stability (lin-KK, Z-HIT)",
                                             options, run, "impedance_validate"};

}  // namespace closo::tasks
