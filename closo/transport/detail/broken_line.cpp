#include "closo/transport/detail/broken_line.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "closo/base/constants.hpp"
#include "closo/num/least_squares.hpp"
#include "closo/transport/decades.hpp"

namespace closo::transport::detail {
namespace {

constexpr double k_eV = base::boltzmann_constant_eV;

// Variance of y = ln(sigma T) or ln sigma against a line of the given energy, temperature errors included.
double effective_sigma(const ConductivityPoint& point, ArrheniusForm form, double energy_eV) {
  const double t = point.temperature;
  const double slope_in_t = (form == ArrheniusForm::sigma_t ? 1.0 / t : 0.0) - energy_eV / (k_eV * t * t);
  return std::hypot(point.uncertainty / point.conductivity, slope_in_t * point.temperature_uncertainty);
}

struct Solution {
  std::array<long double, 4> parameters{};
  long double explained = 0;  ///< bᵀ A⁻¹ b
};

// Solves a positive definite system of up to four unknowns by Cholesky, or nothing when it is singular.
std::optional<Solution> solve(std::array<std::array<long double, 4>, 4> a, std::array<long double, 4> b,
                              std::size_t n) {
  Solution solution;
  for (std::size_t j = 0; j < n; ++j) {
    const long double original = a[j][j];
    for (std::size_t k = 0; k < j; ++k) a[j][j] -= a[j][k] * a[j][k];
    if (!(a[j][j] > 1e-15L * original)) return std::nullopt;
    const long double root = std::sqrt(a[j][j]);
    a[j][j] = root;
    for (std::size_t i = j + 1; i < n; ++i) {
      for (std::size_t k = 0; k < j; ++k) a[i][j] -= a[i][k] * a[j][k];
      a[i][j] /= root;
    }
    for (std::size_t k = 0; k < j; ++k) b[j] -= a[j][k] * b[k];
    b[j] /= root;
    solution.explained += b[j] * b[j];
  }
  for (std::size_t j = n; j-- > 0;) {
    solution.parameters[j] = b[j];
    for (std::size_t i = j + 1; i < n; ++i) solution.parameters[j] -= a[i][j] * solution.parameters[i];
    solution.parameters[j] /= a[j][j];
  }
  return solution;
}

struct Choice {
  Joint joint;
  bool jump = false;
};

}  // namespace

PreparedPoints::PreparedPoints(std::span<const ConductivityPoint> points, ArrheniusForm form,
                               double activation_energy_eV) {
  const double low = points.empty() ? 1.0 : 1.0 / points.front().temperature;
  const double high = points.empty() ? 1.0 : 1.0 / points.back().temperature;
  centre_ = 0.5 * (low + high);
  scale_ = low > high ? 0.5 * (low - high) : 1.0;
  weighted_ = !points.empty() && points.front().uncertainty > 0.0;
  for (const ConductivityPoint& point : points) {
    x_.push_back(x_of(point.temperature));
    y_.push_back(std::log(point.conductivity) + (form == ArrheniusForm::sigma_t ? std::log(point.temperature) : 0.0));
    const double sigma = weighted_ ? effective_sigma(point, form, activation_energy_eV) : 1.0;
    w_.push_back(1.0 / (sigma * sigma));
    mean_y_ += y_.back() / static_cast<double>(points.size());
  }
  prefix_.resize(points.size() + 1);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const long double w = w_[i];
    const long double x = x_[i];
    const long double y = static_cast<long double>(y_[i]) - mean_y_;
    const Sums& last = prefix_[i];
    prefix_[i + 1] = {last.w + w,     last.x + w * x,      last.xx + w * x * x,
                      last.y + w * y, last.xy + w * x * y, last.yy + w * y * y};
  }
}

double PreparedPoints::sigma(std::size_t i) const noexcept { return 1.0 / std::sqrt(w_[i]); }

PreparedPoints::Sums PreparedPoints::between(std::size_t first, std::size_t last) const noexcept {
  const Sums& a = prefix_[first];
  const Sums& b = prefix_[last];
  return {b.w - a.w, b.x - a.x, b.xx - a.xx, b.y - a.y, b.xy - a.xy, b.yy - a.yy};
}

std::optional<PreparedPoints::Line> PreparedPoints::line(std::size_t first, std::size_t last) const {
  if (last < first + 2 || x_[first] == x_[last - 1]) return std::nullopt;
  const Sums s = between(first, last);
  const long double mean_x = s.x / s.w;
  const long double mean_y = s.y / s.w;
  const long double xx = s.xx - s.x * mean_x;
  if (!(xx > 1e-15L * s.xx)) return std::nullopt;
  const long double xy = s.xy - s.x * mean_y;
  const long double slope = xy / xx;
  const long double chi_square = std::max(0.0L, s.yy - s.y * mean_y - slope * xy);
  return Line{mean_y - slope * mean_x, slope, chi_square};
}

std::optional<PreparedPoints::Hinge> PreparedPoints::hinge(std::size_t first, std::size_t last,
                                                           std::span<const std::size_t> knots) const {
  // Basis 1, x, (x - k1)+, (x - k2)+; every inner product is a sum over a tail of the points.
  const Sums all = between(first, last);
  std::array<std::array<long double, 4>, 4> a{};
  std::array<long double, 4> b{};
  a[0][0] = all.w;
  a[1][0] = all.x;
  a[1][1] = all.xx;
  b[0] = all.y;
  b[1] = all.xy;
  for (std::size_t j = 0; j < knots.size(); ++j) {
    const Sums tail = between(knots[j], last);
    const long double k = x_[knots[j]];
    const std::size_t row = j + 2;
    a[row][0] = tail.x - k * tail.w;
    a[row][1] = tail.xx - k * tail.x;
    a[row][row] = tail.xx - 2 * k * tail.x + k * k * tail.w;
    b[row] = tail.xy - k * tail.y;
    for (std::size_t i = 0; i < j; ++i) {
      const long double lower = x_[knots[i]];
      a[row][i + 2] = tail.xx - (k + lower) * tail.x + k * lower * tail.w;
    }
  }
  const auto solution = solve(a, b, knots.size() + 2);
  if (!solution) return std::nullopt;
  const auto& p = solution->parameters;
  Hinge hinge{std::max(0.0L, all.yy - solution->explained), {p[0], p[1], 0}, {p[0], p[1], 0}};
  for (std::size_t j = 0; j < knots.size(); ++j) {
    hinge.highest.at_zero -= p[j + 2] * x_[knots[j]];
    hinge.highest.slope += p[j + 2];
  }
  return hinge;
}

std::optional<BrokenLine> best_broken_line(const PreparedPoints& points, std::size_t segments, JointKind kind,
                                           std::size_t min_points,
                                           const std::function<double(double, std::size_t)>& score) {
  const std::size_t n = points.size();
  std::optional<BrokenLine> best;
  double best_score = 0.0;
  const auto offer = [&](double chi_square, std::size_t jumps, std::span<const Joint> joints) {
    BrokenLine line;
    line.chi_square = chi_square;
    line.jumps = jumps;
    line.parameters = 2 + 2 * joints.size() + jumps;
    const double value = score(chi_square, line.parameters);
    // Equal (also infinite) scores: the smaller chi-square.
    if (best && (value > best_score || (value == best_score && chi_square >= best->chi_square))) return;
    line.joints.assign(joints.begin(), joints.end());
    best = std::move(line);
    best_score = value;
  };
  // Whether two free lines meet between their neighbouring points, so that the joint is a kink.
  const auto meets = [&points](const PreparedPoints::Line& below, const PreparedPoints::Line& above, std::size_t gap) {
    const long double low = points.x(gap - 1);
    const long double high = points.x(gap);
    const long double at_low = above.at_zero - below.at_zero + (above.slope - below.slope) * low;
    const long double at_high = above.at_zero - below.at_zero + (above.slope - below.slope) * high;
    return (at_low <= 0) != (at_high <= 0) || at_low == 0 || at_high == 0;
  };
  const auto splits = [&points](std::size_t gap) { return points.x(gap - 1) < points.x(gap); };
  // A free joint at a gap: a kink if the lines meet there, else a jump; nothing if the kind forbids it.
  const auto free_joint = [&](const PreparedPoints::Line& below, const PreparedPoints::Line& above,
                              std::size_t gap) -> std::optional<Choice> {
    const bool kink = kind != JointKind::jump && meets(below, above, gap);
    if (!kink && kind == JointKind::continuous) return std::nullopt;
    return Choice{{.index = gap, .temperature = 0.0, .fixed = false, .given = false, .continuous = kink}, !kink};
  };
  const auto knot_joint = [](std::size_t point) {
    return Joint{.index = point, .temperature = 0.0, .fixed = true, .given = false, .continuous = true};
  };
  const bool knots_allowed = kind != JointKind::jump;

  if (segments == 1) {
    if (const auto line = points.line(0, n)) offer(static_cast<double>(line->chi_square), 0, {});
    return best;
  }
  if (segments == 2) {
    for (std::size_t gap = min_points; gap + min_points <= n; ++gap) {
      if (splits(gap)) {
        const auto below = points.line(0, gap);
        const auto above = points.line(gap, n);
        const auto choice = below && above ? free_joint(*below, *above, gap) : std::nullopt;
        if (choice) {
          const std::array<Joint, 1> joints{choice->joint};
          offer(static_cast<double>(below->chi_square + above->chi_square), choice->jump ? 1 : 0, joints);
        }
      }
    }
    for (std::size_t knot = min_points - 1; knots_allowed && knot + min_points <= n; ++knot) {
      const std::array<std::size_t, 1> knots{knot};
      if (const auto hinge = points.hinge(0, n, knots)) {
        const std::array<Joint, 1> joints{knot_joint(knot)};
        offer(static_cast<double>(hinge->chi_square), 0, joints);
      }
    }
    return best;
  }
  // Three segments: each joint is free at a gap or a knot at a point.
  for (std::size_t i = min_points - 1; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      const bool first_gap = i >= min_points && splits(i);
      const bool second_gap = j + min_points <= n && splits(j);
      const bool first_knot = knots_allowed;
      const bool second_knot = knots_allowed && j + min_points <= n;
      if (first_gap && second_gap && j - i >= min_points) {
        const auto a = points.line(0, i), b = points.line(i, j), c = points.line(j, n);
        const auto lower = a && b ? free_joint(*a, *b, i) : std::nullopt;
        const auto upper = b && c ? free_joint(*b, *c, j) : std::nullopt;
        if (lower && upper) {
          const std::array<Joint, 2> joints{lower->joint, upper->joint};
          offer(static_cast<double>(a->chi_square + b->chi_square + c->chi_square),
                static_cast<std::size_t>(lower->jump) + static_cast<std::size_t>(upper->jump), joints);
        }
      }
      if (first_knot && second_knot && j - i + 1 >= min_points) {
        const std::array<std::size_t, 2> knots{i, j};
        if (const auto hinge = points.hinge(0, n, knots)) {
          const std::array<Joint, 2> joints{knot_joint(i), knot_joint(j)};
          offer(static_cast<double>(hinge->chi_square), 0, joints);
        }
      }
      if (first_gap && second_knot && j - i + 1 >= min_points) {
        const std::array<std::size_t, 1> knots{j};
        const auto below = points.line(0, i);
        const auto hinge = points.hinge(i, n, knots);
        const auto choice = below && hinge ? free_joint(*below, hinge->lowest, i) : std::nullopt;
        if (choice && knots_allowed) {
          const std::array<Joint, 2> joints{choice->joint, knot_joint(j)};
          offer(static_cast<double>(below->chi_square + hinge->chi_square), choice->jump ? 1 : 0, joints);
        }
      }
      if (first_knot && second_gap && j - i >= min_points) {
        const std::array<std::size_t, 1> knots{i};
        const auto hinge = points.hinge(0, j, knots);
        const auto above = points.line(j, n);
        const auto choice = above && hinge ? free_joint(hinge->highest, *above, j) : std::nullopt;
        if (choice) {
          const std::array<Joint, 2> joints{knot_joint(i), choice->joint};
          offer(static_cast<double>(hinge->chi_square + above->chi_square), choice->jump ? 1 : 0, joints);
        }
      }
    }
  }
  return best;
}

std::vector<Segment> fit_hinges(std::span<const ConductivityPoint> points, const PreparedPoints& prepared,
                                std::size_t first, std::size_t last, std::span<const Joint> joints,
                                const ArrheniusOptions& options) {
  const std::size_t columns = joints.size() + 2;
  std::vector<double> knots;
  for (const Joint& joint : joints) {
    knots.push_back(prepared.x_of(joint.temperature > 0.0 ? joint.temperature : points[joint.index].temperature));
  }
  const auto basis = [&knots](double x, std::size_t column) {
    if (column == 0) return 1.0;
    return column == 1 ? x : std::max(0.0, x - knots[column - 2]);
  };
  std::vector<double> design, y, sigma;
  for (std::size_t i = first; i < last; ++i) {
    for (std::size_t column = 0; column < columns; ++column) design.push_back(basis(prepared.x(i), column));
    y.push_back(prepared.y(i));
    if (prepared.weighted()) sigma.push_back(prepared.sigma(i));
  }
  const num::LinearFit fit = num::fit_linear(design, columns, y, sigma);
  if (fit.status != num::FitStatus::ok) return {};

  const auto freedom = static_cast<double>(fit.degrees_of_freedom);
  const bool scaled =
      fit.weighted && options.scale_by_residuals && fit.degrees_of_freedom > 0 && fit.chi_square > freedom;
  const double widening = scaled ? fit.chi_square / freedom : 1.0;
  // d(x)/d(1/T): the slope in the scaled x is Ea/k times this.
  const double x_per_inverse = prepared.x_of(1.0) - prepared.x_of(0.5);
  std::vector<Segment> segments;
  for (std::size_t s = 0; s <= joints.size(); ++s) {
    const std::size_t begin = s == 0 ? first : joints[s - 1].index;
    const std::size_t end = s == joints.size() ? last : joints[s].index;
    Segment segment;
    segment.first = begin;
    segment.count = end - begin;
    ArrheniusLaw& law = segment.law;
    law.form = options.form;
    law.low_temperature = points[begin].temperature;
    law.high_temperature = points[end - 1].temperature;
    law.reference_temperature = 2.0 / (1.0 / law.low_temperature + 1.0 / law.high_temperature);
    const double x0 = prepared.x_of(law.reference_temperature);
    // Value at x0 and energy as linear functions of the parameters; columns above the segment do not act in it.
    std::vector<double> value_gradient(columns, 0.0), energy_gradient(columns, 0.0);
    for (std::size_t column = 0; column < s + 2; ++column) {
      value_gradient[column] = column < 2 ? basis(x0, column) : x0 - knots[column - 2];
      energy_gradient[column] = column == 0 ? 0.0 : k_eV * x_per_inverse;
      law.log_at_reference += value_gradient[column] * fit.parameters[column];
      law.activation_energy_eV += energy_gradient[column] * fit.parameters[column];
    }
    law.uncertainty_known = fit.covariance_known();
    if (law.uncertainty_known) {
      law.log_variance = widening * num::propagate_variance(value_gradient, fit.covariance);
      law.energy_variance = widening * num::propagate_variance(energy_gradient, fit.covariance);
      for (std::size_t i = 0; i < columns; ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
          law.log_energy_covariance +=
              widening * value_gradient[i] * fit.covariance[i * columns + j] * energy_gradient[j];
        }
      }
      if (!fit.weighted || scaled) law.degrees_of_freedom = freedom;
    }
    for (std::size_t i = begin; i < end; ++i) {
      const double model = law.log_conductivity(points[i].temperature) +
                           (options.form == ArrheniusForm::sigma_t ? std::log(points[i].temperature) : 0.0);
      segment.chi_square += prepared.weight(i) * std::pow(prepared.y(i) - model, 2);
    }
    segments.push_back(segment);
  }
  return segments;
}

Transition describe_transition(std::span<const ConductivityPoint> points, const Joint& joint, const ArrheniusLaw& below,
                               const ArrheniusLaw& above) {
  Transition transition;
  transition.given = joint.given;
  transition.continuous = joint.continuous;
  if (joint.given) {
    transition.temperature = transition.low = transition.high = joint.temperature;
  } else if (joint.fixed) {
    transition.temperature = points[joint.index].temperature;
    transition.low = points[joint.index - 1].temperature;
    transition.high = points[joint.index + 1].temperature;
    transition.uncertainty = 0.5 * (transition.high - transition.low) / std::sqrt(3.0);
  } else {
    transition.low = points[joint.index - 1].temperature;
    transition.high = points[joint.index].temperature;
    transition.temperature = 0.5 * (transition.low + transition.high);
    transition.uncertainty = 0.5 * (transition.high - transition.low) / std::sqrt(3.0);
    const double energy_change = above.activation_energy_eV - below.activation_energy_eV;
    if (joint.continuous && energy_change != 0.0) {
      // ln sigma differs by c - (dEa/k)(1/T - 1/T0); its zero in 1/T.
      const double t0 = transition.temperature;
      const double offset = above.log_conductivity(t0) - below.log_conductivity(t0);
      const double inverse = 1.0 / t0 + offset * k_eV / energy_change;
      if (inverse > 0.0) transition.temperature = std::clamp(1.0 / inverse, transition.low, transition.high);
      if (below.uncertainty_known && above.uncertainty_known) {
        const double t = transition.temperature;
        const double variance = below.log_conductivity_variance(t) + above.log_conductivity_variance(t);
        transition.uncertainty = std::sqrt(variance) * k_eV * t * t / std::abs(energy_change);
      }
    }
  }
  const double t = transition.temperature;
  if (!joint.continuous) {
    transition.jump_decades = (above.log_conductivity(t) - below.log_conductivity(t)) / ln_10;
    if (below.uncertainty_known && above.uncertainty_known) {
      transition.jump_uncertainty =
          std::sqrt(below.log_conductivity_variance(t) + above.log_conductivity_variance(t)) / ln_10;
    }
  }
  return transition;
}

}  // namespace closo::transport::detail
