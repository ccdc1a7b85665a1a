/// Complex arithmetic for the inner loops: plain formulas, without the checks for infinities that std::complex makes.
#pragma once

#include <cmath>

namespace closo::impedance::detail {

struct Number {
  double re = 0.0;
  double im = 0.0;
};

inline Number operator+(Number a, Number b) { return {a.re + b.re, a.im + b.im}; }
inline Number operator-(Number a, Number b) { return {a.re - b.re, a.im - b.im}; }
inline Number operator-(Number a) { return {-a.re, -a.im}; }
inline Number operator*(Number a, Number b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
inline Number operator*(double a, Number b) { return {a * b.re, a * b.im}; }
inline Number operator+(double a, Number b) { return {a + b.re, b.im}; }
inline double norm(Number a) { return a.re * a.re + a.im * a.im; }
inline Number inverse(Number a) {
  const double scale = 1.0 / norm(a);
  return {a.re * scale, -a.im * scale};
}
inline Number operator/(Number a, Number b) { return a * inverse(b); }
inline Number polar(double modulus, double angle) { return {modulus * std::cos(angle), modulus * std::sin(angle)}; }

/// Principal root of a number in the right half plane or on the imaginary axis.
inline Number root(Number a) {
  const double modulus = std::hypot(a.re, a.im);
  const double re = std::sqrt(0.5 * (modulus + std::fabs(a.re)));
  const double im = re > 0.0 ? 0.5 * a.im / re : 0.0;
  return a.re >= 0.0 ? Number{re, im} : Number{std::fabs(im), std::copysign(re, a.im)};
}

/// exp(a) - 1 without cancellation.
inline Number expm1(Number a) {
  const double grow = std::expm1(a.re);
  const double half = std::sin(0.5 * a.im);
  return {grow - 2.0 * (grow + 1.0) * half * half, (grow + 1.0) * std::sin(a.im)};
}

}  // namespace closo::impedance::detail
