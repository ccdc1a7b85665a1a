/// Task `stability react`: balances a reaction and gives its energy from one set, or says what a mixture becomes at
/// equilibrium.
#pragma once

#include <cstddef>
#include <string>

#include "closo/report/report.hpp"
#include "closo/tasks/stability_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct StabilityReactRequest {
  std::string equation;       ///< "LiBH4 + MgH2 -> MgB2 + LiH + H2"; without an arrow the reactants alone
  std::string uncertainty{};  ///< as error_model_of
  std::size_t draws = 1000;   ///< 0: no Monte Carlo
  EnergyRequest energy{};
};

/// Throws: ParameterError for a text that is no reaction or cannot be balanced; InputError when a phase is not in the
/// set or the set is unknown.
report::Report stability_react(const StabilityReactRequest& request, const Context& context);

extern const Task stability_react_task;

}  // namespace closo::tasks
