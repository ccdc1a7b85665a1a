/// What a cell description takes where neither the user nor the data say anything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/cell/description.hpp"

namespace closo::tasks::detail {

/// Adds a guess, marked as such and with the range within which it may be fitted, for everything that the model needs
/// and the description lacks; `material` is an id of the electrode data. Returns sentences without full stop: the
/// guesses that were made, and the laws that stand in for effective conductivities.
std::vector<std::string> add_last_resorts(cell::CellDescription& description, std::string_view material);

/// "2 um" of an SI value, in the unit of the schema.
std::string with_unit(double value, std::string_view quantity);

}  // namespace closo::tasks::detail
