/// Library facts of one material gathered into samples, and the laws that follow from them; private to the room.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/library/library.hpp"
#include "closo/transport/conductivity_law.hpp"
#include "closo/transport/detail/sample.hpp"

namespace closo::transport::detail {

/// A measurement with the conservative uncertainty of estimate.hpp.
struct SamplePoint {
  const library::Fact* fact = nullptr;
  std::optional<std::size_t> side;  ///< number of the phase between the transition bands
  ReadConductivity read;
  double decades = 0.0;  ///< standard uncertainty of log10 sigma

  bool holds_exactly() const noexcept { return !fact->has_flag("temperature_lower_limit"); }
};

struct SampleEnergy {
  const library::Fact* fact = nullptr;
  std::optional<std::size_t> side;
  double energy_eV = 0.0;  ///< sigma T form
  double uncertainty_eV = 0.0;
};

/// Facts that may be of one sample, or of samples that nothing tells apart.
struct SampleGroup {
  std::vector<SamplePoint> points;  ///< ascending in temperature
  std::vector<SampleEnergy> energies;

  bool from_user() const noexcept { return !points.empty() && points.front().fact->from_user; }
};

std::vector<SampleGroup> sample_groups(const library::Library& library, const library::Material& material,
                                       const std::vector<TransitionBand>& bands);

/// A law of one phase and the facts behind it.
struct PhaseLaw {
  ConductivityLaw law;
  std::vector<const library::Fact*> facts;
};

/// Line through the points alone; empty with fewer than two temperatures 10 K apart.
std::optional<PhaseLaw> line_through_points(const SampleGroup& group, std::size_t side);

/// Points and energies together, kinks where energies are stated for different ranges; empty when they do not suffice.
std::optional<PhaseLaw> combined_law(const SampleGroup& group, std::size_t side);

}  // namespace closo::transport::detail
