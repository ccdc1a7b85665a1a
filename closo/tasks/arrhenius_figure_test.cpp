#include "closo/tasks/arrhenius_figure.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "closo/report/render.hpp"

namespace closo::tasks {
namespace {

std::size_t count(const report::Figure& figure, report::Mark mark) {
  return static_cast<std::size_t>(std::ranges::count(figure.layers, mark, &report::Layer::mark));
}

TEST(ArrheniusFigure, AxesCoverTheTemperaturesAndTicksStandAtRoundCelsius) {
  for (const auto& [low, high] : {std::pair{303.15, 373.15}, {180.0, 470.0}, {295.0, 305.0}}) {
    const report::Figure figure = arrhenius_figure("id", "title", low, high);
    EXPECT_NEAR(*figure.x.low, 1000 / high, 1e-12);
    EXPECT_NEAR(*figure.x.high, 1000 / low, 1e-12);
    EXPECT_EQ(figure.y.scale, report::Scale::log10);
    ASSERT_TRUE(figure.top.has_value());
    ASSERT_GE(figure.top->positions.size(), 2U);
    ASSERT_EQ(figure.top->positions.size(), figure.top->labels.size());
    for (std::size_t i = 0; i < figure.top->positions.size(); ++i) {
      EXPECT_NEAR(1000 / figure.top->positions[i] - 273.15, std::stod(figure.top->labels[i]), 1e-6);
      EXPECT_GE(figure.top->positions[i], *figure.x.low - 1e-12);
      EXPECT_LE(figure.top->positions[i], *figure.x.high + 1e-12);
    }
  }
}

TEST(ArrheniusFigure, LawIsSolidInsideItsDataAndDashedOutside) {
  transport::ArrheniusLaw law = transport::anchored_law(330, 0.1, 0.01, 0.42, 0.01);
  law.low_temperature = 310;
  law.high_temperature = 350;
  report::Figure figure = arrhenius_figure("id", "title", 300, 370);
  add_law(figure, {{law}, {}}, "fit", 300, 370);
  EXPECT_EQ(count(figure, report::Mark::line), 3U);
  EXPECT_EQ(count(figure, report::Mark::band), 3U);
  for (const report::Layer& layer : figure.layers) {
    if (layer.mark != report::Mark::line) continue;
    for (std::size_t i = 0; i < layer.x.size(); ++i) {
      const double temperature = 1000 / layer.x[i];
      EXPECT_NEAR(layer.y[i], law.conductivity(temperature) / 100, 1e-9 * layer.y[i]);
      EXPECT_EQ(layer.dashed,
                temperature < 310 - 1e-6 || temperature > 350 + 1e-6 ||
                    (layer.dashed && (std::abs(temperature - 310) < 1e-6 || std::abs(temperature - 350) < 1e-6)));
    }
  }
  EXPECT_NO_THROW(report::vega_lite(figure));
}

TEST(ArrheniusFigure, BrokenAtTransitions) {
  report::Figure figure = arrhenius_figure("id", "title", 300, 450);
  transport::ArrheniusLaw low = transport::anchored_law(300, 1e-5, {}, 0.69, {}),
                          high = transport::anchored_law(440, 1, {}, 0.53, {});
  low.high_temperature = 390;
  high.low_temperature = 390;
  add_law(figure, {{low, high}, {390}}, "fit", 300, 440);
  EXPECT_EQ(count(figure, report::Mark::line), 2U);
  EXPECT_EQ(count(figure, report::Mark::band), 0U) << "no uncertainty, no band";
  add_background_law(figure, {{low, high}, {390}}, "LiBH4");
  EXPECT_TRUE(figure.layers.back().background);
}

TEST(ArrheniusFigure, PointsAndTargets) {
  report::Figure figure = arrhenius_figure("id", "title", 300, 370);
  add_points(figure, {}, "none");
  add_background_points(figure, {}, "none");
  EXPECT_TRUE(figure.layers.empty());
  add_points(figure, {{333.15, 0.12, 0.012, "1.2 mS/cm"}}, "own");
  add_background_points(figure, {{303.15, 0.029, "library"}}, "library");
  EXPECT_TRUE(figure.layers.front().background) << "background first, so that it lies behind";
  const report::Layer& own = figure.layers.back();
  EXPECT_NEAR(own.y[0], 1.2e-3, 1e-12);
  EXPECT_LT(own.y_low[0], own.y[0]);
  EXPECT_NEAR(own.y_high[0] / own.y[0], own.y[0] / own.y_low[0], 1e-12);
  add_target(figure, 0.1, 328.15, "target");
  EXPECT_EQ(count(figure, report::Mark::rule_horizontal), 1U);
  EXPECT_EQ(count(figure, report::Mark::rule_vertical), 1U);
}

}  // namespace
}  // namespace closo::tasks
