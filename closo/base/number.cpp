#include "closo/base/number.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "closo/base/detail/number_scan.hpp"
#include "closo/base/detail/utf8.hpp"
#include "closo/base/error.hpp"

namespace closo::base {
namespace detail {
namespace {

constexpr std::string_view accepted = "a number such as 0.42, 1.2e-3 or 2.9×10^-4";

bool is_digit(char32_t code) { return code >= U'0' && code <= U'9'; }

[[noreturn]] void fail(std::size_t position, const std::string& problem, std::string expected = std::string(accepted)) {
  throw InputError({{}, 0, position + 1}, problem, std::move(expected));
}

/// Signed whole number, plain or superscript; nullopt (position unchanged) when there is none.
std::optional<int> scan_integer(std::u32string_view codes, std::size_t& position) {
  std::size_t i = position;
  int sign = 1;
  if (i < codes.size() && (codes[i] == U'-' || codes[i] == U'+')) sign = codes[i++] == U'-' ? -1 : 1;
  const std::size_t start = i;
  int value = 0;
  for (; i < codes.size(); ++i) {
    const int digit = is_digit(codes[i]) ? static_cast<int>(codes[i] - U'0') : superscript_digit(codes[i]);
    if (digit < 0) break;
    if (value < 100000) value = 10 * value + digit;
  }
  if (i == start) return std::nullopt;
  position = i;
  return sign * value;
}

std::size_t skip_blanks(std::u32string_view codes, std::size_t position) {
  while (position < codes.size() && codes[position] == U' ') ++position;
  return position;
}

/// "10^-2.6" or "10⁻³" at `position`: the power, or nullopt.
std::optional<double> scan_power_of_ten(std::u32string_view codes, std::size_t& position, bool whole_only) {
  if (position + 2 >= codes.size() || codes[position] != U'1' || codes[position + 1] != U'0') return std::nullopt;
  std::size_t i = position + 2;
  const bool caret = codes[i] == U'^';
  const bool raised =
      superscript_digit(codes[i]) >= 0 ||
      ((codes[i] == U'-' || codes[i] == U'+') && i + 1 < codes.size() && superscript_digit(codes[i + 1]) >= 0);
  if (!caret && !raised) return std::nullopt;
  if (caret) ++i;
  const bool bracket = i < codes.size() && codes[i] == U'{';
  if (bracket) ++i;
  const bool negative = i < codes.size() && codes[i] == U'-';
  const std::optional<int> whole = scan_integer(codes, i);
  if (!whole) fail(i, "a power of ten without a number");
  double power = *whole;
  if (!whole_only && i + 1 < codes.size() && codes[i] == U'.' && is_digit(codes[i + 1])) {
    std::string text = fmt::format("{}{}.", negative ? "-" : "", std::abs(*whole));
    for (++i; i < codes.size() && is_digit(codes[i]); ++i) text += static_cast<char>(codes[i]);
    std::from_chars(text.data(), text.data() + text.size(), power);
  }
  if (bracket) {
    if (i >= codes.size() || codes[i] != U'}') fail(i, "a brace is not closed");
    ++i;
  }
  position = i;
  return power;
}

}  // namespace

std::u32string plain_codes(std::string_view text) {
  std::u32string codes = decode_utf8(text);
  for (char32_t& code : codes) code = plain_character(code);
  return codes;
}

ScannedNumber scan_number(std::u32string_view codes, std::size_t position) {
  ScannedNumber number;
  std::size_t i = position;
  if (i < codes.size() && (codes[i] == U'-' || codes[i] == U'+')) {
    if (codes[i] == U'-') number.digits = "-";
    ++i;
  }
  std::size_t power_at = i;
  if (const std::optional<double> power = scan_power_of_ten(codes, power_at, false)) {
    number.digits += '1';
    if (*power == std::floor(*power) && std::abs(*power) < 1000) {
      number.exponent = static_cast<int>(*power);
    } else {
      number.power = power;
    }
    number.end = power_at;
    return number;
  }
  std::size_t count = 0;
  for (; i < codes.size() && is_digit(codes[i]); ++i, ++count) number.digits += static_cast<char>(codes[i]);
  if (i < codes.size() && codes[i] == U',' && i + 1 < codes.size() && is_digit(codes[i + 1])) {
    fail(i, "a comma inside a number", "a decimal point and no thousands separators");
  }
  if (i < codes.size() && codes[i] == U'.') {
    number.digits += '.';
    for (++i; i < codes.size() && is_digit(codes[i]); ++i, ++count) {
      number.digits += static_cast<char>(codes[i]);
      ++number.decimals;
    }
  }
  if (count == 0) {
    const std::size_t place = i < codes.size() ? i : (codes.empty() ? 0 : codes.size());
    fail(place, position >= codes.size() ? "a missing number"
                                         : "'" + encode_utf8(codes.substr(position)) + "' is not a number");
  }
  if (count > 400) fail(position, "a number of more than 400 digits");
  if (i < codes.size() && codes[i] == U'(' && i + 1 < codes.size() && is_digit(codes[i + 1])) {
    std::size_t j = i + 1;
    for (; j < codes.size() && is_digit(codes[j]); ++j) number.uncertainty_digits += static_cast<char>(codes[j]);
    if (j >= codes.size() || codes[j] != U')')
      fail(j, "an uncertainty bracket is not closed", "the bracket notation 0.42(1)");
    if (number.uncertainty_digits.size() > 6)
      fail(i, "an uncertainty of more than 6 digits", "the bracket notation 0.42(1)");
    i = j + 1;
  }
  if (i < codes.size() && (codes[i] == U'e' || codes[i] == U'E')) {
    std::size_t j = i + 1;
    if (const std::optional<int> exponent = scan_integer(codes, j)) {
      number.exponent = *exponent;
      i = j;
    }
  } else {
    std::size_t j = skip_blanks(codes, i);
    if (j < codes.size() && (codes[j] == U'*' || codes[j] == U'x')) {
      j = skip_blanks(codes, j + 1);
      if (const std::optional<double> power = scan_power_of_ten(codes, j, true)) {
        number.exponent = static_cast<int>(*power);
        i = j;
      }
    }
  }
  number.end = i;
  return number;
}

double value_of(const ScannedNumber& number, int shift) {
  if (number.power) {
    const double magnitude = std::pow(10.0, *number.power + shift);
    return number.digits.front() == '-' ? -magnitude : magnitude;
  }
  const std::string text = fmt::format("{}e{}", number.digits, number.exponent + shift);
  double value = 0.0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc::result_out_of_range) {
    // Too small is zero, too large is refused by the caller as not finite.
    return number.exponent + shift > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  }
  return value;
}

double uncertainty_of(const ScannedNumber& number, int shift) {
  if (number.uncertainty_digits.empty()) return 0.0;
  const std::string text = fmt::format("{}e{}", number.uncertainty_digits, number.exponent + shift - number.decimals);
  double value = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace detail

namespace {

std::string without_trailing_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string scientific(double value, int digits_after_point) {
  std::string text = fmt::format("{:.{}e}", value, digits_after_point);
  const std::size_t e = text.find('e');
  int exponent = 0;
  const char* first = text.data() + e + 1 + (text[e + 1] == '+' ? 1 : 0);
  std::from_chars(first, text.data() + text.size(), exponent);
  return without_trailing_zeros(text.substr(0, e)) + 'e' + std::to_string(exponent);
}

bool prints_fixed(double magnitude) { return magnitude >= 0.9995e-3 && magnitude < 1e6; }

}  // namespace

double parse_number(std::string_view text) {
  const std::u32string codes = detail::plain_codes(text);
  std::size_t begin = 0;
  while (begin < codes.size() && codes[begin] == U' ') ++begin;
  std::size_t end = codes.size();
  while (end > begin && codes[end - 1] == U' ') --end;
  const detail::ScannedNumber number = detail::scan_number(std::u32string_view(codes).substr(0, end), begin);
  if (number.end != end || !number.uncertainty_digits.empty()) {
    throw InputError({{}, 0, number.end + 1}, "'" + std::string(text) + "' is not a plain number",
                     std::string(detail::accepted));
  }
  const double value = detail::value_of(number);
  if (!std::isfinite(value))
    throw InputError({{}, 0, begin + 1}, "'" + std::string(text) + "' is too large", "a finite number");
  return value;
}

std::optional<double> try_parse_number(std::string_view text) noexcept {
  double value = 0.0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc() && result.ptr == text.data() + text.size()) {
    return std::isfinite(value) ? std::optional<double>(value) : std::nullopt;
  }
  try {
    return parse_number(text);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string format_number(double value, int significant) {
  if (value == 0.0) return "0";
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  const double magnitude = std::abs(value);
  if (!prints_fixed(magnitude)) return scientific(value, significant - 1);
  const int decimals = significant - 1 - static_cast<int>(std::floor(std::log10(magnitude)));
  return without_trailing_zeros(fmt::format("{:.{}f}", value, std::max(0, decimals)));
}

std::string format_exact(double value) {
  if (std::isnan(value)) return "nan";
  char buffer[64];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  return std::string(buffer, result.ptr);
}

std::string format_with_uncertainty(double value, double uncertainty) {
  if (!(uncertainty > 0.0) || !std::isfinite(uncertainty) || !std::isfinite(value)) return format_number(value);
  const auto decade = [](double x) { return static_cast<int>(std::floor(std::log10(x))); };
  int last = decade(uncertainty);
  if (uncertainty >= 9.5 * std::pow(10.0, last)) ++last;
  // 0.012 keeps both digits, as (12); 0.0100 is (1) where the value does not lose by it: 0.42(1), but 205(10).
  const long long two_digits = std::llround(uncertainty / std::pow(10.0, last - 1));
  const double place = std::pow(10.0, last);
  const double lost = std::abs(value - std::round(value / place) * place) / uncertainty;
  if ((two_digits < 20 && two_digits > 10) || (two_digits == 10 && lost > 0.3)) --last;
  const double largest = std::max(std::abs(value), uncertainty);
  int exponent = 0;
  if (!prints_fixed(largest) || last > 0) exponent = std::max(decade(largest), last);
  if (exponent > 0 && prints_fixed(largest) && last <= 3) exponent = 0;
  const int decimals = exponent - last;
  const double unit = std::pow(10.0, last);
  const long long digits = std::llround(uncertainty / unit);
  if (decimals < 0) {
    // Fixed notation of a large value: the uncertainty is written out, 1230(60).
    const double step = std::pow(10.0, -decimals);
    return fmt::format("{:.0f}({:.0f})", std::round(value / step) * step, static_cast<double>(digits) * step);
  }
  std::string text = fmt::format("{:.{}f}({})", value / std::pow(10.0, exponent), decimals, digits);
  if (exponent != 0) text += 'e' + std::to_string(exponent);
  return text;
}

}  // namespace closo::base
