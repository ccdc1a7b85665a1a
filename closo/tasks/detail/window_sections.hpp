/// The studies of compounds' windows as sections of a report: tables, words and figures.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/tasks/detail/window_study.hpp"
#include "closo/tasks/stability_figures.hpp"

namespace closo::tasks::detail {

/// "Li/Li⁺", "Mg/Mg²⁺".
std::string couple_text(const std::string& mobile);

/// All windows side by side, the reactions at their limits, and the figure.
report::Section windows_section(std::span<const WindowStudy> studies);

/// What stands behind the first window of one compound. `suffix` ("" or "_2") keeps ids of several compounds apart.
report::Section uncertainty_section(const WindowStudy& study, const std::string& suffix);
report::Section plateau_section(const WindowStudy& study, const std::string& suffix);
report::Section protection_section(const WindowStudy& study, const library::Library& library,
                                   const std::string& suffix);

/// Windows of the library beside the computed ones, and why they differ; empty blocks where the library has none.
report::Section reported_section(const WindowStudy& study, const library::Library& library, const std::string& suffix);

/// The reactions in TeX, folded.
report::Section tex_section(std::span<const WindowStudy> studies);

}  // namespace closo::tasks::detail
