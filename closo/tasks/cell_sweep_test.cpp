#include "closo/tasks/cell_sweep.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/report/render.hpp"
#include "closo/tasks/detail/cell_trial_test.hpp"

namespace closo::tasks {
namespace {

using detail::block_named;

CellSweepRequest request_of(std::initializer_list<const char*> variations) {
  CellSweepRequest request;
  request.cell = detail::trial_case();
  for (const char* text : variations)
    request.variations.push_back(detail::parse_variation("vary", text, request.cell.description));
  request.rates = {"C/5"};
  return request;
}

TEST(CellSweep, OneAxis) {
  CellSweepRequest request = request_of({"separator.thickness=30 um to 600 um, 5 log"});
  request.rates = {"C/5", "1C"};
  const report::Report report = cell_sweep(request, {});
  const report::Table* all = block_named<report::Table>(report, "cells");
  ASSERT_NE(all, nullptr);
  EXPECT_EQ(all->rows.size(), 10U);
  EXPECT_NE(block_named<report::Figure>(report, "curve_specific_capacity"), nullptr);
  EXPECT_NE(block_named<report::Figure>(report, "curve_specific_energy"), nullptr);
  EXPECT_NE(block_named<report::Figure>(report, "losses"), nullptr);
  EXPECT_NE(block_named<report::Figure>(report, "ragone"), nullptr);
  EXPECT_NO_THROW(report::render_json(report));
  for (const report::Figure* figure : detail::blocks_of<report::Figure>(report)) EXPECT_NO_THROW(vega_lite(*figure));
}

TEST(CellSweep, TwoAxesAreAMap) {
  const report::Report report =
      cell_sweep(request_of({"separator.thickness=30 um to 600 um, 4 log", "cathode.loading=2, 5, 10 mg/cm2"}), {});
  const report::Figure* map = block_named<report::Figure>(report, "map_specific_energy_1");
  ASSERT_NE(map, nullptr);
  EXPECT_EQ(map->layers.front().value.size(), 12U);
  EXPECT_NO_THROW(report::render_json(report));
}

TEST(CellSweep, ThreeAxesShowASlice) {
  const report::Report report =
      cell_sweep(request_of({"separator.thickness=30, 600 um", "cathode.loading=2, 5, 10 mg/cm2",
                             "cathode.particle_radius=2, 4 um"}),
                 {});
  const report::Figure* map = block_named<report::Figure>(report, "map_specific_energy_1");
  ASSERT_NE(map, nullptr);
  EXPECT_EQ(map->layers.front().value.size(), 6U);
  EXPECT_NE(map->caption.find("cathode particle radius 2 µm"), std::string::npos);
}

TEST(CellSweep, FailedCellsAreRowsWithReasons) {
  const report::Report report = cell_sweep(request_of({"cathode.active_mass_fraction=40, 60, 100 wt%"}), {});
  const report::Table* all = block_named<report::Table>(report, "cells");
  ASSERT_EQ(all->rows.size(), 3U);
  EXPECT_EQ(report::to_text(all->rows[0].back()), "complete");
  EXPECT_EQ(report::to_text(all->rows[2].back()).rfind("impossible: ", 0), 0U);
}

TEST(CellSweep, ASweepWithoutAnyCellSaysWhy) {
  CellSweepRequest request = request_of({"separator.thickness=30, 600 um"});
  request.rates = {"1 mA"};  // without an area
  const report::Report report = cell_sweep(request, {});
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_NE(report.warnings.front().find("area"), std::string::npos);
}

TEST(CellSweep, ASampleExplainsItself) {
  CellSweepRequest request = request_of({});
  request.sample = 200;
  const CellSweep sweep = run_cell_sweep(request, {});
  EXPECT_EQ(sweep.ranges.size(), 3U);
  EXPECT_EQ(sweep.outcomes.front().size(), 200U);
  const report::Report report = cell_sweep(request, {});
  const report::Table* shares = block_named<report::Table>(report, "shares_specific_capacity");
  ASSERT_NE(shares, nullptr);
  ASSERT_FALSE(shares->rows.empty());
  const std::string first = report::to_text(shares->rows.front().front());
  EXPECT_TRUE(first == "cathode.particle_radius" || first == "cathode.diffusion_coefficient") << first;
  EXPECT_NE(block_named<report::Figure>(report, "sample_specific_capacity"), nullptr);
  EXPECT_NO_THROW(report::render_json(report));
  CellSweepRequest few = request;
  few.sample = 10;
  EXPECT_EQ(block_named<report::Table>(cell_sweep(few, {}), "shares_specific_capacity"), nullptr);
}

TEST(CellSweep, Sensitivities) {
  CellSweepRequest request = request_of({});
  request.has_sensitivity = true;
  request.outcomes = {&cell::outcome_quantity("specific capacity")};
  const report::Report report = cell_sweep(request, {});
  const report::Table* table = block_named<report::Table>(report, "elasticities");
  ASSERT_NE(table, nullptr);
  EXPECT_NE(table->caption.find("anode.thickness"), std::string::npos);
  EXPECT_NE(block_named<report::Figure>(report, "tornado_specific_capacity"), nullptr);
  EXPECT_NE(block_named<report::Figure>(report, "elasticity_specific_capacity"), nullptr);
}

TEST(CellSweep, ResumeGivesTheSameAnswer) {
  const std::filesystem::path state = std::filesystem::path(testing::TempDir()) / "cell_sweep_resume.json";
  std::filesystem::remove(state);
  CellSweepRequest request = request_of({"separator.thickness=30 um to 600 um, 6 log"});
  const CellSweep alone = run_cell_sweep(request, {});
  request.resume = state.string();
  Context stopping;
  int calls = 0;
  stopping.progress = [&](double, std::string_view) { return ++calls < 4; };
  EXPECT_THROW(run_cell_sweep(request, stopping), base::Cancelled);
  const CellSweep again = run_cell_sweep(request, {});
  EXPECT_EQ(again.resumed, 4U);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(again.outcomes[0][i].charge, alone.outcomes[0][i].charge);
    EXPECT_EQ(again.outcomes[0][i].losses, alone.outcomes[0][i].losses);
  }
  EXPECT_EQ(run_cell_sweep(request, {}).resumed, 6U);
}

TEST(CellSweep, TheTableIsWritten) {
  CellSweepRequest request = request_of({"separator.thickness=30, 60 um"});
  request.table = (std::filesystem::path(testing::TempDir()) / "cell_sweep.csv").string();
  cell_sweep(request, {});
  const std::string text = base::read_text_file(request.table);
  EXPECT_EQ(std::ranges::count(text, '\n'), 3);
  EXPECT_NE(text.find("specific_energy_Wh_per_kg"), std::string::npos);
}

TEST(CellSweep, WrongRequestsAreRefused) {
  EXPECT_THROW(cell_sweep(request_of({}), {}), base::ParameterError);
  CellSweepRequest mixed = request_of({"separator.thickness=30, 60 um"});
  mixed.sample = 50;
  EXPECT_THROW(cell_sweep(mixed, {}), base::ParameterError);
  CellSweepRequest idle = request_of({});
  idle.cell.description = cell::described_cell();  // without ranges
  idle.sample = 50;
  EXPECT_THROW(cell_sweep(idle, {}), base::ParameterError);
  CellSweepRequest still = request_of({"separator.thickness=30 um"});
  still.rates.clear();
  EXPECT_THROW(run_cell_sweep(still, {}), base::ParameterError);
  const Context context{CLOSO_SOURCE_DIR "/data", {}, {}, 1, 1};
  Arguments arguments;
  arguments.set("system", CLOSO_SOURCE_DIR "/examples/li2b12h12-zro2.toml");
  arguments.set("sample", "0");
  EXPECT_THROW(run(cell_sweep_task, arguments, context), base::ParameterError);
}

TEST(CellSweep, FromASystemFile) {
  const Context context{CLOSO_SOURCE_DIR "/data", {}, {}, 2, 1};
  Arguments arguments;
  arguments.set("system", CLOSO_SOURCE_DIR "/examples/li2b12h12-zro2.toml");
  arguments.set("vary", "separator.thickness=100, 600 um");
  arguments.set("mesh", "8x8");
  const report::Report report = run(cell_sweep_task, arguments, context);
  EXPECT_EQ(block_named<report::Table>(report, "cells")->rows.size(), 2U);
}

}  // namespace
}  // namespace closo::tasks
