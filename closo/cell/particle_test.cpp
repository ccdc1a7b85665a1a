#include "closo/cell/particle.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::cell {
namespace {

constexpr std::array<ParticleShape, 3> shapes{ParticleShape::slab, ParticleShape::cylinder, ParticleShape::sphere};

/// Steps a bank with a flux of time; returns the last surface value of particle 0.
template <class Flux, class Diffusivity>
double run(ParticleBank& bank, double end, int steps, const Flux& flux, const Diffusivity& diffusivity) {
  double surface = 0.0;
  std::vector<double> g(bank.count());
  double previous = 0.0;
  const double step = end / steps;
  for (int k = 0; k < steps; ++k) {
    for (std::size_t p = 0; p < bank.count(); ++p) g[p] = flux(step * (k + 1), p);
    const BdfWeights weights = bdf_weights(k == 0 ? 1 : 2, step, previous);
    if constexpr (std::is_same_v<Diffusivity, double>) {
      bank.prepare(weights, diffusivity);
      surface = bank.surface_base()[0] + bank.surface_response()[0] * g[0];
      bank.finish(g);
    } else {
      const DiffusivityCurve curve(diffusivity);
      bank.prepare(weights, curve, previous);
      bank.finish(g);
      while (bank.distance_to_linearisation() > 1e-9) {
        bank.prepare_again(weights, curve, 1.0);
        bank.finish(g);
      }
      surface = curve.stoichiometry(bank.surface_base()[0] + bank.surface_response()[0] * g[0]);
    }
    bank.accept();
    previous = step;
  }
  return surface;
}

// L3: J. Crank, The Mathematics of Diffusion (1975), eq. 6.60: constant flux into a sphere.
double crank_sphere(double tau) {
  double sum = 3.0 * tau + 0.2;
  for (int n = 1; n <= 200; ++n) {
    double root = (n + 0.5) * std::numbers::pi;
    for (int k = 0; k < 50; ++k) root = n * std::numbers::pi + std::atan(root);
    sum -= 2.0 * std::exp(-root * root * tau) / (root * root);
  }
  return sum;
}

TEST(Particle, ConstantFluxIntoASphereFollowsCrank) {
  constexpr double radius = 2e-6;
  constexpr double diffusivity = 1e-15;
  constexpr double flux = 1e-11;  // m/s
  for (const double tau : {0.01, 0.03, 0.1, 0.5}) {
    ParticleBank bank(ParticleShape::sphere, radius, 60, 1.5, 1, 0.1);
    const double surface = run(
        bank, tau * radius * radius / diffusivity, 4000, [](double, std::size_t) { return flux; }, diffusivity);
    EXPECT_NEAR(surface - 0.1, flux * radius / diffusivity * crank_sphere(tau), 5e-4 * (surface - 0.1)) << tau;
  }
}

// L3: a film is full at its surface after the time of H. J. S. Sand, Philos. Mag. 1 (1901) 45, (π D/4)((1 - z)/g)².
TEST(Particle, PlanarFilmsFillAfterSandsTime) {
  constexpr double diffusivity = 1e-15;
  for (const double flux : {3e-10, 1e-9}) {
    const double time = std::numbers::pi * diffusivity / 4.0 * std::pow(0.6 / flux, 2);
    ParticleBank bank(ParticleShape::slab, 20e-6, 200, 3.0, 1, 0.4);
    const double surface = run(
        bank, time, 4000, [&](double, std::size_t) { return flux; }, diffusivity);
    EXPECT_NEAR(surface, 1.0, 1e-3) << flux;
    EXPECT_NEAR(bank.at(0, 0), 0.4, 1e-9);  // the other side knows nothing of it yet
  }
}

TEST(Particle, SteadyFluxIsExactOnEveryMesh) {
  // Surface above the mean: g R / D × 1/3, 1/4, 1/5.
  for (const ParticleShape shape : shapes) {
    for (const std::size_t shells : {2, 7, 30}) {
      for (const double grading : {1.0, 1.5, 2.5}) {
        ParticleBank bank(shape, 1e-6, shells, grading, 1, 0.1);
        const double surface = run(
            bank, 1e4, 200, [](double, std::size_t) { return 1e-12; }, 1e-15);
        const double expected = 1e-12 * 1e-6 / 1e-15 / (surface_factor(shape) + 2.0);
        EXPECT_NEAR(surface - bank.mean(0), expected, 1e-9 * expected) << shells << " " << grading;
      }
    }
  }
}

TEST(Particle, ConservesWhatFlowsIn) {
  for (const ParticleShape shape : shapes) {
    ParticleBank bank(shape, 1e-6, 25, 1.5, 3, 0.2);
    run(
        bank, 1000.0, 137, [](double, std::size_t p) { return 1e-11 * (1.0 + 0.3 * static_cast<double>(p)); }, 3e-15);
    std::vector<double> means(3);
    bank.means(means);
    for (std::size_t p = 0; p < 3; ++p) {
      const double expected = 0.2 + surface_factor(shape) / 1e-6 * 1e-11 * (1.0 + 0.3 * p) * 1000.0;
      EXPECT_NEAR(bank.mean(p), expected, 1e-13);
      EXPECT_NEAR(means[p], bank.mean(p), 1e-15);
    }
  }
}

// D t/R² of 1e8 a step: the solution alone would lose its eighth digit.
TEST(Particle, ConservesOverStepsFarLongerThanDiffusion) {
  ParticleBank bank(ParticleShape::sphere, 1e-7, 30, 1.5, 1, 0.2);
  run(
      bank, 1e7, 10, [](double, std::size_t) { return 1e-15; }, 1e-12);
  EXPECT_NEAR(bank.mean(0), 0.2 + 3e7 * 1e-15 * 1e7, 1e-13);
}

TEST(Particle, ConservesWithVaryingDiffusivity) {
  ParticleBank bank(ParticleShape::sphere, 1e-6, 25, 1.5, 2, 0.2);
  run(
      bank, 1000.0, 137, [](double, std::size_t) { return 1e-11; }, [](double z) { return 1e-15 * (1.0 + 5.0 * z); });
  EXPECT_NEAR(bank.mean(0), 0.2 + 3e6 * 1e-11 * 1000.0, 1e-13);
}

TEST(Particle, ConstantFunctionIsTheConstant) {
  ParticleBank one(ParticleShape::sphere, 1e-6, 25, 1.5, 2, 0.2);
  ParticleBank two = one;
  const auto flux = [](double t, std::size_t) { return 1e-11 * std::sin(t / 100.0); };
  const double a = run(one, 1000.0, 137, flux, 2e-15);
  const double b = run(two, 1000.0, 137, flux, [](double) { return 2e-15; });
  EXPECT_NEAR(a, b, 1e-13);
  EXPECT_NEAR(one.at(0, 1), two.at(0, 1), 1e-13);
}

TEST(Particle, VaryingDiffusivityConvergesToSecondOrderInTime) {
  const auto flux = [](double t, std::size_t) { return 2e-11 * std::pow(std::sin(t / 600.0), 2); };
  const auto diffusivity = [](double z) { return 1e-15 * std::exp(2.0 * z); };
  std::array<double, 4> surface{};
  for (std::size_t k = 0; k < 4; ++k) {
    ParticleBank bank(ParticleShape::slab, 1e-6, 20, 1.0, 1, 0.2);
    surface[k] = run(bank, 1000.0, 50 << k, flux, diffusivity);
  }
  const double ratio = (surface[1] - surface[2]) / (surface[2] - surface[3]);
  EXPECT_GT(ratio, 3.2);
  EXPECT_LT(ratio, 5.0);
}

TEST(Particle, ConvergesToSecondOrderInTimeAndSpace) {
  const auto flux = [](double t, std::size_t) { return 1e-11 * std::pow(std::sin(t / 600.0), 2); };
  for (const ParticleShape shape : shapes) {
    std::array<double, 4> in_time{};
    std::array<double, 4> in_space{};
    for (std::size_t k = 0; k < 4; ++k) {
      ParticleBank bank(shape, 2e-6, 20, 1.5, 1, 0.2);
      in_time[k] = run(bank, 1000.0, 50 << k, flux, 1e-15);
      ParticleBank fine(shape, 2e-6, 10U << k, 1.5, 1, 0.2);
      in_space[k] = run(fine, 1000.0, 400, flux, 1e-15);
    }
    EXPECT_NEAR((in_time[1] - in_time[2]) / (in_time[2] - in_time[3]), 4.0, 0.5);
    EXPECT_NEAR((in_space[1] - in_space[2]) / (in_space[2] - in_space[3]), 4.0, 0.8);
  }
}

TEST(Particle, VariableStepsKeepSecondOrder) {
  const BdfWeights weights = bdf_weights(2, 3.0, 2.0);
  // Exact for parabolas: t² at -2, 0, 3 has the slope 6 at 3.
  EXPECT_NEAR((weights.next * 9.0 + weights.now * 0.0 + weights.before * 4.0) / 3.0, 6.0, 1e-14);
  EXPECT_NEAR(weights.next + weights.now + weights.before, 0.0, 1e-15);
  EXPECT_EQ(bdf_weights(1, 3.0, 2.0).before, 0.0);
  EXPECT_EQ(bdf_weights(2, 3.0, 0.0).before, 0.0);
}

TEST(Particle, DistancesVanishForLinesAndParabolasInTime) {
  ParticleBank bank(ParticleShape::slab, 1e-6, 4, 1.0, 2, 0.0);
  const auto profile = [&](double value) { return std::vector<double>(8, value); };
  const auto level = [](double t) { return 0.3 + 0.02 * t + 0.001 * t * t; };
  bank.restore({profile(level(3.0)), profile(level(1.0)), profile(level(0.0))});
  bank.prepare_instant(1e-15);  // the candidate is the present profile
  bank.finish(std::vector<double>{0.0, 0.0});
  // Extrapolated to t = 7 less the candidate, level(3).
  const double line = level(3.0) + 4.0 * (level(3.0) - level(1.0)) / 2.0;
  EXPECT_NEAR(bank.distance_to_linear(4.0, 2.0), std::abs(line - level(3.0)), 1e-14);
  EXPECT_NEAR(bank.distance_to_quadratic(4.0, 2.0, 1.0), level(7.0) - level(3.0), 1e-13);
}

TEST(Particle, InstantAnswersOnlyAtTheSurface) {
  ParticleBank bank(ParticleShape::sphere, 1e-6, 10, 1.0, 1, 0.4);
  bank.prepare_instant(1e-15);
  EXPECT_EQ(bank.surface_base()[0], 0.4);
  EXPECT_NEAR(bank.surface_response()[0], bank.outer_distance() / 1e-15, 1e-3);
  EXPECT_NEAR(bank.outer_distance(), 0.05e-6, 0.004e-6);
  const DiffusivityCurve curve([](double z) { return 1e-15 * (0.2 + 0.5 * z); });
  bank.prepare_instant(curve);
  // The flux that leads to 0.6 is ∫ D dz / distance.
  const double flux = 1e-15 * (0.2 * 0.2 + 0.25 * (0.36 - 0.16)) / bank.outer_distance();
  EXPECT_NEAR(curve.stoichiometry(bank.surface_base()[0]), 0.4, 1e-15);
  EXPECT_NEAR(curve.stoichiometry(bank.surface_base()[0] + bank.surface_response()[0] * flux), 0.6, 1e-12);
  EXPECT_EQ(bank.distance_to_linearisation(), 0.0);
}

TEST(Particle, SteadyFluxThroughAVaryingDiffusivityIsItsIntegral) {
  // Slab with as much flowing in as an even source takes away: D z' = g x / R, so Φ(surface) - Φ(x) = g (R² - x²)/2R.
  ParticleBank bank(ParticleShape::slab, 1e-6, 40, 1.5, 1, 0.05);
  const auto diffusivity = [](double z) { return 1e-14 * (0.02 + z * z); };
  const double surface = run(
      bank, 2e5, 400, [](double, std::size_t) { return 2e-12; }, diffusivity);
  const auto integral = [](double z) { return 1e-14 * (0.02 * z + z * z * z / 3.0); };
  // In the middle shell the mean lies at x = 0 to first order in its width squared.
  EXPECT_NEAR(integral(surface) - integral(bank.at(0, 0)), 1e-18, 2e-3 * 1e-18);
}

TEST(Particle, KnowsWhenItOvershoots) {
  ParticleBank bank(ParticleShape::sphere, 1e-6, 10, 1.5, 2, 0.9);
  for (const double flux : {1e-12, 1e-9}) {
    bank.prepare(bdf_weights(1, 100.0, 0.0), 1e-13);
    bank.finish(std::vector<double>{0.0, flux});
    EXPECT_EQ(bank.is_within_range(), flux == 1e-12);
  }
  bank.prepare(bdf_weights(1, 100.0, 0.0), 1e-13);
  bank.finish(std::vector<double>{-1e-8, 0.0});
  EXPECT_FALSE(bank.is_within_range());
}

TEST(Particle, MeshFillsTheParticle) {
  for (const ParticleShape shape : shapes) {
    const ParticleBank bank(shape, 3e-6, 17, 2.0, 1, 0.5);
    EXPECT_NEAR(std::accumulate(bank.volumes().begin(), bank.volumes().end(), 0.0), 1.0, 1e-14);
    EXPECT_EQ(bank.conductances().size(), 16U);
    EXPECT_NEAR(bank.surface_per_volume(), surface_factor(shape) / 3e-6, 1e-6);
  }
}

TEST(Particle, RestoresItsState) {
  ParticleBank bank(ParticleShape::sphere, 1e-6, 10, 1.5, 2, 0.4);
  const auto flux = [](double t, std::size_t p) { return 1e-12 * (1.0 + t * static_cast<double>(p)); };
  run(bank, 10.0, 7, flux, 1e-15);
  ParticleBank other(ParticleShape::sphere, 1e-6, 10, 1.5, 2, 0.9);
  other.restore(bank.state());
  EXPECT_EQ(other.state(), bank.state());
  EXPECT_EQ(run(other, 3.0, 5, flux, 1e-15), run(bank, 3.0, 5, flux, 1e-15));
  ParticleBank::State wrong = bank.state();
  wrong.before.pop_back();
  EXPECT_THROW(other.restore(wrong), base::ParameterError);
}

TEST(Particle, Refuses) {
  const auto make = [](double radius, std::size_t shells, double grading, double start) {
    return ParticleBank(ParticleShape::sphere, radius, shells, grading, 1, start);
  };
  EXPECT_THROW(make(0.0, 10, 1.0, 0.5), base::ParameterError);
  EXPECT_THROW(make(1e-6, 1, 1.0, 0.5), base::ParameterError);
  EXPECT_THROW(make(1e-6, 10, 0.5, 0.5), base::ParameterError);
  EXPECT_THROW(make(1e-6, 10, 4.0, 0.5), base::ParameterError);
  EXPECT_THROW(make(1e-6, 10, 1.0, 1.5), base::ParameterError);
}

}  // namespace
}  // namespace closo::cell
