#include "closo/tasks/composite_figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "closo/base/number.hpp"
#include "closo/tasks/arrhenius_figure.hpp"

namespace closo::tasks {
namespace {

constexpr double S_per_cm = 100.0;  // S/m
constexpr double zero_celsius = 273.15;

std::string sigma_text(double conductivity) { return base::format_number(conductivity / S_per_cm, 3) + " S/cm"; }
std::string share_text(double fraction) { return base::format_number(100.0 * fraction, 3) + " vol%"; }

report::Layer points_of(const FractionSeries& series) {
  report::Layer points;
  points.mark = report::Mark::points;
  points.series = series.name;
  for (std::size_t i = 0; i < series.fraction.size(); ++i) {
    if (!(series.mean[i] > 0.0)) continue;
    const double error = series.standard_error.empty() ? 0.0 : series.standard_error[i];
    points.x.push_back(100.0 * series.fraction[i]);
    points.y.push_back(series.mean[i] / S_per_cm);
    const double factor = std::exp(std::min(error / series.mean[i], 3.0));  // the lower end stays above 0
    points.y_low.push_back(series.mean[i] / factor / S_per_cm);
    points.y_high.push_back(series.mean[i] * factor / S_per_cm);
    points.hover.push_back(series.name + ": " + sigma_text(series.mean[i]) +
                           (error > 0.0 ? " ± " + sigma_text(error) : std::string()) + " at " +
                           share_text(series.fraction[i]));
  }
  return points;
}

report::Layer line_of(const std::string& name, const std::vector<double>& x, const std::vector<double>& y) {
  report::Layer line;
  line.mark = report::Mark::line;
  line.series = name;
  line.x = x;
  line.y = y;
  return line;
}

report::Layer measured_layer(const std::vector<MeasuredComposite>& measured, bool limits) {
  report::Layer layer;
  layer.mark = report::Mark::points;
  layer.series = limits ? "measured, upper limit" : "measured";
  layer.hollow = limits;
  for (const MeasuredComposite& each : measured) {
    if (each.is_upper_limit != limits) continue;
    const double factor = std::exp(each.point.relative_uncertainty);
    layer.x.push_back(100.0 * each.point.filler_fraction);
    layer.y.push_back(each.point.conductivity / S_per_cm);
    if (!limits) {
      layer.y_low.push_back(each.point.conductivity / factor / S_per_cm);
      layer.y_high.push_back(each.point.conductivity * factor / S_per_cm);
    }
    layer.hover.push_back((limits ? "< " : "") + sigma_text(each.point.conductivity) + " at " +
                          share_text(each.point.filler_fraction) + ", " +
                          base::format_number(each.point.temperature - zero_celsius, 4) + " °C" +
                          (each.note.empty() ? "" : " (" + each.note + ")"));
  }
  return layer;
}

}  // namespace

report::Figure fraction_figure(const FractionFigure& content) {
  report::Figure figure;
  figure.id = content.id;
  figure.title = content.title;
  figure.caption = content.caption;
  figure.x = {"filler (vol% of the solids)", report::Scale::linear, 0.0, 100.0, false};
  double lowest = std::numeric_limits<double>::infinity();
  for (const FractionSeries& series : content.series) {
    for (const double mean : series.mean) {
      if (mean > 0.0) lowest = std::min(lowest, mean / S_per_cm);
    }
  }
  for (const MeasuredComposite& each : content.measured) lowest = std::min(lowest, each.point.conductivity / S_per_cm);
  for (const FractionCurve& curve : content.curves) {
    if (!curve.conductivity.empty() && curve.conductivity.front() > 0.0)
      lowest = std::min(lowest, curve.conductivity.front() / S_per_cm);
  }
  const double floor = std::isfinite(lowest) ? std::pow(10.0, std::floor(std::log10(lowest)) - 1.0) : 1e-12;
  figure.y = {"σ (S/cm)", report::Scale::log10, floor, {}, false};
  for (const FractionBand& band : content.bands) {
    report::Layer layer;
    layer.mark = report::Mark::band;
    layer.series = band.name;
    for (std::size_t i = 0; i < band.fraction.size(); ++i) {
      if (!(band.high[i] / S_per_cm > floor)) continue;
      layer.x.push_back(100.0 * band.fraction[i]);
      layer.y_low.push_back(std::max(band.low[i] / S_per_cm, floor));
      layer.y_high.push_back(band.high[i] / S_per_cm);
      layer.y.push_back(band.high[i] / S_per_cm);
    }
    if (layer.x.size() > 1) figure.layers.push_back(std::move(layer));
  }
  for (const FractionCurve& curve : content.curves) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < curve.fraction.size(); ++i) {
      if (!(curve.conductivity[i] / S_per_cm > floor)) continue;
      x.push_back(100.0 * curve.fraction[i]);
      y.push_back(curve.conductivity[i] / S_per_cm);
    }
    if (x.size() > 1) {
      figure.layers.push_back(line_of(curve.name, x, y));
      figure.layers.back().dashed = true;
    }
  }
  for (const FractionSeries& series : content.series) {
    report::Layer points = points_of(series);
    if (points.x.empty()) continue;
    if (points.x.size() > 1) figure.layers.push_back(line_of(series.name, points.x, points.y));
    figure.layers.push_back(std::move(points));
  }
  for (const bool limits : {false, true}) {
    report::Layer layer = measured_layer(content.measured, limits);
    if (!layer.x.empty()) figure.layers.push_back(std::move(layer));
  }
  if (content.optimum) {
    for (const double edge : {content.optimum->first, content.optimum->second}) {
      report::Layer rule;
      rule.mark = report::Mark::rule_vertical;
      rule.series = "optimum";
      rule.dashed = true;
      rule.x = {100.0 * edge};
      rule.hover = {"interval of the optimum: " + share_text(edge)};
      figure.layers.push_back(std::move(rule));
    }
  }
  return figure;
}

report::Figure composite_temperature_figure(const std::string& id, const std::string& title,
                                            const std::vector<TemperatureSeries>& series,
                                            const std::vector<MeasuredComposite>& measured) {
  double low = std::numeric_limits<double>::infinity(), high = 0.0;
  const auto include = [&](double temperature) {
    low = std::min(low, temperature);
    high = std::max(high, temperature);
  };
  for (const TemperatureSeries& each : series) {
    for (const double temperature : each.temperature) include(temperature);
  }
  for (const MeasuredComposite& each : measured) include(each.point.temperature);
  report::Figure figure = arrhenius_figure(id, title, low - 5.0, high + 5.0);
  for (const TemperatureSeries& each : series) {
    report::Layer layer;
    layer.mark = each.is_points ? report::Mark::points : report::Mark::line;
    layer.series = each.name;
    layer.dashed = each.dashed;
    for (std::size_t i = 0; i < each.temperature.size(); ++i) {
      if (!(each.conductivity[i] > 0.0)) continue;
      layer.x.push_back(1000.0 / each.temperature[i]);
      layer.y.push_back(each.conductivity[i] / S_per_cm);
      if (each.is_points && !each.standard_error.empty()) {
        const double factor = std::exp(std::min(each.standard_error[i] / each.conductivity[i], 3.0));
        layer.y_low.push_back(each.conductivity[i] / factor / S_per_cm);
        layer.y_high.push_back(each.conductivity[i] * factor / S_per_cm);
      }
      layer.hover.push_back(each.name + ": " + sigma_text(each.conductivity[i]) + " at " +
                            base::format_number(each.temperature[i] - zero_celsius, 4) + " °C");
    }
    if (!layer.x.empty()) figure.layers.push_back(std::move(layer));
  }
  std::vector<MeasuredPoint> points;
  for (const MeasuredComposite& each : measured) {
    if (each.is_upper_limit) continue;
    points.push_back({each.point.temperature, each.point.conductivity,
                      each.point.conductivity * each.point.relative_uncertainty,
                      sigma_text(each.point.conductivity) + " at " + share_text(each.point.filler_fraction)});
  }
  add_points(figure, points, "measured");
  return figure;
}

}  // namespace closo::tasks
