#include "closo/stability/vacancy.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "closo/base/error.hpp"
#include "closo/stability/random_set_test.hpp"
#include "closo/stability/thermo_data_test.hpp"
#include "closo/stability/window.hpp"

namespace closo::stability {
namespace {

using trial::entry_of;
using trial::formula;
using trial::system_of;

// By hand: LiS2 → Li + 2 S at 3 eV; Li2S → LiS + Li at 0.8 eV first, → S + 2 Li at 1.9 eV per Li in the whole.
TEST(Vacancy, RoutesByHand) {
  const EntrySet set("sulfides", {entry_of("LiS", -3.0), entry_of("Li2S", -3.8)});
  const ChemicalSystem system(set, {"Li", "S"});
  const VacancyEnergy vacancy = vacancy_energy(system, formula("Li2S"), "Li");
  EXPECT_EQ(vacancy.charge, 1);
  EXPECT_EQ(vacancy.cations_per_formula, 2.0);
  EXPECT_NEAR(vacancy.phase_equilibria.energy_eV, 0.8, 1e-12);
  EXPECT_NEAR(vacancy.extraction.energy_eV, 1.9, 1e-12);
  EXPECT_NEAR(vacancy.extraction_to_elements.energy_eV, 1.9, 1e-12);
  EXPECT_EQ(vacancy.above_hull_eV_per_atom, 0.0);
  EXPECT_TRUE(vacancy.extraction.reaction.is_whole);
}

TEST(Vacancy, TheFrameworkMayFormAPhase) {
  const EntrySet set("phosphates", {entry_of("LiPS3", -4.0), entry_of("P2S6", -3.0)});
  const ChemicalSystem system(set, {"Li", "P", "S"});
  const VacancyEnergy vacancy = vacancy_energy(system, formula("LiPS3"), "Li");
  EXPECT_NEAR(vacancy.extraction.energy_eV, 4.0 - 1.5, 1e-12);
  EXPECT_NEAR(vacancy.extraction_to_elements.energy_eV, 4.0, 1e-12);
}

TEST(Vacancy, ADivalentCationCountsItsWholeCharge) {
  const EntrySet set("sulfides", {entry_of("MgS", -4.0)});
  const VacancyEnergy vacancy = vacancy_energy(ChemicalSystem(set, {"Mg", "S"}), formula("MgS"), "Mg");
  EXPECT_EQ(vacancy.charge, 2);
  EXPECT_NEAR(vacancy.phase_equilibria.energy_eV, 4.0, 1e-12);
  EXPECT_NEAR(vacancy.extraction.energy_eV, 4.0, 1e-12);
}

TEST(Vacancy, Throws) {
  const EntrySet set("sulfides", {entry_of("LiS", -3.0), entry_of("P2S5", -3.0)});
  const ChemicalSystem system(set, {"Li", "P", "S"});
  EXPECT_THROW(vacancy_energy(system, formula("P2S5"), "Li"), base::InputError);
  EXPECT_THROW(vacancy_energy(system, formula("Li2S"), "Li"), base::InputError);
  EXPECT_THROW(vacancy_energy(system, formula("LiCl"), "Li"), base::InputError);
  EXPECT_THROW(vacancy_energy(system, formula("Li"), "Li"), base::InputError);
  EXPECT_THROW(vacancy_energy(system, formula("LiS"), "P"), base::ParameterError);
}

// Of a stable compound the first cation is the cheapest: no route that takes all of them costs less per cation; and the
// elements are never a better rest than the best assemblage.
TEST(VacancyLaw, TheFirstCationIsTheCheapest) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    std::vector<Entry> entries = trial::random_entries({"Li", "B", "H", "N"}, 150, seed);
    entries.push_back(entry_of("Li3BN2H2", -1.5 * 8.0, "own"));
    const ChemicalSystem system(EntrySet("random", entries), {"Li", "B", "H", "N"});
    const VacancyEnergy vacancy = vacancy_energy(system, formula("Li3BN2H2"), "Li");
    const double excess_eV = vacancy.above_hull_eV_per_atom * 8.0 / 3.0;
    EXPECT_LE(vacancy.phase_equilibria.energy_eV, vacancy.extraction.energy_eV + excess_eV + 1e-9);
    EXPECT_LE(vacancy.extraction.energy_eV, vacancy.extraction_to_elements.energy_eV + 1e-9);
    const Window window = equilibrium_window(system, formula("Li3BN2H2"), "Li");
    EXPECT_NEAR(vacancy.phase_equilibria.energy_eV, window.oxidation.potential_V, 1e-12);
  }
}

// The review (Cuan et al. 2018, sec. 2.2.4): BH4 below B12H12, monovalent below divalent. MgB12H12 is in no set.
TEST(VacancyShared, OrderOfTheReview) {
  const std::optional<EntrySet> set = trial::mp2019({"Li", "Na", "K", "Mg", "Ca", "B", "H"});
  if (!set) GTEST_SKIP() << "shared thermodynamic data are not there";
  const auto energy = [&](const char* compound, const char* cation) {
    const VacancyEnergy vacancy = vacancy_energy(system_of(*set, formula(compound)), formula(compound), cation);
    EXPECT_TRUE(vacancy.phase_equilibria.reaction.is_whole) << compound;
    return vacancy.phase_equilibria.energy_eV;
  };
  const double lithium = energy("LiBH4", "Li"), sodium = energy("NaBH4", "Na"), potassium = energy("KBH4", "K");
  EXPECT_LT(lithium, energy("Li2B12H12", "Li"));
  EXPECT_LT(sodium, energy("Na2B12H12", "Na"));
  const double potassium_closo = energy("K2B12H12", "K");
  EXPECT_LT(potassium, potassium_closo);
  const double magnesium = energy("MgB2H8", "Mg"), calcium = energy("CaB2H8", "Ca");
  EXPECT_LT(std::max({lithium, sodium, potassium}), std::min(magnesium, calcium));
  const double calcium_closo = energy("CaB12H12", "Ca");
  EXPECT_LT(calcium, calcium_closo);
  EXPECT_LT(potassium_closo, calcium_closo);
  EXPECT_NEAR(lithium, 2.024, 2e-3);
  EXPECT_NEAR(magnesium, 2.0 * 1.264, 4e-3);
}

}  // namespace
}  // namespace closo::stability
