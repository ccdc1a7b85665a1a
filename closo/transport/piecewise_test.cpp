#include "closo/transport/piecewise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"

namespace closo::transport {
namespace {

using Points = std::vector<ConductivityPoint>;

// LiBH4 as in the review (Pang et al. 2018, sec. 2.1.1): 0.69 eV below 390 K, 0.53 eV above, a jump of decades.
Points jump_points(double noise, unsigned seed, double stated = 0.0) {
  const ArrheniusLaw low = anchored_law(298, 1e-5, {}, 0.69, {});
  const ArrheniusLaw high = anchored_law(443, 1.0, {}, 0.53, {});
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Points points;
  for (double t = 300; t <= 470; t += 10) {
    const double value = (t < 388 ? low : high).conductivity(t) * std::exp(noise * normal(random));
    points.push_back({.temperature = t, .conductivity = value, .uncertainty = stated * value});
  }
  return points;
}

// Na3BH4B12H12: 0.517 eV at 218-273 K, 0.340 eV at 273-468 K, continuous (same review, sec. 2.1.2).
Points kink_points(double noise, unsigned seed, double kink = 273.0, double step = 15.0) {
  const ArrheniusLaw high = anchored_law(298, 0.05, {}, 0.34, {});
  const ArrheniusLaw low = anchored_law(kink, high.conductivity(kink), {}, 0.517, {});
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Points points;
  for (double t = 180; t <= 468; t += step) {
    points.push_back(
        {.temperature = t, .conductivity = (t < kink ? low : high).conductivity(t) * std::exp(noise * normal(random))});
  }
  return points;
}

TEST(Piecewise, FindsAJumpExactly) {
  const PiecewiseFit fit = find_transitions(jump_points(0.0, 1));
  ASSERT_EQ(fit.status, num::FitStatus::ok);
  ASSERT_EQ(fit.segments.size(), 2U);
  EXPECT_NEAR(fit.segments[0].law.activation_energy_eV, 0.69, 1e-9);
  EXPECT_NEAR(fit.segments[1].law.activation_energy_eV, 0.53, 1e-9);
  const Transition& transition = fit.transitions[0];
  EXPECT_FALSE(transition.continuous);
  EXPECT_EQ(transition.low, 380.0);
  EXPECT_EQ(transition.high, 390.0);
  EXPECT_NEAR(transition.temperature, 385.0, 1e-12);
  const double jump = std::log10(anchored_law(443, 1.0, {}, 0.53, {}).conductivity(385) /
                                 anchored_law(298, 1e-5, {}, 0.69, {}).conductivity(385));
  EXPECT_NEAR(transition.jump_decades, jump, 1e-9);
  EXPECT_NEAR(fit.r_squared, 1.0, 1e-12);
  EXPECT_NEAR(fit.law().conductivity(450), anchored_law(443, 1.0, {}, 0.53, {}).conductivity(450), 1e-9);
}

TEST(Piecewise, FindsAKinkBetweenPointsAndAtAPoint) {
  for (const double kink : {273.0, 277.5, 285.0}) {
    const PiecewiseFit fit = find_transitions(kink_points(0.0, 1, kink));
    ASSERT_EQ(fit.segments.size(), 2U) << kink;
    EXPECT_TRUE(fit.transitions[0].continuous) << kink;
    EXPECT_NEAR(fit.transitions[0].temperature, kink, 1e-4);
    EXPECT_LE(fit.transitions[0].low, kink + 1e-9);
    EXPECT_GE(fit.transitions[0].high, kink - 1e-9);
    EXPECT_NEAR(fit.segments[0].law.activation_energy_eV, 0.517, 1e-6);
    EXPECT_NEAR(fit.segments[1].law.activation_energy_eV, 0.340, 1e-6);
  }
}

TEST(Piecewise, NoisyKinkLiesWithinItsUncertainty) {
  int within = 0, found = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    const PiecewiseFit fit = find_transitions(kink_points(0.03, seed, 275.0, 6.0));
    if (fit.segments.size() != 2 || !fit.transitions[0].uncertainty) continue;
    ++found;
    if (std::abs(fit.transitions[0].temperature - 275.0) < 3.0 * *fit.transitions[0].uncertainty) ++within;
  }
  EXPECT_GE(found, 195);
  EXPECT_GE(within, found * 9 / 10);
}

TEST(Piecewise, StraightDataStayStraight) {
  int false_alarms = 0;
  for (const int n : {7, 9, 12, 18, 30}) {
    for (unsigned seed = 0; seed < 60; ++seed) {
      std::mt19937_64 random(1000 * static_cast<unsigned>(n) + seed);
      std::normal_distribution<double> normal;
      const ArrheniusLaw law = anchored_law(303.15, 0.029, {}, 0.42, {});
      Points points;
      for (int i = 0; i < n; ++i) {
        const double t = 303.15 + 70.0 * i / (n - 1);
        points.push_back({.temperature = t, .conductivity = law.conductivity(t) * std::exp(0.05 * normal(random))});
      }
      if (find_transitions(points).segments.size() != 1) ++false_alarms;
    }
  }
  EXPECT_LE(false_alarms, 6);  // 2 % of 300
}

TEST(Piecewise, ThreeSegments) {
  const ArrheniusLaw a = anchored_law(250, 1e-6, {}, 0.8, {}), b = anchored_law(320, 1e-2, {}, 0.4, {});
  const ArrheniusLaw c = anchored_law(390, b.conductivity(390), {}, 0.15, {});
  Points points;
  for (double t = 230; t < 450; t += 8) {
    const ArrheniusLaw& law = t < 290 ? a : t < 390 ? b : c;
    points.push_back(
        {.temperature = t, .conductivity = law.conductivity(t), .uncertainty = 0.05 * law.conductivity(t)});
  }
  const PiecewiseFit fit = find_transitions(points);
  ASSERT_EQ(fit.segments.size(), 3U);
  EXPECT_FALSE(fit.transitions[0].continuous);
  EXPECT_TRUE(fit.transitions[1].continuous);
  EXPECT_NEAR(fit.transitions[1].temperature, 390.0, 0.1);
  EXPECT_NEAR(fit.segments[2].law.activation_energy_eV, 0.15, 1e-4);
  EXPECT_LT(fit.chi_square, 1e-6);
  ASSERT_EQ(fit.candidates.size(), 3U);
  EXPECT_LT(fit.candidates[2].criterion, fit.candidates[1].criterion);
}

// The search against brute force with an independent method: every division fitted by fit_arrhenius.
TEST(Piecewise, JumpSearchIsExhaustive) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    Points points;
    for (int i = 0; i < 14; ++i) {
      points.push_back({.temperature = 250.0 + 11.0 * i + 3.0 * std::sin(i), .conductivity = std::exp(normal(random))});
    }
    double best = 1e300;
    const auto chi = [&](std::size_t first, std::size_t last) {
      return fit_arrhenius(std::span(points).subspan(first, last - first)).chi_square;
    };
    for (std::size_t i = 3; i + 3 <= points.size(); ++i) {
      for (std::size_t j = i + 3; j + 3 <= points.size(); ++j) {
        best = std::min(best, chi(0, i) + chi(i, j) + chi(j, points.size()));
      }
    }
    const PiecewiseFit fit = find_transitions(points, {.joint = JointKind::jump, .segments = 3});
    EXPECT_NEAR(fit.chi_square, best, 1e-9 * best);
    EXPECT_NEAR(fit.candidates[2].chi_square, best, 1e-9 * best);
  }
}

// Continuous search: no broken line with knots on a fine grid is better, and the fitted segments meet.
TEST(Piecewise, ContinuousSearchBeatsEveryGridKnot) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const Points points = kink_points(0.15, seed, 290.0, 22.0);
    const PiecewiseFit fit = find_transitions(points, {.joint = JointKind::continuous, .segments = 2});
    ASSERT_EQ(fit.segments.size(), 2U);
    const double t = fit.transitions[0].temperature;
    EXPECT_NEAR(fit.segments[0].law.log_conductivity(t), fit.segments[1].law.log_conductivity(t), 1e-8);
    for (double knot = points[2].temperature + 0.1; knot < points[points.size() - 3].temperature; knot += 3.1) {
      const std::vector<double> given{knot};
      const PiecewiseFit hinge = fit_with_transitions(points, given, {.joint = JointKind::continuous});
      EXPECT_GE(hinge.chi_square, fit.chi_square * (1.0 - 1e-9));
    }
    const PiecewiseFit free = find_transitions(points, {.joint = JointKind::jump, .segments = 2});
    EXPECT_LE(free.chi_square, fit.chi_square * (1.0 + 1e-9));
    const PiecewiseFit three = find_transitions(points, {.joint = JointKind::continuous, .segments = 3});
    EXPECT_LE(three.chi_square, fit.chi_square * (1.0 + 1e-9));
    for (std::size_t i = 0; i < three.transitions.size(); ++i) {
      const double at = three.transitions[i].temperature;
      EXPECT_NEAR(three.segments[i].law.log_conductivity(at), three.segments[i + 1].law.log_conductivity(at), 1e-8);
    }
  }
}

TEST(Piecewise, OrderOfPointsDoesNotMatter) {
  Points points = jump_points(0.05, 5);
  const PiecewiseFit fit = find_transitions(points);
  std::mt19937_64 random(9);
  std::shuffle(points.begin(), points.end(), random);
  const PiecewiseFit shuffled = find_transitions(points);
  ASSERT_EQ(fit.segments.size(), shuffled.segments.size());
  EXPECT_NEAR(fit.segments[0].law.activation_energy_eV, shuffled.segments[0].law.activation_energy_eV, 1e-12);
  EXPECT_EQ(fit.transitions[0].temperature, shuffled.transitions[0].temperature);
}

TEST(Piecewise, GivenTransition) {
  const Points points = jump_points(0.0, 1, 0.05);
  const std::vector<double> given{388.0};
  const PiecewiseFit fit = fit_with_transitions(points, given);
  ASSERT_EQ(fit.segments.size(), 2U);
  EXPECT_TRUE(fit.transitions[0].given);
  EXPECT_EQ(fit.transitions[0].temperature, 388.0);
  EXPECT_NEAR(fit.segments[0].law.activation_energy_eV, 0.69, 1e-9);
  EXPECT_GT(fit.transitions[0].jump_decades, 1.5);
  EXPECT_TRUE(fit.transitions[0].jump_uncertainty.has_value());
  EXPECT_EQ(fit.degrees_of_freedom, points.size() - 4);
  const PiecewiseFit none = fit_with_transitions(points, {});
  ASSERT_EQ(none.segments.size(), 1U);
  EXPECT_NEAR(none.chi_square, fit_arrhenius(points).chi_square, 1e-9 * none.chi_square);
}

TEST(Piecewise, GivenKinkSharesItsFit) {
  const Points points = kink_points(0.02, 3);
  const std::vector<double> given{273.0};
  const PiecewiseFit fit = fit_with_transitions(points, given, {.joint = JointKind::continuous});
  ASSERT_EQ(fit.segments.size(), 2U);
  EXPECT_NEAR(fit.segments[0].law.conductivity(273.0), fit.segments[1].law.conductivity(273.0),
              1e-9 * fit.segments[0].law.conductivity(273.0));
  EXPECT_EQ(fit.degrees_of_freedom, points.size() - 3);
  EXPECT_NEAR(fit.segments[0].law.activation_energy_eV, 0.517, 4.0 * std::sqrt(fit.segments[0].law.energy_variance));
  EXPECT_NEAR(fit.segments[1].law.activation_energy_eV, 0.340, 4.0 * std::sqrt(fit.segments[1].law.energy_variance));
  // Both segments state the same variance where they meet.
  EXPECT_NEAR(fit.segments[0].law.log_conductivity_variance(273.0),
              fit.segments[1].law.log_conductivity_variance(273.0),
              1e-9 * fit.segments[0].law.log_conductivity_variance(273.0));
}

TEST(Piecewise, Hysteresis) {
  const auto branch = [](double transition) {
    Points points;
    for (double t = 400; t <= 600; t += 10) {
      const ArrheniusLaw law =
          t < transition ? anchored_law(500, 1e-3, {}, 0.77, {}) : anchored_law(500, 3.0, {}, 0.27, {});
      points.push_back({.temperature = t, .conductivity = law.conductivity(t)});
    }
    return find_transitions(points);
  };
  const std::vector<Hysteresis> result = hysteresis(branch(535), branch(485));
  ASSERT_EQ(result.size(), 1U);
  EXPECT_NEAR(result[0].width, 50.0, 1e-9);
  EXPECT_NEAR(result[0].width_low, 40.0, 1e-9);
  EXPECT_NEAR(result[0].width_high, 60.0, 1e-9);
  EXPECT_TRUE(hysteresis(branch(535), find_transitions(kink_points(0, 1), {.segments = 1})).empty());
}

TEST(Piecewise, FewPointsAreAStatus) {
  EXPECT_EQ(find_transitions(Points{}).status, num::FitStatus::too_few_points);
  EXPECT_EQ(fit_with_transitions(Points{{300, 1}}, {}).status, num::FitStatus::too_few_points);
  Points five = jump_points(0.0, 1);
  five.resize(5);
  EXPECT_EQ(find_transitions(five).segments.size(), 1U);
  EXPECT_EQ(find_transitions(five, {.segments = 2}).segments.size(), 2U);  // a kink at the middle point, shared by both
  five.resize(4);
  EXPECT_EQ(find_transitions(five, {.segments = 2}).status, num::FitStatus::too_few_points);
}

TEST(Piecewise, RefusesBadOptions) {
  const Points points = jump_points(0.0, 1);
  EXPECT_THROW(find_transitions(points, {.max_segments = 0}), base::ParameterError);
  EXPECT_THROW(find_transitions(points, {.max_segments = 4}), base::ParameterError);
  EXPECT_THROW(find_transitions(points, {.segments = 4}), base::ParameterError);
  EXPECT_THROW(find_transitions(points, {.min_points = 1}), base::ParameterError);
  EXPECT_THROW(find_transitions(points, {.evidence = -1.0}), base::ParameterError);
  EXPECT_THROW(find_transitions(points, {.noise_floor = 0.0}), base::ParameterError);
  EXPECT_THROW(find_transitions(Points(2001, {300, 1})), base::ParameterError);
  EXPECT_THROW(find_transitions(Points{{300, -1}, {310, 1}}), base::ParameterError);
  EXPECT_THROW(fit_with_transitions(points, std::vector<double>{305.0}), base::ParameterError);
  EXPECT_THROW(fit_with_transitions(points, std::vector<double>{900.0}), base::ParameterError);
  EXPECT_THROW(fit_with_transitions(points, std::vector<double>{-1.0}), base::ParameterError);
}

}  // namespace
}  // namespace closo::transport
