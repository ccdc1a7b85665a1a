/// Effective conductivity of a voxel image that lies in bricks on many ranks: div(σ grad φ) = 0 between two electrodes.
///
/// The system of closo/composite/conductivity.hpp (cell-centred 7-point finite volumes, harmonic face conductances,
/// half-cell Dirichlet faces across the axis, no flux through the others, conductors that do not reach both electrodes
/// left out), solved by conjugate gradients with hypre's semicoarsening multigrid PFMG. Cells that do not conduct stay
/// as identity rows without neighbours. Sources: S. F. Ashby, R. D. Falgout, Nucl. Sci. Eng. 124 (1996) 145, DOI
/// 10.13182/NSE96-A24230; R. D. Falgout, U. M. Yang, LNCS 2331 (2002) 632, DOI 10.1007/3-540-47789-6_66.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "closo/composite/conductivity.hpp"
#include "closo/composite/distributed/world.hpp"

namespace closo::composite::distributed {

/// One rank's share of an image.
struct BrickImage {
  std::array<std::size_t, 3> size{};             ///< voxels of the whole image along x, y, z
  std::array<double, 3> spacing{1.0, 1.0, 1.0};  ///< of the voxels; only the ratios matter
  std::array<std::size_t, 3> parts{1, 1, 1};     ///< ranks along x, y, z (closo/composite/distributed/brick.hpp)
  std::vector<std::uint8_t> labels;              ///< of this rank's brick, x fastest
};

struct Options {
  std::size_t axis = 0;
  double tolerance = 1e-6;  ///< relative residual, flux balance, and difference of energy and flux
  std::size_t max_iterations = 1000;
};

/// The same on every rank.
struct Result {
  SolveStatus status = SolveStatus::converged;
  double conductivity = 0.0;       ///< S/m along the axis, from the dissipated energy
  double flux_conductivity = 0.0;  ///< S/m, from the mean flux
  double relative_residual = 0.0;  ///< recomputed from the final potential
  double flux_imbalance = 0.0;     ///< (largest − smallest)/largest flux through planes across the axis
  std::size_t iterations = 0;
  std::size_t removed_cells = 0;  ///< conductor that does not reach both electrodes
  std::size_t region_rounds = 0;  ///< exchanges until every region knew its electrodes
  double regions_seconds = 0.0, setup_seconds = 0.0, solve_seconds = 0.0;  ///< of the slowest rank
  double largest_rank_bytes = 0.0, total_bytes = 0.0;                      ///< peak resident memory of the processes
};

/// Memory that a solve takes [bytes per voxel of a brick], measured; labels included.
inline constexpr double bytes_per_voxel = 240.0;

/// Throws: ParameterError when the image has more voxels than hypre's integers count; where a brick needs more memory
/// than its host can give, with the voxels a rank could take.
void check_size(const World& world, std::array<std::size_t, 3> size, std::array<std::size_t, 3> parts);

/// Collective. `conductivities` [S/m], one per label, 0 allowed. All ranks throw the same. Throws: ParameterError for a
/// negative or non-finite conductivity, a label without one (with its place in the image), parts that are not the
/// ranks, a brick of another size, an axis above 2, a tolerance outside of (0, 1), a spacing not above 0; as
/// check_size. NumericsError when hypre fails.
Result effective_conductivity(const World& world, BrickImage image, std::span<const double> conductivities,
                              const Options& options = {});

}  // namespace closo::composite::distributed
