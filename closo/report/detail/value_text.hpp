/// Parts of Value texts that several renderers share.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "closo/report/report.hpp"

namespace closo::report::detail {

/// A finite number stands behind the text.
bool is_known(const Value& value);

/// The text without the unit: "> 0.9", "0.42(1)", "unknown".
std::string number_text(const Value& value);

/// Cell text in a table; the unit is left out when the column title names it in brackets or after a slash.
std::string cell_text(const Cell& cell, const TableColumn& column);

/// Every cell is a Value or an empty text, and there is at least one Value: drawn to the right.
bool is_number_column(const Table& table, std::size_t column);

/// The finding, and those values it does not quote already, joined by " · ".
std::string finding_text(const Verdict& verdict);

/// Where `number` stands in `text` as a number of its own ("1.2" is not in "11.2"), or npos.
std::size_t find_number(std::string_view text, std::string_view number);

/// The values of a verdict that its finding does not quote.
std::vector<const Value*> unquoted_values(const Verdict& verdict);

}  // namespace closo::report::detail
