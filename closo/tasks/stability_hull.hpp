/// Task `stability hull`: is a compound stable against all phases of its elements, by how much, and into what would it
/// decompose; with an energy of one's own for a phase that no set has.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/tasks/stability_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct StabilityHullRequest {
  std::vector<std::string> compounds;  ///< formulas or library names
  /// A phase with its energy: "LiCB11H12: -0.33 eV/atom" (formation from the elements; per formula unit with "eV" or
  /// "kJ/mol"), or by a reaction with phases of the set: "2 LiCB11H12 -> Li2B12H12 + 10 B + 2 C + 6 H2: 1.5 eV".
  std::vector<std::string> energies{};
  std::string uncertainty{};  ///< as error_model_of
  std::size_t draws = 1000;   ///< 0: no Monte Carlo
  EnergyRequest energy{};
};

/// Throws: ParameterError for a name or an energy that cannot be read; InputError when a compound is not in the set.
report::Report stability_hull(const StabilityHullRequest& request, const Context& context);

extern const Task stability_hull_task;

}  // namespace closo::tasks
