#include "closo/cell/stack_of_cell.hpp"

#include <gtest/gtest.h>

#include "closo/base/error.hpp"
#include "closo/cell/sweep_cell_test.hpp"

namespace closo::cell {
namespace {

TEST(StackOfCell, LayersAddUp) {
  const CellDescription cell = described_cell();
  const CellStack stack = stack_of_cell(cell);
  ASSERT_EQ(stack.layers.size(), 3U);
  EXPECT_NEAR(stack.areal_capacity, 0.07 * 0.4 * 239.0 * 3600.0, 1e-9);
  const StackSize size = stack_size(stack);
  const double thickness = 0.07 * (0.4 / 3270.0 + 0.6 / 1500.0) / 0.95;
  ASSERT_TRUE(size.areal_mass && size.thickness);
  EXPECT_NEAR(*size.areal_mass, 100e-6 * 534.0 + 600e-6 * 1500.0 + 0.07, 1e-12);
  EXPECT_NEAR(*size.thickness, 100e-6 + 600e-6 + thickness, 1e-12);
  EXPECT_FALSE(size.areal_mass_with_collectors) << "no collector was given";
}

TEST(StackOfCell, ARatioMakesTheAnodeOfMetal) {
  const CellDescription cell = described_cell();
  const CellStack stack = stack_of_cell(cell, {2.0, {collector("Cu", 8e-6), collector("Al", 12e-6)}});
  ASSERT_EQ(stack.layers.size(), 5U);
  EXPECT_NEAR(stack.layers.front().thickness->value, *metal_for("Li", 2.0 * stack.areal_capacity), 1e-15);
  const StackSize size = stack_size(stack);
  EXPECT_NEAR(*size.thickness_with_collectors - *size.thickness, 20e-6, 1e-15);
  EXPECT_NEAR(*size.areal_mass_with_collectors - *size.areal_mass, 8e-6 * 8960.0 + 12e-6 * 2700.0, 1e-12);
}

TEST(StackOfCell, MetalPerCapacity) {
  EXPECT_NEAR(*metal_for("Li", 36000.0), 4.85e-6, 0.01e-6);
  EXPECT_NEAR(*metal_for("Na", 36000.0), 8.86e-6, 0.03e-6);
  EXPECT_FALSE(metal_for("Zn", 36000.0));
  EXPECT_FALSE(metal_for("Cu", 36000.0)) << "a collector is no anode";
  EXPECT_FALSE(metal_for("Li", 0.0));
}

TEST(StackOfCell, MissingDataStayMissing) {
  CellDescription cell = described_cell();
  cell.remove("separator.density");
  EXPECT_FALSE(stack_size(stack_of_cell(cell)).areal_mass);
  EXPECT_TRUE(stack_size(stack_of_cell(cell)).thickness);
  const StackEnergy energy = stack_energy(stack_of_cell(cell).layers, Measured{1e4, {}}, Measured{2.1, {}});
  EXPECT_EQ(energy.status, StackStatus::incomplete);
  ASSERT_EQ(energy.missing.size(), 1U);
  EXPECT_EQ(energy.missing.front(), "areal mass of separator");
  CellDescription alloy = described_cell();
  alloy.anode = "In-Li";
  EXPECT_FALSE(stack_size(stack_of_cell(alloy)).areal_mass) << "the density of an alloy is not that of lithium";
  alloy.set_value("anode.loading", 0.5);
  EXPECT_TRUE(stack_size(stack_of_cell(alloy)).areal_mass);
}

TEST(StackOfCell, WrongChoicesAreRefused) {
  CellDescription cell = described_cell();
  EXPECT_THROW(stack_of_cell(cell, {0.0, {}}), base::ParameterError);
  cell.ion = "Zn";
  EXPECT_THROW(stack_of_cell(cell, {1.0, {}}), base::ParameterError);
  EXPECT_THROW(collector("Li", 1e-5), base::ParameterError);
  EXPECT_THROW(collector("Cu", 0.0), base::ParameterError);
  cell.remove("cathode.loading");
  EXPECT_THROW(stack_of_cell(cell), base::ParameterError);
}

}  // namespace
}  // namespace closo::cell
