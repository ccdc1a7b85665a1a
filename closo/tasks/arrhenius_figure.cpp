#include "closo/tasks/arrhenius_figure.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "closo/base/number.hpp"

namespace closo::tasks {
namespace {

constexpr double S_per_cm = 100.0;  // S/m
constexpr double absolute_zero = 273.15;

double abscissa(double temperature) { return 1000.0 / temperature; }

/// Round step that gives about six ticks in °C.
double celsius_step(double span) {
  for (const double step : {5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 200.0}) {
    if (span / step <= 7.0) return step;
  }
  return 500.0;
}

/// One piece of a law inside one segment.
void add_line(report::Figure& figure, const transport::ArrheniusLaw& law, const std::string& series, double low,
              double high, bool dashed, bool background) {
  if (!(high > low)) return;
  constexpr int steps = 24;
  report::Layer line;
  line.mark = report::Mark::line;
  if (!background) line.series = series;  // grey lines are named on hover, not in the legend
  line.dashed = dashed;
  line.background = background;
  report::Layer band;
  band.mark = report::Mark::band;
  band.series = series;
  for (int i = 0; i <= steps; ++i) {
    // Even steps in 1/T, the abscissa.
    const double inverse = 1.0 / high + (1.0 / low - 1.0 / high) * i / steps;
    const transport::ConductivityPrediction prediction = transport::predict(law, 1.0 / inverse);
    line.x.push_back(1000.0 * inverse);
    line.y.push_back(prediction.conductivity / S_per_cm);
    line.hover.push_back(series + ": " + base::format_number(prediction.conductivity / S_per_cm, 3) + " S/cm at " +
                         base::format_number(1.0 / inverse - absolute_zero, 4) + " °C" +
                         (prediction.extrapolated() ? " (extrapolated)" : ""));
    if (prediction.low && prediction.high) {
      band.x.push_back(1000.0 * inverse);
      band.y_low.push_back(*prediction.low / S_per_cm);
      band.y_high.push_back(*prediction.high / S_per_cm);
    }
  }
  if (!background && band.x.size() == line.x.size()) {
    band.y = line.y;
    figure.layers.push_back(std::move(band));
  }
  figure.layers.push_back(std::move(line));
}

}  // namespace

report::Figure arrhenius_figure(std::string id, std::string title, double low, double high) {
  report::Figure figure;
  figure.id = std::move(id);
  figure.title = std::move(title);
  figure.x = {"1000/T (1/K)", report::Scale::linear, abscissa(high), abscissa(low), false};
  figure.y = {"σ (S/cm)", report::Scale::log10, {}, {}, false};
  report::TopAxis top;
  top.title = "T (°C)";
  const double step = celsius_step(high - low);
  for (double celsius = step * std::ceil((low - absolute_zero) / step); celsius + absolute_zero <= high;
       celsius += step) {
    top.positions.push_back(abscissa(celsius + absolute_zero));
    top.labels.push_back(base::format_number(celsius, 4));
  }
  figure.top = std::move(top);
  return figure;
}

void add_law(report::Figure& figure, const transport::ConductivityLaw& law, const std::string& series, double low,
             double high) {
  for (std::size_t i = 0; i < law.segments.size(); ++i) {
    const transport::ArrheniusLaw& segment = law.segments[i];
    const double from = i == 0 ? low : std::max(low, law.transitions[i - 1]);
    const double to = i + 1 == law.segments.size() ? high : std::min(high, law.transitions[i]);
    const double data_from = std::clamp(segment.low_temperature, from, std::max(from, to));
    const double data_to = std::clamp(segment.high_temperature, from, std::max(from, to));
    add_line(figure, segment, series, from, data_from, true, false);
    add_line(figure, segment, series, data_from, data_to, false, false);
    add_line(figure, segment, series, data_to, to, true, false);
  }
}

void add_background_law(report::Figure& figure, const transport::ConductivityLaw& law, const std::string& name) {
  const double low = figure.x.high ? 1000.0 / *figure.x.high : 0.0;
  const double high = figure.x.low ? 1000.0 / *figure.x.low : 1e9;
  for (std::size_t i = 0; i < law.segments.size(); ++i) {
    const transport::ArrheniusLaw& segment = law.segments[i];
    add_line(figure, segment, name, std::max(low, segment.low_temperature), std::min(high, segment.high_temperature),
             false, true);
  }
}

void add_points(report::Figure& figure, const std::vector<MeasuredPoint>& points, const std::string& series) {
  if (points.empty()) return;
  report::Layer layer;
  layer.mark = report::Mark::points;
  layer.series = series;
  const bool bars =
      std::any_of(points.begin(), points.end(), [](const MeasuredPoint& point) { return point.uncertainty > 0.0; });
  for (const MeasuredPoint& point : points) {
    layer.x.push_back(abscissa(point.temperature));
    layer.y.push_back(point.conductivity / S_per_cm);
    if (bars) {
      // Symmetric in ln sigma, so that the lower end never reaches zero.
      const double factor = std::exp(point.uncertainty / point.conductivity);
      layer.y_low.push_back(point.conductivity / factor / S_per_cm);
      layer.y_high.push_back(point.conductivity * factor / S_per_cm);
    }
    layer.hover.push_back(point.hover);
  }
  figure.layers.push_back(std::move(layer));
}

void add_background_points(report::Figure& figure, const std::vector<BackgroundPoint>& points,
                           const std::string& series) {
  if (points.empty()) return;
  report::Layer layer;
  layer.mark = report::Mark::points;
  layer.series = series;
  layer.background = true;
  for (const BackgroundPoint& point : points) {
    layer.x.push_back(abscissa(point.temperature));
    layer.y.push_back(point.conductivity / S_per_cm);
    layer.hover.push_back(point.hover);
  }
  figure.layers.insert(figure.layers.begin(), std::move(layer));
}

void add_target(report::Figure& figure, double conductivity, double temperature, const std::string& label) {
  report::Layer level;
  level.mark = report::Mark::rule_horizontal;
  level.series = label;
  level.dashed = true;
  level.y = {conductivity / S_per_cm};
  level.hover = {label + " " + base::format_number(conductivity / S_per_cm, 3) + " S/cm"};
  figure.layers.push_back(std::move(level));
  report::Layer when;
  when.mark = report::Mark::rule_vertical;
  when.series = label;
  when.dashed = true;
  when.x = {abscissa(temperature)};
  when.hover = {label + " temperature " + base::format_number(temperature - absolute_zero, 4) + " °C"};
  figure.layers.push_back(std::move(when));
}

}  // namespace closo::tasks
