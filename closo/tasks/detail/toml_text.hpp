/// TOML text as a tree, with closo's errors.
#pragma once

#include <toml++/toml.h>

#include <string>
#include <string_view>

namespace closo::tasks::detail {

/// `file` names the text in messages. Throws: InputError with file, line and column: TOML syntax, special characters
/// outside of quotes (which toml++ 3.3 does not refuse by itself).
toml::table parse_toml(std::string_view text, const std::string& file);

}  // namespace closo::tasks::detail
