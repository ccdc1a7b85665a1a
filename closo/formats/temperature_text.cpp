#include "closo/formats/temperature_text.hpp"

#include <cmath>
#include <cstddef>
#include <string>

#include "closo/formats/detail/cells.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) > 0x7F;
}

enum class Scale { none, celsius, kelvin };

struct UnitWord {
  std::string_view text;
  Scale scale;
  bool is_bare;  ///< a single letter, which may mean something else
};

constexpr UnitWord unit_words[] = {
    {"degC", Scale::celsius, false}, {"deg C", Scale::celsius, false},   {"deg. C", Scale::celsius, false},
    {"°C", Scale::celsius, false},   {"° C", Scale::celsius, false},     {"ºC", Scale::celsius, false},
    {"oC", Scale::celsius, false},   {"celsius", Scale::celsius, false}, {"degrees", Scale::celsius, false},
    {"deg", Scale::celsius, false},  {"kelvin", Scale::kelvin, false},   {"C", Scale::celsius, true},
    {"K", Scale::kelvin, true},
};

/// The unit that begins at `at` and ends at a word's end.
const UnitWord* unit_at(std::string_view text, std::size_t at) {
  for (const UnitWord& word : unit_words) {
    const std::string_view here = text.substr(at, word.text.size());
    const bool matches = word.is_bare ? here == word.text : detail::lower_case(here) == detail::lower_case(word.text);
    if (!matches) continue;
    const std::size_t end = at + word.text.size();
    if (end == text.size() || !(is_letter(text[end]) || is_digit(text[end]))) return &word;
  }
  return nullptr;
}

struct Number {
  double value = 0.0;
  std::size_t end = 0;
  std::size_t whole_digits = 0;
  bool is_negative = false;
};

std::optional<Number> number_at(std::string_view text, std::size_t at) {
  Number number;
  std::size_t i = at;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) number.is_negative = text[i++] == '-';
  const std::size_t first = i;
  while (i < text.size() && is_digit(text[i])) ++i;
  number.whole_digits = i - first;
  if (number.whole_digits == 0) return std::nullopt;
  if (i + 1 < text.size() && (text[i] == '.' || text[i] == ',') && is_digit(text[i + 1])) {
    ++i;
    while (i < text.size() && is_digit(text[i])) ++i;
  }
  if (i + 2 < text.size() && (text[i] == 'e' || text[i] == 'E') && (text[i + 1] == '+' || text[i + 1] == '-') &&
      is_digit(text[i + 2])) {
    i += 2;
    while (i < text.size() && is_digit(text[i])) ++i;
  }
  std::string digits(text.substr(at, i - at));
  for (char& c : digits) c = c == ',' ? '.' : c;
  const std::optional<double> value = detail::try_number(digits, detail::DecimalMark::point);
  if (!value) return std::nullopt;
  number.value = *value;
  number.end = i;
  return number;
}

std::optional<double> celsius(double value, Scale scale) {
  const double result = scale == Scale::kelvin ? value - 273.15 : value;
  if (!(result >= -273.15 && result <= 2000.0)) return std::nullopt;
  return std::round(result * 1e6) / 1e6;
}

/// A number with its unit behind it.
std::optional<double> labelled_by_unit(std::string_view text, bool& is_ambiguous) {
  std::optional<double> found;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i])) continue;
    // "CH3-40C" has a hyphen, "cool_-40C" and " -40C" a minus.
    std::size_t at = i;
    if (i > 0 && text[i - 1] == '-' && (i == 1 || text[i - 2] == ' ' || text[i - 2] == '_' || text[i - 2] == '(')) --at;
    const std::optional<Number> number = number_at(text, at);
    const bool begins = i == 0 || !(is_letter(text[i - 1]) || is_digit(text[i - 1]) || text[i - 1] == '.');
    if (!number) continue;
    if (begins) {
      std::size_t unit = number->end;
      while (unit < text.size() && unit < number->end + 2 && (text[unit] == ' ' || text[unit] == '_')) ++unit;
      const UnitWord* word = unit_at(text, unit);
      if (word != nullptr && word->is_bare) {
        const std::size_t least = word->scale == Scale::kelvin ? 3 : 2;
        if (number->whole_digits < least && !number->is_negative) word = nullptr;
        if (word != nullptr && word->scale == Scale::kelvin && number->is_negative) word = nullptr;
      }
      if (word != nullptr) {
        const std::optional<double> value = celsius(number->value, word->scale);
        if (value && found && *found != *value) is_ambiguous = true;
        if (value) found = value;
      }
    }
    i = number->end - 1;
  }
  return found;
}

/// "Temperature: 30 C", "Temp. [°C]=2.5e+01", "T = 300 K".
std::optional<double> labelled_by_name(std::string_view text) {
  const std::string lower = detail::lower_case(text);
  std::size_t after = std::string::npos;
  for (const std::string_view key : {"temperature", "temp"}) {
    const std::size_t at = lower.find(key);
    if (at == std::string::npos || (at > 0 && is_letter(text[at - 1]))) continue;
    const std::size_t end = at + key.size();
    if (end < text.size() && is_letter(text[end])) continue;
    after = end;
    break;
  }
  if (after == std::string::npos) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
      if (text[i] != 'T' || (i > 0 && (is_letter(text[i - 1]) || is_digit(text[i - 1])))) continue;
      std::size_t sign = i + 1;
      while (sign < text.size() && text[sign] == ' ') ++sign;
      if (sign < text.size() && text[sign] == '=') {
        after = i + 1;
        break;
      }
    }
  }
  if (after == std::string::npos) return std::nullopt;
  const std::size_t sign = text.find_first_of("=:", after);
  if (sign == std::string_view::npos || sign > after + 12) return std::nullopt;
  Scale scale = Scale::celsius;
  const std::string_view between = text.substr(after, sign - after);
  if (detail::contains(between, "[K]") || detail::contains(between, "(K)") || detail::contains(between, "/K")) {
    scale = Scale::kelvin;
  }
  std::size_t at = sign + 1;
  while (at < text.size() && text[at] == ' ') ++at;
  const std::optional<Number> number = number_at(text, at);
  if (!number) return std::nullopt;
  std::size_t unit = number->end;
  while (unit < text.size() && text[unit] == ' ') ++unit;
  if (const UnitWord* word = unit_at(text, unit)) scale = word->scale;
  return celsius(number->value, scale);
}

}  // namespace

std::optional<double> temperature_in_text(std::string_view text) {
  constexpr std::size_t longest = 4096;
  text = text.substr(0, longest);
  if (const std::optional<double> named = labelled_by_name(text)) return named;
  bool is_ambiguous = false;
  const std::optional<double> found = labelled_by_unit(text, is_ambiguous);
  return is_ambiguous ? std::nullopt : found;
}

}  // namespace closo::formats
