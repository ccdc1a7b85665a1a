/// Axis ranges of a figure and the labels of logarithmic axes.
#pragma once

#include <string>

#include "closo/report/figure.hpp"

namespace closo::report::detail {

struct Domain {
  double low = 0.0;
  double high = 1.0;
  double bar_base = 0.0;  ///< where bars start: zero, or the rim of a logarithmic axis
};

/// The range of one axis: as the axis says, else from everything drawn with a margin of 4 %.
Domain domain_of(const Figure& figure, const Axis& axis, bool is_x);

/// Vega expression that is true where datum.value is a power of ten.
std::string power_test_expression();

/// Vega expression for the label of a logarithmic axis: 10⁻³ at powers of ten; over less than 1.5 decades also 2×10⁻³
/// and 5×10⁻³, as 20, 50 and 100 between 0.001 and 10000; nothing at the other ticks; over less
/// than a factor 4 a label at every tick. `channel` is the name of the
/// scale.
std::string power_label_expression(const std::string& channel);

}  // namespace closo::report::detail
