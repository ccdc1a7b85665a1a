/// Task `composition`: what a mixture consists of by volume, mass and amount, how far the conductor fills the pores of
/// a scaffold, how much of it is interphase, and how dense a pressed pellet is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/composite/mixture.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

/// The first component is the ion conductor, the second the scaffold that pore volume and surface belong to. SI.
struct CompositionRequest {
  std::vector<composite::Component> components;
  base::FractionBasis basis = base::FractionBasis::none;  ///< of the fractions; none: they follow from `filling`
  std::optional<base::Measured> filling;                  ///< wanted pore filling instead of fractions; two components
  std::optional<base::Measured> pore_volume;              ///< m³/kg of scaffold
  std::optional<base::Measured> surface_area;             ///< m²/kg of scaffold
  std::optional<base::Measured> interphase_thickness;     ///< m
  base::Measured wetted_fraction{1.0};
  std::optional<base::Measured> mass, thickness, diameter;  ///< of a pellet: kg, m, m; all three or none
};

/// Throws: ParameterError for contradictory or missing parts (see composite/mixture.hpp and the option table).
report::Report composition(const CompositionRequest& request, const Context& context);

extern const Task composition_task;

}  // namespace closo::tasks
