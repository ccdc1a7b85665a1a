#include "closo/cell/detail/event_search.hpp"

#include <algorithm>

namespace closo::cell::detail {

EventSearch::EventSearch(double distance, std::optional<Point> earlier) : lower_{0.0, distance}, third_(earlier) {}

void EventSearch::add(double step, double distance) noexcept {
  width_ = width_before_;
  width_before_ = upper_ ? upper_->step - lower_.step : 0.0;
  if (distance > 0.0) {
    third_ = lower_;
    lower_ = {step, distance};
  } else {
    if (upper_) third_ = upper_;
    upper_ = Point{step, distance};
  }
}

void EventSearch::forget_upper() noexcept {
  upper_.reset();
  width_ = width_before_ = 0.0;
}

double EventSearch::next() const noexcept {
  const Point& a = lower_;
  const Point& b = *upper_;
  const double width = b.step - a.step;
  if (width_ > 0.0 && width > 0.5 * width_) return a.step + 0.5 * width;
  double share = a.distance / (a.distance - b.distance);
  if (third_) {
    const Point& c = *third_;
    const bool is_falling = c.step < a.step ? c.distance > a.distance : c.distance < b.distance;
    if (is_falling) {
      // The parabola of the step over the distance, at distance 0.
      const double step = a.step * b.distance * c.distance / ((a.distance - b.distance) * (a.distance - c.distance)) +
                          b.step * a.distance * c.distance / ((b.distance - a.distance) * (b.distance - c.distance)) +
                          c.step * a.distance * b.distance / ((c.distance - a.distance) * (c.distance - b.distance));
      const double bent = (step - a.step) / width;
      if (bent > 0.0 && bent < 1.0) share = bent;
    }
  }
  return a.step + std::clamp(share, 1e-3, 0.999) * width;
}

}  // namespace closo::cell::detail
