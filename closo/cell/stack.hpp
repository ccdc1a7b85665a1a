/// Energy density of a cell stack from its layers, and how much metal the anode needs.
///
/// Model: mass and thickness per electrode area add up; energy is areal capacity × average voltage (one discharge, no
/// heat or overpotential beyond the average voltage). A quantity whose data are incomplete stays empty and the missing
/// data are named; nothing is assumed. Housing, tabs and sealing count only if they are given as layers. Source:
/// definitions (mass, volume and charge balance; Faraday for the metal); no outside data.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "closo/base/formula.hpp"
#include "closo/base/measured.hpp"

namespace closo::cell {

using base::Measured;

/// One layer per electrode area. What is not known stays empty.
struct StackLayer {
  std::string name;
  std::optional<Measured> areal_mass;  ///< kg/m²
  std::optional<Measured> thickness;   ///< m
  bool is_current_collector = false;
};

/// A dense layer: areal mass = thickness [m] × density [kg/m³]. Throws: ParameterError unless both are above 0.
StackLayer dense_layer(std::string name, const Measured& thickness, const Measured& density,
                       bool is_current_collector = false);

/// Sums over layers with what they give; empty where a layer's datum is missing.
struct StackSum {
  std::optional<Measured> areal_mass;         ///< kg/m²
  std::optional<Measured> thickness;          ///< m
  std::optional<Measured> energy_per_mass;    ///< J/kg; 1 Wh/kg is 3600 J/kg
  std::optional<Measured> energy_per_volume;  ///< J/m³; 1 Wh/L is 3.6e6 J/m³
};

enum class StackStatus : unsigned char {
  complete,
  incomplete,  ///< some layer's mass or thickness is not known: see `missing`
};

struct StackEnergy {
  StackStatus status = StackStatus::complete;
  Measured areal_energy;             ///< J/m²
  StackSum with_collectors;          ///< all layers
  StackSum without_collectors;       ///< all but the current collectors
  std::vector<std::string> missing;  ///< "areal mass of Cu foil"
};

/// Areal capacity [C/m²] and average discharge voltage [V].
/// Throws: ParameterError for no layer beside the current collectors, a capacity or voltage not above 0, or a layer's
/// mass or thickness that is negative or not finite.
StackEnergy stack_energy(std::span<const StackLayer> layers, const Measured& areal_capacity,
                         const Measured& average_voltage);

/// Thickness [m] of dense metal that holds an areal capacity [C/m²]: Q M / (z F ρ); for lithium 4.85 µm per mAh/cm².
/// `electrons` per formula unit; density [kg/m³].
/// Throws: ParameterError unless every argument is above 0; InputError for elements without a standard atomic weight.
Measured metal_thickness(const Measured& areal_capacity, const base::Formula& metal, double electrons,
                         const Measured& density);

/// Areal capacity [C/m²] of a metal layer of thickness [m]: the inverse of metal_thickness. Throws: as above.
Measured metal_areal_capacity(const Measured& thickness, const base::Formula& metal, double electrons,
                              const Measured& density);

/// N/P: anode capacity / cathode capacity, both [C/m²]; the excess is N/P - 1. Throws: ParameterError unless both are
/// above 0.
Measured capacity_ratio(const Measured& anode_areal_capacity, const Measured& cathode_areal_capacity);

}  // namespace closo::cell
