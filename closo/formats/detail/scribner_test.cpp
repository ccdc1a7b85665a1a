#include "closo/formats/detail/scribner.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;
using namespace closo::formats::detail;

namespace {

const std::string names = "\"  Freq (Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range\"\n";

std::vector<table::Table> read(const std::string& text) { return read_quoted_scribner(text, "a.z", "test", {}); }

}  // namespace

TEST(Scribner, ReadsQuotedFiles) {
  const auto found = read(
      "\"Z60W Data File: Version 1.1\"\n\"cell at 45 degC\"\n\"Date: 1-2-2020   Time: 10:00:00\"\n"
      "0,2,0,1,0.1,1000\n2\n" +
      names + "1000,0.01,0.5,1,10,-1,0,0,3\n100,0.01,0.5,2,20,-3,0,0,3\n");
  ASSERT_EQ(found.size(), 1U);
  expect_point(found[0], 1, 100, 20, -3);
  EXPECT_DOUBLE_EQ(values(found[0], "time")[1], 2.0);
  EXPECT_DOUBLE_EQ(values(found[0], "voltage")[0], 0.5);
  EXPECT_EQ(metadata(found[0], "date"), "1-2-2020 10:00:00");
  EXPECT_EQ(metadata(found[0], "temperature_degC"), "45");
  EXPECT_FALSE(found[0].metadata.contains("warning.points"));
}

TEST(Scribner, SaysWhenPointsAreMissing) {
  const auto found = read("\"Z\"\n7\n" + names + "1000;0,01;0,5;1;10;-1;0;0;3\n");
  EXPECT_EQ(metadata(found[0], "warning.points"), "7 points announced, 1 found");
}

TEST(Scribner, RefusesBrokenFiles) {
  refusal([] { read("\"Z60W Data File\"\n1,2,3\n"); }, "no line that names the columns");
  refusal([] { read("\"Z\"\n1\n" + names); }, "no points below the header", 3);
  refusal([] { read("\"Z\"\n1\n" + names + "1,2,3\n"); }, "the row has 3 cells", 4);
  refusal([] { read("\"Z\"\n1\n\"Freq(Hz) Z'(a)\"\n1,2\n"); }, "no imaginary part", 3);
}
