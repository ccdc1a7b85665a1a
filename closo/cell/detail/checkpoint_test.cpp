#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"
#include "closo/cell/detail/bytes.hpp"
#include "closo/cell/detail/engine.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell {
namespace {

using base::InputError;

/// Everything that has a memory at once.
CellParameters ageing_cell() {
  CellParameters cell = reference_cell_with_foil();
  cell.cathode.material.sizes = {{1e-6, 0.4}, {2e-6, 0.6}};
  ContactModel contact;
  contact.partial_molar_volume = 4e-6;
  contact.stack_pressure = 3e6;
  contact.stiffness = 2e7;
  contact.creep_rate = {1e-4, 0.0};
  contact.damage_per_strain = 0.1;
  contact.isolated_share = 0.3;
  cell.cathode.contact = contact;
  cell.cathode.growth =
      GrowthModel{1e-9, {1e-24, 0.0}, {1e-5, 0.0}, OxidationModel{{1e-5, 0.0}, 2.4, 0.5, 5e-9, 1e-4, 1.0}};
  cell.anode.growth = GrowthModel{0.0, {1e-20, 0.0}, {1e-5, 0.0}, {}};
  MetalContactModel metal;
  metal.stack_pressure = 1e6;
  metal.critical_current_density = {6.0, 0.0};
  metal.creep_rate = {1e-4, 0.0};
  cell.anode.contact = metal;
  cell.heat = HeatModel{3000.0, 5.0};
  return cell;
}

Protocol cycles() {
  return parse_protocol(
      "Discharge at 1C until 1.7 V\nRepeat 2 times\nSet temperature to 62 degC\nCharge at 1C until 2.5 V\n"
      "Hold at 2.5 V until C/20\nRest for 10 min\nDischarge at 1C until 1.7 V\nEnd");
}

SimulationOptions small() {
  SimulationOptions options;
  options.cathode_cells = 6;
  options.particle_shells = 6;
  return options;
}

TEST(Checkpoint, ARunKilledAnywhereGoesOnBitForBit) {
  Simulation whole(ageing_cell(), cycles(), small());
  ASSERT_EQ(whole.advance(), RunStatus::complete) << whole.result().reason;
  const std::string end = whole.checkpoint();
  Simulation pieces(ageing_cell(), cycles(), small());
  std::size_t kills = 0;
  for (std::size_t steps = 1; pieces.advance(steps) == RunStatus::running; steps = steps % 13 + 2) {
    const std::string bytes = pieces.checkpoint();
    Simulation fresh(ageing_cell(), cycles(), small());
    fresh.restore(bytes);
    EXPECT_EQ(fresh.checkpoint(), bytes);
    pieces = fresh;
    ++kills;
  }
  EXPECT_GT(kills, 20U);
  EXPECT_EQ(pieces.checkpoint(), end);
  EXPECT_EQ(pieces.result().rows.voltage, whole.result().rows.voltage);
  EXPECT_EQ(pieces.result().steps.back().losses, whole.result().steps.back().losses);
}

TEST(Checkpoint, RefusesWhatIsNotItsOwn) {
  Simulation run(ageing_cell(), cycles(), small());
  run.advance(20);
  const std::string bytes = run.checkpoint();
  const auto refuses = [&](CellParameters cell, const Protocol& protocol, const SimulationOptions& options) {
    Simulation other(std::move(cell), protocol, options);
    EXPECT_THROW(other.restore(bytes), InputError);
  };
  CellParameters cell = ageing_cell();
  cell.separator.thickness *= 1.0000001;
  refuses(cell, cycles(), small());
  cell = ageing_cell();
  cell.cathode.contact->damage_per_strain = 0.2;
  refuses(cell, cycles(), small());
  cell = ageing_cell();
  cell.cathode.material.open_circuit = flat_open_circuit(2.1);
  refuses(cell, cycles(), small());
  cell = ageing_cell();
  cell.anode.contact.reset();
  refuses(cell, cycles(), small());
  Protocol protocol = cycles();
  protocol.steps[0].until_voltage = 1.71;
  refuses(ageing_cell(), protocol, small());
  SimulationOptions options = small();
  options.cathode_cells = 7;
  refuses(ageing_cell(), cycles(), options);
}

TEST(Checkpoint, RefusesDamagedBytesAndStaysAsItWas) {
  Simulation run(ageing_cell(), cycles(), small());
  run.advance(20);
  const std::string bytes = run.checkpoint();
  for (std::size_t cut = 0; cut < bytes.size(); cut += 97) {
    EXPECT_THROW(run.restore(bytes.substr(0, cut)), InputError);
    std::string changed = bytes;
    changed[cut] = static_cast<char>(changed[cut] ^ 0x10);
    EXPECT_THROW(run.restore(changed), InputError);
  }
  EXPECT_EQ(run.checkpoint(), bytes);
}

TEST(Bytes, ReadersNeverReadBeyondTheirEnd) {
  detail::ByteWriter writer;
  std::vector<double> numbers{1.0, 2.0};
  std::string text = "abc";
  writer.io(numbers);
  writer.io(text);
  const std::string bytes = writer.bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    detail::ByteReader reader(std::string_view(bytes).substr(0, size));
    std::vector<double> found;
    std::string found_text;
    EXPECT_THROW((reader.io(found), reader.io(found_text)), InputError);
  }
  detail::ByteReader reader(bytes);
  std::vector<double> found;
  std::string found_text;
  reader.io(found);
  reader.io(found_text);
  EXPECT_EQ(found, numbers);
  EXPECT_EQ(found_text, text);
  EXPECT_TRUE(reader.is_at_end());
}

}  // namespace
}  // namespace closo::cell
