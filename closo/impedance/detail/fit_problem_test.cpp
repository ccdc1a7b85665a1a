#include "closo/impedance/detail/fit_problem.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/impedance/circuits_test.hpp"

namespace closo::impedance::detail {
namespace {

struct Measurement {
  Circuit circuit = parse_circuit("R0-p(R1,CPE1)");
  std::vector<double> values{20.0, 300.0, 1e-5, 0.85};
  Spectrum spectrum = simulate_measurement(circuit, values, logarithmic_frequencies(1.0, 1e5, 6), {0.02, 0.0}, 11);
  PreparedSpectrum data = prepare(spectrum);
};

TEST(FitProblem, CostIsTheWeightedSum) {
  const Measurement setup;
  const auto model = simulate(setup.circuit, setup.values, setup.data.frequency);
  for (const Weighting weighting : {Weighting::modulus, Weighting::unit, Weighting::proportional, Weighting::given}) {
    FitOptions options;
    options.weighting = weighting;
    FitProblem problem(setup.circuit, setup.data, options);
    std::vector<double> x(problem.size());
    problem.coordinates(setup.values, x.data());
    double expected = 0.0;
    for (std::size_t i = 0; i < model.size(); ++i) {
      const Complex z = setup.data.impedance[i];
      const Complex d = model[i] - z;
      double re = std::abs(z);
      double im = re;
      if (weighting == Weighting::unit) re = im = 1.0;
      if (weighting == Weighting::proportional) {
        re = std::max(std::fabs(z.real()), 0.01 * std::abs(z));
        im = std::max(std::fabs(z.imag()), 0.01 * std::abs(z));
      }
      if (weighting == Weighting::given) {
        re = setup.data.uncertainty[i].real();
        im = setup.data.uncertainty[i].imag();
      }
      expected += std::pow(d.real() / re, 2) + std::pow(d.imag() / im, 2);
    }
    EXPECT_NEAR(problem.cost(x.data()) * problem.chi_square_unit() / expected, 1.0, 1e-12);
  }
}

// The gradient of every loss is half the slope of its cost.
TEST(FitProblem, GradientIsTheSlopeOfTheCost) {
  const Measurement setup;
  for (const RobustLoss loss : {RobustLoss::none, RobustLoss::huber, RobustLoss::cauchy}) {
    FitOptions options;
    options.loss = loss;
    FitProblem problem(setup.circuit, setup.data, options);
    std::vector<double> x(problem.size());
    problem.coordinates(setup.values, x.data());
    problem.cost(x.data());
    if (problem.robust()) {
      EXPECT_TRUE(problem.rescale_loss(1e-6));
    }
    std::vector<double> matrix(x.size() * x.size());
    std::vector<double> gradient(x.size());
    problem.cost(x.data());
    problem.normal_equations(matrix.data(), gradient.data());
    for (std::size_t k = 0; k < x.size(); ++k) {
      const double step = 1e-6;
      const double at = x[k];
      x[k] = at + step;
      const double above = problem.cost(x.data());
      x[k] = at - step;
      const double below = problem.cost(x.data());
      x[k] = at;
      EXPECT_NEAR(gradient[k], 0.25 * (above - below) / step, 1e-6 * std::sqrt(matrix[k * x.size() + k])) << k;
    }
  }
}

TEST(FitProblem, GivenWeightsNeedUncertainties) {
  Measurement setup;
  setup.data.uncertainty.clear();
  FitOptions options;
  options.weighting = Weighting::given;
  EXPECT_THROW(FitProblem(setup.circuit, setup.data, options), base::ParameterError);
}

TEST(FitProblem, CalculatedWeightsFollowTheModel) {
  const Measurement setup;
  FitOptions options;
  options.weighting = Weighting::calculated_modulus;
  FitProblem problem(setup.circuit, setup.data, options);
  std::vector<double> x(problem.size());
  problem.coordinates(setup.values, x.data());
  problem.cost(x.data());
  EXPECT_TRUE(problem.reweight(1e-9));
  EXPECT_FALSE(problem.reweight(1e-9));
}

}  // namespace
}  // namespace closo::impedance::detail
