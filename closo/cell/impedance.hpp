/// Impedance of a cell at rest, from the linearised equations of the simulator.
///
/// Model: cathode in equilibrium at one stoichiometry; small signal; the same finite volumes for electrode and
/// particles as the simulator, with double layers in parallel to each charge transfer and the electrolyte's bulk
/// capacitance in parallel to its resistance. Z → 0 frequency limit is the cell's differential resistance plus the
/// insertion capacitance. Source: J. P. Meyers, M. Doyle, R. M. Darling, J. Newman, J. Electrochem. Soc. 147 (2000)
/// 2930, DOI 10.1149/1.1393627, with t+ = 1.
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "closo/cell/parameters.hpp"
#include "closo/cell/simulation.hpp"

namespace closo::cell {

struct ImpedanceOptions {
  double cathode_double_layer = 0.2;    ///< F/m² of contacted interface
  double anode_double_layer = 0.2;      ///< F/m²
  double anode_film_capacitance = 0.0;  ///< F/m², in parallel to the anode's interphase
  double separator_capacitance = 0.0;   ///< F/m², geometric, in parallel to the separator
};

/// Z [Ω m²] at frequencies [Hz], cathode at a stoichiometry and temperature [K]; contact, growth and metal states as at
/// the start of a run. Throws: ParameterError for frequencies not above 0 or impossible parameters.
std::vector<std::complex<double>> cell_impedance(const CellParameters& parameters, double stoichiometry,
                                                 double temperature, std::span<const double> frequency,
                                                 const SimulationOptions& mesh = {},
                                                 const ImpedanceOptions& options = {});

/// Two blocking electrodes: R + 1/(iωC) with R = L/κ and C half of one electrode's double layer [F/m²]. Z [Ω m²].
/// Throws: ParameterError unless every value is above 0.
std::vector<std::complex<double>> blocking_cell_impedance(double thickness, double conductivity, double double_layer,
                                                          std::span<const double> frequency);

}  // namespace closo::cell
