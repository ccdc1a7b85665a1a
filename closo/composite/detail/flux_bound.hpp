/// Lower bound of the conductance from a flux without sources: G ≥ I²/∫ρJ² (Thomson's principle).
///
/// The finite-volume currents through the faces are made exactly divergence-free along a spanning tree through the best
/// conductors and continued linearly inside the voxels (lowest-order Raviart–Thomas field). Source: P. A. Raviart, J.
/// M. Thomas, Lect. Notes Math. 606 (1977) 292, DOI 10.1007/BFb0064470.
#pragma once

#include "closo/composite/detail/split_grid.hpp"
#include "closo/composite/detail/voxel_network.hpp"

namespace closo::composite::detail {

/// In units of the network.
struct FluxBound {
  double bound = 0.0;
  double without_correction =
      0.0;  ///< the same from the currents as they are: no bound, but what better ones would give
};
/// `potential` with its ghosts; looked-up or stored links without surface layers.
FluxBound lower_conductance(const VoxelImage& image, const VoxelNetwork& voxels, const Field<double>& potential);

}  // namespace closo::composite::detail
