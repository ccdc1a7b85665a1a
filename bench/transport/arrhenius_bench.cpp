// What the transport room costs: the weighted fit of one Arrhenius plot, the search for transitions, the library's
// ranking.
#include <benchmark/benchmark.h>

#include <cmath>
#include <filesystem>
#include <vector>

#include "closo/transport/consistency.hpp"
#include "closo/transport/estimate.hpp"
#include "closo/transport/piecewise.hpp"

namespace {

using namespace closo;

std::vector<transport::ConductivityPoint> points(std::size_t count, double relative) {
  const transport::ArrheniusLaw law = transport::anchored_law(303.15, 0.029, {}, 0.42, {});
  std::vector<transport::ConductivityPoint> result;
  for (std::size_t i = 0; i < count; ++i) {
    const double t = 303.15 + 100.0 * static_cast<double>(i) / static_cast<double>(count - 1);
    const double value = law.conductivity(t) * (1.0 + 0.03 * std::sin(7.0 * static_cast<double>(i)));
    result.push_back({.temperature = t, .conductivity = value, .uncertainty = relative * value});
  }
  return result;
}

const library::Library& facts() {
  static const library::Library library = library::Library::load(std::filesystem::path(CLOSO_SOURCE_DIR) / "data");
  return library;
}

void weighted_fit(benchmark::State& state) {
  const auto data = points(static_cast<std::size_t>(state.range(0)), 0.04);
  for (auto _ : state) benchmark::DoNotOptimize(transport::fit_arrhenius(data));
}
BENCHMARK(weighted_fit)->Arg(8)->Arg(20)->Arg(64)->Arg(200);

void fit_with_temperature_errors(benchmark::State& state) {
  auto data = points(20, 0.04);
  for (auto& point : data) point.temperature_uncertainty = 0.5;
  for (auto _ : state) benchmark::DoNotOptimize(transport::fit_arrhenius(data));
}
BENCHMARK(fit_with_temperature_errors);

void predict_with_interval(benchmark::State& state) {
  const transport::ArrheniusLaw law = transport::fit_arrhenius(points(20, 0.0)).law;
  for (auto _ : state) benchmark::DoNotOptimize(transport::predict(law, 328.15));
}
BENCHMARK(predict_with_interval);

void search_transitions(benchmark::State& state) {
  const auto data = points(static_cast<std::size_t>(state.range(0)), 0.0);
  for (auto _ : state) benchmark::DoNotOptimize(transport::find_transitions(data));
}
BENCHMARK(search_transitions)->Arg(20)->Arg(50)->Arg(200);

void estimate_one_material(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(transport::estimate_conductivity(facts(), "Li2B12H12", 328.15));
}
BENCHMARK(estimate_one_material);

void rank_the_library(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(transport::rank_at(facts(), 328.15));
}
BENCHMARK(rank_the_library);

void check_the_library(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(transport::find_contradictions(facts()));
}
BENCHMARK(check_the_library);

}  // namespace
