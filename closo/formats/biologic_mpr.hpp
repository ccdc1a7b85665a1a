/// BioLogic EC-Lab .mpr, the instrument's native binary file.
///
/// Layout (little endian), from public descriptions and not from code: a header that begins with "BIO-LOGIC MODULAR
/// FILE", then modules: "MODULE", short name (10 bytes), long name (25), length (4), version (4), date (8); since
/// EC-Lab 11.50 a maximum length of 0xFFFFFFFF stands before the length and one more number behind the version. The
/// module "VMP data" has the number of rows (4), the number of columns (1), the column ids (1 byte each in version 0,
/// else 2), and packed rows at an offset that depends on the version. Column ids grow with every release: ids that are
/// not known here do not stop the reading. Validity: made without a file from an instrument; tested against bytes
/// composed by that description.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// One table per loop. Metadata: technique, date, unknown_columns (ids whose width followed from the row's length) and
/// unread_columns (ids behind the first whose place is not known).
/// Throws: InputError for a cut file, a missing data module, rows that do not fit, and a place of frequency or
/// impedance that cannot be known.
std::vector<table::Table> read_biologic_mpr(std::string_view bytes, const std::string& file,
                                            const ReadOptions& options = {});

}  // namespace closo::formats
