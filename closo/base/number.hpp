/// Numbers as text: locale-free reading with a place in the error, and printing with the digits that matter.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace closo::base {

/// Reads one number that fills the whole text: "1.2e-3", "+5", "2.9×10^-4", "10^-2.6", ".5". No thousands separators.
/// Accepts "nan"/"inf" never. Throws: InputError (column inside the text) for anything else, a decimal comma included.
double parse_number(std::string_view text);

/// As parse_number, nothing thrown.
std::optional<double> try_parse_number(std::string_view text) noexcept;

/// Shortest text with at most `significant` significant digits: 0.0012, 1.2e-07, 50. Trailing zeros are dropped.
std::string format_number(double value, int significant = 4);

/// Shortest text that reads back to the same double.
std::string format_exact(double value);

/// Value with standard uncertainty in the field's bracket notation: 0.42(1), 1.20(15)e-3, 50(3). The uncertainty is
/// given with one digit, two where they are 11 to 19, and 10 where the value would lose by it: 205(10). Without a
/// positive finite uncertainty: format_number.
std::string format_with_uncertainty(double value, double uncertainty);

}  // namespace closo::base
