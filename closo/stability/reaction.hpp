/// Balanced reactions with whole coefficients, as text and TeX.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "closo/base/formula.hpp"

namespace closo::stability {

struct ReactionTerm {
  std::string name;
  base::Formula formula;
  double coefficient = 0.0;  ///< > 0
};

struct Reaction {
  std::vector<ReactionTerm> reactants, products;
  bool is_whole = false;  ///< all coefficients whole numbers with common divisor 1
  bool empty() const noexcept { return reactants.empty() && products.empty(); }
};

/// Brings terms with real coefficients (negative: reactant) to the smallest whole ones; terms below `tolerance` of the
/// largest are dropped, equal ones added. Gaseous elements come out as molecules (H → H2, N → N2, O → O2, F, Cl, Br,
/// I). Terms are equal when their formulas are, whatever their names; where all cancel the reaction is empty. Without
/// whole coefficients up to 10,000 that balance exactly the real ones stay, `is_whole` false. Throws: InputError when
/// the elements (or charges) do not balance within 1e-6 of the largest amount, naming the element and both sums; for a
/// term without formula or with a coefficient that is not finite.
Reaction make_reaction(std::span<const ReactionTerm> terms, double tolerance = 1e-7);

/// Balances given formulas: finds the coefficients of reactants → products. `status` says when there is none or more
/// than one independent way with all coefficients on the side asked for. Formulas that take part in no way are left
/// out.
enum class BalanceStatus : unsigned char { balanced, impossible, ambiguous };
struct Balance {
  BalanceStatus status = BalanceStatus::balanced;
  Reaction reaction;        ///< ambiguous: one of the ways, with small coefficients and all formulas that can take part
  std::size_t freedom = 0;  ///< independent ways beyond one
};
/// Throws: InputError for a formula without elements; ParameterError when there are more than 32 elements and formulas.
Balance balance(std::span<const base::Formula> reactants, std::span<const base::Formula> products);

/// "12 LiBH4 → Li2B12H12 + 10 Li + 18 H2"; coefficients that are not whole with 4 digits.
std::string to_text(const Reaction& reaction);
/// "12\,\mathrm{LiBH_{4}} \rightarrow …"; brackets of a name that reads as the formula are kept.
std::string to_tex(const Reaction& reaction);
std::string formula_tex(const base::Formula& formula);

}  // namespace closo::stability
