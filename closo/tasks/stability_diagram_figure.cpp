#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/tasks/detail/figure_parts.hpp"
#include "closo/tasks/stability_figures.hpp"

namespace closo::tasks {
namespace {

using detail::signed_text;
using detail::with_subscripts;
using report::Align;
using report::Layer;
using report::Mark;
using stability::ChemicalSystem;
using stability::PhaseDiagram;

struct Point {
  double x = 0.0, y = 0.0;
};

constexpr int narrow_px = 250;  // a telephone
constexpr int wide_px = 440;    // half of a page

const double gap = std::numeric_limits<double>::quiet_NaN();

// Corners of the drawings, in the order of the elements. The tetrahedron is an oblique parallel projection: positions
// are linear in the atom fractions, as in the triangle.
constexpr std::array<Point, 3> triangle = {{{0.0, 0.0}, {1.0, 0.0}, {0.5, 0.8660254037844386}}};
constexpr std::array<Point, 4> tetrahedron = {{{0.0, 0.17}, {1.0, 0.24}, {0.5, 0.92}, {0.62, 0.0}}};

Point place(const ChemicalSystem& system, std::size_t phase) {
  const std::size_t n = system.elements().size();
  Point point;
  for (std::size_t e = 0; e < n; ++e) {
    const double fraction = system.fractions()[phase * n + e];
    const Point& corner = n == 3 ? triangle[e] : tetrahedron[e];
    point.x += fraction * corner.x;
    point.y += fraction * corner.y;
  }
  return point;
}

std::string phase_hover(const ChemicalSystem& system, std::size_t phase, double above_hull) {
  std::string text = with_subscripts(system.entry(phase).name);
  if (!system.entry(phase).phase.empty()) text += " (" + system.entry(phase).phase + ")";
  text += "\nformation energy " + signed_text(system.energy_eV_per_atom(phase), 3) + " eV/atom";
  return text + (above_hull > 0.0 ? "\n" + signed_text(above_hull, 3) + " eV/atom above the hull" : "\nstable");
}

/// Where words may stand around a point.
struct Trial {
  Align align;
  int lift;
};

/// All places, beginning with those that lead away from the centre of a drawing.
std::array<Trial, 8> outward(const Point& point, const Point& centre) {
  const Align side = point.x >= centre.x ? Align::left : Align::right;
  const Align other = point.x >= centre.x ? Align::right : Align::left;
  const int lift = point.y >= centre.y ? 13 : -13;
  std::array<Trial, 8> trials = {{{side, 0},
                                  {Align::centre, lift},
                                  {side, lift},
                                  {other, 0},
                                  {Align::centre, -lift},
                                  {side, -lift},
                                  {other, lift},
                                  {other, -lift}}};
  // Along the lower rim, words at the side would lie on the rim.
  if (centre.y - point.y > std::abs(point.x - centre.x) / 1.5) std::swap(trials[0], trials[1]);
  return trials;
}

/// A point with its name.
struct Named {
  Point point;
  std::string name;
  std::span<const Trial> trials;  ///< places in the order of preference
};

struct Box {
  double left, right, low, high;
  bool meets(const Box& other) const {
    return left < other.right && other.left < right && low < other.high && other.low < high;
  }
};

/// Pixels of one unit in x and in y.
struct Scale {
  double x_px, y_px;
};

Box box_around(const Point& point, const Scale& scale) {
  const double x = point.x * scale.x_px;
  const double y = point.y * scale.y_px;
  return {.left = x - 4.0, .right = x + 4.0, .low = y - 4.0, .high = y + 4.0};
}

Box box_of(const Named& named, const Trial& trial, const Scale& scale) {
  // Bytes that continue a character take no room.
  const auto length = std::count_if(named.name.begin(), named.name.end(), [](char c) { return (c & 0xC0) != 0x80; });
  const double width = 7.0 * static_cast<double>(length);
  const double x = named.point.x * scale.x_px;
  const double y = named.point.y * scale.y_px + trial.lift;
  double left = x + 7.0;
  if (trial.align == Align::centre) left = x - width / 2.0;
  if (trial.align == Align::right) left = x - 7.0 - width;
  return {.left = left, .right = left + width, .low = y - 7.0, .high = y + 7.0};
}

/// Text layers with the names that fit beside their points without covering another point or name; points to avoid are
/// covered where there is no other place. Returns how many names found none.
std::size_t add_names(report::Figure& figure, const std::vector<Named>& points, const std::vector<Point>& avoided,
                      const Scale& scale, const Layer& look) {
  std::vector<Box> taken;
  std::vector<Box> soft;
  for (const Named& named : points) taken.push_back(box_around(named.point, scale));
  for (const Point& point : avoided) soft.push_back(box_around(point, scale));
  const auto is_free = [](const Box& box, const std::vector<Box>& boxes) {
    return std::none_of(boxes.begin(), boxes.end(), [&box](const Box& there) { return there.meets(box); });
  };
  std::vector<Layer> layers;
  std::size_t left_out = 0;
  for (const Named& named : points) {
    const Trial* chosen = nullptr;
    for (const bool covers : {false, true}) {
      for (const Trial& trial : named.trials) {
        const Box box = box_of(named, trial, scale);
        if (chosen != nullptr || !is_free(box, taken) || (!covers && !is_free(box, soft))) continue;
        chosen = &trial;
        taken.push_back(box);
      }
    }
    if (chosen == nullptr) {
      ++left_out;
      continue;
    }
    auto layer = std::find_if(layers.begin(), layers.end(), [chosen](const Layer& there) {
      return there.align == chosen->align && there.lift == chosen->lift;
    });
    if (layer == layers.end()) {
      layer = layers.insert(layers.end(), look);
      layer->mark = Mark::text;
      layer->align = chosen->align;
      layer->lift = chosen->lift;
    }
    layer->x.push_back(named.point.x);
    layer->y.push_back(named.point.y);
    layer->category.push_back(named.name);
  }
  for (Layer& layer : layers) figure.layers.push_back(std::move(layer));
  return left_out;
}

/// Names for a page and for a telephone, and a word on those that fit neither.
void add_names(report::Figure& figure, const std::vector<Named>& points, const std::vector<Point>& avoided,
               const Scale& wide, const Scale& narrow) {
  add_names(figure, points, avoided, narrow, {.most_width = wide_px});
  const std::size_t left_out = add_names(figure, points, avoided, wide, {.least_width = wide_px});
  if (left_out == 0) return;
  if (!figure.caption.empty()) figure.caption += " ";
  figure.caption += left_out == 1 ? std::string("One stable phase has its name on hover only.")
                                  : std::to_string(left_out) + " stable phases have their names on hover only.";
}

/// Segments as one line with gaps.
void add_segment(Layer& line, const Point& from, const Point& to, const std::string& hover) {
  line.x.insert(line.x.end(), {from.x, to.x, gap});
  line.y.insert(line.y.end(), {from.y, to.y, gap});
  line.hover.insert(line.hover.end(), {hover, hover, hover});
}

std::vector<bool> stable_phases(const ChemicalSystem& system, const PhaseDiagram& diagram) {
  std::vector<bool> stable(system.size(), false);
  for (const std::size_t phase : diagram.stable) stable.at(phase) = true;
  return stable;
}

report::ColourScale hull_colours(const std::vector<double>& above_hull) {
  double highest = 0.0;
  for (const double energy : above_hull) {
    if (std::isfinite(energy)) highest = std::max(highest, energy);
  }
  return {.title = "energy above the hull (eV/atom)",
          .low = 0.0,
          .high = highest > 0.1    ? 0.2
                  : highest > 0.05 ? 0.1
                                   : 0.05};
}

/// Layers of unstable and stable phases at the places that `where` gives; `drawn` says which.
template <class Where, class Drawn>
void add_phases(report::Figure& figure, const ChemicalSystem& system, const PhaseDiagram& diagram,
                const std::vector<double>& above_hull, const Where& where, const Drawn& drawn) {
  const std::vector<bool> is_stable = stable_phases(system, diagram);
  Layer unstable{.mark = Mark::points, .hollow = true};
  Layer stable{.mark = Mark::points};
  for (std::size_t phase = 0; phase < system.size(); ++phase) {
    if (!drawn(phase)) continue;
    Layer& layer = is_stable[phase] ? stable : unstable;
    const Point point = where(phase);
    layer.x.push_back(point.x);
    layer.y.push_back(point.y);
    layer.hover.push_back(phase_hover(system, phase, is_stable[phase] ? 0.0 : above_hull[phase]));
    if (!is_stable[phase]) layer.value.push_back(above_hull[phase]);
  }
  if (!unstable.x.empty()) {
    figure.colours = hull_colours(unstable.value);
    figure.layers.push_back(std::move(unstable));
  }
  figure.layers.push_back(std::move(stable));
}

std::string names_of(const ChemicalSystem& system) {
  std::string text;
  for (const std::string& element : system.elements()) text += (text.empty() ? "" : "–") + element;
  return text;
}

report::Figure binary_figure(const ChemicalSystem& system, const PhaseDiagram& diagram,
                             const std::vector<double>& above_hull) {
  constexpr double highest_drawn = 0.5;  // eV/atom above the hull; far phases would flatten the hull
  report::Figure figure{.id = "phase_diagram", .title = "Phases of " + names_of(system)};
  figure.width = 640;
  figure.height = 400;
  figure.x = {.title = "atom fraction of " + system.elements()[1], .low = -0.03, .high = 1.03};
  const auto where = [&](std::size_t phase) {
    return Point{.x = system.fractions()[phase * 2 + 1], .y = system.energy_eV_per_atom(phase)};
  };
  const auto drawn = [&](std::size_t phase) { return above_hull[phase] <= highest_drawn; };
  std::vector<std::size_t> hull = diagram.stable;
  std::sort(hull.begin(), hull.end(), [&](std::size_t a, std::size_t b) { return where(a).x < where(b).x; });
  Layer line{.mark = Mark::line};
  for (const std::size_t phase : hull) {
    line.x.push_back(where(phase).x);
    line.y.push_back(where(phase).y);
  }
  double lowest = 0.0;
  double highest = 0.0;
  std::size_t far = 0;
  for (std::size_t phase = 0; phase < system.size(); ++phase) {
    if (!drawn(phase)) {
      ++far;
      continue;
    }
    lowest = std::min(lowest, where(phase).y);
    highest = std::max(highest, where(phase).y);
  }
  const double reach = std::max(highest - lowest, 0.02);
  figure.y = {.title = "formation energy (eV/atom)", .low = lowest - 0.12 * reach, .high = highest + 0.06 * reach};
  if (far > 0)
    figure.caption =
        std::to_string(far) + (far == 1 ? " phase" : " phases") + " more than 0.5 eV/atom above the hull not drawn.";
  figure.layers.push_back(std::move(line));
  add_phases(figure, system, diagram, above_hull, where, drawn);
  static constexpr std::array<Trial, 5> below = {
      {{Align::centre, -13}, {Align::left, -13}, {Align::right, -13}, {Align::left, 0}, {Align::right, 0}}};
  static constexpr std::array<Trial, 1> first = {{{Align::left, 12}}};  // elements: inwards, above the hull
  static constexpr std::array<Trial, 1> last = {{{Align::right, 12}}};
  std::vector<Named> named;
  for (const std::size_t phase : hull) {
    Named one{.point = where(phase), .name = with_subscripts(system.entry(phase).name), .trials = below};
    if (one.point.x <= 0.0) one.trials = first;
    if (one.point.x >= 1.0) one.trials = last;
    named.push_back(std::move(one));
  }
  const double range = *figure.y.high - *figure.y.low;
  add_names(figure, named, {}, {.x_px = wide_px / 1.06, .y_px = figure.height / range},
            {.x_px = narrow_px / 1.06, .y_px = 260.0 / range});
  return figure;
}

}  // namespace

report::Figure phase_diagram_figure(const ChemicalSystem& system, const PhaseDiagram& diagram,
                                    const std::vector<double>& above_hull_eV_per_atom) {
  const std::size_t n = system.elements().size();
  if (n < 2 || n > 4)
    throw base::InternalError("a phase diagram of " + std::to_string(n) + " elements cannot be drawn");
  if (above_hull_eV_per_atom.size() != system.size())
    throw base::InternalError("a phase diagram needs one energy above the hull for every phase");
  if (n == 2) return binary_figure(system, diagram, above_hull_eV_per_atom);

  report::Figure figure{.id = "phase_diagram", .title = "Phases of " + names_of(system)};
  figure.x = {.low = -0.12, .high = 1.12, .hidden = true};
  figure.y = {.low = -0.1, .high = 0.98, .hidden = true};
  figure.width = 620;
  figure.height = 540;
  const auto where = [&](std::size_t phase) { return place(system, phase); };

  Layer frame{.mark = Mark::line, .background = true};
  Layer hidden_edge{.mark = Mark::line, .background = true, .dashed = true};
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = a + 1; b < n; ++b) {
      const bool behind = n == 4 && a == 0 && b == 1;
      const std::string hover = system.elements()[a] + "–" + system.elements()[b];
      const Point from = n == 3 ? triangle[a] : tetrahedron[a];
      const Point to = n == 3 ? triangle[b] : tetrahedron[b];
      add_segment(behind ? hidden_edge : frame, from, to, hover);
    }
  }
  Layer ties{.mark = Mark::line, .background = true};
  for (const auto& tie : diagram.ties) {
    add_segment(ties, where(tie[0]), where(tie[1]),
                with_subscripts(system.entry(tie[0]).name) + " – " + with_subscripts(system.entry(tie[1]).name));
  }
  figure.layers.push_back(std::move(frame));
  if (!hidden_edge.x.empty()) figure.layers.push_back(std::move(hidden_edge));
  if (!ties.x.empty()) figure.layers.push_back(std::move(ties));
  add_phases(figure, system, diagram, above_hull_eV_per_atom, where, [](std::size_t) { return true; });

  Point centre;
  for (std::size_t e = 0; e < n; ++e) {
    const Point& corner = n == 3 ? triangle[e] : tetrahedron[e];
    centre.x += corner.x / static_cast<double>(n);
    centre.y += corner.y / static_cast<double>(n);
  }
  // Compounds of few elements lie on the rim, where there is room outside; they come first.
  std::vector<std::size_t> order = diagram.stable;
  const auto rank = [&](std::size_t phase) { return system.entry(phase).formula.terms().size(); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  std::vector<std::array<Trial, 8>> trials(order.size());
  std::vector<Named> named;
  for (std::size_t i = 0; i < order.size(); ++i) {
    trials[i] = outward(where(order[i]), centre);
    named.push_back(
        {.point = where(order[i]), .name = with_subscripts(system.entry(order[i]).name), .trials = trials[i]});
  }
  std::vector<Point> unstable;
  const std::vector<bool> is_stable = stable_phases(system, diagram);
  for (std::size_t phase = 0; phase < system.size(); ++phase) {
    if (!is_stable[phase]) unstable.push_back(where(phase));
  }
  const double units = *figure.x.high - *figure.x.low;
  add_names(figure, named, unstable, {.x_px = wide_px / units, .y_px = wide_px / units},
            {.x_px = narrow_px / units, .y_px = narrow_px / units});
  return figure;
}

}  // namespace closo::tasks
