#include "closo/tasks/detail/doubtful_quantities.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/cell/capability.hpp"
#include "closo/tasks/detail/cell_example_test.hpp"

namespace closo::tasks::detail {
namespace {

/// The example with nothing in doubt but what a test says.
cell::CellDescription certain() {
  cell::CellDescription description = example_cell().description;
  for (const std::string_view name : description.names()) {
    cell::DescribedValue value = *description.find(name);
    value.mark = cell::Mark::measured;
    description.set(name, value);
  }
  return description;
}

void doubt(cell::CellDescription& description, std::string_view name, std::optional<double> low = {},
           std::optional<double> high = {}) {
  cell::DescribedValue value = *description.find(name);
  value.mark = cell::Mark::estimated;
  value.low = low;
  value.high = high;
  description.set(name, value);
}

const DoubtfulDischarge at_c2{0.5, 1.7, 2.5};

TEST(DoubtfulQuantities, OnlyEstimatesAreVariedOverTheirRange) {
  cell::CellDescription description = certain();
  EXPECT_TRUE(doubtful_effects(description, at_c2, example_context()).empty());
  doubt(description, "cathode.particle_radius");
  doubt(description, "cathode.porosity");
  doubt(description, "separator.thickness", 1e-4, 6e-4);
  const auto effects = doubtful_effects(description, at_c2, example_context());
  ASSERT_EQ(effects.size(), 3U);
  const auto find = [&](std::string_view name) { return *std::ranges::find(effects, name, &DoubtfulEffect::quantity); };
  const DoubtfulEffect radius = find("cathode.particle_radius");
  EXPECT_NEAR(radius.low.value, 0.5 * radius.value, 1e-12);
  EXPECT_NEAR(radius.high.value, 2.0 * radius.value, 1e-12);
  EXPECT_GT(*radius.low.capacity, 0.0) << "smaller particles deliver more";
  EXPECT_LT(*radius.high.capacity, 0.0);
  const DoubtfulEffect porosity = find("cathode.porosity");
  EXPECT_NEAR(porosity.high.value, 1.1 * porosity.value, 1e-12);
  const DoubtfulEffect thickness = find("separator.thickness");
  EXPECT_EQ(thickness.low.value, 1e-4);
  EXPECT_FALSE(thickness.high.capacity) << "its high end is the value itself";
  for (std::size_t i = 1; i < effects.size(); ++i)
    EXPECT_GE(effects[i - 1].largest_capacity(), effects[i].largest_capacity());
}

// At 1C-equivalent current I, a separator thinner by ΔL raises the voltage by I ΔL/κ throughout, so the mean by that
// much less what the longer discharge adds at its low end.
TEST(DoubtfulQuantities, ASeparatorActsByItsOhmicDrop) {
  cell::CellDescription description = certain();
  const double thickness = description.value("separator.thickness");
  doubt(description, "separator.thickness", 0.5 * thickness, thickness);
  const auto effects = doubtful_effects(description, at_c2, example_context());
  const cell::CellParameters parameters = build(description);
  const double current = 0.5 * cell::rated_capacity(parameters) / 3600.0;
  const double drop = current * 0.5 * thickness / parameters.separator.conductivity.value;
  ASSERT_TRUE(effects.at(0).low.voltage);
  EXPECT_NEAR(*effects[0].low.voltage, drop, 0.1 * drop);
}

TEST(DoubtfulQuantities, ACellThatCannotBeIsLeftOut) {
  cell::CellDescription description = certain();
  doubt(description, "cathode.active_mass_fraction", 0.1, 0.99);
  description.set_value("cathode.electrolyte_mass_fraction", 0.6);
  const auto effects = doubtful_effects(description, at_c2, example_context());
  ASSERT_EQ(effects.size(), 1U);
  EXPECT_FALSE(effects[0].high.capacity) << "fractions above 1";
  EXPECT_THROW(doubtful_effects(description, {0.5, -100.0, {}}, example_context()), base::ParameterError);
}

TEST(DoubtfulQuantities, WhatMattersIsSaidInTheDoubts) {
  DoubtfulEffect strong{"cathode.particle_radius", cell::Mark::estimated, 2e-6, {1e-6, 0.02, 0.001}, {4e-6, -0.31, {}}};
  DoubtfulEffect weak{"cathode.porosity", cell::Mark::guess, 0.15, {0.13, 1e-4, 1e-5}, {0.16, {}, {}}};
  DoubtfulEffect shifting{"anode.resistance", cell::Mark::guess, 3e-3, {1e-3, 1e-3, 0.02}, {5e-3, 1e-3, -0.03}};
  report::Report report;
  add_doubtful_effects({strong, shifting, weak}, "at C/2 and 60 °C", report);
  ASSERT_EQ(report.doubts.size(), 1U);
  EXPECT_NE(report.doubts[0].find("2 of the 3 quantities"), std::string::npos) << report.doubts[0];
  EXPECT_NE(report.doubts[0].find("cathode.particle_radius (capacity −31 %)"), std::string::npos) << report.doubts[0];
  EXPECT_NE(report.doubts[0].find("anode.resistance (mean voltage 30 mV)"), std::string::npos) << report.doubts[0];
  ASSERT_EQ(report.sections.size(), 1U);
  const auto& table = std::get<report::Table>(report.sections[0].blocks.at(1));
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_NEAR(*std::get<report::Value>(table.rows[0][7]).value, -31.0, 1e-9);
  EXPECT_EQ(std::get<std::string>(table.rows[2][7]), "–");

  report::Report calm;
  add_doubtful_effects({weak}, "at C/2", calm);
  EXPECT_TRUE(calm.doubts.empty());
  EXPECT_EQ(calm.sections.size(), 1U) << "said, but not as a doubt";
  report::Report none;
  add_doubtful_effects({}, "at C/2", none);
  EXPECT_TRUE(none.sections.empty());
}

}  // namespace
}  // namespace closo::tasks::detail
