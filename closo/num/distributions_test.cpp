#include "closo/num/distributions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::num {
namespace {

// Reference values from 40-digit arithmetic (mpmath 1.3: erfc, gammainc, betainc and bisection).
constexpr double accuracy = 1e-10;

void expect_relative(double value, double expected, const char* what) {
  EXPECT_LE(std::abs(value - expected), accuracy * std::abs(expected)) << what << ": " << value << " vs " << expected;
}

TEST(Distributions, NormalTailReference) {
  struct Row {
    double z, tail;
  };
  for (const Row& row : std::vector<Row>{{-3, 0.99865010196836991},
                                         {0, 0.5},
                                         {0.5, 0.3085375387259869},
                                         {1.96, 0.024997895148220434},
                                         {5, 2.8665157187919391e-7},
                                         {10, 7.6198530241605261e-24},
                                         {37, 5.7255712225245768e-300}}) {
    expect_relative(normal_upper_tail(row.z), row.tail, "normal tail");
    expect_relative(normal_cdf(-row.z), row.tail, "normal cdf");
  }
}

TEST(Distributions, NormalQuantileReference) {
  struct Row {
    double p, z;
  };
  for (const Row& row : std::vector<Row>{{1e-300, -37.047096299361199},
                                         {1e-10, -6.3613409024040562},
                                         {0.001, -3.0902323061678135},
                                         {0.025, -1.9599639845400542},
                                         {0.3, -0.52440051270804082},
                                         {0.84134474606854293, 0.99999999999999991},
                                         {0.975, 1.9599639845400539},
                                         {0.999999, 4.7534243088170878}}) {
    expect_relative(normal_quantile(row.p), row.z, "normal quantile");
  }
  EXPECT_EQ(normal_quantile(0.5), 0.0);
}

TEST(Distributions, StudentTailReference) {
  struct Row {
    double t, dof, tail;
  };
  for (const Row& row : std::vector<Row>{{0.1, 1, 0.46827448256944643},
                                         {1, 1, 0.25},
                                         {12.706204736, 1, 0.025000000000342327},
                                         {2, 3, 0.069662984279421588},
                                         {1.5, 2.5, 0.12391822654314813},
                                         {-1, 4, 0.81304951684997056},
                                         {4, 10, 0.0012591663123683461},
                                         {30, 5, 3.859324310248026e-7},
                                         {1e5, 3, 1.1026577904466273e-15},
                                         {2, 1000, 0.02288517324662582},
                                         {6, 100000, 9.8996472780088128e-10}}) {
    expect_relative(student_t_upper_tail(row.t, row.dof), row.tail, "t tail");
    expect_relative(student_t_cdf(-row.t, row.dof), row.tail, "t cdf");
  }
  expect_relative(student_t_upper_tail(1.96, std::numeric_limits<double>::infinity()), 0.024997895148220434, "t, inf");
}

TEST(Distributions, StudentQuantileReference) {
  struct Row {
    double p, dof, t;
  };
  for (const Row& row : std::vector<Row>{{0.975, 1, 12.706204736174693},
                                         {0.975, 2, 4.3026527297494618},
                                         {0.975, 3, 3.1824463052837084},
                                         {0.841344746068543, 4, 1.1416266290909546},
                                         {0.995, 10, 3.1692726726169507},
                                         {0.6, 7.5, 0.26250189880429465},
                                         {0.0001, 18, -4.6480141551023741},
                                         {1e-12, 3, -10331.108244292486},
                                         {0.975, 1000, 1.9623390808264081},
                                         {0.51, 5, 0.026346712342273262},
                                         {0.9, 0.5, 10.270324410234511}}) {
    expect_relative(student_t_quantile(row.p, row.dof), row.t, "t quantile");
  }
  EXPECT_EQ(student_t_quantile(0.5, 7.0), 0.0);
}

TEST(Distributions, ChiSquareReference) {
  struct Row {
    double x, dof, tail;
  };
  for (const Row& row : std::vector<Row>{{0.001, 1, 0.97477287936996039},
                                         {3.841458820694124, 1, 0.050000000000000057},
                                         {1, 2, 0.60653065971263342},
                                         {5, 3, 0.17179714429673314},
                                         {20, 4, 0.00049939922738733337},
                                         {100, 10, 5.4497019829205293e-17},
                                         {0.5, 10, 0.99999338828943897},
                                         {1000, 1000, 0.49405285382923964},
                                         {1200, 1000, 1.2255942330622904e-5},
                                         {7, 0.7, 0.0045559103224330642}}) {
    expect_relative(chi_square_upper_tail(row.x, row.dof), row.tail, "chi-square tail");
    EXPECT_NEAR(chi_square_cdf(row.x, row.dof) + row.tail, 1.0, 1e-14);
  }
  for (const Row& row : std::vector<Row>{{0.95, 1, 3.8414588206941245},
                                         {0.95, 10, 18.307038053275144},
                                         {0.05, 10, 3.9402991361190601},
                                         {1e-8, 3, 1.1223330973050008e-5},
                                         {0.5, 2, 1.3862943611198906},
                                         {0.999, 100, 149.44925277903871},
                                         {0.01, 0.5, 1.3499395859116937e-8},
                                         {0.3, 1e4, 9925.3580098349685}}) {
    expect_relative(chi_square_quantile(row.x, row.dof), row.tail, "chi-square quantile");
  }
}

TEST(Distributions, RegularizedBetaReference) {
  struct Row {
    double x, a, b, value;
  };
  for (const Row& row : std::vector<Row>{{0.2, 2, 3, 0.18080000000000002},
                                         {0.9, 0.5, 0.5, 0.79516723530086657},
                                         {0.5, 50, 40, 0.14454804034803014},
                                         {0.001, 0.5, 7, 0.09255230112989836},
                                         {0.999, 200, 0.3, 0.34270438769395459}}) {
    expect_relative(regularized_beta(row.x, 1.0 - row.x, row.a, row.b), row.value, "beta");
  }
  EXPECT_EQ(regularized_beta(0.0, 1.0, 2.0, 3.0), 0.0);
  EXPECT_EQ(regularized_beta(1.0, 0.0, 2.0, 3.0), 1.0);
}

TEST(Distributions, QuantileInvertsProbabilityEverywhere) {
  for (const double dof : {0.7, 1.0, 2.0, 3.0, 4.5, 17.0, 240.0, 1e5}) {
    for (const double p : {1e-200, 1e-30, 1e-9, 1e-3, 0.1, 0.3, 0.49, 0.51, 0.8, 0.99, 0.9999}) {
      if (!(p < 1e-20 && dof < 1.0)) {
        expect_relative(student_t_cdf(student_t_quantile(p, dof), dof), p, "t round trip");
      }
      if (!(p < 1e-20 && dof < 2.0)) {
        expect_relative(chi_square_cdf(chi_square_quantile(p, dof), dof), p, "chi-square round trip");
      }
    }
  }
}

TEST(Distributions, ChiSquareWithOneDegreeIsTheSquareOfANormal) {
  for (double z = 0.05; z < 8.0; z += 0.31) {
    expect_relative(chi_square_upper_tail(z * z, 1.0), 2.0 * normal_upper_tail(z), "z squared");
    expect_relative(regularized_gamma_q(0.5, 0.5 * z * z), 2.0 * normal_upper_tail(z), "gamma q");
    EXPECT_NEAR(regularized_gamma_p(0.5, 0.5 * z * z) + regularized_gamma_q(0.5, 0.5 * z * z), 1.0, 1e-15);
  }
}

TEST(Distributions, CoverageFactorIsTheTwoSidedQuantile) {
  expect_relative(coverage_factor(0.95, 3.0), 3.1824463052837084, "95 %, 3");
  expect_relative(coverage_factor(0.95, std::numeric_limits<double>::infinity()), 1.9599639845400542, "95 %, inf");
  EXPECT_NEAR(coverage_factor(0.6826894921370859, std::numeric_limits<double>::infinity()), 1.0, 1e-12);
}

TEST(Distributions, RefusesWhatHasNoAnswer) {
  EXPECT_THROW(normal_quantile(0.0), base::ParameterError);
  EXPECT_THROW(normal_quantile(1.0), base::ParameterError);
  EXPECT_THROW(normal_quantile(std::nan("")), base::ParameterError);
  EXPECT_THROW(student_t_cdf(1.0, 0.0), base::ParameterError);
  EXPECT_THROW(student_t_upper_tail(1.0, -1.0), base::ParameterError);
  EXPECT_THROW(student_t_quantile(1.5, 3.0), base::ParameterError);
  EXPECT_THROW(student_t_quantile(0.9, 0.0), base::ParameterError);
  EXPECT_THROW(coverage_factor(1.0, 3.0), base::ParameterError);
  EXPECT_THROW(coverage_factor(0.9, -3.0), base::ParameterError);
  EXPECT_THROW(chi_square_cdf(-1.0, 3.0), base::ParameterError);
  EXPECT_THROW(chi_square_upper_tail(1.0, 0.0), base::ParameterError);
  EXPECT_THROW(chi_square_quantile(0.0, 3.0), base::ParameterError);
  EXPECT_THROW(chi_square_quantile(0.1, -3.0), base::ParameterError);
  EXPECT_THROW(regularized_gamma_p(0.0, 1.0), base::ParameterError);
  EXPECT_THROW(regularized_gamma_q(1.0, std::nan("")), base::ParameterError);
  EXPECT_THROW(regularized_beta(0.5, 0.5, 0.0, 1.0), base::ParameterError);
  EXPECT_THROW(regularized_beta(-0.5, 0.5, 1.0, 1.0), base::ParameterError);
}

}  // namespace
}  // namespace closo::num
