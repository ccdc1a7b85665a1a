/// The nine columns of Scribner files, which other programs write too.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/detail/spectrum.hpp"
#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats::detail {

/// Rows behind line `names` ("Freq(Hz) Ampl Bias Time(Sec) Z'(a) Z''(b) GD Err Range"), which has index `at`.
std::vector<table::Table> read_scribner_rows(const std::vector<Line>& lines, std::size_t at, std::size_t first_row,
                                             const std::string& file, const std::string& format, Metadata metadata,
                                             std::optional<double> announced, const ReadOptions& options);

/// Files of quoted lines ("ZPlotW Data File", "Z60W Data File"): free lines, a line of settings, the count, names,
/// rows.
std::vector<table::Table> read_quoted_scribner(std::string_view text, const std::string& file,
                                               const std::string& format, const ReadOptions& options);

}  // namespace closo::formats::detail
