#include "closo/tasks/composite_scan.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "closo/base/error.hpp"
#include "closo/tasks/composite_table.hpp"

namespace closo::tasks {
namespace {

PhaseLaw constant(composite::Phase phase, double conductivity) {
  PhaseLaw law;
  law.phase = phase;
  law.constant = conductivity;
  return law;
}

CompositeScanRequest small() {
  CompositeScanRequest request;
  request.structure.surface_area = 95e3;
  request.structure.density = 5890.0;
  request.structure.thickness = 1.5e-9;
  request.structure.size = {24, 24, 24};
  request.structure.voxel = 0.75e-9;
  request.fractions = {0.0, 0.25, 0.5};
  request.temperatures = {333.15};
  request.realisations = 2;
  request.phases = {constant(composite::Phase::bulk, 1e-4), constant(composite::Phase::interphase, 1e-1)};
  return request;
}

// Hehn et al. 2025, DOI 10.1021/acsami.5c01939, Table 1: fillings 207, 69 and 23 % at 25, 50 and 75 vol%.
TEST(CompositeScan, HehnsPowderHasItsFillingsAndVoids) {
  StructureRequest powder;
  powder.surface_area = 95e3;
  powder.density = 5890.0;
  powder.pore_volume = 0.246e-3;
  const auto shares = [&](double fraction) { return composition(recipe_of(powder, {fraction, 1e-9, 1.0, {}, {}})); };
  EXPECT_NEAR(shares(0.25).pore_filling, 2.07, 0.005);
  EXPECT_NEAR(shares(0.50).pore_filling, 0.69, 0.005);
  EXPECT_NEAR(shares(0.75).pore_filling, 0.23, 0.005);
  EXPECT_EQ(shares(0.25).void_space, 0.0);
  EXPECT_NEAR(shares(0.50).void_space, 0.183, 0.002);
  EXPECT_NEAR(shares(0.75).void_space, 0.456, 0.002);
  // 560 m² per cm³ of oxide: 1 nm is 0.56 cm³ per cm³, more than the conductor at 75 vol% (0.33 cm³ per cm³).
  EXPECT_NEAR(shares(0.25).area_per_volume / shares(0.25).oxide, 559.6e6, 0.1e6);
  EXPECT_NEAR(shares(0.75).interphase, shares(0.75).conductor, 1e-12);
}

TEST(CompositeScan, AFillingReplacesThePoreVolume) {
  StructureRequest powder;
  powder.particle_size = 10e-9;
  const composite::Composition half = composition(recipe_of(powder, {0.4, 1e-9, 1.0, 0.5, {}}));
  EXPECT_NEAR(half.pore_filling, 0.5, 1e-9);
  EXPECT_NEAR(half.conductor / (half.conductor + half.void_space), 0.5, 1e-9);
  const composite::Composition full = composition(recipe_of(powder, {0.4, 1e-9, 1.0, 1.0, {}}));
  EXPECT_EQ(full.void_space, 0.0);
}

TEST(CompositeScan, WithoutFillerTheBulkAndEveryPointWithinTheBounds) {
  const CompositeScan scan = scan_composite(small(), {});
  ASSERT_EQ(scan.points.size(), 3U);
  EXPECT_DOUBLE_EQ(scan.points[0].mean, 1e-4);
  EXPECT_EQ(scan.runs, 4U);
  for (const ScanPoint& point : scan.points) {
    EXPECT_GE(point.laws.wiener_high, point.laws.hashin_shtrikman_high * (1.0 - 1e-12));
    EXPECT_LE(point.laws.wiener_low, point.laws.hashin_shtrikman_low * (1.0 + 1e-12));
    EXPECT_LE(point.mean, 0.1);
  }
  EXPECT_GT(scan.points[1].mean, 10.0 * scan.points[0].mean);
  EXPECT_GT(scan.points[1].standard_error, 0.0);
}

TEST(CompositeScan, EmptierPoresAndLessWettingConductLess) {
  CompositeScanRequest request = small();
  request.fractions = {0.5};
  request.fillings = {1.0, 0.5};
  request.wetted_fractions = {1.0, 0.4};
  const CompositeScan scan = scan_composite(request, {});
  ASSERT_EQ(scan.points.size(), 4U);
  EXPECT_GT(scan.points[0].mean, scan.points[1].mean) << "wetting";
  EXPECT_GT(scan.points[0].mean, scan.points[2].mean) << "filling";
}

TEST(CompositeScan, AnInterruptedScanResumesToTheSameAnswer) {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("closo_scan_" + std::to_string(::getpid()) + ".json");
  std::filesystem::remove(file);
  CompositeScanRequest request = small();
  const CompositeScan whole = scan_composite(request, {});
  request.resume = file.string();
  Context stopping;
  stopping.progress = [](double share, std::string_view) { return share < 0.5; };
  EXPECT_THROW(scan_composite(request, stopping), base::Cancelled);
  const CompositeScan resumed = scan_composite(request, {});
  EXPECT_GT(resumed.resumed, 0U);
  for (std::size_t i = 0; i < whole.points.size(); ++i)
    EXPECT_EQ(resumed.points[i].conductivity, whole.points[i].conductivity);
  // Another fraction reuses what is there.
  request.fractions.push_back(0.6);
  EXPECT_EQ(scan_composite(request, {}).resumed, 4U);
  std::filesystem::remove(file);
}

TEST(CompositeScan, ContrastsMakeATable) {
  CompositeScanRequest request = small();
  request.fractions = {0.25, 0.5};
  request.contrasts = {1.0, 1e3};
  request.phases.clear();
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("closo_scan_table_" + std::to_string(::getpid()) + ".csv");
  request.table = file.string();
  const report::Report report = composite_scan(request, {});
  const ConductivityTable table = read_conductivity_table(file.string());
  std::filesystem::remove(file);
  EXPECT_EQ(table.axis(5), (std::vector<double>{1.0, 1e3}));
  EXPECT_LT(table.at({0.25, 1.0, table.axis(2)[0], 1.0, 0.0, 1.0}).relative, 1.0);
  EXPECT_GT(table.at({0.25, 1.0, table.axis(2)[0], 1.0, 0.0, 1e3}).relative, 1.0);
}

TEST(CompositeScan, TheReportHoldsTableAndFigures) {
  CompositeScanRequest request = small();
  PhaseLaw layer;
  layer.phase = composite::Phase::interphase;
  layer.law = transport::ConductivityLaw{{transport::anchored_law(333.15, 0.1, {}, 0.4, {})}, {}};
  request.phases[1] = layer;
  request.temperatures = {303.15, 333.15};
  const report::Report report = composite_scan(request, {});
  std::size_t figures = 0, rows = 0;
  for (const report::Block& block : report.sections.front().blocks) {
    if (std::holds_alternative<report::Figure>(block)) ++figures;
    if (const auto* table = std::get_if<report::Table>(&block)) rows = table->rows.size();
  }
  EXPECT_EQ(figures, 2U);
  EXPECT_EQ(rows, 6U);
  EXPECT_FALSE(report.warnings.empty()) << "the box is small";
}

TEST(CompositeScan, WrongRequestsAreRefused) {
  const auto refused = [](auto&& change) {
    CompositeScanRequest request = small();
    change(request);
    EXPECT_THROW(scan_composite(request, {}), base::ParameterError);
  };
  refused([](auto& request) { request.structure.model = "field"; });
  refused([](auto& request) { request.structure.image = "a.tif"; });
  refused([](auto& request) { request.realisations = 0; });
  refused([](auto& request) { request.realisations = 101; });
  refused([](auto& request) { request.phases.erase(request.phases.begin()); });
  refused([](auto& request) { request.phases.pop_back(); });
  refused([](auto& request) { request.phases[0].constant = 0.0; });
  refused([](auto& request) { request.temperatures.clear(); });
  refused([](auto& request) { request.structure.surface_area.reset(); });
  refused([](auto& request) {
    request.contrasts = {10.0};
    request.temperatures = {300.0, 330.0};
  });
}

TEST(CompositeScan, OptionsBecomeARequest) {
  Arguments arguments;
  arguments.set("fraction", "10, 30 vol%");
  arguments.set("interphase", "1 to 2 by 0.5 nm");
  arguments.set("wetted", "50, 100 %");
  arguments.set("surface-area", "95 m2/g");
  arguments.set("density", "5.89 g/cm3");
  arguments.set("phase", "bulk=1e-6 S/cm");
  arguments.set("phase", "interphase=1e-2 S/cm");
  arguments.set("at", "60 degC");
  arguments.set("realisations", "2");
  const CompositeScanRequest request = scan_request(arguments, {});
  EXPECT_EQ(request.thicknesses.size(), 3U);
  EXPECT_EQ(request.wetted_fractions.size(), 2U);
  EXPECT_NEAR(*request.structure.density, 5890.0, 1e-9);
  EXPECT_EQ(request.realisations, 2U);
  Arguments wrong = arguments;
  wrong.set("filling", "50 %");
  wrong.set("pore-volume", "0.246 cm3/g");
  EXPECT_THROW(scan_request(wrong, {}), base::ParameterError);
  Arguments many;
  many.set("fraction", "10 vol%");
  many.set("phase", "bulk=1e-6 S/cm");
  many.set("realisations", "1000");
  EXPECT_THROW(scan_request(many, {}), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
