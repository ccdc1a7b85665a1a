/// What a composition turns into when it is open to the mobile element, as a function of potential: exact plateaus.
///
/// The grand potential φ(µ) = min Σ (E_j − µ n_j) x_j over assemblages with the composition of all other elements is
/// concave and piecewise linear in µ; the cost-parametric simplex yields every breakpoint, no voltage grid. V = −Δµ/(z
/// e) against the metal. Source: Y. Zhu, X. He, Y. Mo, ACS Appl. Mater. Interfaces 7 (2015) 23685, DOI
/// 10.1021/acsami.5b07517; W. D. Richards et al., Chem. Mater. 28 (2016) 266, DOI 10.1021/acs.chemmater.5b04082.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "closo/stability/hull.hpp"

namespace closo::stability {

/// An element exchanged with a reservoir of fixed potential besides the mobile one (hydrogen gas, oxygen).
struct Reservoir {
  std::string element;
  double chemical_potential_eV = 0.0;  ///< per atom, against the element's reference in the set
};

struct ProfileOptions {
  double lowest_V = 0.0;
  double highest_V = 8.0;
  std::vector<Reservoir> reservoirs{};
};

/// One stretch of potential with one assemblage.
struct ProfileStep {
  double low_V = 0.0, high_V = 0.0;
  /// Mobile atoms in the assemblage minus those in the composition, per formula unit: > 0 uptake (reduction), < 0
  /// release (oxidation).
  double uptake = 0.0;
  std::vector<PhaseAmount> products;  ///< without the reservoirs; per formula unit of the composition
  double grand_potential_eV = 0.0;    ///< per formula unit, at low_V
  bool is_degenerate = false;         ///< another assemblage has the same grand potential here
};

struct VoltageProfile {
  std::string mobile;
  int charge = 1;                  ///< z of the mobile ion
  std::vector<ProfileStep> steps;  ///< from low to high potential; neighbours differ in uptake or products
};

/// Charge of the ion of Li, Na, K, Ag (1), Mg, Ca, Zn (2), Al (3). Throws: ParameterError for another element.
int ion_charge(std::string_view element);

/// Throws: InputError when the mobile element is not part of the system or the composition has elements outside it;
/// ParameterError for a range that is empty; NumericsError when the grand potential is unbounded (a reservoir above its
/// element's reference), with the potential.
VoltageProfile voltage_profile(const ChemicalSystem& system, const base::Formula& composition, std::string_view mobile,
                               const ProfileOptions& options = {});

/// Grand potential [eV] of the best assemblage and its products at fixed potentials of some elements, per formula unit
/// of `composition` (whose amounts of the open elements do not matter). Throws: as voltage_profile.
struct OpenEquilibrium {
  double grand_potential_eV = 0.0;
  std::vector<PhaseAmount> products;
};
OpenEquilibrium open_equilibrium(const ChemicalSystem& system, const base::Formula& composition,
                                 const std::vector<Reservoir>& open);

}  // namespace closo::stability
