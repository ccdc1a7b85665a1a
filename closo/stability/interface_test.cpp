#include "closo/stability/interface.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "closo/base/error.hpp"
#include "closo/stability/hull.hpp"
#include "closo/stability/thermo_data_test.hpp"

namespace closo::stability {
namespace {

base::Formula formula(const std::string& text) { return base::Formula::parse(text); }

Entry entry(const std::string& text, double eV_per_atom) {
  Entry made;
  made.name = text;
  made.formula = formula(text);
  made.energy_eV = eV_per_atom * made.formula.atoms();
  return made;
}

/// Phases with random small amounts and energies, all elements with a reference at zero.
EntrySet random_set(std::uint64_t seed, const std::vector<std::string>& elements, std::size_t phases) {
  std::mt19937_64 engine(seed);
  const auto uniform = [&] { return static_cast<double>(engine() >> 11U) * 0x1p-53; };
  std::vector<Entry> entries;
  for (std::size_t k = 0; k < phases; ++k) {
    std::vector<base::ElementAmount> terms;
    for (const std::string& symbol : elements) {
      if (uniform() < 0.5) terms.push_back({base::find_element(symbol), 1.0 + std::floor(5.0 * uniform())});
    }
    if (terms.size() < 2) continue;
    Entry made;
    made.formula = base::Formula(terms);
    made.name = made.formula.text();
    made.phase = std::to_string(k);
    made.energy_eV = -(0.2 + 2.0 * uniform()) * made.formula.atoms();
    entries.push_back(std::move(made));
  }
  return EntrySet("random", std::move(entries));
}

/// x of the atoms counted from a, the rest from b: one atom counted in all.
base::Formula mixture(const base::Formula& a, const base::Formula& b, double x, const std::string& open) {
  std::vector<base::ElementAmount> terms;
  const auto add = [&](const base::Formula& from, double share) {
    const double counted = from.atoms() - from.amount(open);
    for (const base::ElementAmount& term : from.terms()) {
      if (share > 0.0) terms.push_back({term.element, term.amount * share / counted});
    }
  };
  add(a, x);
  add(b, 1.0 - x);
  return base::Formula(terms);
}

/// φ_eq by a program of its own, from the beginning, for that composition.
double cold_energy_eV(const ChemicalSystem& system, const base::Formula& composition,
                      const std::optional<Reservoir>& open) {
  if (!open) return decompose(system, composition).energy_eV;
  return open_equilibrium(system, composition, {*open}).grand_potential_eV;
}

/// Of the compound as the set has it, per atom counted.
double own_energy_eV(const ChemicalSystem& system, const base::Formula& compound,
                     const std::optional<Reservoir>& open) {
  const double all = system.energy_eV_per_atom(*system.find(compound)) * compound.atoms();
  if (!open) return all / compound.atoms();
  const double mobile = compound.amount(open->element);
  return (all - open->chemical_potential_eV * mobile) / (compound.atoms() - mobile);
}

struct Case {
  ChemicalSystem system;
  base::Formula a, b;
  std::optional<Reservoir> open;
};

/// Pairs of phases of random sets, closed and open.
std::vector<Case> random_cases() {
  const std::vector<std::string> elements{"Li", "B", "H", "O", "S"};
  std::vector<Case> cases;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const ChemicalSystem system(random_set(seed, elements, 60), elements);
    for (std::size_t k = 0; k + 1 < system.size() && k < 12; k += 2) {
      const base::Formula& a = system.entry(k).formula;
      const base::Formula& b = system.entry(k + 1).formula;
      if (a.terms().size() < 2 || b.terms().size() < 2) continue;
      cases.push_back({system, a, b, {}});
      cases.push_back({system, a, b, Reservoir{"Li", -0.5 * static_cast<double>(seed)}});
    }
  }
  return cases;
}

/// Sum over products minus reactants of each element, relative to the largest amount.
double imbalance(const Reaction& reaction) {
  double worst = 0.0;
  for (const base::Element& element : base::elements()) {
    double sum = 0.0, largest = 0.0;
    for (const bool is_product : {false, true}) {
      for (const ReactionTerm& term : is_product ? reaction.products : reaction.reactants) {
        const double amount = term.coefficient * term.formula.amount(element.symbol);
        sum += is_product ? amount : -amount;
        largest = std::max(largest, amount);
      }
    }
    if (largest > 0.0) worst = std::max(worst, std::abs(sum) / largest);
  }
  return worst;
}

TEST(InterfaceReaction, OfTwoElementsIsTheTextbookHull) {
  const EntrySet set("made", {entry("LiCl", -2.0), entry("Li3Cl", -1.2), entry("LiCl3", -0.5)});
  const ChemicalSystem system(set, {"Li", "Cl"});
  const InterfaceReaction reaction = interface_reaction(system, {formula("Li")}, {formula("Cl")});
  EXPECT_NEAR(reaction.mixing_eV, -2.0, 1e-12);
  EXPECT_NEAR(reaction.mixing_fraction, 0.5, 1e-12);
  EXPECT_NEAR(reaction.mutual_eV, -2.0, 1e-12);
  EXPECT_NEAR(reaction.mutual_fraction, 0.5, 1e-12);
  EXPECT_EQ(reaction.no_mixing_A_eV, 0.0);
  EXPECT_FALSE(reaction.A_is_assumed_on_hull);
  ASSERT_EQ(reaction.kinks.size(), 4U);  // LiCl3 lies above the line from Cl to LiCl
  EXPECT_TRUE(reaction.kinks.front().reaction.empty());
  EXPECT_TRUE(reaction.kinks.back().reaction.empty());
  EXPECT_EQ(to_text(reaction.kinks[1].reaction), "2 Li + Cl2 → 2 LiCl");
  EXPECT_EQ(to_text(reaction.kinks[2].reaction), "6 Li + Cl2 → 2 Li3Cl");
}

TEST(InterfaceReaction, NormalisesByTheAtomsThatAreNotOpen) {
  const EntrySet set("made", {entry("Li2O", -2.0), entry("Li2S", -1.5), entry("Li2SO4", -2.0)});
  const ChemicalSystem system(set, {"Li", "O", "S"});
  const Reservoir open{"Li", -1.0};
  const InterfaceReaction reaction = interface_reaction(system, {formula("O2")}, {formula("S")}, open);
  // µ(Li) −1 eV: Li2O −6 + 2 = −4 eV per O, Li2S −4.5 + 2 = −2.5 eV per S, Li2SO4 −14 + 2 = −12 eV per 5 atoms.
  EXPECT_NEAR(reaction.no_mixing_A_eV, -4.0, 1e-12);
  EXPECT_NEAR(reaction.no_mixing_B_eV, -2.5, 1e-12);
  EXPECT_NEAR(reaction.mixing_eV, -4.0, 1e-12);
  EXPECT_NEAR(reaction.mixing_fraction, 1.0, 1e-12);
  EXPECT_EQ(reaction.mutual_eV, 0.0);
  ASSERT_EQ(reaction.kinks.size(), 2U);
  EXPECT_EQ(to_text(reaction.kinks.back().reaction), "O2 + 4 Li → 2 Li2O");
  ASSERT_EQ(reaction.kinks.back().products.size(), 1U);
  EXPECT_NEAR(reaction.kinks.back().products.front().amount, 1.0, 1e-12);
  EXPECT_EQ(reaction.open->element, "Li");
}

TEST(InterfaceReaction, AGivenEnergyStandsForThatOfTheSet) {
  const EntrySet set("made", {entry("LiCl", -2.0)});
  const ChemicalSystem system(set, {"Li", "Cl"});
  const InterfaceReaction reaction =
      interface_reaction(system, {formula("Li2Cl2"), -7.0}, {formula("Li"), std::nullopt});
  EXPECT_NEAR(reaction.no_mixing_A_eV, -0.25, 1e-12);
  EXPECT_FALSE(reaction.A_is_assumed_on_hull);
  EXPECT_NEAR(reaction.mixing_eV, -0.25, 1e-12);
  EXPECT_EQ(reaction.mutual_eV, 0.0);
}

TEST(InterfaceReaction, ACompoundThatIsNotInTheSetCountsWithItsEquilibrium) {
  const EntrySet set("made", {entry("LiCl", -2.0)});
  const ChemicalSystem system(set, {"Li", "Cl"});
  const InterfaceReaction reaction = interface_reaction(system, {formula("Li2Cl")}, {formula("Cl2")});
  EXPECT_TRUE(reaction.A_is_assumed_on_hull);
  EXPECT_FALSE(reaction.B_is_assumed_on_hull);
  EXPECT_EQ(reaction.no_mixing_A_eV, 0.0);
  EXPECT_LT(reaction.mixing_eV, -0.1);
  EXPECT_NEAR(reaction.mixing_eV, reaction.mutual_eV, 1e-12);
}

TEST(InterfaceReaction, DegeneratePairs) {
  const EntrySet set("made", {entry("LiCoO2", -1.5), entry("CoO2", -1.0), entry("LiH", -0.4), entry("LiBH4", -0.43)});
  const ChemicalSystem system(set, {"Li", "Co", "O", "B", "H"});
  // The same material twice, in two writings.
  const InterfaceReaction same = interface_reaction(system, {formula("LiBH4")}, {formula("Li2B2H8")});
  EXPECT_EQ(same.mutual_eV, 0.0);
  EXPECT_NEAR(same.mixing_eV, 0.0, 1e-12);
  ASSERT_EQ(same.kinks.size(), 2U);
  EXPECT_TRUE(same.kinks[0].reaction.empty());
  // One that the other decomposes into.
  const EntrySet unstable("made", {entry("LiH", -0.4), entry("LiBH4", -0.05)});
  const ChemicalSystem small(unstable, {"Li", "B", "H"});
  const InterfaceReaction contained = interface_reaction(small, {formula("LiBH4")}, {formula("LiH")});
  EXPECT_NEAR(contained.mixing_eV, contained.no_mixing_A_eV, 1e-12);
  EXPECT_LT(contained.mixing_eV, -0.05);
  EXPECT_EQ(contained.mixing_fraction, 1.0);
  EXPECT_NEAR(contained.mutual_eV, 0.0, 1e-12);
  // Two states that differ by the open element only: the mixture has one composition.
  const double voltage = average_voltage(system, formula("LiCoO2"), formula("CoO2"), "Li");
  const InterfaceReaction states =
      interface_reaction(system, {formula("LiCoO2")}, {formula("CoO2")}, Reservoir{"Li", -voltage});
  EXPECT_EQ(states.mutual_eV, 0.0);
  EXPECT_NEAR(states.no_mixing_A_eV, states.no_mixing_B_eV, 1e-12);
  EXPECT_EQ(states.kinks.size(), 2U);
}

TEST(InterfaceReaction, AnAbsentOpenElementOutOfReachIsTheClosedLimit) {
  const std::vector<std::string> elements{"B", "H", "O", "S"};
  std::vector<std::string> with_open = elements;
  with_open.push_back("Li");
  const EntrySet set = random_set(7, with_open, 150);
  const ChemicalSystem closed(set, elements);
  const ChemicalSystem open(set, with_open);
  for (std::size_t k = 0; k + 1 < closed.size(); ++k) {
    const InterfaceMaterial a{closed.entry(k).formula}, b{closed.entry(k + 1).formula};
    const InterfaceEnergies in_closed = interface_energies(closed, a, b);
    const InterfaceEnergies in_larger = interface_energies(open, a, b);
    const InterfaceEnergies in_open = interface_energies(open, a, b, Reservoir{"Li", -60.0});
    EXPECT_NEAR(in_closed.mixing_eV, in_open.mixing_eV, 1e-10);
    EXPECT_NEAR(in_closed.mutual_eV, in_open.mutual_eV, 1e-10);
    EXPECT_NEAR(in_closed.mixing_eV, in_larger.mixing_eV, 1e-12);
    // A reservoir that can give only lowers the energy of the equilibrium.
    const InterfaceEnergies near = interface_energies(open, a, b, Reservoir{"Li", 0.0});
    EXPECT_LE(near.no_mixing_A_eV, in_closed.no_mixing_A_eV + 1e-10);
    EXPECT_LE(near.mixing_eV, in_closed.mixing_eV + 1e-10);
  }
}

TEST(InterfaceLaws, ConvexWithTheOwnDecompositionAtTheEnds) {
  for (const Case& c : random_cases()) {
    const InterfaceReaction reaction = interface_reaction(c.system, {c.a}, {c.b}, c.open);
    const std::vector<InterfaceKink>& kinks = reaction.kinks;
    ASSERT_GE(kinks.size(), 2U);
    EXPECT_EQ(kinks.front().fraction, 0.0);
    EXPECT_EQ(kinks.back().fraction, 1.0);
    EXPECT_NEAR(kinks.front().energy_eV, reaction.no_mixing_B_eV, 1e-12);
    EXPECT_NEAR(kinks.back().energy_eV, reaction.no_mixing_A_eV, 1e-12);
    EXPECT_EQ(kinks.front().mutual_energy_eV, 0.0);
    EXPECT_NEAR(kinks.back().mutual_energy_eV, 0.0, 1e-12);
    EXPECT_LE(reaction.no_mixing_A_eV, 1e-10);
    EXPECT_LE(reaction.mixing_eV, std::min(reaction.no_mixing_A_eV, reaction.no_mixing_B_eV) + 1e-12);
    EXPECT_LE(reaction.mutual_eV, 0.0);
    EXPECT_GE(reaction.mutual_eV, reaction.mixing_eV - 1e-10);
    double slope = -std::numeric_limits<double>::infinity();
    for (std::size_t k = 1; k < kinks.size(); ++k) {
      ASSERT_GT(kinks[k].fraction, kinks[k - 1].fraction);
      const double next = (kinks[k].energy_eV - kinks[k - 1].energy_eV) / (kinks[k].fraction - kinks[k - 1].fraction);
      EXPECT_GT(next, slope);
      slope = next;
    }
  }
}

TEST(InterfaceLaws, SwappingTheMaterialsMirrorsTheFraction) {
  for (const Case& c : random_cases()) {
    const InterfaceReaction there = interface_reaction(c.system, {c.a}, {c.b}, c.open);
    const InterfaceReaction back = interface_reaction(c.system, {c.b}, {c.a}, c.open);
    EXPECT_NEAR(there.mixing_eV, back.mixing_eV, 1e-10);
    EXPECT_NEAR(there.mutual_eV, back.mutual_eV, 1e-10);
    EXPECT_NEAR(there.no_mixing_A_eV, back.no_mixing_B_eV, 1e-10);
    ASSERT_EQ(there.kinks.size(), back.kinks.size());
    for (std::size_t k = 0; k < there.kinks.size(); ++k) {
      const InterfaceKink& mirror = back.kinks[back.kinks.size() - 1 - k];
      EXPECT_NEAR(there.kinks[k].fraction, 1.0 - mirror.fraction, 1e-9);
      EXPECT_NEAR(there.kinks[k].energy_eV, mirror.energy_eV, 1e-10);
    }
  }
}

TEST(InterfaceLaws, AKinkIsTheColdOptimumAndTheEnergyIsLinearBetween) {
  std::mt19937_64 engine(3);
  for (const Case& c : random_cases()) {
    const std::string open = c.open ? c.open->element : "";
    const InterfaceReaction reaction = interface_reaction(c.system, {c.a}, {c.b}, c.open);
    const double own_a = own_energy_eV(c.system, c.a, c.open);
    const double own_b = own_energy_eV(c.system, c.b, c.open);
    const auto cold = [&](double x) {
      return cold_energy_eV(c.system, mixture(c.a, c.b, x, open), c.open) - x * own_a - (1.0 - x) * own_b;
    };
    for (const InterfaceKink& kink : reaction.kinks) {
      EXPECT_NEAR(kink.energy_eV, cold(kink.fraction), 1e-9) << c.a.text() << " " << c.b.text() << " " << kink.fraction;
    }
    for (std::size_t k = 1; k < reaction.kinks.size(); ++k) {
      const InterfaceKink& left = reaction.kinks[k - 1];
      const InterfaceKink& right = reaction.kinks[k];
      const double share = static_cast<double>(engine() >> 11U) * 0x1p-53;
      const double x = left.fraction + share * (right.fraction - left.fraction);
      EXPECT_NEAR((1.0 - share) * left.energy_eV + share * right.energy_eV, cold(x), 1e-9);
    }
  }
}

TEST(InterfaceLaws, TheShortFormHasTheSameEnergies) {
  for (const Case& c : random_cases()) {
    const InterfaceReaction full = interface_reaction(c.system, {c.a}, {c.b}, c.open);
    const InterfaceEnergies energies = interface_energies(c.system, {c.a}, {c.b}, c.open);
    EXPECT_EQ(full.mixing_eV, energies.mixing_eV);
    EXPECT_EQ(full.mixing_fraction, energies.mixing_fraction);
    EXPECT_NEAR(full.mutual_eV, energies.mutual_eV, 1e-14);
    EXPECT_EQ(full.no_mixing_A_eV, energies.no_mixing_A_eV);
    EXPECT_EQ(full.no_mixing_B_eV, energies.no_mixing_B_eV);
  }
}

TEST(InterfaceLaws, ReactionsBalanceWithWholeCoefficientsOfTheirSize) {
  std::size_t reactions = 0;
  for (const Case& c : random_cases()) {
    for (const InterfaceKink& kink : interface_reaction(c.system, {c.a}, {c.b}, c.open).kinks) {
      if (kink.reaction.empty()) continue;
      ++reactions;
      EXPECT_LT(imbalance(kink.reaction), 1e-6);
      for (const auto* side : {&kink.reaction.reactants, &kink.reaction.products}) {
        for (const ReactionTerm& term : *side) {
          EXPECT_GT(term.coefficient, 0.0);
          EXPECT_LT(term.coefficient, 1e5) << to_text(kink.reaction);
        }
      }
    }
  }
  EXPECT_GT(reactions, 200U);
}

TEST(InterfaceLaws, ScalingTheFormulasAndTheOrderOfEntriesChangeNothing) {
  const std::vector<std::string> elements{"Li", "B", "H", "O", "S"};
  const EntrySet set = random_set(5, elements, 80);
  std::vector<Entry> reversed(set.entries().rbegin(), set.entries().rend());
  const ChemicalSystem there(set, elements);
  const ChemicalSystem back(EntrySet("reversed", std::move(reversed)), {"S", "O", "H", "Li", "B"});
  const auto times = [](const base::Formula& f, double factor) {
    std::vector<base::ElementAmount> terms(f.terms());
    for (base::ElementAmount& term : terms) term.amount *= factor;
    return base::Formula(terms);
  };
  for (std::size_t k = 0; k + 1 < 40; ++k) {
    const base::Formula& a = there.entry(k).formula;
    const base::Formula& b = there.entry(k + 1).formula;
    const InterfaceEnergies one = interface_energies(there, {a}, {b}, Reservoir{"Li", -1.5});
    const InterfaceEnergies other = interface_energies(back, {times(a, 7.0)}, {times(b, 0.25)}, Reservoir{"Li", -1.5});
    EXPECT_NEAR(one.mixing_eV, other.mixing_eV, 1e-10);
    EXPECT_NEAR(one.mutual_eV, other.mutual_eV, 1e-10);
    EXPECT_NEAR(one.no_mixing_A_eV, other.no_mixing_A_eV, 1e-10);
  }
}

TEST(InterfaceReaction, CoefficientsStayFiniteWhereOneSideIsATrace) {
  // Kinks at x near 0 and 1: a body of 60 atoms against a single one, and phases with a trace of either.
  const EntrySet set("made", {entry("Li20B20H20", -0.3), entry("Li20B20H20O", -0.5), entry("LiO60", -0.1),
                              entry("BO60", -0.2), entry("Li2O", -2.0), entry("B2O3", -2.5), entry("H2O", -1.0)});
  SystemOptions options;
  options.keep_dilute_alloys = true;
  const ChemicalSystem system(set, {"Li", "B", "H", "O"}, options);
  const InterfaceReaction reaction = interface_reaction(system, {formula("Li20B20H20")}, {formula("O2")});
  ASSERT_GE(reaction.kinks.size(), 4U);
  EXPECT_LT(reaction.kinks[1].fraction, 0.1);
  EXPECT_GT(reaction.kinks[reaction.kinks.size() - 2].fraction, 0.9);
  for (const InterfaceKink& kink : reaction.kinks) {
    if (kink.reaction.empty()) continue;
    EXPECT_TRUE(kink.reaction.is_whole) << to_text(kink.reaction);
    EXPECT_LT(imbalance(kink.reaction), 1e-9);
    for (const ReactionTerm& term : kink.reaction.products) EXPECT_LT(term.coefficient, 1e4);
  }
}

TEST(InterfaceOverVoltage, IsTheSameAsEachPotentialAlone) {
  const std::vector<std::string> elements{"Li", "B", "H", "O"};
  const ChemicalSystem system(random_set(9, elements, 60), elements);
  const InterfaceMaterial a{formula("BH3")}, b{formula("BO2")};
  const std::vector<InterfaceAtVoltage> all = interface_over_voltage(system, a, b, "Li", 0.0, 5.0, 26);
  ASSERT_EQ(all.size(), 26U);
  EXPECT_EQ(all.front().potential_V, 0.0);
  EXPECT_EQ(all.back().potential_V, 5.0);
  for (const InterfaceAtVoltage& at : all) {
    const InterfaceEnergies alone = interface_energies(system, a, b, Reservoir{"Li", -at.potential_V});
    EXPECT_NEAR(at.energies.mixing_eV, alone.mixing_eV, 1e-10);
    EXPECT_NEAR(at.energies.mutual_eV, alone.mutual_eV, 1e-10);
    EXPECT_NEAR(at.energies.no_mixing_A_eV, alone.no_mixing_A_eV, 1e-10);
  }
  EXPECT_EQ(interface_over_voltage(system, a, b, "Li", 2.0, 2.0, 1).front().potential_V, 2.0);
}

TEST(InterfaceOverVoltage, CountsTheChargeOfTheIon) {
  const EntrySet set("made", {entry("MgO", -3.0), entry("MgS", -1.8)});
  const ChemicalSystem system(set, {"Mg", "O", "S"});
  const InterfaceEnergies at =
      interface_over_voltage(system, {formula("O2")}, {formula("S")}, "Mg", 1.0, 1.0, 1)[0].energies;
  EXPECT_NEAR(at.no_mixing_A_eV, -6.0 + 2.0, 1e-12);  // µ(Mg) = −2 e · 1 V
  EXPECT_NEAR(at.no_mixing_B_eV, -3.6 + 2.0, 1e-12);
}

TEST(AverageVoltage, FollowsTheEnergiesPerHost) {
  const EntrySet set("made", {entry("LiCoO2", -1.5), entry("CoO2", -0.7), entry("Li0.5CoO2", -1.2),
                              entry("MgTi2S4", -1.5), entry("TiS2", -1.2)});
  const ChemicalSystem system(set, {"Li", "Co", "O", "Mg", "Ti", "S"});
  const double full = -2.1 + 6.0;
  EXPECT_NEAR(average_voltage(system, formula("LiCoO2"), formula("CoO2"), "Li"), full, 1e-12);
  EXPECT_NEAR(average_voltage(system, formula("LiCoO2"), formula("Co2O4"), "Li"), full, 1e-12);
  EXPECT_NEAR(average_voltage(system, formula("Li2Co2O4"), formula("CoO2"), "Li"), full, 1e-12);
  EXPECT_NEAR(average_voltage(system, formula("LiCoO2"), formula("LiCo2O4"), "Li"), (-4.2 + 6.0) / 0.5, 1e-12);
  EXPECT_NEAR(average_voltage(system, formula("MgTi2S4"), formula("TiS2"), "Mg"), (-7.2 + 10.5) / 2.0, 1e-12);
}

template <class Exception, class Call>
std::string message(Call call) {
  try {
    call();
  } catch (const Exception& error) {
    return error.what();
  }
  return {};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Interface, Refusals) {
  const EntrySet set("made", {entry("LiCoO2", -1.5), entry("CoO2", -1.0), entry("LiO", -1.0)});
  const ChemicalSystem system(set, {"Li", "Co", "O"});
  const InterfaceMaterial cathode{formula("LiCoO2")}, oxide{formula("CoO2")};
  using base::InputError;
  using base::NumericsError;
  using base::ParameterError;
  EXPECT_TRUE(holds(message<InputError>([&] { interface_energies(system, cathode, {formula("LiBH4")}); }), "'B'"));
  EXPECT_TRUE(holds(message<InputError>([&] {
                      interface_energies(system, cathode, oxide, Reservoir{"Na", -1.0});
                    }),
                    "'Na'"));
  EXPECT_TRUE(holds(message<InputError>([&] {
                      interface_reaction(system, cathode, {formula("Li2")}, Reservoir{"Li", -1.0});
                    }),
                    "'Li2' consists of the open element Li alone"));
  EXPECT_TRUE(holds(message<InputError>([&] { interface_energies(system, {base::Formula()}, oxide); }), "no formula"));
  EXPECT_TRUE(holds(message<InputError>([&] { interface_energies(system, {formula("Li+")}, oxide); }), "charge"));
  EXPECT_TRUE(holds(message<NumericsError>([&] {
                      interface_reaction(system, cathode, oxide, Reservoir{"Li", 0.1});
                    }),
                    "0.1 eV"));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(holds(message<ParameterError>([&] {
                      interface_energies(system, {formula("CoO2"), nan}, cathode);
                    }),
                    "energy_eV"));
  EXPECT_TRUE(holds(message<ParameterError>([&] {
                      interface_energies(system, cathode, oxide, Reservoir{"Li", nan});
                    }),
                    "chemical_potential_eV"));
  const auto over = [&](std::string_view mobile, double low, double high, std::size_t points) {
    return message<ParameterError>([&] { interface_over_voltage(system, cathode, oxide, mobile, low, high, points); });
  };
  EXPECT_TRUE(holds(over("Li", 3.0, 2.0, 11), "range"));
  EXPECT_TRUE(holds(over("Li", nan, 2.0, 11), "range"));
  EXPECT_TRUE(holds(over("Li", 1.0, 2.0, 1), "points"));
  EXPECT_TRUE(holds(over("Li", 1.0, 1.0, 0), "points"));
  EXPECT_TRUE(holds(over("Co", 1.0, 2.0, 11), "Co"));
  EXPECT_THROW(interface_over_voltage(system, cathode, oxide, "Li", -1.0, 2.0, 4), NumericsError);

  const auto voltage = [&](const std::string& discharged, const std::string& charged) {
    return message<InputError>([&] { average_voltage(system, formula(discharged), formula(charged), "Li"); });
  };
  EXPECT_TRUE(holds(voltage("LiCoO2", "LiO"), "differ by more than Li"));
  EXPECT_TRUE(holds(voltage("LiCoO2", "Co3O4"), "differ by more than Li"));
  EXPECT_TRUE(holds(voltage("CoO2", "LiCoO2"), "do not differ by a release"));
  EXPECT_TRUE(holds(voltage("Li", "LiCoO2"), "no two states of a host"));
  EXPECT_TRUE(holds(voltage("Li2CoO2", "CoO2"), "'made' has no Li2CoO2"));
  EXPECT_THROW(average_voltage(system, formula("LiCoO2"), formula("CoO2"), "Co"), ParameterError);
}

}  // namespace
}  // namespace closo::stability
