#include "closo/table/csv.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "closo/base/number.hpp"

namespace closo::table {

namespace {

bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// UTF-8 characters: every byte that does not continue another.
std::size_t characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// "0,5", "-1,25e-3": digits, one comma, digits, perhaps an exponent.
bool is_decimal_comma(std::string_view text) noexcept {
  std::size_t i = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i > start;
  };
  if (!digits() || i == text.size() || text[i] != ',') return false;
  ++i;
  if (!digits()) return false;
  if (i < text.size() && lower(text[i]) == 'e') {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (!digits()) return false;
  }
  return i == text.size();
}

std::string quoted(char separator) { return separator == '\t' ? "tab" : std::string{'\'', separator, '\''}; }

/// The separator that stands most often outside quotes in the header line; tab before semicolon before comma when
/// equal.
char find_separator(std::string_view line) noexcept {
  std::size_t tabs = 0, semicolons = 0, commas = 0;
  bool inside = false;
  for (const char c : line) {
    if (c == '"') inside = !inside;
    if (inside) continue;
    tabs += c == '\t' ? 1 : 0;
    semicolons += c == ';' ? 1 : 0;
    commas += c == ',' ? 1 : 0;
  }
  if (tabs != 0 && tabs >= semicolons && tabs >= commas) return '\t';
  return semicolons != 0 && semicolons >= commas ? ';' : ',';
}

/// One pass over the text; a record ends at LF, CRLF or CR outside quotes.
class Reader {
 public:
  Reader(std::string_view text, CsvDocument& document) : text_(text), document_(document) {
    if (text_.starts_with("\xEF\xBB\xBF")) position_ = 3;
  }

  void read(CsvErrors errors) {
    refuse_nul();
    read_header();
    document_.rows.reserve(std::min<std::size_t>(4096, text_.size() / 16 + 1));
    while (skip_to_record()) {
      const std::size_t start = position_;
      const std::size_t start_line = line_;
      try {
        add_row();
      } catch (const base::InputError& error) {
        if (errors == CsvErrors::raise) throw;
        document_.problems.push_back({error.place(), message(error)});
        // After a broken record of several lines, quotes must close in their line, so that one slip does not swallow
        // the file.
        if (quotes_span_lines_ && line_ - start_line > (record_ended_ ? 1U : 0U)) {
          quotes_span_lines_ = false;
          record_ended_ = false;
          position_ = start;
          line_ = start_line;
        }
        if (!record_ended_) skip_line();
      }
    }
  }

 private:
  static std::string message(const base::InputError& error) {
    return error.expected().empty() ? error.problem() : error.problem() + "; expected " + error.expected();
  }

  void refuse_nul() const {
    const std::size_t nul = text_.find('\0');
    if (nul == std::string_view::npos) return;
    const std::string_view before = text_.substr(0, nul);
    const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
    const std::size_t line_start = before.find_last_of('\n') + 1;
    throw base::InputError({document_.file, line, characters(before.substr(line_start)) + 1},
                           "the text contains a NUL byte",
                           "a text file with comma, semicolon or tab separated columns");
  }

  bool at_line_end() const noexcept {
    return position_ >= text_.size() || text_[position_] == '\n' || text_[position_] == '\r';
  }

  void end_line() noexcept {
    if (position_ < text_.size()) {
      if (text_[position_] == '\r' && position_ + 1 < text_.size() && text_[position_ + 1] == '\n') ++position_;
      ++position_;
    }
    ++line_;
  }

  std::string_view rest_of_line() const noexcept {
    const std::size_t end = std::min(text_.find_first_of("\r\n", position_), text_.size());
    return text_.substr(position_, end - position_);
  }

  void skip_line() noexcept {
    position_ += rest_of_line().size();
    end_line();
  }

  /// Passes blank lines and comments; false at the end of the text.
  bool skip_to_record() {
    while (position_ < text_.size()) {
      std::size_t first = position_;
      while (first < text_.size() && is_blank(text_[first])) ++first;
      const bool blank = first == text_.size() || text_[first] == '\n' || text_[first] == '\r';
      // A line of nothing but separators is a row of empty cells when the separator is a tab.
      const bool separated = separator_ == '\t' && text_.substr(position_, first - position_).find('\t') != text_.npos;
      if (blank && !separated) {
        position_ = first;
        end_line();
      } else if (text_[position_] == '#') {
        document_.comments.emplace_back(trimmed(rest_of_line().substr(1)));
        skip_line();
      } else {
        return true;
      }
    }
    return false;
  }

  bool is_inner_blank(char c) const noexcept { return is_blank(c) && c != separator_; }

  std::string_view trimmed_cell(std::string_view text) const noexcept {
    while (!text.empty() && is_inner_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_inner_blank(text.back())) text.remove_suffix(1);
    return text;
  }

  /// Reads one record into `cells`; position_ then stands on the next line.
  void read_record(std::vector<CsvCell>& cells) {
    record_ended_ = false;
    std::size_t column = 1;
    while (true) {
      std::size_t start = position_;
      while (start < text_.size() && is_inner_blank(text_[start])) ++start;
      if (start < text_.size() && text_[start] == '"') {
        const std::size_t cell_column = column + (start - position_);
        position_ = start;
        cells.push_back({read_quoted(cell_column, column), cell_column});
      } else {
        const std::size_t end = end_of_plain_cell(start);
        const std::string_view text = trimmed_cell(text_.substr(start, end - start));
        cells.push_back({std::string(text), column + (start - position_)});
        if (separator_ != ',' && is_decimal_comma(text)) {
          throw base::InputError(here(cells.back().column), "'" + std::string(text) + "' has a decimal comma",
                                 "a decimal point");
        }
        column += characters(text_.substr(position_, end - position_));
        position_ = end;
      }
      if (at_line_end()) break;
      ++position_;  // the separator
      ++column;
    }
    end_line();
    record_ended_ = true;
  }

  std::size_t end_of_plain_cell(std::size_t from) const noexcept {
    while (from < text_.size() && text_[from] != separator_ && text_[from] != '\n' && text_[from] != '\r') ++from;
    return from;
  }

  /// position_ stands on the opening quote; afterwards on a separator or the end of the line. `column` becomes the
  /// character column there.
  std::string read_quoted(std::size_t cell_column, std::size_t& column) {
    const std::size_t opening_line = line_;
    std::string content;
    column = cell_column + 1;
    ++position_;
    while (true) {
      std::size_t end = position_;
      while (end < text_.size() && text_[end] != '"' && text_[end] != '\n' && text_[end] != '\r') ++end;
      column += characters(text_.substr(position_, end - position_));
      content.append(text_.substr(position_, end - position_));
      position_ = end;
      if (end == text_.size() || (!quotes_span_lines_ && text_[end] != '"')) {
        throw base::InputError({document_.file, opening_line, cell_column}, "a quote is opened and never closed",
                               "a closing '\"'");
      }
      if (text_[end] != '"') {
        const std::size_t line_start = position_;
        end_line();
        content.append(text_.substr(line_start, position_ - line_start));
        column = 1;
        continue;
      }
      ++position_;
      ++column;
      if (position_ < text_.size() && text_[position_] == '"') {
        content.push_back('"');
        ++position_;
        ++column;
        continue;
      }
      break;
    }
    while (position_ < text_.size() && is_inner_blank(text_[position_])) {
      ++position_;
      ++column;
    }
    if (!at_line_end() && text_[position_] != separator_) {
      if (line_ != opening_line) {
        throw base::InputError(
            {document_.file, opening_line, cell_column},
            "the quote opened here closes in line " + std::to_string(line_) + ", where text follows it",
            "a closing '\"'");
      }
      throw base::InputError(here(column), "text follows a closing quote",
                             "the separator " + quoted(separator_) + " or the end of the line");
    }
    return content;
  }

  void read_header() {
    if (!skip_to_record()) {
      throw base::InputError({document_.file, 0, 0}, text_.empty() ? "the file is empty" : "there is no header line",
                             "a first line with the names of the columns");
    }
    separator_ = find_separator(rest_of_line());
    document_.header_line = line_;
    std::vector<CsvCell> cells;
    read_record(cells);
    // Some programs end every line with the separator.
    if (cells.size() > 1 && cells.back().text.empty()) {
      trailing_separator_ = true;
      cells.pop_back();
    }
    for (const CsvCell& cell : cells) {
      const base::Place place{document_.file, document_.header_line, cell.column};
      if (cell.text.empty()) throw base::InputError(place, "a column has no name", "a name for every column");
      if (document_.index_of(cell.text) != std::string::npos) {
        throw base::InputError(place, "there are two columns named '" + cell.text + "'", "different names");
      }
      document_.header.push_back(cell.text);
    }
  }

  void add_row() {
    CsvRow row;
    row.line = line_;
    row.cells.reserve(document_.header.size() + 1);
    read_record(row.cells);
    const std::size_t expected = document_.header.size();
    if (trailing_separator_ && row.cells.size() == expected + 1 && row.cells.back().text.empty()) row.cells.pop_back();
    if (row.cells.size() != expected) {
      const bool comma = separator_ == ',' && row.cells.size() > expected;
      throw base::InputError(
          {document_.file, row.line,
           row.cells.size() > expected ? row.cells[expected].column : row.cells.back().column},
          "the row has " + std::to_string(row.cells.size()) + (row.cells.size() == 1 ? " cell" : " cells"),
          std::to_string(expected) + " as in the header" +
              (comma ? " (a decimal comma makes two cells of one number; a text with a comma needs quotes)" : ""));
    }
    document_.rows.push_back(std::move(row));
  }

  base::Place here(std::size_t column) const { return {document_.file, line_, column}; }

  std::string_view text_;
  CsvDocument& document_;
  std::size_t position_ = 0;
  std::size_t line_ = 1;
  char separator_ = ',';
  bool trailing_separator_ = false;
  bool quotes_span_lines_ = true;
  bool record_ended_ = true;
};

std::optional<base::Unit> try_unit(std::string_view text) {
  if (text.empty()) return std::nullopt;
  try {
    return base::Unit::parse(text);
  } catch (const base::InputError&) {
    return std::nullopt;
  }
}

base::Unit unit_of_header(std::string_view header, std::string_view unit) {
  try {
    return base::Unit::parse(unit);
  } catch (const base::InputError& error) {
    const auto before = static_cast<std::size_t>(unit.data() - header.data());
    throw base::InputError(
        {{}, 0, characters(header.substr(0, before)) + std::max<std::size_t>(error.place().column, 1)},
        "the column '" + std::string(header) + "' does not name a known unit: " + error.problem(), error.expected());
  }
}

/// "temperature_K", "sigma_S_per_cm". A single small letter is a unit only behind a word: time_s, not R_s.
std::optional<ColumnHeader> split_at_underscore(std::string_view text) {
  const std::size_t per = text.rfind("_per_");
  const std::size_t underscore = per == std::string_view::npos || per == 0 ? text.rfind('_') : text.rfind('_', per - 1);
  if (underscore == std::string_view::npos || underscore == 0) return std::nullopt;
  std::string unit_text(text.substr(underscore + 1));
  if (const std::size_t inner = unit_text.find("_per_"); inner != std::string::npos) unit_text.replace(inner, 5, "/");
  if (unit_text.empty() || is_digit(unit_text.front())) return std::nullopt;
  if (unit_text.size() == 1 && unit_text[0] >= 'a' && unit_text[0] <= 'z' && underscore < 2) return std::nullopt;
  const std::optional<base::Unit> unit = try_unit(unit_text);
  if (!unit) return std::nullopt;
  return ColumnHeader{std::string(text.substr(0, underscore)), *unit, true};
}

/// Position of the bracket that the last character closes, or npos.
std::size_t opening_bracket(std::string_view text) noexcept {
  if (text.empty() || (text.back() != ')' && text.back() != ']')) return std::string_view::npos;
  const char close = text.back();
  const char open = close == ')' ? '(' : '[';
  int depth = 0;
  for (std::size_t i = text.size(); i-- > 0;) {
    if (text[i] == close) ++depth;
    if (text[i] == open && --depth == 0) return i;
  }
  return std::string_view::npos;
}

double parse_cell(const CsvCell& cell, const base::Place& place) {
  if (cell.text.empty()) return std::numeric_limits<double>::quiet_NaN();
  double value = 0.0;
  const char* end = cell.text.data() + cell.text.size();
  const char first = cell.text.front();
  if (is_digit(first) || first == '-' || first == '.') {
    const auto [stop, problem] = std::from_chars(cell.text.data(), end, value);
    if (problem == std::errc{} && stop == end && value - value == 0.0) return value;
  }
  try {
    return base::parse_number(cell.text);
  } catch (const base::InputError& error) {
    throw error.at(place);
  }
}

}  // namespace

std::size_t CsvDocument::index_of(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (equal_ignoring_case(header[i], name)) return i;
  }
  return std::string::npos;
}

base::Place CsvDocument::place(const CsvRow& row, std::size_t column) const {
  return {file, row.line, column < row.cells.size() ? row.cells[column].column : 0};
}

CsvDocument parse_csv(std::string_view text, std::string file, CsvErrors errors) {
  CsvDocument document;
  document.file = std::move(file);
  Reader(text, document).read(errors);
  return document;
}

ColumnHeader parse_column_header(std::string_view text) {
  const std::string_view whole = trimmed(text);
  const std::size_t bracket = opening_bracket(whole);
  // "sigma/(S/cm)" is a slash with a bracketed unit behind it, not a name that ends in a slash.
  const bool slashed =
      bracket != std::string_view::npos && bracket > 0 && trimmed(whole.substr(0, bracket)).ends_with('/');
  if (bracket != std::string_view::npos && bracket > 0 && !slashed) {
    const std::string_view unit = trimmed(whole.substr(bracket + 1, whole.size() - bracket - 2));
    return {std::string(trimmed(whole.substr(0, bracket))), unit_of_header(text, unit), true};
  }
  if (const std::size_t slash = whole.find('/'); slash != std::string_view::npos && slash > 0) {
    const std::string_view unit = trimmed(whole.substr(slash + 1));
    return {std::string(trimmed(whole.substr(0, slash))), unit_of_header(text, unit), true};
  }
  if (std::optional<ColumnHeader> split = split_at_underscore(whole)) return *std::move(split);
  return {std::string(whole), {}, false};
}

Table parse_numeric_csv(std::string_view text, std::string file) {
  const CsvDocument document = parse_csv(text, std::move(file));
  Table table;
  table.source = document.file;
  for (const std::string& comment : document.comments) {
    if (const std::size_t colon = comment.find(':'); colon != std::string::npos && colon > 0) {
      table.metadata[std::string(trimmed(comment.substr(0, colon)))] = trimmed(comment.substr(colon + 1));
    }
  }
  for (std::size_t j = 0; j < document.header.size(); ++j) {
    Column column;
    try {
      ColumnHeader header = parse_column_header(document.header[j]);
      column.name = std::move(header.name);
      column.unit = std::move(header.unit);
    } catch (const base::InputError& error) {
      throw base::InputError({document.file, document.header_line, 0}, error.problem(), error.expected());
    }
    column.values.reserve(document.rows.size());
    for (const CsvRow& row : document.rows) {
      column.values.push_back(column.unit.to_si(parse_cell(row.cells[j], document.place(row, j))));
    }
    table.columns.push_back(std::move(column));
  }
  return table;
}

std::string csv_cell(std::string_view text) {
  const bool quotes = text.find_first_of(",;\t\"\r\n") != std::string_view::npos || text.starts_with('#') ||
                      (!text.empty() && (is_blank(text.front()) || is_blank(text.back())));
  if (!quotes) return std::string(text);
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result.push_back('"');
    result.push_back(c);
  }
  result.push_back('"');
  return result;
}

}  // namespace closo::table
