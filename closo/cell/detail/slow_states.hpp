/// What a cell remembers beside the ions: contact, interphases, voids; and the coefficients that follow from it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "closo/cell/detail/electrode.hpp"
#include "closo/cell/parameters.hpp"

namespace closo::cell::detail {

struct SlowStates {
  std::vector<ContactState> contact;      // per cathode cell; empty without a contact model
  std::vector<double> cathode_thickness;  // m, grown interphase, per cathode cell
  double anode_thickness = 0.0;           // m
  double metal_contact = 1.0;
};

SlowStates start_states(const CellParameters& parameters, std::size_t cells);

/// Coefficients of the cathode and of what is in series, at a temperature [K].
ElectrodeCoefficients coefficients(const CellParameters& parameters, const SlowStates& states, double temperature,
                                   std::size_t cells);

/// D(z) [m²/s] at a temperature, the thermodynamic factor included where the material has it.
double diffusivity(const ActiveMaterial& material, double at_temperature, double stoichiometry, double temperature);

/// The states after a time step [s] that ended in `solved`, with the mean stoichiometry of each particle (class by
/// class, cells running fastest).
void advance(SlowStates& states, const CellParameters& parameters, const ElectrodeCoefficients& at,
             const ElectrodeState& solved, std::span<const double> means, double step);

}  // namespace closo::cell::detail
