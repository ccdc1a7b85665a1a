#include "closo/stability/gibbs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/file.hpp"

namespace closo::stability {
namespace {

constexpr double kT = base::boltzmann_constant_eV * 298.15;

library::EnergySet shipped(const char* id) { return library::load_energy_set(CLOSO_SOURCE_DIR "/data", {}, id); }

const Entry& entry_of(const ConditionedSet& set, std::string_view name, std::string_view phase = {}) {
  for (const Entry& entry : set.set.entries()) {
    if (entry.name == name && (phase.empty() || entry.phase == phase)) return entry;
  }
  throw std::out_of_range(std::string(name));
}

library::EnergySet small_set() {
  return library::read_energy_set(
      "formula,phase,dHf298_eV,dGf298_eV,dGf_400K_eV,dGf_600K_eV,grade,estimate\n"
      "H2,gas,0,0,,,ref,\n"
      "Li,bcc,0,0,,,ref,\n"
      "LiH,,-0.94,-0.71,-0.63,-0.49,A,\n"
      "LiNH2,,-1.86,-1.25,,,C,yes\n"
      "NH3,gas,-0.476,-0.17,,,A,\n"
      "Li2S,,-4.6,-4.5,,,X,\n"
      "N2O,gas,,1.1,,,A,\n",
      "small.csv");
}

bool mentions(const std::vector<std::string>& notes, std::string_view words) {
  return std::ranges::any_of(notes, [&](const std::string& note) { return note.find(words) != std::string::npos; });
}

// Decomposition of the borohydrides into elements and hydrogen gas from tabulated energies: 1.29 and 1.31 V at 300 K.
TEST(AtConditions, TabulatedBorohydridesDecomposeAtTheKnownPotentials) {
  const ConditionedSet set = at_conditions(shipped("gibbs"), {.temperature = 300.0, .use_estimates = false});
  EXPECT_NEAR(-entry_of(set, "LiBH4").energy_eV, 1.29, 0.005);
  EXPECT_NEAR(-entry_of(set, "NaBH4").energy_eV, 1.31, 0.006);
}

TEST(AtConditions, AtRoomTemperatureEnergiesAreThoseOfTheTable) {
  const library::EnergySet set = shipped("gibbs");
  const ConditionedSet result = at_conditions(set);
  ASSERT_GE(result.set.entries().size(), set.rows.size());
  for (std::size_t i = 0; i < set.rows.size(); ++i) {
    const Entry& entry = result.set.entries()[i];
    EXPECT_EQ(entry.energy_eV, set.rows[i].energy_eV);
    EXPECT_EQ(entry.is_reference, set.rows[i].grade == "ref") << entry.name;
    EXPECT_EQ(entry.is_estimate, set.rows[i].is_estimate);
    EXPECT_EQ(entry.uncertainty_eV, set.rows[i].uncertainty_eV);
  }
  EXPECT_EQ(result.set.label(), "gibbs, 298.15 K, 1 bar");
}

TEST(AtConditions, InterpolatesBetweenTheTabulatedTemperatures) {
  const auto at = [](double temperature) {
    return entry_of(at_conditions(small_set(), {.temperature = temperature}), "LiH").energy_eV;
  };
  EXPECT_NEAR(at(400.0), -0.63, 1e-12);
  EXPECT_NEAR(at(500.0), -0.56, 1e-12);
  EXPECT_NEAR(at(600.0), -0.49, 1e-12);
  EXPECT_NEAR(at(350.0), -0.71 + 0.08 * (350.0 - 298.15) / (400.0 - 298.15), 1e-12);
  EXPECT_NEAR(at(800.0), -0.35, 1e-12) << "along the last stretch";
  EXPECT_NEAR(at(250.0), -0.94 + 0.23 * 250.0 / 298.15, 1e-12) << "below the table from enthalpy and entropy";
}

TEST(AtConditions, WithoutATableEnthalpyAndEntropyOfRoomTemperatureServe) {
  const ConditionedSet set = at_conditions(small_set(), {.temperature = 700.0});
  EXPECT_NEAR(entry_of(set, "LiNH2").energy_eV, -1.86 + 0.61 * 700.0 / 298.15, 1e-12);
  EXPECT_EQ(entry_of(set, "N2O").energy_eV, 1.1);
  EXPECT_EQ(entry_of(set, "H2").energy_eV, 0.0) << "references are zero at every temperature";
  EXPECT_TRUE(mentions(set.notes, "heat capacities neglected"));
  EXPECT_TRUE(mentions(set.notes, "LiNH2"));
  EXPECT_TRUE(mentions(set.notes, "beyond the last tabulated temperature"));
  EXPECT_TRUE(mentions(set.notes, "1 phase (N2O) with a Gibbs energy at 298.15 K only"));
}

// ΔfG from the tables and from ΔfH − TΔfS of room temperature agree within the heat capacities, and bromides within the
// boiling of bromine at 332 K.
TEST(AtConditions, TablesAndEntropiesOfRoomTemperatureAgreeAt400K) {
  const library::EnergySet set = shipped("gibbs");
  library::EnergySet without = set;
  for (library::EnergyRow& row : without.rows) row.gibbs_eV.clear();
  const ConditionedSet table = at_conditions(set, {.temperature = 400.0});
  const ConditionedSet straight = at_conditions(without, {.temperature = 400.0});
  std::size_t compared = 0;
  for (std::size_t i = 0; i < set.rows.size(); ++i) {
    if (set.rows[i].gibbs_eV.empty()) continue;
    ++compared;
    const double difference = table.set.entries()[i].energy_eV - straight.set.entries()[i].energy_eV;
    EXPECT_LT(std::abs(difference) / set.rows[i].formula.atoms(), 0.025) << set.rows[i].name;
  }
  EXPECT_GT(compared, 100U);
}

TEST(AtConditions, GasesFollowTheirPressureAndCompoundsKeepTheirEnergy) {
  const ConditionedSet one_bar = at_conditions(small_set());
  for (const double pressure : {1.0, 1e3, 1e5, 2e5, 1e7}) {
    const ConditionedSet set = at_conditions(small_set(), {.pressures = {{"H2", pressure}, {"NH3", 3e5}}});
    EXPECT_NEAR(entry_of(set, "H2").energy_eV, kT * std::log(pressure / 1e5), 1e-12);
    EXPECT_TRUE(entry_of(set, "H2").is_reference);
    EXPECT_NEAR(entry_of(set, "NH3").energy_eV, -0.17 + kT * std::log(3.0), 1e-12);
    EXPECT_EQ(entry_of(set, "LiH").energy_eV, entry_of(one_bar, "LiH").energy_eV);
    EXPECT_EQ(entry_of(set, "N2O").energy_eV, 1.1) << "other gases stay at 1 bar";
  }
  EXPECT_EQ(at_conditions(small_set(), {.pressures = {{"H2", 1e6}}}).set.label(), "small, 298.15 K, 1 bar, H2 10 bar");
}

TEST(AtConditions, AnElementalGasThatTheSetDoesNotListIsItsReference) {
  const ConditionedSet set = at_conditions(small_set(), {.pressures = {{"N2", 1e7}}});
  const Entry& nitrogen = entry_of(set, "N2");
  EXPECT_TRUE(nitrogen.is_reference && nitrogen.is_gas);
  EXPECT_NEAR(nitrogen.energy_eV, kT * std::log(100.0), 1e-12);
  const auto count = std::ranges::count_if(set.set.entries(), [](const Entry& entry) {
    return entry.formula.terms().size() == 1 && entry.formula.amount("N") > 0.0;
  });
  EXPECT_EQ(count, 1) << "and the only one of its element";
}

TEST(AtConditions, LeavesOutEstimatesAndConflictsWhenTold) {
  const ConditionedSet all = at_conditions(small_set());
  EXPECT_TRUE(mentions(all.notes, "1 phase (LiNH2) are estimates") || mentions(all.notes, "LiNH2"));
  const ConditionedSet strict = at_conditions(small_set(), {.use_estimates = false, .use_conflicting = false});
  EXPECT_THROW(entry_of(strict, "LiNH2"), std::out_of_range);
  EXPECT_THROW(entry_of(strict, "Li2S"), std::out_of_range);
  EXPECT_NO_THROW(entry_of(strict, "LiH"));
  EXPECT_TRUE(mentions(strict.notes, "left out as estimates"));
  EXPECT_TRUE(mentions(strict.notes, "grade X"));
  const ConditionedSet computed = at_conditions(shipped("static"), {.use_estimates = false});
  EXPECT_THROW(entry_of(computed, "LiCB11H12"), std::out_of_range);
  EXPECT_TRUE(entry_of(at_conditions(shipped("static")), "LiCB11H12").is_estimate);
}

TEST(AtConditions, RefusesWhatASetCannotGive) {
  const library::EnergySet computed = library::read_energy_set("formula,e_form_eV\nLiH,-1\n", "x.csv");
  EXPECT_EQ(at_conditions(computed).set.label(), "x");
  EXPECT_THROW(at_conditions(computed, {.temperature = 400.0}), base::ParameterError);
  EXPECT_THROW(at_conditions(computed, {.pressures = {{"H2", 1e5}}}), base::ParameterError);
  for (const double temperature : {199.0, 2001.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(at_conditions(small_set(), {.temperature = temperature}), base::ParameterError);
  }
  for (const double pressure : {0.0, -1.0, std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(at_conditions(small_set(), {.pressures = {{"H2", pressure}}}), base::ParameterError);
  }
  EXPECT_THROW(at_conditions(small_set(), {.pressures = {{"H2", 1e5}, {"H2", 2e5}}}), base::ParameterError);
  EXPECT_THROW(at_conditions(small_set(), {.pressures = {{"H2q", 1e5}}}), base::InputError);
  for (const char* formula : {"LiH", "H", "F2", "CO2"}) {
    try {
      at_conditions(small_set(), {.pressures = {{formula, 1e5}}});
      ADD_FAILURE() << formula;
    } catch (const base::InputError& error) {
      EXPECT_NE(error.problem().find(formula), std::string::npos) << error.what();
      EXPECT_NE(error.expected().find("H2, NH3, N2O"), std::string::npos) << error.what();
    }
  }
}

TEST(GasPotential, IsTheLogarithmOfThePressure) {
  EXPECT_EQ(gas_potential_eV(1e5, 300.0, 2), 0.0);
  EXPECT_NEAR(gas_potential_eV(1e6, 300.0, 2), 0.5 * base::boltzmann_constant_eV * 300.0 * std::log(10.0), 1e-15);
  EXPECT_NEAR(gas_potential_eV(4e5, 700.0, 1), -gas_potential_eV(0.25e5, 700.0, 1), 1e-15);
  EXPECT_THROW(gas_potential_eV(0.0, 300.0, 2), base::ParameterError);
  EXPECT_THROW(gas_potential_eV(1e5, 0.0, 2), base::ParameterError);
  EXPECT_THROW(gas_potential_eV(1e5, 300.0, 0), base::ParameterError);
}

std::vector<HydrogenCorrection> shipped_corrections() {
  const std::string path = CLOSO_SOURCE_DIR "/data/energies/hydrogen_bonds.csv";
  return read_hydrogen_corrections(base::read_text_file(path), path);
}

TEST(BondCorrected, MovesPhasesToTheirEnthalpies) {
  const library::EnergySet set = shipped("static");
  const ConditionedSet corrected = bond_corrected(set, shipped_corrections());
  EXPECT_EQ(corrected.set.label(), "static + hydrogen bond corrections (estimate)");
  const library::EnergySet tabulated = shipped("gibbs");
  // The compounds of the fit come back within the spread of the corrections.
  for (const char* name : {"LiBH4", "NaBH4", "LiH", "NaH", "MgH2", "LiOH", "NaOH"}) {
    const auto row = std::ranges::find(tabulated.rows, std::string_view(name), &library::EnergyRow::name);
    ASSERT_NE(row, tabulated.rows.end());
    EXPECT_NEAR(corrected.set.at(row->formula).energy_eV, *row->enthalpy_eV, 0.12) << name;
  }
  const Entry& oxide = entry_of(corrected, "Li2O");
  const auto same = std::ranges::find(set.rows, "Li2O", &library::EnergyRow::name);
  EXPECT_EQ(oxide.energy_eV, same->energy_eV) << "without hydrogen nothing moves";
  EXPECT_TRUE(mentions(corrected.notes, "keep their static energy"));
}

TEST(BondCorrected, NamesWhatIsNotCoveredAndKeepsMissingUncertaintiesMissing) {
  const library::EnergySet set = library::read_energy_set(
      "formula,e_form_eV,uncertainty_eV\nLiBH4,-2,0.3\nNaBH4,-2,\nLiNH2,-2,\nLiHCO3,-2,\nH2,0,\n", "x.csv");
  const std::vector<HydrogenCorrection> only_bh4{{"BH4", 0.15, 0.1, "", ""}};
  const ConditionedSet corrected = bond_corrected(set, only_bh4);
  EXPECT_DOUBLE_EQ(entry_of(corrected, "LiBH4").energy_eV, -2.0 + 4.0 * 0.15);
  EXPECT_NEAR(*entry_of(corrected, "LiBH4").uncertainty_eV, 0.5, 1e-12);
  EXPECT_FALSE(entry_of(corrected, "NaBH4").uncertainty_eV.has_value());
  EXPECT_EQ(entry_of(corrected, "LiNH2").energy_eV, -2.0);
  ASSERT_EQ(corrected.notes.size(), 1U);
  EXPECT_NE(corrected.notes[0].find("2 phases (LiNH2, LiHCO3)"), std::string::npos) << corrected.notes[0];
  EXPECT_THROW(bond_corrected(small_set(), only_bh4), base::ParameterError);
}

}  // namespace
}  // namespace closo::stability
