#include "closo/cell/oracle/ida_cell.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell {
namespace {

constexpr double one_hour_current = 21.504;  // A/m² of the reference cell

SimulationOptions mesh(double tolerance) {
  SimulationOptions options;
  options.cathode_cells = 8;
  options.particle_shells = 12;
  options.tolerance = tolerance;
  return options;
}

/// The largest differences between the simulator and IDA at the simulator's times.
struct Difference {
  double voltage = 0.0;        // V
  double current = 0.0;        // of 1C
  double stoichiometry = 0.0;  // of the mean: charge over capacity
};

/// IDA takes over what is held and when it changes. The last part of the time may be left out: where the voltage falls
/// off a cliff, it measures the time and not the voltage.
Difference difference(const CellParameters& cell, const Protocol& protocol, const SimulationOptions& options,
                      double part = 1.0) {
  const SimulationResult run = simulate(cell, protocol, options);
  EXPECT_EQ(run.status, RunStatus::complete) << run.reason;
  IdaCell oracle(cell, options);
  Difference largest;
  const Rows& rows = run.rows;
  for (std::size_t k = 0; k < rows.time.size() && rows.time[k] <= part * rows.time.back(); ++k) {
    if (k == 0 || rows.visit[k] != rows.visit[k - 1]) {
      const ProtocolStep& step = protocol.steps[protocol.visits[rows.visit[k]].step];
      if (step.kind == ProtocolStep::Kind::hold) {
        oracle.hold_voltage(step.voltage);
      } else if (step.power_density) {
        oracle.hold_power(step.kind == ProtocolStep::Kind::charge ? -*step.power_density : *step.power_density);
      } else {
        oracle.hold_current(rows.current[k]);
      }
    }
    oracle.advance(rows.time[k]);
    largest.voltage = std::max(largest.voltage, std::abs(oracle.voltage() - rows.voltage[k]));
    largest.current = std::max(largest.current, std::abs(oracle.current() - rows.current[k]) / one_hour_current);
    largest.stoichiometry =
        std::max(largest.stoichiometry, std::abs(oracle.mean_stoichiometry() - rows.mean_stoichiometry[k]));
  }
  return largest;
}

struct Case {
  std::string name;
  std::function<void(CellParameters&)> change;
};
void PrintTo(const Case& each, std::ostream* stream) { *stream << each.name; }

class EveryCell : public testing::TestWithParam<Case> {
 protected:
  CellParameters cell() const {
    CellParameters parameters = reference_cell_with_foil();
    GetParam().change(parameters);
    return parameters;
  }
};

TEST_P(EveryCell, DischargesAlongTheOraclesCurve) {
  for (const double rate : {0.1, 1.0, 2.0}) {
    Protocol protocol = parse_protocol("Discharge at 1C until 1.5 V");
    protocol.steps[0].current->value = rate;
    const Difference usual = difference(cell(), protocol, mesh(1e-4), 0.99);
    EXPECT_LT(usual.voltage, 0.6e-3) << rate;
    EXPECT_LT(usual.stoichiometry, 1e-10) << rate;
    EXPECT_LT(difference(cell(), protocol, mesh(1e-7), 0.99).voltage, 1e-5) << rate;
  }
}

TEST_P(EveryCell, FollowsTheOracleThroughEveryKindOfStep) {
  const Protocol protocol = parse_protocol(
      "Discharge at C/2 for 1 h\nRest for 30 min\nHold at 2.0 V for 10 min\nCharge at C/2 until 2.5 V\n"
      "Hold at 2.5 V until C/50\nRest for 10 min\nDischarge at 4 mW/cm2 until 1.8 V");
  const Difference usual = difference(cell(), protocol, mesh(1e-4));
  EXPECT_LT(usual.voltage, 1e-3);
  EXPECT_LT(usual.current, 2e-3);
  EXPECT_LT(usual.stoichiometry, 1e-3);
  const Difference fine = difference(cell(), protocol, mesh(1e-7));
  EXPECT_LT(fine.voltage, 2e-5);
  EXPECT_LT(fine.current, 3e-5);
  EXPECT_LT(fine.stoichiometry, 1e-5);
}

TEST_P(EveryCell, EndsWhereTheOracleEnds) {
  for (const double rate : {0.1, 1.0, 2.0}) {
    IdaCell oracle(cell(), mesh(1e-4));
    oracle.hold_current(rate * one_hour_current);
    const double cut_off = oracle.voltage() - 0.4;
    ASSERT_TRUE(oracle.advance_until_voltage(cut_off, 1e6));
    EXPECT_NEAR(oracle.voltage(), cut_off, 1e-7);
    for (const auto& [tolerance, allowed] : {std::pair{1e-4, 1e-3}, {1e-7, 2e-5}}) {
      const SimulationResult run = simulate_constant_current(cell(), rate * one_hour_current, cut_off, mesh(tolerance));
      EXPECT_NEAR(run.steps.front().duration / oracle.time(), 1.0, allowed) << rate << " " << tolerance;
    }
  }
}

const std::vector<Case> cases = {
    {"Reference", [](CellParameters&) {}},
    {"ReversibleMetal", [](CellParameters& cell) { cell.anode.exchange_current_density.reset(); }},
    {"VaryingDiffusivity", [](CellParameters& cell) { cell.cathode.material.has_thermodynamic_factor = true; }},
    {"SizeClasses",
     [](CellParameters& cell) {
       cell.cathode.material.sizes = {{1e-6, 0.3}, {3e-6, 0.7}};
     }},
    {"VaryingDiffusivityInSizeClasses",
     [](CellParameters& cell) {
       cell.cathode.material.has_thermodynamic_factor = true;
       cell.cathode.material.sizes = {{1e-6, 0.5}, {2.5e-6, 0.5}};
     }},
    {"Slabs",
     [](CellParameters& cell) {
       cell.cathode.material.shape = ParticleShape::slab;
       cell.cathode.material.sizes = {{1e-6, 1.0}};
     }},
    {"Cylinders", [](CellParameters& cell) { cell.cathode.material.shape = ParticleShape::cylinder; }},
    {"Films",
     [](CellParameters& cell) {
       cell.cathode.film = {25e-9, {1e-5, 0.0}, 1e-3};
       cell.cathode.contacted_fraction = 0.6;
       cell.anode.resistance = {3e-3, 0.0};
     }},
    {"SlowKinetics",
     [](CellParameters& cell) {
       cell.cathode.material.kinetics.exchange_current_density.value = 0.01;
       cell.anode.exchange_current_density = Activated{0.2, 0.0};
     }},
    {"PoorElectrons", [](CellParameters& cell) { cell.cathode.electronic_conductivity.value = 0.01; }},
    {"AnotherTemperature",
     [](CellParameters& cell) {
       cell.reference_temperature = 298.15;
       cell.temperature = 343.15;
       cell.separator.conductivity.energy = cell.cathode.ionic_conductivity.energy = 20e3;
       cell.cathode.material.diffusivity.energy = -8e3;
       cell.cathode.material.kinetics.exchange_current_density.energy = 15e3;
       cell.anode.resistance = {3e-3, 30e3};
     }},
    {"Alloy",
     [](CellParameters& cell) {
       cell.anode.equilibrium_potential = -0.05;
       cell.anode.exchange_current_density = Activated{1.0, 0.0};
     }},
    {"Table",
     [](CellParameters& cell) {
       const std::vector<double> z{0.005, 0.1, 0.3, 0.34, 0.6, 0.65, 0.9};
       const std::vector<double> u{2.8, 2.4, 2.38, 2.2, 2.18, 2.05, 1.95};
       cell.cathode.material.open_circuit = OpenCircuit::from_table(z, u);
     }},
};
INSTANTIATE_TEST_SUITE_P(Oracle, EveryCell, testing::ValuesIn(cases),
                         [](const testing::TestParamInfo<Case>& each) { return each.param.name; });

TEST(Oracle, TheSimulatorConvergesToItWithTheTolerance) {
  const Protocol protocol = parse_protocol("Discharge at 1C until 1.5 V");
  double before = 1.0;
  for (const double tolerance : {1e-3, 1e-4, 1e-5, 1e-6, 1e-7}) {
    const double now = difference(reference_cell_with_foil(), protocol, mesh(tolerance)).voltage;
    EXPECT_LT(now, 0.5 * before) << tolerance;
    before = now;
  }
  EXPECT_LT(before, 3e-6);
}

TEST(Oracle, GradedMeshesAreTheSame) {
  SimulationOptions options = mesh(1e-7);
  options.cathode_grading = 2.0;
  options.particle_grading = 2.7;
  EXPECT_LT(difference(reference_cell_with_foil(), parse_protocol("Discharge at 1C until 1.5 V"), options).voltage,
            5e-6);
}

TEST(Oracle, RefusesSlowStatesAndSaysWhenThereIsNoSolution) {
  CellParameters cell = reference_cell();
  cell.heat = HeatModel{2000.0, 1.0};
  EXPECT_THROW(IdaCell(cell, mesh(1e-4)), base::ParameterError);
  IdaCell oracle(reference_cell(), mesh(1e-4));
  EXPECT_THROW(oracle.hold_current(1e7), base::NumericsError);
  IdaCell emptied(reference_cell(), mesh(1e-4));
  emptied.hold_current(one_hour_current);
  EXPECT_THROW(emptied.advance(4000.0), base::NumericsError);  // full after an hour
  EXPECT_GT(emptied.steps(), 10U);
}

}  // namespace
}  // namespace closo::cell
