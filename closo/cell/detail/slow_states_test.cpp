#include "closo/cell/detail/slow_states.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell::detail {
namespace {

TEST(SlowStates, ACellWithoutOptionalPiecesHasItsPlainCoefficients) {
  const CellParameters cell = reference_cell();
  const SlowStates states = start_states(cell, 3);
  EXPECT_TRUE(states.contact.empty());
  const ElectrodeCoefficients at = coefficients(cell, states, 333.15, 3);
  EXPECT_DOUBLE_EQ(at.separator_resistance, 5e-3);
  EXPECT_EQ(at.anode_exchange_current, 0.0);
  EXPECT_EQ(at.anode_resistance, 0.0);
  EXPECT_EQ(at.touching, std::vector<double>(3, 1.0));
  EXPECT_EQ(at.film_resistance, std::vector<double>(3, 0.0));
}

TEST(SlowStates, ResistancesAddUp) {
  CellParameters cell = reference_cell();
  // 25 nm of amorphous Li3PO4 with 1e-4 S/m: 2.5e-4 Ω m², and 10 nm of a grown interphase with 1e-5 S/m.
  cell.cathode.film = {25e-9, {1e-4, 0.0}, 1e-4};
  cell.cathode.growth = GrowthModel{10e-9, {}, {1e-5, 0.0}, {}};
  cell.anode.resistance = {2e-3, 0.0};
  cell.anode.growth = GrowthModel{5e-9, {}, {1e-6, 0.0}, {}};
  cell.anode.contact = MetalContactModel{};
  cell.anode.contact->initial_fraction = 0.25;
  cell.anode.contact->contacts_per_area = 1e10;
  const ElectrodeCoefficients at = coefficients(cell, start_states(cell, 2), 333.15, 2);
  EXPECT_NEAR(at.film_resistance[1], 2.5e-4 + 1e-4 + 1e-3, 1e-15);
  EXPECT_NEAR(at.anode_resistance, 2e-3 / 0.25 + 5e-3 / 0.25 + constriction_resistance(0.25, 0.1, 1e10), 1e-15);
}

TEST(SlowStates, ACoatingKeepsTheElectrolyteOffAsGrownInterphaseDoes) {
  CellParameters cell = reference_cell();
  OxidationModel oxidation;
  oxidation.exchange_current_density = {1e-3, 0.0};
  oxidation.onset_potential = 2.0;
  oxidation.decay_length = 5e-9;
  oxidation.molar_volume = 3e-5;
  cell.cathode.growth = GrowthModel{0.0, {}, {1e-6, 0.0}, oxidation};
  ElectrodeState solved;
  solved.u.assign(1, 2.5);
  const std::vector<double> means(1, 0.5);
  const auto grown = [&](double coating) {
    cell.cathode.film = {coating, {1e-3, 0.0}, 0.0};
    SlowStates states = start_states(cell, 1);
    const ElectrodeCoefficients at = coefficients(cell, states, 333.15, 1);
    EXPECT_EQ(at.oxidation_thickness[0], coating);
    EXPECT_NEAR(at.film_resistance[0], coating / 1e-3, 1e-18);
    advance(states, cell, at, solved, means, 1e-3);
    return states.cathode_thickness[0];
  };
  const double bare = grown(0.0);
  EXPECT_GT(bare, 0.0);
  EXPECT_NEAR(grown(10e-9) / bare, std::exp(-2.0), 1e-4);
}

TEST(SlowStates, ContactIsNeverQuiteLost) {
  CellParameters cell = reference_cell();
  cell.cathode.contact = ContactModel{};
  const SlowStates states = start_states(cell, 2);
  ASSERT_EQ(states.contact.size(), 2U);
  EXPECT_EQ(coefficients(cell, states, 333.15, 2).touching[0], 1e-6);  // no pressure at all
}

TEST(SlowStates, EachCellSwellsWithItsOwnParticles) {
  CellParameters cell = reference_cell();
  cell.cathode.material.sizes = {{1e-6, 0.25}, {2e-6, 0.75}};
  cell.cathode.contact = ContactModel{};
  cell.cathode.contact->partial_molar_volume = 3.0 / cell.cathode.material.maximum_concentration;
  SlowStates states = start_states(cell, 2);
  ElectrodeState solved;
  solved.u.assign(2, 2.0);
  const std::vector<double> means{0.4, 0.8, 0.2, 0.4};
  advance(states, cell, coefficients(cell, states, 333.15, 2), solved, means, 10.0);
  EXPECT_NEAR(states.contact[0].strain, 0.25, 1e-14);
  EXPECT_NEAR(states.contact[1].strain, 0.5, 1e-14);
}

TEST(SlowStates, ThermodynamicFactorIsOneForAnIdealSolution) {
  ActiveMaterial material;
  material.has_thermodynamic_factor = true;
  material.open_circuit = OpenCircuit::from_formula({{OpenCircuitTerm::Kind::ideal, 1.0, 0.0, 0.0, false}}, 0.0, 1.0);
  for (const double z : {0.01, 0.3, 0.99}) EXPECT_NEAR(diffusivity(material, 1e-15, z, 350.0), 1e-15, 1e-27);
  material.open_circuit = flat_open_circuit(2.0);
  EXPECT_NEAR(diffusivity(material, 1e-15, 0.5, 350.0), 1e-17, 1e-29);  // the floor on plateaus
  material.has_thermodynamic_factor = false;
  EXPECT_EQ(diffusivity(material, 1e-15, 0.5, 350.0), 1e-15);
}

}  // namespace
}  // namespace closo::cell::detail
