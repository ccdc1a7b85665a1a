/// Princeton Applied Research VersaStudio .par: sections in angle brackets; the points stand in <Segment…> below
/// "Definition=".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// One table per segment with impedance. Metadata: technique, date, instrument, area_cm2, segment.
/// Throws: InputError for a segment that does not end, one without definition, malformed rows, and no impedance at all.
std::vector<table::Table> read_versastudio(std::string_view bytes, const std::string& file,
                                           const ReadOptions& options = {});

}  // namespace closo::formats
