#include "closo/impedance/simulate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/impedance/circuits_test.hpp"

namespace closo::impedance {
namespace {

using Values = std::vector<double>;

TEST(Simulate, FrequenciesAreEvenlySpaced) {
  const Values f = logarithmic_frequencies(0.1, 1e6, 10);
  ASSERT_EQ(f.size(), 71U);
  EXPECT_EQ(f.front(), 0.1);
  EXPECT_EQ(f.back(), 1e6);
  EXPECT_NEAR(f[10], 1.0, 1e-12);
  EXPECT_THROW((void)logarithmic_frequencies(1.0, 1.0, 10), base::ParameterError);
  EXPECT_THROW((void)logarithmic_frequencies(0.0, 1.0, 10), base::ParameterError);
  EXPECT_THROW((void)logarithmic_frequencies(1.0, 2.0, 0), base::ParameterError);
}

TEST(Simulate, SeriesAddsImpedancesAndParallelAdmittances) {
  const Values f = logarithmic_frequencies(1e-2, 1e6, 7);
  const auto r = simulate(parse_circuit("R0"), Values{70.0}, f);
  const auto q = simulate(parse_circuit("CPE1"), Values{1e-5, 0.8}, f);
  const auto series = simulate(parse_circuit("R0-CPE1"), Values{70.0, 1e-5, 0.8}, f);
  const auto parallel = simulate(parse_circuit("p(R0,CPE1)"), Values{70.0, 1e-5, 0.8}, f);
  for (std::size_t i = 0; i < f.size(); ++i) {
    EXPECT_LT(std::abs(series[i] - (r[i] + q[i])), 1e-13 * std::abs(series[i]));
    EXPECT_LT(std::abs(parallel[i] - r[i] * q[i] / (r[i] + q[i])), 1e-13 * std::abs(parallel[i]));
  }
}

// Law: the order of the members of a group does not matter.
TEST(Simulate, PermutationsOfGroupsAgree) {
  const Values f = logarithmic_frequencies(1e-2, 1e6, 5);
  const auto a =
      simulate(parse_circuit("R0-p(R1-Wo1,C1)-Zarc1"), Values{5.0, 20.0, 30.0, 0.1, 1e-5, 9.0, 1e-4, 0.7}, f);
  const auto b =
      simulate(parse_circuit("Zarc1-p(C1,Wo1-R1)-R0"), Values{9.0, 1e-4, 0.7, 1e-5, 30.0, 0.1, 20.0, 5.0}, f);
  for (std::size_t i = 0; i < f.size(); ++i) EXPECT_LT(std::abs(a[i] - b[i]), 1e-13 * std::abs(a[i]));
}

// Law: impedances scale with resistances times c, times unchanged, capacitances over c.
TEST(Simulate, ScalesWithTheUnit) {
  for (const CircuitCase& item : circuit_cases()) {
    const Circuit circuit = parse_circuit(item.text);
    Values scaled = item.values;
    for (std::size_t i = 0; i < scaled.size(); ++i) {
      switch (circuit.parameters[i].role) {
        case ParameterRole::resistance:
        case ParameterRole::warburg_coefficient:
        case ParameterRole::inductance:
          scaled[i] *= 1e7;
          break;
        case ParameterRole::capacitance:
          scaled[i] /= 1e7;
          break;
        default:
          break;
      }
    }
    const Values f = logarithmic_frequencies(item.lowest, item.highest, 4);
    const auto small = simulate(circuit, item.values, f);
    const auto large = simulate(circuit, scaled, f);
    for (std::size_t i = 0; i < f.size(); ++i) {
      EXPECT_LT(std::abs(large[i] - 1e7 * small[i]), 1e-11 * std::abs(large[i])) << item.text;
    }
  }
}

TEST(Simulate, NoiseHasItsStatedSize) {
  const Circuit circuit = parse_circuit("R0-C1");
  const Values values{100.0, 1e-6};
  const Values f = logarithmic_frequencies(1.0, 1e6, 700);
  const Spectrum spectrum = simulate_measurement(circuit, values, f, {0.01, 0.5}, 7);
  const auto exact = simulate(circuit, values, f);
  double sum = 0.0;
  for (std::size_t i = 0; i < f.size(); ++i) {
    const double deviation = std::hypot(0.01 * std::abs(exact[i]), 0.5);
    EXPECT_NEAR(spectrum.uncertainty[i].real(), deviation, 1e-12 * deviation);
    sum += std::norm(spectrum.impedance[i] - exact[i]) / (deviation * deviation);
  }
  // 8402 squared normal deviates: chi² per number is 1 within 5 sigma of sqrt(2/8402).
  EXPECT_NEAR(sum / (2.0 * static_cast<double>(f.size())), 1.0,
              5.0 * std::sqrt(2.0 / (2.0 * static_cast<double>(f.size()))));
  const Spectrum again = simulate_measurement(circuit, values, f, {0.01, 0.5}, 7);
  EXPECT_EQ(again.impedance, spectrum.impedance);
  EXPECT_TRUE(simulate_measurement(circuit, values, f, {}, 7).uncertainty.empty());
}

TEST(Simulate, RefusesBadArguments) {
  const Circuit circuit = parse_circuit("R0-C1");
  EXPECT_THROW((void)simulate(circuit, Values{1.0}, Values{1.0}), base::ParameterError);
  EXPECT_THROW((void)simulate(circuit, Values{1.0, 1e-6}, Values{0.0}), base::ParameterError);
  EXPECT_THROW((void)simulate_measurement(circuit, Values{1.0, 1e-6}, Values{1.0}, {-1.0, 0.0}, 1),
               base::ParameterError);
  EXPECT_TRUE(simulate(circuit, Values{1.0, 1e-6}, Values{}).empty());
}

}  // namespace
}  // namespace closo::impedance
