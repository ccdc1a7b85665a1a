#include "closo/cell/detail/calibration_statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"

namespace closo::cell::detail {
namespace {

TEST(CalibrationStatistics, IndependentParameters) {
  // Residuals 100 p0 and 2 p1: standard uncertainties of 0.01 and 0.5 widths.
  const Statistics found = statistics_of(std::vector<double>{100.0, 0.0, 0.0, 2.0}, 2, 1.0);
  EXPECT_NEAR(found.covariance[0], 1.0 / (1e4 + 12.0), 1e-15);
  EXPECT_NEAR(found.covariance[3], 1.0 / (4.0 + 12.0), 1e-15);
  EXPECT_NEAR(found.correlation[1], 0.0, 1e-12);
  ASSERT_EQ(found.directions.size(), 2U);
  EXPECT_NEAR(found.directions[0].uncertainty, 0.5, 1e-12);
  EXPECT_TRUE(found.directions[0].is_loose);
  EXPECT_NEAR(found.directions[0].components[1], 1.0, 1e-12);
  EXPECT_NEAR(found.directions[1].uncertainty, 0.01, 1e-12);
  EXPECT_FALSE(found.directions[1].is_loose);
}

TEST(CalibrationStatistics, OneSumOfTwoParameters) {
  const Statistics found = statistics_of(std::vector<double>{50.0, 50.0}, 2, 1.0);
  EXPECT_TRUE(std::isinf(found.directions[0].uncertainty) || found.directions[0].uncertainty > 1e5);
  EXPECT_NEAR(std::fabs(found.directions[0].components[0] + found.directions[0].components[1]), 0.0, 1e-9);
  EXPECT_LT(found.correlation[1], -0.99);
}

TEST(CalibrationStatistics, ScatterWidens) {
  const std::vector<double> jacobian{100.0};
  EXPECT_NEAR(statistics_of(jacobian, 1, 4.0).directions[0].uncertainty,
              2.0 * statistics_of(jacobian, 1, 1.0).directions[0].uncertainty, 1e-15);
}

TEST(CalibrationStatistics, PromisedFallIsThePartAlongTheColumns) {
  const std::vector<double> jacobian{2.0, 0.0, 0.0, 3.0, 0.0, 0.0}, residuals{1.0, -2.0, 5.0};
  EXPECT_NEAR(promised_fall(jacobian, residuals, {false, false}), 5.0, 1e-12);
  EXPECT_NEAR(promised_fall(jacobian, residuals, {true, false}), 4.0, 1e-12);
  EXPECT_EQ(promised_fall(jacobian, residuals, {true, true}), 0.0);
  EXPECT_THROW(promised_fall(jacobian, residuals, {true}), base::InternalError);
}

TEST(CalibrationStatistics, QuadraticForm) {
  EXPECT_DOUBLE_EQ(quadratic_form(std::vector<double>{2.0, 1.0, 1.0, 3.0}, std::vector<double>{1.0, -1.0}), 3.0);
  EXPECT_THROW(quadratic_form(std::vector<double>{2.0}, std::vector<double>{1.0, -1.0}), base::InternalError);
  EXPECT_THROW(statistics_of(std::vector<double>{1.0, 2.0, 3.0}, 2, 1.0), base::InternalError);
  EXPECT_THROW(statistics_of({}, 0, 1.0), base::InternalError);
}

}  // namespace
}  // namespace closo::cell::detail
