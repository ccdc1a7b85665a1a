/// Facts as text: CSV in the schema of the shipped tables, and JSON.
#pragma once

#include <span>
#include <string>

#include "closo/library/library.hpp"

namespace closo::library {

/// The columns of the shipped tables and behind them the column "table"; read_facts_csv gives the same facts back.
std::string facts_to_csv(std::span<const Fact* const> facts);

/// Schema "closo-facts/1": an object with "facts", each with its numbers as stated and in SI, citation and DOI.
std::string facts_to_json(const Library& library, std::span<const Fact* const> facts);

}  // namespace closo::library
