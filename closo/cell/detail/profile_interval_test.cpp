#include "closo/cell/detail/profile_interval.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace closo::cell::detail {
namespace {

/// χ² of one parameter, the others without effect.
HeldFitFunction parabola(double centre, double curvature, int* calls = nullptr) {
  return [=](std::size_t j, double coordinate, std::span<const double> from) {
    if (calls != nullptr) ++*calls;
    HeldFit fit;
    fit.place.assign(from.begin(), from.end());
    fit.place[j] = coordinate;
    fit.chi_square = 5.0 + curvature * (coordinate - centre) * (coordinate - centre);
    fit.at_bound.assign(from.size(), false);
    return fit;
  };
}

TEST(ProfileInterval, AParabolaEndsWhereItHasRisen) {
  for (const double width : {0.001, 0.02, 0.3}) {
    int calls = 0;
    const HeldFitFunction fit = parabola(1.5, 3.84 / (width * width), &calls);
    const HeldFit best{5.0, {1.5, 1.2}, {false, false}};
    for (const int side : {-1, 1}) {
      const ProfileEnd end = profile_end(fit, best, 0, side, side < 0 ? 1.0 : 2.0, 0.01, 3.84);
      ASSERT_TRUE(end.coordinate) << width;
      EXPECT_NEAR(*end.coordinate, 1.5 + side * width, 0.02 * width);
    }
    EXPECT_LT(calls, 40) << width;
  }
}

TEST(ProfileInterval, AFlatProfileIsOpen) {
  const HeldFit best{5.0, {1.5}, {false}};
  EXPECT_FALSE(profile_end(parabola(1.5, 0.01), best, 0, 1, 2.0, 0.01, 3.84).coordinate);
  EXPECT_FALSE(profile_end(parabola(1.5, 1e9), {5.0, {2.0}, {true}}, 0, 1, 2.0, 0.01, 3.84).coordinate)
      << "on the bound there is no room";
}

TEST(ProfileInterval, ALowerMinimumIsHandedBack) {
  const ProfileEnd end = profile_end(parabola(1.8, 100.0), {12.0, {1.5}, {false}}, 0, 1, 2.0, 0.05, 3.84);
  ASSERT_TRUE(end.better);
  EXPECT_LT(end.better->chi_square, 12.0);
  EXPECT_FALSE(end.coordinate);
}

TEST(ProfileInterval, WhereTheModelIsNotDefinedTheIntervalEnds) {
  const HeldFitFunction fit = [](std::size_t, double coordinate, std::span<const double> from) {
    HeldFit held{5.0, {from.begin(), from.end()}, {false, true}};
    if (coordinate > 1.7) held.chi_square = std::numeric_limits<double>::infinity();
    return held;
  };
  const ProfileEnd end = profile_end(fit, {5.0, {1.5, 1.0}, {false, true}}, 0, 1, 2.0, 0.05, 3.84);
  ASSERT_TRUE(end.coordinate);
  EXPECT_NEAR(*end.coordinate, 1.7, 0.01);
  EXPECT_TRUE(end.at_bound[1]);
}

}  // namespace
}  // namespace closo::cell::detail
