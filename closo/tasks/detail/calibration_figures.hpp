/// Figures of a calibration: curves, deviations, capacities over rate, retention over cycles; measured against model.
#pragma once

#include <vector>

#include "closo/cell/calibration.hpp"
#include "closo/report/figure.hpp"
#include "closo/tasks/cell_fit.hpp"

namespace closo::tasks::detail {

/// Only those that have something to show.
std::vector<report::Figure> calibration_figures(const CellFitRequest& request, const cell::Calibration& calibration);

/// "C/10 at 60 °C: discharge capacity of cycle 2": how an observation is named in tables and figures.
std::string observation_text(const cell::Experiment& experiment, const cell::Observation& observation);

/// (model - measured)/u with the prediction's own uncertainty where it has one; empty without an uncertainty or where
/// the run does not reach the observation. 0 within a range or on the right side of a limit. Of curves: root mean
/// square over the points.
std::optional<double> deviation(const cell::Observation& observation, const cell::Prediction& prediction,
                                const std::optional<double>& prediction_uncertainty);

}  // namespace closo::tasks::detail
