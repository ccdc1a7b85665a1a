/// Task `library check`: is everything in the library, shipped and own, possible and consistent.
#pragma once

#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct LibraryCheckRequest {
  bool own_only = false;  ///< only what concerns the user's rows
};

/// Findings on units, ranges and names; contradictions between conductivities and activation energies; rows with
/// doubts. Throws: InputError when the library cannot be read.
report::Report library_check(const LibraryCheckRequest& request, const Context& context);

extern const Task library_check_task;

}  // namespace closo::tasks
