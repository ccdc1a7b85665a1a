#include <gtest/gtest.h>

#include "closo/base/error.hpp"
#include "closo/report/detail/html_blocks.hpp"
#include "closo/report/detail/html_text.hpp"
#include "closo/report/png.hpp"

namespace closo::report::detail {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(HtmlBlocks, NumbersCarryKindSourceUncertaintyAndNote) {
  Notes notes;
  const std::string html = value_html({.value = 0.4,
                                       .uncertainty = 0.02,
                                       .unit = "eV",
                                       .kind = "measured",
                                       .source = "Hehn \"2025\"",
                                       .note = "<doubt>"},
                                      "0.40(2) eV", notes);
  EXPECT_EQ(html,
            "<span class=\"value measured\" tabindex=\"0\" title=\"measured\nHehn &quot;2025&quot;\nstandard "
            "uncertainty 0.02 eV\nnote: &lt;doubt&gt;\">"
            "0.40(2) eV</span><sup class=\"mark\">1</sup>");
  EXPECT_EQ(notes.list(), "<ol class=\"notes\"><li>&lt;doubt&gt;</li></ol>\n");
}

TEST(HtmlBlocks, UnknownKindsAreNoClassesAndPlainNumbersTakeNoFocus) {
  Notes notes;
  EXPECT_EQ(value_html({.value = 1, .kind = "x\" onclick=\"y"}, "1", notes),
            "<span class=\"value\" tabindex=\"0\" title=\"x&quot; onclick=&quot;y\">1</span>");
  EXPECT_EQ(value_html({.value = 1}, "1", notes), "<span class=\"value\">1</span>");
  EXPECT_EQ(value_html({}, "unknown", notes), "<span class=\"value missing\">unknown</span>");
  EXPECT_EQ(notes.list(), "");
}

TEST(HtmlBlocks, EqualNotesShareANumber) {
  Notes notes;
  EXPECT_EQ(notes.mark("a"), "<sup class=\"mark\">1</sup>");
  EXPECT_EQ(notes.mark("b"), "<sup class=\"mark\">2</sup>");
  EXPECT_EQ(notes.mark("a"), "<sup class=\"mark\">1</sup>");
  EXPECT_EQ(notes.mark(""), "");
}

TEST(HtmlBlocks, VerdictsSayTheirOutcomeInWords) {
  const std::string html =
      verdicts_html({{.criterion = "conductivity",
                      .finding = "1.2 mS/cm at 60 °C",
                      .values = {{.value = 1.2, .unit = "mS/cm", .source = "s"}, {.value = 3, .unit = "V"}},
                      .target = "> 1",
                      .outcome = Outcome::pass,
                      .reason = "why",
                      .probability = 0.62},
                     {.criterion = "b", .outcome = Outcome::fail},
                     {.criterion = "c"}});
  EXPECT_TRUE(has(html, "1 pass · 1 fail · 1 unknown"));
  for (const char* word :
       {"badge pass\"><span aria-hidden=\"true\">✓</span> pass", "✗</span> fail", "?</span> unknown"})
    EXPECT_TRUE(has(html, word)) << word;
  EXPECT_TRUE(has(html, ">1.2 mS/cm</span> at 60 °C · <span class=\"value\">3 V</span>"))
      << "quoted numbers in place, others after";
  EXPECT_TRUE(has(html, "62 % likely"));
  EXPECT_TRUE(has(html, "&gt; 1"));
}

TEST(HtmlBlocks, TablesSortByTheFullNumberAndOfferCsv) {
  const std::string html = table_html(
      {.id = "t",
       .title = "T & U",
       .columns = {{.key = "n", .title = "name"}, {.key = "x", .title = "x (V)"}},
       .rows = {{std::string("<a>"), Value{.value = 1.0 / 3.0, .unit = "V"}}, {std::string("b"), Value{.unit = "V"}}},
       .caption = "cap"});
  EXPECT_TRUE(has(html, "<td class=\"number\" data-sort=\"0.3333333333333333\"><span class=\"value\">0.3333</span>"));
  EXPECT_TRUE(has(html, "data-sort=\"\"><span class=\"value missing\">unknown"));
  EXPECT_TRUE(has(html, "<td>&lt;a&gt;</td>"));
  EXPECT_TRUE(has(html, "download=\"t.csv\" href=\"data:text/csv;charset=utf-8,n%2Cx%0D%0A%3Ca%3E"));
  EXPECT_TRUE(has(html, "T &amp; U"));
  EXPECT_TRUE(has(html, "aria-sort=\"none\""));
  EXPECT_THROW(table_html({.id = "t", .columns = {{.key = "a"}}, .rows = {{}}}), base::InternalError);
}

TEST(HtmlBlocks, FiguresNameTheirSpecification) {
  EXPECT_TRUE(has(figure_html({.id = "f", .title = "<F>", .caption = "c", .layers = {{}}}), "data-figure=\"f\""));
  EXPECT_TRUE(has(figure_html({.id = "f", .title = "<F>"}), "&lt;F&gt;"));
  EXPECT_TRUE(has(figure_html({.id = "f"}), "No data to draw."));
  EXPECT_FALSE(has(figure_html({.id = "f"}), "figure wide"));
  EXPECT_TRUE(has(figure_html({.id = "f", .width = 900}), "class=\"figure wide\"")) << "a row of its own";
}

TEST(HtmlBlocks, PicturesCarryTheirPixelsAndSayInWordsWhatTheyShow) {
  Picture picture{.id = "p",
                  .title = "<Slices>",
                  .caption = "cut & seen",
                  .width = 4,
                  .height = 2,
                  .rgb = std::vector<std::uint8_t>(24, 7),
                  .legend = {{"bulk \"a\"", {0x56, 0xb4, 0xe9}}},
                  .scale_bar = ScaleBar{.text = "20 nm", .pixels = 1.0}};
  const std::string html = picture_html(picture);
  EXPECT_TRUE(has(html, "src=\"data:image/png;base64," + base64(png(picture)) + "\""));
  EXPECT_TRUE(
      has(html, "width=\"4\" height=\"2\" alt=\"&lt;Slices&gt;; colours: bulk &quot;a&quot;; scale bar 20 nm\""));
  EXPECT_TRUE(has(html, "<span style=\"background:#56b4e9\"></span>bulk &quot;a&quot;</li>"));
  EXPECT_TRUE(has(html, "<span style=\"width:25%\"></span>20 nm")) << "the bar keeps its share of a narrow picture";
  EXPECT_TRUE(has(html, "<figcaption>cut &amp; seen</figcaption>"));
  EXPECT_FALSE(has(html, "colour-bar"));
  EXPECT_FALSE(has(html, "picture wide"));

  picture.colour_bar = ColourBar{.title = "σ < 1", .colours = {{0, 0, 0}, {255, 255, 255}}, .ticks = {{0.25, "10"}}};
  const std::string coloured = picture_html(picture);
  EXPECT_TRUE(has(coloured, "linear-gradient(to right,#000000,#ffffff)"));
  EXPECT_TRUE(has(coloured, "<li style=\"left:25%\">10</li>"));
  EXPECT_TRUE(has(coloured, "σ &lt; 1"));
  picture.width = 700;
  picture.rgb.resize(700 * 2 * 3);
  EXPECT_TRUE(has(picture_html(picture), "picture wide"));
}

TEST(HtmlBlocks, KeyValuesShowTheKind) {
  const std::string html = key_values_html(
      {.id = "k", .items = {{"a<b", Value{.value = 1, .kind = "computed"}}, {"c", std::string("d & e")}}});
  EXPECT_TRUE(has(html, "<dt>a&lt;b</dt>"));
  EXPECT_TRUE(has(html, "<span class=\"kind\">computed</span>"));
  EXPECT_TRUE(has(html, "<dd>d &amp; e</dd>"));
}

TEST(HtmlBlocks, SourcesAreCountedOverTheWholeReport) {
  Report report;
  const Value value{.value = 1, .source = "s"};
  report.verdicts = {{.values = {value, {.value = 2}}}};
  report.sections = {
      {.blocks = {KeyValues{.id = "k", .items = {{"a", value}}},
                  Table{.id = "t", .columns = {{.key = "x"}}, .rows = {{value}, {std::string("w")}}}, Paragraph{"p"}}}};
  EXPECT_EQ(sources_of(report), (std::map<std::string, int>{{"s", 3}}));
}

}  // namespace
}  // namespace closo::report::detail
