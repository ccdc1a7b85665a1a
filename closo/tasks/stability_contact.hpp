/// What a contact of two materials is in a battery: the two states of an electrode and its potential, and the energy by
/// which the contact is judged.
///
/// States come from the library's table of electrodes (ions exchanged per formula unit); for other materials all mobile
/// ions are taken out. A contact is judged by its mutual energy, and, open to the mobile element, also by what the
/// electrolyte does alone at the electrode's potential; the decomposition of the electrode itself does not count.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/library/library.hpp"
#include "closo/stability/compatibility.hpp"
#include "closo/tasks/stability_access.hpp"

namespace closo::tasks {

struct ElectrodeStates {
  stability::Partner::Role role = stability::Partner::Role::cathode;
  base::Formula discharged;
  std::optional<base::Formula> charged;
  std::string states_source;          ///< "library ELE009", "all Li removed", "option charged"
  std::optional<double> potential_V;  ///< mean, against the metal
  std::string potential_source;       ///< "library ELE006", "set 'static'", "metal"
  std::vector<std::string> notes;     ///< what is missing, in words
};

/// The states of a material as an electrode for the ion `mobile`: a row of the library's electrodes (in either state),
/// the metal itself, a library material of that role, or a compound of a redox-active metal whose empty state is in the
/// set. Empty for all others (coatings, fillers, electrolytes). The potential is the library's, else the mean potential
/// between both states in the set; a charged state that is not in the set is left out with a note.
std::optional<ElectrodeStates> electrode_states(const library::Library& library, const NamedFormula& material,
                                                std::string_view mobile, const stability::EntrySet& set);

/// Mean potential between two states [V]; empty when one of them is not in the set or they differ by more than
/// `mobile`.
std::optional<double> potential_from_set(const stability::EntrySet& set, const base::Formula& discharged,
                                         const base::Formula& charged, std::string_view mobile);

/// The same formula with `amount` atoms of an element; empty when nothing would be left.
std::optional<base::Formula> with_amount_of(const base::Formula& formula, std::string_view element, double amount);

/// The elements of the materials and the mobile one (where there is one), each once.
std::vector<std::string> elements_with(std::span<const base::Formula> materials, std::string_view mobile);

/// Chemical potential of the mobile element at a potential against its metal: −z e V.
stability::Reservoir reservoir_at(std::string_view mobile, double potential_V);

/// [eV per atom counted]: the mutual energy; open, the lower of it and the electrolyte's (A) own decomposition.
double judged_energy(const stability::InterfaceEnergies& energies, bool is_open);
/// From this energy on (more negative) a contact counts as reactive: the boundary of stability::reactivity [eV/atom].
inline constexpr double reactive_energy = -0.05;

struct Contact {
  stability::InterfaceMaterial a, b;
  std::optional<stability::Reservoir> open;
};

/// Judged energy over draws of all energies of the system.
struct JudgedSpread {
  double mean = 0.0, standard_deviation = 0.0;  ///< eV per atom counted
  double reactive = 0.0;                        ///< share of the draws at or below `reactive_energy`
};
/// One spread a contact, the same draws for all. Throws: ParameterError for fewer than 10 draws.
std::vector<JudgedSpread> judged_spread(const stability::ChemicalSystem& system, std::span<const Contact> contacts,
                                        const stability::ErrorModel& errors, std::size_t draws, std::uint64_t seed);

}  // namespace closo::tasks
