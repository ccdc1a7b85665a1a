#include "closo/tasks/detail/calibration_figures.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/number.hpp"
#include "closo/base/unit.hpp"
#include "closo/cell/sweep.hpp"
#include "closo/tasks/cell_figures.hpp"

namespace closo::tasks::detail {
namespace {

using cell::CapacityBasis;
using cell::Experiment;
using cell::ExperimentRun;
using cell::Observation;
using cell::ObservedQuantity;
using cell::ProtocolStep;

constexpr double mAh_per_g = 3600.0;    // C/kg
constexpr std::size_t most_curves = 8;  // of experiments without measured curves
constexpr const char* measured_name = "measured, fitted";
constexpr const char* held_out_name = "measured, held out";

std::string number(double value, int digits = 4) { return base::format_number(value, digits); }

/// C/kg of active material for a capacity in the observation's basis.
double per_mass(const Experiment& experiment, const cell::Calibration& calibration, CapacityBasis basis) {
  if (basis == CapacityBasis::specific) return 1.0;
  std::vector<std::string> names;
  std::vector<double> values;
  for (const auto& [name, value] : experiment.overrides) {
    names.push_back(name);
    values.push_back(value);
  }
  const cell::CellParameters parameters = build(with_settings(calibration.description, names, values));
  return capacity_factor(CapacityBasis::specific, parameters) / capacity_factor(basis, parameters);
}

/// First visit of a cycle in a direction; npos without one.
std::uint32_t visit_of(const cell::Protocol& protocol, std::uint32_t cycle, ProtocolStep::Kind kind) {
  for (std::size_t v = 0; v < protocol.visits.size(); ++v) {
    if (protocol.visits[v].cycle == cycle && protocol.steps[protocol.visits[v].step].kind == kind)
      return static_cast<std::uint32_t>(v);
  }
  return static_cast<std::uint32_t>(-1);
}

std::optional<report::Figure> curves_figure(const CellFitRequest& request, const cell::Calibration& calibration) {
  std::vector<VoltageCurve> curves;
  std::string caption;
  for (std::size_t i = 0; i < calibration.runs.size(); ++i) {
    const Experiment& experiment = request.experiments.experiments[i];
    const ExperimentRun& run = calibration.runs[i];
    const double mass = 1.0 / per_mass(experiment, calibration, CapacityBasis::areal);
    for (const Observation& observation : experiment.observations) {
      if (!is_curve(observation.quantity)) continue;
      const bool is_discharge = observation.quantity == ObservedQuantity::discharge_curve;
      const std::string name = experiment.name +
                               (observation.cycle > 1 ? ", cycle " + std::to_string(observation.cycle) : "") +
                               (is_discharge ? "" : ", charge");
      curves.push_back(curve_of(run.result.rows,
                                visit_of(experiment.protocol, observation.cycle,
                                         is_discharge ? ProtocolStep::Kind::discharge : ProtocolStep::Kind::charge),
                                mass, name));
      VoltageCurve measured;
      measured.name = name;
      measured.is_measured = true;
      const double factor = per_mass(experiment, calibration, observation.basis);
      for (std::size_t p = 0; p < observation.curve.capacity.size(); ++p) {
        measured.capacity.push_back(observation.curve.capacity[p] * factor);
        measured.voltage.push_back(observation.curve.voltage[p]);
      }
      curves.push_back(std::move(measured));
    }
  }
  caption = curves.empty() ? "First discharges with the fitted values; no curve was measured."
                           : "Lines: model; rings: measured.";
  if (curves.empty()) {
    for (std::size_t i = 0; i < std::min(calibration.runs.size(), most_curves); ++i) {
      const Experiment& experiment = request.experiments.experiments[i];
      const double mass = 1.0 / per_mass(experiment, calibration, CapacityBasis::areal);
      const std::uint32_t first = experiment.protocol.visits.front().cycle;
      curves.push_back(curve_of(calibration.runs[i].result.rows,
                                visit_of(experiment.protocol, first, ProtocolStep::Kind::discharge), mass,
                                experiment.name));
    }
  }
  report::Figure figure = voltage_figure("curves", "Voltage curves", curves, caption);
  return figure.layers.empty() ? std::nullopt : std::optional(std::move(figure));
}

/// One row per scalar observation, the deviation in standard uncertainties.
std::optional<report::Figure> deviations_figure(const CellFitRequest& request, const cell::Calibration& calibration) {
  report::Figure figure;
  figure.id = "deviations";
  figure.title = "Deviations of the model from what was measured";
  figure.caption =
      "In standard uncertainties; of what was held out with the uncertainty of the prediction. Of curves "
      "the root mean square.";
  figure.x.title = "(model − measured) / uncertainty";
  report::Layer fitted, held;
  fitted.series = calibration.parameters.empty() ? "compared" : "fitted";
  held.series = "held out: predicted";
  held.hollow = true;
  double widest = 3.0;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < calibration.runs.size(); ++i) {
    const Experiment& experiment = request.experiments.experiments[i];
    for (std::size_t k = 0; k < experiment.observations.size(); ++k) {
      const Observation& observation = experiment.observations[k];
      const std::optional<double> off =
          deviation(observation, calibration.runs[i].predictions[k],
                    observation.is_fitted ? std::optional<double>() : calibration.runs[i].uncertainties[k]);
      if (!off) continue;
      report::Layer& layer = observation.is_fitted ? fitted : held;
      layer.x.push_back(*off);
      layer.y.push_back(static_cast<double>(names.size()));
      layer.hover.push_back(observation_text(experiment, observation) + ": " + number(*off, 2) + " u");
      widest = std::max(widest, std::abs(*off));
      names.push_back(observation_text(experiment, observation));
    }
  }
  if (names.size() < 2) return std::nullopt;
  figure.x.low = -1.1 * widest;
  figure.x.high = 1.1 * widest;
  figure.y.low = -0.5;
  figure.y.high = static_cast<double>(names.size()) - 0.5;
  figure.y.reversed = true;
  figure.height = std::clamp(static_cast<int>(22 * names.size()) + 60, 140, 900);
  report::Layer band;
  band.mark = report::Mark::boxes;
  band.background = true;
  band.opacity = 0.35;
  band.x_low = {-2.0};
  band.x_high = {2.0};
  band.y_low = {-0.5};
  band.y_high = {static_cast<double>(names.size()) - 0.5};
  band.x = {0.0};
  band.y = {0.0};
  band.hover = {"within two standard uncertainties"};
  figure.y.names = std::move(names);
  figure.layers.push_back(std::move(band));
  for (report::Layer* layer : {&fitted, &held}) {
    if (!layer->x.empty()) figure.layers.push_back(std::move(*layer));
  }
  return figure;
}

/// The rate of the discharge that decides a capacity [1/h]; empty where it is no C-rate.
std::optional<double> rate_of(const Experiment& experiment, std::uint32_t cycle) {
  const std::uint32_t visit = visit_of(experiment.protocol, cycle, ProtocolStep::Kind::discharge);
  if (visit == static_cast<std::uint32_t>(-1)) return std::nullopt;
  const ProtocolStep& step = experiment.protocol.steps[experiment.protocol.visits[visit].step];
  if (!step.current || step.current->basis != cell::CurrentSetting::Basis::c_rate) return std::nullopt;
  return step.current->value;
}

double temperature_of(const Experiment& experiment, const cell::CellDescription& description) {
  for (const auto& [name, value] : experiment.overrides) {
    if (name == "temperature") return value;
  }
  return description.value("temperature");
}

void add_bar(report::Layer& layer, const Observation& observation, double x, double scale, const std::string& hover) {
  const bool has_low = std::isfinite(observation.low), has_high = std::isfinite(observation.high);
  const double y = (has_low && has_high ? 0.5 * (observation.low + observation.high)
                    : has_low           ? observation.low
                                        : observation.high) *
                   scale;
  const double reach = observation.uncertainty.value_or(0.0) * scale;
  layer.x.push_back(x);
  layer.y.push_back(y);
  layer.y_low.push_back((has_low ? observation.low * scale : y) - reach);
  layer.y_high.push_back((has_high ? observation.high * scale : y) + reach);
  layer.hover.push_back(hover);
}

report::Layer measured_layer(bool is_held_out) {
  report::Layer layer;
  layer.series = is_held_out ? held_out_name : measured_name;
  layer.hollow = is_held_out;
  return layer;
}

/// Discharge capacities over rate, a line per temperature through the model's.
std::optional<report::Figure> rates_figure(const CellFitRequest& request, const cell::Calibration& calibration) {
  std::map<double, std::vector<std::pair<double, double>>> model;  // temperature → rate, capacity
  report::Layer fitted = measured_layer(false), held = measured_layer(true);
  std::vector<double> rates;
  for (std::size_t i = 0; i < calibration.runs.size(); ++i) {
    const Experiment& experiment = request.experiments.experiments[i];
    for (std::size_t k = 0; k < experiment.observations.size(); ++k) {
      const Observation& observation = experiment.observations[k];
      const std::optional<double> rate = rate_of(experiment, observation.cycle);
      const cell::Prediction& prediction = calibration.runs[i].predictions[k];
      if (observation.quantity != ObservedQuantity::discharge_capacity || !rate || !prediction.value) continue;
      const double scale = per_mass(experiment, calibration, observation.basis) / mAh_per_g;
      add_bar(observation.is_fitted ? fitted : held, observation, *rate, scale,
              observation_text(experiment, observation));
      model[temperature_of(experiment, calibration.description)].emplace_back(*rate, *prediction.value * scale);
      if (std::ranges::find(rates, *rate) == rates.end()) rates.push_back(*rate);
    }
  }
  if (rates.size() < 2) return std::nullopt;
  report::Figure figure;
  figure.id = "capacities";
  figure.title = "Discharge capacity over rate";
  figure.caption = "Lines: model, through the rates of the experiments; bars: one standard uncertainty.";
  figure.x = {"rate (1/h)", report::Scale::log10, {}, {}, false, {}, false};
  figure.y.title = "discharge capacity (mAh/g)";
  std::ranges::sort(rates);
  figure.top = report::TopAxis{};
  for (const double rate : rates) {
    figure.top->positions.push_back(rate);
    figure.top->labels.push_back(rate_text(rate));
  }
  double least = fitted.y.empty() ? held.y.front() : fitted.y.front(), most = least;
  for (const report::Layer* layer : {&fitted, &held}) {
    for (const double capacity : layer->y) {
      least = std::min(least, capacity);
      most = std::max(most, capacity);
    }
  }
  if (least < 0.7 * most) figure.y.low = 0.0;
  for (auto& [temperature, points] : model) {
    std::ranges::sort(points);
    report::Layer line;
    line.mark = report::Mark::line;
    line.series = "model, " + number(temperature - base::zero_celsius) + " °C";
    for (const auto& [rate, capacity] : points) {
      line.x.push_back(rate);
      line.y.push_back(capacity);
      line.hover.push_back(line.series + "\n" + number(capacity) + " mAh/g at " + rate_text(rate));
    }
    figure.layers.push_back(std::move(line));
  }
  for (report::Layer* layer : {&fitted, &held}) {
    if (!layer->x.empty()) figure.layers.push_back(std::move(*layer));
  }
  return figure;
}

/// Retention over cycles of every experiment that was asked for one.
std::optional<report::Figure> retention_figure(const CellFitRequest& request, const cell::Calibration& calibration) {
  report::Figure figure;
  figure.id = "retention";
  figure.title = "Retention of the discharge capacity";
  figure.caption = "Lines: model; bars: one standard uncertainty.";
  figure.x.title = "cycle";
  figure.y.title = "retention (%)";
  report::Layer fitted = measured_layer(false), held = measured_layer(true);
  for (std::size_t i = 0; i < calibration.runs.size(); ++i) {
    const Experiment& experiment = request.experiments.experiments[i];
    const std::vector<cell::CycleRow>& cycles = calibration.runs[i].cycles;
    std::optional<std::uint32_t> reference;
    for (const Observation& observation : experiment.observations) {
      if (observation.quantity != ObservedQuantity::retention) continue;
      if (!reference) reference = observation.reference;
      if (observation.reference == *reference)
        add_bar(observation.is_fitted ? fitted : held, observation, observation.cycle, 100.0,
                observation_text(experiment, observation));
    }
    if (!reference) continue;
    report::Layer line;
    line.mark = report::Mark::line;
    line.series = "model, " + experiment.name;
    for (const cell::CycleRow& row : cycles) {
      const std::optional<double> retained = retention(cycles, row.cycle, *reference);
      if (!retained) continue;
      line.x.push_back(row.cycle);
      line.y.push_back(100.0 * *retained);
      line.hover.push_back(number(100.0 * *retained, 3) + " % in cycle " + std::to_string(row.cycle));
    }
    if (line.x.size() > 1) figure.layers.push_back(std::move(line));
  }
  for (report::Layer* layer : {&fitted, &held}) {
    if (!layer->x.empty()) figure.layers.push_back(std::move(*layer));
  }
  return figure.layers.empty() ? std::nullopt : std::optional(std::move(figure));
}

}  // namespace

std::string observation_text(const Experiment& experiment, const Observation& observation) {
  std::string text = experiment.name + ": " + std::string(to_string(observation.quantity));
  if (is_curve(observation.quantity) && observation.curve.capacity.size() == 1)
    text = experiment.name + ": voltage at " +
           number(base::Unit::parse(shown_unit(observation)).from_si(observation.curve.capacity[0]), 3) + " " +
           std::string(shown_unit(observation));
  if (experiment.protocol.visits.empty() || experiment.protocol.visits.back().cycle == 1) return text;
  if (observation.quantity == ObservedQuantity::retention || observation.quantity == ObservedQuantity::fade_per_cycle)
    return text + ", cycle " + std::to_string(observation.cycle) +
           (observation.reference == 1 ? std::string() : " against " + std::to_string(observation.reference));
  return text + ", cycle " + std::to_string(observation.cycle);
}

std::optional<double> deviation(const Observation& observation, const cell::Prediction& prediction,
                                const std::optional<double>& prediction_uncertainty) {
  if (!observation.uncertainty || !prediction.is_known) return std::nullopt;
  std::vector<double> residuals(residual_count(observation));
  fill_residuals(observation, prediction, residuals);
  if (is_curve(observation.quantity)) {
    double squares = 0.0;
    for (const double each : residuals) squares += each * each;
    if (residuals.size() == 1) return residuals.front();
    return std::sqrt(squares / static_cast<double>(residuals.size()));
  }
  return residuals.front() * *observation.uncertainty /
         std::hypot(*observation.uncertainty, prediction_uncertainty.value_or(0.0));
}

std::vector<report::Figure> calibration_figures(const CellFitRequest& request, const cell::Calibration& calibration) {
  std::vector<report::Figure> figures;
  for (auto* make : {curves_figure, rates_figure, retention_figure, deviations_figure}) {
    if (std::optional<report::Figure> figure = make(request, calibration)) figures.push_back(std::move(*figure));
  }
  return figures;
}

}  // namespace closo::tasks::detail
