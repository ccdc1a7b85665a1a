#include "closo/transport/piecewise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/num/information_criteria.hpp"
#include "closo/transport/decades.hpp"
#include "closo/transport/detail/broken_line.hpp"

namespace closo::transport {
namespace {

using detail::BrokenLine;
using detail::Joint;
using detail::PreparedPoints;

void check(const PiecewiseOptions& options) {
  if (options.max_segments < 1 || options.max_segments > 3) {
    throw base::ParameterError("max_segments", std::to_string(options.max_segments), "1 to 3");
  }
  if (options.segments && (*options.segments < 1 || *options.segments > 3)) {
    throw base::ParameterError("segments", std::to_string(*options.segments), "1 to 3");
  }
  if (options.min_points < 2) {
    throw base::ParameterError("min_points", std::to_string(options.min_points), "at least 2");
  }
  if (!(options.evidence >= 0.0)) {
    throw base::ParameterError("evidence", base::format_number(options.evidence), "a number that is not negative");
  }
  if (!(options.noise_floor > 0.0)) {
    throw base::ParameterError("noise_floor", base::format_number(options.noise_floor), "a positive number");
  }
}

std::vector<ConductivityPoint> sorted(std::span<const ConductivityPoint> points) {
  std::vector<ConductivityPoint> ordered(points.begin(), points.end());
  std::ranges::stable_sort(ordered, {}, &ConductivityPoint::temperature);
  return ordered;
}

ArrheniusOptions line_options(const PiecewiseOptions& options) {
  return {.form = options.form, .scale_by_residuals = options.scale_by_residuals};
}

double criterion(double chi_square, std::size_t parameters, const PreparedPoints& prepared, double noise_floor) {
  const std::size_t n = prepared.size();
  if (prepared.weighted()) return num::bic_known_noise(std::max(chi_square, 0.0), n, parameters);
  const double floor = static_cast<double>(n) * noise_floor * noise_floor;
  return num::bic_unknown_noise(std::max(chi_square, floor), n, parameters);
}

double total_sum_of_squares(const PreparedPoints& prepared) {
  double weight = 0.0, mean = 0.0;
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    weight += prepared.weight(i);
    mean += prepared.weight(i) * prepared.y(i);
  }
  mean /= weight;
  double sum = 0.0;
  for (std::size_t i = 0; i < prepared.size(); ++i) sum += prepared.weight(i) * std::pow(prepared.y(i) - mean, 2);
  return sum;
}

// Fits the segments of a broken line properly (own covariance) and describes its transitions.
PiecewiseFit assemble(std::vector<ConductivityPoint> points, const PreparedPoints& prepared, const BrokenLine& line,
                      const PiecewiseOptions& options) {
  PiecewiseFit fit;
  fit.points = std::move(points);
  fit.weighted = prepared.weighted();
  const std::span<const ConductivityPoint> all(fit.points);
  // Segments linked by joints at fixed positions share one fit; the others stand alone.
  const std::size_t count = line.joints.size() + 1;
  std::size_t start = 0;
  while (start < count) {
    std::size_t end = start + 1;
    while (end < count && line.joints[end - 1].fixed) ++end;
    const std::size_t first = start == 0 ? 0 : line.joints[start - 1].index;
    const std::size_t last = end == count ? all.size() : line.joints[end - 1].index;
    if (end == start + 1) {
      const ArrheniusFit single = fit_arrhenius(all.subspan(first, last - first), line_options(options));
      if (single.status != num::FitStatus::ok) {
        fit.status = single.status;
        return fit;
      }
      fit.segments.push_back({single.law, first, last - first, single.chi_square});
    } else {
      const std::span<const Joint> joints(line.joints.data() + start, end - 1 - start);
      for (const Segment& segment : detail::fit_hinges(all, prepared, first, last, joints, line_options(options))) {
        fit.segments.push_back(segment);
      }
      if (fit.segments.size() != end) {
        fit.status = num::FitStatus::rank_deficient;
        return fit;
      }
    }
    start = end;
  }
  for (const Segment& segment : fit.segments) fit.chi_square += segment.chi_square;
  const double total = total_sum_of_squares(prepared);
  fit.r_squared = total > 0.0 ? 1.0 - fit.chi_square / total : 1.0;
  fit.degrees_of_freedom = all.size() > line.parameters ? all.size() - line.parameters : 0;
  for (std::size_t i = 0; i < line.joints.size(); ++i) {
    fit.transitions.push_back(
        detail::describe_transition(all, line.joints[i], fit.segments[i].law, fit.segments[i + 1].law));
  }
  fit.status = num::FitStatus::ok;
  return fit;
}

}  // namespace

ConductivityLaw PiecewiseFit::law() const {
  ConductivityLaw result;
  for (const Segment& segment : segments) result.segments.push_back(segment.law);
  for (const Transition& transition : transitions) result.transitions.push_back(transition.temperature);
  return result;
}

PiecewiseFit find_transitions(std::span<const ConductivityPoint> points, const PiecewiseOptions& options) {
  check(options);
  if (points.size() > 2000) {
    throw base::ParameterError("points", std::to_string(points.size()), "at most 2000 points for the search");
  }
  const ArrheniusFit single = fit_arrhenius(points, line_options(options));
  std::vector<ConductivityPoint> ordered = sorted(points);
  if (single.status != num::FitStatus::ok) {
    PiecewiseFit fit;
    fit.status = single.status;
    fit.points = std::move(ordered);
    return fit;
  }
  const PreparedPoints prepared(ordered, options.form, single.law.activation_energy_eV);
  const std::size_t most = options.segments.value_or(options.max_segments);
  std::vector<PiecewiseCandidate> candidates;
  std::vector<BrokenLine> lines;
  for (std::size_t count = 1; count <= most; ++count) {
    const auto score = [&](double chi_square, std::size_t parameters) {
      return criterion(chi_square, parameters, prepared, options.noise_floor);
    };
    std::optional<BrokenLine> best =
        detail::best_broken_line(prepared, count, options.joint, options.min_points, score);
    if (!best) break;
    candidates.push_back(
        {count, best->jumps, best->parameters, best->chi_square, score(best->chi_square, best->parameters)});
    lines.push_back(std::move(*best));
  }
  std::size_t chosen = 0;
  if (options.segments) {
    if (lines.size() < *options.segments) {
      PiecewiseFit fit;
      fit.points = std::move(ordered);
      fit.candidates = std::move(candidates);
      return fit;
    }
    chosen = *options.segments - 1;
  } else {
    // Against the simplest acceptable model every larger one has its chance, so that two transitions can be found where
    // one alone explains little.
    for (std::size_t next = 1; next < candidates.size(); ++next) {
      const double gain = candidates[chosen].criterion - candidates[next].criterion;
      if (std::isfinite(candidates[next].criterion) && gain >= options.evidence) chosen = next;
    }
  }
  PiecewiseFit fit = assemble(std::move(ordered), prepared, lines[chosen], options);
  fit.candidates = std::move(candidates);
  return fit;
}

PiecewiseFit fit_with_transitions(std::span<const ConductivityPoint> points, std::span<const double> transitions,
                                  const PiecewiseOptions& options) {
  check(options);
  std::vector<double> given(transitions.begin(), transitions.end());
  std::ranges::sort(given);
  std::vector<ConductivityPoint> ordered = sorted(points);
  BrokenLine line;
  line.parameters = 2;
  double below = 0.0;
  std::size_t first = 0;
  const auto require_segment = [&ordered](std::size_t begin, std::size_t end, double low, double high) {
    if (end >= begin + 2 && ordered[begin].temperature < ordered[end - 1].temperature) return;
    std::string range = low > 0.0 ? "from " + base::format_number(low, 6) + " K " : "";
    range += std::isfinite(high) ? "up to " + base::format_number(high, 6) + " K" : "upwards";
    throw base::ParameterError("transitions", std::to_string(end - begin) + " point(s) " + range,
                               "at least two different temperatures in every segment");
  };
  for (const double temperature : given) {
    if (!(temperature > 0.0 && std::isfinite(temperature))) {
      throw base::ParameterError("transitions", base::format_number(temperature, 6) + " K", "a temperature above 0 K");
    }
    const auto end = static_cast<std::size_t>(
        std::ranges::lower_bound(ordered, temperature, {}, &ConductivityPoint::temperature) - ordered.begin());
    require_segment(first, end, below, temperature);
    const bool continuous = options.joint == JointKind::continuous;
    line.joints.push_back(
        {.index = end, .temperature = temperature, .fixed = continuous, .given = true, .continuous = continuous});
    line.parameters += continuous ? 1 : 2;
    first = end;
    below = temperature;
  }
  if (ordered.size() < 2) {
    PiecewiseFit fit;
    fit.points = std::move(ordered);
    return fit;
  }
  if (!given.empty()) require_segment(first, ordered.size(), below, std::numeric_limits<double>::infinity());
  const ArrheniusFit single = fit_arrhenius(points, line_options(options));
  const PreparedPoints prepared(ordered, options.form, single.law.activation_energy_eV);
  return assemble(std::move(ordered), prepared, line, options);
}

std::vector<Hysteresis> hysteresis(const PiecewiseFit& heating, const PiecewiseFit& cooling) {
  std::vector<Hysteresis> result;
  if (heating.transitions.size() != cooling.transitions.size()) return result;
  for (std::size_t i = 0; i < heating.transitions.size(); ++i) {
    const Transition& up = heating.transitions[i];
    const Transition& down = cooling.transitions[i];
    result.push_back(
        {up.temperature, down.temperature, up.temperature - down.temperature, up.low - down.high, up.high - down.low});
  }
  return result;
}

}  // namespace closo::transport
