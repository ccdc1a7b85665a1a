#include "closo/impedance/detail/starts.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/impedance/circuits_test.hpp"

namespace closo::impedance::detail {
namespace {

TEST(Starts, RespectBoundsAndFixedValues) {
  const Circuit circuit = parse_circuit("R0{=12}-p(R1{=50..60},CPE1{n=0.7..0.8})-L1-G1");
  const Spectrum spectrum = simulate_measurement(parse_circuit("R0-p(R1,C1)"), std::vector<double>{10.0, 90.0, 1e-6},
                                                 logarithmic_frequencies(1.0, 1e6, 5), {0.01, 0.0}, 3);
  const PreparedSpectrum data = prepare(spectrum);
  StartGenerator generator(circuit, data, 1);
  std::vector<double> values(circuit.parameters.size(), -1.0);
  double smallest = 1.0;
  double largest = 0.0;
  for (int k = 0; k < 300; ++k) {
    generator.draw(values);
    EXPECT_EQ(values[0], -1.0);  // fixed: not drawn
    EXPECT_TRUE(values[1] >= 50.0 && values[1] <= 60.0);
    EXPECT_TRUE(values[3] >= 0.7 && values[3] <= 0.8);
    for (std::size_t i = 1; i < values.size(); ++i) EXPECT_TRUE(values[i] > 0.0 && std::isfinite(values[i]));
    smallest = std::min(smallest, values[circuit.parameter("G1.tau")]);
    largest = std::max(largest, values[circuit.parameter("G1.tau")]);
  }
  // Time constants cover the frequency range.
  EXPECT_LT(smallest, 1e-6);
  EXPECT_GT(largest, 0.05);
}

TEST(Starts, ScaleWithTheData) {
  const Circuit circuit = parse_circuit("R0-p(R1,CPE1)-W1");
  Spectrum spectrum = simulate_measurement(parse_circuit("R0-p(R1,C1)"), std::vector<double>{10.0, 90.0, 1e-6},
                                           logarithmic_frequencies(1.0, 1e6, 5), {}, 3);
  const PreparedSpectrum small = prepare(spectrum);
  for (Complex& z : spectrum.impedance) z *= 1e9;
  const PreparedSpectrum large = prepare(spectrum);
  StartGenerator a(circuit, small, 5);
  StartGenerator b(circuit, large, 5);
  std::vector<double> x(circuit.parameters.size());
  std::vector<double> y(circuit.parameters.size());
  for (int k = 0; k < 20; ++k) {
    a.draw(x);
    b.draw(y);
    EXPECT_NEAR(y[0] / x[0], 1e9, 1.0);
    EXPECT_NEAR(y[2] / x[2], 1e-9, 1e-18);
    EXPECT_EQ(y[3], x[3]);
  }
}

}  // namespace
}  // namespace closo::impedance::detail
