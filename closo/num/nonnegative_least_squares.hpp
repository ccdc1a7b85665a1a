/// Least squares with non-negative unknowns from the normal equations: minimise ½ xᵀ G x − xᵀ c with x >= 0.
///
/// Block principal pivoting: whole sets of unknowns change sides until the optimality conditions hold; where that would cycle,
/// single exchanges of the largest index take over, which end for every positive definite G. Source: L. F. Portugal, J. J. Júdice,
/// L. N. Vicente, Math. Comput. 63 (1994) 625, DOI 10.1090/S0025-5718-1994-1250776-4. The best of unknowns close to each
/// other is found exactly as long as G is positive definite in double precision.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace closo::num {

struct NonnegativeSolution {
  bool converged = false;        ///< the optimality conditions hold; otherwise x is the last feasible truncation
  std::vector<double> x;
  std::vector<char> positive;    ///< 1 for the unknowns that are not held at zero
  std::size_t iterations = 0;
};

/// @param gram   column-major n × n, lower triangle, positive definite
/// @param right  c, n values
/// @param start  unknowns expected to be positive (1) or zero (0), from a problem close by; empty: all zero
/// Throws: ParameterError on sizes that do not match or numbers that are not finite; NumericsError when G is not positive
/// definite on the unknowns in use.
NonnegativeSolution nonnegative_least_squares(std::span<const double> gram, std::span<const double> right,
                                              std::span<const char> start = {});

}  // namespace closo::num
