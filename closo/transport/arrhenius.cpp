#include "closo/transport/arrhenius.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/num/distributions.hpp"

namespace closo::transport {
namespace {

constexpr double k_eV = base::boltzmann_constant_eV;

void require_positive(double value, const char* name, const char* unit) {
  if (!(value > 0.0 && std::isfinite(value))) {
    throw base::ParameterError(name, base::format_number(value, 6) + " " + unit, "a positive finite value");
  }
}

void require_not_negative(double value, const char* name, const char* unit) {
  if (!(value >= 0.0 && std::isfinite(value))) {
    throw base::ParameterError(name, base::format_number(value, 6) + " " + unit, "a finite value that is not negative");
  }
}

enum class Noise { none, conductivity, both };

Noise check(std::span<const ConductivityPoint> points) {
  std::size_t stated = 0;
  bool temperature_noise = false;
  for (const ConductivityPoint& point : points) {
    require_positive(point.temperature, "temperature", "K");
    require_positive(point.conductivity, "conductivity", "S/m");
    require_not_negative(point.uncertainty, "uncertainty", "S/m");
    require_not_negative(point.temperature_uncertainty, "temperature_uncertainty", "K");
    if (point.uncertainty > 0.0) ++stated;
    temperature_noise = temperature_noise || point.temperature_uncertainty > 0.0;
  }
  if (stated != 0 && stated != points.size()) {
    throw base::ParameterError("uncertainty",
                               std::to_string(stated) + " of " + std::to_string(points.size()) + " points have one",
                               "an uncertainty for every point or for none");
  }
  if (temperature_noise && stated == 0) {
    throw base::ParameterError("temperature_uncertainty", "given without uncertainties of the conductivity",
                               "both, or none");
  }
  if (stated == 0) return Noise::none;
  return temperature_noise ? Noise::both : Noise::conductivity;
}

// Coordinates of the straight line, on the stack for the usual number of points.
class Coordinates {
 public:
  explicit Coordinates(std::size_t size) : size_(size) {
    if (size > fixed_.size() / 5) heap_.resize(5 * size);
  }
  std::span<double> operator[](std::size_t which) {
    double* const start = heap_.empty() ? fixed_.data() : heap_.data();
    return {start + which * size_, size_};
  }

 private:
  std::size_t size_;
  std::array<double, 5 * 64> fixed_;
  std::vector<double> heap_;
};

}  // namespace

std::string_view to_string(ArrheniusForm form) noexcept { return form == ArrheniusForm::sigma_t ? "sigma T" : "sigma"; }

double ArrheniusLaw::log_conductivity(double temperature) const noexcept {
  const double exponent = -activation_energy_eV / k_eV * (1.0 / temperature - 1.0 / reference_temperature);
  return log_at_reference + exponent - (form == ArrheniusForm::sigma_t ? std::log(temperature) : 0.0);
}

double ArrheniusLaw::conductivity(double temperature) const noexcept { return std::exp(log_conductivity(temperature)); }

double ArrheniusLaw::log_conductivity_variance(double temperature) const noexcept {
  const double g = -(1.0 / temperature - 1.0 / reference_temperature) / k_eV;
  return std::max(0.0, log_variance + g * (2.0 * log_energy_covariance + g * energy_variance));
}

double ArrheniusLaw::log_prefactor() const noexcept {
  return log_at_reference + activation_energy_eV / (k_eV * reference_temperature);
}

double ArrheniusLaw::log_prefactor_variance() const noexcept {
  const double g = 1.0 / (k_eV * reference_temperature);
  return std::max(0.0, log_variance + g * (2.0 * log_energy_covariance + g * energy_variance));
}

ConductivityPrediction predict(const ArrheniusLaw& law, double temperature, double confidence) {
  require_positive(temperature, "temperature", "K");
  ConductivityPrediction prediction;
  prediction.temperature = temperature;
  prediction.conductivity = law.conductivity(temperature);
  prediction.outside = std::max({0.0, law.low_temperature - temperature, temperature - law.high_temperature});
  const double factor = num::coverage_factor(confidence, law.degrees_of_freedom);
  if (law.uncertainty_known) {
    const double uncertainty = std::sqrt(law.log_conductivity_variance(temperature));
    prediction.log_uncertainty = uncertainty;
    prediction.low = prediction.conductivity * std::exp(-factor * uncertainty);
    prediction.high = prediction.conductivity * std::exp(factor * uncertainty);
  }
  return prediction;
}

std::optional<double> ArrheniusFit::probability() const {
  if (!weighted || degrees_of_freedom == 0) return std::nullopt;
  return num::chi_square_upper_tail(chi_square, static_cast<double>(degrees_of_freedom));
}

ArrheniusFit fit_arrhenius(std::span<const ConductivityPoint> points, const ArrheniusOptions& options) {
  const Noise noise = check(points);
  const bool with_t = options.form == ArrheniusForm::sigma_t;
  Coordinates coordinates(points.size());
  const auto x = coordinates[0], y = coordinates[1], sigma_y = coordinates[2], sigma_x = coordinates[3],
             correlation = coordinates[4];
  ArrheniusFit fit;
  fit.points = points.size();
  if (!points.empty()) {
    fit.law.low_temperature = fit.law.high_temperature = points[0].temperature;
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    const ConductivityPoint& point = points[i];
    const double t = point.temperature;
    x[i] = 1.0 / t;
    y[i] = std::log(point.conductivity) + (with_t ? std::log(t) : 0.0);
    const double relative = point.uncertainty / point.conductivity;
    const double relative_t = with_t ? point.temperature_uncertainty / t : 0.0;
    sigma_y[i] = std::hypot(relative, relative_t);
    sigma_x[i] = point.temperature_uncertainty / (t * t);
    correlation[i] = sigma_y[i] > 0.0 ? -relative_t / sigma_y[i] : 0.0;
    fit.law.low_temperature = std::min(fit.law.low_temperature, t);
    fit.law.high_temperature = std::max(fit.law.high_temperature, t);
  }
  const num::LineFit line = noise == Noise::none ? num::fit_line(x, y)
                            : noise == Noise::conductivity
                                ? num::fit_line(x, y, sigma_y)
                                : num::fit_line_both_errors(x, y, sigma_x, sigma_y, correlation);
  fit.status = line.status;
  fit.degrees_of_freedom = line.degrees_of_freedom();
  fit.weighted = noise != Noise::none;
  fit.chi_square = line.chi_square;
  fit.r_squared = line.r_squared;
  if (line.status == num::FitStatus::too_few_points || line.status == num::FitStatus::rank_deficient) return fit;

  ArrheniusLaw& law = fit.law;
  law.form = options.form;
  law.reference_temperature = 1.0 / line.centre;
  law.log_at_reference = line.value_at_centre;
  law.activation_energy_eV = -line.slope * k_eV;
  law.uncertainty_known = line.covariance_known;
  law.log_variance = line.variance_at_centre;
  law.energy_variance = line.slope_variance * k_eV * k_eV;
  const auto freedom = static_cast<double>(fit.degrees_of_freedom);
  if (!fit.weighted && fit.degrees_of_freedom > 0) law.degrees_of_freedom = freedom;
  if (fit.weighted && options.scale_by_residuals && fit.degrees_of_freedom > 0 && fit.chi_square > freedom) {
    law.log_variance *= fit.chi_square / freedom;
    law.energy_variance *= fit.chi_square / freedom;
    law.degrees_of_freedom = freedom;
  }
  return fit;
}

ArrheniusLaw anchored_law(double temperature, double conductivity, std::optional<double> conductivity_uncertainty,
                          double activation_energy_eV, std::optional<double> energy_uncertainty_eV,
                          ArrheniusForm form) {
  require_positive(temperature, "temperature", "K");
  require_positive(conductivity, "conductivity", "S/m");
  require_not_negative(conductivity_uncertainty.value_or(0.0), "conductivity_uncertainty", "S/m");
  require_not_negative(energy_uncertainty_eV.value_or(0.0), "energy_uncertainty", "eV");
  if (!std::isfinite(activation_energy_eV)) {
    throw base::ParameterError("activation_energy", base::format_number(activation_energy_eV, 6) + " eV",
                               "a finite value");
  }
  ArrheniusLaw law;
  law.form = form;
  law.activation_energy_eV = activation_energy_eV;
  law.reference_temperature = temperature;
  law.log_at_reference = std::log(conductivity) + (form == ArrheniusForm::sigma_t ? std::log(temperature) : 0.0);
  law.low_temperature = law.high_temperature = temperature;
  if (conductivity_uncertainty && energy_uncertainty_eV) {
    law.uncertainty_known = true;
    law.log_variance = std::pow(*conductivity_uncertainty / conductivity, 2);
    law.energy_variance = *energy_uncertainty_eV * *energy_uncertainty_eV;
  }
  return law;
}

ArrheniusLaw convert_form(const ArrheniusLaw& law, ArrheniusForm form, double temperature) {
  require_positive(temperature, "temperature", "K");
  if (law.form == form) return law;
  const double sign = form == ArrheniusForm::sigma_t ? 1.0 : -1.0;
  ArrheniusLaw converted = law;
  converted.form = form;
  converted.activation_energy_eV += sign * k_eV * temperature;
  // Equal value at `temperature`, carried to the reference temperature with the new energy.
  converted.log_at_reference =
      law.log_conductivity(temperature) + (form == ArrheniusForm::sigma_t ? std::log(temperature) : 0.0) +
      converted.activation_energy_eV / k_eV * (1.0 / temperature - 1.0 / law.reference_temperature);
  return converted;
}

double implied_activation_energy(const ConductivityPoint& first, const ConductivityPoint& second, ArrheniusForm form) {
  const std::array<ConductivityPoint, 2> points{first, second};
  for (const ConductivityPoint& point : points) {
    require_positive(point.temperature, "temperature", "K");
    require_positive(point.conductivity, "conductivity", "S/m");
  }
  if (first.temperature == second.temperature) {
    throw base::ParameterError("temperature", base::format_number(first.temperature, 6) + " K twice",
                               "two different temperatures");
  }
  const double log_ratio = std::log(second.conductivity / first.conductivity) +
                           (form == ArrheniusForm::sigma_t ? std::log(second.temperature / first.temperature) : 0.0);
  return k_eV * log_ratio / (1.0 / first.temperature - 1.0 / second.temperature);
}

}  // namespace closo::transport
