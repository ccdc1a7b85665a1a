/// One figure for every kind of layer and axis, so that each is seen in the browser once.
#pragma once

#include "closo/report/report.hpp"

namespace closo::browser_test {

/// Ids: marks, grouped_bars, narrow_log, both_log, names, gaps, empty. The numbers mean nothing.
report::Report gallery_report();

}  // namespace closo::browser_test
