/// Electrode loading: theoretical and areal capacity, C-rates, area-specific resistance and ohmic drop.
///
/// Model: capacity from the ions exchanged per formula unit (Faraday); flat disc electrodes with uniform current
/// density. Uncertainties are propagated to first order (base/measured.hpp). Source: theoretical capacity Q = nF/(3.6
/// M) mAh/g, e.g. Hehn et al., ACS Appl. Mater. Interfaces 17 (2025) 33824, DOI 10.1021/acsami.5c01939, sec. 3.4.
#pragma once

#include <string_view>

#include "closo/base/formula.hpp"
#include "closo/base/measured.hpp"

namespace closo::cell {

using base::Measured;

/// n F / M [C/kg] for n electrons per formula unit; 1 mAh/g is 3600 C/kg.
/// Throws: ParameterError unless electrons are above 0; InputError for elements without a standard atomic weight.
double theoretical_capacity(const base::Formula& formula, double electrons);

/// π d²/4 [m²] of a diameter [m]. Throws: ParameterError unless above 0.
Measured disc_area(const Measured& diameter);

/// What was put into the die.
struct ElectrodeLoading {
  Measured composite_mass;                        ///< kg, of the whole electrode composite
  Measured active_mass_fraction = Measured{1.0};  ///< above 0 to 1
  Measured specific_capacity;                     ///< C/kg of active material
  Measured area;                                  ///< m²
};

struct ElectrodeCapacity {
  Measured active_mass;        ///< kg
  Measured areal_active_mass;  ///< kg/m²
  Measured capacity;           ///< C
  Measured areal_capacity;     ///< C/m²; 1 mAh/cm² is 36000 C/m²
};

/// Throws: ParameterError unless every member is above 0 and the fraction at most 1.
ElectrodeCapacity electrode_capacity(const ElectrodeLoading& loading);

/// "C/10" → 0.1, "0.5C" → 0.5, "2 C" → 2, "C" → 1, "2C/3" → 0.667: the rate in full capacities per hour [1/h].
/// Throws: InputError with the column, what was found and what is accepted.
double parse_c_rate_per_hour(std::string_view text);

/// Current density [A/m²] of a rate [1/h] at an areal capacity [C/m²]. Throws: ParameterError unless both are above 0.
Measured current_density(const Measured& areal_capacity, double rate_per_hour);

/// Rate [1/h] of a current density [A/m²] at an areal capacity [C/m²]. Throws: ParameterError unless both are above 0.
Measured c_rate_per_hour(const Measured& current_density, const Measured& areal_capacity);

/// L/σ [Ω m²] of a layer of thickness [m] and conductivity [S/m]; 1 Ω cm² is 1e-4 Ω m².
/// Throws: ParameterError unless both are above 0.
Measured area_specific_resistance(const Measured& thickness, const Measured& conductivity);

/// Current density [A/m²] × area-specific resistance [Ω m²] = potential drop [V].
Measured ohmic_drop(const Measured& current_density, const Measured& area_specific_resistance);

}  // namespace closo::cell
