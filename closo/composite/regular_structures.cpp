// Structures without chance: channels of a mesoporous scaffold, layers, cubic arrays of spheres.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/detail/grid_check.hpp"
#include "closo/composite/microstructure.hpp"

namespace closo::composite {

VoxelImage channels(const Grid& grid, const Channels& model) {
  detail::check_positive("pore_diameter", model.pore_diameter);
  detail::check_positive("wall_thickness", model.wall_thickness);
  VoxelImage image = detail::empty_image(grid, {Phase::bulk, Phase::insulator});
  const double distance = (model.pore_diameter + model.wall_thickness) / grid.voxel;
  // Rectangular cell of two channels, stretched so that a whole number of cells fits into the box.
  const double width = static_cast<double>(grid.size[0]), height = static_cast<double>(grid.size[1]);
  const double a = width / std::max(1.0, std::round(width / distance));
  const double b = height / std::max(1.0, std::round(height / (distance * std::numbers::sqrt3)));
  const double nominal = std::numbers::pi / (2.0 * std::numbers::sqrt3) * model.pore_diameter * model.pore_diameter /
                         ((model.pore_diameter + model.wall_thickness) * (model.pore_diameter + model.wall_thickness));
  const double radius = std::sqrt(nominal * a * b / (2.0 * std::numbers::pi));
  image.origin = "hexagonal channels, pores " + base::format_number(1e9 * model.pore_diameter, 4) + " nm, walls " +
                 base::format_number(1e9 * model.wall_thickness, 4) + " nm, lattice stretched to " +
                 base::format_number(1e9 * a * grid.voxel, 4) + " × " + base::format_number(1e9 * b * grid.voxel, 4) +
                 " nm";
  const auto offset = [](double x, double period) { return x - period * std::round(x / period); };
  for (std::size_t y = 0; y < grid.size[1]; ++y) {
    for (std::size_t x = 0; x < grid.size[0]; ++x) {
      const double px = static_cast<double>(x) + 0.5, py = static_cast<double>(y) + 0.5;
      const double corner = std::hypot(offset(px, a), offset(py, b));
      const double centre = std::hypot(offset(px - 0.5 * a, a), offset(py - 0.5 * b, b));
      const std::uint8_t label = std::min(corner, centre) < radius ? 0 : 1;
      for (std::size_t z = 0; z < grid.size[2]; ++z) image.labels[image.index(x, y, z)] = label;
    }
  }
  return image;
}

VoxelImage layers(const Grid& grid, const std::vector<double>& shares, std::size_t axis, std::vector<Phase> phases) {
  if (axis > 2) throw base::ParameterError("axis", std::to_string(axis), "0, 1 or 2");
  if (shares.empty() || shares.size() > 255 || shares.size() != phases.size())
    throw base::ParameterError("shares", std::to_string(shares.size()) + " layers", "one phase a layer, 1 to 255");
  double sum = 0.0;
  for (const double share : shares) {
    detail::check_range("share", share, 0.0, 1.0);
    sum += share;
  }
  if (std::abs(sum - 1.0) > 1e-9) throw base::ParameterError("shares", base::format_number(sum), "a sum of 1");
  VoxelImage image = detail::empty_image(grid, std::move(phases));
  image.origin = std::to_string(shares.size()) + " layers across axis " + std::to_string(axis);
  const auto n = static_cast<double>(grid.size[axis]);
  std::vector<std::uint8_t> label_at(grid.size[axis], 0);
  double end = 0.0;
  std::size_t from = 0;
  for (std::size_t layer = 0; layer < shares.size(); ++layer) {
    end += shares[layer];
    const auto to = std::min(grid.size[axis], static_cast<std::size_t>(std::llround(end * n)));
    for (std::size_t k = from; k < to; ++k) label_at[k] = static_cast<std::uint8_t>(layer);
    from = to;
  }
  const std::array<std::size_t, 3> step{1, grid.size[0], grid.size[0] * grid.size[1]};
  for (std::size_t i = 0; i < image.labels.size(); ++i) image.labels[i] = label_at[i / step[axis] % grid.size[axis]];
  return image;
}

VoxelImage cubic_spheres(std::size_t voxels_per_cell, double fraction, int lattice) {
  if (lattice < 0 || lattice > 2)
    throw base::ParameterError("lattice", std::to_string(lattice), "0 (simple), 1 (body-centred) or 2 (face-centred)");
  const std::vector<std::array<double, 3>> sites =
      lattice == 0 ? std::vector<std::array<double, 3>>{{0.5, 0.5, 0.5}}
      : lattice == 1
          ? std::vector<std::array<double, 3>>{{0.0, 0.0, 0.0}, {0.5, 0.5, 0.5}}
          : std::vector<std::array<double, 3>>{{0.0, 0.0, 0.0}, {0.5, 0.5, 0.0}, {0.5, 0.0, 0.5}, {0.0, 0.5, 0.5}};
  // Fractions at which neighbouring spheres touch.
  const std::array<double, 3> touching{std::numbers::pi / 6.0, std::numbers::pi * std::numbers::sqrt3 / 8.0,
                                       std::numbers::pi * std::numbers::sqrt2 / 6.0};
  detail::check_range("fraction", fraction, 0.0, touching[static_cast<std::size_t>(lattice)]);
  Grid grid;
  grid.size = {voxels_per_cell, voxels_per_cell, voxels_per_cell};
  VoxelImage image = detail::empty_image(grid, {Phase::bulk, Phase::insulator});
  image.origin =
      "cubic array of spheres, lattice " + std::to_string(lattice) + ", fraction " + base::format_number(fraction, 6);
  const double radius = std::cbrt(3.0 * fraction / (4.0 * std::numbers::pi * static_cast<double>(sites.size())));
  const auto n = static_cast<double>(voxels_per_cell);
  std::size_t voxel = 0;
  for (std::size_t z = 0; z < voxels_per_cell; ++z) {
    for (std::size_t y = 0; y < voxels_per_cell; ++y) {
      for (std::size_t x = 0; x < voxels_per_cell; ++x, ++voxel) {
        const std::array<double, 3> at{(static_cast<double>(x) + 0.5) / n, (static_cast<double>(y) + 0.5) / n,
                                       (static_cast<double>(z) + 0.5) / n};
        for (const std::array<double, 3>& site : sites) {
          double square = 0.0;
          for (std::size_t axis = 0; axis < 3; ++axis) {
            double d = at[axis] - site[axis];
            d -= std::round(d);
            square += d * d;
          }
          if (square < radius * radius) image.labels[voxel] = 1;
        }
      }
    }
  }
  return image;
}

}  // namespace closo::composite
