/// Task `library import`: own measurements, or a set of energies of phases, from a CSV file into the local store.
#pragma once

#include <filesystem>
#include <string>

#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct LibraryImportRequest {
  std::filesystem::path file{};                   ///< measurements; empty when `energies` is given
  std::string source{};                           ///< where the numbers are from, in the user's words
  std::string formula{}, family{}, mobile_ion{};  ///< for a material that neither library nor file describes
  bool keep_good = false;                         ///< store the good rows although others are rejected
  bool dry_run = false;                           ///< check only
  std::filesystem::path energies{};               ///< a set of energies instead of measurements
  std::string name{};                             ///< of the set; empty: the file's name without its ending
  std::string citation{}, licence{};              ///< of the set, shown wherever it is used
};

/// All rows or none, unless keep_good (measurements only). Throws: InputError naming every rejected row when nothing
/// was stored because of them; InputError when file or store cannot be used or a set of this name exists;
/// ParameterError when not exactly one of the two files is given, or a name is not made of letters, digits, '-', '_'
/// and '.'; Cancelled (nothing is stored then).
report::Report library_import(const LibraryImportRequest& request, const Context& context);

extern const Task library_import_task;

}  // namespace closo::tasks
