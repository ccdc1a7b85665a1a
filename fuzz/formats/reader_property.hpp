/// What holds for every reader of spectra and any bytes: tables that keep the contract, or an InputError that names the
/// file.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/formats/biologic_mpt.hpp"
#include "closo/formats/gamry_dta.hpp"
#include "closo/formats/impedance_file.hpp"
#include "fuzz/property.hpp"

namespace closo::fuzz {

inline void require_contract(const table::Table& spectrum, std::string_view format) {
  require(spectrum.rows() > 0, "a spectrum has points");
  require(spectrum.metadata.at("format") == format, "the metadata name the format");
  constexpr const char* names[] = {"frequency", "Z_real", "Z_imag"};
  for (std::size_t c = 0; c < 3; ++c) {
    require(spectrum.columns.size() > c && spectrum.columns[c].name == names[c], "the first columns are the spectrum");
    for (const double value : spectrum.columns[c].values) require(!std::isnan(value), "the spectrum has no gaps");
  }
  for (const double frequency : spectrum.columns[0].values) require(frequency > 0.0, "frequencies are positive");
  for (const table::Column& column : spectrum.columns) {
    require(column.values.size() == spectrum.rows(), "columns have equal length", column.name);
    require(spectrum.find(column.name) == &column, "names of columns are unique", column.name);
  }
}

/// What was read can be written in both formats and reads back with as many points.
inline void require_written_back(const table::Table& spectrum) {
  for (const table::Column& column : spectrum.columns) {
    for (const double value : column.values) {
      // Numbers at the ends of the range overflow in the modulus; zero and subnormal frequencies are printed as 0.
      if (!(std::abs(value) < 1e150) || (&column == &spectrum.columns[0] && value < 1e-150)) return;
    }
  }
  table::Table plain = spectrum;
  plain.metadata.clear();
  const std::vector<table::Table> gamry = formats::read_gamry_dta(formats::write_gamry_dta(plain), "written.DTA");
  std::size_t points = 0;
  for (const table::Table& one : gamry) points += one.rows();
  require(points == spectrum.rows(), "a written .DTA file reads back");
  const std::vector<table::Table> biologic =
      formats::read_biologic_mpt(formats::write_biologic_mpt({&plain, 1}), "written.mpt");
  points = 0;
  for (const table::Table& one : biologic) points += one.rows();
  require(points == spectrum.rows(), "a written .mpt file reads back");
}

/// Reads the bytes as `format` (empty: as detected).
inline int check_reader(std::string_view format, const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = as_text(data, size);
  formats::ReadOptions options;
  options.format = format;
  try {
    const std::string expected =
        format.empty() ? std::string(formats::detect_impedance_format(bytes, "input").format) : std::string(format);
    const std::vector<table::Table> spectra = formats::read_impedance_file(bytes, "input", options);
    require(!spectra.empty(), "a file that is read has a spectrum");
    for (const table::Table& spectrum : spectra) {
      require_contract(spectrum, expected);
      require_written_back(spectrum);
    }
  } catch (const base::InputError& error) {
    require(!error.problem().empty() && error.place().file == "input", "an error says what and in which file",
            error.what());
    std::size_t lines = 1;
    for (const char c : bytes) lines += c == '\n' || c == '\r' ? 1 : 0;
    require(error.place().line <= lines, "an error lies inside the file", error.what());
  }
  return 0;
}

}  // namespace closo::fuzz
