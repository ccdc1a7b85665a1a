/// Any text is a unit or an InputError inside the text; a unit converts there and back, and reads back as printed.
#include "closo/base/unit.hpp"

#include "closo/base/error.hpp"
#include "closo/base/quantity.hpp"
#include "fuzz/property.hpp"

using namespace closo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::as_text(data, size));
  base::Unit unit;
  try {
    unit = base::Unit::parse(text);
  } catch (const base::InputError& error) {
    fuzz::require(!error.problem().empty(), "an error says what is wrong");
    fuzz::require(error.place().column <= fuzz::characters(text) + 1, "the column of an error lies in the text");
    return 0;
  }
  fuzz::require(base::Unit::parse(unit.text()) == unit, "a unit reads back from its own text", unit.text());
  const std::string displayed = base::display(unit);
  // A unit has at most 200 bytes, and the display of one may have more.
  const bool reads_back = displayed.size() > 200 || base::Unit::parse(displayed) == unit;
  fuzz::require(reads_back, "a unit reads back as displayed", displayed);
  fuzz::require(unit.is_compatible_with(unit) && base::is_convertible(unit, unit), "a unit is compatible with itself");
  for (const double value : {0.0, 1.0, -2.5, 1.2e-7, 3.1e5}) {
    const double si = unit.to_si(value);
    if (!std::isfinite(si) || (std::abs(si) < 1e-290 && value != 0.0))
      continue;  // m^60 with prefixes leaves the doubles
    const double back = unit.from_si(si);
    const bool same = unit.has_offset() ? std::abs(back - value) <= 1e-12 * (std::abs(value) + 273.15)
                                        : fuzz::is_close(back, value, 1e-14);
    fuzz::require(same, "from_si undoes to_si", unit.text());
    const double difference = unit.difference_from_si(unit.difference_to_si(value));
    fuzz::require(fuzz::is_close(difference, value, 1e-14), "difference_from_si undoes difference_to_si", unit.text());
  }
  return 0;
}
