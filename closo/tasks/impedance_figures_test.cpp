#include "closo/tasks/impedance_figures.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "closo/impedance/simulate.hpp"
#include "closo/report/render.hpp"

namespace closo::tasks {
namespace {

using impedance::Complex;

struct Simulated {
  std::vector<double> frequency;
  std::vector<Complex> measured;
  ImpedanceCurve curve(const std::string& name = "one") const { return {name, frequency, measured, measured}; }
};

Simulated simulated(const std::string& circuit, const std::vector<double>& values) {
  Simulated result{impedance::logarithmic_frequencies(1.0, 1e6, 10), {}};
  result.measured = impedance::simulate(impedance::parse_circuit(circuit), values, result.frequency);
  return result;
}

double length(const report::Axis& axis) { return *axis.high - *axis.low; }

TEST(NyquistFigure, OneOhmIsAsLongOnBothAxes) {
  for (double scale = 1e-3; scale < 2e9; scale *= 10.0) {
    std::vector<Simulated> cases;
    cases.push_back(simulated("p(R1,C1)", {scale, 1e-4 / scale}));                             // half a circle
    cases.push_back(simulated("R0-CPE1", {scale, 1e-5 / scale, 0.9}));                         // steep and tall
    cases.push_back(simulated("R0-p(R1,C1)", {scale, 1e-3 * scale, 1e-2 / scale}));            // flat
    cases.push_back(simulated("L1-R0-p(R1,C1)", {1e-5 * scale, scale, scale, 1e-4 / scale}));  // inductive end
    cases.push_back(simulated("R0-p(R1,C1)", {scale, scale, 1e-4 / scale}));
    cases.back().measured[7] = {-0.4 * scale, -0.2 * scale};  // a bad point
    for (std::size_t k = 0; k < cases.size(); ++k) {
      const report::Figure figure = nyquist_figure("nyquist", "Nyquist plot", {cases[k].curve()});
      EXPECT_NEAR(length(figure.x) / length(figure.y) * figure.height / figure.width, 1.0, 0.02)
          << scale << " case " << k;
      EXPECT_GT(figure.height, 100);
      EXPECT_LE(figure.height, figure.width);
      ASSERT_EQ(figure.layers.size(), 2U);
      for (std::size_t i = 0; i < figure.layers[0].x.size(); ++i) {
        EXPECT_GE(figure.layers[0].x[i], *figure.x.low) << scale << " case " << k;
        EXPECT_LE(figure.layers[0].x[i], *figure.x.high);
        EXPECT_GE(figure.layers[0].y[i], *figure.y.low);
        EXPECT_LE(figure.layers[0].y[i], *figure.y.high);
      }
      EXPECT_NO_THROW(report::vega_lite(figure));
    }
  }
}

TEST(NyquistFigure, NamesTheUnitThatKeepsNumbersShort) {
  const auto title = [](double scale) {
    const Simulated one = simulated("p(R1,C1)", {scale, 1e-4 / scale});
    return nyquist_figure("nyquist", "", {one.curve()}).x.title;
  };
  EXPECT_EQ(title(0.02), "Z′ (mΩ)");
  EXPECT_EQ(title(20.0), "Z′ (Ω)");
  EXPECT_EQ(title(2e4), "Z′ (kΩ)");
  EXPECT_EQ(title(2e7), "Z′ (MΩ)");
  EXPECT_EQ(title(2e10), "Z′ (GΩ)");
}

TEST(BodeFigures, ModulusAndPhaseOverFrequency) {
  const Simulated one = simulated("R0-CPE1", {10.0, 1e-5, 0.8});
  const report::Figure modulus = bode_modulus_figure("modulus", {one.curve()});
  const report::Figure phase = bode_phase_figure("phase", {one.curve()});
  EXPECT_EQ(modulus.x.scale, report::Scale::log10);
  EXPECT_EQ(modulus.y.scale, report::Scale::log10);
  EXPECT_EQ(phase.y.scale, report::Scale::linear);
  for (std::size_t i = 0; i < one.frequency.size(); ++i) {
    EXPECT_EQ(modulus.layers[0].x[i], one.frequency[i]);
    EXPECT_EQ(modulus.layers[0].y[i], std::abs(one.measured[i]));
    EXPECT_NEAR(phase.layers[0].y[i],
                std::atan2(-one.measured[i].imag(), one.measured[i].real()) * 180.0 / std::numbers::pi, 1e-9);
  }
  ImpedanceCurve bare = one.curve();
  bare.model = {};
  EXPECT_EQ(bode_modulus_figure("modulus", {bare}).layers.size(), 1U);
  EXPECT_NO_THROW(report::vega_lite(modulus));
  EXPECT_NO_THROW(report::vega_lite(phase));
}

TEST(ResidualFigure, InPercentAroundZero) {
  const std::vector<double> frequency = {1.0, 10.0};
  const std::vector<Complex> residual = {{0.01, -0.02}, {0.0, 0.005}};
  const report::Figure figure = residual_figure("residual", "Residuals", frequency, residual);
  ASSERT_EQ(figure.layers.size(), 3U);
  EXPECT_EQ(figure.layers[0].y, (std::vector<double>{1.0, 0.0}));
  EXPECT_EQ(figure.layers[1].y, (std::vector<double>{-2.0, 0.5}));
  EXPECT_EQ(figure.layers[2].mark, report::Mark::rule_horizontal);
  EXPECT_NO_THROW(report::vega_lite(figure));
}

TEST(DrtFigure, MarksPeaksAndBandOfOneDistribution) {
  const Simulated one = simulated("R0-p(R1,CPE1)", {1e3, 1e4, 1e-8, 0.9});
  impedance::Spectrum spectrum;
  spectrum.frequency = one.frequency;
  spectrum.impedance = one.measured;
  impedance::DrtOptions options;
  options.choice = impedance::DrtLambda::fixed;
  options.lambda = 1e-2;
  options.band = impedance::DrtBand::bayesian;
  const impedance::DrtResult result = impedance::distribution_of_relaxation_times(spectrum, options);
  ASSERT_FALSE(result.peaks.empty());
  const report::Figure single = drt_figure("drt", {{"one", &result}});
  ASSERT_EQ(single.layers.size(), 2U + result.peaks.size());
  EXPECT_EQ(single.layers[0].mark, report::Mark::band);
  EXPECT_EQ(single.layers[1].mark, report::Mark::line);
  EXPECT_EQ(single.layers[2].x.front(), result.peaks.front().tau);
  EXPECT_EQ(single.y.title, "γ(ln τ) (kΩ)");
  EXPECT_NEAR(single.layers[1].y[40], result.gamma[40] / 1e3, 1e-12);
  const report::Figure both = drt_figure("drt", {{"one", &result}, {"two", &result}});
  for (const report::Layer& layer : both.layers) EXPECT_NE(layer.mark, report::Mark::rule_vertical);
  EXPECT_NO_THROW(report::vega_lite(single));
}

}  // namespace
}  // namespace closo::tasks
