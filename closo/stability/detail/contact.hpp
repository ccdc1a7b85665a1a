/// Two bodies in contact as a linear program per atom counted, followed exactly over their mixing fraction.
///
/// Atoms counted are those other than the open element (closed: all). With columns and right-hand sides that each sum
/// to 1 the program is bounded for every potential at which the open element itself is; φ_eq(x) = min c·y subject to N
/// y = x a + (1 − x) b is convex and piecewise linear in x.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "closo/num/linear_program.hpp"
#include "closo/stability/interface.hpp"

namespace closo::stability::detail {

/// Phases that hold at least one element counted.
struct ContactPhases {
  std::size_t rows = 0;             ///< elements counted
  std::vector<std::size_t> ids;     ///< as the caller knows the phases
  std::vector<double> shares;       ///< of the elements in the atoms counted, column-major, rows × phases
  std::vector<double> energies_eV;  ///< of formation, per atom counted
  std::vector<double> open;         ///< atoms of the open element per atom counted
  /// Lowest energy of the open element alone [eV/atom]: no potential above it has an equilibrium.
  std::optional<double> reservoir_eV = {};
};

/// A material per atom counted.
struct ContactBody {
  std::vector<double> shares;            ///< of the elements in the atoms counted, sum 1
  double open = 0.0;                     ///< atoms of the open element
  std::optional<double> energy_eV = {};  ///< of formation; empty: that of its equilibrium assemblage
};

/// φ_eq at one mixing fraction.
struct ContactPoint {
  double fraction = 0.0;                                  ///< share of a in the atoms counted
  double energy_eV = 0.0;                                 ///< φ_eq per atom counted
  std::vector<std::pair<std::size_t, double>> amounts{};  ///< id of the phase, atoms counted in it; where asked for
};

class Contact {
 public:
  Contact(ContactPhases phases, ContactBody a, ContactBody b);

  /// The ends and every kink of φ_eq between them, by rising fraction.
  /// @param potential_eV  of the open element; 0 when closed
  /// Throws: NumericsError when the open element has no equilibrium at that potential, or the phases cannot make up the
  /// compositions.
  std::vector<ContactPoint> follow(double potential_eV, bool with_amounts = false);

  /// φ of the bodies as they are: energy − potential · open, or the equilibrium at their end of the path.
  double energy_a(const std::vector<ContactPoint>& path, double potential_eV) const noexcept;
  double energy_b(const std::vector<ContactPoint>& path, double potential_eV) const noexcept;

  InterfaceEnergies energies(const std::vector<ContactPoint>& path, double potential_eV) const noexcept;

 private:
  void solve_at_b(double potential_eV);
  std::vector<std::pair<std::size_t, double>> amounts(const num::LpPiece& piece, double distance) const;

  ContactPhases phases_;
  ContactBody a_, b_;
  std::vector<double> direction_;
  std::vector<std::size_t> elements_;  ///< a column of each element alone: a basis that fits every composition
  bool is_one_composition_ = false;
  num::Simplex simplex_;
};

}  // namespace closo::stability::detail
