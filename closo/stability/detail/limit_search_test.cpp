#include "closo/stability/detail/limit_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "closo/base/error.hpp"
#include "closo/stability/random_set_test.hpp"

namespace closo::stability::detail {
namespace {

using trial::entry_of;
using trial::formula;

std::vector<std::size_t> phases_of(const std::vector<PhaseAmount>& products) {
  std::vector<std::size_t> phases;
  for (const PhaseAmount& part : products) phases.push_back(part.phase);
  return phases;
}

void expect_same(const FoundLimit& found, const WindowLimit& full) {
  EXPECT_NEAR(found.potential_V, full.potential_V, 1e-9);
  EXPECT_EQ(found.is_open, full.is_open);
  EXPECT_EQ(found.products, phases_of(full.products));
}

// Whatever the energies: the search from the nominal basis finds what the whole profile of these energies says.
TEST(LimitSearch, AgreesWithTheWholeProfileForAnyEnergies) {
  struct Case {
    std::vector<std::string> elements;
    std::string compound;
  };
  const std::vector<Case> cases = {{{"Li", "S"}, "LiS2"},
                                   {{"Li", "P", "S"}, "P2S3"},
                                   {{"Mg", "B", "H"}, "MgB2H3"},
                                   {{"Li", "Ge", "P", "S"}, "Li4GeP2S3"},
                                   {{"Na", "B", "H", "N", "I"}, "Na4BN3H2I"}};
  std::mt19937_64 bits(1);
  std::normal_distribution<double> normal;
  std::size_t stable = 0, found = 0;
  for (const Case& one : cases) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      SCOPED_TRACE(one.compound + ", seed " + std::to_string(seed));
      std::vector<Entry> entries = trial::random_entries(one.elements, 40 * one.elements.size(), seed);
      Entry own = entry_of(one.compound, -1.4 * formula(one.compound).atoms(), "own");
      entries.push_back(own);
      const ChemicalSystem system(EntrySet("random", entries), one.elements);
      const base::Formula compound = formula(one.compound);
      const std::string& mobile = one.elements.front();
      for (const ProfileOptions& options : {ProfileOptions{}, ProfileOptions{.lowest_V = 0.4, .highest_V = 1.9}}) {
        const Window nominal = equilibrium_window(system, compound, mobile, options);
        LimitSearch search(system, compound, mobile, options, nominal);
        for (int k = 0; k < 25; ++k) {
          std::vector<double> energies(system.energies_eV_per_atom().begin(), system.energies_eV_per_atom().end());
          const double spread = k == 0 ? 0.0 : k < 15 ? 0.05 : 0.5;
          for (const std::size_t phase : search.phases()) {
            if (system.entry(phase).formula.terms().size() > 1) energies[phase] += spread * normal(bits);
          }
          const Limits limits = search.find(energies);
          ChemicalSystem drawn = system;
          drawn.set_energies(energies);
          const Window full = equilibrium_window(drawn, compound, mobile, options);
          expect_same(limits.reduction, full.reduction);
          expect_same(limits.oxidation, full.oxidation);
          EXPECT_EQ(limits.is_on_hull, full.compound_is_in_set && full.above_hull_eV_per_atom == 0.0);
          stable += limits.is_on_hull ? 1 : 0;
          ++found;
        }
      }
    }
  }
  EXPECT_GT(stable, found / 20);
  EXPECT_LT(stable, found - found / 20);
}

TEST(LimitSearch, RemembersNothing) {
  const EntrySet set("random", trial::random_entries({"Li", "P", "S"}, 60, 4));
  const ChemicalSystem system(set, {"Li", "P", "S"});
  const base::Formula compound = formula("Li3PS4");
  const Window nominal = equilibrium_window(system, compound, "Li");
  LimitSearch search(system, compound, "Li", {}, nominal);
  std::vector<double> energies(system.energies_eV_per_atom().begin(), system.energies_eV_per_atom().end());
  const Limits before = search.find(energies);
  std::vector<double> others = energies;
  for (const std::size_t phase : search.phases()) others[phase] *= 1.3;
  const Limits moved = search.find(others);
  EXPECT_NE(moved.oxidation.potential_V, before.oxidation.potential_V);
  const Limits after = search.find(energies);
  EXPECT_EQ(before.oxidation.potential_V, after.oxidation.potential_V);
  EXPECT_EQ(before.reduction.potential_V, after.reduction.potential_V);
}

// A draw in which LiH grows from lithium and hydrogen up to a higher potential has a shorter range, not no answer.
TEST(LimitSearch, AReservoirShortensTheRange) {
  const EntrySet set("hydrides", {entry_of("LiBH4", -2.0), entry_of("LiH", -0.5)});
  const ChemicalSystem system(set, {"Li", "B", "H"});
  const ProfileOptions options{.lowest_V = 0.6, .reservoirs = {{"H", 0.0}}};
  const base::Formula compound = formula("LiBH4");
  const Window nominal = equilibrium_window(system, compound, "Li", options);
  LimitSearch search(system, compound, "Li", options, nominal);
  std::vector<double> energies(system.energies_eV_per_atom().begin(), system.energies_eV_per_atom().end());
  energies[*system.find(formula("LiH"))] = -1.5 / 2.0;
  const Limits limits = search.find(energies);
  EXPECT_TRUE(limits.reduction.is_open);
  EXPECT_NEAR(limits.reduction.potential_V, 1.5, 1e-12);
  EXPECT_NEAR(limits.oxidation.potential_V, 2.0, 1e-12);
  energies[*system.find(formula("LiH"))] = -9.0 / 2.0;
  EXPECT_THROW(search.find(energies), base::NumericsError);
}

}  // namespace
}  // namespace closo::stability::detail
