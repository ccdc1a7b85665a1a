#include "closo/tasks/cell_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "closo/base/number.hpp"

namespace closo::tasks {
namespace {

constexpr double mAh_per_g = 3600.0;   // C/kg
constexpr double Wh_per_kg = 3600.0;   // J/kg
constexpr double mA_per_cm2 = 10.0;    // A/m²
constexpr double mV = 1e-3;            // V
constexpr std::size_t most_named = 6;  // losses with a colour of their own
constexpr double smallest_share = 0.01;
constexpr double area_opacity = 0.7;
constexpr double highest_per_mean = 4.0;  // of the axis of a loss area
constexpr double wide = 8.0;              // largest / smallest from which an axis is logarithmic

using Budget = std::array<double, cell::loss_count>;

std::string number(double value, int digits = 4) { return base::format_number(value, digits); }

/// Which losses are named, largest `weight` first found, in the order of the budget; the others are "other".
std::vector<std::size_t> named_losses(const Budget& weight) {
  std::vector<std::size_t> order;
  double total = 0.0;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    order.push_back(i);
    total += weight[i];
  }
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return weight[a] > weight[b]; });
  std::vector<std::size_t> named;
  for (const std::size_t i : order) {
    if (named.size() < most_named && weight[i] > smallest_share * total) named.push_back(i);
  }
  std::ranges::sort(named);
  return named;
}

/// Names and values of what is stacked: the named losses, then "other" if there is any.
struct Stack {
  std::vector<std::string> names;
  std::vector<std::vector<double>> values;  // by name, then by place; mV
};

Stack stack_of(const std::vector<Budget>& places, const Budget& weight) {
  const std::vector<std::size_t> named = named_losses(weight);
  Stack stack;
  std::vector<double> other(places.size(), 0.0);
  const std::array<std::string_view, cell::loss_count> names = cell::loss_names();
  double rest = 0.0;
  for (std::size_t i = 0; i < cell::loss_count; ++i) {
    const bool is_named = std::ranges::find(named, i) != named.end();
    if (is_named) {
      stack.names.emplace_back(names[i]);
      stack.values.emplace_back();
    } else {
      rest += weight[i];
    }
    for (std::size_t p = 0; p < places.size(); ++p) {
      if (is_named) {
        stack.values.back().push_back(places[p][i] / mV);
      } else {
        other[p] += places[p][i] / mV;
      }
    }
  }
  if (rest > 0.0) {
    stack.names.emplace_back("other");
    stack.values.push_back(std::move(other));
  }
  return stack;
}

/// Lower and upper edges of one value on top of (or, when negative, below) what is stacked already.
class Heap {
 public:
  explicit Heap(std::size_t places) : above_(places, 0.0), below_(places, 0.0) {}
  std::pair<double, double> add(std::size_t place, double value) {
    double& edge = value < 0.0 ? below_[place] : above_[place];
    const double start = edge;
    edge += value;
    return {std::min(start, edge), std::max(start, edge)};
  }

 private:
  std::vector<double> above_, below_;
};

/// The last particles fill up within a moment whose losses would press all others flat: the axis then ends at four
/// times the mean, and the caption says so. Returns the end of the axis.
double cut_at(report::Figure& figure, const std::vector<double>& capacity, const Stack& stack) {
  double area = 0.0, largest = 0.0, before = 0.0;
  for (std::size_t p = 0; p < capacity.size(); ++p) {
    double total = 0.0;
    for (const std::vector<double>& each : stack.values) total += each[p];
    if (p > 0) area += 0.5 * (total + before) * (capacity[p] - capacity[p - 1]);
    largest = std::max(largest, total);
    before = total;
  }
  const double mean = area / (capacity.back() - capacity.front());
  if (!(largest > highest_per_mean * mean) || !(mean > 0.0)) return std::numeric_limits<double>::infinity();
  figure.y.high = highest_per_mean * mean;
  figure.caption += (figure.caption.empty() ? "" : " ") + std::string("The axis ends at ") +
                    number(highest_per_mean, 1) + " times the mean; the losses rise to " + number(largest, 3) + " mV.";
  return *figure.y.high;
}

std::string loss_hover(const std::string& name, double value, const std::string& where) {
  return name + ": " + number(value, 3) + " mV\n" + where;
}

/// Every how manieth row is kept so that at most `most` remain.
std::vector<std::size_t> kept_rows(const cell::Rows& rows, std::size_t most) {
  const std::size_t n = rows.time.size();
  const std::size_t stride = std::max<std::size_t>(1, (n + most - 1) / std::max<std::size_t>(most, 1));
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < n; ++i) {
    const bool is_end =
        i == 0 || i + 1 == n || rows.visit[i] != rows.visit[i - 1] || rows.visit[i] != rows.visit[i + 1];
    if (is_end || i % stride == 0) kept.push_back(i);
  }
  return kept;
}

struct TimeUnit {
  const char* name;
  double seconds;
};

TimeUnit time_unit(double duration) {
  if (duration < 300.0) return {"s", 1.0};
  if (duration < 3.0 * 3600.0) return {"min", 60.0};
  if (duration < 10.0 * 86400.0) return {"h", 3600.0};
  return {"d", 86400.0};
}

report::Layer line(std::string series) {
  report::Layer layer;
  layer.mark = report::Mark::line;
  layer.series = std::move(series);
  return layer;
}

report::Layer rings(std::string series) {
  report::Layer layer;
  layer.mark = report::Mark::points;
  layer.series = std::move(series);
  layer.hollow = true;
  return layer;
}

}  // namespace

std::string rate_text(double per_hour) {
  if (!(per_hour < 1.0 - 1e-9)) return number(per_hour) + "C";
  const double hours = 1.0 / per_hour;
  if (std::abs(hours - std::round(hours)) < 1e-3 * hours) return "C/" + number(std::round(hours), 6);
  return number(per_hour, 3) + "C";
}

VoltageCurve curve_of(const cell::Rows& rows, std::uint32_t visit, double active_mass, std::string name) {
  VoltageCurve curve;
  curve.name = std::move(name);
  for (std::size_t i = 0; i < rows.time.size(); ++i) {
    if (rows.visit[i] != visit) continue;
    curve.capacity.push_back(rows.charge[i] / active_mass);
    curve.voltage.push_back(rows.voltage[i]);
  }
  return curve;
}

report::Figure voltage_figure(const std::string& id, const std::string& title, const std::vector<VoltageCurve>& curves,
                              const std::string& caption) {
  report::Figure figure;
  figure.id = id;
  figure.title = title;
  figure.caption = caption;
  figure.x.title = "capacity (mAh/g)";
  figure.x.low = 0.0;
  figure.y.title = "voltage (V)";
  for (const VoltageCurve& curve : curves) {
    if (curve.capacity.size() < 2) continue;
    report::Layer layer = curve.is_measured ? rings(curve.name) : line(curve.name);
    layer.dashed = curve.dashed;
    for (std::size_t i = 0; i < curve.capacity.size(); ++i) {
      const double capacity = curve.capacity[i] / mAh_per_g;
      layer.x.push_back(capacity);
      layer.y.push_back(curve.voltage[i]);
      layer.hover.push_back((curve.name.empty() ? "" : curve.name + "\n") + number(curve.voltage[i]) + " V at " +
                            number(capacity) + " mAh/g");
    }
    figure.layers.push_back(std::move(layer));
  }
  return figure;
}

std::vector<report::Figure> time_figures(const cell::Rows& rows, const std::string& id, std::size_t most_points) {
  if (rows.time.empty()) return {};
  const TimeUnit unit = time_unit(rows.time.back() - rows.time.front());
  report::Figure voltage;
  voltage.id = id + "_voltage";
  voltage.title = "Voltage over time";
  voltage.x.title = std::string("time (") + unit.name + ")";
  voltage.x.low = 0.0;
  voltage.y.title = "voltage (V)";
  voltage.height = 300;
  voltage.caption = "Open circuit: of the cathode's mean composition, without any current.";
  report::Figure current = voltage;
  current.id = id + "_current";
  current.title = "Current over time";
  current.y.title = "current (mA/cm²)";
  current.caption = "Above 0: discharge.";
  current.height = 220;
  report::Layer cell_voltage = line("cell"), open = line("open circuit"), amperes = line("");
  open.dashed = true;
  for (const std::size_t i : kept_rows(rows, most_points)) {
    const double time = rows.time[i] / unit.seconds;
    const std::string when = " at " + number(time) + " " + unit.name;
    for (report::Layer* layer : {&cell_voltage, &open, &amperes}) layer->x.push_back(time);
    cell_voltage.y.push_back(rows.voltage[i]);
    cell_voltage.hover.push_back(number(rows.voltage[i]) + " V" + when);
    open.y.push_back(rows.open_circuit[i]);
    open.hover.push_back("open circuit " + number(rows.open_circuit[i]) + " V" + when);
    amperes.y.push_back(rows.current[i] / mA_per_cm2);
    amperes.hover.push_back(number(rows.current[i] / mA_per_cm2) + " mA/cm²" + when);
  }
  const auto [least, most] = std::ranges::minmax(amperes.y);
  if (least >= 0.0) current.y.low = 0.0;
  if (most <= 0.0) current.y.high = 0.0;
  if (least == most)
    current.y = {current.y.title, report::Scale::linear, std::min(0.0, 1.2 * least),
                 std::max(1.2 * most, least < 0.0 ? 0.0 : 1e-3)};
  voltage.layers = {std::move(open), std::move(cell_voltage)};
  current.layers = {std::move(amperes)};
  return {std::move(voltage), std::move(current)};
}

report::Figure loss_area_figure(const std::string& id, const std::string& title, const cell::Rows& rows,
                                std::uint32_t visit, double active_mass, const std::string& caption) {
  report::Figure figure;
  figure.id = id;
  figure.title = title;
  figure.caption = caption;
  figure.x.title = "capacity (mAh/g)";
  figure.y.title = "loss (mV)";
  double largest = 0.0;
  for (std::size_t i = 0; i < rows.time.size(); ++i) {
    if (rows.visit[i] == visit) largest = std::max(largest, std::abs(rows.current[i]));
  }
  std::vector<double> capacity;
  std::vector<Budget> places;
  Budget weight{}, before{};
  for (std::size_t i = 0; i < rows.time.size(); ++i) {
    if (rows.visit[i] != visit || !(std::abs(rows.current[i]) > 1e-6 * largest)) continue;
    Budget volts = values(rows.losses[i] * (1.0 / std::abs(rows.current[i])));
    const double at = rows.charge[i] / active_mass / mAh_per_g;
    for (std::size_t k = 0; k < volts.size() && !capacity.empty(); ++k)
      weight[k] += 0.5 * (std::abs(volts[k]) + std::abs(before[k])) * (at - capacity.back());
    capacity.push_back(at);
    places.push_back(volts);
    before = volts;
  }
  if (capacity.size() < 2) return figure;
  figure.x.low = 0.0;
  const Stack stack = stack_of(places, weight);
  Heap heap(places.size());
  double lowest = 0.0;
  for (std::size_t k = 0; k < stack.names.size(); ++k) {
    report::Layer layer;
    layer.mark = report::Mark::band;
    layer.series = stack.names[k];
    layer.fill_opacity = area_opacity;
    layer.x = capacity;
    for (std::size_t p = 0; p < places.size(); ++p) {
      const std::pair<double, double> edges = heap.add(p, stack.values[k][p]);
      layer.y_low.push_back(edges.first);
      layer.y_high.push_back(edges.second);
      layer.hover.push_back(stack.names[k]);
      lowest = std::min(lowest, edges.first);
    }
    figure.layers.push_back(std::move(layer));
  }
  const double highest = cut_at(figure, capacity, stack);
  if (lowest == 0.0) figure.y.low = 0.0;
  // Areas have no place of their own to point at: their upper rim, itself not drawn, says what lies below it.
  report::Layer rim = line("");
  rim.opacity = 0.0;
  for (std::size_t p = 0; p < places.size(); ++p) {
    double total = 0.0;
    std::string text;
    for (std::size_t k = 0; k < stack.names.size(); ++k) {
      total += stack.values[k][p];
      text += "\n" + stack.names[k] + ": " + number(stack.values[k][p], 3) + " mV";
    }
    rim.x.push_back(capacity[p]);
    rim.y.push_back(std::min(total, highest));
    rim.hover.push_back("all: " + number(total, 3) + " mV at " + number(capacity[p], 3) + " mAh/g" + text);
  }
  figure.layers.push_back(std::move(rim));
  return figure;
}

report::Figure loss_bars_figure(const std::string& id, const std::string& title, const std::vector<LossColumn>& columns,
                                const std::string& caption) {
  report::Figure figure;
  figure.id = id;
  figure.title = title;
  figure.caption = caption;
  figure.y.title = "mean loss (mV)";
  std::vector<Budget> places;
  Budget weight{};
  for (const LossColumn& column : columns) {
    if (!(std::abs(column.charge) > 0.0)) continue;
    places.push_back(values(column.losses * (1.0 / std::abs(column.charge))));
    figure.x.names.push_back(column.name);
    for (std::size_t k = 0; k < weight.size(); ++k) weight[k] += std::abs(places.back()[k]);
  }
  if (places.empty()) return figure;
  const Stack stack = stack_of(places, weight);
  Heap heap(places.size());
  double lowest = 0.0;
  for (std::size_t k = 0; k < stack.names.size(); ++k) {
    report::Layer layer;
    layer.mark = report::Mark::boxes;
    layer.series = stack.names[k];
    for (std::size_t p = 0; p < places.size(); ++p) {
      const std::pair<double, double> edges = heap.add(p, stack.values[k][p]);
      layer.x_low.push_back(static_cast<double>(p) - 0.32);
      layer.x_high.push_back(static_cast<double>(p) + 0.32);
      layer.y_low.push_back(edges.first);
      layer.y_high.push_back(edges.second);
      layer.hover.push_back(loss_hover(stack.names[k], stack.values[k][p], figure.x.names[p]));
      lowest = std::min(lowest, edges.first);
    }
    figure.layers.push_back(std::move(layer));
  }
  if (lowest == 0.0) figure.y.low = 0.0;
  return figure;
}

report::Figure rate_figure(const std::string& id, const std::string& title, const std::string& value_title,
                           const std::vector<RateSeries>& series, const std::string& caption) {
  report::Figure figure;
  figure.id = id;
  figure.title = title;
  figure.caption = caption;
  figure.x.title = "rate (1/h)";
  figure.x.scale = report::Scale::log10;
  figure.y.title = value_title;
  report::TopAxis top;
  std::vector<double> rates;
  double least = std::numeric_limits<double>::infinity(), most = 0.0;
  for (const RateSeries& each : series) {
    rates.insert(rates.end(), each.per_hour.begin(), each.per_hour.end());
    for (const double value : each.value) {
      least = std::min(least, value);
      most = std::max(most, value);
    }
  }
  if (least < 0.7 * most) figure.y.low = 0.0;
  std::ranges::sort(rates);
  for (const double rate : rates) {
    if (!top.positions.empty() && rate < top.positions.back() * (1.0 + 1e-6)) continue;
    top.positions.push_back(rate);
    top.labels.push_back(rate_text(rate));
  }
  figure.top = std::move(top);
  for (const RateSeries& each : series) {
    report::Layer points = rings(each.name);
    points.hollow = each.is_measured;
    for (std::size_t i = 0; i < each.per_hour.size(); ++i) {
      points.x.push_back(each.per_hour[i]);
      points.y.push_back(each.value[i]);
      points.hover.push_back(each.name + ", " + rate_text(each.per_hour[i]) + ": " + number(each.value[i]));
    }
    if (points.x.empty()) continue;
    if (points.x.size() > 1 && !each.is_measured) {
      report::Layer stroke = line(each.name);
      stroke.x = points.x;
      stroke.y = points.y;
      figure.layers.push_back(std::move(stroke));
    }
    figure.layers.push_back(std::move(points));
  }
  return figure;
}

report::Figure ragone_figure(const std::string& id, const std::string& title, const std::string& basis,
                             const std::vector<RagoneSeries>& series, const std::string& caption) {
  report::Figure figure;
  figure.id = id;
  figure.title = title;
  figure.caption = caption;
  figure.x.title = "energy (Wh/kg of " + basis + ")";
  figure.y.title = "average power (W/kg of " + basis + ")";
  std::vector<double> energies, powers;
  for (const RagoneSeries& each : series) {
    for (std::size_t i = 0; i < each.energy.size(); ++i) {
      if (!(each.energy[i] > 0.0) || !(each.power[i] > 0.0)) continue;
      energies.push_back(each.energy[i] / Wh_per_kg);
      powers.push_back(each.power[i]);
    }
  }
  if (energies.empty()) return figure;
  const auto [least, most] = std::ranges::minmax(energies);
  // Room for the names at the left.
  if (most > wide * least) {
    figure.x.scale = report::Scale::log10;
    figure.x.low = least * std::pow(most / least, -0.15);
  } else if (most > least) {
    figure.x.low = least - 0.15 * (most - least);
  }
  const auto [weakest, strongest] = std::ranges::minmax(powers);
  if (strongest > wide * weakest) figure.y.scale = report::Scale::log10;
  bool is_labelled = false;
  for (const RagoneSeries& each : series) {
    report::Layer points = rings(each.name);
    points.hollow = false;
    report::Layer words;
    words.mark = report::Mark::text;
    words.align = report::Align::right;
    words.least_width = 300;
    for (std::size_t i = 0; i < each.energy.size(); ++i) {
      if (!(each.energy[i] > 0.0) || !(each.power[i] > 0.0)) continue;
      const std::string label = i < each.label.size() ? each.label[i] : std::string();
      points.x.push_back(each.energy[i] / Wh_per_kg);
      points.y.push_back(each.power[i]);
      points.hover.push_back(each.name + (label.empty() ? "" : ", " + label) + "\n" + number(points.x.back(), 3) +
                             " Wh/kg at " + number(points.y.back(), 3) + " W/kg");
      words.x.push_back(points.x.back());
      words.y.push_back(points.y.back());
      words.category.push_back(label);
    }
    if (points.x.empty()) continue;
    if (points.x.size() > 1) {
      report::Layer stroke = line(each.name);
      stroke.x = points.x;
      stroke.y = points.y;
      figure.layers.push_back(std::move(stroke));
    }
    figure.layers.push_back(std::move(points));
    if (!is_labelled && !each.label.empty()) {
      figure.layers.push_back(std::move(words));
      is_labelled = true;
    }
  }
  return figure;
}

report::Figure profile_figure(const std::string& id, const std::string& title, const std::vector<double>& positions,
                              const std::vector<ProfileCurve>& curves, const std::string& caption) {
  report::Figure figure;
  figure.id = id;
  figure.title = title;
  figure.caption = caption;
  figure.x.title = "distance from the separator (µm)";
  figure.x.low = 0.0;
  figure.y = {"stoichiometry", report::Scale::linear, 0.0, 1.0, false};
  for (const ProfileCurve& curve : curves) {
    if (curve.stoichiometry.empty()) continue;
    report::Layer layer = line(curve.name);
    for (std::size_t i = 0; i < positions.size(); ++i) {
      layer.x.push_back(positions[i] * 1e6);
      layer.y.push_back(curve.stoichiometry[i]);
      layer.hover.push_back((curve.name.empty() ? "" : curve.name + "\n") + number(curve.stoichiometry[i]) + " at " +
                            number(layer.x.back(), 3) + " µm");
    }
    figure.layers.push_back(std::move(layer));
  }
  return figure;
}

}  // namespace closo::tasks
