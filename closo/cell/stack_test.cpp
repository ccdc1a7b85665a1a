#include "closo/cell/stack.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::cell {
namespace {

using base::Formula;
using base::InputError;
using base::ParameterError;

constexpr double mAh_per_cm2 = 3.6e4;  // C/m²
constexpr double wh_per_kg = 3600.0;   // J/kg
constexpr double wh_per_l = 3.6e6;     // J/m³
constexpr double micrometre = 1e-6;

const Measured lithium_density{534.0};  // kg/m³ at 20 °C, CRC Handbook of Chemistry and Physics
const Measured sodium_density{968.0};

// Molar volumes of 12.99 and 23.75 cm³/mol: 4.85 µm and 8.86 µm per mAh/cm².
TEST(MetalThickness, OfLithiumAndSodium) {
  EXPECT_NEAR(metal_thickness({mAh_per_cm2}, Formula::parse("Li"), 1, lithium_density).value / micrometre, 4.85, 0.005);
  EXPECT_NEAR(metal_thickness({mAh_per_cm2}, Formula::parse("Na"), 1, sodium_density).value / micrometre, 8.86, 0.005);
}

TEST(MetalThickness, IsTheInverseOfTheArealCapacity) {
  for (const double thickness : {1e-6, 30e-6, 0.5e-3}) {
    const Measured capacity = metal_areal_capacity({thickness}, Formula::parse("Mg"), 2, {1738.0});
    EXPECT_NEAR(metal_thickness(capacity, Formula::parse("Mg"), 2, {1738.0}).value, thickness, 1e-15);
  }
  const Measured capacity = metal_areal_capacity({30e-6, 3e-6}, Formula::parse("Li"), 1, lithium_density);
  EXPECT_NEAR(*capacity.uncertainty / capacity.value, 0.1, 1e-8);
}

TEST(CapacityRatio, IsAnodeOverCathode) {
  const Measured ratio = capacity_ratio({6.0, 0.6}, {3.0, 0.3});
  EXPECT_DOUBLE_EQ(ratio.value, 2.0);
  EXPECT_NEAR(*ratio.uncertainty, 2.0 * std::hypot(0.1, 0.1), 1e-8);
}

std::vector<StackLayer> layers() {
  return {dense_layer("Al foil", {15e-6}, {2700.0}, true),
          {"cathode", Measured{0.15}, Measured{60e-6}, false},
          dense_layer("separator", {30e-6}, {1180.0}),
          dense_layer("Li", {20e-6}, lithium_density),
          dense_layer("Cu foil", {10e-6}, {8960.0}, true)};
}

// By hand: 3 mAh/cm² × 2.1 V = 6.3 mWh/cm² = 63 Wh/m²; masses 40.5 + 150 + 35.4 + 10.68 + 89.6 g/m²; 135 µm.
TEST(StackEnergy, AgreesWithTheSumByHand) {
  const StackEnergy stack = stack_energy(layers(), {3.0 * mAh_per_cm2}, {2.1});
  EXPECT_EQ(stack.status, StackStatus::complete);
  EXPECT_TRUE(stack.missing.empty());
  EXPECT_NEAR(stack.areal_energy.value / 3600.0, 63.0, 1e-9);
  EXPECT_NEAR(stack.with_collectors.areal_mass->value, 0.32618, 1e-12);
  EXPECT_NEAR(stack.with_collectors.thickness->value, 135e-6, 1e-15);
  EXPECT_NEAR(stack.with_collectors.energy_per_mass->value / wh_per_kg, 63.0 / 0.32618, 1e-9);
  EXPECT_NEAR(stack.with_collectors.energy_per_volume->value / wh_per_l, 63.0 / 0.135, 1e-9);
  EXPECT_NEAR(stack.without_collectors.energy_per_mass->value / wh_per_kg, 63.0 / 0.19608, 1e-9);
  EXPECT_NEAR(stack.without_collectors.energy_per_volume->value / wh_per_l, 63.0 / 0.110, 1e-9);
}

TEST(StackEnergy, LawsOfTheSum) {
  const Measured capacity{3.0 * mAh_per_cm2};
  const StackEnergy stack = stack_energy(layers(), capacity, {2.1});
  std::vector<StackLayer> other = layers();
  std::reverse(other.begin(), other.end());
  EXPECT_NEAR(stack_energy(other, capacity, {2.1}).with_collectors.energy_per_mass->value,
              stack.with_collectors.energy_per_mass->value, 1e-6);
  EXPECT_GT(stack.without_collectors.energy_per_mass->value, stack.with_collectors.energy_per_mass->value);
  // A layer without mass and thickness changes nothing; every other one lowers both densities.
  other.push_back({"nothing", Measured{0.0}, Measured{0.0}, false});
  EXPECT_NEAR(stack_energy(other, capacity, {2.1}).with_collectors.energy_per_volume->value,
              stack.with_collectors.energy_per_volume->value, 1e-3);
  other.push_back(dense_layer("interlayer", {1e-6}, {3000.0}));
  EXPECT_LT(stack_energy(other, capacity, {2.1}).with_collectors.energy_per_mass->value,
            stack.with_collectors.energy_per_mass->value);
  // Twice the stack with twice the capacity has the same energy densities.
  std::vector<StackLayer> twice = layers();
  const std::vector<StackLayer> again = layers();
  twice.insert(twice.end(), again.begin(), again.end());
  EXPECT_NEAR(stack_energy(twice, {6.0 * mAh_per_cm2}, {2.1}).with_collectors.energy_per_mass->value,
              stack.with_collectors.energy_per_mass->value, 1e-6);
}

TEST(StackEnergy, NamesWhatIsMissing) {
  std::vector<StackLayer> incomplete = layers();
  incomplete[0].areal_mass.reset();
  const StackEnergy collector = stack_energy(incomplete, {3.0 * mAh_per_cm2}, {2.1});
  EXPECT_EQ(collector.status, StackStatus::incomplete);
  EXPECT_EQ(collector.missing, std::vector<std::string>{"areal mass of Al foil"});
  EXPECT_FALSE(collector.with_collectors.energy_per_mass.has_value());
  EXPECT_TRUE(collector.with_collectors.energy_per_volume.has_value());
  EXPECT_TRUE(collector.without_collectors.energy_per_mass.has_value());
  incomplete[1].thickness.reset();
  const StackEnergy cathode = stack_energy(incomplete, {3.0 * mAh_per_cm2}, {2.1});
  EXPECT_FALSE(cathode.without_collectors.energy_per_volume.has_value());
  EXPECT_TRUE(cathode.without_collectors.energy_per_mass.has_value());
  EXPECT_EQ(cathode.missing.size(), 2U);
}

TEST(StackEnergy, ALayerOfNothingHasNoEnergyDensity) {
  const std::vector<StackLayer> nothing{{"nothing", Measured{0.0}, Measured{0.0}, false}};
  const StackEnergy stack = stack_energy(nothing, {1.0}, {1.0});
  EXPECT_EQ(stack.with_collectors.areal_mass->value, 0.0);
  EXPECT_FALSE(stack.with_collectors.energy_per_mass.has_value());
}

TEST(StackEnergy, PropagatesUncertainties) {
  const std::vector<StackLayer> one{{"cathode", Measured{0.2, 0.01}, Measured{1e-4, 1e-6}, false}};
  const StackEnergy stack = stack_energy(one, {1e5, 2e3}, {2.0, 0.06});
  EXPECT_NEAR(*stack.areal_energy.uncertainty / stack.areal_energy.value, std::hypot(0.02, 0.03), 1e-8);
  EXPECT_NEAR(*stack.with_collectors.energy_per_mass->uncertainty / stack.with_collectors.energy_per_mass->value,
              std::hypot(0.05, 0.02, 0.03), 1e-7);
  EXPECT_NEAR(*stack.with_collectors.energy_per_volume->uncertainty / stack.with_collectors.energy_per_volume->value,
              std::hypot(0.01, 0.02, 0.03), 1e-7);
}

TEST(Stack, Refuses) {
  const Formula lithium = Formula::parse("Li");
  for (const double bad :
       {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(stack_energy(layers(), {bad}, {2.1}), ParameterError);
    EXPECT_THROW(stack_energy(layers(), {1.0}, {bad}), ParameterError);
    EXPECT_THROW(dense_layer("x", {bad}, {1.0}), ParameterError);
    EXPECT_THROW(dense_layer("x", {1.0}, {bad}), ParameterError);
    EXPECT_THROW(metal_thickness({bad}, lithium, 1, {1.0}), ParameterError);
    EXPECT_THROW(metal_thickness({1.0}, lithium, bad, {1.0}), ParameterError);
    EXPECT_THROW(metal_thickness({1.0}, lithium, 1, {bad}), ParameterError);
    EXPECT_THROW(metal_areal_capacity({bad}, lithium, 1, {1.0}), ParameterError);
    EXPECT_THROW(metal_areal_capacity({1.0}, lithium, bad, {1.0}), ParameterError);
    EXPECT_THROW(metal_areal_capacity({1.0}, lithium, 1, {bad}), ParameterError);
    EXPECT_THROW(capacity_ratio({bad}, {1.0}), ParameterError);
    EXPECT_THROW(capacity_ratio({1.0}, {bad}), ParameterError);
  }
  EXPECT_THROW(metal_areal_capacity({1.0}, Formula(), 1, {1.0}), ParameterError);
  EXPECT_THROW(metal_thickness({1.0}, Formula::parse("Pm"), 1, {1.0}), InputError);
  EXPECT_THROW(stack_energy({}, {1.0}, {1.0}), ParameterError);
  std::vector<StackLayer> broken = layers();
  EXPECT_THROW(stack_energy(std::span(broken).first(1), {1.0}, {1.0}), ParameterError);
  broken[1].areal_mass = Measured{-0.1};
  EXPECT_THROW(stack_energy(broken, {1.0}, {1.0}), ParameterError);
  broken = layers();
  broken[1].thickness = Measured{std::numeric_limits<double>::infinity()};
  EXPECT_THROW(stack_energy(broken, {1.0}, {1.0}), ParameterError);
}

}  // namespace
}  // namespace closo::cell
