/// Evidence from cells of the library: how long an electrolyte was cycled with an electrode.
#pragma once

#include <string>

#include "closo/library/material.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/detail/evaluation.hpp"

namespace closo::tasks::detail {

/// A pair that ran this many cycles counts as compatible in practice (closo's own rule; shown with the verdict).
inline constexpr double enough_cycles = 50.0;

struct CyclingEvidence {
  double cycles = 0.0;
  bool at_least = false;                                ///< more cycles than the number says
  const library::Fact* fact = nullptr;                  ///< that states the cycles; nullptr: no cell known
  const library::Fact* coulombic_efficiency = nullptr;  ///< of the same cell, where stated
};

/// Longest run of a cell of this electrolyte whose `role` ("anode" or "cathode") is `electrode`.
CyclingEvidence longest_cycling(const Evaluation& evaluation, const std::string& role, const std::string& electrode);

/// Capacity retention after the most cycles among cells of this electrolyte and cathode; nullptr: none is known.
const library::Fact* longest_retention(const Evaluation& evaluation);

/// "> 170".
std::string cycles_text(const CyclingEvidence& evidence);

/// Completes a verdict from cycling alone: pass from `enough_cycles` on, unknown below.
report::Verdict cycling_verdict(Evaluation& evaluation, report::Verdict verdict, const CyclingEvidence& evidence,
                                const std::string& what);

}  // namespace closo::tasks::detail
