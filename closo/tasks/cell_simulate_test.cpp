#include "closo/tasks/cell_simulate.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/table/csv.hpp"
#include "closo/tasks/detail/cell_example_test.hpp"
#include "closo/tasks/detail/measured_curve.hpp"

namespace closo::tasks {
namespace {

constexpr const char* cycle = "Discharge at C/10 until 1.7 V; Rest for 1 h; Charge at C/10 until 2.5 V";

CellSimulateRequest request(const std::string& protocol = "Discharge at C/10 until 1.7 V") {
  CellSimulateRequest request;
  request.cell = example_cell();
  request.protocol = cell::parse_protocol(protocol);
  return request;
}

std::filesystem::path scratch(const std::string& name) {
  return std::filesystem::temp_directory_path() / ("closo_" + std::to_string(::getpid()) + "_" + name);
}

Arguments arguments() {
  Arguments made;
  made.set("system", std::string(CLOSO_SOURCE_DIR) + "/examples/li2b12h12-zro2.toml");
  return made;
}

TEST(CellSimulate, WithoutAProtocolTheSlowestRateOfTheFile) {
  CellCase cell = example_cell();
  EXPECT_EQ(default_protocol(cell), "Discharge at C/20 until 1.7 V");
  cell.rates = {{"C/5", 0.2}, {"C/10", 0.1}};
  EXPECT_EQ(default_protocol(cell), "Discharge at C/10 until 1.7 V");
  cell.rates.clear();
  EXPECT_EQ(default_protocol(cell), "Discharge at C/20 until 1.7 V");
  cell.description.set_value("cathode.initial_stoichiometry", 0.98);
  EXPECT_EQ(default_protocol(cell), "Charge at C/20 until 2.5 V; Discharge at C/20 until 1.7 V");
  cell.lower_cutoff = cell.upper_cutoff = 0.0;
  EXPECT_THROW(default_protocol(cell), base::ParameterError);
}

TEST(CellSimulate, TheProtocolComesFromOptionFileOrSystemFile) {
  CellCase cell = example_cell();
  EXPECT_EQ(protocol_of({}, cell).steps.front().text, "Discharge at C/20 until 1.7 V");
  cell.protocol = "Rest for 1 h";
  EXPECT_EQ(protocol_of({}, cell).steps.front().text, "Rest for 1 h");
  const std::filesystem::path file = scratch("protocol.txt");
  base::write_file_atomically(file, "Rest for 2 h\nRest for 3 h\n");
  Arguments from_file;
  from_file.set("protocol-file", file.string());
  EXPECT_EQ(protocol_of(from_file, cell).steps.size(), 2U);
  Arguments option;
  option.set("protocol", "Rest for 4 h");
  EXPECT_EQ(protocol_of(option, cell).steps.front().text, "Rest for 4 h");
  option.set("protocol-file", file.string());
  EXPECT_THROW(protocol_of(option, cell), base::ParameterError);

  const auto place = [&](const Arguments& wrong) {
    try {
      protocol_of(wrong, cell);
    } catch (const base::InputError& error) {
      return to_string(error.place());
    }
    return std::string();
  };
  base::write_file_atomically(file, "Rest for 2 h\nRest for 3 kg\n");
  EXPECT_EQ(place(from_file), file.string() + ":2:10");
  Arguments wrong;
  wrong.set("protocol", "Rest for 2 h; Chrage at C/2 until 2.5 V");
  EXPECT_EQ(place(wrong), "--protocol:1:15");
  cell.protocol = "Rest 2 h";
  EXPECT_NE(place({}).find("li2b12h12-zro2.toml, [cell] protocol:1:6"), std::string::npos) << place({});
  std::filesystem::remove(file);
}

TEST(CellSimulate, ChargeIsCurrentTimesTimeAndEveryStepHasItsProfile) {
  CellSimulateRequest asked = request(cycle);
  asked.shows_profile = true;
  const CellRun run = run_cell(asked, {});
  ASSERT_EQ(run.result.steps.size(), 3U);
  EXPECT_EQ(run.result.status, cell::RunStatus::complete);
  const cell::StepSummary& discharge = run.result.steps.front();
  EXPECT_NEAR(discharge.charge, discharge.first_current * discharge.duration, 1e-9 * discharge.charge);
  ASSERT_EQ(run.profiles.size(), 3U);
  ASSERT_EQ(run.positions.size(), asked.cell.mesh.cathode_cells);
  for (std::size_t i = 0; i < 3; ++i) {
    double mean = 0.0;
    for (const double z : run.profiles[i]) mean += z / static_cast<double>(run.profiles[i].size());
    EXPECT_NEAR(mean, run.result.steps[i].mean_stoichiometry, 2e-3) << i;
  }
  // The same run with and without looking at the profile.
  asked.shows_profile = false;
  EXPECT_EQ(run_cell(asked, {}).result.steps.back().charge, run.result.steps.back().charge);
}

TEST(CellSimulate, ALookAtTheProgressMayStopIt) {
  Context context;
  context.progress = [](double share, std::string_view what) {
    EXPECT_NE(what.find(" of 3"), std::string::npos);
    EXPECT_LE(share, 1.0);
    return false;
  };
  EXPECT_THROW(run_cell(request(cycle), context), base::Cancelled);
}

TEST(CellSimulate, RowsGoRoundThroughTheirOwnCsv) {
  const CellSimulateRequest asked = request(cycle);
  const CellRun run = run_cell(asked, {});
  const double active_mass = cathode_geometry(asked.cell.description).active_mass;
  const std::string text = rows_csv(run, asked.protocol, active_mass);
  const table::Table table = table::parse_numeric_csv(text, "rows.csv");
  ASSERT_EQ(table.rows(), run.result.rows.time.size());
  for (std::size_t i = 0; i < table.rows(); ++i) {
    EXPECT_NEAR(table.find("voltage")->values[i], run.result.rows.voltage[i], 1e-8);
    EXPECT_NEAR(table.find("time")->values[i], run.result.rows.time[i], 1e-7 * (1.0 + run.result.rows.time[i]));
    const double current = run.result.rows.current[i];
    if (current == 0.0) {
      EXPECT_TRUE(std::isnan(table.find("loss by separator")->values[i]));
    } else {
      EXPECT_NEAR(table.find("loss by separator")->values[i], run.result.rows.losses[i].separator / std::abs(current),
                  1e-9);
    }
  }
  const detail::MeasuredCurve curve = detail::parse_measured_curve(text, "rows.csv", {active_mass, {}, {}});
  EXPECT_NEAR(curve.charge.back(), run.result.steps.front().charge, 1e-6 * curve.charge.back());
}

TEST(CellSimulate, TheCommandWritesRowsAndReport) {
  const std::filesystem::path file = scratch("rows.csv");
  Arguments asked = arguments();
  asked.set("to", file.string());
  asked.set("mesh", "10x10");
  const report::Report report = cell_simulate_task.run(asked, example_context());
  EXPECT_EQ(report.task, "cell simulate");
  EXPECT_TRUE(std::filesystem::exists(file));
  EXPECT_NE(std::ranges::find(report.provenance, std::pair<std::string, std::string>{"written", file.string()}),
            report.provenance.end());
  // Laid over itself there is no deviation.
  Arguments again = arguments();
  again.set("measured", file.string());
  again.set("measured-step", "1");
  again.set("mesh", "10x10");
  EXPECT_EQ(cell_simulate_task.run(again, example_context()).warnings, report.warnings);
  std::filesystem::remove(file);
}

TEST(CellSimulate, WrongOptionsAreRefused) {
  const auto refused = [](const std::string& name, const std::string& text) {
    Arguments wrong = arguments();
    wrong.set(name, text);
    EXPECT_THROW(cell_simulate_task.run(wrong, example_context()), base::ParameterError) << name << " " << text;
  };
  refused("measured-step", "1");
  refused("protocol", "Charge at C/20 until 99 V");
  refused("protocol", "Hold at -50 V for 1 h");
  Arguments step = arguments();
  step.set("measured", "any.csv");
  step.set("measured-step", "2");
  EXPECT_THROW(cell_simulate_task.run(step, example_context()), base::ParameterError) << "there is one step";
  Arguments mesh = arguments();
  mesh.set("mesh", "1x20");
  EXPECT_THROW(cell_simulate_task.run(mesh, example_context()), base::Error);
}

}  // namespace
}  // namespace closo::tasks
