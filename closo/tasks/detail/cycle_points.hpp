/// Capacities and retentions over cycle number that were measured: from a CSV file, and from the library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/tasks/system_file.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks::detail {

struct CyclePoint {
  double cycle = 1.0;
  double value = 0.0;  ///< C/kg of active material, or a fraction
  std::string hover = {};
};

struct CyclePoints {
  std::string name;  ///< legend entry
  std::vector<CyclePoint> capacity, retention;
};

/// CSV with a column cycle and one or both of capacity (mAh/g or mAh/cm2; the latter by the areal mass of active
/// material [kg/m²]) and retention (%). Empty cells are left out. A retention that is missing follows from the
/// capacities, against the first of them. Throws: InputError with file, line and column.
CyclePoints parse_cycle_points(std::string_view text, const std::string& file, double active_mass);

/// What the library knows of cells with this electrolyte and active material, beyond doubt.
CyclePoints library_cycle_points(const System& system, const Context& context);

}  // namespace closo::tasks::detail
