#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/number.hpp"
#include "closo/report/detail/check.hpp"
#include "closo/report/detail/figure_scale.hpp"
#include "closo/report/detail/json.hpp"
#include "closo/report/detail/series_style.hpp"
#include "closo/report/detail/text_layout.hpp"
#include "closo/report/render.hpp"

namespace closo::report {
namespace detail {
namespace {

constexpr const char* background_colour = "#9aa1a9";
constexpr const char* single_colour = "#0072B2";
constexpr const char* rule_colour = "#444444";
const Json default_dash = Json::array({6, 4});

// Everything a layer's encoding depends on besides the layer itself.
struct Drawing {
  const Figure& figure;
  Domain x, y;
  bool categorical = false;  // the x axis carries names
  bool long_names = false;   // too long to stand side by side
  std::vector<Series> series;
  bool pan_placed = false;  // the parameters of pan/zoom and legend stand in one layer each
  bool pick_placed = false;
};

Json axis_json(const Axis& axis, const char* channel) {
  Json result = {{"title", axis.title.empty() ? Json(nullptr) : Json(axis.title)}, {"labelFlush", false}};
  if (axis.scale == Scale::log10) {
    result["labelExpr"] = power_label_expression(channel);
    result["gridOpacity"] = Json{{"condition", {{"test", power_test_expression()}, {"value", 1}}}, {"value", 0}};
    result["tickSize"] = Json{{"condition", {{"test", power_test_expression()}, {"value", 6}}}, {"value", 3}};
    result["labelOverlap"] = true;
  } else {
    result["tickCount"] = Json{{"expr", channel[0] == 'x' ? "ceil(width / 70)" : "ceil(height / 45)"}};
  }
  return result;
}

Json scale_json(const Axis& axis, const Domain& domain) {
  Json scale = {{"type", axis.scale == Scale::log10 ? "log" : "linear"},
                {"domain", Json::array({domain.low, domain.high})},
                {"nice", false}};
  if (axis.scale != Scale::log10) scale["zero"] = false;
  if (axis.reversed) scale["reverse"] = true;
  return scale;
}

Json position_json(const Drawing& drawing, const char* channel, const char* field) {
  const bool is_x = channel[0] == 'x';
  const Axis& axis = is_x ? drawing.figure.x : drawing.figure.y;
  if (is_x && drawing.categorical) {
    Json names = {{"title", axis.title.empty() ? Json(nullptr) : Json(axis.title)}, {"labelLimit", 220}};
    names["labelAngle"] = drawing.long_names ? -35 : 0;
    return Json{{"field", "category"}, {"type", "nominal"}, {"sort", nullptr}, {"axis", std::move(names)}};
  }
  return Json{{"field", field},
              {"type", "quantitative"},
              {"scale", scale_json(axis, is_x ? drawing.x : drawing.y)},
              {"axis", axis_json(axis, channel)}};
}

bool has_errors(const Layer& layer) { return layer.mark != Mark::band && !layer.y_low.empty(); }

std::size_t length(const Layer& layer) {
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
  if (!layer.y_low.empty()) {
    add(layer.mark == Mark::band ? drawing.figure.y.title : std::string(),
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
    if (!visible && layer.mark != Mark::line) continue;
    Json row = Json::object();
    if (!layer.category.empty()) row[layer.mark == Mark::text ? "text" : "category"] = layer.category[i];
    if (!layer.x.empty()) row["x"] = visible ? Json(layer.x[i]) : Json(nullptr);
    if (!layer.y.empty()) row["y"] = visible ? Json(layer.y[i]) : Json(nullptr);
    if (layer.mark == Mark::text && layer.category.empty()) row["text"] = layer.series;
    if (!layer.y_low.empty() && std::isfinite(layer.y_low[i]) && std::isfinite(layer.y_high[i])) {
      // An edge at or below zero cannot stand on a logarithmic axis: it ends at the lower rim.
      row["y_low"] = drawable(layer.y_low[i], log_y) ? layer.y_low[i] : drawing.y.low;
      row["y_high"] = drawable(layer.y_high[i], log_y) ? layer.y_high[i] : drawing.y.low;
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
Json opacity_json(const Layer& layer, double opacity) {
  if (layer.series.empty() || layer.background) return Json{{"value", opacity}};
  return Json{{"condition", {{"param", "pick"}, {"value", opacity}}}, {"value", opacity * 0.15}};
}

void add_look(Json& encoding, const Drawing& drawing, const Layer& layer, double opacity) {
  const bool stroke =
      layer.mark == Mark::line || layer.mark == Mark::rule_horizontal || layer.mark == Mark::rule_vertical;
  const Series* series = find_series(drawing, layer.series);
  if (series == nullptr) {
    const bool rule =
        layer.mark == Mark::rule_horizontal || layer.mark == Mark::rule_vertical || layer.mark == Mark::text;
    encoding["color"] = Json{{"value", layer.background ? background_colour : rule ? rule_colour : single_colour}};
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
  encoding["opacity"] = opacity_json(layer, opacity);
}

Json mark_json(const Layer& layer) {
  switch (layer.mark) {
    case Mark::points:
      return Json{{"type", "point"}, {"filled", true}, {"size", layer.background ? 18 : 70}, {"clip", true}};
    case Mark::line:
      return Json{{"type", "line"}, {"strokeWidth", layer.background ? 1.0 : 2.2}, {"clip", true}};
    case Mark::band:
      return Json{{"type", "area"}, {"line", false}, {"fillOpacity", 0.2}, {"clip", true}};
    case Mark::rule_horizontal:
    case Mark::rule_vertical:
      return Json{{"type", "rule"}, {"strokeWidth", layer.background ? 1.0 : 1.8}, {"clip", true}};
    case Mark::bars: {
      Json mark = {{"type", "bar"}, {"clip", true}};
      if (layer.category.empty()) mark["width"] = 10;
      return mark;
    }
    case Mark::text:
      break;
  }
  return Json{{"type", "text"}, {"align", "left"}, {"baseline", "middle"}, {"dx", 7}, {"fontSize", 12}, {"clip", true}};
}

Json encoding_json(const Drawing& drawing, const Layer& layer) {
  Json encoding = Json::object();
  if (layer.mark != Mark::rule_horizontal) encoding["x"] = position_json(drawing, "x", "x");
  if (layer.mark == Mark::band) {
    encoding["y"] = position_json(drawing, "y", "y_low");
    encoding["y2"] = Json{{"field", "y_high"}};
  } else if (layer.mark != Mark::rule_vertical) {
    encoding["y"] = position_json(drawing, "y", "y");
  }
  if (layer.mark == Mark::bars) encoding["y2"] = Json{{"datum", drawing.y.bar_base}};
  if (layer.mark == Mark::line) encoding["order"] = Json{{"field", "order"}, {"type", "quantitative"}};
  if (layer.mark == Mark::text) encoding["text"] = Json{{"field", "text"}, {"type", "nominal"}};
  if (layer.mark != Mark::text || !layer.hover.empty())
    encoding["tooltip"] = Json{{"field", "hover"}, {"type", "nominal"}};
  const double opacity = layer.background ? 0.6 : 1.0;
  add_look(encoding, drawing, layer, opacity);
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
    if (drawing.categorical || layer.mark == Mark::rule_horizontal) pan["select"]["encodings"] = Json::array({"y"});
    if (layer.mark != Mark::rule_horizontal && layer.mark != Mark::rule_vertical) {
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
  Json encoding = {{"x", position_json(drawing, "x", "x")},
                   {"y", position_json(drawing, "y", "y_low")},
                   {"y2", {{"field", "y_high"}}},
                   {"color", {{"value", colour}}},
                   {"opacity", opacity_json(layer, layer.background ? 0.6 : 1.0)}};
  if (bars && series != nullptr) encoding["xOffset"] = offset_json(drawing);
  return Json{{"mark", {{"type", "rule"}, {"strokeWidth", 1.4}, {"clip", true}}}, {"encoding", std::move(encoding)}};
}

// Invisible points that give a line its hover texts, point by point.
Json hover_unit(const Drawing& drawing) {
  return Json{{"mark", {{"type", "point"}, {"filled", true}, {"size", 80}, {"clip", true}}},
              {"encoding",
               {{"x", position_json(drawing, "x", "x")},
                {"y", position_json(drawing, "y", "y")},
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

// Ticks at given places of the bottom axis; the labels stand in an expression, whose strings take no raw U+2028. Those
// that panning moves out of the frame fade.
Json top_axis_json(const Drawing& drawing) {
  const TopAxis& top = *drawing.figure.top;
  Json values = Json::array();
  Json labels = Json::array();
  Json rows = Json::array();
  for (std::size_t i = 0; i < top.positions.size(); ++i) {
    if (!std::isfinite(top.positions[i])) continue;
    values.push_back(top.positions[i]);
    labels.push_back(top.labels[i]);
    rows.push_back(Json{{"x", top.positions[i]}});
  }
  const Json inside = {{"condition", {{"test", "inrange(scale('x', datum.value), range('x'))"}, {"value", 1}}},
                       {"value", 0}};
  const Json axis = {{"orient", "top"},
                     {"title", top.title},
                     {"values", values},
                     {"labelExpr", labels.dump(-1, ' ', true, Json::error_handler_t::replace) + "[indexof(" +
                                       dump(values, -1) + ", datum.value)]"},
                     {"grid", false},
                     {"labelOverlap", "greedy"},
                     {"labelSeparation", 6},
                     {"labelFlush", false},
                     {"labelOpacity", inside},
                     {"tickOpacity", inside}};
  return Json{{"data", {{"values", std::move(rows)}}},
              {"mark", {{"type", "point"}, {"opacity", 0}, {"tooltip", nullptr}, {"clip", true}}},
              {"encoding",
               {{"x",
                 {{"field", "x"},
                  {"type", "quantitative"},
                  {"scale", scale_json(drawing.figure.x, drawing.x)},
                  {"axis", axis}}}}}};
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

// Names side by side must fit a telephone: about 300 of its pixels at 7 a character.
bool has_long_names(const Figure& figure) {
  std::size_t widest = 0;
  std::size_t most = 0;
  for (const Layer& layer : figure.layers) {
    for (const std::string& name : layer.category) widest = std::max(widest, display_width(printable(name)));
    most = std::max(most, layer.category.size());
  }
  return most * (widest * 7 + 8) > 300;
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
  Drawing drawing{
      .figure = figure,
      .x = domain_of(figure, figure.x, true),
      .y = domain_of(figure, figure.y, false),
      .categorical = std::ranges::any_of(
          figure.layers, [](const Layer& layer) { return layer.mark != Mark::text && !layer.category.empty(); }),
      .long_names = has_long_names(figure),
      .series = series_of(figure)};
  Json document = {{"$schema", "https://vega.github.io/schema/vega-lite/v5.json"}};
  if (!figure.title.empty()) document["title"] = figure.title;
  if (!figure.caption.empty()) document["description"] = figure.caption;
  document["width"] = figure.width;
  document["height"] = figure.height;
  document["background"] = "white";
  Json layers = Json::array();
  for (const Layer* layer : drawing_order(figure)) add_layer(layers, drawing, *layer);
  add_legend_shapes(layers, drawing);
  if (figure.top && !drawing.categorical) {
    document["layer"] = Json::array({Json{{"layer", std::move(layers)}}, top_axis_json(drawing)});
    document["resolve"] = Json{{"scale", {{"x", "shared"}}}, {"axis", {{"x", "independent"}}}};
  } else {
    document["layer"] = std::move(layers);
  }
  document["config"] = config_json();
  return document;
}

}  // namespace detail

std::string vega_lite(const Figure& figure) { return detail::dump(detail::figure_json(figure), 1) + "\n"; }

}  // namespace closo::report
