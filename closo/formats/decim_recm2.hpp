/// DECiM .recm2 results: circuit, parameters, then the measured spectrum below ">IMPEDANCE DATA".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// The measured spectrum only; DECiM's circuit and its fitted curve are the metadata circuit and fitted_points.
/// Throws: InputError without the section of data, and for malformed rows.
std::vector<table::Table> read_decim_recm2(std::string_view bytes, const std::string& file,
                                           const ReadOptions& options = {});

}  // namespace closo::formats
