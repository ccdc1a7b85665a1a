#include "closo/transport/pressure.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"

namespace closo::transport {
namespace {

std::vector<PressurePoint> exact(double volume, double temperature, double relative = 0.0) {
  std::vector<PressurePoint> points;
  for (double p = 1.5e9; p <= 6e9; p += 1.5e9) {
    const double value = 0.02 * std::exp(-p * volume / (base::boltzmann_constant * temperature));
    points.push_back({p, value, relative * value});
  }
  return points;
}

TEST(Pressure, RecoversTheVolume) {
  for (const double cm3_per_mol : {-2.0, 1.0, 5.0}) {
    const double volume = cm3_per_mol * 1e-6 / base::avogadro_constant;
    const ActivationVolume result = activation_volume(exact(volume, 493), 493);
    ASSERT_EQ(result.status, num::FitStatus::ok);
    EXPECT_NEAR(result.cubic_centimetre_per_mole(), cm3_per_mol, 1e-9);
    EXPECT_NEAR(std::exp(result.log_conductivity_at_zero), 0.02, 1e-11);
    EXPECT_EQ(result.degrees_of_freedom, 2U);
  }
}

TEST(Pressure, UncertaintyFollowsTheStatedOne) {
  auto points = exact(5e-30, 493, 0.1);
  const ActivationVolume result = activation_volume(points, 493);
  // Four equally spaced pressures, step h: variance of the slope s²/(5 h²).
  EXPECT_NEAR(*result.uncertainty, base::boltzmann_constant * 493 * 0.1 / std::sqrt(5.0) / 1.5e9, 1e-36);
  points.resize(2);
  EXPECT_TRUE(activation_volume(points, 493).uncertainty.has_value());
  for (PressurePoint& point : points) point.uncertainty = 0.0;
  const ActivationVolume bare = activation_volume(points, 493);
  EXPECT_EQ(bare.status, num::FitStatus::ok);
  EXPECT_FALSE(bare.uncertainty.has_value());
  points.resize(1);
  EXPECT_EQ(activation_volume(points, 493).status, num::FitStatus::too_few_points);
}

TEST(Pressure, RefusesBadInput) {
  using Points = std::vector<PressurePoint>;
  EXPECT_THROW(activation_volume(exact(5e-30, 493), 0), base::ParameterError);
  EXPECT_THROW(activation_volume(Points{{1e9, 0}, {2e9, 1}}, 493), base::ParameterError);
  EXPECT_THROW(activation_volume(Points{{-1e9, 1}, {2e9, 1}}, 493), base::ParameterError);
  EXPECT_THROW(activation_volume(Points{{1e9, 1, -1}, {2e9, 1}}, 493), base::ParameterError);
  EXPECT_THROW(activation_volume(Points{{1e9, 1, 0.1}, {2e9, 1}}, 493), base::ParameterError);
}

}  // namespace
}  // namespace closo::transport
