/// Names as keys: how a typed name of a material, source or flag is compared.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace closo::library::detail {

/// Lower case, outer blanks removed, typographic subscripts as digits: "Li₂B₁₂H₁₂ " → "li2b12h12".
std::string name_key(std::string_view text);

bool contains_ignoring_case(std::string_view text, std::string_view part);

/// Throws: base::InputError "unknown <what> '<name>'; did you mean …?", with the candidates listed when they are few.
[[noreturn]] void refuse_unknown(std::string_view what, std::string_view name, std::vector<std::string> candidates);

}  // namespace closo::library::detail
