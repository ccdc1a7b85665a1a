#include "closo/cell/open_circuit.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell {
namespace {

using base::ParameterError;
using Kind = OpenCircuitTerm::Kind;

OpenCircuit steps_table() {
  const std::vector<double> z{0.05, 0.1, 0.3, 0.31, 0.6, 0.61, 0.9};
  const std::vector<double> u{3.6, 3.5, 3.5, 3.4, 3.4, 2.9, 2.8};
  return OpenCircuit::from_table(z, u);
}

OpenCircuit lco_formula() {
  // LiCoO2, as in S. G. Marquis et al., J. Electrochem. Soc. 166 (2019) A3693, DOI 10.1149/2.0341915jes.
  const double s = 1.062;
  return OpenCircuit::from_formula({{Kind::power, 2.16216, 0, 0, false},
                                    {Kind::tanh, 0.07645, -54.4806 * s, 30.834, false},
                                    {Kind::tanh, 2.1581, -50.294 * s, 52.294, false},
                                    {Kind::tanh, -0.14169, -19.8543 * s, 11.0923, false},
                                    {Kind::tanh, 0.2051, -5.4888 * s, 1.4684, false},
                                    {Kind::tanh, 0.2531, -s / 0.1316, 0.56478 / 0.1316, false},
                                    {Kind::tanh, -0.02167, s / 0.006, -0.525 / 0.006, false}},
                                   0.4, 0.99);
}

OpenCircuit lfp_formula() {
  return OpenCircuit::from_formula({{Kind::power, 3.4077, 0, 0, false},
                                    {Kind::power, -0.020269, 1, 0, false},
                                    {Kind::exponential, 0.5, -150.0, 0, false},
                                    {Kind::exponential, -0.9, 30.0, -30.0, false}},
                                   0.0, 1.0);
}

std::vector<std::pair<std::string, OpenCircuit>> curves() {
  return {{"steps", steps_table()},
          {"LiCoO2", lco_formula()},
          {"LiFePO4", lfp_formula()},
          {"TiS2", tis2_open_circuit(29000.0)},
          {"flat", flat_open_circuit(2.0)},
          {"ideal with interaction", OpenCircuit::from_formula({{Kind::ideal, 1, 0, 0, false},
                                                                {Kind::redlich_kister, 1000.0, 0, 0, false},
                                                                {Kind::redlich_kister, 500.0, 1, 0, false},
                                                                {Kind::redlich_kister, -200.0, 3, 0, false}},
                                                               0.0, 1.0)}};
}

TEST(OpenCircuit, FallsEverywhereAndRunsToInfinityAtBothEnds) {
  for (const auto& [name, curve] : curves()) {
    double before = std::numeric_limits<double>::infinity();
    for (int k = 1; k < 20000; ++k) {
      const double z = k / 20000.0;
      const OpenCircuitPoint point = curve.at(z, 320.0);
      ASSERT_LE(point.potential, before + 1e-3 * 0.02) << name << " " << z;
      before = point.potential;
    }
    EXPECT_GT(curve.potential(1e-12, 320.0), curve.potential(0.01, 320.0) + 0.4) << name;
    EXPECT_LT(curve.potential(1.0 - 1e-12, 320.0), curve.potential(0.99, 320.0) - 0.4) << name;
    EXPECT_TRUE(std::isfinite(curve.potential(-1.0, 320.0)) && std::isfinite(curve.potential(2.0, 320.0))) << name;
  }
}

TEST(OpenCircuit, SlopesAreTheDerivatives) {
  for (const auto& [name, curve] : curves()) {
    for (const double z : {0.0007, 0.03, 0.055, 0.2, 0.305, 0.45, 0.603, 0.7, 0.93, 0.9991}) {
      const double h = 1e-7;
      const double numeric = (curve.potential(z + h, 320.0) - curve.potential(z - h, 320.0)) / (2.0 * h);
      EXPECT_NEAR(curve.at(z, 320.0).stoichiometry_derivative, numeric, 1e-5 * (1.0 + std::abs(numeric)))
          << name << " " << z;
      const double thermal = (curve.potential(z, 321.0) - curve.potential(z, 319.0)) / 2.0;
      EXPECT_NEAR(curve.at(z, 320.0).temperature_derivative, thermal, 1e-10) << name << " " << z;
    }
  }
}

TEST(OpenCircuit, PassesThroughItsTableWithoutOvershoot) {
  const OpenCircuit curve = steps_table();
  EXPECT_NEAR(curve.potential(0.1, 300.0), 3.5, 1e-14);
  EXPECT_NEAR(curve.potential(0.61, 300.0), 2.9, 1e-14);
  for (double z = 0.1; z <= 0.3; z += 0.001) EXPECT_NEAR(curve.potential(z, 300.0), 3.5, 1e-14);
  EXPECT_EQ(curve.low(), 0.05);
  EXPECT_EQ(curve.high(), 0.9);
}

TEST(OpenCircuit, JoinsItsEndsSmoothly) {
  const OpenCircuit curve = steps_table();
  for (const double end : {0.05, 0.9}) {
    const OpenCircuitPoint inside = curve.at(end + (end < 0.5 ? 1e-9 : -1e-9), 300.0);
    const OpenCircuitPoint outside = curve.at(end - (end < 0.5 ? 1e-9 : -1e-9), 300.0);
    EXPECT_NEAR(inside.potential, outside.potential, 1e-7);
    EXPECT_NEAR(inside.stoichiometry_derivative, outside.stoichiometry_derivative, 1e-4);
  }
  // Far outside the ideal-solution term leads: RT/F ln 10 for each decade.
  const double decade = curve.potential(1e-8, 300.0) - curve.potential(1e-7, 300.0);
  EXPECT_NEAR(decade, base::gas_constant * 300.0 / base::faraday_constant * std::log(10.0), 1e-5);
}

TEST(OpenCircuit, ConvergesToASmoothCurveAsTheTableRefines) {
  double before = 0.0;
  for (const int n : {20, 40, 80}) {
    std::vector<double> z;
    std::vector<double> u;
    for (int k = 0; k <= n; ++k) {
      z.push_back(0.1 + 0.8 * k / n);
      u.push_back(3.0 - z.back() - 0.2 * z.back() * z.back() * z.back());
    }
    const OpenCircuit curve = OpenCircuit::from_table(z, u);
    double worst = 0.0;
    for (double x = 0.15; x < 0.85; x += 0.0013)
      worst = std::max(worst, std::abs(curve.potential(x, 300.0) - (3.0 - x - 0.2 * x * x * x)));
    if (n > 20) {
      EXPECT_LT(worst, before / 6.0);
    }
    before = worst;
  }
}

TEST(OpenCircuit, InvertsAndIntegrates) {
  for (const auto& [name, curve] : curves()) {
    const double u = curve.potential(0.37, 333.15);
    EXPECT_NEAR(curve.potential(curve.stoichiometry_at(u, 333.15), 333.15), u, 1e-9) << name;
    const double whole = curve.integral(0.02, 0.98, 333.15);
    EXPECT_NEAR(whole, curve.integral(0.02, 0.5, 333.15) + curve.integral(0.5, 0.98, 333.15), 1e-9) << name;
    EXPECT_EQ(curve.integral(0.98, 0.02, 333.15), -whole) << name;
  }
  // ∫ ln((1-z)/z) dz = -(z ln z + (1-z) ln(1-z)).
  const auto mixing = [](double z) { return -(z * std::log(z) + (1.0 - z) * std::log(1.0 - z)); };
  const double thermal_voltage = base::gas_constant * 333.15 / base::faraday_constant;
  const OpenCircuit ideal = OpenCircuit::from_formula({{Kind::ideal, 1.0, 0, 0, false}}, 0.0, 1.0);
  EXPECT_NEAR(ideal.integral(0.01, 0.7, 333.15), thermal_voltage * (mixing(0.7) - mixing(0.01)), 1e-10);
}

TEST(OpenCircuit, EntropyShiftsTheCurveWithTemperature) {
  const std::vector<double> z{0.2, 0.8};
  const std::vector<double> s{1e-4, -3e-4};
  const OpenCircuit curve = steps_table().with_entropy(z, s, 300.0);
  EXPECT_EQ(curve.potential(0.4, 300.0), steps_table().potential(0.4, 300.0));
  EXPECT_NEAR(curve.potential(0.5, 350.0) - steps_table().potential(0.5, 350.0), 50.0 * -1e-4, 1e-14);
  EXPECT_NEAR(curve.at(0.1, 310.0).temperature_derivative, 1e-4, 1e-16);
  EXPECT_NEAR(curve.at(0.85, 310.0).temperature_derivative, -3e-4, 1e-16);
}

TEST(OpenCircuit, LevelsTheNoiseOfDigitisedCurves) {
  const std::vector<double> z{0.1, 0.2, 0.3, 0.4};
  const std::vector<double> u{3.5, 3.4, 3.4006, 3.3};
  EXPECT_NEAR(OpenCircuit::from_table(z, u).potential(0.25, 300.0), 3.4, 1e-14);
}

TEST(OpenCircuit, Refuses) {
  using V = std::vector<double>;
  EXPECT_THROW(OpenCircuit::from_table(V{0.5}, V{3.0}), ParameterError);
  EXPECT_THROW(OpenCircuit::from_table(V{0.1, 0.5}, V{3.0}), ParameterError);
  EXPECT_THROW(OpenCircuit::from_table(V{0.5, 0.5}, V{3.0, 2.0}), ParameterError);
  EXPECT_THROW(OpenCircuit::from_table(V{0.5, 1.5}, V{3.0, 2.0}), ParameterError);
  EXPECT_THROW(OpenCircuit::from_table(V{0.1, 0.5}, V{3.0, 3.1}), ParameterError);
  EXPECT_THROW(OpenCircuit::from_table(V{0.1, 0.5}, V{3.0, std::nan("")}), ParameterError);
  EXPECT_THROW(OpenCircuit::from_formula({}, 0.0, 1.0), ParameterError);
  EXPECT_THROW(OpenCircuit::from_formula({{Kind::power, 1.0, 1.0, 0, false}}, 0.0, 1.0), ParameterError);
  EXPECT_THROW(OpenCircuit::from_formula({{Kind::power, 1.0, 0.5, 0, false}}, 0.0, 1.0), ParameterError);
  EXPECT_THROW(OpenCircuit::from_formula({{Kind::power, 1.0, 0.0, 0, false}}, 0.6, 0.5), ParameterError);
  EXPECT_THROW(OpenCircuit::from_formula({{Kind::power, 1.0, 0.0, 0, false}}, -0.1, 0.5), ParameterError);
  EXPECT_THROW(OpenCircuit::from_formula({{Kind::exponential, 1.0, 0.0, 1e4, false}}, 0.0, 1.0), ParameterError);
  EXPECT_THROW(steps_table().with_entropy(V{0.1, 0.2}, V{0.0, std::nan("")}, 300.0), ParameterError);
  EXPECT_THROW(steps_table().with_entropy(V{0.1, 0.2}, V{0.0, 0.0}, 0.0), ParameterError);
  EXPECT_THROW(steps_table().with_entropy(V{0.2, 0.1}, V{0.0, 0.0}, 300.0), ParameterError);
}

TEST(OpenCircuit, TiS2FormulaIsTheSharedTable) {
  const std::filesystem::path folder = std::filesystem::path(CLOSO_SHARED_DIR) / "data" / "cell";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no shared data";
  for (const auto& [file, kelvin] :
       {std::pair("ocp_TiS2_DFN1993_298K.csv", 298.15), std::pair("ocp_TiS2_DFN1993_333K.csv", 333.15)}) {
    std::ifstream stream(folder / file);
    std::string line;
    int rows = 0;
    while (std::getline(stream, line)) {
      std::istringstream fields(line);
      double y = 0.0;
      double u = 0.0;
      char comma = 0;
      if (!(fields >> y >> comma >> u)) continue;
      EXPECT_NEAR(tis2_open_circuit(29000.0).potential(y, kelvin), u, 1e-4) << file << " " << y;
      ++rows;
    }
    EXPECT_GT(rows, 50);
  }
}

}  // namespace
}  // namespace closo::cell
