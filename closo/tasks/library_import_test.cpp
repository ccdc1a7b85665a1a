#include "closo/tasks/library_import.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "closo/base/error.hpp"
#include "closo/library/energy_set.hpp"
#include "closo/library/user_store.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

class LibraryImport : public testing::Test {
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
  std::size_t stored() const { return load_library(context_).select({.source = "user"}).size(); }

  std::filesystem::path folder_;
  Context context_;
};

constexpr const char* two_rows = "material,T (K),sigma (mS/cm)\nLiBH4,300,1e-4\nLiBH4,310,2e-4\n";

constexpr const char* one_bad = "material,T (K),sigma (mS/cm)\nLiBH4,300,1e-4\nLiBH4,310,-2\nLiBH5,310,2\n";

TEST_F(LibraryImport, StoresAllRows) {
  const report::Report report = library_import({.file = file(two_rows), .source = "notebook 3"}, context_);
  EXPECT_EQ(stored(), 2U);
  EXPECT_NE(report.title.find("as batch 1"), std::string::npos) << report.title;
  const auto& table = std::get<report::Table>(report.sections.at(0).blocks.at(0));
  ASSERT_EQ(table.rows.size(), 2U);
  const library::Library library = load_library(context_);
  const library::Fact* fact = library.find_fact(std::get<std::string>(table.rows[0][0]));
  ASSERT_NE(fact, nullptr) << "the table names the rows as the store does";
  EXPECT_EQ(fact->source, "notebook 3");
}

TEST_F(LibraryImport, StoresNothingWhenARowIsWrongAndNamesAll) {
  try {
    library_import({.file = file(one_bad)}, context_);
    ADD_FAILURE();
  } catch (const base::InputError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("2 of 3 rows are wrong"), std::string::npos) << text;
    EXPECT_NE(text.find("line 3, column 11"), std::string::npos) << text;
    EXPECT_NE(text.find("line 4, column 1"), std::string::npos) << text;
    EXPECT_NE(text.find("did you mean 'LiBH4'"), std::string::npos) << text;
  }
  EXPECT_EQ(stored(), 0U);
  EXPECT_FALSE(std::filesystem::exists(context_.user_store));
}

TEST_F(LibraryImport, KeepsGoodRowsWhenToldTo) {
  const report::Report report = library_import({.file = file(one_bad), .keep_good = true}, context_);
  EXPECT_EQ(stored(), 1U);
  EXPECT_EQ(report.sections.at(0).id, "rejected");
  EXPECT_FALSE(report.warnings.empty());
  EXPECT_THROW(library_import({.file = file("material,sigma (S/cm)\nLiBH4,-1\n"), .keep_good = true}, context_),
               base::InputError);
}

TEST_F(LibraryImport, ADryRunStoresNothing) {
  const report::Report report = library_import({.file = file(one_bad), .dry_run = true}, context_);
  EXPECT_EQ(report.sections.at(0).id, "rejected");
  EXPECT_EQ(report.sections.at(1).id, "facts");
  EXPECT_FALSE(std::filesystem::exists(context_.user_store));
}

TEST_F(LibraryImport, ASecondTimeIsRefusedAsDuplicate) {
  library_import({.file = file(two_rows)}, context_);
  try {
    library_import({.file = file(two_rows)}, context_);
    ADD_FAILURE();
  } catch (const base::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("same measurement as row 'user-1-1'"), std::string::npos) << error.what();
  }
  EXPECT_EQ(stored(), 2U);
}

TEST_F(LibraryImport, ANewMaterialMayBeDescribedByOptions) {
  const std::filesystem::path path = file("material,sigma (S/cm)\nBrand new,1e-3\n");
  EXPECT_THROW(library_import({.file = path}, context_), base::InputError);
  library_import({.file = path, .formula = "LiCB9H10", .family = "closo-carborate", .mobile_ion = "Li"}, context_);
  EXPECT_EQ(load_library(context_).material("brand NEW").formula, "LiCB9H10");
}

TEST_F(LibraryImport, RefusesMissingAndEmptyFiles) {
  EXPECT_THROW(library_import({.file = folder_ / "none.csv"}, context_), base::InputError);
  EXPECT_THROW(library_import({.file = file("material,sigma (S/cm)\n")}, context_), base::InputError);
}

TEST_F(LibraryImport, TheUserMayStopIt) {
  context_.progress = [](double, std::string_view) { return false; };
  EXPECT_THROW(library_import({.file = file(two_rows)}, context_), base::Cancelled);
  context_.progress = {};
  EXPECT_EQ(stored(), 0U);
}

TEST_F(LibraryImport, TakesItsOptionsFromTheTable) {
  Arguments arguments;
  arguments.set("file", file(one_bad).string());
  arguments.set("keep-good", "true");
  arguments.set("source", "me");
  run(library_import_task, arguments, context_);
  EXPECT_EQ(stored(), 1U);
}

constexpr const char* three_energies =
    "formula,e_form_eV_per_atom,remarks_of_mine\nLiH,-0.47,x\nLiBH4,-0.43,\nNaH,-0.3,\n";

TEST_F(LibraryImport, StoresASetOfEnergies) {
  const report::Report report = library_import(
      {.energies = file(three_energies), .name = "mine", .citation = "A. Author", .licence = "CC0"}, context_);
  EXPECT_NE(report.title.find("as batch 1"), std::string::npos) << report.title;
  EXPECT_EQ(report.subtitle, "3 phases stored");
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_NE(report.warnings[0].find("remarks_of_mine"), std::string::npos);
  const auto& table = std::get<report::Table>(report.sections.at(0).blocks.at(0));
  EXPECT_EQ(std::get<std::string>(table.rows.at(0).at(0)), "mine");
  EXPECT_EQ(std::get<std::string>(table.rows.at(0).at(3)), "H Li B Na");
  const std::vector<std::string> elements{"Li", "H"};
  const library::EnergySet set = library::load_energy_set(context_.data, context_.user_store, "mine", elements);
  EXPECT_EQ(set.rows.size(), 1U);
  EXPECT_EQ(set.citation, "A. Author");
  EXPECT_EQ(set.licence, "CC0");
  EXPECT_EQ(stored(), 0U) << "energies are no facts";
}

TEST_F(LibraryImport, NamesASetOfEnergiesAfterItsFile) {
  Arguments arguments;
  arguments.set("energies", file(three_energies).string());
  run(library_import_task, arguments, context_);
  EXPECT_EQ(library::energy_sets(context_.data, context_.user_store).back().id, "own");
}

TEST_F(LibraryImport, ChecksEnergiesWithoutStoringThem) {
  const report::Report report = library_import({.dry_run = true, .energies = file(three_energies)}, context_);
  EXPECT_EQ(report.subtitle, "3 phases would be stored");
  EXPECT_FALSE(std::filesystem::exists(context_.user_store));
}

TEST_F(LibraryImport, RefusesEnergiesThatCannotBeASet) {
  const std::filesystem::path path = file(three_energies);
  EXPECT_THROW(library_import({}, context_), base::ParameterError);
  EXPECT_THROW(library_import({.file = path, .energies = path}, context_), base::ParameterError);
  EXPECT_THROW(library_import({.file = path, .name = "mine"}, context_), base::ParameterError);
  EXPECT_THROW(library_import({.source = "notebook", .energies = path}, context_), base::ParameterError);
  EXPECT_THROW(library_import({.energies = path, .name = "no blanks"}, context_), base::ParameterError);
  EXPECT_THROW(library_import({.energies = path, .name = "Static"}, context_), base::InputError);
  EXPECT_THROW(library_import({.energies = folder_ / "absent.csv"}, context_), base::InputError);
  EXPECT_FALSE(std::filesystem::exists(context_.user_store)) << "nothing is made before all is well";
  library_import({.energies = path}, context_);
  EXPECT_THROW(library_import({.energies = path}, context_), base::InputError);
  try {
    library_import({.energies = file("formula,e_form_eV\nLiH,-1\nLiH,-1\n"), .name = "twice"}, context_);
    ADD_FAILURE();
  } catch (const base::InputError& error) {
    EXPECT_EQ(error.place().line, 3U);
  }
  EXPECT_EQ(library::energy_sets(context_.data, context_.user_store).size(), 3U);
}

}  // namespace
}  // namespace closo::tasks
