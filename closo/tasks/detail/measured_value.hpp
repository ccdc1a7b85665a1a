/// From calculated numbers (SI, with uncertainty) to report values in the field's units.
#pragma once

#include <optional>
#include <string_view>

#include "closo/base/measured.hpp"
#include "closo/report/report.hpp"

namespace closo::tasks::detail {

/// `kind` as in report::Value ("computed"; empty for plain input), `source` the option, data or equation that made it.
report::Value value_in(const base::Measured& measured, std::string_view unit, std::string_view kind,
                       std::string_view source);

/// As above; an unknown value when there is none, with `why` as its note.
report::Value value_in(const std::optional<base::Measured>& measured, std::string_view unit, std::string_view kind,
                       std::string_view source, std::string_view why);

}  // namespace closo::tasks::detail
