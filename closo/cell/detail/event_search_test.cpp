#include "closo/cell/detail/event_search.hpp"

#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace closo::cell::detail {
namespace {

/// Trials until the distance is below 2e-6, beginning at a step beyond the event.
int trials(const std::function<double(double)>& distance, double step, std::optional<EventSearch::Point> earlier = {}) {
  EventSearch search(distance(0.0), earlier);
  for (int k = 1; k < 200; ++k) {
    const double now = distance(step);
    if (std::abs(now) < 2e-6) return k;
    search.add(step, now);
    if (search.is_bracketed()) {
      EXPECT_GT(distance(search.lower()), 0.0);
      EXPECT_LT(distance(search.upper()), 0.0);
      step = search.next();
      EXPECT_GT(step, search.lower());
      EXPECT_LT(step, search.upper());
    }
  }
  return 200;
}

TEST(EventSearch, FindsSmoothEventsInFewTrials) {
  EXPECT_LE(trials([](double h) { return 0.3 - 0.1 * h; }, 10.0), 2);
  EXPECT_LE(trials([](double h) { return 0.3 - 0.1 * h; }, 10.0, EventSearch::Point{-5.0, 0.8}), 2);
  EXPECT_LE(trials([](double h) { return 0.1 - 0.01 * h - 0.002 * h * h; }, 10.0), 6);
  EXPECT_LE(trials([](double h) { return std::exp(-h) - 0.01; }, 20.0), 12);
}

TEST(EventSearch, FindsEventsOnCliffs) {
  const auto cliff = [](double h) { return h < 9.999999 ? 0.2 + 0.03 * std::log(1.0 - h / 10.0) : -0.3; };
  EXPECT_LE(trials(cliff, 9.9999), 20);
  EXPECT_LE(trials(cliff, 30.0), 40);
  EXPECT_LE(trials([](double h) { return h < 3.0 ? 0.5 : h < 3.0 + 1e-6 ? 0.5 - 1e6 * (h - 3.0) : -0.5; }, 10.0), 60);
}

TEST(EventSearch, ForgetsWhatCannotBeHad) {
  EventSearch search(1.0);
  EXPECT_FALSE(search.is_bracketed());
  search.add(10.0, -3.0);
  ASSERT_TRUE(search.is_bracketed());
  EXPECT_NEAR(search.next(), 2.5, 1e-12);
  search.forget_upper();
  EXPECT_FALSE(search.is_bracketed());
  search.add(1.0, 0.5);
  EXPECT_FALSE(search.is_bracketed());
  EXPECT_EQ(search.lower(), 1.0);
}

}  // namespace
}  // namespace closo::cell::detail
