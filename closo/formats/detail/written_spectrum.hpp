/// What the writers of instrument formats share: columns checked, numbers in the instruments' notation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/table/column.hpp"

namespace closo::formats::detail {

/// The columns of a spectrum to be written; optional ones are zero where the table has none.
struct WrittenSpectrum {
  std::vector<double> frequency, real, imaginary, time, voltage, current;
};

/// Throws: ParameterError when a needed column is missing, empty, or has values that are not finite.
WrittenSpectrum written_spectrum(const table::Table& table);

/// Scientific notation with a three-digit exponent as Gamry and EC-Lab print it: -5.00000E-002.
std::string three_digit_exponent(double value, int decimals);

/// Metadata of that name or `otherwise`. Throws: ParameterError when it has a line break or tab.
std::string one_line(const table::Table& table, const std::string& key, std::string_view otherwise);

}  // namespace closo::formats::detail
