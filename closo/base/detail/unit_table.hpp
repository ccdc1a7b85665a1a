/// The one table of unit symbols and SI prefixes.
#pragma once

#include <span>
#include <string_view>

#include "closo/base/unit.hpp"

namespace closo::base::detail {

struct UnitSymbol {
  std::string_view symbol;
  bool takes_prefix;
  long double numerator;
  long double denominator;
  int exponent;  ///< scale = numerator / denominator · 10^exponent
  Dimension dimension;
  double offset = 0.0;
  FractionBasis basis = FractionBasis::none;
};

struct Prefix {
  std::string_view symbol;
  int exponent;
};

std::span<const UnitSymbol> unit_symbols();
std::span<const Prefix> prefixes();

}  // namespace closo::base::detail
