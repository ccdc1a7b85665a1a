#include "closo/formats/ec_lab_columns.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

TEST(EcLabColumns, ReadsTabsAndCommas) {
  const auto tabs = read_ec_lab_columns(
      "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t|Z|/Ohm\tPhase(Z)/deg\ttime/s\t\r\n1000\t3\t4\t5\t-53.13\t1\t\r\n", "a.txt");
  expect_point(tabs[0], 0, 1000, 3, -4);
  EXPECT_FALSE(tabs[0].metadata.contains("warning.sign"));
  const auto commas = read_ec_lab_columns("freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n1000,3,4\n", "a.csv");
  expect_point(commas[0], 0, 1000, 3, -4);
}

TEST(EcLabColumns, ReadsTheSheetThatExcelSpoiled) {
  const auto found = read_ec_lab_columns(
      "freq/Hz\tRe(Z)/Ohm\t#NAME?\tPhase(Z)/deg\tRe(Z)/Ohm * Area\n1.00E+05\t3\t4\t-53.13\t30\n", "a.txt");
  expect_point(found[0], 0, 1e5, 3, -4);
  EXPECT_TRUE(found[0].metadata.contains("warning.header"));
  EXPECT_FALSE(found[0].metadata.contains("warning.sign"));
  EXPECT_DOUBLE_EQ(values(found[0], "Re(Z)/Ohm * Area")[0], 30.0);
}

TEST(EcLabColumns, RefusesMissingColumns) {
  refusal([] { read_ec_lab_columns("freq/Hz\tRe(Z)/Ohm\n1\t2\n", "a.txt"); }, "no imaginary part", 1);
  refusal([] { read_ec_lab_columns("freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\n1\t2\tnan\n", "a.txt"); }, "is 'nan'", 2);
}
