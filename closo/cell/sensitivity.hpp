/// Which quantities matter: local elasticities, swings over each range, and first-order indices of a sample.
///
/// Elasticity d ln(outcome) / d ln(quantity): differences at two steps (h and h/2) extrapolated to zero step, central
/// where the cell allows both sides. Their uncertainty is the change by the extrapolation plus the scatter of the
/// simulator itself, which fourth differences of the same runs show (R. W. Hamming, Introduction to Applied Numerical
/// Analysis (1971), ch. 6; J. J. Moré, S. M. Wild, SIAM J. Sci. Comput. 33 (2011) 1292, DOI 10.1137/100786125).
///
/// First-order index: the share of the outcome's variance that goes when one quantity is known, Var(E[y|x])/Var(y), I.
/// M. Sobol', Math. Comput. Simul. 55 (2001) 271, DOI 10.1016/S0378-4754(00)00270-6, from one sample by classes of
/// equal count (E. Plischke, E. Borgonovo, C. L. Smith, Eur. J. Oper. Res. 226 (2013) 536, DOI
/// 10.1016/j.ejor.2012.11.047), freed of the bias that classes without any effect would have. So one Latin hypercube of
/// a few hundred cells serves all quantities at once; effects that only show together with others are what the indices
/// leave of 1.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "closo/cell/sweep.hpp"

namespace closo::cell {

struct Elasticity {
  std::optional<double> value;  ///< empty: see the quantity's `reason`, or the outcome is 0 or not known
  double uncertainty = 0.0;     ///< one standard deviation, of step and scatter
};

struct LocalSensitivity {
  std::string quantity;
  Mark mark = Mark::setting;
  double value = 0.0;                    ///< SI
  std::vector<Elasticity> elasticities;  ///< one per outcome
  bool is_one_sided = false;
  std::string reason;  ///< why there is none
};

struct LocalSensitivities {
  CellOutcome centre;
  std::vector<double> scatter;  ///< of the simulator, relative, one per outcome
  std::vector<LocalSensitivity> rows;
};

/// `outcomes` as named by outcome_quantities(); four runs a quantity. `step`: relative, 1e-4 to 0.2. Runs use an error
/// per step of at most 1e-5. Throws: ParameterError for a step out of range or no quantity; InputError for unknown
/// names; Cancelled.
LocalSensitivities local_sensitivities(const CellDescription& description, std::span<const std::string> quantities,
                                       std::span<const std::string> outcomes, const SweepOptions& options,
                                       double step = 0.05);

/// One quantity at both ends of its range, all others as described.
struct Swing {
  SweepRange range;
  CellOutcome low, high;
};
std::vector<Swing> swings(const CellDescription& description, std::span<const SweepRange> ranges,
                          const SweepOptions& options);

/// Ranges of all quantities whose description gives low and high.
std::vector<SweepRange> described_ranges(const CellDescription& description);

struct FirstOrderIndex {
  double value = 0.0;        ///< share of the variance; may be slightly below 0 where there is no effect
  double uncertainty = 0.0;  ///< one standard deviation
  double trend = 0.0;        ///< rank correlation, -1 to 1: the direction
};

/// One index per column of `settings` (rows: cells). Empty without variance or with fewer than 40 rows. Throws:
/// ParameterError for rows of unequal length, or not one outcome per row.
std::vector<FirstOrderIndex> first_order_indices(std::span<const std::vector<double>> settings,
                                                 std::span<const double> outcome);

}  // namespace closo::cell
