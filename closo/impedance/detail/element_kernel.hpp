/// Impedance and derivatives of the elements that are not plain powers of s, one frequency at a time, without
/// allocation.
///
/// tanh and coth come from exp(-2x), which never overflows for Re x > 0; below |x|² = 1e-3 from their power series
/// (DLMF 4.33.3 and 4.19.6 with imaginary argument, https://dlmf.nist.gov/4).
#pragma once

#include "closo/impedance/detail/complex_number.hpp"
#include "closo/impedance/element.hpp"

namespace closo::impedance::detail {

inline constexpr double half_pi = 1.57079632679489661923;
inline constexpr double small_square = 1e-3;

/// Value f(g) and slope g f'(g).
struct Shape {
  Number value;
  Number slope;
};

/// tanh(sqrt g)/sqrt g.
inline Shape tanh_shape(Number g) {
  if (norm(g) < small_square * small_square) {
    const Number g2 = g * g;
    const Number g3 = g2 * g;
    const Number g4 = g2 * g2;
    return {1.0 + ((-1.0 / 3.0) * g + (2.0 / 15.0) * g2 - (17.0 / 315.0) * g3 + (62.0 / 2835.0) * g4),
            (-1.0 / 3.0) * g + (4.0 / 15.0) * g2 - (51.0 / 315.0) * g3 + (248.0 / 2835.0) * g4};
  }
  const Number x = root(g);
  const Number e = polar(std::exp(-2.0 * x.re), -2.0 * x.im);
  const Number plus = inverse(1.0 + e);
  const Number value = (1.0 + -e) * plus / x;
  const Number sech2 = 4.0 * (e * plus * plus);
  return {value, 0.5 * (sech2 - value)};
}

/// coth(sqrt g)/sqrt g.
inline Shape coth_shape(Number g) {
  if (norm(g) < small_square * small_square) {
    const Number over = inverse(g);
    const Number g2 = g * g;
    const Number g3 = g2 * g;
    return {over + (1.0 / 3.0 + ((-1.0 / 45.0) * g + (2.0 / 945.0) * g2 - (1.0 / 4725.0) * g3)),
            (-1.0 / 45.0) * g + (4.0 / 945.0) * g2 - (3.0 / 4725.0) * g3 - over};
  }
  const Number x = root(g);
  const Number e = polar(std::exp(-2.0 * x.re), -2.0 * x.im);
  const Number minus = inverse(1.0 + -e);
  const Number value = (1.0 + e) * minus / x;
  const Number csch2 = 4.0 * (e * minus * minus);
  return {value, -0.5 * (csch2 + value)};
}

/// The logarithm of s = jw.
inline Number log_s(double log_w) { return {log_w, half_pi}; }

/// c s^n with c > 0.
inline Number power(double log_c, double n, double log_w) { return polar(std::exp(log_c + n * log_w), n * half_pi); }

/// `p`: parameters; `lp`: their logarithms; `dz`: derivatives as in ElementResponse. Elements that are plain powers of
/// s are evaluated by `power` and are not among the cases.
template <ElementKind kind>
Number response(const double* p, const double* lp, double log_w, Number* dz) {
  if constexpr (kind == ElementKind::zarc) {
    const Number t = power(p[2] * lp[1], p[2], log_w);
    const Number over = inverse(1.0 + t);
    const Number z = p[0] * over;
    const Number down = -(z * (t * over));
    dz[0] = z;
    dz[1] = p[2] * down;
    dz[2] = down * Number{lp[1] + log_w, half_pi};
    return z;
  } else if constexpr (kind == ElementKind::voigt) {
    const Number t{0.0, std::exp(lp[1] + log_w)};
    const Number over = inverse(1.0 + t);
    const Number z = p[0] * over;
    dz[0] = z;
    dz[1] = -(z * (t * over));
    return z;
  } else if constexpr (kind == ElementKind::havriliak_negami) {
    const Number t = power(p[2] * lp[1], p[2], log_w);
    const Number u = 1.0 + t;
    const Number log_u{0.5 * std::log1p(2.0 * t.re + norm(t)), std::atan2(u.im, u.re)};
    const Number z = polar(p[0] * std::exp(-p[3] * log_u.re), -p[3] * log_u.im);
    const Number down = -p[3] * (z * (t / u));
    dz[0] = z;
    dz[1] = p[2] * down;
    dz[2] = down * Number{lp[1] + log_w, half_pi};
    dz[3] = -(z * log_u);
    return z;
  } else if constexpr (kind == ElementKind::warburg_short || kind == ElementKind::warburg_open) {
    const Number g{0.0, std::exp(lp[1] + log_w)};
    const Shape f = kind == ElementKind::warburg_short ? tanh_shape(g) : coth_shape(g);
    dz[0] = p[0] * f.value;
    dz[1] = p[0] * f.slope;
    return dz[0];
  } else if constexpr (kind == ElementKind::gerischer) {
    const Number t{0.0, std::exp(lp[1] + log_w)};
    const Number z = p[0] * inverse(root(1.0 + t));
    dz[0] = z;
    dz[1] = -0.5 * (z * (t / (1.0 + t)));
    return z;
  } else if constexpr (kind == ElementKind::gerischer_finite) {
    // coth(phi u)/u = phi f(g) with g = phi² (1 + s tau), so d/d ln phi = phi (f + 2 g f').
    const Number t{0.0, std::exp(lp[1] + log_w)};
    const Number u2 = 1.0 + t;
    const Shape f = coth_shape(p[2] * p[2] * u2);
    const double r = p[0] * p[2];
    dz[0] = r * f.value;
    dz[1] = r * (f.slope * (t / u2));
    dz[2] = r * (f.value + 2.0 * f.slope);
    return dz[0];
  } else if constexpr (kind == ElementKind::line_blocking) {
    const Number g = power(lp[0] + lp[1], p[2], log_w);
    const Shape f = coth_shape(g);
    const Number z = p[0] * f.value;
    const Number down = p[0] * f.slope;
    dz[0] = z + down;
    dz[1] = down;
    dz[2] = down * log_s(log_w);
    return z;
  } else {
    static_assert(kind == ElementKind::line_reactive);
    const double leak = p[0] / p[1];
    const Number charge = power(lp[0] + lp[2], p[3], log_w);
    const Number g = leak + charge;
    const Shape f = coth_shape(g);
    const Number z = p[0] * f.value;
    const Number slope = p[0] * (f.slope / g);
    dz[0] = z + slope * g;
    dz[1] = -leak * slope;
    dz[2] = slope * charge;
    dz[3] = dz[2] * log_s(log_w);
    return z;
  }
}

/// Calls `use` with the kind as a compile-time constant, for the kinds that `response` knows; false for plain powers of
/// s.
template <class Use>
bool with_kind(ElementKind kind, const Use& use) {
  switch (kind) {
    case ElementKind::zarc:
      use.template operator()<ElementKind::zarc>();
      return true;
    case ElementKind::voigt:
      use.template operator()<ElementKind::voigt>();
      return true;
    case ElementKind::havriliak_negami:
      use.template operator()<ElementKind::havriliak_negami>();
      return true;
    case ElementKind::warburg_short:
      use.template operator()<ElementKind::warburg_short>();
      return true;
    case ElementKind::warburg_open:
      use.template operator()<ElementKind::warburg_open>();
      return true;
    case ElementKind::gerischer:
      use.template operator()<ElementKind::gerischer>();
      return true;
    case ElementKind::gerischer_finite:
      use.template operator()<ElementKind::gerischer_finite>();
      return true;
    case ElementKind::line_blocking:
      use.template operator()<ElementKind::line_blocking>();
      return true;
    case ElementKind::line_reactive:
      use.template operator()<ElementKind::line_reactive>();
      return true;
    default:
      return false;
  }
}

/// A plain power of s: Z = p0^sign factor s^exponent.
struct PowerForm {
  double sign = 1.0;  ///< +1: proportional to the first parameter; -1: to its inverse
  double factor = 1.0;
  double exponent = 0.0;       ///< without a free exponent
  double free_exponent = 0.0;  ///< times the second parameter, added to the exponent
};

/// Only for the kinds that `response` does not know.
inline PowerForm power_form(ElementKind kind) {
  switch (kind) {
    case ElementKind::capacitor:
      return {-1.0, 1.0, -1.0, 0.0};
    case ElementKind::inductor:
      return {1.0, 1.0, 1.0, 0.0};
    case ElementKind::constant_phase:
      return {-1.0, 1.0, 0.0, -1.0};
    case ElementKind::warburg:
      return {1.0, 1.41421356237309504880, -0.5, 0.0};
    case ElementKind::modified_inductor:
      return {1.0, 1.0, 0.0, 1.0};
    default:
      return {1.0, 1.0, 0.0, 0.0};
  }
}

}  // namespace closo::impedance::detail
