/// RelaxIS text export: "key: value" lines that name RelaxIS, then columns of frequency, Z' and Z'' with units.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// Made without a file of that program: the columns are found by their headers, whatever their order.
/// Throws: InputError for missing columns, rows that do not fit the header, and points that are no measurement.
std::vector<table::Table> read_relaxis(std::string_view bytes, const std::string& file,
                                       const ReadOptions& options = {});

}  // namespace closo::formats
