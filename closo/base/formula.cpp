#include "closo/base/formula.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>
#include <system_error>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::base {
namespace {

constexpr double smallest_amount = 1e-9;
constexpr double largest_amount = 1e9;
constexpr double same_amount = 1e-9;
constexpr char end_of_text = '\0';

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_upper(c) || is_lower(c); }
char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }
char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_sign(char c) { return c == '+' || c == '-'; }
bool is_opening(char c) { return c == '(' || c == '[' || c == '{'; }
bool is_closing(char c) { return c == ')' || c == ']' || c == '}'; }
char closing_of(char c) { return c == '(' ? ')' : c == '[' ? ']' : '}'; }

/// One character of the text with its plain meaning: subscripts are digits, every adduct dot is '*'.
struct Symbol {
  char plain = '?';  ///< '?' where the character has no meaning in a formula
  bool superscript = false;
  std::string_view text;
};

struct Alias {
  std::string_view text;
  char plain;
  bool superscript;
};

constexpr std::array<Alias, 36> aliases = {{
    {"₀", '0', false},  {"₁", '1', false}, {"₂", '2', false},      {"₃", '3', false},      {"₄", '4', false},
    {"₅", '5', false},  {"₆", '6', false}, {"₇", '7', false},      {"₈", '8', false},      {"₉", '9', false},
    {"⁰", '0', true},   {"¹", '1', true},  {"²", '2', true},       {"³", '3', true},       {"⁴", '4', true},
    {"⁵", '5', true},   {"⁶", '6', true},  {"⁷", '7', true},       {"⁸", '8', true},       {"⁹", '9', true},
    {"⁺", '+', true},   {"⁻", '-', true},  {"−", '-', false},      {"–", '-', false},      {"·", '*', false},
    {"⋅", '*', false},  {"•", '*', false}, {"∙", '*', false},      {"・", '*', false},     {"∗", '*', false},
    {"⁄", '/', false},  {"∕", '/', false}, {"\u00a0", ' ', false}, {"\u202f", ' ', false}, {"\u2009", ' ', false},
    {"\t", ' ', false},
}};

std::size_t bytes_of_character(std::string_view rest) {
  const auto lead = static_cast<unsigned char>(rest.front());
  const std::size_t wanted = lead < 0xC0U ? 1U : lead < 0xE0U ? 2U : lead < 0xF0U ? 3U : 4U;
  return std::min(wanted, rest.size());
}

std::vector<Symbol> decode(std::string_view text) {
  std::vector<Symbol> symbols;
  while (!text.empty()) {
    Symbol symbol;
    symbol.text = text.substr(0, bytes_of_character(text));
    const char first = text.front();
    if (symbol.text.size() == 1 && first > ' ' && first < '\x7f') symbol.plain = first;
    if (first == ' ') symbol.plain = ' ';
    const auto alias =
        std::find_if(aliases.begin(), aliases.end(), [&](const Alias& a) { return a.text == symbol.text; });
    if (alias != aliases.end()) {
      symbol.plain = alias->plain;
      symbol.superscript = alias->superscript;
    }
    symbols.push_back(symbol);
    text.remove_prefix(symbol.text.size());
  }
  return symbols;
}

/// The nearest symbols for a misspelt one: capitals corrected first, then those with the same first letter.
std::string expected_symbol(char first, char second) {
  std::vector<std::string> near;
  const auto consider = [&](std::string symbol) {
    const bool known = find_element(symbol) != nullptr;
    if (known && std::find(near.begin(), near.end(), symbol) == near.end()) near.push_back(std::move(symbol));
  };
  if (is_letter(second)) consider({to_upper(first), to_lower(second)});
  consider({to_upper(first)});
  if (near.empty()) {
    for (const Element& element : elements()) {
      if (element.symbol.front() == to_upper(first)) near.emplace_back(element.symbol);
    }
  }
  std::string text = "an element symbol";
  for (std::size_t i = 0; i < near.size(); ++i) text += (i == 0 ? " such as '" : ", '") + near[i] + "'";
  return text;
}

/// False for NaN too.
bool is_accepted(double amount) { return amount >= smallest_amount && amount <= largest_amount; }

/// Equal elements added up at the place of the first.
std::vector<ElementAmount> merged(const std::vector<ElementAmount>& terms) {
  std::vector<ElementAmount> result;
  for (const ElementAmount& term : terms) {
    const auto same = std::find_if(result.begin(), result.end(),
                                   [&](const ElementAmount& known) { return known.element == term.element; });
    if (same == result.end()) {
      result.push_back(term);
    } else {
      same->amount += term.amount;
    }
  }
  return result;
}

class FormulaParser {
 public:
  explicit FormulaParser(std::string_view text) : symbols_(decode(text)) {
    if (symbols_.size() > Formula::max_length) {
      position_ = Formula::max_length;
      fail("a formula of " + std::to_string(symbols_.size()) + " characters",
           "at most " + std::to_string(Formula::max_length) + " characters");
    }
  }

  Formula parse() {
    skip_blanks();
    if (at_end()) fail("an empty formula", "a formula such as Li2B12H12");
    std::vector<ElementAmount> terms = sequence(0);
    const int charge = trailing_charge();
    skip_blanks();
    if (!at_end()) fail_at_term();
    terms = merged(terms);
    for (const ElementAmount& term : terms) {
      if (!is_accepted(term.amount)) {
        position_ = 0;
        fail("an amount of " + format_number(term.amount) + " " + std::string(term.element->symbol),
             "amounts from 1e-9 to 1e9 in all");
      }
    }
    return Formula(std::move(terms), charge);
  }

 private:
  bool at_end() const { return position_ >= symbols_.size(); }
  char peek(std::size_t ahead = 0) const {
    const std::size_t at = position_ + ahead;
    return at < symbols_.size() && !symbols_[at].superscript ? symbols_[at].plain : end_of_text;
  }
  void skip_blanks() {
    while (peek() == ' ') ++position_;
  }

  [[noreturn]] void fail(std::string problem, std::string expected) const {
    throw InputError(Place{.file = {}, .line = 0, .column = position_ + 1}, std::move(problem), std::move(expected));
  }

  std::string found() const { return at_end() ? "the end" : "'" + std::string(symbols_[position_].text) + "'"; }

  /// The message where a term (element or bracket) was expected.
  [[noreturn]] void fail_at_term() const {
    const char c = peek();
    if (is_letter(c)) {
      const bool is_variable = is_lower(c) && !is_letter(peek(1)) && find_element(std::string{to_upper(c)}) == nullptr;
      if (is_variable) {
        fail("found " + found() + " in a formula", "an element symbol; amounts are numbers such as 0.5 or 1/3");
      }
      fail(found() + " is not an element symbol", expected_symbol(c, peek(1)));
    }
    if (is_closing(c))
      fail("found " + found() + " without its opening bracket", "an element symbol or an opening bracket");
    if (is_sign(c) || c == '^' || (!at_end() && symbols_[position_].superscript)) {
      fail("found " + found() + " inside a formula",
           "a charge only at the end; '·' before an adduct; amounts as numbers such as 0.5 or 1/3");
    }
    if (c == '.') fail("'.' without a digit before it", "an amount such as 0.5, or '·' before an adduct");
    fail("found " + found(), "an element symbol or an opening bracket");
  }

  /// Digits from `at` on, with at most one decimal point; npos when there is no digit.
  std::size_t end_of_decimal(std::size_t at, bool stop_at_adduct_dot) const {
    const auto plain = [&](std::size_t i) {
      return i < symbols_.size() && !symbols_[i].superscript ? symbols_[i].plain : end_of_text;
    };
    if (!is_digit(plain(at))) return std::string::npos;
    const std::size_t first = at;
    while (is_digit(plain(at))) ++at;
    const bool is_lone_zero = at - first == 1 && plain(first) == '0';
    if (plain(at) != '.' || !is_digit(plain(at + 1))) return at;
    if (stop_at_adduct_dot && !is_lone_zero && is_water_adduct(at + 1)) return at;
    ++at;
    while (is_digit(plain(at))) ++at;
    return at;
  }

  /// "4H2O", "0.5H2O" that ends the formula or bracket.
  bool is_water_adduct(std::size_t at) const {
    const auto plain = [&](std::size_t i) { return i < symbols_.size() ? symbols_[i].plain : end_of_text; };
    at = end_of_decimal(at, false);
    if (at == std::string::npos) return false;
    if (plain(at) != 'H' || plain(at + 1) != '2' || plain(at + 2) != 'O') return false;
    const char next = plain(at + 3);
    return next == end_of_text || next == ' ' || next == '*' || is_closing(next);
  }

  double decimal(bool follows_term) {
    const std::size_t end = end_of_decimal(position_, follows_term);
    if (end == std::string::npos) fail("found " + found(), "digits");
    std::string digits;
    for (std::size_t i = position_; i < end; ++i) digits += symbols_[i].plain;
    double value = 0.0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool is_number = result.ec == std::errc{} && result.ptr == digits.data() + digits.size();
    if (!is_number || !is_accepted(value)) {
      fail("an amount of " + digits, "an amount from 1e-9 to 1e9");
    }
    position_ = end;
    return value;
  }

  /// A decimal or a fraction of two decimals. Only behind a term can a '.' be an adduct dot.
  double number(bool follows_term) {
    double value = decimal(follows_term);
    if (peek() == '/') {
      ++position_;
      value /= decimal(follows_term);
    }
    if (peek() == ',') fail("found ','", "a decimal point ('.') in amounts");
    return value;
  }

  /// [coefficient] terms, joined by adduct dots.
  std::vector<ElementAmount> sequence(std::size_t depth) {
    std::vector<ElementAmount> all;
    for (;;) {
      skip_blanks();
      const double coefficient = is_digit(peek()) ? number(false) : 1.0;
      skip_blanks();
      for (ElementAmount& term : terms(depth)) {
        term.amount *= coefficient;
        all.push_back(term);
      }
      if (coefficient != 1.0) last_number_is_ambiguous_ = false;
      const std::size_t before_blanks = position_;
      skip_blanks();
      if (peek() == '*' || (peek() == '.' && !is_digit(peek(1)))) {
        ++position_;
      } else if (peek() == '.' && is_water_adduct(position_ + 1)) {
        ++position_;
      } else {
        position_ = before_blanks;
        return all;
      }
    }
  }

  std::vector<ElementAmount> terms(std::size_t depth) {
    std::vector<ElementAmount> all;
    std::size_t count = 0;
    for (;; ++count) {
      const std::size_t before_blanks = position_;
      skip_blanks();
      const bool starts_term = is_upper(peek()) || (is_opening(peek()) && !is_bracketed_charge(depth));
      if (!starts_term) {
        if (count == 0 && depth > 0 && is_closing(peek())) {
          fail("found " + found() + " before any element", "an element symbol or an opening bracket");
        }
        if (count == 0 || is_lower(peek())) fail_at_term();
        position_ = before_blanks;
        break;
      }
      const bool is_bracket = is_opening(peek());
      std::vector<ElementAmount> group = is_bracket ? bracket(depth) : element();
      const bool has_number = is_digit(peek());
      const double amount = has_number ? number(true) : 1.0;
      for (ElementAmount& term : group) {
        term.amount *= amount;
        all.push_back(term);
      }
      last_number_is_ambiguous_ = has_number && (is_bracket || (count == 0 && depth == 0));
    }
    return all;
  }

  std::vector<ElementAmount> element() {
    const char first = peek();
    const char second = peek(1);
    const std::string symbol = is_lower(second) ? std::string{first, second} : std::string{first};
    const Element* known = find_element(symbol);
    if (known == nullptr) fail("'" + symbol + "' is not an element symbol", expected_symbol(first, second));
    position_ += symbol.size();
    return {{known, 1.0}};
  }

  std::vector<ElementAmount> bracket(std::size_t depth) {
    if (depth + 1 > Formula::max_nesting) {
      fail("brackets nested deeper than " + std::to_string(Formula::max_nesting), "fewer brackets inside brackets");
    }
    const std::size_t opening = position_;
    const char closing = closing_of(peek());
    ++position_;
    std::vector<ElementAmount> inside = sequence(depth + 1);
    skip_blanks();
    if (peek() != closing) {
      if (!at_end() && !is_closing(peek())) fail_at_term();
      fail("found " + found() + " while the bracket in column " + std::to_string(opening + 1) + " is open",
           std::string("'") + closing + "'");
    }
    ++position_;
    return inside;
  }

  /// "(2-)" or "(-)" at the outermost level.
  bool is_bracketed_charge(std::size_t depth) const {
    std::size_t ahead = 1;
    while (is_digit(peek(ahead))) ++ahead;
    return depth == 0 && is_sign(peek(ahead)) && peek(ahead + 1) == closing_of(peek());
  }

  int trailing_charge() {
    if (at_end()) return 0;
    if (symbols_[position_].superscript) return charge_here(true);
    const bool after_blank = peek() == ' ';
    skip_blanks();
    if (is_opening(peek()) && is_bracketed_charge(0)) {
      ++position_;
      const int charge = charge_here(false);
      ++position_;
      return charge;
    }
    if (peek() == '^') {
      ++position_;
      return charge_here(false);
    }
    if (after_blank && (is_digit(peek()) || is_sign(peek()))) return charge_here(false);
    if (!after_blank && is_sign(peek())) {
      std::size_t ahead = 1;
      while (peek(ahead) == ' ') ++ahead;
      if (position_ + ahead < symbols_.size()) return 0;  // not at the end: reported as what follows the last term
      if (last_number_is_ambiguous_) {
        fail("the digits before " + found() + " could be an amount or a charge",
             "a blank or '^' before a charge ('Mg 2+', 'B12H12 2-') or before the sign ('Hg2 +')");
      }
      return charge_here(false);
    }
    return 0;
  }

  /// "2-", "-" or "+" at the position.
  int charge_here(bool superscript) {
    const std::size_t start = position_;
    std::string text;
    while (!at_end() && symbols_[position_].superscript == superscript &&
           (is_digit(symbols_[position_].plain) || is_sign(symbols_[position_].plain))) {
      text += symbols_[position_].plain;
      ++position_;
    }
    const std::string digits = text.empty() ? text : text.substr(0, text.size() - 1);
    int size = 1;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    const bool is_number = digits.empty() || (result.ec == std::errc{} && result.ptr == digits.data() + digits.size());
    if (text.empty() || !is_sign(text.back()) || !is_number || size < 1 || size > 1000) {
      position_ = start;
      fail(text.empty() ? "found " + found() : "'" + text + "' is not a charge",
           "a charge such as '+', '-' or '2-' at the end");
    }
    return text.back() == '-' ? -size : size;
  }

  std::vector<Symbol> symbols_;
  std::size_t position_ = 0;
  bool last_number_is_ambiguous_ = false;
};

/// Shortest decimal text without an exponent that reads back to the same double.
std::string amount_text(double amount) {
  std::array<char, 64> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), amount, std::chars_format::fixed);
  return {buffer.data(), result.ptr};
}

/// "B20.5" and "H2O" side by side would read as B20·5H2O.
bool would_read_as_water(const std::vector<ElementAmount>& terms) {
  if (terms.size() < 3) return false;
  const ElementAmount& oxygen = terms[terms.size() - 1];
  const ElementAmount& hydrogen = terms[terms.size() - 2];
  const double before = terms[terms.size() - 3].amount;
  return oxygen.element->symbol == "O" && oxygen.amount == 1.0 && hydrogen.element->symbol == "H" &&
         hydrogen.amount == 2.0 && before != std::round(before);
}

std::string text_of(const std::vector<ElementAmount>& terms, int charge) {
  const std::size_t water = would_read_as_water(terms) ? terms.size() - 2 : terms.size();
  std::string text;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (i == water) text += '(';
    text += terms[i].element->symbol;
    if (terms[i].amount != 1.0) text += amount_text(terms[i].amount);
  }
  if (water < terms.size()) text += ')';
  if (charge == 0) return text;
  const int size = std::abs(charge);
  const bool needs_blank = size != 1 || (terms.size() == 1 && terms.front().amount != 1.0);
  if (needs_blank) text += ' ';
  if (size != 1) text += std::to_string(size);
  return text + (charge < 0 ? '-' : '+');
}

}  // namespace

Formula::Formula(std::vector<ElementAmount> terms, int charge) : charge_(charge) {
  if (terms.empty()) throw ParameterError("formula", "no elements", "at least one element");
  for (const ElementAmount& term : terms) {
    if (term.element == nullptr)
      throw ParameterError("formula", "a missing element", "elements of the table of elements");
  }
  terms_ = merged(terms);
  for (const ElementAmount& term : terms_) {
    if (!is_accepted(term.amount)) {
      throw ParameterError("amount of " + std::string(term.element->symbol), format_number(term.amount),
                           "from 1e-9 to 1e9");
    }
  }
}

Formula Formula::parse(std::string_view text) { return FormulaParser(text).parse(); }

double Formula::amount(std::string_view symbol) const noexcept {
  for (const ElementAmount& term : terms_) {
    if (term.element->symbol == symbol) return term.amount;
  }
  return 0.0;
}

double Formula::atoms() const noexcept {
  return std::accumulate(terms_.begin(), terms_.end(), 0.0,
                         [](double sum, const ElementAmount& term) { return sum + term.amount; });
}

double Formula::molar_mass() const {
  constexpr double molar_mass_constant =
      1e-3;  // kg/mol; the 3.1e-10 by which CODATA 2018 differs is below any weight here
  double sum = 0.0;
  for (const ElementAmount& term : terms_) {
    if (term.element->atomic_weight == 0.0) {
      throw InputError({},
                       std::string(term.element->name) + " (" + std::string(term.element->symbol) +
                           ") has no standard atomic weight",
                       "elements with a standard atomic weight");
    }
    sum += term.amount * term.element->atomic_weight;
  }
  return sum * molar_mass_constant;
}

Formula Formula::reduced() const {
  if (terms_.empty() || charge_ != 0) return *this;
  for (int multiplier = 1; multiplier <= 1000; ++multiplier) {
    long divisor = 0;
    const bool are_whole = std::all_of(terms_.begin(), terms_.end(), [&](const ElementAmount& term) {
      const double scaled = term.amount * multiplier;
      const double whole = std::round(scaled);
      divisor = std::gcd(divisor, static_cast<long>(whole));
      return whole >= 1.0 && std::abs(scaled - whole) <= 1e-6;
    });
    if (!are_whole) continue;
    Formula result = *this;
    for (ElementAmount& term : result.terms_) {
      term.amount = std::round(term.amount * multiplier) / static_cast<double>(divisor);
    }
    return result;
  }
  return *this;
}

std::string Formula::text() const { return text_of(terms_, charge_); }

std::string Formula::hill_text() const {
  std::vector<ElementAmount> ordered = terms_;
  const bool has_carbon = amount("C") > 0.0;
  const auto rank = [&](const ElementAmount& term) {
    const std::string_view symbol = term.element->symbol;
    const int group = !has_carbon ? 2 : symbol == "C" ? 0 : symbol == "H" ? 1 : 2;
    return std::pair{group, symbol};
  };
  std::sort(ordered.begin(), ordered.end(),
            [&](const ElementAmount& a, const ElementAmount& b) { return rank(a) < rank(b); });
  return text_of(ordered, charge_);
}

bool Formula::operator==(const Formula& other) const noexcept {
  if (terms_.size() != other.terms_.size() || charge_ != other.charge_) return false;
  return std::all_of(terms_.begin(), terms_.end(), [&](const ElementAmount& term) {
    const double there = other.amount(term.element->symbol);
    return std::abs(term.amount - there) <= same_amount * std::max(term.amount, there);
  });
}

}  // namespace closo::base
