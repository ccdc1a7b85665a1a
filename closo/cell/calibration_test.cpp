#include "closo/cell/calibration.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/cell/calibration_trial_test.hpp"

namespace closo::cell {
namespace {

constexpr const char* sigma = "separator.conductivity";
constexpr const char* diffusion = "cathode.diffusion_coefficient";
constexpr const char* radius = "cathode.particle_radius";

std::vector<CalibrationParameter> conductivity_and_diffusion() {
  const CellDescription description = trial_description();
  return {calibration_parameter(description, sigma, 0.01, 1.0),
          calibration_parameter(description, diffusion, 1e-16, 1e-13)};
}

CellDescription true_cell() { return changed(trial_description(), {{sigma, 0.05}, {diffusion, 4e-15}}); }

TEST(Calibration, FindsTheTrueValuesAgain) {
  std::vector<Experiment> experiments = rate_series({"C/10", "C/2", "1C", "2C"});
  measure(true_cell(), experiments);
  const Calibration found = calibrate(trial_description(), experiments, conductivity_and_diffusion(), trial_options());
  EXPECT_EQ(found.status, CalibrationStatus::converged);
  EXPECT_GT(found.start_chi_square, 10.0);
  EXPECT_LT(found.chi_square, 0.01);
  EXPECT_EQ(found.observed, 8U);
  EXPECT_EQ(found.degrees_of_freedom, 6U);
  EXPECT_EQ(found.rank, 2U);
  ASSERT_EQ(found.parameters.size(), 2U);
  EXPECT_NEAR(found.parameters[0].value, 0.05, 0.0005);
  EXPECT_NEAR(found.parameters[1].value, 4e-15, 0.1e-15);
  for (const CalibratedParameter& each : found.parameters) {
    EXPECT_TRUE(each.is_identified) << each.given.name;
    ASSERT_TRUE(each.uncertainty && each.low && each.high) << each.given.name;
    EXPECT_LT(*each.low, each.value);
    EXPECT_GT(*each.high, each.value);
    EXPECT_NEAR(std::log(*each.high / *each.low), 2.0 * 1.96 * *each.uncertainty / each.value,
                0.5 * std::log(*each.high / *each.low))
        << "profile and Jacobian tell the same story where the problem is nearly linear";
  }
  const DescribedValue* fitted = found.description.find(diffusion);
  ASSERT_NE(fitted, nullptr);
  EXPECT_EQ(fitted->mark, Mark::fitted);
  EXPECT_EQ(fitted->value, found.parameters[1].value);
  ASSERT_FALSE(found.searches.empty());
  EXPECT_LE(found.searches.front().chi_square, found.searches.back().chi_square);
}

TEST(Calibration, IntervalsCoverTheTruthAsOftenAsTheySay) {
  CalibrationOptions options = trial_options();
  options.has_profiles = false;
  options.starts = 1;
  int covered = 0, all = 0;
  double squares = 0.0;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::vector<Experiment> experiments = rate_series({"C/10", "C/2", "1C", "2C"});
    measure(true_cell(), experiments, 1.0, seed);
    const Calibration found = calibrate(trial_description(), experiments, conductivity_and_diffusion(), options);
    const double truth[] = {0.05, 4e-15};
    for (std::size_t j = 0; j < 2; ++j) {
      const CalibratedParameter& each = found.parameters[j];
      ASSERT_TRUE(each.uncertainty) << seed;
      const double off = std::log(each.value / truth[j]) / (*each.uncertainty / each.value);
      squares += off * off;
      covered += each.low && each.high && *each.low < truth[j] && truth[j] < *each.high ? 1 : 0;
      ++all;
    }
  }
  // 40 times 95 %: 38 ± 1.4; uncertainties only grow with scatter, so that more is possible.
  EXPECT_GE(covered, 34);
  EXPECT_EQ(all, 40);
  // Mean square of the deviation in uncertainties: 1 ± 0.22, below 1 since scatter only widens.
  EXPECT_GT(squares / all, 0.3);
  EXPECT_LT(squares / all, 1.6);
}

TEST(Calibration, RadiusAndDiffusionAreNamedAsOneQuantity) {
  CellDescription description = changed(trial_description(), {{"cathode.exchange_current_density", 1e4}});
  std::vector<Experiment> experiments = rate_series({"C/10", "1C", "2C"});
  measure(description, experiments);
  const std::vector<CalibrationParameter> parameters{calibration_parameter(description, radius, 0.5e-6, 8e-6),
                                                     calibration_parameter(description, diffusion, 1e-16, 1e-13)};
  const Calibration found = calibrate(description, experiments, parameters, trial_options());
  EXPECT_EQ(found.rank, 1U);
  ASSERT_EQ(found.directions.size(), 2U);
  EXPECT_TRUE(found.directions[0].is_loose);
  EXPECT_FALSE(found.directions[1].is_loose);
  EXPECT_EQ(in_words(found.directions[0], found.parameters),
            "cathode.particle_radius and cathode.diffusion_coefficient only matter as "
            "particle_radius²/diffusion_coefficient");
  for (const CalibratedParameter& each : found.parameters) EXPECT_FALSE(each.is_identified) << each.given.name;
  EXPECT_GT(found.correlation[1], 0.95);
  EXPECT_NEAR(std::pow(found.parameters[0].value, 2) / found.parameters[1].value / (4e-12 / 2e-15), 1.0, 0.02)
      << "what is pinned down is right all the same";
}

TEST(Calibration, HeldOutExperimentsArePredictedAndDoNotMatter) {
  std::vector<Experiment> experiments = rate_series({"C/10", "1C"});
  experiments.push_back(experiment_of("2C", "Discharge at 2C until 1.7 V",
                                      {held_out(observed(ObservedQuantity::discharge_capacity, 7e3))}));
  experiments.push_back(experiment_of("1C at 40 °C", "Discharge at 1C until 1.7 V",
                                      {held_out(observed(ObservedQuantity::discharge_capacity, 7e3))},
                                      {{"temperature", 313.15}}));
  measure(true_cell(), experiments, 1.0, 7);
  const auto fit = [&] {
    return calibrate(trial_description(), experiments, conductivity_and_diffusion(), trial_options());
  };
  const Calibration found = fit();
  EXPECT_EQ(found.observed, 4U);
  for (const std::size_t i : {2U, 3U}) {
    const Observation& observation = experiments[i].observations[0];
    const double predicted = found.runs[i].predictions[0].value.value(), own = found.runs[i].uncertainties[0].value();
    EXPECT_GT(own, 0.0);
    EXPECT_LT(std::fabs(predicted - observation.low), 3.0 * std::hypot(own, *observation.uncertainty))
        << experiments[i].name;
  }
  EXPECT_LT(*found.runs[3].predictions[0].value, 0.98 * *found.runs[1].predictions[0].value) << "less in the cold";
  experiments[2].observations[0].low = experiments[2].observations[0].high = 1.0;
  EXPECT_EQ(fit().parameters[0].value, found.parameters[0].value);
}

TEST(Calibration, CurvesWithNoise) {
  Observation curve = observed(ObservedQuantity::discharge_curve, 5e-3);
  curve.capacity_uncertainty = 0.005 * 3.6e3 * 200.0;
  for (int i = 1; i <= 20; ++i) {
    curve.curve.capacity.push_back(3.6e3 * 8.0 * i);
    curve.curve.voltage.push_back(0.0);
  }
  std::vector<Experiment> experiments{experiment_of("C/5", "Discharge at C/5 until 1.7 V", {curve}),
                                      experiment_of("1C", "Discharge at 1C until 1.7 V", {curve})};
  for (double& capacity : experiments[1].observations[0].curve.capacity) capacity *= 0.8;
  measure(true_cell(), experiments, 1.0, 3);
  const Calibration found = calibrate(trial_description(), experiments, conductivity_and_diffusion(), trial_options());
  EXPECT_EQ(found.status, CalibrationStatus::converged);
  EXPECT_EQ(found.observed, 40U);
  EXPECT_LT(found.chi_square, 60.0);
  EXPECT_LT(std::fabs(std::log(found.parameters[0].value / 0.05)), 3.0 * *found.parameters[0].uncertainty / 0.05);
  EXPECT_LT(std::fabs(std::log(found.parameters[1].value / 4e-15)), 3.0 * *found.parameters[1].uncertainty / 4e-15);
  EXPECT_FALSE(found.runs[0].result.rows.time.empty());
}

TEST(Calibration, AValueBeyondTheBoundsStaysOnItsBound) {
  std::vector<Experiment> experiments = rate_series({"C/10", "1C", "2C"});
  measure(true_cell(), experiments);
  const CellDescription description = trial_description();
  const std::vector<CalibrationParameter> parameters{calibration_parameter(description, sigma, 0.08, 1.0),
                                                     calibration_parameter(description, diffusion, 1e-16, 1e-13)};
  const Calibration found = calibrate(description, experiments, parameters, trial_options());
  EXPECT_TRUE(found.parameters[0].is_at_low);
  EXPECT_FALSE(found.parameters[0].is_at_high);
  EXPECT_DOUBLE_EQ(found.parameters[0].value, 0.08);
  EXPECT_FALSE(found.parameters[0].low.has_value());
  EXPECT_FALSE(found.parameters[0].is_identified);
  EXPECT_EQ(found.degrees_of_freedom, found.observed - 1) << "a parameter on its bound is no freedom";
}

TEST(Calibration, LimitsPullOnlyWhereTheyAreBroken) {
  std::vector<Experiment> experiments = rate_series({"C/10", "1C", "2C"});
  measure(true_cell(), experiments);
  Observation limit = observed(ObservedQuantity::discharge_capacity, 3.6e3);
  limit.low = 0.0;
  limit.high = 3.6e3 * 239.0;
  experiments[0].observations.push_back(limit);
  const auto fit = [&] {
    return calibrate(trial_description(), experiments, conductivity_and_diffusion(), trial_options());
  };
  const Calibration kept = fit();
  EXPECT_LT(kept.chi_square, 0.01);
  experiments[0].observations.back().high = 0.9 * *kept.runs[0].predictions[0].value;
  EXPECT_GT(fit().chi_square, 10.0);
}

/// Fade: the growth fitted to the retention of cycle 6 predicts cycle 12.
TEST(Calibration, FadeFittedEarlyPredictsLate) {
  constexpr const char* rate = "growth.parabolic_rate";
  const CellDescription description = changed(
      trial_description(), {{"growth.initial_thickness", 1e-9}, {rate, 2e-18 / 3600.0}, {"growth.conductivity", 1e-8}});
  const CellDescription truth = changed(description, {{rate, 10e-18 / 3600.0}});
  Observation early = observed(ObservedQuantity::retention, 0.01, 6),
              late = held_out(observed(ObservedQuantity::retention, 0.01, 12));
  std::vector<Experiment> experiments{experiment_of(
      "cycling", "Repeat 12 times:\nDischarge at C/2 until 1.7 V\nCharge at C/2 until 2.5 V\nEnd", {early, late})};
  measure(truth, experiments);
  ASSERT_LT(experiments[0].observations[0].low, 0.97);
  const Calibration found =
      calibrate(description, experiments, {{calibration_parameter(description, rate, 1e-23, 1e-19)}}, trial_options());
  EXPECT_NEAR(found.parameters[0].value / (10e-18 / 3600.0), 1.0, 0.05);
  EXPECT_NEAR(*found.runs[0].predictions[1].value, experiments[0].observations[1].low, 5e-3);
}

TEST(Calibration, WhatOneCMeansIsNotFitted) {
  CellDescription truth = changed(trial_description(), {{"cathode.specific_capacity", 3.6e3 * 215.0},
                                                        {"nominal_capacity", 0.4 * 0.07 * 3.6e3 * 239.0}});
  std::vector<Experiment> experiments = rate_series({"C/10", "1C"});
  measure(truth, experiments);
  const CellDescription description = trial_description();
  const Calibration found =
      calibrate(description, experiments, {{calibration_parameter(description, "cathode.specific_capacity", 5e5, 9e5)}},
                trial_options());
  EXPECT_NEAR(found.parameters[0].value / 3.6e3, 215.0, 0.5);
  EXPECT_NEAR(rated_capacity(build(found.description)), 0.4 * 0.07 * 3.6e3 * 239.0, 1e-6);
}

TEST(Calibration, WithoutParametersItCompares) {
  std::vector<Experiment> experiments = rate_series({"C/10"});
  measure(true_cell(), experiments);
  const Calibration found = calibrate(trial_description(), experiments, {}, trial_options());
  EXPECT_EQ(found.status, CalibrationStatus::nothing_fitted);
  EXPECT_GT(found.chi_square, 0.1);
  ASSERT_EQ(found.runs.size(), 1U);
  EXPECT_TRUE(found.runs[0].predictions[0].value.has_value());
}

TEST(Calibration, TheAnswerDoesNotDependOnTheThreads) {
  std::vector<Experiment> experiments = rate_series({"C/10", "1C"});
  measure(true_cell(), experiments);
  CalibrationOptions options = trial_options();
  options.has_profiles = false;
  const Calibration two = calibrate(trial_description(), experiments, conductivity_and_diffusion(), options);
  options.threads = 1;
  const Calibration one = calibrate(trial_description(), experiments, conductivity_and_diffusion(), options);
  EXPECT_EQ(one.parameters[0].value, two.parameters[0].value);
  EXPECT_EQ(one.parameters[1].value, two.parameters[1].value);
}

TEST(Calibration, BoundsComeFromTheDescriptionOrAreAskedFor) {
  CellDescription description = trial_description();
  EXPECT_THROW(calibration_parameter(description, radius), base::ParameterError);
  EXPECT_THROW(calibration_parameter(description, "cathode.particle_radios", 1e-6, 2e-6), base::InputError);
  EXPECT_THROW(calibration_parameter(description, radius, 2e-6, 1e-6), base::ParameterError);
  EXPECT_THROW(calibration_parameter(description, "growth.parabolic_rate", 0.0, 1e-20), base::ParameterError);
  EXPECT_THROW(calibration_parameter(description, "cathode.porosity", 0.0, 2.0), base::ParameterError);
  description.set(radius, {2e-6, {}, 1e-6, 5e-6, Mark::estimated, ""});
  const CalibrationParameter parameter = calibration_parameter(description, radius);
  EXPECT_EQ(parameter, (CalibrationParameter{radius, 2e-6, 1e-6, 5e-6, true}));
  EXPECT_DOUBLE_EQ(calibration_parameter(description, "cathode.film_resistance", 1e-4, 1e-2).start, 1e-3)
      << "not described: the middle of the bounds";
}

TEST(Calibration, WrongRequestsAreRefused) {
  const CellDescription description = trial_description();
  std::vector<Experiment> experiments = rate_series({"C/10"});
  measure(description, experiments);
  const std::vector<CalibrationParameter> one{calibration_parameter(description, sigma, 0.01, 1.0)};
  const auto refused = [&](auto&& change) {
    std::vector<Experiment> wrong = experiments;
    std::vector<CalibrationParameter> parameters = one;
    CalibrationOptions options = trial_options();
    change(wrong, parameters, options);
    EXPECT_THROW(calibrate(description, wrong, parameters, options), base::ParameterError);
  };
  refused([](auto& all, auto&, auto&) { all.clear(); });
  refused([](auto& all, auto&, auto&) { all[0].protocol = {}; });
  refused([](auto& all, auto&, auto&) { all[0].observations[0].cycle = 2; });
  refused([](auto& all, auto&, auto&) { all[0].observations[0].uncertainty.reset(); });
  refused([](auto& all, auto&, auto&) {
    for (Observation& each : all[0].observations) each.is_fitted = false;
  });
  refused([](auto& all, auto&, auto&) { all[0].overrides.emplace_back("cathode.porosity", 3.0); });
  refused([](auto&, auto& parameters, auto&) { parameters.push_back(parameters[0]); });
  refused([](auto&, auto& parameters, auto&) { parameters[0].start = 5.0; });
  refused([](auto&, auto& parameters, auto&) { parameters[0].low = 2.0; });
  refused([](auto&, auto&, auto& options) { options.starts = 0; });
  refused([](auto&, auto&, auto& options) { options.threads = 0; });
  refused([](auto&, auto&, auto& options) { options.rise = 0.0; });
  refused([](auto&, auto&, auto& options) { options.relative_noise = 0.5; });
  refused([](auto&, auto&, auto& options) { options.most_iterations = 0; });
  refused([](auto&, auto&, auto& options) { options.simulation.tolerance = -1.0; });
  std::vector<Experiment> unreached = experiments;
  unreached[0].protocol = parse_protocol("Discharge at C/10 until 9 V");
  try {
    calibrate(description, unreached, one, trial_options());
    FAIL() << "the discharge ends at once and has no mean voltage";
  } catch (const base::NumericsError& error) {
    EXPECT_NE(std::string(error.what()).find("C/10: discharge voltage of cycle 1"), std::string::npos) << error.what();
  }
  experiments[0].overrides.emplace_back("cathode.particle_radios", 1e-6);
  EXPECT_THROW(calibrate(description, experiments, one, trial_options()), base::InputError);
}

TEST(Calibration, StopsWhenAsked) {
  std::vector<Experiment> experiments = rate_series({"C/10", "1C"});
  measure(true_cell(), experiments);
  CalibrationOptions options = trial_options();
  double last = 0.0;
  options.progress = [&](double share, std::string_view what) {
    EXPECT_GE(share, last);
    EXPECT_FALSE(what.empty());
    last = share;
    return share < 0.5;
  };
  EXPECT_THROW(calibrate(trial_description(), experiments, conductivity_and_diffusion(), options), base::Cancelled);
}

}  // namespace
}  // namespace closo::cell
