/// Any table with a header: comma, semicolon, tab or blanks; any order of columns; decimal commas where the separator
/// is no comma.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// Recognised: frequency (or omega), Z', Z'', -Z'', |Z|, phase in deg or rad, with units in the header or in a line
/// below it. A further header begins a further spectrum; a column "loop" or "cycle number" and repeated sweeps split
/// too. Throws: InputError for missing columns, rows that do not fit the header, and points that are no measurement.
std::vector<table::Table> read_delimited(std::string_view bytes, const std::string& file,
                                         const ReadOptions& options = {});

}  // namespace closo::formats
