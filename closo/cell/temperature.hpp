/// Values that depend on temperature by one activation energy.
///
/// Model: Arrhenius, x(T) = x_ref exp(-(E/R) (1/T - 1/T_ref)); for ionic conductivities σT instead of σ. Valid within
/// one phase of the material. Source: S. Arrhenius, Z. Phys. Chem. 4 (1889) 226, DOI 10.1515/zpch-1889-0416.
#pragma once

namespace closo::cell {

struct Activated {
  double value = 0.0;   ///< at the reference temperature, in the unit its owner says
  double energy = 0.0;  ///< J/mol
  bool operator==(const Activated&) const = default;
};

/// x(T) in the unit of x. Temperatures in K, above 0.
double at_temperature(const Activated& quantity, double temperature, double reference_temperature) noexcept;

/// σ(T) where σT follows Arrhenius. Temperatures in K, above 0.
double ionic_at_temperature(const Activated& conductivity, double temperature, double reference_temperature) noexcept;

}  // namespace closo::cell
