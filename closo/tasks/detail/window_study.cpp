#include "closo/tasks/detail/window_study.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::tasks::detail {
namespace {

using base::ParameterError;

std::vector<std::string> elements_with(const base::Formula& compound, const std::string& mobile) {
  const std::array<base::Formula, 2> both{compound, base::Formula::parse(mobile)};
  return stability::elements_of(both);
}

std::string kelvin(double temperature) { return base::format_number(std::round(temperature), 4) + " K"; }

std::string kind_name(const EnergyRequest& request, const EnergyBasis& basis) {
  if (basis.kind == library::EnergyKind::static_dft) {
    return request.correct_hydrogen ? request.set + ", H corrected" : request.set;
  }
  const std::string name = request.set == "gibbs" ? "Gibbs" : request.set;
  return name + " " + kelvin(request.conditions.temperature);
}

void check_in_set(const stability::EntrySet& set, const base::Formula& compound) {
  try {
    set.at(compound);
  } catch (const base::InputError& error) {
    throw base::InputError({}, error.problem(),
                           "a compound of the set; --as-mixture takes the window of its equilibrium phases instead");
  }
}

/// The compound under the name that the user knows.
void name_compound(stability::Window& window, const NamedFormula& compound) {
  for (stability::WindowLimit* limit : {&window.reduction, &window.oxidation}) {
    for (stability::ReactionTerm& term : limit->reaction.reactants) {
      if (term.formula == compound.formula) term.name = compound.name;
    }
  }
}

void add_uncertainties(WindowVersion& version, const base::Formula& compound, const stability::ErrorModel& errors) {
  const stability::Window& window = *version.window;
  if (!window.exists) return;
  if (!window.reduction.is_open) {
    version.reduction_uncertainty_V = stability::limit_uncertainty(*version.system, compound, window.reduction, errors);
  }
  if (!window.oxidation.is_open) {
    version.oxidation_uncertainty_V = stability::limit_uncertainty(*version.system, compound, window.oxidation, errors);
  }
}

WindowVersion gibbs_version(WindowStudy& study, const WindowStudyOptions& options,
                            const std::vector<std::string>& elements, const stability::ProfileOptions& range,
                            const Context& context, bool use_estimates) {
  EnergyRequest request = options.energy;
  request.set = "gibbs";
  request.conditions = options.gibbs;
  request.correct_hydrogen = false;
  request.use_estimates = use_estimates;
  WindowVersion version;
  version.kind = "Gibbs " + kelvin(request.conditions.temperature) + (use_estimates ? "" : ", tabulated");
  try {
    EnergyBasis basis = load_energies(request, context, elements);
    if (!study.gibbs_basis) study.gibbs_basis = basis;
    if (basis.set.find(study.compound.formula) == nullptr) {
      version.problem = study.compound.name + " is not in the Gibbs set";
      return version;
    }
    version.system.emplace(basis.set, elements, request.system);
    version.window = stability::equilibrium_window(*version.system, study.compound.formula, study.mobile, range);
    name_compound(*version.window, study.compound);
    add_uncertainties(version, study.compound.formula, error_model_of(options.uncertainty));
  } catch (const base::InputError& error) {
    version.system.reset();
    version.window.reset();
    version.problem = error.problem();
  }
  return version;
}

/// Products at the limits whose energies are estimates: "Li2B12H12, Li2S"; empty when the limits rest on none.
std::string estimated_products(const WindowVersion& version) {
  std::vector<std::string> names;
  if (!version.window || !version.window->exists) return {};
  for (const stability::WindowLimit* limit : {&version.window->reduction, &version.window->oxidation}) {
    for (const stability::PhaseAmount& product : limit->products) {
      if (!version.system->entry(product.phase).is_estimate) continue;
      const std::string name = phase_name(*version.system, product.phase);
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// Phases of the limits for which the other set has no energy: a reader must know that its window misses them.
std::vector<std::string> missing_phases(const WindowVersion& version, const EnergyBasis& other) {
  std::vector<std::string> names;
  for (const stability::WindowLimit* limit : {&version.window->reduction, &version.window->oxidation}) {
    for (const stability::PhaseAmount& product : limit->products) {
      const stability::Entry& entry = version.system->entry(product.phase);
      if (entry.formula.terms().size() < 2 || other.set.find(entry.formula) != nullptr) continue;
      const std::string name = phase_name(*version.system, product.phase);
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

WindowVersion constrained_version(const WindowStudy& study, const WindowStudyOptions& options,
                                  const std::vector<std::string>& elements, const stability::ProfileOptions& range) {
  const base::Formula& compound = study.compound.formula;
  const stability::ChemicalSystem all(study.basis->set, elements, options.energy.system);
  WindowVersion version;
  version.kind = "constrained";
  stability::SystemOptions left = options.energy.system;
  const bool has_rule = compound.amount("B") > 0.0 && compound.amount("H") > 0.0;
  std::vector<std::string> names;
  if (has_rule) names = stability::boron_hydrogen_phases(all, compound);
  if (has_rule) version.remark = "no other boron-hydrogen species forms";
  for (const std::string& name : options.blocked) {
    if (all.find(base::Formula::parse(name)) == std::nullopt) {
      throw ParameterError("blocked", "'" + name + "'", "a phase of the set within the elements of the compound");
    }
    names.push_back(name);
    version.remark += (version.remark.empty() ? "without " : ", without ") + name;
  }
  if (names.empty()) {
    version.problem = has_rule ? "the rule (no other boron-hydrogen species forms) leaves nothing out"
                               : "no rule for this compound; --blocked names phases that do not form";
    return version;
  }
  left.exclude.insert(left.exclude.end(), names.begin(), names.end());
  version.system.emplace(study.basis->set, elements, left);
  if (!version.system->find(compound)) {
    version.problem = study.compound.name + " itself is not a phase of the set";
    version.system.reset();
    return version;
  }
  version.window = stability::constrained_window(*version.system, compound, study.mobile, 0.0, range);
  name_compound(*version.window, study.compound);
  add_uncertainties(version, compound, error_model_of(options.uncertainty));
  return version;
}

}  // namespace

std::vector<const library::Fact*> reported_windows(const library::Library& library, const NamedFormula& compound) {
  std::vector<const library::Fact*> facts;
  if (compound.material == nullptr) return facts;
  const std::string mixture = compound.material->id + "-";
  for (const library::Fact& fact : library.facts()) {
    if (fact.table != "window" || fact.unit.dimension() != base::Unit::parse("V").dimension()) continue;
    if (fact.material != compound.material->id && !fact.material.starts_with(mixture)) continue;
    if (fact.condition("window_kind") == "scan range") continue;
    facts.push_back(&fact);
  }
  return facts;
}

WindowStudy window_study(const library::Library& library, const NamedFormula& compound, const std::string& mobile,
                         const WindowStudyOptions& options, const Context& context) {
  if (!(options.highest_V > 0.0)) {
    throw ParameterError("highest", base::format_number(options.highest_V) + " V", "a potential above 0 V");
  }
  WindowStudy study;
  study.compound = compound;
  study.mobile = mobile;
  const std::vector<std::string> elements = elements_with(compound.formula, mobile);
  stability::ProfileOptions range;
  range.highest_V = options.highest_V;
  study.basis = load_energies(options.energy, context, elements);
  if (!options.as_mixture) check_in_set(study.basis->set, compound.formula);
  const bool is_static = study.basis->kind == library::EnergyKind::static_dft;

  if (options.equilibrium) {
    WindowVersion version;
    version.kind = kind_name(options.energy, *study.basis);
    version.system.emplace(study.basis->set, elements, options.energy.system);
    const stability::ErrorModel errors = error_model_of(options.uncertainty);
    version.window = stability::equilibrium_window(*version.system, compound.formula, mobile, range);
    name_compound(*version.window, compound);
    add_uncertainties(version, compound.formula, errors);
    study.profile = stability::voltage_profile(*version.system, compound.formula, mobile, range);
    if (study.profile->steps.back().uptake > 1e-9) {
      throw ParameterError("highest", base::format_number(options.highest_V) + " V",
                           "a potential above the reduction limit of " + compound.name);
    }
    study.protection = stability::protective_layers(*version.system, compound.formula, mobile, range);
    for (const auto* layers : {&study.protection->oxidation_layer, &study.protection->reduction_layer}) {
      for (const stability::LayerProduct& layer : *layers) {
        study.layer_conductivity.push_back(
            layer.holds_mobile_ion ? best_conductivity(library, version.system->entry(layer.phase).formula) : nullptr);
      }
    }
    if (options.draws > 0) {
      study.distribution = stability::window_distribution(*version.system, compound.formula, mobile, errors,
                                                          options.draws, context.seed, range);
    }
    study.versions.push_back(std::move(version));
    if (is_static) {
      study.versions.push_back(gibbs_version(study, options, elements, range, context, options.energy.use_estimates));
      if (study.versions.back().window)
        study.not_in_gibbs_set = missing_phases(study.versions.front(), *study.gibbs_basis);
      if (const std::string estimates = estimated_products(study.versions.back()); !estimates.empty()) {
        study.versions.push_back(gibbs_version(study, options, elements, range, context, false));
        study.versions.back().remark = "without " + estimates;
      }
    }
  }
  if (options.constrained) study.versions.push_back(constrained_version(study, options, elements, range));
  study.reported = reported_windows(library, compound);
  return study;
}

const library::Fact* best_conductivity(const library::Library& library, const base::Formula& compound) {
  constexpr double coldest = 273.0, hottest = 373.2;  // K
  const base::Formula wanted = compound.reduced();
  const library::Fact* best = nullptr;
  for (const library::Fact& fact : library.facts()) {
    if (fact.quantity != "ionic conductivity" || !fact.value_si || !fact.temperature || *fact.temperature < coldest ||
        *fact.temperature > hottest)
      continue;
    const library::Material* material = library.find_material(fact.material);
    if (material == nullptr || material->formula.empty() || material->has_role("class")) continue;
    if (!(base::Formula::parse(material->formula).reduced() == wanted)) continue;
    const bool is_surer = best != nullptr && best->is_doubtful() && !fact.is_doubtful();
    const bool is_alike = best != nullptr && best->is_doubtful() == fact.is_doubtful();
    if (best == nullptr || is_surer || (is_alike && *fact.value_si > *best->value_si)) best = &fact;
  }
  return best;
}

}  // namespace closo::tasks::detail
