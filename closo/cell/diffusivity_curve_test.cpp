#include "closo/cell/diffusivity_curve.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::cell {
namespace {

TEST(DiffusivityCurve, FollowsItsFunctionAndItsIntegral) {
  const DiffusivityCurve curve([](double z) { return 1e-15 * std::exp(3.0 * z); });
  for (double z = 0.0; z <= 1.0; z += 0.0137) {
    EXPECT_NEAR(curve.at(z).diffusivity, 1e-15 * std::exp(3.0 * z), 1e-7 * 2e-14);
    EXPECT_NEAR(curve.at(z).integral, 1e-15 / 3.0 * std::expm1(3.0 * z), 1e-7 * 1e-14);
  }
}

TEST(DiffusivityCurve, TheIntegralsSlopeIsTheDiffusivityAlsoOutside) {
  const DiffusivityCurve curve([](double z) { return z < 0.5 ? 1.0 : 0.01; });
  for (const double z : {-0.3, 0.2, 0.49995, 0.50001, 0.8, 1.2}) {
    EXPECT_NEAR((curve.at(z + 1e-7).integral - curve.at(z - 1e-7).integral) / 2e-7, curve.at(z).diffusivity, 1e-2) << z;
  }
  EXPECT_NEAR(curve.at(1.0).integral, 0.505, 1e-3);
  EXPECT_EQ(curve.at(-1.0).diffusivity, 1.0);
  EXPECT_EQ(curve.at(2.0).diffusivity, 0.01);
}

TEST(DiffusivityCurve, GivesTheStoichiometryOfAnIntegralBack) {
  const DiffusivityCurve curve([](double z) { return z < 0.4 ? 1e-15 : z < 0.7 ? 1e-17 : 3e-15 * z; });
  for (double z = -0.2; z <= 1.2; z += 0.00917) {
    EXPECT_NEAR(curve.stoichiometry(curve.at(z).integral), z, 1e-12);
  }
  EXPECT_EQ(curve.stoichiometry(0.0), 0.0);
  EXPECT_EQ(curve.stoichiometry(curve.at(1.0).integral), 1.0);
}

TEST(DiffusivityCurve, IsOneWithoutAFunction) {
  EXPECT_EQ(DiffusivityCurve().at(0.3).diffusivity, 1.0);
  EXPECT_NEAR(DiffusivityCurve().at(0.3).integral, 0.3, 1e-15);
}

TEST(DiffusivityCurve, RefusesWhatIsNotAboveZero) {
  EXPECT_THROW(DiffusivityCurve([](double z) { return 0.5 - z; }), base::ParameterError);
  EXPECT_THROW(DiffusivityCurve([](double) { return std::nan(""); }), base::ParameterError);
}

}  // namespace
}  // namespace closo::cell
