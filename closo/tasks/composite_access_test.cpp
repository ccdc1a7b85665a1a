#include "closo/tasks/composite_access.hpp"

#include <gtest/gtest.h>

#include "closo/tasks/impedance_trial_test.hpp"
#include "closo/transport/estimate.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using composite::Phase;
using trial::arguments_of;
using trial::Given;
using trial::message_of;

Context library_context() {
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return context;
}

std::vector<PhaseLaw> laws_of(const std::vector<std::string>& texts, const char* form = "sigma-T") {
  Given given{{"form", form}};
  for (const std::string& text : texts) given.emplace_back("phase", text);
  return phase_laws(arguments_of(given), {298.15}, library_context());
}

std::string refusal_of(const std::vector<std::string>& texts) {
  return message_of<ParameterError>([&] { laws_of(texts); });
}

Structure layered() {
  return make_structure(structure_request(arguments_of({{"model", "layers"},
                                                        {"layer", "bulk 25 %"},
                                                        {"layer", "insulator 25 %"},
                                                        {"layer", "bulk 25 %"},
                                                        {"layer", "void 25 %"},
                                                        {"size", "4"}}),
                                          Context{}));
}

TEST(CompositeAccess, AConstantIsTheSameAtEveryTemperature) {
  const std::vector<PhaseLaw> laws = laws_of({"bulk=2 mS/cm", "3=0 S/cm", "grain-boundary = 1e-5 S/m"});
  ASSERT_EQ(laws.size(), 3U);
  EXPECT_EQ(laws[0].phase, Phase::bulk);
  EXPECT_DOUBLE_EQ(conductivity(laws[0], 250.0), 0.2);
  EXPECT_DOUBLE_EQ(conductivity(laws[0], 400.0), 0.2);
  EXPECT_EQ(laws[1].number, 3U);
  EXPECT_EQ(laws[2].phase, Phase::grain_boundary);
  EXPECT_DOUBLE_EQ(conductivity(laws[2], 300.0), 1e-5);
}

TEST(CompositeAccess, AnEnergyMakesAnArrheniusLaw) {
  constexpr double kB = 8.617333262145179e-5;
  const double factor = std::exp(-0.3 / kB * (1.0 / 350.0 - 1.0 / 298.0));
  EXPECT_NEAR(conductivity(laws_of({"bulk=1e-3 S/cm @ 298 K, 0.3 eV"}, "sigma")[0], 350.0), 0.1 * factor, 1e-12);
  EXPECT_NEAR(conductivity(laws_of({"bulk=1e-3 S/cm @ 298 K, 0.3 eV"})[0], 350.0), 0.1 * factor * 298.0 / 350.0, 1e-12);
  const double joule = conductivity(laws_of({"bulk=1e-3 S/cm @ 298 K, 28.9456 kJ/mol"})[0], 350.0);
  EXPECT_NEAR(joule, conductivity(laws_of({"bulk=0.3 eV, 1e-3 S/cm @ 24.85 degC"})[0], 350.0), 1e-5 * joule);
}

TEST(CompositeAccess, TwoPointsMakeAnArrheniusLawThroughBoth) {
  for (const char* form : {"sigma", "sigma-T"}) {
    const PhaseLaw law = laws_of({"bulk=1e-4 S/cm @ 298 K, 2e-3 S/cm @ 350 K"}, form)[0];
    EXPECT_NEAR(conductivity(law, 298.0), 1e-2, 1e-14) << form;
    EXPECT_NEAR(conductivity(law, 350.0), 0.2, 1e-12) << form;
  }
}

TEST(CompositeAccess, AMaterialOfTheLibraryBringsItsLaw) {
  const PhaseLaw law = laws_of({"bulk=Li2B12H12"})[0];
  const library::Library library = library::Library::load(CLOSO_SOURCE_DIR "/data");
  const auto known = transport::library_law(library, "Li2B12H12");
  if (known) {
    EXPECT_DOUBLE_EQ(conductivity(law, 330.0), known->conductivity(330.0));
  } else {
    const auto estimate = transport::estimate_conductivity(library, "Li2B12H12", 298.15);
    EXPECT_DOUBLE_EQ(conductivity(law, 330.0), estimate.best.conductivity);
  }
  EXPECT_NE(law.source.find("library, Li2B12H12"), std::string::npos);
  EXPECT_NE(message_of<base::InputError>([] { laws_of({"bulk=Li2B12H13"}); }).find("did you mean"), std::string::npos);
}

TEST(CompositeAccess, RefusesWhatIsNoLaw) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"bulk", "ROLE=CONDUCTIVITY"},
      {"bulk=", "ROLE=CONDUCTIVITY"},
      {"=1 S/cm", "ROLE=CONDUCTIVITY"},
      {"bluk=1 S/cm", "did you mean 'bulk'"},
      {"999=1 S/cm", "0 to 255"},
      {"bulk=-1 S/cm", "0 S/cm (insulator) or more"},
      {"bulk=1 Ohm", "resistance"},
      {"bulk=1e-3 S/cm @ 298 S", "temperature"},
      {"bulk=1e-3 S/cm @ 0 K, 0.3 eV", "above 0 K"},
      {"bulk=1e-3 S/cm, 0.3 eV", "the temperature of the conductivity"},
      {"bulk=0.3 eV", "a conductivity beside"},
      {"bulk=1e-3 S/cm @ 298 K, 0.3 eV, 0.4 eV", "one activation energy"},
      {"bulk=1e-3 S/cm @ 298 K, 1e-2 S/cm @ 340 K, 0.4 eV", "or two conductivities"},
      {"bulk=1e-3 S/cm @ 298 K, 1e-2 S/cm", "two temperatures"},
      {"bulk=1e-3 S/cm @ 298 K, 1e-2 S/cm @ 298 K", "two temperatures"},
  };
  for (const auto& [text, expected] : cases) {
    const std::string message = refusal_of({text});
    EXPECT_NE(message.find(expected), std::string::npos) << text << ": '" << message << "'";
  }
  EXPECT_NE(refusal_of({}).find("missing"), std::string::npos);
  EXPECT_NE(refusal_of({"bulk=1 S/cm", "bulk=2 S/cm"}).find("one conductivity for each phase"), std::string::npos);
}

TEST(CompositeAccess, TemperaturesAreAskedForOrRoomTemperature) {
  EXPECT_EQ(temperatures_of(arguments_of({})), (std::vector<double>{298.15}));
  EXPECT_EQ(temperatures_of(arguments_of({{"at", "300 K"}, {"at", "60 degC"}})), (std::vector<double>{300.0, 333.15}));
  EXPECT_THROW(temperatures_of(arguments_of({{"at", "0 K"}})), ParameterError);
}

TEST(CompositeAccess, LabelsGetTheirNumbersBeforeTheirRoles) {
  const Structure structure = layered();
  const std::vector<double> sigma = label_conductivities(structure, laws_of({"bulk=1 S/m", "2=5 S/m"}), 298.15);
  EXPECT_EQ(sigma, (std::vector<double>{1.0, 0.0, 5.0, 0.0}));
  EXPECT_EQ(label_conductivities(structure, laws_of({"bulk=1 S/m", "void=2 S/m"}), 298.15)[3], 2.0);
  EXPECT_THROW(label_conductivities(structure, laws_of({"bulk=0 S/m"}), 298.15), ParameterError);
  const std::string message =
      message_of<ParameterError>([&] { label_conductivities(structure, laws_of({"carbon=1 S/m"}), 298.15); });
  EXPECT_NE(message.find("missing for bulk 0 (label 0, 25 vol%)"), std::string::npos) << message;
  EXPECT_FALSE(phase_conductivity(laws_of({"bulk=1 S/m"}), Phase::interphase, 300.0).has_value());
  EXPECT_EQ(phase_conductivity(laws_of({"bulk=1 S/m"}), Phase::insulator, 300.0), 0.0);
}

TEST(CompositeAccess, PermittivitiesAreGivenOrAssumed) {
  const auto given = phase_permittivities(arguments_of({{"permittivity", "bulk=7"}, {"permittivity", "2=30"}}));
  EXPECT_EQ(label_permittivities(layered(), given), (std::vector<double>{7.0, 10.0, 30.0, 1.0}));
  for (const char* text : {"bulk=0", "bulk=-1", "bulk=1 S/cm", "bulk", "bluk=3"})
    EXPECT_THROW(phase_permittivities(arguments_of({{"permittivity", text}})), ParameterError) << text;
  EXPECT_THROW(phase_permittivities(arguments_of({{"permittivity", "bulk=3"}, {"permittivity", "bulk=4"}})),
               ParameterError);
}

TEST(CompositeAccess, AThinLayerConductsLikeTheInterphase) {
  Structure structure = layered();
  EXPECT_TRUE(surface_layers(structure, laws_of({"bulk=1 S/m"}), 300.0).empty());
  structure.thin_layer = ThinLayer{{0, 1}, 2e-9};
  EXPECT_THROW(surface_layers(structure, laws_of({"bulk=1 S/m"}), 300.0), ParameterError);
  EXPECT_TRUE(surface_layers(structure, laws_of({"interphase=0 S/m"}), 300.0).empty());
  const auto layers = surface_layers(structure, laws_of({"interphase=3 S/m"}), 300.0);
  ASSERT_EQ(layers.size(), 1U);
  EXPECT_EQ(layers[0].thickness, 2e-9);
  EXPECT_EQ(layers[0].conductivity, 3.0);
}

TEST(CompositeAccess, WarnsOfWhatDoesNotFit) {
  const Structure structure = layered();
  const auto warnings = [&](const std::vector<std::string>& texts, const std::vector<double>& temperatures) {
    std::string all;
    for (const std::string& warning : phase_warnings(structure, laws_of(texts), temperatures)) all += warning + "\n";
    return all;
  };
  EXPECT_EQ(warnings({"bulk=1 S/m"}, {298.15}), "");
  EXPECT_EQ(warnings({"bulk=1 S/m @ 298 K"}, {298.15}), "");
  EXPECT_NE(warnings({"bulk=1 S/m @ 298 K"}, {333.15}).find("without an activation energy"), std::string::npos);
  EXPECT_NE(warnings({"bulk=1 S/m"}, {298.15, 333.15}).find("every temperature"), std::string::npos);
  EXPECT_NE(warnings({"bulk=1 S/m", "carbon=1 S/m"}, {298.15}).find("no carbon"), std::string::npos);
  EXPECT_EQ(warnings({"bulk=1 S/m @ 298 K, 0.3 eV"}, {298.15, 333.15}), "");
}

TEST(CompositeAccess, TheTableHasEveryPhaseAtEveryTemperature) {
  const report::Table table = phase_table(layered(), laws_of({"bulk=1 mS/cm @ 298.15 K, 0.3 eV"}), {298.15, 323.15});
  ASSERT_EQ(table.rows.size(), 4U);
  EXPECT_NEAR(*trial::value_of(table, 0, "sigma_298.15_K_S_per_cm").value, 1e-3, 1e-12);
  EXPECT_GT(*trial::value_of(table, 0, "sigma_323.15_K_S_per_cm").value, 1e-3);
  EXPECT_EQ(trial::text_of(table, 1, "given"), "0 by its role");
}

}  // namespace
}  // namespace closo::tasks
