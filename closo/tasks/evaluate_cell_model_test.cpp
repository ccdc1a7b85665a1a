#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "closo/base/error.hpp"
#include "closo/tasks/evaluate.hpp"

namespace closo::tasks {
namespace {

const std::filesystem::path source = CLOSO_SOURCE_DIR;

report::Report dossier(const System& system) {
  Context context;
  context.data = source / "data";
  return evaluate({system, {}}, context);
}

report::Report dossier_of_example(const char* name) { return dossier(read_system(source / "examples" / name)); }

const report::Section* find_section(const report::Report& report, std::string_view id) {
  const auto found = std::find_if(report.sections.begin(), report.sections.end(),
                                  [&](const report::Section& each) { return each.id == id; });
  return found == report.sections.end() ? nullptr : &*found;
}

/// Text of the item whose key begins so, of any key-value block of the section; empty: none.
std::string item(const report::Report& report, std::string_view start) {
  const report::Section* section = find_section(report, "cell_model");
  if (section == nullptr) return {};
  for (const report::Block& block : section->blocks) {
    const auto* values = std::get_if<report::KeyValues>(&block);
    if (values == nullptr) continue;
    for (const auto& [key, cell] : values->items) {
      if (std::string_view(key).starts_with(start)) return report::to_text(cell);
    }
  }
  return {};
}

const report::Table* find_table(const report::Report& report, std::string_view id) {
  const report::Section* section = find_section(report, "cell_model");
  if (section == nullptr) return nullptr;
  for (const report::Block& block : section->blocks) {
    const auto* table = std::get_if<report::Table>(&block);
    if (table != nullptr && table->id == id) return table;
  }
  return nullptr;
}

/// Names of the parameters with a mark.
std::string marked(const report::Report& report, std::string_view mark) {
  const report::Table* table = find_table(report, "cell_parameter_marks");
  if (table == nullptr) return {};
  for (const std::vector<report::Cell>& row : table->rows) {
    if (report::to_text(row[0]) == mark) return report::to_text(row[2]);
  }
  return {};
}

std::string sentence(const report::Report& report) {
  const report::Section* section = find_section(report, "cell_model");
  if (section == nullptr) return {};
  std::string text;
  for (const report::Block& block : section->blocks) {
    if (const auto* paragraph = std::get_if<report::Paragraph>(&block)) text += paragraph->text + "\n";
  }
  return text;
}

const report::Verdict* find_verdict(const report::Report& report) {
  const auto found = std::find_if(report.verdicts.begin(), report.verdicts.end(),
                                  [](const report::Verdict& each) { return each.criterion == "cell model"; });
  return found == report.verdicts.end() ? nullptr : &*found;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(EvaluateCellModel, HehnsCellAgainstItsRecord) {
  const report::Report report = dossier_of_example("li2b12h12-zro2.toml");
  // 205 mAh/g at C/20 and 60 °C, 60.5 % after 150 cycles: J. D. Hehn et al., ACS Appl. Mater. Interfaces 17 (2025)
  // 33824, DOI 10.1021/acsami.5c01939, sec. 3.4.
  EXPECT_NEAR(std::stod(item(report, "first discharge at C/20, 60 °C")), 205.0, 10.0);
  EXPECT_EQ(item(report, "the library's record"), "205 mAh/g");
  EXPECT_NEAR(std::stod(item(report, "retention after 150 cycles")), 60.5, 8.0);
  EXPECT_EQ(item(report, "the library's record after 150 cycles"), "60.5 %");
  EXPECT_TRUE(contains(marked(report, "fitted"), "damage_per_strain"));
  EXPECT_TRUE(contains(marked(report, "guess"), "cathode.exchange_current_density"));
  EXPECT_GT(std::stod(item(report, "energy of that discharge by mass")), 1.0);
  EXPECT_GT(std::stod(item(report, "energy of that discharge by volume")), 1.0);
  EXPECT_NE(find_section(report, "parameters"), nullptr);
}

TEST(EvaluateCellModel, RatesAtEachTemperature) {
  const report::Report report = dossier_of_example("li2b12h12-zro2.toml");
  const report::Section* section = find_section(report, "cell_model");
  ASSERT_NE(section, nullptr);
  const report::Table* rates = find_table(report, "cell_rates");
  std::size_t figures = 0;
  for (const report::Block& block : section->blocks) figures += std::holds_alternative<report::Figure>(block) ? 1U : 0U;
  ASSERT_NE(rates, nullptr);
  ASSERT_EQ(rates->rows.size(), 12U);
  EXPECT_EQ(figures, 2U);
  const auto capacity = [&](std::size_t row) { return *std::get<report::Value>(rates->rows[row][2]).value; };
  for (std::size_t temperature = 0; temperature < 3; ++temperature) {
    for (std::size_t rate = 0; rate < 4; ++rate) {
      const std::size_t row = 4 * temperature + rate;
      if (rate > 0) {
        EXPECT_LT(capacity(row), capacity(row - 1)) << row;
      }
      if (temperature > 0) {
        EXPECT_GT(capacity(row), capacity(row - 4)) << row;
      }
    }
  }
}

TEST(EvaluateCellModel, NothingIsDecidedOnGuesses) {
  const report::Report report = dossier_of_example("li2b12h12-zro2.toml");
  const report::Verdict* verdict = find_verdict(report);
  ASSERT_NE(verdict, nullptr);
  EXPECT_EQ(verdict->outcome, report::Outcome::unknown);
  EXPECT_TRUE(contains(verdict->reason, "guessed")) << verdict->reason;
  EXPECT_TRUE(contains(verdict->finding, "(record: 205)")) << verdict->finding;
}

TEST(EvaluateCellModel, WhatIsMissingIsSaid) {
  EXPECT_TRUE(contains(sentence(dossier_of_example("libh4-tis2.toml")),
                       "it lacks the cathode's mass, the cathode's composition"));
  EXPECT_TRUE(contains(sentence(dossier_of_example("na-closo.toml")), "the separator's thickness"));
  EXPECT_EQ(find_verdict(dossier_of_example("na-closo.toml")), nullptr);
  System system = read_system(source / "examples" / "li2b12h12-zro2.toml");
  system.anode.reset();
  system.cell.values.erase("anode.potential");
  EXPECT_TRUE(contains(sentence(dossier(system)), "it lacks [anode]"));
  system.cathode.reset();
  EXPECT_EQ(find_section(dossier(system), "cell_model"), nullptr);
}

TEST(EvaluateCellModel, WithoutAFadeModelNoFadeIsShown) {
  System system = read_system(source / "examples" / "li2b12h12-zro2.toml");
  system.cell = {};
  const report::Report report = dossier(system);
  EXPECT_FALSE(item(report, "first discharge").empty());
  EXPECT_TRUE(item(report, "retention").empty());
  EXPECT_TRUE(contains(sentence(report), "Fade is not simulated"));
}

TEST(EvaluateCellModel, ACellThatCannotBeSimulatedLeavesTheDossierWhole) {
  System system = read_system(source / "examples" / "li2b12h12-zro2.toml");
  system.cell = {};
  system.anode->material = "graphite";
  const report::Report report = dossier(system);
  EXPECT_TRUE(contains(sentence(report), "no porous anode")) << sentence(report);
  ASSERT_FALSE(report.warnings.empty());
  EXPECT_TRUE(contains(report.warnings.back(), "the cell is not simulated"));
  EXPECT_NE(find_section(report, "conductivity"), nullptr);
}

TEST(EvaluateCellModel, AWrongCurveIsAnError) {
  System system = read_system(source / "examples" / "li2b12h12-zro2.toml");
  system.cell.open_circuit = "TiS2-dfn1994";
  system.cell.open_circuit_place = {"s.toml", 3, 7};
  EXPECT_THROW(dossier(system), base::InputError);
}

}  // namespace
}  // namespace closo::tasks
