/// Energies of formation of phases, in sets that belong together: the raw material of hulls, windows and reactions.
///
/// A set is one method with one reference: computed static energies of one database, or tabulated Gibbs energies.
/// Energies are formation energies from the elements in their reference states of the same set, so elements count
/// as zero and need not be listed. Sets are never merged here. Shipped sets lie in <data>/energies; larger ones are
/// imported into the user's store.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/formula.hpp"

namespace closo::library {

enum class EnergyKind : unsigned char {
  static_dft,  ///< 0 K, no vibrations: computed total energies
  gibbs,       ///< tabulated Gibbs energies, with temperature
};
std::string_view to_string(EnergyKind kind);

enum class PhaseState : unsigned char { solid, liquid, gas };
std::string_view to_string(PhaseState state);

/// One phase. Energies per formula unit of `formula`, as stated in the table.
struct EnergyRow {
  base::Formula formula;
  std::string name;   ///< the formula as stated
  std::string phase;  ///< structure or modification, may be empty
  PhaseState state = PhaseState::solid;
  double energy_eV = 0.0;                ///< static sets: formation energy; gibbs sets: ΔfG at 298.15 K and 1 bar
  std::optional<double> enthalpy_eV;     ///< ΔfH at 298.15 K
  std::optional<double> uncertainty_eV;  ///< standard uncertainty of the energy
  std::vector<std::pair<double, double>> gibbs_eV;  ///< (K, ΔfG), rising in temperature; empty: from ΔfH and ΔfG
  std::optional<double> listed_hull_eV_per_atom;    ///< decomposition energy as the source lists it, for checks
  std::string grade;  ///< ref, A, B, C, X (data/energies/README.md); empty in computed sets
  bool is_estimate = false;
  std::string source;  ///< id in data/energies/sources.csv, or the importing user's words
  std::string note;
  std::size_t line = 0;  ///< in the file it was read from
};

struct EnergySet {
  std::string id;  ///< "static", "gibbs", or the user's name
  EnergyKind kind = EnergyKind::static_dft;
  std::string title, citation, doi, licence;
  std::vector<EnergyRow> rows;
  bool from_user = false;
  std::vector<std::string> notes = {};  ///< what was left out or not used while reading
};

/// Accepted header of a user's file: formula, and one of
///   e_form_eV_per_atom | formation_energy_eV_per_atom | e_form_eV | dGf298_kJ_per_mol | dGf298_eV …
/// or total energies (energy_eV_per_atom, energy_eV), from which formation energies are taken with the elements of the
/// same file; with, where wanted: formula_key, phase, state, e_decomp_eV_per_atom, dHf298_kJ_per_mol,
/// dGf_<T>K_kJ_per_mol, uncertainty, grade, source, note. Lines that begin with '#' are comments.
/// Throws: InputError with file, line, column for unknown elements, a formula without sense, an energy that is not a
/// number, the same formula and phase twice (both lines named), mixed kinds in one file, and, for total energies, a
/// missing terminal element.
EnergySet read_energy_set(std::string_view text, std::string file);

struct EnergySetInfo {
  std::string id, title, citation, doi, licence;
  EnergyKind kind = EnergyKind::static_dft;
  std::size_t rows = 0;
  bool from_user = false;
};

/// Shipped sets, then those of the user's store. `store` may not exist yet.
std::vector<EnergySetInfo> energy_sets(const std::filesystem::path& data_directory, const std::filesystem::path& store);

/// The rows whose elements all lie among `elements` (symbols; empty: all rows). Never reads more of a large stored set
/// than it needs. Throws: InputError for an unknown set with near names and what there is.
EnergySet load_energy_set(const std::filesystem::path& data_directory, const std::filesystem::path& store,
                          std::string_view id, std::span<const std::string> elements = {});

}  // namespace closo::library
