/// The report of a calibration: values and what the observations say of them, fitted and predicted numbers apart.
#pragma once

#include "closo/cell/calibration.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/cell_fit.hpp"

namespace closo::tasks::detail {

/// Sections, doubts and figures; title and provenance are the task's.
report::Report calibration_report(const CellFitRequest& request, const cell::Calibration& calibration);

/// "pinned down", "only an upper limit", "on its bound" …: what the observations say of a parameter.
std::string judgement(const cell::CalibratedParameter& parameter);

}  // namespace closo::tasks::detail
