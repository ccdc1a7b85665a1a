#include "closo/formats/relaxis.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

TEST(Relaxis, ReadsKeysAndColumnsWithUnits) {
  const auto found = read_relaxis(
      "RelaxIS 3 export\nSpectrum: LiCB11H12\nTemperature: 30 °C\nArea: 0.785 cm2\n\n"
      "Frequency / Hz;Z' / kOhm;-Z'' / kOhm;Weight\n1000;3,5;4,5;1\n100;6,5;8,5;1\n",
      "a.txt");
  ASSERT_EQ(found.size(), 1U);
  expect_point(found[0], 1, 100, 6500, -8500);
  EXPECT_EQ(metadata(found[0], "Spectrum"), "LiCB11H12");
  EXPECT_EQ(metadata(found[0], "temperature_degC"), "30");
  EXPECT_EQ(metadata(found[0], "format"), "relaxis_txt");
}

TEST(Relaxis, RefusesMissingColumns) {
  refusal([] { read_relaxis("RelaxIS\nFrequency / Hz;Z' / Ohm\n1;2\n", "a.txt"); }, "no imaginary part", 2);
}
