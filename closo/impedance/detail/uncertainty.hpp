/// Covariance, identifiability and intervals of a fit at its optimum.
#pragma once

#include <vector>

#include "closo/impedance/detail/fit_problem.hpp"

namespace closo::impedance::detail {

/// Fills parameters, scaled_covariance, status and remarks of `result`, whose chi_square, degrees_of_freedom and
/// variance_scale are set. `x`: the optimum; `cost`: there. Returns coordinates with a lower cost when a profile ran
/// into a better optimum, else an empty list.
std::vector<double> assess(const Circuit& circuit, FitProblem& problem, const std::vector<double>& x, double cost,
                           const FitOptions& options, MinimiserMemory& memory, FitResult& result);

}  // namespace closo::impedance::detail
