/// Distribution of relaxation times of impedance spectra.
#pragma once

#include <string>
#include <vector>

#include "closo/impedance/drt.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/impedance_input.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct ImpedanceDrtRequest {
  std::vector<std::string> files;
  ImpedanceInputOptions input;
  impedance::DrtOptions options;
};

/// Peaks with resistance, capacitance and a hint at their origin, and the distributions in one figure.
/// Throws: InputError when no file can be used.
report::Report impedance_drt(const ImpedanceDrtRequest& request, const Context& context);

extern const Task impedance_drt_task;

}  // namespace closo::tasks
