#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"

namespace closo::report {
namespace {

using Json = nlohmann::json;

TEST(RenderJson, TheSchemaOfAWholeReport) {
  Report report{.task = "evaluate", .title = "t", .subtitle = "s"};
  report.verdicts = {{.criterion = "c",
                      .finding = "f",
                      .values = {{.value = 1, .unit = "V"}},
                      .target = "≥ 1",
                      .outcome = Outcome::fail,
                      .reason = "r",
                      .source = "here",
                      .probability = 0.2}};
  report.doubts = {"d"};
  report.warnings = {"w"};
  report.sections = {
      {.id = "a",
       .title = "A",
       .blocks = {Paragraph{"words"},
                  KeyValues{.id = "k", .items = {{"name", Value{.value = 2}}, {"word", std::string("x")}}},
                  Table{.id = "t",
                        .title = "T",
                        .columns = {{.key = "x", .title = "X"}, {.key = "y", .title = "Y"}},
                        .rows = {{std::string("1"), Value{.value = 3}}},
                        .caption = "cap"},
                  Figure{.id = "f", .title = "F", .layers = {{.x = {1}, .y = {2}}}}}},
      {.id = "m", .title = "M", .folded = true}};
  report.provenance = {{"version", "0.1.0"}, {"input", "a.toml"}, {"input", "b.toml"}, {"input", "c.toml"}};
  const Json json = Json::parse(render_json(report));
  EXPECT_EQ(json["schema"], "closo-report/1");
  EXPECT_EQ(json["task"], "evaluate");
  EXPECT_EQ(json["verdicts"][0]["outcome"], "fail");
  EXPECT_EQ(json["verdicts"][0]["probability"], 0.2);
  EXPECT_EQ(json["verdicts"][0]["values"][0]["value"], 1);
  EXPECT_EQ(json["doubts"], Json::array({"d"}));
  EXPECT_EQ(json["warnings"], Json::array({"w"}));
  const Json& blocks = json["sections"][0]["blocks"];
  EXPECT_EQ(blocks[0], (Json{{"type", "paragraph"}, {"text", "words"}}));
  EXPECT_EQ(blocks[1]["items"][0]["value"]["value"], 2);
  EXPECT_EQ(blocks[1]["items"][1]["value"], "x");
  EXPECT_EQ(blocks[2]["rows"][0]["x"], "1");
  EXPECT_EQ(blocks[2]["rows"][0]["y"]["value"], 3);
  EXPECT_EQ(blocks[2]["columns"][1]["title"], "Y");
  EXPECT_EQ(blocks[3]["figure"]["$schema"], "https://vega.github.io/schema/vega-lite/v5.json");
  EXPECT_FALSE(json["sections"][0].contains("folded"));
  EXPECT_EQ(json["sections"][1]["folded"], true);
  EXPECT_EQ(json["provenance"]["version"], "0.1.0");
  EXPECT_EQ(json["provenance"]["input"], Json::array({"a.toml", "b.toml", "c.toml"}));
}

Json value_as_json(const Value& value) {
  Report report;
  report.sections = {{.blocks = {KeyValues{.id = "k", .items = {{"v", value}}}}}};
  return Json::parse(render_json(report))["sections"][0]["blocks"][0]["items"][0]["value"];
}

TEST(RenderJson, ValuesOmitWhatIsMissing) {
  EXPECT_EQ(value_as_json({}), (Json{{"qualifier", "="}}));
  EXPECT_EQ(value_as_json({.value = 1,
                           .value_hi = 2,
                           .uncertainty = 0.5,
                           .qualifier = "~",
                           .unit = "V",
                           .kind = "measured",
                           .source = "s",
                           .note = "n"}),
            (Json{{"value", 1.0},
                  {"value_hi", 2.0},
                  {"uncertainty", 0.5},
                  {"qualifier", "~"},
                  {"unit", "V"},
                  {"kind", "measured"},
                  {"source", "s"},
                  {"note", "n"}}));
}

TEST(RenderJson, PicturesNameTheirFile) {
  Report report;
  report.sections = {
      {.blocks = {
           Picture{.id = "cut",
                   .title = "Cut",
                   .caption = "why",
                   .width = 1,
                   .height = 1,
                   .rgb = {1, 2, 3},
                   .legend = {{"bulk", {1, 2, 3}}},
                   .scale_bar = ScaleBar{.text = "1 nm", .pixels = 0.5},
                   .colour_bar = ColourBar{.title = "q", .colours = {{0, 0, 0}, {255, 0, 0}}, .ticks = {{0.5, "10"}}}},
           Picture{.id = "bare", .width = 1, .height = 1, .rgb = {1, 2, 3}}}}};
  const Json blocks = Json::parse(render_json(report))["sections"][0]["blocks"];
  EXPECT_EQ(
      blocks[0],
      (Json{{"type", "picture"},
            {"id", "cut"},
            {"title", "Cut"},
            {"caption", "why"},
            {"file", "figures/cut.png"},
            {"width", 1},
            {"height", 1},
            {"legend", {{{"name", "bulk"}, {"colour", "#010203"}}}},
            {"scale_bar", {{"text", "1 nm"}, {"pixels", 0.5}}},
            {"colour_bar",
             {{"title", "q"}, {"colours", {"#000000", "#ff0000"}}, {"ticks", {{{"place", 0.5}, {"text", "10"}}}}}}}));
  EXPECT_FALSE(blocks[1].contains("legend"));
  EXPECT_FALSE(blocks[1].contains("scale_bar"));
}

TEST(RenderJson, NumbersThatAreNoneBecomeNull) {
  for (const double number : {std::nan(""), static_cast<double>(INFINITY), -static_cast<double>(INFINITY)}) {
    const Json json = value_as_json({.value = number, .uncertainty = number});
    EXPECT_TRUE(json["value"].is_null());
    EXPECT_TRUE(json["uncertainty"].is_null());
  }
}

TEST(RenderJson, NumbersReadBackToTheSameDouble) {
  for (const double number : {1.0 / 3.0, 2.9e-4, 0.1 + 0.2, 1e-310})
    EXPECT_EQ(value_as_json({.value = number})["value"].get<double>(), number);
}

TEST(RenderJson, HostileTextSurvivesAndBadBytesAreReplaced) {
  const std::string hostile = "</script><script>alert(\"1\")</script> \\ \x01 σ";
  EXPECT_EQ(value_as_json({.source = hostile})["source"], hostile);
  EXPECT_EQ(value_as_json({.source = "a\xFF z"})["source"], "a\xEF\xBF\xBD z");
}

TEST(RenderJson, IsTheSameEveryTime) {
  Report report{.task = "t"};
  report.sections = {{.blocks = {Figure{.id = "f", .layers = {{.series = "s", .x = {1, 2}, .y = {2, 3}}}}}}};
  EXPECT_EQ(render_json(report), render_json(report));
  EXPECT_EQ(render_json(report).find("\"schema\""), 4U) << "members keep their order";
}

TEST(RenderJson, BrokenReportsThrow) {
  Report report;
  report.sections = {{.blocks = {Table{.id = "t"}, Table{.id = "t"}}}};
  EXPECT_THROW(render_json(report), base::InternalError);
}

}  // namespace
}  // namespace closo::report
