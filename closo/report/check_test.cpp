#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/report/detail/check.hpp"

namespace closo::report {
namespace {

using detail::check;

std::string problem(const Figure& figure) {
  try {
    check(figure);
  } catch (const base::InternalError& error) {
    return error.what();
  }
  return {};
}

Figure with(Layer layer) { return {.id = "f", .layers = {std::move(layer)}}; }

TEST(Check, AcceptsEveryMarkWithItsArrays) {
  EXPECT_EQ(problem(with({.mark = Mark::points, .x = {1}, .y = {2}, .y_low = {1}, .y_high = {3}, .hover = {"h"}})), "");
  EXPECT_EQ(problem(with({.mark = Mark::points, .y = {2}, .category = {"a"}})), "");
  EXPECT_EQ(problem(with({.mark = Mark::line, .x = {1, 2}, .y = {2, 3}})), "");
  EXPECT_EQ(problem(with({.mark = Mark::band, .x = {1}, .y_low = {1}, .y_high = {3}})), "");
  EXPECT_EQ(problem(with({.mark = Mark::rule_horizontal, .y = {1, 2}, .hover = {"a", "b"}})), "");
  EXPECT_EQ(problem(with({.mark = Mark::rule_vertical, .x = {1}})), "");
  EXPECT_EQ(problem(with({.mark = Mark::bars, .y = {1}, .category = {"a"}})), "");
  EXPECT_EQ(problem(with({.mark = Mark::bars, .x = {1}, .y = {1}})), "");
  EXPECT_EQ(problem(with({.mark = Mark::text, .x = {1}, .y = {1}, .category = {"words"}})), "");
  const Layer boxes = {.mark = Mark::boxes, .y_low = {0}, .y_high = {1}, .x_low = {0}, .x_high = {1}, .hover = {"h"}};
  EXPECT_EQ(problem(with(boxes)), "");
  EXPECT_EQ(problem(with({.mark = Mark::text, .x = {1}, .y = {1}, .category = {"words"}, .room = {2}})), "");
  Figure coloured = with(boxes);
  coloured.layers[0].value = {3};
  coloured.colours = ColourScale{};
  EXPECT_EQ(problem(coloured), "");
  EXPECT_EQ(problem(with({})), "");
}

TEST(Check, NamesTheArrayThatDoesNotFit) {
  EXPECT_NE(problem(with({.x = {1, 2}, .y = {1}})).find("x has 2 entries instead of 1"), std::string::npos);
  EXPECT_NE(problem(with({.x = {1}, .y = {1}, .hover = {"a", "b"}})).find("hover"), std::string::npos);
  EXPECT_NE(problem(with({.x = {1}, .y = {1}, .y_low = {1}})).find("only one of y_low and y_high"), std::string::npos);
  EXPECT_NE(problem(with({.x = {1}, .y = {1}, .y_low = {1, 2}, .y_high = {1, 2}})).find("y_low"), std::string::npos);
  EXPECT_NE(problem(with({.y = {1}})).find("without x"), std::string::npos);
  EXPECT_NE(problem(with({.mark = Mark::text, .y = {1}, .category = {"a"}})).find("without x"), std::string::npos);
  EXPECT_NE(problem(with({.mark = Mark::bars, .y = {1}})).find("without category or x"), std::string::npos);
  EXPECT_NE(problem(with({.mark = Mark::bars, .y = {1}, .category = {"a", "b"}})).find("category"), std::string::npos);
  EXPECT_NE(problem(with({.mark = Mark::band, .x = {1}, .y_low = {1}})).find("edges"), std::string::npos);
}

TEST(Check, BoxesNeedFourEdgesAndValuesAColourScale) {
  Layer layer{.mark = Mark::boxes, .x_low = {0, 1}, .x_high = {1, 2}};
  EXPECT_NE(problem(with(layer)).find("edges"), std::string::npos);
  layer.y_low = layer.y_high = {0, 0};
  EXPECT_EQ(problem(with(layer)), "");
  layer.x_high = {1};
  EXPECT_NE(problem(with(layer)).find("x_high has 1 entries instead of 2"), std::string::npos);
  layer.x_high.clear();
  EXPECT_NE(problem(with(layer)).find("only one of x_low and x_high"), std::string::npos);
  layer.x_high = {1, 2};
  layer.value = {1, 2};
  EXPECT_NE(problem(with(layer)).find("colour scale"), std::string::npos);
  layer.value = {1};
  EXPECT_NE(problem(with(layer)).find("value has 1"), std::string::npos);
  EXPECT_NE(problem(with({.mark = Mark::text, .x = {1}, .y = {1}, .room = {1, 2}})).find("room"), std::string::npos);
}

TEST(Check, TopAxisHasALabelForEveryPosition) {
  EXPECT_NE(problem({.id = "f", .top = TopAxis{.positions = {1, 2}, .labels = {"a"}}}).find("top axis"),
            std::string::npos);
  EXPECT_EQ(problem({.id = "f", .top = TopAxis{.positions = {1}, .labels = {"a"}}}), "");
}

TEST(Check, PicturesAreWhole) {
  const Picture good{.id = "p",
                     .width = 2,
                     .height = 1,
                     .rgb = {1, 2, 3, 4, 5, 6},
                     .scale_bar = ScaleBar{.text = "1 nm", .pixels = 2.0},
                     .colour_bar = ColourBar{.colours = {{}, {}}, .ticks = {{0.0, "a"}, {1.0, "b"}}}};
  EXPECT_NO_THROW(check(good));
  const auto broken = [&](auto change) {
    Picture picture = good;
    change(picture);
    EXPECT_THROW(check(picture), base::InternalError);
  };
  broken([](Picture& p) { p.id = "../p"; });
  broken([](Picture& p) { p.width = 0; });
  broken([](Picture& p) { p.height = 0; });
  broken([](Picture& p) { p.rgb.pop_back(); });
  broken([](Picture& p) { p.scale_bar->pixels = 2.5; });
  broken([](Picture& p) { p.scale_bar->pixels = 0.0; });
  broken([](Picture& p) { p.scale_bar->pixels = std::nan(""); });
  broken([](Picture& p) { p.colour_bar->colours.pop_back(); });
  broken([](Picture& p) { p.colour_bar->ticks[1].place = 1.1; });
  Report report;
  report.sections = {{.blocks = {good, Figure{.id = "q"}}}};
  EXPECT_NO_THROW(check(report));
  report.sections[0].blocks.emplace_back(Figure{.id = "p"});
  EXPECT_THROW(check(report), base::InternalError) << "figures and pictures share a folder";
}

TEST(Check, IdsAreSafeFileNames) {
  for (const char* id : {"", "../x", "a b", "a/b", "ä", "a.b", "a\\b"}) {
    EXPECT_NE(problem({.id = id}).find("id"), std::string::npos) << id;
    EXPECT_THROW(check(Table{.id = id}), base::InternalError) << id;
  }
  EXPECT_NO_THROW(check(Table{.id = "points_2-B"}));
}

TEST(Check, RowsHaveOneCellPerColumnAndKeysAreUnique) {
  Table table{.id = "t", .columns = {{.key = "a"}, {.key = "b"}}, .rows = {{std::string("1"), std::string("2")}}};
  EXPECT_NO_THROW(check(table));
  table.rows.push_back({std::string("1")});
  EXPECT_THROW(check(table), base::InternalError);
  table.rows.pop_back();
  table.columns[1].key = "a";
  EXPECT_THROW(check(table), base::InternalError);
}

TEST(Check, IdsStandOnceInAReport) {
  Report report;
  report.sections = {{.blocks = {Table{.id = "t"}, Figure{.id = "t"}}}, {.blocks = {Paragraph{"words"}}}};
  EXPECT_NO_THROW(check(report)) << "a table and a figure may share an id";
  report.sections[1].blocks.emplace_back(Table{.id = "t"});
  EXPECT_THROW(check(report), base::InternalError);
  report.sections[1].blocks.back() = Figure{.id = "t"};
  EXPECT_THROW(check(report), base::InternalError);
}

}  // namespace
}  // namespace closo::report
