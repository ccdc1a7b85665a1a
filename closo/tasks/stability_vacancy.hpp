/// Task `stability vacancy`: how hard it is to take a cation out of a compound, from bulk energies, by both routes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/tasks/stability_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct StabilityVacancyRequest {
  std::vector<std::string> compounds;  ///< library names or formulas, at least one
  std::string ion;                     ///< the cation; empty: of each compound
  EnergyRequest energies;
  std::string uncertainty;  ///< error model, see error_model_of
  std::size_t draws = 200;  ///< Monte Carlo; 0: none
};

/// Throws: ParameterError for compounds and ions that cannot be; InputError for a compound that is not in the set.
report::Report stability_vacancy(const StabilityVacancyRequest& request, const Context& context);

extern const Task stability_vacancy_task;

}  // namespace closo::tasks
