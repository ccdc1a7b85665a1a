#include "closo/tasks/stability_window.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/tasks/detail/window_sections.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

constexpr auto options = with_energy_options(std::to_array<Option>({
    {"compound", OptionType::text, "", "", "", "an electrolyte: formula or library name", true, true, true},
    {"ion", OptionType::text, "", "", "", "mobile ion; else the library's, else the only metal of the formula"},
    {"highest", OptionType::quantity, "V", "6 V", "above 0 V", "upper end of the potentials looked at"},
    {"window", OptionType::choice, "", "all", "", "which windows", false, false, false, "equilibrium constrained all"},
    {"blocked", OptionType::text, "", "", "", "a phase that does not form, in the constrained window", false, false,
     true},
    {"as-mixture", OptionType::flag, "", "", "", "take a compound outside the set as the mixture of its phases"},
    {"uncertainty", OptionType::text, "", "", "an energy per atom",
     "standard uncertainty of each phase's energy such as '24 meV/atom' (the default)"},
    {"draws", OptionType::integer, "", "1000", "0, or 10 and more", "Monte Carlo draws; 0: none"},
}));

StabilityWindowRequest request_of(const Arguments& arguments) {
  StabilityWindowRequest request;
  request.compounds = arguments.texts("compound");
  request.ion = std::string(arguments.text("ion"));
  request.highest_V = arguments.quantity("highest", "V")->value;
  const std::string_view window = arguments.text("window");
  request.kinds = window == "equilibrium"   ? WindowKinds::equilibrium
                  : window == "constrained" ? WindowKinds::constrained
                                            : WindowKinds::all;
  request.blocked = arguments.texts("blocked");
  request.as_mixture = arguments.flag("as-mixture");
  request.uncertainty = std::string(arguments.text("uncertainty"));
  const long draws = *arguments.integer("draws");
  if (draws < 0) throw ParameterError("draws", std::to_string(draws), "0, or 10 and more");
  request.draws = static_cast<std::size_t>(draws);
  request.gibbs = conditions_of(arguments);
  // Temperature and pressures belong to the Gibbs window that stands beside a static one.
  Arguments of_set;
  for (const auto& [name, texts] : arguments.all()) {
    if (arguments.text("set") == "static" && (name == "temperature" || name == "pressure")) continue;
    for (const std::string& text : texts) of_set.set(name, text);
  }
  request.energy = energy_request_of(of_set);
  return request;
}

void check(const StabilityWindowRequest& request) {
  if (request.compounds.empty()) throw ParameterError("compound", "missing", "a formula or library name");
  if (request.draws > 0 && request.draws < 10) {
    throw ParameterError("draws", std::to_string(request.draws), "0, or 10 and more");
  }
  error_model_of(request.uncertainty);
  for (const std::string& name : request.blocked) {
    try {
      base::Formula::parse(name);
    } catch (const base::InputError& error) {
      throw ParameterError("blocked", "'" + name + "'", "the formula of a phase (" + error.problem() + ")");
    }
  }
}

std::vector<detail::WindowStudy> studies_of(const StabilityWindowRequest& request, const library::Library& library,
                                            const Context& context) {
  detail::WindowStudyOptions study;
  study.energy = request.energy;
  for (const library::EnergySetInfo& info : library::energy_sets(context.data, context.user_store)) {
    if (info.id != request.energy.set || info.kind != library::EnergyKind::static_dft) continue;
    study.energy.conditions = {};  // they belong to the Gibbs window beside it
    study.energy.conditions.use_estimates = request.energy.use_estimates;
  }
  study.gibbs = request.gibbs;
  study.equilibrium = request.kinds != WindowKinds::constrained;
  study.constrained = request.kinds != WindowKinds::equilibrium;
  study.blocked = request.blocked;
  study.as_mixture = request.as_mixture;
  study.highest_V = request.highest_V;
  study.uncertainty = request.uncertainty;
  study.draws = request.draws;
  std::vector<detail::WindowStudy> studies;
  for (const std::string& text : request.compounds) {
    const NamedFormula compound = named_formula(library, "compound", text);
    for (const detail::WindowStudy& before : studies) {
      if (before.compound.formula.reduced() == compound.formula.reduced()) {
        throw ParameterError("compound", "'" + text + "'", "each compound once");
      }
    }
    studies.push_back(detail::window_study(library, compound, mobile_ion_of(request.ion, compound), study, context));
    if (context.progress) {
      const double share = static_cast<double>(studies.size()) / static_cast<double>(request.compounds.size());
      if (!context.progress(share, text)) throw base::Cancelled();
    }
  }
  return studies;
}

/// How far the oxidation limit of the Gibbs set lies below that of the static one [V]; the tabulated one where there
/// are two.
std::optional<double> gibbs_difference(const detail::WindowStudy& study) {
  const detail::WindowVersion* gibbs = nullptr;
  for (const detail::WindowVersion& version : study.versions) {
    if (version.kind.starts_with("Gibbs") && version.window) gibbs = &version;
  }
  if (gibbs == nullptr || gibbs == &study.versions.front()) return std::nullopt;
  const stability::WindowLimit& first = study.versions.front().window->oxidation;
  const stability::WindowLimit& second = gibbs->window->oxidation;
  if (first.is_open || second.is_open) return std::nullopt;
  return first.potential_V - second.potential_V;
}

/// Limits of two sets far apart: which of them a reader may trust is a matter of chemistry, so say it.
void add_doubt(report::Report& report, const std::vector<detail::WindowStudy>& studies) {
  constexpr double large_V = 0.3;
  std::string list;
  for (const detail::WindowStudy& study : studies) {
    const std::optional<double> difference = gibbs_difference(study);
    if (!difference || std::abs(*difference) < large_V) continue;
    list += (list.empty() ? "" : ", ") + base::format_number(*difference, 2) + " V (" + study.compound.name + ")";
  }
  if (list.empty()) return;
  report.doubts.push_back("the static oxidation limit lies above the Gibbs one by " + list +
                          ": static energies have neither vibrations nor the entropy of gases, and their agreement "
                          "with a measured onset can be cancellation of errors and slow kinetics");
}

report::Section method_section(const StabilityWindowRequest& request) {
  const double own = 1e3 * error_model_of(request.uncertainty).independent_eV_per_atom;
  return {"method",
          "Method",
          {report::Paragraph{
               "Grand potential open to the mobile element; the equilibrium window is where the equilibrium assemblage "
               "exchanges none of it; exact breakpoints by parametric linear programming, V = -µ/(z e) against the "
               "metal (Zhu, He, Mo 2015, DOI 10.1021/acsami.5b07517; Richards et al. 2016, DOI "
               "10.1021/acs.chemmater.5b04082)."},
           report::Paragraph{"Constrained: the compound itself against the assemblages that are left when the phases "
                             "of the rule do not form (for boron-hydrogen compounds: no other phase with B and H)."},
           report::Paragraph{"Uncertainty: each phase's energy with a standard uncertainty of " +
                             base::format_number(own, 3) +
                             " meV/atom, or its own where the set states one; first order from the reaction's "
                             "coefficients, and Monte Carlo (Hautier et al. 2012, DOI 10.1103/PhysRevB.85.155208)."},
           report::Paragraph{"Protective layers: review (Cuan et al. 2018), sec. 4.2."}},
          true};
}

std::string title_of(const std::vector<detail::WindowStudy>& studies) {
  std::string names;
  for (const detail::WindowStudy& study : studies) names += (names.empty() ? "" : ", ") + study.compound.name;
  return names + ": electrochemical window" +
         (studies.size() == 1 ? " against " + detail::couple_text(studies.front().mobile) : "s");
}

report::Report run_stability_window(const Arguments& arguments, const Context& context) {
  return stability_window(request_of(arguments), context);
}

}  // namespace

report::Report stability_window(const StabilityWindowRequest& request, const Context& context) {
  check(request);
  const library::Library library = load_library(context);
  const std::vector<detail::WindowStudy> studies = studies_of(request, library, context);
  report::Report report;
  report.task = "stability window";
  report.title = title_of(studies);
  const bool several = studies.size() > 1;
  report.sections.push_back(detail::windows_section(studies));
  std::vector<const library::Fact*> facts;
  for (std::size_t i = 0; i < studies.size(); ++i) {
    const detail::WindowStudy& study = studies[i];
    const std::string suffix = several ? "_" + std::to_string(i + 1) : std::string();
    for (report::Section section :
         {detail::uncertainty_section(study, suffix), detail::plateau_section(study, suffix),
          detail::protection_section(study, library, suffix), detail::reported_section(study, library, suffix)}) {
      if (section.blocks.empty()) continue;
      section.folded = several;
      if (several) section.title = study.compound.name + ": " + section.title;
      report.sections.push_back(std::move(section));
    }
    facts.insert(facts.end(), study.reported.begin(), study.reported.end());
    describe_energies(report, *study.basis, request.energy);
    if (study.gibbs_basis) {
      EnergyRequest gibbs = request.energy;
      gibbs.correct_hydrogen = false;
      gibbs.system.exclude.clear();  // said once, with the first set
      describe_energies(report, *study.gibbs_basis, gibbs);
    }
  }
  add_doubt(report, studies);
  report.sections.push_back(detail::tex_section(studies));
  report.sections.push_back(method_section(request));
  add_sources(report, library, facts);
  return report;
}

constinit const Task stability_window_task{
    .name = "stability window",
    .summary = "Electrochemical windows: limits, products, plateaus, uncertainty, protective layers",
    .options = options,
    .run = run_stability_window,
    .stem = "stability_window",
};

}  // namespace closo::tasks
