#include "closo/formats/detail/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <set>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/formats/temperature_text.hpp"

namespace closo::formats::detail {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

bool is_needed(const SpectrumColumns& chosen, std::size_t column) {
  if (column == chosen.frequency) return true;
  if (chosen.is_cartesian()) return column == *chosen.real || column == *chosen.imaginary;
  return column == *chosen.modulus || column == *chosen.phase;
}

/// Begins of the groups of rows that are one spectrum each.
std::vector<std::size_t> starts_where_it_changes(const std::vector<double>& values) {
  std::vector<std::size_t> starts = {0};
  for (std::size_t i = 1; i < values.size(); ++i) {
    const bool same = values[i] == values[i - 1] || (std::isnan(values[i]) && std::isnan(values[i - 1]));
    if (!same) starts.push_back(i);
  }
  return starts;
}

/// Sweeps: each runs strictly one way for at least three points and each begins within 1 % of the first frequency.
/// Anything else (an up and down sweep, repeated points) stays one spectrum.
std::vector<std::size_t> starts_of_sweeps(const std::vector<double>& frequency) {
  const std::vector<std::size_t> whole = {0};
  constexpr std::size_t shortest = 3;
  if (frequency.size() < 2 * shortest || frequency[0] == frequency[1]) return whole;
  const bool is_rising = frequency[1] > frequency[0];
  std::vector<std::size_t> starts = {0};
  for (std::size_t i = 1; i < frequency.size(); ++i) {
    if (frequency[i] != frequency[i - 1] && (frequency[i] > frequency[i - 1]) == is_rising) continue;
    const bool is_back = std::abs(frequency[i] - frequency[0]) <= 0.01 * std::abs(frequency[0]);
    if (!is_back || i - starts.back() < shortest) return whole;
    starts.push_back(i);
  }
  return frequency.size() - starts.back() < shortest ? whole : starts;
}

/// Whether Z'' follows -(pi/2) dZ'/dln f in direction (correlation) and roughly in size, as -Z'' of a cell does. A
/// series inductance, which also makes Z'' positive, leaves Z' as it is.
bool looks_negated(const std::vector<double>& frequency, const std::vector<double>& real,
                   const std::vector<double>& imaginary) {
  std::vector<std::size_t> order(frequency.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return frequency[i]; });
  double product = 0.0, slopes = 0.0, parts = 0.0;
  for (std::size_t k = 1; k + 1 < order.size(); ++k) {
    const double step = std::log(frequency[order[k + 1]] / frequency[order[k - 1]]);
    if (!(step > 0.0)) continue;
    const double slope = (real[order[k + 1]] - real[order[k - 1]]) / step;
    const double part = imaginary[order[k]];
    // Scaled by the modulus so that the largest impedances do not decide alone.
    const double modulus = std::hypot(real[order[k]], part);
    if (!(modulus > 0.0) || !std::isfinite(slope)) continue;
    product += slope / modulus * (part / modulus);
    slopes += slope / modulus * (slope / modulus);
    parts += part / modulus * (part / modulus);
  }
  if (!(slopes > 0.0) || !(parts > 0.0)) return false;
  const double correlation = product / std::sqrt(slopes * parts);
  const double ratio = product / slopes / (std::numbers::pi / 2.0);
  return correlation < -0.5 && ratio < -0.25 && ratio > -4.0;
}

struct Part {
  std::vector<double> frequency, real, imaginary, modulus, phase;
};

bool mostly_positive(const std::vector<double>& values) {
  return 2 * std::ranges::count_if(values, [](double v) { return v > 0.0; }) >
         static_cast<std::ptrdiff_t>(values.size());
}

/// Whether values without unit are degrees: no phase in radians exceeds pi. Small ones are compared with Z'' and Z'.
bool is_in_degrees(const std::vector<double>& phase, const Part& part, Metadata& metadata) {
  double largest = 0.0;
  for (const double value : phase) largest = std::max(largest, std::isnan(value) ? 0.0 : std::abs(value));
  if (largest > 1.01 * std::numbers::pi) return true;
  if (!part.real.empty()) {
    double as_degrees = 0.0, as_radians = 0.0;
    for (std::size_t i = 0; i < phase.size(); ++i) {
      if (std::isnan(phase[i])) continue;
      const double angle = std::abs(std::atan2(part.imaginary[i], part.real[i]));
      as_degrees += std::abs(std::abs(phase[i]) * std::numbers::pi / 180.0 - angle);
      as_radians += std::abs(std::abs(phase[i]) - angle);
    }
    return as_degrees < as_radians;
  }
  metadata["warning.phase_unit"] = "the phase has no unit and stays below pi: taken as radians";
  return false;
}

class Finisher {
 public:
  Finisher(SpectrumDraft draft, const ReadOptions& options) : draft_(std::move(draft)), options_(options) {}

  std::vector<table::Table> tables() {
    drop_dc_rows();
    if (draft_.rows() == 0) {
      throw base::InputError(place_of_header(), "there are no points of impedance data", "at least one row of numbers");
    }
    check_rows();
    const std::vector<std::size_t> starts = find_starts();
    std::vector<table::Table> tables;
    for (std::size_t i = 0; i < starts.size(); ++i) {
      const std::size_t end = i + 1 < starts.size() ? starts[i + 1] : draft_.rows();
      tables.push_back(table(starts[i], end));
      if (starts.size() > 1) {
        tables.back().metadata["loop"] = std::to_string(i + 1);
        tables.back().metadata["loops"] = std::to_string(starts.size());
      }
    }
    return tables;
  }

 private:
  base::Place place_of_header() const { return {draft_.file}; }

  /// In files of several techniques the others have frequency 0.
  void drop_dc_rows() {
    if (!draft_.has_dc_rows) return;
    const std::vector<double>& frequency = draft_.values[draft_.chosen.frequency];
    std::vector<std::size_t> kept;
    std::vector<std::size_t> blocks;  // other techniques in between end a spectrum
    std::size_t block = 0;
    for (std::size_t i = 0; i < draft_.rows(); ++i) {
      if (frequency[i] == 0.0) {
        if (!kept.empty() && kept.back() + 1 == i) ++block;
        continue;
      }
      kept.push_back(i);
      blocks.push_back(block);
    }
    const std::size_t dropped = draft_.rows() - kept.size();
    if (dropped == 0) return;
    if (kept.empty()) {
      throw base::InputError({draft_.file, draft_.lines.front()},
                             "all " + std::to_string(dropped) + " rows have the frequency 0: no impedance was measured",
                             "rows with a frequency");
    }
    const auto keep = [&kept](auto& values) {
      if (values.empty()) return;
      for (std::size_t i = 0; i < kept.size(); ++i) values[i] = values[kept[i]];
      values.resize(kept.size());
    };
    for (std::vector<double>& column : draft_.values) keep(column);
    keep(draft_.lines);
    keep(draft_.loops);
    if (draft_.loops.empty()) {
      draft_.loops = blocks;
    } else {
      for (std::size_t i = 0; i < blocks.size(); ++i) draft_.loops[i] += blocks[i];
    }
    draft_.metadata["skipped_dc_rows"] = std::to_string(dropped);
  }

  void check_rows() const {
    const std::vector<double>& frequency = draft_.values[draft_.chosen.frequency];
    for (std::size_t i = 0; i < draft_.rows(); ++i) {
      if (!(frequency[i] > 0.0) || !std::isfinite(frequency[i])) {
        throw base::InputError(place_of_row(i), "the frequency is " + number_text(frequency[i]) + row_name(i),
                               "a positive number of Hz");
      }
      for (std::size_t c = 0; c < draft_.columns.size(); ++c) {
        if (is_needed(draft_.chosen, c) && !std::isfinite(draft_.values[c][i])) {
          throw base::InputError(
              place_of_row(i),
              "column " + in_quotes(draft_.columns[c].header) + " is not a finite number" + row_name(i),
              "a number in every row");
        }
      }
    }
  }

  static std::string number_text(double value) {
    return std::isfinite(value) ? base::format_number(value) : std::string("not a finite number");
  }
  base::Place place_of_row(std::size_t row) const { return {draft_.file, draft_.lines[row]}; }
  std::string row_name(std::size_t row) const {
    return draft_.lines[row] == 0 ? " in point " + std::to_string(row + 1) : std::string();
  }

  std::vector<std::size_t> find_starts() const {
    if (!draft_.loops.empty()) {
      return starts_where_it_changes(std::vector<double>(draft_.loops.begin(), draft_.loops.end()));
    }
    for (std::size_t c = 0; c < draft_.columns.size(); ++c) {
      if (draft_.columns[c].quantity != Quantity::loop) continue;
      const std::vector<std::size_t> starts = starts_where_it_changes(draft_.values[c]);
      // A counter of points is no counter of loops.
      if (2 * starts.size() <= draft_.rows() && starts.size() > 1) return starts;
    }
    return starts_of_sweeps(draft_.values[draft_.chosen.frequency]);
  }

  /// Values [begin, end) of a column in SI.
  std::vector<double> si(std::size_t column, std::size_t begin, std::size_t end) const {
    const auto offset = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
    const std::vector<double>& all = draft_.values[column];
    std::vector<double> values(all.begin() + offset(begin), all.begin() + offset(end));
    for (double& value : values) value = draft_.columns[column].unit.to_si(value);
    return values;
  }

  table::Table table(std::size_t begin, std::size_t end) const {
    table::Table result;
    result.source = draft_.file;
    result.metadata = draft_.metadata;
    result.metadata["format"] = draft_.format;
    if (draft_.lines[begin] != 0) result.metadata["source_line"] = std::to_string(draft_.lines[begin]);

    Part part = impedance(begin, end, result.metadata);
    result.columns.push_back(make_column("frequency", "Hz", part.frequency));
    result.columns.push_back(make_column("Z_real", "Ohm", part.real));
    result.columns.push_back(make_column("Z_imag", "Ohm", part.imaginary));
    if (!part.modulus.empty()) result.columns.push_back(make_column("Z_modulus", "Ohm", std::move(part.modulus)));
    if (!part.phase.empty()) result.columns.push_back(make_column("Z_phase", "rad", std::move(part.phase)));
    add_other_columns(result, begin, end);

    if (end - begin == 1) result.metadata["warning.one_point"] = "the spectrum has only one point";
    note_temperature_of_column(result);
    note_temperature(result.metadata, draft_.file.substr(draft_.file.find_last_of("/\\") + 1), "file name");
    return result;
  }

  Part impedance(std::size_t begin, std::size_t end, Metadata& metadata) const {
    const SpectrumColumns& chosen = draft_.chosen;
    Part part;
    part.frequency = si(chosen.frequency, begin, end);
    if (draft_.columns[chosen.frequency].quantity == Quantity::angular_frequency) {
      for (double& value : part.frequency) value /= 2.0 * std::numbers::pi;
    }
    if (chosen.is_cartesian()) {
      part.real = si(*chosen.real, begin, end);
      part.imaginary = si(*chosen.imaginary, begin, end);
      if (is_minus_imaginary(part, metadata)) {
        for (double& value : part.imaginary) value = 0.0 - value;
      }
    }
    if (chosen.modulus) part.modulus = si(*chosen.modulus, begin, end);
    if (chosen.phase) {
      part.phase = si(*chosen.phase, begin, end);
      if (draft_.columns[*chosen.phase].is_negative) {
        for (double& value : part.phase) value = 0.0 - value;
      }
      if (!draft_.columns[*chosen.phase].has_unit && is_in_degrees(part.phase, part, metadata)) {
        for (double& value : part.phase) value *= std::numbers::pi / 180.0;
      }
    }
    if (!chosen.is_cartesian()) {
      for (std::size_t i = 0; i < part.modulus.size(); ++i) {
        part.real.push_back(part.modulus[i] * std::cos(part.phase[i]));
        part.imaginary.push_back(part.modulus[i] * std::sin(part.phase[i]));
      }
      metadata["sign_convention"] = draft_.columns[*chosen.phase].is_negative ? "negated: -phase" : "as written";
    }
    warn_about_sign(part, metadata);
    return part;
  }

  bool is_minus_imaginary(const Part& part, Metadata& metadata) const {
    const ColumnMeaning& column = draft_.columns[*draft_.chosen.imaginary];
    if (options_.imaginary == ImaginarySign::negated) {
      metadata["sign_convention"] = "negated: as asked";
      return true;
    }
    if (options_.imaginary == ImaginarySign::as_written) {
      metadata["sign_convention"] = "as written: as asked";
      return false;
    }
    if (column.is_signed) {
      metadata["sign_convention"] =
          column.is_negative ? "negated: the column is " + in_quotes(column.header) : std::string("as written");
      return column.is_negative;
    }
    if (mostly_positive(part.imaginary) && looks_negated(part.frequency, part.real, part.imaginary)) {
      metadata["sign_convention"] = "negated: without a header, the slope of Z' says that the column is -Z''";
      metadata["warning.sign"] = "no header tells the sign of Z''; taken as -Z'' because Z' falls with frequency";
      return true;
    }
    metadata["sign_convention"] = "as written: without a header";
    return false;
  }

  void warn_about_sign(const Part& part, Metadata& metadata) const {
    if (options_.imaginary != ImaginarySign::automatic || metadata.contains("warning.sign")) return;
    if (draft_.chosen.is_cartesian() && !part.phase.empty()) {
      std::size_t same = 0, opposite = 0;
      for (std::size_t i = 0; i < part.phase.size(); ++i) {
        const double sign = part.imaginary[i] * std::sin(part.phase[i]);
        same += sign > 0.0 ? 1 : 0;
        opposite += sign < 0.0 ? 1 : 0;
      }
      if (opposite > same) metadata["warning.sign"] = "Z'' and the phase of the file have opposite signs";
      return;
    }
    if (mostly_positive(part.imaginary) && looks_negated(part.frequency, part.real, part.imaginary)) {
      metadata["warning.sign"] = "most Z'' are positive although Z' falls with frequency: the file may hold -Z''";
    }
  }

  void add_other_columns(table::Table& result, std::size_t begin, std::size_t end) const {
    static constexpr std::pair<Quantity, std::string_view> named[] = {{Quantity::time, "time"},
                                                                      {Quantity::voltage, "voltage"},
                                                                      {Quantity::current, "current"},
                                                                      {Quantity::temperature, "temperature"},
                                                                      {Quantity::loop, "loop"}};
    const SpectrumColumns& chosen = draft_.chosen;
    std::set<std::string> used;
    for (const table::Column& column : result.columns) used.insert(lower_case(column.name));
    std::string text_columns;
    for (std::size_t c = 0; c < draft_.columns.size(); ++c) {
      if (is_needed(chosen, c) || chosen.modulus == c || chosen.phase == c || chosen.real == c ||
          chosen.imaginary == c) {
        continue;
      }
      const ColumnMeaning& meaning = draft_.columns[c];
      if (draft_.has_text[c]) {
        text_columns += (text_columns.empty() ? "" : ", ") + meaning.header;
        continue;
      }
      std::string name = meaning.name.empty() ? "column_" + std::to_string(c + 1) : meaning.name;
      for (const auto& [quantity, standard] : named) {
        const bool is_known = meaning.has_unit || quantity == Quantity::loop;
        if (quantity == meaning.quantity && is_known && !used.contains(std::string(standard))) name = standard;
      }
      const std::string first = name;
      for (std::size_t copy = 2; used.contains(lower_case(name)); ++copy) name = first + "_" + std::to_string(copy);
      used.insert(lower_case(name));
      std::vector<double> values = si(c, begin, end);
      if (std::ranges::all_of(values, [](double v) { return std::isnan(v); })) continue;
      result.columns.push_back({std::move(name), meaning.unit, std::move(values)});
    }
    if (!text_columns.empty()) result.metadata["text_columns"] = text_columns;
  }

  static void note_temperature_of_column(table::Table& result) {
    const table::Column* column = result.find("temperature");
    if (column == nullptr || column->unit.dimension() != base::Unit::parse("K").dimension()) return;
    double sum = 0.0;
    std::size_t count = 0;
    for (const double kelvin : column->values) {
      if (!(kelvin > 0.0 && kelvin < 2300.0)) return;  // an unconnected sensor
      sum += kelvin;
      ++count;
    }
    result.metadata["temperature_degC"] = base::format_number(sum / static_cast<double>(count) - 273.15, 7);
    result.metadata["temperature_source"] = "column";
  }

  SpectrumDraft draft_;
  const ReadOptions& options_;
};

}  // namespace

SpectrumDraft SpectrumDraft::with_columns(std::string file, std::string format, std::vector<ColumnMeaning> columns,
                                          const base::Place& place) {
  SpectrumDraft draft;
  draft.file = std::move(file);
  draft.format = std::move(format);
  // A spreadsheet takes "-Im(Z)/Ohm" for a formula and shows an error in its place, right behind the real part.
  for (std::size_t i = 1; i < columns.size(); ++i) {
    const bool is_formula = columns[i].header.starts_with("#NAME") && columns[i - 1].quantity == Quantity::real;
    if (!is_formula) continue;
    columns[i].quantity = Quantity::imaginary;
    columns[i].is_negative = true;
    draft.metadata["warning.header"] = "column '" + columns[i].header + "' behind '" + columns[i - 1].header +
                                       "' is taken as -Im(Z), which spreadsheets show so";
  }
  draft.chosen = require_spectrum_columns(columns, place);
  draft.columns = std::move(columns);
  draft.values.resize(draft.columns.size());
  draft.has_text.resize(draft.columns.size(), false);
  return draft;
}

void RowReader::add(const Line& line) {
  std::vector<Cell> cells = split_cells(line.text, separator_);
  const std::size_t wanted = draft_.columns.size();
  while (cells.size() > wanted && cells.back().text.empty()) cells.pop_back();
  const base::Place place{draft_.file, line.number};
  if (cells.size() != wanted) {
    throw base::InputError(place,
                           "the row has " + std::to_string(cells.size()) + (cells.size() == 1 ? " cell" : " cells"),
                           std::to_string(wanted) + " cells, as many as there are columns" +
                               (cells.size() < wanted ? " (is the file cut off?)" : ""));
  }
  for (std::size_t c = 0; c < wanted; ++c) {
    const Cell& cell = cells[c];
    const std::optional<double> value = numbers_.read(cell.text);
    if (!value) {
      const bool is_nan = is_not_a_number_text(cell.text);
      if (is_needed(draft_.chosen, c)) {
        const std::string what = cell.text.empty() ? "is empty" : "is " + in_quotes(cell.text);
        std::string expected = "a finite number";
        if (numbers_.mark() != DecimalMark::unknown && cell.text.find_first_of(".,") != std::string_view::npos) {
          expected += numbers_.mark() == DecimalMark::comma ? " with a decimal comma as before"
                                                            : " with a decimal point as before";
        }
        throw base::InputError({draft_.file, line.number, cell.column},
                               "column " + in_quotes(draft_.columns[c].header) + " " + what, expected);
      }
      if (!cell.text.empty() && !is_nan) draft_.has_text[c] = true;
    }
    draft_.values[c].push_back(value.value_or(not_a_number));
  }
  draft_.lines.push_back(line.number);
}

std::vector<table::Table> finish_spectra(SpectrumDraft draft, const ReadOptions& options) {
  return Finisher(std::move(draft), options).tables();
}

void add_comment(Metadata& metadata, std::string_view line) {
  line = trimmed(line);
  while (!line.empty() && (line.front() == '#' || line.front() == '%' || line.front() == '!')) {
    line = trimmed(line.substr(1));
  }
  constexpr std::size_t longest = 400, most_entries = 300;
  if (line.empty() || line.size() > longest || metadata.size() > most_entries) return;
  const std::size_t mark = line.find_first_of(":=");
  if (mark != std::string_view::npos && mark > 0 && mark < 60) {
    const std::string key(trimmed(line.substr(0, mark)));
    const std::string value(trimmed(line.substr(mark + 1)));
    // A time of day or a drive letter has no blank behind its colon.
    const bool is_pair =
        line[mark] == '=' || mark + 1 == line.size() || line[mark + 1] == ' ' || line[mark + 1] == '\t';
    if (is_pair && value.empty()) return;
    if (is_pair && !key.empty() && !metadata.contains(key)) {
      metadata.emplace(key, value);
      return;
    }
  }
  std::string& comment = metadata["comment"];
  if (!comment.empty()) comment += '\n';
  comment += line;
}

void note_temperature(Metadata& metadata, std::string_view text, std::string_view source) {
  if (metadata.contains("temperature_degC")) return;
  if (const std::optional<double> value = temperature_in_text(text)) {
    metadata["temperature_degC"] = base::format_number(*value, 7);
    metadata["temperature_source"] = std::string(source);
  }
}

table::Column make_column(std::string name, std::string_view unit, std::vector<double> values) {
  return {std::move(name), base::Unit::parse(unit), std::move(values)};
}

}  // namespace closo::formats::detail
