#include "closo/tasks/detail/voxel_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::tasks::detail {
namespace {

using Vector = std::array<double, 3>;

constexpr report::Colour ink{31, 41, 51};

// Share of the light that the faces across x, y and z get from everywhere, and from the lamp in addition.
constexpr Vector from_everywhere{0.66, 0.62, 0.72};
constexpr Vector from_lamp{0.18, 0.0, 0.28};
constexpr Vector to_lamp{0.5, -0.45, 0.75};

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

struct Hit {
  bool found = false;
  std::size_t axis = 0;  // across the face that was met
  std::array<std::ptrdiff_t, 3> voxel{};
  Vector place{};         // in voxels
  double in_voids = 0.0;  // way through transparent voxels, as a share of the longest edge
};

class Scene {
 public:
  Scene(const composite::VoxelImage& image, std::span<const Surface> surfaces, bool cut) : image_(image) {
    surfaces_.assign(surfaces.begin(), surfaces.end());
    for (std::size_t axis = 0; axis < 3; ++axis) {
      size_[axis] = static_cast<std::ptrdiff_t>(image.size[axis]);
      edge_[axis] = static_cast<double>(image.size[axis]) * image.spacing[axis];
      cut_[axis] = cut ? size_[axis] - size_[axis] / 2 : size_[axis];
    }
    longest_ = std::ranges::max(edge_);
  }

  const Vector& edge() const { return edge_; }  // m
  Vector cut_corner() const {                   // m
    Vector corner{};
    for (std::size_t axis = 0; axis < 3; ++axis) corner[axis] = static_cast<double>(cut_[axis]) * image_.spacing[axis];
    return corner;
  }

  // From a point [m] before the box along `direction` to the first face.
  Hit cast(Vector from, const Vector& direction) const {
    double enter = -std::numeric_limits<double>::infinity();
    double leave = std::numeric_limits<double>::infinity();
    Hit hit;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double a = -from[axis] / direction[axis];
      const double b = (edge_[axis] - from[axis]) / direction[axis];
      if (std::min(a, b) > enter) {
        enter = std::min(a, b);
        hit.axis = axis;
      }
      leave = std::min(leave, std::max(a, b));
    }
    if (enter >= leave) return hit;
    Walk walk(*this, direction);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      hit.place[axis] = (from[axis] + enter * direction[axis]) / image_.spacing[axis];
      hit.voxel[axis] =
          std::clamp(static_cast<std::ptrdiff_t>(std::floor(hit.place[axis])), std::ptrdiff_t{0}, size_[axis] - 1);
    }
    // On the entered face rounding must not decide on which side of it the ray begins.
    hit.voxel[hit.axis] = direction[hit.axis] < 0.0 ? size_[hit.axis] - 1 : 0;
    walk.start(hit.place, hit.voxel);
    const Vector entered = hit.place;
    double travelled = 0.0;
    double voids = 0.0;
    while (is_empty(hit.voxel)) {
      const double before = travelled;
      const bool counts = !is_cut(hit.voxel);
      travelled = walk.step(hit.voxel, hit.axis);
      if (counts) voids += travelled - before;
      if (!inside(hit.voxel, hit.axis)) return hit;
    }
    hit.found = true;
    hit.in_voids = voids / longest_;
    for (std::size_t axis = 0; axis < 3; ++axis)
      hit.place[axis] = entered[axis] + travelled * direction[axis] / image_.spacing[axis];
    return hit;
  }

  report::Colour colour(const Hit& hit) const {
    const report::Colour own = surfaces_[label(hit.voxel)].colour;
    double light = from_everywhere[hit.axis];
    if (from_lamp[hit.axis] > 0.0 && is_lit(hit)) light += from_lamp[hit.axis];
    light *= 1.0 - 0.5 * std::min(1.0, 2.0 * hit.in_voids);
    return report::blend({0, 0, 0}, own, light);
  }

 private:
  // Steps from voxel to voxel; the way is measured in m when the direction has the length 1.
  class Walk {
   public:
    Walk(const Scene& scene, const Vector& direction) : scene_(scene), direction_(direction) {}

    void start(const Vector& place, const std::array<std::ptrdiff_t, 3>& voxel) {
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const double spacing = scene_.image_.spacing[axis];
        const bool up = direction_[axis] > 0.0;
        stride_[axis] = up ? 1 : -1;
        way_[axis] = spacing / std::abs(direction_[axis]);
        const double wall = static_cast<double>(voxel[axis] + (up ? 1 : 0));
        next_[axis] = std::max(0.0, (wall - place[axis]) * spacing / direction_[axis]);
      }
    }

    double step(std::array<std::ptrdiff_t, 3>& voxel, std::size_t& axis) {
      axis = next_[0] <= next_[1] ? (next_[0] <= next_[2] ? 0 : 2) : (next_[1] <= next_[2] ? 1 : 2);
      const double way = next_[axis];
      voxel[axis] += stride_[axis];
      next_[axis] += way_[axis];
      return way;
    }

   private:
    const Scene& scene_;
    Vector direction_;
    std::array<std::ptrdiff_t, 3> stride_{};
    Vector way_{}, next_{};
  };

  std::uint8_t label(const std::array<std::ptrdiff_t, 3>& voxel) const {
    return image_.labels[static_cast<std::size_t>(voxel[0] + size_[0] * (voxel[1] + size_[1] * voxel[2]))];
  }
  bool is_cut(const std::array<std::ptrdiff_t, 3>& voxel) const {
    return voxel[0] >= cut_[0] && voxel[1] >= cut_[1] && voxel[2] >= cut_[2];
  }
  bool is_empty(const std::array<std::ptrdiff_t, 3>& voxel) const {
    return is_cut(voxel) || surfaces_[label(voxel)].transparent;
  }
  bool inside(const std::array<std::ptrdiff_t, 3>& voxel, std::size_t axis) const {
    return voxel[axis] >= 0 && voxel[axis] < size_[axis];
  }

  bool is_lit(const Hit& hit) const {
    std::array<std::ptrdiff_t, 3> voxel = hit.voxel;
    std::size_t axis = hit.axis;
    ++voxel[axis];  // seen faces look towards the larger coordinate
    if (!inside(voxel, axis)) return true;
    Walk walk(*this, to_lamp);
    walk.start(hit.place, voxel);
    do {
      walk.step(voxel, axis);
      if (!inside(voxel, axis)) return true;
    } while (is_empty(voxel));
    return false;
  }

  const composite::VoxelImage& image_;
  std::vector<Surface> surfaces_;
  std::array<std::ptrdiff_t, 3> size_{}, cut_{};
  Vector edge_{};
  double longest_ = 0.0;
};

// Between the box and the sheet of pixels.
class Camera {
 public:
  Camera(const Vector& edge, const ViewOptions& options) {
    const double azimuth = options.azimuth * std::numbers::pi / 180.0;
    const double elevation = options.elevation * std::numbers::pi / 180.0;
    to_viewer_ = {std::cos(elevation) * std::cos(azimuth), std::cos(elevation) * std::sin(azimuth),
                  std::sin(elevation)};
    right_ = {-std::sin(azimuth), std::cos(azimuth), 0.0};
    up_ = {-std::sin(elevation) * std::cos(azimuth), -std::sin(elevation) * std::sin(azimuth), std::cos(elevation)};
    double wide = 0.0;
    double high = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      centre_[axis] = edge[axis] / 2.0;
      far_ += edge[axis];
      wide += edge[axis] * std::abs(right_[axis]);
      high += edge[axis] * std::abs(up_[axis]);
    }
    const double margin = options.frame ? 40.0 : 2.0;
    pixel_ = std::max(wide, high) / (static_cast<double>(options.pixels) - 2.0 * margin);
    width_ = static_cast<std::size_t>(std::ceil(wide / pixel_ + 2.0 * margin - 1e-6));
    height_ = static_cast<std::size_t>(std::ceil(high / pixel_ + 2.0 * margin - 1e-6));
  }

  std::size_t width() const { return width_; }
  std::size_t height() const { return height_; }
  double pixel() const { return pixel_; }

  Spot spot(const Vector& point) const {
    Vector offset{};
    for (std::size_t axis = 0; axis < 3; ++axis) offset[axis] = point[axis] - centre_[axis];
    return {static_cast<double>(width_) / 2.0 + dot(offset, right_) / pixel_,
            static_cast<double>(height_) / 2.0 - dot(offset, up_) / pixel_};
  }
  // A point on the ray through the spot, nearer than the box.
  Vector before(Spot spot) const {
    const double u = (spot[0] - static_cast<double>(width_) / 2.0) * pixel_;
    const double v = (static_cast<double>(height_) / 2.0 - spot[1]) * pixel_;
    Vector point{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      point[axis] = centre_[axis] + u * right_[axis] + v * up_[axis] + far_ * to_viewer_[axis];
    return point;
  }
  Vector away() const { return {-to_viewer_[0], -to_viewer_[1], -to_viewer_[2]}; }

 private:
  Vector to_viewer_{}, right_{}, up_{}, centre_{};
  double far_ = 0.0, pixel_ = 0.0;
  std::size_t width_ = 0, height_ = 0;
};

void cast_all(Canvas& canvas, const Scene& scene, const Camera& camera) {
  constexpr report::Colour background{255, 255, 255};
  const Vector direction = camera.away();
  const auto cast = [&](double x, double y) {
    const Hit hit = scene.cast(camera.before({x, y}), direction);
    return hit.found ? scene.colour(hit) : background;
  };
  const std::size_t width = canvas.width();
  const std::size_t height = canvas.height();
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x)
      canvas.set(x, y, cast(static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5));
  }
  const Canvas first = canvas;
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      const report::Colour own = first.at(x, y);
      const bool edge = (x > 0 && first.at(x - 1, y) != own) || (x + 1 < width && first.at(x + 1, y) != own) ||
                        (y > 0 && first.at(x, y - 1) != own) || (y + 1 < height && first.at(x, y + 1) != own);
      if (!edge) continue;
      std::array<unsigned, 3> sum{2, 2, 2};
      for (const Spot place : {Spot{0.25, 0.25}, Spot{0.75, 0.25}, Spot{0.25, 0.75}, Spot{0.75, 0.75}}) {
        const report::Colour colour = cast(static_cast<double>(x) + place[0], static_cast<double>(y) + place[1]);
        sum[0] += colour.red;
        sum[1] += colour.green;
        sum[2] += colour.blue;
      }
      canvas.set(x, y,
                 {static_cast<std::uint8_t>(sum[0] / 4), static_cast<std::uint8_t>(sum[1] / 4),
                  static_cast<std::uint8_t>(sum[2] / 4)});
    }
  }
}

// None of these edges is ever hidden: seen from above in front, nothing stands before them.
void draw_edges(Canvas& canvas, const Camera& camera, const Vector& edge, const Vector& cut) {
  const auto draw = [&](const Vector& from, const Vector& to) {
    canvas.line(camera.spot(from), camera.spot(to), ink, 1.4, 0.8);
  };
  const bool is_cut = cut != edge;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::size_t b = (axis + 1) % 3;
    const std::size_t c = (axis + 2) % 3;
    const auto point = [&](double along, double on_b, double on_c) {
      Vector result{};
      result[axis] = along;
      result[b] = on_b;
      result[c] = on_c;
      return result;
    };
    draw(point(0.0, edge[b], 0.0), point(edge[axis], edge[b], 0.0));
    draw(point(0.0, 0.0, edge[c]), point(edge[axis], 0.0, edge[c]));
    draw(point(0.0, edge[b], edge[c]), point(cut[axis], edge[b], edge[c]));
    if (!is_cut) continue;
    draw(point(cut[axis], cut[b], cut[c]), point(edge[axis], cut[b], cut[c]));
    draw(point(cut[axis], edge[b], cut[c]), point(edge[axis], edge[b], cut[c]));
    draw(point(cut[axis], cut[b], edge[c]), point(edge[axis], cut[b], edge[c]));
  }
}

void draw_axis(Canvas& canvas, std::size_t axis, Spot from, Spot to, Spot outwards) {
  const double length = std::hypot(outwards[0], outwards[1]);
  const Spot unit{outwards[0] / length, outwards[1] / length};
  const auto place = [&](double along, double away) -> Spot {
    return {from[0] + along * (to[0] - from[0]) + away * unit[0], from[1] + along * (to[1] - from[1]) + away * unit[1]};
  };
  canvas.arrow(place(0.38, 10.0), place(0.62, 10.0), ink, 1.4);
  canvas.axis_letter(axis, place(0.5, 26.0), 13.0, ink);
}

void draw_axes(Canvas& canvas, const Camera& camera, const Vector& edge) {
  const Spot corner = camera.spot({edge[0], edge[1], 0.0});
  const Spot left = camera.spot({edge[0], 0.0, 0.0});
  const Spot right = camera.spot({0.0, edge[1], 0.0});
  const auto below = [](Spot from, Spot to) -> Spot {
    const Spot across{-(to[1] - from[1]), to[0] - from[0]};
    return across[1] > 0.0 ? across : Spot{-across[0], -across[1]};
  };
  draw_axis(canvas, 0, right, corner, below(right, corner));
  draw_axis(canvas, 1, left, corner, below(left, corner));
  draw_axis(canvas, 2, left, camera.spot({edge[0], 0.0, edge[2]}), {-1.0, 0.0});
}

void check_options(const ViewOptions& options) {
  for (const auto& [name, degrees] :
       {std::pair{"azimuth", options.azimuth}, std::pair{"elevation", options.elevation}}) {
    if (!(degrees > 0.0 && degrees < 90.0))
      throw base::ParameterError(name, base::format_number(degrees) + "°", "above 0° and below 90°");
  }
  if (options.pixels < 100 || options.pixels > 20000)
    throw base::ParameterError("pixels", std::to_string(options.pixels), "100 to 20000");
}

}  // namespace

VoxelView voxel_view(const composite::VoxelImage& image, std::span<const Surface> surfaces,
                     const ViewOptions& options) {
  composite::check(image);
  check_options(options);
  if (surfaces.size() < image.phases.size()) {
    throw base::ParameterError("surfaces", std::to_string(surfaces.size()),
                               std::to_string(image.phases.size()) + ", one per label");
  }
  const bool is_flat = std::ranges::any_of(image.size, [](std::size_t n) { return n < 2; });
  const Scene scene(image, surfaces, options.cut_octant && !is_flat);
  const Camera camera(scene.edge(), options);
  VoxelView view{.canvas = Canvas(camera.width(), camera.height()), .pixel = camera.pixel()};
  cast_all(view.canvas, scene, camera);
  if (options.frame) {
    draw_edges(view.canvas, camera, scene.edge(), scene.cut_corner());
    draw_axes(view.canvas, camera, scene.edge());
  }
  return view;
}

}  // namespace closo::tasks::detail
