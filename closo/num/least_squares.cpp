#include "closo/num/least_squares.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::num {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

void check(std::span<const double> design, std::size_t columns, std::span<const double> y,
           std::span<const double> sigma) {
  if (columns == 0) throw base::ParameterError("columns", "0", "at least one parameter");
  if (design.size() != columns * y.size() || (!sigma.empty() && sigma.size() != y.size())) {
    throw base::ParameterError("design, y, sigma",
                               std::to_string(design.size()) + ", " + std::to_string(y.size()) + ", " +
                                   std::to_string(sigma.size()) + " values",
                               std::to_string(columns) + " design values and one sigma for each y");
  }
  const auto finite = [](double value) { return std::isfinite(value); };
  if (!std::all_of(design.begin(), design.end(), finite) || !std::all_of(y.begin(), y.end(), finite)) {
    throw base::ParameterError("design, y", "a number that is not finite", "finite numbers");
  }
  for (const double s : sigma) {
    if (!(s > 0.0 && std::isfinite(s))) {
      throw base::ParameterError("sigma", base::format_number(s, 6), "a positive finite uncertainty");
    }
  }
}

}  // namespace

LinearFit fit_linear(std::span<const double> design, std::size_t columns, std::span<const double> y,
                     std::span<const double> sigma) {
  check(design, columns, y, sigma);
  LinearFit fit;
  fit.weighted = !sigma.empty();
  const auto rows = static_cast<Eigen::Index>(y.size());
  const auto cols = static_cast<Eigen::Index>(columns);
  if (rows < cols) return fit;

  Matrix a = Eigen::Map<const Matrix>(design.data(), rows, cols);
  Eigen::VectorXd b = Eigen::Map<const Eigen::VectorXd>(y.data(), rows);
  for (Eigen::Index i = 0; fit.weighted && i < rows; ++i) {
    a.row(i) /= sigma[static_cast<std::size_t>(i)];
    b(i) /= sigma[static_cast<std::size_t>(i)];
  }
  // Unit columns make the rank decision independent of the units of the parameters.
  Eigen::VectorXd scale = a.colwise().norm();
  for (Eigen::Index j = 0; j < cols; ++j) {
    if (scale(j) == 0.0) scale(j) = 1.0;
    a.col(j) /= scale(j);
  }
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr;
  qr.setThreshold(static_cast<double>(std::max(rows, cols)) * std::numeric_limits<double>::epsilon());
  qr.compute(a);
  fit.rank = static_cast<std::size_t>(qr.rank());
  fit.degrees_of_freedom = static_cast<std::size_t>(rows) - fit.rank;

  Eigen::VectorXd p;
  if (fit.rank == columns) {
    p = qr.solve(b);
    // One step of refinement with the residual in extended precision: ill-conditioned polynomials keep their digits.
    using Extended = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
    const Extended residual = b.cast<long double>() - a.cast<long double>() * p.cast<long double>();
    p += qr.solve(Eigen::VectorXd(residual.cast<double>()));
    fit.status = FitStatus::ok;
  } else {
    Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> decomposition;
    decomposition.setThreshold(qr.threshold());
    decomposition.compute(a);
    p = decomposition.solve(b);
    fit.status = FitStatus::rank_deficient;
  }
  fit.chi_square = (b - a * p).squaredNorm();
  fit.parameters.resize(columns);
  for (Eigen::Index j = 0; j < cols; ++j) fit.parameters[static_cast<std::size_t>(j)] = p(j) / scale(j);

  if (fit.status == FitStatus::ok && (fit.weighted || fit.degrees_of_freedom > 0)) {
    const double variance = fit.weighted ? 1.0 : fit.chi_square / static_cast<double>(fit.degrees_of_freedom);
    // (XᵀX)⁻¹ = P R⁻¹ R⁻ᵀ Pᵀ
    const Eigen::MatrixXd inverse_r = qr.matrixQR()
                                          .topLeftCorner(cols, cols)
                                          .triangularView<Eigen::Upper>()
                                          .solve(Eigen::MatrixXd::Identity(cols, cols));
    const Eigen::MatrixXd permuted = qr.colsPermutation() * inverse_r;
    const Eigen::MatrixXd covariance = variance * permuted * permuted.transpose();
    fit.covariance.resize(columns * columns);
    for (Eigen::Index i = 0; i < cols; ++i) {
      for (Eigen::Index j = 0; j < cols; ++j) {
        fit.covariance[static_cast<std::size_t>(i * cols + j)] = covariance(i, j) / (scale(i) * scale(j));
      }
    }
  }
  return fit;
}

double propagate_variance(std::span<const double> gradient, std::span<const double> covariance) {
  const std::size_t n = gradient.size();
  if (covariance.size() != n * n) {
    throw base::ParameterError("covariance", std::to_string(covariance.size()) + " values",
                               std::to_string(n * n) + " values");
  }
  double variance = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) variance += gradient[i] * covariance[i * n + j] * gradient[j];
  }
  return std::max(variance, 0.0);
}

}  // namespace closo::num
