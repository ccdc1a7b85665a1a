#include "closo/cell/metal.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"

namespace closo::cell {
namespace {

MetalContactModel sodium() {
  MetalContactModel model;
  model.stack_pressure = 1.5e6;
  model.reference_pressure = 1.5e6;
  model.pressure_exponent = 5.0;
  model.critical_current_density = {6.0, 0.0};  // 0.6 mA/cm² at 1.5 MPa (Brighi 2022)
  model.creep_rate = {1e-3, 0.0};
  return model;
}

// Clean Li | LLZO: 2 Ω cm² is 12.8 mA/cm² at 25 °C (Sharafi 2017).
TEST(MetalOverpotential, SmallCurrentsSeeTheChargeTransferResistance) {
  const double resistance = base::gas_constant * 298.15 / base::faraday_constant / 128.0;
  EXPECT_NEAR(resistance, 2.0e-4, 0.01e-4);
  EXPECT_NEAR(metal_overpotential(1e-3, 128.0, 1.0, 298.15) / 1e-3, resistance, 1e-12);
  EXPECT_NEAR(metal_overpotential(1e-3, 128.0, 0.1, 298.15) / 1e-3, 10.0 * resistance, 1e-11);
}

TEST(Constriction, VanishesAtFullContactAndGrowsWithLoss) {
  EXPECT_EQ(constriction_resistance(1.0, 0.1, 1e10), 0.0);
  const double few = constriction_resistance(1e-4, 0.1, 1e10);
  // Separate spots far apart: n of them in parallel, each 1/(4 κ r) of one side.
  const double radius = std::sqrt(1e-4 / (std::numbers::pi * 1e10));
  EXPECT_NEAR(few * 1e10 * 4.0 * 0.1 * radius, std::pow(1.0 - 0.01, 1.5), 1e-12);
  EXPECT_GT(constriction_resistance(0.0, 0.1, 1e10), few);
}

TEST(MetalContact, BelowTheCriticalCurrentItStaysAboveItItFalls) {
  const MetalContactModel model = sodium();
  EXPECT_DOUBLE_EQ(critical_current_density(model, 298.15, 298.15), 6.0);
  EXPECT_DOUBLE_EQ(advance(model, 1.0, 5.9, 1e6, 298.15, 298.15), 1.0);
  const double lost = advance(model, 1.0, 60.0, 3600.0, 298.15, 298.15);
  EXPECT_LT(lost, 0.9);
  EXPECT_GT(advance(model, lost, 0.0, 3600.0, 298.15, 298.15), lost);  // creep closes
  EXPECT_GT(advance(model, lost, -60.0, 360.0, 298.15, 298.15),
            advance(model, lost, 0.0, 360.0, 298.15, 298.15));  // plating fills
}

TEST(MetalContact, ReachesItsSteadyStateAndIsExactInSteps) {
  const MetalContactModel model = sodium();
  const double opening = (60.0 - 6.0) / model.void_charge;
  EXPECT_NEAR(advance(model, 1.0, 60.0, 1e6, 298.15, 298.15), 1e-3 / (1e-3 + opening), 1e-12);
  double theta = 1.0;
  for (int k = 0; k < 100; ++k) theta = advance(model, theta, 60.0, 6.0, 298.15, 298.15);
  EXPECT_NEAR(theta, advance(model, 1.0, 60.0, 600.0, 298.15, 298.15), 1e-13);
}

TEST(MetalContact, CriticalCurrentRisesWithPressureByThePowerOfCreep) {
  MetalContactModel model = sodium();
  const double at = critical_current_density(model, 298.15, 298.15);
  model.stack_pressure *= 2.0;
  EXPECT_NEAR(critical_current_density(model, 298.15, 298.15) / at, 32.0, 1e-12);
  model.critical_current_density.energy = 50e3;
  EXPECT_GT(critical_current_density(model, 333.15, 298.15), 32.0 * at);
}

TEST(MetalContact, NeverLeavesItsRange) {
  MetalContactModel model = sodium();
  model.creep_rate = {};
  model.stack_pressure = 0.0;
  EXPECT_EQ(advance(model, 1.0, 1e6, 1e9, 298.15, 298.15), smallest_metal_contact);
  EXPECT_EQ(advance(model, 0.5, -1e6, 1e9, 298.15, 298.15), 1.0);
  EXPECT_DOUBLE_EQ(advance(model, 0.5, 0.0, 1e9, 298.15, 298.15), 0.5);
}

// L10.
TEST(SymmetricCell, IsOhmicPlusTwiceTheMetal) {
  const double f = base::faraday_constant / (base::gas_constant * 333.15);
  for (const double current : {-50.0, -0.1, 0.0, 0.1, 50.0}) {
    EXPECT_NEAR(symmetric_cell_voltage(current, 500e-6, 0.1, 3e-3, 10.0, 0.5, 333.15),
                current * (500e-6 / 0.1 + 2.0 * 3e-3) + 4.0 / f * std::asinh(current / (2.0 * 10.0 * 0.5)), 1e-14);
  }
}

TEST(MetalContact, Refuses) {
  EXPECT_NO_THROW(check(sodium(), "metal"));
  const auto refuses = [](auto&& change) {
    MetalContactModel model = sodium();
    change(model);
    EXPECT_THROW(check(model, "metal"), base::ParameterError);
  };
  refuses([](MetalContactModel& m) { m.stack_pressure = -1.0; });
  refuses([](MetalContactModel& m) { m.reference_pressure = 0.0; });
  refuses([](MetalContactModel& m) { m.pressure_exponent = -1.0; });
  refuses([](MetalContactModel& m) { m.critical_current_density.value = -1.0; });
  refuses([](MetalContactModel& m) { m.void_charge = 0.0; });
  refuses([](MetalContactModel& m) { m.creep_rate.value = -1.0; });
  refuses([](MetalContactModel& m) { m.contacts_per_area = 0.0; });
  refuses([](MetalContactModel& m) { m.initial_fraction = 0.0; });
}

}  // namespace
}  // namespace closo::cell
