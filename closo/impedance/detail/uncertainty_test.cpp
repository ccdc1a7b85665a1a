#include "closo/impedance/detail/uncertainty.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/impedance/circuits_test.hpp"

namespace closo::impedance {
namespace {

using Values = std::vector<double>;

// A resistor and independent noise of Z': the uncertainty of R is that of a mean.
TEST(Uncertainty, OfAResistorIsThatOfAMean) {
  const Circuit circuit = parse_circuit("R0");
  Spectrum spectrum;
  for (int i = 0; i < 10; ++i) {
    spectrum.frequency.push_back(1.0 + i);
    spectrum.impedance.emplace_back(100.0 + (i % 2 == 0 ? 1.0 : -1.0), -1e-9);
    spectrum.uncertainty.emplace_back(2.0, 2.0);
  }
  FitOptions options;
  options.weighting = Weighting::given;
  const FitResult result = fit_from(circuit, spectrum, Values{50.0}, options);
  EXPECT_NEAR(result.parameters[0].value, 100.0, 1e-6);
  EXPECT_NEAR(result.parameters[0].uncertainty, 2.0 / std::sqrt(10.0), 1e-9);
  EXPECT_NEAR(result.variance_scale, 1.0, 1e-12);
  EXPECT_NEAR(result.chi_square, 10.0 / 4.0, 1e-9);
  options.scale_by_residuals = true;
  // 20 numbers, 1 parameter: chi²/dof = 2.5/19.
  EXPECT_NEAR(fit_from(circuit, spectrum, Values{50.0}, options).parameters[0].uncertainty,
              2.0 / std::sqrt(10.0) * std::sqrt(2.5 / 19.0), 1e-9);
}

// Two resistors in series: only their sum is known.
TEST(Uncertainty, UnidentifiedParametersAreNamed) {
  const Circuit truth = parse_circuit("R0-C1");
  const Spectrum spectrum =
      simulate_measurement(truth, Values{100.0, 1e-6}, logarithmic_frequencies(10.0, 1e5, 8), {0.01, 0.0}, 4);
  const FitResult result = fit(parse_circuit("R0-R1-C1"), spectrum);
  EXPECT_EQ(result.status, FitStatus::not_identifiable);
  EXPECT_EQ(result.parameters[0].identifiability, Identifiability::not_identified);
  EXPECT_EQ(result.parameters[1].identifiability, Identifiability::not_identified);
  EXPECT_EQ(result.parameters[2].identifiability, Identifiability::identified);
  EXPECT_NEAR(result.parameters[2].value / 1e-6, 1.0, 0.02);
  EXPECT_TRUE(std::isinf(result.parameters[0].uncertainty));
  EXPECT_EQ(result.remarks.size(), 2U);
}

// A capacitance that the frequencies do not reach: only an upper limit, not a number.
TEST(Uncertainty, OpenSidesComeFromTheProfile) {
  const Circuit circuit = parse_circuit("p(R1,C1)");
  const Values truth{100.0, 1e-12};
  const Spectrum spectrum = simulate_measurement(circuit, truth, logarithmic_frequencies(1.0, 1e4, 8), {0.01, 0.0}, 5);
  const FitResult result = fit(circuit, spectrum);
  EXPECT_EQ(result.status, FitStatus::not_identifiable);
  EXPECT_EQ(result.parameters[0].identifiability, Identifiability::identified);
  const FittedParameter& capacitance = result.parameters[1];
  EXPECT_EQ(capacitance.identifiability, Identifiability::not_identified);
  EXPECT_TRUE(capacitance.profiled);
  EXPECT_EQ(capacitance.lower, 0.0);
  // 1 % of R at the fastest frequency is w R C = 0.01.
  EXPECT_LT(capacitance.upper, 3e-2 / (6.283 * 1e4 * 100.0));
  EXPECT_GT(capacitance.upper, 1e-3 / (6.283 * 1e4 * 100.0));
}

// At the ends of a profile interval the best cost has risen by t² s².
TEST(Uncertainty, ProfileEndsLieWhereTheCostHasRisen) {
  const Circuit circuit = parse_circuit("R0-p(R1,CPE1)");
  const Values truth{20.0, 100.0, 1e-5, 0.9};
  const Spectrum spectrum = simulate_measurement(circuit, truth, logarithmic_frequencies(1e3, 1e6, 5), {0.05, 0.0}, 8);
  const FitResult result = fit_from(circuit, spectrum, truth);
  std::size_t profiled = 0;
  for (std::size_t i = 0; i < result.parameters.size(); ++i) {
    const FittedParameter& parameter = result.parameters[i];
    if (!parameter.profiled) continue;
    for (const double end : {parameter.lower, parameter.upper}) {
      if (!(end > 0.0) || std::isinf(end) ||
          (parameter.scale == ParameterScale::bounded && (end <= 0.0501 || end >= 0.9999))) {
        continue;
      }
      ++profiled;
      Circuit held = circuit;
      held.parameters[i].fixed = end;
      held.parameters[i].lower = 0.0;
      const FitResult at = fit_from(held, spectrum, result.values());
      const double rise = (at.chi_square - result.chi_square) / result.variance_scale;
      EXPECT_NEAR(std::sqrt(rise), 1.0, 0.05) << parameter.name << " " << end;
    }
  }
  EXPECT_GE(profiled, 2U);
}

TEST(Uncertainty, AParameterAtItsBoundIsSaidToBe) {
  const Circuit circuit = parse_circuit("R0-p(R1,CPE1{n=0.5..0.7})");
  const Spectrum spectrum = simulate_measurement(parse_circuit("R0-p(R1,CPE1)"), Values{20.0, 100.0, 1e-5, 0.9},
                                                 logarithmic_frequencies(1.0, 1e6, 8), {0.01, 0.0}, 8);
  const FitResult result = fit(circuit, spectrum);
  EXPECT_EQ(result.parameters[3].value, 0.7);
  EXPECT_EQ(result.parameters[3].identifiability, Identifiability::at_bound);
  EXPECT_EQ(result.parameters[3].uncertainty, 0.0);
  EXPECT_EQ(result.status, FitStatus::converged);
}

}  // namespace
}  // namespace closo::impedance
