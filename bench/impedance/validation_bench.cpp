/// How long the Kramers-Kronig test, Z-HIT and the distribution of relaxation times take on one spectrum of 61 points:
/// a solid electrolyte between blocking electrodes or an arc with a series resistance, 0.3 % noise.
#include <benchmark/benchmark.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "closo/impedance/drt.hpp"
#include "closo/impedance/validation.hpp"
#include "closo/impedance/z_hit.hpp"

namespace {

using namespace closo::impedance;

Complex arc(double r, double tau, double n, double omega) { return r / (1.0 + std::pow(Complex(0.0, omega * tau), n)); }

PreparedSpectrum spectrum(bool blocking, bool bad_point = false) {
  PreparedSpectrum out;
  for (std::size_t i = 0; i <= 60; ++i) {
    const double frequency = std::pow(10.0, 0.1 * static_cast<double>(i));
    const double omega = 2.0 * std::numbers::pi * frequency;
    Complex z =
        blocking ? arc(1e5, 1e-6, 0.85, omega) + arc(1e6, 1e-4, 0.8, omega) + 1e6 / std::pow(Complex(0.0, omega), 0.55)
                 : 10.0 + arc(100.0, 1e-4, 0.8, omega);
    const double phase = 12.9898 * static_cast<double>(i * i);
    z *= 1.0 + 0.004 * Complex(std::sin(phase), std::sin(1.7 * phase + 1.0));
    if (bad_point && i == 30) z *= 1.08;
    out.frequency.push_back(frequency);
    out.impedance.push_back(z);
    out.index.push_back(i);
  }
  return out;
}

void kramers_kronig_test(benchmark::State& state) {
  const PreparedSpectrum data = spectrum(state.range(0) != 0, state.range(1) != 0);
  for (auto _ : state) benchmark::DoNotOptimize(test_kramers_kronig(data));
}
BENCHMARK(kramers_kronig_test)
    ->ArgNames({"blocking", "bad_point"})
    ->ArgsProduct({{0, 1}, {0, 1}})
    ->Unit(benchmark::kMicrosecond);

void kramers_kronig_mu(benchmark::State& state) {
  const PreparedSpectrum data = spectrum(state.range(0) != 0);
  KramersKronigOptions options;
  options.choice = ElementChoice::mu;
  for (auto _ : state) benchmark::DoNotOptimize(test_kramers_kronig(data, options));
}
BENCHMARK(kramers_kronig_mu)->ArgName("blocking")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

void z_hit_reconstruction(benchmark::State& state) {
  const PreparedSpectrum data = spectrum(true);
  for (auto _ : state) benchmark::DoNotOptimize(z_hit(data));
}
BENCHMARK(z_hit_reconstruction)->Unit(benchmark::kMicrosecond);

void distribution(benchmark::State& state) {
  const PreparedSpectrum data = spectrum(state.range(0) != 0);
  for (auto _ : state) benchmark::DoNotOptimize(distribution_of_relaxation_times(data));
}
BENCHMARK(distribution)->ArgName("blocking")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void distribution_with_grid(benchmark::State& state) {
  const PreparedSpectrum data = spectrum(state.range(0) != 0);
  const DrtGrid grid(data.frequency);
  for (auto _ : state) benchmark::DoNotOptimize(distribution_of_relaxation_times(data, grid));
}
BENCHMARK(distribution_with_grid)->ArgName("blocking")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void distribution_with_band(benchmark::State& state) {
  const PreparedSpectrum data = spectrum(true);
  DrtOptions options;
  options.band = state.range(0) == 0 ? DrtBand::bayesian : DrtBand::bootstrap;
  for (auto _ : state) benchmark::DoNotOptimize(distribution_of_relaxation_times(data, options));
}
BENCHMARK(distribution_with_band)->ArgName("bootstrap")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
