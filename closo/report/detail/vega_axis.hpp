/// Axes, scales and positions of a figure as Vega-Lite.
#pragma once

#include <string>
#include <vector>

#include "closo/report/detail/figure_scale.hpp"
#include "closo/report/detail/json.hpp"
#include "closo/report/figure.hpp"

namespace closo::report::detail {

/// What every position in a figure depends on.
struct Frame {
  const Figure& figure;
  Domain x, y;
  bool categorical = false;  ///< the x axis carries the names of bars
  bool long_names = false;   ///< too long to stand side by side
};

Frame frame_of(const Figure& figure);

Json scale_json(const Axis& axis, const Domain& domain);

/// The encoding of `channel` ("x" or "y", also the name of its scale) by a field of the rows.
Json position_json(const Frame& frame, const char* channel, const char* field);

/// The unit that draws Figure::top, which must be there.
Json top_axis_json(const Frame& frame);

/// Vega expression: the string of `texts` that belongs to `datum.value`, one of `values`.
std::string label_expression(const std::vector<std::string>& texts, const std::vector<double>& values);

}  // namespace closo::report::detail
