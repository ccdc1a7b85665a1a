#include "closo/transport/consistency.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/transport/decades.hpp"
#include "closo/transport/detail/sample.hpp"

namespace closo::transport {
namespace {

using library::Fact;

// Significant digits and the mantissa as an integer, from the shortest text of a number; trailing zeros do not count.
struct Digits {
  std::size_t count = 0;
  double mantissa = 0.0;
};

Digits digits_of(double value) {
  const std::string text = base::format_exact(value);
  std::string kept;
  for (const char c : text) {
    if (c == 'e' || c == 'E') break;
    if (c >= '0' && c <= '9' && !(kept.empty() && c == '0')) kept += c;
  }
  while (kept.size() > 1 && kept.back() == '0') kept.pop_back();
  return {kept.size(), base::parse_number(kept)};
}

bool is_restatement(const Fact& a, const Fact& b) {
  return std::abs(*a.temperature - *b.temperature) <= 2.5 && std::abs(std::log(*a.value_si / *b.value_si)) < 0.02;
}

bool has_pair(const std::vector<const Fact*>& points) {
  return std::ranges::any_of(points, [&points](const Fact* a) {
    return std::ranges::any_of(points, [a](const Fact* b) { return *b->temperature - *a->temperature >= 10.0; });
  });
}

// Points of the passage that states the energy, where they suffice; else all, less those that disagree at one
// temperature (they are of different samples, and nothing says which one the energy belongs to).
std::vector<const Fact*> of_one_sample(const Fact& energy, const std::vector<const Fact*>& points) {
  std::vector<const Fact*> same_passage;
  std::ranges::copy_if(points, std::back_inserter(same_passage),
                       [&energy](const Fact* point) { return point->locator == energy.locator; });
  if (has_pair(same_passage)) return same_passage;
  std::vector<const Fact*> agreeing;
  std::ranges::copy_if(points, std::back_inserter(agreeing), [&points](const Fact* a) {
    return std::ranges::none_of(points, [a](const Fact* b) {
      return std::abs(*a->temperature - *b->temperature) <= 2.5 &&
             std::abs(std::log(*a->value_si / *b->value_si)) > 0.3 * ln_10;
    });
  });
  return agreeing;
}

// The energy is stated for a range of temperatures that leaves out this one.
bool outside_range(const Fact& energy, double temperature) {
  const double slack = 5.0;
  if (energy.temperature && temperature < *energy.temperature - slack) return true;
  return energy.temperature_hi && temperature > *energy.temperature_hi + slack;
}

}  // namespace

double rounding_uncertainty(double value, base::Qualifier qualifier) {
  if (!(value > 0.0 && std::isfinite(value))) {
    throw base::ParameterError("value", base::format_number(value), "a positive finite value");
  }
  return (qualifier == base::Qualifier::about ? 2.0 : 1.0) * 0.5 / digits_of(value).mantissa / std::sqrt(3.0);
}

double reading_uncertainty(double value, base::Qualifier qualifier) {
  const double rounding = rounding_uncertainty(value, qualifier);
  const Digits digits = digits_of(value);
  if (digits.count == 1 && digits.mantissa == 1.0) {
    // A bare power of ten; "1e-3" printed as an exact value is at least rounded to one digit.
    return 0.3 * ln_10;
  }
  const double tenths = 10.0 * std::log10(value);
  if (digits.count >= 4 && std::abs(tenths - std::round(tenths)) < 2.5e-3) return 0.05 * ln_10 / std::sqrt(3.0);
  return rounding;
}

EnergyComparison compare_energy(const ReadConductivity& first, const ReadConductivity& second,
                                const StatedEnergy& stated, const ConsistencyOptions& options) {
  const ConductivityPoint a{.temperature = first.temperature, .conductivity = first.conductivity};
  const ConductivityPoint b{.temperature = second.temperature, .conductivity = second.conductivity};
  EnergyComparison result;
  result.implied_sigma_eV = implied_activation_energy(a, b, ArrheniusForm::sigma);
  result.implied_sigma_t_eV = implied_activation_energy(a, b, ArrheniusForm::sigma_t);
  const double lever = std::abs(1.0 / a.temperature - 1.0 / b.temperature);
  const double from_sigma =
      base::boltzmann_constant_eV * std::hypot(first.log_uncertainty, second.log_uncertainty) / lever;
  // dE/dT = E/(T² lever).
  const double from_temperature = std::abs(result.implied_sigma_eV) / lever *
                                  std::hypot(first.temperature_uncertainty / (a.temperature * a.temperature),
                                             second.temperature_uncertainty / (b.temperature * b.temperature));
  result.uncertainty_eV = std::hypot(from_sigma, from_temperature);

  double low = result.implied_sigma_eV, high = result.implied_sigma_t_eV;
  if (stated.form) low = high = *stated.form == ArrheniusForm::sigma ? low : high;
  if (stated.energy_eV < low) result.discrepancy_eV = stated.energy_eV - low;
  if (stated.energy_eV > high) result.discrepancy_eV = stated.energy_eV - high;
  const double joint = std::hypot(result.uncertainty_eV, stated.uncertainty_eV);
  result.significance = joint > 0.0 ? std::abs(result.discrepancy_eV) / joint : 0.0;
  const bool significant = joint > 0.0 ? result.significance > options.significance : result.discrepancy_eV != 0.0;
  result.contradiction = significant && std::abs(result.discrepancy_eV) > options.tolerance_eV;
  return result;
}

std::vector<EnergyCheck> check_energies(const library::Library& library, const ConsistencyOptions& options) {
  std::vector<EnergyCheck> checks;
  for (const Fact& energy : library.facts()) {
    if (!detail::is_conduction_energy(energy)) continue;
    const auto bands = detail::transition_bands(library, energy.material);
    const auto energy_side = detail::phase_side(bands, detail::phase_of(library, energy), energy.temperature);
    std::vector<const Fact*> all;
    for (const Fact& fact : library.facts()) {
      if (!detail::is_conductivity(fact) || fact.kind != library::Kind::measured) continue;
      if (!detail::same_sample(library, energy, fact) || fact.has_flag("temperature_lower_limit")) continue;
      if (outside_range(energy, *fact.temperature)) continue;
      const auto side = detail::phase_side(bands, detail::phase_of(library, fact), fact.temperature);
      if (!side || (energy_side && *side != *energy_side)) continue;
      all.push_back(&fact);
    }
    const std::vector<const Fact*> points = of_one_sample(energy, all);
    std::optional<EnergyCheck> best;
    for (std::size_t i = 0; i < points.size(); ++i) {
      for (std::size_t j = 0; j < points.size(); ++j) {
        const Fact& cold = *points[i];
        const Fact& hot = *points[j];
        if (*hot.temperature - *cold.temperature < 10.0 || !detail::same_sample(library, cold, hot)) continue;
        if (detail::phase_side(bands, detail::phase_of(library, cold), cold.temperature) !=
            detail::phase_side(bands, detail::phase_of(library, hot), hot.temperature)) {
          continue;
        }
        const EnergyComparison comparison = compare_energy(
            detail::read_conductivity(cold), detail::read_conductivity(hot), detail::read_energy(energy), options);
        if (!best || comparison.significance > best->comparison.significance) {
          best = EnergyCheck{&cold, &hot, &energy, {}, comparison};
        }
      }
    }
    if (!best) continue;
    for (const Fact* point : all) {
      if (point == best->cold || point == best->hot) continue;
      if (is_restatement(*point, *best->cold) || is_restatement(*point, *best->hot)) best->also.push_back(point);
    }
    checks.push_back(std::move(*best));
  }
  return checks;
}

std::vector<EnergyCheck> find_contradictions(const library::Library& library, const ConsistencyOptions& options) {
  std::vector<EnergyCheck> checks = check_energies(library, options);
  std::erase_if(checks, [](const EnergyCheck& check) { return !check.comparison.contradiction; });
  return checks;
}

std::string describe(const EnergyCheck& check) {
  const EnergyComparison& c = check.comparison;
  return check.energy->material + ": " + base::format_number(std::round(c.implied_sigma_eV * 100) / 100, 3) +
         " eV (sigma) or " + base::format_number(std::round(c.implied_sigma_t_eV * 100) / 100, 3) +
         " eV (sigma T) implied by " + check.cold->id + " and " + check.hot->id + ", " +
         base::format_number(detail::read_energy(*check.energy).energy_eV, 3) + " eV stated in " + check.energy->id;
}

}  // namespace closo::transport
