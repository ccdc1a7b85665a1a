#include "closo/formats/neisys.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

const std::string columns = "     Freq.[Hz]\t      Zs'[ohm]\t     Zs''[ohm]\n";

}  // namespace

TEST(Neisys, ReadsTitleGeometryAndTemperature) {
  const auto found = read_neisys(
      "s1_75deg, 26.02.2025, 15:11\nDiameter[mm]: 1.300e+01  Thickness[mm]: 7.500e-01  "
      "Spacer Capacity[pF]: 0.000e+00  Electrode Thickness[mm]: 4.00e+00\n"
      "Fixed value(s) :  AC Volt  [Vrms]=7.1000e-03  \n" +
          columns + " 1.0e+06\t 3.5e+03\t-6.25e+03\n 1.0e+05\t 4.5e+03\t-7.25e+03\n",
      "a.txt");
  ASSERT_EQ(found.size(), 1U);
  expect_point(found[0], 1, 1e5, 4500, -7250);
  EXPECT_EQ(metadata(found[0], "title"), "s1_75deg, 26.02.2025, 15:11");
  EXPECT_EQ(metadata(found[0], "diameter_mm"), "13");
  EXPECT_EQ(metadata(found[0], "thickness_mm"), "0.75");
  EXPECT_EQ(metadata(found[0], "temperature_degC"), "75");
}

TEST(Neisys, PrefersTheFixedTemperature) {
  const auto found = read_neisys(
      "s1_75deg\nFixed value(s) : Temp. [°C]=8.0000e+01  AC Volt [Vrms]=1.0\n" + columns + "1 2 -3\n", "a.txt");
  EXPECT_EQ(metadata(found[0], "temperature_degC"), "80");
}

TEST(Neisys, SplitsATemperatureScan) {
  const auto found = read_neisys(
      "scan\n\nFreq. [Hz]\tTemp. [°C]\tZs' [Ohms]\tZs'' [Ohms]\n"
      "9\t25\t1\t-1\n3\t25\t1\t-1\n1\t25\t1\t-1\n9\t50\t2\t-1\n3\t50\t2\t-1\n1\t50\t2\t-1\n",
      "a.txt");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(metadata(found[0], "temperature_degC"), "25");
  EXPECT_EQ(metadata(found[1], "temperature_degC"), "50");
}

TEST(Neisys, RefusesBrokenRows) {
  refusal([] { read_neisys("t\n" + columns + "1\t2\n", "a.txt"); }, "the row has 2 cells", 3);
  refusal([] { read_neisys("t\n" + columns, "a.txt"); }, "no points", 2);
}
