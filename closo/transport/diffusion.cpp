#include "closo/transport/diffusion.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::transport {
namespace {

void require_positive(double value, const char* name, const char* unit) {
  if (!(value > 0.0 && std::isfinite(value))) {
    throw base::ParameterError(name, base::format_number(value, 6) + " " + unit, "a positive finite value");
  }
}

double charge_squared(double charge_number) {
  if (charge_number == 0.0 || !std::isfinite(charge_number)) {
    throw base::ParameterError("charge_number", base::format_number(charge_number), "a charge number other than 0");
  }
  return std::pow(charge_number * base::elementary_charge, 2);
}

// Remainder of Stirling's series, ln n! = n ln n - n + ln(2 pi n)/2 + remainder (DLMF 5.11.1), for n >= 10.
long double stirling_remainder(long double n) {
  const long double r = 1.0L / (n * n);
  return (1.0L / 12 - r * (1.0L / 360 - r * (1.0L / 1260 - r * (1.0L / 1680 - r / 1188)))) / n;
}

long double log_factorial(long double n) {
  int sign = 0;
  return ::lgammal_r(n + 1.0L, &sign);
}

}  // namespace

double nernst_einstein_conductivity(double carrier_density, double charge_number, double diffusion_coefficient,
                                    double temperature) {
  require_positive(carrier_density, "carrier_density", "1/m3");
  require_positive(diffusion_coefficient, "diffusion_coefficient", "m2/s");
  require_positive(temperature, "temperature", "K");
  return carrier_density * charge_squared(charge_number) * diffusion_coefficient /
         (base::boltzmann_constant * temperature);
}

double nernst_einstein_diffusion(double carrier_density, double charge_number, double conductivity,
                                 double temperature) {
  require_positive(carrier_density, "carrier_density", "1/m3");
  require_positive(conductivity, "conductivity", "S/m");
  require_positive(temperature, "temperature", "K");
  return conductivity * base::boltzmann_constant * temperature / (carrier_density * charge_squared(charge_number));
}

double haven_ratio(double tracer_diffusion, double conductivity_diffusion) {
  require_positive(tracer_diffusion, "tracer_diffusion", "m2/s");
  require_positive(conductivity_diffusion, "conductivity_diffusion", "m2/s");
  return tracer_diffusion / conductivity_diffusion;
}

double diffusion_coefficient(const JumpDiffusion& jump, double temperature) {
  require_positive(temperature, "temperature", "K");
  require_positive(jump.geometric_factor, "geometric_factor", "");
  require_positive(jump.jump_length, "jump_length", "m");
  require_positive(jump.attempt_frequency, "attempt_frequency", "1/s");
  return jump.geometric_factor * jump.jump_length * jump.jump_length * jump.attempt_frequency *
         std::exp(jump.entropy_over_k - jump.activation_energy_eV / (base::boltzmann_constant_eV * temperature));
}

double configurational_entropy(double sites, double ions) {
  if (!(ions >= 0.0 && sites >= ions && std::isfinite(sites))) {
    throw base::ParameterError("ions", base::format_number(ions) + " on " + base::format_number(sites) + " sites",
                               "0 <= ions <= sites");
  }
  const long double n = sites;
  const long double m = std::min<long double>(ions, n - ions);
  const long double rest = n - m;
  if (m == 0.0L) return 0.0;
  if (n < 1000.0L) return static_cast<double>(log_factorial(n) - log_factorial(m) - log_factorial(rest));
  // n ln n - m ln m - rest ln rest without the cancellation of differences of large factorials.
  const long double mixing_rest = -rest * std::log1p(-m / n);
  if (m < 10.0L) {
    // ln n!/rest! = mixing part + m ln n - m + half a logarithm + difference of the remainders.
    return static_cast<double>(mixing_rest + m * std::log(n) - m - 0.5L * std::log1p(-m / n) + stirling_remainder(n) -
                               stirling_remainder(rest) - log_factorial(m));
  }
  const long double pi2 = 6.283185307179586476925L;
  return static_cast<double>(m * std::log(n / m) + mixing_rest - 0.5L * std::log(pi2 * m * (rest / n)) +
                             stirling_remainder(n) - stirling_remainder(m) - stirling_remainder(rest));
}

double frenkel_pair_density(double site_density, double interstitial_density, double formation_energy_eV,
                            double temperature) {
  require_positive(site_density, "site_density", "1/m3");
  require_positive(interstitial_density, "interstitial_density", "1/m3");
  require_positive(temperature, "temperature", "K");
  return std::sqrt(site_density) * std::sqrt(interstitial_density) *
         std::exp(-formation_energy_eV / (2.0 * base::boltzmann_constant_eV * temperature));
}

}  // namespace closo::transport
