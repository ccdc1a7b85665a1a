/// Any text of energies becomes a set or is refused with an InputError that says where; phases of a set are neutral,
/// finite, each there once, and the same when only the elements of one of them are asked for.
#include "closo/library/energy_set.hpp"

#include <set>

#include "closo/base/error.hpp"
#include "closo/library/detail/energy_text.hpp"
#include "fuzz/property.hpp"

using namespace closo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  library::EnergySet set;
  try {
    set = library::read_energy_set(text, "input.csv");
  } catch (const base::InputError& error) {
    fuzz::require(!error.problem().empty() && error.place().file == "input.csv",
                  "an error says what is wrong and where");
    return 0;
  }
  fuzz::require(!set.rows.empty(), "a set has phases");
  std::set<std::string> seen;
  for (const library::EnergyRow& row : set.rows) {
    const double per_atom = row.energy_eV / row.formula.atoms();
    fuzz::require(std::isfinite(per_atom) && std::abs(per_atom) <= 20.0, "energies are within bounds", row.name);
    fuzz::require(!row.formula.terms().empty() && row.formula.charge() == 0, "phases are neutral", row.name);
    fuzz::require(!row.uncertainty_eV || *row.uncertainty_eV >= 0.0, "uncertainties are not negative", row.name);
    fuzz::require(row.line > 1, "a phase knows its line", row.name);
    fuzz::require(seen.insert(row.formula.hill_text() + '\n' + row.phase).second, "each phase is there once", row.name);
    for (std::size_t i = 0; i < row.gibbs_eV.size(); ++i) {
      fuzz::require(
          std::isfinite(row.gibbs_eV[i].second) && (i == 0 || row.gibbs_eV[i].first > row.gibbs_eV[i - 1].first),
          "tabulated temperatures rise", row.name);
    }
  }
  const library::detail::ElementMask elements = library::detail::mask_of(set.rows.front().formula);
  std::size_t expected = 0;
  for (const library::EnergyRow& row : set.rows) {
    expected += library::detail::mask_of(row.formula).is_within(elements) ? 1 : 0;
  }
  try {
    const library::EnergySet some = library::detail::read_energy_text(text, "input.csv", elements);
    fuzz::require(some.rows.size() == expected, "the rows of some elements are those of all", some.rows.front().name);
  } catch (const base::InternalError&) {
    // total energies, which need every element
  }
  return 0;
}
