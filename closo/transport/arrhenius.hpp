/// Arrhenius laws of the ionic conductivity: fits with covariance, predictions with intervals, conversion between the
/// forms.
///
/// Model: ln(sigma T) = ln A - Ea/(k T), the form that follows from Nernst-Einstein (default), or ln sigma = ln A -
/// Ea/(k T). One thermally activated process within one phase. Uncertainties of sigma are taken as normal in ln sigma
/// (relative uncertainty up to about 30 %). Source: J. D. Hehn et al., ACS Appl. Mater. Interfaces 17 (2025) 33824,
/// DOI 10.1021/acsami.5c01939, sec. 2.2.2.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "closo/num/line_fit.hpp"

namespace closo::transport {

enum class ArrheniusForm : unsigned char { sigma_t, sigma };
/// "sigma T" or "sigma".
std::string_view to_string(ArrheniusForm form) noexcept;

struct ConductivityPoint {
  double temperature = 0.0;              ///< K
  double conductivity = 0.0;             ///< S/m
  double uncertainty = 0.0;              ///< S/m, standard; 0: not stated
  double temperature_uncertainty = 0.0;  ///< K, standard
};

/// One activated process, with the covariance of its two parameters. Evaluation allocates nothing.
struct ArrheniusLaw {
  ArrheniusForm form = ArrheniusForm::sigma_t;
  double activation_energy_eV = 0.0;
  double reference_temperature = 298.15;  ///< K
  double log_at_reference = 0.0;          ///< ln of sigma T (S K/m) or of sigma (S/m) at the reference temperature
  double low_temperature = 0.0;           ///< K, range of the data the law rests on
  double high_temperature = 0.0;
  bool uncertainty_known = false;
  double log_variance = 0.0;           ///< of log_at_reference
  double energy_variance = 0.0;        ///< eV²
  double log_energy_covariance = 0.0;  ///< eV
  /// Of the variances, for Student's t; infinite where they rest on stated uncertainties.
  double degrees_of_freedom = std::numeric_limits<double>::infinity();

  double log_conductivity(double temperature) const noexcept;  ///< ln of S/m
  double conductivity(double temperature) const noexcept;      ///< S/m
  double log_conductivity_variance(double temperature) const noexcept;
  double log_prefactor() const noexcept;  ///< ln A, A in S K/m or S/m
  double log_prefactor_variance() const noexcept;
};

/// Conductivity of a law at one temperature.
struct ConductivityPrediction {
  double temperature = 0.0;                 ///< K
  double conductivity = 0.0;                ///< S/m
  std::optional<double> log_uncertainty{};  ///< standard uncertainty of ln sigma; empty: not known
  std::optional<double> low{}, high{};      ///< S/m, confidence interval of the law at this temperature
  double outside = 0.0;                     ///< K beyond the range of the data; 0 inside

  bool extrapolated() const noexcept { return outside > 0.0; }
};

/// Throws: ParameterError unless temperature > 0 and 0 < confidence < 1.
ConductivityPrediction predict(const ArrheniusLaw& law, double temperature, double confidence = 0.95);

struct ArrheniusOptions {
  ArrheniusForm form = ArrheniusForm::sigma_t;
  /// With stated uncertainties: widen the covariance by chi²/dof where that exceeds 1 (Birge), with Student's t.
  bool scale_by_residuals = false;
};

struct ArrheniusFit {
  num::FitStatus status = num::FitStatus::too_few_points;
  ArrheniusLaw law;
  std::size_t points = 0;
  std::size_t degrees_of_freedom = 0;
  bool weighted = false;    ///< from stated uncertainties; otherwise the scatter of the points was used
  double chi_square = 0.0;  ///< weighted; unweighted: sum of squared residuals of ln sigma
  double r_squared = 0.0;
  /// Probability of a larger chi-square if law and stated uncertainties are right; empty without weights or freedom.
  std::optional<double> probability() const;
};

/// Least-squares fit. Either every point states an uncertainty of sigma, or none does and the noise is estimated from
/// the residuals; two points without uncertainties give a law whose uncertainty is not known. Temperature uncertainties
/// enter through errors in both coordinates, correlated because T appears in both. No heap allocation up to 64 points.
/// Throws: ParameterError on temperatures or conductivities that are not positive, negative uncertainties, a mixture of
/// points with and without uncertainty, or temperature uncertainties without those of sigma.
ArrheniusFit fit_arrhenius(std::span<const ConductivityPoint> points, const ArrheniusOptions& options = {});

/// Law through one conductivity with a known activation energy.
/// @param conductivity_uncertainty  S/m, standard; @param energy_uncertainty_eV standard. Either may be empty: then the
/// law's uncertainty is not known. Throws: ParameterError on values that are not positive or negative uncertainties.
ArrheniusLaw anchored_law(double temperature, double conductivity, std::optional<double> conductivity_uncertainty,
                          double activation_energy_eV, std::optional<double> energy_uncertainty_eV,
                          ArrheniusForm form = ArrheniusForm::sigma_t);

/// The same law in the other form, equal in value and slope at `temperature` [K]: Ea(sigma T) = Ea(sigma) + k T.
/// Throws: ParameterError unless temperature > 0.
ArrheniusLaw convert_form(const ArrheniusLaw& law, ArrheniusForm form, double temperature);

/// Activation energy [eV] that two conductivities imply. Throws: ParameterError on equal or non-positive temperatures
/// and non-positive conductivities.
double implied_activation_energy(const ConductivityPoint& first, const ConductivityPoint& second, ArrheniusForm form);

}  // namespace closo::transport
