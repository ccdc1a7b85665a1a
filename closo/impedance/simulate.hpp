/// Spectra from a circuit: exact impedance and measurements with noise.
///
/// Noise: independent normal errors of Z' and Z'' of variance (proportional |Z|)² + absolute²,
/// the error structure of frequency-response analysers (P. Agarwal et al., J. Electrochem. Soc. 142 (1995) 4149,
/// DOI 10.1149/1.2048479). The random stream is closo's own: a seed gives the same numbers on every machine.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "closo/impedance/circuit.hpp"
#include "closo/impedance/spectrum.hpp"

namespace closo::impedance {

/// Impedance [Ohm] at each frequency [Hz]. `parameters`: SI, in the order of Circuit::parameters.
/// Throws: ParameterError on parameters outside their range or a frequency that is not positive.
std::vector<Complex> simulate(const Circuit& circuit, std::span<const double> parameters,
                              std::span<const double> frequency);

/// `points_per_decade` frequencies a decade from `lowest` to `highest` [Hz], both included, ascending.
/// Throws: ParameterError unless 0 < lowest < highest and 1 <= points_per_decade <= 1000.
std::vector<double> logarithmic_frequencies(double lowest, double highest, int points_per_decade);

struct NoiseModel {
  double proportional = 0.0;  ///< relative to |Z|
  double absolute = 0.0;      ///< Ohm
};

/// A measurement of the circuit: impedance with noise and its stated standard uncertainties (none without noise).
/// Throws: as simulate; ParameterError on negative noise.
Spectrum simulate_measurement(const Circuit& circuit, std::span<const double> parameters,
                              std::span<const double> frequency, const NoiseModel& noise, std::uint64_t seed);

}  // namespace closo::impedance
