#include "closo/formats/gamry_dta.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

const std::string top =
    "EXPLAIN\nTAG\tEISPOT\nTITLE\tLABEL\tPellet 4, 60 degC\tTest &Identifier\nDATE\tLABEL\t2/3/2021\tDate\n"
    "TIME\tLABEL\t10:11:12\tTime\nNOTES\tNOTES\t2\t&Notes...\n\tfirst note\n\tsecond note\n"
    "PSTAT\tPSTAT\tREF600-1\tPotentiostat\nAREA\tQUANT\t7.85E-001\t&Area (cm^2)\n";
const std::string ocv = "OCVCURVE\tTABLE\t1\n\tPt\tT\tVf\n\t#\ts\tV\n\t0\t0.5\t0.1\n";
const std::string names = "\tPt\tTime\tFreq\tZreal\tZimag\tOver\tZphz\tTemp\n\t#\ts\tHz\tohm\tohm\tbits\t\xB0\tdeg C\n";

std::string curve(const std::string& rows, const std::string& count = "\t2") {
  return "ZCURVE\tTABLE" + count + "\n" + names + rows;
}
const std::string row1 = "\t0\t1\t1000\t50\t-20\t...a\t-21.8\t-327.67\n",
                  row2 = "\t1\t2\t100\t60\t-30\t...a\t-26.6\t-327.67\n";

}  // namespace

TEST(GamryDta, ReadsCurveAndTags) {
  const auto found = read_gamry_dta(top + ocv + curve(row1 + row2), "a.DTA");
  ASSERT_EQ(found.size(), 1U);
  expect_point(found[0], 1, 100, 60, -30);
  EXPECT_DOUBLE_EQ(values(found[0], "time")[1], 2.0);
  EXPECT_NEAR(values(found[0], "Z_phase")[0], -0.3805, 1e-4);
  EXPECT_EQ(metadata(found[0], "instrument"), "REF600-1");
  EXPECT_EQ(metadata(found[0], "technique"), "EISPOT");
  EXPECT_EQ(metadata(found[0], "date"), "2/3/2021 10:11:12");
  EXPECT_EQ(metadata(found[0], "comment"), "first note\nsecond note");
  EXPECT_EQ(metadata(found[0], "area_cm2"), "7.85E-001");
  EXPECT_EQ(metadata(found[0], "temperature_degC"), "60") << "the thermometer is not connected, the title speaks";
  EXPECT_EQ(metadata(found[0], "text_columns"), "Over");
  EXPECT_EQ(metadata(found[0], "source_line"), "18");
}

TEST(GamryDta, ReadsSeveralCurvesAndDecimalCommas) {
  const auto found = read_gamry_dta("EXPLAIN\n" + curve("\t0\t1\t1000\t50,5\t-20,5\ta\t-21,8\t25,5\n", "") +
                                        curve("\t0\t1\t1000\t51\t-20,5\ta\t-21,8\t25,5\n", ""),
                                    "a.DTA");
  ASSERT_EQ(found.size(), 2U);
  expect_point(found[0], 0, 1000, 50.5, -20.5);
  EXPECT_EQ(metadata(found[1], "loop"), "2");
  EXPECT_EQ(metadata(found[1], "temperature_degC"), "25.5");
}

TEST(GamryDta, ReadsAnAbortedRun) {
  const auto found =
      read_gamry_dta(top + curve(row1, "\t60") + "EXPERIMENTABORTED\tTOGGLE\tT\tExperiment Aborted\n", "a.DTA");
  EXPECT_TRUE(found[0].metadata.contains("warning.aborted"));
  EXPECT_EQ(metadata(found[0], "warning.points"), "60 points announced, 1 found");
}

TEST(GamryDta, RefusesBrokenFiles) {
  refusal([] { read_gamry_dta(top + ocv, "a.DTA"); }, "no table ZCURVE");
  refusal([] { read_gamry_dta(top + "ZCURVE\tTABLE\n\tPt\n", "a.DTA"); }, "the file ends behind the name", 11);
  refusal([] { read_gamry_dta(top + curve(""), "a.DTA"); }, "has no rows", 11);
  refusal([] { read_gamry_dta(top + curve(row1 + "\t1\t2\t10"), "a.DTA"); }, "the row has 4 cells", 15);
  refusal([] { read_gamry_dta("EXPLAIN\nZCURVE\tTABLE\n\tPt\tZreal\tZimag\n\t#\tohm\tohm\n\t0\t1\t2\n", "a.DTA"); },
          "no frequency column", 3);
}

TEST(GamryDta, WritesWhatItReads) {
  table::Table truth = simulated(30);
  truth.metadata = {{"title", "Li pellet"}, {"date", "5/6/2022 01:02:03"}, {"instrument", "simulated by closo"}};
  const auto found = read_gamry_dta(write_gamry_dta(truth), "a.DTA");
  ASSERT_EQ(found.size(), 1U);
  expect_same_spectrum(found[0], truth, 1e-6);
  EXPECT_EQ(metadata(found[0], "date"), "5/6/2022 01:02:03");
  EXPECT_EQ(metadata(found[0], "title"), "Li pellet");
  EXPECT_FALSE(found[0].metadata.contains("warning.points"));
  EXPECT_EQ(write_gamry_dta(found[0]), write_gamry_dta(read_gamry_dta(write_gamry_dta(found[0]), "a.DTA")[0]));
  EXPECT_THROW(write_gamry_dta({}), base::ParameterError);
}
