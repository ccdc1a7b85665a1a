/// Contact between active particles and electrolyte: pressure, swelling, creep and damage; isolated capacity kept
/// apart.
///
/// Model: particle strain ε = Ω (c - c_ref)/3; contact pressure p = p_0 + χ P_stack + K (ε - ε_relaxed), ε_relaxed
/// follows ε with the creep time; touching fraction θ_rev = 1 - exp(-(max(p,0)/p_H)^m); strain cycles break contact for
/// good, dD = k_D |dε| (p_ref/max(p,p_min))^n (1-D); θ = θ_rev (1-D). A part β of the damage isolates whole particles:
/// df = β dD. A lumped description, valid for small strains; its parameters are fitted. Source: elastic contact of
/// rough surfaces, B. N. J. Persson, Phys. Rev. Lett. 99 (2007) 125502, DOI 10.1103/PhysRevLett.99.125502 (θ linear in
/// p at small p, saturating); H.-K. Tian, Y. Qi, J. Electrochem. Soc. 164 (2017) E3512, DOI 10.1149/2.0481711jes
/// (contact area and capacity).
#pragma once

#include "closo/cell/temperature.hpp"

namespace closo::cell {

struct ContactModel {
  double partial_molar_volume = 0.0;     ///< m³/mol of inserted ions; negative for materials that shrink
  double reference_stoichiometry = 0.0;  ///< where the composite was pressed
  double residual_pressure = 0.0;        ///< Pa, p_0 left from pressing
  double stack_pressure = 0.0;           ///< Pa
  double transmission = 1.0;             ///< χ, share of the stack pressure that reaches the contacts
  double stiffness = 0.0;                ///< Pa per unit strain, K times the active fraction
  double contact_pressure = 1e6;         ///< Pa, p_H
  double contact_exponent = 1.0;         ///< m
  Activated creep_rate = {};             ///< 1/s; 0: no relaxation
  double damage_per_strain = 0.0;        ///< k_D
  double damage_pressure = 1e6;          ///< Pa, p_ref
  double damage_exponent = 0.0;          ///< n
  double minimum_pressure = 1e4;         ///< Pa, p_min
  double isolated_share = 0.0;           ///< β
  bool operator==(const ContactModel&) const = default;
};

/// What a place of the cathode remembers.
struct ContactState {
  double strain = 0.0;          ///< ε at the last advance
  double relaxed_strain = 0.0;  ///< ε_relaxed
  double damage = 0.0;          ///< D, 0 to 1
  double isolated = 0.0;        ///< f, 0 to 1
  bool operator==(const ContactState&) const = default;
};

/// Ω c_max (z - z_ref)/3; maximum concentration in mol/m³.
double particle_strain(const ContactModel& model, double mean_stoichiometry, double maximum_concentration) noexcept;

/// p [Pa], negative where the particle has lost contact.
double contact_pressure(const ContactModel& model, const ContactState& state) noexcept;

/// θ, 0 to 1.
double contact_fraction(const ContactModel& model, const ContactState& state) noexcept;

/// The state when the strain went linearly to a new value within a time [s]; exact for creep and for damage at the
/// pressure of the middle of the way. Temperatures in K.
ContactState advance(const ContactModel& model, const ContactState& state, double strain, double time,
                     double temperature, double reference_temperature) noexcept;

/// Throws: ParameterError for the first member that is not possible; `name` begins its name.
void check(const ContactModel& model, const char* name);

}  // namespace closo::cell
