/// Any text is one finite number or an InputError inside the text; numbers read back as printed.
#include "closo/base/number.hpp"

#include "closo/base/error.hpp"
#include "fuzz/property.hpp"

using namespace closo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::as_text(data, size));
  const std::optional<double> tried = base::try_parse_number(text);
  double value = 0.0;
  try {
    value = base::parse_number(text);
  } catch (const base::InputError& error) {
    fuzz::require(!tried, "try_parse_number refuses what parse_number refuses");
    fuzz::require(error.place().column <= fuzz::characters(text) + 1, "the column of an error lies in the text");
    return 0;
  }
  fuzz::require(tried == value, "try_parse_number agrees with parse_number");
  fuzz::require(std::isfinite(value), "a number is finite");
  fuzz::require(base::parse_number(base::format_exact(value)) == value, "format_exact reads back",
                base::format_exact(value));
  // Rounding to few digits may leave the doubles at their upper end.
  if (std::abs(value) > 1e308) return 0;
  for (int significant = 1; significant <= 15; ++significant) {
    const std::string printed = base::format_number(value, significant);
    const double error = 0.5000001 * std::pow(10.0, 1 - significant);
    const bool tiny = std::abs(value) < 1e-300;  // subnormal numbers have fewer digits
    fuzz::require(tiny || fuzz::is_close(base::parse_number(printed), value, error),
                  "format_number keeps the digits it promises", printed);
  }
  return 0;
}
