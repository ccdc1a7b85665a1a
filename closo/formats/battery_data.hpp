/// Tables of battery cyclers and digitised curves: CSV with units in the header, and the Battery Data Format (BDF).
///
/// BDF: preferred labels ("Test Time / s", "Cycle Count / 1") and machine names ("test_time_second", "voltage_volt") of
/// the Battery Data Alliance, https://github.com/battery-data-alliance/battery-data-format. Own tables: "time (h)",
/// "I/mA", "U[V]", "capacity (mAh/g)"; comma, semicolon or tab; decimal commas where the separator is no comma; comment
/// lines with '#'. The sign of the current differs between cyclers: it is judged from the file and said in the
/// metadata.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// Columns that are there, in SI: time, voltage, current, cycle, step, temperature, capacity, charge_capacity,
/// discharge_capacity, charge_energy, discharge_energy. Current and capacities may be per area or per mass: see their
/// units. Of two columns of one meaning the first is taken. Metadata: comment lines, "columns.ignored",
/// "current.discharges" ("above 0", "below 0", or empty where nothing tells), warnings as "warning.<topic>" (time that
/// goes back, a test longer than ten years).
/// Throws: InputError with line and column: no header, no voltage, neither capacity nor time, a unit that
/// is missing or of another kind, rows that do not fit the header, cells that are no numbers.
table::Table read_battery_data(std::string_view bytes, const std::string& file, const ReadOptions& options = {});

/// One discharge or charge: rows in which current flows one way, rests within them left out.
struct HalfCycle {
  bool is_discharge = true;
  std::uint32_t cycle = 1;       ///< of the file's cycle column, else counted per direction from 1
  std::vector<double> capacity;  ///< SI, growing from about 0
  std::vector<double> voltage;   ///< V
};

struct HalfCycles {
  base::Unit capacity_unit;       ///< "C", "C/m2" or "C/kg"
  std::vector<HalfCycle> halves;  ///< in the order of the file
};

/// Capacities from the columns of capacity where there are, else ∫ I dt. Halves below a hundredth of the largest
/// (pulses) are left out. Without a current the direction is that of the voltage.
/// Throws: InputError when the table has no voltage, or no capacity that can be followed.
HalfCycles half_cycles(const table::Table& table);

}  // namespace closo::formats
