/// Task `capacity`: from a formula and a weighed electrode to capacities, current densities of C-rates, ohmic drop in
/// the separator, energy density of the stack and the metal the anode needs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/base/measured.hpp"
#include "closo/cell/stack.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

/// What is not given stays unknown. SI, unless the name says otherwise.
struct CapacityRequest {
  std::string active;                                     ///< formula, or a name in the library's table of electrodes
  std::optional<double> electrons;                        ///< per formula unit; else the library's
  std::optional<base::Measured> specific_capacity;        ///< C/kg, instead of the theoretical one
  std::optional<base::Measured> mass;                     ///< kg of electrode composite
  base::Measured active_fraction{1.0};                    ///< by mass
  std::optional<base::Measured> diameter, area;           ///< m, m²: one of them
  std::vector<std::string> rates;                         ///< "C/10"; empty: C/20, C/10, C/5, C/2, C
  std::optional<base::Measured> conductivity, thickness;  ///< of the separator: S/m and m, both or none
  std::optional<base::Measured> voltage;                  ///< V, average of the discharge; else the library's
  std::vector<cell::StackLayer> layers;                   ///< of the stack, current collectors marked
  struct Anode {
    std::string formula;
    double electrons = 1.0;                   ///< per formula unit
    base::Measured density;                   ///< kg/m³
    std::optional<base::Measured> thickness;  ///< m
  };
  std::optional<Anode> anode;
};

/// Throws: ParameterError for contradictory or missing data; InputError when the library cannot be read.
report::Report capacity(const CapacityRequest& request, const Context& context);

extern const Task capacity_task;

}  // namespace closo::tasks
