/// Reaction equations as users type them: "2 LiBH4 + MgH2 -> MgB2 + 2 LiH + 4 H2".
///
/// Sides are joined by "->", "→" or "="; terms by '+'; a number before a formula is its coefficient. Without an arrow
/// there are only reactants.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/formula.hpp"
#include "closo/stability/reaction.hpp"

namespace closo::tasks::detail {

struct EquationTerm {
  std::string name;  ///< the formula as typed
  base::Formula formula;
  std::optional<double> coefficient;  ///< as typed
};

struct Equation {
  std::vector<EquationTerm> reactants, products;
  bool has_coefficients = false;  ///< at least one was typed; the others then count as 1
};

/// Throws: ParameterError naming `option` for an empty side or term, two arrows, a formula or coefficient that cannot
/// be read, or a charge.
Equation parse_equation(std::string_view option, std::string_view text);

/// With the typed coefficients, or, where there are none, with those that balance it. Throws: ParameterError naming
/// `option` when it cannot be balanced, the coefficients do not balance (with those that would), or more than one
/// independent reaction fits.
stability::Reaction balanced(std::string_view option, std::string_view text, const Equation& equation);

}  // namespace closo::tasks::detail
