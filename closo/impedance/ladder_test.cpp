#include "closo/impedance/ladder.hpp"

#include <gtest/gtest.h>

#include <string>

#include "closo/impedance/simulate.hpp"

namespace closo::impedance {
namespace {

struct Truth {
  const char* circuit;
  std::vector<double> values;
  double noise;
};

class LadderFindsTheCircuit : public testing::TestWithParam<Truth> {};

TEST_P(LadderFindsTheCircuit, ThatMadeTheSpectrum) {
  const Truth& truth = GetParam();
  const Circuit circuit = parse_circuit(truth.circuit);
  const std::vector<double> frequency = logarithmic_frequencies(1.0, 1e7, 8);
  const Spectrum spectrum = simulate_measurement(circuit, truth.values, frequency, {truth.noise, 0.0}, 5);
  const LadderResult chosen = choose_circuit(spectrum);
  EXPECT_EQ(chosen.best().text, truth.circuit) << chosen.reason;
  EXPECT_TRUE(chosen.any_accepted);
  EXPECT_FALSE(chosen.reason.empty());
  for (const Rung& rung : chosen.rungs) EXPECT_FALSE(rung.verdict.empty()) << rung.text;
}

INSTANTIATE_TEST_SUITE_P(
    SolidElectrolytes, LadderFindsTheCircuit,
    testing::Values(Truth{"R0-CPE1", {180.0, 2e-6, 0.85}, 0.003},
                    Truth{"p(R1,CPE1)-CPE2", {4e4, 4e-11, 0.95, 1e-6, 0.8}, 0.003},
                    Truth{"p(R1,CPE1)-p(R2,CPE2)-CPE3", {5e3, 2e-11, 0.97, 2e4, 3e-9, 0.9, 2e-6, 0.8}, 0.003},
                    Truth{"R0-p(R1,CPE1)", {50.0, 300.0, 1e-6, 0.8}, 0.003}));

TEST(LadderLaw, ScaleOfTheImpedanceDoesNotMatter) {
  const Circuit circuit = parse_circuit("p(R1,CPE1)-CPE2");
  const std::vector<double> frequency = logarithmic_frequencies(1.0, 1e7, 8);
  const Spectrum spectrum =
      simulate_measurement(circuit, std::vector<double>{4e4, 4e-11, 0.95, 1e-6, 0.8}, frequency, {0.005, 0.0}, 9);
  Spectrum scaled = spectrum;
  for (Complex& z : scaled.impedance) z *= 1e5;
  for (Complex& u : scaled.uncertainty) u *= 1e5;
  EXPECT_EQ(choose_circuit(spectrum).best().text, choose_circuit(scaled).best().text);
}

}  // namespace
}  // namespace closo::impedance
