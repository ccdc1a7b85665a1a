#include "closo/stability/window.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "closo/base/error.hpp"
#include "closo/stability/random_set_test.hpp"

namespace closo::stability {
namespace {

using trial::entry_of;
using trial::formula;
using trial::system_of;

std::vector<std::string> names(const ChemicalSystem& system, const std::vector<PhaseAmount>& phases) {
  std::vector<std::string> result;
  for (const PhaseAmount& part : phases) result.push_back(system.entry(part.phase).name);
  std::sort(result.begin(), result.end());
  return result;
}

double energy_per_formula(const ChemicalSystem& system, std::size_t phase) {
  return system.energy_eV_per_atom(phase) * system.atoms(phase);
}

/// The system with one energy moved, per formula unit of the phase.
ChemicalSystem moved(const ChemicalSystem& system, std::size_t phase, double eV) {
  ChemicalSystem other = system;
  std::vector<double> energies(system.energies_eV_per_atom().begin(), system.energies_eV_per_atom().end());
  energies[phase] += eV / system.atoms(phase);
  other.set_energies(energies);
  return other;
}

const EntrySet sulfides("sulfides", {entry_of("LiS", -2.0), entry_of("LiS2", -3.0), entry_of("Li2S", -2.5)});

// By hand, as in voltage_profile_test: LiS2 + Li → 2 LiS at 1 V, LiS2 → Li + 2 S at 3 V.
TEST(EquilibriumWindow, OfABinaryByHand) {
  const ChemicalSystem system(sulfides, {"Li", "S"});
  const Window window = equilibrium_window(system, formula("LiS2"), "Li");
  EXPECT_NEAR(window.reduction.potential_V, 1.0, 1e-12);
  EXPECT_NEAR(window.oxidation.potential_V, 3.0, 1e-12);
  EXPECT_NEAR(window.width_V(), 2.0, 1e-12);
  EXPECT_TRUE(window.exists);
  EXPECT_TRUE(window.compound_is_in_set);
  EXPECT_EQ(window.above_hull_eV_per_atom, 0.0);
  EXPECT_NEAR(window.reduction.exchanged, 1.0, 1e-12);
  EXPECT_NEAR(window.oxidation.exchanged, -1.0, 1e-12);
  EXPECT_EQ(names(system, window.reduction.products), std::vector<std::string>{"LiS"});
  EXPECT_EQ(names(system, window.oxidation.products), std::vector<std::string>{"S"});
  ASSERT_EQ(window.reduction.reaction.reactants.size(), 2U);
  ASSERT_EQ(window.reduction.reaction.products.size(), 1U);
  EXPECT_EQ(window.reduction.reaction.products[0].coefficient, 2.0);
  // V = E(LiS2) + E(Li) − 2 E(LiS): the sensitivities are the coefficients.
  std::map<std::string, double> sensitivities;
  for (const WindowLimit::Sensitivity& s : window.reduction.sensitivities) {
    sensitivities[system.entry(s.phase).name] = s.per_eV;
  }
  EXPECT_EQ(sensitivities.size(), 3U);
  EXPECT_NEAR(sensitivities["LiS2"], 1.0, 1e-12);
  EXPECT_NEAR(sensitivities["Li"], 1.0, 1e-12);
  EXPECT_NEAR(sensitivities["LiS"], -2.0, 1e-12);
}

TEST(EquilibriumWindow, IsOpenWhereNothingHappens) {
  const ChemicalSystem system(sulfides, {"Li", "S"});
  const Window full = equilibrium_window(system, formula("Li2S"), "Li");
  EXPECT_TRUE(full.reduction.is_open);
  EXPECT_EQ(full.reduction.potential_V, 0.0);
  EXPECT_TRUE(full.reduction.products.empty());
  EXPECT_TRUE(full.reduction.reaction.empty());
  EXPECT_FALSE(full.oxidation.is_open);
  const Window empty = equilibrium_window(system, formula("S"), "Li", {.lowest_V = 0.0, .highest_V = 6.0});
  EXPECT_TRUE(empty.oxidation.is_open);
  EXPECT_EQ(empty.oxidation.potential_V, 6.0);
  EXPECT_NEAR(empty.reduction.potential_V, 3.0, 1e-12);
}

// A composition on a tie line between a richer and a poorer phase exchanges ions at one potential only.
TEST(EquilibriumWindow, ATwoPhaseCompositionHasNoWidth) {
  const ChemicalSystem system(sulfides, {"Li", "S"});
  const Window window = equilibrium_window(system, formula("Li2S3"), "Li");
  EXPECT_FALSE(window.compound_is_in_set);
  EXPECT_NEAR(window.reduction.potential_V, 1.0, 1e-12);
  EXPECT_NEAR(window.oxidation.potential_V, 1.0, 1e-12);
  EXPECT_EQ(names(system, window.equilibrium), (std::vector<std::string>{"LiS", "LiS2"}));
  EXPECT_EQ(names(system, window.reduction.products), std::vector<std::string>{"LiS"});
  EXPECT_EQ(names(system, window.oxidation.products), std::vector<std::string>{"LiS2"});
}

TEST(EquilibriumWindow, LimitsOutsideTheRangeLieAtItsEnds) {
  const ChemicalSystem system(sulfides, {"Li", "S"});
  const Window high = equilibrium_window(system, formula("LiS2"), "Li", {.lowest_V = 3.5, .highest_V = 5.0});
  EXPECT_TRUE(high.reduction.is_open);
  EXPECT_FALSE(high.oxidation.is_open);
  EXPECT_EQ(high.oxidation.potential_V, 3.5);
  EXPECT_TRUE(high.oxidation.sensitivities.empty());
  const Window low = equilibrium_window(system, formula("LiS2"), "Li", {.lowest_V = 0.0, .highest_V = 0.9});
  EXPECT_FALSE(low.reduction.is_open);
  EXPECT_EQ(low.reduction.potential_V, 0.9);
  EXPECT_TRUE(low.oxidation.is_open);
  EXPECT_EQ(names(system, low.equilibrium), std::vector<std::string>{"LiS2"});
}

TEST(EquilibriumWindow, OfAnUnstableCompoundIsThatOfItsProducts) {
  const EntrySet set("sulfides", {entry_of("LiS", -2.0), entry_of("LiS2", -3.0), entry_of("Li3S4", -6.5)});
  const ChemicalSystem system(set, {"Li", "S"});
  const Window window = equilibrium_window(system, formula("Li3S4"), "Li");
  EXPECT_TRUE(window.compound_is_in_set);
  EXPECT_NEAR(window.above_hull_eV_per_atom, (2.0 * 2.0 + 3.0 - 6.5) / 7.0, 1e-12);
  EXPECT_EQ(names(system, window.equilibrium), (std::vector<std::string>{"LiS", "LiS2"}));
  EXPECT_NEAR(window.oxidation.potential_V, 1.0, 1e-12);
}

TEST(ConstrainedWindow, IsWhereTheCompoundStaysAlone) {
  const ChemicalSystem system(sulfides, {"Li", "S"});
  const Window free = equilibrium_window(system, formula("LiS2"), "Li");
  const Window same = constrained_window(system, formula("LiS2"), "Li");
  EXPECT_NEAR(same.reduction.potential_V, free.reduction.potential_V, 1e-12);
  EXPECT_NEAR(same.oxidation.potential_V, free.oxidation.potential_V, 1e-12);
  // Without LiS, LiS2 + 3 Li → 2 Li2S at (5 − 3)/3 V.
  const Window fewer =
      constrained_window(ChemicalSystem(sulfides, {"Li", "S"}, {.exclude = {"LiS"}}), formula("LiS2"), "Li");
  EXPECT_NEAR(fewer.reduction.potential_V, 2.0 / 3.0, 1e-12);
  EXPECT_NEAR(fewer.oxidation.potential_V, 3.0, 1e-12);
}

TEST(ConstrainedWindow, AToleratedForceWidensIt) {
  const ChemicalSystem system(sulfides, {"Li", "S"});
  // 0.1 eV/atom on 3 atoms is 0.3 eV for one lithium.
  const Window wide = constrained_window(system, formula("LiS2"), "Li", 0.1);
  EXPECT_NEAR(wide.reduction.potential_V, 1.0 - 0.3, 1e-12);
  EXPECT_NEAR(wide.oxidation.potential_V, 3.0 + 0.3, 1e-12);
  EXPECT_EQ(names(system, wide.oxidation.products), std::vector<std::string>{"S"});
  const Window open = constrained_window(system, formula("LiS2"), "Li", 2.0);
  EXPECT_TRUE(open.reduction.is_open);
  EXPECT_TRUE(open.oxidation.is_open);
}

TEST(ConstrainedWindow, OfAMetastableCompoundNeedsATolerance) {
  const EntrySet set("sulfides", {entry_of("LiS", -2.0), entry_of("LiS2", -3.0), entry_of("Li3S4", -6.5)});
  const ChemicalSystem system(set, {"Li", "S"});
  const Window none = constrained_window(system, formula("Li3S4"), "Li");
  EXPECT_FALSE(none.exists);
  EXPECT_NEAR(none.above_hull_eV_per_atom, 0.5 / 7.0, 1e-12);
  EXPECT_EQ(none.width_V(), 0.0);
  // 0.7 eV allowed, 0.5 eV above: 0.2 eV each side; 1 Li taken up or 1 Li released per formula unit.
  const Window some = constrained_window(system, formula("Li3S4"), "Li", 0.1);
  EXPECT_TRUE(some.exists);
  EXPECT_NEAR(some.reduction.potential_V, 1.0 - 0.2, 1e-12);
  EXPECT_NEAR(some.oxidation.potential_V, 1.0 + 0.2, 1e-12);
}

TEST(ConstrainedWindow, Throws) {
  const ChemicalSystem system(sulfides, {"Li", "S"});
  EXPECT_THROW(constrained_window(system, formula("LiS4"), "Li"), base::InputError);
  EXPECT_THROW(constrained_window(system, formula("LiS2"), "Li", -0.1), base::ParameterError);
  EXPECT_THROW(constrained_window(system, formula("LiS2"), "Na"), base::InputError);
  EXPECT_THROW(equilibrium_window(system, formula("LiCl"), "Li"), base::InputError);
  EXPECT_THROW(equilibrium_window(system, formula("LiS2"), "Li", {.lowest_V = -1.0}), base::NumericsError);
}

TEST(BoronHydrogenPhases, AllButTheCompound) {
  const EntrySet set("hydrides", {entry_of("LiBH4", -2.0), entry_of("LiB6H6", -5.0), entry_of("B2H6", -0.5),
                                  entry_of("LiH", -1.0), entry_of("LiB3", -1.0)});
  const ChemicalSystem system(set, {"Li", "B", "H"});
  EXPECT_EQ(boron_hydrogen_phases(system, formula("Li2B12H12")), (std::vector<std::string>{"LiBH4", "B2H6"}));
  EXPECT_EQ(boron_hydrogen_phases(system, formula("LiH")), (std::vector<std::string>{"LiBH4", "LiB6H6", "B2H6"}));
}

// ---- Laws over random sets

struct Case {
  std::vector<std::string> elements;
  std::string compound;
};
const std::vector<Case> cases = {{{"Li", "S"}, "Li2S3"},
                                 {{"Li", "P", "S"}, "Li3PS4"},
                                 {{"Mg", "B", "H"}, "MgB2H3"},
                                 {{"Li", "Ge", "P", "S"}, "Li4GeP2S3"},
                                 {{"Na", "B", "H", "N", "I"}, "Na4BN3H2I"}};

template <class Check>
void over_cases(const Check& check) {
  for (const Case& one : cases) {
    for (std::uint64_t seed = 1; seed <= 15; ++seed) {
      SCOPED_TRACE(one.compound + ", seed " + std::to_string(seed));
      const EntrySet set("random", trial::random_entries(one.elements, 40 * one.elements.size(), seed));
      check(ChemicalSystem(set, one.elements), formula(one.compound), one.elements.front());
    }
  }
}

// The edges are the one-sided derivatives of the hull energy by the amount of the mobile element.
TEST(WindowLaw, LimitsAreOneSidedDerivativesOfTheHull) {
  over_cases([](const ChemicalSystem& system, const base::Formula& compound, const std::string& mobile) {
    const Window window = equilibrium_window(system, compound, mobile);
    const auto hull_eV = [&](double change) {
      std::vector<base::ElementAmount> terms = compound.terms();
      for (base::ElementAmount& term : terms) {
        if (term.element->symbol == mobile) term.amount += change;
      }
      return open_equilibrium(system, base::Formula(terms), {}).grand_potential_eV;
    };
    constexpr double step = 1e-3;
    const double own = hull_eV(0.0);
    const double reduction_V = (own - hull_eV(step)) / (window.charge * step);
    const double oxidation_V = (hull_eV(-step) - own) / (window.charge * step);
    EXPECT_NEAR(window.reduction.potential_V, reduction_V, 1e-7);
    EXPECT_NEAR(window.oxidation.potential_V, oxidation_V, 1e-7);
    EXPECT_LE(window.reduction.potential_V, window.oxidation.potential_V);
  });
}

TEST(WindowLaw, SensitivitiesAgreeWithFiniteDifferences) {
  over_cases([](const ChemicalSystem& system, const base::Formula& compound, const std::string& mobile) {
    const Window window = equilibrium_window(system, compound, mobile);
    constexpr double step = 1e-6;
    std::vector<double> expected(system.size(), 0.0);
    if (window.width_V() < 1e-3) return;  // at a jump the two limits may part
    for (const bool is_oxidation : {false, true}) {
      const WindowLimit& limit = is_oxidation ? window.oxidation : window.reduction;
      std::fill(expected.begin(), expected.end(), 0.0);
      for (const WindowLimit::Sensitivity& s : limit.sensitivities) expected[s.phase] = s.per_eV;
      for (std::size_t phase = 0; phase < system.size(); ++phase) {
        if (system.entry(phase).formula.terms().size() == 1) continue;  // must stay the lowest phase of its element
        const auto limit_V = [&](double eV) {
          const Window there = equilibrium_window(moved(system, phase, eV), compound, mobile);
          return is_oxidation ? there.oxidation.potential_V : there.reduction.potential_V;
        };
        EXPECT_NEAR((limit_V(step) - limit_V(-step)) / (2.0 * step), expected[phase],
                    2e-4 * (1.0 + std::abs(expected[phase])))
            << system.entry(phase).name;
      }
    }
  });
}

TEST(WindowLaw, SensitivitiesAreABalancedReactionThatGivesTheLimit) {
  over_cases([](const ChemicalSystem& system, const base::Formula& compound, const std::string& mobile) {
    const Window window = equilibrium_window(system, compound, mobile);
    for (const WindowLimit* limit : {&window.reduction, &window.oxidation}) {
      EXPECT_EQ(limit->is_open, limit->sensitivities.empty());
      double potential_V = 0.0;
      std::vector<double> sums(system.elements().size(), 0.0);
      for (const WindowLimit::Sensitivity& s : limit->sensitivities) {
        potential_V += s.per_eV * energy_per_formula(system, s.phase);
        for (std::size_t e = 0; e < sums.size(); ++e) {
          sums[e] += s.per_eV * system.entry(s.phase).formula.amount(system.elements()[e]);
        }
      }
      for (const double sum : sums) EXPECT_NEAR(sum, 0.0, 1e-7);
      if (limit->is_open) continue;
      EXPECT_NEAR(potential_V, limit->potential_V, 1e-7);
    }
  });
}

TEST(WindowLaw, FormulaUnitsAndUnstablePhasesChangeNothing) {
  over_cases([](const ChemicalSystem& system, const base::Formula& compound, const std::string& mobile) {
    const Window window = equilibrium_window(system, compound, mobile);
    std::vector<base::ElementAmount> doubled = compound.terms();
    for (base::ElementAmount& term : doubled) term.amount *= 2.0;
    const Window twice = equilibrium_window(system, base::Formula(doubled), mobile);
    EXPECT_NEAR(twice.reduction.potential_V, window.reduction.potential_V, 1e-9);
    EXPECT_NEAR(twice.oxidation.potential_V, window.oxidation.potential_V, 1e-9);
    EXPECT_NEAR(twice.oxidation.exchanged, 2.0 * window.oxidation.exchanged, 1e-7);
    EXPECT_NEAR(twice.above_hull_eV_per_atom, window.above_hull_eV_per_atom, 1e-9);
  });
}

// A compound made lower in energy has a wider window, on both sides.
TEST(WindowLaw, AMoreStableCompoundHasAWiderWindow) {
  over_cases([](const ChemicalSystem& system, const base::Formula& compound, const std::string& mobile) {
    const double hull_eV = open_equilibrium(system, compound, {}).grand_potential_eV;
    double last_reduction_V = 1e9, last_oxidation_V = -1e9;
    for (const double below_eV : {0.0, 0.1, 0.2, 0.4, 0.8}) {
      std::vector<Entry> entries;
      for (std::size_t phase = 0; phase < system.size(); ++phase) entries.push_back(system.entry(phase));
      entries.push_back(trial::entry_of(compound.text(), hull_eV - below_eV, "deeper"));
      const std::vector<std::string> elements(system.elements().begin(), system.elements().end());
      const ChemicalSystem deeper(EntrySet("deeper", entries), elements);
      const Window window = equilibrium_window(deeper, compound, mobile);
      EXPECT_LE(window.reduction.potential_V, last_reduction_V + 1e-9);
      EXPECT_GE(window.oxidation.potential_V, last_oxidation_V - 1e-9);
      last_reduction_V = window.reduction.potential_V;
      last_oxidation_V = window.oxidation.potential_V;
      const Window alone = constrained_window(deeper, compound, mobile);
      EXPECT_NEAR(alone.reduction.potential_V, window.reduction.potential_V, 1e-5);
      EXPECT_NEAR(alone.oxidation.potential_V, window.oxidation.potential_V, 1e-5);
    }
  });
}

}  // namespace
}  // namespace closo::stability
