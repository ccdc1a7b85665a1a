/// Profile likelihood of one parameter: how far it can go before χ², minimised over the others, has risen.
///
/// Works in any scaled coordinates; each place costs one fit with the parameter held, started from the last one.
/// Source: A. Raue et al., Bioinformatics 25 (2009) 1923, DOI 10.1093/bioinformatics/btp358.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace closo::cell::detail {

struct HeldFit {
  double chi_square = 0.0;  ///< infinite where the model is not defined
  std::vector<double> place;
  std::vector<bool> at_bound;
};

/// The fit with parameter j held at a coordinate, the others started from a place.
using HeldFitFunction = std::function<HeldFit(std::size_t j, double coordinate, std::span<const double> from)>;

struct ProfileEnd {
  std::optional<double> coordinate;  ///< where χ² has risen; empty: it has not, up to the bound
  std::vector<bool> at_bound;        ///< of every parameter, there
  std::optional<HeldFit> better;     ///< a lower minimum that was met on the way; the search ended there
};

/// @param side   -1 down, +1 up, towards `bound`
/// @param step   first distance tried, above 0
/// @param rise   of χ² that ends the interval
ProfileEnd profile_end(const HeldFitFunction& fit, const HeldFit& best, std::size_t j, int side, double bound,
                       double step, double rise);

}  // namespace closo::cell::detail
