#include "closo/stability/hull.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "closo/base/error.hpp"
#include "closo/num/linear_program.hpp"
#include "closo/stability/hull_cases_test.hpp"
#include "closo/stability/thermo_data_test.hpp"

namespace closo::stability {
namespace {

using hull_cases::entry;
using hull_cases::random_set;

base::Formula formula(const std::string& text) { return base::Formula::parse(text); }

std::vector<std::string> names(const ChemicalSystem& system, const std::vector<PhaseAmount>& products) {
  std::vector<std::string> result;
  for (const PhaseAmount& product : products) result.push_back(system.entry(product.phase).name);
  std::sort(result.begin(), result.end());
  return result;
}

/// Energy of the hull at a phase, from one program over all phases of the system without any reduction.
double full_program(const ChemicalSystem& system, std::size_t phase) {
  const std::size_t rows = system.elements().size();
  const auto column = system.fractions().subspan(phase * rows, rows);
  const auto energies = system.energies_eV_per_atom();
  num::Simplex program(rows, {system.fractions().begin(), system.fractions().end()}, {energies.begin(), energies.end()},
                       {column.begin(), column.end()});
  EXPECT_EQ(program.solve(), num::LpStatus::optimal);
  return program.objective();
}

/// A triangle with its corners at 0, one deep compound and others by hand.
EntrySet by_hand() {
  return EntrySet("by hand", {entry("LiH", -0.5), entry("LiB", -0.1), entry("LiBH2", -0.4), entry("LiBH4", -0.3),
                              entry("LiB2H", 0.1), entry("LiH", -0.45, "other")});
}

TEST(Decompose, BalancesAtomsAndEnergy) {
  const ChemicalSystem system(by_hand(), {"Li", "B", "H"});
  const Decomposition result = decompose(system, formula("Li2B2H3"));
  EXPECT_NEAR(result.energy_eV, -2.6, 1e-12);  // LiBH2 −1.6, LiH −1.0, B 0
  EXPECT_NEAR(result.energy_eV_per_atom, -2.6 / 7.0, 1e-12);
  EXPECT_EQ(names(system, result.products), (std::vector<std::string>{"B", "LiBH2", "LiH"}));
  for (const PhaseAmount& product : result.products) EXPECT_NEAR(product.amount, 1.0, 1e-12);
  EXPECT_FALSE(result.is_degenerate);
  EXPECT_TRUE(result.alternatives.empty());
}

TEST(Decompose, SaysWhereThePotentialsAreARange) {
  const ChemicalSystem system(by_hand(), {"Li", "B", "H"});
  const Decomposition stable = decompose(system, formula("Li2B2H4"));
  ASSERT_EQ(stable.products.size(), 1U);
  EXPECT_NEAR(stable.products[0].amount, 2.0, 1e-12);
  EXPECT_TRUE(stable.is_degenerate);
}

TEST(Decompose, KeepsToTheElementsOfTheComposition) {
  const ChemicalSystem system(by_hand(), {"Li", "B", "H"});
  const Decomposition edge = decompose(system, formula("Li3H"));
  EXPECT_EQ(names(system, edge.products), (std::vector<std::string>{"Li", "LiH"}));
  EXPECT_NEAR(edge.energy_eV, -1.0, 1e-12);
  EXPECT_FALSE(edge.is_degenerate);
  EXPECT_NEAR(edge.chemical_potentials_eV[system.element("Li")], 0.0, 1e-12);
  EXPECT_NEAR(edge.chemical_potentials_eV[system.element("H")], -1.0, 1e-12);
  // Boron: bounded by LiB (−0.2 eV), LiBH2 (−1.6 + 2 = 0.4 eV), LiBH4 (−1.8 + 4) and itself.
  EXPECT_NEAR(edge.chemical_potentials_eV[system.element("B")], -0.2, 1e-12);
  EXPECT_EQ(decompose(system, formula("H2")).products.size(), 1U);
}

TEST(Decompose, NamesAlternativesOfEqualEnergyOnly) {
  // LiBH2 lies exactly in the plane of Li, B and LiH: Li + B + 2 LiH … and LiBH2 are worth the same.
  const EntrySet set("plane", {entry("LiH", -0.5), entry("Li2BH", -0.25), entry("LiB", -0.0)});
  const ChemicalSystem system(set, {"Li", "B", "H"});
  const Decomposition result = decompose(system, formula("Li3B2H"));
  EXPECT_NEAR(result.energy_eV, -1.0, 1e-12);
  std::vector<std::string> all = names(system, result.products);
  for (const std::size_t phase : result.alternatives) all.push_back(system.entry(phase).name);
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, (std::vector<std::string>{"B", "Li", "Li2BH", "LiB", "LiH"}));
  // In the pure binary none of them can take part.
  EXPECT_TRUE(decompose(system, formula("Li3H")).alternatives.empty());
  EXPECT_TRUE(decompose(system, formula("LiH")).alternatives.empty());
}

TEST(Decompose, RefusesWhatIsNotInTheSystem) {
  const ChemicalSystem system(by_hand(), {"Li", "B", "H"});
  EXPECT_THROW((void)decompose(system, formula("NaBH4")), base::InputError);
  EXPECT_THROW((void)decompose(system, base::Formula()), base::InputError);
}

TEST(HullEnergy, TellsTheForms) {
  const ChemicalSystem system(by_hand(), {"Li", "B", "H"});
  const auto at = [&](const std::string& name, const std::string& phase = {}) {
    for (std::size_t j = 0; j < system.size(); ++j) {
      if (system.entry(j).name == name && system.entry(j).phase == phase) return hull_energy(system, j);
    }
    ADD_FAILURE() << name;
    return HullEnergy{};
  };
  const HullEnergy stable = at("LiH");  // against Li + H, whatever the other form of LiH is
  EXPECT_NEAR(stable.above_hull_eV_per_atom, 0.0, 1e-12);
  EXPECT_NEAR(stable.decomposition_eV_per_atom, -0.5, 1e-12);
  EXPECT_EQ(names(system, stable.products), (std::vector<std::string>{"H2", "Li"}));
  const HullEnergy form = at("LiH", "other");
  EXPECT_NEAR(form.above_hull_eV_per_atom, 0.05, 1e-12);
  EXPECT_NEAR(form.decomposition_eV_per_atom, -0.45, 1e-12);
  const HullEnergy unstable = at("LiB2H");
  EXPECT_NEAR(unstable.above_hull_eV_per_atom, 0.35, 1e-12);  // 0.1 above the elements, LiH + 2 B −0.25 below them
  EXPECT_NEAR(unstable.decomposition_eV_per_atom, 0.35, 1e-12);
  EXPECT_EQ(names(system, unstable.products), (std::vector<std::string>{"B", "LiH"}));
  const HullEnergy element = at("B");
  EXPECT_EQ(element.above_hull_eV_per_atom, 0.0);
  EXPECT_EQ(element.decomposition_eV_per_atom, 0.0);
  EXPECT_TRUE(element.products.empty());
  EXPECT_THROW((void)hull_energy(system, system.size()), base::ParameterError);
}

TEST(HullEnergy, OfAHigherFormOfAnElement) {
  const ChemicalSystem system(EntrySet("carbon", {entry("C", 0.136, "diamond"), entry("CH4", -0.18)}), {"C", "H"});
  const std::size_t diamond = 0;
  const HullEnergy result = hull_energy(system, diamond);
  EXPECT_NEAR(result.above_hull_eV_per_atom, 0.136, 1e-12);
  EXPECT_NEAR(result.decomposition_eV_per_atom, 0.136, 1e-12);
  ASSERT_EQ(result.products.size(), 1U);
  EXPECT_TRUE(system.entry(result.products[0].phase).is_reference);
  EXPECT_NEAR(energies_above_hull(system)[diamond], 0.136, 1e-12);
}

TEST(AboveHull, OfACompoundThatIsNotThere) {
  const ChemicalSystem system(by_hand(), {"Li", "B", "H"});
  EXPECT_NEAR(above_hull_eV_per_atom(system, formula("Li2H"), -0.7), 0.1, 1e-12);
  EXPECT_NEAR(above_hull_eV_per_atom(system, formula("Li2H"), -1.3), -0.1, 1e-12);
  EXPECT_THROW((void)above_hull_eV_per_atom(system, formula("LiCl"), -1.0), base::InputError);
  EXPECT_THROW((void)above_hull_eV_per_atom(system, base::Formula(), -1.0), base::InputError);
  EXPECT_THROW((void)above_hull_eV_per_atom(system, formula("LiH"), std::numeric_limits<double>::quiet_NaN()),
               base::ParameterError);
}

TEST(EnergiesAboveHull, OfOneElement) {
  const ChemicalSystem system(by_hand(), {"H"});
  EXPECT_EQ(energies_above_hull(system), std::vector<double>{0.0});
}

// ---- Laws over random systems

class RandomSystems : public testing::TestWithParam<int> {
 protected:
  int seed() const { return GetParam(); }
  std::size_t elements() const { return 2 + static_cast<std::size_t>(seed()) % 5; }
  EntrySet set() const { return random_set(static_cast<unsigned>(seed()), elements(), 60); }
  ChemicalSystem system() const { return ChemicalSystem(set(), hull_cases::symbols(elements())); }
};

TEST_P(RandomSystems, EnergiesAreThoseOfTheFullProgram) {
  const ChemicalSystem all = system();
  const std::vector<double> above = energies_above_hull(all);
  for (std::size_t j = 0; j < all.size(); ++j) {
    EXPECT_GE(above[j], 0.0);
    EXPECT_NEAR(above[j], all.energy_eV_per_atom(j) - full_program(all, j), 1e-9) << all.entry(j).name;
    EXPECT_NEAR(above[j], hull_energy(all, j).above_hull_eV_per_atom, 1e-9) << all.entry(j).name;
    EXPECT_NEAR(above[j], above_hull_eV_per_atom(all, all.entry(j).formula, all.entry(j).energy_eV), 1e-9);
  }
}

TEST_P(RandomSystems, PotentialsCertifyDecompositions) {
  const ChemicalSystem all = system();
  const std::size_t rows = all.elements().size();
  for (std::size_t j = 0; j < all.size(); ++j) {
    const Decomposition result = decompose(all, all.entry(j).formula);
    const std::vector<double> amounts = all.amounts(all.entry(j).formula);
    std::vector<double> made(rows, 0.0);
    double energy = 0.0;
    for (const PhaseAmount& product : result.products) {
      EXPECT_GT(product.amount, 0.0);
      const std::vector<double> inside = all.amounts(all.entry(product.phase).formula);
      for (std::size_t i = 0; i < rows; ++i) made[i] += product.amount * inside[i];
      energy += product.amount * all.entry(product.phase).energy_eV;
    }
    for (std::size_t i = 0; i < rows; ++i) EXPECT_NEAR(made[i], amounts[i], 1e-8);
    EXPECT_NEAR(energy, result.energy_eV, 1e-8);
    EXPECT_NEAR(std::inner_product(amounts.begin(), amounts.end(), result.chemical_potentials_eV.begin(), 0.0),
                result.energy_eV, 1e-8);
    for (std::size_t k = 0; k < all.size(); ++k) {
      double bound = 0.0;
      for (std::size_t i = 0; i < rows; ++i) bound += all.fractions()[k * rows + i] * result.chemical_potentials_eV[i];
      EXPECT_LE(bound, all.energy_eV_per_atom(k) + 1e-9) << all.entry(k).name;
    }
  }
}

TEST_P(RandomSystems, OrderOfEntriesAndElementsDoesNotMatter) {
  const EntrySet original = set();
  const ChemicalSystem all = system();
  const std::vector<double> above = energies_above_hull(all);
  std::mt19937 random(static_cast<unsigned>(seed()));
  std::vector<Entry> entries(original.entries().begin(), original.entries().end());
  std::vector<std::string> symbols = hull_cases::symbols(elements());
  std::shuffle(entries.begin(), entries.end(), random);
  std::shuffle(symbols.begin(), symbols.end(), random);
  const ChemicalSystem shuffled(EntrySet("shuffled", entries), symbols);
  const std::vector<double> again = energies_above_hull(shuffled);
  for (std::size_t j = 0; j < all.size(); ++j) {
    bool is_found = false;
    for (std::size_t k = 0; k < shuffled.size(); ++k) {
      if (shuffled.entry(k).name != all.entry(j).name || shuffled.entry(k).phase != all.entry(j).phase) continue;
      is_found = true;
      EXPECT_NEAR(above[j], again[k], 1e-9) << all.entry(j).name;
    }
    EXPECT_TRUE(is_found);
  }
}

TEST_P(RandomSystems, UnstablePhasesDoNotMatter) {
  const ChemicalSystem all = system();
  const std::vector<double> above = energies_above_hull(all);
  std::vector<Entry> kept;
  std::vector<double> expected;
  for (std::size_t j = 0; j < all.size(); ++j) {
    if (above[j] > 1e-6) continue;
    kept.push_back(all.entry(j));
    expected.push_back(above[j]);
  }
  const ChemicalSystem stable(EntrySet("stable", kept), hull_cases::symbols(elements()));
  ASSERT_EQ(stable.size(), kept.size());
  const std::vector<double> again = energies_above_hull(stable);
  for (std::size_t j = 0; j < again.size(); ++j) EXPECT_NEAR(again[j], expected[j], 1e-9);
  for (std::size_t j = 0; j < all.size(); ++j) {
    EXPECT_NEAR(decompose(stable, all.entry(j).formula).energy_eV_per_atom, all.energy_eV_per_atom(j) - above[j], 1e-9);
  }
}

TEST_P(RandomSystems, StablePhasesLieBelowTheOthersByTheirDecompositionEnergy) {
  const EntrySet original = set();
  const ChemicalSystem all = system();
  for (std::size_t j = 0; j < all.size(); j += 3) {
    if (all.entry(j).formula.terms().size() == 1) continue;
    const HullEnergy energy = hull_energy(all, j);
    const ChemicalSystem others(original.without(std::vector<std::string>{all.entry(j).formula.text()}),
                                hull_cases::symbols(elements()));
    EXPECT_NEAR(energy.decomposition_eV_per_atom,
                above_hull_eV_per_atom(others, all.entry(j).formula, all.entry(j).energy_eV), 1e-9);
    EXPECT_GE(energy.above_hull_eV_per_atom, energy.decomposition_eV_per_atom - 1e-12);
  }
}

TEST_P(RandomSystems, TheHullIsConvex) {
  const ChemicalSystem all = system();
  for (std::size_t j = 1; j < all.size(); j += 4) {
    const base::Formula& a = all.entry(j - 1).formula;
    const base::Formula& b = all.entry(j).formula;
    std::vector<base::ElementAmount> both = a.terms();
    both.insert(both.end(), b.terms().begin(), b.terms().end());
    EXPECT_LE(decompose(all, base::Formula(both)).energy_eV,
              decompose(all, a).energy_eV + decompose(all, b).energy_eV + 1e-9);
  }
}

INSTANTIATE_TEST_SUITE_P(Hull, RandomSystems, testing::Range(0, 25));

// ---- References

TEST(SharedHull, ReproducesListedDecompositionEnergies) {
  const std::vector<std::string> symbols = {"Li", "Na", "Mg", "B", "C", "N", "H", "O", "P", "S"};
  const auto listed = trial::listed_mp2019(symbols);
  if (!listed) GTEST_SKIP() << "the shared thermodynamic data are not there";
  SystemOptions options;
  options.keep_dilute_alloys = true;
  const ChemicalSystem system(listed->set, symbols, options);
  ASSERT_GT(listed->decomposition_eV_per_atom.size(), 1000U);
  std::size_t within = 0;
  double worst = 0.0;
  for (std::size_t j = 0; j < listed->decomposition_eV_per_atom.size(); ++j) {
    ASSERT_EQ(system.entry(j).name, listed->set.entries()[j].name);
    const double difference =
        std::abs(hull_energy(system, j).decomposition_eV_per_atom - listed->decomposition_eV_per_atom[j]);
    within += difference < 2e-3 ? 1U : 0U;
    worst = std::max(worst, difference);
  }
  EXPECT_GE(static_cast<double>(within), 0.99 * static_cast<double>(listed->decomposition_eV_per_atom.size()));
  RecordProperty("worst_eV_per_atom", std::to_string(worst));
  const std::vector<double> above = energies_above_hull(system);
  for (std::size_t j = 0; j < system.size(); ++j) {
    EXPECT_NEAR(above[j], hull_energy(system, j).above_hull_eV_per_atom, 1e-9) << system.entry(j).name;
  }
}

TEST(SharedHull, BorohydridesAreStable) {
  const auto set = trial::mp2019({"Li", "Na", "Mg", "B", "H"});
  if (!set) GTEST_SKIP() << "the shared thermodynamic data are not there";
  for (const char* text : {"LiBH4", "NaBH4", "Li2B12H12", "Na2B12H12", "LiH", "MgH2"}) {
    const base::Formula compound = formula(text);
    const ChemicalSystem system(*set, elements_of(std::vector<base::Formula>{compound}));
    const HullEnergy energy = hull_energy(system, system.find(compound).value());
    EXPECT_EQ(energy.above_hull_eV_per_atom, 0.0) << text;
    EXPECT_LT(energy.decomposition_eV_per_atom, -0.01) << text;
    EXPECT_EQ(decompose(system, compound).products.size(), 1U) << text;
  }
}

TEST(SharedHull, DiluteAlloysAreLeftOut) {
  const auto set = trial::mp2019({"Li", "Mg", "H", "C"});
  if (!set) GTEST_SKIP() << "the shared thermodynamic data are not there";
  SystemOptions keep;
  keep.keep_dilute_alloys = true;
  const ChemicalSystem with(*set, {"Li", "Mg", "H", "C"}, keep);
  const ChemicalSystem without(*set, {"Li", "Mg", "H", "C"});
  for (const char* text : {"Mg149H", "LiMg149", "Li7C120"}) {
    EXPECT_TRUE(with.find(formula(text)).has_value()) << text;
    EXPECT_FALSE(without.find(formula(text)).has_value()) << text;
  }
  // Mg149H is on the hull of the listed energies and would cut the tie line of Mg and MgH2.
  EXPECT_LT(hull_energy(with, with.find(formula("Mg149H")).value()).decomposition_eV_per_atom, -0.005);
  EXPECT_EQ(names(without, decompose(without, formula("Mg10H")).products), (std::vector<std::string>{"Mg", "MgH2"}));
}

}  // namespace
}  // namespace closo::stability
