/// The linear program of a composition that exchanges some elements with reservoirs.
///
/// Columns are phases in atoms, rows the conserved elements of the composition. Phases with elements that the
/// composition lacks cannot form and are left out; phases of open elements alone have no row at all: they only decide
/// whether the grand potential is bounded. With a mobile element the costs are linear in the potential V.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/num/linear_program.hpp"
#include "closo/stability/voltage_profile.hpp"

namespace closo::stability::detail {

class OpenProgram {
 public:
  /// `mobile` may be empty: then only the reservoirs are open. Throws: as voltage_profile.
  OpenProgram(const ChemicalSystem& system, const base::Formula& composition, std::string_view mobile,
              std::span<const Reservoir> reservoirs);

  int charge() const noexcept { return charge_; }
  double composition_atoms() const noexcept { return composition_atoms_; }
  double mobile_amount() const noexcept { return mobile_amount_; }  ///< in the composition
  std::size_t columns() const noexcept { return phases_.size(); }
  std::size_t phase(std::size_t column) const { return phases_[column]; }
  std::span<const std::size_t> phases() const noexcept { return phases_; }
  double mobile_fraction(std::size_t column) const { return mobile_fraction_[column]; }
  std::span<const double> cost_per_volt() const noexcept { return cost_per_volt_; }  ///< eV per atom and V
  /// Phases of open elements alone, which bound the potential from below.
  std::span<const std::size_t> reservoir_phases() const noexcept { return reservoir_phases_; }

  /// What to add to an energy per atom to have the cost of a phase at 0 V: −Σ µ n over the open elements [eV/atom].
  double exchange_eV_per_atom(std::size_t phase) const;
  /// Costs of all columns at a potential, from energies per atom of all phases of the system.
  std::vector<double> costs(std::span<const double> energies_eV_per_atom, double potential_V) const;

  /// The potential below which a phase grows from the reservoirs alone, and that phase; −infinity where none ever does,
  /// +infinity where one does at every potential.
  struct Bound {
    double potential_V = -std::numeric_limits<double>::infinity();
    std::size_t phase = 0;
  };
  Bound bound(std::span<const double> energies_eV_per_atom) const;
  /// Throws: NumericsError when the grand potential is unbounded at this potential, saying what grows.
  void require_bounded(double potential_V) const;

  /// Solved at this potential, for the energies of the system.
  num::Simplex solved(double potential_V) const;

  /// Phases with their formula units per formula unit of the composition, in the order of the system; what is below
  /// rounding is left out.
  std::vector<PhaseAmount> assemblage(std::span<const std::size_t> basis, std::span<const double> values) const;
  /// Mobile atoms in the basic columns minus those in the composition; exactly 0 within rounding.
  double uptake(std::span<const std::size_t> basis, std::span<const double> values) const;
  /// Whether exchanging one phase of the basis gives another assemblage of the same cost, at `change_V` above the
  /// potential of `costs`, with the duals there.
  bool has_alternative(std::span<const std::size_t> basis, std::span<const double> values,
                       std::span<const double> costs, double change_V, std::span<const double> duals) const;

  struct OpenElement {
    std::size_t element = 0;
    double amount = 0.0;        ///< in the composition
    double potential_eV = 0.0;  ///< absolute, at 0 V
    std::size_t reference = 0;  ///< the element's own phase
  };
  /// Mobile element first, then the reservoirs.
  std::span<const OpenElement> open() const noexcept { return open_; }

 private:
  std::vector<double> replaced_amounts(std::span<const std::size_t> basis, std::size_t j) const;

  const ChemicalSystem& system_;
  int charge_ = 0;
  double composition_atoms_ = 0.0, mobile_amount_ = 0.0, amount_scale_ = 0.0;
  std::vector<OpenElement> open_;
  std::vector<std::size_t> rows_, phases_, reservoir_phases_, elemental_basis_;
  std::vector<double> matrix_, rhs_, offsets_, mobile_fraction_, cost_per_volt_;
};

}  // namespace closo::stability::detail
