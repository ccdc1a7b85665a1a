/// Task `stability window`: at which potentials electrolytes survive, what they become at both limits, and how sure
/// that is: static, Gibbs and constrained windows side by side with the measured ones.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/tasks/stability_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

enum class WindowKinds : unsigned char { all, equilibrium, constrained };

struct StabilityWindowRequest {
  std::vector<std::string> compounds;  ///< formulas or library names
  std::string ion{};                   ///< empty: of the library or the formula
  double highest_V = 6.0;
  WindowKinds kinds = WindowKinds::all;
  std::vector<std::string> blocked{};  ///< phases left out of the constrained window only
  bool as_mixture = false;             ///< a compound outside the set counts as its equilibrium phases
  std::string uncertainty{};           ///< "24 meV/atom"; empty: the default of stability::ErrorModel
  std::size_t draws = 1000;            ///< 0: no Monte Carlo
  EnergyRequest energy{};
  stability::Conditions gibbs{};  ///< of the Gibbs window beside a static one
};

/// Throws: ParameterError for a name, ion or number that cannot be used; InputError when a compound or an element is
/// not in the set, or the set is unknown.
report::Report stability_window(const StabilityWindowRequest& request, const Context& context);

extern const Task stability_window_task;

}  // namespace closo::tasks
