#include "closo/library/electrode_data.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"

namespace closo::library {
namespace {

const std::filesystem::path data = CLOSO_SOURCE_DIR "/data";
constexpr double mAh_per_g = 3600.0;  // C/kg

const ElectrodeData& shipped() {
  static const ElectrodeData loaded = ElectrodeData::load(data);
  return loaded;
}

bool is_metal(const ElectrodeMaterial& material) { return material.role == ElectrodeMaterial::Role::metal; }

TEST(ElectrodeData, LoadsEveryShippedFile) {
  std::set<std::string> ids;
  for (const ElectrodeMaterial& material : shipped().materials()) ids.insert(material.id);
  EXPECT_EQ(ids, (std::set<std::string>{"TiS2", "LiFePO4", "Li4Ti5O12", "LiCoO2", "NMC811", "NaCrO2", "S", "MgH2",
                                        "graphite", "Na3(VOPO4)2F", "Li", "Na", "In-Li"}));
  std::size_t tables = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data / "electrodes" / "ocp")) {
    tables += entry.path().extension() == ".csv" ? 1 : 0;
  }
  EXPECT_EQ(tables, 7U);  // reading refuses a table that no curve names
}

TEST(ElectrodeData, HasWhatACellModelNeedsOfEveryMaterial) {
  for (const ElectrodeMaterial& material : shipped().materials()) {
    EXPECT_FALSE(material.curves.empty()) << material.id;
    EXPECT_TRUE(material.curve().is_preferred) << material.id;
    EXPECT_GT(material.number("density").value, 500.0) << material.id;
    EXPECT_GT(material.number("specific_capacity").value, 0.0) << material.id;
    if (is_metal(material)) {
      EXPECT_GT(material.number("molar_volume").value, 1e-6) << material.id;
      continue;
    }
    for (const char* quantity :
         {"maximum_concentration", "volume_change", "diffusion_coefficient", "diffusion_activation_energy",
          "exchange_current_density", "exchange_current_activation_energy", "electronic_conductivity",
          "initial_stoichiometry", "lower_cutoff", "upper_cutoff"}) {
      EXPECT_NE(material.find(quantity), nullptr) << material.id << ' ' << quantity;
    }
    EXPECT_LT(material.number("lower_cutoff").value, material.number("upper_cutoff").value) << material.id;
    const double start = material.number("initial_stoichiometry").value;
    EXPECT_GE(start, material.curve().low) << material.id;
    EXPECT_LE(start, material.curve().high) << material.id;
  }
}

// Faraday: n F / M, to the digits stated.
TEST(ElectrodeData, CapacitiesAreThoseOfTheFormulas) {
  for (const ElectrodeMaterial& material : shipped().materials()) {
    const double expected = material.electrons * base::faraday_constant / material.formula.molar_mass();
    EXPECT_NEAR(material.number("specific_capacity").value / expected, 1.0, 6e-4) << material.id;
    const ElectrodeNumber* usable = material.find("usable_capacity");
    EXPECT_LT(usable == nullptr ? 0.0 : usable->value, expected) << material.id;
  }
}

TEST(ElectrodeData, ConcentrationDensityAndCapacityAgree) {
  for (const ElectrodeMaterial& material : shipped().materials()) {
    if (is_metal(material)) {
      // Of the metal itself per mole of ions: M / density.
      const double expected = material.formula.molar_mass() / material.electrons / material.number("density").value;
      EXPECT_NEAR(material.number("molar_volume").value / expected, 1.0, 5e-3) << material.id;
      continue;
    }
    const double by_volume = material.number("maximum_concentration").value * base::faraday_constant;
    const double by_mass = material.number("specific_capacity").value * material.number("density").value;
    EXPECT_NEAR(by_volume / by_mass, 1.0, 0.02) << material.id;
  }
}

TEST(ElectrodeData, KeepsSiAndSaysUnitKindAndSource) {
  const ElectrodeMaterial& tis2 = shipped().material("TiS2");
  EXPECT_NEAR(tis2.number("specific_capacity").value, 239.3 * mAh_per_g, 1e-6);
  EXPECT_EQ(tis2.number("specific_capacity").unit.text(), "mAh/g");
  EXPECT_DOUBLE_EQ(tis2.number("density").value, 3250.0);
  EXPECT_DOUBLE_EQ(tis2.number("volume_change").value, 0.12);
  EXPECT_DOUBLE_EQ(tis2.number("diffusion_activation_energy").value, 35e3);
  EXPECT_DOUBLE_EQ(tis2.number("usable_capacity").value, 205 * mAh_per_g);
  EXPECT_EQ(tis2.number("usable_capacity").kind, DataKind::measured);
  EXPECT_EQ(tis2.number("usable_capacity").source, "hehn2025");
  EXPECT_DOUBLE_EQ(*tis2.number("usable_capacity").temperature, 333.15);
  EXPECT_EQ(shipped().material("NMC811").number("maximum_concentration").kind, DataKind::computed);
  const auto& all = shipped().material("NMC811").numbers;
  EXPECT_TRUE(std::ranges::any_of(all, [](const ElectrodeNumber& number) {
    return !number.is_preferred && number.quantity == "maximum_concentration" && number.value == 63104.0;
  }));
}

TEST(ElectrodeData, MarksWhatIsOnlyEstimated) {
  for (const char* id : {"NaCrO2", "Na3(VOPO4)2F", "S", "Li4Ti5O12"}) {
    EXPECT_EQ(shipped().material(id).curve().kind, DataKind::estimated) << id;
  }
  EXPECT_DOUBLE_EQ(*shipped().material("NaCrO2").curve().uncertainty, 0.05);
  EXPECT_DOUBLE_EQ(*shipped().material("LiFePO4").curve().hysteresis, 0.02);
  for (const ElectrodeMaterial& material : shipped().materials()) {
    const std::vector<ElectrodeNumber> doubtful = material.doubtful();
    for (const ElectrodeNumber& number : doubtful) {
      EXPECT_TRUE(number.kind == DataKind::estimated || number.kind == DataKind::guess);
    }
    if (is_metal(material)) continue;
    // Kinetics against a hydroborate are measured for none of them, and a guess needs a range to be fitted in.
    EXPECT_NE(material.number("exchange_current_density").kind, DataKind::measured) << material.id;
    for (const ElectrodeNumber& number : doubtful) {
      if (number.quantity.ends_with("cutoff")) continue;
      EXPECT_TRUE(number.low || number.quantity == "usable_capacity") << material.id << ' ' << number.quantity;
    }
  }
}

TEST(ElectrodeData, FindsByAliasAndSuggestsNearNames) {
  EXPECT_EQ(shipped().material("lfp").id, "LiFePO4");
  EXPECT_EQ(shipped().material("inli").id, "In-Li");
  EXPECT_EQ(shipped().find("nothing like it"), nullptr);
  try {
    shipped().material("TiS3");
    FAIL();
  } catch (const base::InputError& error) {
    EXPECT_NE(error.problem().find("did you mean 'TiS2'"), std::string::npos) << error.problem();
    EXPECT_NE(error.expected().find("NMC811"), std::string::npos) << error.expected();
  }
  EXPECT_THROW(shipped().material("TiS2").curve("TiS2-dfn"), base::InputError);
  EXPECT_THROW(shipped().material("TiS2").number("molar_volume"), base::InputError);
  EXPECT_EQ(shipped().material("NMC811").curve("nmc811-chen2020-FIT").id, "NMC811-chen2020-fit");
}

TEST(ElectrodeData, CitesSources) {
  EXPECT_EQ(shipped().citation("dfn1993"),
            "M. Doyle et al., J. Electrochem. Soc. 140 1526 (1993), DOI 10.1149/1.2221597");
  EXPECT_EQ(shipped().citation("closo"), "closo, data/electrodes (2026)");
  EXPECT_EQ(shipped().citation("nobody"), "nobody");
  for (const DataKind kind : {DataKind::measured, DataKind::computed, DataKind::literature, DataKind::estimated}) {
    EXPECT_NE(to_string(kind), to_string(DataKind::guess));
  }
}

TEST(ElectrodeData, EveryQuantityHasAUnitAndARange) {
  ASSERT_FALSE(electrode_quantities().empty());
  for (const ElectrodeQuantity& quantity : electrode_quantities()) {
    EXPECT_NO_THROW(base::Unit::parse(quantity.unit)) << quantity.name;
    EXPECT_LT(quantity.low, quantity.high) << quantity.name;
  }
}

TEST(ElectrodeData, RefusesAFolderWithoutTables) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "closo_electrode_data";
  std::filesystem::remove_all(folder);
  EXPECT_THROW(ElectrodeData::load(folder), base::InputError);
  std::filesystem::create_directories(folder / "electrodes");
  std::ofstream(folder / "electrodes" / "materials.csv") << "id\n";
  EXPECT_THROW(ElectrodeData::load(folder), base::InputError);  // no tables in ocp
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace closo::library
