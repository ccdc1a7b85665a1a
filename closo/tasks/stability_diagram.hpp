/// Task `stability diagram`: the phases of two to four elements, which of them are stable, and the drawing of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/tasks/stability_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct StabilityDiagramRequest {
  std::vector<std::string> elements;            ///< symbols, 2 to 4
  std::optional<double> highest_eV_per_atom{};  ///< unstable phases shown up to this energy above the hull
  EnergyRequest energy{};
};

/// "Li-B-H", "Li B H", "Li,B,H" or a formula such as LiBH4 into its elements. Throws: ParameterError for an unknown
/// element (with near names), a repeated one, or fewer than 2 or more than 4.
std::vector<std::string> elements_of_text(const std::vector<std::string>& texts);

/// Throws: ParameterError as elements_of_text; InputError when the set is unknown or holds nothing of an element.
report::Report stability_diagram(const StabilityDiagramRequest& request, const Context& context);

extern const Task stability_diagram_task;

}  // namespace closo::tasks
