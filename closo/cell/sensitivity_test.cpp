#include "closo/cell/sensitivity.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "closo/base/error.hpp"
#include "closo/cell/sweep_cell_test.hpp"

namespace closo::cell {
namespace {

const LocalSensitivity& row_of(const LocalSensitivities& all, std::string_view quantity) {
  return *std::ranges::find(all.rows, quantity, &LocalSensitivity::quantity);
}

TEST(LocalSensitivities, WhatCannotMatterIsExactlyZero) {
  const CellDescription cell = described_cell();
  const std::vector<std::string> quantities{"separator.density", "anode.thickness"}, outcomes{"specific capacity"};
  const LocalSensitivities all = local_sensitivities(cell, quantities, outcomes, sweep_options(cell));
  for (const LocalSensitivity& row : all.rows) {
    ASSERT_TRUE(row.elasticities.front().value);
    EXPECT_EQ(*row.elasticities.front().value, 0.0) << row.quantity;
    EXPECT_EQ(row.elasticities.front().uncertainty, 0.0);
  }
}

TEST(LocalSensitivities, KnownPowersComeOut) {
  // Ohmic loss of the separator ~ thickness / conductivity at a constant current; masses enter as their share.
  const CellDescription cell = described_cell();
  const std::vector<std::string> quantities{"separator.thickness", "separator.conductivity", "separator.density",
                                            "cathode.contacted_fraction"};
  const std::vector<std::string> outcomes{"separator loss", "specific energy"};
  CellDescription fixed = cell;
  fixed.set_value("cathode.ionic_conductivity", 0.03);  // or it would follow the separator's
  fixed.set_value("cathode.contacted_fraction", 1.0);
  const LocalSensitivities all = local_sensitivities(fixed, quantities, outcomes, sweep_options(cell));
  EXPECT_NEAR(*row_of(all, "separator.thickness").elasticities[0].value, 1.0, 1e-3);
  EXPECT_NEAR(*row_of(all, "separator.conductivity").elasticities[0].value, -1.0, 1e-3);
  const double share = 600e-6 * 1500.0 / *all.centre.stack.areal_mass;
  const Elasticity& energy = row_of(all, "separator.density").elasticities[1];
  EXPECT_NEAR(*energy.value, -share, 3.0 * energy.uncertainty + 1e-5);
  EXPECT_FALSE(row_of(all, "separator.thickness").is_one_sided);
  EXPECT_TRUE(row_of(all, "cathode.contacted_fraction").is_one_sided) << "100 % cannot be passed";
  EXPECT_GE(*row_of(all, "cathode.contacted_fraction").elasticities[1].value, 0.0);
}

TEST(LocalSensitivities, TheUncertaintyCoversTheStep) {
  const CellDescription cell = described_cell();
  const std::vector<std::string> quantities{"cathode.particle_radius", "separator.thickness", "cathode.loading"},
      outcomes{"specific capacity", "mean voltage", "specific energy"};
  const SweepOptions options = sweep_options(cell, "1C");
  const LocalSensitivities wide = local_sensitivities(cell, quantities, outcomes, options, 0.06);
  const LocalSensitivities narrow = local_sensitivities(cell, quantities, outcomes, options, 0.03);
  for (std::size_t q = 0; q < quantities.size(); ++q) {
    for (std::size_t o = 0; o < outcomes.size(); ++o) {
      const Elasticity &a = wide.rows[q].elasticities[o], &b = narrow.rows[q].elasticities[o];
      EXPECT_LT(std::abs(*a.value - *b.value), 4.0 * (a.uncertainty + b.uncertainty) + 1e-6)
          << quantities[q] << ", " << outcomes[o];
      EXPECT_LT(a.uncertainty, 0.05);
    }
  }
  EXPECT_LT(wide.scatter[0], 1e-3);
}

TEST(LocalSensitivities, ReasonsAreGiven) {
  CellDescription cell = described_cell();
  cell.set_value("cathode.film_resistance", 0.0);
  const std::vector<std::string> quantities{"cathode.film_resistance", "heat.areal_heat_capacity"},
      outcomes{"specific capacity"};
  const LocalSensitivities all = local_sensitivities(cell, quantities, outcomes, sweep_options(cell));
  EXPECT_FALSE(all.rows[0].elasticities[0].value);
  EXPECT_NE(all.rows[0].reason.find("0"), std::string::npos);
  EXPECT_EQ(all.rows[1].reason, "not given");
  EXPECT_THROW(local_sensitivities(cell, quantities, outcomes, sweep_options(cell), 0.5), base::ParameterError);
  EXPECT_THROW(local_sensitivities(cell, {}, outcomes, sweep_options(cell)), base::ParameterError);
  const std::vector<std::string> typo{"separator.thiknes"};
  EXPECT_THROW(local_sensitivities(cell, typo, outcomes, sweep_options(cell)), base::InputError);
  EXPECT_THROW(local_sensitivities(cell, quantities, typo, sweep_options(cell)), base::InputError);
}

TEST(Swings, EndsOfTheRange) {
  CellDescription cell = described_cell();
  cell.set("separator.thickness", {600e-6, {}, 300e-6, 900e-6, Mark::measured, {}});
  const std::vector<SweepRange> ranges = described_ranges(cell);
  ASSERT_EQ(ranges.size(), 1U);
  EXPECT_TRUE(ranges.front().is_logarithmic);
  const std::vector<Swing> both = swings(cell, ranges, sweep_options(cell));
  ASSERT_EQ(both.size(), 1U);
  EXPECT_GT(both.front().low.charge, both.front().high.charge);
  cell.set_value("separator.thickness", 300e-6);
  const SweepOptions options = sweep_options(cell);
  EXPECT_EQ(both.front().low.charge, evaluate(cell, options.protocol, options.simulation, {}).charge);
}

/// Rows in [0, 1): a Latin hypercube of a quantity without meaning here.
std::vector<std::vector<double>> unit_rows(std::size_t columns, std::size_t count) {
  const std::vector<std::string> names{"cathode.porosity", "cathode.initial_stoichiometry", "contact.transmission",
                                       "cathode.contacted_fraction"};
  std::vector<SweepRange> ranges;
  for (std::size_t c = 0; c < columns; ++c) ranges.push_back({names[c], 0.0, 1.0, false});
  return latin_hypercube_plan(ranges, count, 11).settings;
}

TEST(FirstOrderIndices, OfALinearSum) {
  const std::vector<std::vector<double>> rows = unit_rows(4, 1000);
  std::vector<double> y;
  for (const std::vector<double>& x : rows) y.push_back(3.0 * x[0] - 2.0 * x[1] + x[2]);
  const std::vector<FirstOrderIndex> indices = first_order_indices(rows, y);
  ASSERT_EQ(indices.size(), 4U);
  const std::vector<double> expected{9.0 / 14.0, 4.0 / 14.0, 1.0 / 14.0, 0.0};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(indices[i].value, expected[i], 3.0 * indices[i].uncertainty + 0.01) << i;
  EXPECT_GT(indices[0].trend, 0.5);
  EXPECT_LT(indices[1].trend, -0.3);
  EXPECT_LT(std::abs(indices[3].trend), 0.1);
}

TEST(FirstOrderIndices, OfIshigamisFunction) {
  // T. Ishigami, T. Homma, ISUMA'90, 398, DOI 10.1109/ISUMA.1990.151285: S = 0.3139, 0.4424, 0 with a = 7, b = 0.1.
  const std::vector<std::vector<double>> rows = unit_rows(3, 1000);
  std::vector<double> y;
  for (const std::vector<double>& x : rows) {
    const auto angle = [&](std::size_t i) { return (2.0 * x[i] - 1.0) * std::numbers::pi; };
    y.push_back(std::sin(angle(0)) + 7.0 * std::pow(std::sin(angle(1)), 2) +
                0.1 * std::pow(angle(2), 4) * std::sin(angle(0)));
  }
  const std::vector<FirstOrderIndex> indices = first_order_indices(rows, y);
  EXPECT_NEAR(indices[0].value, 0.3139, 3.0 * indices[0].uncertainty + 0.01);
  EXPECT_NEAR(indices[1].value, 0.4424, 3.0 * indices[1].uncertainty + 0.01);
  EXPECT_NEAR(indices[2].value, 0.0, 3.0 * indices[2].uncertainty + 0.01);
  for (const FirstOrderIndex& index : indices) EXPECT_LT(index.uncertainty, 0.08);
}

TEST(FirstOrderIndices, TooLittleGivesNone) {
  const std::vector<std::vector<double>> rows = unit_rows(2, 50);
  EXPECT_TRUE(first_order_indices(rows, std::vector<double>(50, 1.0)).empty());
  const std::vector<std::vector<double>> few = unit_rows(2, 20);
  EXPECT_TRUE(first_order_indices(few, std::vector<double>(20, 1.0)).empty());
  EXPECT_THROW(first_order_indices(rows, std::vector<double>(49, 1.0)), base::ParameterError);
  std::vector<std::vector<double>> ragged = rows;
  ragged[7].pop_back();
  EXPECT_THROW(first_order_indices(ragged, std::vector<double>(50, 1.0)), base::ParameterError);
}

}  // namespace
}  // namespace closo::cell
