#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"

namespace closo::report {
namespace {

using Json = nlohmann::json;

Json spec(const Figure& figure) { return Json::parse(vega_lite(figure)); }
Json spec(Layer layer) { return spec(Figure{.id = "f", .layers = {std::move(layer)}}); }

// How often a key stands anywhere in a document.
int count(const Json& json, const std::string& key) {
  int n = json.is_object() && json.contains(key) ? 1 : 0;
  if (json.is_structured()) {
    for (const Json& child : json) n += count(child, key);
  }
  return n;
}

TEST(VegaLite, IsSelfContained) {
  const Json json = spec(Figure{
      .id = "f", .title = "T", .caption = "C", .layers = {{.x = {1, 2}, .y = {3, 4}}}, .width = 500, .height = 300});
  EXPECT_EQ(json["$schema"], "https://vega.github.io/schema/vega-lite/v5.json");
  EXPECT_EQ(json["title"], "T");
  EXPECT_EQ(json["description"], "C");
  EXPECT_EQ(json["width"], 500);
  EXPECT_EQ(json["height"], 300);
  EXPECT_EQ(json["layer"][0]["data"]["values"].size(), 2U);
  EXPECT_EQ(count(json, "url"), 0);
}

TEST(VegaLite, AxesHaveTitleScaleAndRange) {
  const Json json = spec(Figure{.id = "f",
                                .x = {.title = "1000/T (1/K)", .low = 2, .high = 4, .reversed = true},
                                .y = {.title = "σ (S/cm)", .scale = Scale::log10, .low = 1e-8, .high = 0.1},
                                .layers = {{.x = {3}, .y = {1e-3}}}});
  const Json& encoding = json["layer"][0]["encoding"];
  EXPECT_EQ(encoding["x"]["axis"]["title"], "1000/T (1/K)");
  EXPECT_EQ(encoding["x"]["scale"]["domain"], Json::array({2.0, 4.0}));
  EXPECT_EQ(encoding["x"]["scale"]["reverse"], true);
  EXPECT_EQ(encoding["x"]["scale"]["type"], "linear");
  EXPECT_EQ(encoding["y"]["scale"]["type"], "log");
  EXPECT_EQ(encoding["y"]["scale"]["domain"], Json::array({1e-8, 0.1}));
  EXPECT_NE(encoding["y"]["axis"]["labelExpr"].get<std::string>().find("⁻"), std::string::npos);
}

TEST(VegaLite, TheTopAxisSharesTheScale) {
  const Json json = spec(Figure{.id = "f",
                                .x = {.low = 2, .high = 4},
                                .top = TopAxis{.title = "T (°C)",
                                               .positions = {3.0, 3.5, std::nan("")},
                                               .labels = {"60", "a\"b\\c\xE2\x80\xA8", "x"}},
                                .layers = {{.x = {3}, .y = {1}}}});
  EXPECT_EQ(json["resolve"]["scale"]["x"], "shared");
  EXPECT_EQ(json["resolve"]["axis"]["x"], "independent");
  const Json& x = json["layer"][1]["encoding"]["x"];
  EXPECT_EQ(x["axis"]["orient"], "top");
  EXPECT_EQ(x["axis"]["title"], "T (°C)");
  EXPECT_EQ(x["axis"]["values"], Json::array({3.0, 3.5}));
  EXPECT_EQ(x["axis"]["labelExpr"], R"(["60","a\"b\\c\u2028"][indexof([3.0,3.5], datum.value)])");
  EXPECT_EQ(x["scale"]["domain"], json["layer"][0]["layer"][0]["encoding"]["x"]["scale"]["domain"]);
}

TEST(VegaLite, EveryMarkHasItsShape) {
  EXPECT_EQ(spec({.mark = Mark::points, .x = {1}, .y = {1}})["layer"][0]["mark"]["type"], "point");
  EXPECT_EQ(spec({.mark = Mark::line, .x = {1}, .y = {1}})["layer"][0]["mark"]["type"], "line");
  const Json band = spec({.mark = Mark::band, .x = {1}, .y_low = {1}, .y_high = {2}})["layer"][0];
  EXPECT_EQ(band["mark"]["type"], "area");
  EXPECT_EQ(band["encoding"]["y2"]["field"], "y_high");
  EXPECT_EQ(band["mark"]["fillOpacity"], 0.2);
  const Json area = spec({.mark = Mark::band, .x = {1}, .y_low = {1}, .y_high = {2}, .fill_opacity = 0.7})["layer"][0];
  EXPECT_EQ(area["mark"]["fillOpacity"], 0.7);
  const Json horizontal = spec({.mark = Mark::rule_horizontal, .y = {1}})["layer"][0];
  EXPECT_EQ(horizontal["mark"]["type"], "rule");
  EXPECT_FALSE(horizontal["encoding"].contains("x"));
  const Json vertical = spec({.mark = Mark::rule_vertical, .x = {1}})["layer"][0];
  EXPECT_FALSE(vertical["encoding"].contains("y"));
  const Json bars = spec({.mark = Mark::bars, .y = {1}, .category = {"a"}})["layer"][0];
  EXPECT_EQ(bars["mark"]["type"], "bar");
  EXPECT_EQ(bars["encoding"]["x"]["type"], "nominal");
  EXPECT_EQ(bars["encoding"]["y2"]["datum"], 0.0);
  const Json text = spec({.mark = Mark::text, .x = {1}, .y = {1}, .category = {"words"}})["layer"][0];
  EXPECT_EQ(text["data"]["values"][0]["text"], "words");
  EXPECT_EQ(text["encoding"]["x"]["type"], "quantitative");
}

TEST(VegaLite, BoxesHaveFourEdges) {
  const double nan = std::nan("");
  const Json layer = spec({.mark = Mark::boxes,
                           .series = "static",
                           .y_low = {0, 1},
                           .y_high = {1, 2},
                           .x_low = {0.5, nan},
                           .x_high = {2, 3}})["layer"][0];
  EXPECT_EQ(layer["mark"]["type"], "rect");
  EXPECT_EQ(layer["encoding"]["x"]["field"], "x_low");
  EXPECT_EQ(layer["encoding"]["x2"]["field"], "x_high");
  EXPECT_EQ(layer["encoding"]["y"]["field"], "y_low");
  EXPECT_EQ(layer["encoding"]["y2"]["field"], "y_high");
  ASSERT_EQ(layer["data"]["values"].size(), 1U) << "an edge that is no number";
  EXPECT_EQ(layer["data"]["values"][0]["hover"], "static\n0.5 – 2\n0 – 1");
  EXPECT_LT(layer["mark"]["fillOpacity"].get<double>(), 0.7) << "words on the boxes stay readable";
}

TEST(VegaLite, ValuesBecomeColours) {
  const Figure map{.id = "f",
                   .x = {.names = {"a", "b"}},
                   .y = {.names = {"c"}},
                   .layers = {{.mark = Mark::boxes,
                               .y_low = {-0.5, -0.5},
                               .y_high = {0.5, 0.5},
                               .x_low = {-0.5, 0.5},
                               .x_high = {0.5, 1.5},
                               .value = {-0.25, std::nan("")}}},
                   .colours = ColourScale{.title = "energy", .low = 0, .high = -0.5}};
  const Json json = spec(map);
  const Json& encoding = json["layer"][0]["encoding"];
  EXPECT_EQ(encoding["fill"]["scale"]["domain"], Json::array({0.0, -0.5}));
  EXPECT_FALSE(encoding["fill"]["scale"].contains("domainMid"));
  EXPECT_EQ(encoding["fill"]["legend"]["title"], "energy");
  EXPECT_FALSE(encoding.contains("color"));
  ASSERT_EQ(json["layer"][0]["data"]["values"].size(), 1U) << "a value that is no number";
  EXPECT_EQ(json["layer"][0]["data"]["values"][0]["value"], -0.25);
  EXPECT_EQ(count(json, "params"), 0) << "names do not move";
  EXPECT_EQ(json["usermeta"]["height"], "kept") << "rows keep their height on a narrow page";

  Figure diverging = map;
  diverging.colours = ColourScale{.low = -1, .high = 1, .diverging = true};
  EXPECT_EQ(spec(diverging)["layer"][0]["encoding"]["fill"]["scale"]["domainMid"], 0);
  EXPECT_NE(spec(diverging)["layer"][0]["encoding"]["fill"]["scale"]["range"], encoding["fill"]["scale"]["range"]);

  const Json rings = spec(Figure{.id = "f",
                                 .layers = {{.x = {1}, .y = {1}, .value = {0.1}, .hollow = true}},
                                 .colours = ColourScale{}})["layer"][0];
  EXPECT_EQ(rings["mark"]["filled"], false);
  EXPECT_TRUE(rings["encoding"].contains("stroke"));
  EXPECT_FALSE(rings["encoding"].contains("fill"));
}

TEST(VegaLite, WordsStandWhereTheyAreAskedTo) {
  const auto mark = [](Layer layer) {
    layer.mark = Mark::text;
    layer.x = layer.y = {1};
    layer.category = {"words"};
    return spec(std::move(layer))["layer"][0]["mark"];
  };
  EXPECT_EQ(mark({})["align"], "left");
  EXPECT_EQ(mark({})["dx"], 7);
  EXPECT_EQ(mark({.align = Align::right})["align"], "right");
  EXPECT_EQ(mark({.align = Align::right})["dx"], -7);
  EXPECT_EQ(mark({.align = Align::centre})["align"], "center");
  EXPECT_EQ(mark({.lift = 12})["dy"], -12);
  EXPECT_FALSE(mark({}).contains("dy"));
  EXPECT_TRUE(mark({.room = {2}}).contains("limit")) << "cut where they are too long";
  EXPECT_FALSE(mark({.align = Align::centre, .room = {2}}).contains("limit")) << "left out where they are too long";
  EXPECT_TRUE(mark({.align = Align::centre, .room = {2}}).contains("fillOpacity"));
  EXPECT_EQ(mark({.least_width = 400})["fillOpacity"]["expr"], "width < 400 ? 0 : 1");
  EXPECT_EQ(mark({.most_width = 400})["fillOpacity"]["expr"], "width < 400 ? 1 : 0");
}

TEST(VegaLite, ADrawingHasNoAxesAndKeepsItsAspect) {
  const Json json =
      spec(Figure{.id = "f", .x = {.hidden = true}, .y = {.hidden = true}, .layers = {{.x = {0, 1}, .y = {0, 1}}}});
  EXPECT_TRUE(json["layer"][0]["encoding"]["x"]["axis"].is_null());
  EXPECT_TRUE(json["layer"][0]["encoding"]["y"]["axis"].is_null());
  EXPECT_EQ(json["usermeta"]["height"], "aspect");
  EXPECT_TRUE(json["config"]["view"]["stroke"].is_null());
  EXPECT_FALSE(spec(Layer{.x = {0}, .y = {0}}).contains("usermeta"));
}

TEST(VegaLite, NamedRowsMoveAlongTheOtherAxisOnly) {
  const Json json = spec(Figure{
      .id = "f",
      .y = {.names = {"a", "b"}},
      .layers = {{.mark = Mark::boxes, .y_low = {0}, .y_high = {1}, .x_low = {0}, .x_high = {1}, .opacity = 0.5}}});
  EXPECT_EQ(json["layer"][0]["params"][0]["select"]["encodings"], Json::array({"x"}));
  EXPECT_EQ(json["layer"][0]["encoding"]["opacity"]["value"], 0.5);
}

TEST(VegaLite, ErrorBarsStandWithTheirPoints) {
  const Json layer = spec({.mark = Mark::points, .x = {1}, .y = {2}, .y_low = {1}, .y_high = {3}})["layer"][0];
  ASSERT_EQ(layer["layer"].size(), 2U);
  EXPECT_EQ(layer["layer"][0]["mark"]["type"], "rule");
  EXPECT_EQ(layer["layer"][0]["encoding"]["y2"]["field"], "y_high");
  EXPECT_EQ(layer["data"]["values"][0]["y_low"], 1.0);
}

TEST(VegaLite, BackgroundComesFirstAndGrey) {
  const Json json = spec(Figure{.id = "f",
                                .layers = {{.mark = Mark::line, .x = {1}, .y = {1}},
                                           {.mark = Mark::band, .x = {1}, .y_low = {1}, .y_high = {2}},
                                           {.mark = Mark::points, .x = {5}, .y = {1}, .background = true}}});
  EXPECT_EQ(json["layer"][0]["mark"]["type"], "point");
  EXPECT_EQ(json["layer"][0]["encoding"]["color"]["value"], "#9aa1a9");
  EXPECT_EQ(json["layer"][1]["mark"]["type"], "area");
  EXPECT_EQ(json["layer"][2]["mark"]["type"], "line");
}

TEST(VegaLite, LegendOnlyForNamedSeries) {
  EXPECT_EQ(count(spec({.x = {1}, .y = {1}}), "series"), 0);
  const Json json = spec(Figure{
      .id = "f",
      .layers = {{.series = "a", .x = {1}, .y = {1}}, {.mark = Mark::line, .series = "b", .x = {1, 2}, .y = {1, 2}}}});
  const Json& point = json["layer"][0]["encoding"];
  const Json& line = json["layer"][1]["encoding"];
  EXPECT_EQ(point["color"]["scale"]["domain"], Json::array({"a", "b"}));
  EXPECT_EQ(point["color"]["scale"], line["color"]["scale"]) << "equal scales make one legend";
  EXPECT_EQ(point["shape"]["scale"]["domain"], line["strokeDash"]["scale"]["domain"]);
}

TEST(VegaLite, PanAndPickAreDeclaredOnce) {
  const Json json = spec(Figure{.id = "f",
                                .layers = {{.mark = Mark::rule_horizontal, .series = "target", .y = {1}},
                                           {.series = "a", .x = {1}, .y = {1}},
                                           {.series = "b", .x = {1}, .y = {1}}}});
  EXPECT_EQ(count(json, "params"), 2);
  EXPECT_EQ(json["layer"][0]["params"][0]["name"], "pick");
  EXPECT_EQ(json["layer"][0]["params"][0]["bind"], "legend");
  EXPECT_EQ(json["layer"][1]["params"][0]["name"], "pan");
  EXPECT_EQ(json["layer"][1]["params"][0]["bind"], "scales");
  const Json bars = spec({.mark = Mark::bars, .y = {1}, .category = {"a"}});
  EXPECT_EQ(bars["layer"][0]["params"][0]["select"]["encodings"], Json::array({"y"}));
}

TEST(VegaLite, HoverTextsAreGivenOrMade) {
  const Json given = spec({.x = {1}, .y = {1}, .hover = {"1 mS/cm\nHehn 2025"}})["layer"][0];
  EXPECT_EQ(given["data"]["values"][0]["hover"], "1 mS/cm\nHehn 2025");
  EXPECT_EQ(given["encoding"]["tooltip"]["field"], "hover");
  const Json made = spec(
      Figure{.id = "f", .x = {.title = "T"}, .y = {.title = "σ"}, .layers = {{.series = "s", .x = {1.5}, .y = {2}}}});
  EXPECT_EQ(made["layer"][0]["data"]["values"][0]["hover"], "s\nT: 1.5\nσ: 2");
  const Json line = spec({.mark = Mark::line, .x = {1}, .y = {1}, .hover = {"h"}})["layer"][0];
  EXPECT_EQ(line["layer"][1]["encoding"]["opacity"]["value"], 0) << "points that catch the pointer";
}

TEST(VegaLite, WhatCannotBeDrawnIsLeftOut) {
  const double nan = std::nan("");
  EXPECT_EQ(spec({.x = {1, nan, 3}, .y = {1, 1, INFINITY}})["layer"][0]["data"]["values"].size(), 1U);
  const Json line = spec({.mark = Mark::line, .x = {1, 2, 3}, .y = {1, nan, 3}})["layer"][0]["data"]["values"];
  ASSERT_EQ(line.size(), 3U) << "a gap, not a bridge";
  EXPECT_TRUE(line[1]["y"].is_null());
  const Json log = spec(Figure{.id = "f",
                               .y = {.scale = Scale::log10, .low = 1e-6, .high = 1},
                               .layers = {{.x = {1, 2}, .y = {-1, 1e-3}, .y_low = {-2, -1}, .y_high = {1, 1}}}});
  const Json& values = log["layer"][0]["data"]["values"];
  ASSERT_EQ(values.size(), 1U);
  EXPECT_EQ(values[0]["y_low"], 1e-6) << "ends at the rim";
}

TEST(VegaLite, BrokenFiguresThrow) {
  EXPECT_THROW(vega_lite({.id = "f", .layers = {{.x = {1, 2}, .y = {1}}}}), base::InternalError);
  EXPECT_THROW(vega_lite({.id = "../f"}), base::InternalError);
}

}  // namespace
}  // namespace closo::report
