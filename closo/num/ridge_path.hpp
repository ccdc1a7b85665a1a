/// Tikhonov-regularised least squares for many values of λ: minimise |A x − b|² + λ xᵀ P x.
///
/// One reduction to tridiagonal form, then each λ costs O(n): the residual, the penalty and the trace of the influence
/// matrix, from which the generalised cross-validation score and the L-curve follow. Columns without a penalty are
/// projected out first. Source: L. Eldén, BIT 17 (1977) 134, DOI 10.1007/BF01932285; G. H. Golub, M. Heath, G. Wahba,
/// Technometrics 21 (1979) 215, DOI 10.1080/00401706.1979.10489751.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace closo::num {

struct RidgePoint {
  double residual_square = 0.0;       ///< |A x − b|²
  double penalty = 0.0;               ///< xᵀ P x
  double effective_parameters = 0.0;  ///< trace of the influence matrix, columns without a penalty included
};

class RidgePath {
 public:
  /// @param columns  A, column-major, b.size() × n  @param free  columns without a penalty, b.size() × any; may be
  /// dependent
  /// @param penalty  P, column-major n × n, lower triangle, positive definite
  /// Throws: ParameterError on sizes that do not match; NumericsError when P is not positive definite.
  RidgePath(std::span<const double> columns, std::span<const double> free, std::span<const double> b,
            std::span<const double> penalty);

  std::size_t rows() const noexcept { return rows_; }
  /// Throws: ParameterError unless λ is positive and finite.
  RidgePoint at(double lambda) const;
  /// rows · residual² / (rows − effective parameters)². Throws: as `at`.
  double cross_validation(double lambda) const;
  /// Trace of the penalised Gram matrix relative to P over n: the λ where data and penalty weigh about the same.
  double balance() const noexcept { return balance_; }

 private:
  std::size_t rows_ = 0;
  std::size_t free_rank_ = 0;
  double b_square_ = 0.0;
  double balance_ = 0.0;
  std::vector<double> diagonal_;
  std::vector<double> off_diagonal_;
  std::vector<double> right_;
};

}  // namespace closo::num
