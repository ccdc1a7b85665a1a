#include "closo/cell/particle.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/detail/parameter_check.hpp"

namespace closo::cell {
namespace {

int shape_power(ParticleShape shape) noexcept { return static_cast<int>(shape); }

/// Smallest and largest value of a function of 0 to count - 1, not above and not below a start; in lanes, so that the
/// compiler can vectorise.
template <class F>
std::pair<double, double> extremes(std::size_t count, double low, double high, const F& function) noexcept {
  constexpr std::size_t lanes = 8;
  std::array<double, lanes> lows{};
  std::array<double, lanes> highs{};
  lows.fill(low);
  highs.fill(high);
  std::size_t q = 0;
  for (; q + lanes <= count; q += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const double value = function(q + lane);
      lows[lane] = value < lows[lane] ? value : lows[lane];
      highs[lane] = value > highs[lane] ? value : highs[lane];
    }
  }
  for (; q < count; ++q) {
    const double value = function(q);
    lows[0] = value < lows[0] ? value : lows[0];
    highs[0] = value > highs[0] ? value : highs[0];
  }
  return {*std::min_element(lows.begin(), lows.end()), *std::max_element(highs.begin(), highs.end())};
}

}  // namespace

double surface_factor(ParticleShape shape) noexcept { return 1.0 + shape_power(shape); }

BdfWeights bdf_weights(int order, double step, double previous_step) noexcept {
  if (order < 2 || previous_step <= 0.0) return {step, -1.0, 0.0, 1.0};
  const double w = step / previous_step;
  return {step, -(1.0 + w), w * w / (1.0 + w), (1.0 + 2.0 * w) / (1.0 + w)};
}

ParticleBank::ParticleBank(ParticleShape shape, double radius, std::size_t shells, double grading, std::size_t count,
                           double stoichiometry)
    : shells_(shells), count_(count) {
  detail::require_positive(radius, "particle radius");
  if (shells < 2) throw base::ParameterError("particle shells", std::to_string(shells), "2 or more");
  detail::require_between(grading, 1.0, 3.0, "particle grading");
  detail::require_between(stoichiometry, 0.0, 1.0, "stoichiometry");
  const int m = shape_power(shape);
  const double factor = surface_factor(shape);
  std::vector<double> edge(shells + 1);
  for (std::size_t k = 0; k <= shells; ++k) {
    edge[k] = 1.0 - std::pow(1.0 - static_cast<double>(k) / static_cast<double>(shells), grading);
  }
  edge[shells] = 1.0;
  volume_.resize(shells);
  std::vector<double> square(shells);
  for (std::size_t k = 0; k < shells; ++k) {
    const auto moment = [&](int n) { return std::pow(edge[k + 1], n) - std::pow(edge[k], n); };
    volume_[k] = moment(m + 1);
    square[k] = moment(m + 3) / (m + 3) * (m + 1) / volume_[k];
  }
  conductance_.resize(shells - 1);
  for (std::size_t k = 0; k + 1 < shells; ++k) {
    const double distance = (square[k + 1] - square[k]) / (2.0 * edge[k + 1]) * radius;
    conductance_[k] = factor * std::pow(edge[k + 1], m) / (radius * distance);
  }
  surface_ = factor / radius;
  outer_ = (1.0 - square[shells - 1]) / 2.0 * radius;
  now_.assign(shells * count, stoichiometry);
  before_ = before_that_ = next_ = now_;
  base_.resize(count);
  response_.resize(count);
}

/// The profiles without surface flux. What they hold is known without solving; over long steps the solution loses it to
/// rounding (the matrix is then nearly singular for a uniform profile), so it is put back at the end.
void ParticleBank::forward(const BdfWeights& weights) {
  const double now_share = -weights.now / weights.next;
  const double before_share = -weights.before / weights.next;
  const std::size_t n = count_;
  const auto row = [n](std::vector<double>& of, std::size_t k) { return of.data() + k * n; };
  open_.assign(n, 0.0);
  double* const open = open_.data();
  for (std::size_t k = 0; k < shells_; ++k) {
    double* x = row(next_, k);
    const double* now = row(now_, k);
    const double* before = row(before_, k);
    const double now_weight = now_share * volume_[k];
    const double before_weight = before_share * volume_[k];
    for (std::size_t p = 0; p < n; ++p) x[p] = now_weight * now[p] + before_weight * before[p];
    if (!is_shared_) {
      const double* rest = row(rest_, k);
      for (std::size_t p = 0; p < n; ++p) x[p] += rest[p];
    }
    for (std::size_t p = 0; p < n; ++p) open[p] += x[p];
    if (is_shared_) {
      const double pivot = pivot_[k];
      if (k == 0) {
        for (std::size_t p = 0; p < n; ++p) x[p] *= pivot;
      } else {
        const double* inner = x - n;
        const double lower = lower_[k];
        for (std::size_t p = 0; p < n; ++p) x[p] = (x[p] - lower * inner[p]) * pivot;
      }
    } else {
      const double* pivot = row(pivot_, k);
      const double* lower = row(lower_, k);
      for (std::size_t p = 0; p < n; ++p) x[p] = (x[p] - (k == 0 ? 0.0 : lower[p] * (x - n)[p])) * pivot[p];
    }
  }
  for (std::size_t k = shells_; k-- > 0;) {
    double* x = row(next_, k);
    if (k + 1 < shells_) {
      const double* outer = x + n;
      if (is_shared_) {
        const double upper = upper_[k];
        for (std::size_t p = 0; p < n; ++p) x[p] -= upper * outer[p];
      } else {
        const double* upper = row(upper_, k);
        for (std::size_t p = 0; p < n; ++p) x[p] -= upper[p] * outer[p];
      }
    }
    const double volume = volume_[k];
    for (std::size_t p = 0; p < n; ++p) open[p] -= volume * x[p];
  }
  for (std::size_t k = 0; k < shells_; ++k) {
    double* x = row(next_, k);
    for (std::size_t p = 0; p < n; ++p) x[p] += open[p];
  }
}

/// The response to unit surface flux in each shell, with exactly the content that flows in; stride 1 or count().
void ParticleBank::respond(double inflow, std::size_t stride, std::size_t particle) {
  const std::size_t m = shells_;
  double* const unit = unit_.data() + particle;
  const double* const upper = upper_.data() + particle;
  unit[(m - 1) * stride] = inflow * pivot_[(m - 1) * stride + particle];
  double open = inflow - volume_[m - 1] * unit[(m - 1) * stride];
  for (std::size_t k = m - 1; k-- > 0;) {
    unit[k * stride] = -upper[k * stride] * unit[(k + 1) * stride];
    open -= volume_[k] * unit[k * stride];
  }
  for (std::size_t k = 0; k < m; ++k) unit[k * stride] += open;
}

void ParticleBank::prepare(const BdfWeights& weights, double diffusivity) {
  const std::size_t m = shells_;
  const double factor = weights.step / weights.next;
  is_shared_ = true;
  pivot_.resize(m);
  lower_.resize(m);
  upper_.resize(m);
  unit_.resize(m);
  for (std::size_t k = 0; k < m; ++k) {
    const double inner = k > 0 ? factor * diffusivity * conductance_[k - 1] : 0.0;
    const double outer = k + 1 < m ? factor * diffusivity * conductance_[k] : 0.0;
    lower_[k] = -inner;
    pivot_[k] = 1.0 / (volume_[k] + inner + outer + (k > 0 ? inner * upper_[k - 1] : 0.0));
    upper_[k] = -outer * pivot_[k];
  }
  respond(factor * surface_, 1, 0);
  forward(weights);
  std::copy_n(next_.begin() + static_cast<std::ptrdiff_t>((m - 1) * count_), count_, base_.begin());
  std::fill(response_.begin(), response_.end(), unit_[m - 1] + outer_ / diffusivity);
}

void ParticleBank::prepare(const BdfWeights& weights, const DiffusivityCurve& diffusivity, double previous_step) {
  const double ahead = previous_step > 0.0 ? weights.step / previous_step : 0.0;
  linear_at_.resize(now_.size());
  for (std::size_t q = 0; q < now_.size(); ++q)
    linear_at_[q] = std::clamp(now_[q] + ahead * (now_[q] - before_[q]), 0.0, 1.0);
  linearise(weights, diffusivity);
}

void ParticleBank::prepare_again(const BdfWeights& weights, const DiffusivityCurve& diffusivity, double share) {
  for (std::size_t q = 0; q < next_.size(); ++q)
    linear_at_[q] += share * (std::clamp(next_[q], 0.0, 1.0) - linear_at_[q]);
  linearise(weights, diffusivity);
}

/// A flux from shell k + 1 to k is the difference of D z + (Φ - D z at the place of the linearisation): each shell's
/// own D stands in its column, which keeps the matrix dominant for any D(z).
void ParticleBank::linearise(const BdfWeights& weights, const DiffusivityCurve& diffusivity) {
  const std::size_t m = shells_;
  const std::size_t n = count_;
  const double factor = weights.step / weights.next;
  is_shared_ = false;
  for (std::vector<double>* const each : {&pivot_, &lower_, &upper_, &unit_, &rest_}) each->resize(m * n);
  for (std::size_t p = 0; p < n; ++p) {
    DiffusivityCurve::Point here = diffusivity.at(linear_at_[p]);
    double to_inner = 0.0;    // factor · conductance · D of the inner shell
    double from_inner = 0.0;  // the same with the own D
    double constant = 0.0;    // into the inner shell
    for (std::size_t k = 0; k < m; ++k) {
      const std::size_t q = k * n + p;
      double to_outer = 0.0;
      double from_outer = 0.0;
      double next_constant = 0.0;
      DiffusivityCurve::Point there;
      if (k + 1 < m) {
        there = diffusivity.at(linear_at_[q + n]);
        const double scale = factor * conductance_[k];
        to_outer = scale * there.diffusivity;
        from_outer = scale * here.diffusivity;
        next_constant = scale * (there.integral - here.integral - there.diffusivity * linear_at_[q + n] +
                                 here.diffusivity * linear_at_[q]);
      }
      lower_[q] = -to_inner;
      pivot_[q] = 1.0 / (volume_[k] + from_inner + from_outer + (k > 0 ? to_inner * upper_[q - n] : 0.0));
      upper_[q] = -to_outer * pivot_[q];
      rest_[q] = next_constant - constant;
      if (k + 1 < m) here = there;
      to_inner = from_outer;
      from_inner = to_outer;
      constant = next_constant;
    }
    respond(factor * surface_, n, p);
  }
  forward(weights);
  // Φ(z_s) = Φ(z_N) + distance · flux, with Φ(z_N) linear as in the fluxes between shells.
  for (std::size_t p = 0; p < n; ++p) {
    const std::size_t q = (m - 1) * n + p;
    const DiffusivityCurve::Point at = diffusivity.at(linear_at_[q]);
    base_[p] = at.integral + at.diffusivity * (next_[q] - linear_at_[q]);
    response_[p] = at.diffusivity * unit_[q] + outer_;
  }
}

double ParticleBank::distance_to_linearisation() const noexcept {
  if (is_shared_) return 0.0;
  const double* const next = next_.data();
  const double* const place = linear_at_.data();
  const auto [low, high] = extremes(next_.size(), 0.0, 0.0, [=](std::size_t q) { return next[q] - place[q]; });
  return std::max(high, -low);
}

void ParticleBank::prepare_instant(double diffusivity) {
  is_shared_ = true;
  unit_.assign(shells_, 0.0);
  next_ = now_;
  std::copy_n(now_.begin() + static_cast<std::ptrdiff_t>((shells_ - 1) * count_), count_, base_.begin());
  std::fill(response_.begin(), response_.end(), outer_ / diffusivity);
}

void ParticleBank::prepare_instant(const DiffusivityCurve& diffusivity) {
  prepare_instant(1.0);
  for (std::size_t p = 0; p < count_; ++p) base_[p] = diffusivity.at(base_[p]).integral;
}

void ParticleBank::finish(std::span<const double> flux) {
  for (std::size_t k = 0; k < shells_; ++k) {
    double* x = next_.data() + k * count_;
    if (is_shared_) {
      const double unit = unit_[k];
      for (std::size_t p = 0; p < count_; ++p) x[p] += unit * flux[p];
    } else {
      const double* unit = unit_.data() + k * count_;
      for (std::size_t p = 0; p < count_; ++p) x[p] += unit[p] * flux[p];
    }
  }
}

double ParticleBank::distance_to_linear(double step, double previous) const noexcept {
  const double w = step / previous;
  const double* const next = next_.data();
  const double* const now = now_.data();
  const double* const before = before_.data();
  const auto [low, high] =
      extremes(next_.size(), 0.0, 0.0, [=](std::size_t q) { return next[q] - now[q] - w * (now[q] - before[q]); });
  return std::max(high, -low);
}

double ParticleBank::distance_to_quadratic(double step, double previous, double before_previous) const noexcept {
  // Newton's divided differences through the last three profiles, at the new time.
  const double first = 1.0 / previous;
  const double second = 1.0 / before_previous;
  const double curve = step * (step + previous) / (previous + before_previous);
  const double a = 1.0 + step * first + curve * first;
  const double b = -step * first - curve * (first + second);
  const double c = curve * second;
  const double* const next = next_.data();
  const double* const now = now_.data();
  const double* const before = before_.data();
  const double* const earlier = before_that_.data();
  const auto [low, high] = extremes(
      next_.size(), 0.0, 0.0, [=](std::size_t q) { return next[q] - a * now[q] - b * before[q] - c * earlier[q]; });
  return std::max(high, -low);
}

bool ParticleBank::is_within_range() const noexcept {
  const double* const next = next_.data();
  const auto [low, high] = extremes(next_.size(), 0.0, 1.0, [=](std::size_t q) { return next[q]; });
  return low == 0.0 && high == 1.0;
}

void ParticleBank::accept() {
  before_that_.swap(before_);
  before_.swap(now_);
  now_.swap(next_);
}

double ParticleBank::mean(std::size_t particle) const noexcept {
  double sum = 0.0;
  for (std::size_t k = 0; k < shells_; ++k) sum += volume_[k] * now_[k * count_ + particle];
  return sum;
}

void ParticleBank::means(std::span<double> values) const noexcept {
  std::fill(values.begin(), values.end(), 0.0);
  for (std::size_t k = 0; k < shells_; ++k) {
    const double volume = volume_[k];
    const double* row = now_.data() + k * count_;
    for (std::size_t p = 0; p < count_; ++p) values[p] += volume * row[p];
  }
}

void ParticleBank::restore(const State& state) {
  const std::size_t size = shells_ * count_;
  if (state.now.size() != size || state.before.size() != size || state.before_that.size() != size) {
    throw base::ParameterError("particle state", std::to_string(state.now.size()) + " values",
                               std::to_string(size) + " values in each of three profiles");
  }
  now_ = state.now;
  before_ = state.before;
  before_that_ = state.before_that;
}

}  // namespace closo::cell
