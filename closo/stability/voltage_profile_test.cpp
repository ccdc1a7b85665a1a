#include "closo/stability/voltage_profile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "closo/base/error.hpp"
#include "closo/stability/random_set_test.hpp"
#include "closo/stability/thermo_data_test.hpp"

namespace closo::stability {
namespace {

using trial::entry_of;
using trial::formula;

double mobile_atoms(const ChemicalSystem& system, const std::vector<PhaseAmount>& products, const char* mobile) {
  double sum = 0.0;
  for (const PhaseAmount& part : products) sum += part.amount * system.entry(part.phase).formula.amount(mobile);
  return sum;
}

TEST(VoltageProfile, ChargesOfIons) {
  EXPECT_EQ(ion_charge("Li"), 1);
  EXPECT_EQ(ion_charge("Na"), 1);
  EXPECT_EQ(ion_charge("K"), 1);
  EXPECT_EQ(ion_charge("Ag"), 1);
  EXPECT_EQ(ion_charge("Mg"), 2);
  EXPECT_EQ(ion_charge("Ca"), 2);
  EXPECT_EQ(ion_charge("Zn"), 2);
  EXPECT_EQ(ion_charge("Al"), 3);
  EXPECT_THROW(ion_charge("B"), base::ParameterError);
}

// By hand: LiS2 + Li → 2 LiS at 2·2 − 3 = 1 V; LiS2 → Li + 2 S at 3 V.
TEST(VoltageProfile, PlateausOfABinary) {
  const EntrySet set("binary", {entry_of("LiS", -2.0), entry_of("LiS2", -3.0)});
  const ChemicalSystem system(set, {"Li", "S"});
  const VoltageProfile profile = voltage_profile(system, formula("LiS2"), "Li", {.lowest_V = 0.0, .highest_V = 5.0});
  ASSERT_EQ(profile.steps.size(), 3U);
  EXPECT_NEAR(profile.steps[0].high_V, 1.0, 1e-12);
  EXPECT_NEAR(profile.steps[1].high_V, 3.0, 1e-12);
  EXPECT_EQ(profile.steps[2].high_V, 5.0);
  EXPECT_NEAR(profile.steps[0].uptake, 1.0, 1e-12);
  EXPECT_EQ(profile.steps[1].uptake, 0.0);
  EXPECT_NEAR(profile.steps[2].uptake, -1.0, 1e-12);
  EXPECT_NEAR(profile.steps[0].grand_potential_eV, -4.0, 1e-12);
  EXPECT_NEAR(profile.steps[1].grand_potential_eV, -3.0 + 1.0, 1e-12);
  EXPECT_NEAR(profile.steps[2].grand_potential_eV, 0.0, 1e-12);
  ASSERT_EQ(profile.steps[0].products.size(), 1U);
  EXPECT_NEAR(profile.steps[0].products[0].amount, 2.0, 1e-12);
}

TEST(VoltageProfile, ADivalentIonCountsTwice) {
  const EntrySet set("binary", {entry_of("MgS", -4.0)});
  const ChemicalSystem system(set, {"Mg", "S"});
  const VoltageProfile profile = voltage_profile(system, formula("MgS"), "Mg");
  ASSERT_EQ(profile.steps.size(), 2U);
  EXPECT_EQ(profile.charge, 2);
  EXPECT_NEAR(profile.steps[0].high_V, 2.0, 1e-12);
  EXPECT_NEAR(profile.steps[1].uptake, -1.0, 1e-12);
}

TEST(VoltageProfile, ACompositionWithoutTheMobileElementOnlyTakesUp) {
  const EntrySet set("binary", {entry_of("TiS2", -4.0), entry_of("LiTiS2", -6.0)});
  const ChemicalSystem system(set, {"Li", "Ti", "S"});
  const VoltageProfile profile = voltage_profile(system, formula("TiS2"), "Li");
  ASSERT_EQ(profile.steps.size(), 2U);
  EXPECT_NEAR(profile.steps[0].high_V, 2.0, 1e-12);
  EXPECT_NEAR(profile.steps[0].uptake, 1.0, 1e-12);
  EXPECT_EQ(profile.steps[1].uptake, 0.0);
}

TEST(VoltageProfile, TwoEqualPolymorphsAreADegenerateStep) {
  const EntrySet set("binary", {entry_of("LiS", -2.0, "a"), entry_of("LiS", -2.0, "b")});
  const ChemicalSystem system(set, {"Li", "S"});
  const VoltageProfile profile = voltage_profile(system, formula("LiS"), "Li");
  ASSERT_EQ(profile.steps.size(), 2U);
  EXPECT_TRUE(profile.steps[0].is_degenerate);
  EXPECT_FALSE(profile.steps[1].is_degenerate);
}

// With hydrogen at hand LiBH4 keeps only its boron: LiBH4 → Li + B + 4 H(gas), at E + V − 4 µ = 0.
TEST(VoltageProfile, ReservoirsGiveAndTake) {
  const EntrySet set("hydrides", {entry_of("LiBH4", -2.0), entry_of("LiH", -0.5)});
  const ChemicalSystem system(set, {"Li", "B", "H"});
  for (const double potential_eV : {0.0, -0.1, -0.2}) {
    const VoltageProfile profile =
        voltage_profile(system, formula("LiBH4"), "Li", {.lowest_V = 0.6, .reservoirs = {{"H", potential_eV}}});
    ASSERT_EQ(profile.steps.size(), 2U);
    EXPECT_NEAR(profile.steps[0].high_V, 2.0 + 4.0 * potential_eV, 1e-12);
    ASSERT_EQ(profile.steps[1].products.size(), 1U);
    EXPECT_EQ(system.entry(profile.steps[1].products[0].phase).name, "B");
  }
}

TEST(VoltageProfile, Throws) {
  const EntrySet set("hydrides", {entry_of("LiBH4", -2.0), entry_of("LiH", -0.5)});
  const ChemicalSystem system(set, {"Li", "B", "H"});
  const auto run = [&](const char* composition, const char* mobile, const ProfileOptions& options) {
    return voltage_profile(system, formula(composition), mobile, options).steps.size();
  };
  EXPECT_THROW(run("LiBH4", "Na", {}), base::InputError);
  EXPECT_THROW(run("LiBH4", "H", {}), base::ParameterError);
  EXPECT_THROW(run("LiCl", "Li", {}), base::InputError);
  EXPECT_THROW(run("Li", "Li", {}), base::InputError);
  EXPECT_THROW(run("LiBH4", "Li", {.lowest_V = 1.0, .highest_V = 1.0}), base::ParameterError);
  EXPECT_THROW(run("LiBH4", "Li", {.lowest_V = std::nan("")}), base::ParameterError);
  EXPECT_THROW(run("LiBH4", "Li", {.lowest_V = -0.1}), base::NumericsError);
  EXPECT_THROW(run("LiBH4", "Li", {.reservoirs = {{"H", 0.0}}}), base::NumericsError);
  EXPECT_THROW(run("LiBH4", "Li", {.reservoirs = {{"H", 0.1}}}), base::NumericsError);
  EXPECT_THROW(open_equilibrium(system, formula("LiBH4"), {{"Li", 0.1}}), base::NumericsError);
  EXPECT_THROW(open_equilibrium(system, formula("LiCl"), {}), base::InputError);
  try {
    run("LiBH4", "Li", {.reservoirs = {{"H", 0.0}}});
    FAIL();
  } catch (const base::NumericsError& error) {
    EXPECT_NE(std::string(error.what()).find("below 0.5 V LiH"), std::string::npos) << error.what();
  }
}

TEST(OpenEquilibrium, AmountsOfOpenElementsDoNotMatter) {
  const EntrySet set("random", trial::random_entries({"Li", "B", "H", "N"}, 120, 3));
  const ChemicalSystem system(set, {"Li", "B", "H", "N"});
  const std::vector<Reservoir> open{{"Li", -1.3}, {"H", -0.9}};
  const OpenEquilibrium poor = open_equilibrium(system, formula("B2N3"), open);
  const OpenEquilibrium rich = open_equilibrium(system, formula("Li7B2N3H11"), open);
  EXPECT_NEAR(poor.grand_potential_eV, rich.grand_potential_eV, 1e-10);
  ASSERT_EQ(poor.products.size(), rich.products.size());
  for (std::size_t i = 0; i < poor.products.size(); ++i) EXPECT_EQ(poor.products[i].phase, rich.products[i].phase);
}

// ---- Laws over random sets

struct Law {
  std::vector<std::string> elements;
  std::string composition;
  std::size_t phases;
};

const std::vector<Law> laws = {{{"Li", "S"}, "Li2S3", 12},
                               {{"Li", "P", "S"}, "Li3PS4", 60},
                               {{"Li", "P", "S"}, "P2S5", 60},
                               {{"Mg", "B", "H"}, "MgB2H8", 80},
                               {{"Li", "Ge", "P", "S"}, "Li10GeP2S12", 200},
                               {{"Li", "B", "H", "N", "I"}, "Li4BN3H10I", 300},
                               {{"Na", "Zr", "Si", "P", "O", "B"}, "Na3Zr2Si2PO12B", 400}};

template <class Check>
void over_laws(const Check& check) {
  for (const Law& law : laws) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      const std::vector<Entry> entries = trial::random_entries(law.elements, law.phases, seed);
      SCOPED_TRACE(law.composition + ", seed " + std::to_string(seed));
      check(law, entries);
    }
  }
}

TEST(VoltageProfileLaw, UptakeFallsAndTheGrandPotentialIsConcaveAndContinuous) {
  over_laws([](const Law& law, const std::vector<Entry>& entries) {
    const ChemicalSystem system(EntrySet("random", entries), law.elements);
    const base::Formula composition = formula(law.composition);
    const std::string& mobile = law.elements.front();
    const VoltageProfile profile = voltage_profile(system, composition, mobile);
    const double own = composition.amount(mobile);
    EXPECT_EQ(profile.steps.front().low_V, 0.0);
    EXPECT_EQ(profile.steps.back().high_V, 8.0);
    for (std::size_t i = 0; i < profile.steps.size(); ++i) {
      const ProfileStep& step = profile.steps[i];
      EXPECT_LT(step.low_V, step.high_V);
      EXPECT_NEAR(mobile_atoms(system, step.products, mobile.c_str()) - own, step.uptake, 1e-7);
      if (i + 1 == profile.steps.size()) continue;
      const ProfileStep& next = profile.steps[i + 1];
      EXPECT_EQ(step.high_V, next.low_V);
      EXPECT_GT(step.uptake, next.uptake);
      const double end = step.grand_potential_eV + profile.charge * (own + step.uptake) * (step.high_V - step.low_V);
      EXPECT_NEAR(end, next.grand_potential_eV, 1e-8);
    }
  });
}

TEST(VoltageProfileLaw, EveryStepIsTheColdEquilibriumInsideIt) {
  std::mt19937_64 bits(5);
  over_laws([&](const Law& law, const std::vector<Entry>& entries) {
    const ChemicalSystem system(EntrySet("random", entries), law.elements);
    const base::Formula composition = formula(law.composition);
    const std::string& mobile = law.elements.front();
    const VoltageProfile profile = voltage_profile(system, composition, mobile);
    for (const ProfileStep& step : profile.steps) {
      const double share = 0.01 + 0.98 * static_cast<double>(bits() >> 11U) * 0x1p-53;
      const double potential_V = step.low_V + share * (step.high_V - step.low_V);
      const OpenEquilibrium cold = open_equilibrium(system, composition, {{mobile, -profile.charge * potential_V}});
      const double followed = step.grand_potential_eV +
                              profile.charge * (composition.amount(mobile) + step.uptake) * (potential_V - step.low_V);
      EXPECT_NEAR(cold.grand_potential_eV, followed, 1e-8);
      if (step.is_degenerate || step.high_V - step.low_V < 1e-6) continue;
      ASSERT_EQ(cold.products.size(), step.products.size());
      for (std::size_t i = 0; i < cold.products.size(); ++i) {
        EXPECT_EQ(cold.products[i].phase, step.products[i].phase);
        EXPECT_NEAR(cold.products[i].amount, step.products[i].amount, 1e-8);
      }
    }
  });
}

void expect_same(const VoltageProfile& a, const VoltageProfile& b, double factor = 1.0) {
  ASSERT_EQ(a.steps.size(), b.steps.size());
  for (std::size_t i = 0; i < a.steps.size(); ++i) {
    EXPECT_NEAR(a.steps[i].low_V, b.steps[i].low_V, 1e-9);
    EXPECT_NEAR(a.steps[i].uptake * factor, b.steps[i].uptake, 1e-7);
    EXPECT_NEAR(a.steps[i].grand_potential_eV * factor, b.steps[i].grand_potential_eV, 1e-7);
  }
}

TEST(VoltageProfileLaw, OrderOfEntriesAndElementsChangesNothing) {
  std::mt19937_64 bits(6);
  over_laws([&](const Law& law, const std::vector<Entry>& entries) {
    std::vector<Entry> mixed = entries;
    std::vector<std::string> elements = law.elements;
    std::shuffle(mixed.begin(), mixed.end(), bits);
    std::shuffle(elements.begin(), elements.end(), bits);
    const ChemicalSystem plain(EntrySet("random", entries), law.elements);
    const ChemicalSystem other(EntrySet("random", mixed), elements);
    expect_same(voltage_profile(plain, formula(law.composition), law.elements.front()),
                voltage_profile(other, formula(law.composition), law.elements.front()));
  });
}

TEST(VoltageProfileLaw, PhasesThatNeverFormChangeNothing) {
  over_laws([](const Law& law, const std::vector<Entry>& entries) {
    const ChemicalSystem system(EntrySet("random", entries), law.elements);
    const VoltageProfile profile = voltage_profile(system, formula(law.composition), law.elements.front());
    std::vector<Entry> kept;
    for (const Entry& entry : entries) {
      bool forms = false;
      for (const ProfileStep& step : profile.steps) {
        for (const PhaseAmount& part : step.products) forms = forms || system.entry(part.phase).phase == entry.phase;
      }
      if (forms) kept.push_back(entry);
    }
    EXPECT_LT(kept.size(), entries.size());
    for (const std::string& element : law.elements) kept.push_back(entry_of(element, 0.0));
    const ChemicalSystem fewer(EntrySet("random", kept), law.elements);
    expect_same(profile, voltage_profile(fewer, formula(law.composition), law.elements.front()));
  });
}

TEST(VoltageProfileLaw, FormulaUnitsScaleAmountsAndNotPotentials) {
  over_laws([](const Law& law, const std::vector<Entry>& entries) {
    const ChemicalSystem system(EntrySet("random", entries), law.elements);
    const VoltageProfile once = voltage_profile(system, formula(law.composition), law.elements.front());
    for (const double factor : {2.0, 7.0, 0.125}) {
      std::vector<base::ElementAmount> terms = formula(law.composition).terms();
      for (base::ElementAmount& term : terms) term.amount *= factor;
      expect_same(once, voltage_profile(system, base::Formula(terms), law.elements.front()), factor);
    }
  });
}

// Another zero of energy for each element, counted into every phase and the element itself, is no physics: a set whose
// elements do not count zero still has its potentials against its own metal.
TEST(VoltageProfileLaw, AnotherZeroOfTheElementsChangesNoPotential) {
  over_laws([](const Law& law, const std::vector<Entry>& entries) {
    std::vector<Entry> moved = entries;
    for (std::size_t e = 0; e < law.elements.size(); ++e) {
      const double shift = -0.3 - 0.2 * static_cast<double>(e);
      for (Entry& entry : moved) entry.energy_eV += shift * entry.formula.amount(law.elements[e]);
    }
    for (std::size_t e = 0; e < law.elements.size(); ++e) {
      moved.push_back(entry_of(law.elements[e], -0.3 - 0.2 * static_cast<double>(e)));
    }
    const ChemicalSystem plain(EntrySet("random", entries), law.elements);
    const ChemicalSystem other(EntrySet("moved", moved), law.elements);
    const VoltageProfile a = voltage_profile(plain, formula(law.composition), law.elements.front());
    const VoltageProfile b = voltage_profile(other, formula(law.composition), law.elements.front());
    ASSERT_EQ(a.steps.size(), b.steps.size());
    for (std::size_t i = 0; i < a.steps.size(); ++i) {
      EXPECT_NEAR(a.steps[i].low_V, b.steps[i].low_V, 1e-8);
      EXPECT_NEAR(a.steps[i].uptake, b.steps[i].uptake, 1e-7);
    }
  });
}

TEST(VoltageProfileShared, LithiumBorohydrideFallsInFourPlateaus) {
  const std::optional<EntrySet> set = trial::mp2019({"Li", "B", "H"});
  if (!set) GTEST_SKIP() << "shared thermodynamic data are not there";
  const ChemicalSystem system(*set, {"Li", "B", "H"});
  const VoltageProfile profile = voltage_profile(system, formula("LiBH4"), "Li");
  ASSERT_EQ(profile.steps.size(), 5U);
  const double edges_V[] = {0.060, 0.383, 0.546, 2.024};
  const double uptakes[] = {4.0, 10.0 / 3.0, 13.0 / 6.0, 0.0, -1.0};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(profile.steps[i].uptake, uptakes[i], 1e-7);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(profile.steps[i].high_V, edges_V[i], 1e-3);
}

}  // namespace
}  // namespace closo::stability
