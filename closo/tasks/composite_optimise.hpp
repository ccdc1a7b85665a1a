/// The filler fraction with the highest conductivity, with its uncertainty, and whether the optimum is flat.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "closo/report/report.hpp"
#include "closo/tasks/composite_scan.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

/// Conductivities of the realisations at the fractions of one line.
struct OptimumPoint {
  double fraction = 0.0;
  std::vector<double> conductivity;  ///< S/m, one per realisation
};

enum class OptimumStatus : unsigned char {
  found,
  at_edge,  ///< highest at the first or last fraction: the optimum lies there or beyond
  flat,     ///< fractions over more than a third of the range are as good within 20 % or within the scatter
  no_path,  ///< nothing conducts
};
std::string_view to_string(OptimumStatus status);

struct Optimum {
  OptimumStatus status = OptimumStatus::no_path;
  double fraction = 0.0;
  double low = 0.0, high = 0.0;                            ///< 95 % interval of the fraction
  double conductivity = 0.0;                               ///< S/m there
  double conductivity_low = 0.0, conductivity_high = 0.0;  ///< 95 % interval
  double as_good_from = 0.0, as_good_to = 0.0;  ///< fractions within 20 % of the top, or of it within the scatter
};

/// Top of the parabola of ln σ through the highest mean and its neighbours on either side (up to five points);
/// intervals from 500 resamplings of the realisations (B. Efron, Ann. Stat. 7 (1979) 1, DOI 10.1214/aos/1176344552),
/// and no narrower than the parabola can tell: a quarter of the step. Realisations without a path count as 0. Throws:
/// ParameterError for fewer than three fractions, fractions that do not ascend, or points without realisations.
Optimum find_optimum(const std::vector<OptimumPoint>& points, std::uint64_t seed);

struct CompositeOptimiseRequest {
  CompositeScanRequest scan;  ///< fractions: the first pass; thickness, wetting, filling, aggregates: compared
  bool refine = true;         ///< a second pass at half the step around the top
};

/// Throws: as scan_composite and find_optimum.
report::Report composite_optimise(const CompositeOptimiseRequest& request, const Context& context);

extern const Task composite_optimise_task;

}  // namespace closo::tasks
