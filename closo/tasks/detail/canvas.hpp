/// A sheet of pixels to draw on: smooth lines, arrows and the letters of the axes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "closo/report/picture.hpp"

namespace closo::tasks::detail {

/// In pixels from the left upper corner; pixel (i, j) covers [i, i + 1) × [j, j + 1).
using Spot = std::array<double, 2>;

class Canvas {
 public:
  /// White. Throws: ParameterError for a side of 0 or above 65535.
  Canvas(std::size_t width, std::size_t height);

  std::size_t width() const noexcept { return width_; }
  std::size_t height() const noexcept { return height_; }
  const std::vector<std::uint8_t>& rgb() const noexcept { return rgb_; }

  /// The pixel must be on the canvas.
  report::Colour at(std::size_t x, std::size_t y) const;
  void set(std::size_t x, std::size_t y, report::Colour colour);
  /// Laid over with the given opacity; pixels beyond the canvas are left out.
  void mix(std::ptrdiff_t x, std::ptrdiff_t y, report::Colour colour, double opacity);

  /// A stroke with smooth edges.
  void line(Spot from, Spot to, report::Colour colour, double thickness, double opacity = 1.0);
  /// A stroke with a head at `to`.
  void arrow(Spot from, Spot to, report::Colour colour, double thickness);
  /// x, y or z (0, 1, 2), `size` pixels high, about its middle.
  void axis_letter(std::size_t axis, Spot middle, double size, report::Colour colour);

 private:
  std::size_t width_, height_;
  std::vector<std::uint8_t> rgb_;
};

}  // namespace closo::tasks::detail
