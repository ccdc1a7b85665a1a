#include "closo/formats/detail/written_spectrum.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;
using namespace closo::formats::detail;

TEST(WrittenSpectrum, HasZeroForWhatIsMissing) {
  const WrittenSpectrum data = written_spectrum(simulated(4));
  EXPECT_EQ(data.frequency.size(), 4U);
  EXPECT_EQ(data.voltage, (std::vector<double>(4, 0.0)));
  EXPECT_EQ(data.time[3], 3.0);
}

TEST(WrittenSpectrum, RefusesWhatCannotBeWritten) {
  EXPECT_THROW(written_spectrum({}), base::ParameterError);
  table::Table table = simulated(4);
  table.columns.erase(table.columns.begin() + 1);
  EXPECT_THROW(written_spectrum(table), base::ParameterError);
  table = simulated(4);
  table.columns[2].values[1] = std::nan("");
  EXPECT_THROW(written_spectrum(table), base::ParameterError);
  table = simulated(4);
  table.columns[3].values.pop_back();
  EXPECT_THROW(written_spectrum(table), base::ParameterError);
}

TEST(WrittenSpectrum, PrintsThreeDigitsOfExponent) {
  EXPECT_EQ(three_digit_exponent(-0.05, 5), "-5.00000E-002");
  EXPECT_EQ(three_digit_exponent(1e-200, 1), "1.0E-200");
  EXPECT_EQ(three_digit_exponent(0.0, 2), "0.00E+000");
}

TEST(WrittenSpectrum, TakesMetadataOfOneLine) {
  table::Table table = simulated(1);
  EXPECT_EQ(one_line(table, "title", "none"), "none");
  table.metadata["title"] = "pellet 3";
  EXPECT_EQ(one_line(table, "title", "none"), "pellet 3");
  table.metadata["title"] = "a\nb";
  EXPECT_THROW(one_line(table, "title", ""), base::ParameterError);
}
