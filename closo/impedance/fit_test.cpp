#include "closo/impedance/fit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/impedance/circuits_test.hpp"

namespace closo::impedance {
namespace {

using Values = std::vector<double>;

// Every circuit is found again from its own spectrum without a guess.
TEST(Fit, FindsTheParametersWithoutAGuess) {
  for (const CircuitCase& item : circuit_cases()) {
    const Circuit circuit = parse_circuit(item.text);
    const Spectrum spectrum = simulate_measurement(
        circuit, item.values, logarithmic_frequencies(item.lowest, item.highest, 8), {1e-4, 0.0}, 21);
    const FitResult result = fit(circuit, spectrum);
    EXPECT_EQ(result.status, FitStatus::converged) << item.text;
    EXPECT_GT(result.chance, 0.999) << item.text << " " << result.agreeing << " of " << result.starts;
    EXPECT_LT(result.relative_misfit(), 2.5e-4) << item.text;
    for (std::size_t i = 0; i < item.values.size(); ++i) {
      const FittedParameter& parameter = result.parameters[i];
      EXPECT_NEAR(parameter.value, item.values[i], 5.0 * parameter.uncertainty) << item.text << " " << parameter.name;
      EXPECT_LT(parameter.uncertainty, 0.1 * item.values[i]) << item.text << " " << parameter.name;
    }
  }
}

// Contract: Z times c gives the same fit with resistances times c, from milliohms to gigaohms.
TEST(Fit, IsScaleInvariant) {
  for (const Weighting weighting : {Weighting::modulus, Weighting::unit, Weighting::proportional, Weighting::given,
                                    Weighting::calculated_modulus}) {
    FitOptions options;
    options.weighting = weighting;
    for (const CircuitCase& item : circuit_cases()) {
      const Circuit circuit = parse_circuit(item.text);
      Spectrum spectrum = simulate_measurement(circuit, item.values,
                                               logarithmic_frequencies(item.lowest, item.highest, 6), {0.005, 0.0}, 31);
      const FitResult base_result = fit(circuit, spectrum, options);
      double typical = std::abs(spectrum.impedance[spectrum.size() / 2]);
      for (const double target : {1e-3, 1e3, 1e9}) {
        const double c = target / typical;
        Spectrum scaled = spectrum;
        for (Complex& z : scaled.impedance) z *= c;
        for (Complex& u : scaled.uncertainty) u *= c;
        const FitResult result = fit(circuit, scaled, options);
        EXPECT_EQ(result.status, base_result.status);
        for (std::size_t i = 0; i < result.parameters.size(); ++i) {
          double factor = 1.0;
          switch (circuit.parameters[i].role) {
            case ParameterRole::resistance:
            case ParameterRole::warburg_coefficient:
            case ParameterRole::inductance:
              factor = c;
              break;
            case ParameterRole::capacitance:
              factor = 1.0 / c;
              break;
            default:
              break;
          }
          EXPECT_NEAR(result.parameters[i].value / (factor * base_result.parameters[i].value), 1.0, 1e-6)
              << item.text << " " << result.parameters[i].name << " at " << target;
          const double u = factor * base_result.parameters[i].uncertainty;
          if (std::isfinite(u)) {
            EXPECT_NEAR(result.parameters[i].uncertainty, u, 1e-4 * u) << item.text;
          }
        }
      }
    }
  }
}

// The order of the points, and of the arcs in the text, changes nothing.
TEST(Fit, PointsAndArcsMayStandInAnyOrder) {
  const Values truth{20.0, 100.0, 1e-7, 0.92, 300.0, 2e-4, 0.8};
  const Circuit circuit = parse_circuit("R0-p(R1,CPE1)-p(R2,CPE2)");
  Spectrum spectrum = simulate_measurement(circuit, truth, logarithmic_frequencies(1e-1, 1e6, 8), {0.003, 0.0}, 5);
  const FitResult forward = fit(circuit, spectrum);
  std::reverse(spectrum.frequency.begin(), spectrum.frequency.end());
  std::reverse(spectrum.impedance.begin(), spectrum.impedance.end());
  spectrum.uncertainty.clear();
  const FitResult backward = fit(circuit, spectrum);
  // Started with the arcs exchanged, the fast arc still comes out first.
  const FitResult exchanged = fit_from(circuit, spectrum, Values{20.0, 300.0, 2e-4, 0.8, 100.0, 1e-7, 0.92});
  for (std::size_t i = 0; i < truth.size(); ++i) {
    EXPECT_NEAR(backward.parameters[i].value / forward.parameters[i].value, 1.0, 1e-7);
    EXPECT_NEAR(exchanged.parameters[i].value / forward.parameters[i].value, 1.0, 1e-7);
  }
}

TEST(Fit, FixedSharedAndBoundedParameters) {
  const Circuit truth = parse_circuit("R0-p(R1,CPE1)-p(R2,CPE2)");
  const Values values{20.0, 100.0, 1e-7, 0.9, 300.0, 2e-4, 0.9};
  const Spectrum spectrum = simulate_measurement(truth, values, logarithmic_frequencies(1e-1, 1e6, 8), {0.001, 0.0}, 5);
  const FitResult result = fit(parse_circuit("R0{=20}-p(R1,CPE1)-p(R2{=100..1000},CPE2{n=CPE1.n})"), spectrum);
  ASSERT_EQ(result.parameters.size(), 6U);
  EXPECT_EQ(result.parameters[0].value, 20.0);
  EXPECT_EQ(result.parameters[0].identifiability, Identifiability::fixed);
  EXPECT_EQ(result.parameters[0].uncertainty, 0.0);
  EXPECT_NEAR(result.parameters[3].value, 0.9, 5.0 * result.parameters[3].uncertainty);
  EXPECT_NEAR(result.parameters[4].value, 300.0, 5.0 * result.parameters[4].uncertainty);
  EXPECT_EQ(result.degrees_of_freedom, 2 * spectrum.size() - 5);
}

TEST(Fit, StartNotesAreTried) {
  const Values truth{20.0, 100.0, 1e-7};
  const Spectrum spectrum =
      simulate_measurement(parse_circuit("R0-p(R1,C1)"), truth, logarithmic_frequencies(10.0, 1e6, 8), {0.001, 0.0}, 5);
  FitOptions options;
  options.most_starts = 1;
  const FitResult result = fit(parse_circuit("R0{~20}-p(R1{~100},C1{~1e-7})"), spectrum, options);
  EXPECT_EQ(result.starts, 1U);
  EXPECT_NEAR(result.parameters[2].value, 1e-7, 1e-9);
}

// One point in ten is 30 % wrong: least squares is pulled, the robust fits are not.
TEST(Fit, RobustLossResistsOutliers) {
  const Circuit circuit = parse_circuit("R0-p(R1,CPE1)");
  const Values truth{20.0, 100.0, 1e-5, 0.9};
  Spectrum spectrum = simulate_measurement(circuit, truth, logarithmic_frequencies(1.0, 1e6, 10), {0.002, 0.0}, 5);
  for (std::size_t i = 4; i < spectrum.size(); i += 10) spectrum.impedance[i] *= 1.3;
  const FitResult plain = fit(circuit, spectrum);
  EXPECT_GT(std::fabs(plain.parameters[1].value - 100.0), 1.0);
  for (const RobustLoss loss : {RobustLoss::huber, RobustLoss::cauchy}) {
    FitOptions options;
    options.loss = loss;
    const FitResult result = fit(circuit, spectrum, options);
    EXPECT_EQ(result.status, FitStatus::converged);
    EXPECT_NEAR(result.parameters[1].value, 100.0, 0.5);
    EXPECT_NEAR(result.parameters[3].value, 0.9, 0.005);
  }
}

TEST(Fit, CovarianceOfTheSumIsSmallerThanOfItsParts) {
  const Circuit circuit = parse_circuit("p(R1,CPE1)-p(R2,CPE2)");
  const Values truth{100.0, 1e-7, 0.9, 300.0, 1e-6, 0.85};
  const Spectrum spectrum = simulate_measurement(circuit, truth, logarithmic_frequencies(1.0, 1e6, 8), {0.005, 0.0}, 5);
  const FitResult result = fit(circuit, spectrum);
  const std::size_t r1 = circuit.parameter("R1");
  const std::size_t r2 = circuit.parameter("R2");
  EXPECT_LT(result.correlation(r1, r2), -0.9);
  EXPECT_NEAR(result.correlation(r1, r1), 1.0, 1e-12);
  EXPECT_NEAR(std::sqrt(result.covariance(r1, r1)), result.parameters[r1].uncertainty, 1e-9);
  const double sum = result.covariance(r1, r1) + result.covariance(r2, r2) + 2.0 * result.covariance(r1, r2);
  EXPECT_LT(std::sqrt(sum), 0.5 * std::hypot(result.parameters[r1].uncertainty, result.parameters[r2].uncertainty));
}

TEST(Fit, TooManyParametersAreRefused) {
  Spectrum spectrum;
  spectrum.frequency = {1.0, 10.0, 100.0};
  spectrum.impedance = {{3.0, -3.0}, {2.0, -2.0}, {1.0, -1.0}};
  try {
    (void)fit(parse_circuit("R0-p(R1,CPE1)-p(R2,CPE2)"), spectrum);
    FAIL();
  } catch (const base::ParameterError& error) {
    EXPECT_NE(std::string(error.what()).find("7 free parameters"), std::string::npos) << error.what();
  }
}

TEST(Fit, OptionsAreChecked) {
  const Circuit circuit = parse_circuit("R0");
  Spectrum spectrum;
  spectrum.frequency = {1.0, 10.0, 100.0};
  spectrum.impedance = {{3.0, -3.0}, {2.0, -2.0}, {1.0, -1.0}};
  const auto refused = [&](const auto& change) {
    FitOptions options;
    change(options);
    EXPECT_THROW((void)fit(circuit, spectrum, options), base::ParameterError);
  };
  refused([](FitOptions& o) { o.agreement = 1.0; });
  refused([](FitOptions& o) { o.confidence = 0.0; });
  refused([](FitOptions& o) { o.max_iterations = 0; });
  refused([](FitOptions& o) { o.most_starts = 0; });
  refused([](FitOptions& o) { o.weighting = Weighting::given; });
  EXPECT_THROW((void)fit_from(circuit, spectrum, Values{-1.0}), base::ParameterError);
  EXPECT_THROW((void)fit_from(circuit, spectrum, Values{1.0, 2.0}), base::ParameterError);
}

TEST(Fit, ReplicatesGiveUncertainties) {
  const Circuit circuit = parse_circuit("R0-p(R1,C1)");
  const Values truth{20.0, 100.0, 1e-6};
  std::vector<Spectrum> replicates;
  for (std::uint64_t k = 0; k < 6; ++k) {
    replicates.push_back(
        simulate_measurement(circuit, truth, logarithmic_frequencies(10.0, 1e6, 12), {0.01, 0.0}, 100 + k));
  }
  const Spectrum mean = average_replicates(replicates);
  double sum = 0.0;
  for (std::size_t i = 0; i < mean.size(); ++i) sum += mean.uncertainty[i].real() / std::abs(mean.impedance[i]);
  // 1 % each, six of them: 0.41 %, known from 61 x 5 deviations to 4 %.
  EXPECT_NEAR(sum / static_cast<double>(mean.size()), 0.01 / std::sqrt(6.0), 4.0 * 0.04 * 0.0041);
  FitOptions options;
  options.weighting = Weighting::given;
  const FitResult result = fit(circuit, mean, options);
  EXPECT_NEAR(result.parameters[1].value, 100.0, 4.0 * result.parameters[1].uncertainty);
  EXPECT_THROW((void)average_replicates(std::span<const Spectrum>(replicates.data(), 1)), base::ParameterError);
  replicates[1].frequency[3] *= 2.0;
  EXPECT_THROW((void)average_replicates(replicates), base::ParameterError);
}

}  // namespace
}  // namespace closo::impedance
