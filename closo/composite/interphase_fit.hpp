/// From measured conductivities to the interphase: which conductivity, thickness, wetted share and activation energy do
/// they imply, and which of these do they pin down at all.
///
/// Bounded least squares in the logarithm of σ over any model of the composite (a law, or interpolated voxel runs),
/// from several starts, with profile likelihood for identifiability: a parameter is identified when its profile rises
/// by 3.84 on both sides inside its bounds; else the open side is said. Where the points scatter more than their
/// uncertainties say (χ² per degree of freedom above 1) the rise asked for grows with it. Uncertainties are relative
/// standard ones, taken as normal in ln σ and independent. Source: S. S. Wilks, Ann. Math. Stat. 9 (1938) 60, DOI
/// 10.1214/aoms/1177732360; identifiability by profiles: A. Raue et al., Bioinformatics 25 (2009) 1923, DOI
/// 10.1093/bioinformatics/btp358.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "closo/base/progress.hpp"

namespace closo::composite {

struct CompositePoint {
  double filler_fraction = 0.0;       ///< volume share of the oxide in the solids
  double temperature = 298.15;        ///< K
  double conductivity = 0.0;          ///< S/m
  double relative_uncertainty = 0.2;  ///< of the conductivity
};

struct FitParameter {
  std::string name;
  double start = 0.0, low = 0.0, high = 0.0;
  bool is_logarithmic = true;  ///< varied in its logarithm: for what is above 0 and unknown by decades
};

struct InterphaseFitOptions {
  std::size_t starts = 8;  ///< the given one and others spread over the bounds; the best fit is kept
  double rise = 3.84;      ///< of χ² that ends an interval: 3.84 for 95 %, 1 for 68 %
  /// Of ln σ as the model gives it, relative to the residuals (num/bounded_least_squares.hpp).
  double relative_noise = 1e-13;
  base::Progress progress{};
};

struct FittedParameter {
  std::string name;
  double value = 0.0;
  std::optional<double> low{}, high{};  ///< profile interval; empty: open on that side within the bounds
  /// Parameters that have come to a bound of their own at an end of the interval: there it is closed by that bound as
  /// much as by the points.
  std::vector<std::string> leans_on{};
  bool is_identified = false;  ///< closed on both sides, leaning on nothing
};

struct InterphaseFit {
  bool converged = false;
  double chi_square = 0.0;
  std::size_t degrees_of_freedom = 0;  ///< points less parameters, at least 0
  std::vector<FittedParameter> parameters;
  std::vector<double> predicted;  ///< S/m, one per point
  /// Pairs of parameters that only matter together: |r| > 0.95.
  std::vector<std::pair<std::string, std::string>> traded;
  /// Row-major, of the parameters as varied (logarithms where `is_logarithmic`). The bounds count as a weak prior of
  /// their own width, so that a direction without information is a correlation of nearly ±1, not a division by zero.
  std::vector<double> correlation;
};

/// `model(parameters, point) -> σ [S/m]`, parameters in the order given, in their own units; 0, negative or not finite:
/// the model is not defined there. Throws: ParameterError for no points or parameters, points without a positive
/// conductivity, temperature and uncertainty or a fraction outside [0, 1], bounds out of order, a start outside them or
/// a logarithmic parameter that may be 0; NumericsError where the model is defined at none of the starts; Cancelled.
using CompositeModel = std::function<double(std::span<const double>, const CompositePoint&)>;
InterphaseFit fit_interphase(const CompositeModel& model, std::span<const CompositePoint> points,
                             std::span<const FitParameter> parameters, const InterphaseFitOptions& options = {});

}  // namespace closo::composite
