#include "closo/cell/design.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "closo/base/error.hpp"

namespace closo::cell {
namespace {

using base::ParameterError;

constexpr double not_known = -1e6;  // worse than any run
constexpr int most_iterations = 60;

/// A place in the range as a share of it, and back.
class Scale {
 public:
  explicit Scale(const SweepRange& range) : range_(&range) {}
  double place(double share) const {
    if (share <= 0.0) return range_->low;
    if (share >= 1.0) return range_->high;
    return range_->is_logarithmic ? range_->low * std::exp(share * std::log(range_->high / range_->low))
                                  : range_->low + share * (range_->high - range_->low);
  }

 private:
  const SweepRange* range_;
};

struct Point {
  double share = 0.0, margin = 0.0;
};

/// The share where the margin changes its sign between two points; the met side of the last bracket.
double crossing(Point a, Point b, const std::function<double(double)>& at, double tolerance) {
  // Regula falsi with halved weights (Illinois), guarded by bisection where it does not shrink the bracket by half.
  double weight_a = a.margin, weight_b = b.margin;
  for (int i = 0; i < most_iterations && std::abs(b.share - a.share) > tolerance; ++i) {
    double share = a.share - weight_a * (b.share - a.share) / (weight_b - weight_a);
    const double width = std::abs(b.share - a.share), low = std::min(a.share, b.share);
    if (!(share > low + 0.01 * width && share < low + 0.99 * width) || i % 3 == 2) share = 0.5 * (a.share + b.share);
    const Point next{share, at(share)};
    if ((next.margin >= 0.0) == (a.margin >= 0.0)) {
      a = next;
      weight_a = next.margin;
      weight_b *= 0.5;
    } else {
      b = next;
      weight_b = next.margin;
      weight_a *= 0.5;
    }
  }
  return a.margin >= 0.0 ? a.share : b.share;
}

}  // namespace

double margin(const DesignTarget& target, const CellOutcome& outcome) {
  const std::optional<double> value = target.quantity->value(outcome);
  if (!value || outcome.status == OutcomeStatus::impossible) return not_known;
  const double sign = target.is_at_least ? 1.0 : -1.0;
  const double scale = target.value != 0.0 ? std::abs(target.value) : 1.0;
  return sign * (*value - target.value) / scale;
}

double margin(std::span<const DesignTarget> targets, const CellOutcome& outcome) {
  double least = std::numeric_limits<double>::infinity();
  for (const DesignTarget& target : targets) least = std::min(least, margin(target, outcome));
  return least;
}

DesignLimit find_limits(const SweepRange& range, const Margins& margins, std::size_t points, double tolerance) {
  if (points < 3) throw ParameterError("points", std::to_string(points), "3 and more");
  if (!(tolerance > 0.0 && tolerance < 0.1)) throw ParameterError("tolerance", std::to_string(tolerance), "0 to 0.1");
  spaced_values(range, 2);  // refuses ranges that are none
  const Scale scale(range);
  std::vector<Point> known;
  const auto evaluate_all = [&](const std::vector<double>& shares) {
    std::vector<double> places;
    for (const double share : shares) places.push_back(scale.place(share));
    const std::vector<double> found = margins(places);
    for (std::size_t i = 0; i < shares.size(); ++i) known.push_back({shares[i], found[i]});
    return found;
  };
  const std::function<double(double)> at = [&](double share) { return evaluate_all({share}).front(); };

  std::vector<double> shares;
  for (std::size_t i = 0; i < points; ++i) shares.push_back(static_cast<double>(i) / static_cast<double>(points - 1));
  evaluate_all(shares);
  std::vector<Point> grid = known;

  // A narrow top between two points is looked for before "nowhere" is said.
  const auto top = std::ranges::max_element(grid, {}, &Point::margin);
  Point best = *top;
  const std::size_t place = static_cast<std::size_t>(top - grid.begin());
  double low = grid[place == 0 ? 0 : place - 1].share, high = grid[std::min(place + 1, grid.size() - 1)].share;
  constexpr double golden = 0.3819660112501051;
  while (best.margin < 0.0 && high - low > 1e-3) {
    const bool right = high - best.share > best.share - low;
    const double share = best.share + golden * (right ? high - best.share : low - best.share);
    const Point next{share, at(share)};
    if (next.margin > best.margin) {
      (right ? low : high) = best.share;
      best = next;
    } else {
      (right ? high : low) = share;
    }
  }
  if (best.share != top->share) {
    grid.push_back(best);
    std::ranges::sort(grid, {}, &Point::share);
  }

  DesignLimit limit;
  limit.best = scale.place(best.share);
  limit.best_margin = best.margin;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (!(grid[i].margin >= 0.0)) continue;
    const bool begins = i == 0 || !(grid[i - 1].margin >= 0.0);
    if (begins) {
      MetInterval interval;
      interval.is_low_bound = i == 0;
      interval.low = i == 0 ? range.low : scale.place(crossing(grid[i - 1], grid[i], at, tolerance));
      limit.intervals.push_back(interval);
    }
    if (i + 1 == grid.size()) {
      limit.intervals.back().high = range.high;
      limit.intervals.back().is_high_bound = true;
    } else if (!(grid[i + 1].margin >= 0.0)) {
      limit.intervals.back().high = scale.place(crossing(grid[i], grid[i + 1], at, tolerance));
    }
  }
  if (!limit.intervals.empty()) {
    const MetInterval& first = limit.intervals.front();
    limit.status = limit.intervals.size() == 1 && first.is_low_bound && first.is_high_bound ? LimitStatus::everywhere
                                                                                            : LimitStatus::found;
  }
  std::ranges::sort(known, {}, &Point::share);
  for (const Point& point : known) limit.evaluated.emplace_back(scale.place(point.share), point.margin);
  return limit;
}

std::vector<std::size_t> pareto_front(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size()) throw ParameterError("y", std::to_string(y.size()) + " values", "as many as x");
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isfinite(x[i]) && std::isfinite(y[i])) order.push_back(i);
  }
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return x[a] != x[b] ? x[a] > x[b] : y[a] > y[b]; });
  std::vector<std::size_t> front;
  for (const std::size_t i : order) {
    if (front.empty() || y[i] > y[front.back()]) front.push_back(i);
  }
  std::ranges::reverse(front);
  return front;
}

}  // namespace closo::cell
