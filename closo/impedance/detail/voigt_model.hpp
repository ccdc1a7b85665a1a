/// Linear fit of Voigt elements with fixed time constants to an immittance, for the Kramers-Kronig test.
///
/// D(ω) = s (a + Σ c_k/(1 + jωτ_k) + b jx + d/(jx)) with x = ω/ω_ref; D is Z or Y. Rows are relative to |D|; columns
/// are scaled to length one, so that neither the unit of Z nor that of time matters. Solution by Cholesky of the normal
/// equations with one step of refinement: columns a quarter of a decade apart have a condition number below 1e6.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace closo::impedance::detail {

enum class VoigtPart { both, real, imaginary };

struct VoigtTerms {
  std::size_t elements = 1;
  double extension = 0.0;  ///< decades of τ beyond each end of the window
  bool linear = true;      ///< the term b jx
  bool inverse = true;     ///< the term d/(jx)
};

class VoigtModel {
 public:
  /// @param frequency  Hz, ascending  @param immittance  Ohm or S, one for each frequency, none of them zero
  VoigtModel(std::span<const double> frequency, std::span<const std::complex<double>> immittance,
             std::size_t largest_elements);

  /// Fits the points with active[i] != 0. The fit of one part takes what it does not see from the other: the constant
  /// when the imaginary part is fitted, the other two terms when the real part is. False when the columns do not fix
  /// the unknowns.
  bool fit(const VoigtTerms& terms, VoigtPart part, std::span<const char> active);

  std::size_t unknowns() const noexcept { return unknowns_; }
  std::size_t rows() const noexcept { return rows_; }                                    ///< equations of active points
  double sum_of_squares() const noexcept { return sum_of_squares_; }                     ///< of the fitted equations
  std::span<const std::complex<double>> residual() const noexcept { return residual_; }  ///< (D − fit)/|D|, every point

  double constant() const noexcept;              ///< unit of D
  double element(std::size_t k) const noexcept;  ///< c_k, unit of D
  double linear() const noexcept;                ///< coefficient of jω
  double inverse() const noexcept;               ///< coefficient of 1/(jω)
  double tau(std::size_t k) const noexcept;      ///< s

  /// The 2 × 2 block of the influence matrix of an active point, or for an inactive one the variance of its prediction,
  /// both in units of the noise: h[0] (Re, Re), h[1] (Re, Im), h[2] (Im, Im). Only after a fit of both parts.
  void influence(std::size_t point, double h[3]);

 private:
  void build(const VoigtTerms& terms);
  bool fit_columns(std::size_t first, std::size_t count, VoigtPart part, std::span<const char> active);

  std::size_t n_ = 0;
  double omega_ref_ = 1.0;          ///< rad/s
  double scale_ = 1.0;              ///< unit of D
  double decades_[2] = {0.0, 0.0};  ///< log10 of 1/x at the two ends of the window
  std::vector<double> x_;
  std::vector<double> weight_;  ///< scale/|D|
  std::vector<std::complex<double>> relative_;
  std::vector<std::complex<double>> residual_;
  VoigtTerms terms_;
  std::size_t unknowns_ = 0;
  std::size_t rows_ = 0;
  double sum_of_squares_ = 0.0;
  std::vector<double> tau_;      ///< in units of 1/ω_ref
  std::vector<double> basis_;    ///< each column: n real parts, n imaginary parts
  std::vector<double> columns_;  ///< of the last fit: active rows, length one
  std::vector<double> length_;   ///< of those columns before
  std::vector<double> factor_;   ///< Cholesky factor of their Gram matrix
  std::vector<double> right_;
  std::vector<double> solution_;
  std::vector<double> correction_;
  std::vector<double> coefficient_;  ///< of the columns of basis_
};

}  // namespace closo::impedance::detail
