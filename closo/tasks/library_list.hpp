/// Task `library list`: what the library holds.
#pragma once

#include <string>

#include "closo/library/library.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct LibraryListRequest {
  std::string what = "overview";  ///< overview, materials, families, tables, quantities, sources, references, flags
  library::Query query;           ///< only what facts that match have; without a restriction everything
};

/// Throws: ParameterError for another word, InputError for names that the library does not know.
report::Report library_list(const LibraryListRequest& request, const Context& context);

extern const Task library_list_task;

}  // namespace closo::tasks
