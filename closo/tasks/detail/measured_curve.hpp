/// A measured voltage curve of a cell from a table with a header, and how far a simulated one is from it.
///
/// Columns as formats/battery_data.hpp reads them: voltage; capacity (mAh/g of active material, mAh/cm², mAh), or time
/// and current (mA/cm², mA/g, mA), or time alone at a constant current that is known. The first discharge or charge of
/// the file counts: where the capacity falls back, that of the other direction begins, the current turns or the rows
/// end, the curve ends. Rows in which the cell rests are left out.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace closo::tasks::detail {

/// What turns mass, area and time into charge per area.
struct CurveBasis {
  double active_mass = 0.0;            ///< kg/m²
  std::optional<double> area = {};     ///< m²
  std::optional<double> current = {};  ///< A/m², magnitude, of a step at constant current
};

struct MeasuredCurve {
  std::string file;
  std::vector<double> charge;   ///< C/m², from 0, not falling
  std::vector<double> voltage;  ///< V
  bool is_discharge = true;     ///< the voltage falls
  std::string note;             ///< what was left out or assumed; may be empty
};

/// Throws: InputError for what formats::read_battery_data refuses, no capacity and neither a current in the file nor a
/// known one, a column that counts the whole cell of unknown area, fewer than two points.
MeasuredCurve parse_measured_curve(std::string_view bytes, const std::string& file, const CurveBasis& basis);
/// Reads and parses. Throws: as above, and InputError for a file that cannot be read.
MeasuredCurve read_measured_curve(const std::string& file, const CurveBasis& basis);

struct CurveDeviation {
  std::size_t points = 0;           ///< compared, those that the simulation reaches
  double rms = 0.0, largest = 0.0;  ///< V; largest with its sign, simulated - measured
  double largest_at = 0.0;          ///< C/m²
};
/// At the measured points within the simulated range, simulated voltage interpolated linearly in the charge. The first
/// percent of the range is left out: there the cells' histories show. `charge` rises.
CurveDeviation deviation(const MeasuredCurve& measured, const std::vector<double>& charge,
                         const std::vector<double>& voltage);

}  // namespace closo::tasks::detail
