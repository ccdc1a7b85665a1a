/// Scribner ZPlot/ZView .z text: "ZPLOT2 ASCII" with comments up to "End Comments", and the older "ZPlotW Data File"
/// with quoted lines, a count and a line of names. Both have nine columns: Freq, Ampl, Bias, Time, Z'(a), Z''(b), GD,
/// Err, Range.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// Metadata: technique, date, area_cm2, comment, warning.points where fewer points were measured than planned.
/// Throws: InputError for a missing end of the comments, a missing line of names, malformed rows.
std::vector<table::Table> read_zplot(std::string_view bytes, const std::string& file, const ReadOptions& options = {});

}  // namespace closo::formats
