/// Gram matrices and Cholesky solutions of small dense systems, in memory the caller keeps: no allocation in inner
/// loops.
///
/// Matrices are column-major; a symmetric matrix of n × n keeps its lower triangle, the rest is not read. Meant for n
/// up to a few hundred. Source: Å. Björck, Numerical Methods for Least Squares Problems, SIAM (1996), sec. 2.2.
#pragma once

#include <cstddef>
#include <span>

namespace closo::num {

/// Lower triangle of AᵀA. @param columns  A, rows × n  @param matrix  n × n
/// Throws: ParameterError on sizes that do not match.
void gram(std::span<const double> columns, std::size_t rows, std::span<double> matrix);

/// aᵀb for each column a of A. @param columns  rows × result.size()
/// Throws: ParameterError on sizes that do not match.
void transposed_product(std::span<const double> columns, std::span<const double> b, std::span<double> result);

/// Replaces the lower triangle by its Cholesky factor L, matrix = L Lᵀ. False when the matrix is not positive definite
/// (the triangle then holds no factor). Throws: ParameterError when the matrix is not n × n.
bool cholesky(std::span<double> matrix, std::size_t n);

/// Replaces b by the solution of L Lᵀ x = b. Throws: ParameterError on sizes that do not match.
void cholesky_solve(std::span<const double> factor, std::span<double> b);

/// Replaces each of the columns of `right` (n × any) by L⁻¹ times it. Throws: ParameterError on sizes that do not
/// match.
void cholesky_forward(std::span<const double> factor, std::size_t n, std::span<double> right);

}  // namespace closo::num
