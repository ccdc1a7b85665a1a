/// The field's figures of an impedance spectrum: Nyquist, Bode, residuals, distribution of relaxation times.
#pragma once

#include <complex>
#include <span>
#include <string>
#include <vector>

#include "closo/impedance/drt.hpp"
#include "closo/impedance/spectrum.hpp"
#include "closo/report/figure.hpp"

namespace closo::tasks {

/// Measured points and, where there is one, the model behind them. Frequencies [Hz] ascending; arrays of equal length,
/// the model may be empty.
struct ImpedanceCurve {
  std::string name;
  std::span<const double> frequency;
  std::span<const impedance::Complex> measured;
  std::span<const impedance::Complex> model;
};

/// -Z'' over Z' with equal scales on both axes, in Ω, kΩ, MΩ or GΩ. One curve: points and model line; several: points
/// and lines in one colour each.
report::Figure nyquist_figure(std::string id, std::string title, const std::vector<ImpedanceCurve>& curves);

/// |Z| over frequency, both logarithmic.
report::Figure bode_modulus_figure(std::string id, const std::vector<ImpedanceCurve>& curves);

/// -phase [°] over log frequency.
report::Figure bode_phase_figure(std::string id, const std::vector<ImpedanceCurve>& curves);

/// Residuals of Z' and Z'' in percent of |Z| over log frequency.
report::Figure residual_figure(std::string id, std::string title, std::span<const double> frequency,
                               std::span<const impedance::Complex> residual);

/// γ(ln τ) over log τ, with its band and the peaks marked; several distributions in one figure.
report::Figure drt_figure(std::string id,
                          const std::vector<std::pair<std::string, const impedance::DrtResult*>>& results);

}  // namespace closo::tasks
