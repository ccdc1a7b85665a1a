#include "closo/composite/detail/nodal_bound.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::composite::detail {
namespace {

/// Relative fall of the energy in one step at which the trial potential is good enough.
constexpr double good_enough = 1e-6;
constexpr std::size_t most_steps = 200;

/// Potentials on the corners, electrodes included; periodic axes have as many corners as voxels.
class Corners {
 public:
  Corners(const VoxelImage& image, const VoxelNetwork& voxels) : image_(image), voxels_(voxels) {
    const SplitGrid& grid = voxels.network.grid();
    cells_ = grid.size;
    wraps_ = grid.wraps;
    for (std::size_t i = 0; i < 3; ++i) size_[i] = cells_[i] + (wraps_[i] ? 0 : 1);
    for (std::size_t mode = 0; mode < 8; ++mode) {
      for (std::size_t axis = 0; axis < 3; ++axis) {
        if ((mode >> axis & 1) == 0) continue;
        double weight = voxels.factor[axis];
        for (std::size_t other = 0; other < 3; ++other) {
          if (other != axis && (mode >> other & 1) == 1) weight /= 12.0;
        }
        weight_[mode] += weight;
      }
    }
  }

  std::size_t count() const { return static_cast<std::size_t>(size_[0] * size_[1] * size_[2]); }
  const std::array<Index, 3>& size() const { return size_; }
  std::size_t axis() const { return voxels_.axis; }
  bool is_periodic() const { return wraps_[axis()]; }
  /// Held at the electrodes' potentials.
  bool is_fixed(Index along) const { return !is_periodic() && (along == 0 || along + 1 == size_[axis()]); }

  /// The corner grid without electrodes, with edge conductances by corner quadrature.
  Network network() const {
    std::array<Index, 3> free = size_;
    if (!is_periodic()) free[axis()] -= 2;
    const SplitGrid grid(free, wraps_);
    Network result(grid);
    for (std::size_t along = 0; along < 3; ++along) {
      const std::array<Index, 3> end{free[0] + (along == 0), free[1] + (along == 1), free[2] + (along == 2)};
      std::array<Index, 3> at{};
      for (at[2] = 0; at[2] < end[2]; ++at[2]) {
        for (at[1] = 0; at[1] < end[1]; ++at[1]) {
          for (at[0] = 0; at[0] < end[0]; ++at[0])
            result.set_link(along, at[0], at[1], at[2], static_cast<float>(edge(along, at)));
        }
      }
    }
    return result;
  }

  /// out += A u; returns uᵀ A u. With `drop` the periodic potential falls by 1 along the axis.
  double apply(const std::vector<double>& u, std::vector<double>& out, double drop) const {
    double energy = 0.0;
    for (Index z = 0; z < cells_[2]; ++z) {
      for (Index y = 0; y < cells_[1]; ++y) {
        // The four rows of corners around a row of voxels, and how much lower the potential is beyond the end.
        std::array<std::size_t, 4> row{};
        std::array<double, 4> fall{};
        for (std::size_t i = 0; i < 4; ++i) {
          const Index yy = y + static_cast<Index>(i & 1), zz = z + static_cast<Index>(i >> 1);
          const bool is_y_end = yy == size_[1], is_z_end = zz == size_[2];
          row[i] = static_cast<std::size_t>(size_[0] * ((is_y_end ? 0 : yy) + size_[1] * (is_z_end ? 0 : zz)));
          if ((is_y_end && axis() == 1) || (is_z_end && axis() == 2)) fall[i] = drop;
        }
        for (Index x = 0; x < cells_[0]; ++x) {
          const double sigma = voxels_.conductivity(image_, x, y, z);
          if (!(sigma > 0.0)) continue;
          const bool is_x_end = x + 1 == size_[0];
          const std::array<std::size_t, 2> column{static_cast<std::size_t>(x),
                                                  static_cast<std::size_t>(is_x_end ? 0 : x + 1)};
          const double x_fall = is_x_end && axis() == 0 ? drop : 0.0;
          std::array<double, 8> value{};
          for (std::size_t i = 0; i < 8; ++i)
            value[i] = u[row[i >> 1] + column[i & 1]] - fall[i >> 1] - ((i & 1) == 1 ? x_fall : 0.0);
          energy += sigma * element(value);
          for (std::size_t i = 0; i < 8; ++i) out[row[i >> 1] + column[i & 1]] += sigma * value[i];
        }
      }
    }
    return energy;
  }

 private:
  /// Sum of the voxels around an edge over 4, times the factor; `at` as for Network::link.
  double edge(std::size_t along, std::array<Index, 3> at) const {
    // In corners: the edge ends at `at`, counted with the electrodes, hence lies in the voxels before it.
    if (!is_periodic()) at[axis()] += 1;
    double sum = 0.0;
    const std::size_t u = (along + 1) % 3, v = (along + 2) % 3;
    std::array<Index, 3> voxel = at;
    voxel[along] -= 1;
    for (const Index du : {-1, 0}) {
      for (const Index dv : {-1, 0}) {
        std::array<Index, 3> around = voxel;
        around[u] += du;
        around[v] += dv;
        bool is_inside = true;
        for (std::size_t i = 0; i < 3; ++i) {
          if (wraps_[i]) around[i] = (around[i] + cells_[i]) % cells_[i];
          is_inside = is_inside && around[i] >= 0 && around[i] < cells_[i];
        }
        if (is_inside) sum += voxels_.conductivity(image_, around[0], around[1], around[2]);
      }
    }
    return 0.25 * sum * voxels_.factor[along];
  }
  /// In the basis of means and differences along every axis the element matrix is diagonal. Replaces the corner values
  /// by the matrix times them; returns the energy.
  double element(std::array<double, 8>& u) const {
    for (const std::size_t bit : {1u, 2u, 4u}) {
      for (std::size_t i = 0; i < 8; ++i) {
        if ((i & bit) != 0) continue;
        const double low = u[i], high = u[i | bit];
        u[i] = 0.5 * (low + high);
        u[i | bit] = high - low;
      }
    }
    double energy = 0.0;
    for (std::size_t i = 0; i < 8; ++i) {
      energy += weight_[i] * u[i] * u[i];
      u[i] *= weight_[i];
    }
    for (const std::size_t bit : {1u, 2u, 4u}) {
      for (std::size_t i = 0; i < 8; ++i) {
        if ((i & bit) != 0) continue;
        const double mean = u[i], difference = u[i | bit];
        u[i] = 0.5 * mean - difference;
        u[i | bit] = 0.5 * mean + difference;
      }
    }
    return energy;
  }

  const VoxelImage& image_;
  const VoxelNetwork& voxels_;
  std::array<Index, 3> cells_{}, size_{};
  std::array<bool, 3> wraps_{};
  std::array<double, 8> weight_{};
};

/// Calls act(corner, x, y, z) for the free corners; the place is that in the network of the free ones.
template <class Act>
void each_free(const Corners& corners, const Act& act) {
  const std::array<Index, 3>& size = corners.size();
  const std::size_t axis = corners.axis();
  const Index offset = corners.is_periodic() ? 0 : 1;
  std::size_t corner = 0;
  std::array<Index, 3> at{};
  for (at[2] = 0; at[2] < size[2]; ++at[2]) {
    for (at[1] = 0; at[1] < size[1]; ++at[1]) {
      for (at[0] = 0; at[0] < size[0]; ++at[0], ++corner) {
        if (corners.is_fixed(at[axis])) continue;
        std::array<Index, 3> place = at;
        place[axis] -= offset;
        act(corner, place[0], place[1], place[2]);
      }
    }
  }
}

}  // namespace

double upper_conductance(const VoxelImage& image, const VoxelNetwork& voxels, const PotentialOptions& options) {
  const Corners corners(image, voxels);
  const std::size_t n = corners.count();
  const std::array<Index, 3>& size = corners.size();
  const std::size_t axis = corners.axis();
  std::vector<double> u(n), r(n, 0.0), p(n, 0.0), q(n, 0.0);
  const double layers = static_cast<double>(voxels.network.grid().size[axis]);
  for (std::size_t corner = 0; corner < n; ++corner) {
    const auto at = static_cast<Index>(corner);
    const Index along = axis == 0 ? at % size[0] : axis == 1 ? at / size[0] % size[1] : at / size[0] / size[1];
    u[corner] = 1.0 - static_cast<double>(along) / layers;
  }
  double energy = corners.apply(u, r, 1.0);
  const bool has_free = corners.is_periodic() || size[axis] > 2;
  if (!has_free) return energy;
  for (double& value : r) value = -value;

  const Network network = corners.network();
  const SplitGrid& grid = network.grid();
  Multigrid multigrid(network, options.threads);
  double rz = 0.0, scale = 0.0;
  for (const double value : r) scale = std::max(scale, std::abs(value));
  if (scale == 0.0) return energy;
  for (std::size_t iteration = 0; iteration < most_steps; ++iteration) {
    if (options.progress && !options.progress(std::min(1.0, static_cast<double>(iteration) / 30.0), "upper bound"))
      throw base::Cancelled();
    each_free(corners, [&](std::size_t corner, Index x, Index y, Index z) {
      multigrid.r().at(grid, x, y, z) = static_cast<float>(r[corner]);
    });
    run_team(options.threads, [&](Worker& worker) {
      Scratch scratch(grid.size[0] / 2 + 2);
      multigrid.cycle(worker, scratch, {}, {});
    });
    double rz_new = 0.0;
    each_free(corners, [&](std::size_t corner, Index x, Index y, Index z) {
      rz_new += r[corner] * static_cast<double>(multigrid.z().at(grid, x, y, z));
    });
    const double turn = rz > 0.0 && rz_new > 0.0 ? rz_new / rz : 0.0;
    rz = rz_new;
    each_free(corners, [&](std::size_t corner, Index x, Index y, Index z) {
      p[corner] = static_cast<double>(multigrid.z().at(grid, x, y, z)) + turn * p[corner];
    });
    std::ranges::fill(q, 0.0);
    const double curvature = corners.apply(p, q, 0.0);
    if (!(curvature > 0.0)) break;
    const double step = rz / curvature;
    each_free(corners, [&](std::size_t corner, Index, Index, Index) {
      u[corner] += step * p[corner];
      r[corner] -= step * q[corner];
    });
    energy -= step * rz;
    if (std::abs(step * rz) <= good_enough * energy) break;
  }
  // From the potential itself, so that rounding on the way does not touch the bound.
  return corners.apply(u, q, 1.0);
}

}  // namespace closo::composite::detail
