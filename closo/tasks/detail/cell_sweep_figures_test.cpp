#include "closo/tasks/detail/cell_sweep_figures.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "closo/report/render.hpp"

namespace closo::tasks::detail {
namespace {

TEST(ContourPieces, OfACircle) {
  constexpr std::size_t n = 41;
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) values.push_back(std::hypot(i - 20.0, j - 20.0));
  }
  double length = 0.0;
  for (const auto& [from, to] : contour_pieces(n, n, values, 12.3)) {
    EXPECT_NEAR(std::hypot(from.first - 20.0, from.second - 20.0), 12.3, 0.02);
    length += std::hypot(to.first - from.first, to.second - from.second);
  }
  EXPECT_NEAR(length, 2.0 * 3.14159265 * 12.3, 0.1);
  EXPECT_TRUE(contour_pieces(n, n, values, 100.0).empty());
}

TEST(ContourPieces, SaddlesAndHoles) {
  const std::vector<double> saddle{1.0, 0.0, 0.0, 1.0};
  EXPECT_EQ(contour_pieces(2, 2, saddle, 0.5).size(), 2U);
  for (const auto& [from, to] : contour_pieces(2, 2, saddle, 0.4)) {
    // The middle (0.5) is above the level: the low corners are cut off.
    const double middle_x = 0.5 * (from.first + to.first), middle_y = 0.5 * (from.second + to.second);
    EXPECT_GT(std::abs(middle_x - middle_y), 0.3);
  }
  const std::vector<double> hole{1.0, 0.0, std::numeric_limits<double>::quiet_NaN(), 1.0};
  EXPECT_TRUE(contour_pieces(2, 2, hole, 0.5).empty());
}

TEST(RoundLevels, WithinTheRange) {
  EXPECT_EQ(round_levels(0.0, 100.0, 5), (std::vector<double>{20.0, 40.0, 60.0, 80.0}));
  for (const double level : round_levels(0.0312, 0.0987, 6)) {
    EXPECT_GT(level, 0.0312);
    EXPECT_LT(level, 0.0987);
  }
  EXPECT_TRUE(round_levels(1.0, 1.0).empty());
}

TEST(SweepFigures, AreDrawable) {
  const cell::OutcomeQuantity& energy = cell::outcome_quantity("specific energy");
  const double none = std::numeric_limits<double>::quiet_NaN();
  const report::Figure curves =
      sweep_curves("curves", "separator.thickness", true, energy,
                   {{"C/5", {30e-6, 300e-6}, {100.0, none}, {}}, {"1C", {30e-6}, {80.0}, {"a"}}}, 90.0);
  EXPECT_EQ(curves.x.scale, report::Scale::log10);
  EXPECT_EQ(curves.layers.size(), 5U) << "lines, points and the target";
  EXPECT_NEAR(curves.layers[0].x[1], 300.0, 1e-9) << "in µm";
  EXPECT_FALSE(curves.y.low) << "a flat curve needs no zero";
  EXPECT_NO_THROW(report::vega_lite(curves));

  const SweepMap map{"separator.thickness",          "cathode.loading", {1e-5, 1e-4}, {0.1, 0.2, 0.3}, true, false,
                     {1.0, 2.0, 3.0, 4.0, none, 6.0}};
  const report::Figure drawn = sweep_map("map", "Map", map, energy, 3.5, {{2e-5, 0.15}});
  EXPECT_EQ(drawn.layers.front().value.size(), 5U) << "a cell without an outcome has no box";
  EXPECT_NEAR(*drawn.x.low, 10.0 / std::sqrt(10.0), 1e-9);
  EXPECT_NO_THROW(report::vega_lite(drawn));

  const report::Figure tornado = tornado_figure("tornado", "Tornado", "specific energy (Wh/kg)", 100.0,
                                                {{"weak", "a", "b", 99.0, 101.0},
                                                 {"idle", "a", "b", 100.0, 100.0},
                                                 {"strong", "a", "b", 50.0, 120.0},
                                                 {"one end", "a", "b", {}, 70.0}});
  EXPECT_EQ(tornado.y.names, (std::vector<std::string>{"strong", "one end", "weak"}));
  EXPECT_NO_THROW(report::vega_lite(tornado));

  const report::Figure bars = bars_figure("bars", "Bars", "share", {{"a", 0.1, 0.01}, {"b", -0.5, 0.01, -1.0}}, 1);
  EXPECT_EQ(bars.y.names, (std::vector<std::string>{"b"}));
  EXPECT_EQ(bars.layers.front().series, "more lowers it");
  EXPECT_NO_THROW(report::vega_lite(bars));
}

}  // namespace
}  // namespace closo::tasks::detail
