/// Zahner Thales .ism, binary impedance files (big endian).
///
/// Layout, read off the vendor's published sample files: two 48-bit numbers (a mark, then the number of points less
/// one), then as doubles the frequencies [Hz], moduli [Ohm], phases [rad] and times [s since 1980-01-01 local time],
/// then 16-bit significances in thousandths, then texts with a 16-bit length whose upper and lower case are exchanged:
/// date (ddmmyy), system, potential, current, temperature, time, comments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// One table; an up and down sweep stays together in the order of measurement. Columns besides impedance: Z_modulus,
/// Z_phase, time [s from the first point], significance. Metadata: date, instrument, potential, current, temperature,
/// comment. Throws: InputError for a cut file, an impossible number of points, and values that are not finite.
std::vector<table::Table> read_zahner_ism(std::string_view bytes, const std::string& file,
                                          const ReadOptions& options = {});

/// Whether bytes begin as .ism files do.
bool begins_as_zahner_ism(std::string_view bytes) noexcept;

}  // namespace closo::formats
