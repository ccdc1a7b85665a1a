#include "closo/impedance/detail/voigt_model.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "closo/num/positive_definite.hpp"

namespace closo::impedance::detail {
namespace {

using Complex = std::complex<double>;

constexpr double two_pi = 2.0 * std::numbers::pi;

}  // namespace

VoigtModel::VoigtModel(std::span<const double> frequency, std::span<const Complex> immittance,
                       std::size_t largest_elements)
    : n_(frequency.size()),
      omega_ref_(two_pi * std::sqrt(frequency.front()) * std::sqrt(frequency.back())),
      x_(n_),
      weight_(n_),
      relative_(n_),
      residual_(n_) {
  double log_scale = 0.0;
  for (std::size_t i = 0; i < n_; ++i) {
    x_[i] = two_pi * frequency[i] / omega_ref_;
    weight_[i] = std::abs(immittance[i]);
    relative_[i] = immittance[i] / weight_[i];
    log_scale += std::log(weight_[i]);
  }
  scale_ = std::exp(log_scale / static_cast<double>(n_));
  for (double& w : weight_) w = scale_ / w;
  decades_[0] = -std::log10(x_.back());
  decades_[1] = -std::log10(x_.front());
  const std::size_t most = largest_elements + 3;
  tau_.resize(largest_elements);
  basis_.resize(most * 2 * n_);
  columns_.resize(most * 2 * n_);
  length_.resize(most);
  factor_.resize(most * most);
  right_.resize(2 * n_);
  solution_.resize(most);
  correction_.resize(most);
  coefficient_.resize(most);
}

void VoigtModel::build(const VoigtTerms& terms) {
  terms_ = terms;
  const std::size_t m = terms.elements;
  const double first = decades_[0] - terms.extension;
  const double last = decades_[1] + terms.extension;
  for (std::size_t k = 0; k < m; ++k) {
    const double place = m > 1 ? static_cast<double>(k) / static_cast<double>(m - 1) : 1.0;
    tau_[k] = std::pow(10.0, first + place * (last - first));
  }
  double* column = basis_.data();
  for (std::size_t i = 0; i < n_; ++i) {
    column[i] = weight_[i];
    column[n_ + i] = 0.0;
  }
  for (std::size_t k = 0; k < m; ++k) {
    column += 2 * n_;
    const double tau = tau_[k];
    for (std::size_t i = 0; i < n_; ++i) {
      const double wt = x_[i] * tau;
      const double real = weight_[i] / (1.0 + wt * wt);
      column[i] = real;
      column[n_ + i] = -wt * real;
    }
  }
  for (const bool linear : {true, false}) {
    if (!(linear ? terms.linear : terms.inverse)) continue;
    column += 2 * n_;
    for (std::size_t i = 0; i < n_; ++i) {
      column[i] = 0.0;
      column[n_ + i] = linear ? x_[i] * weight_[i] : -weight_[i] / x_[i];
    }
  }
  unknowns_ = 1 + m + (terms.linear ? 1 : 0) + (terms.inverse ? 1 : 0);
}

/// Fits what is left in residual_ by `count` columns from `first` on, adds to their coefficients and takes it off
/// residual_.
bool VoigtModel::fit_columns(std::size_t first, std::size_t count, VoigtPart part, std::span<const char> active) {
  if (count == 0) return true;
  const std::size_t begin = part == VoigtPart::imaginary ? n_ : 0;
  const std::size_t end = part == VoigtPart::real ? n_ : 2 * n_;
  std::size_t rows = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const std::size_t point = i < n_ ? i : i - n_;
    if (active[point]) right_[rows++] = i < n_ ? residual_[point].real() : residual_[point].imag();
  }
  rows_ = rows;
  if (rows < count) return false;
  for (std::size_t a = 0; a < count; ++a) {
    const double* from = basis_.data() + (first + a) * 2 * n_;
    double* to = columns_.data() + a * rows;
    double square = 0.0;
    std::size_t row = 0;
    for (std::size_t i = begin; i < end; ++i) {
      if (!active[i < n_ ? i : i - n_]) continue;
      to[row++] = from[i];
      square += from[i] * from[i];
    }
    length_[a] = std::sqrt(square);
    if (!(length_[a] > 0.0)) return false;
    const double inverse = 1.0 / length_[a];
    for (std::size_t i = 0; i < rows; ++i) to[i] *= inverse;
  }
  const std::span<const double> columns(columns_.data(), rows * count);
  const std::span<double> factor(factor_.data(), count * count);
  const std::span<double> solution(solution_.data(), count);
  const std::span<double> correction(correction_.data(), count);
  const std::span<double> right(right_.data(), rows);
  num::gram(columns, rows, factor);
  for (std::size_t a = 0; a < count; ++a) factor[a + a * count] *= 1.0 + 1e-14;
  if (!num::cholesky(factor, count)) return false;
  // The second pass, on the residual of the first, recovers what the squared condition number cost.
  std::fill(solution.begin(), solution.end(), 0.0);
  for (int pass = 0; pass < 2; ++pass) {
    num::transposed_product(columns, right, correction);
    num::cholesky_solve(factor, correction);
    for (std::size_t a = 0; a < count; ++a) {
      solution[a] += correction[a];
      const double* column = columns_.data() + a * rows;
      for (std::size_t i = 0; i < rows; ++i) right[i] -= column[i] * correction[a];
    }
  }
  for (std::size_t a = 0; a < count; ++a) {
    const double value = solution[a] / length_[a];
    coefficient_[first + a] += value;
    const double* column = basis_.data() + (first + a) * 2 * n_;
    for (std::size_t i = 0; i < n_; ++i) residual_[i] -= Complex(column[i] * value, column[n_ + i] * value);
  }
  return true;
}

bool VoigtModel::fit(const VoigtTerms& terms, VoigtPart part, std::span<const char> active) {
  build(terms);
  std::copy(relative_.begin(), relative_.end(), residual_.begin());
  std::fill(coefficient_.begin(), coefficient_.end(), 0.0);
  const std::size_t m = terms.elements;
  bool fixed = true;
  if (part == VoigtPart::real) {
    // Other part first in time only: its rows do not enter the fit, its terms do not enter the real rows.
    fixed = fit_columns(0, m + 1, VoigtPart::real, active);
    const std::size_t fitted = rows_;
    fixed = fixed && fit_columns(m + 1, unknowns_ - m - 1, VoigtPart::imaginary, active);
    rows_ = fitted;
  } else if (part == VoigtPart::imaginary) {
    fixed = fit_columns(1, unknowns_ - 1, VoigtPart::imaginary, active);
    const std::size_t fitted = rows_;
    fixed = fixed && fit_columns(0, 1, VoigtPart::real, active);
    rows_ = fitted;
  } else {
    fixed = fit_columns(0, unknowns_, VoigtPart::both, active);
  }
  sum_of_squares_ = 0.0;
  for (std::size_t i = 0; i < n_; ++i) {
    if (!active[i]) continue;
    if (part != VoigtPart::imaginary) sum_of_squares_ += residual_[i].real() * residual_[i].real();
    if (part != VoigtPart::real) sum_of_squares_ += residual_[i].imag() * residual_[i].imag();
  }
  return fixed && std::isfinite(sum_of_squares_);
}

double VoigtModel::constant() const noexcept { return scale_ * coefficient_[0]; }

double VoigtModel::element(std::size_t k) const noexcept { return scale_ * coefficient_[1 + k]; }

double VoigtModel::linear() const noexcept {
  return terms_.linear ? scale_ * coefficient_[1 + terms_.elements] / omega_ref_ : 0.0;
}

double VoigtModel::inverse() const noexcept {
  return terms_.inverse ? scale_ * coefficient_[unknowns_ - 1] * omega_ref_ : 0.0;
}

double VoigtModel::tau(std::size_t k) const noexcept { return tau_[k] / omega_ref_; }

void VoigtModel::influence(std::size_t point, double h[3]) {
  const std::size_t p = unknowns_;
  const std::span<double> real(solution_.data(), p);
  const std::span<double> imaginary(correction_.data(), p);
  for (std::size_t a = 0; a < p; ++a) {
    real[a] = basis_[a * 2 * n_ + point] / length_[a];
    imaginary[a] = basis_[a * 2 * n_ + n_ + point] / length_[a];
  }
  const std::span<const double> factor(factor_.data(), p * p);
  num::cholesky_forward(factor, p, real);
  num::cholesky_forward(factor, p, imaginary);
  h[0] = h[1] = h[2] = 0.0;
  for (std::size_t a = 0; a < p; ++a) {
    h[0] += real[a] * real[a];
    h[1] += real[a] * imaginary[a];
    h[2] += imaginary[a] * imaginary[a];
  }
}

}  // namespace closo::impedance::detail
