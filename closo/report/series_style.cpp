#include <algorithm>
#include <array>
#include <string_view>

#include "closo/report/detail/series_style.hpp"

namespace closo::report::detail {
namespace {

// Yellow is left out: it is too pale on white.
constexpr std::array<std::string_view, 7> colours{"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                  "#E69F00", "#56B4E9", "#000000"};
constexpr std::string_view grey = "#9aa1a9";
constexpr std::array<std::string_view, 7> shapes{"circle",        "square",         "triangle-up",  "diamond",
                                                 "triangle-down", "triangle-right", "triangle-left"};
const std::array<std::vector<int>, 4> dashes{{{}, {8, 3}, {2, 3}, {8, 3, 2, 3}}};

bool is_stroke(const Layer& layer) {
  return layer.mark == Mark::line || layer.mark == Mark::rule_horizontal || layer.mark == Mark::rule_vertical;
}

}  // namespace

std::vector<Series> series_of(const Figure& figure) {
  std::vector<Series> result;
  std::size_t coloured = 0;
  std::size_t pointed = 0;
  std::size_t lined = 0;
  for (const Layer& layer : figure.layers) {
    if (layer.series.empty() || std::ranges::find(result, layer.series, &Series::name) != result.end()) continue;
    bool points = false;
    bool strokes = false;
    bool background = true;
    bool all_dashed = true;
    for (const Layer& other : figure.layers) {
      if (other.series != layer.series) continue;
      points = points || other.mark == Mark::points;
      strokes = strokes || is_stroke(other);
      background = background && other.background;
      if (is_stroke(other)) all_dashed = all_dashed && other.dashed;
    }
    Series series{.name = layer.series, .colour = std::string(grey), .shape = "square", .dash = {}};
    if (!background) series.colour = colours[coloured++ % colours.size()];
    if (points) {
      series.shape = shapes[pointed++ % shapes.size()];
    } else if (strokes) {
      series.shape = stroke_shape;
    }
    series.dashed = strokes && all_dashed;
    if (series.dashed) {
      series.dash = {6, 4};
    } else if (strokes && !points && !background) {
      series.dash = dashes[lined++ % dashes.size()];
    }
    result.push_back(std::move(series));
  }
  return result;
}

}  // namespace closo::report::detail
