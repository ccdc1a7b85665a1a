/// How long the conductivity of a voxel image takes, set-up included, and how fast the memory is beside it.
///
/// Images grf<n>.u8 (label pairs of ../shared/data/composite/README.md) come from the folder CLOSO_BENCH_IMAGES or from
/// the shared data; missing ones are made here from a random field of the same kind. The potential drops along z.
/// Counters: seconds per voxel, state bytes per voxel as the solver counts them, peak resident bytes per voxel (only
/// right for the first case of a process), bytes per second that the iterations move by the count below. The limit is
/// the STREAM triad: J. D. McCalpin, IEEE TCCA Newsletter (1995) 19.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "closo/composite/conductivity.hpp"
#include "closo/composite/microstructure.hpp"
#include "resident_memory.hpp"

namespace {

using namespace closo::composite;

/// Moved per voxel and iteration if every array of the finest grid is read and written once in each of the three passes
/// (detail/potential.hpp): float residual r, correction z and direction p, double potential x, one-byte codes. Coarse
/// grids, ghosts and set-up are left out, so the true traffic is larger.
constexpr double moved_bytes = (8.0 + 8.0 + 1.0)            // down: r, z, codes
                               + (8.0 + 4.0 + 1.0)          // up: z, r (read), codes
                               + (16.0 + 8.0 + 8.0 + 1.0);  // direction and operator: x, p, z, codes

std::filesystem::path image_path(std::size_t n) {
  const std::string name = "grf" + std::to_string(n) + ".u8";
  if (const char* folder = std::getenv("CLOSO_BENCH_IMAGES")) return std::filesystem::path(folder) / name;
  return std::filesystem::path(CLOSO_SOURCE_DIR) / ".." / "shared" / "data" / "composite" / name;
}

/// Two phases: insulator 0, conductor 1; three phases: bulk 0, interphase 1 (two voxels on the oxide), oxide 2.
VoxelImage read_image(std::size_t phases, std::size_t n) {
  VoxelImage image;
  image.size = {n, n, n};
  image.labels.resize(n * n * n);
  std::ifstream file(image_path(n), std::ios::binary);
  file.read(reinterpret_cast<char*>(image.labels.data()), static_cast<std::streamsize>(image.labels.size()));
  if (!file) return {};
  for (std::uint8_t& label : image.labels) label = phases == 2 ? label & 1 : label >> 1;
  image.phases = phases == 2 ? std::vector{Phase::insulator, Phase::bulk}
                             : std::vector{Phase::bulk, Phase::interphase, Phase::insulator};
  return image;
}

VoxelImage make_image(std::size_t phases, std::size_t n) {
  Grid grid;
  grid.size = {n, n, n};
  VoxelImage image = random_field(grid, {.fraction = phases == 2 ? 0.5 : 0.25, .correlation_length = 6e-9});
  std::array<std::uint8_t, 3> renamed{1, 0, 0};
  if (phases == 3) {
    // The layer is measured from the surface, half a voxel before the first centre.
    image = grow_layer(std::move(image), 0, {false, true}, {.thickness = 1.5e-9}, 1);
    renamed = {0, 2, 1};
  }
  for (std::uint8_t& label : image.labels) label = renamed[label];
  image.phases = phases == 2 ? std::vector{Phase::insulator, Phase::bulk}
                             : std::vector{Phase::bulk, Phase::interphase, Phase::insulator};
  return image;
}

struct Case {
  VoxelImage image;
  bool is_made_here = false;
};
const Case& find_case(std::size_t phases, std::size_t n) {
  static std::map<std::pair<std::size_t, std::size_t>, Case> cases;
  const auto [place, is_new] = cases.try_emplace({phases, n});
  if (is_new) {
    Case& found = place->second;
    found.image = read_image(phases, n);
    found.is_made_here = found.image.labels.empty();
    if (found.is_made_here) found.image = make_image(phases, n);
  }
  return place->second;
}

std::vector<double> conductivities(std::size_t phases) {
  return phases == 2 ? std::vector<double>{0.0, 1.0} : std::vector<double>{1.0, 1e3, 1e-6};
}

void solve(benchmark::State& state) {
  const auto phases = static_cast<std::size_t>(state.range(0)), n = static_cast<std::size_t>(state.range(1));
  const Case& given = find_case(phases, n);
  SolveOptions options;
  options.axis = 2;
  options.threads = static_cast<std::size_t>(state.range(2));
  static const std::size_t resident = resident_bytes();
  ConductivityResult result;
  for (auto _ : state) result = effective_conductivity(given.image, conductivities(phases), options);
  if (result.status != SolveStatus::converged)
    return state.SkipWithError(std::string(to_string(result.status)).c_str());
  using benchmark::Counter;
  const auto voxels = static_cast<double>(given.image.voxels());
  const auto runs = static_cast<double>(state.iterations());
  state.counters["s/voxel"] = Counter(voxels * runs, Counter::kIsRate | Counter::kInvert);
  state.counters["conductivity"] = result.conductivity;
  state.counters["relative_residual"] = result.relative_residual;
  state.counters["steps"] = static_cast<double>(result.iterations);
  state.counters["state_bytes/voxel"] = static_cast<double>(result.bytes) / voxels;
  state.counters["resident_bytes/voxel"] = static_cast<double>(peak_resident_bytes() - resident) / voxels;
  state.counters["moved_bytes/voxel"] = moved_bytes;
  state.counters["moved"] =
      Counter(moved_bytes * voxels * static_cast<double>(result.iterations) * runs, Counter::kIsRate);
  if (given.is_made_here) state.SetLabel("image made here");
}
BENCHMARK(solve)
    ->ArgNames({"phases", "size", "threads"})
    ->Apply([](benchmark::internal::Benchmark* table) {
      for (const std::int64_t n : {128, 256, 512}) {
        // The largest needs an image that is there, and 5 GB.
        if (n == 512 && !std::filesystem::exists(image_path(512))) continue;
        for (const std::int64_t phases : {2, 3}) {
          for (const std::int64_t threads : {1, 2}) table->Args({phases, n, threads});
        }
      }
    })
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void solve_with_bounds(benchmark::State& state) {
  const Case& given = find_case(3, 128);
  SolveOptions options;
  options.axis = 2;
  options.threads = 2;
  options.with_bounds = true;
  ConductivityResult result;
  for (auto _ : state) result = effective_conductivity(given.image, conductivities(3), options);
  state.counters["lower"] = result.bounds->lower;
  state.counters["conductivity"] = result.conductivity;
  state.counters["upper"] = result.bounds->upper;
}
BENCHMARK(solve_with_bounds)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

void tensor(benchmark::State& state) {
  const Case& given = find_case(3, 128);
  SolveOptions options;
  options.threads = 2;
  for (auto _ : state) benchmark::DoNotOptimize(conductivity_tensor(given.image, conductivities(3), options));
}
BENCHMARK(tensor)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

/// Seven frequencies over six decades, permittivity 10.
void impedance_sweep(benchmark::State& state) {
  const Case& given = find_case(3, 128);
  const VoxelImage part = crop(given.image, {0, 0, 0}, {64, 64, 64});
  const std::vector<double> conducting{1e-4, 1e-1, 1e-10}, permittivity{10.0, 10.0, 10.0};
  const std::vector<double> frequencies{1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  SolveOptions options;
  options.axis = 2;
  options.threads = 2;
  std::size_t steps = 0;
  for (auto _ : state) {
    steps = 0;
    for (const ComplexResult& result : complex_conductivity(part, conducting, permittivity, frequencies, options))
      steps += result.iterations;
  }
  state.counters["steps"] = static_cast<double>(steps);
}
BENCHMARK(impedance_sweep)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

/// a = b + s c over arrays of 128 MiB, counted as 24 bytes an element (the cache also reads a before it writes it).
void stream_triad(benchmark::State& state) {
  const std::size_t count = std::size_t{1} << 24, threads = static_cast<std::size_t>(state.range(0));
  std::vector<double> a(count, 1.0), b(count, 2.0), c(count, 3.0);
  double scale = 3.0;
  benchmark::DoNotOptimize(scale);
  const auto part = [&](std::size_t index) {
    const std::size_t from = count * index / threads, to = count * (index + 1) / threads;
    double* out = a.data();
    const double *left = b.data(), *right = c.data();
    for (std::size_t i = from; i < to; ++i) out[i] = left[i] + scale * right[i];
  };
  std::barrier gate(static_cast<std::ptrdiff_t>(threads));
  bool ends = false;
  {
    std::vector<std::jthread> others;
    for (std::size_t index = 1; index < threads; ++index) {
      others.emplace_back([&, index] {
        for (gate.arrive_and_wait(); !ends; gate.arrive_and_wait()) {
          part(index);
          gate.arrive_and_wait();
        }
      });
    }
    for (auto _ : state) {
      gate.arrive_and_wait();
      part(0);
      gate.arrive_and_wait();
      benchmark::DoNotOptimize(a.data());
      benchmark::ClobberMemory();
    }
    ends = true;
    gate.arrive_and_wait();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(24 * count) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(stream_triad)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
