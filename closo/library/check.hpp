/// Is the library sound: every fact against the rules of its quantity, every name against what it points to.
#pragma once

#include <string>
#include <vector>

#include "closo/library/library.hpp"

namespace closo::library {

enum class Severity : unsigned char {
  error,    ///< impossible, or points to something that does not exist
  warning,  ///< allowed, but a user should look
  doubt,    ///< the fact carries flags that question its number
};
std::string_view to_string(Severity severity);

struct Finding {
  std::string subject;  ///< id of the fact or material
  Severity severity = Severity::error;
  std::string text;
};

/// Units, ranges, temperatures and flags of one fact; names are not looked up.
std::vector<Finding> check_fact(const Fact& fact);

/// Every fact and material: check_fact, and whether materials, sources, references and formulas resolve.
/// In library order.
std::vector<Finding> check(const Library& library);

}  // namespace closo::library
