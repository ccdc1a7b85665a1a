#include "closo/cell/symmetric.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"

namespace closo::cell {
namespace {

/// Na4(CB11H12)2(B12H12) between sodium: 0.6 mm, 1.2 mS/cm; voids above 0.3 mA/cm² at 1 MPa.
SymmetricCell sodium_cell() {
  SymmetricCell cell;
  cell.separator = {600e-6, {0.12, 30e3}};
  cell.electrode.exchange_current_density = Activated{50.0, 40e3};
  cell.electrode.resistance = {1e-3, 45e3};
  MetalContactModel contact;
  contact.stack_pressure = 1e6;
  contact.reference_pressure = 1e6;
  contact.pressure_exponent = 5.0;
  contact.critical_current_density = {3.0, 50e3};
  contact.creep_rate = {1e-4, 50e3};
  contact.void_charge = 2000.0;
  cell.electrode.contact = contact;
  return cell;
}

SymmetricProgram program_of(std::vector<double> currents) {
  SymmetricProgram program;
  program.current_densities = std::move(currents);
  program.half_cycle_charge = 3600.0 * 2.0;
  program.voltage_limit = 1e6;
  return program;
}

// L10: V = I (L/κ + 2 R) + (4RT/F) asinh(I / (2 i0 θ)).
TEST(StrippingAndPlating, VoltageIsTheClosedFormula) {
  for (const double theta : {1.0, 0.6, 0.2}) {
    SymmetricCell cell = sodium_cell();
    cell.temperature = 313.15;
    cell.electrode.contact->initial_fraction = theta;
    const auto activated = [](double value, double energy) {
      return value * std::exp(-energy / base::gas_constant * (1.0 / 313.15 - 1.0 / 298.15));
    };
    const double conductivity = activated(0.12, 30e3) * 298.15 / 313.15;
    const double resistance =
        1e-3 / activated(1.0, 45e3) / theta +
        std::pow(1.0 - std::sqrt(theta), 1.5) / (4.0 * conductivity * std::sqrt(theta * 1e12 / std::acos(-1.0)));
    for (const double current : {0.1, 3.0, 80.0}) {
      const SymmetricResult result = simulate_symmetric(cell, program_of({current}));
      const double expected = current * (600e-6 / conductivity + 2.0 * resistance) +
                              4.0 * base::gas_constant * 313.15 / base::faraday_constant *
                                  std::asinh(current / (2.0 * activated(50.0, 40e3) * theta));
      EXPECT_NEAR(result.rows.voltage.front(), expected, 1e-10 * expected);
      EXPECT_NEAR(
          result.rows.voltage.front(),
          symmetric_cell_voltage(current, 600e-6, conductivity, resistance, activated(50.0, 40e3), theta, 313.15),
          1e-12 * expected);
    }
  }
}

TEST(StrippingAndPlating, NoChargeIsLostAndTheSidesTakeTurns) {
  const SymmetricCell cell = sodium_cell();
  SymmetricProgram program = program_of({1.0, 2.0});
  program.cycles_per_current = 3;
  program.rest = 600.0;
  const SymmetricResult result = simulate_symmetric(cell, program);
  EXPECT_EQ(result.end, SymmetricEnd::complete);
  ASSERT_EQ(result.steps.size(), 2U);
  EXPECT_EQ(result.steps[0].half_cycles, 6U);
  double charge = 0.0;
  double passed = 0.0;
  for (std::size_t k = 1; k < result.rows.time.size(); ++k) {
    const double part = result.rows.current[k] * (result.rows.time[k] - result.rows.time[k - 1]);
    charge += part;
    passed += std::abs(part);
    EXPECT_GE(result.rows.time[k], result.rows.time[k - 1]);
  }
  EXPECT_NEAR(passed, 12.0 * 7200.0, 1e-7 * passed);
  EXPECT_NEAR(charge, 0.0, 1e-9 * passed);
  EXPECT_NEAR(result.rows.time.back(), 6.0 * (7200.0 + 3600.0) + 12.0 * 600.0, 1e-6);
}

TEST(StrippingAndPlating, BelowTheCriticalCurrentNothingIsDamaged) {
  for (const double pressure : {0.3e6, 1e6, 3e6}) {
    for (const double temperature : {283.15, 298.15, 333.15}) {
      SymmetricCell cell = sodium_cell();
      cell.temperature = temperature;
      cell.electrode.contact->stack_pressure = pressure;
      const double critical = critical_current_density(*cell.electrode.contact, temperature, 298.15);
      SymmetricProgram program = program_of({0.2 * critical, critical});
      program.cycles_per_current = 5;
      const SymmetricResult result = simulate_symmetric(cell, program);
      EXPECT_EQ(result.end, SymmetricEnd::complete);
      for (const double theta : result.rows.first_contact) EXPECT_EQ(theta, 1.0);
      program.current_densities = {3.0 * critical};
      EXPECT_LT(simulate_symmetric(cell, program).steps[0].lowest_contact, 1.0);
    }
  }
}

// Without creep θ = exp(-(1 - I_c/I) q/q_v): collapse to θ* at I = I_c / (1 - (q_v/q) ln(1/θ*)).
TEST(CriticalCurrent, WithoutCreepIsTheClosedFormula) {
  SymmetricCell cell = sodium_cell();
  cell.electrode.contact->creep_rate = {};
  for (const double charge : {5000.0, 8000.0, 40000.0}) {
    for (const double limit : {0.1, 0.3, 0.8}) {
      SymmetricProgram program = program_of({});
      program.half_cycle_charge = charge;
      program.contact_limit = limit;
      const double share = 2000.0 / charge * std::log(1.0 / limit);
      const CriticalCurrent found = critical_current(cell, program, 1e-3, 1e4);
      ASSERT_TRUE(found.current_density.has_value());
      EXPECT_EQ(found.cause, SymmetricEnd::contact);
      EXPECT_NEAR(*found.current_density, 3.0 / (1.0 - share), 3e-6 * 3.0 / (1.0 - share));
    }
  }
  // Too little charge to lose the contact at any current.
  SymmetricProgram program = program_of({});
  program.half_cycle_charge = 2000.0;
  EXPECT_FALSE(critical_current(cell, program, 1e-3, 1e4).current_density.has_value());
}

// I_c and 1/τ both go with P^n exp(-E/RT), so a current s times as large does the same in 1/s of the time.
TEST(CriticalCurrent, RisesWithThePowerOfThePressureAndWithTemperature) {
  const SymmetricProgram program = program_of({});
  const auto found = [&](double pressure, double temperature, double exponent) {
    SymmetricCell cell = sodium_cell();
    cell.temperature = temperature;
    cell.electrode.contact->stack_pressure = pressure;
    cell.electrode.contact->pressure_exponent = exponent;
    return *critical_current(cell, program, 1e-6, 1e6).current_density;
  };
  for (const double exponent : {1.0, 5.0, 6.6}) {
    const double base = found(1e6, 298.15, exponent);
    EXPECT_GT(base, 3.0);
    for (const double pressure : {0.5e6, 2e6, 3.2e6})
      EXPECT_NEAR(found(pressure, 298.15, exponent) / base, std::pow(pressure / 1e6, exponent),
                  5e-6 * std::pow(pressure / 1e6, exponent));
    const double arrhenius = std::exp(-50e3 / base::gas_constant * (1.0 / 333.15 - 1.0 / 298.15));
    EXPECT_NEAR(found(1e6, 333.15, exponent) / base, arrhenius, 5e-6 * arrhenius);
  }
}

TEST(CriticalCurrent, FallsWithTheChargeOfAHalfCycle) {
  double before = 1e9;
  for (const double charge : {5e3, 7e3, 2e4, 1e5, 1e6}) {
    SymmetricProgram program = program_of({});
    program.half_cycle_charge = charge;
    const double now = *critical_current(sodium_cell(), program, 1e-3, 1e5).current_density;
    EXPECT_LE(now, before);
    before = now;
  }
  // Long half cycles reach the balance of opening and closing, θ* = 1/(1 + τ (I - I_c)/q_v).
  EXPECT_NEAR(before, 3.0 + 2000.0 * 1e-4 * (1.0 / 0.1 - 1.0), 1e-5);
}

TEST(CriticalCurrent, OfAnOhmicCellIsTheVoltageLimitOverTheResistance) {
  SymmetricCell cell;
  cell.separator = {500e-6, {0.05, 0.0}};
  cell.electrode.resistance = {2e-3, 0.0};
  SymmetricProgram program = program_of({});
  program.voltage_limit = 0.7;
  const CriticalCurrent found = critical_current(cell, program, 1e-2, 1e5);
  EXPECT_EQ(found.cause, SymmetricEnd::voltage);
  EXPECT_NEAR(*found.current_density, 0.7 / (0.01 + 4e-3), 1e-4);
  // Where the first current fails it is the answer.
  EXPECT_EQ(*critical_current(cell, program, 60.0, 1e5).current_density, 60.0);
  EXPECT_FALSE(critical_current(cell, program, 1e-2, 40.0).current_density.has_value());
}

TEST(StrippingAndPlating, AStaircaseEndsAtTheCurrentThatFails) {
  SymmetricCell cell = sodium_cell();
  const double critical = *critical_current(cell, program_of({}), 1e-3, 1e4).current_density;
  const SymmetricProgram program = program_of({0.5 * critical, 0.999 * critical, 1.001 * critical, 2.0 * critical});
  const SymmetricResult result = simulate_symmetric(cell, program);
  EXPECT_EQ(result.end, SymmetricEnd::contact);
  ASSERT_EQ(result.steps.size(), 3U);
  EXPECT_EQ(result.steps[1].end, SymmetricEnd::complete);
  EXPECT_NEAR(result.steps[2].lowest_contact, program.contact_limit, 1e-9);
  EXPECT_GT(result.steps[2].highest_voltage, result.steps[2].first_voltage);
}

TEST(StrippingAndPlating, AnInterphaseOnTheMetalGrowsWithTheSquareRootOfTime) {
  SymmetricCell cell;
  cell.separator = {500e-6, {0.05, 0.0}};
  cell.electrode.growth = GrowthModel{0.0, {1e-20, 0.0}, {1e-6, 0.0}, {}};
  SymmetricProgram program = program_of({1.0});
  const SymmetricResult result = simulate_symmetric(cell, program);
  for (std::size_t k = 0; k < result.rows.time.size(); ++k) {
    const double grown = std::sqrt(1e-20 * result.rows.time[k]);
    EXPECT_NEAR(std::abs(result.rows.voltage[k]), 0.01 + 2.0 * grown / 1e-6, 1e-9);
  }
}

TEST(StrippingAndPlating, ImpossibleCellsAndProgramsAreRefused) {
  const auto refused = [](auto&& change) {
    SymmetricCell cell = sodium_cell();
    SymmetricProgram program = program_of({1.0});
    change(cell, program);
    EXPECT_THROW(simulate_symmetric(cell, program), base::ParameterError);
  };
  refused([](auto& cell, auto&) { cell.separator.thickness = 0.0; });
  refused([](auto& cell, auto&) { cell.separator.conductivity.value = -1.0; });
  refused([](auto& cell, auto&) { cell.temperature = 0.0; });
  refused([](auto& cell, auto&) { cell.reference_temperature = 0.0; });
  refused([](auto& cell, auto&) { cell.electrode.resistance.value = -1.0; });
  refused([](auto& cell, auto&) { cell.electrode.exchange_current_density = Activated{0.0, 0.0}; });
  refused([](auto& cell, auto&) { cell.electrode.contact->void_charge = 0.0; });
  refused([](auto& cell, auto&) { cell.electrode.growth = GrowthModel{0.0, {1e-20, 0.0}, {0.0, 0.0}, {}}; });
  refused([](auto&, auto& program) { program.current_densities = {}; });
  refused([](auto&, auto& program) { program.current_densities = {-1.0}; });
  refused([](auto&, auto& program) { program.half_cycle_charge = 0.0; });
  refused([](auto&, auto& program) { program.rest = -1.0; });
  refused([](auto&, auto& program) { program.voltage_limit = 0.0; });
  refused([](auto&, auto& program) { program.contact_limit = 1.0; });
  refused([](auto&, auto& program) { program.cycles_per_current = 0; });
  refused([](auto&, auto& program) { program.points = 0; });
  refused([](auto&, auto& program) { program.points = 10'000'000; });
  EXPECT_THROW(critical_current(sodium_cell(), program_of({}), 0.0, 1.0), base::ParameterError);
  EXPECT_THROW(critical_current(sodium_cell(), program_of({}), 2.0, 1.0), base::ParameterError);
}

TEST(StrippingAndPlating, EndsHaveNames) {
  EXPECT_EQ(to_string(SymmetricEnd::complete), "complete");
  EXPECT_EQ(to_string(SymmetricEnd::contact), "contact");
  EXPECT_EQ(to_string(SymmetricEnd::voltage), "voltage");
}

}  // namespace
}  // namespace closo::cell
