/// The one mapping between a Fact and the cells of its CSV row; reading, export and the local store all use it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "closo/library/material.hpp"
#include "closo/table/csv.hpp"

namespace closo::library::detail {

enum FactColumn : std::size_t {
  column_id,
  column_material,
  column_subject,
  column_quantity,
  column_qualifier,
  column_value,
  column_value_hi,
  column_uncertainty,
  column_unit,
  column_temperature,
  column_temperature_hi,
  column_temperature_note,
  column_pressure,
  column_phase,
  column_preparation,
  column_method,
  column_kind,
  column_conditions,
  column_source,
  column_locator,
  column_references,
  column_flags,
  column_note,
  fact_column_count
};

inline constexpr std::array<std::string_view, fact_column_count> fact_columns{
    "id",          "material", "subject",       "quantity",         "qualifier",        "value",        "value_hi",
    "uncertainty", "unit",     "temperature_K", "temperature_hi_K", "temperature_note", "pressure_MPa", "phase",
    "preparation", "method",   "kind",          "conditions",       "source",           "locator",      "references",
    "flags",       "note"};

/// Units that were parsed before, by their text.
class UnitCache {
 public:
  /// Throws: InputError as base::Unit::parse.
  const base::Unit& parse(const std::string& text);

 private:
  std::unordered_map<std::string, base::Unit> units_;
};

/// Position of each of `columns` in a document. Throws: InputError for a missing column, or one that is not in
/// `columns` and not `optional`, with the nearest name.
std::vector<std::size_t> columns_of(const table::CsvDocument& document, std::span<const std::string_view> columns,
                                    std::string_view optional = {});

/// A cell as number, empty when the cell is. Throws: InputError with file, line and column.
std::optional<double> number_at(const table::CsvDocument& document, const table::CsvRow& row, std::size_t column);

/// Reads one row of the shipped schema; `positions` from columns_of(document, fact_columns). Names of materials,
/// sources and references are not looked up. Throws: InputError with file, line and column.
Fact read_fact(const table::CsvDocument& document, const table::CsvRow& row, const std::vector<std::size_t>& positions,
               UnitCache& units);

/// Fills value_si, value_hi_si and uncertainty_si from the stated numbers and the unit of the quantity's rule.
void set_si(Fact& fact);

/// The cells of a fact; read_fact gives the same fact back.
std::array<std::string, fact_column_count> fact_cells(const Fact& fact);

std::vector<std::string> split_list(std::string_view text);    ///< "a; b" → a, b
std::string join_list(const std::vector<std::string>& items);  ///< "a;b"
/// "key=value|key=value"; a '|' inside a value is written "\|", a part without '=' belongs to the value before it.
std::vector<std::pair<std::string, std::string>> split_conditions(std::string_view text);
std::string join_conditions(const std::vector<std::pair<std::string, std::string>>& conditions);

}  // namespace closo::library::detail
