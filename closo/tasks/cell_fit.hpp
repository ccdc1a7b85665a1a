/// Fits quantities of a cell to what experiments have told, says which of them the experiments pin down, and keeps what
/// was fitted apart from what is predicted.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "closo/cell/calibration.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/cell_access.hpp"
#include "closo/tasks/cell_experiments.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct CellFitRequest {
  CellCase cell;
  CellExperiments experiments;
  std::vector<cell::CalibrationParameter> parameters;  ///< empty: compared only
  cell::CalibrationOptions options;                    ///< threads, seed and progress come from the context
  std::vector<std::string> settings;                   ///< quantities set for this fit, written with the fitted ones
  std::filesystem::path write;                         ///< system file with the fitted values; empty: none
};

/// "cathode.particle_radius = 0.2 um to 10 um", or the name alone where the description has low and high.
/// Throws: InputError for unknown names (near names) or units; ParameterError for bounds that are missing or cannot be.
cell::CalibrationParameter parse_fit_text(std::string_view text, const cell::CellDescription& description);

/// A system file that extends `request.cell.system.file` with the fitted values, marked as fitted, and the settings.
/// `folder` is where it will stand.
std::string fitted_system_text(const CellFitRequest& request, const cell::Calibration& calibration,
                               const std::filesystem::path& folder);

/// Throws: as cell::calibrate; ParameterError when `write` is one of the input files; InputError when it cannot be
/// written (nothing is half-written).
report::Report cell_fit(const CellFitRequest& request, const Context& context);

extern const Task cell_fit_task;

}  // namespace closo::tasks
