#include "closo/tasks/detail/figure_parts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/formula.hpp"
#include "closo/stability/voltage_profile.hpp"

namespace closo::tasks::detail {
namespace {

constexpr std::array<const char*, 10> subscripts = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_formula(std::string_view word) {
  if (std::none_of(word.begin(), word.end(), is_digit) || std::none_of(word.begin(), word.end(), is_letter))
    return false;
  try {
    return !base::Formula::parse(word).terms().empty();
  } catch (const base::InputError&) {
    return false;
  }
}

// Amounts follow an element or a closing bracket; digits elsewhere are coefficients.
std::string lowered(std::string_view formula) {
  std::string text;
  bool amount = false;
  for (std::size_t i = 0; i < formula.size(); ++i) {
    const char c = formula[i];
    const bool starts = i > 0 && (is_letter(formula[i - 1]) || formula[i - 1] == ')' || formula[i - 1] == ']');
    const bool point = c == '.' && amount && i + 1 < formula.size() && is_digit(formula[i + 1]);
    amount = point || (is_digit(c) && (starts || amount));
    if (amount && !point) {
      text += subscripts[static_cast<std::size_t>(c - '0')];
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string with_subscripts(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" ,;:|\n"), text.size());
    const std::string_view word = text.substr(0, end);
    result += is_formula(word) ? lowered(word) : std::string(word);
    if (end < text.size()) result += text[end];
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string electrode_pair(std::string_view mobile) {
  constexpr std::array<const char*, 4> signs = {"", "⁺", "²⁺", "³⁺"};
  const std::string element(mobile);
  return element + "/" + element + signs.at(static_cast<std::size_t>(stability::ion_charge(mobile)));
}

std::string signed_text(double number, int decimals) {
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number),
                                 std::chars_format::fixed, std::clamp(decimals, 0, 20));
  const std::string digits(buffer.data(), end.ptr);
  const bool zero = digits.find_first_not_of("0.") == std::string::npos;
  return number < 0.0 && !zero ? "−" + digits : digits;
}

std::string volts(double potential) { return signed_text(potential, 2) + " V"; }

std::string potential_title(std::string_view mobile) { return "potential against " + electrode_pair(mobile) + " (V)"; }

void add_box(report::Layer& layer, double x_low, double x_high, double y_low, double y_high, std::string hover) {
  layer.x_low.push_back(x_low);
  layer.x_high.push_back(x_high);
  layer.y_low.push_back(y_low);
  layer.y_high.push_back(y_high);
  layer.hover.push_back(std::move(hover));
}

}  // namespace closo::tasks::detail
