#include "closo/tasks/impedance_validate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/number.hpp"
#include "closo/impedance/simulate.hpp"
#include "closo/tasks/impedance_trial_test.hpp"

namespace closo::tasks {
namespace {

using impedance::Complex;
using trial::ask;
using trial::block_of;
using trial::examples;
using trial::ScratchFolder;

struct Measured {
  std::vector<double> frequency;  // falling, as instruments sweep
  std::vector<Complex> impedance;

  std::string csv() const {
    std::string text = "f (Hz),Z_real (Ohm),Z_imag (Ohm)\n";
    for (std::size_t i = 0; i < frequency.size(); ++i) {
      text += base::format_exact(frequency[i]) + "," + base::format_exact(impedance[i].real()) + "," +
              base::format_exact(impedance[i].imag()) + "\n";
    }
    return text;
  }
};

/// A cell with two arcs and a blocking electrode; R2 grows by the fraction `drift` from the first point to the last.
Measured measured(double drift, std::uint64_t seed) {
  const impedance::Circuit circuit = impedance::parse_circuit("p(R1,CPE1)-p(R2,CPE2)-CPE3");
  Measured result;
  const std::vector<double> rising = impedance::logarithmic_frequencies(1.0, 1e7, 10);
  for (std::size_t i = 0; i < rising.size(); ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(rising.size() - 1);
    const double f = rising[rising.size() - 1 - i];
    const std::vector<double> values = {2e4, 1e-10, 0.92, 1e5 * (1.0 + drift * part), 1.5e-8, 0.88, 2e-6, 0.8};
    result.frequency.push_back(f);
    result.impedance.push_back(
        impedance::simulate_measurement(circuit, values, std::vector<double>{f}, {0.003, 0.0}, seed * 1000 + i)
            .impedance.front());
  }
  return result;
}

TEST(ImpedanceValidate, TheExamplesPass) {
  const report::Report report = ask(
      impedance_validate_task, {{"files", (examples / "zro2").string()}, {"files", (examples / "two_arcs").string()}});
  ASSERT_EQ(report.verdicts.size(), 13U);
  for (const report::Verdict& verdict : report.verdicts)
    EXPECT_EQ(verdict.outcome, report::Outcome::pass) << verdict.criterion << ": " << verdict.reason;
  const auto& table = block_of<report::Table>(report, "kramers_kronig");
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    EXPECT_NEAR(*trial::value_of(table, row, "noise_percent").value, row < 8 ? 0.5 : 0.3, 0.15) << row;
  }
  EXPECT_THROW(block_of<report::Table>(report, "flagged"), base::InternalError) << "no point stands out";
  EXPECT_TRUE(trial::has_figure(report, "residual_13"));
}

TEST(ImpedanceValidate, ABadPointIsFlaggedByItsFrequency) {
  const ScratchFolder folder;
  for (const std::size_t at : {20U, 35U, 50U}) {
    Measured spectrum = measured(0.0, at);
    spectrum.impedance[at] *= 1.12;
    const report::Report report = ask(impedance_validate_task, {{"files", folder.write("bad.csv", spectrum.csv())}});
    ASSERT_EQ(report.verdicts.size(), 1U);
    EXPECT_EQ(report.verdicts[0].outcome, report::Outcome::fail);
    EXPECT_EQ(report.verdicts[0].finding.find("bad points"), 0U) << report.verdicts[0].finding;
    const auto& flagged = block_of<report::Table>(report, "flagged");
    ASSERT_EQ(flagged.rows.size(), 1U) << at;
    EXPECT_NEAR(*trial::value_of(flagged, 0, "frequency_Hz").value / spectrum.frequency[at], 1.0, 1e-9);
    EXPECT_NEAR(*trial::value_of(flagged, 0, "deviation_percent").value, 12.0, 2.0);
  }
}

TEST(ImpedanceValidate, DriftIsFlaggedAndAStableSampleIsNot) {
  const ScratchFolder folder;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const report::Report drifting =
        ask(impedance_validate_task, {{"files", folder.write("drift.csv", measured(0.5, seed).csv())}});
    EXPECT_EQ(drifting.verdicts.at(0).outcome, report::Outcome::fail)
        << seed << ": " << drifting.verdicts.at(0).finding;
    const report::Report stable =
        ask(impedance_validate_task, {{"files", folder.write("stable.csv", measured(0.0, seed).csv())}});
    EXPECT_EQ(stable.verdicts.at(0).outcome, report::Outcome::pass) << seed << ": " << stable.verdicts.at(0).reason;
  }
}

TEST(ImpedanceValidate, TheNumberOfElementsCanBeGiven) {
  const std::string file = (examples / "two_arcs" / "two_arcs_60C.mpt").string();
  const report::Report fixed = ask(impedance_validate_task, {{"files", file}, {"elements", "30"}});
  EXPECT_EQ(trial::value_of(block_of<report::Table>(fixed, "kramers_kronig"), 0, "elements").value, 30.0);
  const report::Report by_mu = ask(impedance_validate_task, {{"files", file}, {"mu", "true"}});
  EXPECT_LE(*trial::value_of(block_of<report::Table>(by_mu, "kramers_kronig"), 0, "mu").value, 0.85);
  for (const char* elements : {"0", "-4", "1000"}) {
    EXPECT_THROW(ask(impedance_validate_task, {{"files", file}, {"elements", elements}}), base::ParameterError)
        << elements;
  }
  EXPECT_THROW(ask(impedance_validate_task, {{"files", file}, {"elements", "many"}}), base::ParameterError);
}

TEST(ImpedanceValidate, FewPointsAreNoVerdictAndABadFileDoesNotStopTheOthers) {
  const ScratchFolder folder;
  folder.write("broken.csv", "no spectrum\n");
  folder.write("short.csv", trial::three_points);
  folder.copy(examples / "zro2" / "zro2_30C.DTA");
  const report::Report report = ask(impedance_validate_task, {{"files", folder.name()}, {"keep-inductive", "true"}});
  ASSERT_EQ(report.verdicts.size(), 2U);
  EXPECT_EQ(report.verdicts[0].outcome, report::Outcome::unknown);
  EXPECT_EQ(report.verdicts[1].outcome, report::Outcome::pass);
  EXPECT_TRUE(trial::warns(report, "broken.csv"));
  const report::Report fixed =
      ask(impedance_validate_task, {{"files", folder.name()}, {"keep-inductive", "true"}, {"elements", "20"}});
  EXPECT_FALSE(fixed.verdicts.empty());
  EXPECT_THROW(ask(impedance_validate_task, {{"files", folder.file("broken.csv")}}), base::InputError);
  EXPECT_THROW(ask(impedance_validate_task, {}), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
