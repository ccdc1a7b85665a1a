#include "closo/formats/detail/header_table.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;
using namespace closo::formats::detail;

namespace {

std::vector<table::Table> read(std::string_view text) { return read_header_table(text, "a.txt", {"test", false}, {}); }
std::vector<table::Table> read_bare(std::string_view text) { return read_bare_rows(text, "a.txt", "test", {}); }

}  // namespace

TEST(HeaderTable, FindsTheHeaderBelowAnyPreamble) {
  const auto found =
      read("pellet 7\nOperator: me\nTemperature: 35 C\n\nfreq/Hz\tZ'/Ohm\tZ''/Ohm\n10\t1\t-2\n1\t3\t-4\n");
  ASSERT_EQ(found.size(), 1U);
  expect_point(found[0], 1, 1, 3, -4);
  EXPECT_EQ(metadata(found[0], "Operator"), "me");
  EXPECT_EQ(metadata(found[0], "comment"), "pellet 7");
  EXPECT_EQ(metadata(found[0], "temperature_degC"), "35");
  EXPECT_EQ(metadata(found[0], "temperature_source"), "line 3");
  EXPECT_EQ(metadata(found[0], "source_line"), "6");
}

TEST(HeaderTable, PrefersTheLineThatSpeaksOfATemperature) {
  EXPECT_EQ(metadata(read("# Data 413K\n# Temperature: 140 C\n# f/Hz Z' Z''\n1 2 -3\n")[0], "temperature_degC"), "140");
}

TEST(HeaderTable, HeaderMayBeACommentOrHaveDoubledSeparators) {
  expect_point(read("# Freq.[Hz]\t\t Zs'[ohm] \t\t Zs''[ohm]\n10\t1\t-2\n")[0], 0, 10, 1, -2);
  expect_point(read("% f (Hz)  Z' (Ohm)  Z'' (Ohm)\n10 1 -2\n")[0], 0, 10, 1, -2);
}

TEST(HeaderTable, HeaderAndRowsMayHaveDifferentSeparators) {
  expect_point(read("f (Hz), Z' (Ohm), Z'' (Ohm)\n10 1 -2\n")[0], 0, 10, 1, -2);
  expect_point(read("f/Hz;Z'/Ohm;Z''/Ohm\n1,5;2,5;-3,5\n")[0], 0, 1.5, 2.5, -3.5);
}

TEST(HeaderTable, UnitsMayStandBelow) {
  expect_point(read("f,Re,Im\nkHz,Ohm,Ohm\n10,1,-2\n")[0], 0, 10e3, 1, -2);
  expect_point(read("Pt\tfreq\tRe\tIm\n#\t(kHz)\t(kOhm)\t(Ohm)\n1\t10\t1\t-2\n")[0], 0, 10e3, 1e3, -2);
}

TEST(HeaderTable, AFurtherHeaderBeginsAFurtherSpectrum) {
  const auto found = read("f/Hz,Z'/Ohm,Z''/Ohm\n10,1,-2\n\n# next\nf/kHz,Z'/Ohm,-Z''/Ohm\n10,1,2\n");
  ASSERT_EQ(found.size(), 2U);
  expect_point(found[1], 0, 10e3, 1, -2);
  EXPECT_EQ(metadata(found[1], "loop"), "2");
}

TEST(HeaderTable, RefusesWithLineAndReason) {
  refusal([] { read(""); }, "the file is empty");
  refusal([] { read("Dear reader,\nno data here\n"); }, "begins with 'Dear reader,'", 1);
  refusal([] { read("tau,gamma\n1,2\n"); }, "no frequency column among 'tau', 'gamma'", 1);
  refusal([] { read("a\nf/s,Z'/Ohm,Z''/Ohm\n1,2,3\n"); }, "has the unit of a time", 2);
  refusal([] { read("f/Hz,Z'/Ohm,Z''/Ohm\n"); }, "no points of impedance data below the header", 1);
  refusal([] { read("f/Hz,Z'/Ohm,Z''/Ohm\n1,2,3\nthe end\n"); }, "the row has 1 cell;", 3);
  refusal([] { read("f/Hz,Z'/Ohm,Z''/Ohm\n1,2,3\n1,2\n"); }, "the row has 2 cells", 3);
  refusal([] { read("f/Hz,Z'/Ohm,Z''/Ohm\n1,2,x\n"); }, "is 'x'", 2);
  refusal([] { read("the phase of z is f\nand more prose\n"); }, "no columns of an impedance spectrum");
}

TEST(HeaderTable, ReadsBareRows) {
  for (const std::string_view text :
       {"10, 1, -2\n1, 3, -4\n", "10 1 -2\n1 3 -4", "# c\n10\t1,0\t-2\n\n1\t3\t-4\n", "10;1;-2\n1;3;-4\n"}) {
    const auto found = read_bare(text);
    ASSERT_EQ(found.size(), 1U) << text;
    expect_point(found[0], 1, 1, 3, -4);
    EXPECT_TRUE(found[0].metadata.contains("warning.header"));
  }
  EXPECT_DOUBLE_EQ(values(read_bare("10 1 -2 7\n")[0], "column_4")[0], 7.0);
}

TEST(HeaderTable, RefusesBareRowsThatAreNone) {
  refusal([] { read_bare("# only\n"); }, "no rows of numbers");
  refusal([] { read_bare("1 2\n"); }, "the row has two numbers", 1);
  refusal([] { read_bare("a b c\n"); }, "'a b c' is no row of numbers", 1);
  refusal([] { read_bare("1 2 3\nx 2 3\n"); }, "column 'frequency' is 'x'", 2);
  refusal([] { read_bare("1 2 3\n1 2 3 4\n"); }, "the row has 4 cells", 2);
}

TEST(HeaderTable, KnowsComments) {
  EXPECT_TRUE(is_comment("  # a"));
  EXPECT_TRUE(is_comment("%"));
  EXPECT_FALSE(is_comment("#NAME?\t1"));
  EXPECT_FALSE(is_comment("1 # a"));
}

TEST(HeaderTable, FindsNoHeaderInProse) {
  const std::string text = "frequency, Z', Z'' are given\nfrequency and |Z| and phase are known\nin many words";
  EXPECT_FALSE(find_header(split_lines(text), 0));
}
