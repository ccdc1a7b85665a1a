/// CH Instruments text of the technique "A.C. Impedance": free lines, "key = value" settings, columns "Freq/Hz, Z'/ohm,
/// Z\"/ohm".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// Metadata: date, instrument and the settings.
/// Throws: InputError for missing columns, rows that do not fit the header, and points that are no measurement.
std::vector<table::Table> read_ch_instruments(std::string_view bytes, const std::string& file,
                                              const ReadOptions& options = {});

}  // namespace closo::formats
