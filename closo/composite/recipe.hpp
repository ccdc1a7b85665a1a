/// From what a laboratory knows of a composite to its microstructure: fractions, BET area, pore volume, pore filling,
/// interphase thickness, wetted share.
///
/// The oxide powder has area S and pore volume V_p per mass, so its primary spheres have the radius 3/(S ρ) and the
/// powder's own pores hold V_p ρ per volume of oxide. A mixture with less conductor than pores leaves voids: solid
/// fractions are those of the recipe, the void fraction follows from the filling. With more conductor than pores the
/// oxide's grains are pushed apart. Source of the arithmetic: mixture.hpp (Hehn et al. 2025, Table 1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/composite/microstructure.hpp"

namespace closo::composite {

struct Recipe {
  double oxide_fraction = 0.25;             ///< volume share of the oxide in the solids
  double oxide_density = 5890.0;            ///< kg/m³
  double surface_area = 95e3;               ///< m²/kg
  std::optional<double> pore_volume{};      ///< m³/kg; empty: no voids
  std::optional<double> particle_radius{};  ///< m; empty: 3/(S ρ)
  double size_spread = 0.0;                 ///< log-normal standard deviation of radii
  double interphase_thickness = 1e-9;       ///< m
  double wetted_fraction = 1.0;
  double aggregate_radius = 0.0;  ///< m; 0: not aggregated
  /// Voids at a filling above 1 that are left by pressing, as a share of the whole (porosity of the pellet).
  double residual_porosity = 0.0;
};

struct Composition {
  double oxide = 0.0, conductor = 0.0, interphase = 0.0, void_space = 0.0;  ///< volume shares of the whole
  double pore_filling = 0.0;     ///< conductor volume / pore volume of the oxide
  double area_per_volume = 0.0;  ///< oxide surface, 1/m of the whole
  double particle_radius = 0.0;  ///< m
};
/// Shares that the recipe asks for, before any image. Throws: ParameterError for impossible values.
Composition composition(const Recipe& recipe);

struct Realisation {
  VoxelImage image;  ///< labels 0 bulk, 1 insulator, 2 interphase, 3 void
  Composition asked, reached;
  std::vector<std::string> notes;  ///< resolution too coarse for the layer, area not met, …
};
/// The voxel should be at most half the interphase thickness, or the sub-voxel layer of the solver is used (then the
/// image carries no interphase voxels and `reached.interphase` counts the layer's volume). Throws: as composition and
/// spheres.
Realisation realise(const Recipe& recipe, const Grid& grid);

}  // namespace closo::composite
