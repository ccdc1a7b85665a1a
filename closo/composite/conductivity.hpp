/// Effective conductivity of a voxel image: div(σ grad φ) = 0, solved by finite volumes with multigrid-preconditioned
/// CG.
///
/// Cell-centred 7-point scheme with harmonic face conductances; between two faces of the box (Dirichlet, no flux at the
/// sides) or on the periodic cell with a mean gradient. Conductors that touch no electrode are left out first; cells of
/// zero conductivity drop out. σ comes from the dissipated energy, which is second order in the error of the field. The
/// discretisation error is stated, not guessed: `bounds` gives a lower bound from the flux (lowest-order Raviart–Thomas
/// field of the finite-volume fluxes) and an upper bound from a continuous potential (trilinear elements), both
/// rigorous for the voxel image; the finite-volume value itself often lies a little below `lower`. Iterations hardly
/// grow with the size; they are many where voxels drawn one by one are near their percolation threshold and the
/// insulator is 10⁶ times worse, and the status may then stay not_converged. Sources: W. Hackbusch, Multi-Grid Methods
/// and Applications (Springer, 1985); bounds: W. Prager, J. L. Synge, Q. Appl. Math. 5 (1947) 241, DOI
/// 10.1090/qam/25902; complex symmetric CG: H. A. van der Vorst, J. B. M. Melissen, IEEE Trans. Magn. 26 (1990) 706,
/// DOI 10.1109/20.106415.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "closo/base/progress.hpp"
#include "closo/composite/voxel_image.hpp"

namespace closo::composite {

/// A conducting layer thinner than a voxel on the faces between two labels: conducts along the surface with the sheet
/// conductance thickness × conductivity, which the two adjoining cells of a face share in proportion to their
/// conductivities (a sheet on an insulator belongs to the conductor) and takes the place of the first label there;
/// normal to the surface it counts in series, its thickness taken from the first label's half. Exact for flat surfaces
/// along the axes. Elsewhere the staircase has more area than the surface: every face counts with its component of the
/// normal, estimated from the voxels around. On spheres of 20 voxels across within 10 % of the coated-sphere law up to
/// a sheet 500 × as conducting as a voxel; on spheres of 6 voxels up to twice too high.
struct SurfaceLayer {
  std::array<std::size_t, 2> between{0, 1};  ///< labels; the layer lies in the first
  double thickness = 1e-9;                   ///< m
  double conductivity = 1.0;                 ///< S/m
};

enum class Boundary : unsigned char {
  electrodes,  ///< potential 1 and 0 on the two faces across the axis, no flux through the others
  periodic,    ///< mean gradient along the axis
};

struct SolveOptions {
  std::size_t axis = 0;
  Boundary boundary = Boundary::electrodes;
  /// Of the relative residual, the energy gap (bounded by the smallest eigenvalue seen), the flux balance and the
  /// difference between the conductivities by energy and by flux.
  double tolerance = 1e-6;
  std::size_t max_iterations = 500;
  std::size_t threads = 1;
  bool with_field = false;  ///< keep potential and dissipation
  bool with_bounds = false;
  std::vector<SurfaceLayer> surface_layers{};
  base::Progress progress{};
};

enum class SolveStatus : unsigned char {
  converged,
  no_path,        ///< nothing conducts from face to face: conductivity 0
  not_converged,  ///< the best estimate stays in the result
};
std::string_view to_string(SolveStatus status);

/// Both converge to the same value as the voxels are subdivided. Not given with surface layers.
struct Bounds {
  double lower = 0.0, upper = 0.0;  ///< S/m, of the voxel image with exact faces
};

struct ConductivityResult {
  SolveStatus status = SolveStatus::converged;
  double conductivity = 0.0;       ///< S/m along the axis, from the energy
  double flux_conductivity = 0.0;  ///< the same from the mean flux, as a check
  double relative_residual = 0.0;  ///< recomputed in double from the final field
  double flux_imbalance = 0.0;     ///< (largest − smallest)/largest flux through planes across the axis
  std::size_t iterations = 0;
  std::optional<Bounds> bounds;
  double seconds = 0.0;
  std::size_t bytes = 0;          ///< memory of the solve
  std::array<double, 3> row{};    ///< periodic: the full row of the tensor (mean flux along x, y, z)
  std::size_t removed_cells = 0;  ///< conductor without contact to an electrode
  /// with_field, per voxel: potential from 1 to 0 (NaN where nothing conducts); dissipation in units of its mean
  std::vector<float> potential, dissipation;
};

/// `conductivities` [S/m], one per label, 0 allowed. Throws: ParameterError for a negative or non-finite conductivity,
/// a wrong number of them, an axis above 2, or an image that needs more memory than there is (with the largest size
/// that fits); Cancelled by the progress callback.
ConductivityResult effective_conductivity(const VoxelImage& image, std::span<const double> conductivities,
                                          const SolveOptions& options = {});

/// All three axes on the periodic cell: the symmetric tensor.
struct TensorResult {
  std::array<std::array<double, 3>, 3> conductivity{};  ///< S/m
  std::array<ConductivityResult, 3> solves;
};
TensorResult conductivity_tensor(const VoxelImage& image, std::span<const double> conductivities,
                                 SolveOptions options = {});

/// Complex conductivity κ = σ + iωε of every label at one angular frequency.
struct ComplexResult {
  SolveStatus status = SolveStatus::converged;
  std::complex<double> conductivity;  ///< S/m
  double relative_residual = 0.0;
  std::size_t iterations = 0;
};
/// A sweep over frequencies, each started from the last field. `permittivities` relative, one per label; frequencies in
/// Hz. Throws: as effective_conductivity.
std::vector<ComplexResult> complex_conductivity(const VoxelImage& image, std::span<const double> conductivities,
                                                std::span<const double> permittivities,
                                                std::span<const double> frequencies, const SolveOptions& options = {});

/// Bytes a solve of this size needs, the labels included.
std::size_t solve_bytes(std::array<std::size_t, 3> size, bool with_bounds, bool complex);

/// Before an image of this size is even made. Throws: ParameterError, as effective_conductivity, when a solve needs
/// more memory than there is, with the largest size that fits.
void check_solve_memory(std::array<std::size_t, 3> size, bool with_bounds, bool complex);

/// Discretisation error by Richardson: σ of the image and of its subdivisions; the estimate continues them to first
/// order (from three levels on at the observed rate), the uncertainty is half of the step from the finest to the
/// estimate. Throws: ParameterError for fewer than two levels; as effective_conductivity.
struct Refined {
  double conductivity = 0.0, uncertainty = 0.0;
  std::vector<double> levels;  ///< σ at 1, 2, 4 … subdivisions
};
Refined refine(const VoxelImage& image, std::span<const double> conductivities, const SolveOptions& options,
               std::size_t levels = 2);

/// Tortuosity factor of a phase: ε σ_phase/σ_eff, with only that phase conducting; infinite when it does not span.
double tortuosity_factor(const VoxelImage& image, std::span<const bool> member, const SolveOptions& options = {});

}  // namespace closo::composite
