#include "closo/cell/heat.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::cell {
namespace {

TEST(HeatRelease, IsPolarisationPlusEntropy) {
  EXPECT_DOUBLE_EQ(heat_release(10.0, 2.1, 2.0, 300.0, 0.0), 10.0 * (2.1 - 2.0));
  EXPECT_DOUBLE_EQ(heat_release(-10.0, 2.1, 2.2, 300.0, 0.0), -10.0 * (2.1 - 2.2));
  EXPECT_DOUBLE_EQ(heat_release(10.0, 2.0, 2.0, 300.0, -2e-4), 10.0 * 300.0 * 2e-4);
}

TEST(Heat, AdiabaticCellWarmsLinearlyAndACooledOneToItsBalance) {
  EXPECT_DOUBLE_EQ(advance({1000.0, 0.0}, 300.0, 300.0, 5.0, 400.0), 302.0);
  EXPECT_NEAR(advance({1000.0, 2.0}, 300.0, 290.0, 5.0, 1e6), 292.5, 1e-9);
  // The exact solution at one time constant.
  EXPECT_NEAR(advance({1000.0, 2.0}, 300.0, 290.0, 5.0, 500.0), 292.5 + 7.5 * std::exp(-1.0), 1e-12);
}

TEST(Heat, TwoHalfStepsAreOneStep) {
  const HeatModel model{800.0, 3.0};
  const double half = advance(model, 305.0, 298.0, 7.0, 60.0);
  EXPECT_NEAR(advance(model, half, 298.0, 7.0, 60.0), advance(model, 305.0, 298.0, 7.0, 120.0), 1e-11);
}

TEST(Heat, Refuses) {
  EXPECT_THROW(check(HeatModel{0.0, 1.0}, "heat"), base::ParameterError);
  EXPECT_THROW(check(HeatModel{1.0, -1.0}, "heat"), base::ParameterError);
  EXPECT_THROW(check(HeatModel{std::numeric_limits<double>::quiet_NaN(), 1.0}, "heat"), base::ParameterError);
  EXPECT_NO_THROW(check(HeatModel{1.0, 0.0}, "heat"));
}

}  // namespace
}  // namespace closo::cell
