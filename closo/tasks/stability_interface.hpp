/// Task `stability interface`: does an electrolyte react with an electrode, a coating or anything else it touches, how
/// strongly, to what, and how sure is that.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/tasks/stability_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct StabilityInterfaceRequest {
  std::string electrolyte;              ///< A: a library name or a formula
  std::string partner;                  ///< B: electrode, coating, filler, carbon
  std::string ion;                      ///< mobile element; empty: from the materials
  std::string charged;                  ///< formula of the charged partner; empty: electrode_states
  std::vector<std::string> coatings;    ///< layers between A and B, each on its own
  std::optional<double> potential_V;    ///< of the partner; empty: its mean potential
  std::optional<double> low_V, high_V;  ///< range for the energies over potential: both or none
  EnergyRequest energies;
  std::string uncertainty;  ///< error model, see error_model_of
  std::size_t draws = 200;  ///< Monte Carlo; 0: none
};

/// Throws: ParameterError for materials, ions, potentials and draws that cannot be; InputError for sets and elements.
report::Report stability_interface(const StabilityInterfaceRequest& request, const Context& context);

extern const Task stability_interface_task;

}  // namespace closo::tasks
