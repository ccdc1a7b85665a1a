#include "closo/composite/conductivity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::composite {
namespace {

VoxelImage box(std::array<std::size_t, 3> size, std::size_t labels) {
  VoxelImage image;
  image.size = size;
  image.labels.assign(image.voxels(), 0);
  image.phases.assign(labels, Phase::bulk);
  return image;
}

template <class Label>
VoxelImage painted(std::array<std::size_t, 3> size, std::size_t labels, Label label) {
  VoxelImage image = box(size, labels);
  for (std::size_t z = 0; z < size[2]; ++z) {
    for (std::size_t y = 0; y < size[1]; ++y) {
      for (std::size_t x = 0; x < size[0]; ++x)
        image.labels[image.index(x, y, z)] = static_cast<std::uint8_t>(label(x, y, z));
    }
  }
  return image;
}

VoxelImage random_image(std::array<std::size_t, 3> size, std::vector<double> fractions, unsigned seed) {
  std::mt19937_64 engine(seed);
  return painted(size, fractions.size(), [&](std::size_t, std::size_t, std::size_t) {
    double u = static_cast<double>(engine() >> 11) * 0x1p-53;
    std::size_t label = 0;
    while (label + 1 < fractions.size() && u >= fractions[label]) u -= fractions[label++];
    return label;
  });
}

/// One octant-symmetric cell of the simple cubic array: label 1 inside the sphere by the middle of the voxel.
VoxelImage cubic_spheres(std::size_t n, double fraction) {
  const double radius = std::cbrt(3.0 * fraction / (4.0 * M_PI));
  const auto middle = [n](std::size_t i) { return (static_cast<double>(i) + 0.5) / static_cast<double>(n) - 0.5; };
  return painted({n, n, n}, 2, [&](std::size_t x, std::size_t y, std::size_t z) {
    return middle(x) * middle(x) + middle(y) * middle(y) + middle(z) * middle(z) < radius * radius ? 1 : 0;
  });
}

TEST(conductivity, layers_in_parallel_and_in_series_to_rounding) {
  const std::vector<double> values{1.0, 250.0, 1e-4};
  for (const std::array<std::size_t, 3> size : {std::array<std::size_t, 3>{12, 9, 7}, {5, 1, 1}, {16, 16, 3}}) {
    for (std::size_t across = 0; across < 3; ++across) {
      const auto label = [&](std::size_t x, std::size_t y, std::size_t z) {
        const std::array<std::size_t, 3> at{x, y, z};
        return at[across] % 3;
      };
      VoxelImage image = painted(size, 3, label);
      image.spacing = {1e-9, 2.5e-9, 0.7e-9};
      const std::vector<double> f = fractions(image);
      double parallel = 0.0, resistance = 0.0;
      for (std::size_t i = 0; i < 3; ++i) {
        parallel += f[i] * values[i];
        resistance += f[i] / values[i];
      }
      for (const Boundary boundary : {Boundary::electrodes, Boundary::periodic}) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
          SolveOptions options;
          options.axis = axis;
          options.boundary = boundary;
          options.tolerance = 1e-9;
          const ConductivityResult result = effective_conductivity(image, values, options);
          const double expected = axis == across ? 1.0 / resistance : parallel;
          EXPECT_EQ(result.status, SolveStatus::converged);
          EXPECT_NEAR(result.conductivity / expected, 1.0, 1e-12)
              << size[0] << ' ' << across << ' ' << axis << ' ' << static_cast<int>(boundary);
          EXPECT_NEAR(result.flux_conductivity / expected, 1.0, 1e-8);
        }
      }
    }
  }
}

/// ../shared/data/composite/grf128.u8 in C order: the slowest index, here z, is the axis.
VoxelImage shared_image(std::size_t labels) {
  VoxelImage image;
  std::ifstream file(CLOSO_SHARED_DIR "/data/composite/grf128.u8", std::ios::binary);
  if (!file) return image;
  image = box({128, 128, 128}, labels);
  file.read(reinterpret_cast<char*>(image.labels.data()), static_cast<std::streamsize>(image.labels.size()));
  for (std::uint8_t& label : image.labels) label = labels == 2 ? label & 1 : label >> 1;
  return image;
}

TEST(conductivity, random_field_of_two_and_three_phases) {
  // Converged finite-volume answers, found with several solvers to 1e-9 and better.
  const VoxelImage two = shared_image(2);
  if (two.labels.empty()) GTEST_SKIP() << "shared/data/composite/grf128.u8 is not here";
  SolveOptions options;
  options.axis = 2;
  options.threads = 2;
  const ConductivityResult plain = effective_conductivity(two, std::vector<double>{0.0, 1.0}, options);
  EXPECT_EQ(plain.status, SolveStatus::converged);
  EXPECT_NEAR(plain.conductivity / 0.259660457, 1.0, 1e-7);
  EXPECT_NEAR(plain.flux_conductivity / 0.259660457, 1.0, 1e-5);
  EXPECT_LE(plain.relative_residual, 1e-6);
  EXPECT_LE(plain.flux_imbalance, 1e-6);
  EXPECT_EQ(plain.removed_cells, 1202u);
  const ConductivityResult coated =
      effective_conductivity(shared_image(3), std::vector<double>{1.0, 1e3, 1e-6}, options);
  EXPECT_EQ(coated.status, SolveStatus::converged);
  EXPECT_NEAR(coated.conductivity / 33.5276919, 1.0, 1e-7);
  // 36 bytes a voxel are the bar.
  EXPECT_LE(static_cast<double>(coated.bytes), 36.0 * 128 * 128 * 128);
}

TEST(conductivity, cubic_arrays_of_spheres_converge_to_the_multipole_answers) {
  // Multipole expansion to order 25 after D. R. McKenzie, R. C. McPhedran, G. H. Derrick, Proc. R. Soc. A 362 (1978)
  // 211, DOI 10.1098/rspa.1978.0129; the staircase leaves an error of first order in the voxel.
  struct Case {
    double fraction, ratio, expected, error_64;
  };
  for (const Case& c :
       {Case{0.3, 10.0, 1.8877401, 0.004}, Case{0.3, 1e3, 2.3268656, 0.009}, Case{0.3, 1e-6, 0.6056618, 0.013},
        Case{0.1, 10.0, 1.2433385, 0.004}, Case{0.2, 10.0, 1.5317239, 0.004}, Case{0.4, 10.0, 2.3644314, 0.006}}) {
    const std::vector<double> values{1.0, c.ratio};
    double previous = 0.0;
    for (const std::size_t n : {16, 64}) {
      const ConductivityResult result = effective_conductivity(cubic_spheres(n, c.fraction), values);
      ASSERT_EQ(result.status, SolveStatus::converged);
      const double error = std::abs(result.conductivity / c.expected - 1.0);
      if (n == 64) {
        EXPECT_LT(error, c.error_64) << c.fraction << ' ' << c.ratio;
        EXPECT_TRUE(error < previous || c.fraction != 0.3) << c.ratio;
      }
      previous = error;
    }
  }
}

TEST(conductivity, stays_within_wiener_and_hashin_shtrikman_bounds) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    for (const double ratio : {1e-3, 0.2, 30.0, 1e6}) {
      const VoxelImage image = random_image({24, 24, 24}, {0.6, 0.4}, seed);
      const std::vector<double> f = fractions(image), values{1.0, ratio};
      const ConductivityResult result = effective_conductivity(image, values);
      ASSERT_EQ(result.status, SolveStatus::converged);
      // The Hashin–Shtrikman bounds hold for isotropic media; 2 % allow for the finite sample.
      const double low = std::min(1.0, ratio), high = std::max(1.0, ratio);
      const double f_low = ratio < 1.0 ? f[1] : f[0], f_high = 1.0 - f_low;
      const double lower = low + f_high / (1.0 / (high - low) + f_low / (3.0 * low));
      const double upper = high + f_low / (1.0 / (low - high) + f_high / (3.0 * high));
      EXPECT_GT(result.conductivity, 1.0 / (f[0] + f[1] / ratio));
      EXPECT_LT(result.conductivity, f[0] + f[1] * ratio);
      EXPECT_GT(result.conductivity, 0.98 * lower);
      EXPECT_LT(result.conductivity, 1.02 * upper);
    }
  }
}

TEST(conductivity, laws_of_scale_axes_and_labels) {
  const VoxelImage image = random_image({21, 16, 13}, {0.5, 0.3, 0.2}, 3);
  const std::vector<double> values{1.0, 40.0, 1e-3};
  SolveOptions options;
  options.tolerance = 1e-8;
  for (const Boundary boundary : {Boundary::electrodes, Boundary::periodic}) {
    options.boundary = boundary;
    options.axis = 0;
    const double base = effective_conductivity(image, values, options).conductivity;
    const double scaled = effective_conductivity(image, std::vector<double>{1e-7, 4e-6, 1e-10}, options).conductivity;
    EXPECT_NEAR(scaled / (1e-7 * base), 1.0, 1e-9);
    // x becomes the third axis.
    options.axis = 2;
    const double turned = effective_conductivity(transpose(image, {1, 2, 0}), values, options).conductivity;
    EXPECT_NEAR(turned / base, 1.0, 1e-9);
    options.axis = 0;
    VoxelImage renamed = image;
    for (std::uint8_t& label : renamed.labels) label = static_cast<std::uint8_t>((label + 1) % 3);
    const double permuted = effective_conductivity(renamed, std::vector<double>{1e-3, 1.0, 40.0}, options).conductivity;
    EXPECT_NEAR(permuted / base, 1.0, 1e-9);
    options.threads = 2;
    EXPECT_NEAR(effective_conductivity(image, values, options).conductivity / base, 1.0, 1e-9);
    options.threads = 5;
    EXPECT_NEAR(effective_conductivity(image, values, options).conductivity / base, 1.0, 1e-9);
    options.threads = 1;
    // The unit of length does not matter.
    VoxelImage larger = image;
    larger.spacing = {3e-6, 3e-6, 3e-6};
    EXPECT_NEAR(effective_conductivity(larger, values, options).conductivity / base, 1.0, 1e-9);
  }
}

TEST(conductivity, many_labels_use_stored_links_with_the_same_answer) {
  const VoxelImage image = random_image({18, 15, 16}, std::vector<double>(24, 1.0 / 24.0), 7);
  std::vector<double> values(24), grouped(24);
  for (std::size_t i = 0; i < values.size(); ++i) {
    grouped[i] = 1.0 + static_cast<double>(i % 6);
    values[i] = grouped[i] * (1.0 + 1e-13 * static_cast<double>(i));
  }
  for (const Boundary boundary : {Boundary::electrodes, Boundary::periodic}) {
    SolveOptions options;
    options.boundary = boundary;
    const ConductivityResult many = effective_conductivity(image, values, options);
    const ConductivityResult few = effective_conductivity(image, grouped, options);
    EXPECT_GT(many.bytes, few.bytes);
    EXPECT_NEAR(many.conductivity / few.conductivity, 1.0, 1e-6);
  }
}

TEST(conductivity, no_path_is_a_status) {
  const VoxelImage cut = painted({8, 8, 8}, 2, [](std::size_t x, std::size_t, std::size_t) { return x == 4 ? 0 : 1; });
  const std::vector<double> values{0.0, 1.0};
  SolveOptions options;
  options.with_field = true;
  const ConductivityResult result = effective_conductivity(cut, values, options);
  EXPECT_EQ(result.status, SolveStatus::no_path);
  EXPECT_EQ(result.conductivity, 0.0);
  EXPECT_EQ(result.removed_cells, 448u);
  EXPECT_EQ(to_string(result.status), "no path");
  EXPECT_EQ(to_string(SolveStatus::converged), "converged");
  EXPECT_EQ(to_string(SolveStatus::not_converged), "not converged");
  EXPECT_EQ(effective_conductivity(cut, std::vector<double>{0.0, 0.0}).status, SolveStatus::no_path);
  options.boundary = Boundary::periodic;
  EXPECT_EQ(effective_conductivity(cut, values, options).status, SolveStatus::no_path);
  options.axis = 1;
  const ConductivityResult along = effective_conductivity(cut, values, options);
  EXPECT_EQ(along.status, SolveStatus::converged);
  EXPECT_NEAR(along.conductivity, 7.0 / 8.0, 1e-12);
  const bool member[2] = {false, true};
  EXPECT_TRUE(std::isinf(tortuosity_factor(cut, member)));
  SolveOptions second;
  second.axis = 1;
  EXPECT_NEAR(tortuosity_factor(cut, member, second), 1.0, 1e-9);
  EXPECT_THROW(tortuosity_factor(cut, std::span<const bool>(member, 1)), base::ParameterError);
}

TEST(conductivity, periodic_path_must_wind_around_the_axis) {
  // A diagonal staircase: winds around x and y together; a ring across the faces of y alone does not conduct along x.
  const VoxelImage stairs = painted(
      {6, 6, 2}, 2, [](std::size_t x, std::size_t y, std::size_t) { return x == y || x == (y + 1) % 6 ? 1 : 0; });
  const std::vector<double> values{0.0, 1.0};
  const TensorResult tensor = conductivity_tensor(stairs, values);
  // One channel of twelve links in series, each way: the current along x passes half of the links.
  EXPECT_NEAR(tensor.conductivity[0][0], 1.0 / 12.0 * 6.0 / 6.0, 1e-6);
  EXPECT_NEAR(tensor.conductivity[0][1], tensor.conductivity[0][0], 1e-6);
  EXPECT_EQ(tensor.solves[2].status, SolveStatus::converged);
  const VoxelImage ring = painted(
      {6, 6, 2}, 2, [](std::size_t x, std::size_t y, std::size_t) { return (x == 0 || x == 5) && y == 2 ? 1 : 0; });
  SolveOptions options;
  options.boundary = Boundary::periodic;
  EXPECT_EQ(effective_conductivity(ring, values, options).status, SolveStatus::no_path);
}

TEST(conductivity, contrast_of_nine_decades) {
  // Conducting islands in the insulator, and both phases percolating.
  const VoxelImage islands = cubic_spheres(32, 0.3);
  const ConductivityResult isolated = effective_conductivity(islands, std::vector<double>{1e-9, 1.0});
  EXPECT_EQ(isolated.status, SolveStatus::converged);
  EXPECT_NEAR(isolated.conductivity / 2.36e-9, 1.0, 0.03);
  const VoxelImage image = random_image({32, 32, 32}, {0.5, 0.5}, 5);
  const ConductivityResult both = effective_conductivity(image, std::vector<double>{1e-9, 1.0});
  EXPECT_EQ(both.status, SolveStatus::converged);
  const ConductivityResult ideal = effective_conductivity(image, std::vector<double>{0.0, 1.0});
  EXPECT_NEAR(both.conductivity / ideal.conductivity, 1.0, 1e-5);
}

TEST(conductivity, a_conductor_cut_by_one_layer_of_insulator) {
  // Nearly the whole drop lies across the layer: the residual says nothing, flux balance and energy decide.
  const VoxelImage blocks = random_image({8, 8, 8}, {0.5, 0.5}, 5);
  const VoxelImage image = painted({32, 32, 32}, 2, [&](std::size_t x, std::size_t y, std::size_t z) {
    return x == 16 ? 0 : blocks.labels[blocks.index(x / 4, y / 4, z / 4)];
  });
  for (const double insulator : {1e-3, 1e-6}) {
    const ConductivityResult cut = effective_conductivity(image, std::vector<double>{insulator, 1.0});
    EXPECT_EQ(cut.status, SolveStatus::converged);
    EXPECT_LE(cut.flux_imbalance, 1e-6);
    EXPECT_NEAR(cut.flux_conductivity / cut.conductivity, 1.0, 1e-5);
    // A layer of 1/32 of the length, on whose sides the conductor covers a part.
    EXPECT_GT(cut.conductivity, insulator);
    EXPECT_LT(cut.conductivity, 32.0 * insulator);
  }
}

TEST(conductivity, scattered_conductors_in_a_poor_insulator_converge) {
  // Islands of a few voxels: in the hundreds of iterations, or never, while the coarse grids cut them.
  std::mt19937_64 engine(12);
  std::uniform_real_distribution<double> draw;
  for (const double fraction : {0.02, 0.1, 0.15}) {
    const VoxelImage image = painted(
        {40, 40, 40}, 2, [&](std::size_t, std::size_t, std::size_t) { return draw(engine) < fraction ? 1 : 0; });
    for (const Boundary boundary : {Boundary::electrodes, Boundary::periodic}) {
      std::array<double, 2> relative{};
      for (const std::size_t i : {0, 1}) {
        const double insulator = i == 0 ? 1e-6 : 1e-9;
        SolveOptions options;
        options.boundary = boundary;
        options.threads = 2;
        const ConductivityResult result = effective_conductivity(image, std::vector<double>{insulator, 1.0}, options);
        EXPECT_EQ(result.status, SolveStatus::converged) << fraction << ' ' << insulator;
        EXPECT_LT(result.iterations, i == 0 ? 80u : 250u) << fraction << ' ' << insulator;
        relative[i] = result.conductivity / insulator;
      }
      // As good as perfect conductors either way.
      EXPECT_NEAR(relative[0] / relative[1], 1.0, 1e-4);
      EXPECT_GT(relative[0], 1.0 / (1.0 - fraction));
    }
  }
}

TEST(conductivity, stops_early_with_the_best_estimate) {
  const VoxelImage image = random_image({24, 24, 24}, {0.5, 0.5}, 2);
  const std::vector<double> values{1.0, 100.0};
  SolveOptions options;
  options.max_iterations = 2;
  const ConductivityResult early = effective_conductivity(image, values, options);
  EXPECT_EQ(early.status, SolveStatus::not_converged);
  EXPECT_GT(early.relative_residual, 1e-6);
  const ConductivityResult full = effective_conductivity(image, values);
  EXPECT_EQ(full.status, SolveStatus::converged);
  EXPECT_NEAR(early.conductivity / full.conductivity, 1.0, 0.05);
  // The energy comes down to its minimum.
  EXPECT_GT(early.conductivity, full.conductivity);
}

TEST(conductivity, field_of_a_series_of_layers) {
  const VoxelImage image = painted({4, 2, 2}, 2, [](std::size_t x, std::size_t, std::size_t) { return x % 2; });
  SolveOptions options;
  options.with_field = true;
  options.tolerance = 1e-9;
  const ConductivityResult result = effective_conductivity(image, std::vector<double>{1.0, 3.0}, options);
  // Drops of 3/8 and 1/8 in turn.
  const std::array<double, 4> middle{1.0 - 3.0 / 16.0, 1.0 - 7.0 / 16.0, 1.0 - 11.0 / 16.0, 1.0 - 15.0 / 16.0};
  for (std::size_t x = 0; x < 4; ++x) {
    EXPECT_NEAR(result.potential[image.index(x, 1, 1)], middle[x], 1e-6);
    EXPECT_NEAR(result.dissipation[image.index(x, 0, 1)], x % 2 == 0 ? 1.5 : 0.5, 1e-6);
  }
}

TEST(conductivity, tensor_of_tilted_lamellae_is_symmetric) {
  // Lamellae along the diagonal of x and y: off-diagonal elements, and the mean current is not along the gradient.
  const VoxelImage image =
      painted({16, 16, 4}, 2, [](std::size_t x, std::size_t y, std::size_t) { return (x + y) / 4 % 2; });
  const std::vector<double> values{1.0, 10.0};
  const TensorResult tensor = conductivity_tensor(image, values);
  EXPECT_NEAR(tensor.solves[0].row[1], tensor.solves[1].row[0], 1e-6);
  EXPECT_LT(tensor.conductivity[0][1], -0.5);
  EXPECT_NEAR(tensor.conductivity[0][0], tensor.conductivity[1][1], 1e-6);
  EXPECT_NEAR(tensor.conductivity[2][2], 5.5, 1e-9);
  EXPECT_NEAR(tensor.solves[0].row[0], tensor.solves[0].conductivity, 1e-5);
  // Along the lamellae nearly the parallel, across them nearly the series value; the staircase takes its part.
  EXPECT_LT(tensor.conductivity[0][0] - tensor.conductivity[0][1], 5.5);
  EXPECT_GT(tensor.conductivity[0][0] + tensor.conductivity[0][1], 20.0 / 11.0 - 1e-6);
}

TEST(conductivity, surface_layer_on_a_plane_is_exact_along_and_across) {
  // Two slabs of 4 voxels with a layer of a tenth of a voxel between them.
  const VoxelImage image = painted({6, 8, 5}, 2, [](std::size_t, std::size_t y, std::size_t) { return y < 4 ? 0 : 1; });
  const double thickness = 1e-10, conductivity = 500.0;
  for (const double other : {2.0, 0.0}) {
    const std::vector<double> values{1.0, other};
    SolveOptions options;
    options.surface_layers = {{{0, 1}, thickness, conductivity}};
    options.tolerance = 1e-8;
    const double along = effective_conductivity(image, values, options).conductivity;
    EXPECT_NEAR(along / ((1.0 + other) / 2.0 + (conductivity - 1.0) * thickness / 8e-9), 1.0, 1e-6);
    if (other == 0.0) continue;
    options.axis = 1;
    const double across = effective_conductivity(image, values, options).conductivity;
    const double resistance = (4e-9 - thickness) / 1.0 + thickness / conductivity + 4e-9 / other;
    EXPECT_NEAR(across * resistance / 8e-9, 1.0, 1e-6);
  }
}

TEST(conductivity, surface_layer_of_the_hosts_conductivity_changes_nothing) {
  VoxelImage image = cubic_spheres(24, 0.3);
  for (const double sphere : {0.0, 0.3}) {
    const std::vector<double> values{1.0, sphere};
    SolveOptions options;
    options.tolerance = 1e-8;
    const double bare = effective_conductivity(image, values, options).conductivity;
    double last = bare;
    for (const double layer : {1.0, 0.5, 0.1}) {
      options.surface_layers = {{{0, 1}, 0.3 * image.spacing[0], layer}};
      const double layered = effective_conductivity(image, values, options).conductivity;
      if (layer == 1.0) {
        EXPECT_NEAR(layered / bare, 1.0, sphere == 0.0 ? 1e-6 : 0.03);
      } else {
        EXPECT_LT(layered, last);
      }
      last = layered;
    }
  }
}

TEST(conductivity, surface_layer_on_spheres_agrees_with_the_coated_sphere_law) {
  // Doubly coated spheres in the Maxwell Garnett law, which voxels fine enough to resolve the layer (128³, two voxels)
  // confirm within 4 %; the layer is half a voxel here.
  const double fraction = 0.2, radius = std::cbrt(3.0 * fraction / (4.0 * M_PI)), thickness = 1.0 / 64;
  VoxelImage image = cubic_spheres(32, fraction);
  image.spacing = {1.0 / 32, 1.0 / 32, 1.0 / 32};
  const double bare = effective_conductivity(image, std::vector<double>{1.0, 1e-3}).conductivity;
  for (const double layer : {10.0, 100.0, 1000.0}) {
    const double b = (1e-3 - layer) / (1e-3 + 2.0 * layer), c = std::pow(radius / (radius + thickness), 3);
    const double sphere = layer * (1.0 + 2.0 * b * c) / (1.0 - b * c);
    const double beta = (sphere - 1.0) / (sphere + 2.0), f = fraction / c;
    const double expected = (1.0 + 2.0 * f * beta) / (1.0 - f * beta);
    SolveOptions options;
    options.surface_layers = {{{0, 1}, thickness, layer}};
    const ConductivityResult result = effective_conductivity(image, std::vector<double>{1.0, 1e-3}, options);
    EXPECT_EQ(result.status, SolveStatus::converged);
    EXPECT_GT(result.conductivity, 1.1 * bare);
    EXPECT_NEAR(result.conductivity / expected, 1.0, 0.1) << layer << ' ' << result.conductivity / expected;
  }
}

TEST(conductivity, shells_one_voxel_thick_converge) {
  // Patches of a staircase shell touch by edges only: weak links between strong pieces on every grid.
  const double radius = std::cbrt(0.3 / (4.0 * M_PI));
  const VoxelImage image = painted({48, 48, 48}, 3, [&](std::size_t x, std::size_t y, std::size_t z) {
    const auto middle = [](std::size_t i) { return (static_cast<double>(i) + 0.5) / 48.0 - 0.5; };
    const double r = std::hypot(middle(x), middle(y), middle(z));
    return r < radius ? 1 : r < radius + 1.0 / 48 ? 2 : 0;
  });
  for (const double core : {1e-3, 1.0}) {
    const ConductivityResult result = effective_conductivity(image, std::vector<double>{1.0, core, 1e3});
    EXPECT_EQ(result.status, SolveStatus::converged);
    EXPECT_LT(result.iterations, 60u);
  }
}

TEST(conductivity, bounds_are_nested_under_subdivision_and_hold_the_finer_answers) {
  VoxelImage image = random_image({7, 6, 8}, {0.5, 0.3, 0.2}, 11);
  image.spacing = {1e-9, 1.4e-9, 0.8e-9};
  for (const std::vector<double>& values :
       {std::vector<double>{1.0, 30.0, 0.0}, {1.0, 100.0, 1e-4}, {1e-6, 1.0, 1e-3}, {0.0, 1.0, 2.0}}) {
    for (const Boundary boundary : {Boundary::electrodes, Boundary::periodic}) {
      SolveOptions options;
      options.with_bounds = true;
      options.boundary = boundary;
      options.axis = 2;
      const ConductivityResult coarse = effective_conductivity(image, values, options);
      const ConductivityResult fine = effective_conductivity(subdivide(image), values, options);
      const ConductivityResult finer = effective_conductivity(subdivide(subdivide(image)), values, options);
      ASSERT_TRUE(coarse.bounds && fine.bounds && finer.bounds);
      if (coarse.status == SolveStatus::no_path) {
        EXPECT_EQ(fine.status, SolveStatus::no_path);
        EXPECT_EQ(coarse.bounds->upper, 0.0);
        continue;
      }
      EXPECT_LT(coarse.bounds->lower, fine.bounds->lower);
      EXPECT_LT(fine.bounds->lower, finer.bounds->lower);
      EXPECT_LT(finer.bounds->lower, finer.bounds->upper);
      EXPECT_GT(finer.bounds->lower, 0.99 * finer.conductivity);
      EXPECT_LT(finer.bounds->upper, fine.bounds->upper);
      EXPECT_LT(fine.bounds->upper, coarse.bounds->upper);
      const Refined estimate = refine(image, values, options, 3);
      EXPECT_GT(estimate.conductivity + estimate.uncertainty, finer.bounds->lower);
      EXPECT_LT(estimate.conductivity - estimate.uncertainty, finer.bounds->upper);
    }
  }
}

TEST(conductivity, bounds_of_layers_coincide) {
  for (std::size_t across = 0; across < 3; ++across) {
    VoxelImage image = painted({6, 4, 5}, 3, [&](std::size_t x, std::size_t y, std::size_t z) {
      return std::array<std::size_t, 3>{x, y, z}[across] % 3;
    });
    image.spacing = {1e-9, 2e-9, 3e-9};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      SolveOptions options;
      options.axis = axis;
      options.with_bounds = true;
      options.tolerance = 1e-9;
      const ConductivityResult result = effective_conductivity(image, std::vector<double>{1.0, 5.0, 0.1}, options);
      EXPECT_NEAR(result.bounds->lower / result.conductivity, 1.0, 1e-7);
      EXPECT_NEAR(result.bounds->upper / result.conductivity, 1.0, 1e-4);
      EXPECT_LE(result.bounds->lower, result.conductivity * (1.0 + 1e-12));
      EXPECT_GE(result.bounds->upper, result.conductivity * (1.0 - 1e-12));
    }
  }
}

TEST(conductivity, bounds_of_the_checkerboard_hold_its_dual_answer) {
  // √(s1 s2) by duality (J. B. Keller, J. Math. Phys. 5 (1964) 548, DOI 10.1063/1.1704146). The current goes through
  // the corners: finite volumes alone are 34 % off at 64 voxels a square, the bounds say so.
  double width = 1e9;
  for (const std::size_t n : {4, 16, 64}) {
    const VoxelImage image =
        painted({2 * n, 2 * n, 1}, 2, [n](std::size_t x, std::size_t y, std::size_t) { return (x / n + y / n) % 2; });
    SolveOptions options;
    options.with_bounds = true;
    options.boundary = Boundary::periodic;
    const ConductivityResult result = effective_conductivity(image, std::vector<double>{1.0, 100.0}, options);
    EXPECT_LT(result.bounds->lower, 10.0);
    EXPECT_GT(result.bounds->upper, 10.0);
    EXPECT_LT(result.bounds->upper - result.bounds->lower, width);
    width = result.bounds->upper - result.bounds->lower;
  }
}

TEST(conductivity, says_what_it_does_not_accept) {
  const VoxelImage image = box({4, 4, 4}, 2);
  const std::vector<double> good{1.0, 2.0};
  EXPECT_THROW(effective_conductivity(image, std::vector<double>{1.0}), base::ParameterError);
  EXPECT_THROW(effective_conductivity(image, std::vector<double>{1.0, -1.0}), base::ParameterError);
  EXPECT_THROW(effective_conductivity(image, std::vector<double>{1.0, INFINITY}), base::ParameterError);
  EXPECT_THROW(effective_conductivity(image, std::vector<double>{1.0, NAN}), base::ParameterError);
  const auto with = [&](auto&& change) {
    SolveOptions options;
    change(options);
    return effective_conductivity(image, good, options);
  };
  EXPECT_THROW(with([](SolveOptions& o) { o.axis = 3; }), base::ParameterError);
  EXPECT_THROW(with([](SolveOptions& o) { o.tolerance = 0.0; }), base::ParameterError);
  EXPECT_THROW(with([](SolveOptions& o) { o.threads = 0; }), base::ParameterError);
  EXPECT_THROW(with([](SolveOptions& o) { o.surface_layers = {{{0, 2}, 1e-10, 1.0}}; }), base::ParameterError);
  EXPECT_THROW(with([](SolveOptions& o) { o.surface_layers = {{{0, 1}, 0.0, 1.0}}; }), base::ParameterError);
  EXPECT_THROW(with([](SolveOptions& o) { o.surface_layers = {{{0, 1}, 1e-10, -1.0}}; }), base::ParameterError);
  SolveOptions between_insulators;
  between_insulators.surface_layers = {{{0, 0}, 1e-10, 1.0}};
  EXPECT_THROW(effective_conductivity(image, std::vector<double>{0.0, 1.0}, between_insulators), base::ParameterError);
  EXPECT_THROW(with([](SolveOptions& o) { o.progress = [](double, std::string_view) { return false; }; }),
               base::Cancelled);
  EXPECT_THROW(with([](SolveOptions& o) {
                 o.threads = 2;
                 o.progress = [](double, std::string_view) -> bool { throw base::NumericsError("from outside"); };
               }),
               base::NumericsError);
  VoxelImage short_labels = image;
  short_labels.labels.pop_back();
  EXPECT_THROW(effective_conductivity(short_labels, good), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite
