// Spheres of the insulator: overlapping, non-overlapping by random sequential addition, and gathered in clusters.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/detail/grid_check.hpp"
#include "closo/composite/detail/random_numbers.hpp"
#include "closo/composite/microstructure.hpp"

namespace closo::composite {
namespace {

using Point = std::array<double, 3>;

struct Sphere {
  Point centre{};  ///< in voxels
  double radius = 0.0;
};

/// Spheres added so far, sorted into cells so that overlaps are found quickly.
class Packing {
 public:
  Packing(const Grid& grid, double largest_radius) : periodic_(grid.periodic) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      box_[axis] = static_cast<double>(grid.size[axis]);
      cells_[axis] = std::max<std::size_t>(1, static_cast<std::size_t>(box_[axis] / (2.0 * largest_radius)));
    }
    members_.resize(cells_[0] * cells_[1] * cells_[2]);
  }

  bool overlaps(const Sphere& sphere) const {
    const std::array<std::size_t, 3> home = cell_of(sphere.centre);
    bool found = false;
    visit_around(home, [&](std::size_t cell) {
      for (const Sphere& other : members_[cell]) {
        const double reach = sphere.radius + other.radius;
        if (square_distance(sphere.centre, other.centre) < reach * reach) found = true;
      }
    });
    return found;
  }

  void add(const Sphere& sphere) {
    const std::array<std::size_t, 3> home = cell_of(sphere.centre);
    members_[home[0] + cells_[0] * (home[1] + cells_[1] * home[2])].push_back(sphere);
  }

 private:
  std::array<std::size_t, 3> cell_of(const Point& point) const {
    std::array<std::size_t, 3> cell{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double share = point[axis] / box_[axis] * static_cast<double>(cells_[axis]);
      cell[axis] = std::min(cells_[axis] - 1, static_cast<std::size_t>(std::max(0.0, share)));
    }
    return cell;
  }

  template <class Visit>
  void visit_around(const std::array<std::size_t, 3>& home, const Visit& visit) const {
    std::array<std::vector<std::size_t>, 3> near;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (const long step : {-1L, 0L, 1L}) {
        const auto n = static_cast<long>(cells_[axis]);
        long at = static_cast<long>(home[axis]) + step;
        if (at < 0 || at >= n) {
          if (!periodic_) continue;
          at = (at + n) % n;
        }
        near[axis].push_back(static_cast<std::size_t>(at));
      }
      std::ranges::sort(near[axis]);
      near[axis].erase(std::unique(near[axis].begin(), near[axis].end()), near[axis].end());
    }
    for (const std::size_t z : near[2]) {
      for (const std::size_t y : near[1]) {
        for (const std::size_t x : near[0]) visit(x + cells_[0] * (y + cells_[1] * z));
      }
    }
  }

  double square_distance(const Point& a, const Point& b) const {
    double square = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double d = std::abs(a[axis] - b[axis]);
      if (periodic_) d = std::min(d, box_[axis] - d);
      square += d * d;
    }
    return square;
  }

  bool periodic_;
  Point box_{};
  std::array<std::size_t, 3> cells_{};
  std::vector<std::vector<Sphere>> members_;
};

/// Voxels whose centre lies in a sphere, with their squared distance, as far as they are still conductor.
class Painter {
 public:
  explicit Painter(VoxelImage& image) : image_(image) {}

  struct Covered {
    double square = 0.0;
    std::size_t voxel = 0;
  };

  const std::vector<Covered>& newly_covered(const Sphere& sphere) {
    covered_.clear();
    std::array<long, 3> low{}, high{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      low[axis] = static_cast<long>(std::floor(sphere.centre[axis] - sphere.radius));
      high[axis] = static_cast<long>(std::floor(sphere.centre[axis] + sphere.radius));
      const auto n = static_cast<long>(image_.size[axis]);
      if (!image_.is_periodic) {
        low[axis] = std::max(low[axis], 0L);
        high[axis] = std::min(high[axis], n - 1);
      } else if (high[axis] - low[axis] >= n) {  // a sphere wider than the box meets itself
        low[axis] = static_cast<long>(std::floor(sphere.centre[axis])) - n / 2;
        high[axis] = low[axis] + n - 1;
      }
    }
    const double limit = sphere.radius * sphere.radius;
    for (long z = low[2]; z <= high[2]; ++z) {
      const double dz = static_cast<double>(z) + 0.5 - sphere.centre[2];
      for (long y = low[1]; y <= high[1]; ++y) {
        const double dy = static_cast<double>(y) + 0.5 - sphere.centre[1];
        if (dy * dy + dz * dz >= limit) continue;
        for (long x = low[0]; x <= high[0]; ++x) {
          const double dx = static_cast<double>(x) + 0.5 - sphere.centre[0];
          const double square = dx * dx + dy * dy + dz * dz;
          if (square >= limit) continue;
          const std::size_t voxel = image_.index(wrap(x, 0), wrap(y, 1), wrap(z, 2));
          if (image_.labels[voxel] == 0) covered_.push_back({square, voxel});
        }
      }
    }
    return covered_;
  }

  /// Paints at most `most` voxels, the innermost first: the last sphere is made smaller so that the fraction is met.
  std::size_t paint(std::size_t most) {
    if (covered_.size() > most) {
      std::ranges::sort(covered_, [](const Covered& a, const Covered& b) {
        return a.square < b.square || (a.square == b.square && a.voxel < b.voxel);
      });
      covered_.resize(most);
    }
    for (const Covered& each : covered_) image_.labels[each.voxel] = 1;
    return covered_.size();
  }

 private:
  std::size_t wrap(long at, std::size_t axis) const {
    const auto n = static_cast<long>(image_.size[axis]);
    return static_cast<std::size_t>((at % n + n) % n);
  }

  VoxelImage& image_;
  std::vector<Covered> covered_;
};

/// Places of the spheres: anywhere, or in clusters that are filled one after the other.
class Places {
 public:
  Places(const Grid& grid, const Spheres& model, detail::RandomNumbers& random)
      : grid_(grid), model_(model), random_(random) {
    // A cluster holds spheres until they fill half of its volume, as loosely packed aggregates do.
    if (model.cluster_radius > 0.0) {
      const double ratio = model.cluster_radius / model.radius;
      per_cluster_ = std::max<std::size_t>(1, static_cast<std::size_t>(0.5 * ratio * ratio * ratio));
    }
  }

  Point next(double radius) {
    if (per_cluster_ == 0 || random_.uniform() >= model_.cluster_fraction) return anywhere();
    if (tried_ % per_cluster_ == 0) cluster_ = anywhere();
    ++tried_;
    const double reach = std::max(0.0, model_.cluster_radius / grid_.voxel - radius);
    Point offset{};
    double square = 2.0;
    while (square > 1.0) {
      square = 0.0;
      for (double& part : offset) {
        part = 2.0 * random_.uniform() - 1.0;
        square += part * part;
      }
    }
    Point place = cluster_;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto n = static_cast<double>(grid_.size[axis]);
      place[axis] += reach * offset[axis];
      if (grid_.periodic)
        place[axis] -= n * std::floor(place[axis] / n);
      else
        place[axis] = std::clamp(place[axis], 0.0, n);
    }
    return place;
  }

 private:
  Point anywhere() {
    Point place{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      place[axis] = static_cast<double>(grid_.size[axis]) * random_.uniform();
    return place;
  }

  const Grid& grid_;
  const Spheres& model_;
  detail::RandomNumbers& random_;
  std::size_t per_cluster_ = 0, tried_ = 0;
  Point cluster_{};
};

std::string describe(const Grid& grid, const Spheres& model) {
  std::string text = model.overlapping ? "overlapping spheres" : "non-overlapping spheres";
  text += ", " + base::format_number(100.0 * model.fraction, 4) + " vol%, radius " +
          base::format_number(1e9 * model.radius, 4) + " nm";
  if (model.log_standard_deviation > 0.0)
    text += ", log-normal spread " + base::format_number(model.log_standard_deviation, 3);
  if (model.cluster_radius > 0.0)
    text += ", clusters of " + base::format_number(1e9 * model.cluster_radius, 4) + " nm radius";
  return text + ", voxel " + base::format_number(1e9 * grid.voxel, 4) + " nm, seed " + std::to_string(grid.seed);
}

}  // namespace

VoxelImage spheres(const Grid& grid, const Spheres& model) {
  detail::check_range("fraction", model.fraction, 0.0, 1.0);
  detail::check_positive("radius", model.radius);
  detail::check_range("log_standard_deviation", model.log_standard_deviation, 0.0, 2.0);
  detail::check_range("cluster_fraction", model.cluster_fraction, 0.0, 1.0);
  if (model.cluster_radius != 0.0 && !(model.cluster_radius > model.radius)) {
    throw base::ParameterError("cluster_radius", base::format_number(model.cluster_radius) + " m",
                               "0, or more than the radius of the spheres");
  }
  VoxelImage image = detail::empty_image(grid, {Phase::bulk, Phase::insulator});
  image.origin = describe(grid, model);
  detail::RandomNumbers random(grid.seed);
  const double median = model.radius / grid.voxel;
  // Radii beyond three standard deviations are drawn again: one giant would fill a small box.
  const double largest = median * std::exp(3.0 * model.log_standard_deviation);
  Packing packing(grid, largest);
  Painter painter(image);
  Places places(grid, model, random);
  const auto wanted = static_cast<std::size_t>(std::llround(model.fraction * static_cast<double>(image.voxels())));
  std::size_t covered = 0, failures = 0;
  const std::size_t patience = model.overlapping ? 20'000'000 : 200'000;
  while (covered < wanted) {
    double deviation = 4.0;
    while (model.log_standard_deviation > 0.0 && std::abs(deviation) > 3.0) deviation = random.normal();
    const double radius =
        model.log_standard_deviation > 0.0 ? median * std::exp(model.log_standard_deviation * deviation) : median;
    const Sphere sphere{places.next(radius), radius};
    if (!model.overlapping) {
      if (packing.overlaps(sphere)) {
        if (++failures > patience) {
          throw base::NumericsError(
              "spheres: after " + std::to_string(patience) + " vain tries no further sphere fits; reached " +
              base::format_number(100.0 * static_cast<double>(covered) / static_cast<double>(image.voxels()), 3) +
              " of " + base::format_number(100.0 * model.fraction, 3) +
              " vol%; overlapping spheres or a spread of radii allow more");
        }
        continue;
      }
      packing.add(sphere);
      failures = 0;
    }
    if (painter.newly_covered(sphere).empty() && ++failures > patience)
      throw base::NumericsError("spheres: the fraction cannot be reached with spheres smaller than a voxel");
    covered += painter.paint(wanted - covered);
  }
  return image;
}

}  // namespace closo::composite
