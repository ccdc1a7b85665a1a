#include "closo/tasks/detail/cell_sweep_report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "closo/tasks/detail/cell_trial_test.hpp"

namespace closo::tasks::detail {
namespace {

constexpr double active_mass = 0.028;  // kg/m²

/// A discharge of so many mAh/g at 2 V, with losses of 20 mV in the separator and 5 mV by diffusion.
cell::CellOutcome run_of(double capacity_mAh_per_g) {
  cell::CellOutcome run;
  run.status = cell::OutcomeStatus::complete;
  run.active_mass = active_mass;
  run.charge = capacity_mAh_per_g * 3600.0 * active_mass;
  run.energy = 2.0 * run.charge;
  run.duration = 36000.0;
  run.losses.separator = 0.020 * run.charge;
  run.losses.diffusion = 0.005 * run.charge;
  run.theoretical_capacity = 239.0 * 3600.0 * active_mass;
  run.stack.areal_mass = 1.0;
  return run;
}

cell::CellOutcome stopped(double capacity_mAh_per_g) {
  cell::CellOutcome run = run_of(capacity_mAh_per_g);
  run.status = cell::OutcomeStatus::stopped;
  run.reason = "the step became too short";
  return run;
}

CellSweepRequest request_of(std::vector<std::string> rates) {
  CellSweepRequest request;
  request.cell = trial_case();
  request.rates = std::move(rates);
  return request;
}

/// Three separators at two rates; the thickest cell stops at the faster one.
CellSweep three_separators() {
  CellSweep sweep;
  sweep.plan = {{"separator.thickness"}, {{30e-6}, {60e-6}, {600e-6}}};
  sweep.outcomes = {{run_of(220.0), run_of(210.0), run_of(180.0)}, {run_of(200.0), run_of(170.0), stopped(230.0)}};
  sweep.outcomes[0][1].losses.separator *= 0.1;
  return sweep;
}

const report::Cell& cell_at(const report::Table& table, std::size_t row, std::string_view key) {
  const auto column = std::ranges::find(table.columns, key, &report::TableColumn::key);
  return table.rows.at(row).at(static_cast<std::size_t>(column - table.columns.begin()));
}
double number_at(const report::Table& table, std::size_t row, std::string_view key) {
  return *std::get<report::Value>(cell_at(table, row, key)).value;
}
std::string text_at(const report::Table& table, std::size_t row, std::string_view key) {
  return report::to_text(cell_at(table, row, key));
}
bool has_column(const report::Table& table, std::string_view key) {
  return std::ranges::find(table.columns, key, &report::TableColumn::key) != table.columns.end();
}

TEST(CellSweepReport, RowsFollowThePlanRateByRateInTheirUnits) {
  const report::Table table = sweep_table(request_of({"C/10", "1C"}), three_separators());
  ASSERT_EQ(table.rows.size(), 6U);
  EXPECT_EQ(table.columns[0].key, "rate");
  EXPECT_EQ(table.columns[1].key, "separator_thickness_um");
  for (std::size_t row = 0; row < 6; ++row) {
    EXPECT_EQ(text_at(table, row, "rate"), row < 3 ? "C/10" : "1C");
    const double thickness[] = {30.0, 60.0, 600.0};
    EXPECT_NEAR(number_at(table, row, "separator_thickness_um"), thickness[row % 3], 1e-9);
    EXPECT_NEAR(number_at(table, row, "mean_voltage_V"), 2.0, 1e-12);
    // Wh/kg of a stack of 1 kg/m²: mAh/g × active mass × 2 V.
    EXPECT_NEAR(number_at(table, row, "specific_energy_Wh_per_kg"),
                number_at(table, row, "specific_capacity_mAh_per_g") * active_mass * 2.0, 1e-9);
  }
  EXPECT_NEAR(number_at(table, 0, "specific_capacity_mAh_per_g"), 220.0, 1e-9);
  EXPECT_NEAR(number_at(table, 0, "total_loss_mV"), 25.0, 1e-9);
  EXPECT_EQ(text_at(table, 0, "largest_loss"), "separator");
  EXPECT_NEAR(number_at(table, 0, "largest_loss_mV"), 20.0, 1e-9);
  EXPECT_EQ(text_at(table, 1, "largest_loss"), "diffusion");
  EXPECT_NEAR(number_at(table, 1, "largest_loss_mV"), 5.0, 1e-9);
}

TEST(CellSweepReport, AStoppedCellKeepsItsNumbersAndItsReason) {
  const report::Table table = sweep_table(request_of({"C/10", "1C"}), three_separators());
  EXPECT_EQ(text_at(table, 5, "status"), "stopped: the step became too short");
  EXPECT_NEAR(number_at(table, 5, "specific_capacity_mAh_per_g"), 230.0, 1e-9);
  EXPECT_EQ(text_at(table, 4, "status"), "complete");
}

TEST(CellSweepReport, ColumnsAreThoseThatAreKnownOrChosen) {
  CellSweep sweep = three_separators();
  sweep.outcomes.pop_back();
  const CellSweepRequest request = request_of({"C/10"});
  const report::Table chosen = sweep_table(request, sweep, {&cell::outcome_quantity("utilisation")});
  EXPECT_FALSE(has_column(chosen, "rate")) << "there is one";
  EXPECT_FALSE(has_column(chosen, "status")) << "all completed";
  EXPECT_FALSE(has_column(chosen, "mean_voltage_V"));
  EXPECT_NEAR(number_at(chosen, 2, "utilisation_percent"), 100.0 * 180.0 / 239.0, 1e-9);
  EXPECT_FALSE(has_column(sweep_table(request, sweep), "specific_energy_with_collectors_Wh_per_kg"))
      << "none are there";
  for (cell::CellOutcome& run : sweep.outcomes[0]) run.stack.areal_mass.reset();
  EXPECT_FALSE(has_column(sweep_table(request, sweep), "specific_energy_Wh_per_kg")) << "the masses are not known";
}

TEST(CellSweepReport, TheEnergyIsAnOutcomeWhereTheMassesAreKnown) {
  cell::CellDescription description = trial_case().description;
  const Outcomes both = default_outcomes(description, {});
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0]->name, "specific capacity");
  EXPECT_EQ(both[1]->name, "specific energy");
  description.remove("anode.thickness");
  EXPECT_EQ(default_outcomes(description, {}).size(), 1U);
}

TEST(CellSweepReport, BestAndWorstAreOfCellsThatCompleted) {
  report::Report report;
  CellSweep sweep = three_separators();
  sweep.resumed = 2;
  add_sweep_sections(request_of({"C/10", "1C"}), sweep,
                     {&cell::outcome_quantity("specific capacity"), &cell::outcome_quantity("total loss")}, report);
  const auto* table = block_named<report::Table>(report, "extremes");
  ASSERT_NE(table, nullptr);
  ASSERT_EQ(table->rows.size(), 4U);
  EXPECT_NEAR(number_at(*table, 0, "best"), 220.0, 1e-9);
  EXPECT_EQ(text_at(*table, 0, "best_at"), "30 µm");
  EXPECT_EQ(text_at(*table, 0, "worst_at"), "600 µm");
  EXPECT_NEAR(number_at(*table, 1, "best"), 200.0, 1e-9) << "not the 230 mAh/g of the stopped cell";
  EXPECT_EQ(text_at(*table, 1, "worst_at"), "60 µm");
  EXPECT_EQ(text_at(*table, 2, "best_at"), "60 µm") << "the smallest loss is the best";
  EXPECT_NEAR(number_at(*table, 2, "worst"), 25.0, 1e-9);
  const auto* facts = block_named<report::KeyValues>(report, "sweep");
  const auto fact = [&](std::string_view name) {
    const auto found = std::ranges::find_if(facts->items, [&](const auto& item) { return item.first == name; });
    return report::to_text(found->second);
  };
  EXPECT_EQ(fact("cells"), "6, 5 complete, 1 stopped");
  EXPECT_EQ(fact("known from before"), "2");
  EXPECT_EQ(fact("temperature"), "60 °C");
  EXPECT_TRUE(report.warnings.empty());
}

TEST(CellSweepReport, WithoutAnyCellTheReasonIsTheWarning) {
  CellSweep sweep = three_separators();
  for (auto& runs : sweep.outcomes) std::ranges::fill(runs, stopped(10.0));
  report::Report report;
  add_sweep_sections(request_of({"C/10", "1C"}), sweep, {&cell::outcome_quantity("specific capacity")}, report);
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_EQ(report.warnings[0], "no cell came to its cut-off: the step became too short");
  EXPECT_TRUE(block_named<report::Table>(report, "extremes")->rows.empty());
}

/// The capacity is 100 to 200 mAh/g, even and set by the first quantity alone.
CellSweep sample_of(std::size_t count) {
  CellSweep sweep;
  sweep.plan.quantities = {"separator.thickness", "cathode.loading"};
  sweep.outcomes.resize(1);
  for (std::size_t i = 0; i < count; ++i) {
    const double place = static_cast<double>(i) / static_cast<double>(count - 1);
    const double other = static_cast<double>((37 * i) % count) / static_cast<double>(count);
    sweep.plan.settings.push_back({(1.0 - place) * 1e-4 + 1e-5, 0.02 + 0.1 * other});
    sweep.outcomes[0].push_back(run_of(100.0 + 100.0 * place));
  }
  return sweep;
}

TEST(CellSweepReport, QuantilesAndSharesOfASample) {
  CellSweepRequest request = request_of({"C/10"});
  request.sample = 201;
  report::Report report;
  add_sweep_sections(request, sample_of(201), {&cell::outcome_quantity("specific capacity")}, report);
  const auto* spread = block_named<report::Table>(report, "spread");
  ASSERT_NE(spread, nullptr);
  EXPECT_NEAR(number_at(*spread, 0, "below_5_percent"), 105.0, 1e-9);
  EXPECT_NEAR(number_at(*spread, 0, "median"), 150.0, 1e-9);
  EXPECT_NEAR(number_at(*spread, 0, "below_95_percent"), 195.0, 1e-9);
  const auto* shares = block_named<report::Table>(report, "shares_specific_capacity");
  ASSERT_NE(shares, nullptr);
  ASSERT_EQ(shares->rows.size(), 1U) << "the loading has no effect";
  EXPECT_EQ(text_at(*shares, 0, "quantity"), "separator.thickness");
  EXPECT_NEAR(number_at(*shares, 0, "share_percent"), 100.0, 3.0);
  EXPECT_NEAR(number_at(*shares, 0, "direction"), -1.0, 1e-9) << "thicker is worse";
  EXPECT_NE(shares->caption.find("Not told from no effect: cathode.loading"), std::string::npos) << shares->caption;
}

TEST(CellSweepReport, TooFewCellsForSharesAreSaid) {
  CellSweepRequest request = request_of({"C/10"});
  request.sample = 39;
  report::Report report;
  add_sweep_sections(request, sample_of(39), {&cell::outcome_quantity("specific capacity")}, report);
  EXPECT_EQ(block_named<report::Table>(report, "shares_specific_capacity"), nullptr);
  const auto section = std::ranges::find(report.sections, "shares", &report::Section::id);
  ASSERT_NE(section, report.sections.end());
  const std::string& text = std::get<report::Paragraph>(section->blocks.front()).text;
  EXPECT_NE(text.find("at least 40 cells"), std::string::npos) << text;
  EXPECT_NE(text.find("there are 39."), std::string::npos) << text;
}

}  // namespace
}  // namespace closo::tasks::detail
