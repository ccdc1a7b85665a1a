#include "closo/composite/detail/nodal_bound.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
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

  /// Line buffers of one worker.
  struct Lines {
    explicit Lines(Index length) {
      for (std::vector<double>& line : mode) line.resize(static_cast<std::size_t>(length) + 1);
      for (std::vector<double>& line : to) line.resize(static_cast<std::size_t>(length) + 1);
      sigma.resize(static_cast<std::size_t>(length) + 1);
      low.resize(sigma.size());
      high.resize(sigma.size());
    }
    std::array<std::vector<double>, 4> mode, to;
    std::vector<double> sigma, low, high;
  };

  /// out += A u by the voxels of one row; returns their share of uᵀ A u. In the basis of means and differences along
  /// every axis the element matrix is diagonal. With `drop` the periodic potential falls by 1 along the axis.
  double apply_row(const std::vector<double>& u, std::vector<double>& out, double drop, Index y, Index z,
                   Lines& lines) const {
    std::array<const double*, 4> from{};
    std::array<double*, 4> to{};
    std::array<double, 4> fall{};
    for (std::size_t i = 0; i < 4; ++i) {
      const Index yy = y + static_cast<Index>(i & 1), zz = z + static_cast<Index>(i >> 1);
      const bool is_y_end = yy == size_[1], is_z_end = zz == size_[2];
      const auto start = static_cast<std::size_t>(size_[0] * ((is_y_end ? 0 : yy) + size_[1] * (is_z_end ? 0 : zz)));
      from[i] = u.data() + start;
      to[i] = out.data() + start;
      if ((is_y_end && axis() == 1) || (is_z_end && axis() == 2)) fall[i] = drop;
    }
    const Index n = cells_[0], corners = size_[0];
    for (Index x = 0; x < n; ++x) lines.sigma[static_cast<std::size_t>(x)] = voxels_.conductivity(image_, x, y, z);
    for (Index x = 0; x < corners; ++x) {
      const auto i = static_cast<std::size_t>(x);
      const double a = from[0][x] - fall[0], b = from[1][x] - fall[1], c = from[2][x] - fall[2],
                   d = from[3][x] - fall[3];
      lines.mode[0][i] = 0.25 * ((a + b) + (c + d));
      lines.mode[1][i] = 0.5 * ((b - a) + (d - c));
      lines.mode[2][i] = 0.5 * ((c - a) + (d - b));
      lines.mode[3][i] = (d - c) - (b - a);
    }
    double energy = 0.0;
    for (std::size_t k = 0; k < 4; ++k) {
      double* mode = lines.mode[k].data();
      // Only the mean over y and z carries the drop along x.
      if (wraps_[0]) mode[n] = mode[0] - (k == 0 && axis() == 0 ? drop : 0.0);
      const double of_mean = weight_[2 * k], of_difference = weight_[2 * k + 1];
      double *low = lines.low.data(), *high = lines.high.data();
      const double* sigma = lines.sigma.data();
      for (Index x = 0; x < n; ++x) {
        const double mean = 0.5 * of_mean * sigma[x] * (mode[x] + mode[x + 1]);
        const double difference = of_difference * sigma[x] * (mode[x + 1] - mode[x]);
        low[x] = 0.5 * mean - difference;
        high[x] = 0.5 * mean + difference;
      }
      for (Index x = 0; x < n; ++x) energy += low[x] * mode[x] + high[x] * mode[x + 1];
      double* sum = lines.to[k].data();
      std::fill_n(sum, n + 1, 0.0);
      for (Index x = 0; x < n; ++x) sum[x] = low[x];
      for (Index x = 0; x < n; ++x) sum[x + 1] += high[x];
      if (wraps_[0]) sum[0] += sum[n];
    }
    for (Index x = 0; x < corners; ++x) {
      const auto i = static_cast<std::size_t>(x);
      const double mean = 0.25 * lines.to[0][i], along_y = 0.5 * lines.to[1][i], along_z = 0.5 * lines.to[2][i];
      const double mixed = lines.to[3][i];
      to[0][x] += mean - along_y - along_z + mixed;
      to[1][x] += mean + along_y - along_z - mixed;
      to[2][x] += mean - along_y + along_z - mixed;
      to[3][x] += mean + along_y + along_z + mixed;
    }
    return energy;
  }

  /// out = A u by all workers, returns uᵀ A u: layers of voxels that share no corner at the same time.
  double apply(Worker& worker, const std::vector<double>& u, std::vector<double>& out, double drop,
               Lines& lines) const {
    const std::array<Index, 2> planes = share(size_[2], worker);
    const Index plane = size_[0] * size_[1];
    std::fill(out.begin() + planes[0] * plane, out.begin() + planes[1] * plane, 0.0);
    worker.wait();
    double energy = 0.0;
    const auto layer = [&](Index z) {
      for (Index y = 0; y < cells_[1]; ++y) energy += apply_row(u, out, drop, y, z, lines);
    };
    const auto count = static_cast<Index>(worker.count());
    // The last layer of a periodic box with an odd number of them shares corners with the first.
    const Index paired = wraps_[2] && cells_[2] % 2 == 1 ? cells_[2] - 1 : cells_[2];
    for (const Index parity : {0, 1}) {
      for (Index z = parity + 2 * static_cast<Index>(worker.index()); z < paired; z += 2 * count) layer(z);
      worker.wait();
    }
    if (worker.is_first() && paired < cells_[2]) layer(paired);
    return worker.sum({energy})[0];
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
  const VoxelImage& image_;
  const VoxelNetwork& voxels_;
  std::array<Index, 3> cells_{}, size_{};
  std::array<bool, 3> wraps_{};
  std::array<double, 8> weight_{};
};

/// Conjugate gradients for the potential on the corners.
class CornerSolver {
 public:
  CornerSolver(const Corners& corners, const PotentialOptions& options, double layers)
      : corners_(corners),
        options_(options),
        network_(corners.network()),
        multigrid_(network_, options.threads),
        u_(corners.count()),
        r_(corners.count()),
        p_(corners.count()),
        q_(corners.count()) {
    const std::array<Index, 3>& size = corners.size();
    const std::size_t axis = corners.axis();
    for (std::size_t corner = 0; corner < u_.size(); ++corner) {
      const auto at = static_cast<Index>(corner);
      const Index along = axis == 0 ? at % size[0] : axis == 1 ? at / size[0] % size[1] : at / size[0] / size[1];
      u_[corner] = 1.0 - static_cast<double>(along) / layers;
    }
  }

  double solve() {
    run_team(options_.threads, [this](Worker& worker) { iterate(worker); });
    if (failure_) std::rethrow_exception(failure_);
    if (stops_) throw base::Cancelled();
    return bound_;
  }

 private:
  /// Calls act(corner, z(corner), r(corner)) on the worker's share of the free corners; z and r are the multigrid's.
  template <class Act>
  void each_free(Worker& worker, const Act& act) {
    const SplitGrid& grid = network_.grid();
    const std::array<Index, 3>& size = corners_.size();
    std::array<Index, 3> offset{};
    if (!corners_.is_periodic()) offset[corners_.axis()] = 1;
    const std::array<Index, 2> planes = share(grid.size[2], worker);
    for (Index z = planes[0]; z < planes[1]; ++z) {
      for (Index y = 0; y < grid.size[1]; ++y) {
        const Index row = offset[0] + size[0] * (y + offset[1] + size[1] * (z + offset[2]));
        for (std::size_t colour = 0; colour < 2; ++colour) {
          const Index e = SplitGrid::shift(colour, y, z), count = grid.count(e);
          float* zs = multigrid_.z().colour[colour].data() + grid.first(y, z);
          float* rs = multigrid_.r().colour[colour].data() + grid.first(y, z);
          for (Index i = 0; i < count; ++i) act(static_cast<std::size_t>(row + 2 * i + e), zs[i], rs[i]);
        }
      }
    }
  }

  void report(std::size_t iteration) {
    if (!options_.progress) return;
    try {
      stops_ = !options_.progress(std::min(1.0, static_cast<double>(iteration) / 30.0), "upper bound");
    } catch (...) {
      failure_ = std::current_exception();
      stops_ = true;
    }
  }

  void iterate(Worker& worker) {
    Corners::Lines lines(corners_.size()[0] + 1);
    Scratch scratch(network_.grid().size[0] / 2 + 2);
    double energy = corners_.apply(worker, u_, q_, 1.0, lines);
    each_free(worker, [&](std::size_t corner, float&, float& r) {
      r_[corner] = -q_[corner];
      r = static_cast<float>(r_[corner]);
    });
    double rz = 0.0;
    for (std::size_t iteration = 0; iteration < most_steps; ++iteration) {
      if (worker.is_first()) report(iteration);
      worker.wait();
      if (stops_) return;
      multigrid_.cycle(worker, scratch, {}, {});
      worker.wait();
      double rz_new = 0.0;
      each_free(worker, [&](std::size_t corner, float& z, float&) { rz_new += r_[corner] * static_cast<double>(z); });
      rz_new = worker.sum({rz_new})[0];
      const double turn = rz > 0.0 && rz_new > 0.0 ? rz_new / rz : 0.0;
      rz = rz_new;
      each_free(worker,
                [&](std::size_t corner, float& z, float&) { p_[corner] = static_cast<double>(z) + turn * p_[corner]; });
      worker.wait();
      const double curvature = corners_.apply(worker, p_, q_, 0.0, lines);
      if (!(curvature > 0.0)) break;
      const double step = rz / curvature;
      each_free(worker, [&](std::size_t corner, float&, float& r) {
        u_[corner] += step * p_[corner];
        r_[corner] -= step * q_[corner];
        r = static_cast<float>(r_[corner]);
      });
      energy -= step * rz;
      if (std::abs(step * rz) <= good_enough * energy) break;
    }
    worker.wait();
    // From the potential itself, so that rounding on the way does not touch the bound.
    const double bound = corners_.apply(worker, u_, q_, 1.0, lines);
    if (worker.is_first()) bound_ = bound;
  }

  const Corners& corners_;
  const PotentialOptions& options_;
  Network network_;
  Multigrid multigrid_;
  std::vector<double> u_, r_, p_, q_;
  double bound_ = 0.0;
  bool stops_ = false;
  std::exception_ptr failure_;
};

}  // namespace

double upper_conductance(const VoxelImage& image, const VoxelNetwork& voxels, const PotentialOptions& options) {
  const Corners corners(image, voxels);
  const double layers = static_cast<double>(voxels.network.grid().size[voxels.axis]);
  // One layer of voxels between electrodes has no free corner: the potential is linear.
  if (!corners.is_periodic() && corners.size()[voxels.axis] == 2) {
    std::vector<double> u(corners.count()), unused(corners.count());
    std::array<Index, 3> at{};
    std::size_t corner = 0;
    for (at[2] = 0; at[2] < corners.size()[2]; ++at[2]) {
      for (at[1] = 0; at[1] < corners.size()[1]; ++at[1]) {
        for (at[0] = 0; at[0] < corners.size()[0]; ++at[0]) u[corner++] = at[voxels.axis] == 0 ? 1.0 : 0.0;
      }
    }
    Worker alone = Worker::alone();
    Corners::Lines lines(corners.size()[0] + 1);
    return corners.apply(alone, u, unused, 1.0, lines);
  }
  return CornerSolver(corners, options, layers).solve();
}

}  // namespace closo::composite::detail
