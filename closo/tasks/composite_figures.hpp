/// Figures of composites: σ over the filler fraction with bounds, laws, realisations and measured points, and σ(T) of
/// the phases and the composite.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "closo/report/figure.hpp"
#include "closo/tasks/composite_points.hpp"

namespace closo::tasks {

/// Simulated values over the fraction; SI. Values of 0 (no path) are not drawn.
struct FractionSeries {
  std::string name;
  std::vector<double> fraction, mean, standard_error;
};

/// A closed law over the fraction, S/m.
struct FractionCurve {
  std::string name;
  std::vector<double> fraction, conductivity;
};

/// Space between two curves, such as bounds, S/m.
struct FractionBand {
  std::string name;
  std::vector<double> fraction, low, high;
};

struct FractionFigure {
  std::string id, title, caption;
  std::vector<FractionBand> bands;
  std::vector<FractionCurve> curves;
  std::vector<FractionSeries> series;
  std::vector<MeasuredComposite> measured;
  std::optional<std::pair<double, double>> optimum;  ///< interval of fractions
};
/// σ (S/cm, logarithmic) over filler (vol%). The axis starts a decade below the smallest simulated or measured value,
/// so that bounds of 0 do not stretch it.
report::Figure fraction_figure(const FractionFigure& content);

/// A line of σ(T), S/m and K; `standard_error` may be empty.
struct TemperatureSeries {
  std::string name;
  std::vector<double> temperature, conductivity, standard_error;
  bool dashed = false;
  bool is_points = false;
};
/// Arrhenius plot. Throws: as arrhenius_figure.
report::Figure composite_temperature_figure(const std::string& id, const std::string& title,
                                            const std::vector<TemperatureSeries>& series,
                                            const std::vector<MeasuredComposite>& measured);

}  // namespace closo::tasks
