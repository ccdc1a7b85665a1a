#include "closo/composite/interphase_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/num/bounded_least_squares.hpp"
#include "closo/num/positive_definite.hpp"

namespace closo::composite {
namespace {

constexpr double traded_correlation = 0.95;

void check(std::span<const CompositePoint> points, std::span<const FitParameter> parameters,
           const InterphaseFitOptions& options) {
  const auto refuse = [](const std::string& name, double value, const char* allowed) {
    throw base::ParameterError(name, base::format_number(value, 6), allowed);
  };
  if (points.empty()) throw base::ParameterError("points", "none", "at least one measured conductivity");
  for (const CompositePoint& point : points) {
    if (!(point.conductivity > 0.0) || !std::isfinite(point.conductivity))
      refuse("conductivity", point.conductivity, "a conductivity above 0 S/m");
    if (!(point.temperature > 0.0) || !std::isfinite(point.temperature))
      refuse("temperature", point.temperature, "a temperature above 0 K");
    if (!(point.relative_uncertainty > 0.0) || !std::isfinite(point.relative_uncertainty))
      refuse("relative_uncertainty", point.relative_uncertainty, "a relative uncertainty above 0");
    if (!(point.filler_fraction >= 0.0 && point.filler_fraction <= 1.0))
      refuse("filler_fraction", point.filler_fraction, "a fraction from 0 to 1");
  }
  if (parameters.empty()) throw base::ParameterError("parameters", "none", "at least one parameter to fit");
  for (const FitParameter& p : parameters) {
    if (!(p.low < p.high) || !std::isfinite(p.high - p.low))
      refuse(p.name + " low", p.low, "finite bounds, low below high");
    if (!(p.start >= p.low && p.start <= p.high)) refuse(p.name + " start", p.start, "a start within the bounds");
    if (p.is_logarithmic && !(p.low > 0.0))
      refuse(p.name + " low", p.low, "a lower bound above 0, since the parameter is varied in its logarithm");
  }
  if (options.starts == 0) throw base::ParameterError("starts", "0", "at least 1");
  if (!(options.rise > 0.0) || !std::isfinite(options.rise)) refuse("rise", options.rise, "a number above 0");
}

/// The fit in the parameters as varied.
class Problem {
 public:
  Problem(const CompositeModel& model, std::span<const CompositePoint> points, std::span<const FitParameter> parameters,
          const InterphaseFitOptions& options)
      : model_(model), points_(points), parameters_(parameters), options_(options) {
    for (const FitParameter& p : parameters)
      box_.push_back({varied(p, p.start), varied(p, p.low), varied(p, p.high), 0.0});
    for (num::BoundedParameter& p : box_) p.typical = 0.1 * (p.high - p.low);
  }

  static double varied(const FitParameter& p, double value) { return p.is_logarithmic ? std::log(value) : value; }
  double natural(std::size_t j, double value) const {
    if (!parameters_[j].is_logarithmic) return value;
    return std::clamp(std::exp(value), parameters_[j].low, parameters_[j].high);
  }
  const std::vector<num::BoundedParameter>& box() const { return box_; }
  double width(std::size_t j) const { return box_[j].high - box_[j].low; }

  double predict(std::span<const double> place, const CompositePoint& point) const {
    std::vector<double> values;
    for (std::size_t j = 0; j < place.size(); ++j) values.push_back(natural(j, place[j]));
    return model_(values, point);
  }

  num::BoundedFit fit(std::vector<num::BoundedParameter> box) const {
    const num::ResidualFunction residuals = [this](std::span<const double> place, std::span<double> r) {
      for (std::size_t i = 0; i < points_.size(); ++i) {
        const double sigma = predict(place, points_[i]);
        if (!(sigma > 0.0) || !std::isfinite(sigma)) return false;
        r[i] = std::log(sigma / points_[i].conductivity) / points_[i].relative_uncertainty;
      }
      return true;
    };
    num::BoundedOptions settings;
    settings.relative_noise = options_.relative_noise;
    settings.tolerance = 1e-12;
    settings.max_iterations = 300;
    return num::fit_bounded(residuals, points_.size(), box, settings);
  }

  /// The fit with parameter j held at a value, the others started from a place.
  num::BoundedFit fit_held(std::size_t j, double value, std::span<const double> from) const {
    std::vector<num::BoundedParameter> box = box_;
    for (std::size_t k = 0; k < box.size(); ++k) box[k].start = from[k];
    box[j].start = box[j].low = box[j].high = value;
    return fit(std::move(box));
  }

 private:
  const CompositeModel& model_;
  std::span<const CompositePoint> points_;
  std::span<const FitParameter> parameters_;
  const InterphaseFitOptions& options_;
  std::vector<num::BoundedParameter> box_;
};

/// Element of Halton's sequence in one base: starts that spread evenly over the box. J. H. Halton, Numer. Math. 2
/// (1960) 84, DOI 10.1007/BF01386213.
double halton(std::size_t index, std::size_t base) {
  double result = 0.0, weight = 1.0;
  for (std::size_t i = index; i > 0; i /= base) {
    weight /= static_cast<double>(base);
    result += weight * static_cast<double>(i % base);
  }
  return result;
}

bool is_better(const num::BoundedFit& a, const num::BoundedFit& b) { return a.chi_square < b.chi_square; }

num::BoundedFit best_of_starts(const Problem& problem, const InterphaseFitOptions& options) {
  constexpr std::array<std::size_t, 8> primes{2, 3, 5, 7, 11, 13, 17, 19};
  num::BoundedFit best;
  for (std::size_t start = 0; start < options.starts; ++start) {
    if (options.progress &&
        !options.progress(0.5 * static_cast<double>(start) / static_cast<double>(options.starts), "fit"))
      throw base::Cancelled();
    std::vector<num::BoundedParameter> box = problem.box();
    for (std::size_t j = 0; start > 0 && j < box.size(); ++j)
      box[j].start += (box[j].low - box[j].start) + problem.width(j) * halton(start, primes[j % primes.size()]);
    for (num::BoundedParameter& p : box) p.start = std::clamp(p.start, p.low, p.high);
    num::BoundedFit fit = problem.fit(std::move(box));
    if (fit.status != num::BoundedStatus::undefined_start && is_better(fit, best)) best = std::move(fit);
  }
  if (best.parameters.empty()) throw base::NumericsError("the model of the composite is defined at none of the starts");
  return best;
}

struct ProfileEnd {
  double place = 0.0;
  std::vector<bool> at_bound;  ///< of every parameter, there
};

/// One side of a profile: where χ², minimised over the other parameters, has risen; empty when it does not up to the
/// bound. A lower minimum met on the way comes back through `better`.
std::optional<ProfileEnd> profile_end(const Problem& problem, const num::BoundedFit& best, std::size_t j, int side,
                                      double first_step, double rise, std::optional<num::BoundedFit>& better) {
  const double centre = best.parameters[j];
  const double bound = side > 0 ? problem.box()[j].high : problem.box()[j].low;
  const double room = std::fabs(bound - centre);
  if (room <= 1e-9 * problem.width(j)) return std::nullopt;
  const double target = best.chi_square + rise;
  std::vector<double> from = best.parameters;
  double inside = 0.0, inside_value = best.chi_square, step = std::min(first_step, room);
  for (int round = 0; round < 60; ++round) {
    const double distance = std::min(inside + step, room);
    const num::BoundedFit held = problem.fit_held(j, distance >= room ? bound : centre + side * distance, from);
    if (held.chi_square < best.chi_square - 1e-3 * rise) {
      better = held;
      return std::nullopt;
    }
    if (held.chi_square >= target) {
      // Between a place inside and one outside: the secant of sqrt(Δχ²), kept off the ends.
      double outside = distance, outside_value = held.chi_square;
      std::vector<bool> at_bound = held.at_bound;
      for (int refinement = 0; refinement < 40 && outside - inside > 1e-4 * (outside + 1e-9); ++refinement) {
        double share = 0.5;
        if (std::isfinite(outside_value)) {
          const double a = std::sqrt(std::max(inside_value - best.chi_square, 0.0));
          const double b = std::sqrt(outside_value - best.chi_square);
          share = std::clamp((std::sqrt(rise) - a) / (b - a), 0.05, 0.95);
        }
        const double middle = inside + share * (outside - inside);
        const num::BoundedFit between = problem.fit_held(j, centre + side * middle, from);
        (between.chi_square >= target ? outside : inside) = middle;
        (between.chi_square >= target ? outside_value : inside_value) = between.chi_square;
        if (std::isfinite(between.chi_square)) at_bound = between.at_bound;
        if (std::fabs(between.chi_square - target) < 1e-3 * rise) return ProfileEnd{centre + side * middle, at_bound};
      }
      return ProfileEnd{centre + side * 0.5 * (inside + outside), at_bound};
    }
    if (distance >= room) return std::nullopt;
    // Steps grow while the profile is flat, so that wide bounds cost little.
    step *= held.chi_square - inside_value < 0.2 * rise ? 2.0 : 1.0;
    inside = distance;
    inside_value = held.chi_square;
    from = held.parameters;
  }
  return std::nullopt;
}

/// Correlation with the bounds as a prior: (JᵀJ + diag(12/width²))⁻¹, the 12 being that of an even distribution.
std::vector<double> correlation_of(const Problem& problem, const num::BoundedFit& fit) {
  const std::size_t n = fit.parameters.size(), m = fit.residuals.size();
  std::vector<double> information(n * n, 0.0), inverse(n * n, 0.0), result(n * n, 0.0);
  // In widths of the bounds, which makes the matrix well scaled.
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) {
      double sum = a == b ? 12.0 : 0.0;
      for (std::size_t i = 0; i < m; ++i)
        sum += fit.jacobian[i * n + a] * problem.width(a) * fit.jacobian[i * n + b] * problem.width(b);
      information[a * n + b] = sum;
    }
  }
  if (!num::cholesky(information, n))
    throw base::InternalError("the information matrix with its prior is not positive");
  for (std::size_t a = 0; a < n; ++a) {
    std::vector<double> column(n, 0.0);
    column[a] = 1.0;
    num::cholesky_solve(information, column);
    std::ranges::copy(column, inverse.begin() + static_cast<std::ptrdiff_t>(a * n));
  }
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b)
      result[a * n + b] = a == b ? 1.0 : inverse[a * n + b] / std::sqrt(inverse[a * n + a] * inverse[b * n + b]);
  }
  return result;
}

struct Profiles {
  std::vector<FittedParameter> parameters;
  std::optional<num::BoundedFit> better;
};

Profiles profiles_of(const Problem& problem, const num::BoundedFit& best, std::span<const FitParameter> parameters,
                     std::size_t degrees_of_freedom, const InterphaseFitOptions& options) {
  const double scatter =
      degrees_of_freedom > 0 ? std::max(1.0, best.chi_square / static_cast<double>(degrees_of_freedom)) : 1.0;
  const double rise = options.rise * scatter;
  const std::size_t n = parameters.size();
  Profiles profiles;
  for (std::size_t j = 0; j < n; ++j) {
    if (options.progress && !options.progress(0.5 + 0.5 * static_cast<double>(j) / static_cast<double>(n), "profiles"))
      throw base::Cancelled();
    FittedParameter fitted{.name = parameters[j].name, .value = problem.natural(j, best.parameters[j])};
    const double variance = best.covariance_known() ? best.covariance[j * n + j] : 0.0;
    const double expected = std::sqrt(variance * rise);
    const double step = expected > 0.0 ? std::min(0.5 * expected, 0.1 * problem.width(j)) : 0.02 * problem.width(j);
    for (const int side : {-1, 1}) {
      const auto end = profile_end(problem, best, j, side, step, rise, profiles.better);
      if (profiles.better) return profiles;
      if (!end) continue;
      (side < 0 ? fitted.low : fitted.high) = problem.natural(j, end->place);
      for (std::size_t k = 0; k < end->at_bound.size(); ++k) {
        const std::string& name = parameters[k].name;
        if (k != j && end->at_bound[k] && std::ranges::find(fitted.leans_on, name) == fitted.leans_on.end())
          fitted.leans_on.push_back(name);
      }
    }
    fitted.is_identified = fitted.low.has_value() && fitted.high.has_value() && fitted.leans_on.empty();
    profiles.parameters.push_back(std::move(fitted));
  }
  return profiles;
}

}  // namespace

InterphaseFit fit_interphase(const CompositeModel& model, std::span<const CompositePoint> points,
                             std::span<const FitParameter> parameters, const InterphaseFitOptions& options) {
  check(points, parameters, options);
  const Problem problem(model, points, parameters, options);
  num::BoundedFit best = best_of_starts(problem, options);
  InterphaseFit result;
  result.degrees_of_freedom = points.size() > parameters.size() ? points.size() - parameters.size() : 0;
  // A profile that meets a lower minimum shows that the starts missed it: go on from there.
  for (int round = 0; round < 5; ++round) {
    Profiles profiles = profiles_of(problem, best, parameters, result.degrees_of_freedom, options);
    if (!profiles.better) {
      result.parameters = std::move(profiles.parameters);
      break;
    }
    std::vector<num::BoundedParameter> box = problem.box();
    for (std::size_t j = 0; j < box.size(); ++j) box[j].start = profiles.better->parameters[j];
    best = problem.fit(std::move(box));
  }
  if (result.parameters.empty())
    throw base::NumericsError("the fit of the composite meets ever lower minima; narrow the bounds");
  result.converged = best.status == num::BoundedStatus::converged;
  result.chi_square = best.chi_square;
  for (const CompositePoint& point : points) result.predicted.push_back(problem.predict(best.parameters, point));
  result.correlation = correlation_of(problem, best);
  const std::size_t n = parameters.size();
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = a + 1; b < n; ++b) {
      if (std::fabs(result.correlation[a * n + b]) > traded_correlation)
        result.traded.emplace_back(parameters[a].name, parameters[b].name);
    }
  }
  return result;
}

}  // namespace closo::composite
