/// Task `library export`: facts that match, as CSV in the schema of the shipped tables or as JSON.
#pragma once

#include <filesystem>
#include <string>

#include "closo/library/library.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct LibraryExportRequest {
  library::Query query;
  std::string format = "csv";  ///< csv or json
  std::filesystem::path to;
};

/// Throws: InputError when the file cannot be written or a name is not known, ParameterError for another format.
report::Report library_export(const LibraryExportRequest& request, const Context& context);

extern const Task library_export_task;

}  // namespace closo::tasks
