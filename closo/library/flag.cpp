#include "closo/library/flag.hpp"

#include <algorithm>
#include <array>

namespace closo::library {

namespace {

constexpr std::array<Flag, 14> flags{{
    {"ambiguous", true, "the passage can be read in more than one way"},
    {"conflict", true, "another number of the same or another source says something else"},
    {"doubtful", true, "the number is hardly possible as it stands"},
    {"inconsistent", true, "does not agree with numbers that follow from it"},
    {"print_error", true, "printed wrongly in the source"},
    {"repaired", true, "a damaged text, unit or citation was put right"},
    {"unit_error", true, "the printed unit cannot be right"},
    {"nominal_temperature", false, "'room temperature' without a number, taken as 298 K"},
    {"order_of_magnitude", false, "a power of ten, not a measured figure"},
    {"reading", false, "the number is given in words"},
    {"restatement", false, "the same number stands in another row"},
    {"scan_range", false, "the range that was scanned, not a limit of stability"},
    {"temperature_lower_limit", false, "holds above the given temperature"},
    {"temperature_missing", false, "the source gives no temperature"},
}};

}  // namespace

std::span<const Flag> known_flags() noexcept { return flags; }

const Flag* find_flag(std::string_view name) noexcept {
  const auto found = std::ranges::find(flags, name, &Flag::name);
  return found == flags.end() ? nullptr : &*found;
}

}  // namespace closo::library
