#include "closo/tasks/composite_figures.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace closo::tasks {
namespace {

const report::Layer* find(const report::Figure& figure, report::Mark mark, const std::string& series) {
  for (const report::Layer& layer : figure.layers) {
    if (layer.mark == mark && layer.series == series) return &layer;
  }
  return nullptr;
}

FractionFigure content() {
  FractionFigure figure;
  figure.id = "fraction";
  figure.title = "σ over the fraction";
  figure.bands = {{"Hashin–Shtrikman bounds", {0.0, 0.5, 0.9}, {1e-4, 0.0, 0.0}, {1e-4, 1e-2, 1e-3}}};
  figure.curves = {{"coated filler", {0.0, 0.5, 0.9}, {1e-4, 1e-2, 1e-3}}};
  figure.series = {{"realisations", {0.0, 0.3, 0.6, 0.9}, {1e-4, 5e-3, 3e-3, 0.0}, {0.0, 1e-3, 2e-3, 0.0}}};
  MeasuredComposite point, limit;
  point.point = {0.25, 303.15, 2.9e-2, 0.1};
  limit.point = {0.0, 333.15, 1.2e-4, 0.2};
  limit.is_upper_limit = true;
  figure.measured = {point, limit};
  return figure;
}

TEST(CompositeFigures, FractionsInPercentAndConductivitiesInSiemensPerCentimetre) {
  const report::Figure figure = fraction_figure(content());
  const report::Layer* points = find(figure, report::Mark::points, "realisations");
  ASSERT_NE(points, nullptr);
  ASSERT_EQ(points->x.size(), 3U) << "a composite without a path has no place on a logarithmic axis";
  EXPECT_NEAR(points->x[1], 30.0, 1e-12);
  EXPECT_NEAR(points->y[1], 5e-5, 1e-18);
  EXPECT_LT(points->y_low[2], points->y[2]);
  EXPECT_GT(points->y_low[2], 0.0);
  EXPECT_GT(points->y_high[2], points->y[2]);
  EXPECT_NE(points->hover[1].find("30 vol%"), std::string::npos);
}

TEST(CompositeFigures, BoundsOfZeroDoNotStretchTheAxis) {
  const report::Figure figure = fraction_figure(content());
  ASSERT_TRUE(figure.y.low.has_value());
  EXPECT_NEAR(*figure.y.low, 1e-7, 1e-12);
  const report::Layer* band = find(figure, report::Mark::band, "Hashin–Shtrikman bounds");
  ASSERT_NE(band, nullptr);
  for (const double low : band->y_low) EXPECT_GE(low, *figure.y.low);
}

TEST(CompositeFigures, MeasuredPointsAndLimitsLookDifferent) {
  const report::Figure figure = fraction_figure(content());
  const report::Layer* points = find(figure, report::Mark::points, "measured");
  const report::Layer* limits = find(figure, report::Mark::points, "measured, upper limit");
  ASSERT_NE(points, nullptr);
  ASSERT_NE(limits, nullptr);
  EXPECT_FALSE(points->hollow);
  EXPECT_TRUE(limits->hollow);
  EXPECT_EQ(limits->hover.front().substr(0, 2), "< ");
}

TEST(CompositeFigures, TheOptimumIsAnInterval) {
  FractionFigure with = content();
  with.optimum = {0.2, 0.4};
  const report::Figure figure = fraction_figure(with);
  EXPECT_EQ(std::ranges::count(figure.layers, report::Mark::rule_vertical, &report::Layer::mark), 2);
}

TEST(CompositeFigures, AnArrheniusPlotOfPhasesAndComposite) {
  const report::Figure figure =
      composite_temperature_figure("temperature", "σ(T)",
                                   {{"bulk", {300.0, 350.0}, {1e-5, 1e-4}, {}, true, false},
                                    {"composite", {300.0, 350.0}, {1e-3, 0.0}, {1e-4, 0.0}, false, true}},
                                   content().measured);
  const report::Layer* bulk = find(figure, report::Mark::line, "bulk");
  ASSERT_NE(bulk, nullptr);
  EXPECT_TRUE(bulk->dashed);
  EXPECT_NEAR(bulk->x[0], 1000.0 / 300.0, 1e-12);
  const report::Layer* composite = find(figure, report::Mark::points, "composite");
  ASSERT_NE(composite, nullptr);
  EXPECT_EQ(composite->x.size(), 1U);
  const report::Layer* measured = find(figure, report::Mark::points, "measured");
  ASSERT_NE(measured, nullptr);
  EXPECT_EQ(measured->x.size(), 1U) << "an upper limit is no point of the Arrhenius plot";
}

}  // namespace
}  // namespace closo::tasks
