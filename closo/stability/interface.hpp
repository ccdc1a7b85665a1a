/// Reactions between two materials in contact: closed, and open to the mobile element at a potential.
///
/// For a mixture of x of material A and 1 − x of B the driving force is Δφ(x) = φ_eq(x) − x φ_A − (1 − x) φ_B, convex
/// in x, normalised per atom other than the open element (closed: per atom). "No mixing" is the decomposition of the
/// electrolyte alone at the electrode's potential; "mixing" the most negative Δφ over x against the compounds as they
/// are; "mutual" the same against each material's own equilibrium, so that a cathode that would decompose by itself
/// does not count as reacting with an inert partner. Kinks are exact (rhs-parametric simplex). Source: W. D. Richards
/// et al., Chem. Mater. 28 (2016) 266, DOI 10.1021/acs.chemmater.5b04082; Y. Zhu, X. He, Y. Mo, J. Mater. Chem. A 4
/// (2016) 3253, DOI 10.1039/C5TA08574H.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "closo/stability/reaction.hpp"
#include "closo/stability/voltage_profile.hpp"

namespace closo::stability {

/// A material of the pair. Its energy is that of the entry; a compound that is not in the set counts with its
/// equilibrium assemblage (and says so in `is_assumed_on_hull`). A given energy below the hull makes energies positive:
/// a phase that stable belongs into the set (EntrySet::with_hybrid).
struct InterfaceMaterial {
  base::Formula formula;
  std::optional<double> energy_eV = {};  ///< per formula unit, overrides the set
};

struct InterfaceKink {
  double fraction = 0.0;   ///< x: share of A in the atoms counted (other than the open element)
  double energy_eV = 0.0;  ///< Δφ(x) per atom counted
  double mutual_energy_eV = 0.0;
  std::vector<PhaseAmount> products;  ///< per atom counted
  Reaction reaction;                  ///< a A + b B (+ n M) → products; empty where a material stays what it is
};

struct InterfaceReaction {
  double no_mixing_A_eV = 0.0, no_mixing_B_eV = 0.0;  ///< self-decomposition, ≤ 0, per atom counted of that material
  double mixing_eV = 0.0;                             ///< min Δφ, ≤ 0 within rounding
  double mixing_fraction = 0.0;
  double mutual_eV = 0.0;  ///< min of the mutual energy, ≤ 0
  double mutual_fraction = 0.0;
  std::vector<InterfaceKink> kinks;  ///< from x = 0 to 1, both ends included
  bool A_is_assumed_on_hull = false, B_is_assumed_on_hull = false;
  std::optional<Reservoir> open;  ///< the open element, when there is one
};

/// Closed when `open` is empty. Two materials that differ by the open element only (LiCoO2, CoO2) are one composition:
/// two ends, no kinks, mutual energy 0. Throws: InputError when an element is missing from the system, or a material
/// has no formula, a charge, or only the open element; ParameterError for a number that is not finite; NumericsError
/// above the potential of the open element's reference, where the equilibrium has no bound.
InterfaceReaction interface_reaction(const ChemicalSystem& system, const InterfaceMaterial& a,
                                     const InterfaceMaterial& b, const std::optional<Reservoir>& open = {});

/// Only the energies, no kinks nor reactions: for matrices, about twice as fast. Throws: as interface_reaction.
struct InterfaceEnergies {
  double no_mixing_A_eV = 0.0, no_mixing_B_eV = 0.0, mixing_eV = 0.0, mixing_fraction = 0.0, mutual_eV = 0.0;
};
InterfaceEnergies interface_energies(const ChemicalSystem& system, const InterfaceMaterial& a,
                                     const InterfaceMaterial& b, const std::optional<Reservoir>& open = {});

/// Over a range of potential: exact energies at `points` evenly spaced potentials from low to high. Throws: as
/// interface_reaction; ParameterError for a range that is not finite or falls, or fewer than 2 points in it.
struct InterfaceAtVoltage {
  double potential_V = 0.0;
  InterfaceEnergies energies;
};
std::vector<InterfaceAtVoltage> interface_over_voltage(const ChemicalSystem& system, const InterfaceMaterial& a,
                                                       const InterfaceMaterial& b, std::string_view mobile,
                                                       double low_V, double high_V, std::size_t points = 51);

/// Mean potential of discharged → charged + n M [V]: (E(charged) + n·0 − E(discharged))/(n z), with the charged state
/// scaled to the same host. Throws: InputError when a state is not in the system, the two differ by more than the
/// mobile element, or charging does not release it; ParameterError for a mobile element without a known charge.
double average_voltage(const ChemicalSystem& system, const base::Formula& discharged, const base::Formula& charged,
                       std::string_view mobile);

}  // namespace closo::stability
