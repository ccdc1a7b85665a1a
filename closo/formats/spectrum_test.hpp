/// Small spectra and checks for the tests of the readers, which include GoogleTest before this.
#pragma once

#include <cmath>
#include <complex>
#include <functional>
#include <numbers>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

inline const std::vector<double>& values(const table::Table& table, std::string_view name) {
  const table::Column* column = table.find(name);
  if (column == nullptr) throw std::runtime_error("no column " + std::string(name));
  return column->values;
}

inline std::string metadata(const table::Table& table, const std::string& key) {
  const auto found = table.metadata.find(key);
  return found == table.metadata.end() ? std::string() : found->second;
}

/// The error that `action` throws; `part` has to stand in its message, `line` in its place.
inline base::InputError refusal(const std::function<void()>& action, std::string_view part, std::size_t line = 0) {
  try {
    action();
  } catch (const base::InputError& error) {
    EXPECT_NE(std::string_view(error.what()).find(part), std::string_view::npos) << error.what();
    if (line != 0) {
      EXPECT_EQ(error.place().line, line) << error.what();
    }
    EXPECT_FALSE(error.place().file.empty()) << error.what();
    return error;
  }
  ADD_FAILURE() << "nothing was thrown, expected: " << part;
  return {{}, "", ""};
}

inline void expect_point(const table::Table& table, std::size_t row, double frequency, double real, double imaginary) {
  ASSERT_LT(row, table.rows());
  EXPECT_DOUBLE_EQ(values(table, "frequency")[row], frequency);
  EXPECT_NEAR(values(table, "Z_real")[row], real, 1e-9 * std::abs(real));
  EXPECT_NEAR(values(table, "Z_imag")[row], imaginary, 1e-9 * std::abs(imaginary));
}

/// R0 = 50 Ohm in series with R1 = 1 kOhm parallel to C1 = 1 nF, at frequencies from 1 MHz down, six a decade.
inline table::Table simulated(std::size_t points, double scale = 1.0) {
  table::Table table;
  table.source = "simulated";
  std::vector<double> frequency, real, imaginary, time;
  for (std::size_t i = 0; i < points; ++i) {
    const double f = 1e6 * std::pow(10.0, -static_cast<double>(i) / 6.0);
    const std::complex<double> z =
        scale * (50.0 + 1000.0 / std::complex<double>(1.0, 2.0 * std::numbers::pi * f * 1000.0 * 1e-9));
    frequency.push_back(f);
    real.push_back(z.real());
    imaginary.push_back(z.imag());
    time.push_back(static_cast<double>(i));
  }
  table.columns = {{"frequency", base::Unit::parse("Hz"), frequency},
                   {"Z_real", base::Unit::parse("Ohm"), real},
                   {"Z_imag", base::Unit::parse("Ohm"), imaginary},
                   {"time", base::Unit::parse("s"), time}};
  return table;
}

inline void expect_same_spectrum(const table::Table& a, const table::Table& b, double relative) {
  ASSERT_EQ(a.rows(), b.rows());
  for (const std::string_view name : {"frequency", "Z_real", "Z_imag"}) {
    for (std::size_t i = 0; i < a.rows(); ++i) {
      EXPECT_NEAR(values(a, name)[i], values(b, name)[i], relative * std::abs(values(b, name)[i])) << name << " " << i;
    }
  }
}

}  // namespace closo::formats
