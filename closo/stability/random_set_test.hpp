/// Entries and random sets of phases for the laws of this room.
#pragma once

#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "closo/stability/entry_set.hpp"

namespace closo::stability::trial {

inline base::Formula formula(const std::string& text) { return base::Formula::parse(text); }

inline Entry entry_of(const std::string& text, double eV_per_formula, const std::string& phase = {}) {
  Entry made;
  made.name = text;
  made.formula = formula(text);
  made.energy_eV = eV_per_formula;
  made.phase = phase;
  return made;
}

inline ChemicalSystem system_of(const EntrySet& set, const base::Formula& composition,
                                const SystemOptions& options = {}) {
  const base::Formula compositions[] = {composition};
  return ChemicalSystem(set, elements_of(compositions), options);
}

/// Random compounds of the elements with energies near a convex surface, so that many are stable and many just not.
inline std::vector<Entry> random_entries(const std::vector<std::string>& elements, std::size_t count,
                                         std::uint64_t seed) {
  std::mt19937_64 bits(seed);
  const auto uniform = [&bits] { return static_cast<double>(bits() >> 11U) * 0x1p-53; };
  std::vector<Entry> entries;
  while (entries.size() < count) {
    std::string text;
    std::size_t kinds = 0;
    for (const std::string& element : elements) {
      const auto amount = static_cast<int>(bits() % 8);
      if (amount == 0 || amount > 4) continue;
      text += element + std::to_string(amount);
      ++kinds;
    }
    if (kinds < 2) continue;
    Entry made = entry_of(text, 0.0, std::to_string(entries.size()));
    const double atoms = made.formula.atoms();
    double mixing = 0.0;
    for (const base::ElementAmount& term : made.formula.terms()) {
      mixing += term.amount / atoms * (1.0 - term.amount / atoms);
    }
    made.energy_eV = -atoms * (1.5 * mixing + 0.2 * uniform());
    entries.push_back(std::move(made));
  }
  return entries;
}

}  // namespace closo::stability::trial
