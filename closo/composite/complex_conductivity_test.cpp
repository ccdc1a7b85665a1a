#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/composite/conductivity.hpp"

namespace closo::composite {
namespace {

using Complex = std::complex<double>;

template <class Label>
VoxelImage painted(std::array<std::size_t, 3> size, std::size_t labels, Label label) {
  VoxelImage image;
  image.size = size;
  image.phases.assign(labels, Phase::bulk);
  for (std::size_t z = 0; z < size[2]; ++z) {
    for (std::size_t y = 0; y < size[1]; ++y) {
      for (std::size_t x = 0; x < size[0]; ++x) image.labels.push_back(static_cast<std::uint8_t>(label(x, y, z)));
    }
  }
  return image;
}

VoxelImage random_image(std::array<std::size_t, 3> size, std::size_t labels, unsigned seed) {
  std::mt19937_64 engine(seed);
  return painted(size, labels, [&](std::size_t, std::size_t, std::size_t) { return engine() % labels; });
}

Complex kappa(double conductivity, double permittivity, double frequency) {
  return {conductivity, 2.0 * std::numbers::pi * frequency * base::vacuum_permittivity * permittivity};
}

const std::vector<double> conductivities{1e-3, 1e-6, 2e-2}, permittivities{12.0, 7.0, 30.0};
const std::vector<double> frequencies{0.0, 1e2, 1e4, 1e6, 1e7, 1e9};

TEST(complex_conductivity, layers_are_exact_at_every_frequency) {
  for (std::size_t across = 0; across < 3; ++across) {
    const VoxelImage image = painted({9, 6, 5}, 3, [&](std::size_t x, std::size_t y, std::size_t z) {
      return std::array<std::size_t, 3>{x, y, z}[across] % 3;
    });
    const std::vector<double> f = fractions(image);
    for (const Boundary boundary : {Boundary::electrodes, Boundary::periodic}) {
      for (std::size_t axis = 0; axis < 3; ++axis) {
        SolveOptions options;
        options.axis = axis;
        options.boundary = boundary;
        options.tolerance = 1e-8;
        const std::vector<ComplexResult> found =
            complex_conductivity(image, conductivities, permittivities, frequencies, options);
        ASSERT_EQ(found.size(), frequencies.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
          Complex parallel = 0.0, series = 0.0;
          for (std::size_t k = 0; k < 3; ++k) {
            const Complex value = kappa(conductivities[k], permittivities[k], frequencies[i]);
            parallel += f[k] * value;
            series += f[k] / value;
          }
          const Complex expected = axis == across ? 1.0 / series : parallel;
          EXPECT_EQ(found[i].status, SolveStatus::converged);
          EXPECT_LT(std::abs(found[i].conductivity / expected - 1.0), 1e-10) << across << axis << ' ' << frequencies[i];
        }
      }
    }
  }
}

TEST(complex_conductivity, is_the_real_one_where_one_part_vanishes) {
  const VoxelImage image = random_image({20, 18, 16}, 3, 4);
  SolveOptions options;
  options.tolerance = 1e-7;
  const double direct = effective_conductivity(image, conductivities, options).conductivity;
  const std::vector<ComplexResult> found =
      complex_conductivity(image, conductivities, permittivities, std::vector<double>{0.0, 1e-2}, options);
  EXPECT_NEAR(found[0].conductivity.real() / direct, 1.0, 1e-7);
  EXPECT_EQ(found[0].conductivity.imag(), 0.0);
  EXPECT_NEAR(found[1].conductivity.real() / direct, 1.0, 1e-6);
  // Pure dielectrics: the permittivities mix by the same law.
  const double omega = 2.0 * std::numbers::pi * 1e5;
  const Complex dielectric = complex_conductivity(image, std::vector<double>{0.0, 0.0, 0.0}, permittivities,
                                                  std::vector<double>{1e5}, options)[0]
                                 .conductivity;
  const double mixed = effective_conductivity(image, permittivities, options).conductivity;
  EXPECT_NEAR(dielectric.imag() / (omega * base::vacuum_permittivity * mixed), 1.0, 1e-7);
  EXPECT_NEAR(dielectric.real(), 0.0, 1e-12 * dielectric.imag());
}

TEST(complex_conductivity, spectra_of_random_media_are_passive_and_ordered) {
  // κ/(iω) has a Stieltjes form: the real part of κ rises with frequency, its apparent permittivity falls.
  const VoxelImage image = random_image({16, 16, 16}, 3, 8);
  std::vector<double> sweep;
  for (int i = 0; i <= 16; ++i) sweep.push_back(std::pow(10.0, 2.0 + 0.5 * i));
  for (const std::size_t threads : {1, 2}) {
    SolveOptions options;
    options.threads = threads;
    const std::vector<ComplexResult> found =
        complex_conductivity(image, conductivities, permittivities, sweep, options);
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].status, SolveStatus::converged) << sweep[i];
      EXPECT_LE(found[i].relative_residual, 1e-6);
      EXPECT_LT(found[i].iterations, 60u);
      if (i == 0) continue;
      EXPECT_GT(found[i].conductivity.real(), found[i - 1].conductivity.real() * (1.0 - 1e-7));
      EXPECT_LT(found[i].conductivity.imag() / sweep[i],
                found[i - 1].conductivity.imag() / sweep[i - 1] * (1.0 + 1e-6));
    }
  }
}

TEST(complex_conductivity, dilute_sphere_relaxes_at_the_maxwell_wagner_frequency) {
  // J. C. Maxwell Garnett with complex conductivities: one Debye term with τ = ε0 (ε2 + 2 ε1 − f (ε2 − ε1))/(σ2 + 2 σ1
  // − f (σ2 − σ1)). A voxel sphere of 15 voxels across obeys it to the staircase's few per cent of the polarisability.
  const std::size_t n = 32;
  const double radius = 7.5;
  const VoxelImage image = painted({n, n, n}, 2, [&](std::size_t x, std::size_t y, std::size_t z) {
    const auto d = [](std::size_t i) { return static_cast<double>(i) - 15.5; };
    return d(x) * d(x) + d(y) * d(y) + d(z) * d(z) < radius * radius ? 1 : 0;
  });
  const double f = fractions(image)[1];
  const std::vector<double> sigma{1e-4, 1e-2}, epsilon{10.0, 20.0};
  std::vector<double> sweep;
  for (int i = 0; i <= 8; ++i) sweep.push_back(std::pow(10.0, 4.5 + 0.5 * i));
  SolveOptions options;
  options.boundary = Boundary::periodic;
  const std::vector<ComplexResult> found = complex_conductivity(image, sigma, epsilon, sweep, options);
  for (std::size_t i = 0; i < sweep.size(); ++i) {
    const Complex host = kappa(sigma[0], epsilon[0], sweep[i]), inside = kappa(sigma[1], epsilon[1], sweep[i]);
    const Complex beta = (inside - host) / (inside + 2.0 * host);
    const Complex expected = host * (1.0 + 2.0 * f * beta) / (1.0 - f * beta);
    EXPECT_LT(std::abs(found[i].conductivity - expected), 0.04 * std::abs(expected - host)) << sweep[i];
  }
}

TEST(complex_conductivity, a_cut_conductor_has_no_path_without_permittivity) {
  const VoxelImage cut = painted({8, 4, 4}, 2, [](std::size_t x, std::size_t, std::size_t) { return x == 4 ? 0 : 1; });
  const std::vector<ComplexResult> found =
      complex_conductivity(cut, std::vector<double>{0.0, 1.0}, std::vector<double>{0.0, 5.0}, std::vector<double>{1e3});
  EXPECT_EQ(found[0].status, SolveStatus::no_path);
  EXPECT_EQ(found[0].conductivity, 0.0);
  // With it the gap is a capacitor.
  const Complex gap = complex_conductivity(cut, std::vector<double>{0.0, 1.0}, std::vector<double>{3.0, 5.0},
                                           std::vector<double>{1e3})[0]
                          .conductivity;
  EXPECT_NEAR(gap.imag() / (8.0 * 3.0 * 2.0 * std::numbers::pi * 1e3 * base::vacuum_permittivity), 1.0, 1e-5);
}

TEST(complex_conductivity, says_what_it_does_not_accept) {
  const VoxelImage image = random_image({4, 4, 4}, 2, 1);
  const std::vector<double> two{1.0, 2.0}, one{1.0}, negative{1.0, -1.0}, hertz{1.0};
  EXPECT_THROW(complex_conductivity(image, one, two, hertz), base::ParameterError);
  EXPECT_THROW(complex_conductivity(image, two, one, hertz), base::ParameterError);
  EXPECT_THROW(complex_conductivity(image, two, negative, hertz), base::ParameterError);
  EXPECT_THROW(complex_conductivity(image, two, two, std::vector<double>{-1.0}), base::ParameterError);
  SolveOptions layered;
  layered.surface_layers = {{{0, 1}, 1e-10, 1.0}};
  EXPECT_THROW(complex_conductivity(image, two, two, hertz, layered), base::ParameterError);
  SolveOptions cancelled;
  cancelled.threads = 2;
  cancelled.progress = [](double, std::string_view) { return false; };
  EXPECT_THROW(complex_conductivity(image, two, two, hertz, cancelled), base::Cancelled);
  cancelled.progress = [](double, std::string_view) -> bool { throw base::NumericsError("from outside"); };
  EXPECT_THROW(complex_conductivity(image, two, two, hertz, cancelled), base::NumericsError);
}

}  // namespace
}  // namespace closo::composite
