#include "closo/transport/detail/sample_group.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/constants.hpp"
#include "closo/num/least_squares.hpp"
#include "closo/transport/decades.hpp"

namespace closo::transport::detail {
namespace {

using library::Fact;

constexpr double k_eV = base::boltzmann_constant_eV;
constexpr double least_span = 10.0;  // K between the outer points of a line

double sample_decades(const Fact& fact, const ReadConductivity& read) {
  double decades = std::max(0.1, read.log_uncertainty / ln_10);
  const bool one_digit_about = fact.qualifier == base::Qualifier::about &&
                               rounding_uncertainty(*fact.value, base::Qualifier::equal) > 0.5 / 9.5 / std::sqrt(3.0);
  if (one_digit_about || fact.is_doubtful()) decades = std::max(decades, 0.3);
  if (fact.has_flag("conflict") || fact.kind == library::Kind::estimated || fact.has_flag("temperature_lower_limit")) {
    decades = std::max(decades, 0.5);
  }
  // A nominal room temperature: 3 K at half an electronvolt.
  const double thermal = 0.5 / k_eV * read.temperature_uncertainty / (read.temperature * read.temperature) / ln_10;
  return std::hypot(decades, thermal);
}

bool agree(const SamplePoint& a, const SamplePoint& b) {
  if (a.side && b.side && *a.side != *b.side) return true;
  if (std::abs(a.read.temperature - b.read.temperature) > 2.5) return true;
  return std::abs(std::log10(a.read.conductivity / b.read.conductivity)) <= 0.3;
}

// May stand in one group: as same_sample, but any source and reference.
bool compatible(const Fact& a, const Fact& b) {
  if (a.from_user != b.from_user) return false;
  if (a.from_user && a.subject != b.subject) return false;
  return preparations_compatible(a, b);
}

bool says_the_same(const SamplePoint& a, const SamplePoint& b) {
  return a.side == b.side && std::abs(a.read.temperature - b.read.temperature) <= 2.5 &&
         std::abs(std::log(a.read.conductivity / b.read.conductivity)) < 0.02;
}

bool common_reference(const Fact& a, const Fact& b) {
  return a.source == b.source && std::ranges::any_of(a.references, [&b](const std::string& reference) {
           return std::ranges::find(b.references, reference) != b.references.end();
         });
}

SampleEnergy sample_energy(const library::Library& library, const Fact& fact, const std::vector<TransitionBand>& bands,
                           bool other_reference) {
  const StatedEnergy stated = read_energy(fact);
  SampleEnergy energy;
  energy.fact = &fact;
  energy.side = phase_side(bands, phase_of(library, fact), fact.temperature);
  const double middle =
      fact.temperature ? 0.5 * (*fact.temperature + fact.temperature_hi.value_or(*fact.temperature)) : 320.0;
  const bool sigma_form = stated.form == ArrheniusForm::sigma;
  energy.energy_eV = stated.energy_eV + (sigma_form ? k_eV * middle : 0.0);
  double variance = std::pow(fact.uncertainty ? stated.uncertainty_eV : std::max(0.03, stated.uncertainty_eV), 2);
  if (!stated.form) variance += k_eV * middle * k_eV * middle / 3.0;  // either form
  if (other_reference) variance += 0.05 * 0.05;
  if (fact.is_doubtful()) variance += 0.05 * 0.05;
  energy.uncertainty_eV = std::sqrt(variance);
  return energy;
}

// How well an energy belongs to a group: the same way of making first, then a common reference; empty if it does not.
std::optional<int> affinity(const library::Library& library, const Fact& energy, const SampleGroup& group) {
  int score = 0;
  bool phase_known = false, phase_fits = false;
  for (const SamplePoint& point : group.points) {
    if (!compatible(energy, *point.fact)) return std::nullopt;
    const std::string own = phase_of(library, *point.fact), other = phase_of(library, energy);
    phase_known = phase_known || (!own.empty() && !other.empty());
    phase_fits = phase_fits || phases_compatible(own, other);
    if (common_reference(energy, *point.fact)) score = std::max(score, 1);
  }
  if (phase_known && !phase_fits) return std::nullopt;
  const bool explicit_match = std::ranges::any_of(
      group.points, [&](const SamplePoint& point) { return preparations_match(energy, *point.fact); });
  return score + (explicit_match ? 2 : 0);
}

std::vector<const SamplePoint*> exact_points(const SampleGroup& group, std::size_t side) {
  std::vector<const SamplePoint*> points;
  for (const SamplePoint& point : group.points) {
    if (point.side == side && point.holds_exactly()) points.push_back(&point);
  }
  return points;
}

// Energies of the phase; those that do not say their phase count when all points of the group lie in it.
std::vector<const SampleEnergy*> energies_of(const SampleGroup& group, std::size_t side) {
  const bool one_side =
      std::ranges::all_of(group.points, [side](const SamplePoint& point) { return point.side == side; });
  std::vector<const SampleEnergy*> energies;
  for (const SampleEnergy& energy : group.energies) {
    if (energy.side ? *energy.side == side : one_side) energies.push_back(&energy);
  }
  return energies;
}

// Points and energies as observations of one line in ln(sigma T).
std::optional<ArrheniusLaw> fit_together(const std::vector<const SamplePoint*>& points,
                                         const std::vector<const SampleEnergy*>& energies) {
  double inverse = 0.0, total = 0.0;
  for (const SamplePoint* point : points) {
    const double weight = 1.0 / (point->decades * point->decades);
    inverse += weight / point->read.temperature;
    total += weight;
  }
  ArrheniusLaw law;
  law.reference_temperature = total / inverse;
  law.low_temperature = points.front()->read.temperature;
  law.high_temperature = points.back()->read.temperature;
  std::vector<double> design, observed, sigma;
  for (const SamplePoint* point : points) {
    const double t = point->read.temperature;
    design.insert(design.end(), {1.0, -(1.0 / t - 1.0 / law.reference_temperature) / k_eV});
    observed.push_back(std::log(point->read.conductivity * t));
    sigma.push_back(point->decades * ln_10);
  }
  for (const SampleEnergy* energy : energies) {
    design.insert(design.end(), {0.0, 1.0});
    observed.push_back(energy->energy_eV);
    sigma.push_back(energy->uncertainty_eV);
  }
  const num::LinearFit fit = num::fit_linear(design, 2, observed, sigma);
  if (fit.status != num::FitStatus::ok) return std::nullopt;
  // Facts that disagree widen the law.
  const auto freedom = static_cast<double>(fit.degrees_of_freedom);
  const double widening = freedom > 0.0 ? std::max(1.0, fit.chi_square / freedom) : 1.0;
  law.log_at_reference = fit.parameters[0];
  law.activation_energy_eV = fit.parameters[1];
  law.uncertainty_known = true;
  law.log_variance = widening * fit.covariance[0];
  law.log_energy_covariance = widening * fit.covariance[1];
  law.energy_variance = widening * fit.covariance[3];
  return law;
}

// One point and energies stated for ranges that follow each other: continuous from range to range.
ConductivityLaw chain_of_ranges(const SamplePoint& point, std::vector<const SampleEnergy*> energies) {
  std::ranges::sort(energies, {}, [](const SampleEnergy* energy) { return *energy->fact->temperature; });
  std::vector<double> borders;
  for (std::size_t i = 0; i + 1 < energies.size(); ++i) {
    borders.push_back(0.5 * (*energies[i]->fact->temperature_hi + *energies[i + 1]->fact->temperature));
  }
  const auto anchor =
      static_cast<std::size_t>(std::ranges::upper_bound(borders, point.read.temperature) - borders.begin());
  ConductivityLaw law;
  law.segments.resize(energies.size());
  law.transitions = borders;
  const auto anchored = [&](double temperature, double value, double log_uncertainty, std::size_t i) {
    ArrheniusLaw segment =
        anchored_law(temperature, value, log_uncertainty * value, energies[i]->energy_eV, energies[i]->uncertainty_eV);
    segment.low_temperature = *energies[i]->fact->temperature;
    segment.high_temperature = *energies[i]->fact->temperature_hi;
    return segment;
  };
  law.segments[anchor] = anchored(point.read.temperature, point.read.conductivity, point.decades * ln_10, anchor);
  const auto continue_to = [&](std::size_t from, std::size_t to, double border) {
    const ArrheniusLaw& known = law.segments[from];
    law.segments[to] =
        anchored(border, known.conductivity(border), std::sqrt(known.log_conductivity_variance(border)), to);
  };
  for (std::size_t i = anchor; i + 1 < energies.size(); ++i) continue_to(i, i + 1, borders[i]);
  for (std::size_t i = anchor; i > 0; --i) continue_to(i, i - 1, borders[i - 1]);
  return law;
}

bool has_range(const SampleEnergy* energy) { return energy->fact->temperature && energy->fact->temperature_hi; }

}  // namespace

std::vector<SampleGroup> sample_groups(const library::Library& library, const library::Material& material,
                                       const std::vector<TransitionBand>& bands) {
  std::vector<SampleGroup> groups;
  for (const Fact& fact : library.facts()) {
    if (fact.material != material.id || !is_conductivity(fact)) continue;
    SamplePoint point;
    point.fact = &fact;
    point.read = read_conductivity(fact);
    point.side = phase_side(bands, phase_of(library, fact), fact.temperature);
    point.decades = sample_decades(fact, point.read);
    const auto fits = [&](const SampleGroup& group) {
      return std::ranges::all_of(group.points, [&](const SamplePoint& other) {
        return compatible(fact, *other.fact) && agree(point, other) &&
               (point.side != other.side || phases_compatible(phase_of(library, fact), phase_of(library, *other.fact)));
      });
    };
    const auto found = std::ranges::find_if(groups, fits);
    if (found == groups.end()) {
      groups.push_back({{point}, {}});
      continue;
    }
    const auto same =
        std::ranges::find_if(found->points, [&](const SamplePoint& p) { return says_the_same(p, point); });
    if (same == found->points.end()) {
      found->points.push_back(point);
    } else if (point.decades < same->decades) {
      *same = point;  // a restatement that says more, such as the temperature as a number
    }
  }
  for (SampleGroup& group : groups) {
    std::ranges::stable_sort(group.points, {}, [](const SamplePoint& point) { return point.read.temperature; });
    // For every phase, the energies that belong best.
    std::vector<std::pair<int, SampleEnergy>> offers;
    for (const Fact& fact : library.facts()) {
      if (fact.material != material.id || !is_conduction_energy(fact)) continue;
      const auto score = affinity(library, fact, group);
      if (score) offers.emplace_back(*score, sample_energy(library, fact, bands, *score % 2 == 0));
    }
    for (const auto& [score, energy] : offers) {
      const auto side = energy.side;
      const int mine = score;
      const bool beaten = std::ranges::any_of(offers, [side, mine](const auto& other) {
        return (!side || !other.second.side || other.second.side == side) && other.first > mine;
      });
      if (!beaten) group.energies.push_back(energy);
    }
  }
  return groups;
}

std::optional<PhaseLaw> line_through_points(const SampleGroup& group, std::size_t side) {
  const auto points = exact_points(group, side);
  if (points.size() < 2 || points.back()->read.temperature - points.front()->read.temperature < least_span) {
    return std::nullopt;
  }
  const auto law = fit_together(points, {});
  if (!law) return std::nullopt;
  PhaseLaw result{{{*law}, {}}, {}};
  for (const SamplePoint* point : points) result.facts.push_back(point->fact);
  return result;
}

std::optional<PhaseLaw> combined_law(const SampleGroup& group, std::size_t side) {
  const auto points = exact_points(group, side);
  const auto energies = energies_of(group, side);
  if (points.empty()) return std::nullopt;
  if (energies.empty()) return line_through_points(group, side);
  PhaseLaw result;
  const bool ranges = energies.size() > 1 && std::ranges::all_of(energies, has_range);
  if (ranges && points.size() == 1) {
    result.law = chain_of_ranges(*points.front(), energies);
  } else if (ranges) {
    // Points in several ranges fix the line better than energies that hold for a part of it each.
    return line_through_points(group, side);
  } else {
    auto law = fit_together(points, energies);
    if (!law) return std::nullopt;
    for (const SampleEnergy* energy : energies) {
      if (!has_range(energy)) continue;
      law->low_temperature = std::min(law->low_temperature, *energy->fact->temperature);
      law->high_temperature = std::max(law->high_temperature, *energy->fact->temperature_hi);
    }
    result.law.segments = {*law};
  }
  for (const SamplePoint* point : points) result.facts.push_back(point->fact);
  for (const SampleEnergy* energy : energies) result.facts.push_back(energy->fact);
  return result;
}

}  // namespace closo::transport::detail
