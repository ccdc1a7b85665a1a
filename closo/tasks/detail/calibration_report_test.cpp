#include "closo/tasks/detail/calibration_report.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "closo/report/render.hpp"

namespace closo::tasks::detail {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

cell::Observation retention_of(double value, double uncertainty, bool is_fitted) {
  cell::Observation observation;
  observation.quantity = cell::ObservedQuantity::retention;
  observation.cycle = 2;
  observation.low = observation.high = value;
  observation.uncertainty = uncertainty;
  observation.is_fitted = is_fitted;
  return observation;
}

cell::Prediction predicted(double value) {
  cell::Prediction prediction;
  prediction.value = value;
  prediction.is_known = true;
  return prediction;
}

/// A calibration of two parameters made up of its results: what the report says of them.
struct Made {
  CellFitRequest request;
  cell::Calibration calibration;
};

Made made() {
  Made result;
  cell::Experiment experiment;
  experiment.name = "cycling";
  experiment.protocol =
      cell::parse_protocol("Repeat 2 times: ; Discharge at C/2 until 1.7 V; Charge at C/2 until 2.5 V; End");
  experiment.observations = {retention_of(0.9, 0.01, true), retention_of(0.8, 0.01, false),
                             retention_of(0.0, 0.01, true)};
  experiment.observations[2].low = -infinity;
  experiment.observations[2].high = 0.95;
  result.request.experiments.experiments = {experiment};
  cell::Calibration& calibration = result.calibration;
  Context context;
  context.data = std::filesystem::path(CLOSO_SOURCE_DIR) / "data";
  const std::filesystem::path examples = std::filesystem::path(CLOSO_SOURCE_DIR) / "examples" / "cells";
  calibration.description = cell_case(read_system(examples / "simulated-tis2.toml"), {}, context).description;
  calibration.status = cell::CalibrationStatus::converged;
  calibration.start_chi_square = 100.0;
  calibration.chi_square = 40.0;
  calibration.observed = 3;
  calibration.degrees_of_freedom = 1;
  calibration.rank = 1;
  calibration.scatter = 6.3;
  cell::CalibratedParameter radius, diffusion;
  radius.given = {"cathode.particle_radius", 1e-6, 1e-7, 1e-5, true};
  radius.value = 2e-6;
  radius.low = 1e-6;
  diffusion.given = {"cathode.diffusion_coefficient", 1e-15, 1e-17, 1e-12, true};
  diffusion.value = 1e-12;
  diffusion.is_at_high = true;
  calibration.parameters = {radius, diffusion};
  calibration.correlation = {1.0, 0.99, 0.99, 1.0};
  calibration.directions = {{{0.6, 0.8}, infinity, true}, {{0.8, -0.6}, 0.01, false}};
  calibration.searches = {{{1e-6, 1e-15}, {2e-6, 1e-12}, 40.0, true}, {{1e-6, 1e-15}, {3e-6, 1e-13}, 400.0, false}};
  calibration.runs.resize(1);
  calibration.runs[0].predictions = {predicted(0.91), predicted(0.7), predicted(0.9)};
  calibration.runs[0].uncertainties = {0.001, 0.02, 0.001};
  return result;
}

bool has_part(const std::vector<std::string>& list, const std::string& part) {
  for (const std::string& each : list) {
    if (each.find(part) != std::string::npos) return true;
  }
  return false;
}

TEST(CalibrationReport, FittedAndPredictedStandApart) {
  const Made given = made();
  const report::Report report = calibration_report(given.request, given.calibration);
  const std::string text = report::render_text(report, {.width = 160});
  const std::size_t fitted = text.find("Measured and fitted"),
                    predicted = text.find("Measured, held out, and predicted");
  ASSERT_NE(fitted, std::string::npos);
  ASSERT_NE(predicted, std::string::npos);
  EXPECT_LT(text.find("90(1) %"), predicted);
  EXPECT_GT(text.find("80(1) %"), predicted);
  EXPECT_NE(text.find("-4.5 u"), std::string::npos) << "0.7 against 0.8 with 0.01 and 0.02: " << text;
  EXPECT_NE(text.find("≤ 95"), std::string::npos) << text;
  EXPECT_NE(text.find("as stated"), std::string::npos);
  EXPECT_NE(text.find("1 of 2 starts end at this minimum"), std::string::npos);
  EXPECT_NE(text.find("Loose: "), std::string::npos);
}

TEST(CalibrationReport, DoubtsAreSaid) {
  const Made given = made();
  const report::Report report = calibration_report(given.request, given.calibration);
  EXPECT_TRUE(has_part(report.doubts, "cathode.diffusion_coefficient rests on its high bound, 1e-12 m²/s"));
  EXPECT_TRUE(has_part(report.doubts, "does not meet the observations"));
  EXPECT_TRUE(has_part(report.doubts, "predicted -4.5 u off"));
  Made other = made();
  other.calibration.status = cell::CalibrationStatus::not_converged;
  other.calibration.degrees_of_freedom = 0;
  other.calibration.runs[0].predictions[1] = {};
  other.calibration.runs[0].result.reason = "the current is too large";
  const report::Report worse = calibration_report(other.request, other.calibration);
  EXPECT_TRUE(has_part(worse.doubts, "has not converged"));
  EXPECT_TRUE(has_part(worse.doubts, "no more observations than parameters"));
  EXPECT_TRUE(has_part(worse.doubts, "does not reach it (the current is too large)"));
  EXPECT_FALSE(has_part(worse.doubts, "does not meet the observations"));
}

TEST(CalibrationReport, Judgements) {
  cell::CalibratedParameter parameter;
  parameter.given = {"cathode.particle_radius", 1e-6, 1e-7, 1e-5, true};
  EXPECT_EQ(judgement(parameter), "open on both sides");
  parameter.low = 1e-6;
  EXPECT_EQ(judgement(parameter), "only a lower limit");
  parameter.high = 2e-6;
  parameter.leans_on = {"a", "b"};
  EXPECT_EQ(judgement(parameter), "closed only by the bounds of a and b");
  parameter.is_identified = true;
  EXPECT_EQ(judgement(parameter), "pinned down");
  parameter.is_identified = false;
  parameter.low.reset();
  EXPECT_EQ(judgement(parameter), "only an upper limit");
  parameter.is_at_low = true;
  EXPECT_EQ(judgement(parameter), "on its low bound");
}

}  // namespace
}  // namespace closo::tasks::detail
