/// The layers of a described cell, for its energy density: anode, separator, cathode and, where given, collectors.
///
/// Model: separator = thickness × density, cathode = loading and the thickness that follows from densities and voids,
/// anode = as described, or a layer of the ion's metal that holds a chosen multiple of the cathode's capacity (N/P).
/// What the description does not give stays empty and is named by stack_energy(). Housing, tabs and sealing are not in
/// it. Source: mass balance; densities of the metals at 20 °C: CRC Handbook of Chemistry and Physics, 97th ed. (2016),
/// sec. 4.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "closo/cell/description.hpp"
#include "closo/cell/stack.hpp"

namespace closo::cell {

/// What a description does not say about the stack around it.
struct StackChoice {
  std::optional<double> capacity_ratio = {};  ///< N/P: the anode is metal of the ion with that capacity; else as built
  std::vector<StackLayer> collectors = {};
};

struct CellStack {
  std::vector<StackLayer> layers;  ///< anode, separator, cathode, collectors
  double areal_capacity = 0.0;     ///< C/m² of the cathode between stoichiometry 0 and 1
};

/// Throws: ParameterError for what the cathode's geometry lacks, an N/P not above 0, an N/P with an ion whose metal is
/// not known (Li, Na, K, Mg are).
CellStack stack_of_cell(const CellDescription& description, const StackChoice& choice = {});

/// Sums over the layers without an energy; empty where a layer's datum is missing.
struct StackSize {
  std::optional<double> areal_mass, thickness;                                  ///< kg/m², m; without collectors
  std::optional<double> areal_mass_with_collectors, thickness_with_collectors;  ///< kg/m², m; empty without collectors
};
StackSize stack_size(const CellStack& stack);

/// Thickness [m] of the ion's metal that holds an areal capacity [C/m²]; empty for an ion whose metal is not known.
std::optional<double> metal_for(std::string_view ion, double areal_capacity);

/// A current collector of a known metal ("Cu", "Al", "Ni", "Fe") and thickness [m].
/// Throws: ParameterError for another metal or a thickness not above 0.
StackLayer collector(std::string_view metal, double thickness);

}  // namespace closo::cell
