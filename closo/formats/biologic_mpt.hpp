/// BioLogic EC-Lab .mpt text ("EC-Lab ASCII FILE"): a counted header, a line of columns, rows between tabs.
///
/// "Nb header lines : N" says that line N names the columns. Loops come from "Loop k from point number a to b" lines or
/// from the cycle number. Decimal commas of localized systems are accepted; unknown columns are kept by name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// One table per loop. Metadata: technique, date, instrument, comment, and the "key : value" lines of the header.
/// Throws: InputError for a wrong number of header lines, a missing column and malformed rows.
std::vector<table::Table> read_biologic_mpt(std::string_view bytes, const std::string& file,
                                            const ReadOptions& options = {});

/// Text of an .mpt file of the technique PEIS with one loop per table. Needs frequency [Hz], Z_real and Z_imag [Ohm];
/// time [s], voltage [V] and current [A] are written where they are there. Numbers have eight digits as EC-Lab's.
/// Throws: ParameterError for no table, a missing column, no rows, or text that would break a line.
std::string write_biologic_mpt(std::span<const table::Table> loops);

}  // namespace closo::formats
