#include "closo/tasks/library_check.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "closo/library/user_store.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

class LibraryCheck : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("closo_task_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    context_.data = CLOSO_SOURCE_DIR "/data";
    context_.user_store = folder_ / "store.sqlite";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  Context context_;
};

TEST_F(LibraryCheck, TheShippedLibraryHasDoubtsAndNoErrors) {
  const report::Report report = run(library_check_task, {}, context_);
  ASSERT_EQ(report.verdicts.size(), 1U);
  EXPECT_EQ(report.verdicts[0].outcome, report::Outcome::pass) << report.verdicts[0].finding;
  EXPECT_EQ(report.sections.at(0).id, "doubts");
}

TEST_F(LibraryCheck, NamesTheContradictionOfLi2B12H12) {
  const report::Report report = run(library_check_task, {}, context_);
  bool found = false;
  for (const std::string& doubt : report.doubts)
    found = found || (doubt.starts_with("Li2B12H12:") && doubt.find("0.34 eV") != std::string::npos);
  EXPECT_TRUE(found);
}

TEST_F(LibraryCheck, FindsWrongRowsOfTheStore) {
  library::Fact fact;
  fact.material = "no such material";
  fact.quantity = "ionic conductivity";
  fact.value = -1.0;
  fact.unit = base::Unit::parse("S/cm");
  library::UserStore::open(context_.user_store).add("a.csv", {}, std::vector{fact});
  Arguments arguments;
  arguments.set("own", "true");
  const report::Report report = run(library_check_task, arguments, context_);
  EXPECT_EQ(report.verdicts.at(0).outcome, report::Outcome::fail);
  EXPECT_TRUE(report.doubts.empty());
  EXPECT_EQ(report.warnings.size(), 2U);
  EXPECT_EQ(std::get<report::Table>(report.sections.at(0).blocks.at(0)).rows.size(), 2U);
}

}  // namespace
}  // namespace closo::tasks
