#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "closo/cell/detail/electrode.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell::detail {
namespace {

/// A plateau, a cliff of half a volt and a plateau: what plain Newton iterations jump to and fro on.
OpenCircuit cliff() {
  const std::vector<double> z{0.02, 0.3, 0.6, 0.61, 0.9};
  const std::vector<double> u{3.6, 3.4, 3.4, 2.9, 2.8};
  return OpenCircuit::from_table(z, u);
}

struct CliffCase {
  CellParameters cell = reference_cell();
  std::size_t cells = 12;
  ElectrodeCoefficients at;
  std::vector<double> base, response;

  CliffCase() {
    cell.cathode.material.open_circuit = cliff();
    at.temperature = 333.15;
    at.ionic = 0.02;
    at.electronic = 0.1;
    at.exchange_current_at_half = 0.3;
    at.separator_resistance = 5e-3;
    at.touching.assign(cells, 1.0);
    at.connected.assign(cells, 1.0);
    at.film_resistance.assign(cells, 0.0);
    at.oxidation_thickness.assign(cells, 0.0);
    base.assign(cells, 0.55);
    response.assign(cells, 5e8);
  }
  ElectrodeState start(double u) const {
    ElectrodeState state;
    state.u.assign(cells, u);
    state.j.assign(cells, 0.0);
    state.overpotential.assign(cells, 0.0);
    state.surface.assign(cells, 0.55);
    return state;
  }
};

TEST(ElectrodeSearch, FindsTheSameStateFromAnyStart) {
  const CliffCase setup;
  Electrode electrode(setup.cell, setup.cells, 1.0);
  const SurfaceAnswer answer{setup.base, setup.response};
  for (const double current : {-30.0, -3.0, 0.0, 3.0, 30.0, 60.0}) {
    double voltage = 0.0;
    for (const double u : {3.4, -5.0, 9.0, 2.9}) {
      ElectrodeState state = setup.start(u);
      ASSERT_TRUE(electrode.solve(setup.at, {&answer, 1}, {Control::Kind::current, current}, state).is_converged)
          << current << " from " << u;
      if (u == 3.4) voltage = state.voltage;
      EXPECT_NEAR(state.voltage, voltage, 1e-7) << current << " from " << u;
    }
  }
}

TEST(ElectrodeSearch, VoltageAndPowerGiveTheCurrentBack) {
  const CliffCase setup;
  Electrode electrode(setup.cell, setup.cells, 1.0);
  const SurfaceAnswer answer{setup.base, setup.response};
  for (const double current : {-30.0, -1.0, 2.0, 40.0}) {
    ElectrodeState known = setup.start(3.4);
    ASSERT_TRUE(electrode.solve(setup.at, {&answer, 1}, {Control::Kind::current, current}, known).is_converged);
    for (const double u : {3.4, -5.0, 9.0}) {
      ElectrodeState state = setup.start(u);
      ASSERT_TRUE(electrode.solve(setup.at, {&answer, 1}, {Control::Kind::voltage, known.voltage}, state).is_converged);
      EXPECT_NEAR(state.current, current, 1e-4 * std::abs(current)) << u;
      state = setup.start(u);
      ASSERT_TRUE(
          electrode.solve(setup.at, {&answer, 1}, {Control::Kind::power, known.voltage * current}, state).is_converged);
      EXPECT_NEAR(state.current, current, 1e-4 * std::abs(current)) << u;
    }
  }
}

TEST(ElectrodeSearch, SaysWhenThereIsNoState) {
  const CliffCase setup;
  Electrode electrode(setup.cell, setup.cells, 1.0);
  const SurfaceAnswer answer{setup.base, setup.response};
  // Full particles take no more than this much.
  const double area = 3.0 * 0.55 / 2e-6 * 50e-6;
  const double most = 0.45 / 5e8 * 96485.0 * setup.cell.cathode.material.maximum_concentration * area;
  ElectrodeState state = setup.start(3.4);
  EXPECT_TRUE(electrode.solve(setup.at, {&answer, 1}, {Control::Kind::current, 0.98 * most}, state).is_converged);
  state = setup.start(3.4);
  EXPECT_FALSE(electrode.solve(setup.at, {&answer, 1}, {Control::Kind::current, 1.02 * most}, state).is_converged);
  state = setup.start(3.4);
  EXPECT_FALSE(electrode.solve(setup.at, {&answer, 1}, {Control::Kind::power, 1e9}, state).is_converged);
}

}  // namespace
}  // namespace closo::cell::detail
