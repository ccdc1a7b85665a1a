/// Every flag that a fact may carry, with its meaning: the one list of doubts a user must see.
#pragma once

#include <span>
#include <string_view>

namespace closo::library {

struct Flag {
  std::string_view name;
  bool is_doubt;  ///< questions the number itself, not only where it stands or how its temperature is meant
  std::string_view meaning;
};

std::span<const Flag> known_flags() noexcept;

/// nullptr for a flag that is not in the list.
const Flag* find_flag(std::string_view name) noexcept;

}  // namespace closo::library
