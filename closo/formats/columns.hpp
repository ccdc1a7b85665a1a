/// Rows of numbers without a header: frequency [Hz], Z' [Ohm], Z'' [Ohm]; comma, semicolon, tab or blanks (DECiM,
/// pyDRTtools).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// Comment lines (#, %, !) are kept. The sign of the third column is judged by the slope of Z' (see sign_convention and
/// warning.sign in the metadata). Further columns are kept as column_4 ….
/// Throws: InputError for a line that is neither comment nor numbers, fewer than three cells, rows of unequal length.
std::vector<table::Table> read_columns(std::string_view bytes, const std::string& file,
                                       const ReadOptions& options = {});

}  // namespace closo::formats
