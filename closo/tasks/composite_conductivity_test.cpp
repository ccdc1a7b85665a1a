#include "closo/tasks/composite_conductivity.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "closo/tasks/impedance_trial_test.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using trial::Given;
using trial::message_of;
using trial::text_of;
using trial::value_of;

report::Report ask(Given given, const Given& more = {}) {
  given.insert(given.end(), more.begin(), more.end());
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return trial::ask(composite_conductivity_task, given, context);
}

const report::Table& table_of(const report::Report& report, const char* id = "conductivity") {
  return trial::block_of<report::Table>(report, id);
}

const Given layers = {{"model", "layers"},    {"layer", "bulk 75 %"},    {"layer", "interphase 25 %"},
                      {"size", "8"},          {"phase", "bulk=1 mS/cm"}, {"phase", "interphase=10 mS/cm"},
                      {"no-pictures", "true"}};
const Given spheres = {
    {"model", "spheres"}, {"fraction", "25 vol%"}, {"particle-size", "10 nm"}, {"size", "24"}, {"voxel", "1 nm"}};

TEST(CompositeConductivity, LayersAreExactAlongAndAcross) {
  const report::Report report = ask(layers);
  const auto& table = table_of(report);
  ASSERT_EQ(table.rows.size(), 3U);
  const double along = 0.75 * 1e-3 + 0.25 * 1e-2, across = 1.0 / (0.75 / 1e-3 + 0.25 / 1e-2);
  for (const auto& [row, expected] : {std::pair{0U, along}, std::pair{1U, along}, std::pair{2U, across}}) {
    for (const char* key : {"sigma_S_per_cm", "lower_S_per_cm", "upper_S_per_cm"})
      EXPECT_NEAR(*value_of(table, row, key).value, expected, 2e-6 * expected) << row << key;
    EXPECT_EQ(text_of(table, row, "status"), "converged");
  }
  const auto& solves = table_of(report, "numerics");
  EXPECT_LT(*value_of(solves, 2, "residual").value, 1e-6);
  EXPECT_GT(*value_of(solves, 2, "memory_MB").value, 0.0);
}

TEST(CompositeConductivity, EveryPhaseFollowsItsOwnLawOverTemperature) {
  Given given = layers;
  given[4].second = "bulk=1 mS/cm @ 298.15 K, 0.5 eV";
  given[5].second = "interphase=10 mS/cm @ 298.15 K, 0.3 eV";
  const report::Report report = ask(given, {{"axis", "z"}, {"at", "298.15 K"}, {"at", "350 K"}});
  constexpr double kB = 8.617333262145179e-5;
  const auto grown = [&](double sigma, double energy) {
    return sigma * 298.15 / 350.0 * std::exp(-energy / kB * (1.0 / 350.0 - 1.0 / 298.15));
  };
  const double expected = 1.0 / (0.75 / grown(1e-3, 0.5) + 0.25 / grown(1e-2, 0.3));
  EXPECT_NEAR(*value_of(table_of(report), 1, "sigma_S_per_cm").value, expected, 2e-6 * expected);
  EXPECT_TRUE(trial::has_figure(report, "sigma_T"));
  const report::Value energy = std::get<report::Value>(
      trial::item_of(trial::block_of<report::KeyValues>(report, "summary"), "activation energy of the composite"));
  EXPECT_GT(*energy.value, 0.45);
  EXPECT_LT(*energy.value, 0.5);
}

TEST(CompositeConductivity, TheEstimateLiesBetweenItsBounds) {
  const report::Report report = ask(spheres, {{"phase", "bulk=1 mS/cm"}, {"axis", "y"}, {"grid-error", "both"}});
  const auto& table = table_of(report);
  const double low = *value_of(table, 0, "lower_S_per_cm").value, high = *value_of(table, 0, "upper_S_per_cm").value;
  const report::Value sigma = value_of(table, 0, "sigma_S_per_cm");
  EXPECT_GT(*sigma.value, low);
  EXPECT_LT(*sigma.value, high);
  ASSERT_TRUE(sigma.uncertainty.has_value());
  EXPECT_LT(*sigma.uncertainty, high - low);
  EXPECT_LT(high, 0.75e-3);  // layers along the field bound it
  for (const char* id : {"slices", "view", "hot_spots"}) EXPECT_NO_THROW(trial::block_of<report::Picture>(report, id));
}

TEST(CompositeConductivity, TortuosityOfOneConductorNeedsNoSecondSolve) {
  const report::Report report = ask(spheres, {{"phase", "bulk=1 mS/cm"}, {"axis", "x"}, {"no-pictures", "true"}});
  const auto& summary = trial::block_of<report::KeyValues>(report, "summary");
  const double factor = *std::get<report::Value>(trial::item_of(summary, "tortuosity factor of bulk along x")).value;
  const double sigma = *value_of(table_of(report), 0, "sigma_S_per_cm").value;
  EXPECT_NEAR(factor, 0.75 * 1e-3 / sigma, 1e-3 * factor);
  EXPECT_GT(factor, 1.0);
  const report::Report asked = ask(spheres, {{"phase", "bulk=1 mS/cm"},
                                             {"phase", "insulator=1 mS/cm"},
                                             {"axis", "x"},
                                             {"tortuosity", "bulk"},
                                             {"no-pictures", "true"}});
  const auto& items = trial::block_of<report::KeyValues>(asked, "summary");
  EXPECT_NEAR(*std::get<report::Value>(trial::item_of(items, "tortuosity factor of bulk along x")).value, factor,
              1e-4 * factor);
  EXPECT_THROW(ask(spheres, {{"phase", "bulk=1 mS/cm"}, {"tortuosity", "carbon"}}), ParameterError);
}

TEST(CompositeConductivity, TheTensorIsSymmetric) {
  const report::Report report = ask(layers, {{"axis", "tensor"}});
  const auto& tensor = table_of(report, "tensor");
  const char* keys[] = {"x_S_per_cm", "y_S_per_cm", "z_S_per_cm"};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k)
      EXPECT_NEAR(*value_of(tensor, i, keys[k]).value, *value_of(tensor, k, keys[i]).value, 1e-12);
  }
  EXPECT_NEAR(*value_of(tensor, 0, "x_S_per_cm").value, 0.75 * 1e-3 + 0.25 * 1e-2, 1e-8);
  EXPECT_TRUE(trial::warns(report, "no bounds for the tensor"));
}

TEST(CompositeConductivity, NoPathIsAnAnswer) {
  Given given = layers;
  given[5].second = "interphase=0 S/cm";
  const report::Report report = ask(given);
  EXPECT_EQ(text_of(table_of(report), 2, "status"), "no path");
  EXPECT_EQ(*value_of(table_of(report), 2, "sigma_S_per_cm").value, 0.0);
  ASSERT_FALSE(report.doubts.empty());
  EXPECT_NE(report.doubts[0].find("no path"), std::string::npos);
  const auto& paths = table_of(report, "percolation");
  EXPECT_EQ(text_of(paths, 0, "spans"), "x, y");
  const auto& summary = trial::block_of<report::KeyValues>(report, "summary");
  EXPECT_FALSE(std::get<report::Value>(trial::item_of(summary, "tortuosity factor of bulk along z")).value.has_value());
}

TEST(CompositeConductivity, AThinLayerConductsWithoutVoxels) {
  const Given thin = {{"interphase", "0.4 nm"},
                      {"phase", "bulk=1 mS/cm"},
                      {"axis", "x"},
                      {"grid-error", "none"},
                      {"no-pictures", "true"}};
  Given weak = thin, strong = thin;
  weak.push_back({"phase", "interphase=0 S/cm"});
  strong.push_back({"phase", "interphase=100 mS/cm"});
  const report::Report without = ask(spheres, weak), with = ask(spheres, strong);
  EXPECT_GT(*value_of(table_of(with), 0, "sigma_S_per_cm").value,
            1.2 * *value_of(table_of(without), 0, "sigma_S_per_cm").value);
  EXPECT_TRUE(trial::warns(with, "counts as a layer"));
  EXPECT_THROW(ask(spheres, thin), ParameterError);
}

TEST(CompositeConductivity, LawsStandBesideIt) {
  const report::Report report = ask({{"fraction", "20 vol%"},
                                     {"particle-size", "10 nm"},
                                     {"interphase", "2 nm"},
                                     {"size", "24"},
                                     {"axis", "x"},
                                     {"no-pictures", "true"}},
                                    {{"phase", "bulk=1e-6 S/cm"}, {"phase", "interphase=1e-3 S/cm"}});
  const auto& laws = table_of(report, "laws");
  bool has_coated = false;
  for (std::size_t row = 0; row < laws.rows.size(); ++row)
    has_coated = has_coated || text_of(laws, row, "law").starts_with("Coated filler");
  EXPECT_TRUE(has_coated);
  EXPECT_FALSE(trial::block_of<report::KeyValues>(report, "law_bounds").items.empty());
}

TEST(CompositeConductivity, RefusesWhatCannotBeSolved) {
  EXPECT_THROW(ask(spheres, {{"phase", "bulk=0 S/cm"}}), ParameterError);
  EXPECT_THROW(ask(spheres, {{"phase", "carbon=1 S/cm"}}), ParameterError);
  EXPECT_THROW(ask(spheres, {}), ParameterError);
  EXPECT_THROW(ask(layers, {{"tolerance", "2"}}), ParameterError);
  EXPECT_THROW(ask(layers, {{"iterations", "0"}}), ParameterError);
  const std::string message = message_of<ParameterError>([] {
    ask({{"model", "spheres"},
         {"fraction", "25 vol%"},
         {"particle-size", "10 nm"},
         {"size", "20000"},
         {"phase", "bulk=1 S/cm"}});
  });
  EXPECT_NE(message.find("at most"), std::string::npos) << message;
  CompositeConductivityRequest request;
  request.temperatures.clear();
  EXPECT_THROW(composite_conductivity(request, Context{}), ParameterError);
  request.temperatures = {300.0};
  request.axes.clear();
  EXPECT_THROW(composite_conductivity(request, Context{}), ParameterError);
}

TEST(CompositeConductivity, ProgressCanStopIt) {
  Context context;
  context.progress = [](double share, std::string_view) { return share < 0.0; };
  Given given = spheres;
  given.push_back({"phase", "bulk=1 mS/cm"});
  EXPECT_THROW(run(composite_conductivity_task, trial::arguments_of(given), context), base::Cancelled);
}

// The converged 7-point answer of two independent solvers, 33.5276919, and the truth that only finer grids show.
TEST(CompositeConductivity, ThreePhaseImageOfTheBenchmark) {
  const std::filesystem::path file = std::filesystem::path(CLOSO_SHARED_DIR) / "data/composite/grf128.u8";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "the benchmark image is not here";
  const report::Report report = ask({{"image", file.string()},
                                     {"shape", "128"},
                                     {"voxel", "1 nm"},
                                     {"label", "0=bulk"},
                                     {"label", "1=bulk"},
                                     {"label", "2=interphase"},
                                     {"label", "3=interphase"},
                                     {"label", "5=insulator"},
                                     {"phase", "bulk=1 S/cm"},
                                     {"phase", "interphase=1000 S/cm"},
                                     {"phase", "insulator=1e-6 S/cm"},
                                     {"axis", "z"},
                                     {"no-pictures", "true"}});
  EXPECT_NEAR(*value_of(table_of(report, "numerics"), 0, "finite_volume_sigma_S_per_cm").value, 33.5276919, 3e-6);
  EXPECT_LT(*value_of(table_of(report), 0, "lower_S_per_cm").value, 42.0);
  EXPECT_GT(*value_of(table_of(report), 0, "upper_S_per_cm").value, 42.0);
}

}  // namespace
}  // namespace closo::tasks
