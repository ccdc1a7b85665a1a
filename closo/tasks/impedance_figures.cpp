#include "closo/tasks/impedance_figures.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "closo/base/number.hpp"

namespace closo::tasks {
namespace {

using impedance::Complex;
using report::Layer;
using report::Mark;

/// A power of a thousand that keeps the numbers of an axis short.
struct Scaled {
  double factor;  ///< value in ohms / factor = value on the axis
  std::string unit;
};

Scaled scaled_ohms(double largest) {
  struct Step {
    double factor;
    const char* unit;
  };
  for (const Step& step : {Step{1e9, "GΩ"}, Step{1e6, "MΩ"}, Step{1e3, "kΩ"}, Step{1.0, "Ω"}}) {
    if (largest >= step.factor) return {step.factor, step.unit};
  }
  return {1e-3, "mΩ"};
}

std::string hertz(double frequency) { return base::format_number(frequency, 3) + " Hz"; }

double largest_modulus(const std::vector<ImpedanceCurve>& curves) {
  double largest = 0.0;
  for (const ImpedanceCurve& curve : curves) {
    for (const Complex& z : curve.measured) largest = std::max(largest, std::abs(z));
  }
  return largest;
}

/// Points of the measured and a line of the model, each as the two functions of Z and f say.
template <class X, class Y>
void add_curve(report::Figure& figure, const ImpedanceCurve& curve, const X& x, const Y& y) {
  Layer points;
  points.mark = Mark::points;
  points.series = curve.name;
  for (std::size_t i = 0; i < curve.measured.size(); ++i) {
    points.x.push_back(x(curve.frequency[i], curve.measured[i]));
    points.y.push_back(y(curve.frequency[i], curve.measured[i]));
    points.hover.push_back(curve.name + " at " + hertz(curve.frequency[i]));
  }
  figure.layers.push_back(std::move(points));
  if (curve.model.empty()) return;
  Layer line;
  line.mark = Mark::line;
  line.series = curve.name;
  for (std::size_t i = 0; i < curve.model.size(); ++i) {
    line.x.push_back(x(curve.frequency[i], curve.model[i]));
    line.y.push_back(y(curve.frequency[i], curve.model[i]));
    line.hover.push_back(curve.name + ", model at " + hertz(curve.frequency[i]));
  }
  figure.layers.push_back(std::move(line));
}

double minus_phase(const Complex& z) { return -std::arg(z) * 180.0 / std::numbers::pi; }

}  // namespace

report::Figure nyquist_figure(std::string id, std::string title, const std::vector<ImpedanceCurve>& curves) {
  const Scaled scaled = scaled_ohms(largest_modulus(curves));
  report::Figure figure;
  figure.id = std::move(id);
  figure.title = std::move(title);
  double left = 0.0, right = 0.0, top = 0.0, bottom = 0.0;
  for (const ImpedanceCurve& curve : curves) {
    add_curve(
        figure, curve, [&](double, const Complex& z) { return z.real() / scaled.factor; },
        [&](double, const Complex& z) { return -z.imag() / scaled.factor; });
    for (const Complex& z : curve.measured) {
      left = std::min(left, z.real() / scaled.factor);
      right = std::max(right, z.real() / scaled.factor);
      top = std::max(top, -z.imag() / scaled.factor);
      bottom = std::min(bottom, -z.imag() / scaled.factor);
    }
  }
  // One ohm is as long on both axes: the height follows from the ranges, and a very steep spectrum widens its x axis
  // instead.
  const double height_in_ohms = std::max(1.05 * top - 1.05 * bottom, 0.25 * (right - left));
  const double width_in_ohms = std::max(1.05 * (right - left), height_in_ohms);
  figure.x = {"Z′ (" + scaled.unit + ")", report::Scale::linear, 1.05 * left, 1.05 * left + width_in_ohms, false};
  figure.y = {"−Z″ (" + scaled.unit + ")", report::Scale::linear, 1.05 * bottom, 1.05 * bottom + height_in_ohms, false};
  figure.width = 560;
  figure.height = static_cast<int>(std::lround(560.0 * height_in_ohms / width_in_ohms));
  return figure;
}

report::Figure bode_modulus_figure(std::string id, const std::vector<ImpedanceCurve>& curves) {
  report::Figure figure;
  figure.id = std::move(id);
  figure.title = "Bode plot: modulus";
  figure.x = {"frequency (Hz)", report::Scale::log10, {}, {}, false};
  figure.y = {"|Z| (Ω)", report::Scale::log10, {}, {}, false};
  figure.width = 560;
  figure.height = 260;
  for (const ImpedanceCurve& curve : curves) {
    add_curve(
        figure, curve, [](double f, const Complex&) { return f; },
        [](double, const Complex& z) { return std::abs(z); });
  }
  return figure;
}

report::Figure bode_phase_figure(std::string id, const std::vector<ImpedanceCurve>& curves) {
  report::Figure figure;
  figure.id = std::move(id);
  figure.title = "Bode plot: phase";
  figure.x = {"frequency (Hz)", report::Scale::log10, {}, {}, false};
  figure.y = {"−phase (°)", report::Scale::linear, {}, {}, false};
  figure.width = 560;
  figure.height = 260;
  for (const ImpedanceCurve& curve : curves) {
    add_curve(
        figure, curve, [](double f, const Complex&) { return f; },
        [](double, const Complex& z) { return minus_phase(z); });
  }
  return figure;
}

report::Figure residual_figure(std::string id, std::string title, std::span<const double> frequency,
                               std::span<const Complex> residual) {
  report::Figure figure;
  figure.id = std::move(id);
  figure.title = std::move(title);
  figure.x = {"frequency (Hz)", report::Scale::log10, {}, {}, false};
  figure.y = {"residual (% of |Z|)", report::Scale::linear, {}, {}, false};
  figure.width = 560;
  figure.height = 220;
  for (const bool real : {true, false}) {
    Layer layer;
    layer.mark = Mark::points;
    layer.series = real ? "Z′" : "Z″";
    for (std::size_t i = 0; i < residual.size(); ++i) {
      const double value = 100.0 * (real ? residual[i].real() : residual[i].imag());
      layer.x.push_back(frequency[i]);
      layer.y.push_back(value);
      layer.hover.push_back(layer.series + " at " + hertz(frequency[i]) + ": " + base::format_number(value, 2) + " %");
    }
    figure.layers.push_back(std::move(layer));
  }
  Layer zero;
  zero.mark = Mark::rule_horizontal;
  zero.y = {0.0};
  zero.background = true;
  figure.layers.push_back(std::move(zero));
  return figure;
}

report::Figure drt_figure(std::string id,
                          const std::vector<std::pair<std::string, const impedance::DrtResult*>>& results) {
  double largest = 0.0;
  for (const auto& named : results) {
    for (const double gamma : named.second->gamma) largest = std::max(largest, gamma);
  }
  const Scaled scaled = scaled_ohms(largest);
  report::Figure figure;
  figure.id = std::move(id);
  figure.title = "Distribution of relaxation times";
  figure.x = {"τ (s)", report::Scale::log10, {}, {}, false};
  figure.y = {"γ(ln τ) (" + scaled.unit + ")", report::Scale::linear, 0.0, {}, false};
  figure.width = 560;
  figure.height = 300;
  for (const auto& named : results) {
    const impedance::DrtResult& result = *named.second;
    if (!result.lower.empty()) {
      Layer band;
      band.mark = Mark::band;
      band.series = named.first;
      band.x = result.tau;
      for (std::size_t i = 0; i < result.tau.size(); ++i) {
        band.y.push_back(result.gamma[i] / scaled.factor);
        band.y_low.push_back(result.lower[i] / scaled.factor);
        band.y_high.push_back(result.upper[i] / scaled.factor);
      }
      figure.layers.push_back(std::move(band));
    }
    Layer line;
    line.mark = Mark::line;
    line.series = named.first;
    line.x = result.tau;
    for (std::size_t i = 0; i < result.tau.size(); ++i) {
      line.y.push_back(result.gamma[i] / scaled.factor);
      line.hover.push_back(named.first + ": τ = " + base::format_number(result.tau[i], 3) + " s");
    }
    figure.layers.push_back(std::move(line));
    if (results.size() > 1) continue;
    for (const impedance::DrtPeak& peak : result.peaks) {
      Layer rule;
      rule.mark = Mark::rule_vertical;
      rule.x = {peak.tau};
      rule.background = true;
      rule.hover = {base::format_number(peak.resistance, 3) + " Ω, " + base::format_number(peak.capacitance, 3) +
                    " F: " + peak.hint};
      figure.layers.push_back(std::move(rule));
    }
  }
  return figure;
}

}  // namespace closo::tasks
