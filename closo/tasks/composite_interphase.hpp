/// A powder's composites for any interphase: σ over filler fraction and temperature, and the interphase that a measured
/// conductivity implies.
///
/// σ(bulk) times a table of voxel runs (composite_table.hpp), or Nan's closed laws of coated filler
/// (composite/effective_medium.hpp). The interphase follows ln σT. Valid as far as spheres of the powder's area with an
/// even layer describe the composite.
#pragma once

#include <optional>

#include "closo/tasks/composite_structure.hpp"
#include "closo/tasks/composite_table.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

/// The interphase as fitted; conductivities follow ln σT.
struct InterphaseGuess {
  double conductivity = 0.0;  ///< S/m at the reference temperature
  double energy_eV = 0.0;
  double thickness = 0.0;  ///< m
  double wetted_fraction = 1.0;
  double cluster_radius = 0.0;  ///< m
};

enum class InterphaseLaw : unsigned char {
  voxel_table,              ///< interpolated voxel runs: voids, wetting and aggregates count
  coated_filler,            ///< Nan's law, Maxwell–Garnett mixing: dense, fully wetted
  coated_filler_symmetric,  ///< Nan's law, symmetric mixing
};

/// σ of a powder's composites for any interphase; keeps the table that it interpolates.
class InterphaseModel {
 public:
  /// `powder` holds area and density or particle size, where known pore volume and porosity; its fraction is not used.
  /// Throws: ParameterError as recipe_of, or without a table for voxel_table.
  InterphaseModel(StructureRequest powder, InterphaseLaw law, std::optional<ConductivityTable> table,
                  double reference_temperature);

  struct Answer {
    double conductivity = 0.0;  ///< S/m
    bool is_outside = false;    ///< of the table
  };
  /// Of the composite with `fraction` of filler in the solids at a temperature [K]; `bulk` [S/m].
  Answer conductivity(const InterphaseGuess& guess, double fraction, double temperature, double bulk) const;
  /// Of the interphase, S/m.
  double interphase(const InterphaseGuess& guess, double temperature) const;
  /// Conductivity of the interphase that gives `target` [S/m] at this fraction, thickness and wetting; empty where none
  /// between 0.1 and 1e7 of the bulk does.
  std::optional<double> implied(InterphaseGuess guess, double fraction, double bulk, double target) const;

  double radius() const noexcept { return radius_; }  ///< m, of the particles
  double filling(double fraction) const;              ///< conductor / pores; above 1 where there are no voids
  const std::optional<ConductivityTable>& table() const noexcept { return table_; }
  double reference_temperature() const noexcept { return reference_temperature_; }  ///< K

 private:
  StructureRequest powder_;
  InterphaseLaw law_;
  std::optional<ConductivityTable> table_;
  double reference_temperature_;
  double radius_ = 0.0;
};

/// The shipped table of voxel runs. Throws: InputError when it cannot be read.
ConductivityTable shipped_conductivity_table(const Context& context);

}  // namespace closo::tasks
