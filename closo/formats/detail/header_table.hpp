/// Text files that are a header and rows of numbers, with any preamble: the common part of many export formats.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/detail/spectrum.hpp"
#include "closo/formats/detail/text.hpp"
#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats::detail {

/// A line whose cells name the columns of a spectrum.
struct HeaderLine {
  std::size_t index = 0;  ///< into the lines
  std::vector<ColumnMeaning> columns;
};

/// The first of up to `most` lines from `begin` on that names the columns of a spectrum and has a row, units or nothing
/// below it; comment marks (#, %) in front of it are allowed.
std::optional<HeaderLine> find_header(const std::vector<Line>& lines, std::size_t begin, std::size_t most = 2000);

bool is_comment(std::string_view line) noexcept;

struct TableFormat {
  std::string name;          ///< of impedance_formats()
  bool has_dc_rows = false;  ///< rows with frequency 0 are other techniques, not errors
};

/// Reads preamble, header and rows; a further header begins a further spectrum. Lines of the preamble go to the
/// metadata. Throws: InputError for a missing header or column, and for any line behind the header that is not a row.
std::vector<table::Table> read_header_table(std::string_view text, const std::string& file, const TableFormat& format,
                                            const ReadOptions& options, Metadata metadata = {});

/// Reads rows of numbers without header: frequency [Hz], Z', Z'' [Ohm], further columns kept as column_4 ….
/// Throws: InputError for a line that is neither comment nor row, and for rows of fewer than three or of unequal cells.
std::vector<table::Table> read_bare_rows(std::string_view text, const std::string& file, const std::string& format,
                                         const ReadOptions& options, Metadata metadata = {});

}  // namespace closo::formats::detail
