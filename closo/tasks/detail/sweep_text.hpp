/// Lists and ranges of a swept option: "0, 25, 50 vol%" or "5 to 90 by 5 vol%".
#pragma once

#include <string_view>
#include <vector>

namespace closo::tasks::detail {

/// Values in SI, in the order of the text; the unit stands once at the end or behind every number. Throws:
/// ParameterError naming `option` for texts that cannot be read, another dimension than `unit`, a step that does not
/// lead to the end, more than 500 values, or values outside [low, high] (SI; `range` says so in words).
std::vector<double> parse_sweep(std::string_view option, std::string_view text, std::string_view unit, double low,
                                double high, std::string_view range);

}  // namespace closo::tasks::detail
