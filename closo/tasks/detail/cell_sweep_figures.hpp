/// Figures of sweeps of cells: curves over one quantity, maps over two with contours, tornado and share plots.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "closo/cell/outcome.hpp"
#include "closo/report/figure.hpp"

namespace closo::tasks::detail {

/// Contour lines of values on a grid of nx × ny nodes, value (i, j) at [i * ny + j]: pieces as pairs of points in units
/// of the node numbers. Cells with a node that is not finite are left out. Linear along the edges; a saddle is joined
/// by the mean of its corners.
using GridPoint = std::pair<double, double>;
std::vector<std::pair<GridPoint, GridPoint>> contour_pieces(std::size_t nx, std::size_t ny,
                                                            const std::vector<double>& values, double level);

/// Up to `most` round numbers within a range of values.
std::vector<double> round_levels(double low, double high, std::size_t most = 6);

/// One curve over a quantity, SI; places without an outcome (NaN) are gaps.
struct SweepCurve {
  std::string name;
  std::vector<double> x;             ///< SI
  std::vector<double> y;             ///< in the unit of the outcome
  std::vector<std::string> remarks;  ///< shown on hover; may be empty
};
report::Figure sweep_curves(const std::string& id, const std::string& quantity, bool is_logarithmic,
                            const cell::OutcomeQuantity& outcome, const std::vector<SweepCurve>& curves,
                            std::optional<double> target = {}, const std::string& caption = {});

/// An outcome over two quantities; `value` [i * y.size() + j] in the unit of the outcome, NaN: none.
struct SweepMap {
  std::string x_quantity, y_quantity;
  std::vector<double> x, y;  ///< SI, ascending
  bool is_x_logarithmic = false, is_y_logarithmic = false;
  std::vector<double> value;
};
report::Figure sweep_map(const std::string& id, const std::string& title, const SweepMap& map,
                         const cell::OutcomeQuantity& outcome, std::optional<double> target = {},
                         const std::vector<std::pair<double, double>>& marks = {}, const std::string& caption = {});

/// One bar of a tornado plot: the outcome at both ends of a quantity's range.
struct TornadoRow {
  std::string name;                 ///< "cathode particle radius"
  std::string low_text, high_text;  ///< "0.5 µm", "37 µm"
  std::optional<double> low, high;  ///< outcome at the ends, in the unit of the axis
};
/// The longest bars first, up to `most`; those that move the outcome by less than 0.2 % are left out.
report::Figure tornado_figure(const std::string& id, const std::string& title, const std::string& axis, double centre,
                              std::vector<TornadoRow> rows, std::size_t most = 14, const std::string& caption = {});

/// Horizontal bars from 0, each with its uncertainty in the words behind it; the largest first, up to `most`.
struct NamedShare {
  std::string name;
  double value = 0.0, uncertainty = 0.0;
  double direction = 1.0;  ///< below 0: more of the quantity lowers the outcome
};
report::Figure bars_figure(const std::string& id, const std::string& title, const std::string& axis,
                           std::vector<NamedShare> rows, std::size_t most = 14, const std::string& caption = {});

}  // namespace closo::tasks::detail
