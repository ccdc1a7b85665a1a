#include "closo/cell/cycles.hpp"

#include <gtest/gtest.h>

#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell {
namespace {

StepSummary step(std::uint32_t visit, std::uint32_t cycle, double charge, double voltage, double current) {
  StepSummary row;
  row.visit = visit;
  row.cycle = cycle;
  row.end = StepEnd::voltage;
  row.duration = 100.0;
  row.start_time = 100.0 * visit;
  row.charge = charge;
  row.energy = charge * voltage;
  row.first_current = row.last_current = current;
  row.losses.separator = 2.0;
  row.temperature = 300.0 + visit;
  return row;
}

Protocol protocol_of(std::vector<std::uint32_t> cycles) {
  Protocol protocol;
  protocol.steps.resize(1);
  for (const std::uint32_t cycle : cycles) protocol.visits.push_back({0, cycle});
  return protocol;
}

TEST(Cycles, SumsHoldsAndRestsIntoTheirCycle) {
  const Protocol protocol = protocol_of({1, 1, 1, 1, 2, 2});
  const std::vector<StepSummary> steps{
      step(0, 1, 100.0, 2.0, 5.0),  step(1, 1, 0.0, 2.1, 0.0),   step(2, 1, -90.0, 2.4, -5.0),
      step(3, 1, -20.0, 2.5, -1.0), step(4, 2, 99.0, 2.0, 10.0),
  };
  const std::vector<CycleRow> rows = cycle_rows(protocol, steps);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_DOUBLE_EQ(rows[0].discharge_capacity, 100.0);
  EXPECT_DOUBLE_EQ(rows[0].charge_capacity, 110.0);
  EXPECT_FALSE(rows[0].coulombic_efficiency.has_value()) << "nothing was charged before";
  EXPECT_DOUBLE_EQ(*rows[1].coulombic_efficiency, 99.0 / 110.0);
  EXPECT_DOUBLE_EQ(*rows[1].energy_efficiency, 198.0 / (90.0 * 2.4 + 20.0 * 2.5));
  EXPECT_DOUBLE_EQ(*rows[0].discharge_voltage, 2.0);
  EXPECT_DOUBLE_EQ(*rows[0].charge_voltage, (90.0 * 2.4 + 20.0 * 2.5) / 110.0);
  EXPECT_DOUBLE_EQ(rows[0].duration, 400.0);
  EXPECT_DOUBLE_EQ(rows[0].discharge_losses.separator, 2.0);
  EXPECT_DOUBLE_EQ(rows[0].charge_losses.separator, 4.0);
  EXPECT_DOUBLE_EQ(rows[0].largest_current, 5.0);
  EXPECT_DOUBLE_EQ(rows[0].temperature, 303.0);
  EXPECT_TRUE(rows[0].is_complete);
  EXPECT_DOUBLE_EQ(rows[1].start_time, 400.0);
  EXPECT_FALSE(rows[1].is_complete) << "its charge has not run";
  EXPECT_FALSE(rows[1].charge_voltage.has_value());
  EXPECT_TRUE(cycle_rows(protocol, {}).empty());
}

TEST(Cycles, EfficiencyIsOfTheChargeBefore) {
  // Cells built charged and cells built discharged lose the same 2 % of each charge.
  const Protocol protocol = protocol_of({1, 1, 2, 2});
  const std::vector<CycleRow> charged_first =
      cycle_rows(protocol, std::vector<StepSummary>{step(0, 1, -100.0, 2.4, -5.0), step(1, 1, 98.0, 2.0, 5.0),
                                                    step(2, 2, -50.0, 2.4, -5.0), step(3, 2, 49.0, 2.0, 5.0)});
  const std::vector<CycleRow> discharged_first =
      cycle_rows(protocol, std::vector<StepSummary>{step(0, 1, 100.0, 2.0, 5.0), step(1, 1, -50.0, 2.4, -5.0),
                                                    step(2, 2, 49.0, 2.0, 5.0), step(3, 2, -60.0, 2.4, -5.0)});
  EXPECT_DOUBLE_EQ(*charged_first[0].coulombic_efficiency, 0.98);
  EXPECT_DOUBLE_EQ(*charged_first[1].coulombic_efficiency, 0.98);
  EXPECT_FALSE(charged_first[0].is_discharged_first);
  EXPECT_FALSE(discharged_first[0].coulombic_efficiency.has_value());
  EXPECT_DOUBLE_EQ(*discharged_first[1].coulombic_efficiency, 0.98);
  EXPECT_TRUE(discharged_first[1].is_discharged_first);
}

TEST(Cycles, AStoppedStepLeavesItsCycleIncomplete) {
  const Protocol protocol = protocol_of({1, 2});
  std::vector<StepSummary> steps{step(0, 1, 100.0, 2.0, 5.0), step(1, 2, 40.0, 2.0, 5.0)};
  EXPECT_TRUE(cycle_rows(protocol, steps).back().is_complete);
  steps.back().end = StepEnd::stopped;
  EXPECT_FALSE(cycle_rows(protocol, steps).back().is_complete);
}

TEST(Cycles, RetentionNeedsBothCycles) {
  const Protocol protocol = protocol_of({1, 2, 3});
  const std::vector<StepSummary> steps{step(0, 1, 100.0, 2.0, 5.0), step(1, 2, 80.0, 2.0, 5.0),
                                       step(2, 3, -80.0, 2.0, -5.0)};
  const std::vector<CycleRow> rows = cycle_rows(protocol, steps);
  EXPECT_DOUBLE_EQ(*retention(rows, 2, 1), 0.8);
  EXPECT_DOUBLE_EQ(*retention(rows, 1, 1), 1.0);
  EXPECT_FALSE(retention(rows, 3, 1).has_value()) << "did not discharge";
  EXPECT_FALSE(retention(rows, 1, 3).has_value());
  EXPECT_FALSE(retention(rows, 4, 1).has_value());
  EXPECT_FALSE(retention(rows, 1, 4).has_value());
}

// A straight line is its own least-squares line; cycles at another rate and broken ones do not count.
TEST(Cycles, FadeIsTheSlopeOverCyclesOfTheSameCurrent) {
  std::vector<CycleRow> rows;
  for (std::uint32_t cycle = 1; cycle <= 20; ++cycle) {
    CycleRow row;
    row.cycle = cycle;
    row.discharge_capacity = 200.0 * (1.0 - 0.003 * (cycle - 1.0));
    row.largest_current = 5.0;
    if (cycle % 5 == 0) {
      row.discharge_capacity *= 0.5;
      row.largest_current = 20.0;
    }
    rows.push_back(row);
  }
  rows.back().largest_current = 5.0;
  rows.back().is_complete = false;
  EXPECT_NEAR(*fade_per_cycle(rows, 1, 20), -0.003, 1e-12);
  // Against the capacity of the first cycle asked for.
  EXPECT_NEAR(*fade_per_cycle(rows, 11, 19), -0.003 / 0.97, 1e-12);
  EXPECT_FALSE(fade_per_cycle(rows, 1, 1).has_value());
  EXPECT_FALSE(fade_per_cycle(rows, 30, 40).has_value());
  rows[0].discharge_capacity = 0.0;
  EXPECT_FALSE(fade_per_cycle(rows, 1, 20).has_value());
}

TEST(Cycles, ASimulatedCellKeepsItsChargeAndLosesItsDissipation) {
  CellParameters cell = reference_cell();
  const Protocol protocol =
      parse_protocol("Repeat 3 times:\nDischarge at 1C until 1.7 V\nCharge at 1C until 2.6 V\nEnd");
  SimulationOptions options;
  options.keeps_rows = false;
  const SimulationResult result = simulate(cell, protocol, options);
  const std::vector<CycleRow> rows = cycle_rows(protocol, result.steps);
  ASSERT_EQ(rows.size(), 3U);
  for (const CycleRow& row : rows) {
    EXPECT_TRUE(row.is_complete);
    EXPECT_GT(*row.charge_voltage, *row.discharge_voltage);
    EXPECT_GT(row.discharge_losses.total(), 0.0);
    EXPECT_NEAR(row.largest_current, 21.504, 1e-9);
  }
  EXPECT_LT(*rows[2].energy_efficiency, 1.0);
  // Without side reactions the same loop is walked again and again.
  EXPECT_NEAR(*rows[2].coulombic_efficiency, 1.0, 2e-4);
  EXPECT_NEAR(*retention(rows, 3, 2), 1.0, 2e-4);
}

// Long runs hand their rows over piece by piece and remain the same run.
TEST(Cycles, RowsTakenInPiecesAreTheRowsOfTheWholeRun) {
  const CellParameters cell = reference_cell();
  const Protocol protocol = parse_protocol("Discharge at 1C until 1.7 V; Rest for 1 h; Charge at 1C until 2.6 V");
  const SimulationResult whole = simulate(cell, protocol);
  Simulation pieces(cell, protocol);
  std::vector<double> time, voltage;
  for (RunStatus status = RunStatus::running; status == RunStatus::running;) {
    status = pieces.advance(7);
    const Rows rows = pieces.take_rows();
    EXPECT_TRUE(pieces.result().rows.time.empty());
    time.insert(time.end(), rows.time.begin(), rows.time.end());
    voltage.insert(voltage.end(), rows.voltage.begin(), rows.voltage.end());
  }
  EXPECT_EQ(time, whole.rows.time);
  EXPECT_EQ(voltage, whole.rows.voltage);
}

}  // namespace
}  // namespace closo::cell
