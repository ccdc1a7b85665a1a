/// Orders of magnitude between two conductivities, with uncertainty.
#pragma once

#include <optional>

namespace closo::transport {

inline constexpr double ln_10 = 2.302585092994045684;

struct Decades {
  double value = 0.0;                   ///< log10(to / from)
  std::optional<double> uncertainty{};  ///< standard; empty unless both uncertainties are known
};

/// log10(to/from). Uncertainties are standard uncertainties of ln sigma (relative uncertainties), taken as independent.
/// Throws: ParameterError unless both conductivities are positive and the uncertainties not negative.
Decades decades_between(double from, double to, std::optional<double> from_log_uncertainty = {},
                        std::optional<double> to_log_uncertainty = {});

}  // namespace closo::transport
