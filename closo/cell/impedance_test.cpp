#include "closo/cell/impedance.hpp"

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell {
namespace {

using Complex = std::complex<double>;

std::vector<double> decades(int from, int to) {
  std::vector<double> result;
  for (int k = 4 * from; k <= 4 * to; ++k) result.push_back(std::pow(10.0, k / 4.0));
  return result;
}

ImpedanceOptions without_capacitances() { return {0.0, 0.0, 0.0, 0.0}; }

// L1 as impedance: a flat curve and linear kinetics have no frequency dependence.
TEST(CellImpedance, OfAFlatCurveIsNewmanAndTobias) {
  CellParameters cell = reference_cell_with_foil();
  cell.cathode.initial_stoichiometry = 0.5;
  cell.cathode.material.open_circuit = flat_open_circuit(2.0);
  SimulationOptions mesh;
  mesh.cathode_cells = 200;
  const double length = cell.cathode.thickness;
  const double area = 3.0 * 0.55 / 2e-6;
  const double thermal_voltage = base::gas_constant * 333.15 / base::faraday_constant;
  const double transfer = thermal_voltage / cell.cathode.material.kinetics.exchange_current_density.value;
  const double ionic = cell.cathode.ionic_conductivity.value;
  const double electronic = cell.cathode.electronic_conductivity.value;
  const double nu = length * std::sqrt(area / transfer * (1.0 / ionic + 1.0 / electronic));
  const double ratio = electronic / ionic;
  const double composite =
      length / (ionic + electronic) * (1.0 + (2.0 + (ratio + 1.0 / ratio) * std::cosh(nu)) / (nu * std::sinh(nu)));
  const double series = 5e-3 + thermal_voltage / cell.anode.exchange_current_density->value;
  for (const Complex z : cell_impedance(cell, 0.5, 333.15, decades(-4, 6), mesh, without_capacitances())) {
    EXPECT_NEAR(z.real(), series + composite, 1e-4 * composite);
    EXPECT_NEAR(z.imag(), 0.0, 1e-9);
  }
}

TEST(CellImpedance, OfLowFrequencyIsTheInsertionCapacitance) {
  const CellParameters cell = reference_cell();
  const double frequency = 1e-7;
  const Complex z = cell_impedance(cell, 0.4, 333.15, std::vector<double>{frequency})[0];
  const double slope = cell.cathode.material.open_circuit.at(0.4, 333.15).stoichiometry_derivative;
  const double expected = slope / (2.0 * std::numbers::pi * frequency * theoretical_capacity(cell.cathode));
  EXPECT_NEAR(z.imag(), expected, 2e-3 * std::abs(expected));
}

TEST(CellImpedance, OfHighFrequencyIsTheElectrolyteAndTheShorterOfTwoWays) {
  const CellParameters cell = reference_cell_with_foil();
  SimulationOptions mesh;
  mesh.cathode_cells = 400;
  const Complex z = cell_impedance(cell, 0.4, 333.15, std::vector<double>{1e9}, mesh)[0];
  const double both = cell.cathode.ionic_conductivity.value + cell.cathode.electronic_conductivity.value;
  EXPECT_NEAR(z.real(), 5e-3 + cell.cathode.thickness / both, 0.02 * cell.cathode.thickness / both);
}

// The simulator's answer to a small step of current is the transform of the impedance; its first moment is the limit of
// high frequency without double layers.
TEST(CellImpedance, IsTheLinearisedSimulator) {
  CellParameters cell = reference_cell_with_foil();
  cell.cathode.initial_stoichiometry = 0.4;
  cell.anode.resistance = {3e-3, 0.0};
  cell.cathode.film.resistance = 2e-3;
  cell.cathode.contacted_fraction = 0.6;
  cell.cathode.material.sizes = {{1e-6, 0.3}, {3e-6, 0.7}};
  Protocol step = parse_protocol("Discharge at 1 uA/cm2 for 300 s");
  step.steps[0].current->value = 1e-3;
  SimulationOptions options;
  options.tolerance = 1e-9;
  options.maximum_step = 1.0;
  const SimulationResult run = simulate(cell, step, options);
  const double rest = cell.cathode.material.open_circuit.potential(0.4, 333.15);
  const Complex fast = cell_impedance(cell, 0.4, 333.15, std::vector<double>{1e12}, options, without_capacitances())[0];
  EXPECT_NEAR((rest - run.steps[0].first_voltage) / 1e-3, fast.real(), 1e-5 * fast.real());
  // Step response at 300 s: r(t) = (2/π) ∫ Re Z(ω) sin(ωt)/ω dω.
  std::vector<double> frequency;
  constexpr int count = 24000;
  constexpr double low = 1e-9;
  constexpr double high = 1e3;
  for (int k = 0; k < count; ++k) frequency.push_back(low * std::pow(high / low, (k + 0.5) / count));
  const auto z = cell_impedance(cell, 0.4, 333.15, frequency, options, without_capacitances());
  double response = 0.0;
  for (int k = 0; k < count; ++k) {
    const double omega = 2.0 * std::numbers::pi * frequency[static_cast<std::size_t>(k)];
    if (omega * 300.0 > 400.0) break;  // resolved up to here; beyond, Re Z is all but constant
    response += (z[static_cast<std::size_t>(k)].real() - fast.real()) * std::sin(omega * 300.0);
  }
  response *= 2.0 / std::numbers::pi * std::log(high / low) / count;
  // The pole of the insertion capacitance has no real part: its ramp comes on top.
  const double slope = cell.cathode.material.open_circuit.at(0.4, 333.15).stoichiometry_derivative;
  response += fast.real() - slope * 300.0 / theoretical_capacity(cell.cathode);
  EXPECT_NEAR((rest - run.steps[0].last_voltage) / 1e-3, response, 2e-3 * response);
}

TEST(CellImpedance, IsPassiveAndItsArcsAddUp) {
  const CellParameters cell = reference_cell_with_foil();
  double before = 1e9;
  for (const Complex z : cell_impedance(cell, 0.4, 333.15, decades(-3, 7))) {
    EXPECT_GT(z.real(), 0.0);
    EXPECT_LE(z.imag(), 1e-12);
    EXPECT_LE(z.real(), before * (1.0 + 1e-12));
    before = z.real();
  }
}

TEST(CellImpedance, RefusesWhatIsNotPossible) {
  const CellParameters cell = reference_cell();
  const std::vector<double> frequency{1.0};
  EXPECT_THROW(cell_impedance(cell, 0.4, 333.15, std::vector<double>{0.0}), base::ParameterError);
  EXPECT_THROW(cell_impedance(cell, 0.0, 333.15, frequency), base::ParameterError);
  EXPECT_THROW(cell_impedance(cell, 0.4, 0.0, frequency), base::ParameterError);
  EXPECT_THROW(cell_impedance(cell, 0.4, 333.15, frequency, {}, {-1.0, 0.0, 0.0, 0.0}), base::ParameterError);
  EXPECT_THROW(cell_impedance(cell, 0.4, 333.15, frequency, {}, {0.0, -1.0, 0.0, 0.0}), base::ParameterError);
  EXPECT_THROW(cell_impedance(cell, 0.4, 333.15, frequency, {}, {0.0, 0.0, -1.0, 0.0}), base::ParameterError);
  EXPECT_THROW(cell_impedance(cell, 0.4, 333.15, frequency, {}, {0.0, 0.0, 0.0, -1.0}), base::ParameterError);
  SimulationOptions mesh;
  mesh.cathode_cells = 0;
  EXPECT_THROW(cell_impedance(cell, 0.4, 333.15, frequency, mesh), base::ParameterError);
  CellParameters bad = cell;
  bad.cathode.thickness = 0.0;
  EXPECT_THROW(cell_impedance(bad, 0.4, 333.15, frequency), base::ParameterError);
}

TEST(BlockingCell, IsAResistorAndTwoDoubleLayers) {
  const Complex z = blocking_cell_impedance(5e-4, 0.1, 0.7, std::vector<double>{10.0})[0];
  EXPECT_DOUBLE_EQ(z.real(), 5e-3);
  EXPECT_DOUBLE_EQ(z.imag(), -1.0 / (2.0 * std::numbers::pi * 10.0 * 0.35));
  EXPECT_THROW(blocking_cell_impedance(0.0, 0.1, 0.7, {}), base::ParameterError);
  EXPECT_THROW(blocking_cell_impedance(1.0, 0.0, 0.7, {}), base::ParameterError);
  EXPECT_THROW(blocking_cell_impedance(1.0, 0.1, 0.0, {}), base::ParameterError);
  EXPECT_THROW(blocking_cell_impedance(1.0, 0.1, 0.7, std::vector<double>{-1.0}), base::ParameterError);
}

}  // namespace
}  // namespace closo::cell
