/// The conductance network of a voxel image: islands removed, electrodes or periodic faces as ghost cells.
///
/// Conductances are scaled so that the largest conductivity and the largest geometric factor (area over distance) are
/// 1; `to_conductivity` turns an energy for a unit drop back into S/m.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "closo/composite/conductivity.hpp"
#include "closo/composite/detail/network.hpp"

namespace closo::composite::detail {

struct VoxelNetwork {
  std::array<std::size_t, 3> order{0, 1, 2};  ///< the grid's axis i is the image's axis order[i]
  std::size_t axis = 0;                       ///< of the grid: the current's
  bool has_path = false;
  std::size_t removed_cells = 0;                ///< conducting, but without contact to an electrode
  double to_conductivity = 1.0;                 ///< S/m per unit of energy
  std::vector<double> relative;                 ///< per label: conductivity over the largest one
  std::array<double, 3> factor{1.0, 1.0, 1.0};  ///< area over distance along the grid's axes, the largest 1
  std::array<Index, 3> step{};                  ///< in the image's labels along the grid's axes
  std::vector<std::uint8_t> stays;              ///< per voxel of the image; empty: all
  Network network;

  /// Conductivity of the voxel at a place of the grid over the largest one; 0 for what was removed.
  double conductivity(const VoxelImage& image, Index x, Index y, Index z) const {
    const auto voxel = static_cast<std::size_t>(x * step[0] + y * step[1] + z * step[2]);
    return stays.empty() || stays[voxel] != 0 ? relative[image.labels[voxel]] : 0.0;
  }
};

/// Throws: ParameterError as effective_conductivity.
void check_options(const VoxelImage& image, std::span<const double> conductivities, const SolveOptions& options);

/// Conductors that carry current along the axis: 1 per voxel that stays. `removed` counts the others. Empty when all
/// stay.
struct Conductors {
  std::vector<std::uint8_t> stays;
  std::size_t removed = 0;
  bool has_path = false;
};
Conductors find_conductors(const VoxelImage& image, std::span<const bool> conducts, std::size_t axis,
                           Boundary boundary);

/// More than ten different conductivities, or surface layers, need stored links (12 bytes a voxel instead of 1).
VoxelNetwork make_network(const VoxelImage& image, std::span<const double> conductivities, const SolveOptions& options);

}  // namespace closo::composite::detail
