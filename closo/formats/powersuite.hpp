/// PowerSuite exports: "Frequency", "Zre", "Zimg" between tabs, lines ended by CR CR LF, no units.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// Frequency is taken in Hz and impedance in Ohm, as PowerSuite writes them.
/// Throws: InputError for missing columns, rows that do not fit the header, and points that are no measurement.
std::vector<table::Table> read_powersuite(std::string_view bytes, const std::string& file,
                                          const ReadOptions& options = {});

}  // namespace closo::formats
