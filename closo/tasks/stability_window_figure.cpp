#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "closo/tasks/detail/figure_parts.hpp"
#include "closo/tasks/stability_figures.hpp"

namespace closo::tasks {
namespace {

using detail::add_box;
using detail::potential_title;
using detail::signed_text;
using detail::volts;
using detail::with_subscripts;
using report::Align;
using report::Layer;
using report::Mark;

constexpr double character_px = 6.2;  // of the small words beside and inside bars
constexpr double narrow_px = 440.0;   // bars on a page with little room

std::size_t position_of(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  const auto index = static_cast<std::size_t>(found - names.begin());
  if (found == names.end()) names.push_back(name);
  return index;
}

struct Span {
  double low, high;
};

constexpr std::array fading = {0.85, 0.7, 0.55, 0.4, 0.25, 0.12};

std::string bar_hover(const WindowBar& bar) {
  const auto limit = [](double potential, bool open, const std::optional<double>& uncertainty, const char* beyond) {
    if (open) return "no limit " + std::string(beyond) + " " + volts(potential);
    return volts(potential) + (uncertainty ? " ± " + signed_text(*uncertainty, 2) : std::string());
  };
  std::string text = with_subscripts(bar.material) + ", " + bar.kind + "\nfrom " +
                     limit(bar.low_V, bar.low_is_open, bar.low_uncertainty_V, "down to") + "\nto " +
                     limit(bar.high_V, bar.high_is_open, bar.high_uncertainty_V, "up to");
  if (!bar.low_products.empty()) text += "\nbelow: " + with_subscripts(bar.low_products);
  if (!bar.high_products.empty()) text += "\nabove: " + with_subscripts(bar.high_products);
  return text;
}

/// Words at both ends of a bar: outside where they fit, else inside.
class EndWords {
 public:
  EndWords(Span axis, double width_px) : axis_(axis), volt_px_(width_px / (axis.high - axis.low)) {}

  void add(const WindowBar& bar, Span solid, double y) {
    const double bar_width = solid.high - solid.low;
    const double low_whisker = bar.low_is_open ? 0.0 : bar.low_uncertainty_V.value_or(0.0);
    const double high_whisker = bar.high_is_open ? 0.0 : bar.high_uncertainty_V.value_or(0.0);
    const double left = bar.low_is_open ? 0.0 : solid.low - low_whisker - axis_.low;
    const double right = bar.high_is_open ? 0.0 : axis_.high - solid.high - high_whisker;
    const bool low_inside = !bar.low_products.empty() && left < std::min(needed(bar.low_products), bar_width);
    const bool high_inside = !bar.high_products.empty() && right < std::min(needed(bar.high_products), bar_width);
    const double inside = low_inside && high_inside ? bar_width / 2.0 : bar_width;
    if (!bar.low_products.empty()) {
      const std::string words = with_subscripts(bar.low_products);
      if (low_inside) {
        put(left_aligned_, "◂ " + words, solid.low + low_whisker, y, inside - low_whisker);
      } else {
        put(right_aligned_, words, axis_.low + left, y, left);
      }
    }
    if (!bar.high_products.empty()) {
      const std::string words = with_subscripts(bar.high_products);
      if (high_inside) {
        put(right_aligned_, words + " ▸", solid.high - high_whisker, y, inside - high_whisker);
      } else {
        put(left_aligned_, words, axis_.high - right, y, right);
      }
    }
  }

  void move_to(report::Figure& figure) {
    right_aligned_.align = Align::right;
    for (Layer* layer : {&left_aligned_, &right_aligned_}) {
      layer->mark = Mark::text;
      if (!layer->x.empty()) figure.layers.push_back(std::move(*layer));
    }
  }

 private:
  double needed(const std::string& words) const {
    return (static_cast<double>(words.size()) * character_px + 16.0) / volt_px_;
  }
  static void put(Layer& layer, std::string words, double x, double y, double room) {
    layer.category.push_back(std::move(words));
    layer.x.push_back(x);
    layer.y.push_back(y);
    layer.room.push_back(room);
  }

  Span axis_;
  double volt_px_;
  Layer left_aligned_{}, right_aligned_{};
};

}  // namespace

report::Figure window_figure(std::string title, const std::vector<WindowBar>& bars, std::string_view mobile) {
  std::vector<std::string> materials;
  std::vector<std::string> kinds;
  std::vector<std::vector<std::size_t>> rows;  // bars of each material, in the order of the kinds
  double highest = 0.0;
  double lowest = 0.0;
  bool open_below = false;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const std::size_t row = position_of(materials, bars[i].material);
    rows.resize(materials.size());
    rows[row].push_back(i);
    position_of(kinds, bars[i].kind);
    if (!bars[i].high_is_open) highest = std::max(highest, bars[i].high_V + bars[i].high_uncertainty_V.value_or(0.0));
    lowest = std::min(lowest, bars[i].low_V);
    open_below = open_below || bars[i].low_is_open;
  }
  for (std::vector<std::size_t>& row : rows) {
    std::stable_sort(row.begin(), row.end(), [&](std::size_t a, std::size_t b) {
      return position_of(kinds, bars[a].kind) < position_of(kinds, bars[b].kind);
    });
  }

  report::Figure figure{.id = "windows", .title = std::move(title)};
  const Span axis{.low = lowest - (open_below ? 0.35 : 0.0), .high = std::max(6.0, std::ceil(highest + 0.5))};
  figure.x = {.title = potential_title(mobile), .low = axis.low, .high = axis.high};
  figure.y.reversed = true;
  figure.width = 700;

  // A bar is two units high and half a unit lies above and below the bars of a material, so that its name stands at a
  // whole number.
  constexpr double unit_px = 12.5;
  std::vector<double> place(bars.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto first = static_cast<double>(figure.y.names.size());
    for (std::size_t k = 0; k < rows[row].size(); ++k) place[rows[row][k]] = first + 1.0 + 2.0 * static_cast<double>(k);
    figure.y.names.resize(figure.y.names.size() + 2 * rows[row].size() + 1);
    figure.y.names[static_cast<std::size_t>(first) + rows[row].size()] = with_subscripts(materials[row]);
  }
  figure.height =
      static_cast<int>(std::lround(unit_px * static_cast<double>(std::max<std::size_t>(figure.y.names.size(), 3))));

  constexpr double half = 0.8;
  EndWords words(axis, narrow_px);
  Layer whiskers{.mark = Mark::boxes};
  for (const std::string& kind : kinds) {
    Layer solid{.mark = Mark::boxes, .series = kind};
    std::array<Layer, fading.size()> faded{};
    for (std::size_t i = 0; i < bars.size(); ++i) {
      const WindowBar& bar = bars[i];
      if (bar.kind != kind) continue;
      const double y = place[i];
      const std::string hover = bar_hover(bar);
      Span full{bar.low_V, std::min(bar.high_V, axis.high)};
      if (bar.high_is_open) full.high = std::max(axis.high - 0.7, full.low);
      add_box(solid, full.low, full.high, y - half, y + half, hover);
      for (std::size_t step = 0; step < fading.size(); ++step) {
        const double from = static_cast<double>(step) / fading.size();
        const double to = static_cast<double>(step + 1) / fading.size();
        if (bar.high_is_open) {
          const double length = axis.high - full.high;
          add_box(faded[step], full.high + from * length, full.high + to * length, y - half, y + half, hover);
        }
        if (bar.low_is_open) {
          const double length = full.low - axis.low;
          add_box(faded[step], full.low - to * length, full.low - from * length, y - half, y + half, hover);
        }
      }
      const auto whisker = [&](double at, const std::optional<double>& uncertainty) {
        if (uncertainty && *uncertainty > 0.0)
          add_box(whiskers, at - *uncertainty, at + *uncertainty, y - 0.12, y + 0.12, hover);
      };
      if (!bar.low_is_open) whisker(bar.low_V, bar.low_uncertainty_V);
      if (!bar.high_is_open) whisker(bar.high_V, bar.high_uncertainty_V);
      words.add(bar, full, y);
    }
    figure.layers.push_back(std::move(solid));
    for (std::size_t step = 0; step < fading.size(); ++step) {
      faded[step].mark = Mark::boxes;
      faded[step].series = kind;
      faded[step].opacity = fading[step];
      if (!faded[step].x_low.empty()) figure.layers.push_back(std::move(faded[step]));
    }
  }
  if (!whiskers.x_low.empty()) figure.layers.push_back(std::move(whiskers));
  words.move_to(figure);
  return figure;
}

}  // namespace closo::tasks
