#include "closo/tasks/stability_contact.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

using base::Formula;
using stability::Partner;

const library::Library& shipped() {
  static const library::Library library = library::Library::load(CLOSO_SOURCE_DIR "/data");
  return library;
}

stability::Entry entry(const std::string& name, double energy_eV) {
  stability::Entry result;
  result.name = name;
  result.formula = Formula::parse(name);
  result.energy_eV = energy_eV;
  return result;
}

/// Invented energies [eV per formula unit].
stability::EntrySet invented() {
  return stability::EntrySet("invented",
                             {entry("LiCoO2", -7.0), entry("CoO2", -3.1), entry("LiTiS2", -6.0), entry("TiS2", -4.1),
                              entry("Li2S", -4.4), entry("LiIn", -0.6), entry("LiMnO2", -8.5), entry("CrS2", -2.0),
                              entry("LiCrS2", -4.5), entry("Li2O", -6.2), entry("CoO", -2.4)});
}

std::optional<ElectrodeStates> states_of(const std::string& name, const std::string& mobile = "Li") {
  return electrode_states(shipped(), named_formula(shipped(), "partner", name), mobile, invented());
}

TEST(StabilityContact, CathodesOfTheLibraryInBothStates) {
  const auto cobalt = states_of("LiCoO2");
  ASSERT_TRUE(cobalt);
  EXPECT_EQ(cobalt->role, Partner::Role::cathode);
  EXPECT_EQ(cobalt->discharged.text(), "LiCoO2");
  ASSERT_TRUE(cobalt->charged);
  EXPECT_EQ(cobalt->charged->text(), "CoO2");
  EXPECT_EQ(cobalt->states_source, "library ELE009");
  ASSERT_TRUE(cobalt->potential_V);  // the library has none: −7.0 + 3.1 eV for one Li
  EXPECT_NEAR(*cobalt->potential_V, 3.9, 1e-12);
  EXPECT_EQ(cobalt->potential_source, "set 'invented'");
}

TEST(StabilityContact, ACathodeIsFoundByEitherState) {
  for (const std::string name : {"TiS2", "LiTiS2"}) {
    const auto states = states_of(name);
    ASSERT_TRUE(states) << name;
    EXPECT_EQ(states->discharged, Formula::parse("LiTiS2")) << name;
    EXPECT_EQ(*states->charged, Formula::parse("TiS2")) << name;
    EXPECT_EQ(*states->potential_V, 2.0) << name;
    EXPECT_EQ(states->potential_source, "library ELE006") << name;
  }
  for (const std::string name : {"S", "Li2S"}) {
    const auto states = states_of(name);
    ASSERT_TRUE(states) << name;
    EXPECT_EQ(states->discharged, Formula::parse("Li2S")) << name;
    EXPECT_EQ(*states->charged, Formula::parse("S")) << name;
    EXPECT_NEAR(*states->potential_V, 2.2, 1e-12) << name;
  }
}

TEST(StabilityContact, AnodesTakeUpIonsOnCharge) {
  const auto indium = states_of("In");
  ASSERT_TRUE(indium);
  EXPECT_EQ(indium->role, Partner::Role::anode);
  EXPECT_EQ(indium->discharged, Formula::parse("In"));
  EXPECT_EQ(*indium->charged, Formula::parse("LiIn"));
  EXPECT_NEAR(*indium->potential_V, 0.6, 1e-12);
  const auto titanate = states_of("Li4Ti5O12");
  ASSERT_TRUE(titanate);
  EXPECT_EQ(titanate->discharged, Formula::parse("Li4Ti5O12"));
  EXPECT_EQ(*titanate->potential_V, 1.55);
  const auto metal = states_of("Li");
  ASSERT_TRUE(metal);
  EXPECT_FALSE(metal->charged);
  EXPECT_EQ(*metal->potential_V, 0.0);
}

TEST(StabilityContact, OtherCompoundsByTakingTheIonsOut) {
  const auto outside = states_of("LiCrS2");  // not in the library; CrS2 is in the set
  ASSERT_TRUE(outside);
  EXPECT_EQ(*outside->charged, Formula::parse("CrS2"));
  EXPECT_EQ(outside->states_source, "all Li removed");
  EXPECT_NEAR(*outside->potential_V, 2.5, 1e-12);
  const auto manganese = states_of("LiMnO2");  // MnO2 is not in this set: discharged only, with a note
  ASSERT_TRUE(manganese);
  EXPECT_FALSE(manganese->charged);
  EXPECT_FALSE(manganese->potential_V);
  ASSERT_EQ(manganese->notes.size(), 1U);
  EXPECT_NE(manganese->notes.front().find("MnO2"), std::string::npos);
}

TEST(StabilityContact, CoatingsElectrolytesAndFillersAreNoElectrodes) {
  for (const std::string name : {"LiNbO3", "Li3PO4", "Al2O3", "LiBH4", "LiCl", "Li2O", "C", "LiFeO2"}) {
    EXPECT_FALSE(states_of(name)) << name;
  }
  EXPECT_FALSE(states_of("NaCrO2", "Li").has_value() && states_of("NaCrO2", "Li")->charged.has_value());
}

TEST(StabilityContact, PotentialOnlyBetweenStatesOfOneHost) {
  const stability::EntrySet set = invented();
  EXPECT_FALSE(potential_from_set(set, Formula::parse("LiCoO2"), Formula::parse("TiS2"), "Li"));
  EXPECT_FALSE(potential_from_set(set, Formula::parse("LiCoO2"), Formula::parse("CoO3"), "Li"));
  EXPECT_NEAR(*potential_from_set(set, Formula::parse("CoO2"), Formula::parse("LiCoO2"), "Li"), 3.9, 1e-12);
}

TEST(StabilityContact, AmountsOfAnElement) {
  EXPECT_EQ(with_amount_of(Formula::parse("LiFePO4"), "Li", 0.0)->text(), "FePO4");
  EXPECT_EQ(with_amount_of(Formula::parse("TiS2"), "Li", 1.0)->text(), "LiTiS2");
  EXPECT_EQ(*with_amount_of(Formula::parse("Li4Ti5O12"), "Li", 7.0), Formula::parse("Li7Ti5O12"));
  EXPECT_FALSE(with_amount_of(Formula::parse("Li"), "Li", 0.0));
}

TEST(StabilityContact, JudgedEnergyLeavesOutWhatTheElectrodeDoesAlone) {
  stability::InterfaceEnergies energies;
  energies.no_mixing_A_eV = -0.34;
  energies.no_mixing_B_eV = -2.0;
  energies.mixing_eV = -2.1;
  energies.mutual_eV = -0.1;
  EXPECT_EQ(judged_energy(energies, false), -0.1);
  EXPECT_EQ(judged_energy(energies, true), -0.34);
  EXPECT_NEAR(reservoir_at("Li", 3.5).chemical_potential_eV, -3.5, 1e-12);
  EXPECT_NEAR(reservoir_at("Mg", 1.5).chemical_potential_eV, -3.0, 1e-12);
}

TEST(StabilityContact, DrawsWithoutErrorsAreThePlainEnergy) {
  const stability::ChemicalSystem system(invented(), {"Li", "Co", "O"});
  const std::vector<Contact> contacts{{{Formula::parse("Li2O")}, {Formula::parse("CoO2")}, {}},
                                      {{Formula::parse("Li2O")}, {Formula::parse("CoO2")}, reservoir_at("Li", 3.9)}};
  stability::ErrorModel none;
  none.independent_eV_per_atom = 0.0;
  const auto still = judged_spread(system, contacts, none, 10, 1);
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    const double energy =
        judged_energy(stability::interface_energies(system, contacts[i].a, contacts[i].b, contacts[i].open), i == 1);
    EXPECT_LT(energy, reactive_energy);
    EXPECT_NEAR(still[i].mean, energy, 1e-12);
    EXPECT_NEAR(still[i].standard_deviation, 0.0, 1e-9);
    EXPECT_NEAR(still[i].reactive, 1.0, 1e-12);
  }
  const stability::ErrorModel usual;
  const auto once = judged_spread(system, contacts, usual, 100, 7);
  const auto again = judged_spread(system, contacts, usual, 100, 7);
  const auto other = judged_spread(system, contacts, usual, 100, 8);
  EXPECT_GT(once[0].standard_deviation, 0.0);
  EXPECT_EQ(once[0].mean, again[0].mean);
  EXPECT_NE(once[0].mean, other[0].mean);
  EXPECT_THROW(judged_spread(system, contacts, usual, 9, 1), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
