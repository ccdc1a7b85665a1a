#include "closo/transport/pressure.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::transport {

double ActivationVolume::cubic_centimetre_per_mole() const noexcept { return volume * base::avogadro_constant * 1e6; }

ActivationVolume activation_volume(std::span<const PressurePoint> points, double temperature) {
  if (!(temperature > 0.0 && std::isfinite(temperature))) {
    throw base::ParameterError("temperature", base::format_number(temperature) + " K", "a temperature above 0 K");
  }
  std::vector<double> pressure, log_conductivity, sigma;
  for (const PressurePoint& point : points) {
    if (!(point.conductivity > 0.0 && std::isfinite(point.conductivity))) {
      throw base::ParameterError("conductivity", base::format_number(point.conductivity) + " S/m", "a positive value");
    }
    if (!(point.pressure >= 0.0 && std::isfinite(point.pressure))) {
      throw base::ParameterError("pressure", base::format_number(point.pressure) + " Pa",
                                 "a value that is not negative");
    }
    if (!(point.uncertainty >= 0.0 && std::isfinite(point.uncertainty))) {
      throw base::ParameterError("uncertainty", base::format_number(point.uncertainty) + " S/m",
                                 "a value that is not negative");
    }
    pressure.push_back(point.pressure);
    log_conductivity.push_back(std::log(point.conductivity));
    if (point.uncertainty > 0.0) sigma.push_back(point.uncertainty / point.conductivity);
  }
  if (!sigma.empty() && sigma.size() != points.size()) {
    throw base::ParameterError(
        "uncertainty", std::to_string(sigma.size()) + " of " + std::to_string(points.size()) + " points have one",
        "an uncertainty for every point or for none");
  }
  const num::LineFit line = num::fit_line(pressure, log_conductivity, sigma);
  ActivationVolume result;
  result.status = line.status;
  result.degrees_of_freedom = line.degrees_of_freedom();
  result.chi_square = line.chi_square;
  if (line.status != num::FitStatus::ok) return result;
  const double kt = base::boltzmann_constant * temperature;
  result.volume = -kt * line.slope;
  result.log_conductivity_at_zero = line.intercept();
  if (line.covariance_known) {
    result.uncertainty = kt * std::sqrt(line.slope_variance);
    result.log_uncertainty_at_zero = std::sqrt(line.intercept_variance());
  }
  return result;
}

}  // namespace closo::transport
