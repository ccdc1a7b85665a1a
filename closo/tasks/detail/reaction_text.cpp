#include "closo/tasks/detail/reaction_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::tasks::detail {
namespace {

using base::ParameterError;

constexpr std::string_view accepted = "a reaction such as 'LiBH4 + TiS2 -> LiTiS2 + B + H2'";
constexpr std::array<std::string_view, 4> arrows{"->", "→", "=>", "="};

[[noreturn]] void fail(std::string_view option, std::string_view text, const std::string& problem) {
  throw ParameterError(std::string(option), "'" + std::string(text) + "'",
                       std::string(accepted) + " (" + problem + ")");
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

/// The typed coefficient at the start of a term, with the rest behind it; "2LiBH4" and "0.5 O2" hold one.
EquationTerm term_of(std::string_view option, std::string_view text, const std::string& term) {
  if (term.empty()) fail(option, text, "a term is missing beside '+' or the arrow");
  std::size_t end = 0;
  while (end < term.size() && (std::isdigit(static_cast<unsigned char>(term[end])) != 0 || term[end] == '.')) ++end;
  if (end > 0 && end < term.size() && term[end] == '/') {
    ++end;
    while (end < term.size() && std::isdigit(static_cast<unsigned char>(term[end])) != 0) ++end;
  }
  EquationTerm result;
  if (end > 0) {
    const std::string number = term.substr(0, end);
    const std::size_t slash = number.find('/');
    const std::optional<double> above = base::try_parse_number(number.substr(0, slash));
    const std::optional<double> below =
        slash == std::string::npos ? std::optional(1.0) : base::try_parse_number(number.substr(slash + 1));
    if (!above || !below || !(*above > 0.0) || !(*below > 0.0)) {
      fail(option, text, "'" + number + "' is no coefficient above 0");
    }
    result.coefficient = *above / *below;
  }
  result.name = trimmed(std::string_view(term).substr(end));
  if (result.name.empty()) fail(option, text, "no formula behind '" + term + "'");
  try {
    result.formula = base::Formula::parse(result.name);
  } catch (const base::InputError& error) {
    fail(option, text,
         "'" + result.name + "': " + error.problem() +
             (error.expected().empty() ? "" : "; expected " + error.expected()));
  }
  if (result.formula.charge() != 0) {
    fail(option, text, "'" + result.name + "' is charged: ions have no energy in a set, take the neutral salt");
  }
  return result;
}

std::vector<EquationTerm> side_of(std::string_view option, std::string_view text, std::string_view side) {
  std::vector<EquationTerm> terms;
  for (std::size_t begin = 0;;) {
    std::size_t plus = side.find('+', begin);
    while (plus != std::string_view::npos && plus > 0 && side[plus - 1] == '^') plus = side.find('+', plus + 1);
    terms.push_back(
        term_of(option, text, trimmed(side.substr(begin, plus == std::string_view::npos ? plus : plus - begin))));
    if (plus == std::string_view::npos) return terms;
    begin = plus + 1;
  }
}

std::vector<base::Formula> formulas_of(const std::vector<EquationTerm>& terms) {
  std::vector<base::Formula> formulas;
  for (const EquationTerm& term : terms) formulas.push_back(term.formula);
  return formulas;
}

/// Names as typed in place of the formulas' own texts.
void name_as_typed(stability::Reaction& reaction, const Equation& equation) {
  const auto rename = [](std::vector<stability::ReactionTerm>& terms, const std::vector<EquationTerm>& typed) {
    for (stability::ReactionTerm& term : terms) {
      for (const EquationTerm& each : typed) {
        if (each.formula == term.formula) term.name = each.name;
      }
    }
  };
  rename(reaction.reactants, equation.reactants);
  rename(reaction.products, equation.products);
}

}  // namespace

Equation parse_equation(std::string_view option, std::string_view text) {
  std::size_t arrow = std::string_view::npos;
  std::size_t length = 0;
  for (const std::string_view each : arrows) {
    arrow = text.find(each);
    length = each.size();
    if (arrow != std::string_view::npos) break;
  }
  Equation equation;
  equation.reactants = side_of(option, text, text.substr(0, arrow));
  if (arrow != std::string_view::npos) {
    const std::string_view rest = text.substr(arrow + length);
    for (const std::string_view each : arrows) {
      if (rest.find(each) != std::string_view::npos) fail(option, text, "there is a second arrow");
    }
    equation.products = side_of(option, text, rest);
  }
  const auto typed = [](const EquationTerm& term) { return term.coefficient.has_value(); };
  equation.has_coefficients =
      std::ranges::any_of(equation.reactants, typed) || std::ranges::any_of(equation.products, typed);
  return equation;
}

stability::Reaction balanced(std::string_view option, std::string_view text, const Equation& equation) {
  stability::Balance found = stability::balance(formulas_of(equation.reactants), formulas_of(equation.products));
  if (!equation.has_coefficients) {
    if (found.status == stability::BalanceStatus::impossible) {
      fail(option, text, "no coefficients above 0 balance it; an element or a product is missing");
    }
    if (found.status == stability::BalanceStatus::ambiguous) {
      fail(option, text,
           std::to_string(found.freedom + 1) + " independent reactions fit; give the coefficients, or fewer products");
    }
    name_as_typed(found.reaction, equation);
    return found.reaction;
  }
  std::vector<stability::ReactionTerm> terms;
  for (const EquationTerm& term : equation.reactants)
    terms.push_back({term.name, term.formula, -term.coefficient.value_or(1.0)});
  for (const EquationTerm& term : equation.products)
    terms.push_back({term.name, term.formula, term.coefficient.value_or(1.0)});
  try {
    return stability::make_reaction(terms);
  } catch (const base::InputError& error) {
    std::string problem = error.problem();
    if (found.status == stability::BalanceStatus::balanced) {
      name_as_typed(found.reaction, equation);
      problem += "; balanced it is " + stability::to_text(found.reaction);
    }
    fail(option, text, problem);
  }
}

}  // namespace closo::tasks::detail
