/// Spectra of one sample at several temperatures: fitted one by one with mutual starts, or all at once with coupled
/// parameters.
///
/// Couplings of the global fit: `shared` has one value at every temperature; `activated` follows
/// p(T) = p_m (T/T_m) exp[(Ea/k)(1/T - 1/T_m)], the law of a resistance whose conductivity obeys sigma T = A
/// exp(-Ea/kT), with the free numbers p_m and Ea and T_m the harmonic mean temperature. Every other parameter is free
/// in each spectrum.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "closo/base/measured.hpp"
#include "closo/impedance/fit.hpp"

namespace closo::impedance {

/// Fits every spectrum without a guess and then from the results of its neighbours in temperature (in the order given
/// where no temperature is known), keeping the smallest chi²: a local optimum at one temperature does not survive.
/// Throws: as fit; ParameterError on no spectra.
std::vector<FitResult> fit_sequence(const Circuit& circuit, std::span<const Spectrum> spectra,
                                    const FitOptions& options = {});

enum class Coupling : unsigned char { shared, activated };

struct CoupledParameter {
  std::string name;  ///< of the circuit
  Coupling coupling = Coupling::shared;
};

struct CoupledValue {
  std::string name;
  Coupling coupling = Coupling::shared;
  double value = 0.0;                   ///< SI; activated: at the mean temperature
  double uncertainty = 0.0;             ///< standard
  base::Measured activation_energy_eV;  ///< activated only
};

struct GlobalFit {
  FitStatus status = FitStatus::converged;
  std::vector<CoupledValue> coupled;
  /// Parameters of each spectrum, in the order of Circuit::parameters; intervals are first order.
  std::vector<std::vector<FittedParameter>> parameters;
  std::vector<double> chi_squares;  ///< of each spectrum
  double chi_square = 0.0;
  std::size_t degrees_of_freedom = 0;
  std::size_t free_parameters = 0;
  double variance_scale = 1.0;
  double aicc = 0.0;
  double mean_temperature = 0.0;         ///< K, T_m; 0 without an activated parameter
  std::vector<double> covariance;        ///< row-major, of all coordinates of the global fit
  std::vector<std::string> coordinates;  ///< their names, such as "R1[3]" (spectra count from 1), "CPE1.n", "R1.Ea"
  std::vector<std::string> remarks;

  /// Covariance of two parameters of one spectrum [product of their units], first order.
  double parameter_covariance(std::size_t spectrum, std::size_t i, std::size_t j) const;
  /// Rows: spectrum-major, then parameter; columns: coordinates. d(scaled parameter)/d(coordinate).
  std::vector<double> jacobian;
};

/// Global fit, started from fit_sequence. Robust loss and calculated weights are not available here.
/// Throws: as fit; ParameterError on an unknown, fixed or twice named parameter, `activated` for a bounded parameter or
/// without temperatures, fewer than two spectra, unequal temperatures where needed, or unsupported options.
GlobalFit fit_globally(const Circuit& circuit, std::span<const Spectrum> spectra,
                       std::span<const CoupledParameter> coupled, const FitOptions& options = {});

}  // namespace closo::impedance
