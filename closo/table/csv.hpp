/// CSV with a header: text cells that know their line and column, so that every message can point at the cell.
///
/// Accepts comma, semicolon or tab (found from the header), RFC 4180 quotes, LF or CRLF, comment lines starting with
/// '#', a byte-order mark. Refuses: decimal commas, ragged rows, unterminated quotes, duplicate column names, empty
/// files.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/unit.hpp"
#include "closo/table/column.hpp"

namespace closo::table {

struct CsvCell {
  std::string text;        ///< unquoted, outer blanks removed
  std::size_t column = 0;  ///< character column in its line, from 1
};

struct CsvRow {
  std::size_t line = 0;
  std::vector<CsvCell> cells;  ///< as many as the header has
};

/// A defect of one row, so that a caller may go on with the others.
struct CsvProblem {
  base::Place place;
  std::string reason;
};

struct CsvDocument {
  std::string file;
  std::vector<std::string> header;
  std::size_t header_line = 0;
  std::vector<CsvRow> rows;
  std::vector<CsvProblem> problems;   ///< only with CsvErrors::collect
  std::vector<std::string> comments;  ///< comment lines without '#'

  /// Index of a column (case ignored), or npos.
  std::size_t index_of(std::string_view name) const noexcept;
  base::Place place(const CsvRow& row, std::size_t column) const;
};

enum class CsvErrors { raise, collect };

/// Parses CSV text; `file` only names it in messages.
/// Throws: InputError with line and column; with CsvErrors::collect row defects go to `problems` instead (a broken
/// header still throws).
CsvDocument parse_csv(std::string_view text, std::string file, CsvErrors errors = CsvErrors::raise);

/// A header cell split into name and unit: "T/degC", "sigma (S/cm)", "Z' [Ohm]", "temperature_K", "time".
struct ColumnHeader {
  std::string name;
  base::Unit unit;
  bool has_unit = false;
};

/// Throws: InputError when the bracketed or slashed text is not a known unit.
ColumnHeader parse_column_header(std::string_view text);

/// All-numeric table: every header with its unit, every cell a number (empty: NaN), values in SI.
/// Throws: InputError with file, line and column.
Table parse_numeric_csv(std::string_view text, std::string file);

/// RFC 4180 text of one cell.
std::string csv_cell(std::string_view text);

}  // namespace closo::table
