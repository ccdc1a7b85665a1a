/// How long fits take: one start, no guess, choice of the circuit, series; validation and relaxation times beside them.
///
/// The spectra are simulated with 0.5 % noise from published circuit values; where the shared measurements lie next to
/// the source tree they are used too. Counters: points, chi² reached, fits per second of one core.
#include <benchmark/benchmark.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/impedance/derived.hpp"
#include "closo/impedance/drt.hpp"
#include "closo/impedance/fit.hpp"
#include "closo/impedance/ladder.hpp"
#include "closo/impedance/series.hpp"
#include "closo/impedance/simulate.hpp"
#include "closo/impedance/validation.hpp"
#include "closo/num/line_fit.hpp"

namespace {

using namespace closo::impedance;

const std::filesystem::path shared = std::filesystem::path(CLOSO_SOURCE_DIR) / ".." / "shared" / "data" / "eis";

/// Rows "frequency, Z', Z''" of a text file.
Spectrum read_rows(const std::filesystem::path& path, bool capacitive_only) {
  Spectrum out;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    for (char& c : line) {
      if (c == ',' || c == '\t') c = ' ';
    }
    std::istringstream words(line);
    double f = 0.0, re = 0.0, im = 0.0;
    if (!(words >> f >> re >> im) || (capacitive_only && im >= 0.0)) continue;
    out.frequency.push_back(f);
    out.impedance.emplace_back(re, im);
  }
  return out;
}

/// A lithium-ion cell: the optimum of a published example spectrum, 57 points from 3 mHz to 1 kHz.
struct Cell {
  Circuit circuit = parse_circuit("R0-p(R1,CPE1)-p(R2,CPE2)-W1");
  std::vector<double> values{0.016, 0.00489, 0.4, 0.893, 0.01026, 4.44, 0.848, 0.002756};
  std::vector<double> guess{0.015, 0.01, 1.0, 0.9, 0.01, 1.0, 0.9, 0.003};
  Spectrum spectrum = simulate_measurement(circuit, values, logarithmic_frequencies(3e-3, 1.2e3, 10), {0.005, 0.0}, 1);
};

/// A solid electrolyte between blocking electrodes, 61 points from 0.1 Hz to 1 MHz: bulk, grain boundary, electrode.
struct Pellet {
  Circuit circuit = parse_circuit("p(R1,CPE1)-p(R2,CPE2)-CPE3");
  Spectrum at(double temperature, std::uint64_t seed) const {
    const auto resistance = [temperature](double at_450, double energy_eV) {
      return at_450 * std::exp(energy_eV / closo::base::boltzmann_constant_eV * (1.0 / temperature - 1.0 / 450.0));
    };
    const std::vector<double> values{
        resistance(4e4, 0.587), 1.5e-10, 0.79, resistance(2.4e5, 0.892), 1.1e-9, 0.85, 4.7e-6, 0.58};
    Spectrum spectrum = simulate_measurement(circuit, values, logarithmic_frequencies(0.1, 1e6, 9), {0.005, 0.0}, seed);
    spectrum.temperature = temperature;
    return spectrum;
  }
};

void report_fit(benchmark::State& state, const FitResult& result) {
  state.counters["points"] = static_cast<double>(result.frequency.size());
  state.counters["chi2"] = result.chi_square;
  state.counters["fits/s"] = benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

/// Argument 1: with profile likelihood intervals for the skewed parameters; 0: with the covariance only, as the peers.
FitOptions with_profile(const benchmark::State& state) {
  FitOptions options;
  options.profile_intervals = state.range(0) != 0;
  return options;
}

void one_start(benchmark::State& state) {
  const Cell cell;
  const FitOptions options = with_profile(state);
  FitResult result;
  for (auto _ : state) result = fit_from(cell.circuit, cell.spectrum, cell.guess, options);
  report_fit(state, result);
}
BENCHMARK(one_start)->Unit(benchmark::kMicrosecond)->Arg(0)->Arg(1);

void one_start_measured(benchmark::State& state) {
  const Cell cell;
  const Spectrum spectrum = read_rows(shared / "impedance.py" / "exampleData.csv", true);
  if (spectrum.size() == 0) {
    state.SkipWithError("the shared spectra are absent");
    return;
  }
  FitResult result;
  for (auto _ : state) result = fit_from(cell.circuit, spectrum, cell.guess, with_profile(state));
  report_fit(state, result);
}
BENCHMARK(one_start_measured)->Unit(benchmark::kMicrosecond)->Arg(0)->Arg(1);

void no_guess_cell(benchmark::State& state) {
  const Cell cell;
  FitResult result;
  for (auto _ : state) result = fit(cell.circuit, cell.spectrum);
  report_fit(state, result);
  state.counters["starts"] = static_cast<double>(result.starts);
  state.counters["agreeing"] = static_cast<double>(result.agreeing);
}
BENCHMARK(no_guess_cell)->Unit(benchmark::kMillisecond);

void no_guess_pellet(benchmark::State& state) {
  const Pellet pellet;
  const Spectrum spectrum = pellet.at(450.0, 1);
  FitResult result;
  for (auto _ : state) result = fit(pellet.circuit, spectrum);
  report_fit(state, result);
  state.counters["starts"] = static_cast<double>(result.starts);
  state.counters["agreeing"] = static_cast<double>(result.agreeing);
}
BENCHMARK(no_guess_pellet)->Unit(benchmark::kMillisecond);

void no_guess_measured(benchmark::State& state) {
  const Pellet pellet;
  const std::string name = "s04147-" + std::to_string(state.range(0)) + "deg.txt";
  const Spectrum spectrum = read_rows(shared / "EISFitpython" / "EIS_Data" / "Example-3-4" / name, false);
  if (spectrum.size() == 0) {
    state.SkipWithError("the shared spectra are absent");
    return;
  }
  FitResult result;
  for (auto _ : state) result = fit(pellet.circuit, spectrum);
  report_fit(state, result);
  state.counters["starts"] = static_cast<double>(result.starts);
}
BENCHMARK(no_guess_measured)->Unit(benchmark::kMillisecond)->DenseRange(140, 200, 10);

void choose(benchmark::State& state) {
  const Pellet pellet;
  const Spectrum spectrum = pellet.at(450.0, 1);
  for (auto _ : state) benchmark::DoNotOptimize(choose_circuit(spectrum));
}
BENCHMARK(choose)->Unit(benchmark::kMillisecond);

void derive_quantities(benchmark::State& state) {
  const Pellet pellet;
  const FitResult result = fit(pellet.circuit, pellet.at(450.0, 1));
  for (auto _ : state) benchmark::DoNotOptimize(derive(pellet.circuit, result));
}
BENCHMARK(derive_quantities)->Unit(benchmark::kMicrosecond);

void kramers_kronig(benchmark::State& state) {
  const Pellet pellet;
  const Spectrum spectrum = pellet.at(450.0, 1);
  for (auto _ : state) benchmark::DoNotOptimize(test_kramers_kronig(spectrum));
}
BENCHMARK(kramers_kronig)->Unit(benchmark::kMicrosecond);

void relaxation_times(benchmark::State& state) {
  const Pellet pellet;
  const Spectrum spectrum = pellet.at(450.0, 1);
  for (auto _ : state) benchmark::DoNotOptimize(distribution_of_relaxation_times(spectrum));
}
BENCHMARK(relaxation_times)->Unit(benchmark::kMillisecond);

void global_fit(benchmark::State& state) {
  const Pellet pellet;
  std::vector<Spectrum> spectra;
  for (int i = 0; i < 7; ++i) spectra.push_back(pellet.at(410.0 + 10.0 * i, 1 + static_cast<std::uint64_t>(i)));
  const std::vector<CoupledParameter> coupled{{"CPE1.n", Coupling::shared}, {"R1", Coupling::activated}};
  for (auto _ : state) benchmark::DoNotOptimize(fit_globally(pellet.circuit, spectra, coupled));
}
BENCHMARK(global_fit)->Unit(benchmark::kMillisecond);

/// 100 temperatures: Kramers-Kronig, relaxation times, fit without a guess, total resistance, activation energy.
void batch_of_100(benchmark::State& state) {
  const Pellet pellet;
  std::vector<Spectrum> spectra;
  for (int i = 0; i < 100; ++i) spectra.push_back(pellet.at(400.0 + i, 1 + static_cast<std::uint64_t>(i)));
  double energy_eV = 0.0;
  for (auto _ : state) {
    std::vector<double> x, y, u;
    for (const Spectrum& spectrum : spectra) {
      benchmark::DoNotOptimize(test_kramers_kronig(spectrum));
      benchmark::DoNotOptimize(distribution_of_relaxation_times(spectrum));
      const DerivedQuantities derived = derive(pellet.circuit, fit(pellet.circuit, spectrum));
      x.push_back(1.0 / *spectrum.temperature);
      y.push_back(std::log(*spectrum.temperature / derived.total_resistance->value));
      u.push_back(derived.total_resistance->uncertainty / derived.total_resistance->value);
    }
    energy_eV = -closo::num::fit_line(x, y, u).slope * closo::base::boltzmann_constant_eV;
  }
  state.counters["Ea_eV"] = energy_eV;
}
BENCHMARK(batch_of_100)->Unit(benchmark::kMillisecond);

}  // namespace
