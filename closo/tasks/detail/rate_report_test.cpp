#include "closo/tasks/detail/rate_report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "closo/cell/stack_of_cell.hpp"
#include "closo/report/render.hpp"
#include "closo/tasks/detail/cell_example_test.hpp"

namespace closo::tasks::detail {
namespace {

CellRateRequest request(const std::string& rates, std::vector<double> temperatures) {
  CellRateRequest request;
  for (const double temperature : temperatures) request.cells.push_back(example_cell(temperature));
  request.rates = parse_rates("rates", rates);
  return request;
}

report::Report report_of(const CellRateRequest& asked) {
  return rate_report(asked, rate_cells(asked, example_context()), example_context());
}

template <class Block>
const Block* find(const report::Report& report, const std::string& id) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      if (const auto* found = std::get_if<Block>(&block); found != nullptr && found->id == id) return found;
    }
  }
  return nullptr;
}

double value(const report::Table& table, std::size_t row, const std::string& key) {
  const auto column = std::ranges::find(table.columns, key, &report::TableColumn::key) - table.columns.begin();
  return *std::get<report::Value>(table.rows[row][static_cast<std::size_t>(column)]).value;
}

TEST(RateReport, EnergyIsCapacityTimesVoltageOverTheMassOfTheStack) {
  const CellRateRequest asked = request("C/20, C/2", {333.15});
  const report::Report report = report_of(asked);
  const auto* table = find<report::Table>(report, "rates");
  ASSERT_NE(table, nullptr);
  const double mass = *stack_size(cell::stack_of_cell(asked.cells[0].description)).areal_mass;  // kg/m²
  EXPECT_NEAR(value(*table, 0, "rate_per_h"), 0.05, 1e-12) << "C/20 in 1/h";
  EXPECT_NEAR(value(*table, 1, "rate_per_h"), 0.5, 1e-12);
  EXPECT_NEAR(value(*table, 1, "temperature_degC"), 60.0, 1e-9);
  for (const std::size_t row : {0U, 1U}) {
    const double areal = value(*table, row, "areal_capacity_mAh_per_cm2") * 10.0;  // Ah/m²
    EXPECT_NEAR(value(*table, row, "energy_Wh_per_kg"), areal * value(*table, row, "mean_voltage_V") / mass, 1e-9);
    const double hours = areal / 10.0 / value(*table, row, "current_mA_per_cm2");
    EXPECT_NEAR(value(*table, row, "power_W_per_kg"), value(*table, row, "energy_Wh_per_kg") / hours, 1e-6);
  }
  EXPECT_EQ(find<report::Table>(report, "capacity"), nullptr) << "one temperature needs no second table";
  for (const char* id : {"discharges", "capacity_over_rate", "ragone", "losses_by_rate"})
    EXPECT_NE(find<report::Figure>(report, id), nullptr) << id;
  EXPECT_NE(find<report::Table>(report, "parameters"), nullptr);
  EXPECT_FALSE(report.doubts.empty());
  EXPECT_FALSE(report::render_json(report).empty());
}

TEST(RateReport, WithoutTheMassesTheActiveMaterialCounts) {
  CellRateRequest asked = request("C/20, C/2", {333.15});
  for (const char* name : {"separator.density", "anode.loading"}) asked.cells[0].description.remove(name);
  const report::Report report = report_of(asked);
  const auto* table = find<report::Table>(report, "rates");
  EXPECT_NEAR(value(*table, 0, "energy_Wh_per_kg"),
              value(*table, 0, "capacity_mAh_per_g") * value(*table, 0, "mean_voltage_V"), 1e-6);
  ASSERT_FALSE(report.warnings.empty());
  EXPECT_NE(report.warnings.back().find("separator"), std::string::npos);
}

TEST(RateReport, SeveralTemperaturesStandSideBySide) {
  const report::Report report = report_of(request("C/20, 1C", {303.15, 333.15}));
  const auto* table = find<report::Table>(report, "capacity");
  ASSERT_NE(table, nullptr);
  ASSERT_EQ(table->columns.size(), 3U);
  EXPECT_LT(value(*table, 1, "mAh_per_g_1"), value(*table, 1, "mAh_per_g_2"));
  for (const char* id : {"discharges_1", "discharges_2", "losses_by_rate_1", "losses_by_rate_2"})
    EXPECT_NE(find<report::Figure>(report, id), nullptr) << id;
  const auto& sentence = std::get<report::Paragraph>(report.sections.front().blocks.front()).text;
  EXPECT_NE(sentence.find("At 30 °C from "), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("At 60 °C from "), std::string::npos) << sentence;
}

TEST(RateReport, ManyTemperaturesAreDrawnInPart) {
  const report::Report report = report_of(request("C/20, 1C", {303.15, 313.15, 323.15, 333.15, 343.15, 353.15}));
  EXPECT_EQ(find<report::Table>(report, "rates")->rows.size(), 12U);
  EXPECT_NE(find<report::Figure>(report, "discharges_1"), nullptr);
  EXPECT_NE(find<report::Figure>(report, "discharges_6"), nullptr);
  EXPECT_EQ(find<report::Figure>(report, "discharges_3"), nullptr);
}

TEST(RateReport, OneRateHasNoOverview) {
  const report::Report report = report_of(request("C/20", {333.15}));
  EXPECT_EQ(find<report::Figure>(report, "ragone"), nullptr);
  EXPECT_EQ(report.subtitle, "1 rate, 1 temperature");
}

TEST(RateReport, StoppedRunsAreWarnings) {
  CellRateRequest asked = request("C/20, C/2", {333.15});
  asked.cells[0].mesh.longest_step_duration = 3600.0 * 4.0;
  const report::Report report = report_of(asked);
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_NE(report.warnings[0].find("C/20 at 60 °C stopped"), std::string::npos) << report.warnings[0];
}

TEST(RateReport, ACurrentThatDeliversNothingLeavesNoColumn) {
  const report::Report report = report_of(request("C/20, 500C", {333.15}));
  EXPECT_EQ(find<report::Figure>(report, "losses_by_rate")->x.names, std::vector<std::string>{"C/20"});
  EXPECT_EQ(find<report::Table>(report, "losses")->columns.size(), 3U);
}

TEST(RateReport, TheWayTheRatesWereRunIsSaid) {
  CellRateRequest asked = request("C/20, C/2", {333.15});
  asked.start = cell::RateStart::recharged;
  asked.cells[0].description.set_value("cathode.initial_stoichiometry", 0.98);
  const report::Report report = report_of(asked);
  const auto section = std::ranges::find(report.sections, "method", &report::Section::id);
  ASSERT_NE(section, report.sections.end());
  const std::string& text = std::get<report::Paragraph>(section->blocks.front()).text;
  EXPECT_NE(text.find("ran through all rates"), std::string::npos);
  EXPECT_NE(text.find("charged first"), std::string::npos);
}

}  // namespace
}  // namespace closo::tasks::detail
