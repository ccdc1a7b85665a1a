// verify_hull: the shipped static set gives back the decomposition energies that its source lists, so that nothing that
// matters was left out of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "closo/library/energy_set.hpp"
#include "closo/stability/gibbs.hpp"
#include "closo/stability/hull.hpp"

namespace closo::stability {
namespace {

TEST(shipped_set, verify_hull) {
  const std::filesystem::path data = std::filesystem::path(CLOSO_SOURCE_DIR) / "data";
  const library::EnergySet rows = library::load_energy_set(data, {}, "static");
  Conditions conditions;
  conditions.use_estimates = false;  // the source's hulls know of none
  const EntrySet set = at_conditions(rows, conditions).set;
  SystemOptions options;
  options.keep_dilute_alloys = true;  // the source's hulls have them
  std::map<std::vector<std::string>, std::vector<const library::EnergyRow*>> by_system;
  for (const library::EnergyRow& row : rows.rows) {
    if (!row.listed_hull_eV_per_atom || row.is_estimate) continue;
    std::vector<std::string> elements = elements_of({&row.formula, 1});
    std::ranges::sort(elements);
    by_system[elements].push_back(&row);
  }
  std::size_t compared = 0, agree = 0;
  double largest = 0.0;
  for (const auto& [elements, members] : by_system) {
    const ChemicalSystem system(set, elements, options);
    for (const library::EnergyRow* row : members) {
      const std::optional<std::size_t> phase = system.find(row->formula);
      ASSERT_TRUE(phase.has_value()) << row->name;
      const double difference =
          std::abs(hull_energy(system, *phase).decomposition_eV_per_atom - *row->listed_hull_eV_per_atom);
      ++compared;
      if (difference <= 2e-3) ++agree;
      largest = std::max(largest, difference);
    }
  }
  EXPECT_GT(compared, 15000U);
  EXPECT_GE(static_cast<double>(agree), 0.99 * static_cast<double>(compared));
  EXPECT_LT(largest, 6e-3);  // the worst: numbers of the source that were rounded before its hull
  RecordProperty("compared", static_cast<int>(compared));
  RecordProperty("agree", static_cast<int>(agree));
}

}  // namespace
}  // namespace closo::stability
