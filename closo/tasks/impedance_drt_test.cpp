#include "closo/tasks/impedance_drt.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/tasks/impedance_trial_test.hpp"

namespace closo::tasks {
namespace {

using trial::ask;
using trial::block_of;
using trial::examples;
using trial::ScratchFolder;

const std::string two_arcs = (examples / "two_arcs" / "two_arcs_60C.mpt").string();

/// The row of the peak with the largest share.
std::size_t largest_peak(const report::Table& peaks) {
  std::size_t best = 0;
  for (std::size_t row = 0; row < peaks.rows.size(); ++row) {
    if (*trial::value_of(peaks, row, "share_percent").value > *trial::value_of(peaks, best, "share_percent").value)
      best = row;
  }
  return best;
}

TEST(ImpedanceDrt, FindsTheArcsOfTheExample) {
  const report::Report report = ask(impedance_drt_task, {{"files", two_arcs}});
  const auto& peaks = block_of<report::Table>(report, "peaks");
  ASSERT_GE(peaks.rows.size(), 2U);
  // tau = (R Q)^(1/n) of the arcs that the example was made with
  EXPECT_NEAR(std::log10(*trial::value_of(peaks, 0, "tau_s").value), std::log10(2e4 * 1e-10) / 0.92, 0.1);
  EXPECT_NEAR(*trial::value_of(peaks, 0, "resistance_ohm").value, 2e4, 2e3);
  const std::size_t boundary = largest_peak(peaks);
  EXPECT_NEAR(std::log10(*trial::value_of(peaks, boundary, "tau_s").value), std::log10(1e5 * 1.5e-8) / 0.88, 0.1);
  EXPECT_NEAR(*trial::value_of(peaks, boundary, "resistance_ohm").value, 1e5, 1e4);
  const auto& summary = block_of<report::Table>(report, "summary");
  EXPECT_EQ(trial::text_of(summary, 0, "tail"), "yes");
  EXPECT_NEAR(*trial::value_of(summary, 0, "total_ohm").value, 1.2e5, 2.4e3);
  EXPECT_TRUE(trial::has_figure(report, "drt"));
  EXPECT_TRUE(trial::has_figure(report, "residual_1"));
}

TEST(ImpedanceDrt, LambdaAndItsChoice) {
  const report::Report fixed = ask(impedance_drt_task, {{"files", two_arcs}, {"lambda", "0.02"}});
  EXPECT_NEAR(*trial::value_of(block_of<report::Table>(fixed, "summary"), 0, "lambda").value, 0.02, 1e-12);
  const report::Report curve = ask(impedance_drt_task, {{"files", two_arcs}, {"choice", "l-curve"}});
  EXPECT_NEAR(*trial::value_of(block_of<report::Table>(curve, "summary"), 0, "total_ohm").value, 1.2e5, 6e3);
}

TEST(ImpedanceDrt, Bands) {
  const auto bands = [](const report::Report& report) {
    std::size_t count = 0;
    for (const report::Layer& layer : block_of<report::Figure>(report, "drt").layers)
      count += layer.mark == report::Mark::band ? 1U : 0U;
    return count;
  };
  EXPECT_EQ(bands(ask(impedance_drt_task, {{"files", two_arcs}})), 0U);
  EXPECT_EQ(bands(ask(impedance_drt_task, {{"files", two_arcs}, {"band", "bayesian"}})), 1U);
  const report::Report resampled = ask(impedance_drt_task, {{"files", two_arcs}, {"band", "bootstrap"}});
  EXPECT_EQ(bands(resampled), 1U);
  const auto& peaks = block_of<report::Table>(resampled, "peaks");
  EXPECT_TRUE(trial::value_of(peaks, largest_peak(peaks), "resistance_ohm").uncertainty);
}

TEST(ImpedanceDrt, RefusesOptionsOutOfRange) {
  const auto refuses = [](const trial::Given& more) {
    trial::Given given = {{"files", two_arcs}};
    given.insert(given.end(), more.begin(), more.end());
    EXPECT_THROW(ask(impedance_drt_task, given), base::ParameterError)
        << more.front().first << " " << more.front().second;
  };
  refuses({{"lambda", "0"}});
  refuses({{"lambda", "-1"}});
  refuses({{"points-per-decade", "0"}});
  refuses({{"points-per-decade", "-8"}});
  refuses({{"choice", "guess"}});
  refuses({{"band", "wide"}});
  EXPECT_THROW(ask(impedance_drt_task, {}), base::ParameterError);
}

TEST(ImpedanceDrt, ABadSpectrumDoesNotStopTheOthers) {
  const ScratchFolder folder;
  folder.write("broken.csv", "no spectrum\n");
  folder.write("short.csv", trial::three_points);
  folder.copy(two_arcs);
  const report::Report report = ask(impedance_drt_task, {{"files", folder.name()}, {"keep-inductive", "true"}});
  EXPECT_EQ(block_of<report::Table>(report, "summary").rows.size(), 1U);
  EXPECT_TRUE(trial::warns(report, "broken.csv"));
  EXPECT_TRUE(trial::warns(report, "not used: short.csv"));
  EXPECT_THROW(ask(impedance_drt_task, {{"files", folder.file("broken.csv")}}), base::InputError);
  EXPECT_THROW(ask(impedance_drt_task, {{"files", folder.file("short.csv")}, {"keep-inductive", "true"}}),
               base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
