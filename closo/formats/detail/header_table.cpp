#include "closo/formats/detail/header_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "closo/base/error.hpp"

namespace closo::formats::detail {
namespace {

constexpr std::array separators = {Separator::tab, Separator::semicolon, Separator::comma, Separator::wide_blank,
                                   Separator::blank};

std::vector<ColumnMeaning> meanings(const std::vector<Cell>& cells) {
  std::vector<ColumnMeaning> columns;
  for (const Cell& cell : cells) columns.push_back(column_meaning(cell.text));
  return columns;
}

std::vector<Cell> header_cells(std::string_view line, Separator separator) {
  while (!line.empty() && (line.front() == '#' || line.front() == '%') && !line.starts_with("#NAME")) {
    line = trimmed(line.substr(1));
  }
  std::vector<Cell> cells = split_cells(line, separator);
  drop_empty_tail(cells);
  return cells;
}

bool is_spreadsheet_header(const std::vector<ColumnMeaning>& columns) {
  for (std::size_t i = 1; i < columns.size(); ++i) {
    if (columns[i].header.starts_with("#NAME") && columns[i - 1].quantity == Quantity::real) return true;
  }
  return false;
}

bool names_a_spectrum(const std::vector<ColumnMeaning>& columns) {
  if (find_spectrum_columns(columns)) return true;
  const bool has_frequency =
      std::ranges::any_of(columns, [](const ColumnMeaning& c) { return c.quantity == Quantity::frequency; });
  return has_frequency && is_spreadsheet_header(columns);
}

/// Columns for rows of `cells` cells: empty header cells between doubled separators are dropped where they are too
/// many.
void fit_to_rows(std::vector<ColumnMeaning>& columns, std::size_t cells) {
  const auto named = std::ranges::count_if(columns, [](const ColumnMeaning& c) { return !c.header.empty(); });
  if (columns.size() != cells && static_cast<std::size_t>(named) == cells) {
    std::erase_if(columns, [](const ColumnMeaning& c) { return c.header.empty(); });
  }
}

/// Separator of the rows: the one that gives as many cells as there are columns, the first of them a number.
Separator separator_of_rows(std::string_view line, const std::vector<ColumnMeaning>& columns) {
  const auto named = static_cast<std::size_t>(
      std::ranges::count_if(columns, [](const ColumnMeaning& c) { return !c.header.empty(); }));
  Separator most = Separator::blank;
  std::size_t most_cells = 0;
  for (const Separator separator : separators) {
    if (separator == Separator::wide_blank) continue;
    std::vector<Cell> cells = split_cells(line, separator);
    std::vector<Cell> filled = cells;
    drop_empty_tail(filled);
    if (filled.empty()) continue;
    NumberReader numbers(separator == Separator::comma ? DecimalMark::point : DecimalMark::unknown);
    std::size_t read = 0;
    for (const Cell& cell : filled) read += numbers.read(cell.text) ? 1 : 0;
    const bool fits = cells.size() == columns.size() || filled.size() == columns.size() || filled.size() == named;
    if (fits && read > 0) return separator;
    if (read > most_cells) {
      most = separator;
      most_cells = read;
    }
  }
  return most;
}

/// A second header row that has the units: "Hz  Ohm  Ohm".
bool take_units(std::string_view line, std::vector<ColumnMeaning>& columns) {
  for (const Separator separator : separators) {
    std::vector<Cell> cells = split_cells(line, separator);
    if (cells.size() != columns.size()) cells = header_cells(line, separator);
    if (cells.size() != columns.size()) continue;
    std::vector<std::optional<base::Unit>> units;
    bool is_units = true, has_any = false;
    for (const Cell& cell : cells) {
      std::string_view text = cell.text;
      if (text.size() > 2 && (text.front() == '(' || text.front() == '[')) text = text.substr(1, text.size() - 2);
      units.push_back(text.empty() || text == "#" ? std::nullopt : instrument_unit(text));
      is_units = is_units && (text.empty() || text == "#" || (units.back() && !try_number(text, DecimalMark::point)));
      has_any = has_any || units.back().has_value();
    }
    if (!is_units || !has_any) continue;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!units[i]) continue;
      columns[i].unit = *units[i];
      columns[i].has_unit = true;
    }
    return true;
  }
  return false;
}

bool looks_like_row(std::string_view line) {
  const std::string_view text = trimmed(line);
  const std::size_t end = std::min(text.find_first_of(" \t;,"), text.size());
  std::string_view first = text.substr(0, end);
  if (first.size() >= 2 && first.front() == '"') first = first.substr(1, first.size() - (first.ends_with('"') ? 2 : 1));
  return first.empty() || try_number(first, DecimalMark::point).has_value() || is_not_a_number_text(first);
}

/// Whether below a line of names stands a row of that many cells with a number, a line of units, or nothing: prose may
/// name the quantities too.
bool is_followed(const std::vector<Line>& lines, std::size_t at, std::vector<ColumnMeaning> columns) {
  for (std::size_t i = at + 1; i < lines.size(); ++i) {
    const std::string_view text = lines[i].text;
    if (trimmed(text).empty() || is_comment(text)) continue;
    if (looks_like_row(text) || take_units(text, columns)) return true;
    for (const Separator separator : separators) {
      const std::vector<Cell> cells = split_cells(text, separator);
      NumberReader numbers(separator == Separator::comma ? DecimalMark::point : DecimalMark::unknown);
      const bool has_number =
          std::ranges::any_of(cells, [&numbers](const Cell& cell) { return numbers.read(cell.text).has_value(); });
      if (cells.size() == columns.size() && has_number) return true;
    }
    return false;
  }
  return true;
}

/// The names in front of the first row of numbers, for the message that something is missing among them.
[[noreturn]] void refuse_without_header(const std::vector<Line>& lines, const std::string& file) {
  const std::string expected = "a header with frequency and Z', Z'' or |Z|, phase; or rows of frequency, Z', Z''";
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::optional<RowStyle> style = row_of_numbers(lines[i].text, 2);
    if (!style || row_of_numbers(lines[i - 1].text, 2)) continue;
    const std::vector<Cell> cells = header_cells(lines[i - 1].text, style->separator);
    if (cells.size() != style->cells) continue;
    require_spectrum_columns(meanings(cells), {file, lines[i - 1].number});
  }
  for (const Line& line : lines) {
    if (trimmed(line.text).empty()) continue;
    throw base::InputError(
        {file, line.number},
        "no columns of an impedance spectrum were found; the file begins with " + in_quotes(trimmed(line.text)),
        expected);
  }
  throw base::InputError({file}, "the file is empty", expected);
}

void append(std::vector<table::Table>& all, std::vector<table::Table> more) {
  for (table::Table& one : more) all.push_back(std::move(one));
}

void number_loops(std::vector<table::Table>& tables) {
  if (tables.size() < 2) return;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    tables[i].metadata["loop"] = std::to_string(i + 1);
    tables[i].metadata["loops"] = std::to_string(tables.size());
  }
}

}  // namespace

bool is_comment(std::string_view line) noexcept {
  const std::string_view text = trimmed(line);
  return !text.empty() && (text.front() == '#' || text.front() == '%' || text.front() == '!') &&
         !text.starts_with("#NAME");
}

std::optional<HeaderLine> find_header(const std::vector<Line>& lines, std::size_t begin, std::size_t most) {
  constexpr std::size_t longest_header = 8000;
  for (std::size_t i = begin; i < std::min(lines.size(), begin + most); ++i) {
    const std::string_view text = lines[i].text;
    if (text.size() > longest_header || trimmed(text).empty() || row_of_numbers(text, 2)) continue;
    for (const Separator separator : separators) {
      const std::vector<Cell> cells = header_cells(text, separator);
      if (cells.size() < 3) continue;
      std::vector<ColumnMeaning> columns = meanings(cells);
      if (names_a_spectrum(columns) && is_followed(lines, i, columns)) return HeaderLine{i, std::move(columns)};
    }
  }
  return std::nullopt;
}

std::vector<table::Table> read_header_table(std::string_view text, const std::string& file, const TableFormat& format,
                                            const ReadOptions& options, Metadata metadata) {
  const std::vector<Line> lines = split_lines(text);
  std::optional<HeaderLine> header = find_header(lines, 0);
  if (!header) refuse_without_header(lines, file);
  // A line that speaks of a temperature says it better than a title.
  for (const bool wants_word : {true, false}) {
    for (std::size_t i = 0; i < header->index; ++i) {
      if (wants_word && !contains_word(lines[i].text, "temp")) continue;
      note_temperature(metadata, lines[i].text, "line " + std::to_string(lines[i].number));
    }
  }
  for (std::size_t i = 0; i < header->index; ++i) add_comment(metadata, lines[i].text);

  std::vector<table::Table> tables;
  while (header) {
    const base::Place place{file, lines[header->index].number};
    std::size_t i = header->index + 1;
    const auto skip = [&lines, &i, &metadata] {
      while (i < lines.size() && (trimmed(lines[i].text).empty() || is_comment(lines[i].text))) {
        add_comment(metadata, lines[i++].text);
      }
    };
    if (i < lines.size() && is_comment(lines[i].text) && take_units(lines[i].text, header->columns)) ++i;
    skip();
    if (i < lines.size() && !looks_like_row(lines[i].text) && take_units(lines[i].text, header->columns)) {
      ++i;
      skip();
    }
    const Separator separator = i < lines.size() ? separator_of_rows(lines[i].text, header->columns) : Separator::blank;
    if (i < lines.size()) {
      std::vector<Cell> first = split_cells(lines[i].text, separator);
      if (first.size() > header->columns.size()) drop_empty_tail(first);
      fit_to_rows(header->columns, first.size());
    }
    SpectrumDraft draft = SpectrumDraft::with_columns(file, format.name, header->columns, place);
    draft.metadata.insert(metadata.begin(), metadata.end());
    draft.has_dc_rows = format.has_dc_rows;
    RowReader rows(draft, separator);
    std::optional<HeaderLine> next;
    for (; i < lines.size(); ++i) {
      const std::string_view line = lines[i].text;
      if (trimmed(line).empty()) continue;
      if (is_comment(line)) {
        add_comment(draft.metadata, line);
        continue;
      }
      if (!looks_like_row(line)) {
        next = find_header(lines, i, 1);
        if (next) break;
      }
      rows.add(lines[i]);
    }
    if (draft.rows() == 0) {
      throw base::InputError(place, "there are no points of impedance data below the header",
                             "at least one row of numbers");
    }
    append(tables, finish_spectra(std::move(draft), options));
    header = std::move(next);
  }
  number_loops(tables);
  return tables;
}

std::vector<table::Table> read_bare_rows(std::string_view text, const std::string& file, const std::string& format,
                                         const ReadOptions& options, Metadata metadata) {
  const std::vector<Line> lines = split_lines(text);
  std::size_t i = 0;
  for (; i < lines.size() && (trimmed(lines[i].text).empty() || is_comment(lines[i].text)); ++i) {
    note_temperature(metadata, lines[i].text, "line " + std::to_string(lines[i].number));
    add_comment(metadata, lines[i].text);
  }
  const std::string expected = "rows of at least three numbers: frequency (Hz), Z' and Z'' (Ohm)";
  if (i == lines.size()) throw base::InputError({file}, "the file has no rows of numbers", expected);
  const std::optional<RowStyle> style = row_of_numbers(lines[i].text, 2);
  if (!style || style->cells < 3) {
    throw base::InputError(
        {file, lines[i].number},
        style ? "the row has two numbers" : in_quotes(trimmed(lines[i].text)) + " is no row of numbers", expected);
  }

  std::vector<ColumnMeaning> columns;
  const std::pair<std::string_view, std::string_view> first[] = {{"frequency", "Hz"}, {"Z'", "Ohm"}, {"Z''", "Ohm"}};
  for (std::size_t c = 0; c < style->cells; ++c) {
    ColumnMeaning column;
    if (c < 3) {
      column = column_meaning(first[c].first);
      column.unit = base::Unit::parse(first[c].second);
      column.has_unit = true;
      column.is_signed = false;
    } else {
      column.header = "column_" + std::to_string(c + 1);
      column.name = column.header;
    }
    columns.push_back(std::move(column));
  }
  SpectrumDraft draft = SpectrumDraft::with_columns(file, format, std::move(columns), {file, lines[i].number});
  draft.metadata.insert(metadata.begin(), metadata.end());
  draft.metadata["warning.header"] = "no header: taken as frequency (Hz), Z' (Ohm), Z'' (Ohm)";
  RowReader rows(draft, style->separator);
  for (; i < lines.size(); ++i) {
    if (trimmed(lines[i].text).empty()) continue;
    if (is_comment(lines[i].text)) {
      add_comment(draft.metadata, lines[i].text);
    } else {
      rows.add(lines[i]);
    }
  }
  return finish_spectra(std::move(draft), options);
}

}  // namespace closo::formats::detail
