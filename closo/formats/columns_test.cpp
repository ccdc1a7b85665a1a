#include "closo/formats/columns.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

TEST(Columns, ReadsThreeNumbersOfEverySeparator) {
  for (const std::string_view text :
       {"1000,30,-40\n100,60,-80\n", " 1000 30 -40\n 100 60 -80\n", "1000\t30,0\t-40\r\n100\t60\t-80\r\n"}) {
    const auto found = read_columns(text, "a_40C.csv");
    ASSERT_EQ(found.size(), 1U);
    expect_point(found[0], 1, 100, 60, -80);
    EXPECT_EQ(metadata(found[0], "temperature_degC"), "40");
    EXPECT_EQ(metadata(found[0], "temperature_source"), "file name");
  }
}

TEST(Columns, NegatesWhatFallsWithFrequency) {
  // The low-frequency end of a capacitive arc, written as -Z''.
  const auto found = read_columns("1 100 12\n2 96 18\n4 85 26\n8 62 30\n", "a.csv");
  EXPECT_LT(values(found[0], "Z_imag")[0], 0.0);
  EXPECT_TRUE(found[0].metadata.contains("warning.sign"));
}

TEST(Columns, RefusesOtherText) {
  refusal([] { read_columns("1 2 3\nend\n", "a.csv"); }, "the row has 1 cell;", 2);
  refusal([] { read_columns("1 2\n", "a.csv"); }, "two numbers", 1);
}
