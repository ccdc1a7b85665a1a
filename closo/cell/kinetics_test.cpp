#include "closo/cell/kinetics.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "closo/base/constants.hpp"

namespace closo::cell {
namespace {

constexpr double kelvin = 333.15;
constexpr double thermal_voltage = base::gas_constant * kelvin / base::faraday_constant;

TEST(ExchangeCurrentDensity, IsItsValueAtHalfAndFallsToBothEnds) {
  EXPECT_DOUBLE_EQ(exchange_current_density(1.3, 0.5), 1.3);
  EXPECT_DOUBLE_EQ(exchange_current_density(1.3, 0.2), exchange_current_density(1.3, 0.8));
  EXPECT_NEAR(exchange_current_density(1.0, 0.01), 2.0 * std::sqrt(0.0099), 1e-15);
  EXPECT_GT(exchange_current_density(1.0, 0.0), 0.0);
  EXPECT_GT(exchange_current_density(1.0, 1.5), 0.0);
}

TEST(ChargeTransfer, IsLinearAtSmallAndTafelAtLargeCurrents) {
  EXPECT_NEAR(charge_transfer_overpotential(1e-6, 2.0, kelvin), thermal_voltage * 1e-6 / 2.0, 1e-18);
  EXPECT_NEAR(charge_transfer_overpotential(2e4, 2.0, kelvin), 2.0 * thermal_voltage * std::log(1e4), 1e-8);
  EXPECT_TRUE(std::isfinite(charge_transfer_overpotential(1e300, 1e-5, kelvin)));
}

TEST(ChargeTransfer, InvertsButlerVolmer) {
  for (const double eta : {-0.4, -0.05, 0.0, 1e-5, 0.1, 0.7}) {
    const double current = 2.0 * 0.7 * std::sinh(eta / (2.0 * thermal_voltage));
    EXPECT_NEAR(charge_transfer_overpotential(current, 0.7, kelvin), eta, 1e-13);
    EXPECT_EQ(charge_transfer_overpotential(-current, 0.7, kelvin),
              -charge_transfer_overpotential(current, 0.7, kelvin));
  }
}

}  // namespace
}  // namespace closo::cell
