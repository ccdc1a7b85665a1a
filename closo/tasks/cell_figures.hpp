/// Figures of cells: voltage over capacity, voltage and current over time, where the voltage goes, rate capability,
/// energy against power, composition through the cathode.
///
/// Losses are drawn as overpotentials: power of the loss / |current| at a moment, energy of the loss / |charge| over a
/// step. Capacities are per mass of active material unless the text says otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "closo/cell/loss_budget.hpp"
#include "closo/cell/simulation.hpp"
#include "closo/report/figure.hpp"

namespace closo::tasks {

struct VoltageCurve {
  std::string name;              ///< legend entry; equal names share a colour
  std::vector<double> capacity;  ///< C/kg, from the start of the step
  std::vector<double> voltage;   ///< V
  bool is_measured = false;      ///< rings instead of a line
  bool dashed = false;
};

/// The rows of one visit of a protocol step. `active_mass` is areal [kg/m²]. Without rows of that visit: empty arrays.
VoltageCurve curve_of(const cell::Rows& rows, std::uint32_t visit, double active_mass, std::string name);

/// Voltage (V) over specific capacity (mAh/g). Curves of fewer than two points are left out.
report::Figure voltage_figure(const std::string& id, const std::string& title, const std::vector<VoltageCurve>& curves,
                              const std::string& caption = {});

/// Voltage (V) and current density (mA/cm²) over time (s, min, h or d by their length), the ids being `id` + "_voltage"
/// and "_current". Runs of more than `most_points` rows are thinned; the ends of every step stay. Two figures, or none
/// without rows.
std::vector<report::Figure> time_figures(const cell::Rows& rows, const std::string& id = "time",
                                         std::size_t most_points = 3000);

/// Losses of one visit stacked over specific capacity, in mV. The largest ones have a name of their own, the others
/// are added up as "other". Where they rise to more than four times their mean the axis ends there and the caption says
/// so. Without layers where no current flows.
report::Figure loss_area_figure(const std::string& id, const std::string& title, const cell::Rows& rows,
                                std::uint32_t visit, double active_mass, const std::string& caption = {});

/// Mean losses of one step, one rate, one cycle …
struct LossColumn {
  std::string name;         ///< below the column
  double charge = 0.0;      ///< C/m², of either sign, not 0
  cell::LossBudget losses;  ///< J/m²
};
/// Stacked columns in mV, in their order; columns without charge are left out.
report::Figure loss_bars_figure(const std::string& id, const std::string& title, const std::vector<LossColumn>& columns,
                                const std::string& caption = {});

/// Values over the rate of one temperature, one cell, one measurement.
struct RateSeries {
  std::string name;
  std::vector<double> per_hour;  ///< 1/h
  std::vector<double> value;     ///< in the unit of the axis
  bool is_measured = false;      ///< rings without a line
};
/// `value_title` over C-rate (logarithmic, ticks as C/20, 1C …).
report::Figure rate_figure(const std::string& id, const std::string& title, const std::string& value_title,
                           const std::vector<RateSeries>& series, const std::string& caption = {});

/// Energy against power of one temperature or one cell; the same basis for both.
struct RagoneSeries {
  std::string name;
  std::vector<double> energy;      ///< J/kg
  std::vector<double> power;       ///< W/kg
  std::vector<std::string> label;  ///< "C/20", one per point; may be empty
};
/// Power (W/kg) over energy (Wh/kg), logarithmic where the values differ by more than a factor of eight. `basis` stands
/// in the axis titles ("stack"). Without layers when no point has energy and power.
report::Figure ragone_figure(const std::string& id, const std::string& title, const std::string& basis,
                             const std::vector<RagoneSeries>& series, const std::string& caption = {});

/// The cathode's mean composition at one moment.
struct ProfileCurve {
  std::string name;
  std::vector<double> stoichiometry;  ///< one per position
};
/// Stoichiometry over the place in the cathode (µm from the separator). `positions` in m. Curves without values are
/// left out.
report::Figure profile_figure(const std::string& id, const std::string& title, const std::vector<double>& positions,
                              const std::vector<ProfileCurve>& curves, const std::string& caption = {});

/// "C/20", "1C", "2C", "0.3C" for a rate [1/h].
std::string rate_text(double per_hour);

}  // namespace closo::tasks
