#include "closo/cell/detail/calibration_model.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/cell/calibration_trial_test.hpp"

namespace closo::cell::detail {
namespace {

TEST(CalibrationModel, CoordinatesRunFromOneToTwo) {
  const CellDescription description = trial_description();
  const std::vector<CalibrationParameter> parameters{
      calibration_parameter(description, "cathode.particle_radius", 1e-7, 1e-5),
      calibration_parameter(description, "cathode.porosity", 0.0, 0.4)};
  const CalibrationOptions options = trial_options();
  const CalibrationModel model(description, {}, parameters, options);
  EXPECT_DOUBLE_EQ(model.natural(0, 1.0), 1e-7);
  EXPECT_DOUBLE_EQ(model.natural(0, 2.0), 1e-5);
  EXPECT_NEAR(model.natural(0, 1.5), 1e-6, 1e-18);
  EXPECT_DOUBLE_EQ(model.natural(1, 1.5), 0.2);
  for (const double at : {1.0, 1.25, 1.8, 2.0}) {
    for (const std::size_t j : {0U, 1U}) EXPECT_NEAR(model.coordinate(j, model.natural(j, at)), at, 1e-12);
  }
  EXPECT_NEAR(model.natural(model.start())[0], 2e-6, 1e-18);
}

TEST(CalibrationModel, OverridesWinOverFittedValues) {
  const CellDescription description = trial_description();
  const std::vector<CalibrationParameter> parameters{
      calibration_parameter(description, "separator.conductivity", 0.01, 1.0)};
  std::vector<Experiment> experiments = rate_series({"C/10", "1C"});
  experiments[1].overrides.emplace_back("separator.conductivity", 0.3);
  const CalibrationOptions options = trial_options();
  CalibrationModel model(description, experiments, parameters, options);
  const std::vector<double> place{1.5};
  EXPECT_NEAR(model.described(place, 0U).value("separator.conductivity"), 0.1, 1e-12);
  EXPECT_DOUBLE_EQ(model.described(place, 1U).value("separator.conductivity"), 0.3);
  EXPECT_FALSE(model.described(place, 0U).has("nominal_capacity"));
  model.begin_at(place);
  EXPECT_NEAR(model.described(place, 0U).value("nominal_capacity"), 0.4 * 0.07 * 3.6e3 * 239.0, 1e-6);
}

TEST(CalibrationModel, OnlyWhatIsFittedIsRun) {
  const CellDescription description = trial_description();
  std::vector<Experiment> experiments{
      experiment_of("cycles", "Repeat 5 times:\nDischarge at 1C until 1.7 V\nCharge at 1C until 2.5 V\nEnd",
                    {observed(ObservedQuantity::discharge_capacity, 1e3, 2),
                     held_out(observed(ObservedQuantity::retention, 0.01, 5))})};
  const std::vector<CalibrationParameter> parameters{
      calibration_parameter(description, "separator.conductivity", 0.01, 1.0)};
  const CalibrationOptions options = trial_options();
  CalibrationModel model(description, experiments, parameters, options);
  EXPECT_EQ(model.residuals(), 1U);
  EXPECT_EQ(model.run(0, std::vector<double>{1.5}, false).cycles.size(), 5U);
  std::vector<double> r(1);
  EXPECT_TRUE(model.fill(std::vector<double>{1.5}, r));
  EXPECT_EQ(model.evaluations(), 2U);
  EXPECT_TRUE(model.first_unreached(std::vector<double>{1.5}).empty());
  experiments[0].protocol = parse_protocol("Rest for 1 h\nDischarge at 1C until 1.7 V");
  experiments[0].observations = {observed(ObservedQuantity::charge_voltage, 1e-3)};
  CalibrationModel other(description, experiments, parameters, options);
  EXPECT_FALSE(other.fill(std::vector<double>{1.5}, r));
  EXPECT_TRUE(std::isinf(other.chi_square(std::vector<double>{1.5})));
  EXPECT_EQ(other.first_unreached(std::vector<double>{1.5}), "cycles: charge voltage of cycle 1");
}

}  // namespace
}  // namespace closo::cell::detail
