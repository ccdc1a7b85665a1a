/// Any text is a quantity or an InputError inside the text; a quantity reads back as printed, within its printed
/// digits.
#include "closo/base/quantity.hpp"

#include "closo/base/error.hpp"
#include "fuzz/property.hpp"

using namespace closo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::as_text(data, size));
  base::Quantity quantity;
  try {
    quantity = base::parse_quantity(text);
  } catch (const base::InputError& error) {
    fuzz::require(!error.problem().empty(), "an error says what is wrong");
    fuzz::require(error.place().column <= fuzz::characters(text) + 1, "the column of an error lies in the text");
    return 0;
  }
  fuzz::require(std::isfinite(quantity.value), "a quantity is finite");
  const double value = quantity.in(quantity.unit);
  const double uncertainty = quantity.uncertainty_in(quantity.unit).value_or(0.0);
  fuzz::require(uncertainty >= 0.0, "an uncertainty is not negative");
  // Far from 1 the rounded digits may leave the doubles.
  if (!(std::abs(value) < 1e200) || !(uncertainty < 1e200)) return 0;
  if ((value != 0.0 && std::abs(value) < 1e-200) || (uncertainty != 0.0 && uncertainty < 1e-200)) return 0;
  if (base::display(quantity.unit).size() > 200) return 0;  // longer than any unit that is read
  const std::string printed = base::format_quantity(quantity, quantity.unit, 12);
  const base::Quantity back = base::parse_quantity(printed);
  fuzz::require(back.qualifier == quantity.qualifier, "the qualifier reads back", printed);
  fuzz::require(back.unit == quantity.unit, "the unit reads back", printed);
  // Two digits of an uncertainty at most: it is rounded by a quarter at most, and the value by half of its last digit.
  const double allowed = 1e-11 * (std::abs(value) + (quantity.unit.has_offset() ? 273.15 : 0.0)) + 0.5 * uncertainty;
  fuzz::require(std::abs(back.in(quantity.unit) - value) <= allowed, "the value reads back", printed);
  if (uncertainty > 0.0 && uncertainty > 1e-9 * std::abs(value)) {
    fuzz::require(back.uncertainty.has_value(), "the uncertainty is printed", printed);
    fuzz::require(fuzz::is_close(*back.uncertainty_in(quantity.unit), uncertainty, 0.26), "the uncertainty reads back",
                  printed);
  }
  return 0;
}
