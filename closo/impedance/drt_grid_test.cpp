#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "closo/base/error.hpp"
#include "closo/impedance/detail/drt_matrices.hpp"

namespace closo::impedance {
namespace {

const std::vector<double> frequency = {0.5, 1.0, 3.0, 10.0, 20.0, 100.0, 1e4};

/// ∫ φ(s)/(1 + jωτ e^s) ds by many steps.
std::complex<double> reference(double wt, double step, DrtBasis basis) {
  const double width = step / std::sqrt(std::numbers::ln2);
  const double reach = basis == DrtBasis::gaussian ? 7.0 * width : step;
  constexpr int count = 20000;
  std::complex<double> sum = 0.0;
  for (int k = 0; k < count; ++k) {
    const double s = reach * (2.0 * (k + 0.5) / count - 1.0);
    const double phi = basis == DrtBasis::gaussian ? std::exp(-s * s / (width * width)) : 1.0 - std::abs(s) / step;
    sum += phi / std::complex<double>(1.0, wt * std::exp(s));
  }
  return sum * (2.0 * reach / count);
}

TEST(DrtGrid, CoversTheWindowEvenlyInTheLogarithm) {
  const DrtGrid grid(frequency);
  const auto tau = grid.tau();
  const double omega_high = 2.0 * std::numbers::pi * 1e4, omega_low = 2.0 * std::numbers::pi * 0.5;
  EXPECT_NEAR(tau.front() * omega_high, 0.1, 1e-12);
  EXPECT_NEAR(tau.back() * omega_low, 10.0, 1e-9);
  for (std::size_t k = 1; k < tau.size(); ++k) {
    EXPECT_NEAR(std::log(tau[k] / tau[k - 1]), grid.matrices().step, 1e-12);
  }
  EXPECT_LE(grid.matrices().step, std::numbers::ln10 / 12.0 + 1e-12);
  EXPECT_EQ(std::vector<double>(grid.frequency().begin(), grid.frequency().end()), frequency);
}

TEST(DrtGrid, KernelIsTheIntegralOfTheBasis) {
  for (const DrtBasis basis : {DrtBasis::piecewise_linear, DrtBasis::gaussian}) {
    for (const int per_decade : {3, 12}) {
      DrtOptions options;
      options.basis = basis;
      options.points_per_decade = per_decade;
      const DrtGrid grid(frequency, options);
      const DrtGrid::Matrices& m = grid.matrices();
      const double tolerance = per_decade == 3 ? 1e-6 : 1e-8;
      for (std::size_t k = 0; k < m.size(); k += 5) {
        for (std::size_t i = 0; i < frequency.size(); ++i) {
          const auto exact = reference(2.0 * std::numbers::pi * frequency[i] * m.tau[k], m.step, basis);
          EXPECT_NEAR(m.kernel[k * 2 * frequency.size() + i], exact.real(), tolerance);
          EXPECT_NEAR(m.kernel[k * 2 * frequency.size() + frequency.size() + i], exact.imag(), tolerance);
        }
      }
    }
  }
}

TEST(DrtGrid, PenaltyIsTheSquareOfTheDerivative) {
  // γ = exp(-x²/2): ∫ γ'² dx = √π/2, ∫ γ''² dx = 3√π/4.
  for (const int derivative : {1, 2}) {
    DrtOptions options;
    options.derivative = derivative;
    options.points_per_decade = 40;
    const DrtGrid grid(std::vector<double>{1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e7}, options);
    const DrtGrid::Matrices& m = grid.matrices();
    std::vector<double> gamma;
    for (std::size_t k = 0; k < m.size(); ++k) {
      const double x = (static_cast<double>(k) - 0.5 * static_cast<double>(m.size() - 1)) * m.step;
      gamma.push_back(std::exp(-0.5 * x * x));
    }
    double sum = 0.0;
    for (std::size_t j = 0; j < m.size(); ++j) {
      for (std::size_t i = 0; i < m.size(); ++i) sum += gamma[i] * m.penalty[i + j * m.size()] * gamma[j];
    }
    EXPECT_NEAR(sum / std::sqrt(std::numbers::pi), derivative == 1 ? 0.5 : 0.75, 2e-3);
  }
}

TEST(DrtGrid, TailIsAConstantPhaseTerm) {
  const DrtGrid grid(frequency);
  const DrtGrid::Matrices& m = grid.matrices();
  ASSERT_EQ(m.tail.size(), m.tail_exponent.size() * 2 * frequency.size());
  EXPECT_DOUBLE_EQ(m.tail_exponent.front(), 0.4);
  EXPECT_DOUBLE_EQ(m.tail_exponent.back(), 1.0);
  for (std::size_t t = 0; t < m.tail_exponent.size(); ++t) {
    for (std::size_t i = 0; i < frequency.size(); ++i) {
      const std::complex<double> jx(0.0, 2.0 * std::numbers::pi * frequency[i] / m.omega_ref);
      const std::complex<double> z = std::pow(jx, -m.tail_exponent[t]);
      EXPECT_NEAR(m.tail[(2 * t) * frequency.size() + i], z.real(), 1e-12 * std::abs(z));
      EXPECT_NEAR(m.tail[(2 * t + 1) * frequency.size() + i], z.imag(), 1e-12 * std::abs(z));
    }
  }
}

TEST(DrtGrid, ValuesOfTheGaussianBasisAreItsSum) {
  DrtOptions options;
  options.basis = DrtBasis::gaussian;
  const DrtGrid grid(frequency, options);
  const DrtGrid::Matrices& m = grid.matrices();
  const std::vector<double> coefficients = {0.0, 0.0, 2.0};
  const std::vector<double> gamma = detail::drt_values(m, coefficients);
  ASSERT_EQ(gamma.size(), m.size());
  EXPECT_DOUBLE_EQ(gamma[2], 2.0);
  EXPECT_NEAR(gamma[1], 1.0, 1e-12);  // half height one step away
  EXPECT_NEAR(gamma[3], 1.0, 1e-12);
  EXPECT_EQ(detail::drt_values(DrtGrid(frequency).matrices(), coefficients)[2], 2.0);
}

TEST(DrtGrid, RefusesFrequenciesItCannotUse) {
  EXPECT_THROW(DrtGrid(std::vector<double>{1.0, 2.0, 3.0, 4.0, 5.0}), base::ParameterError);
  EXPECT_THROW(DrtGrid(std::vector<double>{1.0, 2.0, 3.0, 4.0, 6.0, 5.0}), base::ParameterError);
  EXPECT_THROW(DrtGrid(std::vector<double>{0.0, 2.0, 3.0, 4.0, 5.0, 6.0}), base::ParameterError);
  EXPECT_THROW(DrtGrid(std::vector<double>(8, 2.0)), base::ParameterError);
}

}  // namespace
}  // namespace closo::impedance
