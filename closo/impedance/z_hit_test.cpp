#include "closo/impedance/z_hit.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "closo/base/error.hpp"
#include "closo/impedance/validation_data_test.hpp"

namespace closo::impedance {
namespace {

using trial::Case;
using trial::sweep;

TEST(ZHit, ReconstructsTheModulusOfLawfulCircuits) {
  for (const Case& each : trial::lawful_cases()) {
    for (const double noise : {0.0, 2e-3}) {
      const ZHitResult result = z_hit(sweep(each.law, trial::frequencies(1e6, 1.0, 10), noise, 2));
      EXPECT_EQ(result.status, ZHitStatus::consistent) << each.name << ": " << result.criterion;
      EXPECT_LT(result.largest, 0.03) << each.name;
    }
  }
}

// For a constant phase the series is exact: ln|Z| = const + (2/π) φ ln ω.
TEST(ZHit, IsExactForAConstantPhase) {
  for (const double exponent : {0.2, 0.5, 0.85, 1.0}) {
    const ZHitResult result = z_hit(sweep(trial::constant_phase(1e-6, exponent), trial::frequencies(1e5, 0.1, 7)));
    ASSERT_EQ(result.residual.size(), 43U);
    for (std::size_t i = 0; i < result.residual.size(); ++i) {
      EXPECT_NEAR(result.residual[i], 0.0, 1e-10);
      EXPECT_NEAR(result.reconstructed[i] / result.modulus[i], 1.0, 1e-10);
    }
  }
}

TEST(ZHit, DriftShowsAndItsSizeIsRight) {
  // A factor on Z leaves the phase alone, so the residual follows it to first order.
  for (const Case& each : trial::lawful_cases()) {
    const ZHitResult still = z_hit(sweep(each.law, trial::frequencies(1e6, 1.0, 10)));
    const ZHitResult result = z_hit(sweep(each.law, trial::frequencies(1e6, 1.0, 10), 0.0, 1, 0.15));
    EXPECT_EQ(result.status, ZHitStatus::drift_suspected) << each.name << ": " << result.criterion;
    const double change =
        (result.residual.front() - result.residual.back()) - (still.residual.front() - still.residual.back());
    EXPECT_NEAR(change, std::log(1.15), 1e-9) << each.name;
  }
}

TEST(ZHit, DoesNotDependOnUnitsNorOrder) {
  const Spectrum spectrum = sweep(trial::lawful_cases()[3].law, trial::frequencies(1e6, 1.0, 10), 1e-3, 8);
  const ZHitResult reference = z_hit(spectrum);
  Spectrum turned = spectrum;
  std::reverse(turned.frequency.begin(), turned.frequency.end());
  std::reverse(turned.impedance.begin(), turned.impedance.end());
  EXPECT_EQ(z_hit(turned).residual, reference.residual);
  for (const double impedance : {1e-6, 1e6}) {
    for (const double frequency : {1e-3, 1e3}) {
      const ZHitResult result = z_hit(trial::scaled(spectrum, impedance, frequency));
      for (std::size_t i = 0; i < result.residual.size(); ++i) {
        EXPECT_NEAR(result.residual[i], reference.residual[i], 1e-9);
        EXPECT_NEAR(result.reconstructed[i] / impedance, reference.reconstructed[i], 1e-8 * reference.reconstructed[i]);
      }
      EXPECT_NEAR(result.window.first / frequency, reference.window.first, 1e-9 * reference.window.first);
    }
  }
}

TEST(ZHit, TheGivenWindowSetsTheConstant) {
  ZHitOptions options;
  options.window = {{1e3, 1e5}};
  const ZHitResult result =
      z_hit(sweep(trial::lawful_cases()[2].law, trial::frequencies(1e6, 1.0, 10), 0.0, 1, 0.1), options);
  EXPECT_NEAR(result.window.first, 1e3, 1e-6);
  EXPECT_NEAR(result.window.second, 1e5, 1e-4);
  std::vector<double> inside;
  for (std::size_t i = 0; i < result.frequency.size(); ++i) {
    if (result.frequency[i] >= 999.0 && result.frequency[i] <= 100001.0) inside.push_back(result.residual[i]);
  }
  std::sort(inside.begin(), inside.end());
  EXPECT_NEAR(inside[inside.size() / 2], 0.0, 1e-12);
}

TEST(ZHit, RepeatedFrequenciesAreAveraged) {
  Spectrum spectrum = sweep(trial::lawful_cases()[2].law, trial::frequencies(1e4, 1.0, 10));
  const ZHitResult once = z_hit(spectrum);
  spectrum.frequency.push_back(spectrum.frequency[5]);
  spectrum.impedance.push_back(spectrum.impedance[5]);
  const ZHitResult twice = z_hit(spectrum);
  ASSERT_EQ(twice.residual.size(), once.residual.size());
  for (std::size_t i = 0; i < once.residual.size(); ++i) EXPECT_NEAR(twice.residual[i], once.residual[i], 1e-12);
}

TEST(ZHit, FewPointsGiveNoStatement) {
  const ZHitResult result = z_hit(sweep(trial::lawful_cases()[2].law, trial::frequencies(1e4, 1.0, 1)));
  EXPECT_EQ(result.status, ZHitStatus::too_few_points);
  EXPECT_NE(result.criterion.find("needs 6"), std::string::npos);
}

TEST(ZHit, RefusesOptionsOutsideTheirRange) {
  const Spectrum spectrum = sweep(trial::lawful_cases()[2].law, trial::frequencies(1e4, 1.0, 5));
  ZHitOptions options;
  options.smoothing_points = 4;
  EXPECT_THROW((void)z_hit(spectrum, options), base::ParameterError);
  options.smoothing_points = 1;
  EXPECT_THROW((void)z_hit(spectrum, options), base::ParameterError);
  options = {};
  options.largest_deviation = 0.0;
  EXPECT_THROW((void)z_hit(spectrum, options), base::ParameterError);
  options = {};
  options.window = {{10.0, 11.0}};
  EXPECT_THROW((void)z_hit(spectrum, options), base::ParameterError);
  options.window = {{100.0, 10.0}};
  EXPECT_THROW((void)z_hit(spectrum, options), base::ParameterError);
  EXPECT_THROW((void)z_hit(Spectrum{}), base::InputError);
}

TEST(ZHit, StatusesHaveNames) {
  EXPECT_EQ(to_string(ZHitStatus::consistent), "consistent");
  EXPECT_EQ(to_string(ZHitStatus::drift_suspected), "drift suspected");
  EXPECT_EQ(to_string(ZHitStatus::too_few_points), "too few points");
}

TEST(ZHit, MeasuredSolidElectrolytesAreConsistent) {
  if (trial::read_neisys("Example-3-4/s04147-140deg.txt").size() == 0)
    GTEST_SKIP() << "shared data EISFitpython not present";
  for (int celsius = 140; celsius <= 200; celsius += 10) {
    const ZHitResult result = z_hit(trial::read_neisys("Example-3-4/s04147-" + std::to_string(celsius) + "deg.txt"));
    EXPECT_EQ(result.status, ZHitStatus::consistent) << celsius << ": " << result.criterion;
  }
}

}  // namespace
}  // namespace closo::impedance
