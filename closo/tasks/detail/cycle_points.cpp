#include "closo/tasks/detail/cycle_points.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/table/csv.hpp"
#include "closo/tasks/detail/evaluation.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks::detail {
namespace {

constexpr std::string_view accepted =
    "a header such as 'cycle,capacity (mAh/g)' or 'cycle,retention (%)', then one row for each cycle";

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return result;
}

struct Columns {
  std::optional<std::size_t> cycle, capacity, retention;
  double capacity_factor = 1.0;  // to C/kg
  base::Unit capacity_unit, retention_unit;
};

Columns find_columns(const table::CsvDocument& document, double active_mass) {
  Columns columns;
  const base::Place header{document.file, document.header_line, 0};
  for (std::size_t k = 0; k < document.header.size(); ++k) {
    table::ColumnHeader column;
    try {
      column = table::parse_column_header(document.header[k]);
    } catch (const base::InputError& error) {
      throw error.at(header);
    }
    const std::string name = lower(column.name);
    if (name.starts_with("cycle") && !columns.cycle) {
      columns.cycle = k;
    } else if (name.find("retention") != std::string::npos && !columns.retention) {
      columns.retention = k;
      columns.retention_unit = column.unit;
    } else if (!columns.capacity && (name == "capacity" || (name.find("discharge") != std::string::npos &&
                                                            name.find("capacity") != std::string::npos))) {
      columns.capacity = k;
      columns.capacity_unit = column.unit;
    }
  }
  if (!columns.cycle) throw base::InputError(header, "no column 'cycle'", std::string(accepted));
  if (!columns.capacity && !columns.retention)
    throw base::InputError(header, "neither a column 'capacity' nor 'retention'", std::string(accepted));
  if (columns.capacity) {
    if (columns.capacity_unit.is_compatible_with(base::Unit::parse("mAh/cm2"))) {
      columns.capacity_factor = 1.0 / active_mass;
    } else if (!columns.capacity_unit.is_compatible_with(base::Unit::parse("mAh/g"))) {
      throw base::InputError(header, "the unit of '" + document.header[*columns.capacity] + "' is no capacity",
                             "mAh/g or mAh/cm2, as 'capacity (mAh/g)'");
    }
  }
  if (columns.retention && !columns.retention_unit.is_compatible_with(base::Unit::parse("%")))
    throw base::InputError(header, "the unit of '" + document.header[*columns.retention] + "' is no fraction",
                           "%, as 'retention (%)'");
  return columns;
}

std::optional<double> number_at(const table::CsvDocument& document, const table::CsvRow& row, std::size_t column) {
  const std::string& text = row.cells[column].text;
  if (text.empty()) return std::nullopt;
  try {
    return base::parse_number(text);
  } catch (const base::InputError& error) {
    throw error.at(document.place(row, column));
  }
}

}  // namespace

CyclePoints parse_cycle_points(std::string_view text, const std::string& file, double active_mass) {
  const table::CsvDocument document = table::parse_csv(text, file);
  const Columns columns = find_columns(document, active_mass);
  CyclePoints points{"measured", {}, {}};
  for (const table::CsvRow& row : document.rows) {
    const std::optional<double> cycle = number_at(document, row, *columns.cycle);
    if (!cycle) continue;
    if (!(*cycle >= 0.0))
      throw base::InputError(document.place(row, *columns.cycle), "a cycle below 0", "cycles from 0 or 1 on");
    const std::string hover = file + ", line " + std::to_string(row.line);
    const auto take = [&](std::optional<std::size_t> column, const base::Unit& unit, double factor,
                          std::vector<CyclePoint>& list) {
      if (!column) return;
      const std::optional<double> value = number_at(document, row, *column);
      if (!value) return;
      if (!(*value >= 0.0))
        throw base::InputError(document.place(row, *column), "a value below 0", "a capacity or retention from 0 on");
      list.push_back({*cycle, unit.to_si(*value) * factor, hover});
    };
    take(columns.capacity, columns.capacity_unit, columns.capacity_factor, points.capacity);
    take(columns.retention, columns.retention_unit, 1.0, points.retention);
  }
  if (points.capacity.empty() && points.retention.empty())
    throw base::InputError({file}, "no row has a cycle and a value", std::string(accepted));
  if (points.retention.empty() && points.capacity.front().value > 0.0) {
    for (const CyclePoint& point : points.capacity)
      points.retention.push_back({point.cycle, point.value / points.capacity.front().value, point.hover});
  }
  const bool is_percent_as_number =
      columns.retention && columns.retention_unit == base::Unit() &&
      std::ranges::any_of(points.retention, [](const CyclePoint& p) { return p.value > 2; });
  if (is_percent_as_number)
    throw base::InputError({file, document.header_line, 0}, "retentions above 2 without a unit", "'retention (%)'");
  return points;
}

CyclePoints library_cycle_points(const System& system, const Context& context) {
  CyclePoints points{"published", {}, {}};
  if (!system.cathode) return points;
  const library::Library library = load_library(context);
  System electrolyte = system;  // electrodes of own making are no matter for the library here
  electrolyte.anode.reset();
  electrolyte.cathode.reset();
  report::Report aside;
  const Evaluation evaluation = prepare(electrolyte, {}, library, aside);
  for (const library::Fact* fact : facts_of(evaluation, evaluation.electrolyte, "cell")) {
    if (!fact->value_si || fact->is_doubtful() || fact->condition("cathode") != system.cathode->active) continue;
    const std::optional<double> cycle = base::try_parse_number(std::string(fact->condition("cycle")));
    if (!cycle) continue;
    const std::string hover = report::to_text(fact_value(library, *fact)) + "\n" + library.citation(*fact);
    if (fact->quantity == "capacity retention") points.retention.push_back({*cycle, *fact->value_si, hover});
    const bool is_capacity = fact->quantity == "discharge capacity" || fact->quantity == "initial discharge capacity";
    if (is_capacity && fact->unit.is_compatible_with(base::Unit::parse("mAh/g")))
      points.capacity.push_back({*cycle, *fact->value_si, hover});
  }
  return points;
}

}  // namespace closo::tasks::detail
