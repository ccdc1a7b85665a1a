#include "closo/num/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::num {
namespace {

constexpr long double epsilon = std::numeric_limits<long double>::epsilon();
constexpr long double tiny = 1e-4000L;
constexpr double pi = 3.14159265358979323846;

void require_probability(double p, const char* name) {
  if (!(p > 0.0 && p < 1.0)) throw base::ParameterError(name, base::format_number(p, 6), "a number between 0 and 1");
}

void require_dof(double dof) {
  if (!(dof > 0.0)) {
    throw base::ParameterError("degrees_of_freedom", base::format_number(dof, 6), "a positive number");
  }
}

// lgamma of glibc writes the global signgam; the reentrant form does not.
long double log_gamma(long double x) {
  int sign = 0;
  return ::lgammal_r(x, &sign);
}

// x^a e^-x / Gamma(a), by its logarithm.
long double gamma_front(long double a, long double x) { return std::exp(a * std::log(x) - x - log_gamma(a)); }

long double gamma_p_series(long double a, long double x) {
  long double term = 1.0L / a;
  long double sum = term;
  for (int n = 1; n < 100000; ++n) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * epsilon) break;
  }
  return sum * gamma_front(a, x);
}

long double gamma_q_fraction(long double a, long double x) {
  long double b = x + 1.0L - a;
  long double c = 1.0L / tiny;
  long double d = 1.0L / (std::abs(b) < tiny ? tiny : b);
  long double h = d;
  for (int n = 1; n < 100000; ++n) {
    const long double an = -n * (n - a);
    b += 2.0L;
    d = an * d + b;
    if (std::abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (std::abs(c) < tiny) c = tiny;
    d = 1.0L / d;
    const long double step = d * c;
    h *= step;
    if (std::abs(step - 1.0L) < 4 * epsilon) break;
  }
  return h * gamma_front(a, x);
}

// Lower or upper regularised gamma, whichever is asked; each is computed directly where it is the smaller one.
long double gamma_regularized(double a, double x, bool upper) {
  if (!(a > 0.0) || std::isnan(x) || x < 0.0) {
    throw base::ParameterError("a, x", base::format_number(a, 6) + ", " + base::format_number(x, 6),
                               "a > 0 and x >= 0");
  }
  if (x == 0.0) return upper ? 1.0L : 0.0L;
  if (std::isinf(x)) return upper ? 0.0L : 1.0L;
  if (x < a + 1.0) {
    const long double p = gamma_p_series(a, x);
    return upper ? 1.0L - p : p;
  }
  const long double q = gamma_q_fraction(a, x);
  return upper ? q : 1.0L - q;
}

long double beta_fraction(long double x, long double a, long double b) {
  long double c = 1.0L;
  long double d = 1.0L - (a + b) * x / (a + 1.0L);
  if (std::abs(d) < tiny) d = tiny;
  d = 1.0L / d;
  long double h = d;
  for (int m = 1; m < 100000; ++m) {
    const long double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1.0L + even * d;
    if (std::abs(d) < tiny) d = tiny;
    c = 1.0L + even / c;
    if (std::abs(c) < tiny) c = tiny;
    d = 1.0L / d;
    h *= d * c;
    const long double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1.0L + odd * d;
    if (std::abs(d) < tiny) d = tiny;
    c = 1.0L + odd / c;
    if (std::abs(c) < tiny) c = tiny;
    d = 1.0L / d;
    const long double step = d * c;
    h *= step;
    if (std::abs(step - 1.0L) < 4 * epsilon) break;
  }
  return h;
}

// Extended range as well as precision: the argument of a far t tail may lie below the smallest double.
long double beta_regularized(long double x, long double complement, long double a, long double b) {
  if (x <= 0.0L) return 0.0L;
  if (complement <= 0.0L) return 1.0L;
  const long double log_x = x < 0.5L ? std::log(x) : std::log1p(-complement);
  const long double log_complement = x < 0.5L ? std::log1p(-x) : std::log(complement);
  const long double front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log_x + b * log_complement);
  if (x < (a + 1.0L) / (a + b + 2.0L)) return front * beta_fraction(x, a, b) / a;
  return 1.0L - front * beta_fraction(complement, b, a) / b;
}

double student_t_density(double t, double dof) {
  const long double v = dof;
  const long double log_density = log_gamma((v + 1) / 2) - log_gamma(v / 2) - 0.5L * std::log(v * pi) -
                                  (v + 1) / 2 * std::log1p(static_cast<long double>(t) * t / v);
  return static_cast<double>(std::exp(log_density));
}

// Root of a decreasing function of x > 0 by Newton steps kept inside a shrinking bracket.
template <class Function, class Slope>
double solve_decreasing(double start, const Function& value, const Slope& slope) {
  double low = 0.0;
  double high = std::numeric_limits<double>::infinity();
  double x = start;
  for (int iteration = 0; iteration < 400; ++iteration) {
    const double f = value(x);
    if (f == 0.0) return x;
    (f > 0.0 ? low : high) = x;
    double next = x - f / slope(x);
    if (!(next > low && next < high)) {
      next = std::isinf(high) ? 2.0 * x : (low > 0.0 && high / low > 4.0 ? std::sqrt(low * high) : 0.5 * (low + high));
    }
    if (std::abs(next - x) <= 4e-16 * std::abs(next) || next == low || next == high) return next;
    x = next;
  }
  return x;
}

}  // namespace

double normal_cdf(double z) noexcept { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

double normal_upper_tail(double z) noexcept { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

double normal_quantile(double p) {
  require_probability(p, "p");
  if (p == 0.5) return 0.0;
  const double tail = std::min(p, 1.0 - p);
  // Abramowitz & Stegun 26.2.22 starts within 0.003; Newton on the logarithm of the tail does the rest.
  const double s = std::sqrt(-2.0 * std::log(tail));
  const double start = std::max(1e-8, s - (2.30753 + 0.27061 * s) / (1.0 + 0.99229 * s + 0.04481 * s * s));
  const double z = solve_decreasing(
      start, [tail](double x) { return std::log(normal_upper_tail(x) / tail); },
      [](double x) { return -std::exp(-0.5 * x * x) / std::sqrt(2.0 * pi) / normal_upper_tail(x); });
  return p < 0.5 ? -z : z;
}

double student_t_upper_tail(double t, double degrees_of_freedom) {
  require_dof(degrees_of_freedom);
  if (std::isinf(degrees_of_freedom) || std::isinf(t)) return normal_upper_tail(t);
  const long double v = degrees_of_freedom;
  const long double square = static_cast<long double>(t) * t;
  const auto half =
      static_cast<double>(0.5L * beta_regularized(v / (v + square), square / (v + square), 0.5L * v, 0.5L));
  return t >= 0.0 ? half : 1.0 - half;
}

double student_t_cdf(double t, double degrees_of_freedom) { return student_t_upper_tail(-t, degrees_of_freedom); }

double student_t_quantile(double p, double degrees_of_freedom) {
  require_probability(p, "p");
  require_dof(degrees_of_freedom);
  if (p == 0.5) return 0.0;
  const double v = degrees_of_freedom;
  if (std::isinf(v)) return normal_quantile(p);
  const double tail = std::min(p, 1.0 - p);
  double t = 0.0;
  if (v == 1.0) {
    t = 1.0 / std::tan(pi * tail);
  } else if (v == 2.0) {
    t = (1.0 - 2.0 * tail) / std::sqrt(2.0 * tail * (1.0 - tail));
  } else {
    // The power-law end of the tail, or the normal quantile with its first Cornish-Fisher term: only a start.
    const double z = std::abs(normal_quantile(tail));
    const double start = std::max(1e-8, z + (z * z * z + z) / (4.0 * v));
    t = solve_decreasing(
        start, [tail, v](double x) { return std::log(student_t_upper_tail(x, v) / tail); },
        [v](double x) { return -student_t_density(x, v) / student_t_upper_tail(x, v); });
  }
  return p < 0.5 ? -t : t;
}

double coverage_factor(double confidence, double degrees_of_freedom) {
  require_probability(confidence, "confidence");
  return -student_t_quantile(0.5 * (1.0 - confidence), degrees_of_freedom);
}

double chi_square_cdf(double x, double degrees_of_freedom) {
  require_dof(degrees_of_freedom);
  return regularized_gamma_p(0.5 * degrees_of_freedom, 0.5 * x);
}

double chi_square_upper_tail(double x, double degrees_of_freedom) {
  require_dof(degrees_of_freedom);
  return regularized_gamma_q(0.5 * degrees_of_freedom, 0.5 * x);
}

double chi_square_quantile(double p, double degrees_of_freedom) {
  require_probability(p, "p");
  require_dof(degrees_of_freedom);
  const double v = degrees_of_freedom;
  // Wilson & Hilferty, PNAS 17 (1931) 684, or the leading term of the lower tail: only a start.
  const double cube = 1.0 - 2.0 / (9.0 * v) + normal_quantile(p) * std::sqrt(2.0 / (9.0 * v));
  const double lower_end = 2.0 * std::exp((std::log(p) + static_cast<double>(log_gamma(0.5L * v + 1.0L))) / (0.5 * v));
  const double start = cube > 0.3 ? v * cube * cube * cube : std::max(lower_end, 1e-300);
  const auto density = [v](double x) {
    return static_cast<double>(0.5L * std::exp((0.5L * v - 1) * std::log(0.5L * x) - 0.5L * x - log_gamma(0.5L * v)));
  };
  if (p <= 0.5) {
    return solve_decreasing(
        start, [p, v](double x) { return std::log(p / chi_square_cdf(x, v)); },
        [&density, v](double x) { return -density(x) / chi_square_cdf(x, v); });
  }
  const double tail = 1.0 - p;
  return solve_decreasing(
      start, [tail, v](double x) { return std::log(chi_square_upper_tail(x, v) / tail); },
      [&density, v](double x) { return -density(x) / chi_square_upper_tail(x, v); });
}

double regularized_gamma_p(double a, double x) { return static_cast<double>(gamma_regularized(a, x, false)); }

double regularized_gamma_q(double a, double x) { return static_cast<double>(gamma_regularized(a, x, true)); }

double regularized_beta(double x, double complement, double a, double b) {
  if (!(a > 0.0 && b > 0.0 && x >= 0.0 && complement >= 0.0)) {
    throw base::ParameterError("x", base::format_number(x, 6), "0 <= x <= 1 with a > 0 and b > 0");
  }
  return static_cast<double>(beta_regularized(x, complement, a, b));
}

}  // namespace closo::num
