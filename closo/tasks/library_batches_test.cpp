#include "closo/tasks/library_batches.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "closo/tasks/library_import.hpp"

namespace closo::tasks {
namespace {

class LibraryBatches : public testing::Test {
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

  std::filesystem::path file(const std::string& text) const {
    std::ofstream(folder_ / "own.csv", std::ios::binary) << text;
    return folder_ / "own.csv";
  }
  std::filesystem::path folder_;
  Context context_;
};

constexpr const char* two_rows = "material,T (K),sigma (mS/cm)\nLiBH4,300,1e-4\nLiBH4,310,2e-4\n";

TEST_F(LibraryBatches, SaysWhenThereAreNone) {
  const report::Report report = run(library_batches_task, {}, context_);
  EXPECT_TRUE(std::holds_alternative<report::Paragraph>(report.sections.at(0).blocks.at(0)));
  EXPECT_FALSE(std::filesystem::exists(context_.user_store));
}

TEST_F(LibraryBatches, ListsEveryImport) {
  library_import({.file = file(two_rows)}, context_);
  library_import({.file = file("material,T (K),sigma (mS/cm)\nLiBH4,320,1\n")}, context_);
  const report::Report report = run(library_batches_task, {}, context_);
  const auto& table = std::get<report::Table>(report.sections.at(0).blocks.at(0));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(std::get<std::string>(table.rows[0][0]), "1");
  EXPECT_EQ(std::get<std::string>(table.rows[0][3]), "2");
  EXPECT_EQ(std::get<std::string>(table.rows[1][3]), "1");
}

TEST_F(LibraryBatches, TellsSetsOfEnergiesFromFacts) {
  library_import({.file = file(two_rows)}, context_);
  library_import({.energies = file("formula,e_form_eV\nLiH,-1\nNaH,-1\nMgH2,-1\n"), .name = "mine"}, context_);
  const report::Report report = run(library_batches_task, {}, context_);
  const auto& table = std::get<report::Table>(report.sections.at(0).blocks.at(0));
  const auto text = [&table](std::size_t row, std::size_t column) {
    return std::get<std::string>(table.rows.at(row).at(column));
  };
  ASSERT_EQ(table.columns.size(), 6U);
  EXPECT_EQ(text(0, 3), "2");
  EXPECT_EQ(text(0, 4) + text(0, 5), "");
  EXPECT_EQ(text(1, 3), "");
  EXPECT_EQ(text(1, 4), "3");
  EXPECT_EQ(text(1, 5), "mine");
}

}  // namespace
}  // namespace closo::tasks
