/// Charge transfer between active particle and electrolyte.
///
/// Model: symmetric Butler-Volmer written as overpotential of current, η = -(2RT/F) asinh(j / 2 i0), which never
/// overflows; i0 = i0_ref · 2 sqrt(z (1-z)), so the parameter is the value at z = 0.5. j > 0 inserts ions. Source: M.
/// Doyle, T. F. Fuller, J. Newman, J. Electrochem. Soc. 140 (1993) 1526, DOI 10.1149/1.2221597, with transfer
/// coefficients of 0.5 and a fixed ion concentration in the electrolyte.
#pragma once

#include "closo/cell/temperature.hpp"

namespace closo::cell {

struct InsertionKinetics {
  Activated exchange_current_density = {};  ///< A/m² of contacted interface at z = 0.5
  bool operator==(const InsertionKinetics&) const = default;
};

/// i0(z) [A/m²] of its value at z = 0.5 [A/m²]; z is held 1e-9 away from 0 and 1.
double exchange_current_density(double at_half, double stoichiometry) noexcept;

/// (2RT/F) asinh(j / 2 i0) [V], positive for positive j [A/m²]; temperature in K, i0 in A/m².
double charge_transfer_overpotential(double current_density, double exchange_current_density,
                                     double temperature) noexcept;

}  // namespace closo::cell
