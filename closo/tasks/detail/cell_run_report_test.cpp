#include "closo/tasks/detail/cell_run_report.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/report/render.hpp"
#include "closo/tasks/detail/cell_example_test.hpp"

namespace closo::tasks::detail {
namespace {

CellSimulateRequest request(const std::string& protocol) {
  CellSimulateRequest request;
  request.cell = example_cell();
  request.protocol = cell::parse_protocol(protocol);
  return request;
}

report::Report report_of(const CellSimulateRequest& asked) {
  return cell_run_report(asked, run_cell(asked, {}), example_context());
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

const report::Cell* item(const report::Report& report, const std::string& id, const std::string& name) {
  const auto* values = find<report::KeyValues>(report, id);
  if (values == nullptr) return nullptr;
  const auto found = std::ranges::find_if(values->items, [&](const auto& each) { return each.first == name; });
  return found == values->items.end() ? nullptr : &found->second;
}

double number(const report::Cell& cell) { return *std::get<report::Value>(cell).value; }

std::size_t column(const report::Table& table, const std::string& key) {
  return static_cast<std::size_t>(std::ranges::find(table.columns, key, &report::TableColumn::key) -
                                  table.columns.begin());
}

TEST(CellRunReport, CapacityEnergyAndVoltageBelongTogether) {
  const report::Report report = report_of(request("Discharge at C/20 until 1.7 V"));
  const auto* steps = find<report::Table>(report, "steps");
  ASSERT_NE(steps, nullptr);
  ASSERT_EQ(steps->rows.size(), 1U);
  const auto value = [&](const std::string& key) { return number(steps->rows[0][column(*steps, key)]); };
  // Hehn et al. 2025, DOI 10.1021/acsami.5c01939, sec. 3.4: 205 mAh/g in the first discharge at C/20 and 60 °C.
  EXPECT_NEAR(value("capacity_mAh_per_g"), 205.0, 10.0);
  EXPECT_NEAR(value("capacity_mAh_per_g") * value("mean_voltage_V"), value("energy_Wh_per_kg"), 1e-6);
  EXPECT_NEAR(value("last_voltage_V"), 1.7, 1e-5);
  EXPECT_EQ(std::get<std::string>(steps->rows[0][column(*steps, "end")]), "voltage");
  EXPECT_NE(find<report::Figure>(report, "voltage"), nullptr);
  EXPECT_NE(find<report::Figure>(report, "losses_over_capacity"), nullptr);
  EXPECT_EQ(find<report::Figure>(report, "losses_by_step"), nullptr) << "one step is no comparison";
  EXPECT_EQ(std::get<std::string>(*item(report, "cell", "status")), "complete");
  EXPECT_NE(find<report::Table>(report, "parameters"), nullptr);
  EXPECT_NE(find<report::Table>(report, "doubtful"), nullptr);
  EXPECT_FALSE(report.doubts.empty());
}

TEST(CellRunReport, TheSumOfTheLossesIsOpenCircuitMinusVoltage) {
  CellSimulateRequest asked = request("Discharge at C/5 until 1.7 V");
  const CellRun run = run_cell(asked, {});
  const report::Report report = cell_run_report(asked, run, example_context());
  const auto* losses = find<report::Table>(report, "losses");
  ASSERT_NE(losses, nullptr);
  const cell::Rows& rows = run.result.rows;
  double difference = 0.0;  // J/m², ∫ I (U - V) dt
  for (std::size_t i = 1; i < rows.time.size(); ++i) {
    const auto power = [&](std::size_t k) { return rows.current[k] * (rows.open_circuit[k] - rows.voltage[k]); };
    difference += 0.5 * (power(i) + power(i - 1)) * (rows.time[i] - rows.time[i - 1]);
  }
  // The trapezoidal rule here against the run's own quadrature.
  const double mean = 1e3 * difference / run.result.steps[0].charge;
  EXPECT_NEAR(number(losses->rows.back()[1]), mean, 5e-3 * mean);
}

TEST(CellRunReport, SeveralStepsHaveTimesLossesAndProfiles) {
  CellSimulateRequest asked = request(
      "Repeat 2 times: Discharge at C/5 until 1.7 V; Set temperature to 50 degC; Rest for 30 min; Charge at C/5 until "
      "2.5 V; Hold at 2.5 V until C/50; End");
  asked.shows_profile = true;
  const report::Report report = report_of(asked);
  const auto* steps = find<report::Table>(report, "steps");
  ASSERT_EQ(steps->rows.size(), 10U);
  EXPECT_EQ(steps->columns[1].key, "cycle");
  EXPECT_EQ(std::get<std::string>(steps->rows[1][column(*steps, "end")]), "at once");
  EXPECT_EQ(std::get<std::string>(steps->rows[2][column(*steps, "end")]), "time");
  EXPECT_EQ(std::get<std::string>(steps->rows[4][column(*steps, "end")]), "current");
  EXPECT_EQ(number(steps->rows[4][column(*steps, "mean_voltage_V")]), 2.5) << "what is held";
  for (const char* id : {"time_voltage", "time_current", "losses_by_step", "profile"})
    EXPECT_NE(find<report::Figure>(report, id), nullptr) << id;
  EXPECT_EQ(find<report::Table>(report, "losses")->columns.size(), 1U + 2U * 4U) << "four of six steps";
  EXPECT_FALSE(report::render_json(report).empty());
}

TEST(CellRunReport, ARestAloneHasNoLosses) {
  const report::Report report = report_of(request("Rest for 1 h"));
  EXPECT_EQ(find<report::Table>(report, "losses"), nullptr);
  EXPECT_EQ(find<report::Figure>(report, "voltage"), nullptr);
  EXPECT_EQ(find<report::Table>(report, "doubtful"), nullptr);
}

TEST(CellRunReport, AStoppedRunSaysWhyAndKeepsWhatItHas) {
  CellSimulateRequest asked = request("Discharge at C/5 until 1.7 V; Rest for 10 d");
  asked.cell.mesh.longest_step_duration = 5.0 * 86400.0;
  const report::Report report = report_of(asked);
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_NE(report.warnings[0].find("stopped in step 2 of 2"), std::string::npos) << report.warnings[0];
  EXPECT_NE(report.warnings[0].find("lasts longer"), std::string::npos);
  EXPECT_EQ(std::get<std::string>(*item(report, "cell", "status")), "stopped");
  EXPECT_GT(number(find<report::Table>(report, "steps")->rows[0][4]), 100.0);
}

TEST(CellRunReport, ACurrentThatCannotFlowIsAWarning) {
  const report::Report report = report_of(request("Discharge at 50C until 1.7 V"));
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_NE(report.warnings[0].find("ended at its first moment"), std::string::npos) << report.warnings[0];
}

TEST(CellRunReport, AMeasuredCurveIsLaidOverTheStepOfItsDirection) {
  CellSimulateRequest asked = request("Discharge at C/5 until 1.7 V; Charge at C/5 until 2.5 V");
  const CellRun run = run_cell(asked, {});
  const double active_mass = cathode_geometry(asked.cell.description).active_mass;
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("closo_measured_" + std::to_string(::getpid()) + ".csv");
  const auto write = [&](std::uint32_t visit, double shift) {
    std::string text = "capacity (mAh/g),voltage (V)\n";
    for (std::size_t i = 0; i < run.result.rows.time.size(); ++i) {
      if (run.result.rows.visit[i] == visit)
        text += std::to_string(run.result.rows.charge[i] / active_mass / 3600.0) + "," +
                std::to_string(run.result.rows.voltage[i] + shift) + "\n";
    }
    base::write_file_atomically(file, text);
  };
  asked.measured = file.string();
  for (const std::uint32_t visit : {0U, 1U}) {
    write(visit, -0.01);
    const report::Report report = cell_run_report(asked, run, example_context());
    EXPECT_NE(std::get<std::string>(*item(report, "measured", "laid over")).find(visit == 0 ? "1: Dis" : "2: Cha"),
              std::string::npos);
    EXPECT_NEAR(number(*item(report, "measured", "RMS deviation of the voltage")), 10.0, 0.05);
    EXPECT_NEAR(number(*item(report, "measured", "capacity measured")),
                std::abs(run.result.steps[visit].charge) / active_mass / 3600.0, 1e-3);
    const auto* figure = find<report::Figure>(report, "voltage");
    EXPECT_EQ(figure->layers.back().series, "measured");
  }
  // A charge has no place in a run that only discharges.
  CellSimulateRequest discharge = request("Discharge at C/5 until 1.7 V");
  discharge.measured = file.string();
  EXPECT_THROW(report_of(discharge), base::ParameterError);
  discharge.measured_step = 1;
  EXPECT_NO_THROW(report_of(discharge));
  discharge.measured = "/nonexistent/file.csv";
  EXPECT_THROW(report_of(discharge), base::InputError);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace closo::tasks::detail
