/// Scanning of one decimal number inside a longer text, keeping its digits so that units can shift the exponent
/// exactly.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace closo::base::detail {

struct ScannedNumber {
  std::string digits;              ///< mantissa as plain ASCII ("-2.9"), readable by from_chars
  int exponent = 0;                ///< decimal exponent that belongs to it
  std::optional<double> power;     ///< set for "10^-2.6": the value is 10^power and `digits` is "1"
  std::string uncertainty_digits;  ///< "1" of "0.42(1)"
  int decimals = 0;                ///< digits after the point, for the bracket notation
  std::size_t end = 0;             ///< position (code points) behind the number
};

/// Scans at `position` of already plain code points (see plain_character). Throws: InputError with the column.
ScannedNumber scan_number(std::u32string_view codes, std::size_t position);

/// Value times 10^shift, rounded once.
double value_of(const ScannedNumber& number, int shift = 0);

/// Uncertainty of the bracket notation times 10^shift; 0 without one.
double uncertainty_of(const ScannedNumber& number, int shift = 0);

/// Text as plain code points: typographic minus, times and blanks replaced.
std::u32string plain_codes(std::string_view text);

}  // namespace closo::base::detail
