#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"
#include "closo/tasks/stability_figures.hpp"

namespace closo::tasks {
namespace {

using report::Layer;
using report::Mark;

struct Case {
  stability::ChemicalSystem system;
  stability::PhaseDiagram diagram;
  std::vector<double> above_hull;
};

/// The named compounds are stable and tied to every element; "LiB" lies above.
Case with(std::vector<std::string> elements, const std::vector<const char*>& compounds) {
  std::vector<stability::Entry> entries;
  for (const char* name : compounds) {
    const base::Formula formula = base::Formula::parse(name);
    entries.push_back(
        {.name = name, .formula = formula, .energy_eV = (std::string(name) == "LiB" ? -0.01 : -0.5) * formula.atoms()});
  }
  Case made{.system = {stability::EntrySet("test", std::move(entries)), std::move(elements)},
            .diagram = {},
            .above_hull = {}};
  for (std::size_t phase = 0; phase < made.system.size(); ++phase) {
    const bool stable = made.system.entry(phase).name != "LiB";
    if (stable) made.diagram.stable.push_back(phase);
    made.above_hull.push_back(stable ? 0.0 : 0.15);
  }
  for (const std::size_t a : made.diagram.stable) {
    for (const std::size_t b : made.diagram.stable) {
      if (a < b) made.diagram.ties.push_back({a, b});
    }
  }
  return made;
}

const Layer* points(const report::Figure& figure, bool hollow) {
  const auto found = std::ranges::find_if(
      figure.layers, [hollow](const Layer& layer) { return layer.mark == Mark::points && layer.hollow == hollow; });
  return found == figure.layers.end() ? nullptr : &*found;
}

/// On a page, or on a telephone.
std::multiset<std::string> names(const report::Figure& figure, bool wide = true) {
  std::multiset<std::string> result;
  for (const Layer& layer : figure.layers) {
    if (layer.mark == Mark::text && (layer.least_width > 0) == wide)
      result.insert(layer.category.begin(), layer.category.end());
  }
  return result;
}

TEST(PhaseDiagramFigure, TwoElementsShowTheHull) {
  const Case binary = with({"Li", "B"}, {"LiB", "LiB3"});
  const report::Figure figure = phase_diagram_figure(binary.system, binary.diagram, binary.above_hull);
  const auto line = std::ranges::find(figure.layers, Mark::line, &Layer::mark);
  ASSERT_NE(line, figure.layers.end());
  EXPECT_EQ(line->x, (std::vector<double>{0.0, 0.75, 1.0})) << "by composition";
  EXPECT_EQ(line->y[1], -0.5);
  EXPECT_EQ(figure.x.title, "atom fraction of B");
  ASSERT_NE(points(figure, true), nullptr);
  EXPECT_EQ(points(figure, true)->x, std::vector<double>{0.5});
  EXPECT_EQ(points(figure, true)->value, std::vector<double>{0.15});
  EXPECT_EQ(names(figure), (std::multiset<std::string>{"B", "Li", "LiB₃"}));
  EXPECT_NO_THROW(report::vega_lite(figure));
}

TEST(PhaseDiagramFigure, FarPhasesAreCountedNotDrawn) {
  Case binary = with({"Li", "B"}, {"LiB", "LiB3"});
  for (double& energy : binary.above_hull) energy *= 10.0;
  const report::Figure figure = phase_diagram_figure(binary.system, binary.diagram, binary.above_hull);
  EXPECT_EQ(points(figure, true), nullptr);
  EXPECT_NE(figure.caption.find("1 phase more than 0.5 eV/atom"), std::string::npos) << figure.caption;
}

// In the triangle, the distance from a side is the fraction of the opposite element; in both drawings places are linear
// in the fractions.
TEST(PhaseDiagramFigure, LawOfTheLever) {
  for (const bool four : {false, true}) {
    const Case made = four ? with({"Li", "B", "H", "O"}, {"LiBH4", "Li2O", "LiBO2", "H2O", "LiB"})
                           : with({"Li", "B", "H"}, {"LiBH4", "LiH", "Li2B12H12", "LiB"});
    const report::Figure figure = phase_diagram_figure(made.system, made.diagram, made.above_hull);
    EXPECT_TRUE(figure.x.hidden && figure.y.hidden);
    const double aspect = (*figure.x.high - *figure.x.low) / (*figure.y.high - *figure.y.low);
    EXPECT_NEAR(aspect, static_cast<double>(figure.width) / figure.height, 0.02) << "equal scales";
    const Layer* stable = points(figure, false);
    ASSERT_NE(stable, nullptr);
    ASSERT_EQ(stable->x.size(), made.diagram.stable.size());
    const std::size_t n = made.system.elements().size();
    std::vector<std::pair<double, double>> corner(n);
    for (std::size_t i = 0; i < made.diagram.stable.size(); ++i) {
      for (std::size_t e = 0; e < n; ++e) {
        if (made.system.fractions()[made.diagram.stable[i] * n + e] == 1.0) corner[e] = {stable->x[i], stable->y[i]};
      }
    }
    for (std::size_t i = 0; i < made.diagram.stable.size(); ++i) {
      double x = 0.0;
      double y = 0.0;
      for (std::size_t e = 0; e < n; ++e) {
        const double fraction = made.system.fractions()[made.diagram.stable[i] * n + e];
        x += fraction * corner[e].first;
        y += fraction * corner[e].second;
      }
      EXPECT_NEAR(stable->x[i], x, 1e-12);
      EXPECT_NEAR(stable->y[i], y, 1e-12);
      EXPECT_GE(x, *figure.x.low);
      EXPECT_LE(y, *figure.y.high);
    }
    if (!four) {
      const auto length = [&](std::size_t a, std::size_t b) {
        return std::hypot(corner[a].first - corner[b].first, corner[a].second - corner[b].second);
      };
      EXPECT_NEAR(length(0, 1), length(1, 2), 1e-12);
      EXPECT_NEAR(length(0, 1), length(2, 0), 1e-12);
    }
    EXPECT_NO_THROW(report::vega_lite(figure));
  }
}

TEST(PhaseDiagramFigure, TiesAreOneLineWithGaps) {
  const Case made = with({"Li", "B", "H"}, {"LiBH4", "LiH"});
  const report::Figure figure = phase_diagram_figure(made.system, made.diagram, made.above_hull);
  std::size_t segments = 0;
  for (const Layer& layer : figure.layers) {
    if (layer.mark != Mark::line) continue;
    segments += static_cast<std::size_t>(std::ranges::count_if(layer.x, [](double x) { return std::isnan(x); }));
  }
  EXPECT_EQ(segments, 3 + made.diagram.ties.size());
}

// No name twice, none lost: each stands in the drawing, or the caption counts it.
TEST(PhaseDiagramFigure, LawOfNames) {
  const Case crowded = with({"Li", "Co", "O"}, {"LiCoO2", "Li2CoO3", "Li3CoO4", "Li4Co3O8", "Li5Co5O12", "Li6Co7O14",
                                                "Li7Co7O15", "Li8Co7O16", "Li7Co8O16", "Li9Co10O20", "Li10Co9O20"});
  for (const Case& made : {crowded, with({"Li", "B", "H"}, {"LiBH4", "LiH", "Li2B12H12"})}) {
    const report::Figure figure = phase_diagram_figure(made.system, made.diagram, made.above_hull);
    const std::multiset<std::string> found = names(figure);
    EXPECT_EQ(std::set<std::string>(found.begin(), found.end()).size(), found.size());
    const std::multiset<std::string> few = names(figure, false);
    EXPECT_EQ(std::set<std::string>(few.begin(), few.end()).size(), few.size());
    EXPECT_LE(few.size(), found.size());
    for (const Layer& layer : figure.layers) {
      if (layer.mark != Mark::text) continue;
      EXPECT_NE(layer.least_width > 0, layer.most_width > 0);
    }
    const std::size_t left_out = made.diagram.stable.size() - found.size();
    if (left_out == 0) {
      EXPECT_TRUE(figure.caption.empty()) << figure.caption;
    } else if (left_out == 1) {
      EXPECT_EQ(figure.caption, "One stable phase has its name on hover only.");
    } else {
      EXPECT_EQ(figure.caption, std::to_string(left_out) + " stable phases have their names on hover only.");
    }
  }
}

TEST(PhaseDiagramFigure, WhatCannotBeDrawnIsRefused) {
  const Case one = with({"Li"}, {"Li"});
  EXPECT_THROW(phase_diagram_figure(one.system, one.diagram, one.above_hull), base::InternalError);
  const Case five = with({"Li", "B", "H", "O", "S"}, {"LiBH4", "Li2SO4"});
  EXPECT_THROW(phase_diagram_figure(five.system, five.diagram, five.above_hull), base::InternalError);
  const Case made = with({"Li", "B"}, {"LiB3"});
  EXPECT_THROW(phase_diagram_figure(made.system, made.diagram, {}), base::InternalError);
}

}  // namespace
}  // namespace closo::tasks
