/// A report whose every text tries to break out of its place on the page.
#pragma once

#include "closo/report/report.hpp"

namespace closo::browser_test {

/// The demonstration report with markup, quotes, backslashes and control characters added to every text but the ids.
report::Report hostile_report();

}  // namespace closo::browser_test
