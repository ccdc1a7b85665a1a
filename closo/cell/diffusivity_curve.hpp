/// A diffusivity D(z) and its integral over the stoichiometry, for fluxes that are exact between two stoichiometries.
///
/// Model: D is linear between 4097 samples over 0 ≤ z ≤ 1 and constant outside. The steady flux between two places is
/// the difference of Φ = ∫ D dz (Kirchhoff's transformation), so a shell of low diffusivity between two of high
/// diffusivity is seen. Source: J. Crank, The Mathematics of Diffusion, 2nd ed. (1975), ch. 7.
#pragma once

#include <functional>
#include <vector>

namespace closo::cell {

class DiffusivityCurve {
 public:
  /// D = 1 m²/s everywhere.
  DiffusivityCurve();
  /// Samples D(z) [m²/s]. Throws: ParameterError where it is not above 0.
  explicit DiffusivityCurve(const std::function<double(double)>& diffusivity);

  struct Point {
    double diffusivity = 0.0;  ///< m²/s
    double integral = 0.0;     ///< m²/s, Φ from stoichiometry 0
  };
  Point at(double stoichiometry) const noexcept;
  /// The stoichiometry of an integral [m²/s].
  double stoichiometry(double integral) const noexcept;

 private:
  std::vector<double> diffusivity_, integral_;
};

}  // namespace closo::cell
