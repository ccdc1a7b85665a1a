/// Open-circuit curves U(z, T) of insertion electrodes, from tables or formulas, safe on the whole of 0 < z < 1.
///
/// Model: z is the ion's stoichiometry over its maximum, U falls (or is flat) with z. A table is interpolated by the
/// monotone cubic of F. N. Fritsch, R. E. Carlson, SIAM J. Numer. Anal. 17 (1980) 238, DOI 10.1137/0717021, so it has
/// no overshoot. Outside of the range given, U continues with the end's slope and the ideal-solution term, (RT/F) ln z
/// at the left and (RT/F) ln(1-z) at the right, joined with a continuous slope: U → +∞ at z → 0 and −∞ at z → 1. A
/// range that touches an end (without an ideal term of its own) gets that spike within the last 0.2 %. U(z, T) = U(z,
/// T_ref) + (T - T_ref) dU/dT(z).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace closo::cell {

/// One term of a formula; x is the stoichiometry z.
struct OpenCircuitTerm {
  enum class Kind : unsigned char {
    power,           ///< a x^n                       (n = b, whole number; constant: 0)
    exponential,     ///< a exp(b x + c)
    tanh,            ///< a tanh(b x + c)
    ideal,           ///< a (RT/F) ln((1-x)/x)
    redlich_kister,  ///< -(a/F) [(1-2x)^(n+1) - 2 n x (1-x) (1-2x)^(n-1)], a in J/mol, n = b whole number
  };
  Kind kind = Kind::power;
  double a = 0.0;
  double b = 0.0;
  double c = 0.0;
  bool is_thermal = false;  ///< a counts in RT/F instead of volts (not for ideal and redlich_kister)
  bool operator==(const OpenCircuitTerm&) const = default;
};

/// Value and slopes at one place.
struct OpenCircuitPoint {
  double potential = 0.0;                 ///< V
  double stoichiometry_derivative = 0.0;  ///< dU/dz, V
  double temperature_derivative = 0.0;    ///< dU/dT, V/K
};

class OpenCircuit {
 public:
  /// U = 0 V everywhere, with end spikes.
  OpenCircuit() = default;

  /// Table: stoichiometries rising within [0, 1], potentials [V] not rising (a rise up to 1 mV, as noise of digitised
  /// curves, is levelled by the running minimum). Throws: ParameterError for sizes below 2 or unequal, order, range,
  /// values that are not finite, rises.
  static OpenCircuit from_table(std::span<const double> stoichiometry, std::span<const double> potential);

  /// Sum of terms, valid in [low, high]. Throws: ParameterError without a term, for a range not inside [0, 1], powers
  /// that are not whole numbers from 0 to 60, values that are not finite within the range, or a curve that rises by
  /// more than 1 mV (two-phase formulas: give their table with the plateau instead).
  static OpenCircuit from_formula(std::vector<OpenCircuitTerm> terms, double low, double high);

  /// Adds dU/dT [V/K] tabulated over stoichiometry (linear between, constant outside) and the temperature [K] at which
  /// the curve itself holds. Throws: ParameterError as from_table, without the demand to fall.
  OpenCircuit with_entropy(std::span<const double> stoichiometry, std::span<const double> derivative,
                           double reference_temperature) const;

  /// At stoichiometry 0 < z < 1 (values outside are moved in by 1e-14) and temperature [K].
  OpenCircuitPoint at(double stoichiometry, double temperature) const noexcept;
  double potential(double stoichiometry, double temperature) const noexcept {
    return at(stoichiometry, temperature).potential;
  }

  /// The stoichiometry where U(z, T) is a potential [V], by bisection over 0 < z < 1.
  double stoichiometry_at(double potential, double temperature) const noexcept;

  /// ∫ U dz [V] between two stoichiometries in 0 < z < 1, by adaptive quadrature to about 1e-11 V.
  double integral(double from, double to, double temperature) const;

  /// The range given by table or formula.
  double low() const noexcept { return low_; }
  double high() const noexcept { return high_; }

  bool operator==(const OpenCircuit&) const = default;

 private:
  struct Value {
    double u = 0.0, slope = 0.0, thermal = 0.0;  // V, V, V/K
  };
  Value inside(double z, double temperature) const noexcept;
  Value table(double z) const noexcept;
  Value formula(double z, double temperature) const noexcept;
  void gather_terms();
  void add_entropy(double z, double temperature, Value& value) const noexcept;
  void place_spikes() noexcept;

  std::vector<double> z_, u_, slope_;
  std::vector<OpenCircuitTerm> terms_;
  // The same terms as they are evaluated: low powers as polynomials, one ideal term, the others.
  std::vector<double> polynomial_, thermal_polynomial_;
  double ideal_ = 0.0;
  std::vector<OpenCircuitTerm> others_;
  std::vector<double> entropy_z_, entropy_;
  double entropy_reference_ = 298.15;
  double low_ = 0.0, high_ = 1.0;
  double left_spike_ = 0.002, right_spike_ = 0.998;
};

}  // namespace closo::cell
