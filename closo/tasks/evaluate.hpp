/// The dossier of one electrolyte system: what is known, what follows, and a verdict per criterion.
#pragma once

#include <optional>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/tasks/system_file.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct EvaluateRequest {
  System system;
  std::vector<double> temperatures;  ///< K; replaces those of the system file when not empty
};

/// Own data of the system file stand before library facts; doubtful facts are shown but decide no verdict; where the
/// uncertainty of a number spans its target the verdict is unknown, with the probability that the target is met.
/// Throws: InputError for materials the library does not know.
report::Report evaluate(const EvaluateRequest& request, const Context& context);

extern const Task evaluate_task;

}  // namespace closo::tasks
