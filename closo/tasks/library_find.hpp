/// Task `library find`: the facts that match.
#pragma once

#include "closo/library/library.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct LibraryFindRequest {
  library::Query query;
};

/// Throws: InputError for names that the library does not know, with near names.
report::Report library_find(const LibraryFindRequest& request, const Context& context);

extern const Task library_find_task;

}  // namespace closo::tasks
