#include "closo/formats/detail/column_meaning.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "closo/formats/detail/text.hpp"

namespace closo::formats::detail {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// Typographic primes, minus signs and double quotes as plain characters.
std::string plain_characters(std::string_view header) {
  std::string text(header);
  static constexpr std::pair<std::string_view, std::string_view> plain[] = {
      {"″", "''"}, {"′", "'"},  {"’", "'"}, {"‘", "'"}, {"´", "'"}, {"`", "'"},        {"\"", "''"},
      {"”", "''"}, {"“", "''"}, {"−", "-"}, {"–", "-"}, {"—", "-"}, {"\xC2\xA0", " "}, {"\xE2\x84\xA6", "Ω"},
      {"µ", "u"},  {"μ", "u"}};
  for (const auto& [from, to] : plain) replace_all(text, from, to);
  return text;
}

struct Word {
  std::string_view key;
  Quantity quantity;
};

/// Names after removal of case, blanks and punctuation (primes, bars and angles stay).
constexpr Word words[] = {
    {"freq", Quantity::frequency},
    {"frequency", Quantity::frequency},
    {"frequencies", Quantity::frequency},
    {"f", Quantity::frequency},
    {"frq", Quantity::frequency},
    {"ω", Quantity::angular_frequency},
    {"omega", Quantity::angular_frequency},
    {"w", Quantity::angular_frequency},
    {"angularfrequency", Quantity::angular_frequency},
    {"angfreq", Quantity::angular_frequency},
    {"z'", Quantity::real},
    {"zs'", Quantity::real},
    {"zreal", Quantity::real},
    {"realz", Quantity::real},
    {"zre", Quantity::real},
    {"rez", Quantity::real},
    {"re", Quantity::real},
    {"real", Quantity::real},
    {"realpart", Quantity::real},
    {"realimpedance", Quantity::real},
    {"zr", Quantity::real},
    {"zprime", Quantity::real},
    {"z'a", Quantity::real},
    {"z''", Quantity::imaginary},
    {"zs''", Quantity::imaginary},
    {"zimag", Quantity::imaginary},
    {"imagz", Quantity::imaginary},
    {"zim", Quantity::imaginary},
    {"zimg", Quantity::imaginary},
    {"imz", Quantity::imaginary},
    {"im", Quantity::imaginary},
    {"imag", Quantity::imaginary},
    {"imaginary", Quantity::imaginary},
    {"imaginarypart", Quantity::imaginary},
    {"imagpart", Quantity::imaginary},
    {"imaginaryimpedance", Quantity::imaginary},
    {"zi", Quantity::imaginary},
    {"zdoubleprime", Quantity::imaginary},
    {"z''b", Quantity::imaginary},
    {"|z|", Quantity::modulus},
    {"z", Quantity::modulus},
    {"zmod", Quantity::modulus},
    {"zmodulus", Quantity::modulus},
    {"modz", Quantity::modulus},
    {"zabs", Quantity::modulus},
    {"absz", Quantity::modulus},
    {"zmag", Quantity::modulus},
    {"magz", Quantity::modulus},
    {"modulus", Quantity::modulus},
    {"magnitude", Quantity::modulus},
    {"impedance", Quantity::modulus},
    {"impedancemodulus", Quantity::modulus},
    {"phase", Quantity::phase},
    {"phasez", Quantity::phase},
    {"phaseofz", Quantity::phase},
    {"zphase", Quantity::phase},
    {"zphz", Quantity::phase},
    {"phaseangle", Quantity::phase},
    {"theta", Quantity::phase},
    {"θ", Quantity::phase},
    {"phi", Quantity::phase},
    {"φ", Quantity::phase},
    {"argz", Quantity::phase},
    {"angle", Quantity::phase},
    {"phs", Quantity::phase},
    {"time", Quantity::time},
    {"elapsedtime", Quantity::time},
    {"<ewe>", Quantity::voltage},
    {"ewe", Quantity::voltage},
    {"vdc", Quantity::voltage},
    {"e", Quantity::voltage},
    {"edc", Quantity::voltage},
    {"voltage", Quantity::voltage},
    {"potential", Quantity::voltage},
    {"bias", Quantity::voltage},
    {"<i>", Quantity::current},
    {"i", Quantity::current},
    {"idc", Quantity::current},
    {"current", Quantity::current},
    {"temp", Quantity::temperature},
    {"temperature", Quantity::temperature},
    {"sampletemperature", Quantity::temperature},
    {"celltemperature", Quantity::temperature},
    {"cyclenumber", Quantity::loop},
    {"loop", Quantity::loop},
    {"loopnumber", Quantity::loop},
    {"spectrum", Quantity::loop},
    {"sweep", Quantity::loop},
};

std::string key_of(std::string_view name) {
  std::string key;
  for (const char c : lower_case(name)) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80U);
    if (is_letter || c == '\'' || c == '|' || c == '<' || c == '>') key.push_back(c);
  }
  return key;
}

const Word* find_word(std::string_view name) {
  const std::string key = key_of(name);
  const auto* const word = std::ranges::find_if(words, [&key](const Word& w) { return w.key == key; });
  return word == std::end(words) ? nullptr : word;
}

/// A minus in front of the name, or the word for it; removed from `name`.
bool take_minus(std::string& name) {
  const std::string lower = lower_case(name);
  for (const std::string_view word : {"negative ", "minus ", "neg. ", "neg "}) {
    if (lower.starts_with(word)) {
      name.erase(0, word.size());
      return true;
    }
  }
  for (const std::string_view sign : {"(-)", "- ", "-"}) {
    if (name.starts_with(sign)) {
      name.erase(0, sign.size());
      return true;
    }
  }
  return false;
}

base::Dimension dimension_of(std::string_view unit) { return base::Unit::parse(unit).dimension(); }

/// Whether a column with this unit can be this quantity; without a unit it can.
bool fits(const ColumnMeaning& column, Quantity quantity) {
  if (!column.has_unit) return true;
  switch (quantity) {
    case Quantity::frequency:
    case Quantity::angular_frequency:
      return column.unit.dimension() == dimension_of("Hz");
    case Quantity::real:
    case Quantity::imaginary:
    case Quantity::modulus:
      return column.unit.dimension() == dimension_of("Ohm");
    case Quantity::phase:
      return column.unit.dimension().is_dimensionless();
    case Quantity::time:
      return column.unit.dimension() == dimension_of("s");
    case Quantity::voltage:
      return column.unit.dimension() == dimension_of("V");
    case Quantity::current:
      return column.unit.dimension() == dimension_of("A");
    case Quantity::temperature:
      return column.unit.dimension() == dimension_of("K");
    case Quantity::loop:
    case Quantity::other:
      return true;
  }
  return true;
}

std::optional<std::size_t> find(const std::vector<ColumnMeaning>& columns, Quantity quantity) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].quantity == quantity && fits(columns[i], quantity)) return i;
  }
  return std::nullopt;
}

std::string list_of_headers(const std::vector<ColumnMeaning>& columns) {
  constexpr std::size_t most = 12;
  std::string list;
  for (std::size_t i = 0; i < std::min(columns.size(), most); ++i) {
    list += (i == 0 ? "" : ", ") + in_quotes(columns[i].header);
  }
  return columns.size() > most ? list + ", …" : list;
}

}  // namespace

std::optional<base::Unit> instrument_unit(std::string_view text) {
  std::string unit(trimmed(text));
  while (unit.ends_with('.')) unit.pop_back();
  if (unit.empty() || unit.size() > 24) return std::nullopt;
  const std::string lower = lower_case(unit);
  static constexpr std::pair<std::string_view, std::string_view> spellings[] = {
      {"hz", "Hz"},        {"hertz", "Hz"},        {"khz", "kHz"},     {"ohms", "Ohm"},    {"ohm", "Ohm"},
      {"kohms", "kOhm"},   {"kohm", "kOhm"},       {"mohms", "MOhm"},  {"sec", "s"},       {"seconds", "s"},
      {"second", "s"},     {"deg", "deg"},         {"degree", "deg"},  {"degrees", "deg"}, {"°", "deg"},
      {"º", "deg"},        {"deg c", "degC"},      {"°c", "degC"},     {"ºc", "degC"},     {"oc", "degC"},
      {"celsius", "degC"}, {"kelvin", "K"},        {"volts", "V"},     {"volt", "V"},      {"amps", "A"},
      {"ampere", "A"},     {"v vs. ref", "V"},     {"radians", "rad"}, {"radian", "rad"},  {"\xEF\xBF\xBD", "deg"},
      {"rad/s", "rad/s"},  {"\xE2\x84\xA6", "Ohm"}};
  for (const auto& [from, to] : spellings) {
    if (lower == from || unit == from) return base::Unit::parse(to);
  }
  try {
    return base::Unit::parse(unit);
  } catch (const base::InputError&) {
    return std::nullopt;
  }
}

ColumnMeaning column_meaning(std::string_view header) {
  ColumnMeaning meaning;
  meaning.header = std::string(trimmed(header));
  std::string text = plain_characters(meaning.header);
  while (text.starts_with('#') && text.size() > 1 && !text.starts_with("#NAME")) text.erase(0, 1);
  text = std::string(trimmed(text));
  if (text.starts_with("'") && text.ends_with("'") && text.size() > 2 && !text.ends_with("''")) {
    text = text.substr(1, text.size() - 2);
  }

  // The unit: the last bracket, what follows the first slash or comma, or a tail "_Hz".
  std::string name = text;
  bool has_foreign_unit = false;
  const std::size_t slash = text.find('/');
  const std::size_t open = text.find_last_of("[(");
  const auto take = [&](std::size_t name_end, std::string_view unit) {
    const std::optional<base::Unit> parsed = instrument_unit(unit);
    if (!parsed) return false;
    meaning.unit = *parsed;
    meaning.has_unit = true;
    name = text.substr(0, name_end);
    return true;
  };
  bool found = false;
  if (open != std::string::npos && open > 0 && (text.back() == ']' || text.back() == ')')) {
    found = take(open, std::string_view(text).substr(open + 1, text.size() - open - 2));
  }
  if (!found && slash != std::string::npos && slash > 0) {
    found = take(slash, std::string_view(text).substr(slash + 1));
    has_foreign_unit = !found;
  }
  if (!found && !has_foreign_unit) {
    for (const char mark : {',', '_', ' '}) {
      const std::size_t at = text.find_last_of(mark);
      if (at == std::string::npos || at == 0 || text.size() - at < 3) continue;
      // "half cycle" is a name; only behind a known name a word is a unit.
      std::string before = text.substr(0, at);
      take_minus(before);
      if (find_word(before) == nullptr) continue;
      if (instrument_unit(text.substr(at + 1)) && take(at, std::string_view(text).substr(at + 1))) {
        found = true;
        break;
      }
    }
  }

  name = std::string(trimmed(name));
  const std::string shown = name;
  meaning.is_negative = take_minus(name);
  meaning.name = meaning.has_unit ? shown : meaning.header;
  if (has_foreign_unit) return meaning;
  if (const Word* word = find_word(name)) {
    meaning.quantity = word->quantity;
  } else if (key_of(name) == "t" && meaning.has_unit) {
    meaning.quantity = fits(meaning, Quantity::time) ? Quantity::time : Quantity::temperature;
  }
  const bool is_optional = meaning.quantity >= Quantity::time;
  if (is_optional && !fits(meaning, meaning.quantity)) meaning.quantity = Quantity::other;
  return meaning;
}

std::optional<SpectrumColumns> find_spectrum_columns(const std::vector<ColumnMeaning>& columns) {
  std::optional<std::size_t> frequency = find(columns, Quantity::frequency);
  if (!frequency) frequency = find(columns, Quantity::angular_frequency);
  if (!frequency) return std::nullopt;
  SpectrumColumns found;
  found.frequency = *frequency;
  found.real = find(columns, Quantity::real);
  found.imaginary = find(columns, Quantity::imaginary);
  found.modulus = find(columns, Quantity::modulus);
  found.phase = find(columns, Quantity::phase);
  if (found.is_cartesian() || (found.modulus && found.phase)) return found;
  return std::nullopt;
}

SpectrumColumns require_spectrum_columns(const std::vector<ColumnMeaning>& columns, const base::Place& place) {
  if (const std::optional<SpectrumColumns> found = find_spectrum_columns(columns)) return *found;
  const std::string list = list_of_headers(columns);
  const std::string expected = "columns of frequency (Hz) and either Z' and Z'' or |Z| and phase";
  constexpr std::pair<Quantity, std::string_view> measured[] = {{Quantity::frequency, "a frequency in Hz"},
                                                                {Quantity::real, "Z' in Ohm"},
                                                                {Quantity::imaginary, "Z'' in Ohm"},
                                                                {Quantity::modulus, "|Z| in Ohm"},
                                                                {Quantity::phase, "a phase in deg or rad"}};
  for (const auto& [quantity, wanted] : measured) {
    if (find(columns, quantity)) continue;
    for (const ColumnMeaning& column : columns) {
      if (column.quantity != quantity) continue;
      throw base::InputError(
          place, "column " + in_quotes(column.header) + " has the unit of " + base::describe(column.unit.dimension()),
          std::string(wanted));
    }
  }
  if (!find(columns, Quantity::frequency) && !find(columns, Quantity::angular_frequency)) {
    throw base::InputError(place, "there is no frequency column among " + list, expected);
  }
  const bool has_part = find(columns, Quantity::real) || find(columns, Quantity::imaginary);
  const std::string missing = has_part ? (find(columns, Quantity::real) ? "no imaginary part" : "no real part")
                                       : "neither real and imaginary part nor modulus and phase";
  throw base::InputError(place, "there is " + missing + " of the impedance among " + list, expected);
}

}  // namespace closo::formats::detail
