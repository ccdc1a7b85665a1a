#include "closo/tasks/stability_access.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

using base::Formula;
using base::InputError;
using base::ParameterError;
using Given = std::vector<std::pair<std::string, std::string>>;

Context shipped() {
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return context;
}

Arguments arguments_of(const Given& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  return arguments;
}

EnergyRequest request(const Given& given) { return energy_request_of(arguments_of(given)); }

/// The message of the ParameterError that `act` throws; fails when it throws none.
template <class Act>
std::string refusal(const Act& act) {
  try {
    act();
  } catch (const ParameterError& error) {
    return error.what();
  } catch (const InputError& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const library::Library& shipped_library() {
  static const library::Library library = load_library(shipped());
  return library;
}

NamedFormula named(const std::string& text) { return named_formula(shipped_library(), "compound", text); }

TEST(EnergyRequest, ReadsSetConditionsAndExclusions) {
  const EnergyRequest given = request({{"set", "gibbs"},
                                       {"temperature", "60 degC"},
                                       {"pressure", "H2=10 bar"},
                                       {"pressure", "NH3 = 2 bar"},
                                       {"exclude", "B10H14"},
                                       {"no-estimates", "true"},
                                       {"keep-dilute-alloys", "true"}});
  EXPECT_EQ(given.set, "gibbs");
  EXPECT_NEAR(given.conditions.temperature, 333.15, 1e-9);
  ASSERT_EQ(given.conditions.pressures.size(), 2U);
  EXPECT_EQ(given.conditions.pressures[1].formula, "NH3");
  EXPECT_NEAR(given.conditions.pressures[0].pressure_Pa, 1e6, 1e-6);
  EXPECT_EQ(given.system.exclude, std::vector<std::string>{"B10H14"});
  EXPECT_FALSE(given.use_estimates);
  EXPECT_FALSE(given.conditions.use_estimates);
  EXPECT_TRUE(given.system.keep_dilute_alloys);
  EXPECT_EQ(request({}).set, "static");
}

TEST(EnergyRequest, RefusesWhatCannotBeRead) {
  EXPECT_TRUE(holds(refusal([] { request({{"temperature", "400 K"}}); }), "--set gibbs"));
  EXPECT_TRUE(holds(refusal([] { request({{"pressure", "H2=10 bar"}}); }), "--set gibbs"));
  const auto pressure = [](const std::string& text) {
    return refusal([&] { request({{"set", "gibbs"}, {"pressure", text}}); });
  };
  EXPECT_TRUE(holds(pressure("10 bar"), "H2=10 bar"));
  EXPECT_TRUE(holds(pressure("Qq=10 bar"), "Qq"));
  EXPECT_TRUE(holds(pressure("H2=10 K"), "pressure"));
  EXPECT_TRUE(holds(pressure("H2=-1 bar"), "above 0"));
  EXPECT_TRUE(holds(refusal([] {
                      request({{"set", "gibbs"}, {"pressure", "H2=1 bar"}, {"pressure", "H2=2 bar"}});
                    }),
                    "once"));
  EXPECT_TRUE(holds(refusal([] { request({{"exclude", "nonsense"}}); }), "formula of a phase"));
}

TEST(LoadEnergies, GivesSetsAtTheirConditions) {
  const std::vector<std::string> elements{"Li", "B", "H"};
  const EnergyBasis basis = load_energies({}, shipped(), elements);
  EXPECT_EQ(basis.kind, library::EnergyKind::static_dft);
  EXPECT_FALSE(basis.citation.empty());
  EXPECT_NE(basis.set.find(Formula::parse("LiBH4")), nullptr);
  EXPECT_EQ(basis.set.find(Formula::parse("NaBH4")), nullptr) << "only what was asked for";
  EnergyRequest hot;
  hot.set = "gibbs";
  const double cold_energy = load_energies(hot, shipped(), elements).set.at(Formula::parse("LiH")).energy_eV;
  hot.conditions.temperature = 600.0;
  const double hot_energy = load_energies(hot, shipped(), elements).set.at(Formula::parse("LiH")).energy_eV;
  EXPECT_GT(hot_energy, cold_energy + 0.1) << "half a mole of gas is bound";
  EXPECT_NEAR(cold_energy, -0.71, 0.01);  // -68.4 kJ/mol, NIST-JANAF
}

TEST(LoadEnergies, LeavesEstimatesOutAndCorrectsHydrogen) {
  const std::vector<std::string> elements{"Li", "B", "H", "C"};
  const Formula carborate = Formula::parse("LiCB11H12");
  EnergyRequest asked;
  const EnergyBasis with = load_energies(asked, shipped(), elements);
  ASSERT_NE(with.set.find(carborate), nullptr);
  EXPECT_TRUE(with.set.at(carborate).is_estimate);
  asked.use_estimates = false;
  EXPECT_EQ(load_energies(asked, shipped(), elements).set.find(carborate), nullptr);
  asked.correct_hydrogen = true;
  const EnergyBasis corrected = load_energies(asked, shipped(), elements);
  const Formula borohydride = Formula::parse("LiBH4");
  EXPECT_NEAR(corrected.set.at(borohydride).energy_eV - with.set.at(borohydride).energy_eV, 4 * 0.148, 0.05);
  asked.set = "gibbs";
  EXPECT_THROW(load_energies(asked, shipped(), elements), ParameterError);
}

TEST(LoadEnergies, UsesCustomaryFormulas) {
  const EnergyBasis basis = load_energies({}, shipped(), std::vector<std::string>{"Li", "B", "H", "C"});
  const stability::Entry& salt = basis.set.at(Formula::parse("LiB6H6"));
  EXPECT_EQ(salt.name, "Li2B12H12");
  EXPECT_NEAR(salt.energy_eV / 26.0, -0.391108, 1e-6);
  EXPECT_EQ(basis.set.at(Formula::parse("CH4")).name, "CH4");
}

TEST(LoadEnergies, ElementsWithoutACommonCompoundKeepTheirReferences) {
  const EnergyBasis basis = load_energies({}, shipped(), std::vector<std::string>{"Fe", "Na", "Xe"});
  EXPECT_NE(basis.set.find(Formula::parse("Fe")), nullptr);
  EXPECT_EQ(basis.set.find(Formula::parse("Xe")), nullptr) << "the set has no xenon at all";
}

TEST(LoadEnergies, RefusesUnknownSets) {
  EnergyRequest asked;
  asked.set = "statik";
  const std::string message = refusal([&] { load_energies(asked, shipped()); });
  EXPECT_TRUE(holds(message, "static")) << message;
  EXPECT_TRUE(holds(message, "gibbs")) << message;
}

TEST(NamedFormula, TakesFormulasAndLibraryNames) {
  EXPECT_EQ(named("LiBH4").material->id, "LiBH4");
  EXPECT_EQ(named("lithium borohydride").name, "LiBH4");
  EXPECT_EQ(named("LGPS").formula.text(), "Li10GeP2S12");
  EXPECT_EQ(named("Li₂B₁₂H₁₂").material->id, "Li2B12H12");
  EXPECT_EQ(named("Mg(BH4)2").formula.amount("H"), 8.0);
  EXPECT_EQ(named("KBH4").material, nullptr);
  EXPECT_EQ(named("CO").formula, Formula::parse("CO")) << "names of the library ignore case, formulas do not";
}

TEST(NamedFormula, RefusesMixturesIonsAndNonsense) {
  EXPECT_TRUE(holds(refusal([] { named("Li2B12H12-ZrO2"); }), "its conductor is Li2B12H12"));
  EXPECT_TRUE(holds(refusal([] { named("NMC"); }), "no definite composition"));
  EXPECT_TRUE(holds(refusal([] { named("BH4-"); }), "neutral"));
  EXPECT_TRUE(holds(refusal([] { named("LiBH4x"); }), "did you mean 'LiBH4'"));
}

TEST(MobileIon, ComesFromWhatIsKnown) {
  EXPECT_EQ(mobile_ion_of("", named("LiBH4")), "Li");
  EXPECT_EQ(mobile_ion_of("Na", named("LiBH4")), "Na");
  EXPECT_EQ(mobile_ion_of("", named("KBH4")), "K");
  EXPECT_EQ(mobile_ion_of("", named("Li3K3Ce2(BH4)12")), "Li") << "the library knows which of the two";
  EXPECT_TRUE(holds(refusal([] { mobile_ion_of("", named("LiNaB12H12")); }), "Li or Na"));
  EXPECT_TRUE(holds(refusal([] { mobile_ion_of("", named("Al2O3")); }), "--ion"));
  EXPECT_THROW(mobile_ion_of("Xx", named("LiBH4")), ParameterError);
}

class PhaseText : public testing::Test {
 protected:
  stability::ChemicalSystem system_{load_energies({}, shipped(), std::vector<std::string>{"Li", "B", "H"}).set,
                                    {"Li", "B", "H"}};
  std::size_t phase(const char* formula) const { return *system_.find(Formula::parse(formula)); }
};

TEST_F(PhaseText, NamesMolecules) {
  EXPECT_EQ(phase_name(system_, phase("H")), "H2");
  EXPECT_EQ(phase_name(system_, phase("Li")), "Li");
  EXPECT_EQ(phase_name(system_, phase("LiBH4")), "LiBH4");
}

TEST_F(PhaseText, BringsProductsToWholeAmounts) {
  const double hydrogen = 13.0 / 12.0 * 2.0 / system_.atoms(phase("H"));
  const std::vector<stability::PhaseAmount> products{
      {phase("LiH"), 10.0 / 12.0}, {phase("Li2B12H12"), 1.0 / 12.0}, {phase("H"), hydrogen}, {phase("Li"), 0.3}};
  EXPECT_EQ(products_text(system_, products, "Li"), "Li2B12H12 + 10 LiH + 13 H2");
  const std::vector<stability::PhaseAmount> odd{{phase("LiH"), 1.0}, {phase("B"), 0.7071067811865476}};
  EXPECT_EQ(products_text(system_, odd), "LiH + 0.7071 B");
  EXPECT_EQ(products_text(system_, std::vector<stability::PhaseAmount>{{phase("Li"), 1.0}}, "Li"), "nothing");
}

TEST(ErrorModelText, ReadsAnEnergyPerAtom) {
  EXPECT_NEAR(error_model_of("30 meV/atom").independent_eV_per_atom, 0.03, 1e-12);
  EXPECT_NEAR(error_model_of("2.3 kJ/mol per atom").independent_eV_per_atom, 0.02384, 1e-5);
  EXPECT_EQ(error_model_of("").independent_eV_per_atom, stability::ErrorModel{}.independent_eV_per_atom);
  EXPECT_THROW(error_model_of("24 meV"), ParameterError);
  EXPECT_THROW(error_model_of("24 V/atom"), ParameterError);
  EXPECT_THROW(error_model_of("-1 meV/atom"), ParameterError);
  EXPECT_THROW(error_model_of("many/atom"), ParameterError);
}

TEST(DescribeEnergies, SaysSetAndWhatWasLeftOut) {
  EnergyRequest asked;
  asked.system.exclude = {"B10H14", "NaCl"};
  asked.correct_hydrogen = true;
  const EnergyBasis basis = load_energies(asked, shipped(), std::vector<std::string>{"Li", "B", "H"});
  report::Report report;
  describe_energies(report, basis, asked);
  describe_energies(report, basis, asked);
  const auto count = [&](const std::string& name) {
    return std::ranges::count_if(report.provenance, [&](const auto& line) { return line.first == name; });
  };
  EXPECT_EQ(count("energies"), 1);
  EXPECT_EQ(count("left out"), 2);
  EXPECT_FALSE(report.doubts.empty());
  EXPECT_TRUE(std::ranges::any_of(report.warnings, [](const std::string& text) { return holds(text, "no NaCl"); }));
  EXPECT_TRUE(std::ranges::none_of(report.warnings, [](const std::string& text) { return holds(text, "no B10H14"); }));
}

}  // namespace
}  // namespace closo::tasks
