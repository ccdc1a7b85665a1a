#include "closo/tasks/stability_react.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/stability/hull.hpp"
#include "closo/stability/reaction.hpp"
#include "closo/stability/uncertainty.hpp"
#include "closo/tasks/detail/reaction_text.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

constexpr double kJ_per_mol = base::faraday_constant / 1000.0;           // of 1 eV
constexpr double scan_from = 300.0, scan_to = 1000.0, scan_step = 25.0;  // K

constexpr auto options = with_energy_options(std::to_array<Option>({
    {"reaction", OptionType::text, "", "", "",
     "'A + B -> C + D', or reactants alone; '=' stands for the arrow where quotes are a nuisance", true, true, true},
    {"uncertainty", OptionType::text, "", "", "an energy per atom",
     "standard uncertainty of each phase's energy such as '24 meV/atom' (the default)"},
    {"draws", OptionType::integer, "", "1000", "0, or 10 and more", "Monte Carlo draws; 0: none"},
}));

StabilityReactRequest request_of(const Arguments& arguments) {
  StabilityReactRequest request;
  for (const std::string& word : arguments.texts("reaction"))
    request.equation += (request.equation.empty() ? "" : " ") + word;
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

double energy_in_set(const stability::EntrySet& set, const base::Formula& formula) {
  const stability::Entry& entry = set.at(formula);
  return entry.energy_eV * formula.atoms() / entry.formula.atoms();
}

/// Products minus reactants, as the coefficients stand [eV].
double reaction_energy(const stability::EntrySet& set, const stability::Reaction& reaction) {
  double sum = 0.0;
  for (const stability::ReactionTerm& term : reaction.products)
    sum += term.coefficient * energy_in_set(set, term.formula);
  for (const stability::ReactionTerm& term : reaction.reactants)
    sum -= term.coefficient * energy_in_set(set, term.formula);
  return sum;
}

double atoms_of(const std::vector<stability::ReactionTerm>& terms) {
  double sum = 0.0;
  for (const stability::ReactionTerm& term : terms) sum += term.coefficient * term.formula.atoms();
  return sum;
}

/// Standard deviation over draws of all energies; empty without draws.
std::optional<double> deviation_of(const stability::EntrySet& set, const std::vector<std::string>& elements,
                                   const stability::Reaction& reaction, const StabilityReactRequest& request,
                                   const Context& context) {
  if (request.draws == 0) return std::nullopt;
  // Exclusions name products that do not form; the phases of the reaction itself stay.
  const stability::ChemicalSystem system(set, elements, {request.energy.system.keep_dilute_alloys, {}});
  const stability::EnergyDraws draws(system, error_model_of(request.uncertainty), context.seed);
  std::vector<std::pair<std::size_t, double>> weights;
  const auto weigh = [&](const std::vector<stability::ReactionTerm>& terms, double sign) {
    for (const stability::ReactionTerm& term : terms) {
      if (const std::optional<std::size_t> phase = system.find(term.formula))
        weights.emplace_back(*phase, sign * term.coefficient * term.formula.atoms());
    }
  };
  weigh(reaction.products, 1.0);
  weigh(reaction.reactants, -1.0);
  std::vector<double> energies(system.size());
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t k = 0; k < request.draws; ++k) {
    draws.draw(k, energies);
    double apart = 0.0;
    for (const auto& [phase, weight] : weights) apart += weight * (energies[phase] - system.energy_eV_per_atom(phase));
    sum += apart;
    squares += apart * apart;
  }
  const auto count = static_cast<double>(request.draws);
  return std::sqrt(std::max(0.0, (squares - sum * sum / count) / (count - 1.0)));
}

/// The equilibrium of a mixture as a reaction of what reacts; empty when nothing does.
stability::Reaction equilibrium_of(const detail::Equation& equation, const stability::ChemicalSystem& system) {
  std::vector<base::ElementAmount> sum;
  std::vector<stability::ReactionTerm> terms;
  for (const detail::EquationTerm& term : equation.reactants) {
    const double coefficient = term.coefficient.value_or(1.0);
    terms.push_back({term.name, term.formula, -coefficient});
    for (const base::ElementAmount& each : term.formula.terms())
      sum.push_back({each.element, each.amount * coefficient});
  }
  const stability::Decomposition products = stability::decompose(system, base::Formula(std::move(sum)));
  for (const stability::PhaseAmount& product : products.products) {
    const stability::Entry& entry = system.entry(product.phase);
    // A reactant that stays cancels only under the same formula.
    const auto same = std::ranges::find_if(
        terms, [&](const stability::ReactionTerm& term) { return term.formula.reduced() == entry.formula.reduced(); });
    if (same != terms.end()) {
      same->coefficient += product.amount * entry.formula.atoms() / same->formula.atoms();
    } else {
      terms.push_back({phase_name(system, product.phase), entry.formula, product.amount});
    }
  }
  double largest = 0.0;
  for (const stability::ReactionTerm& term : terms) largest = std::max(largest, std::abs(term.coefficient));
  if (largest < 1e-6) return {};
  return stability::make_reaction(terms);
}

report::KeyValues energy_values(const stability::Reaction& reaction, double energy_eV,
                                const std::optional<double>& deviation_eV, const std::string& label) {
  const auto scaled = [&](double factor, std::string unit) {
    report::Value value = number(energy_eV * factor, std::move(unit));
    value.source = label;
    return value;
  };
  report::KeyValues items{"energy", {}};
  items.items.emplace_back("reaction energy, as written", scaled(1.0, "eV"));
  items.items.emplace_back("per mole of reaction", scaled(kJ_per_mol, "kJ/mol"));
  const stability::ReactionTerm& first = reaction.reactants.front();
  if (first.coefficient != 1.0)
    items.items.emplace_back("per mole of " + first.name, scaled(kJ_per_mol / first.coefficient, "kJ/mol"));
  for (const stability::ReactionTerm& term : reaction.products) {
    if (term.formula.text() != "H2" || term.coefficient == 1.0) continue;
    items.items.emplace_back("per mole of H2", scaled(kJ_per_mol / term.coefficient, "kJ/mol"));
  }
  items.items.emplace_back("per atom", scaled(1e3 / atoms_of(reaction.reactants), "meV/atom"));
  if (deviation_eV) {
    // On a line of its own: in brackets it would round the energy to its own digits.
    items.items.emplace_back("standard uncertainty, per mole of reaction",
                             number(*deviation_eV * kJ_per_mol, "kJ/mol", 2));
  }
  return items;
}

report::Table phase_table(const stability::EntrySet& set, const stability::Reaction& reaction) {
  report::Table table{"phases",
                      "Phases",
                      {{"side", "side"},
                       {"coefficient", "coefficient"},
                       {"phase", "phase"},
                       {"formation_eV", "formation (eV)"},
                       {"formation_kJ_per_mol", "formation (kJ/mol)"},
                       {"source", "source"}},
                      {},
                      {}};
  const auto add = [&](const char* side, const std::vector<stability::ReactionTerm>& terms) {
    for (const stability::ReactionTerm& term : terms) {
      const stability::Entry& entry = set.at(term.formula);
      const double energy = energy_in_set(set, term.formula);
      report::Value value = number(energy, "eV");
      if (entry.is_estimate) value.kind = "estimated";
      std::string source = entry.is_reference ? "reference" : entry.source;
      if (!entry.grade.empty() && !entry.is_reference) source += ", grade " + entry.grade;
      const std::string name = term.name + (entry.phase.empty() ? "" : " (" + entry.phase + ")");
      table.rows.push_back({std::string(side), number(term.coefficient, "", 5), name, value,
                            number(energy * kJ_per_mol, "kJ/mol"), source});
    }
  };
  add("reactant", reaction.reactants);
  add("product", reaction.products);
  return table;
}

report::Figure contribution_figure(const stability::EntrySet& set, const stability::Reaction& reaction) {
  report::Figure figure;
  figure.id = "contributions";
  figure.title = "Where the reaction energy comes from";
  figure.caption =
      "Formation energy times coefficient: products count as they are, reactants with the other sign; the "
      "sum is the reaction energy.";
  figure.y.title = "eV per reaction";
  report::Layer layer;
  layer.mark = report::Mark::bars;
  layer.series = "contribution";
  const auto add = [&](const std::vector<stability::ReactionTerm>& terms, double sign) {
    for (const stability::ReactionTerm& term : terms) {
      const double part = sign * term.coefficient * energy_in_set(set, term.formula);
      if (part == 0.0) continue;
      layer.category.push_back(term.name);
      layer.y.push_back(part);
      layer.hover.push_back(base::format_number(term.coefficient, 5) + " " + term.name + ": " +
                            base::format_number(part, 4) + " eV");
    }
  };
  add(reaction.reactants, -1.0);
  add(reaction.products, 1.0);
  figure.layers.push_back(std::move(layer));
  return figure;
}

/// Gibbs energy of the reaction over temperature, at the pressures asked for.
report::Section temperature_section(const StabilityReactRequest& request, const stability::Reaction& reaction,
                                    const std::vector<std::string>& elements, const Context& context) {
  report::Layer line;
  line.mark = report::Mark::line;
  line.series = "reaction";
  EnergyRequest scan = request.energy;
  for (double temperature = scan_from; temperature <= scan_to + 0.5; temperature += scan_step) {
    scan.conditions.temperature = temperature;
    line.x.push_back(temperature);
    line.y.push_back(reaction_energy(load_energies(scan, context, elements).set, reaction) * kJ_per_mol);
    line.hover.push_back(base::format_number(temperature, 4) + " K: " + base::format_number(line.y.back(), 4) +
                         " kJ/mol");
  }
  report::Table table{"temperatures", "", {{"temperature_K", "T (K)"}, {"energy_kJ_per_mol", "ΔG (kJ/mol)"}}, {}, {}};
  constexpr std::size_t every = 4;
  for (std::size_t i = 0; i < line.x.size(); i += every)
    table.rows.push_back({number(line.x[i], "K"), number(line.y[i], "kJ/mol")});
  std::string words = "The sign does not change between " + base::format_number(scan_from) + " and " +
                      base::format_number(scan_to) + " K.";
  for (std::size_t i = 1; i < line.y.size(); ++i) {
    if ((line.y[i - 1] > 0.0) == (line.y[i] > 0.0)) continue;
    const double zero = line.x[i - 1] + scan_step * line.y[i - 1] / (line.y[i - 1] - line.y[i]);
    words = "ΔG is zero at " + base::format_number(zero, 3) + " K: equilibrium at these pressures.";
    break;
  }
  report::Figure figure;
  figure.id = "temperature";
  figure.title = stability::to_text(reaction);
  figure.x.title = "T (K)";
  figure.y.title = "ΔG (kJ per mole of reaction)";
  report::Layer zero;
  zero.mark = report::Mark::rule_horizontal;
  zero.y = {0.0};
  zero.background = true;
  figure.layers = {line, zero};
  return {"temperature", "Over temperature", {table, report::Paragraph{words}, figure}, false};
}

report::Report run_stability_react(const Arguments& arguments, const Context& context) {
  return stability_react(request_of(arguments), context);
}

}  // namespace

report::Report stability_react(const StabilityReactRequest& request, const Context& context) {
  if (request.draws > 0 && request.draws < 10) {
    throw ParameterError("draws", std::to_string(request.draws), "0, or 10 and more");
  }
  const detail::Equation equation = detail::parse_equation("reaction", request.equation);
  std::vector<base::Formula> formulas;
  for (const detail::EquationTerm& term : equation.reactants) formulas.push_back(term.formula);
  for (const detail::EquationTerm& term : equation.products) formulas.push_back(term.formula);
  const std::vector<std::string> elements = stability::elements_of(formulas);
  stability::Reaction reaction;
  const bool is_open_question = equation.products.empty();
  if (!is_open_question) reaction = detail::balanced("reaction", request.equation, equation);
  const EnergyBasis basis = load_energies(request.energy, context, elements);
  for (const base::Formula& formula : formulas) basis.set.at(formula);

  report::Report report;
  report.task = "stability react";
  report.subtitle = basis.set.label();
  describe_energies(report, basis, request.energy);
  if (is_open_question) {
    const stability::ChemicalSystem system(basis.set, elements, request.energy.system);
    reaction = equilibrium_of(equation, system);
    if (reaction.empty()) {
      report.title = request.equation;
      report.sections.push_back(
          {"reaction",
           "Equilibrium",
           {report::Paragraph{"Nothing happens: this mixture is the equilibrium assemblage of its composition."}},
           false});
      return report;
    }
  }
  report.title = stability::to_text(reaction);
  const double energy = reaction_energy(basis.set, reaction);
  const std::optional<double> deviation = deviation_of(basis.set, elements, reaction, request, context);
  report::Section section{"reaction", is_open_question ? "At equilibrium" : "Reaction", {}, false};
  section.blocks.emplace_back(energy_values(reaction, energy, deviation, basis.set.label()));
  section.blocks.emplace_back(phase_table(basis.set, reaction));
  if (is_open_question) {
    section.blocks.emplace_back(
        report::Paragraph{"The mixture as given, " + request.equation +
                          ", turns into its equilibrium assemblage; what is not in the equation stays as it is."});
  }
  section.blocks.emplace_back(contribution_figure(basis.set, reaction));
  report.sections.push_back(std::move(section));
  if (basis.kind == library::EnergyKind::gibbs)
    report.sections.push_back(temperature_section(request, reaction, elements, context));
  report.sections.push_back({"tex",
                             "Reaction in TeX",
                             {report::KeyValues{"tex", {{"tex", report::Cell(stability::to_tex(reaction))}}}},
                             true});
  report.sections.push_back(
      {"method",
       "Method",
       {report::Paragraph{
           "Formation energies of one set, products minus reactants. A static set gives the energy at 0 K without "
           "vibrations: for reactions that give off gas, the entropy of the gas (about 0.13 kJ/(mol K) of H2) is "
           "missing; a Gibbs set has it. Uncertainty: standard deviation over draws of all energies."}},
       true});
  return report;
}

constinit const Task stability_react_task{
    .name = "stability react",
    .summary = "Balances a reaction and gives its energy, or what a mixture becomes at equilibrium",
    .options = options,
    .run = run_stability_react,
    .stem = "stability_react",
};

}  // namespace closo::tasks
