/// What a cell's resistance to a small lasting current is made of, piece by piece.
///
/// Model: the real part of cell_impedance() below every relaxation is the resistance R of the cell with a steady
/// current (the charge that is stored meanwhile shows in the imaginary part only). The share of a piece is ∂R/∂ln(its
/// resistivity): by stationarity of the dissipation this is what it dissipates by I², so the shares add up to R
/// (Euler's theorem for a function that is homogeneous of degree one). Source: P. Penfield, R. Spence, S. Duinker,
/// Tellegen's Theorem and Electrical Networks (1970), ch. 5.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "closo/cell/parameters.hpp"
#include "closo/cell/simulation.hpp"

namespace closo::cell {

/// Resistances [Ω m²] of geometric area.
struct DifferentialResistance {
  double separator = 0.0;           ///< ions in the separator
  double anode_interface = 0.0;     ///< interphase and constriction at the metal
  double anode_kinetics = 0.0;      ///< stripping and plating
  double cathode_ionic = 0.0;       ///< ions in the composite
  double cathode_electronic = 0.0;  ///< electrons in the composite
  double film = 0.0;                ///< coating and interphase on the particles
  double charge_transfer = 0.0;     ///< cathode kinetics
  double diffusion = 0.0;           ///< within the particles
  double total = 0.0;               ///< real part of the impedance itself, not the sum
};

inline constexpr std::size_t resistance_count = 8;
/// The members without the total in their order, and their names ("separator", "anode interface", …).
std::array<double, resistance_count> values(const DifferentialResistance& resistance) noexcept;
std::array<std::string_view, resistance_count> resistance_names() noexcept;

/// At rest at a stoichiometry and temperature [K], states as at the start of a run. Throws: as cell_impedance.
DifferentialResistance differential_resistance(const CellParameters& parameters, double stoichiometry,
                                               double temperature, const SimulationOptions& mesh = {});

}  // namespace closo::cell
