#include "closo/num/line_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::num {
namespace {

using Values = std::vector<double>;

// NIST Statistical Reference Datasets, linear regression, "Norris"
// (https://www.itl.nist.gov/div898/strd/lls/data/Norris.shtml).
const Values norris_y{0.1, 338.8, 118.1, 888.0, 9.2,   228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3,
                      0.1, 778.1, 668.8, 339.3, 448.9, 10.8,  557.7, 228.3, 998.0, 888.8, 119.6, 0.3,
                      0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2,  117.6, 228.9, 668.4, 449.2, 0.2};
const Values norris_x{0.2, 337.4, 118.2, 884.6, 10.1,  226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4,
                      0.6, 775.5, 666.9, 338.0, 447.5, 11.6,  556.0, 228.1, 995.8, 887.6, 120.2, 0.3,
                      0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1,  118.3, 229.2, 669.1, 448.9, 0.5};

TEST(LineFit, NorrisCertifiedValues) {
  const LineFit fit = fit_line(norris_x, norris_y);
  ASSERT_EQ(fit.status, FitStatus::ok);
  EXPECT_NEAR(fit.intercept(), -0.262323073774029, 1e-12);
  EXPECT_NEAR(fit.slope, 1.00211681802045, 1e-14);
  EXPECT_NEAR(std::sqrt(fit.intercept_variance()), 0.232818234301152, 1e-12);
  EXPECT_NEAR(std::sqrt(fit.slope_variance), 0.429796848199937e-03, 1e-16);
  EXPECT_NEAR(std::sqrt(fit.chi_square / 34.0), 0.884796396144373, 1e-13);
  EXPECT_NEAR(fit.r_squared, 0.999993745883712, 1e-14);
  EXPECT_EQ(fit.degrees_of_freedom(), 34U);
}

// Pearson's data with York's weights; York et al., Am. J. Phys. 72 (2004) 367, tables I and II.
TEST(LineFit, YorkReference) {
  const Values x{0.0, 0.9, 1.8, 2.6, 3.3, 4.4, 5.2, 6.1, 6.5, 7.4};
  const Values y{5.9, 5.4, 4.4, 4.6, 3.5, 3.7, 2.8, 2.8, 2.4, 1.5};
  const Values weight_x{1000, 1000, 500, 800, 200, 80, 60, 20, 1.8, 1.0};
  const Values weight_y{1, 1.8, 4, 8, 20, 20, 70, 70, 100, 500};
  Values sx, sy;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sx.push_back(1.0 / std::sqrt(weight_x[i]));
    sy.push_back(1.0 / std::sqrt(weight_y[i]));
  }
  const LineFit fit = fit_line_both_errors(x, y, sx, sy);
  ASSERT_EQ(fit.status, FitStatus::ok);
  EXPECT_NEAR(fit.intercept(), 5.47991022403, 1e-10);
  EXPECT_NEAR(fit.slope, -0.480533407446, 1e-11);
  EXPECT_NEAR(std::sqrt(fit.intercept_variance()), 0.294970735, 1e-8);
  EXPECT_NEAR(std::sqrt(fit.slope_variance), 0.0579850090, 1e-9);
  EXPECT_NEAR(fit.chi_square / 8.0, 1.4832941, 1e-6);
}

TEST(LineFit, WithoutErrorsInXBothErrorsIsTheWeightedLine) {
  const Values x{1, 2, 4, 7, 9};
  const Values y{0.3, 1.7, 3.1, 7.9, 8.2};
  const Values sigma{0.1, 0.4, 0.2, 0.3, 0.15};
  const LineFit plain = fit_line(x, y, sigma);
  const LineFit both = fit_line_both_errors(x, y, Values(5, 0.0), sigma);
  ASSERT_EQ(both.status, FitStatus::ok);
  EXPECT_NEAR(both.slope, plain.slope, 1e-13);
  EXPECT_NEAR(both.intercept(), plain.intercept(), 1e-12);
  EXPECT_NEAR(both.slope_variance, plain.slope_variance, 1e-14);
  EXPECT_NEAR(both.intercept_variance(), plain.intercept_variance(), 1e-13);
  EXPECT_NEAR(both.chi_square, plain.chi_square, 1e-9);
}

// A shear y' = y + c x turns independent errors into correlated ones and the slope b into b + c; nothing else changes.
TEST(LineFit, CorrelatedErrorsFollowTheShear) {
  const Values x{0.1, 1.2, 1.9, 3.2, 4.1}, y{0.3, 2.1, 4.4, 6.1, 8.3};
  const Values sx{0.1, 0.05, 0.2, 0.1, 0.1}, sy{0.2, 0.1, 0.3, 0.2, 0.1};
  const double c = 1.7;
  Values sheared, sigma, correlation;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sheared.push_back(y[i] + c * x[i]);
    sigma.push_back(std::hypot(sy[i], c * sx[i]));
    correlation.push_back(c * sx[i] / sigma.back());
  }
  const LineFit plain = fit_line_both_errors(x, y, sx, sy);
  const LineFit moved = fit_line_both_errors(x, sheared, sx, sigma, correlation);
  ASSERT_EQ(moved.status, FitStatus::ok);
  EXPECT_NEAR(moved.slope, plain.slope + c, 1e-12);
  EXPECT_NEAR(moved.intercept(), plain.intercept(), 1e-11);
  EXPECT_NEAR(moved.slope_variance, plain.slope_variance, 1e-12);
  EXPECT_NEAR(moved.chi_square, plain.chi_square, 1e-9 * plain.chi_square);
  EXPECT_THROW(fit_line_both_errors(x, y, sx, sy, Values{0.1}), base::ParameterError);
  EXPECT_THROW(fit_line_both_errors(x, y, sx, sy, Values(5, 1.1)), base::ParameterError);
}

// Swapping the axes of the symmetric problem inverts the line.
TEST(LineFit, BothErrorsIsSymmetricInTheAxes) {
  const Values x{0.1, 1.2, 1.9, 3.2, 4.1}, y{0.3, 2.1, 4.4, 6.1, 8.3};
  const Values sx{0.1, 0.05, 0.2, 0.1, 0.1}, sy{0.2, 0.1, 0.3, 0.2, 0.1};
  const LineFit forward = fit_line_both_errors(x, y, sx, sy);
  const LineFit swapped = fit_line_both_errors(y, x, sy, sx);
  EXPECT_NEAR(forward.slope * swapped.slope, 1.0, 1e-12);
  EXPECT_NEAR(forward.chi_square, swapped.chi_square, 1e-9 * forward.chi_square);
}

TEST(LineFit, TwoPointsWithoutUncertaintyKnowNoUncertainty) {
  const LineFit fit = fit_line(Values{1, 3}, Values{2, 8});
  ASSERT_EQ(fit.status, FitStatus::ok);
  EXPECT_DOUBLE_EQ(fit.slope, 3.0);
  EXPECT_DOUBLE_EQ(fit.intercept(), -1.0);
  EXPECT_FALSE(fit.covariance_known);
  const LineFit weighted = fit_line(Values{1, 3}, Values{2, 8}, Values{0.3, 0.4});
  EXPECT_TRUE(weighted.covariance_known);
  EXPECT_NEAR(weighted.slope_variance, (0.09 + 0.16) / 4.0, 1e-15);
}

TEST(LineFit, ScalingAndShiftingLaws) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 50; ++trial) {
    Values x, y, sigma;
    for (int i = 0; i < 12; ++i) {
      x.push_back(normal(random));
      y.push_back(2.0 * x.back() + normal(random));
      sigma.push_back(0.5 + std::abs(normal(random)));
    }
    const LineFit fit = fit_line(x, y, sigma);
    Values x2, y2, sigma2;
    for (std::size_t i = 0; i < x.size(); ++i) {
      x2.push_back(x[i] + 1000.0);
      y2.push_back(3.0 * y[i] - 7.0);
      sigma2.push_back(3.0 * sigma[i]);
    }
    const LineFit moved = fit_line(x2, y2, sigma2);
    EXPECT_NEAR(moved.slope, 3.0 * fit.slope, 1e-10);
    EXPECT_NEAR(moved.centre, fit.centre + 1000.0, 1e-10);
    EXPECT_NEAR(moved.slope_variance, 9.0 * fit.slope_variance, 1e-10 * moved.slope_variance);
    EXPECT_NEAR(moved.chi_square, fit.chi_square, 1e-9 * fit.chi_square);
    EXPECT_NEAR(moved.prediction_variance(1000.3), 9.0 * fit.prediction_variance(0.3), 1e-9);
    EXPECT_NEAR(fit.prediction_variance(0.0), fit.intercept_variance(), 1e-12);
  }
}

// Coverage: the weighted slope scatters with the variance the fit states.
TEST(LineFit, StatedVarianceIsTheScatterOfTheSlope) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  const Values x{0, 1, 2, 3, 5, 8};
  const Values sigma{0.1, 0.3, 0.2, 0.1, 0.4, 0.2};
  const int trials = 4000;
  double sum = 0.0;
  double stated = 0.0;
  for (int trial = 0; trial < trials; ++trial) {
    Values y;
    for (std::size_t i = 0; i < x.size(); ++i) y.push_back(1.0 - 0.5 * x[i] + sigma[i] * normal(random));
    const LineFit fit = fit_line(x, y, sigma);
    sum += (fit.slope + 0.5) * (fit.slope + 0.5);
    stated = fit.slope_variance;
  }
  // The variance of 4000 squares has a relative standard error of sqrt(2/4000) = 2.2 %; four of them.
  EXPECT_NEAR(sum / trials / stated, 1.0, 0.09);
}

TEST(LineFit, OutcomesThatAreNoLine) {
  EXPECT_EQ(fit_line(Values{}, Values{}).status, FitStatus::too_few_points);
  EXPECT_EQ(fit_line(Values{1}, Values{1}).status, FitStatus::too_few_points);
  EXPECT_EQ(fit_line(Values{2, 2, 2}, Values{1, 2, 3}).status, FitStatus::rank_deficient);
  EXPECT_EQ(fit_line(Values{0.1, 0.1 + 1e-17, 0.1}, Values{1, 2, 3}).status, FitStatus::rank_deficient);
  EXPECT_EQ(fit_line_both_errors(Values{2, 2}, Values{1, 2}, Values{0, 0}, Values{1, 1}).status,
            FitStatus::rank_deficient);
}

TEST(LineFit, RefusesBadInput) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_THROW(fit_line(Values{1, 2}, Values{1}), base::ParameterError);
  EXPECT_THROW(fit_line(Values{1, 2}, Values{1, 2}, Values{1}), base::ParameterError);
  EXPECT_THROW(fit_line(Values{1, infinity}, Values{1, 2}), base::ParameterError);
  EXPECT_THROW(fit_line(Values{1, 2}, Values{1, std::nan("")}), base::ParameterError);
  EXPECT_THROW(fit_line(Values{1, 2}, Values{1, 2}, Values{1, 0}), base::ParameterError);
  EXPECT_THROW(fit_line(Values{1, 2}, Values{1, 2}, Values{1, infinity}), base::ParameterError);
  EXPECT_THROW(fit_line_both_errors(Values{1, 2}, Values{1, 2}, Values{0}, Values{1, 1}), base::ParameterError);
  EXPECT_THROW(fit_line_both_errors(Values{1, 2}, Values{1, 2}, Values{0, 0}, Values{}), base::ParameterError);
  EXPECT_THROW(fit_line_both_errors(Values{1, 2}, Values{1, 2}, Values{0, -1}, Values{1, 1}), base::ParameterError);
}

}  // namespace
}  // namespace closo::num
