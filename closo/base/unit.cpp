#include "closo/base/unit.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/detail/unit_table.hpp"
#include "closo/base/detail/utf8.hpp"
#include "closo/base/error.hpp"
#include "closo/base/suggestion.hpp"

namespace closo::base {
namespace {

long double power_of_ten(int exponent) noexcept {
  long double result = 1.0L;
  for (long double base = 10.0L; exponent != 0; exponent /= 2, base *= base) {
    if (exponent % 2 != 0) result *= base;
  }
  return result;
}

long double scaled(long double value, long double numerator, long double denominator, int exponent) noexcept {
  value *= numerator;
  if (exponent >= 0) return value * power_of_ten(exponent) / denominator;
  return value / (power_of_ten(-exponent) * denominator);
}

struct NamedDimension {
  Dimension dimension;
  std::string_view name;
};

const std::vector<NamedDimension>& named_dimensions() {
  static const std::vector<NamedDimension> names = {
      {Dimension::of(0, 0, 0, 0, 0, 0), "a plain number or fraction"},
      {Dimension::of(1, 0, 0, 0, 0, 0), "a length"},
      {Dimension::of(2, 0, 0, 0, 0, 0), "an area"},
      {Dimension::of(3, 0, 0, 0, 0, 0), "a volume"},
      {Dimension::of(0, 1, 0, 0, 0, 0), "a mass"},
      {Dimension::of(0, 0, 1, 0, 0, 0), "a time"},
      {Dimension::of(0, 0, -1, 0, 0, 0), "a rate or frequency"},
      {Dimension::of(0, 0, 0, 1, 0, 0), "a current"},
      {Dimension::of(0, 0, 0, 0, 1, 0), "a temperature"},
      {Dimension::of(0, 0, 0, 0, -1, 0), "an inverse temperature"},
      {Dimension::of(0, 0, 0, 0, 0, 1), "an amount of substance"},
      {Dimension::of(-1, 0, 0, 0, 0, 0), "a wavenumber"},
      {Dimension::of(-3, 0, 0, 0, 0, 0), "a number density"},
      {Dimension::of(-1, 1, -2, 0, 0, 0), "a pressure"},
      {Dimension::of(2, 1, -2, 0, 0, 0), "an energy"},
      {Dimension::of(2, 1, -2, 0, 0, -1), "a molar energy"},
      {Dimension::of(2, 1, -2, 0, -1, 0), "an entropy"},
      {Dimension::of(2, 0, -2, 0, 0, 0), "a specific energy"},
      {Dimension::of(2, 1, -3, 0, 0, 0), "a power"},
      {Dimension::of(0, 0, 1, 1, 0, 0), "a charge"},
      {Dimension::of(0, -1, 1, 1, 0, 0), "a specific capacity"},
      {Dimension::of(-2, 0, 1, 1, 0, 0), "an areal capacity"},
      {Dimension::of(-2, 0, 0, 1, 0, 0), "a current density"},
      {Dimension::of(0, -1, 0, 1, 0, 0), "a specific current"},
      {Dimension::of(2, 1, -3, -1, 0, 0), "a voltage"},
      {Dimension::of(2, 1, -4, -1, 0, 0), "a scan rate"},
      {Dimension::of(2, 1, -3, -2, 0, 0), "a resistance"},
      {Dimension::of(4, 1, -3, -2, 0, 0), "an area-specific resistance"},
      {Dimension::of(3, 1, -3, -2, 0, 0), "a resistivity"},
      {Dimension::of(-2, -1, 3, 2, 0, 0), "a conductance"},
      {Dimension::of(-3, -1, 3, 2, 0, 0), "a conductivity"},
      {Dimension::of(-3, -1, 3, 2, 1, 0), "a conductivity times temperature"},
      {Dimension::of(-2, -1, 4, 2, 0, 0), "a capacitance"},
      {Dimension::of(2, 0, -1, 0, 0, 0), "a diffusion coefficient"},
      {Dimension::of(-3, 1, 0, 0, 0, 0), "a density"},
      {Dimension::of(3, -1, 0, 0, 0, 0), "a specific volume"},
      {Dimension::of(2, -1, 0, 0, 0, 0), "a specific surface area"},
      {Dimension::of(-2, 1, 0, 0, 0, 0), "an areal mass"},
      {Dimension::of(0, 1, 0, 0, 0, -1), "a molar mass"},
      {Dimension::of(3, 0, 0, 0, 0, -1), "a molar volume"},
      {Dimension::of(-3, 0, 0, 0, 0, 1), "a concentration"},
      {Dimension::of(0, 0, -1, 0, 1, 0), "a heating rate"},
  };
  return names;
}

/// Scale and dimension of one factor or of the whole.
struct Scale {
  long double numerator = 1.0L;
  long double denominator = 1.0L;
  int exponent = 0;
  Dimension dimension;
};

Scale raised(const detail::UnitSymbol& symbol, int prefix_exponent, int halves, const Place& place) {
  Scale result;
  long double numerator = symbol.numerator;
  long double denominator = symbol.denominator;
  int exponent = symbol.exponent + prefix_exponent;
  const int magnitude = std::abs(halves);
  if (magnitude % 2 != 0) {
    if (exponent % 2 != 0) {
      numerator *= 10.0L;
      --exponent;
    }
    numerator = std::sqrt(numerator);
    denominator = std::sqrt(denominator);
    exponent /= 2;
  }
  const int times = magnitude % 2 != 0 ? magnitude : magnitude / 2;
  for (int i = 0; i < times; ++i) {
    result.numerator *= numerator;
    result.denominator *= denominator;
  }
  result.exponent = exponent * times;
  if (halves < 0) {
    std::swap(result.numerator, result.denominator);
    result.exponent = -result.exponent;
  }
  for (std::size_t i = 0; i < result.dimension.halves.size(); ++i) {
    const int product = symbol.dimension.halves[i] * halves;
    if (product % 2 != 0 || std::abs(product / 2) > 120) {
      throw InputError(place, "the power of '" + std::string(symbol.symbol) + "' is not supported",
                       "whole or half powers up to 60");
    }
    result.dimension.halves[i] = static_cast<std::int8_t>(product / 2);
  }
  return result;
}

bool is_letter(char32_t code) {
  return (code >= U'a' && code <= U'z') || (code >= U'A' && code <= U'Z') || code == U'Ω' || code == U'Å' ||
         code == U'°' || code == U'%' || code == U'‰' || code == U'℃';
}

bool is_digit(char32_t code) { return code >= U'0' && code <= U'9'; }

}  // namespace

/// Recursive descent over code points: product := factor { ('*' | '/' | ' ') factor }.
class UnitParser {
 public:
  explicit UnitParser(std::string_view text) : original_(text), codes_(detail::decode_utf8(text)) {
    for (char32_t& code : codes_) code = detail::plain_character(code);
    std::size_t begin = 0;
    while (begin < codes_.size() && codes_[begin] == U' ') ++begin;
    while (codes_.size() > begin && codes_.back() == U' ') codes_.pop_back();
    position_ = begin;
  }

  Unit parse() {
    if (original_.size() > 200) throw InputError({}, "a unit of more than 200 characters", "a unit such as S/cm");
    Unit unit;
    if (position_ < codes_.size()) {
      const Scale scale = product(0);
      if (position_ < codes_.size()) fail("unexpected '" + at(position_) + "' in the unit '" + text() + "'");
      unit.numerator_ = scale.numerator;
      unit.denominator_ = scale.denominator;
      unit.exponent_ = scale.exponent;
      unit.dimension_ = scale.dimension;
      if (factors_ == 1 && last_halves_ == 2 && last_ != nullptr) {
        unit.offset_ = last_->offset;
        unit.basis_ = last_->basis;
      }
      unit.text_ = text();
    }
    return unit;
  }

 private:
  std::string text() const {
    std::size_t begin = original_.find_first_not_of(" \t");
    std::size_t end = original_.find_last_not_of(" \t");
    return begin == std::string_view::npos ? std::string("1") : std::string(original_.substr(begin, end - begin + 1));
  }

  std::string at(std::size_t position) const {
    return detail::encode_utf8(std::u32string_view(codes_).substr(position, 1));
  }

  [[noreturn]] void fail(const std::string& problem,
                         std::string expected = "a unit such as S/cm, mS cm^-1, Ω cm², mAh/g, degC") const {
    throw InputError({{}, 0, position_ + 1}, problem, std::move(expected));
  }

  void skip_blanks() {
    while (position_ < codes_.size() && codes_[position_] == U' ') ++position_;
  }

  static void multiply(Scale& total, const Scale& factor, bool divide) {
    total.numerator *= divide ? factor.denominator : factor.numerator;
    total.denominator *= divide ? factor.numerator : factor.denominator;
    total.exponent += divide ? -factor.exponent : factor.exponent;
    for (std::size_t i = 0; i < total.dimension.halves.size(); ++i) {
      const int sum = total.dimension.halves[i] + (divide ? -factor.dimension.halves[i] : factor.dimension.halves[i]);
      total.dimension.halves[i] = static_cast<std::int8_t>(std::clamp(sum, -127, 127));
    }
  }

  Scale product(int depth) {
    if (depth > 8) fail("brackets nested more than 8 deep");
    Scale total = factor(depth);
    bool divided = false;
    while (true) {
      const std::size_t before = position_;
      skip_blanks();
      if (position_ >= codes_.size() || codes_[position_] == U')') return total;
      bool divide = false;
      if (codes_[position_] == U'/') {
        divide = true;
        ++position_;
        skip_blanks();
      } else if (codes_[position_] == U'*' || codes_[position_] == U'.') {
        ++position_;
        skip_blanks();
      } else if (position_ == before) {
        fail("unexpected '" + at(position_) + "' in the unit '" + text() + "'");
      }
      if (divided && !divide) {
        fail("'" + text() + "' is ambiguous: a product follows a division",
             "brackets, as in J/(mol K), or a second '/'");
      }
      divided = divided || divide;
      multiply(total, factor(depth), divide);
    }
  }

  Scale factor(int depth) {
    if (position_ >= codes_.size()) fail("the unit '" + text() + "' ends too early");
    if (codes_[position_] == U'(') {
      ++position_;
      skip_blanks();
      const Scale inner = product(depth + 1);
      skip_blanks();
      if (position_ >= codes_.size() || codes_[position_] != U')')
        fail("a bracket is not closed in '" + text() + "'", "')'");
      ++position_;
      factors_ = 2;  // a bracketed unit never carries an offset
      return inner;
    }
    if (is_digit(codes_[position_])) return power_of_ten_factor();
    return symbol_factor();
  }

  /// "1" or a power of ten written out ("1000/K").
  Scale power_of_ten_factor() {
    const std::size_t start = position_;
    int zeros = 0;
    bool plain = codes_[position_] == U'1';
    for (++position_; position_ < codes_.size() && is_digit(codes_[position_]); ++position_) {
      plain = plain && codes_[position_] == U'0';
      ++zeros;
    }
    if (!plain || zeros > 12) {
      position_ = start;
      fail("a number in the unit '" + text() + "'", "1, or a power of ten such as 1000, in front of a unit");
    }
    ++factors_;
    last_ = nullptr;
    Scale scale;
    scale.exponent = zeros;
    return scale;
  }

  Scale symbol_factor() {
    const std::size_t start = position_;
    while (position_ < codes_.size() && is_letter(codes_[position_])) ++position_;
    std::string name = detail::encode_utf8(std::u32string_view(codes_).substr(start, position_ - start));
    if (name == "℃") name = "°C";
    if (name.empty()) fail("unexpected '" + at(position_) + "' in the unit '" + text() + "'");
    join_fraction_basis(name);
    if (name == "C" && matches(U"-rate")) {
      position_ += 5;
      name = "C-rate";
    }
    int prefix_exponent = 0;
    const detail::UnitSymbol* symbol = find(name, prefix_exponent);
    if (symbol == nullptr) {
      position_ = start;
      fail("unknown unit '" + name + "'" + hint(name));
    }
    const int halves = power();
    ++factors_;
    last_ = symbol;
    last_halves_ = halves;
    return raised(*symbol, prefix_exponent, halves, {{}, 0, start + 1});
  }

  bool matches(std::u32string_view word) const {
    return std::u32string_view(codes_).substr(position_, word.size()) == word;
  }

  /// "vol %", "vol.%" and "vol-%" are one symbol.
  void join_fraction_basis(std::string& name) {
    if (name != "vol" && name != "wt" && name != "mol" && name != "at") return;
    std::size_t next = position_;
    while (next < codes_.size() && (codes_[next] == U' ' || codes_[next] == U'.' || codes_[next] == U'-')) ++next;
    if (next < codes_.size() && codes_[next] == U'%') {
      position_ = next + 1;
      name += '%';
    }
  }

  static const detail::UnitSymbol* find(std::string_view name, int& prefix_exponent) {
    const auto symbols = detail::unit_symbols();
    for (const auto& symbol : symbols) {
      if (symbol.symbol == name) return &symbol;
    }
    for (const auto& prefix : detail::prefixes()) {
      if (!name.starts_with(prefix.symbol)) continue;
      const std::string_view rest = name.substr(prefix.symbol.size());
      for (const auto& symbol : symbols) {
        if (symbol.takes_prefix && symbol.symbol == rest) {
          prefix_exponent = prefix.exponent;
          return &symbol;
        }
      }
    }
    return nullptr;
  }

  static std::string hint(std::string_view name) {
    const std::string question = did_you_mean(name, known_unit_symbols());
    return question.empty() ? std::string() : "; " + question;
  }

  /// Power in halves: "2", "^2", "-1", "^-1", "²", "⁻¹", "**2", "^0.5", "^1/2", "^(1/2)".
  int power() {
    if (position_ >= codes_.size()) return 2;
    bool caret = false;
    if (codes_[position_] == U'^') {
      caret = true;
      ++position_;
    } else if (matches(U"**")) {
      caret = true;
      position_ += 2;
    }
    const bool bracket = caret && position_ < codes_.size() && codes_[position_] == U'(';
    if (bracket) ++position_;
    int sign = 1;
    const std::size_t sign_position = position_;
    if (position_ < codes_.size() && (codes_[position_] == U'-' || codes_[position_] == U'+')) {
      sign = codes_[position_] == U'-' ? -1 : 1;
      ++position_;
    }
    std::optional<int> whole = digits();
    if (!whole) {
      if (caret) fail("a power is missing in '" + text() + "'", "a whole or half number after '^'");
      position_ = sign_position;
      return 2;
    }
    int halves = 2 * *whole;
    if (caret && position_ + 1 < codes_.size() && codes_[position_] == U'.' && codes_[position_ + 1] == U'5') {
      halves += 1;
      position_ += 2;
    } else if (caret && position_ + 1 < codes_.size() && codes_[position_] == U'/' && codes_[position_ + 1] == U'2') {
      halves = *whole;
      position_ += 2;
    }
    if (bracket) {
      if (position_ >= codes_.size() || codes_[position_] != U')')
        fail("a bracket is not closed in '" + text() + "'", "')'");
      ++position_;
    }
    return sign * halves;
  }

  std::optional<int> digits() {
    int value = 0;
    const std::size_t start = position_;
    while (position_ < codes_.size()) {
      const char32_t code = codes_[position_];
      const int digit = is_digit(code) ? static_cast<int>(code - U'0') : detail::superscript_digit(code);
      if (digit < 0) break;
      value = 10 * value + digit;
      if (value > 60) fail("a power above 60 in '" + text() + "'", "a power such as 2 or -1");
      ++position_;
    }
    return position_ == start ? std::nullopt : std::optional<int>(value);
  }

  std::string_view original_;
  std::u32string codes_;
  std::size_t position_ = 0;
  int factors_ = 0;
  int last_halves_ = 2;
  const detail::UnitSymbol* last_ = nullptr;
};

Dimension Dimension::of(int metre, int kilogram, int second, int ampere, int kelvin, int mole) {
  Dimension dimension;
  const int whole[6] = {metre, kilogram, second, ampere, kelvin, mole};
  for (std::size_t i = 0; i < 6; ++i) dimension.halves[i] = static_cast<std::int8_t>(2 * whole[i]);
  return dimension;
}

bool Dimension::is_dimensionless() const noexcept { return *this == Dimension{}; }

std::string describe(const Dimension& dimension) {
  for (const NamedDimension& known : named_dimensions()) {
    if (known.dimension == dimension) return std::string(known.name);
  }
  static constexpr std::string_view base_symbols[6] = {"m", "kg", "s", "A", "K", "mol"};
  std::string text;
  for (std::size_t i = 0; i < 6; ++i) {
    const int halves = dimension.halves[i];
    if (halves == 0) continue;
    if (!text.empty()) text += ' ';
    text += base_symbols[i];
    if (halves % 2 != 0) {
      text += "^(" + std::to_string(halves) + "/2)";
    } else if (halves != 2) {
      text += '^' + std::to_string(halves / 2);
    }
  }
  return "a quantity in " + text;
}

Unit Unit::parse(std::string_view text) { return UnitParser(text).parse(); }

double Unit::difference_to_si(double value) const noexcept {
  return static_cast<double>(scaled(value, numerator_, denominator_, exponent_));
}

double Unit::difference_from_si(double value) const noexcept {
  return static_cast<double>(scaled(value, denominator_, numerator_, -exponent_));
}

// The offset is added in double: 298.15 K and 25 degC are then each other's image, which long double would miss.
double Unit::to_si(double value) const noexcept {
  return offset_ == 0.0 ? difference_to_si(value) : difference_to_si(value) + offset_;
}

double Unit::from_si(double value) const noexcept {
  return offset_ == 0.0 ? difference_from_si(value) : difference_from_si(value - offset_);
}

bool Unit::is_compatible_with(const Unit& other) const noexcept {
  if (dimension_ != other.dimension_) return false;
  return basis_ == other.basis_ || basis_ == FractionBasis::none || other.basis_ == FractionBasis::none;
}

bool Unit::operator==(const Unit& other) const noexcept {
  return numerator_ * other.denominator_ == other.numerator_ * denominator_ && exponent_ == other.exponent_ &&
         offset_ == other.offset_ && dimension_ == other.dimension_ && basis_ == other.basis_;
}

namespace {

/// +1: `from` is per particle and `to` per mole; -1 the other way; 0 the same; nullopt not convertible.
std::optional<int> molar_step(const Unit& from, const Unit& to) noexcept {
  if (from.is_compatible_with(to)) return 0;
  Dimension per_mole = from.dimension();
  per_mole.halves[5] = static_cast<std::int8_t>(per_mole.halves[5] - 2);
  const Dimension energy = Dimension::of(2, 1, -2, 0, 0, 0);
  if (from.dimension() == energy && to.dimension() == per_mole) return 1;
  if (to.dimension() == energy && from.dimension() == Dimension::of(2, 1, -2, 0, 0, -1)) return -1;
  return std::nullopt;
}

double convert_any(double value, const Unit& from, const Unit& to, bool difference) {
  const std::optional<int> step = molar_step(from, to);
  if (!step) {
    const bool basis = from.dimension() == to.dimension();
    throw InputError(
        {},
        "'" + from.text() + "' cannot be expressed in '" + to.text() + "'" +
            (basis ? " (they are fractions of different things)" : ""),
        basis ? "the same kind of fraction, or densities to convert between them" : describe(to.dimension()));
  }
  if (*step == 0 && from == to) return value;
  double si = difference ? from.difference_to_si(value) : from.to_si(value);
  if (*step == 1) si *= avogadro_constant;
  if (*step == -1) si /= avogadro_constant;
  return difference ? to.difference_from_si(si) : to.from_si(si);
}

}  // namespace

double convert(double value, const Unit& from, const Unit& to) { return convert_any(value, from, to, false); }

double convert_difference(double value, const Unit& from, const Unit& to) { return convert_any(value, from, to, true); }

bool is_convertible(const Unit& from, const Unit& to) noexcept { return molar_step(from, to).has_value(); }

std::vector<std::string> known_unit_symbols() {
  static constexpr std::string_view usual_prefixed[] = {"mS",   "mA",  "uA",  "mAh",  "mV", "meV", "kJ", "MPa",
                                                        "GPa",  "nm",  "um",  "mm",   "cm", "kg",  "mg", "mL",
                                                        "mbar", "kHz", "MHz", "kOhm", "uF", "Wh"};
  std::vector<std::string> names;
  for (const auto& symbol : detail::unit_symbols()) names.emplace_back(symbol.symbol);
  for (const auto& name : usual_prefixed) names.emplace_back(name);
  return names;
}

}  // namespace closo::base
