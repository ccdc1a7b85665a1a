#include "closo/formats/zplot.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

const std::string names = "  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange\n";
const std::string top =
    "ZPLOT2 ASCII\n  Measured Data, ZPlot:       3.2c\n  Experiment Type:  Sweep Frequency\n"
    "  Date:                       10-12-2018\n  Time:                       11:04:34\n"
    "  Begin User Comments:        0\npellet at 70 degC\n  End User Comments:          0\n"
    "    Surface Area:             0.5\n  Data Points:                2\n";
const std::string row = "1.0E+03\t1.0E-02\t0.0E+00\t2.5E+00\t1.5E+02\t-1.25E+01\t0.0E+00\t0\t3\n";

}  // namespace

TEST(Zplot, ReadsFilesWithComments) {
  const auto found = read_zplot(top + names + "End Comments\n" + row + row, "a.z");
  ASSERT_EQ(found.size(), 1U);
  expect_point(found[0], 0, 1000, 150, -12.5);
  EXPECT_EQ(metadata(found[0], "date"), "10-12-2018 11:04:34");
  EXPECT_EQ(metadata(found[0], "comment"), "pellet at 70 degC");
  EXPECT_EQ(metadata(found[0], "temperature_degC"), "70");
  EXPECT_EQ(metadata(found[0], "area_cm2"), "0.5");
  EXPECT_EQ(values(found[0], "Ampl")[0], 0.01);
  EXPECT_FALSE(found[0].metadata.contains("warning.points"));
  EXPECT_EQ(metadata(read_zplot(top + names + "End Comments\n" + row, "a.z")[0], "warning.points"),
            "2 points announced, 1 found");
}

TEST(Zplot, ReadsFilesWithoutComments) {
  const auto found = read_zplot(
      "\"ZPlotW Data File: Version 3.2c\"\n\"Raw Data\"\n0,3,0,1,300000,0.005\n1\n"
      "\"  Freq(Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range\"\n"
      "1.0E+03, 1.0E-02, 0.0E+00, 2.5E+00, 1.5E+02, -1.25E+01, 0.0E+00, 0, 3\n",
      "a.z");
  expect_point(found[0], 0, 1000, 150, -12.5);
}

TEST(Zplot, RefusesBrokenFiles) {
  refusal([] { read_zplot(top + names + row, "a.z"); }, "'End Comments' is missing");
  refusal([] { read_zplot(top + "End Comments\n" + row, "a.z"); }, "names the columns", 11);
  refusal([] { read_zplot(top + names + "End Comments\n", "a.z"); }, "no points below the header", 11);
  refusal([] { read_zplot(top + names + "End Comments\n" + row + "1.0E+02\t1.0E", "a.z"); }, "the row has 2 cells", 14);
  refusal([] { read_zplot(top + names + "End Comments\n0\t0\t0\t0\t1\t1\t0\t0\t3\n", "a.z"); }, "the frequency is 0",
          13);
}
