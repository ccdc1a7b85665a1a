#include "closo/composite/detail/potential.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <utility>

#include "closo/base/error.hpp"

namespace closo::composite::detail {
namespace {

/// The recurred residual in float is trusted over this factor, then recomputed.
constexpr double float_decades = 1e-4;
/// A residual that has grown by this factor since it was last recomputed is recomputed again.
constexpr double growth_allowed = 10.0;

/// The smallest eigenvalue of the preconditioned matrix, as far as the iterations have seen it: of the Lanczos
/// tridiagonal matrix that the steps and turns of the conjugate gradients make, by bisection on Sturm sequences.
class SmallestEigenvalue {
 public:
  /// One iteration; a turn of 0 begins a new matrix, and all of them count.
  void add(double step, double turn) {
    if (!(step > 0.0)) return;
    diagonal_.push_back(1.0 / step + (turn > 0.0 ? turn / last_step_ : 0.0));
    off_square_.push_back(turn > 0.0 ? turn / (last_step_ * last_step_) : 0.0);
    last_step_ = step;
  }
  double estimate() const {
    if (diagonal_.empty()) return 1.0;
    double low = 0.0, high = *std::ranges::min_element(diagonal_);
    while (high - low > 1e-2 * high) {
      const double middle = low > 0.0 ? 0.5 * (low + high) : 1e-3 * high;
      if (middle < 1e-15) break;
      (has_smaller(middle) ? high : low) = middle;
    }
    return high;
  }

 private:
  bool has_smaller(double value) const {
    double pivot = 1.0;
    for (std::size_t i = 0; i < diagonal_.size(); ++i) {
      pivot = diagonal_[i] - value - (off_square_[i] > 0.0 ? off_square_[i] / pivot : 0.0);
      if (pivot < 0.0) return true;
      if (pivot == 0.0) pivot = std::numeric_limits<double>::min();
    }
    return false;
  }
  std::vector<double> diagonal_, off_square_;
  double last_step_ = 1.0;
};

std::vector<double> added(const std::vector<std::vector<double>>& parts) {
  std::vector<double> total(parts.front().size(), 0.0);
  for (const std::vector<double>& part : parts) {
    for (std::size_t i = 0; i < total.size(); ++i) total[i] += part[i];
  }
  return total;
}

}  // namespace

PotentialSolver::PotentialSolver(const Network& network, PotentialOptions options)
    : network_(network),
      options_(std::move(options)),
      multigrid_(network, options_.threads),
      x_(network.grid()),
      p_(network.grid()),
      flux_of_(options_.threads),
      current_of_(options_.threads) {}

/// The currents that the whole drop would drive through one layer of links: of the first layer between electrodes, the
/// mean over the layers of a periodic box.
double PotentialSolver::reference_norm() const {
  const SplitGrid& grid = network_.grid();
  const std::size_t axis = options_.axis, u = (axis + 1) % 3, v = (axis + 2) % 3;
  const Index layers = grid.wraps[axis] ? grid.size[axis] : 1;
  double square = 0.0;
  std::array<Index, 3> at{};
  for (at[axis] = 0; at[axis] < layers; ++at[axis]) {
    for (at[v] = 0; at[v] < grid.size[v]; ++at[v]) {
      for (at[u] = 0; at[u] < grid.size[u]; ++at[u]) {
        const double c = network_.link(axis, at[0], at[1], at[2]);
        square += c * c;
      }
    }
  }
  return std::sqrt(square / static_cast<double>(layers));
}

/// A linear potential, or zero.
void PotentialSolver::start(Worker& worker, bool is_linear) {
  const SplitGrid& grid = network_.grid();
  const std::array<Index, 2> planes = share(grid.size[2], worker);
  const double n = static_cast<double>(grid.size[options_.axis]);
  for (Index z = planes[0]; z < planes[1]; ++z) {
    for (Index y = 0; y < grid.size[1]; ++y) {
      for (std::size_t colour = 0; colour < 2; ++colour) {
        const Index e = SplitGrid::shift(colour, y, z);
        double* x = x_.colour[colour].data() + grid.first(y, z);
        for (Index i = 0; i < grid.count(e); ++i) {
          const Index layer = options_.axis == 0 ? 2 * i + e : options_.axis == 1 ? y : z;
          x[i] = is_linear ? 1.0 - (static_cast<double>(layer) + 0.5) / n : 0.0;
        }
      }
    }
  }
}

void PotentialSolver::assess_plane(Index z, Scratch& scratch, std::vector<double>& flux, std::array<double, 3>& current,
                                   double& energy, double& square) {
  const SplitGrid& grid = network_.grid();
  const std::size_t axis = options_.axis;
  const Index n = grid.size[axis];
  for (Index y = 0; y < grid.size[1]; ++y) {
    for (std::size_t colour = 0; colour < 2; ++colour) {
      const RowLinks links = network_.row(colour, y, z, scratch);
      RowBalance balance;
      balance.links = &links;
      balance.remainder = network_.row_remainder(links, scratch);
      const double* own = x_.colour[colour].data() + links.start;
      balance.own = own;
      balance.values = x_.colour[1 - colour].data();
      balance.residual = multigrid_.r().colour[colour].data() + links.start;
      for (std::size_t i = 0; i < 5; ++i) balance.line[i] = scratch.sums[i].data();
      const RowSums sums = row_kernels().balance(balance);
      const Index e = SplitGrid::shift(colour, y, z);
      energy += 0.5 * sums.energy;
      square += sums.square;
      for (std::size_t k = 0; k < 3; ++k) current[k] += sums.current[k];
      if (axis == 0) {
        for (Index i = 0; i < links.count; ++i)
          flux[static_cast<std::size_t>(2 * i + e)] += scratch.sums[2][static_cast<std::size_t>(i)];
      } else {
        flux[static_cast<std::size_t>(axis == 1 ? y : z)] += sums.current[axis];
      }
      // Links to electrodes belong to one cell only; the others were seen from both ends.
      if (!grid.wraps[axis]) {
        const auto whole = [&](Index i, std::size_t k, bool is_high) {
          const double difference = balance.values[links.neighbour[k] + i] - own[i];
          const double c = static_cast<double>(links.conductance[k][i]) + static_cast<double>(balance.remainder[k][i]);
          energy += 0.5 * c * difference * difference;
          if (is_high) flux[static_cast<std::size_t>(n)] -= c * difference;
        };
        const Index layer = axis == 1 ? y : z;
        if (axis == 0) {
          if (e == 0) whole(0, 0, false);
          if (links.count > 0 && 2 * (links.count - 1) + e == n - 1) whole(links.count - 1, 1, true);
        } else {
          for (Index i = 0; layer == 0 && i < links.count; ++i) whole(i, 2 * axis, false);
          for (Index i = 0; layer == n - 1 && i < links.count; ++i) whole(i, 2 * axis + 1, true);
        }
      }
    }
  }
}

/// Takes the last step along p, then recomputes residual, energy and fluxes in double.
void PotentialSolver::assess(Worker& worker, Scratch& scratch, double last_step) {
  const SplitGrid& grid = network_.grid();
  const std::array<Index, 2> planes = share(grid.size[2], worker);
  std::vector<double>& flux = flux_of_[worker.index()];
  const bool is_periodic = grid.wraps[options_.axis];
  const auto layers = static_cast<std::size_t>(grid.size[options_.axis]) + (is_periodic ? 0 : 1);
  flux.assign(layers, 0.0);
  std::array<double, 3>& current = current_of_[worker.index()];
  current = {};
  for (Index z = planes[0]; z < planes[1]; ++z) {
    for (Index y = 0; last_step != 0.0 && y < grid.size[1]; ++y) {
      for (std::size_t colour = 0; colour < 2; ++colour) {
        double* x = x_.colour[colour].data() + grid.first(y, z);
        const float* p = p_.colour[colour].data() + grid.first(y, z);
        const Index count = grid.count(SplitGrid::shift(colour, y, z));
        for (Index i = 0; i < count; ++i) x[i] += last_step * static_cast<double>(p[i]);
      }
    }
    drop_beside_plane(grid, x_, options_.axis, z);
  }
  worker.wait();
  if (worker.is_first()) drop_at_ends(grid, x_, options_.axis);
  worker.wait();
  double energy = 0.0, square = 0.0;
  for (Index z = planes[0]; z < planes[1]; ++z) assess_plane(z, scratch, flux, current, energy, square);
  const std::array<double, max_sums> sums = worker.sum({energy, square});
  if (worker.is_first()) {
    layer_flux_ = added(flux_of_);
    result_.current = {};
    for (const std::array<double, 3>& part : current_of_) {
      for (std::size_t i = 0; i < 3; ++i) result_.current[i] += part[i];
    }
    const auto [low, high] = std::ranges::minmax(layer_flux_);
    result_.flux = 0.0;
    for (const double value : layer_flux_) result_.flux += value / static_cast<double>(layers);
    result_.flux_imbalance = high > 0.0 ? (high - low) / high : 0.0;
    result_.energy = sums[0];
    result_.relative_residual = reference_ > 0.0 ? std::sqrt(sums[1]) / reference_ : 0.0;
  }
  worker.wait();
}

/// How well double can balance the currents, relative to them: where an insulator cuts the path, a layer of conductor
/// would carry far more for the last digit of its potentials than the current that there is.
double PotentialSolver::rounding_of_flux() const {
  if (layer_link_.empty() || !(result_.flux > 0.0)) return 0.0;
  constexpr double digits = 8.0 * std::numeric_limits<double>::epsilon();
  return digits * *std::ranges::max_element(layer_link_) / result_.flux;
}

/// Sums of the links through every layer.
void PotentialSolver::add_layer_links(Worker& worker, Scratch& scratch) {
  const SplitGrid& grid = network_.grid();
  const std::size_t axis = options_.axis;
  const std::array<Index, 2> planes = share(grid.size[2], worker);
  std::vector<double>& sum = flux_of_[worker.index()];
  std::ranges::fill(sum, 0.0);
  for (Index z = planes[0]; z < planes[1]; ++z) {
    for (Index y = 0; y < grid.size[1]; ++y) {
      for (std::size_t colour = 0; colour < 2; ++colour) {
        const RowLinks links = network_.row(colour, y, z, scratch);
        const Index shift = SplitGrid::shift(colour, y, z);
        for (const Index side : {0, 1}) {
          const float* c = links.conductance[2 * axis + static_cast<std::size_t>(side)];
          // Upper links count only in the last layer, where they are an electrode's.
          const Index last = grid.size[axis] - 1;
          if (side == 1 && grid.wraps[axis]) continue;
          if (axis == 0) {
            for (Index i = 0; i < links.count; ++i) {
              const Index layer = 2 * i + shift;
              if (side == 0 || layer == last) sum[static_cast<std::size_t>(layer + side)] += static_cast<double>(c[i]);
            }
          } else if (const Index layer = axis == 1 ? y : z; side == 0 || layer == last) {
            double total = 0.0;
            for (Index i = 0; i < links.count; ++i) total += static_cast<double>(c[i]);
            sum[static_cast<std::size_t>(layer + side)] += total;
          }
        }
      }
    }
  }
  worker.wait();
  if (worker.is_first()) layer_link_ = added(flux_of_);
  worker.wait();
}

/// Shifts whole layers so that the same current flows through all of them: the best that functions of the layer alone
/// can do for the energy. The iterations would get there last of all.
void PotentialSolver::balance_layers(Worker& worker, Scratch& scratch) {
  const SplitGrid& grid = network_.grid();
  if (layer_link_.empty()) add_layer_links(worker, scratch);
  if (worker.is_first()) {
    double drop = 0.0, resistance = 0.0;
    for (std::size_t i = 0; i < layer_flux_.size(); ++i) {
      drop += layer_flux_[i] / layer_link_[i];
      resistance += 1.0 / layer_link_[i];
    }
    const double flux = drop / resistance;
    layer_shift_.clear();
    double shift = 0.0;
    for (std::size_t i = 0; i < layer_flux_.size(); ++i) {
      shift += (layer_flux_[i] - flux) / layer_link_[i];
      layer_shift_.push_back(shift);
    }
  }
  worker.wait();
  const std::array<Index, 2> planes = share(grid.size[2], worker);
  for (Index z = planes[0]; z < planes[1]; ++z) {
    for (Index y = 0; y < grid.size[1]; ++y) {
      for (std::size_t colour = 0; colour < 2; ++colour) {
        const Index e = SplitGrid::shift(colour, y, z);
        double* x = x_.colour[colour].data() + grid.first(y, z);
        for (Index i = 0; i < grid.count(e); ++i) {
          const Index layer = options_.axis == 0 ? 2 * i + e : options_.axis == 1 ? y : z;
          x[i] += layer_shift_[static_cast<std::size_t>(layer)];
        }
      }
    }
  }
  worker.wait();
  assess(worker, scratch, 0.0);
}

/// The share is that of the decades of the residual.
void PotentialSolver::report(double relative_residual) {
  if (!options_.progress) return;
  const double decades = std::log10(std::max(relative_residual, options_.tolerance));
  try {
    stops_ = !options_.progress(std::clamp(decades / std::log10(options_.tolerance), 0.0, 1.0), "potential");
  } catch (...) {
    failure_ = std::current_exception();
    stops_ = true;
  }
}

void PotentialSolver::iterate(Worker& worker, bool is_new) {
  const SplitGrid& grid = network_.grid();
  const RowKernels& kernels = row_kernels();
  Scratch scratch(grid.size[0] / 2 + 2);
  Field<float>&r = multigrid_.r(), &z_field = multigrid_.z();
  if (is_new) start(worker, true);
  assess(worker, scratch, 0.0);
  if (is_new && result_.relative_residual > 3.0) {
    // Conductors without contact would have to give up a large drop: better to let the potential grow into them.
    start(worker, false);
    assess(worker, scratch, 0.0);
  }
  const double tolerance = options_.tolerance;
  double exact_level = result_.relative_residual, relative = exact_level;
  double step = 0.0, rz = 0.0, energy = result_.energy, gap = energy;
  SmallestEigenvalue smallest;
  // The next level of the recurred residual at which a check in double is worth its time.
  double check_below = tolerance;
  bool is_fresh = true;  // r was recomputed, not to be stepped
  bool begins_anew = true, is_in_trouble = false;
  const auto rows = [&](Index z, auto&& act) {
    for (Index y = 0; y < grid.size[1]; ++y) {
      for (std::size_t colour = 0; colour < 2; ++colour)
        act(colour, grid.first(y, z), grid.count(SplitGrid::shift(colour, y, z)));
    }
  };
  const auto has_small_residual = [&] {
    return result_.relative_residual <= tolerance && gap <= tolerance * result_.energy;
  };
  // Once the layers are balanced, the difference of the two conductances still is of first order in the error.
  const auto is_good = [&] {
    const double attainable = std::max(tolerance, rounding_of_flux());
    return has_small_residual() && result_.flux_imbalance <= attainable &&
           std::abs(result_.energy - result_.flux) <= attainable * result_.energy;
  };
  for (std::size_t iteration = 0;; ++iteration) {
    // q = A p shares the memory of z, as long as nobody needs both.
    const Field<float>& q = is_flexible_ ? q_ : z_field;
    double square = 0.0, product = 0.0, overlap = 0.0;
    const PlaneHook before = [&](Index z) {
      if (is_fresh) return;
      rows(z, [&](std::size_t colour, Index at, Index count) {
        square += kernels.step_residual(r.colour[colour].data() + at, q.colour[colour].data() + at,
                                        static_cast<float>(step), count);
      });
    };
    const PlaneHook after = [&](Index z) {
      rows(z, [&](std::size_t colour, Index at, Index count) {
        product += kernels.dot(r.colour[colour].data() + at, z_field.colour[colour].data() + at, count);
        if (is_flexible_)
          overlap += kernels.dot(q.colour[colour].data() + at, z_field.colour[colour].data() + at, count);
      });
    };
    multigrid_.cycle(worker, scratch, before, after);
    const std::array<double, max_sums> sums = worker.sum({square, product, overlap});
    const double previous = relative;
    relative = is_fresh ? exact_level : reference_ > 0.0 ? std::sqrt(sums[0]) / reference_ : 0.0;
    if (worker.is_first()) {
      result_.iterations = iteration;
      report(relative);
    }
    worker.wait();
    if (stops_) break;
    const double rz_new = sums[1], qz = sums[2];
    // Rounding may make the cycle indefinite on a residual of many decades; steepest descent helps over it. From the
    // first trouble on directions are made conjugate to the last one whatever the cycle did (Polak–Ribière).
    double turn = is_flexible_ ? std::max(0.0, -step * qz / rz) : rz_new / rz;
    is_in_trouble = is_in_trouble || rz_new < 0.0;
    if (!(rz > 0.0) || !(rz_new > 0.0) || begins_anew || is_in_trouble) turn = 0.0;
    if (is_in_trouble && !is_flexible_) {
      worker.wait();
      if (worker.is_first()) {
        q_ = Field<float>(grid);
        is_flexible_ = true;
      }
      worker.wait();
    }
    begins_anew = false;
    is_in_trouble = false;
    rz = rz_new;
    double curvature = 0.0;
    // A fresh residual holds the last step already, and so does the potential.
    const double last_step = is_fresh ? 0.0 : step;
    const auto direct = [&](Index z) {
      rows(z, [&](std::size_t colour, Index at, Index count) {
        kernels.step_direction(x_.colour[colour].data() + at, p_.colour[colour].data() + at,
                               z_field.colour[colour].data() + at, last_step, static_cast<float>(turn), count);
      });
      wrap_plane(grid, p_, z);
    };
    Field<float>& out = is_flexible_ ? q_ : z_field;
    const auto apply = [&](Index z) {
      for (Index y = 0; y < grid.size[1]; ++y) {
        for (std::size_t colour = 0; colour < 2; ++colour) {
          const RowLinks links = network_.coded_row(colour, y, z, scratch);
          RowOperation op;
          op.links = &links;
          op.values = p_.colour[1 - colour].data();
          op.own = p_.colour[colour].data() + links.start;
          op.out = out.colour[colour].data() + links.start;
          curvature += kernels.apply(op);
        }
      }
    };
    sweep(worker, grid, p_, direct, apply);
    curvature = worker.sum({curvature})[0];
    step = curvature > 0.0 ? rz / curvature : 0.0;
    smallest.add(step, turn);
    // At most what the smallest eigenvalue allows before the step, less what the step gained.
    gap = rz > 0.0 && step > 0.0 ? rz * std::max(1.0 / smallest.estimate() - step, 0.0) : std::abs(step * rz);
    is_fresh = false;
    // The residual after this step is not known before the next cycle; it falls about as it did.
    const double expected = relative * std::min(1.0, relative / previous);
    const bool is_last = iteration + 1 >= options_.max_iterations || rz == 0.0;
    const bool is_candidate = expected <= check_below && gap <= tolerance * energy;
    const bool has_grown = relative > growth_allowed * exact_level;
    if (is_candidate || is_last || has_grown || expected <= float_decades * exact_level) {
      assess(worker, scratch, step);
      // The recurred residual had lost what it should have known.
      is_in_trouble = has_grown || result_.relative_residual > growth_allowed * relative;
      if (has_small_residual() && !is_good()) {
        balance_layers(worker, scratch);
        begins_anew = true;
      }
      energy = result_.energy;
      exact_level = result_.relative_residual;
      if (worker.is_first()) result_.iterations = iteration + 1;
      if (is_good() || is_last) break;
      if (is_candidate) check_below = 0.3 * std::min(exact_level, check_below);
      is_fresh = true;
    }
  }
  if (worker.is_first()) result_.is_converged = is_good();
}

void PotentialSolver::run(bool is_new) {
  run_team(options_.threads, [this, is_new](Worker& worker) { iterate(worker, is_new); });
  if (failure_) std::rethrow_exception(failure_);
  if (stops_) throw base::Cancelled();
}

PotentialResult PotentialSolver::solve() {
  result_ = {};
  reference_ = reference_norm();
  run(true);
  const std::size_t slots = network_.grid().slots;
  result_.bytes =
      network_.bytes() + multigrid_.bytes() + 2 * slots * (sizeof(double) + (is_flexible_ ? 2 : 1) * sizeof(float));
  return result_;
}

PotentialResult PotentialSolver::go_on(double tolerance) {
  options_.tolerance = tolerance;
  const std::size_t before = result_.iterations;
  run(false);
  result_.iterations += before;
  return result_;
}

}  // namespace closo::composite::detail
