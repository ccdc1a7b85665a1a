/// Interphases that grow between electrode and electrolyte: parabolic, and driven by oxidation of the electrolyte.
///
/// Model: dδ/dt = k_p/(2δ) + (V_i/(nF)) i_ox; i_ox = i_ox0 exp(α (F/RT)(u - E_ox)) exp(-δ/λ) with u the potential of
/// the electrode against the electrolyte; resistance δ/κ. Without oxidation δ = sqrt(δ0² + k_p t), exactly. i_ox is
/// charge that does not come from the active material, so Coulombic efficiencies fall below 1. In a cell the thickness
/// of a coating (InterfaceFilm) counts in δ of exp(-δ/λ), not in δ/κ of the interphase. Source: parabolic (Wagner)
/// growth and its use for Li | solid electrolyte, S. Wenzel, S. J. Sedlmaier, C. Dietrich, W. G. Zeier, J. Janek, Solid
/// State Ionics 318 (2018) 102, DOI 10.1016/j.ssi.2017.07.005.
#pragma once

#include <optional>

#include "closo/cell/temperature.hpp"

namespace closo::cell {

struct OxidationModel {
  Activated exchange_current_density = {};  ///< A/m² of contacted interface at the onset potential
  double onset_potential = 0.0;             ///< V, E_ox, against the metal of the open-circuit curve
  double transfer_coefficient = 0.5;        ///< α
  double decay_length = 5e-9;               ///< m, λ
  double molar_volume = 0.0;                ///< m³ of interphase per mol oxidised, V_i
  double electrons = 1.0;                   ///< n per V_i
  bool operator==(const OxidationModel&) const = default;
};

struct GrowthModel {
  double initial_thickness = 0.0;  ///< m
  Activated parabolic_rate = {};   ///< m²/s, k_p
  Activated conductivity = {};     ///< S/m of the interphase
  std::optional<OxidationModel> oxidation = {};
  bool operator==(const GrowthModel&) const = default;
};

/// δ [m] after a time [s] at a rate k_p [m²/s] and an oxidation current density [A/m²] at its start (0 without) that
/// falls off with the thickness as the model says; each of the two laws alone is integrated exactly.
double grown_thickness(const GrowthModel& model, double thickness, double time, double parabolic_rate,
                       double oxidation_current_density) noexcept;

/// i_ox [A/m²] at a potential u [V], thickness [m] and temperature [K]; `at_onset` is i_ox0 at that temperature [A/m²].
/// The exponent is held below 200.
double oxidation_current_density(const OxidationModel& model, double at_onset, double potential, double thickness,
                                 double temperature) noexcept;

/// The growth law from a measured R = R_0 + s sqrt(t): k_p = (s κ)² [m²/s] of s [Ω m²/s^½] and κ [S/m].
/// Throws: ParameterError unless both are above 0.
double parabolic_rate(double resistance_slope, double conductivity);

/// Throws: ParameterError for the first member that is not possible; `name` begins its name.
void check(const GrowthModel& model, const char* name);

}  // namespace closo::cell
