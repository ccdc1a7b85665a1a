/// How long one value of every effective-medium law takes, and the numbers that stand behind a percolation threshold.
#include <benchmark/benchmark.h>

#include <array>
#include <complex>
#include <cstddef>

#include "closo/composite/effective_medium.hpp"
#include "closo/composite/law_list.hpp"
#include "closo/composite/resistor_network.hpp"

namespace {

using namespace closo::composite;

/// 25 vol% oxide, an interphase a thousand times better than the bulk.
LawInput input() {
  LawInput out;
  out.bulk = 1e-4;
  out.filler = 1e-10;
  out.interphase = 1e-1;
  out.filler_fraction = 0.25;
  out.particle_radius = 5e-9;
  out.interphase_thickness = 1e-9;
  out.grain_size = 1e-7;
  out.boundary_thickness = 1e-9;
  out.boundary = 1e-6;
  out.debye_length = 1e-9;
  out.excess_conductivity = 1e-2;
  out.percolation_share = 0.5;
  out.threshold = 0.2;
  out.exponent = 1.8;
  return out;
}

void law(benchmark::State& state) {
  const Law& chosen = laws()[static_cast<std::size_t>(state.range(0))];
  LawInput values = input();
  if (chosen.id == LawId::mixing_rule) values.exponent = 0.3;
  state.SetLabel(std::string(chosen.name));
  double fraction = 0.1;
  for (auto _ : state) {
    fraction = fraction < 0.5 ? fraction + 1e-3 : 0.1;
    values.filler_fraction = fraction;
    benchmark::DoNotOptimize(evaluate(chosen.id, values));
  }
}
BENCHMARK(law)->Apply([](benchmark::internal::Benchmark* table) {
  for (std::size_t i = 0; i < laws().size(); ++i) table->Arg(static_cast<std::int64_t>(i));
});

void bruggeman_complex(benchmark::State& state) {
  const std::array<Complex, 3> phases{Complex(1e-4, 1e-5), Complex(1e-1, 1e-5), Complex(1e-10, 1e-5)};
  const std::array<double, 3> shares{0.5, 0.25, 0.25};
  for (auto _ : state) benchmark::DoNotOptimize(bruggeman(std::span<const Complex>(phases), shares));
}
BENCHMARK(bruggeman_complex);

void threshold(benchmark::State& state) {
  PercolationThreshold result;
  for (auto _ : state) result = percolation_threshold(CellContact::shared_edges, PathKind::interface);
  state.counters["insulator_fraction"] = result.insulator_fraction;
  state.counters["uncertainty"] = result.uncertainty;
}
BENCHMARK(threshold)->Unit(benchmark::kMillisecond);

void network(benchmark::State& state) {
  NetworkSample sample;
  sample.size = static_cast<std::size_t>(state.range(0));
  NetworkConductivity result;
  for (auto _ : state) result = solve_resistor_network({.bulk = 1.0, .interface = 100.0, .insulator = 0.0}, sample);
  state.counters["conductivity"] = result.conductivity;
  state.counters["steps"] = static_cast<double>(result.iterations);
}
BENCHMARK(network)->ArgName("size")->Arg(16)->Arg(24)->Unit(benchmark::kMillisecond);

}  // namespace
