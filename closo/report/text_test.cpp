#include <gtest/gtest.h>

#include <sstream>

#include "closo/base/error.hpp"
#include "closo/base/installation.hpp"
#include "closo/report/detail/text_layout.hpp"
#include "closo/report/render.hpp"

namespace closo::report {
namespace {

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) result.push_back(line);
  return result;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Report dossier() {
  Report report{.title = "Li2B12H12 + 25 vol% ZrO2 | Li | TiS2", .subtitle = "40–60 °C"};
  report.verdicts = {{.criterion = "conductivity",
                      .finding = "1.2 mS/cm at 60 °C · rank 9 of 41",
                      .values = {{.value = 1.2, .unit = "mS/cm"}},
                      .target = "≥ 1 mS/cm at 55 °C",
                      .outcome = Outcome::pass,
                      .reason = "A reason."},
                     {.criterion = "ageing",
                      .finding = "60.5 % after 150 cycles (measured)",
                      .target = "≥ 80 % at 500",
                      .outcome = Outcome::fail},
                     {.criterion = "cathode", .target = "stable", .probability = 0.25}};
  report.doubts = {
      "sigma and Ea contradict each other: 0.22 eV implied, 0.34 eV stated, and this doubt is long enough to wrap",
      "second"};
  report.sections = {{.id = "a", .title = "Details", .blocks = {Paragraph{"words"}}}};
  return report;
}

TEST(RenderText, TheSummaryIsVerdictsAndDoubts) {
  const std::string version(base::version());
  const std::string right = "closo " + version + " · 40–60 °C";
  const std::string title = "Li2B12H12 + 25 vol% ZrO2 | Li | TiS2";
  const auto text = lines(render_text(dossier(), {.width = 90, .summary = true}));
  ASSERT_EQ(text.size(), 7U);
  EXPECT_EQ(text[0],
            title + std::string(90 - detail::display_width(title) - detail::display_width(right), ' ') + right);
  EXPECT_EQ(text[1], "  conductivity  1.2 mS/cm at 60 °C · rank 9 of 41   ≥ 1 mS/cm at 55 °C  pass");
  EXPECT_EQ(text[2], "  ageing        60.5 % after 150 cycles (measured)  ≥ 80 % at 500       fail");
  EXPECT_EQ(text[3], "  cathode                                           stable              unknown (25 %)");
  EXPECT_TRUE(text[4].starts_with("  doubts        sigma and Ea"));
  EXPECT_TRUE(text[5].starts_with("                  ")) << "a doubt that goes on is indented";
  EXPECT_EQ(text[6], "                second");
}

// Over many widths: nothing is wider than asked, every verdict says its word, columns of outcomes stand below each
// other.
TEST(RenderText, LawOfTheWidth) {
  Report report = dossier();
  report.sections[0].blocks = {
      Paragraph{"words that go on for a while, with 電池 and σ"},
      KeyValues{.id = "k",
                .items = {{"a rather long name of a thing",
                           Value{.value = 1, .unit = "mS/cm", .kind = "measured", .note = "a note"}}}},
      Table{.id = "t",
            .title = "Table",
            .columns = {{.key = "a", .title = "material"},
                        {.key = "b", .title = "σ (mS/cm)"},
                        {.key = "c", .title = "remark"},
                        {.key = "d", .title = "another remark"},
                        {.key = "e", .title = "Ea (eV)"}},
            .rows = {{std::string("Li2B12H12 + 25 vol% ZrO2"), Value{.value = 1.2, .unit = "mS/cm"},
                      std::string("milled for fifty hours at 600 rpm"),
                      std::string("電池電池電池電池電池電池電池電池電池電池"), Value{.value = 0.42}}}}};
  for (int width = 40; width <= 160; ++width) {
    const std::string text = render_text(report, {.width = width});
    for (const std::string& line : lines(text)) {
      EXPECT_LE(detail::display_width(line), static_cast<std::size_t>(width)) << line;
      EXPECT_FALSE(line.ends_with(' '));
    }
    for (const char* word : {"pass", "fail", "unknown", "0.42"})
      EXPECT_TRUE(has(text, word)) << word << " at " << width;
  }
  EXPECT_TRUE(has(render_text(report, {.width = 40}),
                  "conductivity:\n    pass\n    1.2 mS/cm at 60 °C · rank 9 of 41\n    target ≥ 1 mS/cm at 55 °C\n"));
  EXPECT_EQ(render_text(report, {.width = 3}), render_text(report, {.width = 40})) << "40 columns are the least";
}

TEST(RenderText, ColourOnlyWhenAsked) {
  EXPECT_FALSE(has(render_text(dossier()), "\x1b"));
  const std::string text = render_text(dossier(), {.colour = true});
  EXPECT_TRUE(has(text, "\x1b[32mpass\x1b[0m"));
  EXPECT_TRUE(has(text, "\x1b[31mfail\x1b[0m"));
  EXPECT_TRUE(has(text, "\x1b[33munknown (25 %)\x1b[0m"));
}

TEST(RenderText, WithoutTheSummaryEverythingUnfolded) {
  Report report = dossier();
  report.warnings = {"careful"};
  report.sections.push_back({.id = "m", .title = "Method", .blocks = {Paragraph{"hidden"}}, .folded = true});
  const std::string full = render_text(report);
  for (const char* part : {"A reason.", "Details", "words", "warnings", "careful"})
    EXPECT_TRUE(has(full, part)) << part;
  EXPECT_FALSE(has(full, "hidden"));
  const std::string summary = render_text(report, {.summary = true});
  EXPECT_FALSE(has(summary, "words"));
  EXPECT_FALSE(has(summary, "A reason."));
}

TEST(RenderText, WithoutVerdictsTheSummaryShowsTheSections) {
  Report report = dossier();
  report.verdicts.clear();
  EXPECT_TRUE(has(render_text(report, {.summary = true}), "words"));
}

TEST(RenderText, TablesPutNumbersToTheRight) {
  Report report{.title = "T"};
  report.sections = {{.id = "a",
                      .blocks = {Table{.id = "t",
                                       .title = "Title",
                                       .columns = {{.key = "n", .title = "name"}, {.key = "s", .title = "σ (mS/cm)"}},
                                       .rows = {{std::string("a"), Value{.value = 1.25, .unit = "mS/cm"}},
                                                {std::string("long"), Value{.value = 10, .unit = "mS/cm"}},
                                                {std::string("c"), Value{.unit = "mS/cm"}}},
                                       .caption = "Caption."},
                                 Figure{.id = "f", .title = "Figure"}}}};
  EXPECT_TRUE(has(render_text(report),
                  "  Title\n"
                  "  name  σ (mS/cm)\n"
                  "  a          1.25\n"
                  "  long         10\n"
                  "  c       unknown\n"
                  "  Caption.\n"
                  "\n"
                  "  figure f: Figure\n"));
}

TEST(RenderText, PicturesAreNamedWithTheirSize) {
  Report report{.title = "T"};
  report.sections = {
      {.id = "a",
       .blocks = {Picture{.id = "p", .title = "Slices", .width = 2, .height = 1, .rgb = {1, 2, 3, 4, 5, 6}},
                  Picture{.id = "q", .width = 1, .height = 1, .rgb = {1, 2, 3}}}}};
  const std::string text = render_text(report);
  EXPECT_TRUE(has(text, "  picture p: Slices, 2 × 1 pixels\n"));
  EXPECT_TRUE(has(text, "  picture q: 1 × 1 pixels\n"));
}

TEST(RenderText, WideTablesContinueBelowWithTheirFirstColumn) {
  Table table{.id = "t"};
  std::vector<Cell> row;
  for (int c = 0; c < 8; ++c) {
    table.columns.push_back({.key = "k" + std::to_string(c), .title = "column " + std::to_string(c)});
    row.emplace_back(c == 0 ? Cell(std::string("first")) : Cell(Value{.value = c + 0.125}));
  }
  table.rows = {row};
  Report report;
  report.sections = {{.id = "a", .blocks = {table}}};
  const std::string text = render_text(report, {.width = 40});
  for (int c = 0; c < 8; ++c) EXPECT_TRUE(has(text, "column " + std::to_string(c)));
  for (int c = 1; c < 8; ++c) EXPECT_TRUE(has(text, std::to_string(c) + ".125"));
  EXPECT_TRUE(has(text, "\n\n  column 0  column 4")) << text;
}

TEST(RenderText, HostileTextCannotSteerTheTerminal) {
  Report report{.title = "a\x1b]0;title\x07z"};
  report.doubts = {"line\nbreak\x1b[2J"};
  const std::string text = render_text(report);
  EXPECT_FALSE(has(text, "\x1b"));
  EXPECT_FALSE(has(text, "\x07"));
  EXPECT_TRUE(has(text, "line break"));
}

TEST(RenderText, BrokenReportsThrow) {
  Report report;
  report.sections = {{.blocks = {Table{.id = "t", .columns = {{.key = "a"}}, .rows = {{}}}}}};
  EXPECT_THROW(render_text(report), base::InternalError);
}

}  // namespace
}  // namespace closo::report
