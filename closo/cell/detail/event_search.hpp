/// Where within a time step a quantity falls through zero: inverse quadratic interpolation within a bracket.
///
/// Model: a cut-off's distance is a falling function of the step's length. Trials close in from both sides; where the
/// bracket does not halve in two trials, the next one halves it. Source: R. P. Brent, Algorithms for Minimization
/// without Derivatives (1973), ch. 4.
#pragma once

#include <optional>

namespace closo::cell::detail {

class EventSearch {
 public:
  /// The distance at the beginning of the step, above 0, and where it is known at an earlier time (step below 0).
  struct Point {
    double step = 0.0;  // s
    double distance = 0.0;
  };
  explicit EventSearch(double distance, std::optional<Point> earlier = {});

  /// A solved trial: below or above 0.
  void add(double step, double distance) noexcept;
  /// A trial that cannot be had: nothing is known there any more.
  void forget_upper() noexcept;

  bool is_bracketed() const noexcept { return upper_.has_value(); }
  double lower() const noexcept { return lower_.step; }
  double upper() const noexcept { return upper_->step; }
  /// The next trial of a bracketed event, within the bracket.
  double next() const noexcept;

 private:
  Point lower_;
  std::optional<Point> upper_;
  std::optional<Point> third_;               // left the bracket last, or lies before it
  double width_ = 0.0, width_before_ = 0.0;  // of the bracket, two trials ago and before the last one
};

}  // namespace closo::cell::detail
