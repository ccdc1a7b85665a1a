#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "closo/report/detail/vega_axis.hpp"

namespace closo::report::detail {
namespace {

Json axis(const Axis& y, const char* channel = "y") {
  const Figure figure{.id = "f", .x = y, .y = y, .layers = {{.x = {0, 1}, .y = {0, 1}}}};
  return position_json(frame_of(figure), channel, channel)["axis"];
}

TEST(VegaAxis, NamesStandAtWholeNumbers) {
  const Json json = axis({.names = {"LiBH₄", "a\"b"}});
  EXPECT_EQ(json["values"], Json::array({0.0, 1.0}));
  EXPECT_EQ(json["labelExpr"], R"(["LiBH\u2084","a\"b"][indexof([0.0,1.0], datum.value)])");
  EXPECT_EQ(json["grid"], false);
  EXPECT_EQ(axis({.names = {"", "a", ""}})["values"], Json::array({1.0})) << "rows without a name have no tick";
  EXPECT_FALSE(json.contains("labelAngle"));
}

TEST(VegaAxis, LongNamesAreSlantedAndManyStandUpright) {
  EXPECT_FALSE(axis({.names = {"a", "b"}}, "x").contains("labelAngle"));
  const std::string name = "LiNi0.8Co0.15Al0.05O2";
  EXPECT_EQ(axis({.names = std::vector<std::string>(3, name)}, "x")["labelAngle"], -45);
  EXPECT_EQ(axis({.names = std::vector<std::string>(20, name)}, "x")["labelAngle"], -90);
  EXPECT_FALSE(axis({.names = std::vector<std::string>(20, name)}, "y").contains("labelAngle"));
}

TEST(VegaAxis, HiddenAxesAreNull) {
  EXPECT_TRUE(axis({.hidden = true}).is_null());
  EXPECT_FALSE(axis({}).is_null());
}

TEST(VegaAxis, BarsWithNamesMakeTheXAxisCategorical) {
  const Figure figure{.id = "f", .layers = {{.mark = Mark::bars, .y = {1}, .category = {"a"}}}};
  const Frame frame = frame_of(figure);
  EXPECT_TRUE(frame.categorical);
  EXPECT_FALSE(frame.long_names);
  EXPECT_EQ(position_json(frame, "x", "x")["type"], "nominal");
  EXPECT_EQ(position_json(frame, "y", "y")["type"], "quantitative");
}

TEST(VegaAxis, ScalesTakeRangeKindAndDirection) {
  const Json log = scale_json({.scale = Scale::log10, .reversed = true}, {.low = 1, .high = 10});
  EXPECT_EQ(log["type"], "log");
  EXPECT_EQ(log["reverse"], true);
  EXPECT_EQ(log["domain"], Json::array({1.0, 10.0}));
  EXPECT_EQ(scale_json({}, {})["zero"], false);
}

TEST(VegaAxis, TheTopAxisLeavesOutPlacesThatAreNoNumber) {
  const Figure figure{.id = "f",
                      .top = TopAxis{.title = "T", .positions = {3.0, std::nan("")}, .labels = {"60", "x"}},
                      .layers = {{.x = {3}, .y = {1}}}};
  const Json unit = top_axis_json(frame_of(figure));
  EXPECT_EQ(unit["encoding"]["x"]["axis"]["values"], Json::array({3.0}));
  EXPECT_EQ(unit["data"]["values"].size(), 1U);
}

}  // namespace
}  // namespace closo::report::detail
