/// The reference cell DF-TiS2: Li | single-ion electrolyte | TiS2 composite at 60 °C, as run by dualfoil 5.2 and
/// PyBaMM.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/cell/parameters.hpp"
#include "closo/cell/simulation.hpp"

namespace closo::cell {

/// TiS2 of M. Doyle, T. F. Fuller, J. Newman, J. Electrochem. Soc. 140 (1993) 1526, DOI 10.1149/1.2221597.
inline OpenCircuit tis2_open_circuit(double maximum_concentration) {
  using Kind = OpenCircuitTerm::Kind;
  return OpenCircuit::from_formula({{Kind::power, 2.17, 0.0, 0.0, false},
                                    {Kind::ideal, 1.0, 0.0, 0.0, false},
                                    {Kind::power, -5.58e-4 * maximum_concentration, 1.0, 0.0, true},
                                    {Kind::power, 8.1, 0.0, 0.0, true}},
                                   0.0, 1.0);
}

inline OpenCircuit flat_open_circuit(double potential) {
  return OpenCircuit::from_formula({{OpenCircuitTerm::Kind::power, potential, 0.0, 0.0, false}}, 0.0, 1.0);
}

inline CellParameters reference_cell() {
  constexpr double faraday = 96487.0;  // of dualfoil; the capacity F c_max is kept
  CellParameters cell;
  cell.temperature = cell.reference_temperature = 333.15;
  cell.separator = {500e-6, {0.1, 0.0}};
  Cathode& cathode = cell.cathode;
  cathode.thickness = 50e-6;
  cathode.active_fraction = 0.55;
  cathode.electrolyte_fraction = 0.40;
  cathode.ionic_conductivity = bruggeman({0.1, 0.0}, 0.4);
  cathode.electronic_conductivity = bruggeman({1.0, 0.0}, 0.6);
  cathode.initial_stoichiometry = 0.01;
  ActiveMaterial& material = cathode.material;
  material.maximum_concentration = 3.6e6 * 239.0 * 3.27 / base::faraday_constant;
  material.open_circuit = tis2_open_circuit(3.6e6 * 239.0 * 3.27 / faraday);
  material.sizes = {{2e-6, 1.0}};
  material.diffusivity = {1e-15, 0.0};
  material.kinetics.exchange_current_density = {
      faraday * 2.25e-11 * std::sqrt(1000.0) * 0.5 * (3.6e6 * 239.0 * 3.27 / faraday), 0.0};
  cell.nominal_capacity = 21.504 * 3600.0;
  return cell;
}

inline CellParameters reference_cell_with_foil() {
  CellParameters cell = reference_cell();
  cell.anode.exchange_current_density = Activated{96487.0 * 3.277e-6 * std::sqrt(1000.0), 0.0};
  return cell;
}

}  // namespace closo::cell
