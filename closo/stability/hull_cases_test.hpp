/// Random sets with binaries to full compounds, polymorphs and exact coincidences, for the laws of hulls and diagrams.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "closo/stability/entry_set.hpp"

namespace closo::stability::hull_cases {

inline Entry entry(const std::string& text, double eV_per_atom, const std::string& phase = {}) {
  Entry made;
  made.name = text;
  made.formula = base::Formula::parse(text);
  made.energy_eV = eV_per_atom * made.formula.atoms();
  made.phase = phase;
  return made;
}

inline std::vector<std::string> symbols(std::size_t count) {
  const std::vector<std::string> all = {"Li", "B", "H", "O", "S", "N"};
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)};
}

/// Every third seed has energies in whole units of 0.25 eV per formula unit, so that many phases lie in one plane.
inline EntrySet random_set(unsigned seed, std::size_t elements, std::size_t size) {
  std::mt19937 random(seed);
  const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  const std::vector<std::string> names = symbols(elements);
  std::vector<Entry> entries;
  for (std::size_t j = 0; j < size; ++j) {
    std::string text;
    for (const std::string& name : names) {
      if (below(3) == 0) continue;
      text += name + std::to_string(1 + below(4));
    }
    if (text.empty()) text = names.front() + names.back();
    const base::Formula formula = base::Formula::parse(text);
    if (formula.terms().size() == 1) continue;
    const double energy = seed % 3 == 0 ? -0.25 * below(9) : -1e-6 * below(1000000) * formula.atoms();
    entries.push_back(entry(text, energy / formula.atoms(), std::to_string(j)));
  }
  for (const std::string& name : names) entries.push_back(entry(name, 0.0));
  return EntrySet("random", entries);
}

}  // namespace closo::stability::hull_cases
