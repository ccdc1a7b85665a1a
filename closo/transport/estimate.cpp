#include "closo/transport/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/transport/decades.hpp"
#include "closo/transport/detail/sample_group.hpp"

namespace closo::transport {
namespace {

using detail::SampleGroup;
using detail::SamplePoint;
using library::Fact;

constexpr double same_temperature = 2.5;  // K
constexpr double widest_decades = 1.5;    // beyond, an extrapolation says nothing
constexpr double least_decades = 0.1;

void require_temperature(double temperature) {
  if (!(temperature > 0.0 && std::isfinite(temperature))) {
    throw base::ParameterError("temperature", base::format_number(temperature, 6) + " K", "a temperature above 0 K");
  }
}

std::string kelvin(double temperature) { return base::format_number(temperature, 3) + " K"; }

void describe_facts(const library::Library& library, ConductivityEstimate& estimate) {
  for (const Fact* fact : estimate.facts) {
    if (estimate.phase.empty()) estimate.phase = detail::phase_of(library, *fact);
    if (estimate.preparation.empty()) estimate.preparation = fact->preparation;
    estimate.doubtful = estimate.doubtful || fact->is_doubtful();
    estimate.from_user = estimate.from_user || fact->from_user;
  }
}

ConductivityEstimate from_measurement(const SamplePoint& point, double temperature) {
  ConductivityEstimate estimate;
  estimate.kind = EstimateKind::measured;
  estimate.temperature = temperature;
  estimate.conductivity = point.read.conductivity;
  estimate.distance = std::abs(point.read.temperature - temperature);
  // What half an electronvolt makes of the distance.
  const double thermal = 0.5 / base::boltzmann_constant_eV * estimate.distance / (temperature * temperature) / ln_10;
  estimate.decades_uncertainty = std::hypot(point.decades, thermal);
  estimate.facts = {point.fact};
  estimate.how = "measured at " + kelvin(point.read.temperature);
  return estimate;
}

ConductivityEstimate from_law(const detail::PhaseLaw& known, EstimateKind kind, double temperature) {
  const ArrheniusLaw& law = known.law.at(temperature);
  ConductivityEstimate estimate;
  estimate.kind = kind;
  estimate.temperature = temperature;
  estimate.conductivity = law.conductivity(temperature);
  estimate.decades_uncertainty = std::max(least_decades, std::sqrt(law.log_conductivity_variance(temperature)) / ln_10);
  estimate.facts = known.facts;
  return estimate;
}

// The estimate of one sample; kind none when nothing follows.
ConductivityEstimate estimate_sample(const library::Library& library, const SampleGroup& group,
                                     std::optional<std::size_t> side, double temperature) {
  ConductivityEstimate estimate;
  const SamplePoint* nearest = nullptr;
  for (const SamplePoint& point : group.points) {
    if (side && point.side && *side != *point.side) continue;
    if (std::abs(point.read.temperature - temperature) > same_temperature) continue;
    if (nearest == nullptr || point.decades < nearest->decades) nearest = &point;
  }
  if (nearest != nullptr) {
    estimate = from_measurement(*nearest, temperature);
  } else if (side) {
    double below = 0.0, above = 0.0;
    for (const SamplePoint& point : group.points) {
      if (point.side != side || !point.holds_exactly()) continue;
      const double t = point.read.temperature;
      if (t < temperature) below = std::max(below, t);
      if (t > temperature && (above == 0.0 || t < above)) above = t;
    }
    if (below > 0.0 && above > 0.0) {
      if (const auto line = detail::line_through_points(group, *side)) {
        estimate = from_law(*line, EstimateKind::interpolated, temperature);
        estimate.distance = std::min(temperature - below, above - temperature);
        estimate.how = "interpolated between " + kelvin(below) + " and " + kelvin(above);
      }
    } else if (below > 0.0 || above > 0.0) {
      if (const auto law = detail::combined_law(group, *side)) {
        estimate = from_law(*law, EstimateKind::extrapolated, temperature);
        const double anchor = below > 0.0 ? below : above;
        estimate.distance = std::abs(temperature - anchor);
        estimate.how = "extrapolated over " + kelvin(estimate.distance) + " from " + kelvin(anchor) + " with " +
                       base::format_number(law->law.at(temperature).activation_energy_eV, 2) + " eV";
        if (estimate.decades_uncertainty > widest_decades) return {};
      }
    }
  }
  describe_facts(library, estimate);
  return estimate;
}

auto quality(const ConductivityEstimate& estimate) {
  return std::make_tuple(!estimate.from_user, estimate.kind, estimate.doubtful, estimate.decades_uncertainty);
}

std::string why_not(const std::vector<SampleGroup>& groups, const std::vector<detail::TransitionBand>& bands,
                    std::optional<std::size_t> side, double temperature) {
  if (groups.empty()) return "no measured conductivity with a temperature";
  if (!side) {
    for (const detail::TransitionBand& band : bands) {
      if (temperature < band.low || temperature > band.high) continue;
      return "a phase transition lies between " + kelvin(band.low) + " and " + kelvin(band.high);
    }
  }
  const bool same_phase = std::ranges::any_of(groups, [side](const SampleGroup& group) {
    return std::ranges::any_of(group.points, [side](const SamplePoint& point) { return point.side == side; });
  });
  if (!same_phase) return "measured only beyond a phase transition";
  return "measured at another temperature, and no activation energy leads from there";
}

MaterialEstimate estimate_material(const library::Library& library, const library::Material& material,
                                   double temperature) {
  MaterialEstimate result;
  result.material = &material;
  const auto bands = detail::transition_bands(library, material.id);
  const auto side = detail::phase_side(bands, {}, temperature);
  const std::vector<SampleGroup> groups = detail::sample_groups(library, material, bands);
  for (const SampleGroup& group : groups) {
    ConductivityEstimate estimate = estimate_sample(library, group, side, temperature);
    if (estimate.kind != EstimateKind::none) result.alternatives.push_back(std::move(estimate));
  }
  std::ranges::stable_sort(result.alternatives, [](const auto& a, const auto& b) { return quality(a) < quality(b); });
  if (result.alternatives.empty()) {
    result.reason = why_not(groups, bands, side, temperature);
    return result;
  }
  result.best = std::move(result.alternatives.front());
  result.alternatives.erase(result.alternatives.begin());
  return result;
}

}  // namespace

std::string_view to_string(EstimateKind kind) noexcept {
  switch (kind) {
    case EstimateKind::measured:
      return "measured";
    case EstimateKind::interpolated:
      return "interpolated";
    case EstimateKind::extrapolated:
      return "extrapolated";
    case EstimateKind::none:
      return "none";
  }
  return "";
}

MaterialEstimate estimate_conductivity(const library::Library& library, std::string_view material, double temperature) {
  require_temperature(temperature);
  return estimate_material(library, library.material(material), temperature);
}

Ranking rank_at(const library::Library& library, double temperature) {
  require_temperature(temperature);
  Ranking ranking;
  for (const library::Material& material : library.materials()) {
    if (!material.has_role("electrolyte") || material.has_role("class")) continue;
    MaterialEstimate estimate = estimate_material(library, material, temperature);
    auto& list = estimate.best.kind == EstimateKind::none ? ranking.without : ranking.ranked;
    list.push_back(std::move(estimate));
  }
  std::ranges::stable_sort(ranking.ranked, [](const MaterialEstimate& a, const MaterialEstimate& b) {
    return a.best.conductivity > b.best.conductivity;
  });
  return ranking;
}

std::optional<ConductivityLaw> library_law(const library::Library& library, std::string_view material,
                                           std::string_view phase) {
  const library::Material& entry = library.material(material);
  const auto bands = detail::transition_bands(library, entry.id);
  std::vector<SampleGroup> groups = detail::sample_groups(library, entry, bands);
  // The best documented sample first: the user's own, then the most points, then the fewest doubts.
  std::ranges::stable_sort(groups, [](const SampleGroup& a, const SampleGroup& b) {
    const auto key = [](const SampleGroup& group) {
      const auto doubts =
          std::ranges::count_if(group.points, [](const SamplePoint& p) { return p.fact->is_doubtful(); });
      return std::make_tuple(!group.from_user(), -static_cast<long>(group.points.size()), doubts);
    };
    return key(a) < key(b);
  });
  std::optional<std::size_t> only;
  if (!phase.empty()) {
    only = detail::phase_side(bands, phase, std::nullopt);
    std::erase_if(groups, [&](const SampleGroup& group) {
      return std::ranges::none_of(group.points, [&](const SamplePoint& point) {
        const std::string own = detail::phase_of(library, *point.fact);
        return detail::phases_compatible(own, phase) && (!own.empty() || (only && point.side == only));
      });
    });
  }
  ConductivityLaw law;
  for (std::size_t side = 0; side <= bands.size(); ++side) {
    if (only && *only != side) continue;
    std::optional<detail::PhaseLaw> known;
    for (auto group = groups.begin(); group != groups.end() && !known; ++group)
      known = detail::combined_law(*group, side);
    const double from = side == 0 ? 0.0 : 0.5 * (bands[side - 1].low + bands[side - 1].high);
    const double to =
        side == bands.size() ? std::numeric_limits<double>::infinity() : 0.5 * (bands[side].low + bands[side].high);
    if (!known) {
      // Only phases that follow each other without a gap make one law; the first such run counts.
      if (!law.segments.empty()) break;
      continue;
    }
    if (law.segments.empty()) {
      law.lowest = from;
    } else {
      law.transitions.push_back(from);
    }
    law.highest = to;
    law.transitions.insert(law.transitions.end(), known->law.transitions.begin(), known->law.transitions.end());
    law.segments.insert(law.segments.end(), known->law.segments.begin(), known->law.segments.end());
  }
  if (law.segments.empty()) return std::nullopt;
  return law;
}

}  // namespace closo::transport
