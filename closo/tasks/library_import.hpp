/// Task `library import`: own measurements from a CSV file into the local store.
#pragma once

#include <filesystem>
#include <string>

#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct LibraryImportRequest {
  std::filesystem::path file;
  std::string source{};                           ///< where the numbers are from, in the user's words
  std::string formula{}, family{}, mobile_ion{};  ///< for a material that neither library nor file describes
  bool keep_good = false;                         ///< store the good rows although others are rejected
  bool dry_run = false;                           ///< check only
};

/// All rows or none, unless keep_good. Throws: InputError naming every rejected row when nothing was stored because of
/// them; InputError when file or store cannot be used; Cancelled (nothing is stored then).
report::Report library_import(const LibraryImportRequest& request, const Context& context);

extern const Task library_import_task;

}  // namespace closo::tasks
