/// The Materials Project set of 2019 (PBE(+U), 85,014 compositions) from the shared data, for the tests of this room.
/// Source: C. J. Bartel et al., npj Comput. Mater. 6 (2020) 97, DOI 10.1038/s41524-020-00362-y.
#pragma once

#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "closo/base/number.hpp"
#include "closo/stability/entry_set.hpp"

namespace closo::stability::trial {

struct ListedSet {
  EntrySet set;
  std::vector<double> decomposition_eV_per_atom;  ///< as listed, of the first entries of the set, in their order
};

/// Rows of compounds of `elements` only (all rows when empty); nothing when the shared data are not there.
inline std::optional<ListedSet> listed_mp2019(const std::vector<std::string>& elements = {}) {
  std::ifstream file(std::string(CLOSO_SHARED_DIR) + "/data/thermo/dft_mp2019_all.csv");
  if (!file) return std::nullopt;
  const auto is_wanted = [&](const base::Formula& formula) {
    double covered = 0.0;
    for (const std::string& symbol : elements) covered += formula.amount(symbol);
    return elements.empty() || covered > 0.9999999 * formula.atoms();
  };
  std::vector<Entry> entries;
  std::vector<double> listed;
  for (std::string line; std::getline(file, line);) {
    const std::size_t key = line.find(',');
    if (line.empty() || line.front() == '#' || line.starts_with("formula,") || key == std::string::npos) continue;
    const std::size_t energy = line.find(',', key + 1);
    const std::size_t decomposition = line.find(',', energy + 1);
    Entry entry;
    entry.name = line.substr(0, key);
    entry.formula = base::Formula::parse(entry.name);
    if (!is_wanted(entry.formula)) continue;
    const std::string_view text = line;
    const double per_atom = base::parse_number(text.substr(energy + 1, decomposition - energy - 1));
    entry.energy_eV = per_atom * entry.formula.atoms();
    entry.source = "MP 2019";
    const std::size_t end = line.find_first_of(",\r", decomposition + 1);
    listed.push_back(base::parse_number(text.substr(decomposition + 1, end - decomposition - 1)));
    entries.push_back(std::move(entry));
  }
  return ListedSet{EntrySet("static", std::move(entries)), std::move(listed)};
}

inline std::optional<EntrySet> mp2019(const std::vector<std::string>& elements = {}) {
  std::optional<ListedSet> listed = listed_mp2019(elements);
  if (!listed) return std::nullopt;
  return std::move(listed->set);
}

}  // namespace closo::stability::trial
