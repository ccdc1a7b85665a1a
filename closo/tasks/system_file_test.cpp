#include "closo/tasks/system_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace closo::tasks {
namespace {

constexpr const char* smallest = "[system]\nname = 'x'\nmobile_ion = 'Li'\n[electrolyte]\nmaterial = 'LiBH4'\n";

std::string error_of(const std::string& text) {
  try {
    parse_system(text, "s.toml");
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SystemFile, TheShippedExampleIsUnderstood) {
  const System system = read_system(std::filesystem::path(CLOSO_SOURCE_DIR) / "examples" / "li2b12h12-zro2.toml");
  EXPECT_EQ(system.mobile_ion, "Li");
  ASSERT_EQ(system.electrolyte.conductivity.size(), 2U);
  EXPECT_DOUBLE_EQ(system.electrolyte.conductivity[0].temperature, 303.15);
  EXPECT_DOUBLE_EQ(system.electrolyte.conductivity[0].sigma.value, 0.029);
  EXPECT_EQ(system.electrolyte.conductivity[1].sigma.qualifier, base::Qualifier::about);
  EXPECT_DOUBLE_EQ(system.electrolyte.activation_energy->in(base::Unit::parse("eV")), 0.42);
  EXPECT_EQ(system.electrolyte.cation_transference->qualifier, base::Qualifier::greater);
  EXPECT_DOUBLE_EQ(system.electrolyte.oxidation_limit->potential.value, 3.8);
  ASSERT_TRUE(system.composite);
  EXPECT_DOUBLE_EQ(system.composite->fraction.value, 0.25);
  EXPECT_EQ(system.composite->fraction.unit.basis(), base::FractionBasis::volume);
  EXPECT_DOUBLE_EQ(system.composite->densities.at("ZrO2").value, 5890.0);
  EXPECT_NEAR(system.separator.area->value, 0.2827433e-4, 1e-10);
  EXPECT_DOUBLE_EQ(system.cathode->composition.at("TiS2").value, 0.4);
  ASSERT_EQ(system.operation.rates.size(), 4U);
  EXPECT_DOUBLE_EQ(system.operation.rates[1].per_hour, 0.1);
  EXPECT_DOUBLE_EQ(*system.criteria.conductivity_temperature, 328.15);
}

TEST(SystemFile, EveryShippedExampleIsUnderstood) {
  for (const char* name : {"na-closo.toml", "libh4-tis2.toml", "li2b12h12-zro2-measured.toml"}) {
    EXPECT_NO_THROW(read_system(std::filesystem::path(CLOSO_SOURCE_DIR) / "examples" / name)) << name;
  }
}

TEST(SystemFile, TheSmallestFileIsEnough) { EXPECT_EQ(error_of(smallest), "accepted"); }

struct Refusal {
  const char* text;  ///< appended to the smallest file (which has 5 lines)
  const char* place;
  const char* part;
};

class SystemFileRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(SystemFileRefusal, SaysWhereAndWhat) {
  const std::string error = error_of(std::string(smallest) + GetParam().text);
  EXPECT_EQ(error.find(GetParam().place), 0U) << error;
  EXPECT_NE(error.find(GetParam().part), std::string::npos) << error;
}

INSTANTIATE_TEST_SUITE_P(
    All, SystemFileRefusal,
    testing::Values(
        Refusal{"[separator]\nthicknes = '1 mm'\n", "s.toml:7:1:", "did you mean 'thickness'?"},
        Refusal{"[seperator]\nthickness = '1 mm'\n", "s.toml:6:", "did you mean 'separator'?"},
        Refusal{"[separator]\nthickness = '1 mS'\n", "s.toml:7:13:", "is a conductance"},
        Refusal{"[separator]\nthickness = '1 mmm'\n", "s.toml:7:13:", "unknown unit 'mmm'"},
        Refusal{"[separator]\nthickness = 1\n", "s.toml:7:13:", "has no unit"},
        Refusal{"[separator]\nthickness = '-1 mm'\n", "s.toml:7:13:", "above zero"},
        Refusal{"[separator]\nthickness = 'nan mm'\n", "s.toml:7:13:", "is not a number"},
        Refusal{"[separator]\nthickness = ['1 mm']\n", "s.toml:7:13:", "is an array"},
        Refusal{"[separator]\ndiameter = '1 mm'\narea = '1 cm2'\n", "s.toml:8:", "both 'area' and 'diameter'"},
        Refusal{"[separator]\nthickness = '1 mm'\nthickness = '2 mm'\n", "s.toml:8:", "thickness"},
        Refusal{"conductivity = [ { T = '-300 degC', sigma = '1 S/cm' } ]\n", "s.toml:6:", "below absolute zero"},
        Refusal{"conductivity = [ { T = '30 degC', sigma = '-1 S/cm' } ]\n", "s.toml:6:", "above zero"},
        Refusal{"conductivity = [ { T = '30 degC', sigma = '1 S' } ]\n", "s.toml:6:", "is a conductance"},
        Refusal{"conductivity = [ { T = '30 degC' } ]\n", "s.toml:6:", "has no 'sigma'"},
        Refusal{"conductivity = [ { T = '30 degC', sigma = '1 S/cm' },\n{ T = '303.15 K', sigma = '2 S/cm' } ]\n",
                "s.toml:7:", "second conductivity"},
        Refusal{"activation_energy = '0.4 V'\n", "s.toml:6:21:", "is a voltage"},
        Refusal{"activation_energy_form = 'sigmaT'\n", "s.toml:6:", "unknown form"},
        Refusal{"transference = { Li = 1.2 }\n", "s.toml:6:", "outside 0 to 1"},
        Refusal{"transference = { K = 0.2 }\n", "s.toml:6:", "unknown transference number"},
        Refusal{"[composite]\nfiller = 'ZrO2'\nfraction = '125 vol%'\n", "s.toml:8:", "outside 0 to 1"},
        Refusal{"[composite]\nfiller = 'ZrO2'\nfraction = '25 %'\n", "s.toml:8:", "of what it is a fraction"},
        Refusal{"[composite]\nfraction = '25 vol%'\n", "s.toml:6:", "has no 'filler'"},
        Refusal{"[cathode]\nactive = 'TiS2'\ncomposition = { TiS2 = '40 wt%', C = '50 wt%' }\n",
                "s.toml:8:", "sums to 90"},
        Refusal{"[cathode]\nactive = 'TiS2'\ncomposition = { TiS = '100 wt%' }\n",
                "s.toml:8:", "does not contain 'TiS2'"},
        Refusal{"[operation]\nrates = ['C/0']\n", "s.toml:7:", "not above 0"},
        Refusal{"[operation]\nvoltage = ['2 V', '1 V']\n", "s.toml:7:", "not above"},
        Refusal{"[operation]\nvoltage = ['2 V']\n", "s.toml:7:", "1 values"},
        Refusal{"[measurement.impedance]\nfiles = 'no-such-folder'\n", "s.toml:7:9:", "there is no file or folder"},
        Refusal{"[measurement.impedance]\nthickness = '1 mm'\n", "s.toml:6:", "has no 'files'"},
        Refusal{"[measurement.impedance]\nfiles = '/'\nthickness = '1 mm'\n",
                "s.toml:6:", "neither 'diameter' nor 'area'"},
        Refusal{"[measurement]\nimpedence = {}\n", "s.toml:7:", "did you mean 'impedance'?"},
        Refusal{"[criteria]\nconductivity = { at_leest = '1 S/cm' }\n", "s.toml:7:", "did you mean 'at_least'?"},
        Refusal{"σ = '1 S/cm'\n", "s.toml:6:1:", "special character"},
        Refusal{"[separator]\nthickness = '1 mm' # 25 µm\nnote_ŵ = 'x'\n", "s.toml:8:6:", "special character"},
        Refusal{"[system\n", "s.toml:6:", ""}));

TEST(SystemFile, QuotedTextsAndCommentsMayHoldAnyCharacter) {
  const System system = parse_system(
      "# Å, µ and °C\n[system]\nname = \"Li₂B₁₂H₁₂ \\\" ZrO₂\" # ä\nmobile_ion = 'Li'\ndescription = "
      "\"\"\"ö\n'ü'\n\"\"\"\n"
      "[electrolyte]\nmaterial = 'LiBH4'\n[separator]\nthickness = '500 µm'\n",
      "s.toml");
  EXPECT_DOUBLE_EQ(system.separator.thickness->value, 5e-4);
}

TEST(SystemFile, MissingSectionsAreNamed) {
  EXPECT_NE(error_of("").find("no [system]"), std::string::npos);
  EXPECT_NE(error_of("[system]\nname = 'x'\nmobile_ion = 'Li'\n").find("no [electrolyte]"), std::string::npos);
  EXPECT_NE(error_of("[system]\nname = 'x'\nmobile_ion = 'K'\n").find("unknown mobile ion"), std::string::npos);
  EXPECT_NE(error_of("[system]\nname = 'x'\nmobile_ion = 'Li'\n[electrolyte]\n").find("names no material"),
            std::string::npos);
  EXPECT_THROW(read_system("/no/such/file.toml"), base::InputError);
}

class ExtendingFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "closo_system_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path put(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  std::filesystem::path folder_;
};

TEST_F(ExtendingFiles, OwnKeysReplaceThoseOfTheBase) {
  put("base.toml", std::string(smallest) + "[separator]\nthickness = '1 mm'\ndiameter = '10 mm'\n");
  const System system =
      read_system(put("own.toml", "[system]\nname = 'mine'\nextends = 'base.toml'\n[separator]\nthickness = '2 mm'\n"));
  EXPECT_EQ(system.name, "mine");
  EXPECT_EQ(system.electrolyte.material, "LiBH4");
  EXPECT_DOUBLE_EQ(system.separator.thickness->value, 2e-3);
  EXPECT_DOUBLE_EQ(system.separator.diameter->value, 10e-3);
  EXPECT_EQ(system.extended.size(), 1U);
}

TEST_F(ExtendingFiles, ErrorsPointIntoTheBaseFile) {
  put("base.toml", std::string(smallest) + "[separator]\nthickness = '1 K'\n");
  try {
    read_system(put("own.toml", "[system]\nname = 'mine'\nextends = 'base.toml'\n"));
    FAIL();
  } catch (const base::InputError& error) {
    EXPECT_EQ(error.place().line, 7U) << error.what();
    EXPECT_NE(error.place().file.find("base.toml"), std::string::npos) << error.what();
  }
}

TEST_F(ExtendingFiles, CirclesAreRefused) {
  put("a.toml", "[system]\nextends = 'b.toml'\n");
  put("b.toml", "[system]\nextends = './a.toml'\n");
  try {
    read_system(folder_ / "a.toml");
    FAIL();
  } catch (const base::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("circular"), std::string::npos) << error.what();
  }
  put("self.toml", "[system]\nextends = 'self.toml'\n");
  EXPECT_THROW(read_system(folder_ / "self.toml"), base::InputError);
  EXPECT_THROW(read_system(put("lost.toml", "[system]\nextends = 'none.toml'\n")), base::InputError);
  EXPECT_THROW(read_system(put("odd.toml", "[system]\nextends = 5\n")), base::InputError);
}

}  // namespace
}  // namespace closo::tasks
