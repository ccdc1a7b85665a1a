#include "closo/composite/mixture.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::composite {
namespace {

using base::FractionBasis;
using base::propagate_over;

constexpr double sum_tolerance = 1e-6;

void require_positive(double value, const char* name) {
  if (!(value > 0.0) || !std::isfinite(value))
    throw base::ParameterError(name, base::format_number(value), "a number above 0");
}
void require_positive(const Measured& value, const char* name) { require_positive(value.value, name); }

void require_fraction(const Measured& value, const std::string& name) {
  if (!(value.value >= 0.0 && value.value <= 1.0)) {
    throw base::ParameterError(name, base::format_number(value.value), "a fraction from 0 to 1");
  }
}

void require_basis(FractionBasis basis) {
  if (basis == FractionBasis::none) throw base::ParameterError("basis", "none", "volume, mass or amount");
}

/// Mass of one component for its fraction: density for volumes, 1 for masses, molar mass for amounts.
double mass_per_fraction(FractionBasis basis, std::size_t i, std::span<const double> densities,
                         std::span<const double> molar_masses) {
  switch (basis) {
    case FractionBasis::volume:
      return densities[i];
    case FractionBasis::amount:
      return molar_masses[i];
    default:
      return 1.0;
  }
}

/// No checks: also called slightly outside of [0, 1] for derivatives.
std::vector<double> converted(std::span<const double> fractions, FractionBasis from, FractionBasis to,
                              std::span<const double> densities, std::span<const double> molar_masses) {
  std::vector<double> result(fractions.begin(), fractions.end());
  if (from != to) {
    for (std::size_t i = 0; i < result.size(); ++i) {
      result[i] *=
          mass_per_fraction(from, i, densities, molar_masses) / mass_per_fraction(to, i, densities, molar_masses);
    }
  }
  const double sum = std::accumulate(result.begin(), result.end(), 0.0);
  for (double& fraction : result) fraction /= sum;
  return result;
}

bool needs_densities(FractionBasis from, FractionBasis to) {
  return from != to && (from == FractionBasis::volume || to == FractionBasis::volume);
}
bool needs_molar_masses(FractionBasis from, FractionBasis to) {
  return from != to && (from == FractionBasis::amount || to == FractionBasis::amount);
}

/// The independent inputs of a mixture as one array: given fractions, then densities, then molar masses.
class MixtureInputs {
 public:
  MixtureInputs(std::span<const Component> components, FractionBasis basis) : basis_(basis), size_(components.size()) {
    rest_ = rest_of(components);
    for (const Component& component : components) {
      inputs_.push_back(component.fraction.value_or(Measured{}));
      has_densities_ = has_densities_ && component.density.has_value();
      has_molar_masses_ = has_molar_masses_ && component.molar_mass.has_value();
    }
    for (const Component& component : components) inputs_.push_back(component.density.value_or(Measured{1.0}));
    for (const Component& component : components) inputs_.push_back(component.molar_mass.value_or(Measured{1.0}));
  }

  bool can_reach(FractionBasis to) const {
    return (has_densities_ || !needs_densities(basis_, to)) && (has_molar_masses_ || !needs_molar_masses(basis_, to));
  }
  bool has_densities() const { return has_densities_; }
  bool has_molar_masses() const { return has_molar_masses_; }

  std::vector<Measured> fractions(FractionBasis to) const {
    std::vector<Measured> result;
    for (std::size_t i = 0; can_reach(to) && i < size_; ++i) {
      result.push_back(base::propagate(inputs_, [&](std::span<const double> x) { return in_basis(x, to)[i]; }));
    }
    return result;
  }

  Measured ratio(FractionBasis to, std::size_t numerator, std::size_t denominator) const {
    return base::propagate(inputs_, [&](std::span<const double> x) {
      const std::vector<double> fractions = in_basis(x, to);
      return fractions[numerator] / fractions[denominator];
    });
  }

  /// 1 / Σ(w / ρ) with mass fractions w.
  Measured density() const {
    return base::propagate(inputs_, [&](std::span<const double> x) {
      const std::vector<double> mass = in_basis(x, FractionBasis::mass);
      double volume = 0.0;
      for (std::size_t i = 0; i < size_; ++i) volume += mass[i] / densities(x)[i];
      return 1.0 / volume;
    });
  }

  Measured molar_mass() const {
    return base::propagate(inputs_, [&](std::span<const double> x) {
      const std::vector<double> amount = in_basis(x, FractionBasis::amount);
      return std::inner_product(amount.begin(), amount.end(), molar_masses(x).begin(), 0.0);
    });
  }

 private:
  /// The component whose fraction is not stated, else the last one stated without an uncertainty while others have one.
  static std::optional<std::size_t> rest_of(std::span<const Component> components) {
    std::optional<std::size_t> exact;
    bool has_uncertain = false;
    for (std::size_t i = 0; i < components.size(); ++i) {
      const std::optional<Measured>& fraction = components[i].fraction;
      if (!fraction) return i;
      if (fraction->uncertainty) {
        has_uncertain = true;
      } else {
        exact = i;
      }
    }
    return has_uncertain ? exact : std::nullopt;
  }

  std::span<const double> densities(std::span<const double> x) const { return x.subspan(size_, size_); }
  std::span<const double> molar_masses(std::span<const double> x) const { return x.subspan(2 * size_, size_); }

  std::vector<double> in_basis(std::span<const double> x, FractionBasis to) const {
    std::vector<double> given(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(size_));
    if (rest_) given[*rest_] = 1.0 - std::accumulate(given.begin(), given.end(), 0.0) + given[*rest_];
    return converted(given, basis_, to, densities(x), molar_masses(x));
  }

  FractionBasis basis_;
  std::size_t size_;
  std::optional<std::size_t> rest_;
  bool has_densities_ = true;
  bool has_molar_masses_ = true;
  std::vector<Measured> inputs_;
};

void check(std::span<const Component> components, FractionBasis basis) {
  require_basis(basis);
  if (components.empty()) throw base::ParameterError("components", "none", "at least one component");
  std::size_t missing = 0;
  double sum = 0.0;
  for (const Component& component : components) {
    if (component.fraction) {
      require_fraction(*component.fraction, "fraction of " + component.name);
      sum += component.fraction->value;
    } else {
      ++missing;
    }
    if (component.density) require_positive(component.density->value, "density");
    if (component.molar_mass) require_positive(component.molar_mass->value, "molar mass");
  }
  if (missing > 1) {
    throw base::ParameterError("fractions", std::to_string(missing) + " missing",
                               "at most one missing fraction: the rest");
  }
  if (sum > 1.0 + sum_tolerance || (missing == 0 && std::abs(sum - 1.0) > sum_tolerance)) {
    throw base::ParameterError("sum of fractions", base::format_number(sum, 8),
                               missing == 0 ? "1; leave one fraction out to make it the rest" : "at most 1");
  }
}

}  // namespace

std::vector<double> convert_fractions(std::span<const double> fractions, FractionBasis from, FractionBasis to,
                                      std::span<const double> densities, std::span<const double> molar_masses) {
  require_basis(from);
  require_basis(to);
  double sum = 0.0;
  for (const double fraction : fractions) {
    if (!(fraction >= 0.0)) throw base::ParameterError("fraction", base::format_number(fraction), "0 or above");
    sum += fraction;
  }
  require_positive(sum, "sum of fractions");
  const auto require_all = [&](std::span<const double> values, const char* name) {
    if (values.size() != fractions.size()) {
      throw base::ParameterError(name, std::to_string(values.size()) + " values",
                                 "one for each of the " + std::to_string(fractions.size()) + " fractions");
    }
    for (const double value : values) require_positive(value, name);
  };
  if (needs_densities(from, to)) require_all(densities, "densities");
  if (needs_molar_masses(from, to)) require_all(molar_masses, "molar masses");
  return converted(fractions, from, to, densities, molar_masses);
}

Mixture mix(std::span<const Component> components, FractionBasis basis) {
  check(components, basis);
  const MixtureInputs inputs(components, basis);
  Mixture mixture;
  mixture.volume = inputs.fractions(FractionBasis::volume);
  mixture.mass = inputs.fractions(FractionBasis::mass);
  mixture.amount = inputs.fractions(FractionBasis::amount);
  if (inputs.has_densities() && inputs.can_reach(FractionBasis::mass)) mixture.density = inputs.density();
  if (inputs.has_molar_masses() && inputs.can_reach(FractionBasis::amount)) mixture.molar_mass = inputs.molar_mass();
  return mixture;
}

std::optional<Measured> ratio_of(std::span<const Component> components, FractionBasis basis, FractionBasis to,
                                 std::size_t numerator, std::size_t denominator) {
  check(components, basis);
  require_basis(to);
  if (std::max(numerator, denominator) >= components.size()) {
    throw base::ParameterError("component", std::to_string(std::max(numerator, denominator)),
                               "an index below " + std::to_string(components.size()));
  }
  const MixtureInputs inputs(components, basis);
  if (!inputs.can_reach(to) || inputs.fractions(to)[denominator].value == 0.0) return std::nullopt;
  return inputs.ratio(to, numerator, denominator);
}

Measured pore_filling(const Measured& conductor_to_scaffold_volume, const Measured& scaffold_density,
                      const Measured& pore_volume) {
  require_positive(conductor_to_scaffold_volume, "volume ratio of conductor to scaffold");
  require_positive(scaffold_density, "scaffold density");
  require_positive(pore_volume, "pore volume");
  return propagate_over([](double ratio, double density, double pores) { return ratio / (density * pores); },
                        conductor_to_scaffold_volume, scaffold_density, pore_volume);
}

Measured pore_filling_by_mass(const Measured& conductor_to_scaffold_mass, const Measured& conductor_density,
                              const Measured& pore_volume) {
  require_positive(conductor_to_scaffold_mass, "mass ratio of conductor to scaffold");
  require_positive(conductor_density, "conductor density");
  require_positive(pore_volume, "pore volume");
  return propagate_over([](double ratio, double density, double pores) { return ratio / (density * pores); },
                        conductor_to_scaffold_mass, conductor_density, pore_volume);
}

Measured mass_ratio_for_filling(const Measured& filling, const Measured& conductor_density,
                                const Measured& pore_volume) {
  require_positive(filling, "pore filling");
  require_positive(conductor_density, "conductor density");
  require_positive(pore_volume, "pore volume");
  return propagate_over([](double f, double density, double pores) { return f * density * pores; }, filling,
                        conductor_density, pore_volume);
}

Measured fraction_of_ratio(const Measured& ratio) {
  require_positive(ratio, "ratio");
  return propagate_over([](double x) { return x / (1.0 + x); }, ratio);
}

Interphase interphase(const Measured& conductor_volume_fraction, const Measured& scaffold_volume_fraction,
                      const Measured& scaffold_density, const Measured& surface_area, const Measured& thickness,
                      const Measured& wetted_fraction) {
  require_fraction(conductor_volume_fraction, "volume fraction of the conductor");
  require_fraction(scaffold_volume_fraction, "volume fraction of the scaffold");
  require_fraction(wetted_fraction, "wetted fraction");
  require_positive(conductor_volume_fraction, "volume fraction of the conductor");
  require_positive(scaffold_density, "scaffold density");
  require_positive(surface_area, "surface area");
  require_positive(thickness, "interphase thickness");
  const auto layer = [](double scaffold, double density, double area, double t, double wetted) {
    return scaffold * density * area * t * wetted;
  };
  Interphase result;
  result.wanted =
      propagate_over(layer, scaffold_volume_fraction, scaffold_density, surface_area, thickness, wetted_fraction);
  if (result.wanted.value >= conductor_volume_fraction.value) {
    result.status = InterphaseStatus::whole_conductor;
    result.volume_fraction = conductor_volume_fraction;
    result.conductor_share = {1.0, std::nullopt};
    return result;
  }
  result.volume_fraction = result.wanted;
  result.conductor_share = propagate_over(
      [&](double conductor, double scaffold, double density, double area, double t, double wetted) {
        return layer(scaffold, density, area, t, wetted) / conductor;
      },
      conductor_volume_fraction, scaffold_volume_fraction, scaffold_density, surface_area, thickness, wetted_fraction);
  return result;
}

Measured interface_loading(const Measured& conductor_to_scaffold_mass, const Measured& molar_mass,
                           const Measured& surface_area) {
  require_positive(conductor_to_scaffold_mass, "mass ratio of conductor to scaffold");
  require_positive(molar_mass, "molar mass");
  require_positive(surface_area, "surface area");
  return propagate_over([](double ratio, double m, double area) { return ratio / (m * area); },
                        conductor_to_scaffold_mass, molar_mass, surface_area);
}

Pellet pellet(const Measured& mass, const Measured& thickness, const Measured& diameter,
              const Measured& ideal_density) {
  require_positive(mass, "mass");
  require_positive(thickness, "thickness");
  require_positive(diameter, "diameter");
  require_positive(ideal_density, "density of the mixture");
  const auto density = [](double m, double l, double d) { return m / (std::numbers::pi / 4.0 * d * d * l); };
  Pellet result;
  result.density = propagate_over(density, mass, thickness, diameter);
  result.relative_density =
      propagate_over([&](double m, double l, double d, double ideal) { return density(m, l, d) / ideal; }, mass,
                     thickness, diameter, ideal_density);
  result.porosity = {1.0 - result.relative_density.value, result.relative_density.uncertainty};
  if (result.porosity.value < 0.0) result.status = PelletStatus::denser_than_ideal;
  return result;
}

Measured layer_resistance(const Measured& thickness, const Measured& conductivity, const Measured& area) {
  require_positive(thickness, "thickness");
  require_positive(conductivity, "conductivity");
  require_positive(area, "area");
  return propagate_over([](double d, double sigma, double a) { return d / (sigma * a); }, thickness, conductivity,
                        area);
}

}  // namespace closo::composite
