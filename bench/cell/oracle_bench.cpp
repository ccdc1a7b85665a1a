/// How long SUNDIALS IDA with KLU takes for the discharges of cell_bench.cpp, on the same equations and meshes.
#include <benchmark/benchmark.h>

#include <cstddef>

#include "closo/cell/oracle/ida_cell.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace {

using namespace closo::cell;

constexpr double one_hour_current = 21.504;  // A/m²

void discharge(benchmark::State& state) {
  const CellParameters cell = reference_cell_with_foil();
  const double current = one_hour_current * static_cast<double>(state.range(1)) / 10.0;
  SimulationOptions mesh;
  mesh.cathode_cells = mesh.particle_shells = static_cast<std::size_t>(state.range(0));
  double capacity = 0.0;
  std::size_t steps = 0;
  for (auto _ : state) {
    IdaCell oracle(cell, mesh, {1e-4, 1e-6});
    oracle.hold_current(current);
    if (!oracle.advance_until_voltage(1.5, 1e6)) return state.SkipWithError("no cut-off");
    capacity = current * oracle.time() / 3600.0;
    steps = oracle.steps();
  }
  state.counters["steps"] = static_cast<double>(steps);
  state.counters["capacity"] = capacity;
}
BENCHMARK(discharge)
    ->ArgNames({"mesh", "tenths_of_C"})
    ->ArgsProduct({{20, 40}, {1, 10, 20}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
