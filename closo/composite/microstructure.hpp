/// Model microstructures as voxel images: spheres, aggregates, scaffolds, random fields, polycrystals, layers.
///
/// All are reproducible (one seed, the same image on every machine) and periodic unless said otherwise. Fractions that
/// are asked for are met to the last voxel where the model allows (threshold of a distance or field), else the achieved
/// one is in the image's origin text.
/// Source: S. Torquato, Random Heterogeneous Materials (Springer, 2002), chap. 3, 5, 12.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "closo/base/progress.hpp"
#include "closo/composite/voxel_image.hpp"

namespace closo::composite {

struct Grid {
  std::array<std::size_t, 3> size{64, 64, 64};
  double voxel = 1e-9;  ///< m
  bool periodic = true;
  std::uint64_t seed = 1;
};

/// Spheres of the insulator in the conductor (labels 0 bulk, 1 insulator).
struct Spheres {
  double fraction = 0.25;               ///< volume of the spheres' union
  double radius = 5e-9;                 ///< m, median
  double log_standard_deviation = 0.0;  ///< of a log-normal distribution of radii; 0: equal spheres
  bool overlapping = true;
  /// 0: independent places; above 0: spheres gather in clusters of that radius [m] (aggregated filler), non-overlapping
  /// spheres inside them too.
  double cluster_radius = 0.0;
  double cluster_fraction = 1.0;  ///< share of spheres that sit in clusters
};
/// Throws: ParameterError for impossible values; NumericsError when non-overlapping spheres do not fit (fractions above
/// about 0.38 by random addition; the fraction reached is named).
VoxelImage spheres(const Grid& grid, const Spheres& model);

/// Two phases from a Gaussian random field cut at a level; covariance exp(−r²/(2ℓ²)). Labels 0 conductor, 1 insulator.
struct RandomField {
  double fraction = 0.5;             ///< of the insulator
  double correlation_length = 6e-9;  ///< ℓ, m
};
VoxelImage random_field(const Grid& grid, const RandomField& model);

/// Voronoi polycrystal: label 0 grains, 1 grain boundary of the given thickness.
struct Polycrystal {
  double grain_size = 20e-9;         ///< m, cube root of the mean cell volume
  double boundary_thickness = 1e-9;  ///< m
};
VoxelImage polycrystal(const Grid& grid, const Polycrystal& model);
/// The grain number of every voxel, for colouring.
std::vector<std::uint32_t> grain_numbers(const Grid& grid, const Polycrystal& model);

/// Mesoporous scaffold: cylindrical pores of one diameter on a hexagonal lattice along z (MCM-41, SBA-15). Label 0 pore
/// (conductor), 1 wall.
struct Channels {
  double pore_diameter = 3e-9, wall_thickness = 1e-9;  ///< m
};
VoxelImage channels(const Grid& grid, const Channels& model);

/// Layers across `axis`, thicknesses in shares of the box that sum to 1; label i for layer i.
VoxelImage layers(const Grid& grid, const std::vector<double>& shares, std::size_t axis, std::vector<Phase> phases);

/// Cubic arrays of one sphere a cell, for checks against exact answers: simple (0), body-centred (1), face-centred (2).
VoxelImage cubic_spheres(std::size_t voxels_per_cell, double fraction, int lattice = 0);

/// Voxels of label `from` whose centre lies within `thickness` [m] of the surface of `member` labels become a new label
/// of role `phase`; distances from the voxelised surface (half a voxel inside the nearest member centre). With `wetted`
/// below 1 only that share of the surface carries the layer: patches of size `patch` [m] chosen by a smooth random
/// field.
struct LayerGrowth {
  double thickness = 1e-9;
  double wetted_fraction = 1.0;
  double patch = 10e-9;
  Phase phase = Phase::interphase;
};
VoxelImage grow_layer(VoxelImage image, std::size_t from, const std::vector<bool>& member, const LayerGrowth& growth,
                      std::uint64_t seed);

/// Empties the conductor where the pores are widest first (the conductor wets the oxide and stays in narrow pores),
/// until the share `filling` of the pore space is left filled; at 1 nothing changes. Non-wetting conductors: narrow
/// pores first.
VoxelImage drain(VoxelImage image, double filling, bool wetting = true);

}  // namespace closo::composite
