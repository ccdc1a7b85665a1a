#include "closo/tasks/library_remove.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "closo/base/error.hpp"
#include "closo/library/energy_set.hpp"
#include "closo/tasks/library_access.hpp"
#include "closo/tasks/library_import.hpp"

namespace closo::tasks {
namespace {

class LibraryRemove : public testing::Test {
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

TEST_F(LibraryRemove, TakesOneImportOut) {
  library_import({.file = file(two_rows)}, context_);
  Arguments arguments;
  arguments.set("batch", "1");
  const report::Report report = run(library_remove_task, arguments, context_);
  EXPECT_EQ(report.title, "Removed batch 1");
  EXPECT_TRUE(load_library(context_).select({.source = "user"}).empty());
  EXPECT_THROW(library_remove({1}, context_), base::InputError);
}

TEST_F(LibraryRemove, RefusesWithoutStore) {
  EXPECT_THROW(library_remove({1}, context_), base::InputError);
  EXPECT_FALSE(std::filesystem::exists(context_.user_store));
}

TEST_F(LibraryRemove, TakesASetOfEnergiesOut) {
  library_import({.energies = file("formula,e_form_eV\nLiH,-1\n"), .name = "mine"}, context_);
  const report::Report report = library_remove({1}, context_);
  EXPECT_NE(report.subtitle.find("1 phase of the set of energies 'mine'"), std::string::npos) << report.subtitle;
  EXPECT_EQ(library::energy_sets(context_.data, context_.user_store).size(), 2U);
}

}  // namespace
}  // namespace closo::tasks
