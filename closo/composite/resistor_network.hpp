/// The random resistor network of dispersed ionic conductors by Monte Carlo: percolation thresholds by finite-size
/// scaling, and conductivities of small networks.
///
/// Cubic cells are insulator with probability p, else conductor; bonds between points of a cubic lattice touch a few
/// cells each and are bulk (all conductor), insulating (all insulator) or interface bonds (both). `shared_edges`: bonds
/// along the cell edges, shared by four cells (Roman, Bunde, Dieterich 1986); `shared_faces`: bonds from cell to cell
/// across their common face, whose bulk bonds are site percolation. Thresholds need no linear solve: union–find says
/// whether a path joins two opposite faces (periodic at the sides). Randomness is that of equal, independent cells.
/// Sources: H. E. Roman, A. Bunde, W. Dieterich, Phys. Rev. B 34 (1986) 3439, DOI 10.1103/PhysRevB.34.3439; finite-size
/// scaling with ν = 0.8765: J. Wang et al., Phys. Rev. E 87 (2013) 052107, DOI 10.1103/PhysRevE.87.052107.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "closo/base/progress.hpp"
#include "closo/composite/effective_medium.hpp"

namespace closo::composite {

enum class CellContact : unsigned char { shared_edges, shared_faces };

/// Along which bonds a path may go.
enum class PathKind : unsigned char {
  interface,   ///< interface bonds; opens as insulator is added (its lower threshold is sought)
  bulk,        ///< bulk bonds; ends as insulator is added
  conducting,  ///< bulk and interface bonds; ends as insulator is added
};

struct ThresholdOptions {
  std::vector<std::size_t> sizes{8, 12, 16, 24};  ///< bonds between the two faces
  std::size_t samples = 100;                      ///< networks of each size
  std::uint64_t seed = 1;
  base::Progress progress{};
};

struct PercolationThreshold {
  struct Size {
    std::size_t size = 0;
    double mean = 0.0;            ///< insulator fraction where the path opens or ends, over the samples
    double standard_error = 0.0;  ///< of the mean
    double spread = 0.0;          ///< standard deviation of one sample
  };
  double insulator_fraction = 0.0;  ///< of the infinite network: mean(L) = p_c + a L^(−1/ν)
  double uncertainty = 0.0;         ///< standard; statistical, widened where the sizes do not follow the law
  std::vector<Size> sizes;
};

/// Throws: ParameterError for fewer than two different sizes, a size below 2, fewer than two samples; Cancelled by the
/// progress callback.
PercolationThreshold percolation_threshold(CellContact contact, PathKind path, const ThresholdOptions& options = {});

struct NetworkSample {
  CellContact contact = CellContact::shared_edges;
  double insulator_fraction = 0.3;
  std::size_t size = 16;  ///< bonds between the electrodes; L ≤ 24 takes well under a second
  std::uint64_t seed = 1;
  double tolerance = 1e-10;  ///< relative residual
  std::size_t max_iterations = 20000;
};

struct NetworkConductivity {
  bool converged = false;
  bool has_path = false;      ///< bonds of non-zero conductance join the electrodes
  double conductivity = 0.0;  ///< S/m, from the dissipated power; 0 without a path
  double relative_residual = 0.0;
  std::size_t iterations = 0;
};

/// One random network between two electrodes by conjugate gradients. Throws: ParameterError for negative
/// conductivities, a fraction outside [0, 1], a size below 2, a tolerance outside (0, 1).
NetworkConductivity solve_resistor_network(const ResistorNetwork& network, const NetworkSample& sample);

}  // namespace closo::composite
