/// Circuit elements: one table with symbols, parameters, units and bounds, and the impedance with its derivatives.
///
/// | symbol | impedance (s = jw) |
/// |---|---|
/// | R | R |
/// | C | 1/(s C) |
/// | L | s L |
/// | CPE, Q | 1/(Q s^n), Q in S s^n |
/// | W | sigma (1 - j)/sqrt(w), semi-infinite diffusion |
/// | Ws | R tanh(sqrt(s tau))/sqrt(s tau), finite length, transmissive end |
/// | Wo | R coth(sqrt(s tau))/sqrt(s tau), finite length, blocking end |
/// | G | R/sqrt(1 + s tau), Gerischer |
/// | Gs | R coth(phi u)/u with u = sqrt(1 + s tau), Gerischer of finite length |
/// | Zarc | R/(1 + (s tau)^alpha), Cole–Cole |
/// | HN | R/(1 + (s tau)^alpha)^beta, Havriliak–Negami |
/// | K | R/(1 + s tau), Voigt element |
/// | La | L s^n, modified inductance |
/// | Tb | sqrt(R Zi) coth(sqrt(R/Zi)), Zi = 1/(Q s^n): de Levie transmission line, blocking |
/// | Tr | the same with Zi = Rct/(1 + Rct Q s^n): reactive |
///
/// Sources: B. A. Boukamp, Solid State Ionics 20 (1986) 31, DOI 10.1016/0167-2738(86)90031-7 (notation); J. R.
/// Macdonald (ed.), Impedance Spectroscopy, 3rd ed., Wiley (2018), ch. 2; R. de Levie, Adv. Electrochem. Eng. 6 (1967)
/// 329 (pores).
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace closo::impedance {

enum class ElementKind : unsigned char {
  resistor,
  capacitor,
  inductor,
  constant_phase,
  warburg,
  warburg_short,
  warburg_open,
  gerischer,
  gerischer_finite,
  zarc,
  havriliak_negami,
  voigt,
  modified_inductor,
  line_blocking,
  line_reactive,
};

/// How a fit moves a parameter: by its logarithm (positive values over decades) or directly between bounds (exponents).
enum class ParameterScale : unsigned char { logarithmic, bounded };

/// What a parameter means, for start values that fit the data.
enum class ParameterRole : unsigned char {
  resistance,
  capacitance,
  inductance,
  warburg_coefficient,
  time,
  exponent,
  ratio
};

struct ParameterInfo {
  std::string_view name;
  std::string_view unit;  ///< SI; "S s^n" and "Ohm s^n" depend on the exponent
  ParameterRole role = ParameterRole::resistance;
  ParameterScale scale = ParameterScale::logarithmic;
  double lower = 0.0;
  double upper = 0.0;  ///< bounds of bounded parameters; logarithmic ones run over (0, infinity)
};

inline constexpr std::size_t max_element_parameters = 4;

struct ElementInfo {
  ElementKind kind;
  std::string_view symbol;      ///< in circuits with '-' and p(,)
  std::string_view cdc_symbol;  ///< in circuit description codes
  std::string_view title;
  std::span<const ParameterInfo> parameters;
};

/// Every element, in the order of the table above.
std::span<const ElementInfo> element_table() noexcept;
const ElementInfo& element_info(ElementKind kind) noexcept;

struct ElementResponse {
  std::complex<double> impedance;  ///< Ohm
  /// By ln(parameter) for logarithmic, by the parameter for bounded ones [Ohm]; unused places are zero.
  std::array<std::complex<double>, max_element_parameters> derivatives{};
};

/// Impedance of one element and its derivatives. Stable from w tau = 1e-30 to 1e30.
/// @param parameters         SI, as many as the element has
/// @param angular_frequency  rad/s
/// Throws: ParameterError on a wrong number of parameters, a parameter outside its range or a frequency that is not
/// positive.
ElementResponse evaluate_element(ElementKind kind, std::span<const double> parameters, double angular_frequency);

/// Resistance at zero frequency [Ohm]; empty for an element that blocks direct current. An inductor has zero.
std::optional<double> direct_current_resistance(ElementKind kind, std::span<const double> parameters);

}  // namespace closo::impedance
