#include "closo/cell/detail/engine.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "closo/base/constants.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell {
namespace {

TEST(Events, CutOffsAreMetToTwoMicrovolts) {
  for (const double rate : {0.1, 1.0, 3.0}) {
    for (const double cut_off : {2.1, 1.7, 1.3}) {
      const SimulationResult run = simulate_constant_current(reference_cell_with_foil(), 21.504 * rate, cut_off);
      ASSERT_EQ(run.status, RunStatus::complete) << run.reason;
      EXPECT_EQ(run.steps.front().end, StepEnd::voltage);
      if (run.steps.front().duration > 0.0) {
        EXPECT_NEAR(run.steps.front().last_voltage, cut_off, 2e-6);
      }
    }
  }
}

TEST(Events, CurrentOfAHoldIsMetRelatively) {
  const SimulationResult run =
      simulate(reference_cell_with_foil(),
               parse_protocol("Discharge at 1C for 20 min\nCharge at 1C until 2.45 V\nHold at 2.45 V until C/100"));
  ASSERT_EQ(run.status, RunStatus::complete) << run.reason;
  EXPECT_EQ(run.steps[2].end, StepEnd::current);
  EXPECT_NEAR(run.steps[2].last_current / -0.21504, 1.0, 2e-6);
  EXPECT_NEAR(run.steps[2].first_current / -21.504, 1.0, 1e-3);  // goes on where the charge ended
  for (std::size_t k = 0; k < run.rows.time.size(); ++k) {
    if (run.rows.visit[k] == 2) {
      EXPECT_NEAR(run.rows.voltage[k], 2.45, 1e-8);
    }
  }
}

TEST(Events, TimesAreMetExactly) {
  const SimulationResult run =
      simulate(reference_cell_with_foil(), parse_protocol("Discharge at C/3 for 777 s\nRest for 123.5 s"));
  EXPECT_NEAR(run.steps[0].duration, 777.0, 1e-9);
  EXPECT_NEAR(run.steps[1].duration, 123.5, 1e-9);
  EXPECT_NEAR(run.steps[0].charge, 21.504 / 3.0 * 777.0, 1e-8);
}

TEST(Control, PowerIsHeld) {
  const SimulationResult run = simulate(
      reference_cell_with_foil(), parse_protocol("Discharge at 3 mW/cm2 until 1.7 V\nCharge at 2 mW/cm2 until 2.4 V"));
  ASSERT_EQ(run.status, RunStatus::complete) << run.reason;
  for (std::size_t k = 0; k < run.rows.time.size(); ++k) {
    const double power = run.rows.visit[k] == 0 ? 30.0 : -20.0;
    EXPECT_NEAR(run.rows.voltage[k] * run.rows.current[k], power, 1e-6);
  }
  EXPECT_NEAR(run.steps[0].energy, 30.0 * run.steps[0].duration, 1e-6 * run.steps[0].energy);
}

// Full surfaces limit the current long before the voltage is down: the power asked for is then found at no voltage, and
// a cycler that looks for it arrives at the cut-off.
TEST(Control, PowerBeyondWhatTheCellGivesEndsAtTheCutOff) {
  CellParameters cell = reference_cell_with_foil();
  for (const double diffusivity : {1e-20, 1e-18, 1e-15}) {
    for (const char* const power : {"20 mW/cm2", "100 mW/cm2", "1000 mW/cm2"}) {
      cell.cathode.material.diffusivity.value = diffusivity;
      const SimulationResult run =
          simulate(cell, parse_protocol("Discharge at " + std::string(power) + " until 1.5 V\nRest for 1 h"));
      ASSERT_EQ(run.status, RunStatus::complete) << diffusivity << " " << power << ": " << run.reason;
      EXPECT_EQ(run.steps[0].end, StepEnd::voltage);
      EXPECT_LE(run.steps[0].last_voltage, 1.5 + 2e-6) << diffusivity << " " << power;
      EXPECT_GT(run.steps[0].last_current, 0.0);
    }
  }
}

TEST(Control, PowerHasItsRootOfPositiveVoltage) {
  CellParameters cell = reference_cell_with_foil();
  cell.separator.conductivity.value = 0.005;
  for (const double rate : {1.0, 3.0, 10.0}) {
    Protocol protocol = parse_protocol("Discharge at 1C until 1.2 V\nCharge at 1 mW/cm2 until 2.4 V");
    protocol.steps[0].current->value = rate;
    const SimulationResult run = simulate(cell, protocol);
    ASSERT_EQ(run.status, RunStatus::complete) << run.reason;
    for (std::size_t k = 0; k < run.rows.time.size(); ++k) {
      if (run.rows.visit[k] == 0) continue;
      EXPECT_LT(run.rows.current[k], 0.0) << rate;
      EXPECT_NEAR(run.rows.voltage[k] * run.rows.current[k], -10.0, 1e-6) << rate;
    }
  }
}

TEST(Control, RestRelaxesToTheOpenCircuitOfTheMean) {
  const SimulationResult run =
      simulate(reference_cell_with_foil(), parse_protocol("Discharge at 1C for 30 min\nRest for 40 h"));
  EXPECT_NEAR(run.rows.voltage.back(), run.rows.open_circuit.back(), 1e-5);
  EXPECT_NEAR(run.steps[1].charge, 0.0, 1e-9);
}

TEST(Control, DischargeAndChargeAreMirrorsOfASymmetricMaterial) {
  CellParameters cell = reference_cell_with_foil();
  cell.cathode.material.open_circuit =
      OpenCircuit::from_formula({{OpenCircuitTerm::Kind::ideal, 1.0, 0.0, 0.0, false}}, 0.0, 1.0);
  cell.cathode.initial_stoichiometry = 0.5;
  const SimulationResult down = simulate(cell, parse_protocol("Discharge at C/2 for 10 min"));
  const SimulationResult up = simulate(cell, parse_protocol("Charge at C/2 for 10 min"));
  EXPECT_NEAR(down.steps[0].last_voltage, -up.steps[0].last_voltage, 1e-9);
}

TEST(SlowStates, AnodeInterphaseGrowsParabolicallyAndAddsItsResistance) {
  CellParameters cell = reference_cell();
  // R = 14.6 sqrt(t/h) Ω cm² on top of 29.6 Ω cm² (Payandeh et al. 2021, DOI 10.1002/adfm.202010046).
  cell.anode.resistance = {29.6e-4, 0.0};
  cell.anode.growth = GrowthModel{};
  cell.anode.growth->conductivity = {1e-6, 0.0};
  cell.anode.growth->parabolic_rate = {parabolic_rate(14.6e-4 / 60.0, 1e-6), 0.0};
  const SimulationResult run = simulate(cell, parse_protocol("Rest for 100 h"));
  EXPECT_NEAR(run.steps[0].anode_resistance, (29.6 + 146.0) * 1e-4, 1e-8);
}

TEST(SlowStates, OxidationTakesChargeThatDoesNotComeBack) {
  CellParameters cell = reference_cell_with_foil();
  cell.cathode.growth = GrowthModel{};
  cell.cathode.growth->conductivity = {1e-5, 0.0};
  cell.cathode.growth->oxidation = OxidationModel{};
  cell.cathode.growth->oxidation->exchange_current_density = {1e-3, 0.0};
  cell.cathode.growth->oxidation->onset_potential = 2.4;
  cell.cathode.growth->oxidation->molar_volume = 1e-4;
  const SimulationResult run =
      simulate(cell, parse_protocol("Discharge at C/5 until 1.7 V\nRepeat 3 times\n"
                                    "Charge at C/5 until 2.5 V\nDischarge at C/5 until 1.7 V\nEnd"));
  ASSERT_EQ(run.status, RunStatus::complete) << run.reason;
  const double capacity = theoretical_capacity(cell.cathode);
  double before = cell.cathode.initial_stoichiometry;
  for (const StepSummary& step : run.steps) {
    EXPECT_NEAR(step.mean_stoichiometry - before, (step.charge + step.side_charge) / capacity, 1e-10);
    before = step.mean_stoichiometry;
  }
  const double first = -run.steps[2].charge / run.steps[1].charge;
  const double third = -run.steps[6].charge / run.steps[5].charge;
  EXPECT_LT(first, 0.999);
  EXPECT_GT(third, first);  // the film protects
  EXPECT_LT(third, 1.0);
  EXPECT_GT(run.steps[6].cathode_interphase, run.steps[2].cathode_interphase);
}

CellParameters breathing_cell() {
  CellParameters cell = reference_cell_with_foil();
  ContactModel contact;
  contact.partial_molar_volume = 0.12 / cell.cathode.material.maximum_concentration;
  contact.stack_pressure = 3e6;
  contact.stiffness = 2e7;
  contact.contact_pressure = 1e6;
  contact.damage_per_strain = 0.2;
  contact.isolated_share = 0.5;
  cell.cathode.contact = contact;
  return cell;
}

TEST(SlowStates, DamageFadesTheCapacityAndIsolationIsKeptApart) {
  const Protocol cycles =
      parse_protocol("Repeat 10 times\nDischarge at C/2 until 1.7 V\nCharge at C/2 until 2.5 V\nEnd");
  const SimulationResult run = simulate(breathing_cell(), cycles);
  ASSERT_EQ(run.status, RunStatus::complete) << run.reason;
  double before = 1e9;
  for (std::size_t k = 0; k < run.steps.size(); k += 2) {
    EXPECT_LT(run.steps[k].charge, before);
    before = run.steps[k].charge;
  }
  EXPECT_LT(run.steps.back().contact_fraction, 0.95);
  EXPECT_GT(run.steps.back().isolated_fraction, 0.01);
  CellParameters connected = breathing_cell();
  connected.cathode.contact->isolated_share = 0.0;
  const SimulationResult other = simulate(connected, cycles);
  EXPECT_EQ(other.steps.back().isolated_fraction, 0.0);
  EXPECT_GT(other.steps.back().charge / run.steps.back().charge, 1.01);
}

// L9: touching fractions that rise with the root of the pressure give a resistance of P^-1/2, as measured on Li6PS5Cl
// contacts (arXiv:2501.00600).
TEST(SlowStates, ResistanceFallsWithTheRootOfThePressure) {
  const auto resistance = [](double pressure) {
    CellParameters cell = reference_cell();
    cell.cathode.initial_stoichiometry = 0.5;
    cell.cathode.material.open_circuit = flat_open_circuit(2.2);
    cell.cathode.material.diffusivity = {1e-3, 0.0};
    cell.cathode.material.kinetics.exchange_current_density = {1e-2, 0.0};
    cell.cathode.contact = ContactModel{};
    cell.cathode.contact->reference_stoichiometry = 0.5;
    cell.cathode.contact->stack_pressure = pressure;
    cell.cathode.contact->contact_pressure = 1e12;
    cell.cathode.contact->contact_exponent = 0.5;
    const SimulationResult run = simulate(cell, parse_protocol("Discharge at 1e-6 mA/cm2 for 1 ms"));
    return (2.2 - run.steps.front().first_voltage) / run.steps.front().first_current;
  };
  for (const double pressure : {1e5, 1e6, 1e7}) {
    EXPECT_NEAR(resistance(pressure) / resistance(4.0 * pressure), 2.0, 0.02) << pressure;
  }
}

TEST(SlowStates, SplittingConvergesWithTheStep) {
  const Protocol protocol = parse_protocol("Discharge at C/2 for 1 h");
  const auto last = [&](double longest) {
    SimulationOptions options;
    options.maximum_step = longest;
    options.tolerance = 1e-5;
    return simulate(breathing_cell(), protocol, options).steps.front().last_voltage;
  };
  const double exact = last(4.0);
  EXPECT_LT(std::abs(last(20.0) - exact), 5e-4);
  EXPECT_LT(std::abs(last(20.0) - exact), std::abs(last(300.0) - exact) + 1e-7);
}

TEST(SlowStates, StrippingAboveTheCriticalCurrentOpensVoids) {
  CellParameters cell = reference_cell_with_foil();
  MetalContactModel metal;
  metal.stack_pressure = 1e6;
  metal.critical_current_density = {6.0, 0.0};
  metal.creep_rate = {1e-4, 0.0};
  cell.anode.contact = metal;
  const Protocol protocol =
      parse_protocol("Discharge at 0.5 mA/cm2 for 1 h\nDischarge at 3 mA/cm2 for 20 min\nRest for 10 h");
  const SimulationResult run = simulate(cell, protocol);
  ASSERT_EQ(run.status, RunStatus::complete) << run.reason;
  EXPECT_EQ(run.steps[0].metal_contact, 1.0);
  EXPECT_LT(run.steps[1].metal_contact, 0.8);
  EXPECT_GT(run.steps[1].anode_resistance, run.steps[0].anode_resistance);
  EXPECT_GT(run.steps[2].metal_contact, run.steps[1].metal_contact);
}

TEST(SlowStates, AnAdiabaticCellKeepsItsHeat) {
  CellParameters cell = reference_cell_with_foil();
  cell.heat = HeatModel{2000.0, 0.0};
  SimulationOptions options;
  options.maximum_step = 10.0;
  const SimulationResult run = simulate(cell, parse_protocol("Discharge at 1C for 30 min"), options);
  // U of this material has the entropy of its RT/F terms: compare with polarisation and entropy from the rows.
  double heat = 0.0;
  for (std::size_t k = 1; k < run.rows.time.size(); ++k) {
    const double temperature = run.rows.temperature[k];
    const double entropy =
        cell.cathode.material.open_circuit.at(run.rows.mean_stoichiometry[k], temperature).temperature_derivative;
    heat += (run.rows.time[k] - run.rows.time[k - 1]) *
            heat_release(run.rows.current[k], run.rows.open_circuit[k], run.rows.voltage[k], temperature, entropy);
  }
  EXPECT_NEAR(run.steps[0].temperature - 333.15, heat / 2000.0, 1e-6 * std::abs(heat) / 2000.0 + 1e-9);
  EXPECT_GT(std::abs(run.steps[0].temperature - 333.15), 1.0);
}

TEST(SlowStates, HigherTemperatureGivesMore) {
  CellParameters cell = reference_cell_with_foil();
  cell.separator.conductivity.energy = 40e3;
  cell.cathode.ionic_conductivity.energy = 40e3;
  cell.cathode.material.diffusivity.energy = 30e3;
  double before = 0.0;
  for (const std::string text : {"30 degC", "60 degC", "90 degC"}) {
    const SimulationResult run =
        simulate(cell, parse_protocol("Set temperature to " + text + "\nDischarge at 1C until 1.7 V"));
    EXPECT_EQ(run.steps[0].end, StepEnd::instant);
    EXPECT_GT(run.steps[1].charge, before);
    before = run.steps[1].charge;
  }
}

}  // namespace
}  // namespace closo::cell
