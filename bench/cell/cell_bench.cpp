/// How long discharges, cycles, ageing and sweeps of the reference cell take, and how far the voltages are from a fine
/// mesh.
///
/// The cell is Li | single-ion electrolyte | TiS2 at 60 °C (closo/cell/reference_cell_test.hpp), as PyBaMM runs it for
/// peers.py. Counters: largest |ΔV| of all rows against 80 × 200 cells at a tolerance of 1e-6, in mV, over the whole
/// discharge and over its first 99 %; time steps, rejected steps, iterations; capacity in Ah/m².
#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <thread>
#include <vector>

#include "closo/cell/reference_cell_test.hpp"

namespace {

using namespace closo::cell;

constexpr double one_hour_current = 21.504;  // A/m²
constexpr double cut_off = 1.5;              // V

/// Rates are arguments in tenths of 1C.
double current(std::int64_t tenths) { return one_hour_current * static_cast<double>(tenths) / 10.0; }

SimulationOptions square_mesh(std::int64_t size) {
  SimulationOptions options;
  options.cathode_cells = options.particle_shells = static_cast<std::size_t>(size);
  return options;
}

const Rows& reference(std::int64_t tenths) {
  static std::map<std::int64_t, Rows> known;
  const auto [place, is_new] = known.try_emplace(tenths);
  if (is_new) {
    SimulationOptions fine;
    fine.cathode_cells = 80;
    fine.particle_shells = 200;
    fine.tolerance = 1e-6;
    fine.curve_tolerance = 1e-5;
    fine.maximum_step = 30.0 / static_cast<double>(tenths);
    place->second = simulate_constant_current(reference_cell_with_foil(), current(tenths), cut_off, fine).rows;
  }
  return place->second;
}

/// By the parabola through the nearest rows.
double voltage_at(const Rows& rows, double time) {
  const auto above = std::upper_bound(rows.time.begin(), rows.time.end(), time) - rows.time.begin();
  const std::size_t last = std::clamp<std::size_t>(static_cast<std::size_t>(above), 2, rows.time.size() - 1);
  double sum = 0.0;
  for (std::size_t i = last - 2; i <= last; ++i) {
    double weight = rows.voltage[i];
    for (std::size_t k = last - 2; k <= last; ++k) {
      if (k != i) weight *= (time - rows.time[k]) / (rows.time[i] - rows.time[k]);
    }
    sum += weight;
  }
  return sum;
}

double largest_error(const Rows& rows, const Rows& fine, double part) {
  const double end = part * std::min(rows.time.back(), fine.time.back());
  double largest = 0.0;
  for (std::size_t k = 0; k < rows.time.size() && rows.time[k] <= end; ++k)
    largest = std::max(largest, std::abs(rows.voltage[k] - voltage_at(fine, rows.time[k])));
  return largest;
}

void discharge(benchmark::State& state) {
  const CellParameters cell = reference_cell_with_foil();
  const SimulationOptions options = square_mesh(state.range(0));
  SimulationResult run;
  for (auto _ : state) run = simulate_constant_current(cell, current(state.range(1)), cut_off, options);
  if (run.status != RunStatus::complete) return state.SkipWithError(run.reason.c_str());
  const Rows& fine = reference(state.range(1));
  state.counters["error_mV"] = 1e3 * largest_error(run.rows, fine, 1.0);
  state.counters["error_to_99_percent_mV"] = 1e3 * largest_error(run.rows, fine, 0.99);
  state.counters["steps"] = static_cast<double>(run.time_steps);
  state.counters["rejected"] = static_cast<double>(run.rejected_steps);
  state.counters["newton"] = static_cast<double>(run.iterations);
  state.counters["capacity"] = run.steps.front().charge / 3600.0;
}
BENCHMARK(discharge)
    ->ArgNames({"mesh", "tenths_of_C"})
    ->ArgsProduct({{20, 40}, {1, 10, 20}})
    ->Unit(benchmark::kMillisecond);

/// The whole way from parameters to the first curve, nothing kept from an earlier run.
void first_call(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(simulate(reference_cell_with_foil(), parse_protocol("Discharge at 1C until 1.5 V"),
                                      square_mesh(state.range(0))));
  }
}
BENCHMARK(first_call)->ArgName("mesh")->Arg(20)->Arg(40)->Unit(benchmark::kMillisecond);

void twenty_cycles(benchmark::State& state) {
  const CellParameters cell = reference_cell_with_foil();
  const Protocol protocol = parse_protocol(
      "Repeat 20 times\nDischarge at C/2 until 1.5 V\nRest for 1 h\nCharge at C/2 until 2.5 V\nRest for 1 h\nEnd");
  SimulationResult run;
  for (auto _ : state) run = simulate(cell, protocol, square_mesh(state.range(0)));
  if (run.status != RunStatus::complete) return state.SkipWithError(run.reason.c_str());
  state.counters["steps"] = static_cast<double>(run.time_steps);
  state.counters["rejected"] = static_cast<double>(run.rejected_steps);
  state.counters["last_capacity"] = run.steps[run.steps.size() - 4].charge / 3600.0;
}
BENCHMARK(twenty_cycles)->ArgName("mesh")->Arg(20)->Arg(40)->Unit(benchmark::kMillisecond);

/// Contact, damage, interphases on both sides: a thousand cycles without rows.
void ageing(benchmark::State& state) {
  CellParameters cell = reference_cell_with_foil();
  ContactModel contact;
  contact.partial_molar_volume = 0.12 / cell.cathode.material.maximum_concentration;
  contact.stack_pressure = 3e6;
  contact.stiffness = 2e7;
  contact.damage_per_strain = 0.005;
  contact.isolated_share = 0.5;
  cell.cathode.contact = contact;
  cell.cathode.growth =
      GrowthModel{1e-9, {1e-25, 0.0}, {1e-5, 0.0}, OxidationModel{{1e-6, 0.0}, 2.4, 0.5, 5e-9, 1e-4, 1.0}};
  cell.anode.growth = GrowthModel{0.0, {1e-21, 0.0}, {1e-5, 0.0}, {}};
  const Protocol protocol =
      parse_protocol("Repeat 1000 times\nDischarge at C/2 until 1.7 V\nCharge at C/2 until 2.5 V\nEnd");
  SimulationOptions options = square_mesh(20);
  options.keeps_rows = false;
  SimulationResult run;
  for (auto _ : state) run = simulate(cell, protocol, options);
  if (run.status != RunStatus::complete) return state.SkipWithError(run.reason.c_str());
  state.counters["steps"] = static_cast<double>(run.time_steps);
  state.counters["retention"] = run.steps[run.steps.size() - 2].charge / run.steps.front().charge;
}
BENCHMARK(ageing)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

/// A thousand cells of ten separators, ten conductivities and ten rates.
void sweep(benchmark::State& state) {
  const auto threads = static_cast<std::size_t>(state.range(0));
  std::vector<double> capacity(1000);
  SimulationOptions options = square_mesh(20);
  options.keeps_rows = false;
  const auto solve = [&](std::size_t index) {
    CellParameters cell = reference_cell_with_foil();
    cell.separator.thickness = 50e-6 * (1.0 + static_cast<double>(index % 10));
    const double factor = std::pow(10.0, 0.1 * static_cast<double>(index / 10 % 10));
    cell.separator.conductivity.value *= factor;
    cell.cathode.ionic_conductivity.value *= factor;
    const double rate = 0.2 * (1.0 + static_cast<double>(index / 100));
    capacity[index] = simulate_constant_current(cell, rate * one_hour_current, cut_off, options).steps.front().charge;
  };
  for (auto _ : state) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t index = next++; index < capacity.size(); index = next++) solve(index);
    };
    std::vector<std::jthread> others;
    for (std::size_t k = 1; k < threads; ++k) others.emplace_back(work);
    work();
  }
  state.counters["smallest_capacity"] = *std::min_element(capacity.begin(), capacity.end()) / 3600.0;
}
BENCHMARK(sweep)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime()->MeasureProcessCPUTime()->Unit(
    benchmark::kMillisecond);

}  // namespace
