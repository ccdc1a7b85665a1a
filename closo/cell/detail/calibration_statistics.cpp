#include "closo/cell/detail/calibration_statistics.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "closo/base/error.hpp"

namespace closo::cell::detail {
namespace {

using Matrix = Eigen::MatrixXd;

constexpr double loose = 0.2;            // standard uncertainty in widths; an even spread over the bounds has 0.29
constexpr double even_precision = 12.0;  // of an even spread over a width of 1

}  // namespace

Statistics statistics_of(std::span<const double> jacobian, std::size_t n, double scatter_square) {
  if (n == 0 || jacobian.size() % n != 0) throw base::InternalError("a Jacobian that is not residuals × parameters");
  const auto count = static_cast<Eigen::Index>(n);
  using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Rows> rows(jacobian.data(), static_cast<Eigen::Index>(jacobian.size() / n), count);
  const Matrix information = rows.transpose() * rows / scatter_square;
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(information);
  const Matrix& vectors = eigen.eigenvectors();
  Eigen::VectorXd variances = eigen.eigenvalues().cwiseMax(0.0);
  Statistics result;
  for (Eigen::Index k = 0; k < count; ++k) {
    CalibrationDirection direction;
    Eigen::VectorXd vector = vectors.col(k);
    Eigen::Index largest = 0;
    vector.cwiseAbs().maxCoeff(&largest);
    if (vector(largest) < 0.0) vector = -vector;
    direction.components.assign(vector.data(), vector.data() + n);
    direction.uncertainty =
        variances(k) > 0.0 ? 1.0 / std::sqrt(variances(k)) : std::numeric_limits<double>::infinity();
    direction.is_loose = direction.uncertainty > loose;
    result.directions.push_back(std::move(direction));
  }
  variances = (variances.array() + even_precision).inverse().matrix();
  const Matrix covariance = vectors * variances.asDiagonal() * vectors.transpose();
  for (Eigen::Index a = 0; a < count; ++a) {
    for (Eigen::Index b = 0; b < count; ++b) {
      result.covariance.push_back(covariance(a, b));
      result.correlation.push_back(a == b ? 1.0 : covariance(a, b) / std::sqrt(covariance(a, a) * covariance(b, b)));
    }
  }
  return result;
}

double promised_fall(std::span<const double> jacobian, std::span<const double> residuals,
                     const std::vector<bool>& held) {
  const std::size_t n = held.size();
  if (jacobian.size() != residuals.size() * n)
    throw base::InternalError("a Jacobian that is not residuals × parameters");
  const auto rows = static_cast<Eigen::Index>(residuals.size());
  Matrix columns = Matrix::Zero(rows, static_cast<Eigen::Index>(n));
  Eigen::VectorXd right(rows);
  for (Eigen::Index i = 0; i < rows; ++i) {
    right(i) = residuals[static_cast<std::size_t>(i)];
    for (std::size_t j = 0; j < n; ++j) {
      if (!held[j]) columns(i, static_cast<Eigen::Index>(j)) = jacobian[static_cast<std::size_t>(i) * n + j];
    }
  }
  Eigen::ColPivHouseholderQR<Matrix> solver;
  solver.setThreshold(1e-4);  // of numeric derivatives
  solver.compute(columns);
  const Eigen::VectorXd turned = solver.householderQ().adjoint() * right;
  return turned.head(solver.rank()).squaredNorm();
}

double quadratic_form(std::span<const double> matrix, std::span<const double> x) {
  if (matrix.size() != x.size() * x.size()) throw base::InternalError("a matrix that does not fit its vector");
  double sum = 0.0;
  for (std::size_t a = 0; a < x.size(); ++a) {
    for (std::size_t b = 0; b < x.size(); ++b) sum += x[a] * matrix[a * x.size() + b] * x[b];
  }
  return sum;
}

}  // namespace closo::cell::detail
