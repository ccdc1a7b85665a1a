/// Information criteria for Gaussian residuals: which of several models the points support.
///
/// Constants common to all models of the same points are left out. With stated uncertainties -2 ln L is chi-square;
/// without, the noise variance is one more unknown and -2 ln L is n ln(RSS/n). Lower is better; a difference of 10 is
/// decisive (R. E. Kass & A. E. Raftery, J. Am. Stat. Assoc. 90 (1995) 773, DOI 10.1080/01621459.1995.10476572).
#pragma once

#include <cstddef>

namespace closo::num {

/// Schwarz criterion, chi-square + p ln n. Throws: ParameterError unless chi_square >= 0 and points > 0.
double bic_known_noise(double chi_square, std::size_t points, std::size_t parameters);

/// Schwarz criterion with unknown noise and the small-sample correction of A. McQuarrie, Stat. Probab. Lett. 44 (1999)
/// 79: n ln(RSS/n) + n p ln n / (n - p - 2); infinity when points <= parameters + 2. Throws: ParameterError unless
/// residual_sum > 0 and points > 0.
double bic_unknown_noise(double residual_sum, std::size_t points, std::size_t parameters);

/// Akaike criterion with the correction of C. M. Hurvich & C.-L. Tsai, Biometrika 76 (1989) 297,
/// DOI 10.1093/biomet/76.2.297; `parameters` without the noise variance; infinity when points <= parameters + 2.
/// Throws: ParameterError unless residual_sum > 0 and points > 0.
double aicc_unknown_noise(double residual_sum, std::size_t points, std::size_t parameters);

}  // namespace closo::num
