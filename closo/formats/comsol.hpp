/// COMSOL text exports: comment lines "% Model: …", then rows; the last comment line may name the columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// With a line "% freq (Hz)  real(Z) (ohm)  imag(Z) (ohm)" the columns are read by name, else as frequency, Z', Z''
/// with the sign judged as in `read_columns`. Throws: InputError for malformed rows.
std::vector<table::Table> read_comsol(std::string_view bytes, const std::string& file, const ReadOptions& options = {});

}  // namespace closo::formats
