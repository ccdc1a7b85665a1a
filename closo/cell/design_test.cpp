#include "closo/cell/design.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "closo/base/error.hpp"
#include "closo/cell/sweep_cell_test.hpp"

namespace closo::cell {
namespace {

Margins of(double (*function)(double)) {
  return [function](std::span<const double> places) {
    std::vector<double> values;
    for (const double place : places) values.push_back(function(place));
    return values;
  };
}

TEST(FindLimits, AKnownRoot) {
  const DesignLimit limit = find_limits({"x", 1.0, 100.0, true}, of([](double x) { return 10.0 - x; }));
  EXPECT_EQ(limit.status, LimitStatus::found);
  ASSERT_EQ(limit.intervals.size(), 1U);
  EXPECT_TRUE(limit.intervals.front().is_low_bound);
  EXPECT_FALSE(limit.intervals.front().is_high_bound);
  EXPECT_NEAR(limit.intervals.front().high, 10.0, 1e-3);
  EXPECT_LE(limit.intervals.front().high, 10.0) << "the limit itself meets the targets";
}

TEST(FindLimits, AnIntervalWithin) {
  const DesignLimit limit =
      find_limits({"x", 0.0, 10.0, false}, of([](double x) { return 1.0 - std::pow(x - 4.3, 2); }), 33);
  ASSERT_EQ(limit.intervals.size(), 1U);
  EXPECT_NEAR(limit.intervals.front().low, 3.3, 1e-3);
  EXPECT_NEAR(limit.intervals.front().high, 5.3, 1e-3);
}

TEST(FindLimits, ANarrowTopBetweenThePointsIsFound) {
  const DesignLimit limit =
      find_limits({"x", 0.0, 10.0, false}, of([](double x) { return 0.01 - std::pow(x - 4.3, 2); }), 6);
  EXPECT_EQ(limit.status, LimitStatus::found);
  ASSERT_EQ(limit.intervals.size(), 1U);
  EXPECT_NEAR(limit.intervals.front().low, 4.2, 2e-3);
  EXPECT_NEAR(limit.intervals.front().high, 4.4, 2e-3);
}

TEST(FindLimits, EverywhereAndNowhere) {
  EXPECT_EQ(find_limits({"x", 1.0, 2.0, false}, of([](double x) { return x; })).status, LimitStatus::everywhere);
  const DesignLimit none = find_limits({"x", 1.0, 2.0, false}, of([](double x) { return -1.0 - std::abs(x - 1.7); }));
  EXPECT_EQ(none.status, LimitStatus::nowhere);
  EXPECT_TRUE(none.intervals.empty());
  EXPECT_NEAR(none.best, 1.7, 0.01) << "where it comes closest";
  EXPECT_NEAR(none.best_margin, -1.0, 0.01);
}

TEST(FindLimits, SurvivesAStep) {
  const DesignLimit limit = find_limits({"x", 0.0, 1.0, false}, of([](double x) { return x < 0.35 ? 0.5 : -1e6; }));
  ASSERT_EQ(limit.intervals.size(), 1U);
  EXPECT_NEAR(limit.intervals.front().high, 0.35, 1e-4);
}

TEST(FindLimits, WrongRequestsAreRefused) {
  EXPECT_THROW(find_limits({"x", 2.0, 1.0, false}, of([](double x) { return x; })), base::ParameterError);
  EXPECT_THROW(find_limits({"x", 1.0, 2.0, false}, of([](double x) { return x; }), 2), base::ParameterError);
  EXPECT_THROW(find_limits({"x", 1.0, 2.0, false}, of([](double x) { return x; }), 5, 0.0), base::ParameterError);
}

TEST(Margin, SignsAndUnknowns) {
  CellOutcome outcome;
  outcome.status = OutcomeStatus::complete;
  outcome.charge = 200.0;
  outcome.active_mass = 1.0;
  const DesignTarget least{&outcome_quantity("specific capacity"), true, 100.0},
      most{&outcome_quantity("specific capacity"), false, 100.0},
      energy{&outcome_quantity("specific energy"), true, 1.0};
  EXPECT_DOUBLE_EQ(margin(least, outcome), 1.0);
  EXPECT_DOUBLE_EQ(margin(most, outcome), -1.0);
  EXPECT_LT(margin(energy, outcome), -1e3) << "the masses are not known";
  const std::vector<DesignTarget> both{least, most};
  EXPECT_DOUBLE_EQ(margin(both, outcome), -1.0);
}

TEST(ParetoFront, KnownPoints) {
  const std::vector<double> x{1.0, 2.0, 3.0, 2.5, 1.5, std::numeric_limits<double>::quiet_NaN()},
      y{5.0, 4.0, 1.0, 3.0, 3.5, 9.0};
  EXPECT_EQ(pareto_front(x, y), (std::vector<std::size_t>{0, 1, 3, 2}));
  EXPECT_THROW(pareto_front(x, std::vector<double>{1.0}), base::ParameterError);
}

TEST(FindLimits, OfACell) {
  // The ohmic loss of the separator at a constant current is I L / κ: its limit is known.
  const CellDescription cell = described_cell();
  const SweepOptions options = sweep_options(cell, "1 mA/cm2");
  const std::vector<DesignTarget> targets{{&outcome_quantity("separator loss"), false, 0.020}};
  const DesignLimit limit =
      find_limits({"separator.thickness", 20e-6, 1e-3, true}, [&](std::span<const double> places) {
        const SweepAxis axis{"separator.thickness", {places.begin(), places.end()}};
        std::vector<double> values;
        for (const CellOutcome& run : sweep(cell, grid_plan(std::span(&axis, 1)), options))
          values.push_back(margin(targets, run));
        return values;
      });
  ASSERT_EQ(limit.intervals.size(), 1U);
  EXPECT_NEAR(limit.intervals.front().high, 0.020 * 0.12 / 10.0, 1e-3 * 240e-6);
}

}  // namespace
}  // namespace closo::cell
