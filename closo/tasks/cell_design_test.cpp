#include "closo/tasks/cell_design.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"
#include "closo/tasks/detail/cell_design_report.hpp"
#include "closo/tasks/detail/cell_settings.hpp"
#include "closo/tasks/detail/cell_trial_test.hpp"

namespace closo::tasks {
namespace {

using detail::block_named;

CellDesignRequest request_of(std::initializer_list<const char*> targets, std::initializer_list<const char*> free,
                             const char* rate = "C/5") {
  CellDesignRequest request;
  request.cell = detail::trial_case();
  for (const char* text : targets) request.targets.push_back(detail::parse_target(text));
  for (const char* text : free)
    request.free.push_back(*detail::parse_variation("free", text, request.cell.description).range);
  request.rate = rate;
  request.practical = {{"separator.thickness", 30e-6}};
  return request;
}

TEST(CellDesign, TheLimitMeetsTheTargetAndNoMore) {
  const CellDesignRequest request =
      request_of({"specific energy >= 15 Wh/kg"}, {"separator.thickness=20 um to 600 um"});
  const CellDesign design = find_cell_design(request, {});
  ASSERT_EQ(design.status, DesignStatus::limited);
  ASSERT_TRUE(design.answer);
  EXPECT_NEAR(*cell::outcome_quantity("specific energy").value(design.outcome), 15.0 * 3600.0, 1e-3 * 15.0 * 3600.0);
  EXPECT_GE(design.margin, -1e-6);
  EXPECT_TRUE(design.limit->intervals.front().is_low_bound) << "thinner is as good";
}

TEST(CellDesign, AnOhmicLossHasItsKnownLimit) {
  const CellDesign design = find_cell_design(
      request_of({"separator loss <= 20 mV"}, {"separator.thickness=20 um to 1000 um"}, "1 mA/cm2"), {});
  ASSERT_TRUE(design.answer);
  EXPECT_NEAR(*design.answer, 0.020 * 0.12 / 10.0, 1e-3 * 240e-6);
  const CellDesign better = find_cell_design(
      request_of({"separator loss <= 20 mV"}, {"separator.conductivity=0.1 to 100 mS/cm"}, "1 mA/cm2"), {});
  ASSERT_TRUE(better.answer);
  EXPECT_NEAR(*better.answer, 10.0 * 600e-6 / 0.020, 1e-3 * 0.3);
  EXPECT_TRUE(better.limit->intervals.front().is_high_bound) << "more conductivity is as good";
}

TEST(CellDesign, WhatCannotBeMetIsSaid) {
  const CellDesignRequest request =
      request_of({"specific capacity >= 300 mAh/g"}, {"separator.thickness=20 um to 600 um"});
  const CellDesign design = find_cell_design(request, {});
  EXPECT_EQ(design.status, DesignStatus::not_met);
  EXPECT_FALSE(design.answer);
  EXPECT_NE(detail::design_sentence(request, design).find("cannot be met"), std::string::npos);
  EXPECT_LT(design.chosen.front(), 30e-6) << "closest where the separator is thin";
}

TEST(CellDesign, WhatIsAlwaysMetIsSaid) {
  const CellDesignRequest request =
      request_of({"specific capacity >= 10 mAh/g"}, {"separator.thickness=20 um to 600 um"});
  const CellDesign design = find_cell_design(request, {});
  EXPECT_EQ(design.status, DesignStatus::met);
  EXPECT_EQ(design.chosen.front(), 600e-6) << "as described";
  EXPECT_NE(detail::design_sentence(request, design).find("throughout"), std::string::npos);
}

TEST(CellDesign, TheDoubtsMoveTheAnswerAsSolvedAnew) {
  const CellDesignRequest request =
      request_of({"specific energy >= 15 Wh/kg"}, {"separator.thickness=20 um to 600 um"}, "1C");
  const CellDesign design = find_cell_design(request, {});
  ASSERT_EQ(design.doubts.size(), 4U) << "of the trial cell's estimates and guesses";
  const auto radius = std::ranges::find(design.doubts, "cathode.particle_radius", &DesignDoubt::quantity);
  ASSERT_TRUE(radius->elasticity && radius->answer_at_low && radius->range);
  CellDesignRequest other = request;
  const double value = request.cell.description.value("cathode.particle_radius");
  other.cell.description.set_value("cathode.particle_radius", 1.03 * value);
  const double moved = *find_cell_design(other, {}).answer;
  EXPECT_NEAR(std::log(moved / *design.answer) / std::log(1.03), *radius->elasticity,
              0.1 * std::abs(*radius->elasticity) + 0.002);
  EXPECT_LT(*radius->elasticity, 0.0) << "coarser particles need a thinner separator";
  EXPECT_GT(*radius->answer_at_low, *design.answer);
}

TEST(CellDesign, TwoFreeQuantities) {
  const CellDesignRequest request =
      request_of({"specific energy >= 15 Wh/kg", "utilisation >= 80 %"},
                 {"separator.thickness=20 um to 600 um", "cathode.loading=2 to 60 mg/cm2"});
  const CellDesign design = find_cell_design(request, {});
  EXPECT_EQ(design.status, DesignStatus::limited);
  ASSERT_EQ(design.chosen.size(), 2U);
  EXPECT_EQ(design.map_outcomes.size(), 289U);
  EXPECT_GT(design.margin, 0.0);
  for (const cell::CellOutcome& run : design.map_outcomes)
    EXPECT_LE(cell::margin(request.targets, run), design.margin + 1e-4) << "nothing on the map is better";
  const report::Report report = cell_design(request, {});
  EXPECT_NE(block_named<report::Figure>(report, "map_1"), nullptr);
  EXPECT_NE(block_named<report::Figure>(report, "pareto"), nullptr);
  EXPECT_NE(block_named<report::Table>(report, "limits"), nullptr);
  EXPECT_NO_THROW(report::render_json(report));
  for (const report::Figure* figure : detail::blocks_of<report::Figure>(report)) EXPECT_NO_THROW(vega_lite(*figure));
}

TEST(CellDesign, TheReportSetsLaboratoryAgainstPractice) {
  const report::Report report =
      cell_design(request_of({"specific energy >= 15 Wh/kg"}, {"separator.thickness=20 um to 600 um"}), {});
  const report::Table* stacks = block_named<report::Table>(report, "stacks");
  ASSERT_NE(stacks, nullptr);
  ASSERT_EQ(stacks->columns.size(), 5U) << "as described, design, practical, practical with the best loading";
  const auto row = std::ranges::find_if(stacks->rows, [](const std::vector<report::Cell>& cells) {
    return report::to_text(cells.front()) == "specific energy";
  });
  const auto energy = [&](std::size_t column) { return *std::get<report::Value>((*row)[column]).value; };
  EXPECT_NEAR(energy(2), 15.0, 0.02);
  EXPECT_GT(energy(3), energy(1)) << "thin separator";
  EXPECT_GT(energy(4), energy(3)) << "thick cathode";
  EXPECT_NE(block_named<report::Figure>(report, "ragone"), nullptr);
  EXPECT_NE(block_named<report::Figure>(report, "doubts"), nullptr);
  EXPECT_NO_THROW(report::render_json(report));
}

TEST(CellDesign, WithoutAFreeQuantityItIsAVerdict) {
  const CellDesignRequest request = request_of({"specific capacity >= 10 mAh/g"}, {});
  const CellDesign design = find_cell_design(request, {});
  EXPECT_EQ(design.status, DesignStatus::met);
  EXPECT_NE(detail::design_sentence(request, design).find("is met"), std::string::npos);
  EXPECT_EQ(to_string(find_cell_design(request_of({"specific capacity >= 300 mAh/g"}, {}), {}).status), "not met");
  EXPECT_NO_THROW(cell_design(request, {}));
}

TEST(CellDesign, WrongRequestsAreRefused) {
  EXPECT_THROW(find_cell_design(request_of({}, {}), {}), base::ParameterError);
  EXPECT_THROW(find_cell_design(request_of({"specific capacity >= 10 mAh/g"},
                                           {"separator.thickness=20 to 600 um", "cathode.loading=2 to 60 mg/cm2",
                                            "cathode.particle_radius=1 to 3 um"}),
                                {}),
               base::ParameterError);
  EXPECT_THROW(find_cell_design(request_of({"specific energy with collectors >= 10 Wh/kg"}, {}), {}),
               base::ParameterError);
  CellDesignRequest bare = request_of({"specific energy >= 10 Wh/kg"}, {});
  bare.cell.description.remove("anode.thickness");
  EXPECT_THROW(find_cell_design(bare, {}), base::ParameterError);
  CellDesignRequest broken = request_of({"specific capacity >= 10 mAh/g"}, {});
  broken.cell.description.remove("separator.conductivity");
  EXPECT_THROW(find_cell_design(broken, {}), base::ParameterError);
  CellDesignRequest ratio = request_of({"specific capacity >= 10 mAh/g"}, {});
  ratio.practical_ratio = 0.0;
  EXPECT_THROW(find_cell_design(ratio, {}), base::ParameterError);
}

TEST(CellDesign, FromASystemFile) {
  const Context context{CLOSO_SOURCE_DIR "/data", {}, {}, 2, 1};
  Arguments arguments;
  arguments.set("system", CLOSO_SOURCE_DIR "/examples/li2b12h12-zro2.toml");
  arguments.set("target", "specific capacity >= 150 mAh/g");
  arguments.set("free", "cathode.particle_radius=1 to 40 um");
  arguments.set("mesh", "8x8");
  EXPECT_EQ(run(cell_design_task, arguments, context).task, "cell design");
  Arguments single = arguments;
  single.set("free", "separator.thickness=30 um");
  EXPECT_THROW(run(cell_design_task, single, context), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
