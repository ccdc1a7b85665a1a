#include "closo/composite/distributed/conductivity.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/detail/memory.hpp"
#include "closo/composite/distributed/brick.hpp"
#include "closo/composite/distributed/detail/hypre_system.hpp"
#include "closo/composite/distributed/detail/link_grid.hpp"
#include "closo/composite/distributed/detail/regions.hpp"

namespace closo::composite::distributed {
namespace {

using Neighbours = std::array<std::optional<std::size_t>, 6>;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

std::string voxels_text(const std::array<std::size_t, 3>& size) {
  return std::to_string(size[0]) + "x" + std::to_string(size[1]) + "x" + std::to_string(size[2]) + " voxels";
}

void check_input(const World& world, const BrickImage& image, std::span<const double> conductivities,
                 const Options& options) {
  check_parts(image.size, image.parts, world.ranks());
  if (options.axis > 2) throw base::ParameterError("axis", std::to_string(options.axis), "0, 1 or 2");
  if (!(options.tolerance > 0.0) || !(options.tolerance < 1.0))
    throw base::ParameterError("tolerance", base::format_number(options.tolerance), "between 0 and 1");
  for (const double spacing : image.spacing) {
    if (!(spacing > 0.0) || !std::isfinite(spacing))
      throw base::ParameterError("spacing", base::format_number(spacing), "finite, above 0");
  }
  if (conductivities.empty() || conductivities.size() > 256)
    throw base::ParameterError("conductivities", std::to_string(conductivities.size()), "1 to 256, one per label");
  for (const double value : conductivities) {
    if (!(value >= 0.0) || !std::isfinite(value))
      throw base::ParameterError("conductivities", base::format_number(value) + " S/m", "finite, not below 0");
  }
  const Brick brick = brick_of(image.size, image.parts, world.rank());
  if (image.labels.size() != brick.voxels())
    throw base::ParameterError(
        "labels", std::to_string(image.labels.size()),
        std::to_string(brick.voxels()) + ", one a voxel of rank " + std::to_string(world.rank()));
  const auto unknown =
      std::ranges::find_if(image.labels, [&](std::uint8_t label) { return label >= conductivities.size(); });
  if (unknown != image.labels.end()) {
    const auto index = static_cast<std::size_t>(unknown - image.labels.begin());
    const std::size_t x = brick.from[0] + index % brick.size[0],
                      y = brick.from[1] + index / brick.size[0] % brick.size[1],
                      z = brick.from[2] + index / (brick.size[0] * brick.size[1]);
    throw base::InputError({},
                           "label " + std::to_string(*unknown) + " at voxel (" + std::to_string(x) + ", " +
                               std::to_string(y) + ", " + std::to_string(z) + ") has no conductivity",
                           "labels below " + std::to_string(conductivities.size()) + ", the number of conductivities");
  }
}

/// Calls visit(at, index) for the voxels of one plane, or of all.
template <class Visit>
void for_plane(const Brick& brick, std::size_t z, const Visit& visit) {
  std::array<std::size_t, 3> at{0, 0, z};
  std::size_t index = brick.index(at);
  for (at[1] = 0; at[1] < brick.size[1]; ++at[1]) {
    for (at[0] = 0; at[0] < brick.size[0]; ++at[0]) visit(at, index++);
  }
}

/// Rows Σ c φ − Σ c φ' = b, and a linear potential to begin with. ‖b‖² of this rank.
double fill(const detail::LinkGrid& grid, std::size_t layers, detail::HypreSystem& system) {
  const Brick& brick = grid.brick();
  const std::size_t plane = brick.size[0] * brick.size[1], axis = grid.scale().axis;
  std::vector<double> diagonal(plane), low_x(plane), low_y(plane), low_z(plane), right(plane), start(plane);
  double square = 0.0;
  for (std::size_t z = 0; z < brick.size[2]; ++z) {
    for_plane(brick, z, [&](const std::array<std::size_t, 3>& at, std::size_t index) {
      const std::size_t i = index - z * plane;
      const detail::Links links = grid.at(at);
      double sum = 0.0;
      for (const double c : links.conductance) sum += c;
      const auto entry = [&](std::size_t a) {
        return a == axis && links.low_electrode ? 0.0 : -links.conductance[2 * a];
      };
      low_x[i] = entry(0);
      low_y[i] = entry(1);
      low_z[i] = entry(2);
      diagonal[i] = sum > 0.0 ? sum : 1.0;
      right[i] = links.low_electrode ? links.conductance[2 * axis] : 0.0;
      const double depth = (static_cast<double>(brick.from[axis] + at[axis]) + 0.5) / static_cast<double>(layers);
      start[i] = sum > 0.0 ? 1.0 - depth : 0.0;
      square += right[i] * right[i];
    });
    system.set_rows(z, {diagonal, low_x, low_y, low_z, right});
    system.set_start(z, start);
  }
  return square;
}

struct Assessment {
  double energy = 0.0, flux = 0.0, flux_imbalance = 0.0, residual = 0.0;
};

/// Sums over all ranks in units of the scale; every link counts at its low end, and at the high electrode.
Assessment assess(const World& world, const detail::LinkGrid& grid, const Neighbours& neighbours, std::size_t layers,
                  std::span<const double> potential) {
  const Brick& brick = grid.brick();
  const std::size_t axis = grid.scale().axis;
  const detail::Faces<double> faces =
      detail::exchange<double>(world, brick, neighbours, [&](std::size_t index) { return potential[index]; });
  // Flux through every plane across the current, then energy and squared residual.
  std::vector<double> sums(layers + 3, 0.0);
  double energy = 0.0, square = 0.0;
  for (std::size_t z = 0; z < brick.size[2]; ++z) {
    for_plane(brick, z, [&](const std::array<std::size_t, 3>& at, std::size_t index) {
      const detail::Links links = grid.at(at);
      double residual = 0.0;
      for (std::size_t face = 0; face < 6; ++face) {
        const double c = links.conductance[face];
        if (!(c > 0.0)) continue;
        const double* value = detail::beside(brick, potential, faces, at, face);
        const bool is_electrode = value == nullptr;
        const double other = is_electrode ? (face % 2 == 0 ? 1.0 : 0.0) : *value;
        const double inflow = c * (other - potential[index]);
        residual += inflow;
        const bool is_low = face % 2 == 0;
        if (!is_low && !is_electrode) continue;
        energy += inflow * (other - potential[index]);
        if (face / 2 == axis) sums[brick.from[axis] + at[axis] + (is_low ? 0 : 1)] += is_low ? inflow : -inflow;
      }
      square += residual * residual;
    });
  }
  sums[layers + 1] = energy;
  sums[layers + 2] = square;
  world.sum(sums);
  Assessment result;
  const std::span<const double> flux(sums.data(), layers + 1);
  const double high = *std::ranges::max_element(flux), low = *std::ranges::min_element(flux);
  for (const double value : flux) result.flux += value / static_cast<double>(layers + 1);
  result.flux_imbalance = high > 0.0 ? (high - low) / high : 0.0;
  result.energy = sums[layers + 1];
  result.residual = std::sqrt(sums[layers + 2]);
  return result;
}

double peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

void solve(const World& world, const detail::LinkGrid& grid, const Neighbours& neighbours, std::size_t layers,
           const Options& options, Result& result) {
  Clock::time_point begin = Clock::now();
  const Brick& brick = grid.brick();
  detail::HypreSystem system(world, brick);
  const double reference = std::sqrt(world.sum(fill(grid, layers, system)));
  system.assemble();
  result.setup_seconds = world.largest(since(begin));
  begin = Clock::now();

  std::vector<double> potential;
  world.together([&] { potential.resize(brick.voxels()); });
  const std::size_t plane = brick.size[0] * brick.size[1];
  // The residual alone does not bound the flux balance: where that is still off, the iterations go on.
  constexpr double tightest = 1e-14;
  double tolerance = options.tolerance;
  while (tolerance >= tightest) {
    result.iterations += system.solve(tolerance, options.max_iterations - result.iterations);
    for (std::size_t z = 0; z < brick.size[2]; ++z)
      system.get_solution(z, std::span<double>(potential).subspan(z * plane, plane));
    const Assessment found = assess(world, grid, neighbours, layers, potential);
    result.conductivity = found.energy * grid.scale().to_conductivity;
    result.flux_conductivity = found.flux * grid.scale().to_conductivity;
    result.relative_residual = found.residual / reference;
    result.flux_imbalance = found.flux_imbalance;
    const bool is_converged = result.relative_residual <= options.tolerance &&
                              result.flux_imbalance <= options.tolerance &&
                              std::abs(found.energy - found.flux) <= options.tolerance * found.energy;
    result.status = is_converged ? SolveStatus::converged : SolveStatus::not_converged;
    if (is_converged || result.iterations >= options.max_iterations) break;
    const bool has_stopped_early = !(result.relative_residual <= 2.0 * tolerance);
    if (has_stopped_early && !system.weaken()) break;
    if (!has_stopped_early) tolerance *= 0.1;
  }
  result.solve_seconds = world.largest(since(begin));
}

}  // namespace

void check_size(const World& world, std::array<std::size_t, 3> size, std::array<std::size_t, 3> parts) {
  check_parts(size, parts, world.ranks());
  double voxels = 1.0;
  for (const std::size_t n : size) voxels *= static_cast<double>(n);
  if (voxels > detail::HypreSystem::most_unknowns())
    throw base::ParameterError("size", voxels_text(size),
                               "at most " + base::format_exact(detail::HypreSystem::most_unknowns()) +
                                   " voxels in all with this hypre; one with 64-bit integers (Debian: libhypre64-dev) "
                                   "takes more");
  world.together([&] {
    const std::optional<std::size_t> available = composite::detail::available_memory();
    if (!available) return;
    const double share = static_cast<double>(*available) / static_cast<double>(world.ranks_on_host());
    const Brick brick = brick_of(size, parts, world.rank());
    if (static_cast<double>(brick.voxels()) * bytes_per_voxel > share)
      throw base::ParameterError("size", voxels_text(size) + ", " + voxels_text(brick.size) + " on one rank",
                                 "at most " + base::format_number(share / bytes_per_voxel, 3) +
                                     " voxels a rank on that host: more hosts, or a smaller image");
  });
}

Result effective_conductivity(const World& world, BrickImage image, std::span<const double> conductivities,
                              const Options& options) {
  world.together([&] { check_input(world, image, conductivities, options); });
  check_size(world, image.size, image.parts);
  const Brick brick = brick_of(image.size, image.parts, world.rank());
  const Neighbours neighbours = neighbours_of(image.parts, world.rank());
  const std::size_t axis = options.axis, layers = image.size[axis];
  Result result;

  const Clock::time_point begin = Clock::now();
  std::array<double, 256> occurs{};
  for (const std::uint8_t label : image.labels) occurs[label] = 1.0;
  world.sum(occurs);
  std::array<bool, 256> conducts{};
  std::optional<std::uint8_t> insulator;
  double largest = 0.0;
  for (std::size_t i = 0; i < conductivities.size(); ++i) {
    const bool is_used = occurs[i] > 0.0;
    conducts[i] = conductivities[i] > 0.0 || !is_used;
    if (is_used) largest = std::max(largest, conductivities[i]);
    if (!conducts[i] && !insulator) insulator = static_cast<std::uint8_t>(i);
  }
  bool has_path = true;
  if (insulator) {
    const detail::Regions regions = detail::remove_unconnected(
        world, image.size, brick, neighbours, axis, std::span<const bool>(conducts.data(), conductivities.size()),
        *insulator, image.labels);
    has_path = regions.has_path;
    result.removed_cells = regions.removed_cells;
    result.region_rounds = regions.rounds;
  }
  result.regions_seconds = world.largest(since(begin));
  if (has_path) {
    const detail::LinkGrid grid(world, brick, neighbours,
                                detail::make_scale(image.size, image.spacing, axis, conductivities, largest),
                                image.labels);
    solve(world, grid, neighbours, layers, options, result);
  } else {
    result.status = SolveStatus::no_path;
  }
  result.largest_rank_bytes = world.largest(peak_bytes());
  result.total_bytes = world.sum(peak_bytes());
  return result;
}

}  // namespace closo::composite::distributed
