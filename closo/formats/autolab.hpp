/// Autolab impedance text: the "Z60W Data File" export of FRA/GPES, and NOVA's columns ("Frequency (Hz)", "Z' (Ω)",
/// "-Z'' (Ω)").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// Throws: InputError for missing columns and malformed rows.
std::vector<table::Table> read_autolab(std::string_view bytes, const std::string& file,
                                       const ReadOptions& options = {});

}  // namespace closo::formats
