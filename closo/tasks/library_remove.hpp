/// Task `library remove`: takes one import out of the local store again.
#pragma once

#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct LibraryRemoveRequest {
  long batch = 0;  ///< number of the import, as `library batches` lists it
};

/// Throws: InputError for an unknown batch, or when rows of another batch use a material of this one.
report::Report library_remove(const LibraryRemoveRequest& request, const Context& context);

extern const Task library_remove_task;

}  // namespace closo::tasks
