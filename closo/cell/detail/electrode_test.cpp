#include "closo/cell/detail/electrode.hpp"

#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/constants.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell::detail {
namespace {

/// The first moment of a cell with a flat open circuit and infinitely fast particles.
struct Case {
  double ionic = 0.02, electronic = 0.5, exchange = 0.01, film = 0.0, touching = 1.0;
  std::size_t cells = 200;
  double current = 1e-6;

  double voltage() const {
    CellParameters cell = reference_cell();
    cell.cathode.material.open_circuit = flat_open_circuit(2.0);
    Electrode electrode(cell, cells, 1.0);
    ElectrodeCoefficients at;
    at.temperature = cell.temperature;
    at.ionic = ionic;
    at.electronic = electronic;
    at.separator_resistance = 5e-3;
    at.anode_resistance = 1e-3;
    at.exchange_current_at_half = exchange;
    at.touching.assign(cells, touching);
    at.connected.assign(cells, 1.0);
    at.film_resistance.assign(cells, film);
    at.oxidation_thickness.assign(cells, 0.0);
    const std::vector<double> base(cells, 0.5);
    const std::vector<double> response(cells, 0.0);
    const SurfaceAnswer answer{base, response};
    ElectrodeState state;
    state.u.assign(cells, 2.0);
    for (auto* const each : {&state.j, &state.overpotential}) each->assign(cells, 0.0);
    state.surface.assign(cells, 0.5);
    EXPECT_TRUE(electrode.solve(at, {&answer, 1}, {Control::Kind::current, current}, state).is_converged);
    return state.voltage;
  }

  /// J. S. Newman, C. W. Tobias, J. Electrochem. Soc. 109 (1962) 1183, DOI 10.1149/1.2425269: linear kinetics.
  double resistance() const {
    constexpr double length = 50e-6;
    const double area = 3.0 * 0.55 / 2e-6 * touching;
    const double transfer = base::gas_constant * 333.15 / base::faraday_constant / exchange + film;
    const double nu = length * std::sqrt(area / transfer * (1.0 / ionic + 1.0 / electronic));
    const double ratio = electronic / ionic;
    return length / (ionic + electronic) * (1.0 + (2.0 + (ratio + 1.0 / ratio) * std::cosh(nu)) / (nu * std::sinh(nu)));
  }
};

// L1 over reaction depths from uniform to a narrow front.
TEST(Electrode, SmallCurrentsSeeTheResistanceOfNewmanAndTobias) {
  for (const double exchange : {1e-4, 1e-2, 1.0}) {
    for (const double electronic : {0.005, 0.5}) {
      for (const double touching : {1.0, 0.1}) {
        Case one{.electronic = electronic, .exchange = exchange, .film = 1e-2 * exchange, .touching = touching};
        const double found = (2.0 - one.voltage()) / one.current - 6e-3;
        EXPECT_NEAR(found, one.resistance(), 1e-3 * one.resistance()) << exchange << " " << electronic;
      }
    }
  }
}

TEST(Electrode, ConvergesToThatResistanceWithTheSquareOfTheCells) {
  std::vector<double> error;
  for (const std::size_t cells : {10, 20, 40}) {
    Case one{.exchange = 0.1, .cells = cells};
    error.push_back(std::abs((2.0 - one.voltage()) / one.current - 6e-3 - one.resistance()));
  }
  EXPECT_NEAR(error[0] / error[1], 4.0, 0.6);
  EXPECT_NEAR(error[1] / error[2], 4.0, 0.6);
}

// L9: where kinetics limit, the resistance goes with one over the contacted area.
TEST(Electrode, KineticResistanceIsInverseToContact) {
  Case full{.exchange = 1e-5, .touching = 1.0};
  Case part{.exchange = 1e-5, .touching = 0.25};
  const auto resistance = [](const Case& one) { return (2.0 - one.voltage()) / one.current - 6e-3; };
  EXPECT_NEAR(resistance(part) / resistance(full), 4.0, 0.01);
}

// L2: without kinetics the two conductors share the current.
TEST(Electrode, OhmicLimitIsTwoConductorsInParallel) {
  double before = 1.0;
  for (const std::size_t cells : {100, 200, 400}) {
    Case one{.exchange = 1e9, .cells = cells, .current = 50.0};
    const double found = (2.0 - one.voltage()) / one.current - 6e-3;
    const double error = std::abs(found / (50e-6 / (0.02 + 0.5)) - 1.0);
    EXPECT_LT(error, 0.7 * before);
    before = error;
  }
  EXPECT_LT(before, 0.03);
}

TEST(Electrode, GradedWidthsFillTheThickness) {
  for (const double grading : {1.0, 1.7, 3.0}) {
    const std::vector<double> widths = graded_widths(50e-6, 13, grading);
    EXPECT_NEAR(std::accumulate(widths.begin(), widths.end(), 0.0), 50e-6, 1e-19);
    for (std::size_t i = 1; i < widths.size(); ++i) EXPECT_GE(widths[i], widths[i - 1] * (1.0 - 1e-12));
  }
}

TEST(Electrode, SaysWhenTheSurfaceCannotCarryTheCurrent) {
  CellParameters cell = reference_cell();
  Electrode electrode(cell, 5, 1.0);
  ElectrodeCoefficients at;
  at.ionic = at.electronic = 1.0;
  at.exchange_current_at_half = 1.0;
  at.touching.assign(5, 1.0);
  at.connected.assign(5, 1.0);
  at.film_resistance.assign(5, 0.0);
  const std::vector<double> base(5, 0.99);
  const std::vector<double> response(5, 1e12);  // 1e12 s/m × 1e-11 m/s is far beyond what is left
  const SurfaceAnswer answer{base, response};
  ElectrodeState state;
  state.u.assign(5, 2.0);
  state.j.assign(5, 0.0);
  state.overpotential.assign(5, 0.0);
  state.surface.assign(5, 0.99);
  EXPECT_FALSE(electrode.solve(at, {&answer, 1}, {Control::Kind::current, 1000.0}, state).is_converged);
}

}  // namespace
}  // namespace closo::cell::detail
