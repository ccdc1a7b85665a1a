#include "closo/tasks/detail/window_sections.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "closo/report/render.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks::detail {
namespace {

Context shipped() {
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return context;
}

const library::Library& shipped_library() {
  static const library::Library library = load_library(shipped());
  return library;
}

WindowStudy study(const std::string& name, std::size_t draws = 0) {
  WindowStudyOptions options;
  options.draws = draws;
  const NamedFormula compound = named_formula(shipped_library(), "compound", name);
  return window_study(shipped_library(), compound, mobile_ion_of("", compound), options, shipped());
}

const report::Table& first_table(const report::Section& section) {
  return std::get<report::Table>(section.blocks.at(0));
}

TEST(WindowSections, OneRowForEachVersionAndNamesOnlyForSeveral) {
  const std::vector<WindowStudy> one{study("LiBH4")};
  EXPECT_EQ(first_table(windows_section(one)).rows.size(), 4U);
  EXPECT_EQ(first_table(windows_section(one)).columns.front().key, "window");
  const std::vector<WindowStudy> two{study("LiBH4"), study("NaBH4")};
  EXPECT_EQ(first_table(windows_section(two)).rows.size(), 8U);
  EXPECT_EQ(first_table(windows_section(two)).columns.front().key, "compound");
}

TEST(WindowSections, AnOpenLimitIsABound) {
  const std::vector<WindowStudy> sodium{study("NaBH4")};
  const report::Table table = first_table(windows_section(sodium));
  const auto& reduction = std::get<report::Value>(table.rows[0][1]);
  EXPECT_EQ(*reduction.value, 0.0);
  EXPECT_EQ(reduction.qualifier, "<=");
  EXPECT_EQ(std::get<std::string>(table.rows[0][2]), "–") << "a bound has no uncertainty";
  EXPECT_EQ(std::get<report::Value>(table.rows[0][3]).qualifier, "=");
}

TEST(WindowSections, IdsOfSeveralCompoundsDiffer) {
  report::Report report;
  report.title = "two";
  const std::vector<WindowStudy> two{study("LiBH4", 50), study("Li2B12H12", 50)};
  report.sections.push_back(windows_section(two));
  for (std::size_t i = 0; i < two.size(); ++i) {
    const std::string suffix = "_" + std::to_string(i + 1);
    report.sections.push_back(uncertainty_section(two[i], suffix));
    report.sections.push_back(plateau_section(two[i], suffix));
    report.sections.push_back(protection_section(two[i], shipped_library(), suffix));
    report.sections.push_back(reported_section(two[i], shipped_library(), suffix));
  }
  report.sections.push_back(tex_section(two));
  EXPECT_NO_THROW(report::render_json(report)) << "an id that stands twice would be refused";
}

TEST(WindowSections, SensitivitiesLeaveOutReferences) {
  const report::Section section = uncertainty_section(study("LiBH4"), "");
  const report::Table& table = first_table(section);
  EXPECT_EQ(table.id, "sensitivities");
  std::vector<std::string> names;
  for (const auto& row : table.rows) names.push_back(std::get<std::string>(row[0]));
  EXPECT_TRUE(std::ranges::find(names, "LiBH4") != names.end());
  EXPECT_TRUE(std::ranges::find(names, "Li") == names.end());
}

TEST(WindowSections, VoltammetryIsExplainedWhereItIsShown) {
  const report::Section closo = reported_section(study("Li2B12H12"), shipped_library(), "");
  ASSERT_EQ(closo.blocks.size(), 2U);
  EXPECT_NE(std::get<report::Paragraph>(closo.blocks[1]).text.find("Voltammetry"), std::string::npos);
  const report::Section sulfide = reported_section(study("Li10GeP2S12"), shipped_library(), "");
  ASSERT_EQ(sulfide.blocks.size(), 2U);
  EXPECT_EQ(std::get<report::Paragraph>(sulfide.blocks[1]).text.find("Voltammetry"), std::string::npos);
}

// Li2B12H12 beyond the reduction limit of LiBH4 conducts by the library (0.31 mS/cm, review 2018); LiH is not stated.
TEST(WindowSections, LayersCarryTheConductivityThatTheLibraryKnows) {
  const report::Section section = protection_section(study("LiBH4"), shipped_library(), "");
  std::string closo, hydride, borane;
  for (const std::vector<report::Cell>& row : first_table(section).rows) {
    const std::string product = report::to_text(row[1]);
    if (product == "Li2B12H12") closo = report::to_text(row[5]);
    if (product == "LiH") hydride = report::to_text(row[5]);
    if (product == "B2H6") borane = report::to_text(row[5]);
  }
  EXPECT_NE(closo.find("S/cm at"), std::string::npos) << closo;
  EXPECT_EQ(hydride, "unknown");
  EXPECT_EQ(borane, "–") << "no mobile ion in it";
}

}  // namespace
}  // namespace closo::tasks::detail
