/// Phase equilibria at fixed composition: hull energies, decompositions, and diagrams of 2 to 4 components.
///
/// min Σ E_j x_j subject to Σ x_j n_ij = n_i: the optimal phases are the equilibrium assemblage, the duals are the
/// chemical potentials and certify it. Source: S. P. Ong, L. Wang, B. Kang, G. Ceder, Chem. Mater. 20 (2008) 1798, DOI
/// 10.1021/cm702327g; the LP form: A. R. Akbarzadeh, V. Ozoliņš, C. Wolverton, Adv. Mater. 19 (2007) 3233, DOI
/// 10.1002/adma.200700843.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "closo/stability/entry_set.hpp"

namespace closo::stability {

struct PhaseAmount {
  std::size_t phase = 0;
  double amount = 0.0;  ///< formula units
};

struct Decomposition {
  double energy_eV = 0.0;  ///< of the assemblage, per formula unit of the composition asked for
  double energy_eV_per_atom = 0.0;
  std::vector<PhaseAmount> products;
  /// Per element of the system, against its reference; one valid choice where several are. For elements outside the
  /// composition the highest at which no phase with them forms.
  std::vector<double> chemical_potentials_eV;
  bool is_degenerate = false;  ///< fewer phases than elements of the composition: their potentials are a range
  std::vector<std::size_t> alternatives;  ///< phases that could take part at the same energy
};

/// Throws: InputError for an element outside the system or a composition without elements.
Decomposition decompose(const ChemicalSystem& system, const base::Formula& composition);

struct HullEnergy {
  double above_hull_eV_per_atom = 0.0;  ///< ≥ 0
  /// Energy against the best assemblage of the *other* compositions: negative for a stable phase (how far it lies
  /// below), equal to above_hull for an unstable one. The "decomposition energy" of Bartel et al. 2020.
  double decomposition_eV_per_atom = 0.0;
  std::vector<PhaseAmount> products;  ///< of the competing assemblage, per formula unit of the phase
};

/// Of one phase of the system. An element competes with its other forms only: the lowest has 0 and no products.
/// Throws: ParameterError for a phase the system does not have.
HullEnergy hull_energy(const ChemicalSystem& system, std::size_t phase);
/// Energy above the hull of every phase, in the system's order [eV/atom]; within 1e-9 of 0 on the hull.
std::vector<double> energies_above_hull(const ChemicalSystem& system);
/// Above-hull energy of a compound that may be absent from the system, whose energy is given per formula unit; negative
/// when it would be a new stable phase. Throws: as decompose; ParameterError for an energy that is not finite.
double above_hull_eV_per_atom(const ChemicalSystem& system, const base::Formula& composition, double energy_eV);

/// The lower hull as facets, for drawing: 2 to 4 elements.
struct PhaseDiagram {
  std::vector<std::size_t> stable;               ///< vertices, phases of the system
  std::vector<std::vector<std::size_t>> facets;  ///< element-count phases each, in equilibrium together
  std::vector<std::array<std::size_t, 2>> ties;  ///< pairs of phases that share an edge of a facet, each once
};
/// Where more than element-count phases lie in one plane it is split into facets, one way of several equal ones.
/// Throws: ParameterError for fewer than 2 or more than 4 elements.
PhaseDiagram phase_diagram(const ChemicalSystem& system);

}  // namespace closo::stability
