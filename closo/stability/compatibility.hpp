/// Every electrolyte against every electrode and coating: the compatibility matrix.
///
/// Electrodes are taken discharged and charged, open to the mobile element at their mean potential (anodes at 0 V);
/// coatings and carbon closed, and at the potential of the electrode where one is given. Each pair uses the phases of
/// its own elements only, exact in every pair, computed in parallel.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "closo/stability/interface.hpp"

namespace closo::stability {

struct Partner {
  enum class Role : unsigned char { cathode, anode, coating, carbon };
  std::string name;
  Role role = Role::cathode;
  base::Formula discharged;
  std::optional<base::Formula> charged = {};  ///< cathodes with both states
  std::optional<double> potential_V = {};     ///< given; else from the two states; anodes: 0
};

struct PairResult {
  std::string electrolyte, partner;
  Partner::Role role = Partner::Role::cathode;
  std::optional<double> potential_V;  ///< used for the open energies
  /// Per atom: closed; per non-mobile atom: open. Empty where it could not be computed, with the reason in `problem`.
  std::optional<InterfaceEnergies> closed_discharged, closed_charged, open_discharged, open_charged;
  std::string problem;
  bool electrolyte_is_assumed_on_hull = false, partner_is_assumed_on_hull = false;
};

/// Row-major electrolytes × partners, on all cores. `progress(done, total)` is called from the calling thread and may
/// return false to stop: the rest has problem "stopped". Against the mobile metal itself the open energies are those of
/// the electrolyte alone in equilibrium with it (mutual 0); what reacts there shows in the closed ones. What goes wrong
/// with one pair stands in its `problem`. Throws: ParameterError for a mobile element without a known charge or a
/// potential that is not finite; InputError for an empty or charged formula; what `progress` throws.
std::vector<PairResult> compatibility_matrix(const EntrySet& set, std::span<const base::Formula> electrolytes,
                                             std::span<const Partner> partners, std::string_view mobile,
                                             const SystemOptions& options = {},
                                             const std::function<bool(std::size_t, std::size_t)>& progress = {});

/// What the worst energy of a pair means; boundaries in eV per atom counted, stated with the source in every table.
/// stable: above −0.01 (numerical noise and floor); slight: above −0.05; reactive: above −0.2; strong: below.
enum class Reactivity : unsigned char { stable, slight, reactive, strong };
Reactivity reactivity(double energy_eV_per_atom);
std::string_view to_string(Reactivity reactivity);

}  // namespace closo::stability
