#include "closo/formats/versastudio.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

const std::string top =
    "<Application>\nName=VersaStudio\n</Application>\n\n<Action0>\nWorking Electrode Area (cm2)=0.785\n"
    "Comment=sample at 30 degC\n</Action0>\n<Instrument>\nType=VersaSTAT4\nSN=7\n</Instrument>\n"
    "<Experiment>\nTimeAcquired=9:40:30 AM\nDateAcquired=Thursday, July 19, 2018\n</Experiment>\n"
    "<Action1>\nName=Potentiostatic EIS\n</Action1>\n";
const std::string definition =
    "Definition=Segment #, Point #, E(V), I(A), Elapsed Time(s), Frequency(Hz), Z Real, Z Imag, Z2 Real, 0\n";

std::string segment(int number, const std::string& rows, const std::string& names = definition) {
  const std::string name = "Segment" + std::to_string(number);
  return "<" + name + ">\nType=2\n" + names + rows + "</" + name + ">\n";
}

}  // namespace

TEST(Versastudio, ReadsSegments) {
  const auto found =
      read_versastudio(top + segment(1, "0,0,0.1,0,1.5,0,0,0,0\n0,1,0.1,0,1.5,0,0,0,0\n") +
                           segment(2, "1,0,0.5,1E-3,1.5,1000,50,-20,0\n1,1,0.5,1E-3,2.5,100,60,-30,0\n") +
                           segment(3, "2,0,0.5,1E-3,1.5,1000,51,-20,0\n"),
                       "a.par");
  ASSERT_EQ(found.size(), 2U) << "the first segment is another technique";
  expect_point(found[0], 1, 100, 60, -30);
  expect_point(found[1], 0, 1000, 51, -20);
  EXPECT_EQ(metadata(found[0], "segment"), "Segment2");
  EXPECT_EQ(metadata(found[0], "instrument"), "VersaSTAT4 SN 7");
  EXPECT_EQ(metadata(found[0], "technique"), "Potentiostatic EIS");
  EXPECT_EQ(metadata(found[0], "date"), "Thursday, July 19, 2018 9:40:30 AM");
  EXPECT_EQ(metadata(found[0], "area_cm2"), "0.785");
  EXPECT_EQ(metadata(found[0], "temperature_degC"), "30");
  EXPECT_DOUBLE_EQ(values(found[0], "voltage")[0], 0.5);
  EXPECT_DOUBLE_EQ(values(found[0], "time")[1], 2.5);
}

TEST(Versastudio, RefusesBrokenFiles) {
  refusal([] { read_versastudio(top, "a.par"); }, "no segment of this file has impedance");
  refusal([] { read_versastudio(top + "<Segment1>\nType=2\n" + definition, "a.par"); }, "<Segment1> does not end", 20);
  refusal([] { read_versastudio(top + segment(1, "", ""), "a.par"); }, "has no line 'Definition='", 20);
  refusal([] { read_versastudio(top + segment(1, ""), "a.par"); }, "<Segment1> has no rows", 20);
  refusal([] { read_versastudio(top + segment(1, "1,2\n"), "a.par"); }, "the row has 2 cells", 23);
  refusal([] { read_versastudio(top + segment(1, "1,1,0,0,0,5,x,1,0\n"), "a.par"); }, "'Z Real' is 'x'", 23);
  refusal([] { read_versastudio(top + segment(1, "1,1\n", "Definition=E(V), I(A)\n"), "a.par"); }, "no segment");
}
