#include "closo/stability/compatibility.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <thread>

#include "closo/base/error.hpp"
#include "closo/stability/thermo_data_test.hpp"

namespace closo::stability {
namespace {

using Role = Partner::Role;

base::Formula formula(const std::string& text) { return base::Formula::parse(text); }

std::vector<base::Formula> formulas(const std::vector<std::string>& texts) {
  std::vector<base::Formula> out;
  for (const std::string& text : texts) out.push_back(formula(text));
  return out;
}

Partner cathode(const std::string& discharged, const std::string& charged) {
  return {discharged, Role::cathode, formula(discharged), formula(charged)};
}

Partner other(const std::string& name, Role role) { return {name, role, formula(name)}; }

Entry entry(const std::string& text, double eV_per_atom) {
  Entry made;
  made.name = text;
  made.formula = formula(text);
  made.energy_eV = eV_per_atom * made.formula.atoms();
  return made;
}

EntrySet small_set() {
  return EntrySet("made", {entry("LiBH4", -0.43), entry("LiH", -0.45), entry("Li2B12H12", -0.3), entry("LiCoO2", -1.7),
                           entry("CoO2", -1.0), entry("Li2O", -2.0), entry("LiBO2", -2.5), entry("H2O", -1.0),
                           entry("CoO", -1.2), entry("Al2O3", -3.4), entry("LiAlO2", -3.0)});
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void expect_equal(const std::optional<InterfaceEnergies>& found, const InterfaceEnergies& wanted) {
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->no_mixing_A_eV, wanted.no_mixing_A_eV);
  EXPECT_EQ(found->no_mixing_B_eV, wanted.no_mixing_B_eV);
  EXPECT_EQ(found->mixing_eV, wanted.mixing_eV);
  EXPECT_EQ(found->mixing_fraction, wanted.mixing_fraction);
  EXPECT_EQ(found->mutual_eV, wanted.mutual_eV);
}

TEST(CompatibilityMatrix, EachPairIsTheInterfaceOfItsOwnElements) {
  const EntrySet set = small_set();
  const std::vector<base::Formula> electrolytes = formulas({"LiBH4", "Li2B12H12", "LiH"});
  const std::vector<Partner> partners{cathode("LiCoO2", "CoO2"), other("Al2O3", Role::coating)};
  const std::vector<PairResult> matrix = compatibility_matrix(set, electrolytes, partners, "Li");
  ASSERT_EQ(matrix.size(), 6U);
  for (std::size_t e = 0; e < 3; ++e) {
    const PairResult& oxide = matrix[2 * e];
    EXPECT_EQ(oxide.electrolyte, electrolytes[e].text());
    EXPECT_EQ(oxide.partner, "LiCoO2");
    EXPECT_EQ(oxide.problem, "");
    EXPECT_FALSE(oxide.electrolyte_is_assumed_on_hull);
    EXPECT_FALSE(oxide.partner_is_assumed_on_hull);
    ASSERT_TRUE(oxide.potential_V.has_value());
    EXPECT_NEAR(*oxide.potential_V, 4 * 1.7 - 3 * 1.0, 1e-12);
    const std::vector<base::Formula> all{electrolytes[e], formula("LiCoO2")};
    const ChemicalSystem system(set, elements_of(all));
    const Reservoir lithium{"Li", -*oxide.potential_V};
    expect_equal(oxide.closed_discharged, interface_energies(system, {electrolytes[e]}, {formula("LiCoO2")}));
    expect_equal(oxide.closed_charged, interface_energies(system, {electrolytes[e]}, {formula("CoO2")}));
    expect_equal(oxide.open_discharged, interface_energies(system, {electrolytes[e]}, {formula("LiCoO2")}, lithium));
    expect_equal(oxide.open_charged, interface_energies(system, {electrolytes[e]}, {formula("CoO2")}, lithium));

    const PairResult& alumina = matrix[2 * e + 1];
    EXPECT_EQ(alumina.role, Role::coating);
    EXPECT_EQ(alumina.problem, "");
    EXPECT_TRUE(alumina.closed_discharged.has_value());
    EXPECT_FALSE(alumina.potential_V.has_value());
    EXPECT_FALSE(alumina.open_discharged.has_value());
    EXPECT_FALSE(alumina.closed_charged.has_value());
  }
}

TEST(CompatibilityMatrix, APotentialOpensACoatingWithoutTheMobileElement) {
  const EntrySet set = small_set();
  Partner alumina = other("Al2O3", Role::coating);
  alumina.potential_V = 3.0;
  const std::vector<PairResult> matrix =
      compatibility_matrix(set, formulas({"H2O"}), std::vector<Partner>{alumina}, "Li");
  EXPECT_EQ(matrix[0].problem, "");
  const ChemicalSystem system(set, {"Li", "Al", "O", "H"});
  expect_equal(matrix[0].open_discharged,
               interface_energies(system, {formula("H2O")}, {formula("Al2O3")}, Reservoir{"Li", -3.0}));
}

TEST(CompatibilityMatrix, TheMetalIsTheReservoirItself) {
  const EntrySet set = small_set();
  const std::vector<PairResult> matrix =
      compatibility_matrix(set, formulas({"Li2B12H12"}), std::vector<Partner>{other("Li", Role::anode)}, "Li");
  const PairResult& pair = matrix[0];
  EXPECT_EQ(pair.problem, "");
  EXPECT_EQ(pair.potential_V, 0.0);
  ASSERT_TRUE(pair.open_discharged && pair.closed_discharged);
  // Li2B12H12 + 10 Li → 12 LiH + 12 B, per atom of boron and hydrogen.
  EXPECT_NEAR(pair.open_discharged->no_mixing_A_eV, (-24 * 0.45 + 26 * 0.3) / 24, 1e-12);
  EXPECT_EQ(pair.open_discharged->mixing_eV, pair.open_discharged->no_mixing_A_eV);
  EXPECT_EQ(pair.open_discharged->mixing_fraction, 1.0);
  EXPECT_EQ(pair.open_discharged->no_mixing_B_eV, 0.0);
  EXPECT_EQ(pair.open_discharged->mutual_eV, 0.0);
  EXPECT_LT(pair.closed_discharged->mutual_eV, -0.05);
}

TEST(CompatibilityMatrix, SaysWhyAPairCouldNotBeComputed) {
  const EntrySet set = small_set();
  Partner without_charged = other("LiCoO2", Role::cathode);
  Partner absent_state = cathode("LiCoO2", "Li0.3CoO2");
  Partner no_pair = cathode("LiCoO2", "Al2O3");
  Partner unknown = cathode("LiMnO2", "MnO2");
  Partner below = other("Al2O3", Role::coating);
  below.potential_V = -1.0;
  const std::vector<PairResult> matrix =
      compatibility_matrix(set, formulas({"LiBH4", "Li", "LiB11H14"}),
                           std::vector<Partner>{without_charged, absent_state, no_pair, unknown, below}, "Li");
  ASSERT_EQ(matrix.size(), 15U);
  EXPECT_TRUE(holds(matrix[0].problem, "neither a charged state nor a given potential")) << matrix[0].problem;
  EXPECT_TRUE(matrix[0].closed_discharged.has_value());
  EXPECT_TRUE(holds(matrix[1].problem, "no potential")) << matrix[1].problem;
  EXPECT_TRUE(holds(matrix[1].problem, "Li0.3CoO2")) << matrix[1].problem;
  EXPECT_TRUE(matrix[1].partner_is_assumed_on_hull);
  EXPECT_TRUE(matrix[1].closed_charged.has_value());
  EXPECT_FALSE(matrix[1].open_charged.has_value());
  EXPECT_TRUE(holds(matrix[2].problem, "differ by more than Li")) << matrix[2].problem;
  EXPECT_TRUE(holds(matrix[3].problem, "Mn")) << matrix[3].problem;
  EXPECT_FALSE(matrix[3].closed_discharged.has_value());
  EXPECT_TRUE(holds(matrix[4].problem, "below 0 V")) << matrix[4].problem;
  EXPECT_TRUE(matrix[4].closed_discharged.has_value());
  EXPECT_FALSE(matrix[4].open_discharged.has_value());
  EXPECT_TRUE(holds(matrix[9].problem, "'Li' consists of the open element Li alone")) << matrix[9].problem;
  EXPECT_TRUE(matrix[10].electrolyte_is_assumed_on_hull);
  EXPECT_EQ(matrix[10].closed_discharged->no_mixing_A_eV, 0.0);
}

TEST(CompatibilityMatrix, LeavesOutWhatTheOptionsSay) {
  const EntrySet set = small_set();
  SystemOptions options;
  options.exclude = {"LiAlO2"};
  const std::vector<Partner> alumina{other("Al2O3", Role::coating)};
  const auto energy = [&](const SystemOptions& with) {
    return compatibility_matrix(set, formulas({"Li2O"}), alumina, "Li", with)[0].closed_discharged->mutual_eV;
  };
  EXPECT_LT(energy({}), -0.1);
  EXPECT_NEAR(energy(options), 0.0, 1e-12);
}

TEST(CompatibilityMatrix, ReportsProgressOnTheCallersThreadAndStops) {
  const EntrySet set = small_set();
  const std::vector<base::Formula> electrolytes(30, formula("LiBH4"));
  const std::vector<Partner> partners(10, cathode("LiCoO2", "CoO2"));
  const auto caller = std::this_thread::get_id();
  std::size_t last = 0;
  bool is_rising = true, is_own_thread = true;
  const std::vector<PairResult> all =
      compatibility_matrix(set, electrolytes, partners, "Li", {}, [&](std::size_t done, std::size_t total) {
        is_rising = is_rising && done >= last && done <= total && total == 300;
        is_own_thread = is_own_thread && std::this_thread::get_id() == caller;
        last = done;
        return true;
      });
  EXPECT_TRUE(is_rising);
  EXPECT_TRUE(is_own_thread);
  EXPECT_EQ(last, 300U);
  for (const PairResult& pair : all) EXPECT_EQ(pair.problem, "");

  const std::vector<PairResult> stopped =
      compatibility_matrix(set, electrolytes, partners, "Li", {}, [](std::size_t, std::size_t) { return false; });
  EXPECT_EQ(stopped.back().problem, "stopped");
  EXPECT_FALSE(stopped.back().closed_discharged.has_value());
  EXPECT_THROW(compatibility_matrix(set, electrolytes, partners, "Li", {},
                                    [](std::size_t, std::size_t) -> bool { throw std::runtime_error("callback"); }),
               std::runtime_error);
}

TEST(CompatibilityMatrix, Refusals) {
  const EntrySet set = small_set();
  const std::vector<Partner> partners{cathode("LiCoO2", "CoO2")};
  EXPECT_TRUE(compatibility_matrix(set, {}, partners, "Li").empty());
  EXPECT_TRUE(compatibility_matrix(set, formulas({"LiBH4"}), {}, "Li").empty());
  EXPECT_THROW(compatibility_matrix(set, formulas({"LiBH4"}), partners, "Co"), base::ParameterError);
  EXPECT_THROW(compatibility_matrix(set, formulas({"BH4-"}), partners, "Li"), base::InputError);
  const std::vector<base::Formula> none(1);
  EXPECT_THROW(compatibility_matrix(set, none, partners, "Li"), base::InputError);
  std::vector<Partner> bad = partners;
  bad[0].discharged = base::Formula();
  EXPECT_THROW(compatibility_matrix(set, formulas({"LiBH4"}), bad, "Li"), base::InputError);
  bad = partners;
  bad[0].charged = formula("Co 4+");
  EXPECT_THROW(compatibility_matrix(set, formulas({"LiBH4"}), bad, "Li"), base::InputError);
  bad = partners;
  bad[0].potential_V = std::numeric_limits<double>::infinity();
  EXPECT_THROW(compatibility_matrix(set, formulas({"LiBH4"}), bad, "Li"), base::ParameterError);
}

TEST(Reactivity, HasTheStatedBoundaries) {
  EXPECT_EQ(reactivity(0.0), Reactivity::stable);
  EXPECT_EQ(reactivity(-0.0099), Reactivity::stable);
  EXPECT_EQ(reactivity(-0.0101), Reactivity::slight);
  EXPECT_EQ(reactivity(-0.0499), Reactivity::slight);
  EXPECT_EQ(reactivity(-0.0501), Reactivity::reactive);
  EXPECT_EQ(reactivity(-0.1999), Reactivity::reactive);
  EXPECT_EQ(reactivity(-0.2001), Reactivity::strong);
  EXPECT_EQ(to_string(Reactivity::stable), "stable");
  EXPECT_EQ(to_string(Reactivity::slight), "slight");
  EXPECT_EQ(to_string(Reactivity::reactive), "reactive");
  EXPECT_EQ(to_string(Reactivity::strong), "strong");
  EXPECT_THROW(to_string(static_cast<Reactivity>(9)), base::InternalError);
}

/// Statements of the literature on which partners suit LiBH4 (W. D. Richards et al., Chem. Mater. 28 (2016) 266), with
/// the shared set of computed energies.
class CompatibilityMp2019 : public testing::Test {
 protected:
  static void SetUpTestSuite() { set_ = trial::mp2019(); }
  static void TearDownTestSuite() { set_.reset(); }
  void SetUp() override {
    if (!set_) GTEST_SKIP() << "the shared energies are not here";
  }
  static inline std::optional<EntrySet> set_;
};

TEST_F(CompatibilityMp2019, BorohydrideSuitsSulfidesBetterThanOxides) {
  const std::vector<Partner> partners{cathode("LiTiS2", "TiS2"), cathode("LiVS2", "VS2"),     cathode("Li2S", "S"),
                                      cathode("LiCoO2", "CoO2"), cathode("LiFePO4", "FePO4"), cathode("LiMnO2", "MnO2"),
                                      cathode("LiNiO2", "NiO2")};
  const std::vector<PairResult> row = compatibility_matrix(*set_, formulas({"LiBH4"}), partners, "Li");
  constexpr std::size_t sulfides = 3;
  for (const PairResult& pair : row) {
    ASSERT_EQ(pair.problem, "") << pair.partner;
    ASSERT_TRUE(pair.open_discharged && pair.closed_discharged && pair.closed_charged);
  }
  for (std::size_t s = 0; s < sulfides; ++s) {
    for (std::size_t o = sulfides; o < row.size(); ++o) {
      EXPECT_GT(row[s].open_discharged->no_mixing_A_eV, row[o].open_discharged->no_mixing_A_eV + 0.15);
      EXPECT_GT(row[s].closed_discharged->mixing_eV, row[o].closed_discharged->mixing_eV + 0.1);
      if (row[s].partner == "Li2S") continue;
      EXPECT_GT(row[s].open_discharged->mixing_eV, row[o].open_discharged->mixing_eV + 0.35);
      EXPECT_GT(row[s].open_discharged->mutual_eV, row[o].open_discharged->mutual_eV + 0.3);
      EXPECT_GT(row[s].closed_charged->mixing_eV, row[o].closed_charged->mixing_eV + 0.25);
    }
  }
  // The exception: with the charged Li2S, sulfur, this set has LiBH4 react more than with FePO4 (−0.49 and −0.29 eV
  // closed; mutual −0.37 and −0.32 eV open), where the publication has −0.30 and −0.40 eV mixed. Sulfides lie 0.2
  // eV/atom too low in it (an old correction), which the sulfur turning into sulfide gains.
  EXPECT_NEAR(row[2].closed_charged->mixing_eV, -0.491, 2e-3);
  EXPECT_NEAR(row[4].closed_charged->mixing_eV, -0.294, 2e-3);
  EXPECT_NEAR(row[2].open_discharged->mutual_eV, -0.372, 2e-3);
  EXPECT_NEAR(row[4].open_discharged->mutual_eV, -0.324, 2e-3);
}

TEST_F(CompatibilityMp2019, PhosphateIsTheBetterLayer) {
  const std::vector<std::string> neighbours{"LiBH4", "Li3PS4", "Li10GeP2S12", "Li6PS5Cl", "LiCoO2", "CoO2"};
  std::vector<Partner> partners;
  for (const std::string& name : neighbours) partners.push_back(other(name, Role::coating));
  const std::vector<PairResult> matrix =
      compatibility_matrix(*set_, formulas({"Li3PO4", "LiNbO3", "Al2O3"}), partners, "Li");
  const std::size_t width = neighbours.size();
  double niobate = 0.0, alumina = 0.0;
  for (std::size_t k = 0; k < width; ++k) {
    EXPECT_NEAR(matrix[k].closed_discharged->mutual_eV, 0.0, 1e-6) << neighbours[k];
    niobate = std::min(niobate, matrix[width + k].closed_discharged->mutual_eV);
    alumina = std::min(alumina, matrix[2 * width + k].closed_discharged->mutual_eV);
  }
  EXPECT_NEAR(niobate, -0.1457, 2e-3);  // against Li3PS4
  EXPECT_NEAR(alumina, -0.0199, 2e-3);  // against LiCoO2
}

/// Where the data disagree: open to lithium at the potential of LiCoO2, where LiBH4 itself cannot exist, it takes the
/// oxygen of Li3PO4 and LiNbO3 but not that of Al2O3.
TEST_F(CompatibilityMp2019, AtTheCathodesPotentialAluminaIsTheInertLayerForBorohydride) {
  Partner borohydride = other("LiBH4", Role::coating);
  borohydride.potential_V = 3.745;
  const std::vector<PairResult> matrix =
      compatibility_matrix(*set_, formulas({"Li3PO4", "LiNbO3", "Al2O3"}), std::vector<Partner>{borohydride}, "Li");
  EXPECT_NEAR(matrix[0].open_discharged->mutual_eV, -0.688, 2e-3);
  EXPECT_NEAR(matrix[1].open_discharged->mutual_eV, -0.453, 2e-3);
  EXPECT_NEAR(matrix[2].open_discharged->mutual_eV, 0.0, 1e-6);
}

}  // namespace
}  // namespace closo::stability
