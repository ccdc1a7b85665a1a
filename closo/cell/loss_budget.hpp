/// Where a cell's voltage goes: electrolyte, metal, film, charge transfer, diffusion, electrons.
///
/// Model: exact decomposition of the discretised cell, I V = I U(z̄) - Σ losses, with z̄ the cathode's mean
/// stoichiometry. Losses are powers per area; each divided by I is an overpotential. Cathode terms are the dissipations
/// i_e²/κ, i_s²/σ, aθj·η; `utilisation` is the loss from places whose mean stoichiometry differs from z̄ (it may be
/// negative while they level out), `diffusion` that from the surface against a particle's mean. Source: energy balance
/// of porous electrodes, L. Rao, J. Newman, J. Electrochem. Soc. 144 (1997) 2697, DOI 10.1149/1.1837884.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace closo::cell {

/// Powers per area [W/m²], or energies per area [J/m²] when integrated over time.
struct LossBudget {
  double separator = 0.0;           ///< ions in the separator
  double anode_kinetics = 0.0;      ///< stripping and plating
  double anode_interface = 0.0;     ///< interphase and constriction
  double cathode_ionic = 0.0;       ///< ions in the composite
  double cathode_electronic = 0.0;  ///< electrons in the composite
  double film = 0.0;                ///< coating and interphase on the particles
  double charge_transfer = 0.0;     ///< cathode kinetics
  double diffusion = 0.0;           ///< within the particles
  double utilisation = 0.0;         ///< uneven stoichiometry through the electrode and over sizes
  double side_reaction = 0.0;       ///< electrolyte oxidation: charge that is not stored

  double total() const noexcept;
  LossBudget& operator+=(const LossBudget& other) noexcept;
  LossBudget operator*(double factor) const noexcept;
  bool operator==(const LossBudget&) const = default;
};

inline constexpr std::size_t loss_count = 10;
/// The members in their order, and their names ("separator", "anode kinetics", …).
std::array<double, loss_count> values(const LossBudget& budget) noexcept;
std::array<std::string_view, loss_count> loss_names() noexcept;

}  // namespace closo::cell
