/// The potential of a conductance network for a unit drop along an axis, by preconditioned conjugate gradients.
///
/// Search directions and residual in float, the potential and every sum in double; the residual is recomputed from the
/// potential in double before a result counts as converged. One iteration is two fused passes over the finest grid for
/// the multigrid cycle and one for direction and operator.
///
/// A result counts when the residual, the energy still to be lost, the spread of the currents through the layers and
/// the difference of the conductances by energy and by flux are all within the tolerance. The energy still to be lost
/// is at most r·z over the smallest eigenvalue, which the Lanczos matrix of the iterations shows. The currents of the
/// layers would take half of the iterations: they are balanced in the end by one shift of every layer, the exact
/// minimum of the energy over functions of the layer. Source: Y. Saad, Iterative Methods for Sparse Linear Systems, 2nd
/// ed. (SIAM, 2003), algorithm 9.1; residual replacement: H. A. van der Vorst, Q. Ye, SIAM J. Sci. Comput. 22 (2000)
/// 835, DOI 10.1137/S1064827599353865; error from the Lanczos matrix: G. H. Golub, G. Meurant, Matrices, Moments and
/// Quadrature with Applications (Princeton, 2010), chapter 12, DOI 10.1515/9781400833887.
#pragma once

#include <array>
#include <cstddef>
#include <exception>
#include <vector>

#include "closo/base/progress.hpp"
#include "closo/composite/detail/multigrid.hpp"
#include "closo/composite/detail/network.hpp"

namespace closo::composite::detail {

struct PotentialOptions {
  std::size_t axis = 0;  ///< of the grid; drop from 1 (low end) to 0 (high end), ghosts beyond are the electrodes
  double tolerance = 1e-6;
  std::size_t max_iterations = 500;
  std::size_t threads = 1;
  base::Progress progress{};
};

/// In units of the network: conductance × unit drop.
struct PotentialResult {
  bool is_converged = false;
  double energy = 0.0;          ///< Σ c (Δφ)²: the conductance between the ends
  double flux = 0.0;            ///< mean over the layers
  double flux_imbalance = 0.0;  ///< (largest − smallest)/largest over the layers
  double relative_residual = 0.0;
  std::size_t iterations = 0;
  std::array<double, 3> current{};  ///< Σ of the currents through all links along every axis of the grid
  std::size_t bytes = 0;
};

class PotentialSolver {
 public:
  /// `network` must outlive the object.
  PotentialSolver(const Network& network, PotentialOptions options);
  /// Throws: Cancelled, and what the progress callback throws.
  PotentialResult solve();
  /// Goes on from the potential that solve() left, to another tolerance. Throws: as solve.
  PotentialResult go_on(double tolerance);

  /// After solve(): at (x, y, z), ghosts included where they count.
  const Field<double>& potential() const noexcept { return x_; }

 private:
  void run(bool is_new);
  void iterate(Worker& worker, bool is_new);
  void report(double relative_residual);
  void start(Worker& worker, bool is_linear);
  void assess(Worker& worker, Scratch& scratch, double last_step);
  void assess_plane(Index z, Scratch& scratch, std::vector<double>& flux, std::array<double, 3>& current,
                    double& energy, double& square);
  double reference_norm() const;
  double rounding_of_flux() const;
  void balance_layers(Worker& worker, Scratch& scratch);
  void add_layer_links(Worker& worker, Scratch& scratch);

  const Network& network_;
  PotentialOptions options_;
  Multigrid multigrid_;
  Field<double> x_;
  Field<float> p_, q_;  ///< q_ only once it is needed
  bool is_flexible_ = false;
  double reference_ = 0.0;
  PotentialResult result_;
  bool stops_ = false;
  std::exception_ptr failure_;
  std::vector<std::vector<double>> flux_of_;  ///< per worker and layer
  std::vector<std::array<double, 3>> current_of_;
  std::vector<double> layer_flux_, layer_link_;  ///< through every layer; the links only once they are needed
  std::vector<double> layer_shift_;
};

}  // namespace closo::composite::detail
