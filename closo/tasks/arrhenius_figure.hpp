/// The field's Arrhenius figure: log10 sigma (S/cm) over 1000/T (1/K) with °C on top; used by arrhenius, evaluate and
/// plot.
///
/// Temperatures are K, conductivities S/m throughout; the figure is in 1/K·1000 and S/cm.
#pragma once

#include <string>
#include <vector>

#include "closo/report/figure.hpp"
#include "closo/transport/conductivity_law.hpp"

namespace closo::tasks {

struct MeasuredPoint {
  double temperature = 0.0;   ///< K
  double conductivity = 0.0;  ///< S/m
  double uncertainty = 0.0;   ///< S/m, standard; 0: no error bar
  std::string hover;
};

struct BackgroundPoint {
  double temperature = 0.0;   ///< K
  double conductivity = 0.0;  ///< S/m
  std::string hover;
};

/// Empty figure with the axes for temperatures [low, high] (both > 0 K, low < high); °C ticks at round steps.
report::Figure arrhenius_figure(std::string id, std::string title, double low, double high);

/// A law as a line from `low` to `high`, broken at transitions, with its 95 % band where the uncertainty is known;
/// parts outside the range of the data are dashed.
void add_law(report::Figure& figure, const transport::ConductivityLaw& law, const std::string& series, double low,
             double high);

/// A thin grey line over the range of the law's own data.
void add_background_law(report::Figure& figure, const transport::ConductivityLaw& law, const std::string& name);

/// Points with error bars.
void add_points(report::Figure& figure, const std::vector<MeasuredPoint>& points, const std::string& series);

/// Grey points behind everything else.
void add_background_points(report::Figure& figure, const std::vector<BackgroundPoint>& points,
                           const std::string& series);

/// A dashed horizontal rule at `conductivity` and a vertical one at `temperature`.
void add_target(report::Figure& figure, double conductivity, double temperature, const std::string& label);

}  // namespace closo::tasks
