#include "closo/num/positive_definite.hpp"

#include <Eigen/Dense>
#include <string>

#include "closo/base/error.hpp"

namespace closo::num {
namespace {

using Matrix = Eigen::Map<Eigen::MatrixXd>;
using ConstMatrix = Eigen::Map<const Eigen::MatrixXd>;
using Vector = Eigen::Map<Eigen::VectorXd>;
using ConstVector = Eigen::Map<const Eigen::VectorXd>;

void require(bool holds, const char* name, std::size_t size, const char* allowed) {
  if (!holds) throw base::ParameterError(name, std::to_string(size) + " values", allowed);
}

Eigen::Index index(std::size_t n) { return static_cast<Eigen::Index>(n); }

}  // namespace

void gram(std::span<const double> columns, std::size_t rows, std::span<double> matrix) {
  require(rows > 0 && columns.size() % rows == 0, "columns", columns.size(), "a whole number of columns");
  const std::size_t n = columns.size() / rows;
  require(matrix.size() == n * n, "matrix", matrix.size(), "one value for each pair of columns");
  const ConstMatrix a(columns.data(), index(rows), index(n));
  Matrix g(matrix.data(), index(n), index(n));
  g.triangularView<Eigen::Lower>().setZero();
  g.selfadjointView<Eigen::Lower>().rankUpdate(a.transpose());
}

void transposed_product(std::span<const double> columns, std::span<const double> b, std::span<double> result) {
  require(columns.size() == b.size() * result.size(), "columns", columns.size(), "rows of b times size of the result");
  const ConstMatrix a(columns.data(), index(b.size()), index(result.size()));
  Vector(result.data(), index(result.size())).noalias() = a.transpose() * ConstVector(b.data(), index(b.size()));
}

bool cholesky(std::span<double> matrix, std::size_t n) {
  require(matrix.size() == n * n, "matrix", matrix.size(), "n * n values");
  Matrix a(matrix.data(), index(n), index(n));
  Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>, Eigen::Lower> factor(a);
  return factor.info() == Eigen::Success;
}

void cholesky_solve(std::span<const double> factor, std::span<double> b) {
  require(factor.size() == b.size() * b.size(), "factor", factor.size(), "the square of the size of b");
  const ConstMatrix l(factor.data(), index(b.size()), index(b.size()));
  Vector x(b.data(), index(b.size()));
  l.triangularView<Eigen::Lower>().solveInPlace(x);
  l.triangularView<Eigen::Lower>().transpose().solveInPlace(x);
}

void cholesky_forward(std::span<const double> factor, std::size_t n, std::span<double> right) {
  require(factor.size() == n * n, "factor", factor.size(), "n * n values");
  require(n > 0 && right.size() % n == 0, "right", right.size(), "whole columns of n values");
  const ConstMatrix l(factor.data(), index(n), index(n));
  Matrix x(right.data(), index(n), index(right.size() / n));
  l.triangularView<Eigen::Lower>().solveInPlace(x);
}

}  // namespace closo::num
