/// Symmetric cells metal | electrolyte | metal: voltage at stepped currents, critical current density over pressure and
/// temperature; the same electrolyte between blocking electrodes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/cell/symmetric.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/cell_access.hpp"
#include "closo/tasks/cell_eis.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct CellSymmetricRequest {
  CellCase cell;  ///< of which separator, anode and metal count
  cell::SymmetricProgram program;
  std::vector<double> pressures;     ///< Pa, for the critical current; empty: that of the cell
  std::vector<double> temperatures;  ///< K, likewise
  bool is_blocking = false;          ///< adds the impedance between blocking electrodes
  double double_layer = 0.1;         ///< F/m² of one blocking electrode
  FrequencyRange frequencies;
  std::string to;  ///< CSV of the voltage over time; empty: none
};

struct CriticalPoint {
  double pressure = 0.0;           ///< Pa
  double temperature = 0.0;        ///< K
  double model_critical = 0.0;     ///< A/m², above which voids open at all
  cell::CriticalCurrent critical;  ///< of whole half cycles
};

struct SymmetricStudy {
  cell::SymmetricCell cell;
  cell::SymmetricResult run;
  std::vector<CriticalPoint> critical;  ///< temperatures outermost; the cell's own state when nothing is varied
};

inline constexpr double lowest_tried_current = 1e-3;  ///< A/m²
inline constexpr double highest_tried_current = 1e5;  ///< A/m²

/// Separator and metal of a cell.
cell::SymmetricCell symmetric_cell(const CellCase& cell);

/// Throws: ParameterError for impossible programs, and pressures where nothing is known of the metal's contact.
SymmetricStudy study_symmetric(const CellSymmetricRequest& request, const Context& context);

report::Report cell_symmetric(const CellSymmetricRequest& request, const Context& context);

extern const Task cell_symmetric_task;

}  // namespace closo::tasks
