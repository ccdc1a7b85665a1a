#include <gtest/gtest.h>

#include <string>

#include "closo/tasks/detail/cell_design_report.hpp"
#include "closo/tasks/detail/cell_settings.hpp"
#include "closo/tasks/detail/cell_trial_test.hpp"

namespace closo::tasks::detail {
namespace {

CellDesignRequest request_of() {
  CellDesignRequest request;
  request.cell = trial_case();
  request.targets = {parse_target("specific energy >= 15 Wh/kg")};
  request.free = {*parse_variation("free", "separator.thickness=20 um to 600 um", request.cell.description).range};
  request.rate = "C/5";
  return request;
}

const cell::SweepRange radii{"cathode.particle_radius", 1e-6, 1e-5, true};

/// A separator of 100 µm that hangs on the particles, hardly on diffusion, not on the anode.
CellDesign design_of(const CellDesignRequest& request) {
  CellDesign design;
  design.status = DesignStatus::limited;
  design.description = request.cell.description;
  design.answer = 100e-6;
  design.chosen = {100e-6};
  design.doubts = {{"anode.exchange_current_density", 1e-5, {}, {}, {}},
                   {"cathode.diffusion_coefficient", 0.3, {}, {}, {}},
                   {"cathode.particle_radius", -0.5, radii, 150e-6, std::nullopt}};
  return design;
}

std::string text_at(const report::Table& table, std::size_t row, std::size_t column) {
  return report::to_text(table.rows.at(row).at(column));
}

TEST(CellDesignDoubts, TheStrongestStandsFirstInTheUnitsOfTheAnswer) {
  const CellDesignRequest request = request_of();
  report::Report report;
  add_design_doubts(request, design_of(request), report);
  const auto* table = block_named<report::Table>(report, "doubts");
  ASSERT_NE(table, nullptr);
  ASSERT_EQ(table->rows.size(), 2U) << "the anode has no effect";
  EXPECT_EQ(text_at(*table, 0, 0), "cathode particle radius");
  EXPECT_EQ(text_at(*table, 0, 1), "estimated");
  EXPECT_NEAR(*std::get<report::Value>(table->rows[0][2]).value, 3.0, 1e-12) << "µm, as described";
  EXPECT_EQ(*std::get<report::Value>(table->rows[0][3]).value, -0.5);
  EXPECT_EQ(text_at(*table, 0, 4), "1–10 µm");
  const auto& low = std::get<report::Value>(table->rows[0][5]);
  EXPECT_NEAR(*low.value, 150.0, 1e-9);
  EXPECT_EQ(low.unit, "µm");
  EXPECT_EQ(text_at(*table, 0, 6), "not met");
  EXPECT_EQ(text_at(*table, 1, 0), "cathode diffusion coefficient");
  for (const std::size_t column : {4U, 5U, 6U}) EXPECT_EQ(text_at(*table, 1, column), "") << "no range is given";
  EXPECT_NE(table->caption.find("Answer: the separator thickness, now 100 µm"), std::string::npos) << table->caption;
  EXPECT_NE(table->caption.find("Without effect on it: anode exchange current density."), std::string::npos);
  ASSERT_EQ(report.doubts.size(), 1U);
  EXPECT_EQ(report.doubts[0], "the answer hangs on estimates or guesses: cathode particle radius");
  EXPECT_NE(block_named<report::Figure>(report, "doubts"), nullptr);
}

TEST(CellDesignDoubts, WeakDoubtsAreNoDoubtOfTheReport) {
  const CellDesignRequest request = request_of();
  CellDesign design = design_of(request);
  design.doubts.pop_back();
  design.doubts[0].elasticity.reset();
  design.doubts[0].range = cell::SweepRange{"anode.exchange_current_density", 50.0, 200.0, true};
  design.doubts[0].answer_at_low = 99e-6;
  design.doubts[0].answer_at_high = 101e-6;
  report::Report report;
  add_design_doubts(request, design, report);
  EXPECT_TRUE(report.doubts.empty());
  const std::string& words = std::get<report::Paragraph>(report.sections.front().blocks.front()).text;
  EXPECT_EQ(words.rfind("None of the estimated or guessed quantities moves the separator thickness", 0), 0U) << words;
  const auto* table = block_named<report::Table>(report, "doubts");
  EXPECT_EQ(text_at(*table, 0, 0), "cathode diffusion coefficient") << "3 % for 10 % beats 1 % over the range";
  const auto& elasticity = std::get<report::Value>(table->rows[1][3]);
  EXPECT_FALSE(elasticity.value);
  EXPECT_EQ(elasticity.note, "at the edge of what is possible");
}

TEST(CellDesignDoubts, WithoutAnAnswerTheOutcomeIsLookedAt) {
  const CellDesignRequest request = request_of();
  CellDesign design = design_of(request);
  design.answer.reset();
  design.outcome.energy = 12.0 * 3600.0;
  design.outcome.stack.areal_mass = 1.0;
  design.doubts.back().answer_at_low = 18.0 * 3600.0;
  report::Report report;
  add_design_doubts(request, design, report);
  const auto* table = block_named<report::Table>(report, "doubts");
  ASSERT_NE(table, nullptr);
  EXPECT_NEAR(*std::get<report::Value>(table->rows[0][5]).value, 18.0, 1e-9);
  EXPECT_EQ(std::get<report::Value>(table->rows[0][5]).unit, "Wh/kg");
  EXPECT_EQ(text_at(*table, 0, 6), "no outcome");
  EXPECT_NE(table->caption.find("Answer: the specific energy, now 12"), std::string::npos) << table->caption;
}

TEST(CellDesignDoubts, WithoutDoubtsThereIsNoSection) {
  const CellDesignRequest request = request_of();
  CellDesign design = design_of(request);
  design.doubts.clear();
  report::Report report;
  add_design_doubts(request, design, report);
  EXPECT_TRUE(report.sections.empty());
}

}  // namespace
}  // namespace closo::tasks::detail
