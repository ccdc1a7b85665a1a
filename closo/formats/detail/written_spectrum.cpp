#include "closo/formats/detail/written_spectrum.hpp"

#include <cmath>
#include <cstdio>

#include "closo/base/error.hpp"

namespace closo::formats::detail {
namespace {

std::vector<double> values_of(const table::Table& table, std::string_view name, bool is_needed) {
  const table::Column* column = table.find(name);
  if (column == nullptr) {
    if (is_needed)
      throw base::ParameterError("spectrum", "no column " + std::string(name), "a column " + std::string(name));
    return std::vector<double>(table.rows(), 0.0);
  }
  if (column->values.size() != table.rows()) {
    throw base::ParameterError("spectrum", "columns of unequal length", "columns of equal length");
  }
  for (const double value : column->values) {
    if (!std::isfinite(value)) {
      throw base::ParameterError("spectrum", "column " + std::string(name) + " with a value that is not finite",
                                 "finite values");
    }
  }
  return column->values;
}

}  // namespace

WrittenSpectrum written_spectrum(const table::Table& table) {
  if (table.rows() == 0) throw base::ParameterError("spectrum", "no points", "at least one point");
  return {values_of(table, "frequency", true), values_of(table, "Z_real", true),   values_of(table, "Z_imag", true),
          values_of(table, "time", false),     values_of(table, "voltage", false), values_of(table, "current", false)};
}

std::string three_digit_exponent(double value, int decimals) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*E", decimals, value);
  std::string text(buffer);
  const std::size_t digits = text.find('E') + 2;  // behind the sign
  while (text.size() - digits < 3) text.insert(digits, 1, '0');
  // A program's locale may print a comma.
  for (char& c : text) c = c == ',' ? '.' : c;
  return text;
}

std::string one_line(const table::Table& table, const std::string& key, std::string_view otherwise) {
  const auto found = table.metadata.find(key);
  std::string text = found == table.metadata.end() ? std::string(otherwise) : found->second;
  if (text.find_first_of("\n\r\t") != std::string::npos) {
    throw base::ParameterError(key, "a text with a line break or a tab", "one line without tabs");
  }
  return text;
}

}  // namespace closo::formats::detail
