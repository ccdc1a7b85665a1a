#include "closo/cell/temperature.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "closo/base/constants.hpp"

namespace closo::cell {
namespace {

TEST(Activated, IsItsValueAtTheReferenceAndConstantWithoutEnergy) {
  EXPECT_EQ(at_temperature({3.0, 5e4}, 300.0, 300.0), 3.0);
  EXPECT_EQ(at_temperature({3.0, 0.0}, 400.0, 300.0), 3.0);
  EXPECT_EQ(ionic_at_temperature({3.0, 0.0}, 400.0, 300.0), 3.0);
}

TEST(Activated, GivesItsEnergyBackFromTwoTemperatures) {
  const Activated quantity{2.0, 40e3};
  const double ratio = at_temperature(quantity, 350.0, 300.0) / at_temperature(quantity, 310.0, 300.0);
  EXPECT_NEAR(-base::gas_constant * std::log(ratio) / (1.0 / 350.0 - 1.0 / 310.0), 40e3, 1e-6);
}

// 0.29 mS/cm at 30 °C and 1.2 mS/cm at 60 °C: the energy of σT is above that of σ by about R T.
TEST(Activated, IonicConductivityFollowsSigmaTimesT) {
  const Activated conductivity{0.029, 42e3};
  const double low = ionic_at_temperature(conductivity, 303.15, 303.15) * 303.15;
  const double high = ionic_at_temperature(conductivity, 333.15, 303.15) * 333.15;
  EXPECT_NEAR(-base::gas_constant * std::log(high / low) / (1.0 / 333.15 - 1.0 / 303.15), 42e3, 1e-6);
}

}  // namespace
}  // namespace closo::cell
