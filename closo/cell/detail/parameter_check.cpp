#include "closo/cell/detail/parameter_check.hpp"

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::cell::detail {
namespace {

[[noreturn]] void refuse(double value, const std::string& name, std::string allowed) {
  throw base::ParameterError(name, base::format_number(value), std::move(allowed));
}

}  // namespace

void require_positive(double value, const std::string& name) {
  if (!(value > 0.0) || !std::isfinite(value)) refuse(value, name, "a number above 0");
}

void require_not_negative(double value, const std::string& name) {
  if (!(value >= 0.0) || !std::isfinite(value)) refuse(value, name, "a number of 0 or above");
}

void require_between(double value, double low, double high, const std::string& name) {
  if (!(value >= low && value <= high))
    refuse(value, name, "a number from " + base::format_number(low) + " to " + base::format_number(high));
}

void require_finite(double value, const std::string& name) {
  if (!std::isfinite(value)) refuse(value, name, "a finite number");
}

}  // namespace closo::cell::detail
