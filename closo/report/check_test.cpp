#include <gtest/gtest.h>

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

TEST(Check, TopAxisHasALabelForEveryPosition) {
  EXPECT_NE(problem({.id = "f", .top = TopAxis{.positions = {1, 2}, .labels = {"a"}}}).find("top axis"),
            std::string::npos);
  EXPECT_EQ(problem({.id = "f", .top = TopAxis{.positions = {1}, .labels = {"a"}}}), "");
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
