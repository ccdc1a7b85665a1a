#include "gallery_report.hpp"

#include <cmath>
#include <limits>

namespace closo::browser_test {
namespace {

using namespace report;

const double nan = std::numeric_limits<double>::quiet_NaN();

Figure marks() {
  return {
      .id = "marks",
      .title = "Points with errors, line, band, rules and words",
      .x = {.title = "x", .reversed = true},
      .y = {.title = "y"},
      .layers = {
          {.mark = Mark::band,
           .series = "law",
           .x = {0, 1, 2, 3},
           .y_low = {0, 0.6, 1.6, 2.4},
           .y_high = {1, 1.4, 2.4, 3.6}},
          {.mark = Mark::line, .series = "law", .x = {0, 1, 2, 3}, .y = {0.5, 1, 2, 3}, .hover = {"a", "b", "c", "d"}},
          {.mark = Mark::line, .series = "law", .x = {3, 4}, .y = {3, 4}, .dashed = true},
          {.mark = Mark::line, .series = "second law", .x = {0, 4}, .y = {4, 0}},
          {.mark = Mark::points,
           .series = "sample A",
           .x = {0, 1, 2},
           .y = {0.4, 1.2, 1.9},
           .y_low = {0.1, 1, 1.5},
           .y_high = {0.7, 1.4, 2.3}},
          {.mark = Mark::points, .series = "sample B", .x = {0.5, 1.5}, .y = {3, 2.5}},
          {.mark = Mark::points, .series = "sample C", .x = {2.5, 3.5}, .y = {3, 1.5}},
          {.mark = Mark::rule_vertical, .x = {2.2}, .dashed = true},
          {.mark = Mark::rule_horizontal, .series = "target", .y = {3.5}},
          {.mark = Mark::text, .x = {2.2, 0.5}, .y = {0.2, 3}, .category = {"transition", "B first"}}}};
}

Figure grouped_bars() {
  const std::vector<std::string> names = {"LiBH4", "NaBH4", "Li2B12H12 + 25 vol% ZrO2", "Na2B10H10"};
  return {.id = "grouped_bars",
          .title = "Bars of two series with errors",
          .x = {.title = "material"},
          .y = {.title = "energy (eV)"},
          .layers = {{.mark = Mark::bars,
                      .series = "stated",
                      .y = {0.5, 0.6, 0.42, -0.2},
                      .y_low = {0.4, 0.5, 0.41, -0.3},
                      .y_high = {0.6, 0.7, 0.43, -0.1},
                      .category = names},
                     {.mark = Mark::bars, .series = "computed", .y = {0.55, 0.5, 0.44, 0.3}, .category = names},
                     {.mark = Mark::rule_horizontal, .series = "limit", .y = {0.65}, .dashed = true}}};
}

Figure narrow_log() {
  return {.id = "narrow_log",
          .title = "Less than a decade",
          .x = {.title = "time (h)"},
          .y = {.title = "σ (S/cm)", .scale = Scale::log10},
          .layers = {{.mark = Mark::points,
                      .x = {0, 1, 2},
                      .y = {1.5e-3, 3e-3, 6e-3},
                      .y_low = {-1, 2.5e-3, 5e-3},
                      .y_high = {2e-3, 4e-3, 8e-3}}}};
}

Figure both_log() {
  Figure figure{.id = "both_log",
                .title = "A closed curve on two logarithmic axes",
                .x = {.title = "f (Hz)", .scale = Scale::log10},
                .y = {.title = "|Z| (Ω)", .scale = Scale::log10, .low = 1, .high = 1e4}};
  Layer layer{.mark = Mark::line};
  for (int i = 0; i <= 60; ++i) {
    const double angle = i * 0.10471975511965977;
    layer.x.push_back(std::pow(10.0, 3.0 + 3.0 * std::cos(angle)));
    layer.y.push_back(std::pow(10.0, 2.0 + 1.5 * std::sin(angle)));
  }
  figure.layers = {layer};
  return figure;
}

Figure names() {
  return {
      .id = "names",
      .title = "Points over names",
      .y = {.title = "σ (S/cm)", .scale = Scale::log10},
      .layers = {{.mark = Mark::points, .series = "at 25 °C", .y = {1e-6, 1e-3, 1e-4}, .category = {"a", "b", "c"}},
                 {.mark = Mark::points, .series = "at 60 °C", .y = {1e-5, 5e-3, 1e-3}, .category = {"a", "b", "c"}}}};
}

Figure gaps() {
  return {.id = "gaps",
          .title = "A line with a gap and points that cannot be drawn",
          .x = {.title = "x"},
          .y = {.title = "y"},
          .layers = {{.mark = Mark::line, .series = "line", .x = {0, 1, 2, 3, 4}, .y = {1, 2, nan, 2, 1}},
                     {.mark = Mark::points, .series = "points", .x = {0, nan, 2}, .y = {1, 1, INFINITY}}}};
}

Figure ranges() {
  return {
      .id = "ranges",
      .title = "Ranges in rows, with words that fit or are cut",
      .x = {.title = "potential (V)", .low = 0, .high = 6},
      .y = {.reversed = true, .names = {"LiBH₄", "a material with a name too long for a telephone"}},
      .layers =
          {{.mark = Mark::boxes,
            .series = "static",
            .y_low = {-0.4, 0.6},
            .y_high = {0, 1},
            .x_low = {0.5, 0},
            .x_high = {2, 3}},
           {.mark = Mark::boxes,
            .series = "Gibbs",
            .y_low = {0},
            .y_high = {0.4},
            .x_low = {0},
            .x_high = {1.3},
            .opacity = 0.5},
           {.mark = Mark::text,
            .x = {2, 3},
            .y = {-0.2, 0.8},
            .category = {"boron + hydrogen", "short"},
            .room = {4, 3}},
           {.mark = Mark::text, .x = {0.5}, .y = {-0.2}, .category = {"LiH"}, .align = Align::right, .room = {0.5}}},
      .width = 700,
      .height = 140};
}

Figure cells() {
  Figure figure{.id = "cells",
                .title = "Cells coloured by value, one of them missing",
                .x = {.names = {"LiCoO₂", "LiFePO₄", "S"}},
                .y = {.reversed = true, .names = {"LiBH₄", "Li₂B₁₂H₁₂"}},
                .colours = ColourScale{.title = "energy (eV/atom)", .low = 0, .high = -1},
                .width = 420,
                .height = 60};
  Layer known{.mark = Mark::boxes};
  Layer missing{.mark = Mark::boxes, .series = "not in the set", .background = true};
  Layer numbers{.mark = Mark::text, .align = Align::centre};
  for (int i = 0; i < 6; ++i) {
    Layer& layer = i == 4 ? missing : known;
    layer.x_low.push_back(i % 3 - 0.5);
    layer.x_high.push_back(i % 3 + 0.5);
    layer.y_low.push_back(i / 3 - 0.5);
    layer.y_high.push_back(i / 3 + 0.5);
    if (i == 4) continue;
    layer.value.push_back(-0.2 * i);
    numbers.x.push_back(i % 3);
    numbers.y.push_back(i / 3);
    numbers.room.push_back(1);
    numbers.category.push_back("−0." + std::to_string(2 * i));
  }
  figure.layers = {known, missing, numbers};
  return figure;
}

Figure drawing() {
  return {.id = "drawing",
          .title = "A drawing without axes",
          .x = {.low = -0.1, .high = 1.1, .hidden = true},
          .y = {.low = -0.1, .high = 0.98, .hidden = true},
          .layers = {{.mark = Mark::line,
                      .x = {0, 1, nan, 1, 0.5, nan, 0.5, 0},
                      .y = {0, 0, nan, 0, 0.87, nan, 0.87, 0},
                      .background = true},
                     {.mark = Mark::points, .x = {0, 1, 0.5}, .y = {0, 0, 0.87}},
                     {.mark = Mark::points, .x = {0.5, 0.4}, .y = {0.3, 0.2}, .value = {0.02, 0.2}, .hollow = true},
                     {.mark = Mark::text,
                      .x = {0, 1},
                      .y = {0, 0},
                      .category = {"Li", "B"},
                      .align = Align::centre,
                      .lift = -13}},
          .colours = ColourScale{.title = "above the hull (eV/atom)", .low = 0, .high = 0.2},
          .width = 500,
          .height = 450};
}

}  // namespace

Report gallery_report() {
  Report report{.task = "gallery", .title = "Kinds of figures"};
  report.sections = {{.id = "figures",
                      .title = "Figures",
                      .blocks = {marks(), grouped_bars(), narrow_log(), both_log(), names(), gaps(), ranges(), cells(),
                                 drawing(), Figure{.id = "empty", .title = "Nothing to draw"}}}};
  return report;
}

}  // namespace closo::browser_test
