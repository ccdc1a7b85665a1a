/// What the capacity lost between two cycles at the same current is made of.
///
/// Model: particles that are cut off take their share of the capacity with them; the rest is lost because the cell
/// reaches its cut-offs earlier, and is divided by what made the mean overpotential of discharge and charge grow. The
/// film's loss goes with its resistance over the touching area, which tells a growing interphase from a shrinking
/// contact. First order: exact where one cause acts, a fair share where several act on each other.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "closo/cell/cycles.hpp"

namespace closo::cell {

enum class FadeCause : unsigned char {
  isolation,   ///< particles without any contact
  contact,     ///< smaller touching area: kinetics, diffusion, film by area
  interphase,  ///< a thicker film on the particles
  metal,       ///< interface of the metal: interphase, constriction, kinetics
  other,       ///< separator, paths through the composite, what cannot be divided
};
inline constexpr std::size_t fade_cause_count = 5;
/// "isolated particles", "lost contact area", "interphase on the particles", "interface of the metal", "other".
std::string_view to_string(FadeCause cause) noexcept;

struct FadeSplit {
  double lost = 0.0;                                     ///< C/m², below 0 where capacity was won
  std::array<double, fade_cause_count> capacity{};       ///< C/m², by cause; they add up to `lost`
  std::array<double, fade_cause_count> overpotential{};  ///< V, growth of the mean of discharge and charge; 0 for
                                                         ///< isolation
  /// False where the overpotentials did not grow together, so that the rest stands under `other` undivided.
  bool is_divided = true;
};

/// Empty unless both cycles discharged, at currents within 1 %.
std::optional<FadeSplit> split_fade(const CycleRow& reference, const CycleRow& now);

}  // namespace closo::cell
