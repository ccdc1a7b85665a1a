/// Activation volume from conductivities under pressure at one temperature.
///
/// dV = -k T d(ln sigma)/dP, constant over the pressures of the fit; the pressure dependence of attempt frequency and
/// lattice constant (a few percent per GPa) is left out.
/// Source: P. G. Bruce (ed.), Solid State Electrochemistry, Cambridge (1995), DOI 10.1017/CBO9780511524790.
#pragma once

#include <optional>
#include <span>

#include "closo/num/line_fit.hpp"

namespace closo::transport {

struct PressurePoint {
  double pressure = 0.0;      ///< Pa
  double conductivity = 0.0;  ///< S/m
  double uncertainty = 0.0;   ///< S/m, standard; 0: not stated
};

struct ActivationVolume {
  num::FitStatus status = num::FitStatus::too_few_points;
  double volume = 0.0;                    ///< m³ per ion
  std::optional<double> uncertainty{};    ///< m³, standard; empty: not known (two points without uncertainties)
  double log_conductivity_at_zero = 0.0;  ///< ln of S/m, extrapolated to zero pressure
  std::optional<double> log_uncertainty_at_zero{};
  std::size_t degrees_of_freedom = 0;
  double chi_square = 0.0;

  double cubic_centimetre_per_mole() const noexcept;
};

/// Throws: ParameterError on conductivities or a temperature [K] that are not positive, negative or non-finite
/// pressures, or a mixture of points with and without uncertainty.
ActivationVolume activation_volume(std::span<const PressurePoint> points, double temperature);

}  // namespace closo::transport
