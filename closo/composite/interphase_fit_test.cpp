#include "closo/composite/interphase_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/composite/detail/random_numbers.hpp"
#include "closo/composite/effective_medium.hpp"

namespace closo::composite {
namespace {

constexpr double bulk = 1e-5, radius = 8e-9;
constexpr double true_interphase = 1e-2, true_thickness = 2e-9;

double coated(double interphase, double thickness, double fraction, double particle_radius = radius) {
  return coated_filler_conductivity(
      {.bulk = bulk, .interphase = interphase, .filler = 1e-14, .radius = particle_radius, .thickness = thickness},
      fraction);
}

double coated_model(std::span<const double> p, const CompositePoint& point) {
  return coated(p[0], p[1], point.filler_fraction);
}

const std::vector<FitParameter> two{{"interphase", 1e-3, 1e-5, 1.0}, {"thickness", 1e-9, 0.2e-9, 6e-9}};
const std::vector<double> wide{0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8};

std::vector<CompositePoint> points_at(const std::vector<double>& fractions, double noise, std::uint64_t seed) {
  detail::RandomNumbers random(seed);
  std::vector<CompositePoint> points;
  for (const double f : fractions) {
    const double sigma = coated(true_interphase, true_thickness, f) * std::exp(noise * random.normal());
    points.push_back({.filler_fraction = f, .conductivity = sigma, .relative_uncertainty = noise > 0.0 ? noise : 0.05});
  }
  return points;
}

TEST(interphase_fit, exact_points_give_back_the_parameters) {
  const InterphaseFit fit = fit_interphase(coated_model, points_at(wide, 0.0, 1), two);
  EXPECT_TRUE(fit.converged);
  EXPECT_LT(fit.chi_square, 1e-10);
  EXPECT_EQ(fit.degrees_of_freedom, 6U);
  EXPECT_NEAR(fit.parameters[0].value / true_interphase, 1.0, 1e-5);
  EXPECT_NEAR(fit.parameters[1].value / true_thickness, 1.0, 1e-5);
  for (const FittedParameter& p : fit.parameters) {
    EXPECT_TRUE(p.is_identified) << p.name;
    EXPECT_LT(*p.low, p.value);
    EXPECT_GT(*p.high, p.value);
  }
  EXPECT_TRUE(fit.traded.empty());
  for (std::size_t i = 0; i < wide.size(); ++i)
    EXPECT_NEAR(fit.predicted[i] / coated(true_interphase, true_thickness, wide[i]), 1.0, 1e-5);
}

// Profile intervals hold the truth in 95 % of repeated experiments (200: a standard error of 1.5 %); the widening for
// scatter makes them a little too safe.
TEST(interphase_fit, profile_intervals_cover) {
  int interphase = 0, thickness = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const InterphaseFit fit = fit_interphase(coated_model, points_at(wide, 0.1, seed), two, {.starts = 2});
    const auto covers = [](const FittedParameter& p, double truth) {
      return (!p.low || *p.low <= truth) && (!p.high || *p.high >= truth);
    };
    interphase += covers(fit.parameters[0], true_interphase);
    thickness += covers(fit.parameters[1], true_thickness);
  }
  EXPECT_GE(interphase, 184);
  EXPECT_LE(interphase, 199);
  EXPECT_GE(thickness, 184);
}

// The interval of a model that is linear in ln σ is known: ± 1.96 u/sqrt(n).
TEST(interphase_fit, interval_of_a_constant_is_exact) {
  std::vector<CompositePoint> points;
  for (int i = 0; i < 16; ++i)
    points.push_back({.conductivity = std::exp(i % 2 == 0 ? 0.05 : -0.05), .relative_uncertainty = 0.2});
  const std::vector<FitParameter> one{{"sigma", 2.0, 1e-3, 1e3}};
  const auto constant = [](std::span<const double> p, const CompositePoint&) { return p[0]; };
  const InterphaseFit fit = fit_interphase(constant, points, one);
  EXPECT_NEAR(fit.parameters[0].value, 1.0, 1e-6);
  const double half = std::sqrt(3.84) * 0.2 / 4.0;
  EXPECT_NEAR(std::log(*fit.parameters[0].high), half, 2e-3 * half);
  EXPECT_NEAR(std::log(*fit.parameters[0].low), -half, 2e-3 * half);
  // Points that scatter twice as much as they say widen it twice.
  for (CompositePoint& point : points) point.conductivity = std::exp(8.0 * std::log(point.conductivity));
  const InterphaseFit scattered = fit_interphase(constant, points, one);
  const double scatter = std::sqrt(16.0 * 0.4 * 0.4 / (0.2 * 0.2) / 15.0);
  EXPECT_NEAR(std::log(*scattered.parameters[0].high), half * scatter, 3e-3 * half * scatter);
}

// A thin layer on large particles at low fractions: only the sheet conductance, thickness × conductivity, is seen.
TEST(interphase_fit, low_fractions_trade_thickness_for_conductivity) {
  constexpr double large = 200e-9;
  const auto model = [](std::span<const double> p, const CompositePoint& point) {
    return coated(p[0], p[1], point.filler_fraction, large);
  };
  std::vector<CompositePoint> points;
  for (const double f : {0.02, 0.05, 0.1, 0.15}) {
    points.push_back(
        {.filler_fraction = f, .conductivity = coated(1e-3, 2e-9, f, large), .relative_uncertainty = 0.02});
  }
  const std::vector<FitParameter> parameters{{"interphase", 1e-4, 1e-5, 1.0}, {"thickness", 1e-9, 0.2e-9, 20e-9}};
  const InterphaseFit fit = fit_interphase(model, points, parameters);
  EXPECT_TRUE(fit.converged);
  ASSERT_EQ(fit.traded.size(), 1U);
  EXPECT_EQ(fit.traded[0], std::make_pair(std::string("interphase"), std::string("thickness")));
  EXPECT_LT(fit.correlation[1], -0.95);
  EXPECT_FALSE(fit.parameters[0].is_identified);
  EXPECT_FALSE(fit.parameters[1].is_identified);
  // The thickness runs up to its bound on the way, which closes the interval of the conductivity.
  EXPECT_EQ(fit.parameters[0].leans_on, std::vector<std::string>{"thickness"});
  // What they do together is found.
  EXPECT_NEAR(fit.parameters[0].value * fit.parameters[1].value / 2e-12, 1.0, 0.05);
}

// Beyond the maximum all conductor is interphase: its conductivity is pinned down there, its thickness only bounded
// from below. Below the maximum Maxwell–Garnett sees one number, the polarisability of the coated sphere over c: exact
// points there have a whole line of exact answers.
TEST(interphase_fit, each_side_of_the_maximum_says_its_own) {
  const InterphaseFit high = fit_interphase(coated_model, points_at({0.6, 0.7, 0.8, 0.9}, 0.0, 1), two);
  EXPECT_TRUE(high.parameters[0].is_identified);
  EXPECT_NEAR(high.parameters[0].value / true_interphase, 1.0, 0.05);
  EXPECT_FALSE(high.parameters[1].is_identified);
  EXPECT_FALSE(high.parameters[1].high.has_value());
  const InterphaseFit low = fit_interphase(coated_model, points_at({0.05, 0.15, 0.3, 0.4}, 0.0, 1), two);
  EXPECT_LT(low.chi_square, 1e-9);
  EXPECT_FALSE(low.parameters[0].is_identified);
  EXPECT_FALSE(low.parameters[0].high.has_value());
  EXPECT_FALSE(low.parameters[1].is_identified);
  EXPECT_LT(low.parameters[1].low.value_or(0.0), true_thickness);
  EXPECT_GT(low.parameters[1].high.value_or(1.0), true_thickness);
  const auto strength = [](double interphase, double thickness) {
    const double sphere = coated_sphere(1e-14, interphase, radius, thickness).real();
    return (sphere - bulk) / (sphere + 2.0 * bulk) / touching_fraction(radius, thickness);
  };
  EXPECT_NEAR(strength(low.parameters[0].value, low.parameters[1].value), strength(true_interphase, true_thickness),
              1e-6);
}

TEST(interphase_fit, activation_energy_comes_from_temperatures) {
  const auto model = [](std::span<const double> p, const CompositePoint& point) {
    const double arrhenius = (1.0 / point.temperature - 1.0 / 300.0) / base::boltzmann_constant_eV;
    return coated_filler_conductivity({.bulk = 1e-5 * std::exp(-0.8 * arrhenius),
                                       .interphase = p[0] * std::exp(-p[2] * arrhenius),
                                       .filler = 1e-14,
                                       .radius = radius,
                                       .thickness = p[1]},
                                      point.filler_fraction);
  };
  const std::vector<double> truth{2e-2, 1.5e-9, 0.45};
  std::vector<CompositePoint> points;
  detail::RandomNumbers random(5);
  for (const double f : {0.1, 0.3, 0.5, 0.7, 0.85}) {
    for (const double t : {300.0, 320.0, 340.0, 360.0}) {
      CompositePoint point{.filler_fraction = f, .temperature = t, .relative_uncertainty = 0.05};
      point.conductivity = model(truth, point) * std::exp(0.05 * random.normal());
      points.push_back(point);
    }
  }
  const std::vector<FitParameter> parameters{
      {"interphase", 1e-3, 1e-6, 10.0}, {"thickness", 0.5e-9, 0.1e-9, 10e-9}, {"energy_eV", 0.7, 0.1, 1.5, false}};
  const InterphaseFit fit = fit_interphase(model, points, parameters);
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.chi_square, 17.0, 3.0 * std::sqrt(34.0));
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_TRUE(fit.parameters[j].is_identified) << j;
    EXPECT_NEAR(fit.parameters[j].value / truth[j], 1.0, 0.1) << j;
  }
}

// Two valleys; the start given lies in the shallow one.
TEST(interphase_fit, several_starts_find_the_deeper_valley) {
  const auto model = [](std::span<const double> p, const CompositePoint&) {
    const double x = p[0];
    return std::exp((x + 1.0) * (x + 1.0) * 0.5 * ((x - 1.0) * (x - 1.0) + 0.1));
  };
  const std::vector<CompositePoint> points{{.conductivity = 1.0, .relative_uncertainty = 0.01}};
  const std::vector<FitParameter> one{{"x", 1.2, -2.0, 2.0, false}};
  EXPECT_NEAR(fit_interphase(model, points, one, {.starts = 8}).parameters[0].value, -1.0, 0.05);
}

TEST(interphase_fit, steps_around_where_the_model_is_not_defined) {
  const auto model = [](std::span<const double> p, const CompositePoint& point) {
    return p[0] < 1e-3 ? 0.0 : coated(p[0], true_thickness, point.filler_fraction);
  };
  const std::vector<FitParameter> one{{"interphase", 0.5, 1e-6, 1.0}};
  EXPECT_NEAR(fit_interphase(model, points_at(wide, 0.0, 1), one).parameters[0].value / true_interphase, 1.0, 1e-5);
  const auto never = [](std::span<const double>, const CompositePoint&) { return -1.0; };
  EXPECT_THROW(fit_interphase(never, points_at(wide, 0.0, 1), one), base::NumericsError);
}

TEST(interphase_fit, refuses_bad_input_and_can_be_stopped) {
  const std::vector<CompositePoint> points = points_at(wide, 0.0, 1);
  EXPECT_THROW(fit_interphase(coated_model, {}, two), base::ParameterError);
  EXPECT_THROW(fit_interphase(coated_model, points, {}), base::ParameterError);
  const auto with_point = [&](const CompositePoint& point) {
    return fit_interphase(coated_model, std::vector<CompositePoint>{point}, two);
  };
  EXPECT_THROW(with_point({.conductivity = 0.0}), base::ParameterError);
  EXPECT_THROW(with_point({.temperature = 0.0, .conductivity = 1.0}), base::ParameterError);
  EXPECT_THROW(with_point({.conductivity = 1.0, .relative_uncertainty = 0.0}), base::ParameterError);
  EXPECT_THROW(with_point({.filler_fraction = 1.5, .conductivity = 1.0}), base::ParameterError);
  const auto with_parameter = [&](const FitParameter& parameter) {
    return fit_interphase([](std::span<const double> p, const CompositePoint&) { return p[0]; }, points,
                          std::vector<FitParameter>{parameter});
  };
  EXPECT_THROW(with_parameter({"a", 1.0, 2.0, 0.5}), base::ParameterError);
  EXPECT_THROW(with_parameter({"a", 3.0, 1.0, 2.0}), base::ParameterError);
  EXPECT_THROW(with_parameter({"a", 1.0, 0.0, 2.0}), base::ParameterError);
  EXPECT_THROW(with_parameter({"a", 1.0, 0.5, INFINITY}), base::ParameterError);
  EXPECT_THROW(fit_interphase(coated_model, points, two, {.starts = 0}), base::ParameterError);
  EXPECT_THROW(fit_interphase(coated_model, points, two, {.rise = 0.0}), base::ParameterError);
  for (const double until : {0.0, 0.5}) {
    const InterphaseFitOptions options{.progress = [until](double share, std::string_view) { return share < until; }};
    EXPECT_THROW(fit_interphase(coated_model, points, two, options), base::Cancelled);
  }
}

}  // namespace
}  // namespace closo::composite
