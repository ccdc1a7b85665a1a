/// How the named series of a figure look: colours of Okabe and Ito (Color Universal Design, 2008,
/// https://jfly.uni-koeln.de/color/), with shapes and dashes of their own so that colour is never the only sign.
#pragma once

#include <string>
#include <vector>

#include "closo/report/figure.hpp"

namespace closo::report::detail {

/// Legend symbol of a series that has no points: a stroke long enough to show its dashes (an SVG path, in half-sizes).
inline constexpr const char* stroke_shape = "M-2.4,0L2.4,0";

struct Series {
  std::string name;
  std::string colour;
  std::string shape;      ///< Vega symbol, or stroke_shape
  std::vector<int> dash;  ///< empty: solid
  bool dashed = false;    ///< every line of the series asks for dashes
};

/// Named series in the order of their first layer.
std::vector<Series> series_of(const Figure& figure);

}  // namespace closo::report::detail
