#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "closo/report/detail/series_style.hpp"

namespace closo::report::detail {
namespace {

TEST(SeriesStyle, EqualNamesAreOneSeriesAndEmptyNamesNone) {
  const Figure figure{.id = "f",
                      .layers = {{.mark = Mark::band, .series = "law"},
                                 {.mark = Mark::points},
                                 {.mark = Mark::line, .series = "law"},
                                 {.mark = Mark::points, .series = "data"}}};
  const auto series = series_of(figure);
  ASSERT_EQ(series.size(), 2U);
  EXPECT_EQ(series[0].name, "law");
  EXPECT_EQ(series[0].shape, stroke_shape);
  EXPECT_EQ(series[1].shape, "circle");
}

TEST(SeriesStyle, BackgroundIsGreyAndTakesNoColour) {
  const Figure figure{.id = "f",
                      .layers = {{.mark = Mark::points, .series = "others", .background = true},
                                 {.mark = Mark::points, .series = "own"}}};
  const auto series = series_of(figure);
  EXPECT_EQ(series[0].colour, "#9aa1a9");
  EXPECT_EQ(series[1].colour, "#0072B2");
}

TEST(SeriesStyle, DashesAreOfTheWholeSeriesOnlyIfAllLayersAgree) {
  const Figure figure{.id = "f",
                      .layers = {{.mark = Mark::line, .series = "a", .dashed = true},
                                 {.mark = Mark::line, .series = "a"},
                                 {.mark = Mark::rule_horizontal, .series = "b", .dashed = true}}};
  const auto series = series_of(figure);
  EXPECT_FALSE(series[0].dashed);
  EXPECT_TRUE(series[0].dash.empty());
  EXPECT_TRUE(series[1].dashed);
  EXPECT_FALSE(series[1].dash.empty());
}

// Colour is never the only sign: up to seven point series and four line series differ also in shape or dash.
TEST(SeriesStyle, LawOfTwoSigns) {
  Figure points{.id = "f"};
  Figure lines{.id = "f"};
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"})
    points.layers.push_back({.mark = Mark::points, .series = name});
  for (const char* name : {"a", "b", "c", "d"}) lines.layers.push_back({.mark = Mark::line, .series = name});
  std::set<std::string> colours;
  std::set<std::string> shapes;
  for (const Series& series : series_of(points)) {
    colours.insert(series.colour);
    shapes.insert(series.shape);
  }
  EXPECT_EQ(colours.size(), 7U);
  EXPECT_EQ(shapes.size(), 7U);
  std::set<std::vector<int>> dashes;
  for (const Series& series : series_of(lines)) dashes.insert(series.dash);
  EXPECT_EQ(dashes.size(), 4U);
}

}  // namespace
}  // namespace closo::report::detail
