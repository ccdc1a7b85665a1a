#include "closo/impedance/detail/voigt_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace closo::impedance::detail {
namespace {

using Complex = std::complex<double>;

struct Data {
  std::vector<double> frequency;
  std::vector<Complex> z;
};

/// R + jωL + 1/(jωC) + two elements whose τ lie on the model's own grid of three.
Data on_grid() {
  Data out;
  for (int i = 0; i <= 20; ++i) out.frequency.push_back(std::pow(10.0, 0.2 * i));
  const double fast = 1.0 / (2.0 * std::numbers::pi * 1e4), slow = 1.0 / (2.0 * std::numbers::pi);
  for (const double f : out.frequency) {
    const Complex jw(0.0, 2.0 * std::numbers::pi * f);
    out.z.push_back(7.0 + jw * 1e-4 + 1.0 / (jw * 1e-2) + 30.0 / (1.0 + jw * fast) - 4.0 / (1.0 + jw * slow));
  }
  return out;
}

TEST(VoigtModel, FindsWhatItDescribes) {
  const Data data = on_grid();
  VoigtModel model(data.frequency, data.z, 5);
  VoigtTerms terms;
  terms.elements = 3;
  const std::vector<char> all(data.z.size(), 1);
  for (const VoigtPart part : {VoigtPart::both, VoigtPart::real, VoigtPart::imaginary}) {
    ASSERT_TRUE(model.fit(terms, part, all));
    EXPECT_EQ(model.unknowns(), 6U);
    EXPECT_EQ(model.rows(), part == VoigtPart::both ? 42U : 21U);
    EXPECT_NEAR(model.constant(), 7.0, 1e-7);
    EXPECT_NEAR(model.element(0), 30.0, 1e-7);
    EXPECT_NEAR(model.element(1), 0.0, 1e-7);
    EXPECT_NEAR(model.element(2), -4.0, 1e-7);
    EXPECT_NEAR(model.linear(), 1e-4, 1e-12);
    EXPECT_NEAR(model.inverse(), 100.0, 1e-7);
    EXPECT_NEAR(model.tau(2) * 2.0 * std::numbers::pi, 1.0, 1e-12);
    EXPECT_LT(model.sum_of_squares(), 1e-18);
  }
}

TEST(VoigtModel, InfluenceSumsToTheUnknownsAndPredictsDeletion) {
  Data data = on_grid();
  for (std::size_t i = 0; i < data.z.size(); ++i) data.z[i] *= 1.0 + 0.01 * std::sin(37.0 * static_cast<double>(i * i));
  VoigtModel model(data.frequency, data.z, 5);
  VoigtTerms terms;
  terms.elements = 4;
  terms.extension = 0.5;
  std::vector<char> active(data.z.size(), 1);
  ASSERT_TRUE(model.fit(terms, VoigtPart::both, active));
  double trace = 0.0;
  for (std::size_t i = 0; i < data.z.size(); ++i) {
    double h[3];
    model.influence(i, h);
    trace += h[0] + h[2];
  }
  EXPECT_NEAR(trace, 7.0, 1e-6);
  // (1 − H) times the residual of a point left out is the residual of the full fit.
  const std::size_t point = 8;
  double h[3];
  model.influence(point, h);
  const Complex full = model.residual()[point];
  active[point] = 0;
  ASSERT_TRUE(model.fit(terms, VoigtPart::both, active));
  EXPECT_EQ(model.rows(), 40U);
  const Complex left_out = model.residual()[point];
  EXPECT_NEAR((1.0 - h[0]) * left_out.real() - h[1] * left_out.imag(), full.real(), 1e-9);
  EXPECT_NEAR((1.0 - h[2]) * left_out.imag() - h[1] * left_out.real(), full.imag(), 1e-9);
}

TEST(VoigtModel, SaysWhenTheDataDoNotFixIt) {
  const Data data = on_grid();
  VoigtModel model(data.frequency, data.z, 60);
  VoigtTerms terms;
  terms.elements = 50;
  EXPECT_FALSE(model.fit(terms, VoigtPart::both, std::vector<char>(data.z.size(), 1)));
}

}  // namespace
}  // namespace closo::impedance::detail
