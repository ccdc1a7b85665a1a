#include "closo/tasks/stability_figures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"

namespace closo::tasks {
namespace {

using report::Layer;
using report::Mark;

stability::ChemicalSystem lithium_boron_hydrogen() {
  std::vector<stability::Entry> entries;
  for (const auto& [name, energy] :
       {std::pair<const char*, double>{"LiH", -0.9}, {"LiBH4", -2.0}, {"Li2B12H12", -5.0}}) {
    entries.push_back({.name = name, .formula = base::Formula::parse(name), .energy_eV = energy});
  }
  const stability::EntrySet set("test", std::move(entries));
  return {set, {"Li", "B", "H"}};
}

std::size_t phase(const stability::ChemicalSystem& system, const char* formula) {
  return system.find(base::Formula::parse(formula)).value();
}

const Layer* first(const report::Figure& figure, Mark mark) {
  const auto found = std::ranges::find(figure.layers, mark, &Layer::mark);
  return found == figure.layers.end() ? nullptr : &*found;
}

stability::VoltageProfile profile(const stability::ChemicalSystem& system) {
  const auto step = [&](double low, double high, double uptake, std::vector<const char*> products) {
    stability::ProfileStep one;
    one.low_V = low;
    one.high_V = high;
    one.uptake = uptake;
    for (const char* product : products) one.products.push_back({.phase = phase(system, product), .amount = 1.0});
    return one;
  };
  return {.mobile = "Li",
          .charge = 1,
          .steps = {step(0.0, 0.5, 3.0, {"LiH", "B"}), step(0.5, 0.546, 1.0, {"LiH", "B"}),
                    step(0.546, 1.2, 0.0, {"LiBH4"}), step(1.2, 2.024, 1e-9, {"LiBH4"}),
                    step(2.024, 3.2, -5.0 / 6.0, {"Li2B12H12", "H2"}), step(3.2, 8.0, -1.0, {"B", "H2"})}};
}

TEST(PlateauFigure, IsAStaircaseThatNeverRises) {
  const stability::ChemicalSystem system = lithium_boron_hydrogen();
  const report::Figure figure = plateau_figure(system, profile(system), "LiBH4");
  const Layer* line = first(figure, Mark::line);
  ASSERT_NE(line, nullptr);
  ASSERT_EQ(line->x.size(), 12U);
  for (std::size_t i = 1; i < line->x.size(); ++i) {
    EXPECT_GE(line->x[i], line->x[i - 1]);
    EXPECT_LE(line->y[i], line->y[i - 1] + 1e-6);
    EXPECT_TRUE(line->x[i] == line->x[i - 1] || line->y[i] == line->y[i - 1]) << "steps are level or upright";
  }
  EXPECT_EQ(figure.y.title, "Li uptake per LiBH₄");
  EXPECT_NE(line->hover[8].find("Li₂B₁₂H₁₂"), std::string::npos);
  EXPECT_LT(*figure.x.high, 8.0) << "not to the end of the range where nothing happens any more";
  EXPECT_NO_THROW(report::vega_lite(figure));
}

TEST(PlateauFigure, ShadesTheWholeWindow) {
  const stability::ChemicalSystem system = lithium_boron_hydrogen();
  const report::Figure figure = plateau_figure(system, profile(system), "LiBH4");
  const Layer* window = first(figure, Mark::boxes);
  ASSERT_NE(window, nullptr);
  EXPECT_EQ(window->x_low, std::vector<double>{0.546});
  EXPECT_EQ(window->x_high, std::vector<double>{2.024}) << "over two assemblages";
  EXPECT_EQ(window->series, "window 0.55 V to 2.02 V");
}

TEST(PlateauFigure, WordsOfOneSideKeepALineApart) {
  const stability::ChemicalSystem system = lithium_boron_hydrogen();
  const report::Figure figure = plateau_figure(system, profile(system), "LiBH4");
  const double line_height = 13.0 / figure.height * (*figure.y.high - *figure.y.low);
  std::size_t words = 0;
  for (const Layer& layer : figure.layers) {
    if (layer.mark != Mark::text) continue;
    words += layer.y.size();
    for (std::size_t i = 0; i < layer.y.size(); ++i) {
      EXPECT_GT(layer.room[i], 0.0);
      for (std::size_t k = 0; k < i; ++k) EXPECT_GT(std::abs(layer.y[i] - layer.y[k]), line_height);
    }
  }
  EXPECT_GE(words, 3U);
  EXPECT_LT(words, 6U) << "two plateaus at the same height share their words";
  EXPECT_NO_THROW(report::vega_lite(plateau_figure(system, {.mobile = "Li", .charge = 1, .steps = {}}, "LiBH4")));
}

std::vector<InterfaceCurve> curves(const stability::ChemicalSystem& system, bool open) {
  InterfaceCurve curve{.name = open ? "open" : "closed"};
  if (open) curve.reaction.open = stability::Reservoir{.element = "Li", .chemical_potential_eV = -3.9};
  for (const auto& [x, energy] : {std::pair{0.0, 0.0}, {0.4, -0.35}, {0.7, -0.2}, {1.0, 0.0}}) {
    stability::InterfaceKink kink;
    kink.fraction = x;
    kink.energy_eV = kink.mutual_energy_eV = energy;
    kink.products = {{.phase = phase(system, "LiH"), .amount = 0.5}};
    curve.reaction.kinks.push_back(kink);
  }
  curve.reaction.kinks[1].reaction.reactants = {
      {.name = "LiBH4", .formula = base::Formula::parse("LiBH4"), .coefficient = 2}};
  curve.reaction.kinks[1].reaction.products = {
      {.name = "LiH", .formula = base::Formula::parse("LiH"), .coefficient = 1}};
  return {curve};
}

TEST(InterfaceFigure, MarksEveryKinkAndNumbersTheDeepest) {
  const stability::ChemicalSystem system = lithium_boron_hydrogen();
  const report::Figure figure = interface_figure(system, curves(system, false), "LiBH4", "LiCoO2");
  const Layer* points = first(figure, Mark::points);
  ASSERT_NE(points, nullptr);
  EXPECT_EQ(points->x, (std::vector<double>{0.0, 0.4, 0.7, 1.0}));
  EXPECT_NE(points->hover[1].find("2 LiBH₄ → LiH"), std::string::npos) << points->hover[1];
  EXPECT_NE(points->hover[2].find("LiH"), std::string::npos);
  const Layer* number = first(figure, Mark::text);
  ASSERT_NE(number, nullptr);
  EXPECT_EQ(number->category, std::vector<std::string>{"−0.350"});
  EXPECT_EQ(number->x, std::vector<double>{0.4});
  EXPECT_EQ(figure.y.title, "reaction energy (eV/atom)");
  EXPECT_TRUE(figure.caption.empty());
  EXPECT_NO_THROW(report::vega_lite(figure));
}

TEST(InterfaceFigure, SaysWhatTheEnergiesCount) {
  const stability::ChemicalSystem system = lithium_boron_hydrogen();
  std::vector<InterfaceCurve> both = curves(system, true);
  EXPECT_EQ(interface_figure(system, both, "A", "B").y.title, "reaction energy (eV/non-Li atom)");
  both.push_back(curves(system, false)[0]);
  EXPECT_EQ(interface_figure(system, both, "A", "B").caption,
            "Energies in eV/non-Li atom or eV/atom; atoms of the open element do not count.");
}

TEST(InterfaceFigure, WithoutReactionSaysSo) {
  const stability::ChemicalSystem system = lithium_boron_hydrogen();
  std::vector<InterfaceCurve> none = curves(system, false);
  for (stability::InterfaceKink& kink : none[0].reaction.kinks) kink.energy_eV = -1e-12;
  const report::Figure figure = interface_figure(system, none, "LiBH4", "Al2O3");
  EXPECT_EQ(first(figure, Mark::text)->category, std::vector<std::string>{"no reaction"});
  EXPECT_GT(*figure.y.high - *figure.y.low, 0.05) << "rounding noise is not drawn as a curve";
  EXPECT_NO_THROW(report::vega_lite(interface_figure(system, {}, "a", "b")));
}

TEST(InterfaceVoltageFigure, FourEnergiesOverTheRange) {
  std::vector<stability::InterfaceAtVoltage> points;
  for (int i = 0; i <= 10; ++i) {
    points.push_back(
        {.potential_V = 0.5 * i,
         .energies = {.no_mixing_A_eV = -0.1, .no_mixing_B_eV = -0.2, .mixing_eV = -0.5, .mutual_eV = -0.3}});
  }
  const report::Figure figure = interface_voltage_figure(points, "LiBH4", "LiCoO2", "Li");
  std::vector<std::string> names;
  for (const Layer& layer : figure.layers) {
    if (layer.mark != Mark::line) continue;
    names.push_back(layer.series);
    EXPECT_EQ(layer.x.size(), points.size());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"mixing", "mutual", "LiBH₄ alone", "LiCoO₂ alone"}));
  EXPECT_EQ(*figure.x.high, 5.0);
  EXPECT_NO_THROW(report::vega_lite(figure));
}

HeatMap map(std::vector<std::optional<double>> values) {
  return {.id = "matrix",
          .title = "Matrix",
          .caption = "",
          .value_title = "mutual energy (eV/atom)",
          .rows = {"LiBH4", "Li2B12H12"},
          .columns = {"LiCoO2", "S"},
          .values = std::move(values),
          .hover = {}};
}

TEST(HeatMapFigure, EveryCellIsKnownOrSaidToBeMissing) {
  const report::Figure figure = heat_map_figure(map({-0.4, std::nullopt, -0.1, std::nan("")}));
  ASSERT_EQ(figure.layers.size(), 3U);
  EXPECT_EQ(figure.layers[0].value, (std::vector<double>{-0.4, -0.1}));
  EXPECT_EQ(figure.layers[0].hover[0], "LiBH₄ | LiCoO₂\nmutual energy (eV/atom): −0.400");
  EXPECT_EQ(figure.layers[1].series, "not in the set");
  EXPECT_EQ(figure.layers[1].hover[1], "Li₂B₁₂H₁₂ | S\nnot in the set");
  EXPECT_EQ(figure.layers[2].category, (std::vector<std::string>{"−0.40", "−0.10"}));
  EXPECT_EQ(figure.y.names[1], "Li₂B₁₂H₁₂");
  EXPECT_NO_THROW(report::vega_lite(figure));
  HeatMap own = map({-0.4, std::nullopt, -0.1, 0.0});
  own.hover = {"own", "", "", "reason"};
  EXPECT_EQ(heat_map_figure(own).layers[0].hover[0], "own");
}

TEST(HeatMapFigure, ColoursFollowTheSigns) {
  const auto colours = [](std::vector<std::optional<double>> values) {
    return *heat_map_figure(map(std::move(values))).colours;
  };
  const report::ColourScale reactive = colours({-0.4, -0.1, 0.0, -0.2});
  EXPECT_FALSE(reactive.diverging);
  EXPECT_EQ(reactive.low, 0.0) << "nothing happens: pale";
  EXPECT_EQ(reactive.high, -0.5);
  EXPECT_EQ(colours({0.4, 0.1, 0.0, 0.2}).high, 0.5);
  const report::ColourScale both = colours({-0.4, 0.2, 0.0, 0.1});
  EXPECT_TRUE(both.diverging);
  EXPECT_EQ(both.low, -both.high);
  EXPECT_FALSE(colours({-0.4, 1e-9, 0.0, -0.1}).diverging) << "rounding is no sign";
  EXPECT_LT(colours({0.0, 0.0, 0.0, 0.0}).high, 0.0);
  EXPECT_LT(colours({std::nullopt, std::nullopt, std::nullopt, std::nullopt}).high, 0.0);
}

TEST(HeatMapFigure, AFewExtremesDoNotPaleTheOthers) {
  HeatMap large = map({});
  large.rows = std::vector<std::string>(10, "a");
  large.columns = std::vector<std::string>(10, "b");
  for (int i = 0; i < 100; ++i) large.values.emplace_back(i == 0 ? -20.0 : -0.3);
  const report::Figure figure = heat_map_figure(large);
  EXPECT_DOUBLE_EQ(figure.colours->high, -0.3);
  EXPECT_EQ(figure.caption, "All values beyond 0.3 have the strongest colour.");
}

TEST(HeatMapFigure, ABrokenMapIsRefused) {
  EXPECT_THROW(heat_map_figure(map({-0.4})), base::InternalError);
  HeatMap hover = map({-0.4, 0.0, 0.0, 0.0});
  hover.hover = {"one"};
  EXPECT_THROW(heat_map_figure(hover), base::InternalError);
  HeatMap empty = map({});
  empty.rows.clear();
  EXPECT_NO_THROW(report::vega_lite(heat_map_figure(empty)));
}

TEST(LimitDistributionFigure, EveryDrawIsInOneBin) {
  std::mt19937 generator(7);
  for (const double deviation : {0.01, 0.1, 0.8}) {
    std::normal_distribution<double> normal(2.0, deviation);
    stability::WindowDistribution distribution;
    distribution.draws = 500;
    for (int i = 0; i < 500; ++i) distribution.oxidation_draws_V.push_back(normal(generator));
    distribution.oxidation_V = {.mean = 2, .standard_deviation = deviation, .low = 1.9, .median = 2.0, .high = 2.1};
    const report::Figure figure = limit_distribution_figure(distribution, "Li");
    const Layer* bins = first(figure, Mark::boxes);
    ASSERT_NE(bins, nullptr);
    EXPECT_EQ(bins->series, "oxidation") << "no reduction draws, no bars";
    double sum = 0.0;
    for (std::size_t i = 0; i < bins->x_low.size(); ++i) {
      sum += bins->y_high[i];
      const auto inside = std::ranges::count_if(distribution.oxidation_draws_V, [&](double draw) {
        return draw >= bins->x_low[i] - 1e-9 && draw < bins->x_high[i] - 1e-9;
      });
      EXPECT_NEAR(bins->y_high[i], static_cast<double>(inside) / 5.0, 0.21)
          << "a draw on an edge may count on either side";
      EXPECT_LE(bins->y_high[i], *figure.y.high);
    }
    EXPECT_NEAR(sum, 100.0, 1e-9);
    EXPECT_EQ(first(figure, Mark::rule_vertical)->x, std::vector<double>{2.0});
    EXPECT_NO_THROW(report::vega_lite(figure));
  }
}

TEST(LimitDistributionFigure, SaysHowManyDrawsHaveNoLimit) {
  stability::WindowDistribution distribution;
  distribution.draws = 4;
  distribution.reduction_is_open = 0.25;
  distribution.reduction_draws_V = {0.5, std::nan(""), 0.6, 0.7};
  const report::Figure figure = limit_distribution_figure(distribution, "Na");
  EXPECT_EQ(figure.caption, "25 % of the draws have no reduction limit above the metal.");
  const Layer* bins = first(figure, Mark::boxes);
  double sum = 0.0;
  for (const double share : bins->y_high) sum += share;
  EXPECT_NEAR(sum, 75.0, 1e-9) << "shares of all draws";
  EXPECT_NO_THROW(report::vega_lite(limit_distribution_figure({}, "Li")));
}

}  // namespace
}  // namespace closo::tasks
