#include "closo/cell/differential_resistance.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell {
namespace {

constexpr double thermal_voltage = base::gas_constant * 333.15 / base::faraday_constant;

double sum(const DifferentialResistance& resistance) {
  const auto all = values(resistance);
  return std::accumulate(all.begin(), all.end(), 0.0);
}

std::vector<CellParameters> cells() {
  std::vector<CellParameters> all{reference_cell_with_foil()};
  CellParameters films = reference_cell_with_foil();
  films.anode.resistance = {2e-3, 0.0};
  films.anode.growth = GrowthModel{10e-9, {1e-22, 0.0}, {1e-6, 0.0}, {}};
  MetalContactModel contact;
  contact.initial_fraction = 0.4;
  contact.contacts_per_area = 1e8;
  contact.creep_rate = {1e-4, 0.0};
  films.anode.contact = contact;
  films.cathode.film = {25e-9, {1e-6, 0.0}, 1e-3};
  films.cathode.growth = GrowthModel{5e-9, {1e-22, 0.0}, {1e-7, 0.0}, {}};
  films.cathode.contacted_fraction = 0.7;
  all.push_back(films);
  CellParameters poor = reference_cell();
  poor.cathode.ionic_conductivity.value *= 0.02;
  poor.cathode.electronic_conductivity.value *= 0.01;
  poor.cathode.material.sizes = {{1e-6, 0.5}, {5e-6, 0.5}};
  poor.cathode.material.shape = ParticleShape::cylinder;
  all.push_back(poor);
  CellParameters thermodynamic = reference_cell();
  thermodynamic.cathode.material.has_thermodynamic_factor = true;
  all.push_back(thermodynamic);
  return all;
}

TEST(DifferentialResistance, ThePiecesAddUpToTheWhole) {
  for (const CellParameters& cell : cells()) {
    for (const double stoichiometry : {0.001, 0.05, 0.5, 0.95, 0.999}) {
      const DifferentialResistance found = differential_resistance(cell, stoichiometry, 333.15);
      EXPECT_NEAR(sum(found) / found.total, 1.0, 2e-6);
    }
  }
}

TEST(DifferentialResistance, SeriesPiecesAndSmallLossesAreTheirFormulas) {
  const CellParameters cell = cells()[1];
  const DifferentialResistance found = differential_resistance(cell, 0.5, 333.15);
  EXPECT_NEAR(found.separator, 500e-6 / 0.1, 1e-8);
  const double constriction = constriction_resistance(0.4, 0.1, 1e8);
  EXPECT_NEAR(found.anode_interface, (2e-3 + 10e-9 / 1e-6) / 0.4 + constriction, 1e-8);
  EXPECT_NEAR(found.anode_kinetics, thermal_voltage / (cell.anode.exchange_current_density->value * 0.4), 1e-8);
}

// A steady current loads a composite evenly however it conducts: L/3κ, film and kinetics over the whole contacted
// area, diffusion a fifth of R/D in a sphere.
TEST(DifferentialResistance, OfASteadyCurrentIsThatOfAnEvenReaction) {
  CellParameters cell = cells()[1];
  SimulationOptions mesh;
  mesh.cathode_cells = 80;
  mesh.particle_shells = 120;
  const DifferentialResistance found = differential_resistance(cell, 0.5, 333.15, mesh);
  const double area = 3.0 * 0.55 / 2e-6 * 50e-6;
  const ActiveMaterial& material = cell.cathode.material;
  EXPECT_NEAR(found.cathode_ionic / (50e-6 / (3.0 * cell.cathode.ionic_conductivity.value)), 1.0, 2e-3);
  EXPECT_NEAR(found.cathode_electronic / (50e-6 / (3.0 * cell.cathode.electronic_conductivity.value)), 1.0, 2e-3);
  EXPECT_NEAR(found.film / ((25e-9 / 1e-6 + 1e-3 + 5e-9 / 1e-7) / (0.7 * area)), 1.0, 2e-3);
  EXPECT_NEAR(
      found.charge_transfer / (thermal_voltage / (material.kinetics.exchange_current_density.value * 0.7 * area)), 1.0,
      2e-3);
  const double slope = -material.open_circuit.at(0.5, 333.15).stoichiometry_derivative;
  EXPECT_NEAR(
      found.diffusion / (slope * 2e-6 / (5.0 * 1e-15 * base::faraday_constant * material.maximum_concentration * area)),
      1.0, 2e-3);
}

// The same pieces as the simulator's own loss budget at a small current, once the particles have settled.
TEST(DifferentialResistance, IsTheLossBudgetOfASmallCurrent) {
  CellParameters cell = reference_cell_with_foil();
  cell.cathode.film = {25e-9, {1e-6, 0.0}, 0.0};
  cell.cathode.initial_stoichiometry = 0.4;
  const double current = 0.01;
  SimulationOptions options;
  options.tolerance = 1e-7;
  const Protocol protocol = parse_protocol("Discharge at 0.001 mA/cm2 for 20 h");
  const SimulationResult result = simulate(cell, protocol, options);
  ASSERT_EQ(result.status, RunStatus::complete);
  const LossBudget losses = result.rows.losses.back() * (1.0 / (current * current));
  const DifferentialResistance found =
      differential_resistance(cell, result.rows.mean_stoichiometry.back(), 333.15, options);
  const auto same = [](double a, double b) { EXPECT_NEAR(a / b, 1.0, 5e-3); };
  same(losses.separator, found.separator);
  same(losses.anode_kinetics, found.anode_kinetics);
  same(losses.cathode_ionic, found.cathode_ionic);
  same(losses.cathode_electronic, found.cathode_electronic);
  same(losses.film, found.film);
  same(losses.charge_transfer, found.charge_transfer);
  same(losses.diffusion, found.diffusion);
}

TEST(DifferentialResistance, HasANameForEachPiece) {
  const auto names = resistance_names();
  EXPECT_EQ(names.front(), "separator");
  EXPECT_EQ(names.back(), "diffusion");
}

TEST(DifferentialResistance, ImpossibleStatesAreRefused) {
  EXPECT_THROW(differential_resistance(reference_cell(), 1.5, 333.15), base::ParameterError);
  EXPECT_THROW(differential_resistance(reference_cell(), 0.5, 0.0), base::ParameterError);
  CellParameters cell = reference_cell();
  cell.separator.thickness = 0.0;
  EXPECT_THROW(differential_resistance(cell, 0.5, 333.15), base::ParameterError);
}

}  // namespace
}  // namespace closo::cell
