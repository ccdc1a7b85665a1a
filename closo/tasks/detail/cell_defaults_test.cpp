#include "closo/tasks/detail/cell_defaults.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace closo::tasks::detail {
namespace {

TEST(CellDefaults, EveryGuessIsMarkedBoundedAndTold) {
  cell::CellDescription description;
  const std::vector<std::string> notes = add_last_resorts(description, "TiS2");
  ASSERT_FALSE(description.names().empty());
  for (const std::string_view name : description.names()) {
    const cell::DescribedValue& value = *description.find(name);
    EXPECT_EQ(value.mark, cell::Mark::guess) << name;
    ASSERT_TRUE(value.low && value.high) << name;
    EXPECT_LE(*value.low, value.value) << name;
    EXPECT_GE(*value.high, value.value) << name;
    EXPECT_NE(notes.back().find(name), std::string::npos) << name;
  }
}

TEST(CellDefaults, WhatIsGivenStays) {
  cell::CellDescription description;
  description.set("cathode.porosity", {0.3, {}, {}, {}, cell::Mark::measured, "x"});
  description.set("cathode.ionic_tortuosity", {2.0, {}, {}, {}, cell::Mark::measured, "x"});
  description.set("cathode.electronic_conductivity", {2.0, {}, {}, {}, cell::Mark::measured, "x"});
  const std::vector<std::string> notes = add_last_resorts(description, "");
  EXPECT_EQ(description.value("cathode.porosity"), 0.3);
  EXPECT_EQ(description.value("cathode.electronic_conductivity"), 2.0);
  for (const std::string& note : notes) {
    EXPECT_EQ(note.find("porosity"), std::string::npos) << note;
    EXPECT_EQ(note.find("Bruggeman"), std::string::npos) << note;
  }
}

TEST(CellDefaults, ParticlesGoWithTheMaterial) {
  const auto radius = [](std::string_view material) {
    cell::CellDescription description;
    add_last_resorts(description, material);
    return description.value("cathode.particle_radius");
  };
  EXPECT_DOUBLE_EQ(radius("LiFePO4"), 50e-9);
  EXPECT_DOUBLE_EQ(radius("unheard of"), 1e-6);
}

TEST(CellDefaults, InterphasesGetAnEnergyOnlyWhereThereIsOne) {
  cell::CellDescription description;
  add_last_resorts(description, "TiS2");
  EXPECT_FALSE(description.has("anode.resistance_activation_energy"));
  cell::CellDescription grown;
  grown.set("anode.resistance_first_hour", {1e-3, {}, {}, {}, cell::Mark::setting, "x"});
  add_last_resorts(grown, "TiS2");
  EXPECT_DOUBLE_EQ(grown.value("anode.resistance_activation_energy"), 50e3);
}

TEST(CellDefaults, CarbonConductsWhereTheMaterialDoesNot) {
  const auto made = [](double additive, double active) {
    cell::CellDescription description;
    description.set_value("cathode.additive_mass_fraction", additive);
    description.set_value("cathode.active_electronic_conductivity", active);
    add_last_resorts(description, "LiFePO4");
    return description.has("cathode.electronic_conductivity");
  };
  EXPECT_TRUE(made(0.1, 1e-7));
  EXPECT_FALSE(made(0.1, 1e4));
  EXPECT_FALSE(made(0.01, 1e-7));
}

TEST(CellDefaults, NumbersAreShownInTheUnitOfTheSchema) {
  EXPECT_EQ(with_unit(2e-6, "cathode.particle_radius"), "2 um");
  EXPECT_EQ(with_unit(2.5, "cathode.ionic_tortuosity"), "2.5");
}

}  // namespace
}  // namespace closo::tasks::detail
