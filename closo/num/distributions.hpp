/// Probabilities and quantiles of the normal, Student t and chi-square distributions.
///
/// Real degrees of freedom are accepted. Relative accuracy is better than 1e-10 for probabilities down to 1e-300 and
/// for quantiles (a quantile near the median is accurate to 1e-10 of the scale instead). The incomplete gamma and beta
/// functions are summed in extended precision: series and continued fractions of DLMF 8.7.1, 8.9.2 and 8.17.22
/// (https://dlmf.nist.gov).
#pragma once

namespace closo::num {

/// P(Z <= z) and P(Z > z) of the standard normal distribution.
double normal_cdf(double z) noexcept;
double normal_upper_tail(double z) noexcept;

/// z with P(Z <= z) = p. Throws: ParameterError unless 0 < p < 1.
double normal_quantile(double p);

/// P(T <= t) and P(T > t). Throws: ParameterError unless degrees_of_freedom > 0; infinity gives the normal
/// distribution.
double student_t_cdf(double t, double degrees_of_freedom);
double student_t_upper_tail(double t, double degrees_of_freedom);

/// t with P(T <= t) = p. Throws: ParameterError unless 0 < p < 1 and degrees_of_freedom > 0.
double student_t_quantile(double p, double degrees_of_freedom);

/// Half-width of the two-sided interval, in standard uncertainties: P(|T| <= factor) = confidence.
/// Throws: ParameterError unless 0 < confidence < 1 and degrees_of_freedom > 0.
double coverage_factor(double confidence, double degrees_of_freedom);

/// P(X <= x) and P(X > x) for chi-square. Throws: ParameterError unless degrees_of_freedom > 0 and x >= 0.
double chi_square_cdf(double x, double degrees_of_freedom);
double chi_square_upper_tail(double x, double degrees_of_freedom);

/// x with P(X <= x) = p. Throws: ParameterError unless 0 < p < 1 and degrees_of_freedom > 0.
double chi_square_quantile(double p, double degrees_of_freedom);

/// Regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P. Throws: ParameterError unless a > 0, x >= 0.
double regularized_gamma_p(double a, double x);
double regularized_gamma_q(double a, double x);

/// Regularised incomplete beta function I_x(a, b); `complement` is 1 - x, given separately so that x near 1 keeps its
/// digits. Throws: ParameterError unless a > 0, b > 0 and x, complement >= 0.
double regularized_beta(double x, double complement, double a, double b);

}  // namespace closo::num
