/// The report of a cell's impedance: resistances piece by piece, Nyquist and Bode plots, spectra.
#pragma once

#include <optional>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/tasks/cell_eis.hpp"

namespace closo::tasks::detail {

inline constexpr double unit_area = 1e-4;  ///< m²; where a cell's own area is not known

/// [m²]; empty where the description has none.
std::optional<double> area_of(const CellCase& cell);

/// "SOC 50 %", "x = 0.25", with the temperature where there are several.
std::string spectrum_name(const CellSpectrum& spectrum, bool with_temperature);

report::Report eis_report(const CellEisRequest& request, const std::vector<CellSpectrum>& spectra);

}  // namespace closo::tasks::detail
