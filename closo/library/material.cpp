#include "closo/library/material.hpp"

#include <algorithm>
#include <array>

#include "closo/base/error.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/library/flag.hpp"

namespace closo::library {

namespace {

constexpr std::array<std::string_view, 6> kind_names{"measured", "computed", "estimated",
                                                     "summary",  "target",   "setting"};

}  // namespace

bool Material::has_role(std::string_view role) const noexcept { return std::ranges::find(roles, role) != roles.end(); }

std::string_view to_string(Kind kind) { return kind_names.at(static_cast<std::size_t>(kind)); }

Kind parse_kind(std::string_view text) {
  const auto found = std::ranges::find(kind_names, text);
  if (found != kind_names.end()) return static_cast<Kind>(found - kind_names.begin());
  const std::vector<std::string> names(kind_names.begin(), kind_names.end());
  const std::string near = base::did_you_mean(text, names);
  throw base::InputError({}, "unknown kind '" + std::string(text) + "'" + (near.empty() ? "" : "; " + near),
                         "measured, computed, estimated, summary, target or setting");
}

std::string_view Fact::condition(std::string_view key) const noexcept {
  const auto found =
      std::ranges::find(conditions, key, [](const auto& entry) -> std::string_view { return entry.first; });
  return found == conditions.end() ? std::string_view{} : std::string_view(found->second);
}

bool Fact::has_flag(std::string_view flag) const noexcept { return std::ranges::find(flags, flag) != flags.end(); }

bool Fact::is_doubtful() const noexcept {
  return std::ranges::any_of(flags, [](const std::string& name) {
    const Flag* flag = find_flag(name);
    return flag != nullptr && flag->is_doubt;
  });
}

}  // namespace closo::library
