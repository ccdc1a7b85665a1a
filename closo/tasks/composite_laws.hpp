/// Task `composite laws`: what the effective-medium laws say over the filler fraction, with validity and sources.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/composite/law_list.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/composite_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct CompositeLawsRequest {
  std::vector<PhaseLaw> phases;  ///< bulk, insulator, interphase, grain boundary
  double temperature = 298.15;   ///< K
  /// Lengths and parameters of the laws, SI; conductivities and the fraction are filled in from the others.
  composite::LawInput parameters;
  std::vector<double> fractions{0.1, 0.25, 0.5, 0.75};  ///< of the filler in the solids
  std::vector<std::string> laws;                        ///< names; empty: all
};

/// Throws: ParameterError for a missing bulk conductivity, fractions outside [0, 1], an unknown law, or when no law can
/// be evaluated.
report::Report composite_laws(const CompositeLawsRequest& request, const Context& context);

/// `parameters` at a filler fraction, with the interphase's volume share of coated spheres where radius and thickness
/// are known: φ ((1 + t/r)³ − 1), at most all of the conductor.
composite::LawInput law_input_at(composite::LawInput parameters, double filler_fraction);

/// One row for each law that the input suffices for, the bounds left out: its conductivity in S/cm, validity and
/// source; the caption names laws that leave the bounds.
report::Table law_table(const composite::LawInput& input, std::string id, std::string title);

extern const Task composite_laws_task;

}  // namespace closo::tasks
