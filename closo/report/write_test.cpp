#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/report/png.hpp"
#include "closo/report/render.hpp"

namespace closo::report {
namespace {

namespace fs = std::filesystem;

class WriteReport : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) /
            ("closo_write_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(root_);
    fs::create_directories(root_ / "assets");
    for (const char* name : {"report.css", "report.js", "vega-bundle.js"})
      std::ofstream(root_ / "assets" / name) << "/**/";
  }
  void TearDown() override { fs::remove_all(root_); }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(root_ / "out")) {
      if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), root_ / "out").generic_string());
    }
    std::ranges::sort(names);
    return names;
  }

  fs::path root_;
};

Report small_report() {
  Report report{.title = "T"};
  report.sections = {
      {.id = "a",
       .blocks = {Table{.id = "points", .columns = {{.key = "x"}}, .rows = {{Value{.value = 1}}}},
                  Figure{.id = "curve"}, Picture{.id = "cut", .width = 1, .height = 1, .rgb = {1, 2, 3}}}}};
  return report;
}

TEST_F(WriteReport, WritesEveryFileAndNothingElse) {
  const auto paths = write_report(small_report(), root_ / "out", root_ / "assets");
  ASSERT_EQ(paths.size(), 5U);
  EXPECT_EQ(paths[0], root_ / "out" / "report.html");
  EXPECT_EQ(files(), (std::vector<std::string>{"figures/curve.vl.json", "figures/cut.png", "report.html", "report.json",
                                               "tables/points.csv"}));
  EXPECT_EQ(base::read_file_bytes(root_ / "out" / "figures" / "cut.png"),
            png({.id = "cut", .width = 1, .height = 1, .rgb = {1, 2, 3}}));
  EXPECT_EQ(base::read_text_file(root_ / "out" / "report.json"), render_json(small_report()));
  EXPECT_EQ(base::read_text_file(root_ / "out" / "report.html"), render_html(small_report(), root_ / "assets"));
  EXPECT_EQ(base::read_text_file(root_ / "out" / "tables" / "points.csv"), "x\r\n1\r\n");
  EXPECT_EQ(base::read_text_file(root_ / "out" / "figures" / "curve.vl.json"), vega_lite(Figure{.id = "curve"}));
}

TEST_F(WriteReport, ReplacesAnEarlierReport) {
  write_report({.title = "old"}, root_ / "out", root_ / "assets");
  write_report({.title = "new"}, root_ / "out", root_ / "assets");
  EXPECT_EQ(base::read_text_file(root_ / "out" / "report.json"), render_json({.title = "new"}));
}

TEST_F(WriteReport, FailuresLeaveTheFolderAsItWas) {
  write_report({.title = "old"}, root_ / "out", root_ / "assets");
  EXPECT_THROW(write_report(small_report(), root_ / "out", root_ / "nowhere"), base::InputError);
  Report broken = small_report();
  broken.sections.push_back(broken.sections[0]);
  EXPECT_THROW(write_report(broken, root_ / "out", root_ / "assets"), base::InternalError);
  EXPECT_EQ(files(), (std::vector<std::string>{"report.html", "report.json"}));
  EXPECT_EQ(base::read_text_file(root_ / "out" / "report.json"), render_json({.title = "old"}));
}

TEST_F(WriteReport, AFileInTheWayIsAnInputError) {
  std::ofstream(root_ / "out") << "a file";
  EXPECT_THROW(write_report(small_report(), root_ / "out", root_ / "assets"), base::InputError);
  EXPECT_THROW(write_report(small_report(), root_ / "out" / "deeper", root_ / "assets"), base::InputError);
}

}  // namespace
}  // namespace closo::report
