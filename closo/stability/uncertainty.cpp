#include "closo/stability/uncertainty.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <map>
#include <mutex>
#include <numeric>
#include <thread>

#include "closo/base/element.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/stability/detail/limit_search.hpp"
#include "closo/stability/detail/philox.hpp"
#include "closo/stability/gibbs.hpp"

namespace closo::stability {
namespace {

void check_deviation(const std::string& name, double deviation) {
  if (std::isfinite(deviation) && deviation >= 0.0) return;
  throw base::ParameterError("standard deviation, " + name, base::format_number(deviation) + " eV",
                             "a finite number of 0 or more");
}

/// A number for a name, the same on every machine: FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo).
std::uint64_t name_key(std::string_view name) {
  std::uint64_t key = 0xCBF29CE484222325ULL;
  for (const char c : name) {
    key ^= static_cast<unsigned char>(c);
    key *= 0x100000001B3ULL;
  }
  return key;
}

/// The error model spread out over the phases of a system [eV per atom].
struct ErrorShares {
  std::vector<std::string> sources;  ///< of common error
  std::vector<double> common;  ///< phases × sources: standard deviation each source gives to the phase, signed alike
  std::vector<double> own;     ///< standard deviation of each phase's own error
};

ErrorShares error_shares(const ChemicalSystem& system, const ErrorModel& errors) {
  check_deviation("independent", errors.independent_eV_per_atom);
  ErrorShares shares;
  for (const auto& [symbol, deviation] : errors.per_element_eV) {
    check_deviation(symbol, deviation);
    if (base::find_element(symbol) == nullptr) {
      throw base::ParameterError("error of an element", "'" + symbol + "'", "element symbols such as Li, B, H");
    }
    shares.sources.push_back("element " + symbol);
  }
  for (const auto& [environment, deviation] : errors.per_bond_eV) {
    check_deviation(environment, deviation);
    shares.sources.push_back("bond " + environment);
  }
  shares.common.reserve(system.size() * shares.sources.size());
  shares.own.reserve(system.size());
  for (std::size_t phase = 0; phase < system.size(); ++phase) {
    const Entry& entry = system.entry(phase);
    const double atoms = system.atoms(phase);
    const bool is_element = entry.formula.terms().size() == 1;
    for (const auto& [symbol, deviation] : errors.per_element_eV) {
      shares.common.push_back(is_element ? 0.0 : deviation * entry.formula.amount(symbol) / atoms);
    }
    if (!errors.per_bond_eV.empty()) {
      const std::vector<std::pair<std::string, double>> environments = hydrogen_environments(entry.formula);
      for (const auto& [environment, deviation] : errors.per_bond_eV) {
        double hydrogens = 0.0;
        for (const auto& [name, amount] : environments) hydrogens += name == environment ? amount : 0.0;
        shares.common.push_back(is_element ? 0.0 : deviation * hydrogens / atoms);
      }
    }
    double own = errors.independent_eV_per_atom;
    if (errors.use_entry_uncertainty && entry.uncertainty_eV) own = *entry.uncertainty_eV / atoms;
    shares.own.push_back(is_element ? 0.0 : own);
  }
  return shares;
}

Quantiles quantiles(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  Quantiles result;
  const auto count = static_cast<double>(values.size());
  result.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0.0;
  for (const double value : values) squares += (value - result.mean) * (value - result.mean);
  result.standard_deviation = std::sqrt(squares / (count - 1.0));
  const auto at = [&](double share) {
    const double place = share * (count - 1.0);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
  };
  result.low = at(0.16);
  result.median = at(0.5);
  result.high = at(0.84);
  return result;
}

/// Calls work(first, last) for blocks of [0, count) on all processors. The first exception stops the rest.
template <class Work>
void in_blocks(std::size_t count, std::size_t block, const Work& work) {
  const std::size_t blocks = (count + block - 1) / block;
  std::atomic<std::size_t> next{0};
  std::exception_ptr problem;
  std::mutex guard;
  const auto run = [&] {
    for (std::size_t i = next++; i < blocks; i = next++) {
      try {
        work(i * block, std::min(count, (i + 1) * block));
      } catch (...) {
        const std::lock_guard<std::mutex> lock(guard);
        if (!problem) problem = std::current_exception();
        next = blocks;
      }
    }
  };
  std::vector<std::jthread> others;
  const std::size_t threads = std::min<std::size_t>(blocks, std::max(1U, std::thread::hardware_concurrency()));
  for (std::size_t t = 1; t < threads; ++t) others.emplace_back(run);
  run();
  others.clear();
  if (problem) std::rethrow_exception(problem);
}

std::vector<ProductProbability> product_probabilities(const ChemicalSystem& system,
                                                      std::span<const std::vector<std::size_t>> products) {
  std::map<std::string, std::size_t> counts;
  for (const std::vector<std::size_t>& phases : products) {
    std::vector<std::string> names;
    names.reserve(phases.size());
    for (const std::size_t phase : phases) names.push_back(system.entry(phase).name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const std::string& name : names) ++counts[name];
  }
  std::vector<ProductProbability> result;
  result.reserve(counts.size());
  for (const auto& [name, count] : counts) {
    result.push_back({name, static_cast<double>(count) / static_cast<double>(products.size())});
  }
  std::stable_sort(result.begin(), result.end(), [](const ProductProbability& a, const ProductProbability& b) {
    return a.probability > b.probability;
  });
  return result;
}

}  // namespace

EnergyDraws::EnergyDraws(const ChemicalSystem& system, const ErrorModel& errors, std::uint64_t seed)
    : centre_(system.energies_eV_per_atom().begin(), system.energies_eV_per_atom().end()), seed_(seed) {
  ErrorShares shares = error_shares(system, errors);
  own_ = std::move(shares.own);
  shares_ = std::move(shares.common);
  for (const std::string& source : shares.sources) source_keys_.push_back(name_key(source));
  std::map<std::string, std::size_t> repeats;
  for (std::size_t phase = 0; phase < system.size(); ++phase) {
    const Entry& entry = system.entry(phase);
    std::string name = "phase " + entry.formula.reduced().hill_text() + " " + entry.phase;
    const std::size_t repeat = repeats[name]++;
    if (repeat > 0) name += " " + std::to_string(repeat);
    phase_keys_.push_back(name_key(name));
  }
}

void EnergyDraws::draw(std::size_t index, std::span<const std::size_t> phases,
                       std::span<double> energies_eV_per_atom) const {
  if (energies_eV_per_atom.size() != centre_.size()) {
    throw base::ParameterError("energies", std::to_string(energies_eV_per_atom.size()) + " numbers",
                               "one for each of the " + std::to_string(centre_.size()) + " phases");
  }
  const std::size_t sources = source_keys_.size();
  std::vector<double> common(sources);
  for (std::size_t s = 0; s < sources; ++s) common[s] = detail::normal_deviate(seed_, index, source_keys_[s]);
  for (const std::size_t phase : phases) {
    double energy = centre_[phase];
    for (std::size_t s = 0; s < sources; ++s) energy += shares_[phase * sources + s] * common[s];
    if (own_[phase] > 0.0) energy += own_[phase] * detail::normal_deviate(seed_, index, phase_keys_[phase]);
    energies_eV_per_atom[phase] = energy;
  }
}

void EnergyDraws::draw(std::size_t index, std::span<double> energies_eV_per_atom) const {
  std::vector<std::size_t> phases(centre_.size());
  std::iota(phases.begin(), phases.end(), std::size_t{0});
  draw(index, phases, energies_eV_per_atom);
}

WindowDistribution window_distribution(const ChemicalSystem& system, const base::Formula& compound,
                                       std::string_view mobile, const ErrorModel& errors, std::size_t draws,
                                       std::uint64_t seed, const ProfileOptions& options) {
  constexpr std::size_t fewest = 10;
  constexpr std::size_t block = 250;
  if (draws < fewest) {
    throw base::ParameterError("draws", std::to_string(draws), std::to_string(fewest) + " or more");
  }
  const Window nominal = equilibrium_window(system, compound, mobile, options);
  const detail::LimitSearch search(system, compound, mobile, options, nominal);
  const EnergyDraws energies(system, errors, seed);

  WindowDistribution result;
  result.draws = draws;
  result.reduction_draws_V.resize(draws);
  result.oxidation_draws_V.resize(draws);
  std::vector<std::vector<std::size_t>> reduction_products(draws), oxidation_products(draws);
  std::vector<char> is_on_hull(draws), is_open(draws);
  in_blocks(draws, block, [&](std::size_t first, std::size_t last) {
    detail::LimitSearch own = search;
    std::vector<double> drawn(system.energies_eV_per_atom().begin(), system.energies_eV_per_atom().end());
    for (std::size_t k = first; k < last; ++k) {
      energies.draw(k, own.phases(), drawn);
      detail::Limits limits = own.find(drawn);
      result.reduction_draws_V[k] = limits.reduction.potential_V;
      result.oxidation_draws_V[k] = limits.oxidation.potential_V;
      is_open[k] = limits.reduction.is_open ? 1 : 0;
      is_on_hull[k] = limits.is_on_hull ? 1 : 0;
      reduction_products[k] = std::move(limits.reduction.products);
      oxidation_products[k] = std::move(limits.oxidation.products);
    }
  });
  result.on_hull = static_cast<std::size_t>(std::count(is_on_hull.begin(), is_on_hull.end(), 1));
  result.reduction_is_open =
      static_cast<double>(std::count(is_open.begin(), is_open.end(), 1)) / static_cast<double>(draws);
  result.reduction_V = quantiles(result.reduction_draws_V);
  result.oxidation_V = quantiles(result.oxidation_draws_V);
  result.reduction_products = product_probabilities(system, reduction_products);
  result.oxidation_products = product_probabilities(system, oxidation_products);
  return result;
}

double limit_uncertainty(const ChemicalSystem& system, const base::Formula& /*compound*/, const WindowLimit& limit,
                         const ErrorModel& errors) {
  const ErrorShares shares = error_shares(system, errors);
  const std::size_t sources = shares.sources.size();
  std::vector<double> common(sources);
  double variance = 0.0;
  for (const WindowLimit::Sensitivity& sensitivity : limit.sensitivities) {
    const double per_eV_per_atom = sensitivity.per_eV * system.atoms(sensitivity.phase);
    variance += std::pow(per_eV_per_atom * shares.own[sensitivity.phase], 2);
    for (std::size_t s = 0; s < sources; ++s) {
      common[s] += per_eV_per_atom * shares.common[sensitivity.phase * sources + s];
    }
  }
  for (const double sum : common) variance += sum * sum;
  return std::sqrt(variance);
}

}  // namespace closo::stability
