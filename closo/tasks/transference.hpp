/// Task `transference`: ionic transference or cation transport number from two currents or from a current transient.
#pragma once

#include <filesystem>
#include <optional>

#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"
#include "closo/transport/transference.hpp"

namespace closo::tasks {

struct TransferenceRequest {
  std::optional<std::filesystem::path> data;                      ///< CSV with time and current; or both currents
  std::optional<base::Measured> initial_current, steady_current;  ///< A; take the place of what the transient says
  bool blocking = false;                                          ///< electrodes: ionically blocking or not
  std::optional<base::Measured> voltage;                          ///< V
  std::optional<base::Measured> initial_resistance, steady_resistance,
      bulk_resistance;          ///< Ohm, of the interfaces and the bulk
  double temperature = 298.15;  ///< K
  transport::TransientOptions transient = {};
};

/// Throws: ParameterError for missing or contradictory parts, InputError for a file that cannot be read.
report::Report transference(const TransferenceRequest& request, const Context& context);

extern const Task transference_task;

}  // namespace closo::tasks
