/// How long model microstructures of 128³ voxels take (1 nm each), and the steps that are made of every image.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "closo/composite/components.hpp"
#include "closo/composite/distance.hpp"
#include "closo/composite/microstructure.hpp"
#include "closo/composite/recipe.hpp"

namespace {

using namespace closo::composite;

Grid grid() {
  Grid out;
  out.size = {128, 128, 128};
  return out;
}

void report(benchmark::State& state, const VoxelImage& image) {
  state.counters["fraction"] = fractions(image).back();
  state.counters["voxels/s"] = benchmark::Counter(
      static_cast<double>(image.voxels()) * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

template <class Make>
void measure(benchmark::State& state, const Make& make) {
  VoxelImage image;
  for (auto _ : state) image = make();
  report(state, image);
}

void spheres_overlapping(benchmark::State& state) {
  measure(state, [] { return spheres(grid(), {.fraction = 0.25, .radius = 5e-9}); });
}
void spheres_apart(benchmark::State& state) {
  measure(state, [] { return spheres(grid(), {.fraction = 0.25, .radius = 5e-9, .overlapping = false}); });
}
void spheres_clustered(benchmark::State& state) {
  measure(state, [] {
    return spheres(grid(), {.fraction = 0.25, .radius = 5e-9, .log_standard_deviation = 0.3, .cluster_radius = 20e-9});
  });
}
void field(benchmark::State& state) {
  measure(state, [] { return random_field(grid(), {.fraction = 0.25, .correlation_length = 6e-9}); });
}
void grains(benchmark::State& state) {
  measure(state, [] { return polycrystal(grid(), {.grain_size = 20e-9, .boundary_thickness = 2e-9}); });
}
void scaffold(benchmark::State& state) {
  measure(state, [] { return channels(grid(), {.pore_diameter = 6e-9, .wall_thickness = 2e-9}); });
}
void layer_on_spheres(benchmark::State& state) {
  const VoxelImage start = spheres(grid(), {.fraction = 0.25, .radius = 5e-9});
  measure(state, [&] { return grow_layer(start, 0, {false, true}, {.thickness = 2e-9}, 1); });
}
void layer_on_half_of_the_surface(benchmark::State& state) {
  const VoxelImage start = spheres(grid(), {.fraction = 0.25, .radius = 5e-9});
  measure(state, [&] { return grow_layer(start, 0, {false, true}, {.thickness = 2e-9, .wetted_fraction = 0.5}, 1); });
}
void half_drained(benchmark::State& state) {
  const VoxelImage start = spheres(grid(), {.fraction = 0.25, .radius = 5e-9});
  measure(state, [&] { return drain(start, 0.5); });
}
/// 50 vol% of an oxide of 95 m²/g and 0.246 cm³/g: aggregation, layer, wetting and voids together.
void realisation(benchmark::State& state) {
  Recipe recipe;
  recipe.oxide_fraction = 0.5;
  recipe.pore_volume = 0.246e-3;
  recipe.interphase_thickness = 2e-9;
  recipe.wetted_fraction = 0.8;
  measure(state, [&] { return realise(recipe, grid()).image; });
}
BENCHMARK(spheres_overlapping)->Unit(benchmark::kMillisecond);
BENCHMARK(spheres_apart)->Unit(benchmark::kMillisecond);
BENCHMARK(spheres_clustered)->Unit(benchmark::kMillisecond);
BENCHMARK(field)->Unit(benchmark::kMillisecond);
BENCHMARK(grains)->Unit(benchmark::kMillisecond);
BENCHMARK(scaffold)->Unit(benchmark::kMillisecond);
BENCHMARK(layer_on_spheres)->Unit(benchmark::kMillisecond);
BENCHMARK(layer_on_half_of_the_surface)->Unit(benchmark::kMillisecond);
BENCHMARK(half_drained)->Unit(benchmark::kMillisecond);
BENCHMARK(realisation)->Unit(benchmark::kMillisecond);

constexpr bool insulator[] = {false, true};

void distances(benchmark::State& state) {
  const VoxelImage image = random_field(grid(), {.fraction = 0.25, .correlation_length = 6e-9});
  for (auto _ : state) benchmark::DoNotOptimize(distance_to(image, insulator));
  report(state, image);
}
void regions(benchmark::State& state) {
  const VoxelImage image = random_field(grid(), {.fraction = 0.25, .correlation_length = 6e-9});
  for (auto _ : state) benchmark::DoNotOptimize(percolation(image, insulator, 2));
  report(state, image);
}
void area(benchmark::State& state) {
  const VoxelImage image = random_field(grid(), {.fraction = 0.25, .correlation_length = 6e-9});
  for (auto _ : state) benchmark::DoNotOptimize(interface_area_per_volume(image, Phase::bulk, Phase::insulator));
  report(state, image);
}
BENCHMARK(distances)->Unit(benchmark::kMillisecond);
BENCHMARK(regions)->Unit(benchmark::kMillisecond);
BENCHMARK(area)->Unit(benchmark::kMillisecond);

}  // namespace
