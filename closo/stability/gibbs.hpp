/// From the rows of a set to energies at a temperature and gas pressures.
///
/// Gibbs sets: ΔfG(T) by linear interpolation in the tabulated temperatures, else from ΔfH − T ΔfS with ΔfS from the
/// pair at 298.15 K (heat-capacity difference neglected; said in the notes). Gases, p° = 1 bar: + RT ln(p/p°) per
/// molecule. An element whose reference is a gas (H2, N2, O2, F2, Cl2) gives that energy to its reference entry, and
/// the compounds keep theirs: the hull sees the gas at its pressure, and chemical potentials count from the reference
/// at 1 bar. Static sets have no temperature; `bond_corrected` adds enthalpies per hydrogen by bond type as a labelled
/// fallback. Source of standard states: M. W. Chase, NIST-JANAF Thermochemical Tables, 4th ed. (1998); fit of the
/// corrections: data/energies/hydrogen_bonds.csv.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "closo/library/energy_set.hpp"
#include "closo/stability/entry_set.hpp"

namespace closo::stability {

/// Pressure of a gas; gases that are not named are at 1 bar.
struct GasPressure {
  std::string formula;  ///< "H2", "NH3"
  double pressure_Pa = 1e5;
};

struct Conditions {
  double temperature = 298.15;  ///< K
  std::vector<GasPressure> pressures{};
  bool use_estimates = true;    ///< rows marked as estimates
  bool use_conflicting = true;  ///< rows of grade X
};

struct ConditionedSet {
  EntrySet set;
  std::vector<std::string> notes;  ///< what was extrapolated, left out, or has no Gibbs energy
};

/// Throws: ParameterError for a temperature outside 200–2000 K, a pressure that is not positive or given twice, and for
/// anything but the default temperature and pressures with a static set; InputError for a pressure of a formula that is
/// no gas of the set, with those that are.
ConditionedSet at_conditions(const library::EnergySet& set, const Conditions& conditions = {});

/// Enthalpy added per hydrogen atom by its bond, and the compounds it was fitted on.
struct HydrogenCorrection {
  std::string environment;  ///< "BH4", "cage", "NH2", …
  double per_hydrogen_eV = 0.0;
  double spread_eV = 0.0;
  std::string fitted_on, source;
};
/// Reads data/energies/hydrogen_bonds.csv. Throws: InputError with place.
std::vector<HydrogenCorrection> read_hydrogen_corrections(std::string_view text, std::string file);

/// Hydrogens per formula unit by environment, from a charge balance with the usual charges of Li–Cs, Be–Ba, Zn, Al, Sc,
/// Y, La and lanthanides, and halides:
///   M with H            hydride (alkali and alkaline-earth metals only), AlH4
///   M, B, H             BH4 and closo cages of 6 to 12 boron atoms, also both; cage for boranes
///   M, B, C, H          cage for CB(n-1)Hn salts and C2B(n-2)Hn
///   M, N, H             NH2, NH, hydride;  with B: BH4 and NH2;  NH3 and its crystal
///   C, H                CH;   M, O, H: OH of hydroxides without other oxygen
/// Empty when no rule fits. Never guesses: what it cannot place gets no correction and a note.
std::vector<std::pair<std::string, double>> hydrogen_environments(const base::Formula& formula);

/// A static set moved towards enthalpies at 298 K; label "static + hydrogen bond corrections (estimate)". The notes
/// name phases whose hydrogens no rule or no correction covers. Throws: ParameterError for a Gibbs set.
ConditionedSet bond_corrected(const library::EnergySet& set, std::span<const HydrogenCorrection> corrections);

/// Chemical potential of one atom of the gas' element against its reference at 1 bar: kT ln(p/p°)/n [eV]. Throws:
/// ParameterError for a pressure or temperature that is not positive, or fewer than one atom.
double gas_potential_eV(double pressure_Pa, double temperature, int atoms_per_molecule);

}  // namespace closo::stability
