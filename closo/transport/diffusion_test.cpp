#include "closo/transport/diffusion.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"

namespace closo::transport {
namespace {

TEST(Diffusion, NernstEinsteinRoundTripAndHandValue) {
  // 1e28 /m³, D = 1e-12 m²/s, 300 K: 1e28 (1.602176634e-19)² 1e-12 / (1.380649e-23 · 300) S/m.
  const double sigma = nernst_einstein_conductivity(1e28, 1, 1e-12, 300);
  EXPECT_NEAR(sigma, 0.0619752, 1e-6);
  for (const double z : {1.0, 2.0, -1.0}) {
    const double value = nernst_einstein_conductivity(3e27, z, 2e-13, 350);
    EXPECT_NEAR(nernst_einstein_diffusion(3e27, z, value, 350), 2e-13, 1e-25);
    EXPECT_NEAR(value, z * z * nernst_einstein_conductivity(3e27, 1, 2e-13, 350), 1e-12 * value);
  }
  EXPECT_NEAR(haven_ratio(0.3e-12, 1e-12), 0.3, 1e-15);
}

TEST(Diffusion, JumpDiffusion) {
  const JumpDiffusion jump{1.0 / 6.0, 3e-10, 1e13, 2.0, 0.42};
  const double d = diffusion_coefficient(jump, 300);
  EXPECT_NEAR(d, 9e-20 * 1e13 / 6.0 * std::exp(2.0 - 0.42 / (base::boltzmann_constant_eV * 300)), 1e-12 * d);
  // The temperature derivative of ln D returns the energy.
  const double slope = (std::log(diffusion_coefficient(jump, 301)) - std::log(diffusion_coefficient(jump, 299))) /
                       (1.0 / 301.0 - 1.0 / 299.0);
  EXPECT_NEAR(-slope * base::boltzmann_constant_eV, 0.42, 1e-9);
}

TEST(Diffusion, ConfigurationalEntropyExactCases) {
  EXPECT_EQ(configurational_entropy(10, 0), 0.0);
  EXPECT_EQ(configurational_entropy(10, 10), 0.0);
  EXPECT_NEAR(configurational_entropy(10, 3), std::log(120.0), 1e-14);
  EXPECT_NEAR(configurational_entropy(52, 5), std::log(2598960.0), 1e-13);
  EXPECT_NEAR(configurational_entropy(2000, 1), std::log(2000.0), 1e-13);
  EXPECT_NEAR(configurational_entropy(2000, 2), std::log(1999000.0), 1e-12);
  EXPECT_NEAR(configurational_entropy(1e23, 1), std::log(1e23), 1e-12);
  EXPECT_NEAR(configurational_entropy(1e23, 2), std::log(0.5e46), 1e-12 * 105);
}

TEST(Diffusion, ConfigurationalEntropyAgainstSumsOfLogarithms) {
  for (const double m : {9.0, 10.0, 11.0, 500.0, 1500.0}) {
    long double sum = 0;
    for (int i = 1; i <= static_cast<int>(m); ++i) sum += std::log((3000.0L - m + i) / i);
    EXPECT_NEAR(configurational_entropy(3000, m), static_cast<double>(sum), 1e-12 * static_cast<double>(sum)) << m;
  }
}

TEST(Diffusion, ConfigurationalEntropyIsLargestAtHalfFillingAndSymmetric) {
  for (const double n : {20.0, 998.0, 5000.0, 6e23}) {
    const double half = configurational_entropy(n, n / 2);
    for (const double x : {0.1, 0.25, 0.4, 0.499}) {
      EXPECT_LT(configurational_entropy(n, x * n), half);
      EXPECT_NEAR(configurational_entropy(n, x * n) / configurational_entropy(n, n - x * n), 1.0, 1e-9);
    }
    if (n > 1e6) {
      EXPECT_NEAR(half / n, std::log(2.0), 1e-12);
    }
  }
}

TEST(Diffusion, FrenkelPairs) {
  // Formation energy 0.44 eV (review, sec. 2.1.1): with 1e28 sites of both kinds at 300 K.
  EXPECT_NEAR(frenkel_pair_density(1e28, 1e28, 0.44, 300) / 1e28, std::exp(-0.44 / (2 * 8.617333262e-5 * 300)), 1e-10);
  EXPECT_NEAR(frenkel_pair_density(4e28, 1e28, 0.0, 300), 2e28, 1e16);
}

TEST(Diffusion, RefusesBadInput) {
  EXPECT_THROW(nernst_einstein_conductivity(0, 1, 1, 300), base::ParameterError);
  EXPECT_THROW(nernst_einstein_conductivity(1, 0, 1, 300), base::ParameterError);
  EXPECT_THROW(nernst_einstein_conductivity(1, 1, 0, 300), base::ParameterError);
  EXPECT_THROW(nernst_einstein_conductivity(1, 1, 1, 0), base::ParameterError);
  EXPECT_THROW(nernst_einstein_diffusion(0, 1, 1, 300), base::ParameterError);
  EXPECT_THROW(nernst_einstein_diffusion(1, 1, 0, 300), base::ParameterError);
  EXPECT_THROW(nernst_einstein_diffusion(1, 1, 1, -1), base::ParameterError);
  EXPECT_THROW(haven_ratio(0, 1), base::ParameterError);
  EXPECT_THROW(haven_ratio(1, 0), base::ParameterError);
  EXPECT_THROW(diffusion_coefficient({1, 0, 1, 0, 0}, 300), base::ParameterError);
  EXPECT_THROW(diffusion_coefficient({0, 1, 1, 0, 0}, 300), base::ParameterError);
  EXPECT_THROW(diffusion_coefficient({1, 1, 0, 0, 0}, 300), base::ParameterError);
  EXPECT_THROW(diffusion_coefficient({1, 1, 1, 0, 0}, 0), base::ParameterError);
  EXPECT_THROW(configurational_entropy(3, 4), base::ParameterError);
  EXPECT_THROW(configurational_entropy(3, -1), base::ParameterError);
  EXPECT_THROW(frenkel_pair_density(0, 1, 0.4, 300), base::ParameterError);
  EXPECT_THROW(frenkel_pair_density(1, 0, 0.4, 300), base::ParameterError);
  EXPECT_THROW(frenkel_pair_density(1, 1, 0.4, 0), base::ParameterError);
}

}  // namespace
}  // namespace closo::transport
