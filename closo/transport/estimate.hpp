/// Conductivity of a library material at any temperature, with how it is known and an honest uncertainty.
///
/// A measurement within 2.5 K is taken as it stands; between two measurements of one phase an Arrhenius line (sigma T
/// form) interpolates; beyond, a stated activation energy or the line extrapolates, never through a known phase
/// transition. Facts of computed, summary, target or setting kind, bounds, and pressures of GPa stay out. Different
/// preparations (milled and not milled, confined, numbers that disagree at one temperature) are kept apart as
/// alternatives.
///
/// Uncertainties are closo's own conservative convention, in decades: at least 0.1 for any sample of a published kind,
/// 0.3 for orders of magnitude and flagged doubts, 0.5 for conflicts, estimates and lower limits of temperature; an
/// energy without a stated uncertainty counts 0.03 eV, one of another reference 0.05 eV more.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/library/library.hpp"
#include "closo/transport/conductivity_law.hpp"

namespace closo::transport {

enum class EstimateKind : unsigned char { measured, interpolated, extrapolated, none };
/// "measured", "interpolated", "extrapolated", "none".
std::string_view to_string(EstimateKind kind) noexcept;

/// Value of one sample at one temperature.
struct ConductivityEstimate {
  EstimateKind kind = EstimateKind::none;
  double temperature = 0.0;          ///< K
  double conductivity = 0.0;         ///< S/m
  double decades_uncertainty = 0.0;  ///< standard uncertainty of log10 sigma
  double distance = 0.0;             ///< K to the nearest measurement
  std::string phase, preparation;    ///< as far as the facts say
  bool doubtful = false;             ///< a fact behind it carries a doubt
  bool from_user = false;
  std::vector<const library::Fact*> facts;  ///< what it rests on; live as long as the library
  std::string how;                          ///< "interpolated between 303 K and 333 K"
};

struct MaterialEstimate {
  const library::Material* material = nullptr;
  ConductivityEstimate best;                       ///< kind none: nothing can be said
  std::vector<ConductivityEstimate> alternatives;  ///< other samples, best first
  std::string reason;                              ///< why there is none, one sentence
};

/// Throws: InputError for an unknown material (with near names), ParameterError unless temperature [K] > 0.
MaterialEstimate estimate_conductivity(const library::Library& library, std::string_view material, double temperature);

struct Ranking {
  std::vector<MaterialEstimate> ranked;   ///< highest conductivity first
  std::vector<MaterialEstimate> without;  ///< electrolytes of which nothing can be said at this temperature
};

/// Every electrolyte of the library (classes of materials left out). Throws: ParameterError unless temperature [K] > 0.
Ranking rank_at(const library::Library& library, double temperature);

/// Law of a material over its phases, as far as the facts allow: points and stated energies of the best documented
/// sample of each phase in one weighted fit. `phase` restricts it to one phase. Empty when no phase has a law. Throws:
/// InputError for an unknown material.
std::optional<ConductivityLaw> library_law(const library::Library& library, std::string_view material,
                                           std::string_view phase = {});

}  // namespace closo::transport
