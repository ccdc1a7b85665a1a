/// EC-Lab columns without EC-Lab's preface: copied tables, AutoEIS samples, sheets saved by Excel.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// "freq/Hz", "Re(Z)/Ohm", "-Im(Z)/Ohm" … between tabs or commas. A "#NAME?" behind the real part is Excel's rendering
/// of
/// "-Im(Z)/Ohm" and is read as such, with warning.header.
/// Throws: InputError for missing columns, rows that do not fit the header, and points that are no measurement.
std::vector<table::Table> read_ec_lab_columns(std::string_view bytes, const std::string& file,
                                              const ReadOptions& options = {});

}  // namespace closo::formats
