/// The solves of one `composite conductivity` and what a report says of them.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "closo/base/measured.hpp"
#include "closo/composite/conductivity.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/composite_conductivity.hpp"

namespace closo::tasks::detail {

inline constexpr std::array<const char*, 3> axis_names{"x", "y", "z"};

struct ConductivitySolve {
  double temperature = 0.0;  ///< K
  std::size_t axis = 0;
  composite::ConductivityResult result;
  std::optional<composite::Refined> refined;

  /// σ [S/m] with half of what is not known of it: the finer grid, else the middle of the bounds, else the finite
  /// volumes' own (which lie below the lower bound: harmonic faces take straight current lines).
  base::Measured estimate() const;
};

struct ConductivityRun {
  const CompositeConductivityRequest& request;
  const Structure& structure;
  std::vector<ConductivitySolve> solves;
  std::vector<std::array<std::array<double, 3>, 3>> tensors;  ///< S/m, one a temperature

  /// Of the axes at one temperature [S/m]; 0 where nothing conducts through.
  base::Measured mean(double temperature) const;
};

/// S/cm from S/m.
report::Value sigma_value(const base::Measured& conductivity, std::string_view source);

report::Table result_table(const ConductivityRun& run);
report::Table tensor_table(const ConductivityRun& run);
/// Phases and composite over temperature.
report::Figure temperature_figure(const ConductivityRun& run);
/// Bounds of the shares that the image has, and the laws for filler with interphase, at the first temperature;
/// `sigma` [S/m] one per label.
report::Section laws_section(const ConductivityRun& run, const std::vector<double>& sigma);
report::Section numerics_section(const ConductivityRun& run);

}  // namespace closo::tasks::detail
