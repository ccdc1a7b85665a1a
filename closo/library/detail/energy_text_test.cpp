#include "closo/library/detail/energy_text.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"

namespace closo::library::detail {
namespace {

EnergySet read(const std::string& text) { return read_energy_text(text, "folder/own.csv", std::nullopt); }

struct Refusal {
  const char* text;
  std::size_t line, column;
  const char* words;
};

TEST(EnergyText, ReadsFormationEnergiesPerAtomAndPerFormula) {
  const EnergySet set =
      read("# comment\nformula,e_form_eV_per_atom,e_decomp_eV_per_atom\nMg(BH4)2,-0.5,-0.1\nLiH,-0.25,\n");
  EXPECT_EQ(set.kind, EnergyKind::static_dft);
  EXPECT_EQ(set.id, "own");
  EXPECT_TRUE(set.notes.empty());
  ASSERT_EQ(set.rows.size(), 2U);
  EXPECT_EQ(set.rows[0].name, "Mg(BH4)2");
  EXPECT_DOUBLE_EQ(set.rows[0].energy_eV, -0.5 * 11.0);
  EXPECT_EQ(set.rows[0].listed_hull_eV_per_atom, -0.1);
  EXPECT_EQ(set.rows[0].line, 3U);
  EXPECT_FALSE(set.rows[1].listed_hull_eV_per_atom.has_value());
  EXPECT_DOUBLE_EQ(read("formula;e_form_eV\nMg(BH4)2;-2.5\n").rows[0].energy_eV, -2.5);
  EXPECT_DOUBLE_EQ(read("formula_pretty,formation_energy_per_atom,material_id\nLiH,-1,mp-1\n").rows[0].energy_eV, -2.0);
  EXPECT_DOUBLE_EQ(read("formula_key,e_form_eV_per_atom\nLi1H1,-1\n").rows[0].energy_eV, -2.0);
}

TEST(EnergyText, ReadsGibbsEnergiesWithTemperatures) {
  const EnergySet set = read(
      "formula,phase,state,dHf298_kJ_per_mol,dGf298_kJ_per_mol,dGf_500K_kJ_per_mol,dGf_400K_eV,uncertainty_kJ_per_mol,"
      "grade,estimate,source_dHf,source_dGf,note\n"
      "NH3,gas,gas,-45.9,-16.4,4.8,-0.0616,0.35,A,,codata,janaf,\"a, note\"\n"
      "H2O,liquid,,-285.83,-237.1,,,0.04,B,yes,codata,codata,\n");
  const double kJ = 1000.0 / base::faraday_constant;
  EXPECT_EQ(set.kind, EnergyKind::gibbs);
  ASSERT_EQ(set.rows.size(), 2U);
  const EnergyRow& ammonia = set.rows[0];
  EXPECT_EQ(ammonia.state, PhaseState::gas);
  EXPECT_DOUBLE_EQ(ammonia.energy_eV, -16.4 * kJ);
  EXPECT_DOUBLE_EQ(*ammonia.enthalpy_eV, -45.9 * kJ);
  ASSERT_EQ(ammonia.gibbs_eV.size(), 2U);
  EXPECT_EQ(ammonia.gibbs_eV[0], (std::pair{400.0, -0.0616}));
  EXPECT_EQ(ammonia.gibbs_eV[1].first, 500.0);
  EXPECT_DOUBLE_EQ(*ammonia.uncertainty_eV, 0.35 * kJ);
  EXPECT_EQ(ammonia.source, "codata;janaf");
  EXPECT_EQ(ammonia.note, "a, note");
  EXPECT_FALSE(ammonia.is_estimate);
  EXPECT_EQ(set.rows[1].state, PhaseState::liquid) << "from the phase, without a word in the column 'state'";
  EXPECT_EQ(set.rows[1].source, "codata");
  EXPECT_TRUE(set.rows[1].is_estimate);
}

TEST(EnergyText, TakesABareUncertaintyInTheUnitOfTheEnergy) {
  EXPECT_DOUBLE_EQ(*read("formula,e_form_eV_per_atom,uncertainty\nLiH,-1,0.1\n").rows[0].uncertainty_eV, 0.2);
  EXPECT_DOUBLE_EQ(*read("formula,e_form_eV,uncertainty\nLiH,-1,0.1\n").rows[0].uncertainty_eV, 0.1);
}

TEST(EnergyText, TakesFormationEnergiesFromTotalOnes) {
  const EnergySet set =
      read("formula,phase,energy_eV_per_atom\nLi,bcc,-1.9\nLi,fcc,-1.8\nH2,,-3.4\nLiH,,-3.0\nLi,hcp,-1.85\n");
  ASSERT_EQ(set.rows.size(), 5U);
  EXPECT_DOUBLE_EQ(set.rows[0].energy_eV, 0.0);
  EXPECT_NEAR(set.rows[1].energy_eV, 0.1, 1e-12) << "a modification above the reference";
  EXPECT_NEAR(set.rows[3].energy_eV, -6.0 + 1.9 + 3.4, 1e-12);
  EXPECT_NEAR(read("formula,energy_eV\nLi,-2\nH2,-7\nLi2H2,-12\n").rows[2].energy_eV, -1.0, 1e-12);
}

TEST(EnergyText, LeavesOutEnthalpiesWithoutGibbsEnergyAndSaysSo) {
  const EnergySet set = read(
      "formula,dHf298_kJ_per_mol,dGf298_kJ_per_mol,my_own_remarks_column\nLiH,-90,-68,x\nLiNH2,-179,,\nLi2S,-441,,\n");
  EXPECT_EQ(set.rows.size(), 1U);
  ASSERT_EQ(set.notes.size(), 2U);
  EXPECT_NE(set.notes[0].find("'my_own_remarks_column' is not used"), std::string::npos) << set.notes[0];
  EXPECT_NE(set.notes[1].find("2 rows have an enthalpy but no Gibbs energy"), std::string::npos) << set.notes[1];
  EXPECT_NE(set.notes[1].find("LiNH2, Li2S"), std::string::npos);
}

TEST(EnergyText, TellsPhasesApart) {
  EXPECT_EQ(read("formula,phase,e_form_eV\nTiO2,rutile,-1\nTiO2,anatase,-0.9\nTi2O4,brookite,-1.7\n").rows.size(), 3U);
  // Molecules of one composition are different gases.
  EXPECT_EQ(read("formula,phase,dGf298_eV\nO2,gas,0\nO3,gas,1.7\nNO2,gas,0.5\nN2O4,gas,1.0\n").rows.size(), 4U);
}

TEST(EnergyText, ReadsOnlyTheElementsAskedFor) {
  const std::vector<std::string> elements{"Li", "H", "B"};
  const std::string text = "formula,e_form_eV\nLiBH4,-2\nNaH,-1\nLi2·H2,-1\nLiC6,1\nB,0\nBi,0\n";
  const EnergySet set = read_energy_text(text, "x.csv", mask_of(elements));
  ASSERT_EQ(set.rows.size(), 3U);
  EXPECT_EQ(set.rows[1].name, "Li2·H2");
  EXPECT_EQ(set.rows[2].name, "B") << "and not Bi";
  const std::vector<std::string> none{"Xe"};
  EXPECT_TRUE(read_energy_text(text, "x.csv", mask_of(none)).rows.empty());
  EXPECT_THROW(read_energy_text("formula,energy_eV\nLi,1\n", "x.csv", mask_of(elements)), base::InternalError);
}

TEST(EnergyText, RefusesWithPlaceAndWhatWouldBeAccepted) {
  const Refusal refusals[] = {
      {"formula,e_form_eV\nLIBH4,-2\n", 2, 1, "'L'"},
      {"formula,e_form_eV\nLiH,-2\nQq2,-2\n", 3, 1, "Q"},
      {"formula,e_form_eV\n((,-2\n", 2, 3, ""},
      {"formula,e_form_eV\n,-2\n", 2, 1, ""},
      {"formula,e_form_eV\nBH4-,-2\n", 2, 1, "charge"},
      {"formula,e_form_eV\nLiH,nan\n", 2, 5, "nan"},
      {"formula,e_form_eV\nLiH,inf\n", 2, 5, "inf"},
      {"formula,e_form_eV\nLiH,1e999\n", 2, 5, ""},
      {"formula,e_form_eV\nLiH,\n", 2, 5, "no energy"},
      {"formula,e_form_eV\nLiH,-1 eV\n", 2, 7, ""},
      {"formula,e_form_eV\nLiH,-90.6\n", 2, 0, "eV per atom"},
      {"formula,e_form_eV\nLiBH4,-2\nNaH,-1\nLi2B2H8,-4\n", 4, 1, "line 2 and in line 4"},
      {"formula,phase,e_form_eV\nTiO2,rutile,-2\nTiO2,rutile,-1\n", 3, 1, "(rutile)"},
      {"formula,e_form_eV,dGf298_eV\nLiH,-1,-1\n", 1, 0, "mixes two kinds of energies"},
      {"formula,e_form_eV,energy_eV\nLiH,-1,-1\n", 1, 0, "mixes two kinds of energies"},
      {"formula,e_form_eV,e_form_eV_per_atom\nLiH,-1,-1\n", 1, 0, "say the same"},
      {"formula,dHf298_eV\nLiH,-1\n", 1, 0, "no column of energies"},
      {"name_of_it,e_form_eV\nLiH,-1\n", 1, 0, "no column 'formula'"},
      {"formula,e_form_eV_per_atm\nLiH,-1\n", 1, 0, "did you mean 'e_form_eV_per_atom'"},
      {"formula,dGf298_eV,dGf_400K_eV,dGf_400K_kJ_per_mol\nLiH,-1,-1,-1\n", 1, 0, "same temperature"},
      {"formula,e_form_eV,state\nLiH,-1,plasma\n", 2, 8, "no state of matter"},
      {"formula,e_form_eV,estimate\nLiH,-1,perhaps\n", 2, 8, "neither yes nor no"},
      {"formula,e_form_eV,uncertainty\nLiH,-1,-0.1\n", 2, 8, "negative"},
      {"formula,energy_eV\nLi,-1.9\nLiH,-6\n", 3, 0, "total energy of the element H"},
      {"formula,e_form_eV\n", 0, 0, "no energy in the file"},
  };
  for (const Refusal& refusal : refusals) {
    try {
      read(refusal.text);
      ADD_FAILURE() << refusal.text;
    } catch (const base::InputError& error) {
      EXPECT_EQ(error.place().file, "folder/own.csv") << refusal.text;
      EXPECT_EQ(error.place().line, refusal.line) << refusal.text << error.what();
      EXPECT_EQ(error.place().column, refusal.column) << refusal.text << error.what();
      EXPECT_NE(error.problem().find(refusal.words), std::string::npos) << refusal.text << error.what();
      EXPECT_FALSE(error.problem().empty());
    }
  }
}

}  // namespace
}  // namespace closo::library::detail
