#include "closo/num/bounded_least_squares.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::num {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Index = Eigen::Index;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double converged_offset = 1e-3;

void check(std::size_t residual_count, std::span<const BoundedParameter> parameters, const BoundedOptions& options) {
  if (parameters.empty()) throw base::ParameterError("parameters", "none", "at least one parameter");
  if (residual_count == 0) throw base::ParameterError("residual_count", "0", "at least one residual");
  for (std::size_t j = 0; j < parameters.size(); ++j) {
    const BoundedParameter& p = parameters[j];
    const std::string name = "parameter " + std::to_string(j + 1);
    if (!(p.low <= p.high)) {
      throw base::ParameterError(name, base::format_number(p.low, 6) + " to " + base::format_number(p.high, 6),
                                 "a lower bound that is not above the upper one");
    }
    if (!std::isfinite(p.start) || p.start < p.low || p.start > p.high) {
      throw base::ParameterError(
          name, base::format_number(p.start, 6),
          "a start between " + base::format_number(p.low, 6) + " and " + base::format_number(p.high, 6));
    }
    if (!(p.typical >= 0.0) || !std::isfinite(p.typical))
      throw base::ParameterError(name, base::format_number(p.typical, 6), "a typical size of at least 0");
  }
  if (options.max_iterations == 0) throw base::ParameterError("max_iterations", "0", "at least one iteration");
  if (!(options.tolerance > 0.0 && options.tolerance < 1.0))
    throw base::ParameterError("tolerance", base::format_number(options.tolerance, 6), "a number between 0 and 1");
  if (!(options.relative_noise > 0.0 && options.relative_noise < 0.1)) {
    throw base::ParameterError("relative_noise", base::format_number(options.relative_noise, 6),
                               "a number between 0 and 0.1");
  }
}

/// The iteration: residuals, Jacobian and its compressed form at the current parameters.
class Search {
 public:
  Search(const ResidualFunction& residuals, std::size_t residual_count, std::span<const BoundedParameter> parameters,
         const BoundedOptions& options)
      : function_(residuals),
        bounds_(parameters),
        options_(options),
        n_(static_cast<Index>(parameters.size())),
        m_(static_cast<Index>(residual_count)),
        p_(n_),
        r_(m_),
        trial_residuals_(m_),
        jacobian_(m_, n_),
        scale_(Vector::Zero(n_)),
        typical_(n_),
        rests_(parameters.size()) {
    for (Index j = 0; j < n_; ++j) {
      const BoundedParameter& bound = at(j);
      p_(j) = bound.start;
      typical_(j) = bound.typical > 0.0                                               ? bound.typical
                    : bound.start != 0.0                                              ? std::fabs(bound.start)
                    : std::isfinite(bound.high - bound.low) && bound.high > bound.low ? 0.01 * (bound.high - bound.low)
                                                                                      : 1.0;
    }
  }

  BoundedFit run() {
    BoundedStatus status = BoundedStatus::undefined_start;
    cost_ = evaluate(p_, r_);
    if (std::isfinite(cost_)) {
      status = iterate();
      differentiate(true);
      compress();
    }
    return result(status);
  }

 private:
  const BoundedParameter& at(Index j) const { return bounds_[static_cast<std::size_t>(j)]; }

  /// Inside the box, and exactly on a bound that is only rounding away.
  double on_bound(Index j, double value) const {
    const double near = 1e-14 * std::fabs(p_(j));
    if (value <= at(j).low + near) return at(j).low;
    return value >= at(j).high - near ? at(j).high : value;
  }

  double evaluate(const Vector& p, Vector& r) {
    ++evaluations_;
    const bool defined = function_({p.data(), static_cast<std::size_t>(n_)}, {r.data(), static_cast<std::size_t>(m_)});
    return defined && r.allFinite() ? r.squaredNorm() : infinity;
  }

  /// Numeric unless the caller gave the derivatives.
  void differentiate(bool central) {
    if (options_.jacobian) {
      RowMatrix rows(m_, n_);
      options_.jacobian({p_.data(), static_cast<std::size_t>(n_)}, {rows.data(), static_cast<std::size_t>(m_ * n_)});
      jacobian_ = rows;
      return;
    }
    for (Index j = 0; j < n_; ++j) differentiate_column(j, central);
  }

  void differentiate_column(Index j, bool central) {
    const double relative = central ? std::cbrt(options_.relative_noise) : std::sqrt(options_.relative_noise);
    double step = relative * std::max(std::fabs(p_(j)), 1e-3 * typical_(j));
    jacobian_.col(j).setZero();
    if (at(j).high <= at(j).low) return;
    step = std::min(step, 0.25 * (at(j).high - at(j).low));
    // Where the model is not defined at a neighbour, a shorter step may be.
    for (int attempt = 0; attempt < 6; ++attempt, step *= 0.1) {
      const bool has_room_up = at(j).high - p_(j) >= step, has_room_down = p_(j) - at(j).low >= step;
      if (central) {
        const double first = has_room_up ? step : -step;
        const double second = has_room_up && has_room_down ? -step : 2.0 * first;
        if (slope_from_two(j, first, second)) return;
      }
      if (has_room_up && slope_from_one(j, step)) return;
      if (has_room_down && slope_from_one(j, -step)) return;
    }
  }

  bool slope_from_one(Index j, double displacement) {
    Vector place = p_;
    place(j) += displacement;
    if (!std::isfinite(evaluate(place, trial_residuals_))) return false;
    jacobian_.col(j) = (trial_residuals_ - r_) / (place(j) - p_(j));
    return true;
  }

  /// Slope of the parabola through the current point and two others.
  bool slope_from_two(Index j, double first, double second) {
    Vector place = p_;
    place(j) = p_(j) + first;
    const double a = place(j) - p_(j);
    if (!std::isfinite(evaluate(place, trial_residuals_))) return false;
    const Vector slope_a = (trial_residuals_ - r_) / a;
    place(j) = p_(j) + second;
    const double b = place(j) - p_(j);
    if (!std::isfinite(evaluate(place, trial_residuals_))) return false;
    jacobian_.col(j) = (slope_a * b - (trial_residuals_ - r_) * (a / b)) / (b - a);
    return true;
  }

  /// J = Q R: everything the steps need is R and Qᵀ r, whatever the number of residuals.
  void compress() {
    for (Index j = 0; j < n_; ++j) scale_(j) = std::max(scale_(j), jacobian_.col(j).norm());
    const Eigen::HouseholderQR<Matrix> qr(jacobian_);
    const Index rows = std::min(m_, n_);
    triangle_ = Matrix(qr.matrixQR().topRows(rows).triangularView<Eigen::Upper>());
    const Vector turned = qr.householderQ().adjoint() * r_;
    along_ = turned.head(rows);
    const Vector gradient = jacobian_.transpose() * r_;
    for (Index j = 0; j < n_; ++j) {
      const auto place = static_cast<std::size_t>(j);
      rests_[place] = at(j).low == at(j).high || (p_(j) <= at(j).low && gradient(j) > 0.0) ||
                      (p_(j) >= at(j).high && gradient(j) < 0.0);
    }
  }

  std::vector<Index> moving() const {
    std::vector<Index> free;
    for (Index j = 0; j < n_; ++j) {
      if (!rests_[static_cast<std::size_t>(j)]) free.push_back(j);
    }
    return free;
  }

  double scale(Index j) const { return scale_(j) > 0.0 ? scale_(j) : 1.0; }

  /// The damped step that is best inside the box: an active set on the convex model, where parameters that would leave
  /// are put on their bound and let go again when the model wants them back.
  Vector step(double damping, bool& is_clamped) const {
    Vector h = Vector::Zero(n_);
    std::vector<bool> fixed = rests_;
    is_clamped = false;
    for (Index round = 0; round < 3 * n_ + 3; ++round) {
      solve_free(damping, fixed, h);
      bool left = false;
      for (Index j = 0; j < n_; ++j) {
        const double wanted = p_(j) + h(j), inside = std::clamp(wanted, at(j).low, at(j).high);
        if (fixed[static_cast<std::size_t>(j)] || wanted == inside) continue;
        h(j) = inside - p_(j);
        fixed[static_cast<std::size_t>(j)] = left = is_clamped = true;
      }
      if (left) continue;
      const Vector slope = triangle_.transpose() * (along_ + triangle_ * h);
      Index release = n_;
      double strongest = 0.0;
      for (Index j = 0; j < n_; ++j) {
        const auto place = static_cast<std::size_t>(j);
        if (!fixed[place] || rests_[place]) continue;
        const double pull =
            (slope(j) / scale(j) + damping * scale(j) * h(j)) * (p_(j) + h(j) <= at(j).low ? -1.0 : 1.0);
        if (pull > strongest) {
          strongest = pull;
          release = j;
        }
      }
      if (release == n_) break;
      fixed[static_cast<std::size_t>(release)] = false;
    }
    return h;
  }

  /// Minimum of the damped model over the parameters that are not fixed, the others displaced as `h` says.
  void solve_free(double damping, const std::vector<bool>& fixed, Vector& h) const {
    std::vector<Index> free;
    for (Index j = 0; j < n_; ++j) {
      if (fixed[static_cast<std::size_t>(j)]) continue;
      free.push_back(j);
      h(j) = 0.0;
    }
    if (free.empty()) return;
    const auto count = static_cast<Index>(free.size());
    const Index rows = triangle_.rows();
    Matrix a = Matrix::Zero(rows + count, count);
    Vector b = Vector::Zero(rows + count);
    for (Index k = 0; k < count; ++k) {
      const Index j = free[static_cast<std::size_t>(k)];
      a.col(k).head(rows) = triangle_.col(j) / scale(j);
      a(rows + k, k) = std::sqrt(damping);
    }
    b.head(rows) = -(along_ + triangle_ * h);
    const Vector z = a.colPivHouseholderQr().solve(b);
    for (Index k = 0; k < count; ++k) {
      const Index j = free[static_cast<std::size_t>(k)];
      h(j) = z(k) / scale(j);
    }
  }

  BoundedStatus iterate() {
    const double tolerance = std::max(options_.tolerance, options_.relative_noise);
    double damping = 1e-3, growth = 2.0;
    bool central = static_cast<bool>(options_.jacobian);
    for (iterations_ = 1; iterations_ <= options_.max_iterations; ++iterations_) {
      if (options_.progress &&
          !options_.progress(static_cast<double>(iterations_) / static_cast<double>(options_.max_iterations + 1),
                             "least squares")) {
        throw base::Cancelled();
      }
      differentiate(central);
      compress();
      bool accepted = false, settled = cost_ == 0.0;
      while (!accepted && !settled && damping < 1e20) {
        bool is_clamped = false;
        Vector trial = p_ + step(damping, is_clamped);
        for (Index j = 0; j < n_; ++j) trial(j) = on_bound(j, trial(j));
        const Vector moved = trial - p_;
        const Vector linear = triangle_ * moved;
        const double predicted = -(2.0 * along_.dot(linear) + linear.squaredNorm());
        if (trial == p_ || predicted <= 1e-3 * tolerance * cost_) {
          // At strong damping a small promise says nothing about the minimum: `judge` does. A step cut by the bounds
          // promises too little by itself.
          if (!is_clamped || trial == p_) {
            settled = true;
            break;
          }
          damping *= growth;
          growth *= 2.0;
          continue;
        }
        const double cost = evaluate(trial, trial_residuals_);
        const double gained = cost_ - cost;
        if (cost < cost_) {
          settled = predicted <= tolerance * cost_ && gained <= tolerance * cost_;
          const double gain = gained / predicted;
          damping = std::max(damping * std::max(1.0 / 3.0, 1.0 - std::pow(2.0 * gain - 1.0, 3)), 1e-20);
          if (gain > 0.9) damping = std::max(0.1 * damping, 1e-20);
          growth = 2.0;
          p_ = trial;
          r_ = trial_residuals_;
          cost_ = cost;
          accepted = true;
        } else {
          damping *= growth;
          growth *= 2.0;
        }
      }
      if (accepted && !settled) continue;
      if (central) return judge();
      // Forward differences have shown all they can; their error is gone with central ones.
      central = true;
      damping = std::min(damping, 1e-3);
      growth = 2.0;
    }
    iterations_ = options_.max_iterations;
    return BoundedStatus::out_of_iterations;
  }

  /// After the last accepted step the Jacobian may be one step old; that does not change the verdict.
  BoundedStatus judge() {
    differentiate(true);
    compress();
    const double smallest = std::max(converged_offset, std::cbrt(options_.relative_noise));
    return offset() <= smallest ? BoundedStatus::converged : BoundedStatus::stalled;
  }

  Matrix free_columns() const {
    const std::vector<Index> free = moving();
    Matrix columns(m_, static_cast<Index>(free.size()));
    for (std::size_t k = 0; k < free.size(); ++k)
      columns.col(static_cast<Index>(k)) = jacobian_.col(free[k]) / scale(free[k]);
    return columns;
  }

  static Index rank_of(Eigen::ColPivHouseholderQR<Matrix>& qr, const Matrix& columns, double noise) {
    // Columns are of unit length; numeric derivatives carry an error of about noise^(2/3).
    qr.setThreshold(std::max(static_cast<double>(columns.rows()) * 2.3e-16, noise));
    qr.compute(columns);
    return qr.rank();
  }

  double derivative_noise() const { return options_.jacobian ? 1e-15 : std::pow(options_.relative_noise, 2.0 / 3.0); }

  double offset() const {
    const Matrix columns = free_columns();
    const double all = r_.squaredNorm();
    if (columns.cols() == 0 || all == 0.0) return 0.0;
    Eigen::ColPivHouseholderQR<Matrix> qr;
    const Index rank = rank_of(qr, columns, derivative_noise());
    if (rank == 0) return 0.0;
    const Vector turned = qr.householderQ().adjoint() * r_;
    const double inside = turned.head(rank).squaredNorm();
    const double outside = rank < m_ ? turned.tail(m_ - rank).squaredNorm() : 0.0;
    // Residuals at the rounding level of the start, or of the model's own terms, have nothing left to give.
    double terms = 0.0;
    for (Index j = 0; j < n_; ++j) terms = std::max(terms, jacobian_.col(j).norm() * std::fabs(p_(j)));
    if (all <= 1e-28 * std::max(first_cost(), terms * terms)) return 0.0;
    if (rank == m_) return std::sqrt(inside / first_cost());
    return std::sqrt(inside / static_cast<double>(rank)) / std::sqrt(outside / static_cast<double>(m_ - rank));
  }

  double first_cost() const {
    if (first_cost_ < 0.0) {
      Vector start(n_), residual(m_);
      for (Index j = 0; j < n_; ++j) start(j) = at(j).start;
      function_({start.data(), static_cast<std::size_t>(n_)}, {residual.data(), static_cast<std::size_t>(m_)});
      first_cost_ = residual.squaredNorm();
    }
    return first_cost_;
  }

  BoundedFit result(BoundedStatus status) {
    BoundedFit fit;
    fit.status = status;
    fit.parameters.assign(p_.begin(), p_.end());
    fit.iterations = iterations_;
    if (status == BoundedStatus::undefined_start) {
      fit.evaluations = evaluations_;
      return fit;
    }
    fit.residuals.assign(r_.begin(), r_.end());
    const RowMatrix rows = jacobian_;
    fit.jacobian.assign(rows.data(), rows.data() + rows.size());
    fit.chi_square = cost_;
    fit.at_bound = rests_;
    fit.relative_offset = offset();
    const std::vector<Index> free = moving();
    const auto residual_count = static_cast<std::size_t>(m_);
    fit.degrees_of_freedom = residual_count > free.size() ? residual_count - free.size() : 0;
    add_covariance(free, fit);
    fit.evaluations = evaluations_;
    return fit;
  }

  void add_covariance(const std::vector<Index>& free, BoundedFit& fit) const {
    const auto n = static_cast<std::size_t>(n_);
    const auto count = static_cast<Index>(free.size());
    if (count == 0) {
      fit.covariance.assign(n * n, 0.0);
      return;
    }
    const Matrix columns = free_columns();
    Eigen::ColPivHouseholderQR<Matrix> qr;
    const Index rank = rank_of(qr, columns, derivative_noise());
    fit.rank = static_cast<std::size_t>(rank);
    if (rank < count || (!options_.is_weighted && fit.degrees_of_freedom == 0)) return;
    const double variance = options_.is_weighted ? 1.0 : cost_ / static_cast<double>(fit.degrees_of_freedom);
    const Matrix inverse =
        qr.colsPermutation() *
        qr.matrixQR().topLeftCorner(count, count).triangularView<Eigen::Upper>().solve(Matrix::Identity(count, count));
    const Matrix covariance = variance * inverse * inverse.transpose();
    fit.covariance.assign(n * n, 0.0);
    for (Index a = 0; a < count; ++a) {
      for (Index b = 0; b < count; ++b) {
        const Index i = free[static_cast<std::size_t>(a)], j = free[static_cast<std::size_t>(b)];
        fit.covariance[static_cast<std::size_t>(i) * n + static_cast<std::size_t>(j)] =
            covariance(a, b) / (scale(i) * scale(j));
      }
    }
  }

  const ResidualFunction& function_;
  std::span<const BoundedParameter> bounds_;
  const BoundedOptions& options_;
  Index n_, m_;
  Vector p_, r_, trial_residuals_;
  Matrix jacobian_, triangle_;
  Vector along_;
  Vector scale_, typical_;
  std::vector<bool> rests_;
  double cost_ = infinity;
  mutable double first_cost_ = -1.0;
  std::size_t iterations_ = 0, evaluations_ = 0;
};

}  // namespace

std::string_view to_string(BoundedStatus status) {
  switch (status) {
    case BoundedStatus::converged:
      return "converged";
    case BoundedStatus::stalled:
      return "stalled";
    case BoundedStatus::out_of_iterations:
      return "out of iterations";
    case BoundedStatus::undefined_start:
      return "model not defined at the start";
  }
  throw base::InternalError("unknown status of a bounded fit");
}

BoundedFit fit_bounded(const ResidualFunction& residuals, std::size_t residual_count,
                       std::span<const BoundedParameter> parameters, const BoundedOptions& options) {
  check(residual_count, parameters, options);
  return Search(residuals, residual_count, parameters, options).run();
}

}  // namespace closo::num
