/// Lumped heat balance of a cell.
///
/// Model: C dT/dt = I (U - V) - I T dU/dT - h (T - T_surroundings), all per area; the cell has one temperature (Biot
/// number small). I > 0 on discharge. Source: D. Bernardi, E. Pawlikowski, J. Newman, J. Electrochem. Soc. 132 (1985)
/// 5, DOI 10.1149/1.2113792, without mixing and phase-change terms.
#pragma once

namespace closo::cell {

struct HeatModel {
  double areal_heat_capacity = 0.0;   ///< J/(m² K), ρ c_p L of everything that warms up
  double transfer_coefficient = 0.0;  ///< W/(m² K), h; 0: adiabatic
  bool operator==(const HeatModel&) const = default;
};

/// I (U - V) - I T dU/dT [W/m²]: current density [A/m²], potentials [V], temperature [K], dU/dT [V/K].
double heat_release(double current_density, double open_circuit, double voltage, double temperature,
                    double temperature_derivative) noexcept;

/// T [K] after a time [s] of constant heat release [W/m²]: the exact solution.
double advance(const HeatModel& model, double temperature, double surroundings, double release, double time) noexcept;

/// Throws: ParameterError unless the heat capacity is above 0 and the coefficient not below 0; `name` begins its name.
void check(const HeatModel& model, const char* name);

}  // namespace closo::cell
