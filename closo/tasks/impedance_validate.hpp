/// Kramers-Kronig and Z-HIT validation of impedance spectra.
#pragma once

#include <string>
#include <vector>

#include "closo/impedance/validation.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/impedance_input.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct ImpedanceValidateRequest {
  std::vector<std::string> files;
  ImpedanceInputOptions input;
  impedance::KramersKronigOptions options;
};

/// One verdict per spectrum, residual figures, flagged points. Throws: InputError when no file can be used.
report::Report impedance_validate(const ImpedanceValidateRequest& request, const Context& context);

extern const Task impedance_validate_task;

}  // namespace closo::tasks
