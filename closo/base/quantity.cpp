#include "closo/base/quantity.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/detail/number_scan.hpp"
#include "closo/base/detail/utf8.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::base {
namespace {

struct QualifierText {
  Qualifier qualifier;
  std::string_view text;
};

constexpr QualifierText qualifier_texts[] = {
    {Qualifier::less_equal, "<="},   {Qualifier::greater_equal, ">="}, {Qualifier::less_equal, "≤"},
    {Qualifier::greater_equal, "≥"}, {Qualifier::about, "≈"},          {Qualifier::equal, "="},
    {Qualifier::about, "~"},         {Qualifier::less, "<"},           {Qualifier::greater, ">"},
};

/// Code points of a text with a cursor.
struct Cursor {
  std::u32string codes;
  std::size_t position = 0;

  void skip_blanks() {
    while (position < codes.size() && codes[position] == U' ') ++position;
  }
  bool accept(std::u32string_view word) {
    if (std::u32string_view(codes).substr(position, word.size()) != word) return false;
    position += word.size();
    return true;
  }
  std::string rest() const { return detail::encode_utf8(std::u32string_view(codes).substr(position)); }
};

Qualifier accept_qualifier(Cursor& cursor) {
  for (const QualifierText& known : qualifier_texts) {
    if (cursor.accept(detail::decode_utf8(known.text))) return known.qualifier;
  }
  return Qualifier::equal;
}

Unit unit_at(const Cursor& cursor) {
  try {
    return Unit::parse(cursor.rest());
  } catch (const InputError& error) {
    throw InputError({{}, 0, cursor.position + std::max<std::size_t>(1, error.place().column)}, error.problem(),
                     error.expected());
  }
}

}  // namespace

std::string_view to_string(Qualifier qualifier) {
  switch (qualifier) {
    case Qualifier::equal:
      return "=";
    case Qualifier::about:
      return "~";
    case Qualifier::less:
      return "<";
    case Qualifier::greater:
      return ">";
    case Qualifier::less_equal:
      return "<=";
    case Qualifier::greater_equal:
      return ">=";
    case Qualifier::qualitative:
      return "qualitative";
  }
  throw InternalError("qualifier out of range");
}

Qualifier parse_qualifier(std::string_view text) {
  if (text == "qualitative") return Qualifier::qualitative;
  for (const QualifierText& known : qualifier_texts) {
    if (known.text == text) return known.qualifier;
  }
  throw InputError({}, "unknown qualifier '" + std::string(text) + "'", "one of = ~ < > <= >= qualitative");
}

double Quantity::in(const Unit& target) const {
  if (unit.is_compatible_with(target)) return target.from_si(value);
  return convert(unit.from_si(value), unit, target);
}

std::optional<double> Quantity::uncertainty_in(const Unit& target) const {
  if (!uncertainty) return std::nullopt;
  if (unit.is_compatible_with(target)) return target.difference_from_si(*uncertainty);
  return convert_difference(unit.difference_from_si(*uncertainty), unit, target);
}

Quantity parse_quantity(std::string_view text) {
  Cursor cursor{detail::plain_codes(text), 0};
  Quantity quantity;
  cursor.skip_blanks();
  quantity.qualifier = accept_qualifier(cursor);
  cursor.skip_blanks();
  const bool bracketed = cursor.accept(U"(");
  if (bracketed) cursor.skip_blanks();
  const std::size_t number_at = cursor.position;
  const detail::ScannedNumber number = detail::scan_number(cursor.codes, cursor.position);
  cursor.position = number.end;
  std::optional<detail::ScannedNumber> plus_minus;
  const std::size_t behind_number = cursor.position;
  cursor.skip_blanks();
  if (cursor.accept(U"±") || cursor.accept(U"+/-") || cursor.accept(U"+-")) {
    cursor.skip_blanks();
    plus_minus = detail::scan_number(cursor.codes, cursor.position);
    cursor.position = plus_minus->end;
  } else {
    cursor.position = behind_number;
  }
  int shared_exponent = 0;
  if (bracketed) {
    cursor.skip_blanks();
    if (!cursor.accept(U")")) throw InputError({{}, 0, cursor.position + 1}, "a bracket is not closed", "')'");
    const std::size_t behind_bracket = cursor.position;
    cursor.skip_blanks();
    // "(1.2 ± 0.1) × 10^-3": the power belongs to both numbers.
    if (cursor.accept(U"*") || cursor.accept(U"x")) {
      cursor.skip_blanks();
      const detail::ScannedNumber factor = detail::scan_number(cursor.codes, cursor.position);
      if (factor.digits != "1" || factor.power) {
        throw InputError({{}, 0, cursor.position + 1}, "a factor that is not a power of ten",
                         "10^-3 behind the bracket");
      }
      shared_exponent = factor.exponent;
      cursor.position = factor.end;
    } else {
      cursor.position = behind_bracket;
    }
  }
  cursor.skip_blanks();
  quantity.unit = unit_at(cursor);

  const auto to_si = [&](const detail::ScannedNumber& scanned) {
    if (quantity.unit.is_power_of_ten() && !scanned.power) {
      return detail::value_of(scanned, quantity.unit.exponent_of_ten() + shared_exponent);
    }
    return quantity.unit.to_si(detail::value_of(scanned, shared_exponent));
  };
  quantity.value = to_si(number);
  if (!std::isfinite(quantity.value))
    throw InputError({{}, 0, number_at + 1}, "'" + std::string(text) + "' is too large", "a finite number");
  if (plus_minus) {
    quantity.uncertainty = std::abs(quantity.unit.difference_to_si(detail::value_of(*plus_minus, shared_exponent)));
  } else if (!number.uncertainty_digits.empty()) {
    quantity.uncertainty = quantity.unit.difference_to_si(detail::uncertainty_of(number, shared_exponent));
  }
  return quantity;
}

Quantity parse_quantity(std::string_view text, const Unit& expected, std::string_view what) {
  Quantity quantity = parse_quantity(text);
  if (!is_convertible(quantity.unit, expected)) {
    const bool bare = quantity.unit.text() == "1";
    throw InputError(
        {}, "'" + std::string(text) + "' " + (bare ? "has no unit" : "is " + describe(quantity.unit.dimension())),
        std::string(what) + " with a unit such as '" + expected.text() + "'");
  }
  if (!quantity.unit.is_compatible_with(expected)) {
    const double value = convert(quantity.unit.from_si(quantity.value), quantity.unit, expected);
    if (quantity.uncertainty) {
      quantity.uncertainty = expected.difference_to_si(
          convert_difference(quantity.unit.difference_from_si(*quantity.uncertainty), quantity.unit, expected));
    }
    quantity.value = expected.to_si(value);
    quantity.unit = expected;
  }
  if (expected.dimension() == Dimension::of(0, 0, 0, 0, 1, 0) && quantity.value < 0.0) {
    throw InputError({}, "'" + std::string(text) + "' is below absolute zero",
                     "a temperature above 0 K (-273.15 degC)");
  }
  return quantity;
}

std::string display(const Unit& unit) {
  if (unit.text() == "1") return {};
  const std::u32string codes = detail::decode_utf8(unit.text());
  std::string text;
  for (std::size_t i = 0; i < codes.size();) {
    const auto is_letter = [&](std::size_t k) {
      return k < codes.size() && ((codes[k] >= U'a' && codes[k] <= U'z') || (codes[k] >= U'A' && codes[k] <= U'Z'));
    };
    if (is_letter(i)) {
      std::string word;
      while (is_letter(i)) detail::append_utf8(word, codes[i++]);
      if (word == "degC") word = "°C";
      if (word == "Ang" || word == "angstrom") word = "Å";
      if (word.ends_with("Ohm") || word.ends_with("ohm")) word = word.substr(0, word.size() - 3) + "Ω";
      if (word.size() > 1 && word.front() == 'u') word = "µ" + word.substr(1);
      text += word;
      std::size_t j = i;
      if (j < codes.size() && codes[j] == U'^') ++j;
      const bool negative = j < codes.size() && codes[j] == U'-' && text.back() != 'C';
      if (negative) ++j;
      std::string raised;
      static constexpr std::string_view superscripts[10] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
      while (j < codes.size() && codes[j] >= U'0' && codes[j] <= U'9') raised += superscripts[codes[j++] - U'0'];
      // There are no superscripts for the rest of "s^-1/2" and "s^0.5".
      const bool goes_on = j + 1 < codes.size() && (codes[j] == U'/' || codes[j] == U'.') && codes[j + 1] >= U'0' &&
                           codes[j + 1] <= U'9';
      if (!raised.empty() && !goes_on) {
        text += (negative ? "⁻" : "") + raised;
        i = j;
      }
    } else {
      detail::append_utf8(text, codes[i++]);
    }
  }
  return text;
}

std::string format_quantity(const Quantity& quantity, const Unit& unit, int significant) {
  const double value = quantity.in(unit);
  const std::optional<double> uncertainty = quantity.uncertainty_in(unit);
  std::string text;
  if (quantity.qualifier != Qualifier::equal) text = std::string(to_string(quantity.qualifier)) + ' ';
  text += uncertainty.value_or(0.0) > 0.0 ? format_with_uncertainty(value, *uncertainty)
                                          : format_number(value, significant);
  const std::string name = display(unit);
  if (!name.empty()) text += ' ' + name;
  return text;
}

}  // namespace closo::base
