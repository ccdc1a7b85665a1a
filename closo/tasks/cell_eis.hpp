/// Impedance of a cell at chosen states of charge and temperatures, and what its resistance is made of.
#pragma once

#include <complex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/cell/differential_resistance.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/cell_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct FrequencyRange {
  double lowest = 1e-3, highest = 1e6;  ///< Hz
  int points_per_decade = 10;
};
/// "1 MHz to 1 mHz, 10 per decade", in either direction; 10 per decade where nothing is said. Throws: ParameterError
/// for other texts, frequencies not above 0 or equal, densities outside 1 to 100, more than 5000 points.
FrequencyRange parse_frequencies(std::string_view text);

struct CellEisRequest {
  std::vector<CellCase> cells;           ///< one for each temperature
  std::vector<double> states_of_charge;  ///< 1 at the upper cut-off in equilibrium, 0 at the lower
  std::vector<double> stoichiometries;   ///< of the cathode, instead
  FrequencyRange frequencies;
  long after_cycles = 0;  ///< the cell is cycled so often before, at its first rate
  std::string to;         ///< CSV file of one spectrum, or folder; empty: none
};

struct CellSpectrum {
  double temperature = 0.0;                     ///< K
  double stoichiometry = 0.0;                   ///< of the cathode
  std::optional<double> state_of_charge;        ///< where cut-offs are known
  double open_circuit = 0.0;                    ///< V, of the cell
  std::vector<double> frequency;                ///< Hz, ascending
  std::vector<std::complex<double>> impedance;  ///< Ω m²
  cell::DifferentialResistance resistance;
  std::string file;  ///< written; empty: none
};

/// Cathode stoichiometry at a state of charge between two cut-offs [V] at rest. Throws: ParameterError without
/// cut-offs.
double stoichiometry_of(const CellCase& cell, double state_of_charge);

/// Temperatures outermost. Throws: ParameterError for stoichiometries outside 0 to 1; NumericsError when the cycles
/// before cannot be done; Cancelled.
std::vector<CellSpectrum> cell_spectra(const CellEisRequest& request, const Context& context);

/// Throws: as cell_spectra, and InputError where a file cannot be written.
report::Report cell_eis(const CellEisRequest& request, const Context& context);

extern const Task cell_eis_task;

}  // namespace closo::tasks
