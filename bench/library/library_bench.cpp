/// How long the knowledge base takes: loading all tables, a query, everything of one material, checking, an import.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <string>

#include "closo/library/check.hpp"
#include "closo/library/export.hpp"
#include "closo/library/import.hpp"
#include "closo/library/library.hpp"

namespace {

using closo::library::Library;
using closo::library::Query;

const std::filesystem::path data = std::filesystem::path(CLOSO_SOURCE_DIR) / "data";

void load(benchmark::State& state) {
  for (auto _ : state) {
    Library library = Library::load(data);
    benchmark::DoNotOptimize(library);
  }
}
BENCHMARK(load)->Unit(benchmark::kMicrosecond);

void find(benchmark::State& state) {
  const Library library = Library::load(data);
  Query query;
  query.ion = "Li";
  query.quantity = "ionic conductivity";
  query.temperature = 300.0;
  for (auto _ : state) benchmark::DoNotOptimize(library.select(query));
}
BENCHMARK(find)->Unit(benchmark::kMicrosecond);

/// A material with its facts and their citations, as "library show" needs them.
void show(benchmark::State& state) {
  const Library library = Library::load(data);
  for (auto _ : state) {
    Query query;
    query.material = "Li2B12H12";
    for (const closo::library::Fact* fact : library.select(query)) benchmark::DoNotOptimize(library.citation(*fact));
  }
}
BENCHMARK(show)->Unit(benchmark::kMicrosecond);

void check(benchmark::State& state) {
  const Library library = Library::load(data);
  for (auto _ : state) benchmark::DoNotOptimize(closo::library::check(library));
}
BENCHMARK(check)->Unit(benchmark::kMicrosecond);

void export_csv(benchmark::State& state) {
  const Library library = Library::load(data);
  const auto facts = library.select({});
  for (auto _ : state) benchmark::DoNotOptimize(closo::library::facts_to_csv(facts));
}
BENCHMARK(export_csv)->Unit(benchmark::kMicrosecond);

void import_rows(benchmark::State& state) {
  const Library library = Library::load(data);
  std::string text = "material,T (K),sigma (S/cm)\n";
  for (int i = 0; i < state.range(0); ++i) text += "LiBH4," + std::to_string(250 + 0.01 * i) + ",1e-7\n";
  for (auto _ : state) benchmark::DoNotOptimize(closo::library::read_measurements(text, "bench.csv", library));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(import_rows)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
