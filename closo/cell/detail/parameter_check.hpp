/// The refusals that the pieces of a cell share.
#pragma once

#include <string>

namespace closo::cell::detail {

/// Each throws ParameterError with the name, the value and what is allowed.
void require_positive(double value, const std::string& name);
void require_not_negative(double value, const std::string& name);
void require_between(double value, double low, double high, const std::string& name);  ///< both ends allowed
void require_finite(double value, const std::string& name);

}  // namespace closo::cell::detail
