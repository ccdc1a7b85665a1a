#include "closo/tasks/detail/sweep_text.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/quantity.hpp"

namespace closo::tasks::detail {
namespace {

constexpr std::size_t most_values = 500;

std::string trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t") - from + 1));
}

/// What stands behind the last number, unless numbers carry units of their own; the unit may end with a digit (cm2).
std::string common_unit(std::string_view text) {
  std::size_t begin = 0;
  for (const std::string_view separator : {",", " to ", " by "}) {
    const std::size_t at = text.rfind(separator);
    if (at != std::string_view::npos) begin = std::max(begin, at + separator.size());
  }
  const std::string last = trimmed(text.substr(begin));
  const std::size_t number = last.find_first_not_of("0123456789.+-");
  if (number == std::string::npos) return {};
  std::size_t end = number;
  const bool is_power = (last[number] == 'e' || last[number] == 'E') && number + 1 < last.size() &&
                        std::string_view("0123456789+-").find(last[number + 1]) != std::string_view::npos;
  if (is_power) end = std::min(last.find_first_not_of("0123456789+-", number + 1), last.size());
  return trimmed(std::string_view(last).substr(end));
}

std::vector<std::string> pieces_of(std::string_view text, std::string_view separator) {
  std::vector<std::string> pieces;
  for (std::size_t from = 0;;) {
    const std::size_t to = text.find(separator, from);
    pieces.push_back(trimmed(text.substr(from, to == std::string_view::npos ? to : to - from)));
    if (to == std::string_view::npos) return pieces;
    from = to + separator.size();
  }
}

}  // namespace

std::vector<double> parse_sweep(std::string_view option, std::string_view text, std::string_view unit, double low,
                                double high, std::string_view range) {
  const auto refuse = [&](const std::string& why) {
    return base::ParameterError(std::string(option), "'" + std::string(text) + "'", why);
  };
  const std::string unit_text = std::string(unit == "1" ? "" : " ") + (unit == "1" ? std::string() : std::string(unit));
  const std::string form = "a list such as '10, 20, 40" + unit_text + "' or a range such as '10 to 40 by 5" +
                           unit_text + "'" + (range.empty() ? std::string() : ", " + std::string(range));
  const std::string own_unit = common_unit(text);
  const auto value_of = [&](const std::string& piece) {
    const bool bare = base::try_parse_number(piece).has_value();
    double value = 0.0;
    try {
      value = base::parse_quantity(bare ? piece + " " + own_unit : piece, base::Unit::parse(unit), option).value;
    } catch (const base::InputError& error) {
      throw refuse(form + " (" + error.problem() + ")");
    }
    const double slack = 1e-12 * std::abs(value);
    if (!(value >= low - slack && value <= high + slack)) throw refuse(form);
    return value;
  };

  std::vector<double> values;
  const std::size_t to = text.find(" to "), by = text.find(" by ");
  if (to == std::string_view::npos) {
    for (const std::string& piece : pieces_of(text, ",")) values.push_back(value_of(piece));
    if (values.size() > most_values) throw refuse("at most 500 values");
    return values;
  }
  if (by == std::string_view::npos || by < to) throw refuse(form);
  const auto number_of = [&](std::string_view piece) {
    const std::string word = trimmed(piece);
    const std::optional<double> number = base::try_parse_number(word.substr(0, word.find_first_of(" \t%")));
    if (!number) throw refuse(form);
    return *number;
  };
  const double first = number_of(text.substr(0, to)), last = number_of(text.substr(to + 4, by - to - 4)),
               step = number_of(text.substr(by + 4));
  const double steps = (last - first) / step;
  if (!(step != 0.0 && steps >= 0.0)) throw refuse("a step that leads from the first to the last value");
  if (steps > static_cast<double>(most_values)) throw refuse("at most 500 values");
  for (std::size_t i = 0; static_cast<double>(i) <= steps + 1e-9; ++i)
    values.push_back(value_of(base::format_number(first + static_cast<double>(i) * step, 12)));
  return values;
}

}  // namespace closo::tasks::detail
