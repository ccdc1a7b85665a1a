#include "closo/tasks/library_plot.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

report::Report ask(const std::vector<std::pair<std::string, std::string>>& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return run(library_plot_task, arguments, context);
}

const report::Figure& figure_of(const report::Report& report) {
  return std::get<report::Figure>(report.sections.at(0).blocks.at(0));
}

TEST(LibraryPlot, DrawsEveryPointOfTheTableOnce) {
  const report::Report report = ask({});
  const auto& table = std::get<report::Table>(report.sections.at(1).blocks.at(0));
  std::size_t points = 0;
  for (const report::Layer& layer : figure_of(report).layers) {
    ASSERT_EQ(layer.x.size(), layer.y.size());
    if (layer.mark != report::Mark::points) continue;
    points += layer.x.size();
    EXPECT_FALSE(layer.series.empty());
    EXPECT_EQ(layer.hover.size(), layer.x.size());
    for (std::size_t i = 0; i < layer.x.size(); ++i) {
      EXPECT_GT(layer.x[i], 0.5);  // above 2000 K nothing is measured
      EXPECT_LT(layer.x[i], 10.0);
      EXPECT_GT(layer.y[i], 1e-13);
      EXPECT_LT(layer.y[i], 10.0);  // S/cm
    }
  }
  EXPECT_GT(points, 30U);
  EXPECT_EQ(points, table.rows.size());
  EXPECT_EQ(report.warnings.size(), 3U);  // without temperature, restatements, classes
}

TEST(LibraryPlot, APointStandsWhereItsFactSays) {
  const report::Report report = ask({{"material", "LiNH2"}, {"by", "material"}});
  const report::Layer& layer = figure_of(report).layers.at(0);
  EXPECT_EQ(layer.series, "LiNH2");
  ASSERT_EQ(layer.x.size(), 1U);
  EXPECT_NEAR(layer.x[0], 1000.0 / 300.0, 1e-12);
  EXPECT_NEAR(layer.y[0], 4e-10, 1e-22);
}

TEST(LibraryPlot, JoinsThePointsOfOneSample) {
  const report::Report report = ask({{"by", "ion"}});
  std::size_t lines = 0;
  for (const report::Layer& layer : figure_of(report).layers) lines += layer.mark == report::Mark::line ? 1 : 0;
  EXPECT_GT(lines, 0U);
}

TEST(LibraryPlot, RefusesAnEmptyFigure) {
  EXPECT_THROW(ask({{"quantity", "lattice"}}), base::InputError);
  EXPECT_THROW(ask({{"by", "mood"}}), base::ParameterError);
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  EXPECT_THROW(library_plot({{}, "mood"}, context), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
