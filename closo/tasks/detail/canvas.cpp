#include "closo/tasks/detail/canvas.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

std::size_t checked_side(const char* name, std::size_t side) {
  constexpr std::size_t longest = 65535;
  if (side == 0 || side > longest)
    throw base::ParameterError(name, std::to_string(side), "1 to " + std::to_string(longest) + " pixels");
  return side;
}

double distance_to_segment(Spot spot, Spot from, Spot to) {
  const double dx = to[0] - from[0];
  const double dy = to[1] - from[1];
  const double square = dx * dx + dy * dy;
  const double along = square > 0.0 ? ((spot[0] - from[0]) * dx + (spot[1] - from[1]) * dy) / square : 0.0;
  const double t = std::clamp(along, 0.0, 1.0);
  return std::hypot(spot[0] - from[0] - t * dx, spot[1] - from[1] - t * dy);
}

}  // namespace

Canvas::Canvas(std::size_t width, std::size_t height)
    : width_(checked_side("width", width)),
      height_(checked_side("height", height)),
      rgb_(3 * width * height, std::uint8_t{255}) {}

report::Colour Canvas::at(std::size_t x, std::size_t y) const {
  const std::size_t i = 3 * (x + width_ * y);
  return {rgb_[i], rgb_[i + 1], rgb_[i + 2]};
}

void Canvas::set(std::size_t x, std::size_t y, report::Colour colour) {
  const std::size_t i = 3 * (x + width_ * y);
  rgb_[i] = colour.red;
  rgb_[i + 1] = colour.green;
  rgb_[i + 2] = colour.blue;
}

void Canvas::mix(std::ptrdiff_t x, std::ptrdiff_t y, report::Colour colour, double opacity) {
  if (x < 0 || y < 0 || x >= static_cast<std::ptrdiff_t>(width_) || y >= static_cast<std::ptrdiff_t>(height_)) return;
  const auto column = static_cast<std::size_t>(x);
  const auto row = static_cast<std::size_t>(y);
  set(column, row, report::blend(at(column, row), colour, opacity));
}

void Canvas::line(Spot from, Spot to, report::Colour colour, double thickness, double opacity) {
  // Along the longer direction every pixel once; across it only those that the stroke can touch.
  const std::size_t along = std::abs(to[0] - from[0]) >= std::abs(to[1] - from[1]) ? 0 : 1;
  const std::size_t across = 1 - along;
  if (from[along] > to[along]) std::swap(from, to);
  const double slope = to[along] > from[along] ? (to[across] - from[across]) / (to[along] - from[along]) : 0.0;
  const double reach = thickness / 2.0 + 1.0;
  const auto first = static_cast<std::ptrdiff_t>(std::floor(from[along] - reach));
  const auto last = static_cast<std::ptrdiff_t>(std::ceil(to[along] + reach));
  for (std::ptrdiff_t i = first; i <= last; ++i) {
    const double place = std::clamp(static_cast<double>(i) + 0.5, from[along], to[along]);
    const double middle = from[across] + slope * (place - from[along]);
    // A slope of at most 1 stretches the cut through the stroke by at most √2.
    const auto low = static_cast<std::ptrdiff_t>(std::floor(middle - 1.5 * reach));
    const auto high = static_cast<std::ptrdiff_t>(std::ceil(middle + 1.5 * reach));
    for (std::ptrdiff_t k = low; k <= high; ++k) {
      const std::ptrdiff_t x = along == 0 ? i : k;
      const std::ptrdiff_t y = along == 0 ? k : i;
      const Spot centre{static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5};
      const double covered = std::clamp(thickness / 2.0 + 0.5 - distance_to_segment(centre, from, to), 0.0, 1.0);
      if (covered > 0.0) mix(x, y, colour, opacity * std::min(covered, thickness));
    }
  }
}

void Canvas::arrow(Spot from, Spot to, report::Colour colour, double thickness) {
  line(from, to, colour, thickness);
  const double length = std::hypot(to[0] - from[0], to[1] - from[1]);
  if (length == 0.0) return;
  const double head = 4.0 * thickness;
  const double dx = (to[0] - from[0]) / length * head;
  const double dy = (to[1] - from[1]) / length * head;
  line(to, {to[0] - dx - 0.6 * dy, to[1] - dy + 0.6 * dx}, colour, thickness);
  line(to, {to[0] - dx + 0.6 * dy, to[1] - dy - 0.6 * dx}, colour, thickness);
}

void Canvas::axis_letter(std::size_t axis, Spot middle, double size, report::Colour colour) {
  const double half = size / 2.0;
  const double thickness = size / 7.0;
  const auto stroke = [&](double x1, double y1, double x2, double y2) {
    line({middle[0] + half * x1, middle[1] + half * y1}, {middle[0] + half * x2, middle[1] + half * y2}, colour,
         thickness);
  };
  if (axis == 0) {
    stroke(-0.7, -1.0, 0.7, 1.0);
    stroke(0.7, -1.0, -0.7, 1.0);
  } else if (axis == 1) {
    stroke(-0.7, -1.0, 0.0, 0.2);
    stroke(0.7, -1.0, -0.5, 1.3);
  } else {
    stroke(-0.7, -1.0, 0.7, -1.0);
    stroke(0.7, -1.0, -0.7, 1.0);
    stroke(-0.7, 1.0, 0.7, 1.0);
  }
}

}  // namespace closo::tasks::detail
