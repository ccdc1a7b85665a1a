/// Spectra simulated from a circuit, with noise, written in instruments' file formats.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "closo/impedance/simulate.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct ImpedanceSimulateRequest {
  std::string circuit;
  std::vector<std::string> values;     ///< "R1=1.2 kOhm", one for each parameter that the circuit does not fix
  double lowest = 1.0, highest = 1e6;  ///< Hz
  int points_per_decade = 10;
  impedance::NoiseModel noise;
  std::uint64_t seed = 1;
  std::optional<double> temperature;  ///< K, written into the file's title
  std::string format = "csv";         ///< csv, gamry, biologic
  std::string to;                     ///< file to write; empty: none
};

/// Throws: InputError for the circuit's text and for values, ParameterError for values out of range.
report::Report impedance_simulate(const ImpedanceSimulateRequest& request, const Context& context);

extern const Task impedance_simulate_task;

}  // namespace closo::tasks
