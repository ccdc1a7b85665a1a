/// What each quantity must look like: accepted units, possible range, and the table it belongs to.
///
/// One visible list of rules in the order they are tried; the first whose pattern fits the quantity's name applies. The
/// ranges keep out what is impossible or surely a slip (a fraction above 1, 300 eV), not what is merely unusual.
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "closo/library/material.hpp"

namespace closo::library {

struct QuantityRule {
  enum class Match : unsigned char { begins, ends, contains, exact };

  std::string_view pattern;  ///< compared case-insensitively
  Match match = Match::exact;
  std::string_view units;  ///< accepted units, separated by ','; anything convertible to one of them is accepted, and
                           ///< SI values of facts are of that dimension (32.8 kJ/mol for eV: joules per particle)
  std::string_view table;  ///< where a user's fact of this quantity is filed
  double low = -std::numeric_limits<double>::infinity();  ///< SI
  double high = std::numeric_limits<double>::infinity();  ///< SI
  bool low_is_open = false;                               ///< the value must lie above `low`, not on it
};

std::span<const QuantityRule> quantity_rules() noexcept;

/// The rule of a quantity, or nullptr when no pattern fits.
const QuantityRule* find_rule(std::string_view quantity) noexcept;

/// The unit of the rule that `unit` converts into (eV for kJ/mol), or nothing.
std::optional<base::Unit> accepted_unit(const QuantityRule& rule, const base::Unit& unit);

/// What is wrong with a value in `unit` that the rule accepts, or nothing: "-3 S/cm is not above 0 S/cm".
std::optional<std::string> range_defect(const QuantityRule& rule, double value, const base::Unit& unit);

}  // namespace closo::library
