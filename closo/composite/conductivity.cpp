#include "closo/composite/conductivity.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/composite/detail/flux_bound.hpp"
#include "closo/composite/detail/memory.hpp"
#include "closo/composite/detail/nodal_bound.hpp"
#include "closo/composite/detail/potential.hpp"
#include "closo/composite/detail/voxel_network.hpp"

namespace closo::composite {
namespace {

/// Potential and dissipation in the order of the image. A link's dissipation is that of its two half cells in series.
void keep_field(const VoxelImage& image, const detail::VoxelNetwork& voxels, const detail::Field<double>& potential,
                ConductivityResult& result) {
  using detail::Index;
  const detail::SplitGrid& grid = voxels.network.grid();
  result.potential.assign(image.voxels(), std::numeric_limits<float>::quiet_NaN());
  result.dissipation.assign(image.voxels(), 0.0f);
  std::array<Index, 3> step{1, static_cast<Index>(image.size[0]), static_cast<Index>(image.size[0] * image.size[1])};
  step = {step[voxels.order[0]], step[voxels.order[1]], step[voxels.order[2]]};
  double total = 0.0;
  std::array<Index, 3> at{};
  for (at[2] = 0; at[2] < grid.size[2]; ++at[2]) {
    for (at[1] = 0; at[1] < grid.size[1]; ++at[1]) {
      for (at[0] = 0; at[0] < grid.size[0]; ++at[0]) {
        const Index voxel = at[0] * step[0] + at[1] * step[1] + at[2] * step[2];
        const double own = voxels.relative[image.labels[static_cast<std::size_t>(voxel)]];
        const double value = potential.at(grid, at[0], at[1], at[2]);
        double dissipated = 0.0;
        bool is_linked = false;
        for (std::size_t axis = 0; axis < 3; ++axis) {
          for (const Index side : {0, 1}) {
            std::array<Index, 3> upper = at, next = at;
            upper[axis] += side;
            next[axis] += 2 * side - 1;
            const double c = voxels.network.link(axis, upper[0], upper[1], upper[2]);
            if (!(c > 0.0)) continue;
            is_linked = true;
            const bool is_end = next[axis] < 0 || next[axis] >= grid.size[axis];
            double share = 1.0;
            if (!is_end || grid.wraps[axis]) {
              const Index n = grid.size[axis];
              std::array<Index, 3> inside = next;
              inside[axis] = (inside[axis] + n) % n;
              const Index other_voxel = inside[0] * step[0] + inside[1] * step[1] + inside[2] * step[2];
              const double other = voxels.relative[image.labels[static_cast<std::size_t>(other_voxel)]];
              share = other / (own + other);
            }
            const double difference = potential.at(grid, next[0], next[1], next[2]) - value;
            dissipated += share * c * difference * difference;
          }
        }
        total += dissipated;
        if (!is_linked) continue;
        result.potential[static_cast<std::size_t>(voxel)] = static_cast<float>(value);
        result.dissipation[static_cast<std::size_t>(voxel)] = static_cast<float>(dissipated);
      }
    }
  }
  const double mean = total / static_cast<double>(image.voxels());
  for (float& value : result.dissipation) value = static_cast<float>(static_cast<double>(value) / mean);
}

/// The correction of the flux may cost much where a weak insulator has to carry it: then better potentials are found.
Bounds find_bounds(const VoxelImage& image, const detail::VoxelNetwork& voxels, const detail::PotentialOptions& options,
                   detail::PotentialSolver& solver) {
  constexpr double small_loss = 1e-3;
  constexpr std::size_t most_rounds = 4;
  double lower = 0.0, tolerance = options.tolerance;
  for (std::size_t round = 0; round < most_rounds; ++round) {
    const detail::FluxBound found = detail::lower_conductance(image, voxels, solver.potential());
    lower = std::max(lower, found.bound);
    if (lower >= (1.0 - small_loss) * found.without_correction || round + 1 == most_rounds) break;
    tolerance *= 0.01;
    solver.go_on(tolerance);
  }
  return {lower * voxels.to_conductivity, detail::upper_conductance(image, voxels, options) * voxels.to_conductivity};
}

}  // namespace

std::string_view to_string(SolveStatus status) {
  switch (status) {
    case SolveStatus::converged:
      return "converged";
    case SolveStatus::no_path:
      return "no path";
    case SolveStatus::not_converged:
      return "not converged";
  }
  throw base::InternalError("unknown solve status");
}

ConductivityResult effective_conductivity(const VoxelImage& image, std::span<const double> conductivities,
                                          const SolveOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  detail::check_options(image, conductivities, options);
  detail::check_memory(image.size, options.with_bounds, false);
  ConductivityResult result;
  const detail::VoxelNetwork voxels = detail::make_network(image, conductivities, options);
  result.removed_cells = voxels.removed_cells;
  if (!voxels.has_path) {
    result.status = SolveStatus::no_path;
    if (options.with_bounds) result.bounds = Bounds{};
    if (options.with_field) {
      result.potential.assign(image.voxels(), std::numeric_limits<float>::quiet_NaN());
      result.dissipation.assign(image.voxels(), 0.0f);
    }
  } else {
    detail::PotentialOptions solve;
    solve.axis = voxels.axis;
    solve.tolerance = options.tolerance;
    solve.max_iterations = options.max_iterations;
    solve.threads = options.threads;
    solve.progress = options.progress;
    detail::PotentialSolver solver(voxels.network, solve);
    const detail::PotentialResult found = solver.solve();
    result.status = found.is_converged ? SolveStatus::converged : SolveStatus::not_converged;
    result.conductivity = found.energy * voxels.to_conductivity;
    result.flux_conductivity = found.flux * voxels.to_conductivity;
    result.relative_residual = found.relative_residual;
    result.flux_imbalance = found.flux_imbalance;
    result.iterations = found.iterations;
    result.bytes = found.bytes + image.labels.size();
    if (options.boundary == Boundary::periodic) {
      // Mean current density: every link carries its current over its own length.
      const double layers = static_cast<double>(image.size[options.axis]);
      for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t axis = voxels.order[i];
        result.row[axis] =
            found.current[i] * voxels.to_conductivity / layers * image.spacing[axis] / image.spacing[options.axis];
      }
    }
    if (options.with_bounds && options.surface_layers.empty()) {
      result.bounds = find_bounds(image, voxels, solve, solver);
    }
    if (options.with_field) keep_field(image, voxels, solver.potential(), result);
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

TensorResult conductivity_tensor(const VoxelImage& image, std::span<const double> conductivities,
                                 SolveOptions options) {
  options.boundary = Boundary::periodic;
  TensorResult result;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    options.axis = axis;
    result.solves[axis] = effective_conductivity(image, conductivities, options);
    result.conductivity[axis] = result.solves[axis].row;
    result.conductivity[axis][axis] = result.solves[axis].conductivity;
  }
  // The exact tensor is symmetric; the two halves differ by the tolerance.
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = i + 1; j < 3; ++j) {
      const double mean = 0.5 * (result.conductivity[i][j] + result.conductivity[j][i]);
      result.conductivity[i][j] = mean;
      result.conductivity[j][i] = mean;
    }
  }
  return result;
}

double tortuosity_factor(const VoxelImage& image, std::span<const bool> member, const SolveOptions& options) {
  if (member.size() != image.phases.size())
    throw base::ParameterError("member", std::to_string(member.size()) + " marks",
                               "one per label, " + std::to_string(image.phases.size()));
  std::vector<double> conductivities(member.size(), 0.0);
  const std::vector<double> fraction = fractions(image);
  double share = 0.0;
  for (std::size_t i = 0; i < member.size(); ++i) {
    if (!member[i]) continue;
    conductivities[i] = 1.0;
    share += fraction[i];
  }
  const ConductivityResult found = effective_conductivity(image, conductivities, options);
  if (found.status == SolveStatus::no_path) return std::numeric_limits<double>::infinity();
  return share / found.conductivity;
}

}  // namespace closo::composite
