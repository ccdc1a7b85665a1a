#include "closo/table/column.hpp"

#include <algorithm>

namespace closo::table {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

const Column* Table::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find_if(columns, [name](const Column& column) {
    return std::ranges::equal(column.name, name, [](char a, char b) { return lower(a) == lower(b); });
  });
  return found == columns.end() ? nullptr : &*found;
}

}  // namespace closo::table
