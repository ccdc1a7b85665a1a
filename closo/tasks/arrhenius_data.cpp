#include "closo/tasks/arrhenius_data.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/quantity.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/table/csv.hpp"

namespace closo::tasks {
namespace {

using base::InputError;
using table::CsvDocument;

constexpr double ln_10 = 2.302585092994045684;

enum class Role {
  other,
  temperature,
  inverse_temperature,
  conductivity,
  log_conductivity,
  resistance,
  value_uncertainty,
  temperature_uncertainty,
  branch
};

struct FoundColumn {
  Role role = Role::other;
  std::size_t index = 0;
  base::Unit unit;
  double factor = 1.0;       ///< 1000 for "1000/T"
  std::string problem = {};  ///< of a header that could not be read
};

std::string squeezed(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c != ' ' && c != '\t') result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

bool names_uncertainty(const std::string& name) {
  for (const char* part : {"err", "unc", "±", "+/-", "std"}) {
    if (holds(name, part)) return true;
  }
  return name == "sd" || name.starts_with("sd_") || name.ends_with("_sd");
}

// Unit inside "log10(sigma/(S/cm))", "log10(sigma) (mS/cm)"; S/cm where none stands there.
base::Unit unit_of_logarithm(std::string_view header) {
  for (std::size_t at = 0; at < header.size(); ++at) {
    if (header[at] != '/' && header[at] != '(' && header[at] != '[') continue;
    std::string text(header.substr(at + 1));
    while (!text.empty() && (text.front() == '(' || text.front() == '[' || text.front() == ' ')) text.erase(0, 1);
    while (!text.empty() && (text.back() == ')' || text.back() == ']' || text.back() == ' ')) text.pop_back();
    try {
      const base::Unit unit = base::Unit::parse(text);
      if (unit.dimension() == base::Unit::parse("S/cm").dimension()) return unit;
    } catch (const InputError&) {
      continue;  // "sigma/(S/cm)" is no unit; a later part of the header may be
    }
  }
  return base::Unit::parse("S/cm");
}

FoundColumn classify(const std::string& header, std::size_t index) {
  const std::string name = squeezed(header);
  FoundColumn found{Role::other, index, {}, 1.0, {}};
  const bool uncertainty = names_uncertainty(name);
  for (const auto& [start, factor] :
       {std::pair{"1000/t", 1000.0}, std::pair{"10^3/t", 1000.0}, std::pair{"1e3/t", 1000.0}, std::pair{"1/t", 1.0}}) {
    if (name.starts_with(start) && !uncertainty) return {Role::inverse_temperature, index, {}, factor, {}};
  }
  if ((name.starts_with("log10") || name.starts_with("lg(") || name.starts_with("log(")) && !uncertainty) {
    return {Role::log_conductivity, index, unit_of_logarithm(header), 1.0, {}};
  }
  if (name == "branch" || name == "direction") return {Role::branch, index, {}, 1.0, {}};
  table::ColumnHeader parsed;
  try {
    parsed = table::parse_column_header(header);
  } catch (const InputError& error) {
    found.problem = error.problem();  // of no interest unless a column turns out to be missing
    return found;
  }
  found.unit = parsed.unit;
  const base::Dimension dimension = parsed.unit.dimension();
  const bool temperature = parsed.has_unit && dimension == base::Unit::parse("K").dimension();
  const bool conductivity = dimension == base::Unit::parse("S/cm").dimension();
  const bool resistance = dimension == base::Unit::parse("Ohm").dimension();
  if (uncertainty) {
    const bool plain = dimension.is_dimensionless();
    if (temperature) found.role = Role::temperature_uncertainty;
    if (conductivity || resistance || plain) found.role = Role::value_uncertainty;
  } else if (temperature) {
    found.role = Role::temperature;
  } else if (conductivity) {
    found.role = Role::conductivity;
  } else if (resistance) {
    found.role = Role::resistance;
  }
  return found;
}

std::string list_of(const CsvDocument& document, const std::vector<FoundColumn>& columns) {
  std::string list;
  for (const FoundColumn& column : columns) list += (list.empty() ? "'" : ", '") + document.header[column.index] + "'";
  return list;
}

// The one column of some roles, by name if the user gives one.
const FoundColumn* choose(const CsvDocument& document, const std::vector<FoundColumn>& columns,
                          std::initializer_list<Role> roles, const std::string& wanted, const char* option,
                          const char* expected, bool required) {
  std::vector<const FoundColumn*> fitting;
  std::vector<FoundColumn> copies;
  for (const FoundColumn& column : columns) {
    if (std::ranges::find(roles, column.role) == roles.end()) continue;
    if (!wanted.empty()) {
      const std::string header = squeezed(document.header[column.index]);
      const std::string short_name = squeezed(header.substr(0, header.find_first_of("([")));
      if (header != squeezed(wanted) && short_name != squeezed(wanted)) continue;
    }
    fitting.push_back(&column);
    copies.push_back(column);
  }
  const base::Place place{document.file, document.header_line, 0};
  if (fitting.size() > 1) {
    throw InputError(place, "the columns " + list_of(document, copies) + " could all be meant",
                     std::string("one of them named with ") + option);
  }
  if (fitting.empty() && (required || !wanted.empty())) {
    std::string problem = "no such column among " + list_of(document, columns);
    if (!wanted.empty()) {
      const std::string near = base::did_you_mean(wanted, document.header);
      problem = "no fitting column '" + wanted + "'" + (near.empty() ? "" : "; " + near);
    }
    for (const FoundColumn& column : columns) {
      if (!column.problem.empty()) problem += "; " + column.problem;
    }
    throw InputError(place, problem, expected);
  }
  return fitting.empty() ? nullptr : fitting.front();
}

struct Chosen {
  const FoundColumn* temperature = nullptr;
  const FoundColumn* value = nullptr;
  const FoundColumn* uncertainty = nullptr;
  const FoundColumn* temperature_uncertainty = nullptr;
  std::optional<std::size_t> branch;
};

class RowReader {
 public:
  RowReader(const CsvDocument& document, const Chosen& chosen, const ConductivityColumns& columns)
      : document_(document), chosen_(chosen), columns_(columns) {}

  transport::ConductivityPoint read(const table::CsvRow& row) const {
    transport::ConductivityPoint point;
    point.temperature = temperature(row);
    const double relative = conductivity(row, point);
    if (chosen_.uncertainty != nullptr) {
      if (relative > 0.0) point.uncertainty = relative * point.conductivity;
    } else if (columns_.relative_uncertainty) {
      point.uncertainty = *columns_.relative_uncertainty * point.conductivity;
    }
    if (chosen_.temperature_uncertainty != nullptr) {
      const FoundColumn& column = *chosen_.temperature_uncertainty;
      point.temperature_uncertainty = column.unit.difference_to_si(number(row, column.index));
      if (point.temperature_uncertainty < 0.0) fail(row, column.index, "a negative uncertainty", "0 or more");
    } else if (columns_.temperature_uncertainty) {
      point.temperature_uncertainty = *columns_.temperature_uncertainty;
    }
    return point;
  }

 private:
  [[noreturn]] void fail(const table::CsvRow& row, std::size_t column, const std::string& problem,
                         const std::string& expected) const {
    throw InputError(document_.place(row, column), problem, expected);
  }

  double number(const table::CsvRow& row, std::size_t column) const {
    const std::string& text = row.cells[column].text;
    if (text.empty()) fail(row, column, "an empty cell under '" + document_.header[column] + "'", "a number");
    try {
      return base::parse_number(text);
    } catch (const InputError& error) {
      throw error.at(document_.place(row, column));
    }
  }

  double temperature(const table::CsvRow& row) const {
    const FoundColumn& column = *chosen_.temperature;
    const double value = number(row, column.index);
    const std::string& text = row.cells[column.index].text;
    if (column.role == Role::inverse_temperature) {
      if (!(value > 0.0))
        fail(row, column.index, "'" + text + "' as " + document_.header[column.index], "a positive number");
      return column.factor / value;
    }
    const double kelvin = column.unit.to_si(value);
    if (!(kelvin > 0.0)) {
      fail(
          row, column.index,
          "a temperature of " + text + " " + base::display(column.unit) + " (" + base::format_number(kelvin, 6) + " K)",
          "a temperature above 0 K; is the unit in the header right?");
    }
    return kelvin;
  }

  // Sets the conductivity and returns the relative uncertainty of the column, 0 without one.
  double conductivity(const table::CsvRow& row, transport::ConductivityPoint& point) const {
    const FoundColumn& column = *chosen_.value;
    const double value = number(row, column.index);
    const std::string& text = row.cells[column.index].text;
    double si = 0.0;
    if (column.role == Role::log_conductivity) {
      point.conductivity = column.unit.to_si(std::pow(10.0, value));
      if (!(point.conductivity > 0.0 && std::isfinite(point.conductivity))) {
        fail(row, column.index, "'" + text + "' as a logarithm", "log10 of a conductivity, such as -3.5");
      }
    } else {
      si = column.unit.to_si(value);
      if (!(si > 0.0)) {
        fail(row, column.index, (column.role == Role::resistance ? "a resistance of " : "a conductivity of ") + text,
             "a value above 0");
      }
      point.conductivity = column.role == Role::resistance ? *columns_.thickness / (si * *columns_.area) : si;
    }
    if (chosen_.uncertainty == nullptr) return 0.0;
    const FoundColumn& spread = *chosen_.uncertainty;
    const double stated = number(row, spread.index);
    if (!(stated > 0.0))
      fail(row, spread.index, "an uncertainty of " + row.cells[spread.index].text, "a value above 0 in every row");
    const bool plain = spread.unit.dimension().is_dimensionless();
    if (column.role == Role::log_conductivity) {
      if (!plain) return spread.unit.to_si(stated) / point.conductivity;
      const bool percent = squeezed(document_.header[spread.index]).find('%') != std::string::npos;
      return percent ? spread.unit.to_si(stated) : stated * ln_10;
    }
    return plain ? spread.unit.to_si(stated) : spread.unit.to_si(stated) / si;
  }

  const CsvDocument& document_;
  const Chosen& chosen_;
  const ConductivityColumns& columns_;
};

std::string branch_name(const CsvDocument& document, const table::CsvRow& row, std::size_t column) {
  const std::string text = squeezed(row.cells[column].text);
  if (text.starts_with("heat") || text == "up" || text == "h") return "heating";
  if (text.starts_with("cool") || text == "down" || text == "c") return "cooling";
  throw InputError(document.place(row, column), "the branch '" + row.cells[column].text + "'",
                   "heating or cooling (up or down)");
}

Chosen choose_columns(const CsvDocument& document, const std::vector<FoundColumn>& found,
                      const ConductivityColumns& columns) {
  Chosen chosen;
  chosen.temperature =
      choose(document, found, {Role::temperature, Role::inverse_temperature}, columns.temperature_column,
             "--temperature-column", "a temperature column such as 'T (degC)', 'T (K)' or '1000/T (1/K)'", true);
  // A conductivity goes before a resistance of the same file, which it was calculated from.
  const std::initializer_list<Role> conductivities{Role::conductivity, Role::log_conductivity};
  const bool has_conductivity = std::ranges::any_of(found, [](const FoundColumn& column) {
    return column.role == Role::conductivity || column.role == Role::log_conductivity;
  });
  const bool any_value = !columns.value_column.empty();
  const char* expected = "a column 'sigma (S/cm)', 'log10(sigma)' or 'R (Ohm)'";
  if (any_value) {
    chosen.value = choose(document, found, {Role::conductivity, Role::log_conductivity, Role::resistance},
                          columns.value_column, "--value-column", expected, true);
  } else if (has_conductivity) {
    chosen.value = choose(document, found, conductivities, "", "--value-column", expected, true);
  } else {
    chosen.value = choose(document, found, {Role::resistance}, "", "--value-column", expected, true);
  }
  if (chosen.value->role == Role::resistance && !(columns.thickness && columns.area)) {
    throw base::ParameterError("thickness, diameter",
                               "missing for the resistance column '" + document.header[chosen.value->index] + "'",
                               "the thickness and the diameter (or area) of the pellet");
  }
  std::vector<FoundColumn> spreads;
  for (const FoundColumn& column : found) {
    // Decades only belong to a logarithm, ohms only to a resistance.
    const base::Dimension dimension = column.unit.dimension();
    const bool percent = squeezed(document.header[column.index]).find('%') != std::string::npos;
    const bool of_value = chosen.value->role == Role::log_conductivity
                              ? dimension.is_dimensionless() || dimension == chosen.value->unit.dimension()
                              : percent || dimension == chosen.value->unit.dimension();
    if (column.role == Role::temperature_uncertainty || (column.role == Role::value_uncertainty && of_value))
      spreads.push_back(column);
  }
  const auto pick = [&](Role role) -> const FoundColumn* {
    const FoundColumn* copy = choose(document, spreads, {role}, "", "its uncertainty removed", "an uncertainty", false);
    if (copy == nullptr) return nullptr;
    return &*std::ranges::find(found, copy->index, &FoundColumn::index);
  };
  chosen.uncertainty = pick(Role::value_uncertainty);
  chosen.temperature_uncertainty = pick(Role::temperature_uncertainty);
  if (!columns.branch_column.empty()) {
    const std::size_t index = document.index_of(columns.branch_column);
    if (index >= document.header.size()) {
      const std::string near = base::did_you_mean(columns.branch_column, document.header);
      throw InputError({document.file, document.header_line, 0},
                       "no column '" + columns.branch_column + "'" + (near.empty() ? "" : "; " + near),
                       "the name of a column");
    }
    chosen.branch = index;
  } else if (const FoundColumn* column =
                 choose(document, found, {Role::branch}, "", "--branch-column", "a branch column", false)) {
    chosen.branch = column->index;
  }
  return chosen;
}

}  // namespace

ConductivityData read_conductivities(std::string_view csv_text, const std::string& file,
                                     const ConductivityColumns& columns) {
  const CsvDocument document = table::parse_csv(csv_text, file);
  std::vector<FoundColumn> found;
  for (std::size_t i = 0; i < document.header.size(); ++i) found.push_back(classify(document.header[i], i));
  const Chosen chosen = choose_columns(document, found, columns);

  ConductivityData data;
  data.temperature_name = document.header[chosen.temperature->index];
  data.value_name = document.header[chosen.value->index];
  if (chosen.uncertainty != nullptr) data.uncertainty_name = document.header[chosen.uncertainty->index];
  const RowReader reader(document, chosen, columns);
  for (const table::CsvRow& row : document.rows) {
    const transport::ConductivityPoint point = reader.read(row);
    const std::string name = chosen.branch ? branch_name(document, row, *chosen.branch) : "";
    auto branch = std::ranges::find(data.branches, name, &ConductivityBranch::name);
    if (branch == data.branches.end()) branch = data.branches.insert(branch, ConductivityBranch{name, {}, {}});
    // A copied row would count its point twice and make the law look better known than it is.
    const auto same = std::ranges::find_if(branch->points, [&point](const transport::ConductivityPoint& other) {
      return other.temperature == point.temperature && other.conductivity == point.conductivity;
    });
    if (same != branch->points.end()) {
      const std::size_t first = branch->lines[static_cast<std::size_t>(same - branch->points.begin())];
      data.warnings.push_back("line " + std::to_string(row.line) + " repeats line " + std::to_string(first) +
                              " and was left out");
      continue;
    }
    branch->points.push_back(point);
    branch->lines.push_back(row.line);
  }
  std::ranges::stable_sort(data.branches, [](const ConductivityBranch& a, const ConductivityBranch& b) {
    return a.name == "heating" && b.name != "heating";
  });
  for (const ConductivityBranch& branch : data.branches) {
    if (branch.points.size() >= 2) continue;
    throw InputError({document.file, branch.lines.empty() ? 0 : branch.lines.front(), 0},
                     "only one point" + (branch.name.empty() ? std::string() : " in the branch " + branch.name),
                     "at least two points at different temperatures");
  }
  if (data.branches.empty())
    throw InputError({document.file, document.header_line, 0}, "no rows below the header", "at least two points");
  return data;
}

}  // namespace closo::tasks
