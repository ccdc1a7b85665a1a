/// Task `library batches`: the imports in the local store.
#pragma once

#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct LibraryBatchesRequest {};

/// Throws: InputError when the store cannot be read.
report::Report library_batches(const LibraryBatchesRequest& request, const Context& context);

extern const Task library_batches_task;

}  // namespace closo::tasks
