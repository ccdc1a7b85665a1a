/// A phase with an energy of the user's own beside the phases of a set: the explicit hybrid.
#pragma once

#include <string>
#include <vector>

#include "closo/base/formula.hpp"
#include "closo/stability/entry_set.hpp"

namespace closo::tasks::detail {

/// A text "PHASE: energy" or "REACTION: energy", read but not yet joined with a set.
struct OwnPhase {
  std::string text;
  std::string equation;  ///< what stands before the colon
  double energy_eV = 0.0;
  bool is_per_atom = false;
};

/// Throws: ParameterError naming `option`.
OwnPhase parse_own_phase(std::string_view option, const std::string& text);

/// All formulas of the text, so that the set can be loaded with their elements.
std::vector<base::Formula> formulas_of(std::string_view option, const OwnPhase& own);

/// The phase as an entry. Of a reaction, the one formula that the set does not have (else its first reactant) gets the
/// energy that makes the reaction's come out; all others count with the set's. Throws: ParameterError when the reaction
/// does not balance, or more than one formula is unknown to the set.
stability::Entry own_entry(std::string_view option, const OwnPhase& own, const stability::EntrySet& set);

}  // namespace closo::tasks::detail
