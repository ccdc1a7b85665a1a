/// How library facts are read as conductivities and energies of samples; private to the room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/library/library.hpp"
#include "closo/transport/consistency.hpp"

namespace closo::transport::detail {

/// Pressures above this are not ambient: pellets are pressed at a few hundred MPa, phases change at GPa.
inline constexpr double high_pressure = 0.5e9;  // Pa

/// Transitions of one material that lie within 20 K of each other are one, known to lie between low and high.
struct TransitionBand {
  double low = 0.0, high = 0.0;  ///< K
  std::string below, above;      ///< names of the phases, as far as known
};

/// Ascending.
std::vector<TransitionBand> transition_bands(const library::Library& library, std::string_view material);

/// Number of the phase between the bands, 0 below the first, as the named phase says, else the temperature [K]; empty
/// when neither decides (inside a band).
std::optional<std::size_t> phase_side(const std::vector<TransitionBand>& bands, std::string_view phase,
                                      std::optional<double> temperature);

/// A measured or estimated conductivity at one temperature, at ambient pressure; bounds and ranges of temperature are
/// not.
bool is_conductivity(const library::Fact& fact);
/// A measured activation energy of ionic conduction.
bool is_conduction_energy(const library::Fact& fact);

/// Phase of a fact; where it is not given, a phase of the material that the subject names in brackets.
std::string phase_of(const library::Library& library, const library::Fact& fact);

bool phases_compatible(std::string_view a, std::string_view b);
/// Nothing in the two texts says that the samples were made differently (milled and not milled, 24 h and 50 h).
bool preparations_compatible(const library::Fact& a, const library::Fact& b);
/// Both texts name the way of making, and it is the same.
bool preparations_match(const library::Fact& a, const library::Fact& b);
/// The two facts may be of one sample.
bool same_sample(const library::Library& library, const library::Fact& a, const library::Fact& b);

ReadConductivity read_conductivity(const library::Fact& fact);
StatedEnergy read_energy(const library::Fact& fact);

}  // namespace closo::transport::detail
