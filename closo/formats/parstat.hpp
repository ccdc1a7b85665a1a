/// Princeton Applied Research exports (PARSTAT, VersaStudio): columns named in words, "Frequency (Hz)", "Zre (ohms)",
/// "|Z| (ohms)".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// Rows with the frequency 0 are the other techniques of the same run: they are skipped and counted in skipped_dc_rows.
/// Throws: InputError for missing columns, rows that do not fit the header, and points that are no measurement.
std::vector<table::Table> read_parstat(std::string_view bytes, const std::string& file,
                                       const ReadOptions& options = {});

}  // namespace closo::formats
