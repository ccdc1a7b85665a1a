/// A realistic report for the tests and for looking at the page: Li2B12H12 + 25 vol% ZrO2 | Li | TiS2.
#pragma once

#include "closo/report/report.hpp"

namespace closo::browser_test {

/// Numbers of the cell are those of Hehn (2025), see the dossier; the grey background is invented and says so.
report::Report demo_report();

}  // namespace closo::browser_test
