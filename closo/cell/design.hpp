/// The limit of one quantity at which targets are still met, the best of two quantities, and Pareto fronts.
///
/// A target's margin is its relative distance, above 0 where it is met; several targets are met where the smallest
/// margin is. Search: even points over the range (in the logarithm where the range says so), then each change of sign
/// by bracketing (regula falsi with halved weights, every third step a bisection); without one, the largest margin by
/// golden sections. A quantity is assumed to change the margin's sign no more often than the points can show. Source:
/// M. Dowell, P. Jarratt, BIT 11 (1971) 168, DOI 10.1007/BF01934364; J. Kiefer, Proc. Am. Math. Soc. 4 (1953) 502, DOI
/// 10.1090/S0002-9939-1953-0055639-3.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "closo/cell/sweep.hpp"

namespace closo::cell {

/// "specific energy >= 250 Wh/kg".
struct DesignTarget {
  const OutcomeQuantity* quantity = nullptr;  ///< of outcome_quantities()
  bool is_at_least = true;
  double value = 0.0;  ///< SI
};

/// Relative distance of an outcome from a target: above 0 where it is met; far below it where the outcome is not known.
double margin(const DesignTarget& target, const CellOutcome& outcome);
/// The smallest of all.
double margin(std::span<const DesignTarget> targets, const CellOutcome& outcome);

enum class LimitStatus : unsigned char {
  found,       ///< met in part of the range
  everywhere,  ///< met in all of it
  nowhere,     ///< not met within the range
};

struct MetInterval {
  double low = 0.0, high = 0.0;                      ///< SI
  bool is_low_bound = false, is_high_bound = false;  ///< the end is that of the range, not of the targets
};

struct DesignLimit {
  LimitStatus status = LimitStatus::nowhere;
  std::vector<MetInterval> intervals;  ///< where the targets are met, ascending
  double best = 0.0;                   ///< the place of the largest margin
  double best_margin = 0.0;
  std::vector<std::pair<double, double>> evaluated;  ///< place and margin, ascending
};

/// Margins at several places at once, so that they can run on several threads.
using Margins = std::function<std::vector<double>(std::span<const double>)>;

/// `points`: even points before the search, 3 and more; `tolerance`: of the limit, relative to the range (in the
/// logarithm where that counts). Throws: ParameterError for an empty range, too few points; whatever `margins` throws.
DesignLimit find_limits(const SweepRange& range, const Margins& margins, std::size_t points = 17,
                        double tolerance = 1e-5);

/// Indices of the points that no other one beats in both (more is better), by ascending x; points that are not finite
/// are left out. Throws: ParameterError for unequal lengths.
std::vector<std::size_t> pareto_front(std::span<const double> x, std::span<const double> y);

}  // namespace closo::cell
