/// Task `stability matrix`: which electrolyte stands which electrode, coating, filler and carbon: one row a pair.
///
/// The shipped table data/energies/compatibility_static.csv is made by this task (--write).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/tasks/stability_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

/// What is named stands alone; where no partner is named: the library's electrodes, coatings and carbon.
struct StabilityMatrixRequest {
  std::vector<std::string> electrolytes;  ///< empty: the library's electrolytes with a formula, and its coatings
  std::vector<std::string> cathodes, anodes, coatings;
  std::string ion;  ///< empty: Li, Na and Mg, as far as the electrolytes hold them
  EnergyRequest energies;
  std::optional<std::filesystem::path> write;  ///< the table as a CSV file with set, version and definitions
};

/// Throws: ParameterError for materials and ions that cannot be; InputError for sets and files.
report::Report stability_matrix(const StabilityMatrixRequest& request, const Context& context);

extern const Task stability_matrix_task;

}  // namespace closo::tasks
