#include "closo/cell/capability.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "closo/base/error.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell {
namespace {

RateCapabilityOptions options_of(std::vector<double> per_hour) {
  RateCapabilityOptions options;
  options.per_hour = std::move(per_hour);
  options.lower_cutoff = 1.7;
  options.upper_cutoff = 2.5;
  return options;
}

RatePoint only(const CellParameters& cell, const RateCapabilityOptions& options) {
  return rate_capability(std::vector<CellParameters>{cell}, options).front();
}

TEST(RateCapability, FasterDischargesDeliverLessAtLowerVoltage) {
  const std::vector<CellParameters> cells{reference_cell_with_foil()};
  const auto points = rate_capability(cells, options_of({0.05, 0.2, 0.5, 1.0, 2.0}));
  ASSERT_EQ(points.size(), 5U);
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_EQ(points[i].status, RunStatus::complete);
    EXPECT_NEAR(points[i].voltage.back(), 1.7, 1e-5);
    EXPECT_NEAR(points[i].current * points[i].duration, points[i].capacity, 1e-9 * points[i].capacity);
    EXPECT_LT(points[i].capacity, points[i].reachable);
    if (i == 0) continue;
    EXPECT_LT(points[i].capacity, points[i - 1].capacity);
    EXPECT_LT(*points[i].mean_voltage, *points[i - 1].mean_voltage);
    EXPECT_GT(*points[i].mean_power, *points[i - 1].mean_power);
  }
  EXPECT_EQ(points.front().limit, RateLimit::capacity);
}

// I U = I V + losses at every moment, so over a discharge ∫ U dQ = energy + losses.
TEST(RateCapability, EnergyAndLossesAddUpToTheOpenCircuitEnergy) {
  const CellParameters cell = reference_cell_with_foil();
  for (const double rate : {0.1, 1.0, 2.0}) {
    RateCapabilityOptions options = options_of({rate});
    options.mesh.tolerance = 1e-6;
    const RatePoint point = only(cell, options);
    const double whole = theoretical_capacity(cell.cathode);
    const double start = cell.cathode.initial_stoichiometry;
    const double stored =
        whole * cell.cathode.material.open_circuit.integral(start, start + point.capacity / whole, cell.temperature);
    EXPECT_NEAR(point.energy + point.losses.total(), stored, 1e-4 * stored) << rate;
    EXPECT_NEAR(point.utilisation, point.capacity / whole, 1e-12);
  }
}

TEST(RateCapability, ThreadsAndOrderChangeNothing) {
  std::vector<CellParameters> cells{reference_cell(), reference_cell()};
  cells[1].temperature = 313.15;
  RateCapabilityOptions options = options_of({1.0, 0.2, 0.5});
  const auto one = rate_capability(cells, options);
  options.threads = 4;
  std::size_t calls = 0;
  double last = 0.0;
  const auto four = rate_capability(cells, options, [&](double share, std::string_view) {
    ++calls;
    last = std::max(last, share);
    return true;
  });
  EXPECT_EQ(calls, 6U);
  EXPECT_DOUBLE_EQ(last, 1.0);
  std::ranges::reverse(options.per_hour);
  const auto reversed = rate_capability(cells, options);
  ASSERT_EQ(one.size(), 6U);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].capacity, four[i].capacity);
    const RatePoint& same = reversed[3 * (i / 3) + 2 - i % 3];
    EXPECT_EQ(one[i].per_hour, same.per_hour);
    EXPECT_EQ(one[i].capacity, same.capacity);
    EXPECT_EQ(one[i].temperature, cells[i / 3].temperature);
  }
}

TEST(RateCapability, WhatEndsTheDischargeFollowsTheSlowStep) {
  CellParameters slow_particles = reference_cell();
  slow_particles.cathode.material.diffusivity.value = 2e-17;
  EXPECT_EQ(only(slow_particles, options_of({0.5})).limit, RateLimit::diffusion);

  CellParameters poor_separator = reference_cell();
  poor_separator.separator.conductivity.value = 0.03;
  const RatePoint ohmic = only(poor_separator, options_of({1.0}));
  EXPECT_EQ(ohmic.limit, RateLimit::voltage);
  ASSERT_TRUE(ohmic.largest_loss);
  EXPECT_EQ(loss_names()[*ohmic.largest_loss], "separator");

  // Thick, with a poor network of electrolyte: the reaction stays at the separator.
  CellParameters thick = reference_cell();
  thick.cathode.thickness = 400e-6;
  thick.nominal_capacity.reset();
  thick.separator.conductivity.value = 10.0;
  thick.cathode.ionic_conductivity.value = 0.003;
  EXPECT_EQ(only(thick, options_of({0.2})).limit, RateLimit::composite);

  EXPECT_EQ(only(reference_cell(), options_of({0.01})).limit, RateLimit::capacity);
}

TEST(RateCapability, ASlowRechargeBringsTheSameDischarges) {
  const std::vector<CellParameters> cells{reference_cell()};
  RateCapabilityOptions options = options_of({0.1, 0.5, 1.0});
  const auto same = rate_capability(cells, options);
  options.start = RateStart::recharged;
  options.recharge_per_hour = 0.02;
  const auto recharged = rate_capability(cells, options);
  ASSERT_EQ(recharged.size(), 3U);
  EXPECT_NEAR(recharged[0].capacity, same[0].capacity, 1e-9 * same[0].capacity) << "the first is the same";
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(recharged[i].per_hour, options.per_hour[i]);
    EXPECT_NEAR(recharged[i].capacity, same[i].capacity, 0.03 * same[i].capacity);
  }
}

TEST(RateCapability, ACellBuiltDischargedIsChargedFirst) {
  CellParameters cell = reference_cell();
  EXPECT_TRUE(is_built_charged(cell, 1.7, 2.5));
  cell.cathode.initial_stoichiometry = 0.99;
  EXPECT_FALSE(is_built_charged(cell, 1.7, 2.5));
  const RatePoint point = only(cell, options_of({0.1}));
  EXPECT_EQ(point.status, RunStatus::complete);
  EXPECT_GT(point.utilisation, 0.9);
}

TEST(RateCapability, ARunThatCannotBeginSaysWhy) {
  CellParameters cell = reference_cell();
  const RatePoint point = only(cell, options_of({1e5}));
  EXPECT_LT(point.utilisation, 0.01);
  if (point.status == RunStatus::stopped) {
    EXPECT_FALSE(point.reason.empty());
    EXPECT_EQ(point.limit, RateLimit::stopped);
  }
  // The longest step is shorter than any discharge: every run stops.
  RateCapabilityOptions options = options_of({0.1, 0.2});
  options.mesh.longest_step_duration = 60.0;
  options.start = RateStart::recharged;
  const auto points = rate_capability(std::vector<CellParameters>{cell}, options);
  EXPECT_EQ(points[0].status, RunStatus::stopped);
  EXPECT_GT(points[0].capacity, 0.0) << "what was delivered until then is kept";
  EXPECT_NE(points[0].reason.find("lasts longer"), std::string::npos);
  EXPECT_EQ(points[1].limit, RateLimit::stopped);
  EXPECT_EQ(points[1].reason, points[0].reason) << "the second was never reached";
  EXPECT_FALSE(points[1].mean_voltage || points[1].mean_power || points[1].largest_loss);
}

TEST(RateCapability, ImpossibleRequestsAreRefused) {
  const std::vector<CellParameters> cells{reference_cell()};
  const auto refused = [&](const std::function<void(RateCapabilityOptions&)>& change) {
    RateCapabilityOptions options = options_of({0.5, 1.0});
    change(options);
    EXPECT_THROW(rate_capability(cells, options), base::ParameterError);
  };
  refused([](auto& options) { options.per_hour.clear(); });
  refused([](auto& options) { options.per_hour = {0.0}; });
  refused([](auto& options) { options.per_hour = {std::numeric_limits<double>::infinity()}; });
  refused([](auto& options) { options.recharge_per_hour = 0.0; });
  refused([](auto& options) { options.upper_cutoff = 1.0; });
  refused([](auto& options) { options.lower_cutoff = std::nan(""); });
  refused([](auto& options) { options.lower_cutoff = -3.0; });
  refused([](auto& options) { options.mesh.cathode_cells = 1; });
  refused([](auto& options) {
    options.upper_cutoff.reset();
    options.start = RateStart::recharged;
  });
  EXPECT_THROW(rate_capability({}, options_of({1.0})), base::ParameterError);
  EXPECT_THROW(rate_capability(cells, options_of({0.5, 1.0}), [](double, std::string_view) { return false; }),
               base::Cancelled);
}

TEST(RateCapability, EveryLimitHasAName) {
  EXPECT_EQ(to_string(RateLimit::capacity), "material used up");
  EXPECT_EQ(to_string(RateLimit::diffusion), "diffusion in the particles");
  EXPECT_EQ(to_string(RateLimit::composite), "transport through the cathode");
  EXPECT_EQ(to_string(RateLimit::voltage), "voltage drop");
  EXPECT_EQ(to_string(RateLimit::stopped), "stopped");
}

}  // namespace
}  // namespace closo::cell
