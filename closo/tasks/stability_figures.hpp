/// Figures of the stability tasks, drawn as the field draws them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/report/figure.hpp"
#include "closo/stability/hull.hpp"
#include "closo/stability/interface.hpp"
#include "closo/stability/uncertainty.hpp"
#include "closo/stability/voltage_profile.hpp"

namespace closo::tasks {

/// One bar of a window figure.
struct WindowBar {
  std::string material;  ///< row of the figure
  std::string kind;      ///< colour: "static", "Gibbs 298 K", "constrained", "measured"
  double low_V = 0.0, high_V = 0.0;
  bool low_is_open = false, high_is_open = false;     ///< drawn to the end of the axis, faded
  std::string low_products = {}, high_products = {};  ///< words beside the ends and in the hover
  std::optional<double> low_uncertainty_V = {}, high_uncertainty_V = {};
};
/// Horizontal bars over potential against `mobile`/`mobile`+, one row a material, one bar a kind.
/// Throws: ParameterError for a mobile element without a known ion; so do all figures over potential.
report::Figure window_figure(std::string title, const std::vector<WindowBar>& bars, std::string_view mobile);

/// Staircase of uptake per formula unit over potential, with the products of every plateau.
report::Figure plateau_figure(const stability::ChemicalSystem& system, const stability::VoltageProfile& profile,
                              std::string_view compound);

/// Energies per atom counted [eV] over mixing fraction, kinks marked, products in the hover. One curve a condition.
struct InterfaceCurve {
  std::string name;  ///< "closed", "open, 3.74 V"
  stability::InterfaceReaction reaction = {};
};
report::Figure interface_figure(const stability::ChemicalSystem& system, const std::vector<InterfaceCurve>& curves,
                                std::string_view a, std::string_view b);
/// Mixing and mutual energy over potential.
report::Figure interface_voltage_figure(const std::vector<stability::InterfaceAtVoltage>& points, std::string_view a,
                                        std::string_view b, std::string_view mobile);

/// Heat map; empty values are grey and say "not in the set".
struct HeatMap {
  std::string id, title, caption, value_title;
  std::vector<std::string> rows, columns;
  std::vector<std::optional<double>> values;  ///< row-major
  std::vector<std::string> hover;             ///< row-major, may be empty
};
/// Throws: InternalError when there is not one value a cell.
report::Figure heat_map_figure(const HeatMap& map);

/// 2 elements: energy over composition with the hull; 3: the phase triangle with tie lines, stable and unstable phases;
/// 4: the tetrahedron in projection. Throws: InternalError for another number of elements, or when there is not one
/// energy above the hull for every phase of the system.
report::Figure phase_diagram_figure(const stability::ChemicalSystem& system, const stability::PhaseDiagram& diagram,
                                    const std::vector<double>& above_hull_eV_per_atom);

/// Histogram of both limits over the draws.
report::Figure limit_distribution_figure(const stability::WindowDistribution& distribution, std::string_view mobile);

}  // namespace closo::tasks
