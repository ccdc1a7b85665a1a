#include <algorithm>
#include <cmath>
#include <string>

#include "closo/base/number.hpp"
#include "closo/report/detail/check.hpp"
#include "closo/report/render.hpp"
#include "closo/table/csv.hpp"

namespace closo::report {
namespace {

// What the values of a column need besides the number itself.
struct Extras {
  bool high = false;
  bool uncertainty = false;
  bool qualifier = false;
  bool unit = false;
};

Extras extras_of(const Table& table, std::size_t column) {
  Extras extras;
  const Value* first = nullptr;
  for (const auto& row : table.rows) {
    const auto* value = std::get_if<Value>(&row[column]);
    if (value == nullptr) continue;
    if (first == nullptr) first = value;
    extras.high = extras.high || value->value_hi.has_value();
    extras.uncertainty = extras.uncertainty || value->uncertainty.has_value();
    extras.qualifier = extras.qualifier || value->qualifier != "=";
    extras.unit = extras.unit || value->unit != first->unit;
  }
  return extras;
}

std::string number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? base::format_exact(*value) : std::string();
}

}  // namespace

std::string render_csv(const Table& table) {
  detail::check(table);
  std::vector<Extras> extras;
  std::string text;
  const auto field = [&text](std::string_view cell, bool first) {
    if (!first) text += ',';
    text += table::csv_cell(cell);
  };
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const std::string& key = table.columns[c].key;
    const Extras extra = extras_of(table, c);
    extras.push_back(extra);
    field(key, c == 0);
    if (extra.high) field(key + "_high", false);
    if (extra.uncertainty) field(key + "_uncertainty", false);
    if (extra.qualifier) field(key + "_qualifier", false);
    if (extra.unit) field(key + "_unit", false);
  }
  text += "\r\n";
  const Value none;
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      const auto* words = std::get_if<std::string>(&row[c]);
      const Value& value = words != nullptr ? none : std::get<Value>(row[c]);
      field(words != nullptr ? *words : number(value.value), c == 0);
      if (extras[c].high) field(number(value.value_hi), false);
      if (extras[c].uncertainty) field(number(value.uncertainty), false);
      if (extras[c].qualifier) field(words != nullptr ? std::string_view() : value.qualifier, false);
      if (extras[c].unit) field(value.unit, false);
    }
    text += "\r\n";
  }
  return text;
}

}  // namespace closo::report
