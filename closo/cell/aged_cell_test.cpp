#include "closo/cell/aged_cell.hpp"

#include <gtest/gtest.h>

#include "closo/cell/differential_resistance.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell {
namespace {

/// Everything that ages, ages.
CellParameters ageing_cell() {
  CellParameters cell = reference_cell_with_foil();
  cell.reference_temperature = 298.15;
  ContactModel contact;
  contact.partial_molar_volume = 4e-6;
  contact.residual_pressure = 20e6;
  contact.damage_per_strain = 0.15;
  contact.isolated_share = 0.5;
  cell.cathode.contact = contact;
  cell.cathode.growth = GrowthModel{1e-9, {1e-22, 0.0}, {1e-7, 0.0}, {}};
  cell.anode.resistance = {1e-3, 40e3};
  cell.anode.growth = GrowthModel{0.0, {1e-21, 0.0}, {1e-6, 40e3}, {}};
  MetalContactModel metal;
  metal.stack_pressure = 1e6;
  metal.critical_current_density = {5.0, 0.0};
  cell.anode.contact = metal;
  return cell;
}

// The last current of a run and the first of the aged cell lose the same in every piece that has no memory of its own.
TEST(AgedCell, LosesWhatTheRunLostAtItsEnd) {
  const CellParameters cell = ageing_cell();
  const Protocol protocol = parse_protocol(
      "Repeat 8 times:\nDischarge at 1C until 1.7 V\nCharge at 1C until 2.6 V\nEnd\n"
      "Discharge at 1C for 20 min\nRest for 20 h\nDischarge at 1C for 1 s");
  const SimulationResult run = simulate(cell, protocol);
  ASSERT_EQ(run.status, RunStatus::complete);
  const StepSummary& end = run.steps.back();
  ASSERT_GT(end.isolated_fraction, 0.01);
  ASSERT_LT(end.metal_contact, 0.999);
  CellParameters aged = aged_cell(cell, end);
  aged.cathode.initial_stoichiometry = end.mean_stoichiometry;
  EXPECT_FALSE(aged.cathode.contact.has_value());
  const SimulationResult again = simulate(aged, parse_protocol("Discharge at 1C for 1 s"));
  const LossBudget& before = run.rows.losses.back();
  const LossBudget& after = again.rows.losses.front();
  EXPECT_NEAR(after.anode_interface / before.anode_interface, 1.0, 1e-3);
  EXPECT_NEAR(after.anode_kinetics / before.anode_kinetics, 1.0, 1e-3);
  EXPECT_NEAR(after.separator / before.separator, 1.0, 1e-9);
  EXPECT_NEAR(after.film / before.film, 1.0, 0.05);
  EXPECT_NEAR(after.charge_transfer / before.charge_transfer, 1.0, 0.1);
  EXPECT_NEAR(aged.cathode.active_fraction / cell.cathode.active_fraction, 1.0 - end.isolated_fraction, 1e-12);
}

TEST(AgedCell, OfAYoungCellIsThatCell) {
  CellParameters cell = reference_cell_with_foil();
  const SimulationResult run = simulate(cell, parse_protocol("Rest for 1 s"));
  const CellParameters same = aged_cell(cell, run.steps.back());
  for (const double stoichiometry : {0.1, 0.8}) {
    EXPECT_NEAR(differential_resistance(same, stoichiometry, 333.15).total /
                    differential_resistance(cell, stoichiometry, 333.15).total,
                1.0, 1e-12);
  }
}

TEST(AgedCell, AMetalWithoutAnInterphaseAtTheStartTakesTheEnergyOfTheGrownOne) {
  CellParameters cell = ageing_cell();
  cell.anode.resistance = {};
  cell.anode.contact.reset();
  const SimulationResult run = simulate(cell, parse_protocol("Rest for 10 h"));
  const CellParameters aged = aged_cell(cell, run.steps.back());
  EXPECT_EQ(aged.anode.resistance.energy, 40e3);
  EXPECT_NEAR(differential_resistance(aged, 0.5, 333.15).anode_interface, run.steps.back().anode_resistance,
              1e-6 * run.steps.back().anode_resistance);
}

}  // namespace
}  // namespace closo::cell
