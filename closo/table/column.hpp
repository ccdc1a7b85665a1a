/// Measured columns: name, unit, values in SI; what every reader of instrument data produces.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/unit.hpp"

namespace closo::table {

/// One column of numbers. Empty cells are NaN.
struct Column {
  std::string name;            ///< as in the header, without the unit
  base::Unit unit;             ///< as in the header; values are already SI
  std::vector<double> values;  ///< SI
};

/// Columns of equal length with where they came from.
struct Table {
  std::string source;  ///< file name as the user gave it
  std::vector<Column> columns;
  std::map<std::string, std::string> metadata;  ///< comment lines "key: value" and format metadata

  std::size_t rows() const noexcept { return columns.empty() ? 0 : columns.front().values.size(); }
  /// Column by name (case ignored) or nullptr.
  const Column* find(std::string_view name) const noexcept;
};

}  // namespace closo::table
