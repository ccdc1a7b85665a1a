#include "closo/impedance/fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "closo/base/error.hpp"
#include "closo/impedance/validation_data_test.hpp"

namespace closo::impedance {
namespace {

using trial::Law;
using trial::sweep;

const Law sample = trial::series(trial::arc(1e5, 1e-6, 0.9), trial::constant_phase(1e-6, 0.8));
const Law lead = trial::series(trial::resistor(0.8), trial::inductor(3e-7));
/// Stray capacitance with losses.
const Law stray = [](double w) { return 1.0 / Complex(1e-9 * std::sqrt(w), w * 3e-12); };

/// Series impedance, then the sample and the stray admittance in parallel.
Law held(const Law& inside) {
  return [inside](double w) { return lead(w) + 1.0 / (1.0 / inside(w) + 1.0 / stray(w)); };
}

TEST(Fixture, OpenShortRecoversTheSample) {
  const auto frequency = trial::frequencies(1e7, 1.0, 5);
  const Spectrum measured = sweep(held(sample), frequency);
  const Spectrum open = sweep(held([](double) { return Complex(1e30, 0.0); }), frequency);
  const Spectrum closed = sweep(lead, frequency);
  const Corrected out = compensate_open_short(measured, open, closed);
  const Spectrum truth = sweep(sample, frequency);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    EXPECT_NEAR(std::abs(out.spectrum.impedance[i] / truth.impedance[i] - 1.0), 0.0, 1e-9);
  }
  ASSERT_EQ(out.steps.size(), 1U);
  EXPECT_EQ(out.steps[0], "Open/short compensation for 36 points.");
  EXPECT_EQ(out.spectrum.metadata.at("fixture"), out.steps[0]);
  EXPECT_TRUE(out.spectrum.masked.empty());
}

TEST(Fixture, OnlyShortAndOnlyOpen) {
  const auto frequency = trial::frequencies(1e6, 1.0, 5);
  const Spectrum truth = sweep(sample, frequency);
  const Corrected shorted =
      compensate_open_short(sweep(trial::series(sample, lead), frequency), std::nullopt, sweep(lead, frequency));
  EXPECT_EQ(shorted.steps[0].substr(0, 19), "Short compensation ");
  const Law parallel = [](double w) { return 1.0 / (1.0 / sample(w) + 1.0 / stray(w)); };
  const Corrected opened = compensate_open_short(sweep(parallel, frequency), sweep(stray, frequency), std::nullopt);
  EXPECT_EQ(opened.steps[0].substr(0, 18), "Open compensation ");
  for (std::size_t i = 0; i < truth.size(); ++i) {
    EXPECT_NEAR(std::abs(shorted.spectrum.impedance[i] / truth.impedance[i] - 1.0), 0.0, 1e-12);
    EXPECT_NEAR(std::abs(opened.spectrum.impedance[i] / truth.impedance[i] - 1.0), 0.0, 1e-9);
  }
  EXPECT_THROW((void)compensate_open_short(truth, std::nullopt, std::nullopt), base::ParameterError);
}

TEST(Fixture, OpenShortLoadRecoversTheSampleBehindAnyTwoPort) {
  // A T-network with unequal arms: series, shunt, series, then an amplifier of unknown gain.
  const auto through = [](const Law& inside) {
    return Law([inside](double w) {
      const Complex arm = Complex(2.0, w * 1e-6), shunt = 1.0 / Complex(1e-6, w * 2e-11);
      const Complex behind = inside(w) + Complex(0.5, w * 2e-7);
      return Complex(0.97, 0.02) * (arm + 1.0 / (1.0 / behind + 1.0 / shunt));
    });
  };
  const auto frequency = trial::frequencies(1e6, 1.0, 5);
  const Law standard = trial::series(trial::resistor(1e4), trial::inductor(1e-6));
  const Corrected out = compensate_open_short_load(sweep(through(sample), frequency),
                                                   sweep(through([](double) { return Complex(1e30, 0.0); }), frequency),
                                                   sweep(through([](double) { return Complex(0.0, 0.0); }), frequency),
                                                   sweep(through(standard), frequency), sweep(standard, frequency));
  const Spectrum truth = sweep(sample, frequency);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    EXPECT_NEAR(std::abs(out.spectrum.impedance[i] / truth.impedance[i] - 1.0), 0.0, 1e-8) << truth.frequency[i];
  }
}

TEST(Fixture, ReferencesAreInterpolatedAndNeverExtrapolated) {
  const Spectrum measured = sweep(trial::series(sample, lead), trial::frequencies(1e6, 1.0, 7));
  const Corrected out = compensate_open_short(measured, std::nullopt, sweep(lead, trial::frequencies(1e5, 10.0, 40)));
  std::size_t masked = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const double f = measured.frequency[i];
    const bool outside = f > 1.0001e5 || f < 9.999;
    EXPECT_EQ(out.spectrum.is_masked(i), outside) << f;
    if (outside) {
      ++masked;
      EXPECT_EQ(out.spectrum.impedance[i], measured.impedance[i]);
    } else {
      EXPECT_NEAR(std::abs(out.spectrum.impedance[i] / sample(2.0 * std::numbers::pi * f) - 1.0), 0.0, 1e-5);
    }
  }
  EXPECT_GT(masked, 5U);
  ASSERT_EQ(out.steps.size(), 2U);
  EXPECT_EQ(out.steps[1], std::to_string(masked) + " points masked: outside the range of a reference measurement.");
  EXPECT_NE(out.spectrum.masked[0].reason.find("outside the range of the short measurement (10 Hz to"),
            std::string::npos)
      << out.spectrum.masked[0].reason;
}

TEST(Fixture, APointOfWhichNothingIsLeftIsMasked) {
  const auto frequency = trial::frequencies(1e6, 1.0, 5);
  Spectrum measured = sweep(trial::series(sample, lead), frequency);
  measured.impedance[3] = lead(2.0 * std::numbers::pi * measured.frequency[3]);
  const Corrected out = compensate_open_short(measured, std::nullopt, sweep(lead, frequency));
  ASSERT_EQ(out.spectrum.masked.size(), 1U);
  EXPECT_EQ(out.spectrum.masked[0].index, 3U);
  EXPECT_NE(out.spectrum.masked[0].reason.find("leaves nothing"), std::string::npos);
  EXPECT_EQ(out.steps[1], "1 point masked: the correction leaves nothing or no finite result there.");
}

TEST(Fixture, UncertaintiesAreCarriedThrough) {
  const auto frequency = trial::frequencies(1e6, 1e3, 2);
  Spectrum measured = sweep(held(sample), frequency);
  for (std::size_t i = 0; i < measured.size(); ++i) measured.uncertainty.emplace_back(3.0, 5.0);
  const Spectrum open = sweep(held([](double) { return Complex(1e30, 0.0); }), frequency);
  const Spectrum closed = sweep(lead, frequency);
  const Corrected out = compensate_open_short(measured, open, closed);
  const auto shifted = [&](Complex by) {
    Spectrum other = measured;
    for (Complex& z : other.impedance) z += by;
    return compensate_open_short(other, open, closed).spectrum;
  };
  const Spectrum real = shifted({1e-3, 0.0}), imaginary = shifted({0.0, 1e-3});
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const Complex a = 3.0 * (real.impedance[i] - out.spectrum.impedance[i]) / 1e-3;
    const Complex b = 5.0 * (imaginary.impedance[i] - out.spectrum.impedance[i]) / 1e-3;
    EXPECT_NEAR(out.spectrum.uncertainty[i].real() / std::hypot(a.real(), b.real()), 1.0, 1e-4);
    EXPECT_NEAR(out.spectrum.uncertainty[i].imag() / std::hypot(a.imag(), b.imag()), 1.0, 1e-4);
  }
}

TEST(Fixture, LeadIsEstimatedAndSubtracted) {
  const auto frequency = trial::frequencies(1e7, 10.0, 5);
  const LeadEstimate estimate = estimate_lead(sweep(lead, frequency));
  EXPECT_NEAR(estimate.resistance, 0.8, 1e-12);
  EXPECT_NEAR(estimate.inductance, 3e-7, 1e-18);
  EXPECT_LT(estimate.largest_misfit, 1e-9);
  const Corrected out = subtract_lead(sweep(trial::series(sample, lead), frequency), 0.8, 3e-7);
  const Spectrum truth = sweep(sample, frequency);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    EXPECT_NEAR(std::abs(out.spectrum.impedance[i] / truth.impedance[i] - 1.0), 0.0, 1e-9);
  }
  EXPECT_NE(out.steps[0].find("Lead of 0.8 Ohm and 3e-7 H subtracted"), std::string::npos) << out.steps[0];
  EXPECT_THROW((void)subtract_lead(truth, -1.0, 0.0), base::ParameterError);
  EXPECT_THROW((void)subtract_lead(truth, 0.0, std::numeric_limits<double>::quiet_NaN()), base::ParameterError);
  EXPECT_THROW((void)estimate_lead(Spectrum{}), base::InputError);
}

TEST(Fixture, AStepAddsToTheEarlierOnes) {
  const auto frequency = trial::frequencies(1e5, 10.0, 5);
  const Corrected first = subtract_lead(sweep(sample, frequency), 0.0, 1e-9);
  const Corrected second = subtract_lead(first.spectrum, 1.0, 0.0);
  EXPECT_EQ(second.spectrum.metadata.at("fixture"), first.steps[0] + " " + second.steps[0]);
}

TEST(Fixture, MasksTheInductiveEndAndNamesWhatStays) {
  const Law loops = trial::series(trial::series(trial::inductor(2e-6), trial::resistor(5.0)), [](double w) {
    return 50.0 / Complex(1.0, w * 1e-4) + 40.0 * Complex(0.0, w) / Complex(1.0, w);
  });
  Spectrum spectrum = sweep(loops, trial::frequencies(1e6, 1e-2, 5));
  const MaskReport report = mask_inductive_end(spectrum);
  ASSERT_GT(report.masked.size(), 1U);
  double lowest_masked = 1e9;
  for (const MaskedPoint& point : report.masked) {
    EXPECT_GT(spectrum.impedance[point.index].imag(), 0.0);
    EXPECT_NE(point.reason.find("inductive at the high-frequency end"), std::string::npos);
    lowest_masked = std::min(lowest_masked, spectrum.frequency[point.index]);
  }
  for (std::size_t i = 0; i < spectrum.size(); ++i)
    EXPECT_EQ(spectrum.is_masked(i), spectrum.frequency[i] >= lowest_masked);
  ASSERT_EQ(report.remarks.size(), 2U);
  EXPECT_NE(report.remarks[1].find("stay in"), std::string::npos);
  EXPECT_TRUE(mask_inductive_end(spectrum).masked.empty());
}

TEST(Fixture, RefusesToMaskNearlyEverything) {
  Spectrum spectrum = sweep(lead, trial::frequencies(1e6, 1.0, 5));
  spectrum.source = "short.csv";
  const Spectrum before = spectrum;
  try {
    (void)mask_inductive_end(spectrum);
    FAIL() << "masked everything";
  } catch (const base::InputError& error) {
    EXPECT_EQ(error.place().file, "short.csv");
    EXPECT_NE(error.expected().find("change its sign"), std::string::npos);
  }
  EXPECT_EQ(spectrum.masked.size(), before.masked.size());
}

TEST(Fixture, MasksByRangeAndByIndex) {
  Spectrum spectrum = sweep(sample, trial::frequencies(1e4, 1.0, 1));
  const MaskReport range = mask_outside(spectrum, 5.0, 5e3);
  ASSERT_EQ(range.masked.size(), 2U);
  EXPECT_EQ(range.masked[0].index, 0U);
  EXPECT_EQ(range.masked[0].reason, "10000 Hz is outside the chosen range of 5 Hz to 5000 Hz");
  EXPECT_EQ(range.remarks[0], "2 points masked outside 5 Hz to 5000 Hz.");
  const std::array<std::size_t, 2> chosen = {0, 2};
  const MaskReport points = mask_points(spectrum, chosen, "flagged by the Kramers-Kronig test");
  ASSERT_EQ(points.masked.size(), 1U);
  EXPECT_EQ(points.masked[0].index, 2U);
  const std::array<std::size_t, 2> wrong = {3, 9};
  EXPECT_THROW((void)mask_points(spectrum, wrong, "x"), base::ParameterError);
  EXPECT_FALSE(spectrum.is_masked(3));
  EXPECT_THROW((void)mask_outside(spectrum, 5.0, 5.0), base::ParameterError);
  EXPECT_THROW((void)mask_outside(spectrum, -1.0, 5.0), base::ParameterError);
}

}  // namespace
}  // namespace closo::impedance
