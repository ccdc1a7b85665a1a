#include "closo/impedance/drt.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "closo/base/error.hpp"
#include "closo/impedance/validation_data_test.hpp"

namespace closo::impedance {
namespace {

using trial::arc;
using trial::Law;
using trial::resistor;
using trial::series;
using trial::sweep;

const std::vector<double> window = trial::frequencies(1e6, 1.0, 10);

const DrtPeak& nearest(const DrtResult& result, double tau) {
  return *std::min_element(result.peaks.begin(), result.peaks.end(), [tau](const DrtPeak& a, const DrtPeak& b) {
    return std::abs(std::log(a.tau / tau)) < std::abs(std::log(b.tau / tau));
  });
}

double area(const DrtResult& result) {
  double sum = 0.0;
  for (const double value : result.gamma) sum += value;
  return sum * std::log(result.tau.back() / result.tau.front()) / static_cast<double>(result.tau.size() - 1);
}

/// γ of an arc R/(1 + (jωτ0)^n) (Boukamp 2015, DOI 10.1016/j.electacta.2014.12.059, eq. 15), x = ln(τ/τ0).
double arc_distribution(double r, double n, double x) {
  const double pi = std::numbers::pi;
  return r / (2.0 * pi) * std::sin((1.0 - n) * pi) / (std::cosh(n * x) - std::cos((1.0 - n) * pi));
}

TEST(Drt, FindsPositionAndAreaOfOneRc) {
  // Positions between the points of the grid too.
  for (const double tau : {1e-4, 1.3e-4, 1.7e-4, 3.1e-3}) {
    for (const double noise : {0.0, 1e-3, 5e-3}) {
      const DrtResult result =
          distribution_of_relaxation_times(sweep(series(resistor(10.0), arc(100.0, tau, 1.0)), window, noise, 4));
      ASSERT_FALSE(result.peaks.empty());
      const DrtPeak& peak = nearest(result, tau);
      EXPECT_NEAR(peak.tau / tau, 1.0, 0.05) << tau << " " << noise;
      EXPECT_NEAR(peak.resistance, 100.0, 2.0) << tau << " " << noise;
      EXPECT_NEAR(peak.capacitance, peak.tau / peak.resistance, 1e-15);
      EXPECT_NEAR(peak.frequency * 2.0 * std::numbers::pi * peak.tau, 1.0, 1e-12);
      EXPECT_NEAR(result.series_resistance, 10.0, 0.4 + 100.0 * noise);
      EXPECT_NEAR(result.total_resistance, 110.0, 0.3 + 100.0 * noise);
      EXPECT_TRUE(result.converged);
      EXPECT_TRUE(result.tail.empty());
    }
  }
}

TEST(Drt, FindsTheDistributionOfADepressedArc) {
  for (const double n : {0.7, 0.8, 0.9}) {
    for (const double noise : {0.0, 1e-3}) {
      const double tau = 2e-4;
      const DrtResult result =
          distribution_of_relaxation_times(sweep(series(resistor(10.0), arc(100.0, tau, n)), window, noise, 4));
      const DrtPeak& peak = nearest(result, tau);
      EXPECT_NEAR(peak.tau / tau, 1.0, 0.06) << n << " " << noise;
      EXPECT_NEAR(peak.resistance, 100.0, 6.0) << n << " " << noise;
      EXPECT_NEAR(result.total_resistance, 110.0, 0.7) << n << " " << noise;
      const double top = arc_distribution(100.0, n, 0.0);
      double square = 0.0;
      for (std::size_t k = 0; k < result.tau.size(); ++k) {
        const double difference = result.gamma[k] - arc_distribution(100.0, n, std::log(result.tau[k] / tau));
        square += difference * difference / (top * top) / static_cast<double>(result.tau.size());
      }
      EXPECT_LT(std::sqrt(square), noise > 0.0 ? 0.06 : 0.03) << n;
    }
  }
}

TEST(Drt, SeparatesTwoProcesses) {
  for (const DrtBasis basis : {DrtBasis::piecewise_linear, DrtBasis::gaussian}) {
    for (const int derivative : {1, 2}) {
      DrtOptions options;
      options.basis = basis;
      options.derivative = derivative;
      const Law law = series(series(resistor(5.0), arc(40.0, 1e-5, 0.95)), arc(100.0, 1e-3, 0.95));
      const DrtResult result = distribution_of_relaxation_times(sweep(law, window, 1e-3, 2), options);
      EXPECT_NEAR(nearest(result, 1e-5).tau / 1e-5, 1.0, 0.08);
      EXPECT_NEAR(nearest(result, 1e-3).tau / 1e-3, 1.0, 0.08);
      EXPECT_NEAR(nearest(result, 1e-5).resistance, 40.0, 3.0);
      EXPECT_NEAR(nearest(result, 1e-3).resistance, 100.0, 5.0);
      EXPECT_NEAR(result.total_resistance, 145.0, 1.0);
    }
  }
}

TEST(Drt, TheLCurveGivesASimilarAnswer) {
  DrtOptions options;
  options.choice = DrtLambda::l_curve;
  const Law law = series(series(resistor(5.0), arc(40.0, 1e-5, 0.9)), arc(100.0, 1e-3, 0.9));
  const DrtResult result = distribution_of_relaxation_times(sweep(law, window, 2e-3, 2), options);
  EXPECT_NEAR(nearest(result, 1e-3).tau / 1e-3, 1.0, 0.1);
  EXPECT_NEAR(nearest(result, 1e-3).resistance, 100.0, 8.0);
  EXPECT_NEAR(result.total_resistance, 145.0, 2.0);
}

TEST(Drt, LambdaFollowsTheNoise) {
  const Law law = series(resistor(10.0), arc(100.0, 1e-4, 0.8));
  double before = 0.0;
  for (const double noise : {1e-4, 1e-3, 1e-2}) {
    const DrtResult result = distribution_of_relaxation_times(sweep(law, window, noise, 2));
    EXPECT_GT(result.lambda, before);
    EXPECT_FALSE(result.lambda_at_bound);
    EXPECT_NEAR(result.residual_rms, noise, 0.25 * noise);
    before = result.lambda;
  }
}

TEST(Drt, MoreSmoothingMeansAFlatterDistribution) {
  const Spectrum spectrum = sweep(series(resistor(10.0), arc(100.0, 1e-4, 0.9)), window, 1e-3, 2);
  DrtOptions options;
  options.choice = DrtLambda::fixed;
  double highest = 1e9;
  for (const double lambda : {1e-7, 1e-5, 1e-3, 1e-1}) {
    options.lambda = lambda;
    const DrtResult result = distribution_of_relaxation_times(spectrum, options);
    EXPECT_EQ(result.lambda, lambda);
    const double top = *std::max_element(result.gamma.begin(), result.gamma.end());
    EXPECT_LT(top, highest);
    highest = top;
  }
}

TEST(Drt, ABlockingElectrodeDoesNotCount) {
  const Law law = series(series(arc(1e5, 1e-6, 0.85), arc(1e6, 1e-4, 0.85)), trial::constant_phase(1e-6, 0.6));
  for (const double noise : {0.0, 1e-3, 3e-3}) {
    const DrtResult result = distribution_of_relaxation_times(sweep(law, window, noise, 2));
    ASSERT_FALSE(result.tail.empty());
    EXPECT_NEAR(result.total_resistance, 1.1e6, 2.5e4) << noise;
    EXPECT_NEAR(nearest(result, 1e-4).tau / 1e-4, 1.0, 0.08);
    EXPECT_NEAR(nearest(result, 1e-4).resistance, 1e6, 6e4) << noise;
    EXPECT_NEAR(nearest(result, 1e-6).resistance, 1e5, 1.5e4) << noise;
    EXPECT_NE(result.remarks[noise > 0.0 ? 0 : 1].find("blocking"), std::string::npos);
    for (const DrtPeak& peak : result.peaks) EXPECT_EQ(peak.counted, peak.frequency >= 10.0) << peak.tau;
  }
}

TEST(Drt, ASeriesCapacitanceIsRecovered) {
  const Law law = series(series(resistor(100.0), arc(500.0, 1e-4, 0.95)), trial::constant_phase(2e-6, 1.0));
  const DrtResult result = distribution_of_relaxation_times(sweep(law, window, 1e-3, 3));
  ASSERT_FALSE(result.tail.empty());
  EXPECT_EQ(result.tail.back().exponent, 1.0);
  EXPECT_NEAR(1.0 / result.tail.back().magnitude, 2e-6, 4e-8);
  EXPECT_NEAR(result.total_resistance, 600.0, 10.0);
}

TEST(Drt, ALeadInductanceIsRecovered) {
  const Law law = series(series(trial::inductor(2e-6), resistor(2.0)), arc(10.0, 1e-3, 0.9));
  const DrtResult result = distribution_of_relaxation_times(sweep(law, window, 1e-3, 3));
  EXPECT_NEAR(result.inductance, 2e-6, 2e-8);
  EXPECT_NEAR(result.total_resistance, 12.0, 0.1);
  DrtOptions options;
  options.inductance = false;
  const DrtResult without = distribution_of_relaxation_times(sweep(law, window, 1e-3, 3), options);
  EXPECT_EQ(without.inductance, 0.0);
  EXPECT_GT(without.residual_rms, 20.0 * result.residual_rms);
  ASSERT_FALSE(without.remarks.empty());
  EXPECT_NE(without.remarks.back().find("non-negative distribution leaves residuals"), std::string::npos);
}

TEST(Drt, DoesNotDependOnUnits) {
  for (const trial::Case& each : trial::lawful_cases()) {
    const Spectrum spectrum = sweep(each.law, window, 1e-3, 8);
    const DrtResult reference = distribution_of_relaxation_times(spectrum);
    const double top = std::max(*std::max_element(reference.gamma.begin(), reference.gamma.end()),
                                1e-3 * std::abs(reference.total_resistance));
    for (const double impedance : {1e-6, 1e-3, 1e3, 1e6, 1e9}) {
      for (const double frequency : {1.0, 1e-3, 1e3}) {
        const DrtResult result = distribution_of_relaxation_times(trial::scaled(spectrum, impedance, frequency));
        ASSERT_EQ(result.gamma.size(), reference.gamma.size());
        for (std::size_t k = 0; k < result.gamma.size(); ++k) {
          ASSERT_NEAR(result.gamma[k] / impedance, reference.gamma[k], 1e-6 * top) << each.name << " " << impedance;
          ASSERT_NEAR(result.tau[k] * frequency / reference.tau[k], 1.0, 1e-12);
        }
        EXPECT_NEAR(result.total_resistance / impedance, reference.total_resistance,
                    1e-6 * std::abs(reference.total_resistance));
        EXPECT_EQ(result.peaks.size(), reference.peaks.size()) << each.name;
      }
    }
  }
}

TEST(Drt, DoesNotDependOnTheOrderOfPoints) {
  const Spectrum spectrum = sweep(trial::lawful_cases()[3].law, window, 1e-3, 8);
  Spectrum turned = spectrum;
  std::reverse(turned.frequency.begin(), turned.frequency.end());
  std::reverse(turned.impedance.begin(), turned.impedance.end());
  EXPECT_EQ(distribution_of_relaxation_times(spectrum).gamma, distribution_of_relaxation_times(turned).gamma);
}

TEST(Drt, TheFitIsTheStatedModel) {
  for (const DrtBasis basis : {DrtBasis::piecewise_linear, DrtBasis::gaussian}) {
    DrtOptions options;
    options.basis = basis;
    options.points_per_decade = 30;  // the sum below is the trapezium rule on this grid
    const Law law = series(series(series(trial::inductor(1e-6), resistor(2.0)), arc(10.0, 1e-3, 0.8)),
                           trial::constant_phase(1.0, 0.7));
    const DrtResult result =
        distribution_of_relaxation_times(sweep(law, trial::frequencies(1e5, 1.0, 10), 1e-3, 3), options);
    const double step = std::log(result.tau[1] / result.tau[0]);
    for (std::size_t i = 0; i < result.frequency.size(); ++i) {
      const Complex jw(0.0, 2.0 * std::numbers::pi * result.frequency[i]);
      Complex z = result.series_resistance + jw * result.inductance;
      for (std::size_t k = 0; k < result.tau.size(); ++k) z += step * result.gamma[k] / (1.0 + jw * result.tau[k]);
      for (const DrtTail& tail : result.tail) z += tail.magnitude * std::pow(jw, -tail.exponent);
      EXPECT_NEAR(std::abs(z - result.fit[i]) / std::abs(z), 0.0, 2e-3) << i;
    }
    EXPECT_NEAR(result.polarisation_resistance + result.slow_resistance, area(result), 1e-9 * area(result));
    EXPECT_NEAR(result.total_resistance, result.series_resistance + result.polarisation_resistance, 1e-12);
    for (const double value : result.gamma) EXPECT_GE(value, 0.0);
  }
}

TEST(Drt, AGridServesEverySpectrumOfItsFrequencies) {
  const Spectrum spectrum = sweep(trial::lawful_cases()[3].law, window, 1e-3, 8);
  const PreparedSpectrum prepared = prepare(spectrum);
  const DrtGrid grid(prepared.frequency);
  EXPECT_EQ(distribution_of_relaxation_times(prepared, grid).gamma, distribution_of_relaxation_times(prepared).gamma);
  PreparedSpectrum other = prepared;
  other.frequency.back() *= 1.001;
  EXPECT_THROW((void)distribution_of_relaxation_times(other, grid), base::ParameterError);
}

TEST(Drt, BandsHoldTheTruthAboutAsOftenAsTheySay) {
  const double n = 0.8, tau = 1e-4;
  const Law law = series(resistor(10.0), arc(100.0, tau, n));
  for (const DrtBand band : {DrtBand::bayesian, DrtBand::bootstrap}) {
    DrtOptions options;
    options.band = band;
    options.coverage = 0.95;
    options.resamples = 60;
    int inside = 0, all = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      const DrtResult result = distribution_of_relaxation_times(sweep(law, window, 3e-3, seed), options);
      ASSERT_EQ(result.lower.size(), result.gamma.size());
      ASSERT_EQ(result.upper.size(), result.gamma.size());
      for (std::size_t k = 0; k < result.tau.size(); ++k) {
        EXPECT_LE(0.0, result.lower[k]);
        EXPECT_LE(result.lower[k], result.upper[k]);
        const double x = std::log(result.tau[k] / tau);
        if (std::abs(x) > 4.0) continue;
        const double truth = arc_distribution(100.0, n, x);
        inside += truth >= result.lower[k] && truth <= result.upper[k] ? 1 : 0;
        ++all;
      }
      if (band == DrtBand::bootstrap) {
        EXPECT_TRUE(nearest(result, tau).resistance_uncertainty.has_value());
        EXPECT_LT(*nearest(result, tau).resistance_uncertainty, 15.0);
        EXPECT_GT(*nearest(result, tau).resistance_uncertainty, 0.05);
      }
    }
    // Smoothing biases the curve, which no band of the noise covers; half is the least to be useful.
    EXPECT_GT(inside, all / 2) << static_cast<int>(band);
  }
}

TEST(Drt, TheBootstrapDependsOnItsSeedOnly) {
  DrtOptions options;
  options.band = DrtBand::bootstrap;
  options.resamples = 40;
  const Spectrum spectrum = sweep(trial::lawful_cases()[2].law, window, 3e-3, 1);
  const DrtResult first = distribution_of_relaxation_times(spectrum, options);
  EXPECT_EQ(first.upper, distribution_of_relaxation_times(spectrum, options).upper);
  options.seed = 2;
  EXPECT_NE(first.upper, distribution_of_relaxation_times(spectrum, options).upper);
}

TEST(Drt, RefusesOptionsOutsideTheirRange) {
  const Spectrum spectrum = sweep(trial::lawful_cases()[2].law, window);
  const auto refuse = [&](auto change) {
    DrtOptions options;
    change(options);
    EXPECT_THROW((void)distribution_of_relaxation_times(spectrum, options), base::ParameterError);
  };
  refuse([](DrtOptions& o) { o.points_per_decade = 2; });
  refuse([](DrtOptions& o) { o.extension = -0.1; });
  refuse([](DrtOptions& o) { o.derivative = 3; });
  refuse([](DrtOptions& o) { o.lambda = 0.0; });
  refuse([](DrtOptions& o) { o.coverage = 1.0; });
  refuse([](DrtOptions& o) { o.smallest_peak = 1.0; });
  refuse([](DrtOptions& o) {
    o.band = DrtBand::bootstrap;
    o.resamples = 5;
  });
  EXPECT_THROW(
      (void)distribution_of_relaxation_times(sweep(trial::lawful_cases()[2].law, trial::frequencies(1e4, 1.0, 1))),
      base::ParameterError);
  EXPECT_THROW((void)distribution_of_relaxation_times(Spectrum{}), base::InputError);
}

// Synthetic spectra of the tutorials of pyDRTtools (T. H. Wan et al. 2015): R_∞ = 10 Ohm, arcs of 50 Ohm at τ = 0.1 s
// and 1e-4 s with n = 0.8, noise of about 1 Ohm.
TEST(Drt, AgreesWithTheTutorialSpectra) {
  const Spectrum two = trial::read_columns(trial::shared("pyDRTtools/tutorial/data/2ZARC3.csv"), 1, 2, 3, 4);
  if (two.size() == 0) GTEST_SKIP() << "shared data pyDRTtools not present";
  const DrtResult result = distribution_of_relaxation_times(two);
  EXPECT_NEAR(nearest(result, 0.1).tau, 0.1, 0.01);
  EXPECT_NEAR(nearest(result, 0.1).resistance, 50.0, 3.0);
  EXPECT_NEAR(nearest(result, 1e-4).tau, 1e-4, 1e-5);
  EXPECT_NEAR(nearest(result, 1e-4).resistance, 50.0, 3.0);
  EXPECT_NEAR(result.total_resistance, 110.0, 1.5);
  const DrtResult one = distribution_of_relaxation_times(
      trial::read_columns(trial::shared("pyDRTtools/EIS data/text files/zarc_data.txt"), 0, 1, 2));
  EXPECT_NEAR(nearest(one, 0.01).tau, 0.01, 5e-4);
  EXPECT_NEAR(nearest(one, 0.01).resistance, 50.0, 1.0);
  EXPECT_NEAR(one.series_resistance, 10.0, 0.3);
}

// The global optima of R1|Q1 + R2|Q2 + Q3 for the same seven spectra give these totals (EXPECTED.json).
TEST(Drt, TotalResistanceOfMeasuredSolidElectrolytes) {
  if (trial::read_neisys("Example-3-4/s04147-140deg.txt").size() == 0)
    GTEST_SKIP() << "shared data EISFitpython not present";
  const std::array<double, 7> total = {2158445.55, 1251755.47, 746805.30, 454055.48, 282864.74, 180054.89, 117483.29};
  for (std::size_t i = 0; i < total.size(); ++i) {
    const DrtResult result = distribution_of_relaxation_times(
        trial::read_neisys("Example-3-4/s04147-" + std::to_string(140 + 10 * i) + "deg.txt"));
    EXPECT_NEAR(result.total_resistance / total[i], 1.0, 0.04) << 140 + 10 * i << " degC";
    EXPECT_FALSE(result.tail.empty());
    EXPECT_LT(result.residual_rms, 0.004);
  }
}

}  // namespace
}  // namespace closo::impedance
