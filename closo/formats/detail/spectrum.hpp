/// From rows of a file to spectra: the one place where columns become frequency, Z_real and Z_imag in SI, loops are
/// split, bad points are refused with their line, and doubts are noted.
///
/// The sign of an imaginary part without a header is judged by the local Kramers–Kronig relation
/// Z''(w) ~ (pi/2) dZ'/dln w (B. A. Boukamp, Solid State Ionics 62 (1993) 131): a capacitive spectrum falls with
/// frequency.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/detail/cells.hpp"
#include "closo/formats/detail/column_meaning.hpp"
#include "closo/formats/detail/text.hpp"
#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats::detail {

using Metadata = std::map<std::string, std::string>;

/// Rows as they stand in the file, in the units of its headers. Cells that are no numbers are NaN.
struct SpectrumDraft {
  std::string file;
  std::string format;
  std::vector<ColumnMeaning> columns;
  SpectrumColumns chosen;
  std::vector<std::vector<double>> values;  ///< one vector per column
  std::vector<bool> has_text;               ///< columns with cells that are neither numbers nor empty
  std::vector<std::size_t> lines;           ///< line of each row; 0 in binary formats
  std::vector<std::size_t> loops;           ///< loop of each row where the file says so; else empty
  Metadata metadata;
  bool has_dc_rows = false;  ///< rows with frequency 0 belong to other techniques of the same file

  std::size_t rows() const noexcept { return lines.size(); }
  /// An empty draft for these columns. Throws: InputError at `place` when a needed column is missing.
  static SpectrumDraft with_columns(std::string file, std::string format, std::vector<ColumnMeaning> columns,
                                    const base::Place& place);
};

/// Reads rows of text into a draft.
class RowReader {
 public:
  RowReader(SpectrumDraft& draft, Separator separator) : draft_(draft), separator_(separator) {}

  /// Throws: InputError with line and column for a row that has not the cells of the header, or no number where one is
  /// needed.
  void add(const Line& line);

 private:
  SpectrumDraft& draft_;
  Separator separator_;
  NumberReader numbers_;
};

/// One table per loop or sweep, in the order of the file.
/// Throws: InputError for no points, for a frequency that is not positive and for values that are not finite.
std::vector<table::Table> finish_spectra(SpectrumDraft draft, const ReadOptions& options);

/// Adds a line of comment: "key: value" under its key where that is free, else a line of "comment".
void add_comment(Metadata& metadata, std::string_view line);

/// Sets temperature_degC and temperature_source where `text` states one and none is known yet.
void note_temperature(Metadata& metadata, std::string_view text, std::string_view source);

/// A Column of a finished table.
table::Column make_column(std::string name, std::string_view unit, std::vector<double> values);

}  // namespace closo::formats::detail
