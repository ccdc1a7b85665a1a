/// Impedance spectra from the files of instruments: one table of formats for reading, detection, help and
/// documentation.
///
/// Every reader gives one table::Table per spectrum, with the columns `frequency` [Hz], `Z_real` [Ohm] and `Z_imag`
/// [Ohm, negative for a capacitor] in the order of the file; then, where the file has them, `Z_modulus` [Ohm],
/// `Z_phase` [rad], `time` [s], `voltage` [V], `current` [A], `temperature` [K], `loop`, and other columns of numbers
/// under their own names in SI. Points are neither sorted nor merged nor dropped.
///
/// Metadata: `format`; `source_line` (line of the first point, text formats); `instrument`, `technique`, `date`,
/// `title`, `comment` and further lines of the file's header where there are any; `loop` and `loops` (from 1) where the
/// file has several spectra; `temperature_degC` with `temperature_source` (column, "line 3", file header, file name);
/// `sign_convention`; `skipped_dc_rows`; `text_columns` (not numbers, left out); `warning.<topic>` for everything a
/// user should check: sign, phase_unit, header, points (fewer than announced), one_point, aborted, temperature.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

struct FormatInfo {
  std::string_view name;  ///< for ReadOptions::format and the metadata
  std::string_view vendor;
  std::string_view extensions;  ///< usual ones; the content decides
  std::string_view description;
  std::string_view note;  ///< what the reader does that may surprise, and how far it was tested
};

/// All formats in the order of detection: those with a sure mark first.
std::span<const FormatInfo> impedance_formats();

struct FormatDetection {
  std::string_view format;  ///< a name of impedance_formats()
  std::string reason;       ///< what in the content decided
};

/// Throws: InputError when the content is none of the formats, saying what it is where that can be told.
FormatDetection detect_impedance_format(std::string_view bytes, const std::string& file_name);

/// The spectra of a file, in its order; at least one. `file_name` names the file in messages and may state a
/// temperature. Throws: InputError with file, line, what was found and what was expected; ParameterError for an unknown
/// options.format.
std::vector<table::Table> read_impedance_file(std::string_view bytes, const std::string& file_name,
                                              const ReadOptions& options = {});

/// The table of formats as Markdown, for the documentation.
std::string impedance_formats_markdown();

}  // namespace closo::formats
