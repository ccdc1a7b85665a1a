#include "closo/cell/detail/calibration_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/cell/sweep.hpp"

namespace closo::cell::detail {
namespace {

/// The steps up to a cycle: what comes later cannot change what came before.
Protocol up_to(const Protocol& protocol, std::uint32_t cycle) {
  Protocol result{protocol.steps, {}};
  for (const Protocol::Visit& visit : protocol.visits) {
    if (visit.cycle <= cycle) result.visits.push_back(visit);
  }
  return result;
}

}  // namespace

CalibrationModel::CalibrationModel(const CellDescription& description, std::span<const Experiment> experiments,
                                   std::span<const CalibrationParameter> parameters, const CalibrationOptions& options)
    : description_(description), experiments_(experiments), parameters_(parameters), options_(options) {
  for (const CalibrationParameter& parameter : parameters) names_.push_back(parameter.name);
  for (const Experiment& experiment : experiments) {
    FittedPart part;
    std::uint32_t last = 0;
    for (std::size_t k = 0; k < experiment.observations.size(); ++k) {
      const Observation& observation = experiment.observations[k];
      if (!observation.is_fitted) continue;
      part.observations.push_back(k);
      part.keeps_rows = part.keeps_rows || needs_rows(observation);
      last = std::max({last, observation.cycle, observation.reference});
      residuals_ += residual_count(observation);
    }
    part.protocol = up_to(experiment.protocol, last);
    fitted_.push_back(std::move(part));
  }
}

double CalibrationModel::natural(std::size_t j, double coordinate) const {
  const CalibrationParameter& p = parameters_[j];
  const double share = coordinate - 1.0;
  const double value = p.is_logarithmic ? p.low * std::pow(p.high / p.low, share) : p.low + share * (p.high - p.low);
  return std::clamp(value, p.low, p.high);
}

double CalibrationModel::coordinate(std::size_t j, double value) const {
  const CalibrationParameter& p = parameters_[j];
  const double share =
      p.is_logarithmic ? std::log(value / p.low) / std::log(p.high / p.low) : (value - p.low) / (p.high - p.low);
  return 1.0 + std::clamp(share, 0.0, 1.0);
}

std::vector<double> CalibrationModel::natural(std::span<const double> place) const {
  std::vector<double> values;
  for (std::size_t j = 0; j < place.size(); ++j) values.push_back(natural(j, place[j]));
  return values;
}

std::vector<double> CalibrationModel::start() const {
  std::vector<double> place;
  for (std::size_t j = 0; j < size(); ++j) place.push_back(coordinate(j, parameters_[j].start));
  return place;
}

CellDescription CalibrationModel::described(std::span<const double> place,
                                            std::optional<std::size_t> experiment) const {
  std::vector<std::string> names = names_;
  std::vector<double> values = natural(place);
  if (experiment) {
    for (const auto& [name, value] : experiments_[*experiment].overrides) {
      names.push_back(name);
      values.push_back(value);
    }
  }
  if (names.empty()) return description_;
  CellDescription described = with_settings(description_, names, values);
  if (experiment && !nominal_.empty()) described.set_value("nominal_capacity", nominal_[*experiment]);
  return described;
}

void CalibrationModel::begin_at(std::span<const double> place) {
  std::vector<double> nominal;
  for (std::size_t i = 0; i < experiments_.size(); ++i) {
    const CellParameters parameters = build(described(place, i));
    nominal.push_back(rated_capacity(parameters));
    for (const Observation& observation : experiments_[i].observations) {
      if (is_curve(observation.quantity) || is_capacity(observation.quantity))
        capacity_factor(observation.basis, parameters);
    }
    const Simulation simulation(parameters, experiments_[i].protocol, options_.simulation);
  }
  if (std::ranges::find(names_, "nominal_capacity") == names_.end()) nominal_ = std::move(nominal);
}

ExperimentRun CalibrationModel::run(std::size_t index, std::span<const double> place, const Protocol& protocol,
                                    std::span<const std::size_t> observations, bool keeps_rows) const {
  const Experiment& experiment = experiments_[index];
  const CellParameters parameters = build(described(place, index));
  SimulationOptions settings = options_.simulation;
  settings.keeps_rows = keeps_rows;
  ExperimentRun run;
  ++evaluations_;
  run.result = simulate(parameters, protocol, settings);
  run.cycles = cycle_rows(protocol, run.result.steps);
  for (const std::size_t k : observations)
    run.predictions.push_back(predict(experiment.observations[k], parameters, protocol, run.result, run.cycles));
  return run;
}

ExperimentRun CalibrationModel::run(std::size_t index, std::span<const double> place, bool keeps_rows) const {
  const Experiment& experiment = experiments_[index];
  std::vector<std::size_t> all(experiment.observations.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const bool has_curve = std::ranges::any_of(experiment.observations, needs_rows);
  return run(index, place, experiment.protocol, all, keeps_rows || has_curve);
}

bool CalibrationModel::fill_or_throw(std::span<const double> place, std::span<double> residuals) const {
  std::size_t at = 0;
  for (std::size_t i = 0; i < experiments_.size(); ++i) {
    const FittedPart& part = fitted_[i];
    if (part.observations.empty()) continue;
    const ExperimentRun done = run(i, place, part.protocol, part.observations, part.keeps_rows);
    for (std::size_t k = 0; k < part.observations.size(); ++k) {
      const Observation& observation = experiments_[i].observations[part.observations[k]];
      if (!done.predictions[k].is_known) return false;
      const std::size_t count = residual_count(observation);
      fill_residuals(observation, done.predictions[k], residuals.subspan(at, count));
      at += count;
    }
  }
  return true;
}

bool CalibrationModel::fill(std::span<const double> place, std::span<double> residuals) const {
  try {
    return fill_or_throw(place, residuals);
  } catch (const base::ParameterError&) {
    return false;
  } catch (const base::NumericsError&) {
    return false;
  }
}

double CalibrationModel::chi_square(std::span<const double> place) const {
  std::vector<double> residuals(residuals_);
  if (!fill(place, residuals)) return std::numeric_limits<double>::infinity();
  return std::inner_product(residuals.begin(), residuals.end(), residuals.begin(), 0.0);
}

std::string CalibrationModel::first_unreached(std::span<const double> place) const {
  for (std::size_t i = 0; i < experiments_.size(); ++i) {
    const FittedPart& part = fitted_[i];
    if (part.observations.empty()) continue;
    const ExperimentRun done = run(i, place, part.protocol, part.observations, part.keeps_rows);
    for (std::size_t k = 0; k < part.observations.size(); ++k) {
      const Observation& observation = experiments_[i].observations[part.observations[k]];
      if (done.predictions[k].is_known) continue;
      return experiments_[i].name + ": " + std::string(to_string(observation.quantity)) + " of cycle " +
             std::to_string(observation.cycle);
    }
  }
  return {};
}

double CalibrationModel::relative_noise() const noexcept {
  return options_.relative_noise > 0.0 ? options_.relative_noise
                                       : std::clamp(10.0 * options_.simulation.tolerance, 1e-8, 1e-3);
}

num::BoundedFit CalibrationModel::search(std::span<const double> from, const base::Progress& progress) const {
  std::vector<num::BoundedParameter> box;
  for (std::size_t j = 0; j < size(); ++j) box.push_back({std::clamp(from[j], 1.0, 2.0), 1.0, 2.0, 1.0});
  num::BoundedOptions settings;
  settings.relative_noise = relative_noise();
  settings.tolerance = 1e-6;
  settings.max_iterations = options_.most_iterations;
  settings.progress = progress;
  const num::ResidualFunction residuals = [this](std::span<const double> place, std::span<double> r) {
    return fill(place, r);
  };
  return num::fit_bounded(residuals, residuals_, box, settings);
}

num::BoundedFit CalibrationModel::search_held(std::span<const double> from, std::size_t j, double tolerance,
                                              const base::Progress& progress) const {
  std::vector<num::BoundedParameter> box;
  for (std::size_t k = 0; k < size(); ++k) {
    const double at = std::clamp(from[k], 1.0, 2.0);
    box.push_back(k == j ? num::BoundedParameter{at, at, at, 1.0} : num::BoundedParameter{at, 1.0, 2.0, 1.0});
  }
  // The last residuals and derivatives: the search asks for derivatives where it has just been.
  std::vector<double> last_place, last_residuals, jacobian_place, jacobian;
  const num::ResidualFunction residuals = [&](std::span<const double> place, std::span<double> r) {
    if (!fill(place, r)) return false;
    last_place.assign(place.begin(), place.end());
    last_residuals.assign(r.begin(), r.end());
    return true;
  };
  num::BoundedOptions settings;
  settings.jacobian = [&](std::span<const double> place, std::span<double> rows) {
    const std::vector<double> here(place.begin(), place.end());
    if (jacobian_place != here) {
      if (last_place != here) {
        last_residuals.assign(residuals_, 0.0);
        fill(here, last_residuals);
        last_place = here;
      }
      jacobian.assign(rows.size(), 0.0);
      std::vector<double> beside(residuals_);
      for (std::size_t k = 0; k < size(); ++k) {
        if (k == j) continue;
        std::vector<double> there = here;
        double step = std::sqrt(relative_noise()) * here[k];
        if (here[k] + step > 2.0) step = -step;
        there[k] += step;
        if (!fill(there, beside)) continue;
        for (std::size_t i = 0; i < residuals_; ++i) jacobian[i * size() + k] = (beside[i] - last_residuals[i]) / step;
      }
      jacobian_place = here;
    }
    std::ranges::copy(jacobian, rows.begin());
  };
  settings.tolerance = tolerance;
  settings.relative_noise = relative_noise();
  settings.max_iterations = options_.most_iterations;
  settings.progress = progress;
  return num::fit_bounded(residuals, residuals_, box, settings);
}

}  // namespace closo::cell::detail
