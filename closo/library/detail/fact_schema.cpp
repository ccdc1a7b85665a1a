#include "closo/library/detail/fact_schema.hpp"

#include <algorithm>
#include <charconv>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/library/quantity_rule.hpp"

namespace closo::library::detail {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

const base::Unit& megapascal() {
  static const base::Unit unit = base::Unit::parse("MPa");
  return unit;
}

std::string number_text(const std::optional<double>& value) {
  return value ? base::format_exact(*value) : std::string{};
}

}  // namespace

const base::Unit& UnitCache::parse(const std::string& text) {
  const auto found = units_.find(text);
  return found != units_.end() ? found->second : units_.emplace(text, base::Unit::parse(text)).first->second;
}

std::vector<std::size_t> columns_of(const table::CsvDocument& document, std::span<const std::string_view> columns,
                                    std::string_view optional) {
  const std::vector<std::string> names(columns.begin(), columns.end());
  const base::Place header{document.file, document.header_line, 0};
  for (const std::string& name : document.header) {
    if (std::ranges::find(columns, name) != columns.end() || (!optional.empty() && name == optional)) continue;
    const std::string near = base::did_you_mean(name, names);
    throw base::InputError(header, "unknown column '" + name + "'" + (near.empty() ? "" : "; " + near));
  }
  std::vector<std::size_t> positions;
  for (const std::string_view name : columns) {
    positions.push_back(document.index_of(name));
    if (positions.back() == std::string::npos) {
      throw base::InputError(header, "the column '" + std::string(name) + "' is missing");
    }
  }
  return positions;
}

std::optional<double> number_at(const table::CsvDocument& document, const table::CsvRow& row, std::size_t column) {
  const std::string& text = row.cells[column].text;
  if (text.empty()) return std::nullopt;
  double value = 0.0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem == std::errc{} && stop == text.data() + text.size() && value - value == 0.0) return value;
  try {
    return base::parse_number(text);
  } catch (const base::InputError& error) {
    throw error.at(document.place(row, column));
  }
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    if (const std::string_view item = trimmed(text.substr(0, end)); !item.empty()) items.emplace_back(item);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return items;
}

std::string join_list(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ";") + item;
  return text;
}

std::vector<std::pair<std::string, std::string>> split_conditions(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> conditions;
  std::string part;
  const auto finish = [&] {
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos && !conditions.empty()) {
      conditions.back().second += "|" + part;
    } else if (!part.empty()) {
      const std::size_t end = std::min(equals, part.size());
      conditions.emplace_back(
          trimmed(std::string_view(part).substr(0, end)),
          end == part.size() ? std::string_view{} : trimmed(std::string_view(part).substr(end + 1)));
    }
    part.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '|') {
      part.push_back('|');
      ++i;
    } else if (text[i] == '|') {
      finish();
    } else {
      part.push_back(text[i]);
    }
  }
  finish();
  return conditions;
}

std::string join_conditions(const std::vector<std::pair<std::string, std::string>>& conditions) {
  std::string text;
  for (const auto& [key, value] : conditions) {
    text += (text.empty() ? "" : "|") + key + "=";
    for (const char c : value) text += c == '|' ? std::string("\\|") : std::string(1, c);
  }
  return text;
}

void set_si(Fact& fact) {
  // Only energies per mole have another dimension than the unit of their rule (eV).
  constexpr std::size_t mole = 5;
  std::optional<base::Unit> accepted;
  if (fact.unit.dimension().halves[mole] != 0) {
    if (const QuantityRule* rule = find_rule(fact.quantity)) accepted = accepted_unit(*rule, fact.unit);
  }
  const auto convert = [&](const std::optional<double>& value) -> std::optional<double> {
    if (!value) return std::nullopt;
    return accepted ? accepted->to_si(base::convert(*value, fact.unit, *accepted)) : fact.unit.to_si(*value);
  };
  fact.value_si = convert(fact.value);
  fact.value_hi_si = convert(fact.value_hi);
  fact.uncertainty_si.reset();
  if (fact.uncertainty) {
    fact.uncertainty_si =
        accepted ? accepted->difference_to_si(base::convert_difference(*fact.uncertainty, fact.unit, *accepted))
                 : fact.unit.difference_to_si(*fact.uncertainty);
  }
}

Fact read_fact(const table::CsvDocument& document, const table::CsvRow& row, const std::vector<std::size_t>& positions,
               UnitCache& units) {
  const auto text = [&](FactColumn column) -> const std::string& { return row.cells[positions[column]].text; };
  const auto number = [&](FactColumn column) { return number_at(document, row, positions[column]); };
  const auto placed = [&](FactColumn column, const auto& parse) {
    try {
      return parse(text(column));
    } catch (const base::InputError& error) {
      throw error.at(document.place(row, positions[column]));
    }
  };
  const auto required = [&](FactColumn column) -> const std::string& {
    if (text(column).empty()) {
      throw base::InputError(document.place(row, positions[column]),
                             "the column '" + std::string(fact_columns[column]) + "' is empty");
    }
    return text(column);
  };
  Fact fact;
  fact.id = required(column_id);
  fact.material = text(column_material);
  fact.subject = text(column_subject);
  fact.quantity = required(column_quantity);
  fact.qualifier = placed(column_qualifier, [](const std::string& t) { return base::parse_qualifier(t); });
  fact.value = number(column_value);
  fact.value_hi = number(column_value_hi);
  fact.uncertainty = number(column_uncertainty);
  fact.unit = placed(column_unit, [&units](const std::string& t) { return units.parse(t); });
  fact.temperature = number(column_temperature);
  fact.temperature_hi = number(column_temperature_hi);
  fact.temperature_note = text(column_temperature_note);
  if (const std::optional<double> pressure = number(column_pressure)) fact.pressure = megapascal().to_si(*pressure);
  fact.phase = text(column_phase);
  fact.preparation = text(column_preparation);
  fact.method = text(column_method);
  fact.kind = placed(column_kind, [](const std::string& t) { return parse_kind(t); });
  fact.conditions = split_conditions(text(column_conditions));
  fact.source = text(column_source);
  fact.locator = text(column_locator);
  fact.references = split_list(text(column_references));
  fact.flags = split_list(text(column_flags));
  fact.note = text(column_note);
  set_si(fact);
  return fact;
}

std::array<std::string, fact_column_count> fact_cells(const Fact& fact) {
  std::array<std::string, fact_column_count> cells;
  cells[column_id] = fact.id;
  cells[column_material] = fact.material;
  cells[column_subject] = fact.subject;
  cells[column_quantity] = fact.quantity;
  cells[column_qualifier] = base::to_string(fact.qualifier);
  cells[column_value] = number_text(fact.value);
  cells[column_value_hi] = number_text(fact.value_hi);
  cells[column_uncertainty] = number_text(fact.uncertainty);
  cells[column_unit] = fact.unit.text();
  cells[column_temperature] = number_text(fact.temperature);
  cells[column_temperature_hi] = number_text(fact.temperature_hi);
  cells[column_temperature_note] = fact.temperature_note;
  // Fifteen digits give back the decimal number that became pascals.
  if (fact.pressure) cells[column_pressure] = base::format_number(megapascal().from_si(*fact.pressure), 15);
  cells[column_phase] = fact.phase;
  cells[column_preparation] = fact.preparation;
  cells[column_method] = fact.method;
  cells[column_kind] = to_string(fact.kind);
  cells[column_conditions] = join_conditions(fact.conditions);
  cells[column_source] = fact.source;
  cells[column_locator] = fact.locator;
  cells[column_references] = join_list(fact.references);
  cells[column_flags] = join_list(fact.flags);
  cells[column_note] = fact.note;
  return cells;
}

}  // namespace closo::library::detail
