#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "closo/base/error.hpp"
#include "closo/report/detail/html_text.hpp"
#include "closo/report/detail/sha256.hpp"
#include "closo/report/render.hpp"

namespace closo::report {
namespace {

// A folder with small stand-ins for the assets, so that the test needs no npm.
class RenderHtml : public testing::Test {
 protected:
  void SetUp() override {
    assets_ = std::filesystem::path(testing::TempDir()) /
              ("closo_html_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(assets_);
    write("report.css", "p { color: black }");
    write("report.js", "report()");
    write("vega-bundle.js", "'</script>'\r\n");
  }
  void TearDown() override { std::filesystem::remove_all(assets_); }
  void write(const char* name, const std::string& text) const {
    std::ofstream(assets_ / name, std::ios::binary) << text;
  }

  std::filesystem::path assets_;
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST_F(RenderHtml, OneFileThatFetchesNothing) {
  const std::string html = render_html({.task = "t", .title = "T"}, assets_);
  EXPECT_TRUE(html.starts_with("<!DOCTYPE html>"));
  EXPECT_EQ(count(html, " src="), 0U);
  EXPECT_EQ(count(html, "<link"), 0U);
  EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(html.find("p { color: black }"), std::string::npos);
}

TEST_F(RenderHtml, PicturesStandBesideFigures) {
  Report report;
  report.sections = {{.id = "a",
                      .blocks = {Figure{.id = "f", .layers = {{}}},
                                 Picture{.id = "p", .width = 1, .height = 1, .rgb = {1, 2, 3}}, Paragraph{"words"}}}};
  const std::string html = render_html(report, assets_);
  EXPECT_EQ(count(html, "<div class=\"figures\">"), 1U);
  EXPECT_EQ(count(html, "<img "), 1U);
  EXPECT_LT(html.find("id=\"figure-f\""), html.find("id=\"picture-p\""));
  EXPECT_LT(html.find("id=\"picture-p\""), html.find("<p>words</p>"));
  EXPECT_NE(html.find("img-src data:"), std::string::npos) << "the policy lets the picture be shown";
  EXPECT_EQ(count(html, "data:image/png"), 1U) << "the pixels stand once in the page";
}

TEST_F(RenderHtml, ThePolicyNamesTheTwoScripts) {
  const std::string html = render_html({}, assets_);
  EXPECT_NE(html.find("'sha256-" + detail::sha256_base64("'<\\/script>'\n") + "'"), std::string::npos);
  EXPECT_NE(html.find("'sha256-" + detail::sha256_base64("report()") + "'"), std::string::npos);
  EXPECT_NE(html.find("<script>'<\\/script>'\n</script>"), std::string::npos);
}

TEST_F(RenderHtml, HostileTextStaysText) {
  const std::string evil = "</title></style></script><script>evil()</script><img src=x onerror=evil()>\"'";
  Report report{.task = evil, .title = evil, .subtitle = evil};
  report.verdicts = {{.criterion = evil,
                      .finding = evil,
                      .values = {{.value = 1, .unit = evil, .kind = evil, .source = evil, .note = evil}},
                      .target = evil,
                      .reason = evil,
                      .source = evil}};
  report.doubts = {evil};
  report.warnings = {evil};
  report.sections = {
      {.id = evil,
       .title = evil,
       .blocks =
           {Paragraph{evil}, KeyValues{.id = "k", .items = {{evil, evil}}},
            Table{
                .id = "t", .title = evil, .columns = {{.key = evil, .title = evil}}, .rows = {{evil}}, .caption = evil},
            Figure{.id = "f",
                   .title = evil,
                   .caption = evil,
                   .x = {.title = evil},
                   .layers = {{.series = evil, .x = {1}, .y = {1}, .hover = {evil}}}}}},
      {.id = "b", .title = evil, .folded = true},
      {.id = "c", .title = evil}};
  report.provenance = {{evil, evil}};
  const std::string html = render_html(report, assets_);
  EXPECT_EQ(count(html, "<script"), 3U) << "data, bundle, page script";
  EXPECT_EQ(count(html, "</script"), 3U);
  EXPECT_EQ(count(html, "<img"), 0U);
  EXPECT_EQ(count(html, "</style"), 1U);
  EXPECT_EQ(count(html, "</title"), 1U);
  const std::string mark = "<script type=\"application/json\" id=\"closo-report\">";
  const std::size_t begin = html.find(mark) + mark.size();
  const auto json = nlohmann::json::parse(html.substr(begin, html.find("</script>", begin) - begin));
  EXPECT_EQ(json["title"], evil);
  EXPECT_EQ(json, nlohmann::json::parse(render_json(report)));
}

TEST_F(RenderHtml, FiguresBeforeTablesAndFoldedPartsLast) {
  Report report;
  report.sections = {{.id = "method", .title = "Method", .folded = true},
                     {.id = "a",
                      .title = "A",
                      .blocks = {Table{.id = "t"}, Figure{.id = "f"}, Figure{.id = "g"}, Paragraph{"words"}}}};
  report.sections[1].blocks.emplace_back(KeyValues{.id = "k", .items = {{"a", Value{.value = 1, .source = "there"}}}});
  report.provenance = {{"version", "0.1.0"}};
  const std::string html = render_html(report, assets_);
  const std::vector<std::string> order = {"id=\"section-a\"",        "id=\"figure-f\"",
                                          "id=\"figure-g\"",         "<p>words</p>",
                                          "id=\"table-t\"",          "<details id=\"section-method\"",
                                          "<details id=\"sources\"", "<details id=\"provenance\""};
  std::size_t at = 0;
  for (const std::string& part : order) {
    const std::size_t found = html.find(part, at);
    ASSERT_NE(found, std::string::npos) << part;
    at = found;
  }
  EXPECT_EQ(count(html, "class=\"figures\""), 1U) << "neighbouring figures share a row";
}

TEST_F(RenderHtml, IsTheSameEveryTime) {
  Report report{.title = "T"};
  report.sections = {{.id = "a", .blocks = {Figure{.id = "f", .layers = {{.series = "s", .x = {1}, .y = {1}}}}}}};
  EXPECT_EQ(render_html(report, assets_), render_html(report, assets_));
}

TEST_F(RenderHtml, MissingAssetsAreNamed) {
  for (const char* name : {"report.css", "report.js", "vega-bundle.js"}) {
    SetUp();
    std::filesystem::remove(assets_ / name);
    try {
      render_html({}, assets_);
      FAIL() << name;
    } catch (const base::InputError& error) {
      EXPECT_NE(error.problem().find(name), std::string::npos);
      EXPECT_EQ(error.place().file, (assets_ / name).string());
    }
  }
}

TEST_F(RenderHtml, BrokenReportsThrow) {
  Report report;
  report.sections = {{.blocks = {Figure{.id = "a/b"}}}};
  EXPECT_THROW(render_html(report, assets_), base::InternalError);
}

}  // namespace
}  // namespace closo::report
