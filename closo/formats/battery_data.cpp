#include "closo/formats/battery_data.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/formats/detail/cells.hpp"
#include "closo/formats/detail/column_meaning.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {
namespace {

using detail::Cell;
using detail::Separator;

constexpr double longest_test = 10.0 * 365.25 * 86400.0;
constexpr std::size_t preface_lines = 200;

/// What a column may be called, in lower case with single blanks.
struct Meaning {
  std::string_view column;  ///< of the table
  std::string_view names;   ///< separated by '|'
  std::string_view units;   ///< any of them; empty: a plain number
};
constexpr auto meanings = std::to_array<Meaning>({
    {"time", "time|test time|total time|elapsed time|cumulative time|t", "s"},
    {"voltage", "voltage|cell voltage|potential|u|v|e|ewe|ecell|ewe-ece", "V"},
    {"current", "current|current density|specific current|i|j", "A|A/m2|A/kg"},
    {"cycle", "cycle|cycle count|cycle index|cycle number|cycle no|cycle id", ""},
    {"step", "step|step index|step count|step number|step no|ns", ""},
    {"temperature", "temperature|ambient temperature|cell temperature|temp|t|temperature t1|surface temperature t1",
     "K"},
    {"discharge_capacity", "discharge capacity|discharging capacity|dchg cap|dchg capacity|q discharge", "C|C/m2|C/kg"},
    {"charge_capacity", "charge capacity|charging capacity|chg cap|chg capacity|q charge", "C|C/m2|C/kg"},
    {"capacity", "capacity|specific capacity|areal capacity|spec cap|step capacity|q", "C|C/m2|C/kg"},
    {"discharge_energy", "discharge energy|discharging energy|dchg energy", "J"},
    {"charge_energy", "charge energy|charging energy|chg energy", "J"},
});

/// Unit words at the end of BDF's machine names.
struct UnitWord {
  std::string_view word, unit;
};
constexpr auto unit_words = std::to_array<UnitWord>({
    {"second", "s"},
    {"hour", "h"},
    {"volt", "V"},
    {"ampere", "A"},
    {"celsius", "degC"},
    {"kelvin", "K"},
    {"ah", "Ah"},
    {"wh", "Wh"},
});

bool is_one_of(std::string_view word, std::string_view list) {
  while (true) {
    const std::size_t bar = list.find('|');
    if (list.substr(0, bar) == word) return true;
    if (bar == std::string_view::npos) return false;
    list.remove_prefix(bar + 1);
  }
}

/// Lower case; underscores, dots and blanks are one blank.
std::string plain_name(std::string_view text) {
  std::string result;
  for (const char c : detail::lower_case(text)) {
    const bool is_gap = c == '_' || c == '.' || c == ' ' || c == '\t';
    if (!is_gap) {
      result += c;
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  while (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

struct Header {
  std::string name;  ///< plain
  std::optional<base::Unit> unit;
};

/// "Test Time / s", "time (h)", "U[V]", "I/mA", "test_time_second", "Cycle Index".
Header split_header(std::string_view text) {
  const std::string_view all = detail::trimmed(text);
  const auto with = [&](std::string_view name, std::string_view unit) -> std::optional<Header> {
    const std::optional<base::Unit> known = detail::instrument_unit(detail::trimmed(unit));
    if (!known) return std::nullopt;
    return Header{plain_name(detail::trimmed(name)), known};
  };
  for (const auto& [open, close] : {std::pair{'(', ')'}, std::pair{'[', ']'}}) {
    const std::size_t begin = all.find_last_of(open);
    if (begin == std::string_view::npos || begin == 0 || all.back() != close) continue;
    if (auto header = with(all.substr(0, begin), all.substr(begin + 1, all.size() - begin - 2))) return *header;
  }
  // The unit may hold a slash itself: "q / mAh/g".
  for (std::size_t slash = all.find('/'); slash != std::string_view::npos; slash = all.find('/', slash + 1)) {
    if (slash == 0) continue;
    if (auto header = with(all.substr(0, slash), all.substr(slash + 1))) return *header;
  }
  std::string name = plain_name(all);
  const std::size_t last = name.find_last_of(' ');
  if (last != std::string::npos && all.find('_') != std::string_view::npos) {
    for (const UnitWord& each : unit_words) {
      if (name.substr(last + 1) == each.word) return {name.substr(0, last), base::Unit::parse(each.unit)};
    }
  }
  return {std::move(name), std::nullopt};
}

bool has_unit_of(const Header& header, const Meaning& meaning) {
  if (meaning.units.empty()) return !header.unit || header.unit->dimension().is_dimensionless();
  if (!header.unit) return false;
  std::string_view list = meaning.units;
  while (true) {
    const std::size_t bar = list.find('|');
    if (base::Unit::parse(list.substr(0, bar)).dimension() == header.unit->dimension()) return true;
    if (bar == std::string_view::npos) return false;
    list.remove_prefix(bar + 1);
  }
}

/// Index into `meanings`; npos where the name means nothing here. A name of two meanings is told by its unit.
std::size_t meaning_of(const Header& header) {
  std::size_t named = std::string::npos;
  for (std::size_t m = 0; m < meanings.size(); ++m) {
    if (!is_one_of(header.name, meanings[m].names)) continue;
    if (has_unit_of(header, meanings[m])) return m;
    if (named == std::string::npos) named = m;
  }
  return named;
}

struct Source {
  std::size_t cell = 0;
  std::size_t meaning = 0;
  Header header;
};

struct Layout {
  std::size_t line = 0;  ///< index of the header
  Separator separator = Separator::comma;
  std::vector<std::string> cells;
  std::vector<Source> sources;
  std::string ignored;
};

bool names_voltage(const std::vector<Cell>& cells) {
  return std::ranges::any_of(cells, [](const Cell& cell) {
    const std::size_t m = meaning_of(split_header(cell.text));
    return m != std::string::npos && meanings[m].column == "voltage";
  });
}

/// The first line with two cells or more of which one names a voltage.
std::optional<Layout> find_layout(const std::vector<detail::Line>& lines) {
  for (std::size_t i = 0; i < std::min(lines.size(), preface_lines); ++i) {
    const std::string_view text = detail::trimmed(lines[i].text);
    if (text.empty() || text.front() == '#') continue;
    for (const Separator separator : {Separator::tab, Separator::semicolon, Separator::comma}) {
      const std::vector<Cell> cells = detail::split_cells(lines[i].text, separator);
      if (cells.size() < 2 || !names_voltage(cells)) continue;
      Layout layout{i, separator, {}, {}, {}};
      for (const Cell& cell : cells) layout.cells.emplace_back(cell.text);
      return layout;
    }
  }
  return std::nullopt;
}

std::string unit_example(const Meaning& meaning) {
  const std::string name(meaning.names.substr(0, meaning.names.find('|')));
  if (meaning.column == "time") return name + " (s) or (h)";
  if (meaning.column == "voltage") return name + " (V)";
  if (meaning.column == "current") return name + " (mA), (mA/cm2) or (mA/g)";
  if (meaning.column == "temperature") return name + " (degC)";
  if (meaning.column.ends_with("energy")) return name + " (Wh)";
  return name + " (mAh), (mAh/cm2) or (mAh/g)";
}

void take_columns(Layout& layout, const base::Place& header) {
  std::array<bool, meanings.size()> taken{};
  for (std::size_t i = 0; i < layout.cells.size(); ++i) {
    Source source{i, 0, split_header(layout.cells[i])};
    source.meaning = meaning_of(source.header);
    if (source.meaning == std::string::npos || taken[source.meaning]) {
      layout.ignored += (layout.ignored.empty() ? "" : ", ") + layout.cells[i];
      continue;
    }
    const Meaning& meaning = meanings[source.meaning];
    if (!has_unit_of(source.header, meaning)) {
      throw base::InputError(header,
                             "column " + detail::in_quotes(layout.cells[i]) +
                                 (source.header.unit ? " has a unit of another kind" : " has no unit that is known"),
                             meaning.units.empty() ? "a plain number" : unit_example(meaning));
    }
    taken[source.meaning] = true;
    layout.sources.push_back(std::move(source));
  }
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(layout.sources,
                               [&](const Source& source) { return meanings[source.meaning].column == name; });
  };
  const bool has_capacity = has("capacity") || has("discharge_capacity") || has("charge_capacity");
  if (!has_capacity && !has("time"))
    throw base::InputError(header, "there is neither a capacity nor a time",
                           "capacity (mAh/g), or time (s) and current (mA), besides the voltage (V)");
}

/// Σ of what the voltage did while current was above 0, less what it did below 0: below 0 where a positive current
/// discharges. Of columns of discharged capacity, where there are, the opposite sign.
double discharge_sense(const table::Table& table) {
  const table::Column* current = table.find("current");
  const table::Column* voltage = table.find("voltage");
  const table::Column* discharged = table.find("discharge_capacity");
  double by_voltage = 0.0, by_capacity = 0.0;
  for (std::size_t i = 1; current != nullptr && i < table.rows(); ++i) {
    const double a = current->values[i - 1], b = current->values[i];
    if (!(a * b > 0.0)) continue;
    const double sign = b > 0.0 ? 1.0 : -1.0;
    by_voltage += sign * (voltage->values[i] - voltage->values[i - 1]);
    if (discharged == nullptr) continue;
    const double more = discharged->values[i] - discharged->values[i - 1];
    if (more > 0.0) by_capacity -= sign * more;
  }
  return by_capacity != 0.0 ? by_capacity : by_voltage;
}

void add_doubts(table::Table& table) {
  if (const table::Column* time = table.find("time"); time != nullptr && table.rows() > 1) {
    double last = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < table.rows(); ++i) {
      if (time->values[i] < last) {
        table.metadata["warning.time"] = "the time goes back in row " + std::to_string(i + 1);
        break;
      }
      last = time->values[i];
    }
    const double span = time->values.back() - time->values.front();
    if (span > longest_test)
      table.metadata["warning.time"] = "the test lasts " + base::format_number(span / (365.25 * 86400.0), 3) +
                                       " years: is the unit of the time right?";
  }
  if (table.find("current") == nullptr) return;
  const double sense = discharge_sense(table);
  table.metadata["current.discharges"] = sense < 0.0 ? "above 0" : sense > 0.0 ? "below 0" : "";
}

bool is_discharge_growth(std::span<const double> voltage, std::size_t begin, std::size_t end) {
  return voltage[end - 1] <= voltage[begin];
}

/// Directions of the rows: 1 discharge, -1 charge, 0 rest.
std::vector<int> directions(const table::Table& table, const std::vector<double>& current) {
  const double sense = discharge_sense(table);
  double largest = 0.0;
  for (const double each : current) largest = std::max(largest, std::fabs(each));
  std::vector<int> result;
  for (const double each : current) {
    const int sign = each > 0.0 ? 1 : -1;
    result.push_back(!(std::fabs(each) > 1e-4 * largest) ? 0 : sense <= 0.0 ? sign : -sign);
  }
  return result;
}

/// Charge in each row since the row before, above 0, for rows that flow one way.
std::vector<double> increments(const table::Table& table, const std::vector<int>& direction) {
  const table::Column* discharged = table.find("discharge_capacity");
  const table::Column* charged = table.find("charge_capacity");
  const table::Column* passed = table.find("capacity");
  const table::Column* time = table.find("time");
  const table::Column* current = table.find("current");
  std::vector<double> result(table.rows(), 0.0);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const table::Column* counter = direction[i] > 0 ? discharged : charged;
    if (counter == nullptr) counter = passed;
    if (direction[i] == 0) continue;
    if (counter != nullptr) {
      const double now = std::fabs(counter->values[i]);
      const bool is_first = i == 0 || direction[i - 1] != direction[i];
      const double before = i > 0 ? std::fabs(counter->values[i - 1]) : 0.0;
      // A counter that fell was set back; one that stands far off where the branch begins counts something else.
      result[i] = now >= before && !(is_first && counter == passed) ? now - before : is_first ? 0.0 : now;
    } else if (i > 0 && direction[i - 1] == direction[i] && time != nullptr && current != nullptr) {
      result[i] = 0.5 * std::fabs(current->values[i] + current->values[i - 1]) *
                  std::max(time->values[i] - time->values[i - 1], 0.0);
    }
    if (!std::isfinite(result[i])) result[i] = 0.0;
  }
  return result;
}

void keep_growing(HalfCycle& half, double capacity, double voltage) {
  if (!std::isfinite(capacity) || !std::isfinite(voltage)) return;
  if (!half.capacity.empty() && capacity <= half.capacity.back()) return;
  half.capacity.push_back(capacity);
  half.voltage.push_back(voltage);
}

/// Without a current: a branch ends where the capacity falls back.
std::vector<HalfCycle> branches_of_capacity(const table::Table& table) {
  std::vector<HalfCycle> halves;
  const table::Column* voltage = table.find("voltage");
  const table::Column* cycle = table.find("cycle");
  for (const char* name : {"discharge_capacity", "charge_capacity", "capacity"}) {
    const table::Column* capacity = table.find(name);
    if (capacity == nullptr) continue;
    for (std::size_t begin = 0; begin < table.rows();) {
      std::size_t end = begin + 1;
      while (end < table.rows() && !(capacity->values[end] < capacity->values[end - 1])) ++end;
      HalfCycle half;
      half.is_discharge = std::string_view(name) == "capacity" ? is_discharge_growth(voltage->values, begin, end)
                                                               : std::string_view(name) == "discharge_capacity";
      half.cycle =
          cycle != nullptr && cycle->values[begin] >= 0.0 ? static_cast<std::uint32_t>(cycle->values[begin]) : 0;
      for (std::size_t i = begin; i < end; ++i) keep_growing(half, capacity->values[i], voltage->values[i]);
      if (half.capacity.size() > 1) halves.push_back(std::move(half));
      begin = end;
    }
  }
  return halves;
}

std::vector<HalfCycle> branches_of_current(const table::Table& table) {
  const std::vector<double>& voltage = table.find("voltage")->values;
  const table::Column* cycle = table.find("cycle");
  const std::vector<int> direction = directions(table, table.find("current")->values);
  const std::vector<double> charge = increments(table, direction);
  std::vector<HalfCycle> halves;
  const auto cycle_at = [&](std::size_t i) {
    return cycle != nullptr && cycle->values[i] >= 0.0 ? static_cast<std::uint32_t>(cycle->values[i]) : 0U;
  };
  double passed = 0.0;
  std::optional<std::size_t> last;  // row of the half under way
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (direction[i] == 0) continue;
    const bool goes_on = last && direction[*last] == direction[i] && cycle_at(*last) == cycle_at(i);
    if (!goes_on) {
      halves.push_back({direction[i] > 0, cycle_at(i), {}, {}});
      passed = 0.0;
    }
    passed += charge[i];
    keep_growing(halves.back(), passed, voltage[i]);
    last = i;
  }
  return halves;
}

}  // namespace

table::Table read_battery_data(std::string_view bytes, const std::string& file, const ReadOptions& options) {
  const std::string expected =
      "a header such as 'time (s),voltage (V),current (mA)', 'capacity (mAh/g),voltage (V)' or the labels of BDF";
  if (bytes.size() > options.max_bytes)
    throw base::InputError({file}, "the file has more than " + std::to_string(options.max_bytes >> 20U) + " MiB",
                           "a smaller file");
  const std::string text = detail::decode_text(bytes, file);
  const std::vector<detail::Line> lines = detail::split_lines(text);
  std::optional<Layout> layout = find_layout(lines);
  if (!layout) {
    const auto first =
        std::ranges::find_if(lines, [](const auto& line) { return !detail::trimmed(line.text).empty(); });
    if (first == lines.end()) throw base::InputError({file}, "the file is empty", expected);
    throw base::InputError(
        {file, first->number},
        "no line names a voltage; the file begins with " + detail::in_quotes(detail::trimmed(first->text)), expected);
  }
  take_columns(*layout, {file, lines[layout->line].number});

  table::Table table;
  table.source = file;
  table.metadata["format"] = "battery data";
  for (const Source& source : layout->sources)
    table.columns.push_back(
        {std::string(meanings[source.meaning].column), source.header.unit.value_or(base::Unit{}), {}});
  const auto note = [&](std::string_view comment) {
    comment = detail::trimmed(comment.substr(comment.find_first_not_of("# \t") == std::string_view::npos
                                                 ? comment.size()
                                                 : comment.find_first_not_of("# \t")));
    const std::size_t colon = comment.find(':');
    if (colon != std::string_view::npos && colon > 0)
      table.metadata.emplace(std::string(detail::trimmed(comment.substr(0, colon))),
                             std::string(detail::trimmed(comment.substr(colon + 1))));
  };
  detail::NumberReader numbers(layout->separator == Separator::comma ? detail::DecimalMark::point
                                                                     : detail::DecimalMark::unknown);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const detail::Line& line = lines[i];
    const std::string_view row = detail::trimmed(line.text);
    if (row.starts_with('#')) note(row);
    if (i <= layout->line || row.empty() || row.starts_with('#')) continue;
    std::vector<Cell> cells = detail::split_cells(line.text, layout->separator);
    if (cells.size() > layout->cells.size()) detail::drop_empty_tail(cells);
    if (cells.size() > layout->cells.size() || cells.size() + 1 < layout->cells.size())
      throw base::InputError(
          {file, line.number},
          "the row has " + std::to_string(cells.size()) + " cells, the header " + std::to_string(layout->cells.size()),
          "as many cells as the header");
    for (std::size_t c = 0; c < layout->sources.size(); ++c) {
      const std::size_t at = layout->sources[c].cell;
      const std::string_view cell = at < cells.size() ? cells[at].text : std::string_view{};
      if (cell.empty() || detail::is_not_a_number_text(cell)) {
        table.columns[c].values.push_back(std::numeric_limits<double>::quiet_NaN());
        continue;
      }
      const std::optional<double> number = numbers.read(cell);
      if (!number)
        throw base::InputError({file, line.number, cells[at].column}, detail::in_quotes(cell) + " is no number",
                               "a number in the column " + detail::in_quotes(layout->cells[at]));
      table.columns[c].values.push_back(table.columns[c].unit.to_si(*number));
    }
  }
  if (table.rows() == 0)
    throw base::InputError({file, lines[layout->line].number}, "there are no rows below the header",
                           "at least one row");
  if (!layout->ignored.empty()) table.metadata["columns.ignored"] = layout->ignored;
  add_doubts(table);
  return table;
}

HalfCycles half_cycles(const table::Table& table) {
  if (table.find("voltage") == nullptr)
    throw base::InputError({table.source}, "the table has no voltage", "a column voltage (V)");
  const table::Column* current = table.find("current");
  const table::Column* capacity = nullptr;
  for (const char* name : {"discharge_capacity", "charge_capacity", "capacity"}) {
    if (const table::Column* found = table.find(name); found != nullptr && capacity == nullptr) capacity = found;
  }
  if (capacity == nullptr && (current == nullptr || table.find("time") == nullptr))
    throw base::InputError({table.source}, "the table has no capacity that can be followed",
                           "capacity (mAh/g), or time (s) with current (mA)");
  HalfCycles result;
  const base::Dimension dimension = capacity != nullptr ? capacity->unit.dimension() : current->unit.dimension();
  const auto is = [&](const char* unit) { return base::Unit::parse(unit).dimension() == dimension; };
  result.capacity_unit = base::Unit::parse(is("C/m2") || is("A/m2") ? "C/m2" : is("C/kg") || is("A/kg") ? "C/kg" : "C");
  result.halves = current != nullptr ? branches_of_current(table) : branches_of_capacity(table);
  double largest = 0.0;
  for (const HalfCycle& half : result.halves)
    largest = std::max(largest, half.capacity.empty() ? 0.0 : half.capacity.back());
  std::erase_if(result.halves, [&](const HalfCycle& half) {
    return half.capacity.size() < 2 || !(half.capacity.back() > 0.01 * largest);
  });
  if (result.halves.empty())
    throw base::InputError({table.source}, "neither a discharge nor a charge was found", "rows in which charge flows");
  if (table.find("cycle") == nullptr) {
    std::uint32_t discharges = 0, charges = 0;
    for (HalfCycle& half : result.halves) half.cycle = ++(half.is_discharge ? discharges : charges);
  }
  return result;
}

}  // namespace closo::formats
