/// Gamry Framework .DTA text: tagged lines and tables; impedance stands in the tables named ZCURVE.
///
/// Layout as seen in files of Framework 6 and 7: "KEY<tab>TYPE<tab>value<tab>label" lines, then
/// "NAME<tab>TABLE[<tab>rows]" with a line of names, a line of units and rows that begin with a tab. An aborted run has
/// the tag EXPERIMENTABORTED.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// One table per ZCURVE. Metadata: title, date, instrument, comment, area_cm2, dc_voltage, warning.aborted,
/// warning.points. Throws: InputError without a ZCURVE table, for a cut or malformed one, and for non-positive
/// frequencies.
std::vector<table::Table> read_gamry_dta(std::string_view bytes, const std::string& file,
                                         const ReadOptions& options = {});

/// Text of a .DTA file with one ZCURVE. The table needs frequency [Hz], Z_real and Z_imag [Ohm]; time [s], voltage [V]
/// and current [A] are written where they are there. Metadata title, date, instrument and comment are written; numbers
/// have seven digits as Gamry's. Throws: ParameterError for a missing column, no rows, or text that would break a line.
std::string write_gamry_dta(const table::Table& spectrum);

}  // namespace closo::formats
