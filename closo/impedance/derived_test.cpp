#include "closo/impedance/derived.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "closo/impedance/circuits_test.hpp"

namespace closo::impedance {
namespace {

using Values = std::vector<double>;

FitResult fitted(const Circuit& circuit, const Values& truth, double noise = 0.005) {
  const Spectrum spectrum =
      simulate_measurement(circuit, truth, logarithmic_frequencies(1.0, 1e7, 8), {noise, 0.0}, 77);
  return fit_from(circuit, spectrum, truth);
}

TEST(Derived, TotalResistanceUsesTheCovariance) {
  const Circuit circuit = parse_circuit("p(R1,CPE1)-p(R2,CPE2)-CPE3");
  const FitResult result = fitted(circuit, {5e3, 2e-10, 0.9, 2e4, 3e-9, 0.9, 2e-6, 0.8});
  const DerivedQuantities derived = derive(circuit, result);
  ASSERT_TRUE(derived.total_resistance.has_value());
  const std::size_t a = circuit.parameter("R1");
  const std::size_t b = circuit.parameter("R2");
  EXPECT_NEAR(derived.total_resistance->value, result.parameters[a].value + result.parameters[b].value, 1e-6);
  const double variance = result.covariance(a, a) + result.covariance(b, b) + 2.0 * result.covariance(a, b);
  EXPECT_NEAR(derived.total_resistance->uncertainty / std::sqrt(variance), 1.0, 1e-6);
  EXPECT_LT(derived.total_resistance->uncertainty,
            std::hypot(result.parameters[a].uncertainty, result.parameters[b].uncertainty));
  // R_total is R1 + R2, so its covariance with itself is the sum of those with the parts.
  const double own = covariance(result, *derived.total_resistance, *derived.total_resistance);
  const double parts = covariance(result, *derived.total_resistance, derived.arcs[0].resistance) +
                       covariance(result, *derived.total_resistance, derived.arcs[1].resistance);
  EXPECT_NEAR(parts / own, 1.0, 1e-6);
}

TEST(Derived, BlockingMembersAreElectrodes) {
  const auto total = [](const char* text, const Values& truth) -> std::optional<double> {
    const Circuit circuit = parse_circuit(text);
    const DerivedQuantities derived = derive(circuit, fitted(circuit, truth, 0.0001));
    return derived.total_resistance ? std::optional(derived.total_resistance->value) : std::nullopt;
  };
  EXPECT_NEAR(*total("R0-p(R1,C1)-W1", {10.0, 90.0, 1e-8, 5.0}), 100.0, 0.1);
  EXPECT_NEAR(*total("L0-R0-p(R1-R2,C1)", {1e-7, 10.0, 40.0, 50.0, 1e-8}), 100.0, 0.2);
  EXPECT_NEAR(*total("R0-p(R1-C2,R2)", {10.0, 40.0, 1e-5, 90.0}), 100.0, 0.1);
  EXPECT_NEAR(*total("R0-Zarc1-K1", {10.0, 40.0, 1e-6, 0.9, 50.0, 1e-3}), 100.0, 0.2);
  EXPECT_FALSE(total("CPE1", {1e-6, 0.9}).has_value());
}

// Without spread of time constants every effective capacitance is the capacitance.
TEST(Derived, CapacitancesAgreeForAnIdealCapacitor) {
  const Circuit circuit = parse_circuit("R0-p(R1,CPE1{n=1})");
  const DerivedQuantities derived = derive(circuit, fitted(circuit, {10.0, 1000.0, 1e-9, 1.0}));
  ASSERT_EQ(derived.arcs.size(), 1U);
  EXPECT_NEAR(derived.arcs[0].capacitance->value / 1e-9, 1.0, 0.01);
  EXPECT_NEAR(derived.arcs[0].capacitance_brug->value / derived.arcs[0].capacitance->value, 1.0, 1e-9);
  EXPECT_NEAR(derived.arcs[0].frequency.value / (1.0 / (2.0 * 3.14159265 * 1e-6)), 1.0, 0.01);
  EXPECT_NE(derived.arcs[0].hint.find("grain boundary"), std::string::npos);
}

TEST(Derived, EffectiveCapacitancesFollowTheirFormulas) {
  const Circuit circuit = parse_circuit("R0-p(R1,CPE1)");
  const FitResult result = fitted(circuit, {50.0, 1000.0, 1e-7, 0.8});
  const ArcQuantities arc = derive(circuit, result).arcs.front();
  const Values v = result.values();
  EXPECT_NEAR(arc.capacitance->value / (std::pow(v[2] * v[1], 1.0 / v[3]) / v[1]), 1.0, 1e-12);
  const double brug = std::pow(v[2], 1.0 / v[3]) * std::pow(1.0 / v[0] + 1.0 / v[1], (v[3] - 1.0) / v[3]);
  EXPECT_NEAR(arc.capacitance_brug->value / brug, 1.0, 1e-12);
  EXPECT_LT(arc.capacitance_brug->value, arc.capacitance->value);
  // Q and n are strongly correlated: ignoring that makes the error of C many times too large.
  EXPECT_LT(arc.capacitance->uncertainty / arc.capacitance->value, 0.3 * result.parameters[2].uncertainty / v[2]);
  const Circuit relaxations = parse_circuit("Zarc1-K1-HN1");
  const DerivedQuantities derived =
      derive(relaxations, fitted(relaxations, {100.0, 1e-6, 0.9, 200.0, 1e-4, 300.0, 1e-2, 0.9, 0.8}, 1e-4));
  ASSERT_EQ(derived.arcs.size(), 3U);
  EXPECT_EQ(derived.arcs[0].elements, "Zarc1");
  EXPECT_NEAR(derived.arcs[1].capacitance->value, 5e-7, 1e-8);
  EXPECT_FALSE(derived.arcs[2].capacitance.has_value());
}

// The scatter of R_total and C over repeated measurements is what one fit states.
TEST(Derived, UncertaintiesMatchTheScatter) {
  const Circuit circuit = parse_circuit("R0-p(R1,CPE1)-p(R2,CPE2)");
  const Values truth{50.0, 1000.0, 1e-8, 0.85, 3000.0, 1e-6, 0.8};
  const auto frequency = logarithmic_frequencies(1.0, 1e7, 8);
  double sum_r = 0.0, square_r = 0.0, sum_c = 0.0, square_c = 0.0, stated_r = 0.0, stated_c = 0.0;
  const int spectra = 400;
  for (int k = 0; k < spectra; ++k) {
    const Spectrum spectrum =
        simulate_measurement(circuit, truth, frequency, {0.01, 0.0}, 500 + static_cast<std::uint64_t>(k));
    const DerivedQuantities derived = derive(circuit, fit_from(circuit, spectrum, truth));
    const double r = derived.total_resistance->value;
    const double c = std::log(derived.arcs[0].capacitance->value);
    sum_r += r;
    square_r += r * r;
    sum_c += c;
    square_c += c * c;
    stated_r += derived.total_resistance->uncertainty / spectra;
    stated_c += derived.arcs[0].capacitance->uncertainty / derived.arcs[0].capacitance->value / spectra;
  }
  const double scatter_r = std::sqrt(square_r / spectra - sum_r * sum_r / spectra / spectra);
  const double scatter_c = std::sqrt(square_c / spectra - sum_c * sum_c / spectra / spectra);
  // A standard deviation from 400 values is known to 3.5 %.
  EXPECT_NEAR(stated_r / scatter_r, 1.0, 0.14);
  EXPECT_NEAR(stated_c / scatter_c, 1.0, 0.14);
}

TEST(Derived, AnUnidentifiedPartHasNoFiniteError) {
  const Spectrum spectrum = simulate_measurement(parse_circuit("R0-C1"), Values{100.0, 1e-6},
                                                 logarithmic_frequencies(10.0, 1e5, 8), {0.01, 0.0}, 4);
  const Circuit circuit = parse_circuit("R0-R1-C1");
  const DerivedQuantities derived = derive(circuit, fit(circuit, spectrum));
  EXPECT_NEAR(derived.total_resistance->value, 100.0, 1.0);
  EXPECT_TRUE(std::isinf(derived.total_resistance->uncertainty));
}

}  // namespace
}  // namespace closo::impedance
