#include <gtest/gtest.h>

#include <map>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/library/energy_set.hpp"
#include "closo/stability/gibbs.hpp"

namespace closo::stability {
namespace {

using Environments = std::map<std::string, double>;

Environments environments(const std::string& formula) {
  Environments found;
  for (const auto& [name, amount] : hydrogen_environments(base::Formula::parse(formula))) found[name] = amount;
  return found;
}

TEST(HydrogenEnvironments, AreFoundByChargeBalance) {
  const std::map<std::string, Environments> expected{
      {"LiH", {{"hydride", 1}}},
      {"NaMgH3", {{"hydride", 3}}},
      {"NaAlH4", {{"AlH4", 4}}},
      {"Mg(AlH4)2", {{"AlH4", 8}}},
      {"LiBH4", {{"BH4", 4}}},
      {"Al(BH4)3", {{"BH4", 12}}},
      {"LiLa(BH4)3Cl", {{"BH4", 12}}},
      {"Li4(BH4)3I", {{"BH4", 12}}},
      {"Li2B12H12", {{"cage", 12}}},
      {"MgB10H10", {{"cage", 10}}},
      {"Li(BH)6", {{"cage", 6}}},
      {"Na3(BH4)(B12H12)", {{"BH4", 4}, {"cage", 12}}},
      {"B2H6", {{"cage", 6}}},
      {"B10H14", {{"cage", 14}}},
      {"LiCB11H12", {{"cage", 12}}},
      {"NaCB9H10", {{"cage", 10}}},
      {"Li2(CB9H10)(CB11H12)", {{"cage", 22}}},
      {"C2B10H12", {{"cage", 12}}},
      {"LiNH2", {{"NH2", 2}}},
      {"Mg(NH2)2", {{"NH2", 4}}},
      {"Li2NH", {{"NH", 1}}},
      {"Li4NH3", {{"NH", 1}, {"hydride", 2}}},
      {"NH3", {{"NH3", 3}}},
      {"Li2(BH4)(NH2)", {{"BH4", 4}, {"NH2", 2}}},
      {"Li(BH4)1/3(NH2)2/3", {{"BH4", 4.0 / 3.0}, {"NH2", 4.0 / 3.0}}},
      {"CH4", {{"CH", 4}}},
      {"C6H6", {{"CH", 6}}},
      {"Mg(OH)2", {{"OH", 2}}},
  };
  for (const auto& [formula, wanted] : expected) {
    const Environments found = environments(formula);
    ASSERT_EQ(found.size(), wanted.size()) << formula;
    for (const auto& [name, amount] : wanted) {
      ASSERT_TRUE(found.contains(name)) << formula << ' ' << name;
      EXPECT_NEAR(found.at(name), amount, 1e-9) << formula << ' ' << name;
    }
  }
}

TEST(HydrogenEnvironments, AreNeverGuessed) {
  for (const char* formula : {"Li2O",
                              "H2",
                              "Mg2NiH4",
                              "Li3AlH6",
                              "LiB3H8",
                              "LiBH",
                              "NH4Cl",
                              "NH3BH3",
                              "LiNH2BH3",
                              "Mg(NH3)2Cl2",
                              "Ca2NH",
                              "LiOHH2O",
                              "AlOOH",
                              "H2O",
                              "LiHCO3",
                              "Li2C2H2",
                              "FeH2",
                              "NaBH3Cl",
                              "LiB(NH3)4",
                              "CsB9H14",
                              "LiCB11H11",
                              "BeH2",
                              "Mg(C2H8N2)(BH4)2",
                              "B9C2H11O"}) {
    EXPECT_TRUE(environments(formula).empty()) << formula;
  }
}

// Law: doubling the formula doubles the hydrogens, and all hydrogens of a placed phase are placed.
TEST(HydrogenEnvironments, CoverAllHydrogensOfAPhaseAndScale) {
  std::size_t placed = 0;
  for (const library::EnergyRow& row : library::load_energy_set(CLOSO_SOURCE_DIR "/data", {}, "static").rows) {
    const auto once = hydrogen_environments(row.formula);
    if (once.empty()) continue;
    ++placed;
    std::vector<base::ElementAmount> terms = row.formula.terms();
    for (base::ElementAmount& term : terms) term.amount *= 2.0;
    const auto twice = hydrogen_environments(base::Formula(terms));
    ASSERT_EQ(once.size(), twice.size()) << row.name;
    double sum = 0.0;
    for (std::size_t i = 0; i < once.size(); ++i) {
      EXPECT_GT(once[i].second, 0.0) << row.name;
      EXPECT_NEAR(twice[i].second, 2.0 * once[i].second, 1e-9) << row.name;
      sum += once[i].second;
    }
    EXPECT_NEAR(sum, row.formula.amount("H"), 1e-6) << row.name;
  }
  EXPECT_GT(placed, 100U);
}

TEST(HydrogenCorrections, AreReadWithEveryEnvironmentOfTheRules) {
  const std::string path = CLOSO_SOURCE_DIR "/data/energies/hydrogen_bonds.csv";
  const auto corrections = read_hydrogen_corrections(base::read_text_file(path), path);
  ASSERT_EQ(corrections.size(), 9U);
  for (const HydrogenCorrection& correction : corrections) {
    EXPECT_GT(correction.per_hydrogen_eV, -0.1) << correction.environment;
    EXPECT_LT(correction.per_hydrogen_eV, 0.7) << correction.environment;
    EXPECT_GE(correction.spread_eV, 0.0);
    EXPECT_FALSE(correction.fitted_on.empty());
  }
  EXPECT_NEAR(corrections[2].per_hydrogen_eV, 0.148, 0.001);
  EXPECT_EQ(corrections[2].environment, "BH4");
}

TEST(HydrogenCorrections, RefuseWrongTablesWithPlace) {
  const std::string header = "environment,per_hydrogen_eV,spread_eV,fitted_on,source\n";
  const auto place_of = [](const std::string& text) {
    try {
      read_hydrogen_corrections(text, "h.csv");
    } catch (const base::InputError& error) {
      return base::to_string(error.place());
    }
    return std::string("nothing was refused");
  };
  EXPECT_EQ(place_of("environment,per_hydrogen_eV\nBH4,0.1\n"), "h.csv:1");
  EXPECT_EQ(place_of(header + "BH4,x,,,\n"), "h.csv:2:5");
  EXPECT_EQ(place_of(header + "BH4,0.1,-1,,\n"), "h.csv:2:9");
  EXPECT_EQ(place_of(header + ",0.1,,,\n"), "h.csv:2:1");
  EXPECT_EQ(place_of(header + "BH4,0.1,,,\nBH4,0.1,,,\n"), "h.csv:3:1");
}

}  // namespace
}  // namespace closo::stability
