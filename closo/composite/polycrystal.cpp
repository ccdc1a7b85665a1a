// Voronoi polycrystals: grains around random seeds, boundaries of a given thickness along the bisecting planes.
#include <algorithm>
#include <cmath>
#include <limits>

#include "closo/base/number.hpp"
#include "closo/composite/detail/grid_check.hpp"
#include "closo/composite/detail/random_numbers.hpp"
#include "closo/composite/microstructure.hpp"

namespace closo::composite {
namespace {

using Point = std::array<double, 3>;

struct Nearest {
  std::uint32_t grain = 0;
  double boundary = 0.0;  ///< voxels to the closest bisecting plane
};

/// Seeds in cells of about one grain each.
class Seeds {
 public:
  Seeds(const Grid& grid, double grain_voxels) : periodic_(grid.periodic) {
    detail::RandomNumbers random(grid.seed);
    double volume = 1.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      box_[axis] = static_cast<double>(grid.size[axis]);
      volume *= box_[axis] / grain_voxels;
      cells_[axis] = std::max(1L, static_cast<long>(box_[axis] / grain_voxels));
    }
    const auto count = static_cast<std::size_t>(std::max<long long>(1, std::llround(volume)));
    members_.resize(static_cast<std::size_t>(cells_[0] * cells_[1] * cells_[2]));
    for (std::size_t i = 0; i < count; ++i) {
      Point place{};
      for (std::size_t axis = 0; axis < 3; ++axis) place[axis] = box_[axis] * random.uniform();
      seeds_.push_back(place);
      members_[cell_index(cell_of(place))].push_back(static_cast<std::uint32_t>(i));
    }
  }

  std::size_t size() const noexcept { return seeds_.size(); }

  /// The grain, and the distance to its boundary where that is below half of `reach` (else some larger number).
  Nearest nearest(const Point& at, double reach) {
    // Shells of cells until all seeds within best + reach are seen: the bisecting plane of a seed at distance d lies at
    // least (d − best)/2 away.
    near_.clear();
    double best = std::numeric_limits<double>::infinity();
    const std::array<long, 3> home = cell_of(at);
    const double cell = std::min({box_[0] / static_cast<double>(cells_[0]), box_[1] / static_cast<double>(cells_[1]),
                                  box_[2] / static_cast<double>(cells_[2])});
    const long most = std::max({cells_[0], cells_[1], cells_[2]});
    for (long shell = 0; shell <= most; ++shell) {
      if (static_cast<double>(shell - 1) * cell > best + reach) break;
      visit_shell(home, shell, [&](std::uint32_t seed, const Point& shift) {
        Point offset{};
        double square = 0.0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
          offset[axis] = seeds_[seed][axis] + shift[axis] - at[axis];
          square += offset[axis] * offset[axis];
        }
        best = std::min(best, std::sqrt(square));
        near_.push_back({seed, square, offset});
      });
    }
    const auto first = std::ranges::min_element(near_, {}, &Candidate::square);
    Nearest found{first->seed, std::numeric_limits<double>::infinity()};
    for (const Candidate& other : near_) {
      double between = 0.0;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const double d = other.offset[axis] - first->offset[axis];
        between += d * d;
      }
      if (between < 1e-18) continue;
      found.boundary = std::min(found.boundary, 0.5 * (other.square - first->square) / std::sqrt(between));
    }
    return found;
  }

 private:
  struct Candidate {
    std::uint32_t seed = 0;
    double square = 0.0;
    Point offset{};
  };

  std::array<long, 3> cell_of(const Point& at) const {
    std::array<long, 3> cell{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto n = static_cast<double>(cells_[axis]);
      cell[axis] = std::clamp(static_cast<long>(at[axis] / box_[axis] * n), 0L, cells_[axis] - 1);
    }
    return cell;
  }
  std::size_t cell_index(const std::array<long, 3>& cell) const {
    return static_cast<std::size_t>(cell[0] + cells_[0] * (cell[1] + cells_[1] * cell[2]));
  }

  template <class Visit>
  void visit_shell(const std::array<long, 3>& home, long shell, const Visit& visit) const {
    for (long z = -shell; z <= shell; ++z) {
      for (long y = -shell; y <= shell; ++y) {
        const bool inside = std::abs(z) < shell && std::abs(y) < shell;
        for (long x = -shell; x <= shell; x += inside && shell > 0 ? 2 * shell : 1) {
          std::array<long, 3> cell{home[0] + x, home[1] + y, home[2] + z};
          Point shift{};
          bool outside = false;
          for (std::size_t axis = 0; axis < 3; ++axis) {
            const long wraps =
                static_cast<long>(std::floor(static_cast<double>(cell[axis]) / static_cast<double>(cells_[axis])));
            if (wraps == 0) continue;
            outside = outside || !periodic_;
            cell[axis] -= wraps * cells_[axis];
            shift[axis] = static_cast<double>(wraps) * box_[axis];
          }
          if (outside) continue;
          for (const std::uint32_t seed : members_[cell_index(cell)]) visit(seed, shift);
        }
      }
    }
  }

  bool periodic_;
  Point box_{};
  std::array<long, 3> cells_{};
  std::vector<Point> seeds_;
  std::vector<std::vector<std::uint32_t>> members_;
  std::vector<Candidate> near_;
};

template <class Use>
void visit_voxels(const Grid& grid, const Polycrystal& model, const Use& use) {
  detail::check_positive("grain_size", model.grain_size);
  detail::check_range("boundary_thickness", model.boundary_thickness, 0.0, model.grain_size);
  Seeds seeds(grid, model.grain_size / grid.voxel);
  std::size_t voxel = 0;
  for (std::size_t z = 0; z < grid.size[2]; ++z) {
    for (std::size_t y = 0; y < grid.size[1]; ++y) {
      for (std::size_t x = 0; x < grid.size[0]; ++x) {
        use(voxel++,
            seeds.nearest({static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5, static_cast<double>(z) + 0.5},
                          model.boundary_thickness / grid.voxel));
      }
    }
  }
}

}  // namespace

VoxelImage polycrystal(const Grid& grid, const Polycrystal& model) {
  VoxelImage image = detail::empty_image(grid, {Phase::bulk, Phase::grain_boundary});
  image.origin = "Voronoi polycrystal, grain size " + base::format_number(1e9 * model.grain_size, 4) +
                 " nm, boundary " + base::format_number(1e9 * model.boundary_thickness, 4) + " nm, voxel " +
                 base::format_number(1e9 * grid.voxel, 4) + " nm, seed " + std::to_string(grid.seed);
  const double half = 0.5 * model.boundary_thickness / grid.voxel;
  visit_voxels(grid, model, [&](std::size_t voxel, const Nearest& nearest) {
    image.labels[voxel] = nearest.boundary <= half ? 1 : 0;
  });
  return image;
}

std::vector<std::uint32_t> grain_numbers(const Grid& grid, const Polycrystal& model) {
  std::vector<std::uint32_t> grains(detail::empty_image(grid, {Phase::bulk}).voxels());
  visit_voxels(grid, model, [&](std::size_t voxel, const Nearest& nearest) { grains[voxel] = nearest.grain; });
  return grains;
}

}  // namespace closo::composite
