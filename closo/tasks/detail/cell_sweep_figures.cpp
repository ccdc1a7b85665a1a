#include "closo/tasks/detail/cell_sweep_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include "closo/base/number.hpp"
#include "closo/base/quantity.hpp"
#include "closo/base/unit.hpp"
#include "closo/tasks/detail/cell_settings.hpp"
#include "closo/tasks/detail/figure_parts.hpp"

namespace closo::tasks::detail {
namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();
constexpr double flat_share = 0.7;  // curves that stay above it need no zero on their axis
constexpr double half_bar = 0.36;
constexpr double least_swing = 0.002;      // of the outcome
constexpr double character_share = 0.026;  // of the width of a narrow figure
constexpr int row_height = 26, frame_height = 70;

std::string outcome_text(const cell::OutcomeQuantity& outcome, double value) {
  const std::string unit = base::display(base::Unit::parse(outcome.unit));
  return base::format_number(value, 4) + (unit.empty() ? "" : " " + unit);
}

std::string quantity_text(const std::string& quantity, double value) {
  return report::to_text(quantity_value(quantity, value, 3));
}

/// The place between two nodes of an axis.
double between(const std::vector<double>& nodes, bool is_logarithmic, double place) {
  const double last = static_cast<double>(nodes.size() - 1);
  const std::size_t i = static_cast<std::size_t>(std::clamp(std::floor(place), 0.0, std::max(0.0, last - 1.0)));
  const double share = place - static_cast<double>(i);
  const double a = nodes[i], b = nodes[std::min(i + 1, nodes.size() - 1)];
  return is_logarithmic ? a * std::exp(share * std::log(b / a)) : a + share * (b - a);
}

/// Edges of the boxes around the nodes: half-way between neighbours, as far beyond the ends.
std::vector<double> edges_of(const std::vector<double>& nodes, bool is_logarithmic) {
  std::vector<double> edges;
  if (nodes.size() == 1) {
    const double width = nodes[0] != 0.0 ? 0.1 * std::abs(nodes[0]) : 0.5;
    return {nodes[0] - width, nodes[0] + width};
  }
  for (std::size_t i = 0; i <= nodes.size(); ++i)
    edges.push_back(between(nodes, is_logarithmic, static_cast<double>(i) - 0.5));
  return edges;
}

report::Axis quantity_axis(const std::string& quantity, bool is_logarithmic) {
  report::Axis axis;
  axis.title = quantity_title(quantity);
  axis.scale = is_logarithmic && shown_unit(quantity) != "degC" ? report::Scale::log10 : report::Scale::linear;
  return axis;
}

report::Layer words_at(double x, double y, std::string text, report::Align align) {
  report::Layer words;
  words.mark = report::Mark::text;
  words.x = {x};
  words.y = {y};
  words.category = {std::move(text)};
  words.align = align;
  return words;
}

}  // namespace

std::vector<std::pair<GridPoint, GridPoint>> contour_pieces(std::size_t nx, std::size_t ny,
                                                            const std::vector<double>& values, double level) {
  std::vector<std::pair<GridPoint, GridPoint>> pieces;
  for (std::size_t i = 0; i + 1 < nx; ++i) {
    for (std::size_t j = 0; j + 1 < ny; ++j) {
      // Corners in the order of the walk around the cell.
      const std::array<GridPoint, 4> corner{{{static_cast<double>(i), static_cast<double>(j)},
                                             {static_cast<double>(i + 1), static_cast<double>(j)},
                                             {static_cast<double>(i + 1), static_cast<double>(j + 1)},
                                             {static_cast<double>(i), static_cast<double>(j + 1)}}};
      const std::array<double, 4> v{values[i * ny + j], values[(i + 1) * ny + j], values[(i + 1) * ny + j + 1],
                                    values[i * ny + j + 1]};
      if (!std::ranges::all_of(v, [](double value) { return std::isfinite(value); })) continue;
      std::vector<GridPoint> crossings;
      for (std::size_t k = 0; k < 4; ++k) {
        const std::size_t next = (k + 1) % 4;
        if ((v[k] >= level) == (v[next] >= level)) continue;
        const double share = (level - v[k]) / (v[next] - v[k]);
        crossings.emplace_back(corner[k].first + share * (corner[next].first - corner[k].first),
                               corner[k].second + share * (corner[next].second - corner[k].second));
      }
      if (crossings.size() == 2) {
        pieces.emplace_back(crossings[0], crossings[1]);
      } else if (crossings.size() == 4) {
        const bool is_centre_high = 0.25 * (v[0] + v[1] + v[2] + v[3]) >= level;
        const std::size_t shift = is_centre_high == (v[0] >= level) ? 0 : 1;
        pieces.emplace_back(crossings[shift], crossings[shift + 1]);
        pieces.emplace_back(crossings[(shift + 2) % 4], crossings[(shift + 3) % 4]);
      }
    }
  }
  return pieces;
}

std::vector<double> round_levels(double low, double high, std::size_t most) {
  if (!(low < high) || most == 0) return {};
  const double rough = (high - low) / static_cast<double>(most);
  const double decade = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10.0 * decade;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * decade >= rough) {
      step = factor * decade;
      break;
    }
  }
  std::vector<double> levels;
  for (double k = std::floor(low / step) + 1.0; k * step < high; k += 1.0) levels.push_back(k * step);
  return levels;
}

report::Figure sweep_curves(const std::string& id, const std::string& quantity, bool is_logarithmic,
                            const cell::OutcomeQuantity& outcome, const std::vector<SweepCurve>& curves,
                            std::optional<double> target, const std::string& caption) {
  report::Figure figure;
  figure.id = id;
  figure.title = std::string(outcome.name) + " over " + plain_name(quantity);
  figure.caption = caption;
  figure.x = quantity_axis(quantity, is_logarithmic);
  figure.y.title = outcome_title(outcome);
  double least = std::numeric_limits<double>::infinity(), largest = target.value_or(-least);
  for (const SweepCurve& curve : curves) {
    report::Layer line;
    line.mark = report::Mark::line;
    line.series = curves.size() > 1 ? curve.name : std::string();
    line.y = curve.y;
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      line.x.push_back(shown_value(quantity, curve.x[i]));
      std::string hover = quantity_text(quantity, curve.x[i]) + ", " + curve.name + "\n" +
                          (std::isfinite(curve.y[i]) ? outcome_text(outcome, curve.y[i]) : "no outcome");
      if (i < curve.remarks.size() && !curve.remarks[i].empty()) hover += "\n" + curve.remarks[i];
      line.hover.push_back(std::move(hover));
      if (!std::isfinite(curve.y[i])) continue;
      least = std::min(least, curve.y[i]);
      largest = std::max(largest, curve.y[i]);
    }
    figure.layers.push_back(line);
    if (curve.x.size() <= 40) {
      line.mark = report::Mark::points;
      figure.layers.push_back(std::move(line));
    }
  }
  if (target) {
    report::Layer rule;
    rule.mark = report::Mark::rule_horizontal;
    rule.y = {*target};
    rule.dashed = true;
    rule.hover = {"target: " + outcome_text(outcome, *target)};
    figure.layers.push_back(std::move(rule));
  }
  if (least >= 0.0 && least < flat_share * largest) figure.y.low = 0.0;
  return figure;
}

report::Figure sweep_map(const std::string& id, const std::string& title, const SweepMap& map,
                         const cell::OutcomeQuantity& outcome, std::optional<double> target,
                         const std::vector<std::pair<double, double>>& marks, const std::string& caption) {
  report::Figure figure;
  figure.id = id;
  figure.title = title;
  figure.caption = caption;
  figure.x = quantity_axis(map.x_quantity, map.is_x_logarithmic);
  figure.y = quantity_axis(map.y_quantity, map.is_y_logarithmic);
  const std::vector<double> x_edges = edges_of(map.x, map.is_x_logarithmic);
  const std::vector<double> y_edges = edges_of(map.y, map.is_y_logarithmic);
  const auto shown_x = [&](double x) { return shown_value(map.x_quantity, x); };
  const auto shown_y = [&](double y) { return shown_value(map.y_quantity, y); };
  double low = std::numeric_limits<double>::infinity(), high = -low;
  report::Layer boxes;
  boxes.mark = report::Mark::boxes;
  for (std::size_t i = 0; i < map.x.size(); ++i) {
    for (std::size_t j = 0; j < map.y.size(); ++j) {
      const double value = map.value[i * map.y.size() + j];
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
      add_box(boxes, shown_x(x_edges[i]), shown_x(x_edges[i + 1]), shown_y(y_edges[j]), shown_y(y_edges[j + 1]),
              plain_name(map.x_quantity) + ": " + quantity_text(map.x_quantity, map.x[i]) + "\n" +
                  plain_name(map.y_quantity) + ": " + quantity_text(map.y_quantity, map.y[j]) + "\n" +
                  std::string(outcome.name) + ": " + outcome_text(outcome, value));
      boxes.value.push_back(value);
    }
  }
  if (boxes.value.empty()) return figure;
  figure.x.low = shown_x(x_edges.front());
  figure.x.high = shown_x(x_edges.back());
  figure.y.low = shown_y(y_edges.front());
  figure.y.high = shown_y(y_edges.back());
  figure.colours = report::ColourScale{outcome_title(outcome), low, high > low ? high : low + 1.0, false};
  figure.layers.push_back(std::move(boxes));
  const auto add_contour = [&](double level, bool is_target) {
    report::Layer line;
    line.mark = report::Mark::line;
    line.series = is_target ? "target" : "";
    line.opacity = is_target ? 1.0 : 0.55;
    const auto pieces = contour_pieces(map.x.size(), map.y.size(), map.value, level);
    for (const auto& [from, to] : pieces) {
      for (const GridPoint& point : {from, to}) {
        line.x.push_back(shown_x(between(map.x, map.is_x_logarithmic, point.first)));
        line.y.push_back(shown_y(between(map.y, map.is_y_logarithmic, point.second)));
      }
      line.x.push_back(gap);
      line.y.push_back(gap);
    }
    if (pieces.empty()) return;
    const std::size_t middle = 3 * (pieces.size() / 2);
    report::Layer words =
        words_at(line.x[middle], line.y[middle], base::format_number(level, 4), report::Align::centre);
    words.lift = 8;
    figure.layers.push_back(std::move(line));
    figure.layers.push_back(std::move(words));
  };
  for (const double level : round_levels(low, high)) {
    if (!target || std::abs(level - *target) > 0.02 * (high - low)) add_contour(level, false);
  }
  if (target) add_contour(*target, true);
  if (!marks.empty()) {
    report::Layer points;
    points.mark = report::Mark::points;
    points.series = "chosen";
    for (const auto& [x, y] : marks) {
      points.x.push_back(shown_x(x));
      points.y.push_back(shown_y(y));
    }
    figure.layers.push_back(std::move(points));
  }
  return figure;
}

report::Figure tornado_figure(const std::string& id, const std::string& title, const std::string& axis, double centre,
                              std::vector<TornadoRow> rows, std::size_t most, const std::string& caption) {
  const auto reach = [&](const TornadoRow& row) {
    return std::max(row.low ? std::abs(*row.low - centre) : 0.0, row.high ? std::abs(*row.high - centre) : 0.0);
  };
  std::ranges::stable_sort(rows, std::greater<>{}, reach);
  std::erase_if(rows, [&](const TornadoRow& row) { return !(reach(row) > least_swing * std::abs(centre)); });
  if (rows.size() > most) rows.resize(most);
  report::Figure figure;
  figure.id = id;
  figure.title = title;
  figure.caption = caption;
  figure.x.title = axis;
  figure.y.reversed = true;
  figure.y.low = -0.6;
  figure.y.high = static_cast<double>(rows.size()) - 0.4;
  report::Layer low, high;
  low.mark = high.mark = report::Mark::boxes;
  low.series = "at the low end";
  high.series = "at the high end";
  double least = centre, largest = centre;
  std::vector<report::Layer> words;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double y = static_cast<double>(i);
    figure.y.names.push_back(rows[i].name);
    const auto add = [&](report::Layer& layer, const std::optional<double>& end, const std::string& text) {
      if (!end) return;
      add_box(layer, std::min(centre, *end), std::max(centre, *end), y - half_bar, y + half_bar,
              rows[i].name + " " + text + "\n" + base::format_number(*end, 4));
      least = std::min(least, *end);
      largest = std::max(largest, *end);
    };
    add(low, rows[i].low, rows[i].low_text);
    add(high, rows[i].high, rows[i].high_text);
  }
  // The words at the ends of the bars need room: as shares of a narrow figure.
  double left = 0.03, right = 0.03;
  const auto widen = [&](const std::optional<double>& end, const std::string& text) {
    if (!end) return;
    double& side = *end < centre ? left : right;
    const auto letters = std::ranges::count_if(text, [](char byte) { return (byte & 0xC0) != 0x80; });
    side = std::max(side, std::min(0.36, 0.03 + character_share * static_cast<double>(letters)));
  };
  for (const TornadoRow& row : rows) {
    widen(row.low, row.low_text);
    widen(row.high, row.high_text);
  }
  const double whole = std::max(largest - least, 1e-9 * std::abs(centre) + 1e-12) / (1.0 - left - right);
  figure.x.low = least - left * whole;
  figure.x.high = largest + right * whole;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double y = static_cast<double>(i);
    const auto label = [&](const std::optional<double>& end, const std::optional<double>& other,
                           const std::string& text) {
      if (!end || std::abs(*end - centre) < 0.004 * (largest - least)) return;
      // Where both ends lie on one side, only the farther one has room for its words.
      if (other && (*other - centre) * (*end - centre) > 0.0 && std::abs(*other - centre) > std::abs(*end - centre))
        return;
      words.push_back(words_at(*end, y, text, *end < centre ? report::Align::right : report::Align::left));
    };
    label(rows[i].low, rows[i].high, rows[i].low_text);
    label(rows[i].high, rows[i].low, rows[i].high_text);
  }
  figure.layers.push_back(std::move(low));
  figure.layers.push_back(std::move(high));
  report::Layer rule;
  rule.mark = report::Mark::rule_vertical;
  rule.x = {centre};
  rule.hover = {"as described: " + base::format_number(centre, 4)};
  figure.layers.push_back(std::move(rule));
  for (report::Layer& layer : words) figure.layers.push_back(std::move(layer));
  figure.height = frame_height + row_height * static_cast<int>(rows.size());
  return figure;
}

report::Figure bars_figure(const std::string& id, const std::string& title, const std::string& axis,
                           std::vector<NamedShare> rows, std::size_t most, const std::string& caption) {
  std::ranges::stable_sort(rows, std::greater<>{}, [](const NamedShare& row) { return std::abs(row.value); });
  if (rows.size() > most) rows.resize(most);
  report::Figure figure;
  figure.id = id;
  figure.title = title;
  figure.caption = caption;
  figure.x.title = axis;
  figure.y.reversed = true;
  figure.y.low = -0.6;
  figure.y.high = static_cast<double>(rows.size()) - 0.4;
  report::Layer raises, lowers;
  raises.mark = lowers.mark = report::Mark::boxes;
  raises.series = "more raises it";
  lowers.series = "more lowers it";
  double least = 0.0, largest = 0.0;
  std::vector<report::Layer> words;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double y = static_cast<double>(i), value = rows[i].value;
    figure.y.names.push_back(rows[i].name);
    add_box(rows[i].direction < 0.0 ? lowers : raises, std::min(0.0, value), std::max(0.0, value), y - half_bar,
            y + half_bar, rows[i].name + ": " + base::format_with_uncertainty(value, rows[i].uncertainty));
    words.push_back(
        words_at(value, y, signed_text(value, 2), value < 0.0 ? report::Align::right : report::Align::left));
    least = std::min(least, value);
    largest = std::max(largest, value);
  }
  const double room = 0.22 * std::max(largest - least, 1e-12);
  figure.x.low = least < 0.0 ? least - room : 0.0;
  figure.x.high = largest > 0.0 ? largest + room : 0.0;
  for (report::Layer* layer : {&raises, &lowers}) {
    if (!layer->x_low.empty()) figure.layers.push_back(std::move(*layer));
  }
  for (report::Layer& layer : words) figure.layers.push_back(std::move(layer));
  figure.height = frame_height + row_height * static_cast<int>(rows.size());
  return figure;
}

}  // namespace closo::tasks::detail
