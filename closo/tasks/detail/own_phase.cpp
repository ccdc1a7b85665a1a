#include "closo/tasks/detail/own_phase.hpp"

#include <algorithm>

#include "closo/base/error.hpp"
#include "closo/base/quantity.hpp"
#include "closo/tasks/detail/reaction_text.hpp"

namespace closo::tasks::detail {
namespace {

using base::ParameterError;

constexpr std::string_view accepted =
    "a phase or a reaction, a colon and an energy: 'LiCB11H12: -0.33 eV/atom', or "
    "'2 LiCB11H12 -> Li2B12H12 + 10 B + 2 C + 6 H2: 1.5 eV'";

[[noreturn]] void fail(std::string_view option, const std::string& text, const std::string& problem) {
  throw ParameterError(std::string(option), "'" + text + "'", std::string(accepted) + " (" + problem + ")");
}

double energy_in_set(const stability::Entry& entry, const base::Formula& formula) {
  return entry.energy_eV * formula.atoms() / entry.formula.atoms();
}

}  // namespace

OwnPhase parse_own_phase(std::string_view option, const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) fail(option, text, "there is no colon");
  OwnPhase own{text, text.substr(0, colon), 0.0, false};
  std::string energy = text.substr(colon + 1);
  constexpr std::string_view per_atom = "/atom";
  if (const std::size_t end = energy.find_last_not_of(' '); end != std::string::npos) energy.erase(end + 1);
  if (energy.ends_with(per_atom)) {
    own.is_per_atom = true;
    energy.erase(energy.size() - per_atom.size());
  }
  try {
    const base::Unit unit = base::Unit::parse("eV");
    own.energy_eV = base::parse_quantity(energy, unit, "an energy").in(unit);
  } catch (const base::InputError& error) {
    fail(option, text, error.problem());
  }
  const Equation equation = parse_equation(option, own.equation);
  if (equation.products.empty() && (equation.reactants.size() != 1 || equation.has_coefficients)) {
    fail(option, text, "one phase without a coefficient, or a whole reaction");
  }
  if (own.is_per_atom && !equation.products.empty()) {
    fail(option, text, "the energy of a reaction counts per reaction as written, in eV or kJ/mol");
  }
  return own;
}

std::vector<base::Formula> formulas_of(std::string_view option, const OwnPhase& own) {
  const Equation equation = parse_equation(option, own.equation);
  std::vector<base::Formula> formulas;
  for (const EquationTerm& term : equation.reactants) formulas.push_back(term.formula);
  for (const EquationTerm& term : equation.products) formulas.push_back(term.formula);
  return formulas;
}

stability::Entry own_entry(std::string_view option, const OwnPhase& own, const stability::EntrySet& set) {
  Equation equation = parse_equation(option, own.equation);
  stability::Entry entry;
  entry.source = "own energy: " + own.text;
  entry.is_estimate = true;
  if (equation.products.empty()) {
    const EquationTerm& term = equation.reactants.front();
    entry.name = term.name;
    entry.formula = term.formula;
    entry.energy_eV = own.is_per_atom ? own.energy_eV * term.formula.atoms() : own.energy_eV;
    return entry;
  }
  // The energy belongs to the reaction as written, so it must balance as typed.
  equation.has_coefficients = true;
  balanced(option, own.text, equation);
  const EquationTerm* unknown = nullptr;
  double unknown_coefficient = 0.0;
  double others = 0.0;
  const auto take = [&](const EquationTerm& term, double sign) {
    const double coefficient = sign * term.coefficient.value_or(1.0);
    if (const stability::Entry* known = set.find(term.formula); known != nullptr) {
      others += coefficient * energy_in_set(*known, term.formula);
      return;
    }
    if (unknown != nullptr) fail(option, own.text, "the set has neither " + unknown->name + " nor " + term.name);
    unknown = &term;
    unknown_coefficient = coefficient;
  };
  for (const EquationTerm& term : equation.reactants) take(term, -1.0);
  for (const EquationTerm& term : equation.products) take(term, 1.0);
  if (unknown == nullptr) {
    unknown = &equation.reactants.front();
    unknown_coefficient = -unknown->coefficient.value_or(1.0);
    others -= unknown_coefficient * energy_in_set(set.at(unknown->formula), unknown->formula);
  }
  entry.name = unknown->name;
  entry.formula = unknown->formula;
  entry.energy_eV = (own.energy_eV - others) / unknown_coefficient;
  return entry;
}

}  // namespace closo::tasks::detail
