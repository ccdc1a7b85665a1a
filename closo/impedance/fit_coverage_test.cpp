#include <gtest/gtest.h>

#include <cmath>

#include "closo/impedance/circuits_test.hpp"
#include "closo/impedance/fit.hpp"

namespace closo::impedance {
namespace {

/// Share of simulated spectra whose interval covers the true value, for each parameter.
std::vector<double> coverage(const CircuitCase& item, const FitOptions& options, const NoiseModel& noise, int spectra) {
  const Circuit circuit = parse_circuit(item.text);
  const auto frequency = logarithmic_frequencies(item.lowest, item.highest, 8);
  std::vector<double> share(item.values.size(), 0.0);
  for (int k = 0; k < spectra; ++k) {
    const Spectrum spectrum =
        simulate_measurement(circuit, item.values, frequency, noise, 1000 + static_cast<std::uint64_t>(k));
    const FitResult result = fit_from(circuit, spectrum, item.values, options);
    for (std::size_t i = 0; i < share.size(); ++i) {
      const FittedParameter& parameter = result.parameters[i];
      if (parameter.lower <= item.values[i] && item.values[i] <= parameter.upper) share[i] += 1.0 / spectra;
    }
  }
  return share;
}

// 2000 spectra: the standard error of a share near 0.683 is 0.010, so the band lies 4.5 of them away.
TEST(FitCoverage, SixtyEightPercentIntervalsCoverSixtyEightPercent) {
  const std::vector<CircuitCase> cases{
      {"R0-p(R1,CPE1)", {20.0, 300.0, 1e-5, 0.85}, 1.0, 1e6},
      {"p(R1,CPE1)-p(R2,CPE2)-CPE3", {1.4e5, 8e-11, 0.84, 2e6, 1.5e-9, 0.8, 1.4e-6, 0.6}, 0.1, 1e6},
      {"R0-p(R1,CPE1)-p(R2,CPE2)-W1", {20.0, 100.0, 1e-6, 0.85, 300.0, 2e-4, 0.8, 30.0}, 1e-2, 1e6},
  };
  for (const CircuitCase& item : cases) {
    const Circuit circuit = parse_circuit(item.text);
    for (const Weighting weighting : {Weighting::modulus, Weighting::given}) {
      FitOptions options;
      options.weighting = weighting;
      const auto share = coverage(item, options, {0.01, 0.0}, 2000);
      for (std::size_t i = 0; i < share.size(); ++i) {
        EXPECT_GT(share[i], 0.63) << item.text << " " << circuit.parameters[i].name;
        EXPECT_LT(share[i], 0.73) << item.text << " " << circuit.parameters[i].name;
      }
    }
  }
}

// An arc that noise nearly hides: the profile keeps the promise where the first-order interval is skewed.
TEST(FitCoverage, WeakParametersKeepTheirPromise) {
  const CircuitCase item{"R0-p(R1,C1)", {100.0, 4.0, 1e-6}, 10.0, 1e6};
  const auto share = coverage(item, FitOptions{}, {0.02, 0.0}, 1500);
  for (const double each : share) {
    EXPECT_GT(each, 0.63);
    EXPECT_LT(each, 0.73);
  }
}

}  // namespace
}  // namespace closo::impedance
