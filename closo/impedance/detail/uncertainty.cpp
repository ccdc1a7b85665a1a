#include "closo/impedance/detail/uncertainty.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "closo/num/distributions.hpp"

namespace closo::impedance::detail {
namespace {

const double infinity = std::numeric_limits<double>::infinity();
constexpr double weak_logarithm = 0.3;
constexpr double weak_exponent = 0.15;

/// The problem with one coordinate held.
class HeldProblem {
 public:
  HeldProblem(FitProblem& problem, std::size_t held, double value)
      : problem_(&problem),
        held_(held),
        full_(problem.size(), value),
        matrix_(problem.size() * problem.size()),
        gradient_(problem.size()) {
    for (std::size_t i = 0; i < problem.size(); ++i) {
      if (i == held) continue;
      lower_.push_back(problem.lower()[i]);
      upper_.push_back(problem.upper()[i]);
    }
  }
  std::size_t size() const noexcept { return lower_.size(); }
  const double* lower() const noexcept { return lower_.data(); }
  const double* upper() const noexcept { return upper_.data(); }
  void hold(double value) { full_[held_] = value; }
  const std::vector<double>& full() const noexcept { return full_; }

  double cost(const double* x) {
    for (std::size_t i = 0, k = 0; i < full_.size(); ++i) {
      if (i != held_) full_[i] = x[k++];
    }
    return problem_->cost(full_.data());
  }
  void normal_equations(double* matrix, double* gradient) {
    const std::size_t n = full_.size();
    problem_->normal_equations(matrix_.data(), gradient_.data());
    for (std::size_t i = 0, a = 0; i < n; ++i) {
      if (i == held_) continue;
      gradient[a] = gradient_[i];
      for (std::size_t j = 0, b = 0; j <= i; ++j) {
        if (j != held_) matrix[a * (n - 1) + b++] = matrix_[i * n + j];
      }
      ++a;
    }
  }

 private:
  FitProblem* problem_;
  std::size_t held_;
  std::vector<double> full_, matrix_, gradient_, lower_, upper_;
};

/// Eigenvalues and vectors of a small symmetric matrix by Jacobi rotations.
void diagonalise(std::vector<double>& a, std::size_t n, std::vector<double>& vectors) {
  vectors.assign(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) vectors[i * n + i] = 1.0;
  for (int sweep = 0; sweep < 60; ++sweep) {
    double off = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) off += a[i * n + j] * a[i * n + j];
    }
    if (off < 1e-30) return;
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = p + 1; q < n; ++q) {
        const double apq = a[p * n + q];
        if (apq == 0.0) continue;
        const double theta = 0.5 * (a[q * n + q] - a[p * n + p]) / apq;
        const double t = std::copysign(1.0, theta) / (std::fabs(theta) + std::sqrt(theta * theta + 1.0));
        const double c = 1.0 / std::sqrt(t * t + 1.0);
        const double s = t * c;
        for (std::size_t k = 0; k < n; ++k) {
          const double akp = a[k * n + p];
          const double akq = a[k * n + q];
          a[k * n + p] = c * akp - s * akq;
          a[k * n + q] = s * akp + c * akq;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const double apk = a[p * n + k];
          const double aqk = a[q * n + k];
          a[p * n + k] = c * apk - s * aqk;
          a[q * n + k] = s * apk + c * aqk;
          const double vkp = vectors[k * n + p];
          const double vkq = vectors[k * n + q];
          vectors[k * n + p] = c * vkp - s * vkq;
          vectors[k * n + q] = s * vkp + c * vkq;
        }
      }
    }
  }
}

struct Covariance {
  std::vector<double> matrix;  ///< of all coordinates, before the variance scale; zero rows where there is none
  std::vector<char> at_bound;
  std::vector<char> undetermined;  ///< moves without changing the residuals
};

/// Inverse of the normal equations over the coordinates inside their bounds, scaled to unit diagonal for the rank
/// decision.
Covariance invert(const FitProblem& problem, const std::vector<double>& x, const std::vector<double>& normal) {
  const std::size_t n = problem.size();
  Covariance out{std::vector<double>(n * n, 0.0), std::vector<char>(n, 0), std::vector<char>(n, 0)};
  std::vector<std::size_t> inside;
  for (std::size_t i = 0; i < n; ++i) {
    const double width = problem.upper()[i] - problem.lower()[i];
    const double distance = std::min(x[i] - problem.lower()[i], problem.upper()[i] - x[i]);
    out.at_bound[i] = distance <= 1e-9 * width ? 1 : 0;
    const bool silent = !(normal[i * n + i] > 0.0);
    if (silent) out.undetermined[i] = 1;
    if (!out.at_bound[i] && !silent) inside.push_back(i);
  }
  for (int pass = 0; pass < 2 && !inside.empty(); ++pass) {
    const std::size_t m = inside.size();
    std::vector<double> factor(m * m, 0.0);
    for (std::size_t a = 0; a < m; ++a) {
      for (std::size_t b = 0; b <= a; ++b) {
        const std::size_t i = inside[a];
        const std::size_t j = inside[b];
        factor[a * m + b] = factor[b * m + a] = normal[i * n + j] / std::sqrt(normal[i * n + i] * normal[j * n + j]);
      }
    }
    std::vector<double> full = factor;
    if (factorize(factor.data(), m, 1e-11)) {
      std::vector<double> unit(m);
      for (std::size_t a = 0; a < m; ++a) {
        std::fill(unit.begin(), unit.end(), 0.0);
        unit[a] = 1.0;
        solve_factorized(factor.data(), m, unit.data());
        for (std::size_t b = 0; b < m; ++b) {
          const std::size_t i = inside[a];
          const std::size_t j = inside[b];
          out.matrix[i * n + j] = unit[b] / std::sqrt(normal[i * n + i] * normal[j * n + j]);
        }
      }
      return out;
    }
    std::vector<double> vectors;
    diagonalise(full, m, vectors);
    for (std::size_t k = 0; k < m; ++k) {
      if (full[k * m + k] > 1e-10) continue;
      for (std::size_t a = 0; a < m; ++a) {
        if (std::fabs(vectors[a * m + k]) > 0.05) out.undetermined[inside[a]] = 1;
      }
    }
    std::erase_if(inside, [&out](std::size_t i) { return out.undetermined[i] != 0; });
  }
  return out;
}

/// One side of a profile: the coordinate where the best cost with it held has risen by `rise`.
struct ProfileSide {
  double end = 0.0;
  bool open = false;  ///< the bound was reached before
};

class Profile {
 public:
  Profile(FitProblem& problem, const Covariance& covariance, const std::vector<double>& x, double cost, double rise,
          MinimiserMemory& memory)
      : problem_(&problem), covariance_(&covariance), x_(&x), cost_(cost), rise_(rise), memory_(&memory) {}

  std::vector<double> better;  ///< coordinates of a lower cost found on the way

  ProfileSide search(std::size_t k, double direction, double guess) {
    const double origin = (*x_)[k];
    const double bound = direction > 0.0 ? problem_->upper()[k] : problem_->lower()[k];
    const double room = std::fabs(bound - origin);
    HeldProblem held(*problem_, k, origin);
    std::vector<double> first;
    for (std::size_t i = 0; i < x_->size(); ++i) {
      if (i != k) first.push_back((*x_)[i]);
    }
    // The other coordinates follow in proportion, at first along the covariance, then as the last point did.
    std::vector<double> slope(first.size(), 0.0);
    const std::size_t n = x_->size();
    const double variance = covariance_->matrix[k * n + k];
    for (std::size_t i = 0, a = 0; i < n && variance > 0.0; ++i) {
      if (i != k) slope[a++] = direction * covariance_->matrix[i * n + k] / variance;
    }
    MinimiserSettings settings;
    settings.tolerance = 1e-5;
    settings.max_iterations = 60;
    // The square root of the rise is nearly linear in the distance.
    const auto height = [&](double distance) {
      held.hold(origin + direction * distance);
      std::vector<double> warm = first;
      for (std::size_t a = 0; a < warm.size(); ++a) warm[a] += slope[a] * distance;
      MinimiserOutcome outcome = minimise(held, warm.data(), *memory_, settings);
      if (!(outcome.cost <= cost_ + 4.0 * rise_)) {
        std::vector<double> again = first;
        const MinimiserOutcome second = minimise(held, again.data(), *memory_, settings);
        if (second.cost < outcome.cost) {
          outcome = second;
          warm = again;
        }
      }
      for (std::size_t a = 0; a < warm.size(); ++a) slope[a] = (warm[a] - first[a]) / distance;
      if (outcome.cost < cost_ * (1.0 - 1e-6) && better.empty()) {
        held.cost(warm.data());
        better = held.full();
      }
      return std::sqrt(std::max(0.0, outcome.cost - cost_) / rise_);
    };
    double inner = 0.0;
    double inner_height = 0.0;
    double outer = std::min(guess, room);
    double outer_height = 0.0;
    for (int doubling = 0;; ++doubling) {
      if (outer <= 0.0) return {bound, true};
      outer_height = height(outer);
      if (!better.empty()) return {origin + direction * guess, false};
      if (std::fabs(outer_height - 1.0) < 5e-3) return {origin + direction * outer, false};
      if (outer_height >= 1.0) break;
      if (outer >= room || doubling == 40) return {bound, true};
      inner = outer;
      inner_height = outer_height;
      outer = std::min(room, 2.0 * outer);
    }
    for (int step = 0; step < 12 && outer - inner > 1e-3 * outer; ++step) {
      double share = (1.0 - inner_height) / (outer_height - inner_height);
      share = std::clamp(share, 0.1, 0.9);
      const double middle = inner + share * (outer - inner);
      const double middle_height = height(middle);
      if (!better.empty()) break;
      if (std::fabs(middle_height - 1.0) < 5e-3) return {origin + direction * middle, false};
      if (middle_height < 1.0) {
        inner = middle;
        inner_height = middle_height;
      } else {
        outer = middle;
        outer_height = middle_height;
      }
    }
    return {origin + direction * outer, false};
  }

 private:
  FitProblem* problem_;
  const Covariance* covariance_;
  const std::vector<double>* x_;
  double cost_;
  double rise_;
  MinimiserMemory* memory_;
};

}  // namespace

std::vector<double> assess(const Circuit& circuit, FitProblem& problem, const std::vector<double>& x, double cost,
                           const FitOptions& options, MinimiserMemory& memory, FitResult& result) {
  const std::size_t n = problem.size();
  std::vector<double> normal(n * n), gradient(n);
  problem.cost(x.data());
  problem.normal_equations(normal.data(), gradient.data());
  const std::vector<double> values = problem.values();
  const Covariance covariance = invert(problem, x, normal);
  const bool estimated = options.weighting != Weighting::given || options.scale_by_residuals;
  const auto dof = static_cast<double>(result.degrees_of_freedom);
  const double factor = num::coverage_factor(options.confidence, estimated ? dof : infinity);
  const double scale = result.variance_scale;
  const double rise = factor * factor * std::max(scale / problem.chi_square_unit(), 1e-28 * problem.observed_square());
  const double variance_unit = scale / problem.chi_square_unit();

  const std::size_t count = circuit.parameters.size();
  result.parameters.clear();
  result.scaled_covariance.assign(count * count, 0.0);
  for (std::size_t i = 0; i < count; ++i) {
    const Parameter& parameter = circuit.parameters[i];
    const Identifiability start = parameter.fixed ? Identifiability::fixed : Identifiability::identified;
    result.parameters.push_back(
        {parameter.name, parameter.unit, parameter.scale, values[i], 0.0, values[i], values[i], false, start});
  }
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) {
      result.scaled_covariance[problem.free()[a] * count + problem.free()[b]] =
          variance_unit * covariance.matrix[a * n + b];
    }
  }

  Profile profile(problem, covariance, x, cost, rise, memory);
  bool lost = false;
  for (std::size_t a = 0; a < n; ++a) {
    const std::size_t i = problem.free()[a];
    const Parameter& parameter = circuit.parameters[i];
    FittedParameter& fitted = result.parameters[i];
    const bool logarithmic = parameter.scale == ParameterScale::logarithmic;
    const double sigma = std::sqrt(std::max(0.0, result.scaled_covariance[i * count + i]));
    const bool no_sigma = covariance.undetermined[a] || covariance.at_bound[a];
    const bool wide = !no_sigma && sigma > (logarithmic ? weak_logarithm : weak_exponent);
    if (wide) fitted.identifiability = Identifiability::weak;
    if (covariance.at_bound[a]) fitted.identifiability = Identifiability::at_bound;
    if (covariance.undetermined[a]) fitted.identifiability = Identifiability::not_identified;
    if (!no_sigma) {
      fitted.uncertainty = logarithmic ? values[i] * sigma : sigma;
      fitted.lower = from_coordinate(parameter, x[a] - factor * sigma);
      fitted.upper = from_coordinate(parameter, x[a] + factor * sigma);
    }
    const bool near_bound = !no_sigma && (x[a] - problem.lower()[a] < 2.0 * factor * sigma ||
                                          problem.upper()[a] - x[a] < 2.0 * factor * sigma);
    const bool skewed = wide || near_bound || no_sigma || (logarithmic && sigma > 0.5 * weak_logarithm);
    // Logarithmic parameters have no bound but the end of what the data can see: reaching it leaves the side open.
    const bool open_below = logarithmic && !(parameter.lower > 0.0);
    const bool open_above = logarithmic && !std::isfinite(parameter.upper);
    if (skewed && options.profile_intervals && !covariance.undetermined[a]) {
      const double guess = no_sigma || sigma > 1.0 ? (logarithmic ? 0.3 : 0.03) : factor * sigma;
      const ProfileSide below = profile.search(a, -1.0, guess);
      if (!profile.better.empty()) return profile.better;
      const ProfileSide above = profile.search(a, 1.0, guess);
      if (!profile.better.empty()) return profile.better;
      fitted.profiled = true;
      fitted.lower = below.open && open_below ? 0.0 : from_coordinate(parameter, below.end);
      fitted.upper = above.open && open_above ? infinity : from_coordinate(parameter, above.end);
      if ((below.open && open_below) || (above.open && open_above)) {
        fitted.identifiability = Identifiability::not_identified;
      } else if (!logarithmic && below.open && above.open) {
        fitted.identifiability = Identifiability::not_identified;
      }
    } else if (covariance.undetermined[a] || (wide && logarithmic && sigma > 2.0)) {
      fitted.identifiability = Identifiability::not_identified;
      fitted.lower = open_below ? 0.0 : parameter.lower;
      fitted.upper = parameter.upper;
    }
    fitted.lower = std::max(fitted.lower, parameter.lower);
    fitted.upper = std::min(fitted.upper, parameter.upper);
    if (fitted.identifiability == Identifiability::not_identified) {
      lost = true;
      fitted.uncertainty = infinity;
      for (std::size_t j = 0; j < count; ++j) {
        if (covariance.undetermined[a])
          result.scaled_covariance[i * count + j] = result.scaled_covariance[j * count + i] = 0.0;
      }
      if (covariance.undetermined[a]) result.scaled_covariance[i * count + i] = infinity;
      result.remarks.push_back("The data do not fix " + parameter.name + ".");
    } else if (fitted.identifiability == Identifiability::at_bound) {
      result.remarks.push_back(parameter.name + " lies on its bound.");
    } else if (fitted.identifiability == Identifiability::weak) {
      result.remarks.push_back(parameter.name + " is known poorly; its interval comes from the profile likelihood.");
    }
  }
  if (lost && result.status == FitStatus::converged) result.status = FitStatus::not_identifiable;
  problem.cost(x.data());
  return {};
}

}  // namespace closo::impedance::detail
