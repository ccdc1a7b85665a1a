/// How long phase equilibria take: hulls, voltage profiles, interfaces, Monte Carlo windows, the compatibility matrix.
///
/// Synthetic sets: 2 to 4 of the elements in a phase, energies of a regular shape with noise. Where the shared set of
/// computed energies lies next to the source tree, real systems follow. With CLOSO_BENCH_ENTRIES naming a folder, each
/// set of phases used is written there as CSV, so that other programs can be given the same (bench/stability/peers.py).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "closo/base/number.hpp"
#include "closo/stability/compatibility.hpp"
#include "closo/stability/hull.hpp"
#include "closo/stability/interface.hpp"
#include "closo/stability/uncertainty.hpp"
#include "closo/stability/voltage_profile.hpp"
#include "closo/stability/window.hpp"

namespace {

using namespace closo::stability;
using closo::base::Formula;

const std::filesystem::path shared_set =
    std::filesystem::path(CLOSO_SOURCE_DIR) / ".." / "shared" / "data" / "thermo" / "dft_mp2019_all.csv";

Entry make_entry(const Formula& formula, double eV_per_atom, std::size_t number) {
  Entry entry;
  entry.formula = formula;
  entry.name = formula.text();
  entry.phase = std::to_string(number);
  entry.energy_eV = eV_per_atom * formula.atoms();
  return entry;
}

/// `size` phases of the first `count` elements, elements included.
ChemicalSystem synthetic(std::size_t count, std::size_t size) {
  const std::vector<std::string> symbols{"Li", "B", "H", "C", "N", "O", "S", "P", "Co"};
  const std::vector<std::string> elements(symbols.begin(), symbols.begin() + static_cast<std::ptrdiff_t>(count));
  std::mt19937_64 engine(0);
  const auto below = [&](std::size_t bound) { return engine() % bound; };
  std::vector<Entry> entries;
  for (std::size_t k = 0; k + count < size; ++k) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::size_t parts = 2 + below(std::min<std::size_t>(count, 4) - 1);
    std::vector<closo::base::ElementAmount> terms;
    double atoms = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < parts; ++i) {
      std::swap(order[i], order[i + below(count - i)]);
      const auto amount = static_cast<double>(1 + below(6));
      terms.push_back({closo::base::find_element(elements[order[i]]), amount});
      atoms += amount;
      squares += amount * amount;
    }
    const double noise = 0.25 * static_cast<double>(engine() >> 11U) * 0x1p-53;
    entries.push_back(make_entry(Formula(terms), -1.2 * (1.0 - squares / (atoms * atoms)) + noise, k));
  }
  return ChemicalSystem(EntrySet("synthetic", std::move(entries)), elements, {true, {}});
}

std::optional<EntrySet> read_shared_set() {
  std::ifstream file(shared_set);
  if (!file) return std::nullopt;
  std::vector<Entry> entries;
  for (std::string line; std::getline(file, line);) {
    const std::size_t key = line.find(',');
    if (line.starts_with('#') || line.starts_with("formula") || key == std::string::npos) continue;
    const std::size_t from = line.find(',', key + 1) + 1;
    const double energy = closo::base::parse_number(line.substr(from, line.find(',', from) - from));
    entries.push_back(make_entry(Formula::parse(line.substr(0, key)), energy, entries.size()));
  }
  return EntrySet("static", std::move(entries));
}

/// For programs to compare with: one row a phase.
void offer(const std::string& name, const ChemicalSystem& system) {
  const char* folder = std::getenv("CLOSO_BENCH_ENTRIES");
  if (folder == nullptr) return;
  std::ofstream file(std::filesystem::path(folder) / (name + ".csv"));
  file << "formula,energy_eV_per_atom\n";
  for (std::size_t k = 0; k < system.size(); ++k) {
    file << system.entry(k).formula.text() << ',' << closo::base::format_exact(system.energy_eV_per_atom(k)) << '\n';
  }
}

/// Equal amounts of all elements.
Formula equimolar(const ChemicalSystem& system) {
  std::vector<closo::base::ElementAmount> terms;
  for (const std::string& symbol : system.elements()) terms.push_back({closo::base::find_element(symbol), 1.0});
  return Formula(terms);
}

std::string name_of(const char* job, const benchmark::State& state) {
  return std::string(job) + "_" + std::to_string(state.range(0)) + "x" + std::to_string(state.range(1));
}

void facets(benchmark::State& state) {
  const ChemicalSystem system =
      synthetic(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  offer(name_of("synthetic", state), system);
  std::size_t count = 0;
  for (auto _ : state) count = phase_diagram(system).facets.size();
  state.counters["facets"] = static_cast<double>(count);
}
BENCHMARK(facets)->Unit(benchmark::kMicrosecond)->Args({4, 1000});

void all_hull_energies(benchmark::State& state) {
  const ChemicalSystem system =
      synthetic(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  offer(name_of("synthetic", state), system);
  std::vector<double> above;
  for (auto _ : state) above = energies_above_hull(system);
  state.counters["mean_eV"] = std::accumulate(above.begin(), above.end(), 0.0) / static_cast<double>(above.size());
}
BENCHMARK(all_hull_energies)->Unit(benchmark::kMicrosecond)->Args({4, 1000})->Args({6, 1000});

void one_decomposition(benchmark::State& state) {
  const ChemicalSystem system =
      synthetic(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  offer(name_of("synthetic", state), system);
  const Formula composition = equimolar(system);
  double energy = 0.0;
  for (auto _ : state) energy = decompose(system, composition).energy_eV_per_atom;
  state.counters["energy_eV"] = energy;
}
BENCHMARK(one_decomposition)->Unit(benchmark::kMicrosecond)->Args({4, 1000})->Args({6, 1000})->Args({8, 1000});

void profile(benchmark::State& state) {
  const ChemicalSystem system =
      synthetic(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  offer(name_of("synthetic", state), system);
  const Formula composition = equimolar(system);
  std::size_t steps = 0;
  for (auto _ : state) steps = voltage_profile(system, composition, "Li").steps.size();
  state.counters["steps"] = static_cast<double>(steps);
}
BENCHMARK(profile)->Unit(benchmark::kMicrosecond)->Args({4, 1000})->Args({6, 1000})->Args({8, 1000});

/// Two phases of three or four elements each, chosen by their place in the set.
void synthetic_interface(benchmark::State& state) {
  const ChemicalSystem system =
      synthetic(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  offer(name_of("synthetic", state), system);
  std::vector<Formula> materials;
  for (std::size_t k = 0; k < system.size() && materials.size() < 2; ++k) {
    if (system.entry(k).formula.terms().size() == 4) materials.push_back(system.entry(k).formula);
  }
  InterfaceReaction reaction;
  for (auto _ : state) reaction = interface_reaction(system, {materials[0]}, {materials[1]});
  state.counters["kinks"] = static_cast<double>(reaction.kinks.size());
  state.counters["mixing_eV"] = reaction.mixing_eV;
}
BENCHMARK(synthetic_interface)->Unit(benchmark::kMicrosecond)->Args({7, 422});

// ---- Real phases

/// Read by the first benchmark that asks for it.
const std::optional<EntrySet>& real_set() {
  static const std::optional<EntrySet> set = read_shared_set();
  return set;
}

std::optional<ChemicalSystem> real_system(benchmark::State& state, const std::vector<Formula>& compounds,
                                          const std::string& name) {
  if (!real_set()) {
    state.SkipWithError("the shared energies are absent");
    return std::nullopt;
  }
  ChemicalSystem system(*real_set(), elements_of(compounds));
  offer(name, system);
  return system;
}

struct Contact {
  const char *name, *electrolyte, *discharged, *charged;
};
constexpr Contact contacts[] = {{"LiBH4_LiCoO2", "LiBH4", "LiCoO2", "CoO2"},
                                {"LiBH4_LiFePO4", "LiBH4", "LiFePO4", "FePO4"},
                                {"Li6PS5Cl_LiCoO2", "Li6PS5Cl", "LiCoO2", "CoO2"}};

void interface_open(benchmark::State& state) {
  const Contact& contact = contacts[state.range(0)];
  const std::vector<Formula> pair{Formula::parse(contact.electrolyte), Formula::parse(contact.discharged)};
  state.SetLabel(contact.name);
  const auto system = real_system(state, pair, contact.name);
  if (!system) return;
  const double voltage = average_voltage(*system, pair[1], Formula::parse(contact.charged), "Li");
  const Reservoir lithium{"Li", -voltage};
  InterfaceReaction reaction;
  for (auto _ : state) reaction = interface_reaction(*system, {pair[0]}, {pair[1]}, lithium);
  state.counters["phases"] = static_cast<double>(system->size());
  state.counters["kinks"] = static_cast<double>(reaction.kinks.size());
  state.counters["mixing_eV"] = reaction.mixing_eV;
}
BENCHMARK(interface_open)->Unit(benchmark::kMicrosecond)->DenseRange(0, 2);

void interface_two_energies(benchmark::State& state) {
  const Contact& contact = contacts[state.range(0)];
  const std::vector<Formula> pair{Formula::parse(contact.electrolyte), Formula::parse(contact.discharged)};
  state.SetLabel(contact.name);
  const auto system = real_system(state, pair, contact.name);
  if (!system) return;
  const double voltage = average_voltage(*system, pair[1], Formula::parse(contact.charged), "Li");
  const Reservoir lithium{"Li", -voltage};
  InterfaceEnergies energies;
  for (auto _ : state) energies = interface_energies(*system, {pair[0]}, {pair[1]}, lithium);
  state.counters["phases"] = static_cast<double>(system->size());
  state.counters["mixing_eV"] = energies.mixing_eV;
}
BENCHMARK(interface_two_energies)->Unit(benchmark::kMicrosecond)->DenseRange(0, 2);

void interface_51_potentials(benchmark::State& state) {
  const std::vector<Formula> pair{Formula::parse("LiBH4"), Formula::parse("LiCoO2")};
  const auto system = real_system(state, pair, "LiBH4_LiCoO2");
  if (!system) return;
  for (auto _ : state) {
    benchmark::DoNotOptimize(interface_over_voltage(*system, {pair[0]}, {pair[1]}, "Li", 0.0, 5.0));
  }
}
BENCHMARK(interface_51_potentials)->Unit(benchmark::kMicrosecond);

constexpr const char* electrolytes[] = {"LiBH4", "Li2B12H12", "Li10GeP2S12", "Li7La3Zr2O12"};

void window(benchmark::State& state) {
  const Formula compound = Formula::parse(electrolytes[state.range(0)]);
  state.SetLabel(electrolytes[state.range(0)]);
  const auto system = real_system(state, {compound}, electrolytes[state.range(0)]);
  if (!system) return;
  Window found;
  for (auto _ : state) found = equilibrium_window(*system, compound, "Li");
  state.counters["phases"] = static_cast<double>(system->size());
  state.counters["reduction_V"] = found.reduction.potential_V;
  state.counters["oxidation_V"] = found.oxidation.potential_V;
}
BENCHMARK(window)->Unit(benchmark::kMicrosecond)->DenseRange(0, 3);

void real_profile(benchmark::State& state) {
  const Formula compound = Formula::parse(electrolytes[state.range(0)]);
  state.SetLabel(electrolytes[state.range(0)]);
  const auto system = real_system(state, {compound}, electrolytes[state.range(0)]);
  if (!system) return;
  std::size_t steps = 0;
  for (auto _ : state) steps = voltage_profile(*system, compound, "Li").steps.size();
  state.counters["phases"] = static_cast<double>(system->size());
  state.counters["steps"] = static_cast<double>(steps);
}
BENCHMARK(real_profile)->Unit(benchmark::kMicrosecond)->DenseRange(0, 3);

void monte_carlo_window(benchmark::State& state) {
  const Formula compound = Formula::parse(electrolytes[state.range(0)]);
  state.SetLabel(electrolytes[state.range(0)]);
  const auto system = real_system(state, {compound}, electrolytes[state.range(0)]);
  if (!system) return;
  WindowDistribution distribution;
  for (auto _ : state) distribution = window_distribution(*system, compound, "Li", ErrorModel{}, 10000);
  state.counters["phases"] = static_cast<double>(system->size());
  state.counters["oxidation_V"] = distribution.oxidation_V.median;
  state.counters["spread_V"] = distribution.oxidation_V.standard_deviation;
}
BENCHMARK(monte_carlo_window)->Unit(benchmark::kMillisecond)->DenseRange(0, 3)->MeasureProcessCPUTime()->UseRealTime();

void system_of_one_pair(benchmark::State& state) {
  const std::vector<Formula> pair{Formula::parse("LiBH4"), Formula::parse("LiCoO2")};
  if (!real_set()) return state.SkipWithError("the shared energies are absent");
  for (auto _ : state) benchmark::DoNotOptimize(ChemicalSystem(*real_set(), elements_of(pair)));
  state.counters["rows"] = static_cast<double>(real_set()->entries().size());
}
BENCHMARK(system_of_one_pair)->Unit(benchmark::kMicrosecond);

bool holds_any(const Formula& formula, const std::vector<std::string>& symbols) {
  return std::any_of(symbols.begin(), symbols.end(), [&](const std::string& s) { return formula.amount(s) > 0.0; });
}

const std::vector<std::string> transition_metals{"Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Nb", "Mo", "W"};

/// Every n-th, so that `count` remain, spread over the whole set.
template <class Item>
std::vector<Item> spread(const std::vector<Item>& items, std::size_t count) {
  std::vector<Item> out;
  for (std::size_t k = 0; k < count; ++k) out.push_back(items[k * items.size() / count]);
  return out;
}

/// Compounds of lithium and two or three main-group elements.
std::vector<Formula> hundred_electrolytes(const EntrySet& set) {
  const std::vector<std::string> anions{"H",  "B", "N",  "O",  "F",  "P",  "S", "Cl",
                                        "Br", "I", "Si", "Ge", "Al", "Zr", "La"};
  std::vector<Formula> found;
  for (const Entry& entry : set.entries()) {
    const auto& terms = entry.formula.terms();
    if (!(entry.formula.amount("Li") > 0.0) || terms.size() < 3 || terms.size() > 4) continue;
    const bool fits = std::all_of(terms.begin(), terms.end(), [&](const auto& term) {
      const std::string symbol(term.element->symbol);
      return symbol == "Li" || std::find(anions.begin(), anions.end(), symbol) != anions.end();
    });
    if (fits) found.push_back(entry.formula);
  }
  return spread(found, 100);
}

/// Compounds of lithium and a transition metal whose delithiated state is in the set too, above the metal in potential.
std::vector<Partner> hundred_electrodes(const EntrySet& set) {
  const std::vector<std::string> anions{"O", "S", "F", "P", "Si", "B"};
  std::vector<Partner> found;
  for (const Entry& entry : set.entries()) {
    const Formula& formula = entry.formula;
    if (!(formula.amount("Li") > 0.0) || !holds_any(formula, transition_metals) || !holds_any(formula, anions))
      continue;
    if (formula.terms().size() > 5) continue;
    std::vector<closo::base::ElementAmount> host;
    for (const auto& term : formula.terms()) {
      if (term.element->symbol != "Li") host.push_back(term);
    }
    const Formula charged(host);
    if (set.find(charged) == nullptr) continue;
    const std::vector<Formula> states{formula};
    if (average_voltage(ChemicalSystem(set, elements_of(states)), formula, charged, "Li") < 0.0) continue;
    found.push_back({formula.text(), Partner::Role::cathode, formula, charged});
  }
  return spread(found, 100);
}

/// Systems and all; energies closed and open, discharged and charged.
void matrix(benchmark::State& state) {
  if (!real_set()) return state.SkipWithError("the shared energies are absent");
  const std::vector<Formula> rows = hundred_electrolytes(*real_set());
  const std::vector<Partner> columns = hundred_electrodes(*real_set());
  std::size_t complete = 0;
  for (auto _ : state) {
    complete = 0;
    for (const PairResult& pair : compatibility_matrix(*real_set(), rows, columns, "Li")) {
      complete += pair.problem.empty() ? 1 : 0;
    }
  }
  state.counters["pairs"] = static_cast<double>(rows.size() * columns.size());
  state.counters["complete"] = static_cast<double>(complete);
}
BENCHMARK(matrix)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
