/// Least squares with non-negative unknowns from the normal equations: minimise ½ xᵀ G x − xᵀ c with x >= 0.
///
/// Block principal pivoting: whole sets of unknowns change sides until the optimality conditions hold, most often after
/// a few solutions. Where that cycles (nearly dependent unknowns), the active-set method takes over from its best
/// point; each of its steps lowers the objective, so it ends. Source: L. F. Portugal, J. J. Júdice, L. N. Vicente,
/// Math. Comput. 63 (1994) 625, DOI 10.1090/S0025-5718-1994-1250776-4; C. L. Lawson, R. J. Hanson, Solving Least
/// Squares Problems, SIAM (1995), ch. 23.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace closo::num {

struct NonnegativeSolution {
  bool converged = false;  ///< the optimality conditions hold; otherwise x is feasible and the best point found
  std::vector<double> x;
  std::vector<char> positive;  ///< 1 for the unknowns that are not held at zero
  std::size_t iterations = 0;  ///< linear systems solved
};

/// @param gram   column-major n × n, lower triangle, positive definite
/// @param right  c, n values
/// @param start  unknowns expected to be positive (1) or zero (0), from a problem close by; empty: all zero
/// Throws: ParameterError on sizes that do not match or numbers that are not finite; NumericsError when G is not
/// positive definite on the unknowns in use.
NonnegativeSolution nonnegative_least_squares(std::span<const double> gram, std::span<const double> right,
                                              std::span<const char> start = {});

}  // namespace closo::num
