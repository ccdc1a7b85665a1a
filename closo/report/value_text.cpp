#include <cmath>

#include "closo/base/number.hpp"
#include "closo/report/detail/value_text.hpp"

namespace closo::report {
namespace {

bool finite(const std::optional<double>& number) { return number && std::isfinite(*number); }

}  // namespace

std::string to_text(const Value& value) {
  std::string text = detail::number_text(value);
  if (detail::is_known(value) && !value.unit.empty()) text += " " + value.unit;
  return text;
}

std::string to_text(const Cell& cell) {
  if (const auto* value = std::get_if<Value>(&cell)) return to_text(*value);
  return std::get<std::string>(cell);
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "pass";
    case Outcome::fail:
      return "fail";
    case Outcome::unknown:
      break;
  }
  return "unknown";
}

namespace detail {

bool is_known(const Value& value) { return finite(value.value) || finite(value.value_hi); }

std::string number_text(const Value& value) {
  if (!is_known(value)) return "unknown";
  const bool uncertain = finite(value.uncertainty) && *value.uncertainty > 0.0;
  std::string text;
  if (value.qualifier == "<=") {
    text = "≤ ";
  } else if (value.qualifier == ">=") {
    text = "≥ ";
  } else if (!value.qualifier.empty() && value.qualifier != "=") {
    text = value.qualifier + " ";
  }
  if (finite(value.value) && finite(value.value_hi)) {
    text += base::format_number(*value.value, value.significant) + "–" +
            base::format_number(*value.value_hi, value.significant);
    if (uncertain) text += " ± " + base::format_number(*value.uncertainty, 2);
    return text;
  }
  if (!finite(value.value)) text += "up to ";
  const double number = finite(value.value) ? *value.value : *value.value_hi;
  text += uncertain ? base::format_with_uncertainty(number, *value.uncertainty)
                    : base::format_number(number, value.significant);
  return text;
}

std::string cell_text(const Cell& cell, const TableColumn& column) {
  const auto* value = std::get_if<Value>(&cell);
  if (value == nullptr) return std::get<std::string>(cell);
  const bool titled =
      !value->unit.empty() && (column.title.ends_with("(" + value->unit + ")") ||
                               column.title.ends_with("/" + value->unit) || column.title.ends_with("/ " + value->unit));
  return titled ? number_text(*value) : to_text(*value);
}

bool is_number_column(const Table& table, std::size_t column) {
  bool any = false;
  for (const auto& row : table.rows) {
    if (const auto* text = std::get_if<std::string>(&row[column])) {
      if (!text->empty()) return false;
    } else {
      any = true;
    }
  }
  return any;
}

std::size_t find_number(std::string_view text, std::string_view number) {
  const auto joined = [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-'; };
  if (number.empty()) return std::string_view::npos;
  for (std::size_t at = text.find(number); at != std::string_view::npos; at = text.find(number, at + 1)) {
    const std::size_t end = at + number.size();
    if ((at == 0 || !joined(text[at - 1])) && (end == text.size() || !(text[end] >= '0' && text[end] <= '9')))
      return at;
  }
  return std::string_view::npos;
}

std::vector<const Value*> unquoted_values(const Verdict& verdict) {
  std::vector<const Value*> result;
  for (const Value& value : verdict.values) {
    if (find_number(verdict.finding, to_text(value)) == std::string::npos) result.push_back(&value);
  }
  return result;
}

std::string finding_text(const Verdict& verdict) {
  std::string text = verdict.finding;
  for (const Value* value : unquoted_values(verdict)) {
    if (!text.empty()) text += " · ";
    text += to_text(*value);
  }
  return text;
}

}  // namespace detail
}  // namespace closo::report
