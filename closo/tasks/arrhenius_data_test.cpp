#include "closo/tasks/arrhenius_data.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

ConductivityData read(const std::string& text, const ConductivityColumns& columns = {}) {
  return read_conductivities(text, "data.csv", columns);
}

base::InputError refused(const std::string& text, const ConductivityColumns& columns = {}) {
  try {
    read(text, columns);
  } catch (const base::InputError& error) {
    return error;
  }
  ADD_FAILURE() << "accepted: " << text;
  return base::InputError({}, "");
}

// The same two points, 303.15 K with 2.9e-4 S/cm and 333.15 K with 1.2e-3 S/cm, in every accepted spelling.
TEST(ArrheniusData, EverySpellingGivesTheSamePoints) {
  const char* texts[] = {
      "T (degC),sigma (S/cm)\n30,2.9e-4\n60,1.2e-3\n",
      "T/K;sigma/(mS/cm)\n303.15;0.29\n333.15;1.2\n",
      "temperature_K\tconductivity [S/m]\n303.15\t0.029\n333.15\t0.12\n",
      "1000/T (1/K),log10(sigma)\n3.2986970146,-3.5376020021\n3.0016509080,-2.9208187540\n",
      "1000/T,log10(sigma / (S/cm))\n3.2986970146,-3.5376020021\n3.0016509080,-2.9208187540\n",
      "1/T (1/K),log10(sigma) (mS/cm)\n3.2986970146e-3,-0.5376020021\n3.0016509080e-3,0.0791812460\n",
      "sample,T (K),log(sigma/S cm^-1)\na,303.15,-3.5376020021\nb,333.15,-2.9208187540\n",
  };
  for (const char* text : texts) {
    const ConductivityData data = read(text);
    ASSERT_EQ(data.branches.size(), 1U) << text;
    const auto& points = data.branches[0].points;
    ASSERT_EQ(points.size(), 2U) << text;
    EXPECT_NEAR(points[0].temperature, 303.15, 1e-6) << text;
    EXPECT_NEAR(points[1].temperature, 333.15, 1e-6) << text;
    EXPECT_NEAR(points[0].conductivity, 0.029, 1e-10) << text;
    EXPECT_NEAR(points[1].conductivity, 0.12, 1e-10) << text;
    EXPECT_EQ(points[0].uncertainty, 0.0) << text;
    EXPECT_EQ(data.branches[0].lines, (std::vector<std::size_t>{2, 3})) << text;
  }
}

TEST(ArrheniusData, ResistanceWithGeometry) {
  // L/(R A) = 0.04 cm/(200 Ohm 0.5 cm²) = 4e-4 S/cm.
  ConductivityColumns columns;
  columns.thickness = 4e-4;
  columns.area = 0.5e-4;
  const ConductivityData data = read("T (degC),R (kOhm),R_err (Ohm)\n30,0.2,10\n60,0.1,10\n", columns);
  EXPECT_NEAR(data.branches[0].points[0].conductivity, 4e-2, 1e-12);
  EXPECT_NEAR(data.branches[0].points[0].uncertainty, 4e-2 * 0.05, 1e-12);
  EXPECT_THROW(read("T (degC),R (Ohm)\n30,200\n60,100\n"), base::ParameterError);
  // A conductivity beside the resistance it came from is taken.
  EXPECT_NEAR(read("T (degC),R (Ohm),sigma (S/cm)\n30,200,1e-3\n60,100,2e-3\n").branches[0].points[0].conductivity, 0.1,
              1e-12);
}

TEST(ArrheniusData, Uncertainties) {
  const auto first = [](const std::string& text) { return read(text).branches[0].points[0]; };
  EXPECT_NEAR(first("T (K),sigma (S/cm),sigma_err (S/cm)\n300,1e-4,5e-6\n310,2e-4,1e-5\n").uncertainty, 5e-4, 1e-15);
  EXPECT_NEAR(first("T (K),sigma (S/cm),uncertainty (%)\n300,1e-4,5\n310,2e-4,5\n").uncertainty, 5e-4, 1e-15);
  EXPECT_NEAR(first("T (K),log10(sigma),log_err\n300,-4,0.02\n310,-3.8,0.02\n").uncertainty,
              1e-2 * 0.02 * std::log(10.0), 1e-12);
  EXPECT_NEAR(
      first("T (K),T_err (K),sigma (S/cm),sigma_err (%)\n300,0.5,1e-4,5\n310,0.5,2e-4,5\n").temperature_uncertainty,
      0.5, 1e-12);
  EXPECT_NEAR(
      first("T (degC),T_err (degC),sigma (S/cm),sigma_err (%)\n30,0.5,1e-4,5\n40,0.5,2e-4,5\n").temperature_uncertainty,
      0.5, 1e-12);
  ConductivityColumns all;
  all.relative_uncertainty = 0.1;
  all.temperature_uncertainty = 0.3;
  const auto point = read("T (K),sigma (S/cm)\n300,1e-4\n310,2e-4\n", all).branches[0].points[1];
  EXPECT_NEAR(point.uncertainty, 2e-3, 1e-12);
  EXPECT_EQ(point.temperature_uncertainty, 0.3);
  EXPECT_EQ(read("T (K),sigma (S/cm),sigma_err (%)\n300,1e-4,5\n310,2e-4,5\n").uncertainty_name, "sigma_err (%)");
}

TEST(ArrheniusData, Branches) {
  const ConductivityData data =
      read("T (K),sigma (S/cm),branch\n310,1e-4,cooling\n300,5e-5,Cooling\n300,4e-5,heating\n310,9e-5,up\n");
  ASSERT_EQ(data.branches.size(), 2U);
  EXPECT_EQ(data.branches[0].name, "heating");
  EXPECT_EQ(data.branches[1].points.size(), 2U);
  ConductivityColumns columns;
  columns.branch_column = "ramp";
  EXPECT_EQ(read("T (K),sigma (S/cm),ramp\n300,1e-4,up\n310,2e-4,up\n", columns).branches[0].name, "heating");
  columns.branch_column = "rampp";
  EXPECT_NE(
      refused("T (K),sigma (S/cm),ramp\n300,1e-4,up\n310,2e-4,up\n", columns).problem().find("did you mean 'ramp'"),
      std::string::npos);
  const base::InputError wrong = refused("T (K),sigma (S/cm),branch\n300,1e-4,up\n310,2e-4,sideways\n");
  EXPECT_EQ(wrong.place().line, 3U);
}

TEST(ArrheniusData, ColumnsByName) {
  const std::string text =
      "T_set (K),T_sample (K),sigma_bulk (S/cm),sigma_total (S/cm)\n300,301,1e-4,1e-5\n310,311,2e-4,2e-5\n";
  EXPECT_NE(refused(text).expected().find("--temperature-column"), std::string::npos);
  ConductivityColumns columns;
  columns.temperature_column = "T_sample";
  EXPECT_NE(refused(text, columns).expected().find("--value-column"), std::string::npos);
  columns.value_column = "sigma_total (S/cm)";
  const auto point = read(text, columns).branches[0].points[0];
  EXPECT_EQ(point.temperature, 301.0);
  EXPECT_NEAR(point.conductivity, 1e-3, 1e-15);
  columns.value_column = "sigma_grain";
  refused(text, columns);
}

TEST(ArrheniusData, RepeatedRowsCountOnce) {
  const ConductivityData data = read("T (K),sigma (S/cm)\n300,1e-4\n310,2e-4\n300,1e-4\n");
  EXPECT_EQ(data.branches[0].points.size(), 2U);
  ASSERT_EQ(data.warnings.size(), 1U);
  EXPECT_EQ(data.warnings[0], "line 4 repeats line 2 and was left out");
  // A second measurement at the same temperature is no repetition.
  EXPECT_TRUE(read("T (K),sigma (S/cm)\n300,1e-4\n310,2e-4\n300,1.1e-4\n").warnings.empty());
}

TEST(ArrheniusData, RefusesWithThePlace) {
  const auto at = [](const std::string& text, std::size_t line, std::size_t column) {
    const base::InputError error = refused(text);
    EXPECT_EQ(error.place().file, "data.csv") << text;
    EXPECT_EQ(error.place().line, line) << text << error.what();
    EXPECT_EQ(error.place().column, column) << text << error.what();
    EXPECT_FALSE(error.expected().empty()) << text;
  };
  at("T (degC),sigma (S/cm)\n30,1e-4\n-280,1e-5\n", 3, 1);
  at("T (K),sigma (S/cm)\n300,1e-4\n0,1e-5\n", 3, 1);
  at("T (K),sigma (S/cm)\n300,0\n310,1e-5\n", 2, 5);
  at("T (K),sigma (S/cm)\n300,-1e-4\n310,1e-5\n", 2, 5);
  at("T (K),sigma (S/cm)\n300,nan\n310,1e-5\n", 2, 5);
  at("T (K),sigma (S/cm)\n300,abc\n310,1e-5\n", 2, 5);
  at("T (K),sigma (S/cm)\n300,\n310,1e-5\n", 2, 5);
  at("1000/T,sigma (S/cm)\n3.3,1e-4\n0,1e-5\n", 3, 1);
  at("T (K),log10(sigma)\n300,-4\n310,999\n", 3, 5);
  at("T (K),sigma (S/cm),sigma_err (%)\n300,1e-4,5\n310,1e-5,0\n", 3, 10);
  at("T (K),T_err (K),sigma (S/cm)\n300,-1,1e-4\n310,1,1e-5\n", 2, 5);
  at("T (K),sigma (S/cm)\n300,1e-4\n", 2, 0);
  at("T (K),sigma (S/cm)\n", 1, 0);
  EXPECT_NE(refused("T (K),sigma (S/cmm)\n300,1\n310,2\n").problem().find("cmm"), std::string::npos);
  at("T (K),U (V)\n300,1\n310,2\n", 1, 0);
  at("T,sigma (S/cm)\n300,1e-4\n310,2e-4\n", 1, 0);
  at("T (K),sigma (S/cm),sigma_err (%),sigma_unc (%)\n300,1e-4,5,5\n310,1e-4,5,5\n", 1, 0);
}

}  // namespace
}  // namespace closo::tasks
