#include "closo/tasks/impedance_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "closo/tasks/impedance_trial_test.hpp"

namespace closo::tasks {
namespace {

using trial::ask;
using trial::block_of;
using trial::examples;
using trial::item_of;
using trial::message_of;
using trial::ScratchFolder;

const std::string blocking = (examples / "zro2" / "zro2_30C.DTA").string();
const std::string two_arcs = (examples / "two_arcs" / "two_arcs_60C.mpt").string();

void expect_value(const report::Table& parameters, std::size_t row, const std::string& name, double truth) {
  ASSERT_EQ(trial::text_of(parameters, row, "parameter"), name);
  const report::Value value = trial::value_of(parameters, row, "value");
  ASSERT_TRUE(value.uncertainty) << name;
  EXPECT_NEAR(*value.value, truth, 3.5 * *value.uncertainty) << name;
  EXPECT_LT(*value.uncertainty, 0.05 * truth) << name;
}

// The values that examples/impedance/README.md states.
TEST(ImpedanceFit, FindsCircuitAndValuesOfTheExamples) {
  const report::Report one = ask(impedance_fit_task, {{"files", blocking}});
  EXPECT_EQ(std::get<std::string>(item_of(block_of<report::KeyValues>(one, "summary_1"), "circuit")), "R0-CPE1");
  const auto& simple = block_of<report::Table>(one, "parameters_1");
  expect_value(simple, 0, "R0", 175.62);
  expect_value(simple, 1, "CPE1.Q", 1e-5);
  expect_value(simple, 2, "CPE1.n", 0.85);

  const report::Report two = ask(impedance_fit_task, {{"files", two_arcs}});
  const auto& summary = block_of<report::KeyValues>(two, "summary_1");
  EXPECT_EQ(std::get<std::string>(item_of(summary, "circuit")), "p(R1,CPE1)-p(R2,CPE2)-CPE3");
  const auto& parameters = block_of<report::Table>(two, "parameters_1");
  expect_value(parameters, 0, "R1", 20000.0);
  expect_value(parameters, 3, "R2", 100000.0);
  expect_value(parameters, 6, "CPE3.Q", 2e-6);
  const report::Value total = std::get<report::Value>(item_of(summary, "R total"));
  EXPECT_NEAR(*total.value, 120000.0, 3.5 * *total.uncertainty);
  EXPECT_LT(*total.uncertainty, *trial::value_of(parameters, 3, "value").uncertainty +
                                    *trial::value_of(parameters, 0, "value").uncertainty);
  for (const char* id : {"nyquist_1", "bode_modulus_1", "bode_phase_1", "residual_1"})
    EXPECT_TRUE(trial::has_figure(two, id)) << id;
}

TEST(ImpedanceFit, ConductivityFromTheGeometry) {
  const report::Report report =
      ask(impedance_fit_task, {{"files", blocking}, {"thickness", "0.40(2) mm"}, {"diameter", "10 mm"}});
  const auto& summary = block_of<report::KeyValues>(report, "summary_1");
  const report::Value resistance = std::get<report::Value>(item_of(summary, "R total"));
  const report::Value sigma = std::get<report::Value>(item_of(summary, "σ total"));
  EXPECT_NEAR(*sigma.value, 0.04 / (*resistance.value * std::numbers::pi / 4.0), 1e-12);
  EXPECT_NEAR(*sigma.uncertainty / *sigma.value, std::hypot(0.05, *resistance.uncertainty / *resistance.value), 1e-6);
  EXPECT_THROW(ask(impedance_fit_task, {{"files", blocking}, {"thickness", "0.4 mm"}}), base::ParameterError);
}

TEST(ImpedanceFit, WeightsAndLossesAgreeOnGoodData) {
  for (const char* weights : {"modulus", "calculated-modulus", "proportional", "unit"}) {
    const report::Report report =
        ask(impedance_fit_task, {{"files", blocking}, {"circuit", "R0-CPE1"}, {"weights", weights}});
    const report::Value r = trial::value_of(block_of<report::Table>(report, "parameters_1"), 0, "value");
    EXPECT_NEAR(*r.value, 175.62,
                std::string(weights) == "modulus" || std::string(weights) == "calculated-modulus" ? 0.6 : 20.0)
        << weights;
  }
  for (const char* loss : {"huber", "cauchy"}) {
    const report::Report report = ask(impedance_fit_task, {{"files", blocking}, {"circuit", "RQ"}, {"loss", loss}});
    EXPECT_NEAR(*trial::value_of(block_of<report::Table>(report, "parameters_1"), 0, "value").value, 175.62, 1.0)
        << loss;
  }
  EXPECT_THROW(ask(impedance_fit_task, {{"files", blocking}, {"circuit", "R0-CPE1"}, {"weights", "given"}}),
               base::ParameterError)
      << "the file states no uncertainties";
  EXPECT_THROW(ask(impedance_fit_task, {{"files", blocking}, {"weights", "none"}}), base::ParameterError);
}

TEST(ImpedanceFit, SaysWhatTheDataDoNotDetermine) {
  const report::Report report = ask(impedance_fit_task, {{"files", blocking}, {"circuit", "R0-p(R1,C1)-CPE1"}});
  EXPECT_FALSE(report.warnings.empty());
  bool remarked = false;
  const auto& parameters = block_of<report::Table>(report, "parameters_1");
  for (std::size_t row = 0; row < parameters.rows.size(); ++row)
    remarked = remarked || !trial::text_of(parameters, row, "remark").empty();
  EXPECT_TRUE(remarked);
}

TEST(ImpedanceFit, TheCircuitsTextIsCheckedWithItsPlace) {
  const auto message = [](const std::string& circuit) {
    return message_of<base::InputError>([&] { ask(impedance_fit_task, {{"files", blocking}, {"circuit", circuit}}); });
  };
  EXPECT_NE(message("R0-p(R1,CPE1").find("column 5"), std::string::npos) << message("R0-p(R1,CPE1");
  EXPECT_NE(message("R0-X1").find("column 4"), std::string::npos) << message("R0-X1");
}

TEST(ImpedanceFit, ABadSpectrumDoesNotStopTheOthers) {
  const ScratchFolder folder;
  folder.write("broken.csv", "no spectrum\n");
  folder.write("short.csv", trial::three_points);
  folder.copy(blocking);
  const report::Report report =
      ask(impedance_fit_task,
          {{"files", folder.name()}, {"circuit", "p(R1,CPE1)-p(R2,CPE2)-CPE3"}, {"keep-inductive", "true"}});
  EXPECT_EQ(report.title, "Impedance of zro2_30C.DTA");
  EXPECT_TRUE(trial::warns(report, "not used: " + folder.file("broken.csv")));
  EXPECT_TRUE(trial::warns(report, "not used: short.csv: circuit"));
  EXPECT_EQ(block_of<report::Table>(report, "files").rows.size(), 1U);
  EXPECT_NO_THROW(block_of<report::Table>(report, "parameters_1"));
}

TEST(ImpedanceFit, WithoutAUsableFileItFails) {
  const ScratchFolder folder;
  const std::string broken = folder.write("broken.csv", "no spectrum\n");
  const std::string few = folder.write("short.csv", trial::three_points);
  EXPECT_THROW(ask(impedance_fit_task, {{"files", broken}}), base::InputError);
  EXPECT_THROW(
      ask(impedance_fit_task, {{"files", few}, {"keep-inductive", "true"}, {"circuit", "p(R1,CPE1)-p(R2,CPE2)-CPE3"}}),
      base::ParameterError);
  EXPECT_THROW(ask(impedance_fit_task, {}), base::ParameterError);
  EXPECT_THROW(ask(impedance_fit_task, {{"files", folder.file("absent")}}), base::InputError);
  Context context;
  context.progress = [](double, std::string_view what) { return what.find("fitting") == std::string::npos; };
  EXPECT_THROW(ask(impedance_fit_task, {{"files", blocking}}, context), base::Cancelled);
}

}  // namespace
}  // namespace closo::tasks
