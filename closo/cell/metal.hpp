/// The metal anode: overpotential of stripping and plating, constriction, voids that current opens and creep closes.
///
/// Model: η = (2RT/F) asinh(I / (2 i0 θ)); Holm constriction of n_c contacts per area, R = (1-√θ)^1.5 / (4 κ √(θ
/// n_c/π)); dθ/dt = -(θ/q_v) max(0, I - I_c) + (1-θ)/τ + (plating) θ |I|/q_v, with I_c = k_c P^n (critical current
/// density) and 1/τ = (1/τ_0)(P/P_0)^n, both activated. I > 0 strips (discharge). Source: constriction: R. Holm,
/// Electric Contacts (1967), with the alleviation factor of M. G. Cooper, B. B. Mikic, M. M. Yovanovich, Int. J. Heat
/// Mass Transfer 12 (1969) 279, DOI 10.1016/0017-9310(69)90011-8; voids against creep: J. Kasemchainan et al., Nat.
/// Mater. 18 (2019) 1105, DOI 10.1038/s41563-019-0438-9.
#pragma once

#include "closo/cell/temperature.hpp"

namespace closo::cell {

struct MetalContactModel {
  double stack_pressure = 0.0;              ///< Pa
  double reference_pressure = 1e6;          ///< Pa, P_0
  double pressure_exponent = 5.0;           ///< n of power-law creep; 5 for Na, 6.6 for Li
  Activated critical_current_density = {};  ///< A/m² at the reference pressure
  double void_charge = 3.6e4;       ///< C/m², q_v: charge stripped above the critical current that removes 63 %
  Activated creep_rate = {};        ///< 1/s, 1/τ at the reference pressure
  double contacts_per_area = 1e12;  ///< 1/m², n_c
  double initial_fraction = 1.0;    ///< θ at the start
  bool operator==(const MetalContactModel&) const = default;
};

inline constexpr double smallest_metal_contact = 1e-6;  ///< θ is never below: the metal has then lifted off

/// (2RT/F) asinh(I / (2 i0 θ)) [V], positive on stripping. Current and exchange current densities in A/m².
double metal_overpotential(double current_density, double exchange_current_density, double contact_fraction,
                           double temperature) noexcept;

/// Constriction resistance [Ω m²] at contact fraction θ, electrolyte conductivity [S/m], contacts per area [1/m²].
double constriction_resistance(double contact_fraction, double conductivity, double contacts_per_area) noexcept;

/// I_c [A/m²] at the model's pressure. Temperatures in K.
double critical_current_density(const MetalContactModel& model, double temperature,
                                double reference_temperature) noexcept;

/// θ after a time [s] at a constant current density [A/m²]: the exact solution, held within smallest_metal_contact
/// to 1.
double advance(const MetalContactModel& model, double contact_fraction, double current_density, double time,
               double temperature, double reference_temperature) noexcept;

/// M | electrolyte | M: V = I (L/κ + 2 R) + (4RT/F) asinh(I / (2 i0 θ)) [V]; both sides alike. Thickness [m],
/// conductivity [S/m], interface resistance at this contact [Ω m²].
double symmetric_cell_voltage(double current_density, double thickness, double conductivity, double resistance,
                              double exchange_current_density, double contact_fraction, double temperature) noexcept;

/// Throws: ParameterError for the first member that is not possible; `name` begins its name.
void check(const MetalContactModel& model, const char* name);

}  // namespace closo::cell
