/// Task `library show`: everything the library knows of one material, or one fact, source or reference.
#pragma once

#include <string>

#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct LibraryShowRequest {
  std::string name;  ///< material (id, alias or formula), fact id, source id or reference id
};

/// Throws: InputError with near names when nothing is called so.
report::Report library_show(const LibraryShowRequest& request, const Context& context);

extern const Task library_show_task;

}  // namespace closo::tasks
