/// Task `library plot`: the conductivities that match, as Arrhenius figure.
#pragma once

#include <string>

#include "closo/library/library.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct LibraryPlotRequest {
  library::Query query;
  std::string by = "family";  ///< what a colour stands for: family, material or ion
};

/// log10 sigma (S/cm) over 1000/T of ionic conductivities with number and temperature; points of one sample are joined.
/// Restatements, class summaries and targets are left out unless the query asks for them.
/// Throws: InputError when nothing can be plotted or a name is not known, ParameterError for another `by`.
report::Report library_plot(const LibraryPlotRequest& request, const Context& context);

extern const Task library_plot_task;

}  // namespace closo::tasks
