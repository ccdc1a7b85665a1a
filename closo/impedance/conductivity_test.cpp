#include "closo/impedance/conductivity.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "closo/base/error.hpp"

namespace closo::impedance {
namespace {

// A published pellet: L = 0.21 cm, D = 0.8 cm, R_total 2158445.55 Ohm at 140 °C gives 1.936e-7 S/cm.
TEST(PelletConductivity, PublishedPellet) {
  const Pellet pellet{{2.1e-3, {}}, {std::numbers::pi / 4.0 * 0.8e-2 * 0.8e-2, {}}};
  const PelletConductivity sigma = pellet_conductivity({2158445.5506142275, 6999.990355378259}, pellet);
  EXPECT_NEAR(sigma.value, 1.9355675916741904e-05, 1e-14);
  EXPECT_NEAR(*sigma.fit_uncertainty / sigma.value, 6999.990355378259 / 2158445.5506142275, 1e-12);
  EXPECT_FALSE(sigma.geometry_relative.has_value());
}

TEST(PelletConductivity, GeometryIsKeptApart) {
  const Pellet pellet{{4e-4, 1e-5}, {7.854e-5, 2e-6}};
  const PelletConductivity sigma = pellet_conductivity({100.0, 3.0}, pellet);
  EXPECT_NEAR(*sigma.geometry_relative, std::hypot(0.025, 2e-6 / 7.854e-5), 1e-12);
  EXPECT_NEAR(*sigma.total_uncertainty() / sigma.value, std::hypot(0.03, *sigma.geometry_relative), 1e-12);
  EXPECT_FALSE(pellet_conductivity({100.0, {}}, {{4e-4, {}}, {7.854e-5, {}}}).total_uncertainty().has_value());
}

TEST(PelletConductivityLaw, ScalesWithThicknessAndInverselyWithResistanceAndArea) {
  const Pellet pellet{{4e-4, 1e-5}, {7.854e-5, 2e-6}};
  const double one = pellet_conductivity({100.0, 3.0}, pellet).value;
  EXPECT_DOUBLE_EQ(pellet_conductivity({200.0, 3.0}, pellet).value, one / 2.0);
  EXPECT_DOUBLE_EQ(pellet_conductivity({100.0, 3.0}, {{8e-4, {}}, pellet.area}).value, 2.0 * one);
  EXPECT_DOUBLE_EQ(pellet_conductivity({100.0, 3.0}, {pellet.thickness, {2 * 7.854e-5, {}}}).value, one / 2.0);
}

TEST(PelletConductivity, RefusesWhatIsNotAbove0) {
  const Pellet pellet{{4e-4, {}}, {7.854e-5, {}}};
  EXPECT_THROW(pellet_conductivity({0.0, {}}, pellet), base::ParameterError);
  EXPECT_THROW(pellet_conductivity({1.0, {}}, {{0.0, {}}, pellet.area}), base::ParameterError);
  EXPECT_THROW(pellet_conductivity({1.0, {}}, {pellet.thickness, {-1.0, {}}}), base::ParameterError);
  EXPECT_THROW(pellet_conductivity({std::nan(""), {}}, pellet), base::ParameterError);
}

}  // namespace
}  // namespace closo::impedance
