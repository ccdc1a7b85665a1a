/// Novocontrol NEISYS/WinDETA text: title, "Fixed value(s) : …", columns "Freq.[Hz]", "Zs'[ohm]", "Zs''[ohm]".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// Metadata: title (first line), diameter_mm and thickness_mm of the sample, temperature_degC from title, fixed values
/// or a column. Throws: InputError for missing columns, rows that do not fit the header, and points that are no
/// measurement.
std::vector<table::Table> read_neisys(std::string_view bytes, const std::string& file, const ReadOptions& options = {});

}  // namespace closo::formats
