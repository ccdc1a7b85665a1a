/// Conductivity of a pellet from its resistance, sigma = L/(R A), with the two kinds of uncertainty kept apart.
///
/// The error of the geometry is the same at every temperature of a series: it shifts ln sigma as a whole and with it
/// the prefactor of an Arrhenius law, but not the activation energy. A weighted regression therefore takes
/// `fit_uncertainty` only; the common part is added to the prefactor afterwards.
#pragma once

#include <optional>

#include "closo/base/measured.hpp"

namespace closo::impedance {

struct Pellet {
  base::Measured thickness;  ///< m
  base::Measured area;       ///< m²
};

struct PelletConductivity {
  double value = 0.0;                       ///< S/m
  std::optional<double> fit_uncertainty;    ///< S/m, standard, of the resistance alone
  std::optional<double> geometry_relative;  ///< relative, of the pellet, common to all its spectra

  /// Both together [S/m], for one conductivity on its own; empty when neither is stated.
  std::optional<double> total_uncertainty() const;
};

/// @param resistance  Ohm
/// Throws: ParameterError unless resistance, thickness and area are positive and their uncertainties not negative.
PelletConductivity pellet_conductivity(const base::Measured& resistance, const Pellet& pellet);

}  // namespace closo::impedance
