#include "closo/impedance/validation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "closo/base/error.hpp"
#include "closo/impedance/validation_data_test.hpp"

namespace closo::impedance {
namespace {

using trial::Case;
using trial::sweep;

double largest_residual(const KramersKronigResult& result) {
  double out = 0.0;
  for (const Complex r : result.residual) out = std::max(out, std::abs(r));
  return out;
}

TEST(KramersKronig, LawfulCircuitsHaveNoResidual) {
  for (const Case& each : trial::lawful_cases()) {
    const KramersKronigResult result = test_kramers_kronig(sweep(each.law, trial::frequencies(1e6, 1.0, 10)));
    EXPECT_TRUE(result.passed()) << each.name << ": " << result.criterion;
    EXPECT_LT(largest_residual(result), 6e-4) << each.name;
    EXPECT_TRUE(result.flagged.empty()) << each.name;
  }
}

TEST(KramersKronig, LawfulCircuitsPassWithNoise) {
  for (const Case& each : trial::lawful_cases()) {
    for (const double noise : {1e-3, 5e-3}) {
      int passed = 0;
      double seen = 0.0;
      constexpr int runs = 20;
      for (int seed = 1; seed <= runs; ++seed) {
        const auto result = test_kramers_kronig(
            sweep(each.law, trial::frequencies(1e6, 1.0, 10), noise, static_cast<std::uint64_t>(seed)));
        passed += result.passed() ? 1 : 0;
        seen += result.noise / runs;
      }
      EXPECT_GE(passed, 19) << each.name << ", noise " << noise;
      EXPECT_NEAR(seen, noise, 0.15 * noise) << each.name;
    }
  }
}

TEST(KramersKronig, GrowthDuringTheSweepIsFlagged) {
  for (const Case& each : trial::lawful_cases()) {
    for (const double noise : {0.0, 1e-3}) {
      const auto result = test_kramers_kronig(sweep(each.law, trial::frequencies(1e6, 1.0, 10), noise, 3, 0.05));
      EXPECT_EQ(result.verdict, KramersKronigVerdict::drift_suspected) << each.name << ", noise " << noise;
      EXPECT_GT(result.systematic, 0.002) << each.name;
      EXPECT_NE(result.criterion.find("smooth part is above"), std::string::npos) << result.criterion;
    }
  }
}

TEST(KramersKronig, OneBadPointIsFoundAndOnlyThat) {
  for (const Case& each : trial::lawful_cases()) {
    for (const std::size_t bad : {7UL, 30UL, 53UL}) {
      Spectrum spectrum = sweep(each.law, trial::frequencies(1e6, 1.0, 10), 1e-3, 5);
      spectrum.impedance[bad] *= 1.05;
      const auto result = test_kramers_kronig(spectrum);
      ASSERT_EQ(result.flagged.size(), 1U) << each.name << " " << bad << ": " << result.criterion;
      EXPECT_EQ(result.flagged[0].index, bad) << each.name;
      EXPECT_EQ(result.flagged[0].frequency, spectrum.frequency[bad]);
      EXPECT_NEAR(result.flagged[0].deviation, 0.05, 0.02) << each.name;
      EXPECT_NE(result.flagged[0].reason.find("Hz"), std::string::npos);
      EXPECT_EQ(result.verdict, KramersKronigVerdict::bad_points) << each.name;
      EXPECT_NEAR(result.noise, 1e-3, 4e-4) << each.name;
    }
  }
}

TEST(KramersKronig, AGrossErrorAtTheEndIsFoundThere) {
  for (const Case& each : trial::lawful_cases()) {
    Spectrum spectrum = sweep(each.law, trial::frequencies(1e6, 1.0, 10), 1e-3, 5);
    spectrum.impedance[0] *= 1.5;
    const auto result = test_kramers_kronig(spectrum);
    ASSERT_FALSE(result.flagged.empty()) << each.name << ": " << result.criterion;
    // The model can follow the last point at the price of its neighbour.
    for (const FlaggedPoint& point : result.flagged) EXPECT_LE(point.index, 2U) << each.name;
  }
}

TEST(KramersKronig, SeveralBadPointsAreFound) {
  Spectrum spectrum = sweep(trial::lawful_cases()[3].law, trial::frequencies(1e6, 1.0, 10), 1e-3, 5);
  const std::vector<std::size_t> bad = {10, 11, 25, 40};
  for (const std::size_t i : bad) spectrum.impedance[i] *= Complex(1.03, 0.08);
  const auto result = test_kramers_kronig(spectrum);
  std::vector<std::size_t> found;
  for (const FlaggedPoint& point : result.flagged) found.push_back(point.index);
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, bad);
}

TEST(KramersKronig, NonCausalDataAreViolated) {
  const auto frequency = trial::frequencies(1e5, 1.0, 10);
  // A pole in the right half plane: an unstable system.
  const trial::Law unstable = [](double w) {
    return 50.0 + 30.0 / Complex(1.0, w * 1e-4) + 40.0 / Complex(1.0, -w * 2e-3);
  };
  EXPECT_EQ(test_kramers_kronig(sweep(unstable, frequency)).verdict, KramersKronigVerdict::violated);
  // An arc on the wrong side of the axis.
  Spectrum turned = sweep(trial::lawful_cases()[2].law, frequency);
  for (Complex& z : turned.impedance) z = std::conj(z);
  EXPECT_EQ(test_kramers_kronig(prepare(turned, true)).verdict, KramersKronigVerdict::violated);
}

TEST(KramersKronig, NoiseThatHidesEverythingIsNoVerdict) {
  const auto result =
      test_kramers_kronig(sweep(trial::lawful_cases()[2].law, trial::frequencies(1e6, 1.0, 10), 0.08, 2));
  EXPECT_EQ(result.verdict, KramersKronigVerdict::too_noisy) << result.criterion;
}

TEST(KramersKronig, NoiseThatGrowsToOneEndMakesNoBadPoints) {
  Spectrum spectrum = sweep(trial::lawful_cases()[2].law, trial::frequencies(1e6, 1.0, 10));
  detail::Random random(4);
  for (std::size_t i = 0; i < spectrum.size(); ++i) {
    const double part = 1e-4 * std::pow(10.0, 2.2 * static_cast<double>(i) / 60.0);
    spectrum.impedance[i] *= 1.0 + Complex(part * random.normal(), part * random.normal());
  }
  EXPECT_TRUE(test_kramers_kronig(spectrum).passed());
}

TEST(KramersKronig, DoesNotDependOnUnits) {
  for (const Case& each : trial::lawful_cases()) {
    Spectrum spectrum = sweep(each.law, trial::frequencies(1e6, 1.0, 9), 1e-3, 8);
    spectrum.impedance[20] *= 1.06;
    const auto reference = test_kramers_kronig(spectrum);
    for (const double impedance : {1e-6, 1e-3, 7.3, 1e3, 1e6, 1e9}) {
      for (const double frequency : {1e-3, 1.0, 311.0}) {
        const auto result = test_kramers_kronig(trial::scaled(spectrum, impedance, frequency));
        ASSERT_EQ(result.elements, reference.elements) << each.name;
        ASSERT_EQ(result.flagged.size(), reference.flagged.size()) << each.name;
        for (std::size_t i = 0; i < result.residual.size(); ++i) {
          ASSERT_NEAR(std::abs(result.residual[i] - reference.residual[i]), 0.0, 1e-6) << each.name;
        }
        const double unit = result.form == KramersKronigForm::impedance ? impedance : 1.0 / impedance;
        EXPECT_NEAR(result.series_resistance / unit, reference.series_resistance,
                    1e-6 * std::abs(reference.strength[0]) + 1e-5 * std::abs(reference.series_resistance));
        EXPECT_NEAR(result.tau[0] * frequency / reference.tau[0], 1.0, 1e-9);
      }
    }
  }
}

TEST(KramersKronig, DoesNotDependOnTheOrderOfPoints) {
  Spectrum spectrum = sweep(trial::lawful_cases()[3].law, trial::frequencies(1e6, 1.0, 10), 1e-3, 5);
  spectrum.impedance[20] *= 1.06;
  Spectrum turned = spectrum;
  std::reverse(turned.frequency.begin(), turned.frequency.end());
  std::reverse(turned.impedance.begin(), turned.impedance.end());
  const auto a = test_kramers_kronig(spectrum);
  const auto b = test_kramers_kronig(turned);
  ASSERT_EQ(a.flagged.size(), 1U);
  ASSERT_EQ(b.flagged.size(), 1U);
  EXPECT_EQ(a.flagged[0].index, 20U);
  EXPECT_EQ(b.flagged[0].index, spectrum.size() - 1 - 20U);
  EXPECT_EQ(a.residual, b.residual);
}

TEST(KramersKronig, TheFitIsTheStatedCircuit) {
  for (const KramersKronigForm form : {KramersKronigForm::impedance, KramersKronigForm::admittance}) {
    KramersKronigOptions options;
    options.form = form;
    const Spectrum spectrum = sweep(trial::lawful_cases()[8].law, trial::frequencies(1e6, 1.0, 8), 1e-3, 5);
    const auto result = test_kramers_kronig(spectrum, options);
    ASSERT_EQ(result.form, form);
    for (std::size_t i = 0; i < result.frequency.size(); ++i) {
      const Complex jw(0.0, 2.0 * std::numbers::pi * result.frequency[i]);
      Complex sum = result.series_resistance;
      for (std::size_t k = 0; k < result.tau.size(); ++k) {
        const Complex x = jw * result.tau[k];
        sum += result.strength[k] * (form == KramersKronigForm::impedance ? 1.0 : x) / (1.0 + x);
      }
      if (result.inductance) sum += jw * *result.inductance;
      if (result.inverse_capacitance) sum += *result.inverse_capacitance / jw;
      const Complex z = form == KramersKronigForm::impedance ? sum : 1.0 / sum;
      EXPECT_NEAR(std::abs(z / result.fit[i] - 1.0), 0.0, 1e-8);
      EXPECT_NEAR(std::abs(result.residual[i] - (spectrum.impedance[result.index[i]] - result.fit[i]) /
                                                    std::abs(spectrum.impedance[result.index[i]])),
                  0.0, 1e-12);
    }
  }
}

TEST(KramersKronig, WithoutSeriesCapacitanceABlockingCellFailsInImpedanceForm) {
  KramersKronigOptions options;
  options.form = KramersKronigForm::impedance;
  options.series_capacitance = false;
  options.extension = 0.0;
  const Spectrum spectrum = sweep(trial::lawful_cases()[4].law, trial::frequencies(1e6, 1.0, 10));
  EXPECT_FALSE(test_kramers_kronig(spectrum, options).passed());
  EXPECT_TRUE(test_kramers_kronig(spectrum).passed());
}

TEST(KramersKronig, FewPointsGiveNoStatement) {
  const auto result = test_kramers_kronig(sweep(trial::lawful_cases()[0].law, trial::frequencies(1e4, 1.0, 1)));
  EXPECT_EQ(result.verdict, KramersKronigVerdict::too_few_points);
  EXPECT_NE(result.criterion.find("needs 6 points"), std::string::npos);
  EXPECT_TRUE(test_kramers_kronig(sweep(trial::lawful_cases()[4].law, trial::frequencies(1e6, 1.0, 1))).passed());
}

TEST(KramersKronig, MaskedPointsDoNotCount) {
  Spectrum spectrum = sweep(trial::lawful_cases()[3].law, trial::frequencies(1e6, 1.0, 10), 1e-3, 5);
  spectrum.impedance[20] *= 2.0;
  spectrum.mask(20, "bad contact");
  const auto result = test_kramers_kronig(spectrum);
  EXPECT_TRUE(result.passed());
  EXPECT_EQ(result.residual.size(), spectrum.size() - 1);
}

TEST(KramersKronig, RefusesOptionsOutsideTheirRange) {
  const Spectrum spectrum = sweep(trial::lawful_cases()[2].law, trial::frequencies(1e3, 1.0, 5));
  const auto refuse = [&](auto change) {
    KramersKronigOptions options;
    change(options);
    EXPECT_THROW((void)test_kramers_kronig(spectrum, options), base::ParameterError);
  };
  refuse([](KramersKronigOptions& o) { o.mu_limit = 1.0; });
  refuse([](KramersKronigOptions& o) { o.extension = 4.0; });
  refuse([](KramersKronigOptions& o) { o.outlier_multiple = 0.0; });
  refuse([](KramersKronigOptions& o) { o.smallest_outlier = -1.0; });
  refuse([](KramersKronigOptions& o) { o.smallest_systematic = std::nan(""); });
  refuse([](KramersKronigOptions& o) { o.largest_residual = 0.0; });
  refuse([](KramersKronigOptions& o) { o.choice = ElementChoice::fixed; });
  refuse([](KramersKronigOptions& o) {
    o.choice = ElementChoice::fixed;
    o.elements = 60;
  });
  EXPECT_THROW((void)test_kramers_kronig(Spectrum{}), base::InputError);
}

TEST(KramersKronig, VerdictsHaveNames) {
  EXPECT_EQ(to_string(KramersKronigVerdict::pass), "pass");
  EXPECT_EQ(to_string(KramersKronigVerdict::bad_points), "bad points");
  EXPECT_EQ(to_string(KramersKronigVerdict::drift_suspected), "drift suspected");
  EXPECT_EQ(to_string(KramersKronigVerdict::violated), "violated");
  EXPECT_EQ(to_string(KramersKronigVerdict::too_noisy), "too noisy");
  EXPECT_EQ(to_string(KramersKronigVerdict::too_few_points), "too few points");
}

// Output of the Lin-KK tool of M. Schönleber (KIT) for the dummy cell "Circuit3_EIS_1.z" with c = 0.69, as published in
// the tests of impedance.py (S. Murbach et al., J. Open Source Softw. 5 (2020) 2349, DOI 10.21105/joss.02349): every
// eighth point.
TEST(KramersKronig, AgreesWithTheLinKkTool) {
  const Spectrum spectrum = trial::read_zplot("Circuit3_EIS_1.z");
  if (spectrum.size() == 0) GTEST_SKIP() << "shared data impedance.py/Circuit3_EIS_1.z not present";
  ASSERT_EQ(spectrum.size(), 53U);
  KramersKronigOptions options;
  options.form = KramersKronigForm::impedance;
  options.part = KramersKronigPart::real;
  options.choice = ElementChoice::mu;
  options.mu_limit = 0.69;
  options.series_inductance = true;
  options.series_capacitance = false;
  const std::array<double, 7> real = {1504.77272562, 1546.8146252,  2382.53062569, 5569.5736037,
                                      6064.08068366, 6160.03228389, 6145.61179356};
  const std::array<double, 7> imaginary = {2.21601785e+01,  -3.12958965e+02, -1.77798369e+03, -1.60947048e+03,
                                           -2.16112198e+02, -1.67327105e+01, -7.73327665e+00};
  const auto compare = [&](const KramersKronigResult& result, const std::array<double, 7>& im) {
    EXPECT_EQ(result.elements, 10U);
    EXPECT_NEAR(result.mu, 0.6843821117885378, 1e-7);
    for (std::size_t i = 0; i < real.size(); ++i) {
      const Complex fit = result.fit[result.fit.size() - 1 - 8 * i];
      EXPECT_NEAR(fit.real(), real[i], 1e-5 * real[i]) << i;
      EXPECT_NEAR(fit.imag(), im[i], 1e-5 * std::abs(im[i]) + 1e-6) << i;
    }
  };
  compare(test_kramers_kronig(spectrum, options), imaginary);
  options.series_capacitance = true;
  const std::array<double, 7> with_capacitance = {2.21609593e+01,  -3.12959803e+02, -1.77798990e+03, -1.60950978e+03,
                                                  -2.16360131e+02, -1.82970675e+01, -1.76037019e+01};
  compare(test_kramers_kronig(spectrum, options), with_capacitance);
  options.choice = ElementChoice::fixed;
  options.elements = 10;
  compare(test_kramers_kronig(spectrum, options), with_capacitance);
}

TEST(KramersKronig, MeasuredSolidElectrolytesPass) {
  const Spectrum first = trial::read_neisys("Example-3-4/s04147-140deg.txt");
  if (first.size() == 0) GTEST_SKIP() << "shared data EISFitpython not present";
  for (int celsius = 140; celsius <= 200; celsius += 10) {
    const Spectrum spectrum = trial::read_neisys("Example-3-4/s04147-" + std::to_string(celsius) + "deg.txt");
    const auto result = test_kramers_kronig(spectrum);
    EXPECT_TRUE(result.passed() || result.verdict == KramersKronigVerdict::bad_points)
        << celsius << ": " << result.criterion;
    EXPECT_LE(result.flagged.size(), 2U) << celsius;
    EXPECT_LT(result.noise, 0.005);
  }
}

TEST(KramersKronig, MeasuredDummyCellsPass) {
  if (trial::read_zplot("Circuit1_EIS_1.z").size() == 0) GTEST_SKIP() << "shared data impedance.py not present";
  for (const char* name : {"Circuit1_EIS_1.z", "Circuit1_EIS_2.z", "Circuit2_EIS_1.z", "Circuit2_EIS_2.z",
                           "Circuit3_EIS_1.z", "Circuit3_EIS_2.z"}) {
    const auto result = test_kramers_kronig(trial::read_zplot(name));
    EXPECT_TRUE(result.passed()) << name << ": " << result.criterion;
  }
}

}  // namespace
}  // namespace closo::impedance
