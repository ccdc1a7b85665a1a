#include "closo/tasks/evaluate.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/num/distributions.hpp"
#include "closo/tasks/detail/evaluation.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace detail {
namespace {

constexpr double default_temperature = 298.15;

/// Library entity of host plus filler, by the names the library uses for composites.
const library::Material* find_composite(const library::Library& library, const std::string& host,
                                        const std::string& filler) {
  for (const std::string& name : {host + "-" + filler, host + "/" + filler, host + " + " + filler}) {
    if (const library::Material* found = library.find_material(name)) return found;
  }
  return nullptr;
}

/// Materials the library does not know are no error in a system file that brings its own data; a wrong name is.
const library::Material* known_or_own(const library::Library& library, const std::string& name, const std::string& file,
                                      bool own_data) {
  if (name.empty()) return nullptr;
  const library::Material* found = library.find_material(name);
  if (found != nullptr || own_data) return found;
  try {
    return &library.material(name);
  } catch (const base::InputError& error) {
    throw error.at({file});
  }
}

}  // namespace

Evaluation prepare(const System& system, const std::vector<double>& temperatures, const library::Library& library,
                   report::Report& report, const library::ElectrodeData* electrodes) {
  Evaluation evaluation{system, library, report};
  evaluation.electrodes = electrodes;
  const auto is_electrode = [&](const std::string& name) {
    return electrodes != nullptr && electrodes->find(name) != nullptr;
  };
  evaluation.host =
      known_or_own(library, system.electrolyte.material, system.file, !system.electrolyte.conductivity.empty());
  evaluation.electrolyte = evaluation.host;
  if (system.composite) {
    known_or_own(library, system.composite->filler, system.file,
                 system.composite->densities.count(system.composite->filler) != 0);
    evaluation.electrolyte =
        evaluation.host == nullptr ? nullptr : find_composite(library, evaluation.host->id, system.composite->filler);
  }
  if (system.anode)
    evaluation.anode = known_or_own(library, system.anode->material, system.file, is_electrode(system.anode->material));
  if (system.cathode) {
    evaluation.cathode =
        known_or_own(library, system.cathode->active, system.file,
                     system.cathode->specific_capacity.has_value() || is_electrode(system.cathode->active));
  }
  evaluation.temperatures = temperatures.empty() ? system.operation.temperatures : temperatures;
  if (evaluation.temperatures.empty()) evaluation.temperatures = {default_temperature};
  std::sort(evaluation.temperatures.begin(), evaluation.temperatures.end());
  evaluation.temperatures.erase(std::unique(evaluation.temperatures.begin(), evaluation.temperatures.end()),
                                evaluation.temperatures.end());
  evaluation.working_temperature = evaluation.temperatures.back();
  return evaluation;
}

std::vector<const library::Fact*> facts_of(const Evaluation& evaluation, const library::Material* material,
                                           std::string_view table) {
  std::vector<const library::Fact*> found;
  if (material == nullptr) return found;
  for (const library::Fact& fact : evaluation.library.facts()) {
    if (fact.table == table && fact.material == material->id) found.push_back(&fact);
  }
  return found;
}

std::string celsius(double temperature) { return base::format_number(temperature - 273.15, 4) + " °C"; }

const library::Criterion* find_criterion(const library::Library& library, std::string_view quantity_start) {
  for (const library::Criterion& criterion : library.criteria()) {
    if (std::string_view(criterion.quantity).starts_with(quantity_start)) return &criterion;
  }
  return nullptr;
}

Decision decide(double value, std::optional<double> uncertainty, double target, bool at_most) {
  using report::Outcome;
  const double margin = at_most ? target - value : value - target;
  if (!uncertainty || !(*uncertainty > 0.0)) return {margin >= 0.0 ? Outcome::pass : Outcome::fail, std::nullopt};
  const double probability = num::normal_cdf(margin / *uncertainty);
  if (probability >= decision_probability) return {Outcome::pass, probability};
  if (probability <= 1.0 - decision_probability) return {Outcome::fail, probability};
  return {Outcome::unknown, probability};
}

std::string reason_of(const Decision& decision, const std::string& what) {
  std::string text;
  switch (decision.outcome) {
    case report::Outcome::pass:
      text = what + " meets the target";
      break;
    case report::Outcome::fail:
      text = what + " misses the target";
      break;
    case report::Outcome::unknown:
      text = what + " cannot be told from the target within its uncertainty";
      break;
  }
  if (decision.probability) {
    const double percent = 100.0 * *decision.probability;
    const std::string shown = percent > 99.0 ? "above 99" : percent < 1.0 ? "below 1" : base::format_number(percent, 2);
    text += " (it is met with a probability of " + shown + " %)";
  }
  return text;
}

report::Value stated_value(const base::Quantity& quantity, std::string_view unit, std::string_view kind,
                           const std::string& source) {
  const base::Unit target = base::Unit::parse(unit);
  report::Value value;
  value.value = quantity.in(target);
  value.uncertainty = quantity.uncertainty_in(target);
  value.qualifier = std::string(base::to_string(quantity.qualifier));
  value.unit = base::display(target);
  value.kind = std::string(kind);
  value.source = source.empty() ? "system file" : source;
  return value;
}

}  // namespace detail

report::Report evaluate(const EvaluateRequest& request, const Context& context) {
  const library::Library library = load_library(context);
  report::Report report;
  report.task = "evaluate";
  const library::ElectrodeData electrodes = library::ElectrodeData::load(context.data);
  detail::Evaluation evaluation = detail::prepare(request.system, request.temperatures, library, report, &electrodes);

  report.title = request.system.name;
  if (request.system.anode) report.title += " | " + request.system.anode->material;
  if (request.system.cathode) report.title += " | " + request.system.cathode->active;
  const double low = evaluation.temperatures.front(), high = evaluation.temperatures.back();
  report.subtitle =
      low == high ? detail::celsius(low) : base::format_number(low - 273.15, 4) + "–" + detail::celsius(high);

  add_identity(evaluation);
  add_measurement(evaluation, context);
  add_conductivity(evaluation);
  add_composite_model(evaluation, context);
  add_transference(evaluation);
  add_cell(evaluation);
  add_separator(evaluation);
  add_cell_model(evaluation, context);
  add_stability(evaluation);
  add_energies(evaluation, context);
  add_records(evaluation);
  add_sources(evaluation);

  report.provenance.emplace_back("system file", request.system.file);
  for (const std::string& base_file : request.system.extended) report.provenance.emplace_back("extends", base_file);
  report.provenance.emplace_back("data", std::to_string(library.facts().size()) + " facts, " +
                                             std::to_string(library.materials().size()) + " materials");
  return report;
}

namespace {

constexpr Option options[] = {
    {"system", OptionType::file, "", "", "", "The system file (TOML)", true, true},
    {"at", OptionType::quantity, "K", "", "above 0 K", "Working temperature instead of those of the system file", false,
     false, true},
};

report::Report run_evaluate(const Arguments& arguments, const Context& context) {
  EvaluateRequest request{read_system(std::string(arguments.text("system"))), {}};
  for (const base::Quantity& at : arguments.quantities("at", "K")) {
    if (!(at.value > 0.0))
      throw base::ParameterError("at", base::format_number(at.value) + " K", "a temperature above 0 K");
    request.temperatures.push_back(at.value);
  }
  return evaluate(request, context);
}

}  // namespace

constinit const Task evaluate_task{
    "evaluate", "Make the dossier of an electrolyte system: numbers, uncertainties, sources, verdicts",
    options,    run_evaluate,
    "evaluate", "out"};

}  // namespace closo::tasks
