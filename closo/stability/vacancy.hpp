/// Formation energy of a neutral cation vacancy from bulk energies, by two routes: how hard is it to take the cation
/// out?
///
/// Both remove cations M as bulk metal (the one reference of every result) and leave a charge-neutral rest. Phase
/// equilibria: the first, infinitesimal removal; the rest is the equilibrium assemblage of the composition poorer in M,
/// so the energy is z e times the oxidation limit of the equilibrium window. Extraction: all cations leave,
/// M_n X → n M + X, per cation, the anion framework X ending as its best assemblage without M, and, as the upper end,
/// as its elements (no new phase of the framework forms). These are limits from phases: relaxation around a defect, its
/// charge states and configurational entropy are not in them. The two routes follow the review (Cuan et al. 2018, sec.
/// 2.2.4), which reports BH4 below B12H12 and monovalent below divalent cations.
#pragma once

#include <string>
#include <string_view>

#include "closo/stability/hull.hpp"
#include "closo/stability/reaction.hpp"

namespace closo::stability {

struct VacancyRoute {
  double energy_eV = 0.0;  ///< per cation removed
  Reaction reaction;
};

struct VacancyEnergy {
  std::string cation;
  int charge = 1;
  double cations_per_formula = 0.0;
  VacancyRoute phase_equilibria, extraction, extraction_to_elements;
  double above_hull_eV_per_atom = 0.0;  ///< of the compound; its own excess energy is part of the extraction routes
};

/// Throws: InputError when the compound holds no `cation`, is not in the set, or has elements outside the system.
VacancyEnergy vacancy_energy(const ChemicalSystem& system, const base::Formula& compound, std::string_view cation);

}  // namespace closo::stability
