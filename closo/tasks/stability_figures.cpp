#include "closo/tasks/stability_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/stability/reaction.hpp"
#include "closo/tasks/detail/figure_parts.hpp"

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

struct Span {
  double low, high;
};

// Interfaces --------------------------------------------------------------------------------------------------------

std::string side(const std::vector<stability::ReactionTerm>& terms) {
  std::string text;
  for (const stability::ReactionTerm& term : terms) {
    if (!text.empty()) text += " + ";
    if (std::abs(term.coefficient - 1.0) > 1e-9) text += base::format_number(term.coefficient, 4) + " ";
    text += with_subscripts(term.name);
  }
  return text;
}

/// What the energies of the curves count, each once.
std::vector<std::string> energy_units(const std::vector<InterfaceCurve>& curves) {
  std::vector<std::string> units;
  for (const InterfaceCurve& curve : curves) {
    const std::string unit = curve.reaction.open ? "eV/non-" + curve.reaction.open->element + " atom" : "eV/atom";
    if (std::find(units.begin(), units.end(), unit) == units.end()) units.push_back(unit);
  }
  return units;
}

/// Room below the lowest point for its number, and a visible axis where nothing reacts.
report::Axis energy_axis(std::string title, double lowest, double highest) {
  const double depth = std::max(highest - lowest, 0.05);
  return {.title = std::move(title),
          .low = std::min(lowest, highest - 0.05) - 0.12 * depth,
          .high = highest + 0.06 * depth};
}

// Heat maps ---------------------------------------------------------------------------------------------------------

/// The next round number.
double rounded_up(double magnitude) {
  const double power = std::pow(10.0, std::floor(std::log10(magnitude)));
  for (const double step : {1.0, 2.0, 3.0, 5.0}) {
    if (magnitude <= step * power * (1.0 + 1e-9)) return step * power;
  }
  return 10.0 * power;
}

/// Up to the largest magnitude but for the outermost tenth, so that a few extremes do not make all others look alike.
report::ColourScale colours_of(const HeatMap& map) {
  constexpr double noise = 1e-3;  // around zero, no structure
  double lowest = 0.0;
  double highest = 0.0;
  std::vector<double> magnitudes;
  for (const std::optional<double>& value : map.values) {
    if (!value || !std::isfinite(*value)) continue;
    lowest = std::min(lowest, *value);
    highest = std::max(highest, *value);
    magnitudes.push_back(std::abs(*value));
  }
  std::sort(magnitudes.begin(), magnitudes.end());
  double reach = 0.1;
  if (!magnitudes.empty()) {
    const std::size_t last = magnitudes.size() - 1;
    reach = rounded_up(std::max(magnitudes[last - last / 10], 0.1));
    if (magnitudes.back() <= 1.5 * reach) reach = std::max(rounded_up(magnitudes.back()), 0.1);
  }
  report::ColourScale colours{.title = map.value_title};
  colours.diverging = lowest < -noise && highest > noise;
  colours.low = colours.diverging ? -reach : 0.0;
  colours.high = highest > noise ? reach : -reach;
  return colours;
}

// Distributions -----------------------------------------------------------------------------------------------------

/// Freedman and Diaconis' width (Z. Wahrscheinlichkeitstheorie verw. Gebiete 57 (1981) 453, DOI 10.1007/BF01025868),
/// rounded so that bins begin at round potentials.
double bin_width(std::vector<double> draws) {
  if (draws.size() < 2) return 0.1;
  std::sort(draws.begin(), draws.end());
  const auto at = [&draws](double share) {
    return draws[static_cast<std::size_t>(share * static_cast<double>(draws.size() - 1))];
  };
  const double width = 2.0 * (at(0.75) - at(0.25)) / std::cbrt(static_cast<double>(draws.size()));
  return std::clamp(rounded_up(std::max(width, 1e-3)), 0.01, 0.5);
}

Layer histogram(const std::string& name, const std::vector<double>& draws, double width, std::size_t all) {
  Layer layer{.mark = Mark::boxes, .series = name};
  std::vector<double> sorted = draws;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size();) {
    const double bin = std::floor(sorted[i] / width + 1e-9);
    std::size_t end = i;
    while (end < sorted.size() && std::floor(sorted[end] / width + 1e-9) == bin) ++end;
    const double share = 100.0 * static_cast<double>(end - i) / static_cast<double>(all);
    add_box(layer, bin * width, (bin + 1.0) * width, 0.0, share,
            name + "\n" + volts(bin * width) + " to " + volts((bin + 1.0) * width) + ": " +
                base::format_number(share, 3) + " % of the draws");
    i = end;
  }
  return layer;
}

std::vector<double> finite(const std::vector<double>& draws) {
  std::vector<double> result;
  for (const double draw : draws) {
    if (std::isfinite(draw)) result.push_back(draw);
  }
  return result;
}

}  // namespace

report::Figure plateau_figure(const stability::ChemicalSystem& system, const stability::VoltageProfile& profile,
                              std::string_view compound) {
  constexpr double no_exchange = 1e-6;
  const std::string name = with_subscripts(compound);
  report::Figure figure{.id = "plateaus", .title = "What " + name + " turns into, by potential"};
  figure.x.title = potential_title(profile.mobile);
  figure.y.title = profile.mobile + " uptake per " + name;
  figure.width = 640;
  figure.height = 400;
  Layer line{.mark = Mark::line};
  Layer window{.mark = Mark::boxes, .opacity = 0.35};
  Layer above{.mark = Mark::text};
  Layer below{.mark = Mark::text, .align = Align::right};
  above.lift = 9;
  below.lift = -10;
  double last_break = 0.0;
  double top = 0.0;
  double bottom = 0.0;
  std::optional<Span> stable;
  for (std::size_t i = 0; i < profile.steps.size(); ++i) {
    const stability::ProfileStep& step = profile.steps[i];
    if (i > 0) last_break = std::max(last_break, step.low_V);
    top = std::max(top, step.uptake);
    bottom = std::min(bottom, step.uptake);
    if (std::abs(step.uptake) < no_exchange) {
      stable = {stable ? std::min(stable->low, step.low_V) : step.low_V,
                stable ? std::max(stable->high, step.high_V) : step.high_V};
    }
  }
  if (profile.steps.empty()) return figure;
  const Span axis{.low = profile.steps.front().low_V,
                  .high = std::max(std::min(std::max(std::ceil(last_break + 0.4), 4.0), profile.steps.back().high_V),
                                   profile.steps.front().low_V + 0.1)};
  const double reach = std::max(top - bottom, 1e-3);
  figure.x.low = axis.low;
  figure.x.high = axis.high;
  figure.y.low = bottom - 0.12 * reach;
  figure.y.high = top + 0.1 * reach;

  // Words stand in the two corners that a falling staircase leaves free: above its left half, below its right half. Of
  // plateaus closer than a line of words, the wider one keeps its words.
  std::vector<std::size_t> order(profile.steps.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto width = [&](std::size_t i) {
    return std::min(profile.steps[i].high_V, axis.high) - profile.steps[i].low_V;
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return width(a) > width(b); });
  std::vector<double> taken_above;
  std::vector<double> taken_below;
  const double line_height = 15.0 / figure.height * 1.22 * reach;
  std::vector<bool> worded(profile.steps.size(), false);
  for (const std::size_t i : order) {
    const stability::ProfileStep& step = profile.steps[i];
    const bool is_above = (step.low_V + std::min(step.high_V, axis.high)) / 2.0 < (axis.low + axis.high) / 2.0;
    std::vector<double>& taken = is_above ? taken_above : taken_below;
    worded[i] = width(i) > 0.0 && std::none_of(taken.begin(), taken.end(), [&](double level) {
                  return std::abs(level - step.uptake) < line_height;
                });
    if (worded[i]) taken.push_back(step.uptake);
  }

  for (std::size_t i = 0; i < profile.steps.size(); ++i) {
    const stability::ProfileStep& step = profile.steps[i];
    std::string words;
    std::string amounts;
    for (const stability::PhaseAmount& product : step.products) {
      const std::string phase = with_subscripts(system.entry(product.phase).name);
      words += (words.empty() ? "" : " + ") + phase;
      amounts += (amounts.empty() ? "" : " + ") + base::format_number(product.amount, 3) + " " + phase;
    }
    const double high = std::min(step.high_V, axis.high);
    const std::string hover = volts(step.low_V) + " to " + volts(step.high_V) + "\nuptake " +
                              signed_text(step.uptake, 3) + " " + profile.mobile + " per formula unit\n" + amounts;
    for (const double x : {step.low_V, high}) {
      line.x.push_back(x);
      line.y.push_back(step.uptake);
      line.hover.push_back(hover);
    }
    if (!worded[i]) continue;
    const bool is_above = (step.low_V + high) / 2.0 < (axis.low + axis.high) / 2.0;
    Layer& layer = is_above ? above : below;
    layer.x.push_back(is_above ? step.low_V : high);
    layer.y.push_back(step.uptake);
    layer.room.push_back(is_above ? axis.high - step.low_V : high - axis.low);
    layer.category.push_back(std::move(words));
  }
  if (stable && stable->high > stable->low) {
    window.series = "window " + volts(stable->low) + " to " + volts(stable->high);
    add_box(window, stable->low, std::min(stable->high, axis.high), *figure.y.low, *figure.y.high, window.series);
    figure.layers.push_back(std::move(window));
  }
  figure.layers.push_back(std::move(line));
  if (!above.x.empty()) figure.layers.push_back(std::move(above));
  if (!below.x.empty()) figure.layers.push_back(std::move(below));
  return figure;
}

report::Figure interface_figure(const stability::ChemicalSystem& system, const std::vector<InterfaceCurve>& curves,
                                std::string_view a, std::string_view b) {
  report::Figure figure{.id = "interface"};
  const std::string first = with_subscripts(a);
  const std::string second = with_subscripts(b);
  figure.title = first + " in contact with " + second;
  figure.x = {.title = "x in x " + first + " + (1 − x) " + second, .low = -0.02, .high = 1.02};
  figure.width = 640;
  figure.height = 380;
  double lowest = 0.0;
  double highest = 0.0;
  Layer numbers{.mark = Mark::text, .align = Align::centre, .lift = -13};
  for (const InterfaceCurve& curve : curves) {
    Layer line{.mark = Mark::line, .series = curve.name};
    Layer points{.mark = Mark::points, .series = curve.name};
    const stability::InterfaceKink* deepest = nullptr;
    for (const stability::InterfaceKink& kink : curve.reaction.kinks) {
      lowest = std::min(lowest, kink.energy_eV);
      highest = std::max(highest, kink.energy_eV);
      if (deepest == nullptr || kink.energy_eV < deepest->energy_eV) deepest = &kink;
      std::string products;
      for (const stability::PhaseAmount& product : kink.products) {
        products += (products.empty() ? "" : " + ") + with_subscripts(system.entry(product.phase).name);
      }
      std::string hover = curve.name + "\nx = " + base::format_number(kink.fraction, 3) + ": " +
                          signed_text(kink.energy_eV, 3) + " eV, mutual " + signed_text(kink.mutual_energy_eV, 3) +
                          " eV";
      if (!kink.reaction.empty()) {
        hover += "\n" + side(kink.reaction.reactants) + " → " + side(kink.reaction.products);
      } else if (!products.empty()) {
        hover += "\n" + products;
      }
      line.x.push_back(kink.fraction);
      line.y.push_back(kink.energy_eV);
      points.hover.push_back(std::move(hover));
    }
    points.x = line.x;
    points.y = line.y;
    if (deepest != nullptr && deepest->energy_eV < -5e-4) {
      numbers.x.push_back(deepest->fraction);
      numbers.y.push_back(deepest->energy_eV);
      numbers.category.push_back(signed_text(deepest->energy_eV, 3));
    }
    figure.layers.push_back(std::move(line));
    figure.layers.push_back(std::move(points));
  }
  const std::vector<std::string> units = energy_units(curves);
  figure.y =
      energy_axis("reaction energy (" + (units.size() == 1 ? units[0] : std::string("eV/atom")) + ")", lowest, highest);
  if (units.size() > 1) {
    for (const std::string& unit : units) figure.caption += (figure.caption.empty() ? "Energies in " : " or ") + unit;
    figure.caption += "; atoms of the open element do not count.";
  }
  figure.layers.push_back({.mark = Mark::rule_horizontal, .y = {0.0}, .background = true});
  if (numbers.x.empty() && !curves.empty()) {
    numbers.x = {0.5};
    numbers.y = {0.0};
    numbers.category = {"no reaction"};
  }
  if (!numbers.x.empty()) figure.layers.push_back(std::move(numbers));
  return figure;
}

report::Figure interface_voltage_figure(const std::vector<stability::InterfaceAtVoltage>& points, std::string_view a,
                                        std::string_view b, std::string_view mobile) {
  const std::string first = with_subscripts(a);
  const std::string second = with_subscripts(b);
  report::Figure figure{.id = "interface_voltage", .title = first + " | " + second + " over potential"};
  figure.x.title = potential_title(mobile);
  figure.width = 640;
  figure.height = 380;
  using Energy = double stability::InterfaceEnergies::*;
  struct Quantity {
    std::string name;
    Energy energy;
    bool dashed;
  };
  double lowest = 0.0;
  double highest = 0.0;
  for (const Quantity& quantity : {Quantity{"mixing", &stability::InterfaceEnergies::mixing_eV, false},
                                   Quantity{"mutual", &stability::InterfaceEnergies::mutual_eV, false},
                                   Quantity{first + " alone", &stability::InterfaceEnergies::no_mixing_A_eV, true},
                                   Quantity{second + " alone", &stability::InterfaceEnergies::no_mixing_B_eV, true}}) {
    Layer line{.mark = Mark::line, .series = quantity.name, .dashed = quantity.dashed};
    for (const stability::InterfaceAtVoltage& point : points) {
      const double energy = point.energies.*quantity.energy;
      line.x.push_back(point.potential_V);
      line.y.push_back(energy);
      line.hover.push_back(quantity.name + " at " + volts(point.potential_V) + ": " + signed_text(energy, 3) + " eV");
      if (!std::isfinite(energy)) continue;
      lowest = std::min(lowest, energy);
      highest = std::max(highest, energy);
    }
    figure.layers.push_back(std::move(line));
  }
  figure.y = energy_axis("reaction energy (eV/non-" + std::string(mobile) + " atom)", lowest, highest);
  if (!points.empty()) {
    figure.x.low = points.front().potential_V;
    figure.x.high = points.back().potential_V;
  }
  figure.layers.push_back({.mark = Mark::rule_horizontal, .y = {0.0}, .background = true});
  return figure;
}

report::Figure heat_map_figure(const HeatMap& map) {
  const std::size_t cells = map.rows.size() * map.columns.size();
  if (map.values.size() != cells || (!map.hover.empty() && map.hover.size() != cells))
    throw base::InternalError("the heat map '" + map.id + "' has not one value a cell");
  report::Figure figure{.id = map.id, .title = map.title, .caption = map.caption};
  figure.colours = colours_of(map);
  const double reach = std::abs(figure.colours->high);
  const bool is_cut = std::any_of(map.values.begin(), map.values.end(), [reach](const std::optional<double>& value) {
    return value && std::isfinite(*value) && std::abs(*value) > reach;
  });
  if (is_cut) {
    figure.caption += figure.caption.empty() ? "" : " ";
    figure.caption += "All values beyond " + base::format_number(reach) + " have the strongest colour.";
  }
  figure.y.reversed = true;
  for (const std::string& name : map.rows) figure.y.names.push_back(with_subscripts(name));
  for (const std::string& name : map.columns) figure.x.names.push_back(with_subscripts(name));
  figure.width = static_cast<int>(std::clamp<std::size_t>(54 * map.columns.size() + 140, 320, 1000));
  figure.height = static_cast<int>(std::max<std::size_t>(26 * map.rows.size(), 40));
  Layer known{.mark = Mark::boxes};
  Layer missing{.mark = Mark::boxes, .series = "not in the set", .background = true};
  Layer numbers{.mark = Mark::text, .align = Align::centre};
  for (std::size_t i = 0; i < cells; ++i) {
    const std::size_t row = i / map.columns.size();
    const std::size_t column = i % map.columns.size();
    const auto x = static_cast<double>(column);
    const auto y = static_cast<double>(row);
    const bool there = map.values[i] && std::isfinite(*map.values[i]);
    std::string hover = map.hover.empty() ? std::string() : with_subscripts(map.hover[i]);
    if (hover.empty()) {
      hover = figure.y.names[row] + " | " + figure.x.names[column] + "\n" +
              (there ? map.value_title + ": " + signed_text(*map.values[i], 3) : missing.series);
    }
    add_box(there ? known : missing, x - 0.5, x + 0.5, y - 0.5, y + 0.5, hover);
    if (!there) continue;
    known.value.push_back(*map.values[i]);
    numbers.x.push_back(x);
    numbers.y.push_back(y);
    numbers.room.push_back(1.0);
    numbers.category.push_back(signed_text(*map.values[i], 2));
    numbers.hover.push_back(std::move(hover));
  }
  if (!known.x_low.empty()) figure.layers.push_back(std::move(known));
  if (!missing.x_low.empty()) figure.layers.push_back(std::move(missing));
  if (!numbers.x.empty()) figure.layers.push_back(std::move(numbers));
  return figure;
}

report::Figure limit_distribution_figure(const stability::WindowDistribution& distribution, std::string_view mobile) {
  report::Figure figure{.id = "limit_distribution", .title = "Limits over the draws"};
  figure.x.title = potential_title(mobile);
  figure.y = {.title = "share of the draws (%)", .low = 0.0};
  figure.width = 640;
  figure.height = 320;
  if (distribution.reduction_is_open > 0.0) {
    figure.caption = base::format_number(100.0 * distribution.reduction_is_open, 3) +
                     " % of the draws have no reduction limit above the metal.";
  }
  double tallest = 0.0;
  const auto add = [&](const std::string& name, const std::vector<double>& all, const stability::Quantiles& quantiles,
                       Align align) {
    const std::vector<double> draws = finite(all);
    if (draws.empty()) return;
    figure.layers.push_back(histogram(name, draws, bin_width(draws), all.size()));
    for (const double share : figure.layers.back().y_high) tallest = std::max(tallest, share);
    figure.layers.push_back({.mark = Mark::rule_vertical,
                             .x = {quantiles.median},
                             .hover = {name + "\nmedian " + volts(quantiles.median) +
                                       ", 16 to 84 %: " + volts(quantiles.low) + " to " + volts(quantiles.high)},
                             .dashed = true});
    figure.layers.push_back({.mark = Mark::text,
                             .x = {quantiles.median},
                             .y = {0.0},
                             .category = {volts(quantiles.median)},
                             .align = align});
  };
  // The words at the medians stand between the two.
  add("reduction", distribution.reduction_draws_V, distribution.reduction_V, Align::left);
  add("oxidation", distribution.oxidation_draws_V, distribution.oxidation_V, Align::right);
  figure.y.high = tallest > 0.0 ? 1.15 * tallest : 1.0;
  for (Layer& layer : figure.layers) {
    if (layer.mark == Mark::text) layer.y = {1.08 * tallest};
  }
  return figure;
}

}  // namespace closo::tasks
