/// Electrode materials of the library as what the cell model takes: open-circuit curve, active material, metal.
///
/// Model: the preferred number of each quantity, brought to the model's reference temperature by its activation energy;
/// a curve with its shift and, where known, its entropy. Valid where the rows of data/electrodes are: their kinds and
/// ranges go with the records. Source: each row's own, library/electrode_data.hpp; volume change and partial molar
/// volume by Ω = (ΔV/V)/c_max, e.g. J. Christensen, J. Newman, J. Solid State Electrochem. 10 (2006) 293, DOI
/// 10.1007/s10008-006-0095-1.
#pragma once

#include <string_view>

#include "closo/cell/open_circuit.hpp"
#include "closo/cell/parameters.hpp"
#include "closo/library/electrode_data.hpp"

namespace closo::cell {

/// U(z, T) of a record, its shift added. Throws: ParameterError as OpenCircuit::from_table, from_formula, with_entropy.
OpenCircuit open_circuit(const library::ElectrodeCurve& curve);

/// An insertion or conversion material as spheres of one radius [m], at a reference temperature [K]; `curve` is an id,
/// empty for the preferred one. Throws: ParameterError for a radius or temperature not above 0, or a metal; InputError
/// for a curve or number that the material does not have.
ActiveMaterial active_material(const library::ElectrodeMaterial& material, double radius,
                               double reference_temperature = 298.15, std::string_view curve = {});

/// Potential [V] of a metal or two-phase alloy against the metal of its ion: 0 for Li, 0.62 for In-Li.
/// Throws: ParameterError for a material that is no metal.
double metal_potential(const library::ElectrodeMaterial& material);

/// Ω [m³/mol] of the ions: volume change on full insertion / maximum concentration. Throws: InputError where one of
/// the two is unknown.
double partial_molar_volume(const library::ElectrodeMaterial& material);

}  // namespace closo::cell
