#include "closo/tasks/composite_points.hpp"

#include <optional>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/table/csv.hpp"

namespace closo::tasks {
namespace {

struct NumberColumn {
  std::size_t index = 0;
  base::Unit unit;
};

NumberColumn find_column(const table::CsvDocument& document, const std::vector<std::string>& names,
                         const std::string& unit) {
  const base::Place header{document.file, document.header_line};
  for (std::size_t i = 0; i < document.header.size(); ++i) {
    const table::ColumnHeader found = table::parse_column_header(document.header[i]);
    bool is_named = false;
    for (const std::string& name : names) is_named = is_named || found.name == name;
    if (!is_named) continue;
    if (!found.has_unit || !base::is_convertible(found.unit, base::Unit::parse(unit)))
      throw base::InputError(header, "the unit of column '" + document.header[i] + "' is not one of its kind",
                             names.front() + " (" + unit + ")");
    return {i, found.unit};
  }
  throw base::InputError(header, "there is no column '" + names.front() + "'",
                         "columns fraction (vol%), T (degC), sigma (S/cm), and where known uncertainty (%) and note");
}

std::optional<NumberColumn> uncertainty_column(const table::CsvDocument& document) {
  for (std::size_t i = 0; i < document.header.size(); ++i) {
    const table::ColumnHeader found = table::parse_column_header(document.header[i]);
    if (found.name != "uncertainty") continue;
    if (!found.has_unit || (!base::is_convertible(found.unit, base::Unit::parse("%")) &&
                            !base::is_convertible(found.unit, base::Unit::parse("S/m"))))
      throw base::InputError({document.file, document.header_line}, "the uncertainty is no share and no conductivity",
                             "uncertainty (%) or uncertainty (S/cm)");
    return NumberColumn{i, found.unit};
  }
  return std::nullopt;
}

}  // namespace

std::vector<MeasuredComposite> parse_composite_points(const std::string& text, const std::string& file) {
  const table::CsvDocument document = table::parse_csv(text, file);
  const NumberColumn fraction = find_column(document, {"fraction", "filler fraction", "filler_fraction"}, "vol%");
  const NumberColumn temperature = find_column(document, {"T", "temperature"}, "degC");
  const NumberColumn sigma = find_column(document, {"sigma", "conductivity"}, "S/cm");
  const std::optional<NumberColumn> uncertainty = uncertainty_column(document);
  const std::size_t note = document.index_of("note");
  std::vector<MeasuredComposite> points;
  for (const table::CsvRow& row : document.rows) {
    MeasuredComposite measured;
    const auto number = [&](const NumberColumn& column, std::string cell) {
      try {
        return column.unit.to_si(base::parse_number(cell));
      } catch (const base::InputError& error) {
        throw error.at(document.place(row, column.index));
      }
    };
    const auto refuse = [&](const NumberColumn& column, const std::string& what, const std::string& expected) {
      return base::InputError(document.place(row, column.index), what, expected);
    };
    measured.point.filler_fraction = number(fraction, row.cells[fraction.index].text);
    if (!(measured.point.filler_fraction >= 0.0 && measured.point.filler_fraction <= 1.0))
      throw refuse(fraction, "'" + row.cells[fraction.index].text + "' is no share", "0 to 100 vol%");
    measured.point.temperature = number(temperature, row.cells[temperature.index].text);
    if (!(measured.point.temperature > 0.0)) throw refuse(temperature, "no temperature above 0 K", "above 0 K");
    std::string cell = row.cells[sigma.index].text;
    if (cell.starts_with('<')) {
      measured.is_upper_limit = true;
      cell = cell.substr(cell.find_first_not_of("<= "));
    } else if (cell.starts_with('~')) {
      cell = cell.substr(cell.find_first_not_of("~ "));
    }
    measured.point.conductivity = number(sigma, cell);
    if (!(measured.point.conductivity > 0.0))
      throw refuse(sigma, "'" + row.cells[sigma.index].text + "' is no conductivity above 0", "a value above 0");
    if (uncertainty && !row.cells[uncertainty->index].text.empty()) {
      const double stated = number(*uncertainty, row.cells[uncertainty->index].text);
      const bool is_share = base::is_convertible(uncertainty->unit, base::Unit::parse("%"));
      measured.point.relative_uncertainty = is_share ? stated : stated / measured.point.conductivity;
      if (!(measured.point.relative_uncertainty > 0.0))
        throw refuse(*uncertainty, "an uncertainty that is not above 0", "a value above 0, or an empty cell");
    }
    if (note != std::string::npos) measured.note = row.cells[note].text;
    points.push_back(std::move(measured));
  }
  if (points.empty()) throw base::InputError({file}, "the table has no rows", "at least one conductivity");
  return points;
}

std::vector<MeasuredComposite> read_composite_points(const std::string& file) {
  return parse_composite_points(base::read_text_file(file), file);
}

}  // namespace closo::tasks
