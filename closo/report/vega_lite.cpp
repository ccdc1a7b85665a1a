#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/number.hpp"
#include "closo/report/detail/check.hpp"
#include "closo/report/detail/json.hpp"
#include "closo/report/detail/series_style.hpp"
#include "closo/report/detail/text_layout.hpp"
#include "closo/report/detail/vega_axis.hpp"
#include "closo/report/render.hpp"

namespace closo::report {
namespace detail {
namespace {

constexpr const char* background_colour = "#9aa1a9";
constexpr const char* single_colour = "#0072B2";
constexpr const char* rule_colour = "#444444";
constexpr const char* box_text_colour = "#1f2933";
constexpr double box_opacity = 0.5;  // words on the boxes of a series stay readable
const Json default_dash = Json::array({6, 4});

// Everything a layer's encoding depends on besides the layer itself.
struct Drawing {
  const Figure& figure;
  Frame frame;
  std::vector<Series> series;
  bool pan_placed = false;  // the parameters of pan/zoom and legend stand in one layer each
  bool pick_placed = false;
};

bool is_tinted(const Layer& layer) {
  return layer.mark == Mark::boxes && layer.value.empty() && !layer.series.empty() && !layer.background;
}

bool has_errors(const Layer& layer) {
  return layer.mark != Mark::band && layer.mark != Mark::boxes && !layer.y_low.empty();
}

std::size_t length(const Layer& layer) {
  if (layer.mark == Mark::boxes) return layer.x_low.size();
  return layer.mark == Mark::band || layer.mark == Mark::rule_vertical ? layer.x.size() : layer.y.size();
}

// What is shown on hover where the layer says nothing itself.
std::string plain_hover(const Drawing& drawing, const Layer& layer, std::size_t i) {
  std::string text = layer.series;
  const auto add = [&text](const std::string& name, const std::string& number) {
    if (!text.empty()) text += "\n";
    text += name.empty() ? number : name + ": " + number;
  };
  if (!layer.category.empty()) add({}, layer.category[i]);
  if (!layer.x.empty()) add(drawing.figure.x.title, base::format_number(layer.x[i]));
  if (!layer.y.empty()) add(drawing.figure.y.title, base::format_number(layer.y[i]));
  if (layer.mark == Mark::boxes) {
    add(drawing.figure.x.title, base::format_number(layer.x_low[i]) + " – " + base::format_number(layer.x_high[i]));
  }
  if (!layer.value.empty()) add(drawing.figure.colours->title, base::format_number(layer.value[i]));
  if (!layer.y_low.empty()) {
    add(layer.mark == Mark::band || layer.mark == Mark::boxes ? drawing.figure.y.title : std::string(),
        base::format_number(layer.y_low[i]) + " – " + base::format_number(layer.y_high[i]));
  }
  return text;
}

// Rows without a place on the axes are left out; in a line they stay as a gap.
Json values_json(const Drawing& drawing, const Layer& layer) {
  Json values = Json::array();
  const bool log_x = drawing.figure.x.scale == Scale::log10;
  const bool log_y = drawing.figure.y.scale == Scale::log10;
  const auto drawable = [](double number, bool log) { return std::isfinite(number) && (!log || number > 0.0); };
  for (std::size_t i = 0; i < length(layer); ++i) {
    bool visible = layer.x.empty() || drawable(layer.x[i], log_x);
    visible = visible && (layer.y.empty() || layer.mark == Mark::rule_vertical || drawable(layer.y[i], log_y));
    if (layer.mark == Mark::band)
      visible = visible && std::isfinite(layer.y_low[i]) && drawable(layer.y_high[i], log_y);
    if (layer.mark == Mark::boxes) {
      visible = drawable(layer.x_low[i], log_x) && drawable(layer.x_high[i], log_x) &&
                drawable(layer.y_low[i], log_y) && drawable(layer.y_high[i], log_y);
    }
    visible = visible && (layer.value.empty() || std::isfinite(layer.value[i]));
    if (!visible && layer.mark != Mark::line) continue;
    Json row = Json::object();
    if (!layer.category.empty()) row[layer.mark == Mark::text ? "text" : "category"] = layer.category[i];
    if (!layer.x.empty()) row["x"] = visible ? Json(layer.x[i]) : Json(nullptr);
    if (!layer.y.empty()) row["y"] = visible ? Json(layer.y[i]) : Json(nullptr);
    if (layer.mark == Mark::text && layer.category.empty()) row["text"] = layer.series;
    if (!layer.room.empty() && std::isfinite(layer.room[i])) row["room"] = layer.room[i];
    if (!layer.x_low.empty()) {
      row["x_low"] = layer.x_low[i];
      row["x_high"] = layer.x_high[i];
    }
    if (!layer.value.empty()) row["value"] = layer.value[i];
    if (!layer.y_low.empty() && std::isfinite(layer.y_low[i]) && std::isfinite(layer.y_high[i])) {
      // An edge at or below zero cannot stand on a logarithmic axis: it ends at the lower rim.
      row["y_low"] = drawable(layer.y_low[i], log_y) ? layer.y_low[i] : drawing.frame.y.low;
      row["y_high"] = drawable(layer.y_high[i], log_y) ? layer.y_high[i] : drawing.frame.y.low;
    }
    if (layer.mark == Mark::line) row["order"] = i;
    if (!layer.series.empty()) row["series"] = layer.series;
    if (layer.mark != Mark::text || !layer.hover.empty()) {
      row["hover"] = !layer.hover.empty() && !layer.hover[i].empty() ? layer.hover[i] : plain_hover(drawing, layer, i);
    }
    values.push_back(std::move(row));
  }
  return values;
}

Json series_encoding(const Drawing& drawing, const Json& range) {
  Json names = Json::array();
  for (const Series& series : drawing.series) names.push_back(series.name);
  Json legend = {{"title", nullptr}};
  const bool only_strokes =
      std::ranges::all_of(drawing.series, [](const Series& series) { return series.shape == stroke_shape; });
  if (only_strokes) legend["symbolType"] = stroke_shape;
  return Json{{"field", "series"},
              {"type", "nominal"},
              {"scale", {{"domain", std::move(names)}, {"range", range}}},
              {"legend", std::move(legend)}};
}

// Bars of one name side by side, in the order of their layers.
Json offset_json(const Drawing& drawing) {
  Json names = Json::array();
  for (const Series& series : drawing.series) {
    const bool bars = std::ranges::any_of(drawing.figure.layers, [&series](const Layer& layer) {
      return layer.mark == Mark::bars && layer.series == series.name;
    });
    if (bars) names.push_back(series.name);
  }
  return Json{{"field", "series"}, {"type", "nominal"}, {"sort", std::move(names)}};
}

Json colour_range(const Drawing& drawing) {
  Json range = Json::array();
  for (const Series& series : drawing.series) range.push_back(series.colour);
  return range;
}

Json shape_range(const Drawing& drawing) {
  Json range = Json::array();
  for (const Series& series : drawing.series) range.push_back(series.shape);
  return range;
}

Json dash_range(const Drawing& drawing) {
  Json range = Json::array();
  for (const Series& series : drawing.series)
    range.push_back(series.dash.empty() ? Json::array({1, 0}) : Json(series.dash));
  return range;
}

const Series* find_series(const Drawing& drawing, std::string_view name) {
  const auto found = std::ranges::find(drawing.series, name, &Series::name);
  return found == drawing.series.end() ? nullptr : &*found;
}

// Opacity that fades every series but the one clicked in the legend.
Json opacity_json(const Layer& layer) {
  const double opacity = (layer.background ? 0.6 : 1.0) * layer.opacity;
  if (layer.series.empty() || layer.background) return Json{{"value", opacity}};
  return Json{{"condition", {{"param", "pick"}, {"value", opacity}}}, {"value", opacity * 0.15}};
}

// From pale to strong. Black words stay readable on the boxes; rings must stand out from white paper.
Json colour_steps(const ColourScale& colours, bool boxes) {
  if (!boxes) return Json::array({"#f0b429", "#e0662c", "#8c1d18"});
  if (colours.diverging) return Json::array({"#5b9bd5", "#f7f7f7", "#e2704a"});
  return Json::array({"#fff7e6", "#fdd49e", "#fc9d6b", "#ea6a48"});
}

Json value_encoding(const ColourScale& colours, bool boxes) {
  Json scale = {{"domain", Json::array({colours.low, colours.high})},
                {"range", colour_steps(colours, boxes)},
                {"clamp", true},
                {"interpolate", "lab"}};
  if (colours.diverging) scale["domainMid"] = 0;
  return Json{{"field", "value"},
              {"type", "quantitative"},
              {"scale", std::move(scale)},
              {"legend",
               {{"title", colours.title},
                {"type", "gradient"},
                {"gradientLength", {{"expr", "min(width, 260)"}}},
                {"gradientThickness", 12},
                {"tickCount", 4},
                {"labelOverlap", "greedy"},
                {"labelSeparation", 8},
                {"titleFontWeight", "normal"},
                {"titleFontSize", 12},
                {"titleLimit", {{"expr", "max(width, 160)"}}}}}};
}

void add_look(Json& encoding, const Drawing& drawing, const Layer& layer) {
  const bool stroke =
      layer.mark == Mark::line || layer.mark == Mark::rule_horizontal || layer.mark == Mark::rule_vertical;
  const Series* series = find_series(drawing, layer.series);
  if (!layer.value.empty()) {
    const bool boxes = layer.mark == Mark::boxes;
    encoding[boxes ? "fill" : "stroke"] = value_encoding(*drawing.figure.colours, boxes);
  } else if (series == nullptr) {
    const bool rule = layer.mark == Mark::rule_horizontal || layer.mark == Mark::rule_vertical ||
                      layer.mark == Mark::text || layer.mark == Mark::boxes;
    const char* colour = layer.mark == Mark::text && !layer.room.empty() ? box_text_colour
                         : rule                                          ? rule_colour
                                                                         : single_colour;
    encoding["color"] = Json{{"value", layer.background ? background_colour : colour}};
    if (stroke && layer.dashed) encoding["strokeDash"] = Json{{"value", default_dash}};
  } else {
    encoding["color"] = series_encoding(drawing, colour_range(drawing));
    if (layer.mark == Mark::points) encoding["shape"] = series_encoding(drawing, shape_range(drawing));
    if (stroke && layer.dashed && !series->dashed) {
      encoding["strokeDash"] = Json{{"value", default_dash}};
    } else if (stroke) {
      encoding["strokeDash"] = series_encoding(drawing, dash_range(drawing));
    }
  }
  encoding["opacity"] = opacity_json(layer);
}

// Words that must fit: cut with an ellipsis, but left out in the middle of a box and where next to nothing would
// remain.
void fit_text(Json& mark, const Layer& layer) {
  constexpr double character_px = 6.6;
  const std::string room = "abs(scale('x', datum.x + datum.room) - scale('x', datum.x))";
  const std::string length = "length(datum.text)";
  mark["fontSize"] = 11;
  if (layer.align == Align::centre) {
    // All of a layer or none: a map with a few numbers in its cells would look as if the others were missing.
    std::size_t longest = 0;
    for (const std::string& words : layer.category) longest = std::max(longest, display_width(printable(words)));
    mark["fillOpacity"] = Json{{"expr", room + " < " + base::format_number(character_px * longest) + " ? 0 : 1"}};
    return;
  }
  mark["limit"] = Json{{"expr", "max(1, " + room + " - 8)"}};
  mark["fillOpacity"] =
      Json{{"expr", room + " < min(" + base::format_number(character_px) + " * " + length + ", 44) ? 0 : 1"}};
}

Json text_json(const Layer& layer) {
  Json mark = {{"type", "text"}, {"align", "left"}, {"baseline", "middle"},
               {"dx", 7},        {"fontSize", 12},  {"clip", true}};
  if (layer.align == Align::centre) {
    mark["align"] = "center";
    mark["dx"] = 0;
  } else if (layer.align == Align::right) {
    mark["align"] = "right";
    mark["dx"] = -7;
  }
  if (layer.lift != 0) mark["dy"] = -layer.lift;
  if (!layer.room.empty()) fit_text(mark, layer);
  if (layer.least_width > 0) {
    mark["fillOpacity"] = Json{{"expr", "width < " + std::to_string(layer.least_width) + " ? 0 : 1"}};
  } else if (layer.most_width > 0) {
    mark["fillOpacity"] = Json{{"expr", "width < " + std::to_string(layer.most_width) + " ? 1 : 0"}};
  }
  return mark;
}

Json mark_json(const Layer& layer) {
  switch (layer.mark) {
    case Mark::points:
      if (layer.hollow)
        return Json{{"type", "point"}, {"filled", false}, {"size", 34}, {"strokeWidth", 1.6}, {"clip", true}};
      return Json{{"type", "point"}, {"filled", true}, {"size", layer.background ? 18 : 70}, {"clip", true}};
    case Mark::line:
      return Json{{"type", "line"}, {"strokeWidth", layer.background ? 1.0 : 2.2}, {"clip", true}};
    case Mark::band:
      return Json{{"type", "area"}, {"line", false}, {"fillOpacity", layer.fill_opacity}, {"clip", true}};
    case Mark::rule_horizontal:
    case Mark::rule_vertical:
      return Json{{"type", "rule"}, {"strokeWidth", layer.background ? 1.0 : 1.8}, {"clip", true}};
    case Mark::bars: {
      Json mark = {{"type", "bar"}, {"clip", true}};
      if (layer.category.empty()) mark["width"] = 10;
      return mark;
    }
    case Mark::boxes: {
      Json mark = {{"type", "rect"}, {"clip", true}};
      if (!layer.value.empty()) {
        mark["stroke"] = "white";
      } else if (is_tinted(layer)) {
        mark["fillOpacity"] = box_opacity;
      }
      return mark;
    }
    case Mark::text:
      break;
  }
  return text_json(layer);
}

Json encoding_json(const Drawing& drawing, const Layer& layer) {
  Json encoding = Json::object();
  if (layer.mark == Mark::boxes) {
    encoding["x"] = position_json(drawing.frame, "x", "x_low");
    encoding["x2"] = Json{{"field", "x_high"}};
  } else if (layer.mark != Mark::rule_horizontal) {
    encoding["x"] = position_json(drawing.frame, "x", "x");
  }
  if (layer.mark == Mark::band || layer.mark == Mark::boxes) {
    encoding["y"] = position_json(drawing.frame, "y", "y_low");
    encoding["y2"] = Json{{"field", "y_high"}};
  } else if (layer.mark != Mark::rule_vertical) {
    encoding["y"] = position_json(drawing.frame, "y", "y");
  }
  if (layer.mark == Mark::bars) encoding["y2"] = Json{{"datum", drawing.frame.y.bar_base}};
  if (layer.mark == Mark::line) encoding["order"] = Json{{"field", "order"}, {"type", "quantitative"}};
  if (layer.mark == Mark::text) encoding["text"] = Json{{"field", "text"}, {"type", "nominal"}};
  if (layer.mark != Mark::text || !layer.hover.empty())
    encoding["tooltip"] = Json{{"field", "hover"}, {"type", "nominal"}};
  add_look(encoding, drawing, layer);
  if (layer.mark == Mark::bars && !layer.category.empty() && find_series(drawing, layer.series) != nullptr) {
    encoding["xOffset"] = offset_json(drawing);
  }
  return encoding;
}

// Parameters must be declared in a layer, each in exactly one.
void place_parameters(Json& unit, Drawing& drawing, const Layer& layer) {
  Json params = Json::array();
  if (!drawing.pan_placed && !layer.background && layer.mark != Mark::text) {
    Json pan = {{"name", "pan"},
                {"bind", "scales"},
                {"select", {{"type", "interval"}, {"zoom", "wheel![event.ctrlKey || event.metaKey]"}}}};
    const bool x_stays = drawing.frame.categorical || !drawing.figure.x.names.empty();
    const bool y_stays = !drawing.figure.y.names.empty();
    if (x_stays || layer.mark == Mark::rule_horizontal) pan["select"]["encodings"] = Json::array({"y"});
    if (y_stays) pan["select"]["encodings"] = Json::array({"x"});
    if (!(x_stays && y_stays) && layer.mark != Mark::rule_horizontal && layer.mark != Mark::rule_vertical) {
      params.push_back(std::move(pan));
      drawing.pan_placed = true;
    }
  }
  if (!drawing.pick_placed && !layer.background && find_series(drawing, layer.series) != nullptr) {
    params.push_back(
        Json{{"name", "pick"}, {"bind", "legend"}, {"select", {{"type", "point"}, {"fields", {"series"}}}}});
    drawing.pick_placed = true;
  }
  if (!params.empty()) unit["params"] = std::move(params);
}

Json error_unit(const Drawing& drawing, const Layer& layer) {
  const Series* series = find_series(drawing, layer.series);
  const bool bars = layer.mark == Mark::bars;
  const std::string colour = layer.background ? background_colour
                             : bars           ? rule_colour
                             : series         ? series->colour
                                              : single_colour;
  Json encoding = {{"x", position_json(drawing.frame, "x", "x")},
                   {"y", position_json(drawing.frame, "y", "y_low")},
                   {"y2", {{"field", "y_high"}}},
                   {"color", {{"value", colour}}},
                   {"opacity", opacity_json(layer)}};
  if (bars && series != nullptr) encoding["xOffset"] = offset_json(drawing);
  return Json{{"mark", {{"type", "rule"}, {"strokeWidth", 1.4}, {"clip", true}}}, {"encoding", std::move(encoding)}};
}

// Invisible points that give a line its hover texts, point by point.
Json hover_unit(const Drawing& drawing) {
  return Json{{"mark", {{"type", "point"}, {"filled", true}, {"size", 80}, {"clip", true}}},
              {"encoding",
               {{"x", position_json(drawing.frame, "x", "x")},
                {"y", position_json(drawing.frame, "y", "y")},
                {"opacity", {{"value", 0}}},
                {"tooltip", {{"field", "hover"}, {"type", "nominal"}}}}}};
}

void add_layer(Json& layers, Drawing& drawing, const Layer& layer) {
  const Json data = {{"values", values_json(drawing, layer)}};
  Json unit = {{"mark", mark_json(layer)}, {"encoding", encoding_json(drawing, layer)}};
  place_parameters(unit, drawing, layer);
  Json units = Json::array();
  if (has_errors(layer) && layer.mark != Mark::bars) units.push_back(error_unit(drawing, layer));
  units.push_back(std::move(unit));
  if (has_errors(layer) && layer.mark == Mark::bars) units.push_back(error_unit(drawing, layer));
  if (layer.mark == Mark::line && !layer.hover.empty()) units.push_back(hover_unit(drawing));
  if (units.size() == 1) {
    Json alone = {{"data", data}};
    alone.update(units[0]);
    layers.push_back(std::move(alone));
  } else {
    layers.push_back(Json{{"data", data}, {"layer", std::move(units)}});
  }
}

// Without points there is no shape in the legend, and bars and strokes would share one symbol: a layer without data
// brings the shapes.
void add_legend_shapes(Json& layers, const Drawing& drawing) {
  const auto is_stroke = [](const Series& series) { return series.shape == stroke_shape; };
  const bool points = std::ranges::any_of(
      drawing.figure.layers, [](const Layer& layer) { return layer.mark == Mark::points && !layer.series.empty(); });
  if (points || std::ranges::none_of(drawing.series, is_stroke) || std::ranges::all_of(drawing.series, is_stroke))
    return;
  layers.push_back(Json{{"data", {{"values", Json::array()}}},
                        {"mark", {{"type", "point"}, {"filled", true}}},
                        {"encoding",
                         {{"color", series_encoding(drawing, colour_range(drawing))},
                          {"shape", series_encoding(drawing, shape_range(drawing))}}}});
}

// What the page must know when it fits the figure to its column: a drawing keeps its aspect, rows of names their
// height.
const char* height_rule(const Figure& figure) {
  if (figure.x.hidden && figure.y.hidden) return "aspect";
  return figure.y.names.empty() ? nullptr : "kept";
}

Json config_json() {
  const char* font = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";
  return Json{{"font", font},
              {"view", {{"stroke", "#6b7280"}}},
              {"axis",
               {{"labelFontSize", 12},
                {"titleFontSize", 13},
                {"titleFontWeight", "normal"},
                {"titlePadding", 8},
                {"labelColor", "#1f2933"},
                {"titleColor", "#1f2933"},
                {"gridColor", "#e5e8eb"},
                {"domainColor", "#6b7280"},
                {"tickColor", "#6b7280"}}},
              {"legend",
               {{"orient", "bottom"},
                {"direction", "horizontal"},
                {"columns", 2},
                {"labelFontSize", 12},
                {"labelLimit", 280},
                {"symbolSize", 70},
                {"symbolStrokeWidth", 2},
                {"labelOffset", 9},
                {"offset", 14}}},
              {"title", {{"anchor", "start"}, {"fontSize", 14}, {"fontWeight", 600}, {"offset", 12}}}};
}

std::vector<const Layer*> drawing_order(const Figure& figure) {
  std::vector<const Layer*> layers;
  for (const Layer& layer : figure.layers) layers.push_back(&layer);
  const auto depth = [](const Layer* layer) { return layer->background ? 0 : layer->mark == Mark::band ? 1 : 2; };
  std::ranges::stable_sort(layers, {}, depth);
  return layers;
}

}  // namespace

Json figure_json(const Figure& figure) {
  check(figure);
  Drawing drawing{.figure = figure, .frame = frame_of(figure), .series = series_of(figure)};
  Json document = {{"$schema", "https://vega.github.io/schema/vega-lite/v5.json"}};
  if (!figure.title.empty()) document["title"] = figure.title;
  if (!figure.caption.empty()) document["description"] = figure.caption;
  document["width"] = figure.width;
  document["height"] = figure.height;
  document["background"] = "white";
  if (const char* rule = height_rule(figure)) document["usermeta"] = Json{{"height", rule}};
  Json layers = Json::array();
  for (const Layer* layer : drawing_order(figure)) add_layer(layers, drawing, *layer);
  add_legend_shapes(layers, drawing);
  if (figure.top && !drawing.frame.categorical) {
    document["layer"] = Json::array({Json{{"layer", std::move(layers)}}, top_axis_json(drawing.frame)});
    document["resolve"] = Json{{"scale", {{"x", "shared"}}}, {"axis", {{"x", "independent"}}}};
  } else {
    document["layer"] = std::move(layers);
  }
  document["config"] = config_json();
  if (!figure.y.names.empty()) document["config"]["axisY"] = Json{{"labelLimit", 230}};
  // Side by side, two legends would not fit a telephone.
  if (figure.colours) document["config"]["legend"]["layout"] = Json{{"bottom", {{"direction", "vertical"}}}};
  const bool without_axes = figure.x.hidden && figure.y.hidden;
  const bool map = !figure.x.names.empty() && !figure.y.names.empty();
  if (without_axes || map) document["config"]["view"]["stroke"] = nullptr;
  return document;
}

}  // namespace detail

std::string vega_lite(const Figure& figure) { return detail::dump(detail::figure_json(figure), 1) + "\n"; }

}  // namespace closo::report
