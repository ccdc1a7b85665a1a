#include "closo/cell/growth.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"

namespace closo::cell {
namespace {

GrowthModel oxidising() {
  GrowthModel model;
  model.conductivity = {1e-6, 0.0};
  model.oxidation = OxidationModel{};
  model.oxidation->exchange_current_density = {1e-5, 0.0};
  model.oxidation->onset_potential = 3.0;
  model.oxidation->molar_volume = 1e-4;
  return model;
}

// L8: the parabolic law in any number of steps.
TEST(Growth, ParabolicLawIsExactInAnyNumberOfSteps) {
  const GrowthModel model{2e-9, {1e-22, 0.0}, {1e-6, 0.0}, {}};
  double thickness = 2e-9;
  for (int k = 0; k < 1000; ++k) thickness = grown_thickness(model, thickness, 36.0, 1e-22, 0.0);
  EXPECT_NEAR(thickness, std::sqrt(4e-18 + 1e-22 * 36000.0), 1e-20);
}

// Li | Li2(B11H14)(CB11H12): R = 29.6 + 14.6 sqrt(t/h) Ω cm² (Payandeh et al. 2021, DOI 10.1002/adfm.202010046).
TEST(Growth, MeasuredSlopeGivesItsResistanceBack) {
  const double slope = 14.6e-4 / 60.0;  // Ω m²/s^½
  const double rate = parabolic_rate(slope, 1e-7);
  const GrowthModel model{0.0, {rate, 0.0}, {1e-7, 0.0}, {}};
  EXPECT_NEAR(grown_thickness(model, 0.0, 4.0 * 3600.0, rate, 0.0) / 1e-7, 2.0 * 14.6e-4, 1e-12);
  EXPECT_THROW(parabolic_rate(0.0, 1.0), base::ParameterError);
  EXPECT_THROW(parabolic_rate(1.0, -1.0), base::ParameterError);
}

TEST(Growth, OxidationIsTafelInPotentialAndFadesWithThickness) {
  const OxidationModel model = *oxidising().oxidation;
  const double at_onset = oxidation_current_density(model, 1e-5, 3.0, 0.0, 333.15);
  EXPECT_DOUBLE_EQ(at_onset, 1e-5);
  const double decade = std::log(10.0) * base::gas_constant * 333.15 / (0.5 * base::faraday_constant);
  EXPECT_NEAR(oxidation_current_density(model, 1e-5, 3.0 + decade, 0.0, 333.15), 1e-4, 1e-17);
  EXPECT_NEAR(oxidation_current_density(model, 1e-5, 3.0, model.decay_length, 333.15), 1e-5 / std::exp(1.0), 1e-18);
  EXPECT_TRUE(std::isfinite(oxidation_current_density(model, 1e-5, 1e6, 0.0, 333.15)));
}

// dδ/dt = v exp(-δ/λ) has the solution λ ln(1 + v t/λ) from nothing: many steps with the current of their start agree.
TEST(Growth, OxidationAloneIsExactInAnyNumberOfSteps) {
  const GrowthModel model = oxidising();
  const double speed = 1e-4 * 1e-3 / base::faraday_constant;
  const double time = 1e7;
  double thickness = 0.0;
  for (int k = 0; k < 100; ++k) {
    const double current = 1e-3 * std::exp(-thickness / model.oxidation->decay_length);
    thickness = grown_thickness(model, thickness, time / 100.0, 0.0, current);
  }
  EXPECT_NEAR(thickness, 5e-9 * std::log1p(speed * time / 5e-9), 1e-18);
}

TEST(Growth, Refuses) {
  GrowthModel model = oxidising();
  EXPECT_NO_THROW(check(model, "growth"));
  const auto refuses = [](auto&& change) {
    GrowthModel changed = oxidising();
    change(changed);
    EXPECT_THROW(check(changed, "growth"), base::ParameterError);
  };
  refuses([](GrowthModel& m) { m.initial_thickness = -1e-9; });
  refuses([](GrowthModel& m) { m.parabolic_rate.value = -1.0; });
  refuses([](GrowthModel& m) { m.conductivity.value = 0.0; });
  refuses([](GrowthModel& m) { m.oxidation->decay_length = 0.0; });
  refuses([](GrowthModel& m) { m.oxidation->electrons = 0.0; });
  refuses([](GrowthModel& m) { m.oxidation->transfer_coefficient = 1.5; });
  refuses([](GrowthModel& m) { m.oxidation->molar_volume = -1.0; });
  refuses([](GrowthModel& m) { m.oxidation->exchange_current_density.value = -1.0; });
}

}  // namespace
}  // namespace closo::cell
