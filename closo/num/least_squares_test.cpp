#include "closo/num/least_squares.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::num {
namespace {

using Values = std::vector<double>;

// NIST StRD "Longley" (J. W. Longley, J. Am. Stat. Assoc. 62 (1967) 819): condition number near 5e9.
TEST(LeastSquares, LongleyCertifiedValues) {
  const Values raw{60323, 83.0,  234289, 2356, 1590, 107608, 1947, 61122, 88.5,  259426, 2325, 1456, 108632, 1948,
                   60171, 88.2,  258054, 3682, 1616, 109773, 1949, 61187, 89.5,  284599, 3351, 1650, 110929, 1950,
                   63221, 96.2,  328975, 2099, 3099, 112075, 1951, 63639, 98.1,  346999, 1932, 3594, 113270, 1952,
                   64989, 99.0,  365385, 1870, 3547, 115094, 1953, 63761, 100.0, 363112, 3578, 3350, 116219, 1954,
                   66019, 101.2, 397469, 2904, 3048, 117388, 1955, 67857, 104.6, 419180, 2822, 2857, 118734, 1956,
                   68169, 108.4, 442769, 2936, 2798, 120445, 1957, 66513, 110.8, 444546, 4681, 2637, 121950, 1958,
                   68655, 112.6, 482704, 3813, 2552, 123366, 1959, 69564, 114.2, 502601, 3931, 2514, 125368, 1960,
                   69331, 115.7, 518173, 4806, 2572, 127852, 1961, 70551, 116.9, 554894, 4007, 2827, 130081, 1962};
  Values design, y;
  for (std::size_t row = 0; row < 16; ++row) {
    y.push_back(raw[row * 7]);
    design.push_back(1.0);
    for (std::size_t j = 1; j < 7; ++j) design.push_back(raw[row * 7 + j]);
  }
  const LinearFit fit = fit_linear(design, 7, y);
  ASSERT_EQ(fit.status, FitStatus::ok);
  const Values value{-3482258.63459582, 15.0618722713733,       -0.358191792925910e-01, -2.02022980381683,
                     -1.03322686717359, -0.511041056535807e-01, 1829.15146461355};
  const Values deviation{890420.383607373,  84.9149257747669,  0.334910077722432e-01, 0.488399681651699,
                         0.214274163161675, 0.226073200069370, 455.478499142212};
  for (std::size_t j = 0; j < 7; ++j) {
    EXPECT_NEAR(fit.parameters[j] / value[j], 1.0, 1e-9) << j;
    EXPECT_NEAR(std::sqrt(fit.covariance[j * 7 + j]) / deviation[j], 1.0, 1e-9) << j;
  }
  EXPECT_NEAR(std::sqrt(fit.chi_square / 9.0), 304.854073561965, 1e-7);
}

// NIST StRD "Wampler1": y = 1 + x + … + x^5 exactly, x = 0 … 20.
TEST(LeastSquares, WamplerExactPolynomial) {
  Values design, y;
  for (int i = 0; i <= 20; ++i) {
    double power = 1.0;
    double sum = 0.0;
    for (int j = 0; j <= 5; ++j, power *= i) {
      design.push_back(power);
      sum += power;
    }
    y.push_back(sum);
  }
  const LinearFit fit = fit_linear(design, 6, y);
  ASSERT_EQ(fit.status, FitStatus::ok);
  for (const double p : fit.parameters) EXPECT_NEAR(p, 1.0, 1e-8);
}

// A hinge on small rational points, solved by hand: normal equations over the rationals.
TEST(LeastSquares, RationalCaseWithWeights) {
  // y = a + b x, weights 1, 4, 1 (sigma 1, 1/2, 1) at x = 0, 1, 2 with y = 0, 1, 4:
  // sum w = 6, sum wx = 6, sum wxx = 8, sum wy = 8, sum wxy = 12 → b = 2, a = -2/3.
  const LinearFit fit = fit_linear(Values{1, 0, 1, 1, 1, 2}, 2, Values{0, 1, 4}, Values{1, 0.5, 1});
  ASSERT_EQ(fit.status, FitStatus::ok);
  EXPECT_NEAR(fit.parameters[0], -2.0 / 3.0, 1e-14);
  EXPECT_NEAR(fit.parameters[1], 2.0, 1e-14);
  EXPECT_NEAR(fit.covariance[0], 8.0 / 12.0, 1e-14);
  EXPECT_NEAR(fit.covariance[1], -6.0 / 12.0, 1e-14);
  EXPECT_NEAR(fit.covariance[3], 6.0 / 12.0, 1e-14);
  EXPECT_NEAR(fit.chi_square, 4.0 / 3.0, 1e-13);
  EXPECT_EQ(fit.degrees_of_freedom, 1U);
}

TEST(LeastSquares, AgreesWithTheClosedFormLine) {
  const Values x{3.3e-3, 3.2e-3, 3.1e-3, 2.9e-3, 2.7e-3}, y{-3.1, -2.6, -2.2, -1.2, -0.4}, s{0.1, 0.2, 0.1, 0.1, 0.05};
  Values design;
  for (const double value : x) {
    design.push_back(1.0);
    design.push_back(value);
  }
  for (const Values& sigma : {Values{}, s}) {
    const LinearFit general = fit_linear(design, 2, y, sigma);
    const LineFit line = fit_line(x, y, sigma);
    EXPECT_NEAR(general.parameters[1] / line.slope, 1.0, 1e-11);
    EXPECT_NEAR(general.parameters[0] / line.intercept(), 1.0, 1e-11);
    EXPECT_NEAR(general.covariance[3] / line.slope_variance, 1.0, 1e-10);
    EXPECT_NEAR(general.covariance[1] / line.intercept_slope_covariance(), 1.0, 1e-10);
    EXPECT_NEAR(general.chi_square / line.chi_square, 1.0, 1e-9);
  }
}

TEST(LeastSquares, RankDeficiencyIsAStatusWithTheLeastNormSolution) {
  const LinearFit fit = fit_linear(Values{1, 1, 2, 2, 3, 3}, 2, Values{2, 4, 6});
  EXPECT_EQ(fit.status, FitStatus::rank_deficient);
  EXPECT_EQ(fit.rank, 1U);
  EXPECT_FALSE(fit.covariance_known());
  EXPECT_NEAR(fit.parameters[0], 1.0, 1e-12);
  EXPECT_NEAR(fit.parameters[1], 1.0, 1e-12);
  const LinearFit zero = fit_linear(Values{1, 0, 1, 0, 1, 0}, 2, Values{1, 2, 3});
  EXPECT_EQ(zero.status, FitStatus::rank_deficient);
  EXPECT_NEAR(zero.parameters[0], 2.0, 1e-12);
  EXPECT_EQ(zero.parameters[1], 0.0);
}

TEST(LeastSquares, FewPoints) {
  EXPECT_EQ(fit_linear(Values{1, 2}, 2, Values{1}).status, FitStatus::too_few_points);
  const LinearFit exact = fit_linear(Values{1, 0, 1, 1}, 2, Values{1, 3});
  EXPECT_EQ(exact.status, FitStatus::ok);
  EXPECT_FALSE(exact.covariance_known());
}

TEST(LeastSquares, PropagatesVariance) {
  EXPECT_DOUBLE_EQ(propagate_variance(Values{1, -2}, Values{4, 1, 1, 9}), 4 - 4 + 36);
  EXPECT_EQ(propagate_variance(Values{1, -1}, Values{1, 1.0000000001, 1.0000000001, 1}), 0.0);
  EXPECT_THROW(propagate_variance(Values{1, 2}, Values{1, 2}), base::ParameterError);
}

TEST(LeastSquares, RefusesBadInput) {
  EXPECT_THROW(fit_linear(Values{}, 0, Values{1}), base::ParameterError);
  EXPECT_THROW(fit_linear(Values{1, 2, 3}, 2, Values{1}), base::ParameterError);
  EXPECT_THROW(fit_linear(Values{1, 2}, 1, Values{1, 2}, Values{1}), base::ParameterError);
  EXPECT_THROW(fit_linear(Values{1, std::nan("")}, 1, Values{1, 2}), base::ParameterError);
  EXPECT_THROW(fit_linear(Values{1, 2}, 1, Values{1, std::nan("")}), base::ParameterError);
  EXPECT_THROW(fit_linear(Values{1, 2}, 1, Values{1, 2}, Values{1, 0}), base::ParameterError);
}

}  // namespace
}  // namespace closo::num
