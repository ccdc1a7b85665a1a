#include "closo/transport/decades.hpp"

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::transport {

Decades decades_between(double from, double to, std::optional<double> from_log_uncertainty,
                        std::optional<double> to_log_uncertainty) {
  for (const double value : {from, to}) {
    if (!(value > 0.0 && std::isfinite(value))) {
      throw base::ParameterError("conductivity", base::format_number(value, 6), "a positive finite value");
    }
  }
  for (const auto& value : {from_log_uncertainty, to_log_uncertainty}) {
    if (value && !(*value >= 0.0)) {
      throw base::ParameterError("uncertainty", base::format_number(*value, 6), "a value that is not negative");
    }
  }
  Decades decades{.value = std::log10(to / from)};
  if (from_log_uncertainty && to_log_uncertainty) {
    decades.uncertainty = std::hypot(*from_log_uncertainty, *to_log_uncertainty) / ln_10;
  }
  return decades;
}

}  // namespace closo::transport
