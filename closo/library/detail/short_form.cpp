#include "closo/library/detail/short_form.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/library/detail/fact_schema.hpp"
#include "closo/library/detail/name_key.hpp"
#include "closo/library/quantity_rule.hpp"

namespace closo::library::detail {

enum class ShortForm::Field : unsigned char {
  material,
  subject,
  quantity,
  qualifier,
  value,
  value_hi,
  uncertainty,
  unit,
  temperature,
  temperature_hi,
  temperature_note,
  pressure,
  phase,
  preparation,
  method,
  kind,
  source,
  locator,
  note,
  table_name,
  condition,
  quantity_column,
  formula,
  family,
  mobile_ion,
  anion,
  role,
  name
};

namespace {

constexpr double room_temperature = 298.0;  // K, what the shipped tables take for "room temperature"

struct Symbol {
  std::string_view name, quantity;
};

constexpr std::array symbols = std::to_array<Symbol>({
    {"sigma", "ionic conductivity"},
    {"σ", "ionic conductivity"},
    {"conductivity", "ionic conductivity"},
    {"Ea", "activation energy for ionic conduction"},
    {"E_a", "activation energy for ionic conduction"},
    {"activation energy", "activation energy for ionic conduction"},
    {"t_ion", "ionic transference number"},
    {"t_Li", "lithium transport number"},
    {"t_cation", "cation transport number"},
});

/// Key of a header: lower case, underscores and blanks alike.
std::string header_key(std::string_view text) {
  std::string key = name_key(text);
  std::ranges::replace(key, '_', ' ');
  return key;
}

bool has_unit(const base::Quantity& quantity, std::string_view text) {
  // "1.5e-3" and "1.5e-3 1" both give the unit "1"; only the first may take the unit of the column.
  return !(quantity.unit == base::Unit{}) ||
         text.find_first_not_of("0123456789+-.eE()×^·~<>=±/ ") != std::string_view::npos;
}

/// A stated number from its SI value: 0.12 S/m → 1.2 mS/cm and not 1.2000000000000002.
double stated(double value) { return base::parse_number(base::format_number(value, 15)); }

}  // namespace

std::string quantity_named(const Library& library, std::string_view name) {
  const std::string key = header_key(name);
  for (const Symbol& symbol : symbols) {
    if (header_key(symbol.name) == key) return std::string(symbol.quantity);
  }
  for (const Fact& fact : library.facts()) {
    if (header_key(fact.quantity) == key) return fact.quantity;
  }
  return find_rule(key) == nullptr ? std::string{} : std::string(name);
}

void refuse_quantity(const Library& library, std::string_view name) {
  std::vector<std::string> names;
  for (const Symbol& symbol : symbols) names.emplace_back(symbol.name);
  for (const Fact& fact : library.facts()) names.push_back(fact.quantity);
  refuse_unknown("quantity", name, std::move(names));
}

ShortForm::Column ShortForm::column_named(const std::string& header) const {
  struct Name {
    std::string_view name;
    Field field;
  };
  static constexpr std::array names = std::to_array<Name>({
      {"material", Field::material},
      {"compound", Field::material},
      {"electrolyte", Field::material},
      {"sample", Field::subject},
      {"subject", Field::subject},
      {"quantity", Field::quantity},
      {"property", Field::quantity},
      {"qualifier", Field::qualifier},
      {"value", Field::value},
      {"value hi", Field::value_hi},
      {"uncertainty", Field::uncertainty},
      {"error", Field::uncertainty},
      {"unit", Field::unit},
      {"temperature", Field::temperature},
      {"T", Field::temperature},
      {"temperature hi", Field::temperature_hi},
      {"temperature note", Field::temperature_note},
      {"pressure", Field::pressure},
      {"p", Field::pressure},
      {"phase", Field::phase},
      {"preparation", Field::preparation},
      {"method", Field::method},
      {"kind", Field::kind},
      {"source", Field::source},
      {"locator", Field::locator},
      {"note", Field::note},
      {"comment", Field::note},
      {"table", Field::table_name},
      {"formula", Field::formula},
      {"family", Field::family},
      {"mobile ion", Field::mobile_ion},
      {"anion", Field::anion},
      {"role", Field::role},
      {"name", Field::name},
  });
  const auto field_of = [](std::string_view text) -> std::optional<Field> {
    const std::string key = header_key(text);
    const auto found = std::ranges::find_if(names, [&key](const Name& entry) { return header_key(entry.name) == key; });
    return found == names.end() ? std::nullopt : std::optional<Field>(found->field);
  };
  if (const auto field = field_of(header)) return {*field, {}, std::nullopt};
  if (name_key(header).starts_with("condition:")) {
    const std::size_t start = header.find_first_not_of(' ', header.find(':') + 1);
    if (header.find_first_of("=|") != std::string::npos) {
      throw base::InputError({},
                             "the condition '" + header.substr(header.find(':') + 1) + "' has '=' or '|' in its name",
                             "a name such as condition:humidity");
    }
    if (start != std::string::npos) return {Field::condition, header.substr(start), std::nullopt};
  }
  const table::ColumnHeader parsed = table::parse_column_header(header);
  std::optional<base::Unit> unit;
  if (parsed.has_unit) unit = parsed.unit;
  if (const auto field = field_of(parsed.name)) {
    static constexpr std::array with_unit{Field::value,       Field::value_hi,       Field::uncertainty,
                                          Field::temperature, Field::temperature_hi, Field::pressure};
    if (std::ranges::find(with_unit, *field) != with_unit.end()) return {*field, {}, unit};
  }
  if (std::string quantity = quantity_named(library_, parsed.name); !quantity.empty()) {
    return {Field::quantity_column, std::move(quantity), unit};
  }
  std::vector<std::string> candidates;
  for (const Name& entry : names) candidates.emplace_back(entry.name);
  for (const Symbol& symbol : symbols) candidates.emplace_back(symbol.name);
  refuse_unknown("column", header, std::move(candidates));
}

ShortForm::ShortForm(const table::CsvDocument& document, const Library& library)
    : document_(document), library_(library) {
  const base::Place place{document.file, document.header_line, 0};
  for (const std::string& header : document.header) {
    try {
      columns_.push_back(column_named(header));
    } catch (const base::InputError& error) {
      throw base::InputError(place, error.problem(), error.expected());
    }
    const Column& last = columns_.back();
    const bool may_repeat = last.field == Field::condition || last.field == Field::quantity_column;
    if (!may_repeat && position(last.field) != columns_.size() - 1) {
      throw base::InputError(
          place, "two columns mean the same: '" + header + "' and '" + document.header[*position(last.field)] + "'");
    }
  }
  if (!position(Field::material)) throw base::InputError(place, "there is no column 'material'");
  const bool long_form = position(Field::value) && position(Field::quantity);
  if (!long_form && !position(Field::quantity_column)) {
    throw base::InputError(place, "there is no column with numbers",
                           "the columns 'quantity' and 'value', or a quantity with its unit such as 'sigma (S/cm)'");
  }
}

std::optional<std::size_t> ShortForm::position(Field field) const {
  const auto found = std::ranges::find(columns_, field, &Column::field);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

std::string ShortForm::cell(const table::CsvRow& row, Field field) const {
  const std::optional<std::size_t> column = position(field);
  return column ? row.cells[*column].text : std::string{};
}

void ShortForm::read_value(const table::CsvRow& row, std::size_t column, const std::optional<base::Unit>& unit,
                           Fact& fact) const {
  const std::string& text = row.cells[column].text;
  base::Quantity quantity = base::parse_quantity(text);
  if (unit && !has_unit(quantity, text)) {
    quantity = base::parse_quantity(text + " " + unit->text());
  } else if (unit && !base::is_convertible(quantity.unit, *unit)) {
    throw base::InputError({}, "the cell says '" + quantity.unit.text() + "', the column '" + unit->text() + "'");
  }
  fact.unit = quantity.unit;
  fact.value = stated(fact.unit.from_si(quantity.value));
  if (quantity.uncertainty) fact.uncertainty = stated(fact.unit.difference_from_si(*quantity.uncertainty));
  fact.qualifier = quantity.qualifier;
}

std::optional<double> ShortForm::si_cell(const table::CsvRow& row, Field field, std::string_view unit,
                                         std::string_view what) const {
  const std::optional<std::size_t> column = position(field);
  if (!column || row.cells[*column].text.empty()) return std::nullopt;
  const std::string& text = row.cells[*column].text;
  try {
    base::Quantity quantity = base::parse_quantity(text);
    if (!has_unit(quantity, text)) {
      if (!columns_[*column].unit) {
        throw base::InputError({}, "the " + std::string(what) + " '" + text + "' has no unit",
                               "a unit in the cell or in the header, such as '" + document_.header[*column] + " (" +
                                   std::string(unit) + ")'");
      }
      quantity = base::parse_quantity(text + " " + columns_[*column].unit->text());
    }
    return base::parse_quantity(base::format_exact(quantity.unit.from_si(quantity.value)) + " " + quantity.unit.text(),
                                base::Unit::parse(unit), what)
        .value;
  } catch (const base::InputError& error) {
    throw error.at(document_.place(row, *column));
  }
}

void ShortForm::read_temperature(const table::CsvRow& row, ShortRow& result, Fact& fact) const {
  fact.temperature_note = cell(row, Field::temperature_note);
  const std::string text = name_key(cell(row, Field::temperature));
  if (text == "rt" || text == "room temperature") {
    fact.temperature = room_temperature;
    fact.flags.emplace_back("nominal_temperature");
    if (fact.temperature_note.empty()) fact.temperature_note = "room temperature, nominal 298 K";
    result.notes.emplace_back("room temperature without a number is taken as 298 K");
  } else {
    fact.temperature = si_cell(row, Field::temperature, "K", "temperature");
    if (fact.temperature) fact.temperature = stated(*fact.temperature);
  }
  fact.temperature_hi = si_cell(row, Field::temperature_hi, "K", "temperature");
  if (fact.temperature_hi) fact.temperature_hi = stated(*fact.temperature_hi);
}

Fact ShortForm::common_part(const table::CsvRow& row, ShortRow& result) const {
  Fact fact;
  fact.subject = cell(row, Field::subject);
  read_temperature(row, result, fact);
  fact.pressure = si_cell(row, Field::pressure, "MPa", "pressure");
  fact.phase = cell(row, Field::phase);
  fact.preparation = cell(row, Field::preparation);
  fact.method = cell(row, Field::method);
  fact.locator = cell(row, Field::locator);
  fact.note = cell(row, Field::note);
  if (const std::string kind = cell(row, Field::kind); !kind.empty()) {
    try {
      fact.kind = parse_kind(kind);
    } catch (const base::InputError& error) {
      throw error.at(document_.place(row, *position(Field::kind)));
    }
  }
  for (std::size_t j = 0; j < columns_.size(); ++j) {
    if (columns_[j].field == Field::condition && !row.cells[j].text.empty()) {
      fact.conditions.emplace_back(columns_[j].name, row.cells[j].text);
    }
  }
  return fact;
}

ShortRow ShortForm::read(const table::CsvRow& row) const {
  ShortRow result;
  result.material_column = *position(Field::material);
  result.material_name = row.cells[result.material_column].text;
  if (result.material_name.empty()) {
    throw base::InputError(document_.place(row, result.material_column), "the material is missing");
  }
  result.definition.name = cell(row, Field::name);
  result.definition.formula = cell(row, Field::formula);
  result.definition.family = cell(row, Field::family);
  result.definition.mobile_ions = split_list(cell(row, Field::mobile_ion));
  result.definition.anions = split_list(cell(row, Field::anion));
  result.definition.roles = split_list(cell(row, Field::role));
  if (const std::string source = cell(row, Field::source); !source.empty()) result.source = source;
  const Fact common = common_part(row, result);

  for (std::size_t j = 0; j < columns_.size(); ++j) {
    const Column& column = columns_[j];
    const bool is_value = column.field == Field::value && position(Field::quantity);
    if ((!is_value && column.field != Field::quantity_column) || row.cells[j].text.empty()) continue;
    Fact fact = common;
    try {
      std::optional<base::Unit> unit = column.unit;
      if (is_value) {
        const std::string name = cell(row, Field::quantity);
        if (name.empty()) throw base::InputError({}, "the quantity is missing");
        fact.quantity = quantity_named(library_, name);
        if (fact.quantity.empty()) refuse_quantity(library_, name);
        if (const std::string text = cell(row, Field::unit); !text.empty()) unit = base::Unit::parse(text);
      } else {
        fact.quantity = column.name;
      }
      read_value(row, j, unit, fact);
      if (is_value) {
        if (const std::string text = cell(row, Field::qualifier); !text.empty())
          fact.qualifier = base::parse_qualifier(text);
        if (const auto high = position(Field::value_hi)) fact.value_hi = number_at(document_, row, *high);
        if (const auto error = position(Field::uncertainty); error && !row.cells[*error].text.empty()) {
          fact.uncertainty = number_at(document_, row, *error);
        }
      }
    } catch (const base::InputError& error) {
      throw error.at(document_.place(row, j));
    }
    const QuantityRule* rule = find_rule(fact.quantity);
    fact.table = cell(row, Field::table_name);
    if (fact.table.empty()) fact.table = rule != nullptr ? std::string(rule->table) : "measurement";
    set_si(fact);
    result.facts.push_back(std::move(fact));
    result.columns.push_back(j);
  }
  if (result.facts.empty()) throw base::InputError({document_.file, row.line, 0}, "the row has no number");
  return result;
}

}  // namespace closo::library::detail
