#include "closo/cell/observation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "closo/base/error.hpp"
#include "closo/cell/calibration_trial_test.hpp"

namespace closo::cell {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Observation value_of(ObservedQuantity quantity, double value, double uncertainty) {
  Observation observation;
  observation.quantity = quantity;
  observation.low = observation.high = value;
  observation.uncertainty = uncertainty;
  return observation;
}

Prediction predicted(double value) {
  Prediction prediction;
  prediction.value = value;
  prediction.is_known = true;
  return prediction;
}

double residual(const Observation& observation, double model) {
  double r = 99.0;
  fill_residuals(observation, predicted(model), {&r, 1});
  return r;
}

TEST(Observation, WordsReadBack) {
  for (int i = 0; i <= static_cast<int>(ObservedQuantity::charge_curve); ++i) {
    const auto quantity = static_cast<ObservedQuantity>(i);
    EXPECT_EQ(parse_observed_quantity(to_string(quantity)), quantity);
  }
  EXPECT_EQ(parse_observed_quantity("COULOMBIC efficiency"), ObservedQuantity::coulombic_efficiency);
  try {
    parse_observed_quantity("discharge capasity");
    FAIL();
  } catch (const base::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("'discharge capacity'"), std::string::npos) << error.what();
  }
}

TEST(Observation, ValuesLimitsAndRanges) {
  Observation observation = value_of(ObservedQuantity::retention, 0.8, 0.02);
  EXPECT_NEAR(residual(observation, 0.84), 2.0, 1e-12);
  EXPECT_NEAR(residual(observation, 0.76), -2.0, 1e-12);
  observation.low = -infinity;
  EXPECT_DOUBLE_EQ(residual(observation, 0.1), 0.0) << "at most 0.8";
  EXPECT_NEAR(residual(observation, 0.82), 1.0, 1e-12);
  observation.low = 0.7;
  EXPECT_DOUBLE_EQ(residual(observation, 0.75), 0.0) << "a range";
  EXPECT_NEAR(residual(observation, 0.68), -1.0, 1e-12);
  observation.uncertainty.reset();
  EXPECT_DOUBLE_EQ(residual(observation, 0.1), 0.0) << "without an uncertainty it has no weight";
}

TEST(Observation, ACurveThatEndsEarlyIsMissedByItsCapacity) {
  Observation curve = value_of(ObservedQuantity::discharge_curve, 0.0, 0.01);
  curve.curve = {{10.0, 20.0, 30.0}, {2.4, 2.2, 1.7}};
  curve.capacity_uncertainty = 0.5;
  Prediction model;
  model.is_known = true;
  model.voltages = {2.4, 1.7, 1.7};
  model.end = 20.0;
  std::vector<double> r(3);
  fill_residuals(curve, model, r);
  EXPECT_DOUBLE_EQ(r[0], 0.0);
  const double slope = (1.7 - 2.4) / 20.0;
  EXPECT_DOUBLE_EQ(r[1], -0.5 / std::hypot(0.01, 0.5 * slope)) << "the steep part counts less";
  EXPECT_DOUBLE_EQ(r[2], -10.0 / 0.5);
  model.end = 30.0;
  fill_residuals(curve, model, r);
  EXPECT_DOUBLE_EQ(r[2], 0.0) << "without a jump where the run just reaches the point";
  curve.quantity = ObservedQuantity::charge_curve;
  model.end = 29.0;
  fill_residuals(curve, model, r);
  EXPECT_DOUBLE_EQ(r[2], 2.0);
  EXPECT_THROW(fill_residuals(curve, model, {r.data(), 2}), base::InternalError);
  model.is_known = false;
  EXPECT_THROW(fill_residuals(curve, model, r), base::ParameterError);
}

TEST(Observation, ThinnedCurvesKeepTheirEndAndTheirLine) {
  MeasuredCurve curve;
  for (int i = 0; i <= 1000; ++i) {
    curve.capacity.push_back(i);
    curve.voltage.push_back(2.5 - 1e-3 * i);
  }
  const MeasuredCurve few = thinned(curve, 7);
  ASSERT_EQ(few.capacity.size(), 7U);
  EXPECT_DOUBLE_EQ(few.capacity.back(), 1000.0);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_NEAR(few.voltage[i], 2.5 - 1e-3 * few.capacity[i], 1e-12);
  EXPECT_EQ(thinned(few, 7), few);
  EXPECT_THROW(thinned(curve, 1), base::ParameterError);
}

TEST(Observation, WhatCannotBeIsRefused) {
  const Observation good = value_of(ObservedQuantity::retention, 0.8, 0.02);
  const auto refused = [&](auto&& change) {
    Observation wrong = good;
    wrong.cycle = 2;
    change(wrong);
    EXPECT_THROW(check(wrong), base::ParameterError);
  };
  refused([](Observation& o) { o.cycle = 0; });
  refused([](Observation& o) { o.reference = 0; });
  refused([](Observation& o) { o.cycle = o.reference; });
  refused([](Observation& o) { o.uncertainty = 0.0; });
  refused([](Observation& o) { o.uncertainty.reset(); });
  refused([](Observation& o) { o.high = 0.7; });
  refused([](Observation& o) { o.low = -infinity, o.high = infinity; });
  const auto refused_curve = [&](auto&& change) {
    Observation wrong = good;
    wrong.quantity = ObservedQuantity::discharge_curve;
    wrong.curve = {{0.0, 1.0}, {2.5, 2.4}};
    wrong.capacity_uncertainty = 0.1;
    EXPECT_NO_THROW(check(wrong));
    change(wrong);
    EXPECT_THROW(check(wrong), base::ParameterError);
  };
  refused_curve([](Observation& o) { o.curve = {}; });
  refused_curve([](Observation& o) { o.curve.voltage.pop_back(); });
  refused_curve([](Observation& o) { o.curve.capacity[1] = 0.0; });
  refused_curve([](Observation& o) { o.curve.capacity[0] = -1.0; });
  refused_curve([](Observation& o) { o.curve.voltage[0] = infinity; });
  refused_curve([](Observation& o) { o.capacity_uncertainty = 0.0; });
  Observation held = good;
  held.cycle = 2;
  held.uncertainty.reset();
  held.is_fitted = false;
  EXPECT_NO_THROW(check(held));
}

TEST(Observation, CapacitiesPerAreaMassAndCell) {
  CellParameters parameters = build(trial_description());
  EXPECT_DOUBLE_EQ(capacity_factor(CapacityBasis::areal, parameters), 1.0);
  EXPECT_NEAR(capacity_factor(CapacityBasis::specific, parameters), 1.0 / (0.4 * 0.07), 1e-9);
  EXPECT_DOUBLE_EQ(capacity_factor(CapacityBasis::total, parameters), 2.827e-5);
  parameters.area.reset();
  parameters.areal_active_mass.reset();
  EXPECT_THROW(capacity_factor(CapacityBasis::specific, parameters), base::ParameterError);
  EXPECT_THROW(capacity_factor(CapacityBasis::total, parameters), base::ParameterError);
}

/// Two cycles of the trial cell: every quantity agrees with the sums it is made of.
TEST(Observation, PredictionsOfARun) {
  const CellParameters parameters = build(trial_description());
  const Protocol protocol = parse_protocol(
      "Repeat 2 times:\nDischarge at C/2 until 1.7 V\nHold at 1.7 V until C/10\nCharge at C/2 until 2.5 V\nEnd");
  SimulationOptions options;
  options.cathode_cells = 8;
  options.particle_shells = 10;
  const SimulationResult result = simulate(parameters, protocol, options);
  const std::vector<CycleRow> cycles = cycle_rows(protocol, result.steps);
  const auto says = [&](ObservedQuantity quantity, std::uint32_t cycle = 1,
                        CapacityBasis basis = CapacityBasis::areal) {
    Observation observation = value_of(quantity, 0.0, 1.0);
    observation.cycle = cycle;
    observation.basis = basis;
    return predict(observation, parameters, protocol, result, cycles);
  };
  EXPECT_NEAR(*says(ObservedQuantity::discharge_capacity).value, result.steps[0].charge + result.steps[1].charge, 1e-9);
  EXPECT_NEAR(*says(ObservedQuantity::discharge_capacity, 1, CapacityBasis::total).value,
              (result.steps[0].charge + result.steps[1].charge) * 2.827e-5, 1e-9);
  EXPECT_NEAR(*says(ObservedQuantity::charge_capacity).value, -result.steps[2].charge, 1e-9);
  EXPECT_NEAR(*says(ObservedQuantity::coulombic_efficiency, 2).value,
              -(result.steps[3].charge + result.steps[4].charge) / result.steps[2].charge, 1e-9);
  EXPECT_NEAR(*says(ObservedQuantity::discharge_voltage).value,
              (result.steps[0].energy + result.steps[1].energy) / (result.steps[0].charge + result.steps[1].charge),
              1e-9);
  EXPECT_GT(*says(ObservedQuantity::charge_voltage).value, *says(ObservedQuantity::discharge_voltage).value);
  EXPECT_LT(*says(ObservedQuantity::energy_efficiency, 2).value, 1.0);
  EXPECT_NEAR(*says(ObservedQuantity::retention, 2).value,
              *says(ObservedQuantity::discharge_capacity, 2).value / *says(ObservedQuantity::discharge_capacity).value,
              1e-12);
  EXPECT_NEAR(*says(ObservedQuantity::fade_per_cycle, 2).value, 1.0 - *says(ObservedQuantity::retention, 2).value,
              1e-9);
  EXPECT_EQ(*says(ObservedQuantity::anode_resistance).value, 0.0);
  EXPECT_FALSE(says(ObservedQuantity::discharge_capacity, 3).is_known);

  Observation curve = value_of(ObservedQuantity::discharge_curve, 0.0, 1.0);
  curve.basis = CapacityBasis::specific;
  curve.capacity_uncertainty = 1.0;
  curve.cycle = 2;
  const double end = result.steps[3].charge / 0.028;
  curve.curve = {{0.2 * end, 0.5 * end, 0.9 * end, end, 1.1 * end}, {0, 0, 0, 0, 0}};
  const Prediction prediction = predict(curve, parameters, protocol, result, cycles);
  ASSERT_TRUE(prediction.is_known);
  EXPECT_NEAR(prediction.end, end, 1e-6 * end) << "without the hold";
  EXPECT_NEAR(prediction.voltages[3], 1.7, 1e-5);
  EXPECT_EQ(prediction.voltages[4], prediction.voltages[3]);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_LT(prediction.voltages[i], prediction.voltages[i - 1]);
  // Between the rows the interpolation is good to a fraction of a millivolt: a run with five times the steps agrees.
  options.tolerance = 1e-6;
  const Prediction fine = predict(curve, parameters, protocol, simulate(parameters, protocol, options), cycles);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(prediction.voltages[i], fine.voltages[i], 1e-3) << i;
  curve.cycle = 3;
  EXPECT_FALSE(predict(curve, parameters, protocol, result, cycles).is_known);
}

}  // namespace
}  // namespace closo::cell
