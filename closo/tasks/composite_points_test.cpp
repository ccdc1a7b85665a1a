#include "closo/tasks/composite_points.hpp"

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

TEST(CompositePoints, UnitsLimitsAndUncertainties) {
  const auto points = parse_composite_points(
      "# two samples\nfraction (vol%),T (degC),sigma (S/cm),uncertainty (%),note\n"
      "25,30,2.9e-4,10,abstract\n0,60,<1.2e-6,,pristine\n25,60,~1.2e-3,,\n",
      "points.csv");
  ASSERT_EQ(points.size(), 3U);
  EXPECT_NEAR(points[0].point.filler_fraction, 0.25, 1e-12);
  EXPECT_NEAR(points[0].point.temperature, 303.15, 1e-9);
  EXPECT_NEAR(points[0].point.conductivity, 0.029, 1e-12);
  EXPECT_NEAR(points[0].point.relative_uncertainty, 0.10, 1e-12);
  EXPECT_EQ(points[0].note, "abstract");
  EXPECT_FALSE(points[0].is_upper_limit);
  EXPECT_TRUE(points[1].is_upper_limit);
  EXPECT_NEAR(points[1].point.conductivity, 1.2e-4, 1e-15);
  EXPECT_NEAR(points[2].point.conductivity, 0.12, 1e-12);
  EXPECT_NEAR(points[2].point.relative_uncertainty, 0.2, 1e-12);
  const auto absolute = parse_composite_points(
      "filler fraction (vol%),temperature (K),conductivity (mS/cm),uncertainty (mS/cm)\n10,300,2,0.5\n", "b.csv");
  EXPECT_NEAR(absolute[0].point.relative_uncertainty, 0.25, 1e-12);
}

TEST(CompositePoints, WrongTablesAreRefusedWithTheirPlace) {
  const std::string header = "fraction (vol%),T (degC),sigma (S/cm),uncertainty (%)\n";
  for (const std::string& text :
       {std::string("fraction (vol%),T (degC)\n1,2\n"), std::string("fraction (nm),T (degC),sigma (S/cm)\n1,2,3\n"),
        std::string("fraction (vol%),T (degC),sigma (eV)\n1,2,3\n"), header, header + "120,30,1e-4,\n",
        header + "25,-300,1e-4,\n", header + "25,30,0,\n", header + "25,30,abc,\n", header + "25,30,1e-4,-5\n",
        std::string("fraction (vol%),T (degC),sigma (S/cm),uncertainty (K)\n1,2,3,4\n")}) {
    EXPECT_THROW(parse_composite_points(text, "wrong.csv"), base::InputError) << text;
  }
  try {
    parse_composite_points(header + "25,30,1e-4,5\n25,30,-1,5\n", "wrong.csv");
    FAIL();
  } catch (const base::InputError& error) {
    EXPECT_EQ(error.place().line, 3U);
    EXPECT_GT(error.place().column, 1U);
  }
  EXPECT_THROW(read_composite_points("/no/such/file.csv"), base::InputError);
}

}  // namespace
}  // namespace closo::tasks
