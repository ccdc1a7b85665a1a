#include "closo/cell/long_run.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"
#include "closo/cell/cycles.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell {
namespace {

constexpr std::size_t all = static_cast<std::size_t>(-1);

/// Everything that ages, ages.
CellParameters ageing_cell() {
  CellParameters cell = reference_cell_with_foil();
  ContactModel contact;
  contact.partial_molar_volume = 4e-6;
  contact.residual_pressure = 5e6;
  contact.damage_per_strain = 0.05;
  contact.isolated_share = 0.5;
  cell.cathode.contact = contact;
  cell.cathode.growth = GrowthModel{1e-9, {1e-22, 0.0}, {1e-7, 0.0}, {}};
  cell.anode.growth = GrowthModel{0.0, {1e-21, 0.0}, {1e-6, 0.0}, {}};
  MetalContactModel metal;
  metal.stack_pressure = 1e6;
  metal.critical_current_density = {5.0, 0.0};
  metal.creep_rate = {1e-4, 0.0};
  cell.anode.contact = metal;
  return cell;
}

Protocol cycling(int cycles) {
  return parse_protocol("Repeat " + std::to_string(cycles) +
                        " times:\nDischarge at 1C until 1.7 V\nRest for 10 min\nCharge at 1C until 2.6 V\n"
                        "Hold at 2.6 V until C/10\nEnd");
}

void expect_same(const LongRun& one, const LongRun& other) {
  EXPECT_EQ(one.state(), other.state());
  EXPECT_EQ(one.rows().voltage, other.rows().voltage);
  EXPECT_EQ(one.result().time_steps, other.result().time_steps);
}

TEST(LongRun, KeepsTheRowsOfTheChosenCyclesOnly) {
  const CellParameters cell = ageing_cell();
  const Protocol protocol = cycling(5);
  const SimulationResult whole = simulate(cell, protocol);
  LongRun run(cell, protocol, {}, {5, 2, 2, 77});
  EXPECT_EQ(run.advance(all), RunStatus::complete);
  EXPECT_EQ(run.visit(), protocol.visits.size());
  std::vector<double> expected;
  for (std::size_t k = 0; k < whole.rows.time.size(); ++k) {
    const std::uint32_t cycle = protocol.visits[whole.rows.visit[k]].cycle;
    if (cycle == 2 || cycle == 5) expected.push_back(whole.rows.voltage[k]);
  }
  EXPECT_EQ(run.rows().voltage, expected);
  EXPECT_EQ(run.rows().losses.size(), expected.size());
  EXPECT_TRUE(run.result().rows.time.empty());
  ASSERT_EQ(run.result().steps.size(), whole.steps.size());
  EXPECT_EQ(run.result().steps.back().charge, whole.steps.back().charge);
}

// The run is killed after every so many time steps and taken up by a new one each time.
TEST(LongRun, KilledAnywhereItGoesOnBitForBit) {
  const CellParameters cell = ageing_cell();
  const Protocol protocol = cycling(4);
  LongRun whole(cell, protocol, {}, {1, 4});
  ASSERT_EQ(whole.advance(all), RunStatus::complete);
  for (const std::size_t piece : {1UL, 7UL, 50UL, 255UL, 256UL, 257UL, 400UL}) {
    std::string saved;
    for (RunStatus status = RunStatus::running; status == RunStatus::running;) {
      LongRun run(cell, protocol, {}, {1, 4});
      if (!saved.empty()) run.restore(saved);
      status = run.advance(piece);
      saved = run.state();
      if (status == RunStatus::complete) expect_same(run, whole);
    }
  }
}

TEST(LongRun, OtherCellsProtocolsAndChoicesAreRefused) {
  const CellParameters cell = ageing_cell();
  LongRun run(cell, cycling(4), {}, {1});
  run.advance(300);
  const std::string saved = run.state();
  const auto refused = [&](LongRun other, const std::string& bytes, const std::string& words) {
    const std::string before = other.state();
    try {
      other.restore(bytes);
      ADD_FAILURE() << words;
    } catch (const base::InputError& error) {
      EXPECT_NE(error.problem().find(words), std::string::npos) << error.problem();
    }
    EXPECT_EQ(other.state(), before);
  };
  CellParameters thicker = cell;
  thicker.separator.thickness *= 1.01;
  refused({thicker, cycling(4), {}, {1}}, saved, "another cell, protocol or mesh");
  refused({cell, cycling(5), {}, {1}}, saved, "another cell, protocol or mesh");
  SimulationOptions finer;
  finer.cathode_cells = 21;
  refused({cell, cycling(4), finer, {1}}, saved, "another cell, protocol or mesh");
  refused({cell, cycling(4), {}, {2}}, saved, "other cycles");
  refused({cell, cycling(4), {}, {1}}, "", "no saved run");
  refused({cell, cycling(4), {}, {1}}, "cycle,capacity\n1,200\n", "no saved run");
  refused({cell, cycling(4), {}, {1}}, saved.substr(0, 30), "too early");
  for (const std::size_t length : {40UL, saved.size() / 2, saved.size() - 1})
    refused({cell, cycling(4), {}, {1}}, saved.substr(0, length), "damaged");
  std::string damaged = saved;
  damaged[saved.size() / 3] ^= 1;
  refused({cell, cycling(4), {}, {1}}, damaged, "damaged");
}

TEST(LongRun, AStoppedRunKeepsItsReason) {
  CellParameters cell = ageing_cell();
  cell.cathode.contact->damage_per_strain = 2.0;
  const Protocol protocol = cycling(300);
  LongRun run(cell, protocol, {}, {1});
  const RunStatus status = run.advance(all);
  LongRun again(cell, protocol, {}, {1});
  again.restore(run.state());
  EXPECT_EQ(again.advance(all), status);
  EXPECT_EQ(again.result().reason, run.result().reason);
  EXPECT_EQ(cycle_rows(protocol, again.result().steps).size(), cycle_rows(protocol, run.result().steps).size());
}

TEST(LongRun, ImpossibleProtocolsAreRefused) {
  EXPECT_THROW(LongRun(ageing_cell(), parse_protocol("Charge at 1C until 20 V"), {}, {}), base::ParameterError);
}

}  // namespace
}  // namespace closo::cell
