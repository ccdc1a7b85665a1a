#include "closo/cell/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/parallel.hpp"
#include "closo/base/unit.hpp"
#include "closo/cell/detail/calibration_model.hpp"
#include "closo/cell/detail/calibration_statistics.hpp"
#include "closo/cell/detail/profile_interval.hpp"
#include "closo/cell/detail/shared_progress.hpp"
#include "closo/cell/sweep.hpp"
#include "closo/num/bounded_least_squares.hpp"

namespace closo::cell {
namespace {

using base::ParameterError;
using detail::HeldFit;
using Model = detail::CalibrationModel;

constexpr double widest_uncertainty = 0.5;  // in widths of the bounds: beyond it nothing is known
constexpr double settled = 0.1;             // in standard uncertainties
constexpr int most_restarts = 4;            // after a profile has met a lower minimum

std::string with_unit(double value, const DescribedQuantity& quantity) {
  return base::format_number(base::Unit::parse(quantity.unit).from_si(value), 6) +
         (quantity.unit == "1" ? "" : " " + std::string(quantity.unit));
}

void check_options(const CalibrationOptions& options) {
  if (options.starts == 0) throw ParameterError("starts", "0", "at least 1");
  if (options.threads == 0) throw ParameterError("threads", "0", "at least 1");
  if (options.most_iterations == 0) throw ParameterError("most_iterations", "0", "at least 1");
  if (!(options.relative_noise >= 0.0 && options.relative_noise < 0.1))
    throw ParameterError("relative_noise", base::format_number(options.relative_noise, 6), "0 to 0.1");
  if (!(options.rise > 0.0) || !std::isfinite(options.rise))
    throw ParameterError("rise", base::format_number(options.rise, 6), "a number above 0");
  check(options.simulation);
}

void check_experiments(std::span<const Experiment> experiments) {
  if (experiments.empty()) throw ParameterError("experiments", "none", "at least one experiment");
  for (const Experiment& experiment : experiments) {
    if (experiment.protocol.visits.empty())
      throw ParameterError("experiment " + experiment.name, "no protocol", "a protocol with at least one step");
    const std::uint32_t last = experiment.protocol.visits.back().cycle;
    for (const Observation& observation : experiment.observations) {
      check(observation);
      for (const std::uint32_t cycle : {observation.cycle, observation.reference}) {
        if (cycle > last)
          throw ParameterError("experiment " + experiment.name, "cycle " + std::to_string(cycle),
                               "cycles 1 to " + std::to_string(last) + " of its protocol");
      }
    }
  }
}

HeldFit as_held(const num::BoundedFit& fit) { return {fit.chi_square, fit.parameters, fit.at_bound}; }

/// Within a tenth of the uncertainties from the minimum.
bool is_settled(const num::BoundedFit& fit) {
  if (fit.status == num::BoundedStatus::converged) return true;
  if (fit.status == num::BoundedStatus::undefined_start) return false;
  const double variance =
      fit.degrees_of_freedom > 0 ? std::max(1.0, fit.chi_square / static_cast<double>(fit.degrees_of_freedom)) : 1.0;
  return detail::promised_fall(fit.jacobian, fit.residuals, fit.at_bound) < settled * settled * variance;
}

/// The description's values, and the best of a Latin hypercube.
std::vector<std::vector<double>> start_places(const Model& model, std::span<const CalibrationParameter> parameters,
                                              const CalibrationOptions& options, detail::SharedProgress& progress) {
  std::vector<std::vector<double>> places{model.start()};
  if (options.starts == 1) return places;
  std::vector<SweepRange> ranges;
  for (const CalibrationParameter& p : parameters) ranges.push_back({p.name, p.low, p.high, p.is_logarithmic});
  const std::size_t count =
      std::max(options.samples == 0 ? 8 * parameters.size() : options.samples, options.starts - 1);
  const SweepPlan plan = latin_hypercube_plan(ranges, count, options.seed);
  std::vector<std::pair<double, std::size_t>> order(count);
  std::vector<std::vector<double>> samples(count);
  base::parallel_for(count, options.threads, [&](std::size_t i) {
    for (std::size_t j = 0; j < parameters.size(); ++j) samples[i].push_back(model.coordinate(j, plan.settings[i][j]));
    order[i] = {model.chi_square(samples[i]), i};
    progress.step("starting points");
  });
  std::ranges::sort(order);
  for (std::size_t k = 0; k + 1 < options.starts && std::isfinite(order[k].first); ++k)
    places.push_back(samples[order[k].second]);
  return places;
}

struct Searched {
  num::BoundedFit best;
  std::vector<CalibrationSearch> searches;
};

Searched search_from(const Model& model, const std::vector<std::vector<double>>& places,
                     const CalibrationOptions& options, detail::SharedProgress& progress) {
  std::vector<num::BoundedFit> fits(places.size());
  base::parallel_for(places.size(), options.threads, [&](std::size_t i) {
    fits[i] = model.search(places[i], progress.pass_on("search"));
    progress.step("searches");
  });
  Searched result;
  for (std::size_t i = 0; i < fits.size(); ++i) {
    if (fits[i].status == num::BoundedStatus::undefined_start) continue;
    result.searches.push_back(
        {model.natural(places[i]), model.natural(fits[i].parameters), fits[i].chi_square, is_settled(fits[i])});
    if (fits[i].chi_square < result.best.chi_square) result.best = fits[i];
  }
  if (result.searches.empty())
    throw base::NumericsError("what was observed is reached at none of the starting points (" +
                              model.first_unreached(places.front()) + "); narrow the bounds or change the start");
  std::ranges::stable_sort(result.searches, {}, &CalibrationSearch::chi_square);
  return result;
}

/// Profiles of all parameters, on both sides. A lower minimum that they meet replaces `best`, and they begin again.
std::vector<std::pair<detail::ProfileEnd, detail::ProfileEnd>> profile_all(const Model& model, num::BoundedFit& best,
                                                                           double scatter_square,
                                                                           const CalibrationOptions& options,
                                                                           detail::SharedProgress& progress) {
  const std::size_t n = model.size();
  const double rise = options.rise * scatter_square;
  const double tolerance = std::clamp(0.01 * rise / std::max(best.chi_square, rise), 1e-6, 1e-2);
  const detail::HeldFitFunction held = [&](std::size_t j, double coordinate, std::span<const double> from) {
    std::vector<double> place(from.begin(), from.end());
    place[j] = coordinate;
    return as_held(model.search_held(place, j, tolerance, progress.pass_on("profiles")));
  };
  std::vector<std::pair<detail::ProfileEnd, detail::ProfileEnd>> ends;
  for (int round = 0; round < most_restarts; ++round) {
    ends.assign(n, {});
    base::parallel_for(2 * n, options.threads, [&](std::size_t task) {
      const std::size_t j = task / 2;
      const int side = task % 2 == 0 ? -1 : 1;
      const double variance = best.covariance_known() ? best.covariance[j * n + j] : 0.0;
      const double step = variance > 0.0 ? std::clamp(std::sqrt(variance * rise), 0.005, 0.2) : 0.05;
      (side < 0 ? ends[j].first : ends[j].second) =
          detail::profile_end(held, as_held(best), j, side, side < 0 ? 1.0 : 2.0, step, rise);
      progress.step("profiles");
    });
    const HeldFit* better = nullptr;
    for (const auto& [low, high] : ends) {
      for (const detail::ProfileEnd* end : {&low, &high}) {
        if (end->better && (better == nullptr || end->better->chi_square < better->chi_square)) better = &*end->better;
      }
    }
    if (better == nullptr) return ends;
    num::BoundedFit again = model.search(better->place, progress.pass_on("search"));
    if (again.chi_square >= best.chi_square) return ends;
    best = std::move(again);
  }
  return ends;
}

/// Standard uncertainties of the scalar predictions from the covariance of the coordinates.
void add_uncertainties(const Model& model, const num::BoundedFit& best, std::span<const double> covariance,
                       const CalibrationOptions& options, std::vector<ExperimentRun>& runs) {
  const std::size_t n = model.size();
  std::vector<std::vector<std::vector<double>>> slopes(runs.size());  // [experiment][observation][parameter]
  for (std::size_t i = 0; i < runs.size(); ++i)
    slopes[i].assign(runs[i].predictions.size(), std::vector<double>(n, std::nan("")));
  base::parallel_for(runs.size() * n, options.threads, [&](std::size_t task) {
    const std::size_t i = task / n, j = task % n;
    if (std::ranges::none_of(runs[i].predictions, [](const Prediction& each) { return each.value.has_value(); }))
      return;
    const double step = std::clamp(0.3 * std::sqrt(covariance[j * n + j]), 2e-3, 0.05);
    std::vector<double> up = best.parameters, down = best.parameters;
    up[j] = std::min(up[j] + step, 2.0);
    down[j] = std::max(down[j] - step, 1.0);
    try {
      const ExperimentRun above = model.run(i, up, false), below = model.run(i, down, false);
      for (std::size_t k = 0; k < slopes[i].size(); ++k) {
        if (above.predictions[k].value && below.predictions[k].value)
          slopes[i][k][j] = (*above.predictions[k].value - *below.predictions[k].value) / (up[j] - down[j]);
      }
    } catch (const ParameterError&) {
      return;  // beside the minimum the cell cannot be built: no uncertainty
    } catch (const base::NumericsError&) {
      return;
    }
  });
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (std::size_t k = 0; k < slopes[i].size(); ++k) {
      const double variance = detail::quadratic_form(covariance, slopes[i][k]);
      if (runs[i].predictions[k].value && std::isfinite(variance))
        runs[i].uncertainties[k] = std::sqrt(std::max(variance, 0.0));
    }
  }
}

/// The description with the fitted values, and with what 1C meant before where they would change that.
CellDescription fitted_description(const Model& model, const CellDescription& description,
                                   std::span<const double> start, std::span<const double> best) {
  CellDescription fitted = model.described(best, std::nullopt);
  const double before = rated_capacity(build(model.described(start, std::nullopt)));
  if (rated_capacity(build(fitted)) == before) return fitted;
  DescribedValue nominal;
  if (const DescribedValue* given = description.find("nominal_capacity")) nominal = *given;
  nominal.value = before;
  if (nominal.source.empty()) nominal.source = "what 1C meant before the fit";
  fitted.set("nominal_capacity", nominal);
  return fitted;
}

double derivative_of_natural(const CalibrationParameter& p, double value) {
  return p.is_logarithmic ? value * std::log(p.high / p.low) : p.high - p.low;
}

}  // namespace

std::string_view to_string(CalibrationStatus status) noexcept {
  switch (status) {
    case CalibrationStatus::converged:
      return "converged";
    case CalibrationStatus::not_converged:
      return "not converged";
    case CalibrationStatus::nothing_fitted:
      return "nothing fitted";
  }
  return "unknown";
}

CalibrationParameter calibration_parameter(const CellDescription& description, std::string_view name,
                                           std::optional<double> low, std::optional<double> high) {
  const DescribedQuantity& quantity = described_quantity(name);
  const DescribedValue* given = description.find(name);
  if (given != nullptr && !low) low = given->low;
  if (given != nullptr && !high) high = given->high;
  const std::string label(name);
  if (!low || !high)
    throw ParameterError(label, "no bounds",
                         "two bounds, as in '" + label + "=" +
                             (given != nullptr ? with_unit(0.1 * given->value, quantity) + " to " +
                                                     with_unit(10.0 * given->value, quantity)
                                               : "LOW to HIGH " + std::string(quantity.unit)) +
                             "', or low and high in the system file");
  if (!(*low < *high) || !std::isfinite(*low) || !std::isfinite(*high))
    throw ParameterError(label, with_unit(*low, quantity) + " to " + with_unit(*high, quantity),
                         "a low bound below the high one");
  CellDescription scratch;
  if (!quantity.is_logarithmic || *low > 0.0) scratch.set_value(name, *low);
  scratch.set_value(name, *high);
  if (quantity.is_logarithmic && !(*low > 0.0))
    throw ParameterError(label, with_unit(*low, quantity), "a low bound above 0: it is varied in its logarithm");
  CalibrationParameter parameter{label, 0.0, *low, *high, quantity.is_logarithmic};
  const double middle = quantity.is_logarithmic ? std::sqrt(*low * *high) : 0.5 * (*low + *high);
  parameter.start = given != nullptr ? std::clamp(given->value, *low, *high) : middle;
  return parameter;
}

Calibration calibrate(const CellDescription& description, std::span<const Experiment> experiments,
                      std::span<const CalibrationParameter> parameters, const CalibrationOptions& options) {
  check_options(options);
  check_experiments(experiments);
  std::set<std::string> names;
  for (const CalibrationParameter& p : parameters) {
    calibration_parameter(description, p.name, p.low, p.high);
    if (!(p.start >= p.low && p.start <= p.high))
      throw ParameterError(p.name, with_unit(p.start, described_quantity(p.name)), "a start within the bounds");
    if (!names.insert(p.name).second) throw ParameterError(p.name, "twice", "each quantity to fit once");
  }
  Model model(description, experiments, parameters, options);
  const std::size_t n = parameters.size();
  if (n > 0 && model.residuals() == 0)
    throw ParameterError("observations", "none to fit", "at least one that is not held out");

  Calibration result;
  result.description = description;
  result.observed = model.residuals();
  const std::vector<double> start = model.start();
  // Where the description itself cannot run, the user must know why; fitted values far from it may.
  model.begin_at(start);
  result.start_chi_square = model.residuals() > 0 ? model.chi_square(start) : 0.0;

  num::BoundedFit best;
  best.parameters = start;
  best.chi_square = result.start_chi_square;
  std::vector<double> covariance;
  if (n > 0) {
    detail::SharedProgress progress(options.progress);
    const std::vector<std::vector<double>> places = start_places(model, parameters, options, progress);
    Searched searched = search_from(model, places, options, progress);
    best = std::move(searched.best);
    result.searches = std::move(searched.searches);
    const auto scatter_square = [&] {
      const auto held = static_cast<std::size_t>(std::ranges::count(best.at_bound, true));
      result.degrees_of_freedom = result.observed > n - held ? result.observed - (n - held) : 0;
      return result.degrees_of_freedom > 0
                 ? std::max(1.0, best.chi_square / static_cast<double>(result.degrees_of_freedom))
                 : 1.0;
    };
    std::vector<std::pair<detail::ProfileEnd, detail::ProfileEnd>> ends;
    if (options.has_profiles) ends = profile_all(model, best, scatter_square(), options, progress);
    const double variance = scatter_square();
    result.scatter = std::sqrt(variance);
    const detail::Statistics statistics = detail::statistics_of(best.jacobian, n, variance);
    covariance = statistics.covariance;
    result.correlation = statistics.correlation;
    result.directions = statistics.directions;
    result.rank = static_cast<std::size_t>(
        std::ranges::count_if(result.directions, [](const CalibrationDirection& each) { return !each.is_loose; }));
    for (std::size_t j = 0; j < n; ++j) {
      CalibratedParameter fitted;
      fitted.given = parameters[j];
      fitted.value = model.natural(j, best.parameters[j]);
      const double at = best.parameters[j];
      fitted.is_at_low = best.at_bound[j] && at < 1.5;
      fitted.is_at_high = best.at_bound[j] && at > 1.5;
      const double sigma = best.covariance_known() ? std::sqrt(best.covariance[j * n + j] * variance) : 0.0;
      if (sigma > 0.0 && sigma < widest_uncertainty)
        fitted.uncertainty = sigma * derivative_of_natural(parameters[j], fitted.value);
      if (options.has_profiles) {
        for (const detail::ProfileEnd* end : {&ends[j].first, &ends[j].second}) {
          if (end->better || !end->coordinate) continue;
          (end == &ends[j].first ? fitted.low : fitted.high) = model.natural(j, *end->coordinate);
          for (std::size_t k = 0; k < end->at_bound.size(); ++k) {
            if (k != j && end->at_bound[k] &&
                std::ranges::find(fitted.leans_on, parameters[k].name) == fitted.leans_on.end())
              fitted.leans_on.push_back(parameters[k].name);
          }
        }
      } else if (fitted.uncertainty) {
        const double reach = std::sqrt(options.rise) * sigma;
        if (at - reach > 1.0) fitted.low = model.natural(j, at - reach);
        if (at + reach < 2.0) fitted.high = model.natural(j, at + reach);
      }
      fitted.is_identified = fitted.low && fitted.high && fitted.leans_on.empty();
      result.parameters.push_back(std::move(fitted));
    }
    result.status = is_settled(best) ? CalibrationStatus::converged : CalibrationStatus::not_converged;
  }
  result.chi_square = best.chi_square;

  result.runs.resize(experiments.size());
  base::parallel_for(experiments.size(), options.threads, [&](std::size_t i) {
    result.runs[i] = model.run(i, best.parameters, options.simulation.keeps_rows);
    result.runs[i].uncertainties.resize(result.runs[i].predictions.size());
  });
  if (n > 0) {
    add_uncertainties(model, best, covariance, options, result.runs);
    result.description = fitted_description(model, description, start, best.parameters);
    for (const CalibratedParameter& fitted : result.parameters) {
      DescribedValue value;
      if (const DescribedValue* before = description.find(fitted.given.name)) value = *before;
      value.value = fitted.value;
      value.uncertainty = fitted.uncertainty;
      value.mark = Mark::fitted;
      value.source = "fitted to " + std::to_string(result.observed) + " observed numbers";
      result.description.set(fitted.given.name, value);
    }
  }
  result.evaluations = model.evaluations();
  return result;
}

}  // namespace closo::cell
