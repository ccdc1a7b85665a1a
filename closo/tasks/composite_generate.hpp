/// Task `composite generate`: a microstructure from what a laboratory knows, as a voxel file that other programs open.
#pragma once

#include <string>

#include "closo/report/report.hpp"
#include "closo/tasks/composite_structure.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct CompositeGenerateRequest {
  StructureRequest structure;
  std::string to;        ///< file to write, its format by the extension; empty: none
  bool pictures = true;  ///< slices and a view into the box
};

/// Throws: as make_structure; ParameterError for an extension that no format has, InputError when the file cannot be
/// written.
report::Report composite_generate(const CompositeGenerateRequest& request, const Context& context);

extern const Task composite_generate_task;

}  // namespace closo::tasks
