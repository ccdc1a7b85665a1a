/// Task `arrhenius`: activation energy, transitions and conductivities at wanted temperatures from measured points.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/tasks/arrhenius_data.hpp"
#include "closo/tasks/task.hpp"
#include "closo/transport/piecewise.hpp"

namespace closo::tasks {

struct ArrheniusRequest {
  std::filesystem::path data;  ///< CSV, see arrhenius_data.hpp
  ConductivityColumns columns = {};
  transport::PiecewiseOptions model = {};  ///< form, number of segments (empty: found), kind of joints
  std::vector<double> transitions = {};    ///< K, given; empty: found
  std::vector<double> at = {};             ///< K, where sigma is wanted
  double confidence = 0.95;
};

/// Throws: InputError and ParameterError as read_conductivities and the fits of transport/piecewise.hpp.
report::Report arrhenius(const ArrheniusRequest& request, const Context& context);

extern const Task arrhenius_task;

}  // namespace closo::tasks
