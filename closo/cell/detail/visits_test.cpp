#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "closo/cell/detail/engine.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell {
namespace {

TEST(Visits, CyclesFollowTheProtocolAndCount) {
  const Protocol protocol = parse_protocol(
      "Discharge at C/5 until 1.7 V\nRepeat 4 times\nCharge at C/5 until 2.5 V\nHold at 2.5 V until C/50\n"
      "Rest for 10 min\nDischarge at C/5 until 1.7 V\nEnd");
  const SimulationResult run = simulate(reference_cell_with_foil(), protocol);
  ASSERT_EQ(run.status, RunStatus::complete) << run.reason;
  ASSERT_EQ(run.steps.size(), protocol.visits.size());
  double time = 0.0;
  for (std::size_t k = 0; k < run.steps.size(); ++k) {
    EXPECT_EQ(run.steps[k].visit, k);
    EXPECT_EQ(run.steps[k].cycle, protocol.visits[k].cycle);
    EXPECT_NEAR(run.steps[k].start_time, time, 1e-6);
    time += run.steps[k].duration;
  }
  // Without ageing the second and later cycles are alike and give back what they took.
  EXPECT_NEAR(run.steps[16].charge / run.steps[12].charge, 1.0, 1e-4);
  EXPECT_NEAR((run.steps[13].charge + run.steps[14].charge + run.steps[16].charge) / run.steps[16].charge, 0.0, 1e-3);
}

TEST(Visits, RowsAreOrderedAndOneEachStepBeginsIt) {
  const SimulationResult run =
      simulate(reference_cell_with_foil(),
               parse_protocol("Discharge at 1C until 2.0 V\nRest for 5 min\nCharge at 1C until 2.4 V"));
  const Rows& rows = run.rows;
  ASSERT_EQ(rows.losses.size(), rows.time.size());
  for (std::size_t k = 1; k < rows.time.size(); ++k) {
    EXPECT_GE(rows.time[k], rows.time[k - 1]);
    if (rows.visit[k] != rows.visit[k - 1]) {
      EXPECT_EQ(rows.time[k], rows.time[k - 1]);
      EXPECT_EQ(rows.charge[k], 0.0);
    }
  }
  SimulationOptions brief;
  brief.keeps_rows = false;
  const SimulationResult sums =
      simulate(reference_cell_with_foil(),
               parse_protocol("Discharge at 1C until 2.0 V\nRest for 5 min\nCharge at 1C until 2.4 V"), brief);
  EXPECT_TRUE(sums.rows.time.empty());
  EXPECT_EQ(sums.steps.back().charge, run.steps.back().charge);
}

TEST(Visits, AStepWhoseEndIsAlreadyThereTakesNoTime) {
  const SimulationResult run = simulate(
      reference_cell_with_foil(),
      parse_protocol("Charge at C/5 until 2.0 V\nDischarge at 100 mA/cm2 until 1.7 V\nHold at 2.53 V until 10C"));
  ASSERT_EQ(run.status, RunStatus::complete);
  EXPECT_EQ(run.steps[0].duration, 0.0);
  EXPECT_EQ(run.steps[0].end, StepEnd::voltage);
  EXPECT_EQ(run.steps[1].duration, 0.0);  // the ohmic drop is beyond the cut-off
  EXPECT_EQ(run.steps[2].end, StepEnd::current);
}

TEST(Visits, WhatCannotGoOnStopsWithAReasonAndKeepsTheRest) {
  // No cut-off: the particles are full before the time is over.
  const SimulationResult run =
      simulate(reference_cell_with_foil(), parse_protocol("Discharge at 1C for 10 h\nRest for 1 h"));
  EXPECT_EQ(run.status, RunStatus::stopped);
  EXPECT_FALSE(run.reason.empty());
  ASSERT_EQ(run.steps.size(), 1U);
  EXPECT_EQ(run.steps[0].end, StepEnd::stopped);
  EXPECT_GT(run.steps[0].charge, 0.9 * 21.504 * 3600.0 * 0.9);
  EXPECT_GT(run.rows.time.size(), 30U);
}

TEST(Visits, WhatCannotStartSaysSo) {
  const SimulationResult run = simulate(reference_cell_with_foil(), parse_protocol("Charge at 1000 A/cm2 for 1 h"));
  EXPECT_EQ(run.status, RunStatus::stopped);
  EXPECT_NE(run.reason.find("cannot start"), std::string::npos) << run.reason;
}

TEST(Visits, ACurrentBeyondWhatTheSurfaceCarriesEndsAtItsCutOffAtOnce) {
  CellParameters cell = reference_cell_with_foil();
  cell.cathode.material.diffusivity = {1e-19, 0.0};
  const SimulationResult run =
      simulate(cell, parse_protocol("Discharge at 5C until 1.7 V\nRest for 1 min\nCharge at 5C until 2.6 V"));
  ASSERT_EQ(run.status, RunStatus::complete) << run.reason;
  for (const std::size_t k : {0U, 2U}) {
    EXPECT_EQ(run.steps[k].end, StepEnd::voltage);
    EXPECT_EQ(run.steps[k].charge, 0.0);
  }
  EXPECT_LE(run.steps[0].first_voltage, 1.7);
  EXPECT_GE(run.steps[2].first_voltage, 2.6);
}

TEST(Visits, UnreachableEndsAreLeft) {
  SimulationOptions options;
  options.longest_step_duration = 1e5;
  const SimulationResult run =
      simulate(reference_cell_with_foil(), parse_protocol("Hold at 2.3 V until 1e-12 A/m2"), options);
  EXPECT_EQ(run.status, RunStatus::stopped);
  EXPECT_NE(run.reason.find("lasts longer"), std::string::npos) << run.reason;
}

TEST(Visits, AdvancesInPiecesToTheSameEnd) {
  const Protocol protocol = parse_protocol("Discharge at 1C until 1.7 V\nRest for 5 min");
  const SimulationResult whole = simulate(reference_cell_with_foil(), protocol);
  Simulation pieces(reference_cell_with_foil(), protocol);
  while (pieces.advance(3) == RunStatus::running) EXPECT_LE(pieces.visit(), 1U);
  EXPECT_EQ(pieces.result().rows.voltage, whole.rows.voltage);
  EXPECT_EQ(pieces.result().rows.time, whole.rows.time);
}

TEST(Visits, EveryEndHasAName) {
  EXPECT_EQ(to_string(StepEnd::voltage), "voltage");
  EXPECT_EQ(to_string(StepEnd::current), "current");
  EXPECT_EQ(to_string(StepEnd::duration), "duration");
  EXPECT_EQ(to_string(StepEnd::instant), "instant");
  EXPECT_EQ(to_string(StepEnd::stopped), "stopped");
}

}  // namespace
}  // namespace closo::cell
