#include "closo/report/detail/vega_axis.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "closo/report/detail/text_layout.hpp"

namespace closo::report::detail {
namespace {

constexpr std::size_t telephone_px = 300;  // names side by side must fit
constexpr std::size_t character_px = 7;
constexpr std::size_t most_slanted = 14;  // more names than this would overlap when slanted on a telephone

bool fit_side_by_side(std::size_t most, std::size_t widest) {
  return most * (widest * character_px + 8) <= telephone_px;
}

std::size_t widest_of(const std::vector<std::string>& names) {
  std::size_t widest = 0;
  for (const std::string& name : names) widest = std::max(widest, display_width(printable(name)));
  return widest;
}

bool has_long_names(const Figure& figure) {
  std::size_t widest = 0;
  std::size_t most = 0;
  for (const Layer& layer : figure.layers) {
    widest = std::max(widest, widest_of(layer.category));
    most = std::max(most, layer.category.size());
  }
  return !fit_side_by_side(most, widest);
}

Json title_json(const Axis& axis) { return axis.title.empty() ? Json(nullptr) : Json(axis.title); }

Json named_axis_json(const Axis& axis, const char* channel) {
  std::vector<double> places;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < axis.names.size(); ++i) {
    if (axis.names[i].empty()) continue;
    places.push_back(static_cast<double>(i));
    names.push_back(axis.names[i]);
  }
  Json result = {{"title", title_json(axis)},
                 {"values", places},
                 {"labelExpr", label_expression(names, places)},
                 {"grid", false},
                 {"ticks", false},
                 {"domain", false},
                 {"labelPadding", 6}};
  if (channel[0] == 'x' && !fit_side_by_side(axis.names.size(), widest_of(axis.names))) {
    const bool upright = axis.names.size() > most_slanted;
    result["labelAngle"] = upright ? -90 : -45;
    result["labelAlign"] = "right";
    result["labelBaseline"] = upright ? "middle" : "top";
  }
  return result;
}

Json axis_json(const Axis& axis, const char* channel) {
  if (axis.hidden) return nullptr;
  if (!axis.names.empty()) return named_axis_json(axis, channel);
  Json result = {{"title", title_json(axis)}, {"labelFlush", false}};
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

}  // namespace

Frame frame_of(const Figure& figure) {
  return {.figure = figure,
          .x = domain_of(figure, figure.x, true),
          .y = domain_of(figure, figure.y, false),
          .categorical = std::ranges::any_of(
              figure.layers, [](const Layer& layer) { return layer.mark != Mark::text && !layer.category.empty(); }),
          .long_names = has_long_names(figure)};
}

Json scale_json(const Axis& axis, const Domain& domain) {
  Json scale = {{"type", axis.scale == Scale::log10 ? "log" : "linear"},
                {"domain", Json::array({domain.low, domain.high})},
                {"nice", false}};
  if (axis.scale != Scale::log10) scale["zero"] = false;
  if (axis.reversed) scale["reverse"] = true;
  return scale;
}

Json position_json(const Frame& frame, const char* channel, const char* field) {
  const bool is_x = channel[0] == 'x';
  const Axis& axis = is_x ? frame.figure.x : frame.figure.y;
  if (is_x && frame.categorical) {
    Json names = {{"title", title_json(axis)}, {"labelLimit", 220}};
    names["labelAngle"] = frame.long_names ? -35 : 0;
    return Json{{"field", "category"}, {"type", "nominal"}, {"sort", nullptr}, {"axis", std::move(names)}};
  }
  return Json{{"field", field},
              {"type", "quantitative"},
              {"scale", scale_json(axis, is_x ? frame.x : frame.y)},
              {"axis", axis_json(axis, channel)}};
}

// The labels stand in an expression, whose strings take no raw U+2028.
std::string label_expression(const std::vector<std::string>& texts, const std::vector<double>& values) {
  return Json(texts).dump(-1, ' ', true, Json::error_handler_t::replace) + "[indexof(" + dump(Json(values), -1) +
         ", datum.value)]";
}

// Ticks at given places of the bottom axis. Those that panning moves out of the frame fade.
Json top_axis_json(const Frame& frame) {
  const TopAxis& top = *frame.figure.top;
  std::vector<double> values;
  std::vector<std::string> labels;
  Json rows = Json::array();
  for (std::size_t i = 0; i < top.positions.size(); ++i) {
    if (!std::isfinite(top.positions[i])) continue;
    values.push_back(top.positions[i]);
    labels.push_back(top.labels[i]);
    rows.push_back(Json{{"x", top.positions[i]}});
  }
  const Json inside = {{"condition", {{"test", "inrange(scale('x', datum.value), range('x'))"}, {"value", 1}}},
                       {"value", 0}};
  const Json axis = {{"orient", "top"},        {"title", top.title},
                     {"values", values},       {"labelExpr", label_expression(labels, values)},
                     {"grid", false},          {"labelOverlap", "greedy"},
                     {"labelSeparation", 6},   {"labelFlush", false},
                     {"labelOpacity", inside}, {"tickOpacity", inside}};
  return Json{
      {"data", {{"values", std::move(rows)}}},
      {"mark", {{"type", "point"}, {"opacity", 0}, {"tooltip", nullptr}, {"clip", true}}},
      {"encoding",
       {{"x",
         {{"field", "x"}, {"type", "quantitative"}, {"scale", scale_json(frame.figure.x, frame.x)}, {"axis", axis}}}}}};
}

}  // namespace closo::report::detail
