#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <exception>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/conductivity.hpp"
#include "closo/composite/detail/memory.hpp"
#include "closo/composite/detail/multigrid.hpp"
#include "closo/composite/detail/voxel_network.hpp"

namespace closo::composite {
namespace {

using Complex = std::complex<double>;
using detail::Field;
using detail::Index;
using detail::SplitGrid;
using detail::Worker;

/// Complex links by the two cells' numbers: 0 without conduction, 1 electrode, then the labels.
struct ComplexNetwork {
  SplitGrid grid;
  std::size_t axis = 0, kinds = 0;
  Field<std::uint16_t> kind;
  std::array<std::vector<Complex>, 3> table;
  double to_conductivity = 1.0;

  const Complex& link(std::size_t link_axis, std::uint16_t a, std::uint16_t b) const {
    return table[link_axis][a * kinds + b];
  }
};

Complex series(Complex a, Complex b) { return a == 0.0 || b == 0.0 ? Complex(0.0) : 2.0 * a * (b / (a + b)); }

/// `shape` holds the geometry of the voxels and which of them stay.
ComplexNetwork make_complex(const VoxelImage& image, std::span<const Complex> values,
                            const detail::VoxelNetwork& shape) {
  ComplexNetwork result;
  result.grid = shape.network.grid();
  result.axis = shape.axis;
  result.kinds = values.size() + 2;
  // In units of the largest modulus, as in `shape`.
  std::vector<Complex> relative;
  for (std::size_t i = 0; i < values.size(); ++i)
    relative.push_back(values[i] == 0.0 ? 0.0 : values[i] * (shape.relative[i] / std::abs(values[i])));
  for (std::size_t axis = 0; axis < 3; ++axis) {
    std::vector<Complex>& table = result.table[axis];
    table.assign(result.kinds * result.kinds, 0.0);
    for (std::size_t a = 0; a < values.size(); ++a) {
      const Complex own = relative[a];
      table[(a + 2) * result.kinds + 1] = 2.0 * own * shape.factor[axis];
      table[result.kinds + a + 2] = 2.0 * own * shape.factor[axis];
      for (std::size_t b = 0; b < values.size(); ++b)
        table[(a + 2) * result.kinds + b + 2] = series(own, relative[b]) * shape.factor[axis];
    }
  }
  const SplitGrid& grid = result.grid;
  result.kind = Field<std::uint16_t>(grid);
  std::array<Index, 3> at{};
  for (at[2] = 0; at[2] < grid.size[2]; ++at[2]) {
    for (at[1] = 0; at[1] < grid.size[1]; ++at[1]) {
      for (at[0] = 0; at[0] < grid.size[0]; ++at[0]) {
        const auto voxel =
            static_cast<std::size_t>(at[0] * shape.step[0] + at[1] * shape.step[1] + at[2] * shape.step[2]);
        if (!shape.stays.empty() && shape.stays[voxel] == 0) continue;
        result.kind.at(grid, at[0], at[1], at[2]) = static_cast<std::uint16_t>(image.labels[voxel] + 2);
      }
    }
    detail::wrap_plane(grid, result.kind, at[2]);
  }
  detail::wrap_ends(grid, result.kind);
  const std::size_t axis = result.axis, u = (axis + 1) % 3, v = (axis + 2) % 3;
  at = {};
  for (at[v] = 0; !grid.wraps[axis] && at[v] < grid.size[v]; ++at[v]) {
    for (at[u] = 0; at[u] < grid.size[u]; ++at[u]) {
      for (const Index end : {Index{-1}, grid.size[axis]}) {
        at[axis] = end;
        result.kind.at(grid, at[0], at[1], at[2]) = 1;
      }
    }
  }
  result.to_conductivity = shape.to_conductivity;
  return result;
}

/// Real links Re + Im, for the preconditioner.
detail::Network make_real(const ComplexNetwork& network) {
  const SplitGrid& grid = network.grid;
  detail::Network result(grid);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::array<Index, 3> end{grid.size[0] + (axis == 0), grid.size[1] + (axis == 1), grid.size[2] + (axis == 2)};
    std::array<Index, 3> at{};
    for (at[2] = 0; at[2] < end[2]; ++at[2]) {
      for (at[1] = 0; at[1] < end[1]; ++at[1]) {
        for (at[0] = 0; at[0] < end[0]; ++at[0]) {
          std::array<Index, 3> low = at;
          low[axis] -= 1;
          const Complex c = network.link(axis, network.kind.at(grid, at[0], at[1], at[2]),
                                         network.kind.at(grid, low[0], low[1], low[2]));
          result.set_link(axis, at[0], at[1], at[2], static_cast<float>(c.real() + c.imag()));
        }
      }
    }
  }
  return result;
}

/// Conjugate gradients for complex symmetric matrices, preconditioned by the real multigrid on both parts in turn.
class ComplexSolver {
 public:
  ComplexSolver(const ComplexNetwork& network, const SolveOptions& options, Field<Complex>& potential)
      : network_(network),
        grid_(network.grid),
        options_(options),
        real_(make_real(network)),
        multigrid_(real_, options.threads),
        x_(potential),
        r_(grid_),
        p_(grid_),
        q_(grid_) {}

  ComplexResult solve() {
    reference_ = reference_norm();
    detail::run_team(options_.threads, [this](Worker& worker) { iterate(worker); });
    if (failure_) std::rethrow_exception(failure_);
    if (stops_) throw base::Cancelled();
    return result_;
  }

 private:
  template <class Act>
  void each_row(Worker& worker, const Act& act) const {
    const std::array<Index, 2> planes = detail::share(grid_.size[2], worker);
    for (Index z = planes[0]; z < planes[1]; ++z) {
      for (Index y = 0; y < grid_.size[1]; ++y) {
        for (std::size_t colour = 0; colour < 2; ++colour) {
          const Index e = SplitGrid::shift(colour, y, z);
          act(colour, grid_.first(y, z), grid_.count(e), e);
        }
      }
    }
  }
  static Complex sum(Worker& worker, Complex value) {
    const std::array<double, detail::max_sums> total = worker.sum({value.real(), value.imag()});
    return {total[0], total[1]};
  }

  double reference_norm() const {
    const std::size_t axis = network_.axis, u = (axis + 1) % 3, v = (axis + 2) % 3;
    const Index layers = grid_.wraps[axis] ? grid_.size[axis] : 1;
    double square = 0.0;
    std::array<Index, 3> at{};
    for (at[axis] = 0; at[axis] < layers; ++at[axis]) {
      for (at[v] = 0; at[v] < grid_.size[v]; ++at[v]) {
        for (at[u] = 0; at[u] < grid_.size[u]; ++at[u]) {
          std::array<Index, 3> low = at;
          low[axis] -= 1;
          square += std::norm(network_.link(axis, network_.kind.at(grid_, at[0], at[1], at[2]),
                                            network_.kind.at(grid_, low[0], low[1], low[2])));
        }
      }
    }
    return std::sqrt(square / static_cast<double>(layers));
  }

  /// Calls act(inflow, energy) per cell, with inflow = Σ c (v − x) and energy = Σ c (v − x)²/2, doubled at electrodes.
  template <class Act>
  void apply(Worker& worker, const Field<Complex>& field, const Act& act) const {
    each_row(worker, [&](std::size_t colour, Index start, Index count, Index e) {
      const std::array<Index, 6> side{start - 1 + e,       start + e,           start - grid_.pitch,
                                      start + grid_.pitch, start - grid_.plane, start + grid_.plane};
      const std::uint16_t* own_kind = network_.kind.colour[colour].data() + start;
      const std::uint16_t* kinds = network_.kind.colour[1 - colour].data();
      const Complex* own = field.colour[colour].data() + start;
      const Complex* others = field.colour[1 - colour].data();
      for (Index i = 0; i < count; ++i) {
        Complex inflow = 0.0, energy = 0.0;
        for (std::size_t k = 0; k < 6; ++k) {
          const std::uint16_t other = kinds[side[k] + i];
          const Complex& c = network_.link(k / 2, own_kind[i], other);
          const Complex difference = others[side[k] + i] - own[i];
          const Complex part = {c.real() * difference.real() - c.imag() * difference.imag(),
                                c.real() * difference.imag() + c.imag() * difference.real()};
          inflow += part;
          energy +=
              (other == 1 ? 1.0 : 0.5) * Complex(part.real() * difference.real() - part.imag() * difference.imag(),
                                                 part.real() * difference.imag() + part.imag() * difference.real());
        }
        act(colour, start + i, inflow, energy);
      }
    });
  }

  void refresh(Worker& worker, Field<Complex>& field, bool drops) const {
    const std::array<Index, 2> planes = detail::share(grid_.size[2], worker);
    for (Index z = planes[0]; z < planes[1]; ++z) {
      if (drops) {
        detail::drop_beside_plane(grid_, field, network_.axis, z);
      } else {
        detail::wrap_plane(grid_, field, z);
      }
    }
    worker.wait();
    if (worker.is_first()) {
      if (drops) {
        detail::drop_at_ends(grid_, field, network_.axis);
      } else {
        detail::wrap_ends(grid_, field);
      }
    }
    worker.wait();
  }

  /// Residual and energy from the potential.
  void assess(Worker& worker) {
    refresh(worker, x_, true);
    Complex energy = 0.0;
    double square = 0.0;
    apply(worker, x_, [&](std::size_t colour, Index at, Complex inflow, Complex part) {
      r_.colour[colour][at] = inflow;
      square += std::norm(inflow);
      energy += part;
    });
    energy = sum(worker, energy);
    square = worker.sum({square})[0];
    if (worker.is_first()) {
      result_.conductivity = energy * network_.to_conductivity;
      result_.relative_residual = reference_ > 0.0 ? std::sqrt(square) / reference_ : 0.0;
      energy_ = energy;
    }
    worker.wait();
  }

  /// q ← M r, part by part.
  Complex precondition(Worker& worker, detail::Scratch& scratch) {
    for (const bool is_imaginary : {false, true}) {
      each_row(worker, [&](std::size_t colour, Index start, Index count, Index) {
        float* to = multigrid_.r().colour[colour].data() + start;
        const Complex* from = r_.colour[colour].data() + start;
        for (Index i = 0; i < count; ++i)
          to[i] = static_cast<float>((is_imaginary ? from[i].imag() : from[i].real()) / reference_);
      });
      worker.wait();
      multigrid_.cycle(worker, scratch, {}, {});
      worker.wait();
      each_row(worker, [&](std::size_t colour, Index start, Index count, Index) {
        const float* from = multigrid_.z().colour[colour].data() + start;
        Complex* to = q_.colour[colour].data() + start;
        for (Index i = 0; i < count; ++i) {
          const double part = reference_ * static_cast<double>(from[i]);
          to[i] = is_imaginary ? Complex(to[i].real(), part) : Complex(part, 0.0);
        }
      });
      worker.wait();
    }
    Complex product = 0.0;
    each_row(worker, [&](std::size_t colour, Index start, Index count, Index) {
      for (Index i = start; i < start + count; ++i) product += r_.colour[colour][i] * q_.colour[colour][i];
    });
    return sum(worker, product);
  }

  void report() {
    if (!options_.progress) return;
    const double decades = std::log10(std::max(result_.relative_residual, options_.tolerance));
    try {
      stops_ = !options_.progress(std::clamp(decades / std::log10(options_.tolerance), 0.0, 1.0), "complex potential");
    } catch (...) {
      failure_ = std::current_exception();
      stops_ = true;
    }
  }

  void iterate(Worker& worker) {
    detail::Scratch scratch(grid_.size[0] / 2 + 2);
    assess(worker);
    Complex rz = 0.0, gain = energy_;
    bool is_exact = true;
    for (std::size_t iteration = 0;; ++iteration) {
      if (worker.is_first()) {
        result_.iterations = iteration;
        report();
      }
      worker.wait();
      if (stops_) return;
      const auto is_good = [&] {
        return result_.relative_residual <= options_.tolerance &&
               (iteration == 0 ? result_.relative_residual == 0.0
                               : std::abs(gain) <= options_.tolerance * std::abs(energy_));
      };
      if (!is_exact && is_good()) {
        assess(worker);
        is_exact = true;
      }
      const bool is_done = is_exact && is_good();
      if (is_done || iteration >= options_.max_iterations) {
        if (!is_exact) assess(worker);
        if (worker.is_first()) result_.status = is_good() ? SolveStatus::converged : SolveStatus::not_converged;
        worker.wait();
        return;
      }
      const Complex rz_new = precondition(worker, scratch);
      const Complex turn = rz == 0.0 ? Complex(0.0) : rz_new / rz;
      rz = rz_new;
      each_row(worker, [&](std::size_t colour, Index start, Index count, Index) {
        for (Index i = start; i < start + count; ++i)
          p_.colour[colour][i] = q_.colour[colour][i] + turn * p_.colour[colour][i];
      });
      worker.wait();
      refresh(worker, p_, false);
      Complex curvature = 0.0;
      apply(worker, p_, [&](std::size_t colour, Index at, Complex inflow, Complex) {
        q_.colour[colour][at] = -inflow;
        curvature -= inflow * p_.colour[colour][at];
      });
      curvature = sum(worker, curvature);
      const Complex step = curvature == 0.0 ? Complex(0.0) : rz / curvature;
      double square = 0.0;
      each_row(worker, [&](std::size_t colour, Index start, Index count, Index) {
        for (Index i = start; i < start + count; ++i) {
          x_.colour[colour][i] += step * p_.colour[colour][i];
          r_.colour[colour][i] -= step * q_.colour[colour][i];
          square += std::norm(r_.colour[colour][i]);
        }
      });
      square = worker.sum({square})[0];
      gain = step * rz;
      is_exact = false;
      if (worker.is_first()) result_.relative_residual = reference_ > 0.0 ? std::sqrt(square) / reference_ : 0.0;
      worker.wait();
      if (curvature == 0.0) {
        assess(worker);
        if (worker.is_first())
          result_.status =
              result_.relative_residual <= options_.tolerance ? SolveStatus::converged : SolveStatus::not_converged;
        worker.wait();
        return;
      }
    }
  }

  const ComplexNetwork& network_;
  const SplitGrid& grid_;
  const SolveOptions& options_;
  detail::Network real_;
  detail::Multigrid multigrid_;
  Field<Complex>& x_;
  Field<Complex> r_, p_, q_;
  double reference_ = 0.0;
  Complex energy_ = 0.0;
  ComplexResult result_;
  bool stops_ = false;
  std::exception_ptr failure_;
};

/// A linear potential.
Field<Complex> linear_potential(const SplitGrid& grid, std::size_t axis) {
  Field<Complex> field(grid);
  std::array<Index, 3> at{};
  for (at[2] = 0; at[2] < grid.size[2]; ++at[2]) {
    for (at[1] = 0; at[1] < grid.size[1]; ++at[1]) {
      for (at[0] = 0; at[0] < grid.size[0]; ++at[0]) {
        field.at(grid, at[0], at[1], at[2]) =
            1.0 - (static_cast<double>(at[axis]) + 0.5) / static_cast<double>(grid.size[axis]);
      }
    }
  }
  return field;
}

}  // namespace

std::vector<ComplexResult> complex_conductivity(const VoxelImage& image, std::span<const double> conductivities,
                                                std::span<const double> permittivities,
                                                std::span<const double> frequencies, const SolveOptions& options) {
  detail::check_options(image, conductivities, options);
  if (!options.surface_layers.empty())
    throw base::ParameterError("surface_layers", std::to_string(options.surface_layers.size()) + " layers",
                               "none at complex conductivities");
  if (permittivities.size() != conductivities.size())
    throw base::ParameterError("permittivities", std::to_string(permittivities.size()),
                               "one per label, " + std::to_string(conductivities.size()));
  for (const double value : permittivities) {
    if (!(value >= 0.0) || !std::isfinite(value))
      throw base::ParameterError("permittivities", base::format_number(value), "finite, not below 0");
  }
  for (const double value : frequencies) {
    if (!(value >= 0.0) || !std::isfinite(value))
      throw base::ParameterError("frequencies", base::format_number(value) + " Hz", "finite, not below 0");
  }
  detail::check_memory(image.size, false, true);
  std::vector<ComplexResult> results;
  std::optional<Field<Complex>> potential;
  for (const double frequency : frequencies) {
    std::vector<Complex> values;
    std::vector<double> sizes;
    for (std::size_t i = 0; i < conductivities.size(); ++i) {
      const double omega = 2.0 * std::numbers::pi * frequency;
      values.emplace_back(conductivities[i], omega * base::vacuum_permittivity * permittivities[i]);
      sizes.push_back(std::abs(values.back()));
    }
    ComplexNetwork network;
    {
      const detail::VoxelNetwork shape = detail::make_network(image, sizes, options);
      if (!shape.has_path) {
        ComplexResult none;
        none.status = SolveStatus::no_path;
        results.push_back(none);
        continue;
      }
      network = make_complex(image, values, shape);
    }
    if (!potential) potential = linear_potential(network.grid, network.axis);
    results.push_back(ComplexSolver(network, options, *potential).solve());
  }
  return results;
}

}  // namespace closo::composite
