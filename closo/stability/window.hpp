/// The electrochemical window of a compound: where it exchanges no ions, and what it becomes at both limits.
///
/// The equilibrium window is the range of potentials in which the equilibrium assemblage at the compound's composition
/// neither takes up nor releases the mobile ion; its edges are the one-sided derivatives of the hull energy by the
/// amount of the mobile element, not the first row of uptake of a table. For a compound above the hull the range
/// belongs to its decomposition products, as in the literature (Zhu 2015, Richards 2016). The constrained window leaves
/// phases out (a product that does not form for kinetic reasons) and lets the compound itself compete: where it alone
/// stays.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/stability/reaction.hpp"
#include "closo/stability/voltage_profile.hpp"

namespace closo::stability {

/// One edge of a window.
struct WindowLimit {
  double potential_V = 0.0;  ///< against the metal of the mobile ion
  /// Nothing happens on this side down to the metal (reduction: 0 V) or up to the end of the range.
  bool is_open = false;
  std::vector<PhaseAmount> products;  ///< beyond the limit, per formula unit; empty when open
  Reaction reaction;                  ///< compound → products + n M, whole coefficients; empty when open
  double exchanged = 0.0;             ///< mobile atoms per formula unit, > 0 taken up
  /// ∂V/∂E_j [V/eV, energies per formula unit]: which phases the limit hangs on, and how. They are the coefficients of
  /// the exchange reaction per electron, the metal included; empty where the limit is only the end of the range.
  struct Sensitivity {
    std::size_t phase = 0;
    double per_eV = 0.0;
  };
  std::vector<Sensitivity> sensitivities;
};

struct Window {
  std::string mobile;
  int charge = 1;
  /// false: the compound is beaten at every potential (constrained windows only). An equilibrium window of no width
  /// lies at the one potential at which the composition does not exchange ions.
  bool exists = true;
  WindowLimit reduction, oxidation;
  double above_hull_eV_per_atom = 0.0;   ///< of the compound, 0 when it is on the hull
  std::vector<PhaseAmount> equilibrium;  ///< the assemblage inside the window: the compound, or its decomposition
  bool compound_is_in_set = true;
  double width_V() const noexcept { return oxidation.potential_V - reduction.potential_V; }
};

/// The equilibrium window. Throws: as voltage_profile.
Window equilibrium_window(const ChemicalSystem& system, const base::Formula& compound, std::string_view mobile,
                          const ProfileOptions& options = {});

/// The window of the compound as a phase of its own against the assemblages left in `system` (made with exclusions):
/// potentials at which no assemblage has a lower grand potential than the compound itself by more than
/// `tolerance_eV_per_atom` of driving force. Throws: InputError when the compound is not in the system.
Window constrained_window(const ChemicalSystem& system, const base::Formula& compound, std::string_view mobile,
                          double tolerance_eV_per_atom = 0.0, const ProfileOptions& options = {});

/// Phases between the compound and its elements that a stated rule leaves out: every phase that holds boron and
/// hydrogen together and is not the compound ("no new boron-hydrogen species form").
std::vector<std::string> boron_hydrogen_phases(const ChemicalSystem& system, const base::Formula& compound);

}  // namespace closo::stability
