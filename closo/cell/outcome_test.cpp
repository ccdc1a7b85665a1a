#include "closo/cell/outcome.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/unit.hpp"
#include "closo/cell/sweep_cell_test.hpp"

namespace closo::cell {
namespace {

double value_of(std::string_view name, const CellOutcome& outcome) { return *outcome_quantity(name).value(outcome); }

TEST(Outcome, IsWhatTheSimulationGives) {
  const CellDescription cell = described_cell();
  const SweepOptions options = sweep_options(cell);
  const CellOutcome outcome = evaluate(cell, options.protocol, options.simulation, {});
  const SimulationResult run = simulate(build(cell), options.protocol, options.simulation);
  ASSERT_EQ(outcome.status, OutcomeStatus::complete);
  EXPECT_EQ(outcome.end, StepEnd::voltage);
  EXPECT_EQ(outcome.charge, run.steps.back().charge);
  EXPECT_EQ(outcome.energy, run.steps.back().energy);
  EXPECT_NEAR(value_of("specific capacity", outcome), outcome.charge / (0.07 * 0.4), 1e-9);
  EXPECT_NEAR(value_of("utilisation", outcome), outcome.charge / (0.07 * 0.4 * 239.0 * 3600.0), 1e-9);
  EXPECT_NEAR(value_of("specific energy", outcome) * *outcome.stack.areal_mass, outcome.energy, 1e-6);
  EXPECT_NEAR(value_of("specific power", outcome) * outcome.duration, value_of("specific energy", outcome), 1e-6);
  EXPECT_FALSE(outcome_quantity("specific energy with collectors").value(outcome));
}

TEST(Outcome, LossesAddUpToTheTotal) {
  const CellDescription cell = described_cell();
  const SweepOptions options = sweep_options(cell);
  const CellOutcome outcome = evaluate(cell, options.protocol, options.simulation, {});
  double sum = 0.0;
  for (const OutcomeQuantity& row : outcome_quantities()) {
    if (row.is_loss) sum += *row.value(outcome);
  }
  EXPECT_NEAR(sum, value_of("total loss", outcome), 1e-12);
  EXPECT_EQ(largest_loss(outcome)->name, "separator loss");
  EXPECT_EQ(largest_loss(CellOutcome{}), nullptr);
  const double drop = outcome.charge / outcome.duration * 600e-6 / 0.12;  // the current is constant
  EXPECT_NEAR(value_of("separator loss", outcome), drop, 1e-4 * drop);
}

TEST(Outcome, TheTableIsWhole) {
  std::set<std::string_view> names, keys;
  for (const OutcomeQuantity& row : outcome_quantities()) {
    EXPECT_NO_THROW(base::Unit::parse(row.unit));
    EXPECT_FALSE(row.meaning.empty());
    EXPECT_TRUE(names.insert(row.name).second);
    EXPECT_TRUE(keys.insert(row.key).second);
    EXPECT_EQ(&outcome_quantity(row.name), &row);
  }
  EXPECT_THROW(outcome_quantity("specific enrgy"), base::InputError);
  try {
    outcome_quantity("specific enrgy");
  } catch (const base::InputError& error) {
    EXPECT_NE(error.problem().find("'specific energy'"), std::string::npos);
  }
}

TEST(Outcome, WhatCannotBeIsAnOutcome) {
  CellDescription cell = described_cell();
  const SweepOptions options = sweep_options(cell);
  cell.set_value("cathode.electrolyte_mass_fraction", 0.7);  // 110 wt% in all
  const CellOutcome impossible = evaluate(cell, options.protocol, options.simulation, {});
  EXPECT_EQ(impossible.status, OutcomeStatus::impossible);
  EXPECT_FALSE(impossible.reason.empty());
  EXPECT_FALSE(outcome_quantity("specific capacity").value(impossible));
  EXPECT_EQ(to_string(impossible.status), "impossible");
}

TEST(Outcome, ACellThatIsTooSlowGivesNothing) {
  const CellDescription cell = described_cell();
  const SweepOptions fast = sweep_options(cell, "200C");
  const CellOutcome outcome = evaluate(cell, fast.protocol, fast.simulation, {});
  EXPECT_NE(outcome.status, OutcomeStatus::impossible);
  EXPECT_LT(*outcome_quantity("areal capacity").value(outcome), 1e-3 * outcome.theoretical_capacity);
}

TEST(Outcome, ACellBuiltDischargedIsChargedFirst) {
  CellDescription cell = described_cell();
  EXPECT_EQ(discharge_protocol(cell, "C/5", 1.7, 2.5).visits.size(), 1U);
  cell.set_value("cathode.initial_stoichiometry", 0.97);
  const SweepOptions options = sweep_options(cell);
  ASSERT_EQ(options.protocol.visits.size(), 2U);
  const CellOutcome outcome = evaluate(cell, options.protocol, options.simulation, {});
  EXPECT_EQ(outcome.status, OutcomeStatus::complete);
  EXPECT_GT(value_of("utilisation", outcome), 0.5);
  EXPECT_THROW(discharge_protocol(cell, "C//5", 1.7, 2.5), base::InputError);
}

}  // namespace
}  // namespace closo::cell
