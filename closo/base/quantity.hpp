/// Quantities: a number with unit, uncertainty and qualifier, read from text such as "0.42(1) eV", ">0.9", "~ 1.2e-3
/// S/cm".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "closo/base/unit.hpp"

namespace closo::base {

/// How a printed number is to be read.
enum class Qualifier : unsigned char { equal, about, less, greater, less_equal, greater_equal, qualitative };

/// "=", "~", "<", ">", "<=", ">=", "qualitative".
std::string_view to_string(Qualifier qualifier);
/// Throws: InputError for any other text.
Qualifier parse_qualifier(std::string_view text);

/// A value in SI with its standard uncertainty (SI, absolute), qualifier, and the unit the user wrote.
struct Quantity {
  double value = 0.0;                 ///< SI
  std::optional<double> uncertainty;  ///< SI, one standard deviation as stated; empty: not stated
  Qualifier qualifier = Qualifier::equal;
  Unit unit;  ///< as written

  /// Value and uncertainty in another unit. Throws: InputError when not convertible.
  double in(const Unit& target) const;
  std::optional<double> uncertainty_in(const Unit& target) const;
};

/// Reads "[qualifier] number [(digits) | ± number | +/- number] [× 10^n] [unit]". A missing unit is dimensionless.
/// Throws: InputError with the column inside the text.
Quantity parse_quantity(std::string_view text);

/// As above and checks that the result can be expressed in `expected`; the value is then SI of `expected`'s dimension
/// (so "32.8 kJ/mol" for an expected eV becomes joules per particle). `what` names the quantity for the message.
/// Throws: InputError saying what was found and which unit would be accepted.
Quantity parse_quantity(std::string_view text, const Unit& expected, std::string_view what);

/// Text in `unit` with the uncertainty in brackets and the unit behind: "0.42(1) eV", "> 0.9", "25 °C".
std::string format_quantity(const Quantity& quantity, const Unit& unit, int significant = 4);

/// The unit as the field prints it ("mS/cm", "°C", "Ω cm²", "mAh/g"; empty for dimensionless).
std::string display(const Unit& unit);

}  // namespace closo::base
