#include "closo/tasks/cell_figures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "closo/report/render.hpp"

namespace closo::tasks {
namespace {

using report::Figure;
using report::Layer;
using report::Mark;

const Layer* find(const Figure& figure, Mark mark, const std::string& series) {
  for (const Layer& layer : figure.layers) {
    if (layer.mark == mark && layer.series == series) return &layer;
  }
  return nullptr;
}

cell::LossBudget budget(double separator, double diffusion, double utilisation) {
  cell::LossBudget losses;
  losses.separator = separator;
  losses.diffusion = diffusion;
  losses.utilisation = utilisation;
  return losses;
}

/// A discharge of `points` rows at 2 A/m² and a rest behind it.
cell::Rows two_steps(std::size_t points) {
  cell::Rows rows;
  for (std::size_t i = 0; i < 2 * points; ++i) {
    const bool is_rest = i >= points;
    const double time = 100.0 * static_cast<double>(i);
    rows.time.push_back(time);
    rows.current.push_back(is_rest ? 0.0 : 2.0);
    rows.voltage.push_back(2.5 - 1e-5 * time);
    rows.charge.push_back(is_rest ? 0.0 : 2.0 * time);
    rows.mean_stoichiometry.push_back(0.1);
    rows.open_circuit.push_back(2.6 - 1e-5 * time);
    rows.temperature.push_back(333.15);
    rows.visit.push_back(is_rest ? 1U : 0U);
    rows.losses.push_back(is_rest ? cell::LossBudget{} : budget(0.02, 0.1, i == 0 ? 0.01 : -0.004));
  }
  return rows;
}

TEST(CellFigures, RatesAsTheLaboratoryWritesThem) {
  EXPECT_EQ(rate_text(0.05), "C/20");
  EXPECT_EQ(rate_text(1.0 / 3.0), "C/3");
  EXPECT_EQ(rate_text(1.0), "1C");
  EXPECT_EQ(rate_text(2.5), "2.5C");
  EXPECT_EQ(rate_text(0.3), "0.3C");
  EXPECT_EQ(rate_text(0.01), "C/100");
}

TEST(CellFigures, CurvesInMilliampereHoursPerGram) {
  const VoltageCurve curve = curve_of(two_steps(5), 0, 0.01, "discharge");
  ASSERT_EQ(curve.capacity.size(), 5U);
  VoltageCurve measured{"measured", {0.0, 3600.0}, {2.4, 2.3}, true, false};
  const VoltageCurve none{"none", {0.0}, {2.0}, false, false};
  const Figure figure = voltage_figure("voltage", "V", {curve, measured, none}, "note");
  const Layer* line = find(figure, Mark::line, "discharge");
  ASSERT_NE(line, nullptr);
  EXPECT_NEAR(line->x.back(), 2.0 * 400.0 / 0.01 / 3600.0, 1e-12);
  EXPECT_EQ(line->y.back(), 2.5 - 1e-5 * 400.0);
  const Layer* rings = find(figure, Mark::points, "measured");
  ASSERT_NE(rings, nullptr);
  EXPECT_TRUE(rings->hollow);
  EXPECT_NEAR(rings->x.back(), 1.0, 1e-12);
  EXPECT_EQ(figure.layers.size(), 2U) << "a single point is no curve";
  EXPECT_TRUE(curve_of(two_steps(5), 7, 0.01, "").capacity.empty());
}

TEST(CellFigures, LongRunsAreThinnedButKeepTheEndsOfSteps) {
  const cell::Rows rows = two_steps(1000);
  const std::vector<Figure> figures = time_figures(rows, "run", 50);
  ASSERT_EQ(figures.size(), 2U);
  EXPECT_EQ(figures[0].id, "run_voltage");
  EXPECT_EQ(figures[1].id, "run_current");
  const Layer& voltage = *find(figures[0], Mark::line, "cell");
  EXPECT_LE(voltage.x.size(), 60U);
  const double unit = 3600.0;  // 199900 s are shown in hours
  EXPECT_NE(figures[0].x.title.find("(h)"), std::string::npos);
  for (const double time : {0.0, 99900.0, 100000.0, 199900.0})
    EXPECT_NE(std::ranges::find(voltage.x, time / unit), voltage.x.end()) << time;
  EXPECT_NEAR(figures[1].layers.front().y.front(), 0.2, 1e-12) << "mA/cm²";
  EXPECT_EQ(*figures[1].y.low, 0.0) << "never charged";
  EXPECT_TRUE(time_figures({}).empty());
}

TEST(CellFigures, TimeHasTheUnitOfItsLength) {
  const auto unit = [](double end) {
    cell::Rows rows = two_steps(2);
    rows.time = {0.0, 0.1 * end, 0.2 * end, end};
    return time_figures(rows).front().x.title;
  };
  EXPECT_EQ(unit(100.0), "time (s)");
  EXPECT_EQ(unit(5000.0), "time (min)");
  EXPECT_EQ(unit(1e5), "time (h)");
  EXPECT_EQ(unit(1e7), "time (d)");
}

TEST(CellFigures, StackedLossesAddUpAtEveryPlace) {
  const cell::Rows rows = two_steps(6);
  const Figure figure = loss_area_figure("losses", "L", rows, 0, 0.01);
  const Layer* separator = find(figure, Mark::band, "separator");
  const Layer* diffusion = find(figure, Mark::band, "diffusion");
  const Layer* utilisation = find(figure, Mark::band, "utilisation");
  ASSERT_TRUE(separator != nullptr && diffusion != nullptr && utilisation != nullptr);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(separator->y_low[i], 0.0, 1e-12);
    EXPECT_NEAR(separator->y_high[i], 10.0, 1e-9) << "0.02 W/m² at 2 A/m²";
    EXPECT_NEAR(diffusion->y_low[i], separator->y_high[i], 1e-9);
    EXPECT_NEAR(diffusion->y_high[i], 60.0, 1e-9);
  }
  EXPECT_NEAR(utilisation->y_high[0], 65.0, 1e-9);
  EXPECT_NEAR(utilisation->y_low[3], -2.0, 1e-9) << "negative ones hang below zero";
  EXPECT_NEAR(utilisation->y_high[3], 0.0, 1e-9);
  EXPECT_TRUE(loss_area_figure("losses", "L", rows, 1, 0.01).layers.empty()) << "a rest has none";
}

TEST(CellFigures, ASpikeOfTheLossesDoesNotPressTheOthersFlat) {
  cell::Rows rows = two_steps(50);
  rows.losses[49].diffusion = 20.0;
  const Figure figure = loss_area_figure("losses", "L", rows, 0, 0.01, "Step 1.");
  ASSERT_TRUE(figure.y.high);
  EXPECT_LT(*figure.y.high, 1000.0);
  EXPECT_NE(figure.caption.find("Step 1. The axis ends"), std::string::npos);
  EXPECT_FALSE(loss_area_figure("losses", "L", two_steps(50), 0, 0.01).y.high);
}

TEST(CellFigures, SmallLossesShareOneName) {
  cell::LossBudget all;
  all.separator = 10.0;
  all.anode_kinetics = 9.0;
  all.anode_interface = 8.0;
  all.cathode_ionic = 7.0;
  all.cathode_electronic = 6.0;
  all.film = 5.0;
  all.charge_transfer = 4.0;
  all.diffusion = 1e-4;
  const Figure figure = loss_bars_figure("bars", "B", {{"a", 1000.0, all}, {"none", 0.0, all}, {"b", -500.0, all}});
  EXPECT_EQ(figure.x.names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(figure.layers.size(), 7U) << "six names and other";
  const Layer* other = find(figure, Mark::boxes, "other");
  ASSERT_NE(other, nullptr);
  EXPECT_NEAR(other->y_high[0], 1e3 * all.total() / 1000.0, 1e-9) << "on top of all";
  EXPECT_NEAR(other->y_high[1], 1e3 * all.total() / 500.0, 1e-9) << "a charge counts by its magnitude";
  EXPECT_EQ(find(figure, Mark::boxes, "charge transfer"), nullptr);
  EXPECT_TRUE(loss_bars_figure("bars", "B", {}).layers.empty());
}

TEST(CellFigures, RatesStandOnALogarithmicAxisWithTheirNamesOnTop) {
  const Figure figure = rate_figure("rates", "R", "capacity (mAh/g)",
                                    {{"60 °C", {0.05, 1.0}, {200.0, 20.0}, false}, {"paper", {0.05}, {205.0}, true}});
  EXPECT_EQ(figure.x.scale, report::Scale::log10);
  ASSERT_TRUE(figure.top);
  EXPECT_EQ(figure.top->labels, (std::vector<std::string>{"C/20", "1C"}));
  EXPECT_EQ(*figure.y.low, 0.0);
  EXPECT_EQ(find(figure, Mark::line, "paper"), nullptr);
  EXPECT_TRUE(find(figure, Mark::points, "paper")->hollow);
  EXPECT_FALSE(rate_figure("rates", "R", "y", {{"", {1.0, 2.0}, {10.0, 9.0}, false}}).y.low) << "close together";
}

TEST(CellFigures, RagoneIsLogarithmicOnlyOverADecade) {
  const RagoneSeries wide{"wide", {3600.0, 36000.0}, {1.0, 100.0}, {"C/20", "2C"}};
  const RagoneSeries narrow{"narrow", {3600.0, 4000.0}, {1.0, 1.5}, {}};
  const Figure big = ragone_figure("ragone", "R", "stack", {wide, {"none", {0.0}, {1.0}, {}}});
  EXPECT_EQ(big.x.scale, report::Scale::log10);
  EXPECT_EQ(big.y.scale, report::Scale::log10);
  EXPECT_NEAR(find(big, Mark::points, "wide")->x.front(), 1.0, 1e-12);
  EXPECT_EQ(find(big, Mark::points, "none"), nullptr);
  EXPECT_NE(find(big, Mark::text, ""), nullptr);
  const Figure small = ragone_figure("ragone", "R", "stack", {narrow});
  EXPECT_EQ(small.x.scale, report::Scale::linear);
  EXPECT_EQ(small.y.scale, report::Scale::linear);
  EXPECT_TRUE(ragone_figure("ragone", "R", "stack", {}).layers.empty());
}

TEST(CellFigures, ProfilesInMicrometres) {
  const Figure figure = profile_figure("profile", "P", {1e-6, 3e-6}, {{"end", {0.4, 0.2}}, {"none", {}}});
  ASSERT_EQ(figure.layers.size(), 1U);
  EXPECT_NEAR(figure.layers[0].x[1], 3.0, 1e-12);
}

TEST(CellFigures, EveryFigureCanBeDrawn) {
  const cell::Rows rows = two_steps(20);
  std::vector<Figure> figures = time_figures(rows);
  figures.push_back(voltage_figure("voltage", "V", {curve_of(rows, 0, 0.01, "a")}));
  figures.push_back(loss_area_figure("area", "A", rows, 0, 0.01));
  figures.push_back(loss_bars_figure("bars", "B", {{"a", 1.0, budget(1.0, 2.0, -0.1)}}));
  figures.push_back(rate_figure("rate", "R", "y", {{"a", {0.1, 1.0}, {2.0, 1.0}, false}}));
  figures.push_back(ragone_figure("ragone", "R", "stack", {{"a", {3600.0}, {1.0}, {"1C"}}}));
  figures.push_back(profile_figure("profile", "P", {1e-6, 2e-6}, {{"a", {0.1, 0.2}}}));
  for (const Figure& figure : figures) EXPECT_NE(report::vega_lite(figure).find("\"layer\""), std::string::npos);
}

}  // namespace
}  // namespace closo::tasks
