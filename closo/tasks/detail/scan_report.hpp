/// The report of a composite scan: table, figures, where the highest conductivity lies.
#pragma once

#include <string>

#include "closo/report/report.hpp"
#include "closo/tasks/composite_scan.hpp"

namespace closo::tasks::detail {

report::Report scan_report(const CompositeScanRequest& request, const CompositeScan& scan);

/// "layer 1 nm, wetted 50 %, filling 69 %": what distinguishes settings beside the fraction; empty for nothing.
std::string setting_text(const ScanSetting& setting, bool with_thickness, bool with_wetted, bool with_filling,
                         bool with_cluster);

/// Value in S/cm with a standard error (none for 0).
report::Value sigma_value(double conductivity, double uncertainty, const std::string& kind, const std::string& source);

/// Particles, box, realisations.
report::KeyValues scan_facts(const CompositeScanRequest& request, const CompositeScan& scan);

}  // namespace closo::tasks::detail
