#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"
#include "closo/tasks/stability_figures.hpp"

namespace closo::tasks {
namespace {

using report::Align;
using report::Layer;
using report::Mark;

std::vector<WindowBar> bars() {
  return {{.material = "LiBH4",
           .kind = "static",
           .low_V = 0.546,
           .high_V = 2.024,
           .low_products = "LiH + B",
           .high_products = "Li2B12H12 + H2",
           .low_uncertainty_V = 0.08},
          {.material = "LiBH4", .kind = "Gibbs 298 K", .low_V = 0, .high_V = 1.29, .low_is_open = true},
          {.material = "Li2B12H12", .kind = "static", .low_V = 0.383, .high_V = 3.184, .low_products = "LiB3 + LiH"},
          {.material = "Li2B12H12", .kind = "constrained", .low_V = 0, .high_V = 8, .high_is_open = true}};
}

const Layer* solid(const report::Figure& figure, const std::string& kind) {
  const auto found = std::ranges::find_if(figure.layers, [&kind](const Layer& layer) {
    return layer.mark == Mark::boxes && layer.series == kind && layer.opacity == 1.0;
  });
  return found == figure.layers.end() ? nullptr : &*found;
}

/// Names of the rows and where they stand.
std::vector<std::pair<std::string, double>> named(const report::Figure& figure) {
  std::vector<std::pair<std::string, double>> result;
  for (std::size_t i = 0; i < figure.y.names.size(); ++i) {
    if (!figure.y.names[i].empty()) result.emplace_back(figure.y.names[i], static_cast<double>(i));
  }
  return result;
}

TEST(WindowFigure, OneRowAMaterialAndOneColourAKind) {
  const report::Figure figure = window_figure("Windows", bars(), "Li");
  EXPECT_EQ(named(figure), (std::vector<std::pair<std::string, double>>{{"LiBH₄", 2.0}, {"Li₂B₁₂H₁₂", 7.0}}));
  EXPECT_TRUE(figure.y.reversed) << "the first material on top";
  EXPECT_EQ(figure.x.title, "potential against Li/Li⁺ (V)");
  const Layer* fixed = solid(figure, "static");
  ASSERT_NE(fixed, nullptr);
  EXPECT_EQ(fixed->x_low, (std::vector<double>{0.546, 0.383}));
  EXPECT_EQ(fixed->x_high, (std::vector<double>{2.024, 3.184}));
  EXPECT_NE(fixed->hover[0].find("0.55 V ± 0.08"), std::string::npos) << fixed->hover[0];
  EXPECT_NE(fixed->hover[0].find("above: Li₂B₁₂H₁₂ + H₂"), std::string::npos);
  EXPECT_NO_THROW(report::vega_lite(figure));
}

// Bars never lie over each other, those of a material lie together in the order of the kinds, and its name stands in
// their middle.
TEST(WindowFigure, LawOfRows) {
  for (std::size_t kinds = 1; kinds <= 4; ++kinds) {
    std::vector<WindowBar> many;
    for (std::size_t material = 0; material < 5; ++material) {
      for (std::size_t kind = 0; kind < (material == 2 ? 1 : kinds); ++kind) {
        many.push_back({.material = "M" + std::to_string(material),
                        .kind = "kind " + std::to_string(kind),
                        .low_V = 0.1,
                        .high_V = 2.0});
      }
    }
    const report::Figure figure = window_figure("", many, "Na");
    std::vector<std::tuple<double, double, std::string>> boxes;
    for (const Layer& layer : figure.layers) {
      for (std::size_t i = 0; i < layer.x_low.size(); ++i)
        boxes.emplace_back(layer.y_low[i], layer.y_high[i], layer.hover[i].substr(0, layer.hover[i].find('\n')));
    }
    ASSERT_EQ(boxes.size(), many.size());
    std::ranges::sort(boxes);
    EXPECT_GE(std::get<0>(boxes.front()), -0.5);
    EXPECT_LE(std::get<1>(boxes.back()), static_cast<double>(figure.y.names.size()) - 0.5);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      EXPECT_EQ(std::get<2>(boxes[i]), many[i].material + ", " + many[i].kind) << "as given, from the top";
    }
    for (std::size_t i = 1; i < boxes.size(); ++i) EXPECT_GT(std::get<0>(boxes[i]), std::get<1>(boxes[i - 1]));
    ASSERT_EQ(named(figure).size(), 5U);
    for (const auto& [name, place] : named(figure)) {
      double low = 1e9;
      double high = -1e9;
      for (const auto& [y_low, y_high, hover] : boxes) {
        if (hover.substr(0, name.size()) != name) continue;
        low = std::min(low, y_low);
        high = std::max(high, y_high);
      }
      EXPECT_NEAR((low + high) / 2.0, place, 1e-12) << name;
    }
  }
}

TEST(WindowFigure, OpenEndsFadeToTheEndOfTheAxis) {
  const report::Figure figure = window_figure("", bars(), "Li");
  EXPECT_LT(*figure.x.low, 0.0) << "room below the metal for what has no limit there";
  double lowest = 1.0;
  double highest = 0.0;
  double opacity = 1.0;
  for (const Layer& layer : figure.layers) {
    if (layer.opacity == 1.0) continue;
    opacity = std::min(opacity, layer.opacity);
    for (std::size_t i = 0; i < layer.x_low.size(); ++i) {
      lowest = std::min(lowest, layer.x_low[i]);
      highest = std::max(highest, layer.x_high[i]);
    }
  }
  EXPECT_NEAR(lowest, *figure.x.low, 1e-12);
  EXPECT_NEAR(highest, *figure.x.high, 1e-12);
  EXPECT_LT(opacity, 0.2);

  std::vector<WindowBar> closed = bars();
  for (WindowBar& bar : closed) bar.low_is_open = bar.high_is_open = false;
  closed[3].high_V = 5.08;
  const report::Figure all_closed = window_figure("", closed, "Li");
  EXPECT_EQ(*all_closed.x.low, 0.0);
  for (const Layer& layer : all_closed.layers) EXPECT_EQ(layer.opacity, 1.0);
}

// Words stand outside a bar where there is room for them, else inside, and keep within the axis.
TEST(WindowFigure, LawOfWords) {
  for (const double low : {0.0, 0.1, 0.5, 1.7, 3.0}) {
    for (const double width : {0.2, 1.5, 3.0, 6.0}) {
      const WindowBar bar{.material = "M",
                          .kind = "static",
                          .low_V = low,
                          .high_V = low + width,
                          .low_products = "Li2S + Li3P",
                          .high_products = "GeS2 + S"};
      const report::Figure figure = window_figure("", {bar}, "Li");
      std::size_t words = 0;
      for (const Layer& layer : figure.layers) {
        if (layer.mark != Mark::text) continue;
        for (std::size_t i = 0; i < layer.x.size(); ++i, ++words) {
          const double end = layer.x[i] + (layer.align == Align::left ? 1 : -1) * layer.room[i];
          EXPECT_GE(std::min(end, layer.x[i]), *figure.x.low - 1e-9) << low << " " << width;
          EXPECT_LE(std::max(end, layer.x[i]), *figure.x.high + 1e-9) << low << " " << width;
          const bool is_low = layer.category[i].find("Li₂S") != std::string::npos;
          EXPECT_NEAR(layer.x[i], is_low ? bar.low_V : bar.high_V, 1e-9);
          const bool inside = (layer.align == Align::left) == is_low;
          EXPECT_EQ(inside, layer.category[i].find(is_low ? "◂" : "▸") != std::string::npos) << layer.category[i];
        }
      }
      EXPECT_EQ(words, 2U);
      EXPECT_NO_THROW(report::vega_lite(figure));
    }
  }
}

TEST(WindowFigure, NothingAndUnknownIons) {
  EXPECT_NO_THROW(report::vega_lite(window_figure("", {}, "Li")));
  EXPECT_THROW(window_figure("", bars(), "Xx"), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
