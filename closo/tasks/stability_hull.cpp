#include "closo/tasks/stability_hull.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/stability/hull.hpp"
#include "closo/stability/reaction.hpp"
#include "closo/stability/uncertainty.hpp"
#include "closo/tasks/detail/own_phase.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

constexpr double kJ_per_mol = base::faraday_constant / 1000.0;  // of 1 eV

constexpr auto options = with_energy_options(std::to_array<Option>({
    {"compound", OptionType::text, "", "", "", "a compound: formula or library name", true, false, true},
    {"energy", OptionType::text, "", "", "",
     "a phase of one's own: 'LiCB11H12: -0.33 eV/atom' (formation), or 'REACTION: energy' with phases of the set",
     false, false, true},
    {"uncertainty", OptionType::text, "", "", "an energy per atom",
     "standard uncertainty of each phase's energy such as '24 meV/atom' (the default)"},
    {"draws", OptionType::integer, "", "1000", "0, or 10 and more", "Monte Carlo draws; 0: none"},
}));

StabilityHullRequest request_of(const Arguments& arguments) {
  StabilityHullRequest request;
  request.compounds = arguments.texts("compound");
  request.energies = arguments.texts("energy");
  request.uncertainty = std::string(arguments.text("uncertainty"));
  const long draws = *arguments.integer("draws");
  if (draws < 0) throw ParameterError("draws", std::to_string(draws), "0, or 10 and more");
  request.draws = static_cast<std::size_t>(draws);
  request.energy = energy_request_of(arguments);
  return request;
}

report::Value number(double value, std::string unit, int significant = 4) {
  report::Value result;
  result.value = value;
  result.unit = std::move(unit);
  result.kind = "computed";
  result.significant = significant;
  return result;
}

/// One compound against all others of its elements.
struct Finding {
  NamedFormula compound;
  stability::Entry entry;
  stability::HullEnergy hull;
  stability::Reaction reaction;                               ///< compound → competing phases
  double reaction_eV = 0.0;                                   ///< of it, per formula unit of the compound
  std::optional<double> deviation_eV_per_atom, stable_share;  ///< over the draws
  std::optional<stability::ChemicalSystem> system;
  bool is_own = false;
};

stability::Reaction reaction_of(const stability::ChemicalSystem& system, const NamedFormula& compound,
                                const stability::HullEnergy& hull, double formula_units) {
  std::vector<stability::ReactionTerm> terms{{compound.name, compound.formula, -1.0}};
  for (const stability::PhaseAmount& product : hull.products) {
    const stability::Entry& entry = system.entry(product.phase);
    terms.push_back({entry.name, entry.formula, product.amount * formula_units});
  }
  return stability::make_reaction(terms);
}

/// Spread of the decomposition energy over correlated draws, and the share in which the compound is stable.
void draw_energies(Finding& finding, std::size_t phase, const StabilityHullRequest& request, const Context& context) {
  stability::ChemicalSystem system = *finding.system;
  const stability::EnergyDraws draws(system, error_model_of(request.uncertainty), context.seed);
  std::vector<double> energies(system.size());
  std::size_t stable = 0;
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t k = 0; k < request.draws; ++k) {
    draws.draw(k, energies);
    system.set_energies(energies);
    const double energy = stability::hull_energy(system, phase).decomposition_eV_per_atom;
    if (energy <= 0.0) ++stable;
    // Around the undisturbed value, so that the squares do not cancel.
    const double apart = energy - finding.hull.decomposition_eV_per_atom;
    sum += apart;
    squares += apart * apart;
  }
  const auto count = static_cast<double>(request.draws);
  finding.deviation_eV_per_atom = std::sqrt(std::max(0.0, (squares - sum * sum / count) / (count - 1.0)));
  finding.stable_share = static_cast<double>(stable) / count;
}

Finding examine(const NamedFormula& compound, const stability::EntrySet& set, const StabilityHullRequest& request,
                const Context& context) {
  if (compound.formula.terms().size() < 2) {
    throw ParameterError("compound", "'" + compound.name + "'",
                         "a compound of two or more elements: an element is the reference of the energies");
  }
  Finding finding;
  finding.compound = compound;
  const std::array<base::Formula, 1> formulas{compound.formula};
  finding.system.emplace(set, stability::elements_of(formulas), request.energy.system);
  const std::optional<std::size_t> phase = finding.system->find(compound.formula);
  if (!phase) {
    try {
      set.at(compound.formula);
    } catch (const base::InputError& error) {
      throw base::InputError({}, error.problem(), "a compound of the set; --energy adds a phase of one's own");
    }
    throw ParameterError("exclude", "'" + compound.name + "'", "other phases than the compound itself");
  }
  finding.entry = finding.system->entry(*phase);
  finding.hull = stability::hull_energy(*finding.system, *phase);
  const double formula_units = compound.formula.atoms() / finding.system->atoms(*phase);
  finding.reaction = reaction_of(*finding.system, compound, finding.hull, formula_units);
  finding.reaction_eV = -finding.hull.decomposition_eV_per_atom * compound.formula.atoms();
  if (request.draws > 0) draw_energies(finding, *phase, request, context);
  return finding;
}

report::Table hull_table(const std::vector<Finding>& findings) {
  report::Table table{"hull",
                      "Compounds",
                      {{"compound", "compound"},
                       {"formation_eV_per_atom", "formation (eV/atom)"},
                       {"above_hull_meV_per_atom", "above hull (meV/atom)"},
                       {"decomposition_meV_per_atom", "Ed (meV/atom)"}},
                      {},
                      {}};
  const bool drawn = !findings.empty() && findings.front().stable_share;
  if (drawn) {
    table.columns.push_back({"decomposition_uncertainty_meV_per_atom", "± (meV/atom)"});
    table.columns.push_back({"stable_percent", "stable (%)"});
  }
  for (const Finding& finding : findings) {
    report::Value formation = number(finding.entry.energy_eV / finding.entry.formula.atoms(), "eV/atom");
    formation.source = finding.entry.source;
    if (finding.entry.is_estimate) formation.kind = "estimated";
    const bool stable = finding.hull.above_hull_eV_per_atom < 1e-7;
    std::vector<report::Cell> row{finding.compound.name, formation,
                                  number(stable ? 0.0 : 1e3 * finding.hull.above_hull_eV_per_atom, "meV/atom"),
                                  number(1e3 * finding.hull.decomposition_eV_per_atom, "meV/atom")};
    if (drawn) {
      row.emplace_back(number(1e3 * *finding.deviation_eV_per_atom, "meV/atom", 2));
      row.emplace_back(number(std::round(1e3 * *finding.stable_share) / 10.0, "%", 3));
    }
    table.rows.push_back(std::move(row));
  }
  table.caption =
      "Ed: decomposition energy, against the best assemblage of the other compositions; negative for a stable compound."
      " Stable: share of the draws.";
  return table;
}

report::Table reaction_table(const std::vector<Finding>& findings) {
  report::Table table{"decomposition",
                      "Into the competing phases",
                      {{"compound", "compound"}, {"energy_kJ_per_mol", "energy (kJ/mol)"}, {"reaction", "reaction"}},
                      {},
                      {}};
  for (const Finding& finding : findings) {
    table.rows.push_back({finding.compound.name, number(finding.reaction_eV * kJ_per_mol, "kJ/mol"),
                          stability::to_text(finding.reaction)});
  }
  table.caption = "Energy per mole of formula units of the compound; above 0: uphill, the compound is stable.";
  return table;
}

report::Table phase_table(const std::vector<Finding>& findings) {
  report::Table table{"competing_phases",
                      "Competing phases",
                      {{"compound", "compound"},
                       {"phase", "phase"},
                       {"formation_eV_per_atom", "formation (eV/atom)"},
                       {"source", "source"}},
                      {},
                      {}};
  for (const Finding& finding : findings) {
    for (const stability::PhaseAmount& product : finding.hull.products) {
      const stability::Entry& entry = finding.system->entry(product.phase);
      report::Value energy = number(entry.energy_eV / entry.formula.atoms(), "eV/atom");
      if (entry.is_estimate) energy.kind = "estimated";
      std::string source = entry.source;
      if (!entry.grade.empty()) source += (source.empty() ? "grade " : ", grade ") + entry.grade;
      table.rows.push_back({finding.compound.name, phase_name(*finding.system, product.phase), energy, source});
    }
  }
  return table;
}

report::Figure hull_figure(const std::vector<Finding>& findings) {
  report::Figure figure;
  figure.id = "hull";
  figure.title = "Decomposition energy";
  figure.caption = "Below 0: stable against all other phases of the set.";
  figure.x.title = "";
  figure.y.title = "meV/atom";
  report::Layer bars;
  bars.mark = report::Mark::bars;
  bars.series = "decomposition energy";
  for (const Finding& finding : findings) {
    bars.category.push_back(finding.compound.name);
    bars.y.push_back(1e3 * finding.hull.decomposition_eV_per_atom);
    bars.hover.push_back(finding.compound.name + ": " +
                         base::format_number(1e3 * finding.hull.decomposition_eV_per_atom, 4) + " meV/atom, " +
                         stability::to_text(finding.reaction));
  }
  figure.layers.push_back(std::move(bars));
  return figure;
}

report::Section tex_section(const std::vector<Finding>& findings) {
  report::Table table{"reactions_tex", "Reactions", {{"compound", "compound"}, {"tex", "TeX"}}, {}, {}};
  for (const Finding& finding : findings)
    table.rows.push_back({finding.compound.name, stability::to_tex(finding.reaction)});
  return {"tex", "Reactions in TeX", {table}, true};
}

/// The set with the user's own phases in place of its entries of the same composition.
stability::EntrySet with_own_phases(stability::EntrySet set, const std::vector<detail::OwnPhase>& phases,
                                    std::vector<NamedFormula>& compounds, report::Report& report) {
  for (const detail::OwnPhase& own : phases) {
    const stability::Entry entry = detail::own_entry("energy", own, set);
    if (set.find(entry.formula) != nullptr) {
      const std::array<std::string, 1> replaced{entry.formula.text()};
      set = set.without(replaced);
      report.warnings.push_back("the own energy of " + entry.name + " stands in place of the set's");
    }
    set = set.with_hybrid(entry);
    report.doubts.push_back(entry.name + ": own energy, an estimate that is only as good as the common reference (" +
                            own.text + ")");
    const auto same = [&](const NamedFormula& each) { return each.formula.reduced() == entry.formula.reduced(); };
    if (std::ranges::none_of(compounds, same)) compounds.push_back({entry.name, entry.formula, nullptr});
  }
  return set;
}

report::Report run_stability_hull(const Arguments& arguments, const Context& context) {
  return stability_hull(request_of(arguments), context);
}

}  // namespace

report::Report stability_hull(const StabilityHullRequest& request, const Context& context) {
  if (request.compounds.empty() && request.energies.empty()) {
    throw ParameterError("compound", "missing", "a formula or library name");
  }
  if (request.draws > 0 && request.draws < 10) {
    throw ParameterError("draws", std::to_string(request.draws), "0, or 10 and more");
  }
  const library::Library library = load_library(context);
  std::vector<NamedFormula> compounds;
  std::vector<base::Formula> formulas;
  for (const std::string& text : request.compounds) {
    NamedFormula compound = named_formula(library, "compound", text);
    const auto same = [&](const NamedFormula& each) { return each.formula.reduced() == compound.formula.reduced(); };
    if (std::ranges::any_of(compounds, same)) throw ParameterError("compound", "'" + text + "'", "each compound once");
    formulas.push_back(compound.formula);
    compounds.push_back(std::move(compound));
  }
  std::vector<detail::OwnPhase> own;
  for (const std::string& text : request.energies) {
    own.push_back(detail::parse_own_phase("energy", text));
    for (base::Formula& formula : detail::formulas_of("energy", own.back())) formulas.push_back(std::move(formula));
  }

  report::Report report;
  report.task = "stability hull";
  const EnergyBasis basis = load_energies(request.energy, context, stability::elements_of(formulas));
  const stability::EntrySet set = with_own_phases(basis.set, own, compounds, report);
  std::vector<Finding> findings;
  for (const NamedFormula& compound : compounds) findings.push_back(examine(compound, set, request, context));

  std::string names;
  for (const NamedFormula& compound : compounds) names += (names.empty() ? "" : ", ") + compound.name;
  report.title = names + ": energy above the hull";
  report.subtitle = set.label();
  report.sections.push_back(
      {"hull",
       "Energy above the hull",
       {hull_table(findings), reaction_table(findings), phase_table(findings), hull_figure(findings)},
       false});
  report.sections.push_back(tex_section(findings));
  report.sections.push_back(
      {"method",
       "Method",
       {report::Paragraph{"Lowest energy of any assemblage with the compound's composition, by linear programming over "
                          "all phases of its elements (Ong et al. 2008, DOI 10.1021/cm702327g; Akbarzadeh et al. 2007, "
                          "DOI 10.1002/adma.200700843). Decomposition energy as in Bartel et al. 2020, DOI "
                          "10.1038/s41524-020-00362-y."},
        report::Paragraph{"Uncertainty: standard deviation over draws of all energies; see stability window."}},
       true});
  describe_energies(report, basis, request.energy);
  return report;
}

constinit const Task stability_hull_task{
    .name = "stability hull",
    .summary = "Energy above the hull, decomposition reaction and competing phases of compounds",
    .options = options,
    .run = run_stability_hull,
    .stem = "stability_hull",
};

}  // namespace closo::tasks
