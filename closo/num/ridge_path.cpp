#include "closo/num/ridge_path.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::num {
namespace {

using ConstMatrix = Eigen::Map<const Eigen::MatrixXd>;
using ConstVector = Eigen::Map<const Eigen::VectorXd>;

/// Orthonormal basis of the columns' span; columns that depend on earlier ones are left out.
Eigen::MatrixXd orthonormal(const ConstMatrix& columns) {
  Eigen::MatrixXd basis(columns.rows(), columns.cols());
  Eigen::Index rank = 0;
  for (Eigen::Index j = 0; j < columns.cols(); ++j) {
    Eigen::VectorXd v = columns.col(j);
    const double norm = v.norm();
    for (int pass = 0; pass < 2; ++pass) {  // twice is enough (Giraud et al. 2005)
      v -= basis.leftCols(rank) * (basis.leftCols(rank).transpose() * v).eval();
    }
    if (v.norm() > 1e-7 * norm && rank < columns.rows()) basis.col(rank++) = v.normalized();
  }
  return basis.leftCols(rank);
}

}  // namespace

RidgePath::RidgePath(std::span<const double> columns, std::span<const double> free, std::span<const double> b,
                     std::span<const double> penalty)
    : rows_(b.size()) {
  if (rows_ == 0 || columns.size() % rows_ != 0 || free.size() % rows_ != 0 || columns.empty() ||
      penalty.size() != (columns.size() / rows_) * (columns.size() / rows_)) {
    throw base::ParameterError("columns, free, b, penalty",
                               std::to_string(columns.size()) + ", " + std::to_string(free.size()) + ", " +
                                   std::to_string(rows_) + ", " + std::to_string(penalty.size()) + " values",
                               "rows * n, rows * any, rows and n * n values");
  }
  const auto rows = static_cast<Eigen::Index>(rows_);
  const auto n = static_cast<Eigen::Index>(columns.size() / rows_);
  Eigen::MatrixXd a = ConstMatrix(columns.data(), rows, n);
  Eigen::VectorXd y = ConstVector(b.data(), rows);
  const Eigen::MatrixXd basis =
      orthonormal(ConstMatrix(free.data(), rows, static_cast<Eigen::Index>(free.size() / rows_)));
  free_rank_ = static_cast<std::size_t>(basis.cols());
  if (free_rank_ > 0) {
    a.noalias() -= basis * (basis.transpose() * a).eval();
    y.noalias() -= basis * (basis.transpose() * y).eval();
  }
  b_square_ = y.squaredNorm();
  const Eigen::LLT<Eigen::MatrixXd, Eigen::Lower> factor(ConstMatrix(penalty.data(), n, n));
  if (factor.info() != Eigen::Success) {
    throw base::NumericsError("ridge path: the penalty matrix is not positive definite");
  }
  // B = A L⁻ᵀ; its Gram matrix has the penalty as identity.
  factor.matrixL().transpose().solveInPlace<Eigen::OnTheRight>(a);
  Eigen::MatrixXd k = Eigen::MatrixXd::Zero(n, n);
  k.selfadjointView<Eigen::Lower>().rankUpdate(a.transpose());
  balance_ = k.trace() / static_cast<double>(n);
  const Eigen::VectorXd c = a.transpose() * y;
  diagonal_.resize(static_cast<std::size_t>(n));
  off_diagonal_.assign(static_cast<std::size_t>(n), 0.0);
  right_.resize(static_cast<std::size_t>(n));
  if (n == 1) {
    diagonal_[0] = k(0, 0);
    right_[0] = c(0);
    return;
  }
  const Eigen::Tridiagonalization<Eigen::MatrixXd> reduced(k);
  const Eigen::VectorXd turned = reduced.matrixQ().adjoint() * c;
  for (Eigen::Index i = 0; i < n; ++i) {
    diagonal_[static_cast<std::size_t>(i)] = reduced.diagonal()(i);
    if (i + 1 < n) off_diagonal_[static_cast<std::size_t>(i)] = reduced.subDiagonal()(i);
    right_[static_cast<std::size_t>(i)] = turned(i);
  }
}

RidgePoint RidgePath::at(double lambda) const {
  if (!(lambda > 0.0) || !std::isfinite(lambda)) {
    throw base::ParameterError("lambda", base::format_number(lambda, 6), "a positive finite number");
  }
  const std::size_t n = diagonal_.size();
  // Pivots from the top and from the bottom: (T⁻¹)_ii = 1/(top_i + bottom_i − T_ii).
  std::vector<double> top(n), bottom(n), u(n);
  const double least = lambda * (1.0 - 1e-9);  // in exact arithmetic no pivot falls below λ
  for (std::size_t i = 0; i < n; ++i) {
    const double t = diagonal_[i] + lambda;
    const double e = i > 0 ? off_diagonal_[i - 1] : 0.0;
    top[i] = i > 0 ? std::max(t - e * e / top[i - 1], least) : std::max(t, least);
    u[i] = i > 0 ? right_[i] - e / top[i - 1] * u[i - 1] : right_[i];
  }
  double trace = 0.0;
  for (std::size_t i = n; i-- > 0;) {
    const double t = diagonal_[i] + lambda;
    const double e = off_diagonal_[i];
    bottom[i] = i + 1 < n ? std::max(t - e * e / bottom[i + 1], least) : std::max(t, least);
    trace += 1.0 / std::max(top[i] + bottom[i] - t, least);
    u[i] = (u[i] - (i + 1 < n ? e * u[i + 1] : 0.0)) / top[i];
  }
  double norm = 0.0, linear = 0.0, quadratic = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    norm += u[i] * u[i];
    linear += u[i] * right_[i];
    quadratic += u[i] * (diagonal_[i] * u[i] + (i + 1 < n ? 2.0 * off_diagonal_[i] * u[i + 1] : 0.0));
  }
  RidgePoint out;
  out.residual_square = std::max(b_square_ - 2.0 * linear + quadratic, 1e-15 * b_square_);
  out.penalty = norm;
  out.effective_parameters = static_cast<double>(free_rank_) +
                             std::clamp(static_cast<double>(n) - lambda * trace, 0.0, static_cast<double>(n));
  return out;
}

double RidgePath::cross_validation(double lambda) const {
  const RidgePoint point = at(lambda);
  const double freedom = std::max(static_cast<double>(rows_) - point.effective_parameters, 1e-3);
  return static_cast<double>(rows_) * point.residual_square / (freedom * freedom);
}

}  // namespace closo::num
