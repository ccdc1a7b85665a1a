#include "closo/stability/reaction.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <utility>

#include "closo/base/element.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/num/linear_program.hpp"

namespace closo::stability {
namespace {

constexpr double balance_tolerance = 1e-6;  // of the largest amount of any element
constexpr double exact_balance = 1e-9;      // the same, for whole coefficients
constexpr int largest_whole = 10000;

bool is_molecular_element(const base::Formula& formula) {
  constexpr std::array<std::string_view, 7> symbols = {"H", "N", "O", "F", "Cl", "Br", "I"};
  return formula.terms().size() == 1 && formula.charge() == 0 &&
         std::find(symbols.begin(), symbols.end(), formula.terms().front().element->symbol) != symbols.end();
}

ReactionTerm with_molecules(const ReactionTerm& term) {
  if (!is_molecular_element(term.formula)) return term;
  const base::ElementAmount& own = term.formula.terms().front();
  const base::Formula molecule({{own.element, 2.0}});
  return {molecule.text(), molecule, term.coefficient * own.amount / 2.0};
}

/// Elements in order of appearance.
std::vector<const base::Element*> elements_of(std::span<const ReactionTerm> terms) {
  std::vector<const base::Element*> elements;
  for (const ReactionTerm& term : terms) {
    for (const base::ElementAmount& amount : term.formula.terms()) {
      if (std::find(elements.begin(), elements.end(), amount.element) == elements.end()) {
        elements.push_back(amount.element);
      }
    }
  }
  return elements;
}

/// What enters and leaves on the two sides, of one element or of charge.
struct Sums {
  std::string what;
  double left = 0.0, right = 0.0, largest = 0.0;

  void add(double coefficient, double amount) {
    const double moved = coefficient * amount;
    (coefficient < 0.0 ? left : right) += std::abs(coefficient) * amount;
    largest = std::max(largest, std::abs(moved));
  }
};

std::vector<Sums> sums_of(std::span<const ReactionTerm> terms) {
  std::vector<Sums> all;
  for (const base::Element* element : elements_of(terms)) {
    Sums sums{.what = std::string(element->symbol)};
    for (const ReactionTerm& term : terms) sums.add(term.coefficient, term.formula.amount(element->symbol));
    all.push_back(std::move(sums));
  }
  Sums charge{.what = "charge"};
  for (const ReactionTerm& term : terms) charge.add(term.coefficient, term.formula.charge());
  all.push_back(std::move(charge));
  return all;
}

double largest_of(const std::vector<Sums>& all) {
  double largest = 0.0;
  for (const Sums& sums : all) largest = std::max(largest, sums.largest);
  return largest;
}

bool is_balanced(const std::vector<Sums>& all, double tolerance) {
  const double allowed = tolerance * largest_of(all);
  return std::all_of(all.begin(), all.end(),
                     [&](const Sums& sums) { return std::abs(sums.right - sums.left) <= allowed; });
}

void check_terms(std::span<const ReactionTerm> terms) {
  for (const ReactionTerm& term : terms) {
    if (term.formula.terms().empty()) {
      throw base::InputError({}, "the reaction has a term '" + term.name + "' without formula",
                             "a formula such as LiH");
    }
    if (!std::isfinite(term.coefficient)) {
      throw base::InputError({}, "the coefficient of " + term.name + " in the reaction is not a number",
                             "finite coefficients");
    }
  }
}

/// The smallest whole coefficients in the same ratios that balance exactly; true when there are any.
bool make_whole(std::vector<ReactionTerm>& terms, double tolerance) {
  const auto larger = [](const ReactionTerm& a, const ReactionTerm& b) {
    return std::abs(a.coefficient) < std::abs(b.coefficient);
  };
  const double largest = std::abs(std::max_element(terms.begin(), terms.end(), larger)->coefficient);
  std::vector<ReactionTerm> whole = terms;
  for (int multiplier = 1; multiplier <= largest_whole; ++multiplier) {
    const double allowed = std::max(1e-9, tolerance * multiplier);
    bool are_near = true;
    for (std::size_t i = 0; are_near && i < terms.size(); ++i) {
      const double scaled = terms[i].coefficient / largest * multiplier;
      whole[i].coefficient = std::round(scaled);
      are_near = whole[i].coefficient != 0.0 && std::abs(scaled - whole[i].coefficient) <= allowed;
    }
    if (!are_near || !is_balanced(sums_of(whole), exact_balance)) continue;
    terms = std::move(whole);
    return true;
  }
  return false;
}

std::string coefficient_text(double coefficient) {
  if (coefficient == std::round(coefficient) && coefficient < 1e15) {
    return std::to_string(static_cast<long long>(coefficient));
  }
  return base::format_number(coefficient, 4);
}

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_digit_or_point(char c) { return (c >= '0' && c <= '9') || c == '.'; }

/// Of a name in plain letters, digits and round or square brackets; numbers behind a letter or bracket are amounts.
std::string name_tex(std::string_view name) {
  std::string tex = "\\mathrm{";
  for (std::size_t i = 0; i < name.size();) {
    std::size_t end = i;
    while (end < name.size() && is_digit_or_point(name[end])) ++end;
    if (end == i) {
      tex += name[i++];
      continue;
    }
    const bool is_amount = i > 0;
    if (is_amount) tex += "_{";
    tex += name.substr(i, end - i);
    if (is_amount) tex += '}';
    i = end;
  }
  return tex + "}";
}

std::string term_tex(const ReactionTerm& term) {
  const bool is_plain = std::all_of(term.name.begin(), term.name.end(), [](char c) {
    return is_letter(c) || is_digit_or_point(c) || c == '(' || c == ')' || c == '[' || c == ']';
  });
  if (term.formula.charge() != 0 || !is_plain || term.name.empty() || !is_letter(term.name.front())) {
    return formula_tex(term.formula);
  }
  try {
    if (!(base::Formula::parse(term.name) == term.formula)) return formula_tex(term.formula);
  } catch (const base::InputError&) {  // a name in words
    return formula_tex(term.formula);
  }
  return name_tex(term.name);
}

template <class Text>
std::string written(const Reaction& reaction, std::string_view gap, std::string_view arrow, Text text) {
  if (reaction.empty()) return {};
  const auto side = [&](const std::vector<ReactionTerm>& terms) {
    std::string result;
    for (const ReactionTerm& term : terms) {
      if (!result.empty()) result += " + ";
      const std::string coefficient = coefficient_text(term.coefficient);
      if (coefficient != "1") result += coefficient + std::string(gap);
      result += text(term);
    }
    return result;
  };
  return side(reaction.reactants) + std::string(arrow) + side(reaction.products);
}

/// Rows: elements and, where there are ions, charge; columns: formulas, products counted positive.
struct Stoichiometry {
  std::size_t rows = 0;
  std::vector<double> columns;  ///< column-major

  std::size_t size() const { return rows == 0 ? 0 : columns.size() / rows; }
  double at(std::size_t row, std::size_t column) const { return columns[column * rows + row]; }
};

Stoichiometry stoichiometry(std::span<const ReactionTerm> terms) {
  const std::vector<const base::Element*> elements = elements_of(terms);
  const bool has_ions =
      std::any_of(terms.begin(), terms.end(), [](const ReactionTerm& term) { return term.formula.charge() != 0; });
  Stoichiometry result;
  result.rows = elements.size() + (has_ions ? 1U : 0U);
  for (const ReactionTerm& term : terms) {
    for (const base::Element* element : elements) {
      result.columns.push_back(term.coefficient * term.formula.amount(element->symbol));
    }
    if (has_ions) result.columns.push_back(term.coefficient * term.formula.charge());
  }
  return result;
}

/// Formulas with a positive coefficient in some way to balance: each coefficient up to 1 counts, most of all wins.
std::vector<char> takes_part(const Stoichiometry& matrix) {
  const std::size_t n = matrix.size();
  const std::size_t rows = matrix.rows + n;
  if (rows > num::Simplex::max_rows) {
    throw base::ParameterError("reaction",
                               std::to_string(matrix.rows) + " elements, " + std::to_string(n) + " formulas",
                               "at most " + std::to_string(num::Simplex::max_rows) + " of both together");
  }
  std::vector<double> columns;
  std::vector<double> cost;
  std::vector<double> rhs(rows, 0.0);
  std::fill(rhs.begin() + static_cast<std::ptrdiff_t>(matrix.rows), rhs.end(), 1.0);
  enum class Part { counted, further, slack };
  for (const Part part : {Part::counted, Part::further, Part::slack}) {
    for (std::size_t j = 0; j < n; ++j) {
      std::vector<double> column(rows, 0.0);
      for (std::size_t i = 0; part != Part::slack && i < matrix.rows; ++i) column[i] = matrix.at(i, j);
      if (part != Part::further) column[matrix.rows + j] = 1.0;
      columns.insert(columns.end(), column.begin(), column.end());
      cost.push_back(part == Part::counted ? -1.0 : 0.0);
    }
  }
  num::Simplex program(rows, std::move(columns), std::move(cost), std::move(rhs));
  if (program.solve() != num::LpStatus::optimal) throw base::InternalError("reaction: no program to balance");
  std::vector<char> result(n, 0);
  for (std::size_t i = 0; i < rows; ++i) {
    if (program.basis()[i] < n && program.values()[i] > 1e-7) result[program.basis()[i]] = 1;
  }
  return result;
}

/// Columns minus rank, by elimination with full exchange.
std::size_t nullity(Stoichiometry matrix) {
  const std::size_t n = matrix.size();
  double largest = 0.0;
  for (const double element : matrix.columns) largest = std::max(largest, std::abs(element));
  std::size_t rank = 0;
  std::vector<char> is_used(matrix.rows, 0);
  for (std::size_t j = 0; j < n; ++j) {
    std::size_t top = matrix.rows;
    for (std::size_t i = 0; i < matrix.rows; ++i) {
      if (is_used[i] == 0 && (top == matrix.rows || std::abs(matrix.at(i, j)) > std::abs(matrix.at(top, j)))) top = i;
    }
    if (top == matrix.rows || std::abs(matrix.at(top, j)) <= 1e-9 * largest) continue;
    is_used[top] = 1;
    ++rank;
    for (std::size_t i = 0; i < matrix.rows; ++i) {
      if (i == top) continue;
      const double factor = matrix.at(i, j) / matrix.at(top, j);
      for (std::size_t k = j; k < n; ++k) matrix.columns[k * matrix.rows + i] -= factor * matrix.at(top, k);
    }
  }
  return n - rank;
}

/// The way with every coefficient at least 1 and the smallest sum; the only one up to a factor where that is so.
std::vector<double> smallest_coefficients(const Stoichiometry& matrix) {
  const std::size_t n = matrix.size();
  std::vector<double> rhs(matrix.rows, 0.0);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < matrix.rows; ++i) rhs[i] -= matrix.at(i, j);
  }
  num::Simplex program(matrix.rows, matrix.columns, std::vector<double>(n, 1.0), std::move(rhs));
  if (program.solve() != num::LpStatus::optimal) throw base::InternalError("reaction: no coefficients above zero");
  std::vector<double> coefficients(n, 1.0);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    if (program.basis()[i] < n) coefficients[program.basis()[i]] += program.values()[i];
  }
  return coefficients;
}

}  // namespace

Reaction make_reaction(std::span<const ReactionTerm> terms, double tolerance) {
  check_terms(terms);
  double largest = 0.0;
  std::vector<ReactionTerm> added;
  for (const ReactionTerm& given : terms) {
    ReactionTerm term = with_molecules(given);
    largest = std::max(largest, std::abs(term.coefficient));
    const auto same = std::find_if(added.begin(), added.end(),
                                   [&](const ReactionTerm& known) { return known.formula == term.formula; });
    if (same == added.end()) {
      added.push_back(std::move(term));
    } else {
      same->coefficient += term.coefficient;
    }
  }
  std::erase_if(added, [&](const ReactionTerm& term) {
    return term.coefficient == 0.0 || std::abs(term.coefficient) < tolerance * largest;
  });
  Reaction reaction;
  if (added.empty()) return reaction;
  const std::vector<Sums> all = sums_of(added);
  if (!is_balanced(all, balance_tolerance)) {
    const auto worst = std::max_element(all.begin(), all.end(), [](const Sums& a, const Sums& b) {
      return std::abs(a.right - a.left) < std::abs(b.right - b.left);
    });
    throw base::InputError({},
                           "the reaction does not balance in " + worst->what + ": " +
                               base::format_number(worst->left, 7) + " before, " +
                               base::format_number(worst->right, 7) + " after",
                           "coefficients that keep every element");
  }
  reaction.is_whole = make_whole(added, tolerance);
  for (ReactionTerm& term : added) {
    std::vector<ReactionTerm>& side = term.coefficient < 0.0 ? reaction.reactants : reaction.products;
    term.coefficient = std::abs(term.coefficient);
    side.push_back(std::move(term));
  }
  return reaction;
}

Balance balance(std::span<const base::Formula> reactants, std::span<const base::Formula> products) {
  std::vector<ReactionTerm> terms;
  const auto add = [&](const base::Formula& formula, double side) {
    const bool is_known = std::any_of(terms.begin(), terms.end(), [&](const ReactionTerm& term) {
      return term.coefficient == side && term.formula == formula;
    });
    if (!is_known) terms.push_back({formula.text(), formula, side});
  };
  for (const base::Formula& formula : reactants) add(formula, -1.0);
  for (const base::Formula& formula : products) add(formula, 1.0);
  check_terms(terms);
  Balance result;
  result.status = BalanceStatus::impossible;
  if (reactants.empty() || products.empty()) return result;
  const std::vector<char> is_in = takes_part(stoichiometry(terms));
  std::vector<ReactionTerm> kept;
  for (std::size_t j = 0; j < terms.size(); ++j) {
    if (is_in[j] != 0) kept.push_back(std::move(terms[j]));
  }
  if (kept.empty()) return result;
  const Stoichiometry matrix = stoichiometry(kept);
  const std::vector<double> coefficients = smallest_coefficients(matrix);
  for (std::size_t j = 0; j < kept.size(); ++j) kept[j].coefficient *= coefficients[j];
  result.freedom = nullity(matrix) - 1;
  result.status = result.freedom == 0 ? BalanceStatus::balanced : BalanceStatus::ambiguous;
  result.reaction = make_reaction(kept);
  if (result.reaction.empty()) result = {.status = BalanceStatus::impossible, .reaction = {}, .freedom = 0};
  return result;
}

std::string to_text(const Reaction& reaction) {
  return written(reaction, " ", " → ",
                 [](const ReactionTerm& term) { return term.name.empty() ? term.formula.text() : term.name; });
}

std::string to_tex(const Reaction& reaction) { return written(reaction, "\\,", " \\rightarrow ", term_tex); }

std::string formula_tex(const base::Formula& formula) {
  std::string tex = "\\mathrm{";
  for (const base::ElementAmount& term : formula.terms()) {
    tex += term.element->symbol;
    if (term.amount != 1.0) tex += "_{" + base::format_number(term.amount, 6) + "}";
  }
  if (formula.charge() != 0) {
    const int size = std::abs(formula.charge());
    tex += "^{" + (size == 1 ? std::string() : std::to_string(size)) + (formula.charge() < 0 ? "-" : "+") + "}";
  }
  return tex + "}";
}

}  // namespace closo::stability
