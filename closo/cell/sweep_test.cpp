#include "closo/cell/sweep.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <mutex>
#include <set>

#include "closo/base/error.hpp"
#include "closo/cell/sweep_cell_test.hpp"

namespace closo::cell {
namespace {

std::vector<double> outcomes(std::string_view name, const std::vector<CellOutcome>& runs) {
  std::vector<double> values;
  for (const CellOutcome& run : runs) values.push_back(outcome_quantity(name).value(run).value_or(-1.0));
  return values;
}

SweepPlan axis(const std::string& quantity, double low, double high, std::size_t count, bool logarithmic = true) {
  const SweepAxis one{quantity, spaced_values({quantity, low, high, logarithmic}, count)};
  return grid_plan(std::span(&one, 1));
}

TEST(Sweep, OnePointEqualsOneRun) {
  const CellDescription cell = described_cell();
  const SweepOptions options = sweep_options(cell);
  const SweepPlan plan = grid_plan(std::vector<SweepAxis>{{"separator.thickness", {600e-6}}});
  const std::vector<CellOutcome> runs = sweep(cell, plan, options);
  ASSERT_EQ(runs.size(), 1U);
  const CellOutcome alone = evaluate(cell, options.protocol, options.simulation, {});
  EXPECT_EQ(runs.front().charge, alone.charge);
  EXPECT_EQ(runs.front().energy, alone.energy);
  EXPECT_EQ(runs.front().losses, alone.losses);
}

TEST(Sweep, TheNumberOfThreadsDoesNotShow) {
  const CellDescription cell = described_cell();
  SweepOptions options = sweep_options(cell);
  const SweepPlan plan = grid_plan(
      std::vector<SweepAxis>{{"separator.thickness", {30e-6, 200e-6, 600e-6}}, {"cathode.loading", {0.05, 0.1, 0.2}}});
  ASSERT_EQ(plan.settings.size(), 9U);
  EXPECT_EQ(plan.settings[1], (std::vector<double>{30e-6, 0.1})) << "the last axis changes fastest";
  const std::vector<CellOutcome> one = sweep(cell, plan, options);
  options.threads = 3;
  const std::vector<CellOutcome> three = sweep(cell, plan, options);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].charge, three[i].charge);
    EXPECT_EQ(one[i].energy, three[i].energy);
  }
}

TEST(Sweep, LawOfTheSeparator) {
  for (const char* rate : {"C/20", "C/5", "1C", "3C"}) {
    const CellDescription cell = described_cell();
    const std::vector<double> capacity =
        outcomes("areal capacity", sweep(cell, axis("separator.thickness", 20e-6, 2e-3, 9), sweep_options(cell, rate)));
    for (std::size_t i = 1; i < capacity.size(); ++i)
      EXPECT_LE(capacity[i], capacity[i - 1] * (1.0 + 2e-4)) << rate << ", a thicker separator never gives more";
    const std::vector<double> conducting = outcomes(
        "areal capacity", sweep(cell, axis("separator.conductivity", 1e-3, 1.0, 9), sweep_options(cell, rate)));
    for (std::size_t i = 1; i < conducting.size(); ++i)
      EXPECT_GE(conducting[i], conducting[i - 1] * (1.0 - 2e-4)) << rate << ", a better electrolyte never gives less";
  }
}

TEST(Sweep, LawOfTheLoading) {
  const CellDescription cell = described_cell();
  const std::vector<double> energy =
      outcomes("specific energy", sweep(cell, axis("cathode.loading", 5e-3, 5.0, 25), sweep_options(cell, "1C")));
  const std::size_t top = static_cast<std::size_t>(std::ranges::max_element(energy) - energy.begin());
  EXPECT_GT(top, 2U) << "little cathode carries much dead weight";
  EXPECT_LT(top, 22U) << "a thick cathode cannot be discharged at 1C";
  for (std::size_t i = 1; i < energy.size(); ++i) {
    if (i <= top) {
      EXPECT_GE(energy[i], energy[i - 1] * (1.0 - 1e-3));
    } else {
      EXPECT_LE(energy[i], energy[i - 1] * (1.0 + 1e-3));
    }
  }
}

TEST(Sweep, LawOfTheRate) {
  const CellDescription cell = described_cell();
  double before = 1e300;
  for (const char* rate : {"C/50", "C/20", "C/10", "C/5", "C/2", "1C", "2C", "5C", "20C"}) {
    const SweepOptions options = sweep_options(cell, rate);
    const double charge = evaluate(cell, options.protocol, options.simulation, {}).charge;
    EXPECT_LE(charge, before * (1.0 + 2e-4)) << rate;
    before = charge;
  }
}

TEST(Sweep, WhatFollowsFromASetting) {
  CellDescription cell = described_cell();
  cell.set_value("nominal_capacity", 20000.0);
  const std::vector<std::string> loading{"cathode.loading"}, active{"cathode.active_mass_fraction"},
      electrolyte{"cathode.electrolyte_mass_fraction"}, temperature{"temperature"};
  const std::vector<double> twice{0.14}, half{0.5}, hot{353.15};
  EXPECT_NEAR(with_settings(cell, loading, twice).value("nominal_capacity"), 40000.0, 1e-6)
      << "1C means the same for every loading";
  EXPECT_NEAR(with_settings(cell, active, half).value("cathode.electrolyte_mass_fraction"), 0.5, 1e-12);
  EXPECT_NEAR(with_settings(cell, electrolyte, half).value("cathode.active_mass_fraction"), 0.5, 1e-12);
  EXPECT_EQ(with_settings(cell, temperature, hot).value("reference_temperature"), 333.15)
      << "conductivities stay those of 60 °C";
  EXPECT_THROW(with_settings(cell, active, std::vector<double>{1.5}), base::ParameterError);
}

TEST(Sweep, CellsThatFailAreRows) {
  const CellDescription cell = described_cell();
  const SweepPlan plan = grid_plan(std::vector<SweepAxis>{{"cathode.active_mass_fraction", {0.4, 1.0, 0.6}}});
  const std::vector<CellOutcome> runs = sweep(cell, plan, sweep_options(cell));
  EXPECT_EQ(runs[0].status, OutcomeStatus::complete);
  EXPECT_EQ(runs[1].status, OutcomeStatus::impossible);
  EXPECT_NE(runs[1].reason.find("electrolyte"), std::string::npos);
  EXPECT_EQ(runs[2].status, OutcomeStatus::complete);
}

TEST(Sweep, KnownCellsAreNotRunAgain) {
  const CellDescription cell = described_cell();
  SweepOptions options = sweep_options(cell);
  const SweepPlan plan = axis("separator.thickness", 50e-6, 500e-6, 6);
  std::vector<CellOutcome> kept(6);
  std::set<std::size_t> ran;
  std::mutex guard;
  options.threads = 2;
  options.finished = [&](std::size_t i, const CellOutcome& outcome) {
    const std::lock_guard<std::mutex> lock(guard);
    kept[i] = outcome;
    ran.insert(i);
  };
  const std::vector<CellOutcome> first = sweep(cell, plan, options);
  EXPECT_EQ(ran.size(), 6U);
  ran.clear();
  options.known = [&](std::size_t i) { return i < 4 ? std::optional(kept[i]) : std::nullopt; };
  const std::vector<CellOutcome> second = sweep(cell, plan, options);
  EXPECT_EQ(ran, (std::set<std::size_t>{4, 5}));
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].charge, second[i].charge);
}

TEST(Sweep, ProgressCanStop) {
  const CellDescription cell = described_cell();
  SweepOptions options = sweep_options(cell);
  int calls = 0;
  options.progress = [&](double, std::string_view) { return ++calls < 3; };
  EXPECT_THROW(sweep(cell, axis("separator.thickness", 50e-6, 500e-6, 20), options), base::Cancelled);
  EXPECT_EQ(calls, 3);
}

TEST(LatinHypercube, EveryStratumOnce) {
  const std::vector<SweepRange> ranges{{"separator.thickness", 30e-6, 600e-6, true},
                                       {"cathode.porosity", 0.0, 0.3, false}};
  for (const std::size_t count : {1U, 7U, 100U, 1000U}) {
    const SweepPlan plan = latin_hypercube_plan(ranges, count, 5);
    ASSERT_EQ(plan.settings.size(), count);
    for (std::size_t a = 0; a < ranges.size(); ++a) {
      std::set<std::size_t> strata;
      for (const std::vector<double>& setting : plan.settings) {
        const SweepRange& range = ranges[a];
        const double share = range.is_logarithmic ? std::log(setting[a] / range.low) / std::log(range.high / range.low)
                                                  : (setting[a] - range.low) / (range.high - range.low);
        strata.insert(static_cast<std::size_t>(share * static_cast<double>(count)));
      }
      EXPECT_EQ(strata.size(), count);
      EXPECT_EQ(*strata.rbegin(), count - 1);
    }
  }
}

TEST(LatinHypercube, TheSeedDecides) {
  const std::vector<SweepRange> ranges{{"separator.thickness", 30e-6, 600e-6, true}};
  EXPECT_EQ(latin_hypercube_plan(ranges, 20, 1).settings, latin_hypercube_plan(ranges, 20, 1).settings);
  EXPECT_NE(latin_hypercube_plan(ranges, 20, 1).settings, latin_hypercube_plan(ranges, 20, 2).settings);
}

TEST(Plans, WrongOnesAreRefused) {
  using Axes = std::vector<SweepAxis>;
  using Ranges = std::vector<SweepRange>;
  EXPECT_THROW(grid_plan(Axes{}), base::ParameterError);
  EXPECT_THROW(grid_plan(Axes{{"separator.thickness", {}}}), base::ParameterError);
  EXPECT_THROW(grid_plan(Axes{{"separator.thickness", {1e-5}}, {"separator.thickness", {1e-5}}}), base::ParameterError);
  EXPECT_THROW(grid_plan(Axes{{"separator.thikness", {1e-5}}}), base::InputError);
  EXPECT_THROW(grid_plan(Axes{{"separator.thickness", std::vector<double>(2000, 1e-5)},
                              {"cathode.loading", std::vector<double>(2000, 0.1)}}),
               base::ParameterError);
  EXPECT_THROW(latin_hypercube_plan(Ranges{}, 10, 1), base::ParameterError);
  EXPECT_THROW(latin_hypercube_plan(Ranges{{"cathode.loading", 1.0, 2.0, false}}, 0, 1), base::ParameterError);
  EXPECT_THROW(latin_hypercube_plan(Ranges{{"cathode.loading", 2.0, 1.0, false}}, 10, 1), base::ParameterError);
  EXPECT_THROW(latin_hypercube_plan(Ranges{{"cathode.loading", 0.0, 1.0, true}}, 10, 1), base::ParameterError);
  const CellDescription cell = described_cell();
  EXPECT_THROW(sweep(cell, {{"cathode.loading"}, {{0.1, 0.2}}}, sweep_options(cell)), base::ParameterError);
}

TEST(SpacedValues, EndsAreExact) {
  const std::vector<double> values = spaced_values({"separator.thickness", 30e-6, 600e-6, true}, 10);
  ASSERT_EQ(values.size(), 10U);
  EXPECT_EQ(values.front(), 30e-6);
  EXPECT_EQ(values.back(), 600e-6);
  for (std::size_t i = 2; i < values.size(); ++i) EXPECT_NEAR(values[i] / values[i - 1], values[1] / values[0], 1e-12);
  EXPECT_THROW(spaced_values({"separator.thickness", 1.0, 1.0, false}, 3), base::ParameterError);
}

}  // namespace
}  // namespace closo::cell
