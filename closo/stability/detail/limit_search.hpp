/// The two limits of an equilibrium window for one set of energies after another.
///
/// Every search begins at the basis and the potentials of the nominal window and follows the grand potential to the
/// limit: a few pivots. It remembers nothing of other searches, so their order cannot change a result.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "closo/num/linear_program.hpp"
#include "closo/stability/detail/open_program.hpp"
#include "closo/stability/window.hpp"

namespace closo::stability::detail {

struct FoundLimit {
  double potential_V = 0.0;
  bool is_open = false;
  std::vector<std::size_t> products;  ///< phases beyond the limit
};

struct Limits {
  FoundLimit reduction, oxidation;
  bool is_on_hull = false;  ///< the compound is a phase of the system and stable
};

class LimitSearch {
 public:
  /// `nominal` is the window for the energies of the system: where searches begin. Throws: as voltage_profile.
  LimitSearch(const ChemicalSystem& system, const base::Formula& compound, std::string_view mobile,
              const ProfileOptions& options, const Window& nominal);

  /// Phases whose energies matter.
  std::span<const std::size_t> phases() const noexcept { return drawn_phases_; }

  /// Energies of all phases of the system [eV/atom]. A range that reaches into potentials where a phase grows from the
  /// reservoirs alone ends there. Throws: NumericsError when it does so everywhere.
  Limits find(std::span<const double> energies_eV_per_atom);

 private:
  enum class Side : unsigned char { reduction, oxidation };
  FoundLimit edge(Side side, double lowest_V);
  bool is_on_hull(std::span<const double> energies_eV_per_atom);
  double solve_at(double potential_V, std::span<const std::size_t> start);
  std::vector<std::size_t> products(std::span<const std::size_t> basis, std::span<const double> values) const;

  OpenProgram program_, closed_program_;  // closed: the mobile element is conserved
  num::Simplex simplex_, closed_simplex_;
  std::array<std::vector<std::size_t>, 2> nominal_basis_;  ///< by side
  std::array<double, 2> nominal_V_{};
  double lowest_V_ = 0.0, highest_V_ = 0.0;
  std::vector<std::size_t> closed_basis_, compound_columns_;  ///< of the closed program
  std::vector<std::size_t> drawn_phases_;
  std::vector<double> volts_down_;            ///< cost change per volt downwards
  std::vector<double> costs_at_0_V_, costs_;  ///< of the search at hand
};

}  // namespace closo::stability::detail
