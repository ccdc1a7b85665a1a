/// Upper bound of the conductance from a continuous potential: G ≤ ∫σ|grad φ|² for a unit drop (Dirichlet's principle).
///
/// Trilinear elements on the corners of the voxels, exact element energies; any trial potential gives a bound, so the
/// conjugate gradients stop when the energy hardly falls. Preconditioner: the multigrid on the seven-point network that
/// the same elements give with corner quadrature.
#pragma once

#include "closo/composite/detail/potential.hpp"
#include "closo/composite/detail/voxel_network.hpp"

namespace closo::composite::detail {

/// In units of the network. Throws: Cancelled, and what the progress callback throws.
double upper_conductance(const VoxelImage& image, const VoxelNetwork& voxels, const PotentialOptions& options);

}  // namespace closo::composite::detail
