#include "closo/stability/entry_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "closo/base/error.hpp"
#include "closo/stability/thermo_data_test.hpp"

namespace closo::stability {
namespace {

base::Formula formula(const std::string& text) { return base::Formula::parse(text); }

Entry entry(const std::string& text, double eV_per_atom, const std::string& phase = {}) {
  Entry made;
  made.name = text;
  made.formula = formula(text);
  made.energy_eV = eV_per_atom * made.formula.atoms();
  made.phase = phase;
  return made;
}

EntrySet borohydrides() {
  return EntrySet("static", {entry("LiBH4", -0.4335, "Pnma"), entry("LiBH4", -0.42, "P63mc"), entry("Mg(BH4)2", -0.3),
                             entry("Li2B12H12", -0.35), entry("LiH", -0.45), entry("MgH2", -0.2),
                             entry("Li10GeP2S12", -0.95), entry("Li", 0.0), entry("Mg149H", -0.008)});
}

template <class Call>
std::string input_error(Call call) {
  try {
    call();
  } catch (const base::InputError& error) {
    return error.what();
  }
  return {};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(EntrySet, AddsMissingReferencesAsMolecules) {
  const EntrySet set = borohydrides();
  EXPECT_EQ(set.entries().size(), 15U);  // B, H2, Mg, Ge, P, S
  const Entry& hydrogen = set.at(formula("H"));
  EXPECT_EQ(hydrogen.name, "H2");
  EXPECT_TRUE(hydrogen.is_reference);
  EXPECT_TRUE(hydrogen.is_gas);
  EXPECT_DOUBLE_EQ(hydrogen.energy_eV, 0.0);
  EXPECT_FALSE(set.at(formula("B")).is_gas);
  EXPECT_TRUE(set.at(formula("Li")).is_reference);
  EXPECT_EQ(std::count_if(set.entries().begin(), set.entries().end(), [](const Entry& e) { return e.name == "Li"; }),
            1);
}

TEST(EntrySet, KeepsShiftedReferencesAndAddsBelowPolymorphs) {
  Entry gas = entry("H2", 0.06);
  gas.is_reference = true;
  const EntrySet shifted("gibbs, 298.15 K, 10 bar", {gas, entry("C", 0.002, "diamond"), entry("CH4", -0.1)});
  EXPECT_NEAR(shifted.at(formula("H2")).energy_eV, 0.12, 1e-12);
  const Entry& carbon = shifted.at(formula("C"));
  EXPECT_EQ(carbon.phase, "");
  EXPECT_DOUBLE_EQ(carbon.energy_eV, 0.0);
  EXPECT_EQ(shifted.entries().size(), 4U);
}

TEST(EntrySet, FindsAnyMultipleAndTheLowestPolymorph) {
  const EntrySet set = borohydrides();
  for (const char* text : {"LiBH4", "Li20B20H80", "H4BLi", "Li0.5B0.5H2"}) {
    const Entry* found = set.find(formula(text));
    ASSERT_NE(found, nullptr) << text;
    EXPECT_EQ(found->phase, "Pnma") << text;
  }
  EXPECT_EQ(set.at(formula("Li3.3333333Ge0.3333333P0.6666667S4")).name, "Li10GeP2S12");
  EXPECT_EQ(set.at(formula("MgB2H8")).name, "Mg(BH4)2");
  EXPECT_EQ(set.find(formula("LiB2H4")), nullptr);
  EXPECT_EQ(set.find(formula("LiNaBH4")), nullptr);
  EXPECT_EQ(set.find(base::Formula()), nullptr);
}

TEST(EntrySet, NamesTheNearest) {
  const EntrySet set = borohydrides();
  const std::string same_elements = input_error([&] { (void)set.at(formula("Li2B10H10")); });
  EXPECT_TRUE(holds(same_elements, "the set 'static' has no Li2B10H10; nearest: Li2B12H12, LiBH4; expected"))
      << same_elements;
  const std::string by_name = input_error([&] { (void)set.at(formula("Li10SiP2S12")); });
  EXPECT_TRUE(holds(by_name, "nearest: Li10GeP2S12")) << by_name;
  EXPECT_TRUE(holds(input_error([&] { (void)set.at(base::Formula()); }), "phase without elements"));
}

TEST(EntrySet, RefusesWhatIsNoPhase) {
  const auto made = [](Entry one) { return input_error([&] { EntrySet("static", {entry("LiH", -0.4), one}); }); };
  for (const double energy : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Entry bad = entry("LiBH4", 0.0);
    bad.energy_eV = energy;
    EXPECT_TRUE(holds(made(bad), "entry 'LiBH4' of the set 'static' has an energy that is not a number"));
  }
  Entry empty = entry("LiBH4", -0.4);
  empty.formula = base::Formula();
  EXPECT_TRUE(holds(made(empty), "'LiBH4' of the set 'static' has no formula"));
  EXPECT_TRUE(holds(made(entry("BH4-", -0.4)), "charged formula BH4-"));
  for (const double uncertainty : {-0.1, std::numeric_limits<double>::quiet_NaN()}) {
    Entry bad = entry("LiBH4", -0.4);
    bad.uncertainty_eV = uncertainty;
    EXPECT_TRUE(holds(made(bad), "has an uncertainty of"));
  }
}

TEST(EntrySet, RefusesDuplicatesThatDisagree) {
  const std::string text = input_error([] { EntrySet("static", {entry("LiH", -0.4), entry("LiH", -0.5)}); });
  EXPECT_TRUE(holds(text, "entry 'LiH' stands twice in the set 'static', with -0.4 and -0.5 eV/atom")) << text;
  EXPECT_NO_THROW(EntrySet("static", {entry("LiH", -0.4), entry("LiH", -0.4)}));
  EXPECT_NO_THROW(EntrySet("static", {entry("LiH", -0.4, "rocksalt"), entry("LiH", -0.3, "CsCl type")}));
}

TEST(EntrySet, LeavesPhasesOut) {
  const EntrySet set = borohydrides();
  const std::vector<std::string> names = {"Li2B2H8", "NaCl"};
  const EntrySet less = set.without(names);
  EXPECT_EQ(less.find(formula("LiBH4")), nullptr);
  EXPECT_NE(less.find(formula("Li2B12H12")), nullptr);
  EXPECT_EQ(less.entries().size(), set.entries().size() - 2);
  EXPECT_EQ(less.label(), "static, without Li2B2H8");
  EXPECT_EQ(set.without(std::vector<std::string>{"NaCl"}).label(), "static");
  const std::vector<std::string> many = {"LiBH4", "MgB2H8", "LiH", "MgH2", "Li2B12H12"};
  EXPECT_EQ(set.without(many).label(), "static, without LiBH4, MgB2H8, LiH and 2 more");
  EXPECT_TRUE(holds(input_error([&] { (void)set.without(std::vector<std::string>{"Xx2"}); }), "'Xx2', is no formula"));
  EXPECT_TRUE(holds(input_error([&] { (void)set.without(std::vector<std::string>{"H2"}); }), "'H2' is an element"));
}

TEST(EntrySet, TakesOneHybridPhase) {
  const EntrySet set = borohydrides().with_hybrid(entry("LiCB11H12", -0.3));
  EXPECT_TRUE(set.at(formula("LiCB11H12")).is_estimate);
  EXPECT_TRUE(set.at(formula("C")).is_reference);
  EXPECT_EQ(set.label(), "static + LiCB11H12 (estimate)");
  EXPECT_THROW(set.with_hybrid(entry("BH4-", -0.3)), base::InputError);
}

TEST(EntrySet, OrderOfEntriesDoesNotMatter) {
  const EntrySet set = borohydrides();
  std::mt19937 random(7);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<Entry> entries(set.entries().begin(), set.entries().end());
    std::shuffle(entries.begin(), entries.end(), random);
    const EntrySet shuffled("static", entries);
    ASSERT_EQ(shuffled.entries().size(), set.entries().size());
    for (const Entry& one : set.entries()) {
      EXPECT_EQ(shuffled.at(one.formula).name, set.at(one.formula).name);
      EXPECT_EQ(shuffled.at(one.formula).phase, set.at(one.formula).phase);
    }
  }
}

TEST(DiluteAlloy, IsABinaryWithATraceOfTheOther) {
  for (const char* text : {"Mg149H", "LiMg149", "Li7C120", "NaC64", "Mg298H2", "Cu64O"}) {
    EXPECT_TRUE(is_dilute_alloy(formula(text))) << text;
  }
  for (const char* text : {"Li", "H120", "LiC6", "NaZn13", "B84O11", "Mg17Al12", "Sc57Rh13", "Li3MgZn5(BH4)15",
                           "Na3B20H20", "Li7La3Zr2O12"}) {
    EXPECT_FALSE(is_dilute_alloy(formula(text))) << text;
  }
}

TEST(ChemicalSystem, HoldsThePhasesOfItsElements) {
  const EntrySet set = borohydrides();
  const ChemicalSystem system(set, {"H", "Li", "B", "Li"});
  EXPECT_EQ(std::vector<std::string>(system.elements().begin(), system.elements().end()),
            (std::vector<std::string>{"H", "Li", "B"}));
  EXPECT_EQ(system.size(), 7U);
  EXPECT_EQ(system.label(), "static");
  const std::size_t phase = system.find(formula("Li2B2H8")).value();
  EXPECT_EQ(system.entry(phase).phase, "Pnma");
  EXPECT_DOUBLE_EQ(system.atoms(phase), 6.0);
  EXPECT_DOUBLE_EQ(system.energy_eV_per_atom(phase), -0.4335);
  EXPECT_DOUBLE_EQ(system.fractions()[phase * 3], 4.0 / 6.0);
  EXPECT_FALSE(system.find(formula("MgH2")).has_value());
  EXPECT_FALSE(system.find(formula("LiB")).has_value());
  EXPECT_EQ(system.amounts(formula("LiBH4")), (std::vector<double>{4.0, 1.0, 1.0}));
  for (std::size_t j = 0; j < system.size(); ++j) {
    const auto column = system.fractions().subspan(j * 3, 3);
    EXPECT_NEAR(std::accumulate(column.begin(), column.end(), 0.0), 1.0, 1e-14);
  }
}

TEST(ChemicalSystem, LeavesOutDiluteAlloysAndExclusions) {
  const EntrySet set = borohydrides();
  EXPECT_FALSE(ChemicalSystem(set, {"Mg", "H"}).find(formula("Mg149H")).has_value());
  SystemOptions options;
  options.keep_dilute_alloys = true;
  EXPECT_TRUE(ChemicalSystem(set, {"Mg", "H"}, options).find(formula("Mg149H")).has_value());
  options.exclude = {"Mg2H4", "LiH"};
  const ChemicalSystem less(set, {"Mg", "H"}, options);
  EXPECT_FALSE(less.find(formula("MgH2")).has_value());
  EXPECT_EQ(less.size(), 3U);
  options.exclude = {"Mg"};
  EXPECT_TRUE(holds(input_error([&] { ChemicalSystem(set, {"Mg", "H"}, options); }), "'Mg' is an element"));
  options.exclude = {"MgH2-x"};
  EXPECT_TRUE(holds(input_error([&] { ChemicalSystem(set, {"Mg", "H"}, options); }), "is no formula"));
}

TEST(ChemicalSystem, RefusesElementsItCannotHave) {
  const EntrySet set = borohydrides();
  const std::string unknown = input_error([&] { ChemicalSystem(set, {"LI"}); });
  EXPECT_TRUE(holds(unknown, "'LI' is not an element, did you mean 'Li'")) << unknown;
  EXPECT_TRUE(holds(input_error([&] { ChemicalSystem(set, {"Li", "Na"}); }), "the set 'static' holds nothing of Na"));
  EXPECT_TRUE(holds(input_error([&] { ChemicalSystem(set, {}); }), "a chemical system of 0 elements"));
  std::vector<Entry> entries;
  std::vector<std::string> symbols;
  for (const base::Element& element : base::elements().first(33)) {
    symbols.emplace_back(element.symbol);
    entries.push_back(entry(symbols.back(), 0.0));
  }
  const EntrySet large("static", entries);
  EXPECT_TRUE(holds(input_error([&] { ChemicalSystem(large, symbols); }), "1 to 32 elements"));
  symbols.pop_back();
  EXPECT_EQ(ChemicalSystem(large, symbols).size(), 32U);
  const ChemicalSystem system(set, {"Li", "H"});
  EXPECT_EQ(system.element("H"), 1U);
  EXPECT_TRUE(holds(input_error([&] { (void)system.element("B"); }), "the system has no element 'B'"));
  EXPECT_THROW((void)system.amounts(formula("LiBH4")), base::InputError);
}

TEST(ChemicalSystem, TakesOtherEnergies) {
  const EntrySet set = borohydrides();
  ChemicalSystem system(set, {"Li", "B", "H"});
  std::vector<double> energies(system.energies_eV_per_atom().begin(), system.energies_eV_per_atom().end());
  const std::size_t before = system.find(formula("LiBH4")).value();
  energies[before] = -0.1;
  system.set_energies(energies);
  const std::size_t after = system.find(formula("LiBH4")).value();
  EXPECT_EQ(system.entry(after).phase, "P63mc");
  energies[0] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(system.set_energies(energies), base::ParameterError);
  energies.pop_back();
  EXPECT_THROW(system.set_energies(energies), base::ParameterError);
}

TEST(ElementsOf, KeepsTheOrderOfAppearance) {
  const std::vector<base::Formula> compositions = {formula("LiBH4"), formula("Li2S"), formula("CoO2")};
  EXPECT_EQ(elements_of(compositions), (std::vector<std::string>{"Li", "B", "H", "S", "Co", "O"}));
  EXPECT_TRUE(elements_of({}).empty());
}

TEST(SharedSet, FindsEveryEntryOf85014) {
  const auto set = trial::mp2019();
  if (!set) GTEST_SKIP() << "the shared thermodynamic data are not there";
  EXPECT_GT(set->entries().size(), 85000U);
  for (const Entry& one : set->entries()) {
    const Entry* found = set->find(one.formula);
    ASSERT_NE(found, nullptr) << one.name;
    EXPECT_LE(found->energy_eV / found->formula.atoms(), one.energy_eV / one.formula.atoms() + 1e-12) << one.name;
  }
  const ChemicalSystem system(*set, {"Li", "B", "H"});
  for (std::size_t j = 0; j < system.size(); ++j) {
    for (const base::ElementAmount& term : system.entry(j).formula.terms()) {
      EXPECT_NO_THROW((void)system.element(term.element->symbol));
    }
  }
  EXPECT_TRUE(ChemicalSystem(*set, {"Mg", "H"}).find(formula("MgH2")).has_value());
}

}  // namespace
}  // namespace closo::stability
